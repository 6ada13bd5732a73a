"""Corrections that teachers ask for, and what became of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models.teachers import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing


class CorrectionStatus(models.TextChoices):
    """Where a correction stands; every outcome is final."""

    OPEN = "open", _("待决定")
    ACCEPTED = "accepted", _("已采纳")
    REJECTED = "rejected", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Reads of corrections."""

    def within_reach_of(self, standing: Standing) -> CorrectionQuerySet:
        """Those on which the person may decide by office; sensitive ones only for whoever may see what they are about.

        Nobody decides on a correction of his own.
        """
        may = standing.organisations
        mine = Q(school__in=may(Permission.CORRECTIONS_DECIDE))
        allowed = Q(needs="")
        for permission in (Permission.TEACHERS_SENSITIVE, Permission.ID_REVEAL):
            allowed |= Q(needs=permission.value, school__in=may(permission))
        return self.filter(mine & allowed).exclude(requested_by=getattr(standing, "user", None))

    def visible_to(self, standing: Standing) -> CorrectionQuerySet:
        """Those on which the person may decide, and those that he asked for himself."""
        decidable = self.within_reach_of(standing).values("pk")
        return self.filter(Q(pk__in=decidable) | Q(requested_by=getattr(standing, "user", None)))

    def open(self) -> CorrectionQuerySet:
        """Those that wait for a decision."""
        return self.filter(status=CorrectionStatus.OPEN)


class Correction(models.Model):
    """A teacher's request to put right one row of his file, or to add one that is missing.

    ``sheet`` names the part of the file as the workbook does, ``row`` the row of its table (``None`` for a missing
    one). ``proposed`` and ``held`` are JSON by field, what should stand and what stood when it was asked for, both
    encrypted because any field may be sensitive. ``subject_key`` tells two requests about the same thing.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "teacher", "school", "sheet", "row", "subject_key", "needs", "status", "requested_by",
        "requested_at", "decided_by", "decided_at", "effective", "applied_to",
    ) | all_of(Privacy.SENSITIVE, "proposed_text", "held_text", "reason", "opinion")  # fmt: skip

    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="corrections")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="corrections", verbose_name=_("学校"))
    sheet = models.CharField(_("档案栏目"), max_length=20)
    row = models.BigIntegerField(null=True, blank=True)
    subject_key = models.CharField(max_length=200)
    proposed_text = EncryptedTextField(_("应为"))
    held_text = EncryptedTextField(_("申请时"), blank=True)
    needs = models.CharField(max_length=40, blank=True)
    reason = models.TextField(_("理由"), max_length=1000)
    status = models.CharField(_("状态"), max_length=10, choices=CorrectionStatus.choices, default=CorrectionStatus.OPEN)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    requested_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decided_corrections"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = models.TextField(_("决定意见"), max_length=1000, blank=True)
    effective = models.DateField(_("自"), null=True, blank=True)
    applied_to = models.BigIntegerField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("teacher", "subject_key"), condition=Q(status="open"), name="correction_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="open") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="correction_decided_by_at_and_what_together",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(status="withdrawn") | ~Q(decided_by=F("requested_by")),
                name="correction_not_decided_by_its_author",
            ),
        )
        indexes = (models.Index(fields=("school", "status"), name="correction_waiting"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.sheet}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("staffing:correction", args=(self.pk,))

    @property
    def proposed(self) -> dict[str, Any]:
        """By field, what should stand, as typed."""
        found: dict[str, Any] = json.loads(self.proposed_text)
        return found

    @property
    def held(self) -> dict[str, Any]:
        """By field, what stood when it was asked for, as kept."""
        found: dict[str, Any] = json.loads(self.held_text or "{}")
        return found

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == CorrectionStatus.OPEN
