"""Changes of placements: asked for, decided, and the warnings before their end."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.serving import OfPlacementQuerySet
from junheng.web.staffing.models import Teacher


class ChangeKind(models.TextChoices):
    """What is to become of a placement."""

    EXTENSION = "extension", _("延长")
    EARLY = "early", _("提前返回")
    RECALL = "recall", _("召回")
    REPLACEMENT = "replacement", _("替换人员")
    CONTINUATION = "continuation", _("继续交流（未达到结束条件）")


LONGER = (ChangeKind.EXTENSION, ChangeKind.CONTINUATION)
"""Changes that move the end further away; the others end the placement."""


class ChangeStatus(models.TextChoices):
    """Where a change stands."""

    REQUESTED = "requested", _("待决定")
    APPROVED = "approved", _("同意")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已撤回")


class PlacementChange(models.Model):
    """A change of a placement: what is asked, from which day, why; decided by whoever signs orders.

    ``on`` is the last day of service that is asked for. ``clause`` and ``finding`` are what the pack says where it
    was asked; ``successor`` is the teacher who takes the place over.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "kind", "on", "successor", "clause", "status", "requested_by", "requested_at",
        "decided_by", "decided_at", "previous_end", "applied_at",
    ) | all_of(Privacy.PERSONAL, "reason", "opinion", "finding")  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="changes")
    kind = models.CharField(_("变更类别"), max_length=12, choices=ChangeKind.choices)
    on = models.DateField(_("交流至（含当日）"))
    reason = models.CharField(_("理由"), max_length=1000)
    successor = models.ForeignKey(
        Teacher, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接替教师")
    )
    clause = models.CharField(_("依据"), max_length=200, blank=True)
    finding = models.CharField(_("政策认定"), max_length=500, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=ChangeStatus.choices, default=ChangeStatus.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = models.CharField(_("决定意见"), max_length=500, blank=True)
    previous_end = models.DateField(_("原结束日期"), null=True, blank=True)
    applied_at = models.DateTimeField(_("生效时间"), null=True, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流变更")
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("placement",), condition=Q(status="requested"), name="one_change_waits_for_a_placement"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class ExpiryWarning(models.Model):
    """That everybody concerned was told, so many days before the end of a placement; once for each end.

    ``days`` 0 tells that the end has come and the placement is not released.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "placement", "days", "end", "told_at")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="expiry_warnings")
    days = models.PositiveSmallIntegerField()
    end = models.DateField()
    told_at = models.DateTimeField()

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        ordering = ("placement", "end", "-days")
        constraints = (models.UniqueConstraint(fields=("placement", "days", "end"), name="warned_once_of_an_end"),)

    def __str__(self) -> str:
        return f"{self.placement_id} {self.days} {self.end}"
