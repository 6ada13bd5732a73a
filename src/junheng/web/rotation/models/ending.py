"""The end of a placement: summary, outcome with its chain, objections, certificate."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.facts import Grade
from junheng.web.access import Privacy, all_of
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.serving import OfPlacementQuerySet
from junheng.web.staffing.models.choices import code_field


class Summary(models.Model):
    """The teacher's summary at the end (交流工作总结).

    ``share`` is the percentage of it that occurs in ``likest``, another summary; a hint for the reader, no judgement.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "submitted_at", "version", "share", "likest", "checked_at"
    ) | all_of(Privacy.PERSONAL, "text")

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="summary")
    text = models.TextField(_("总结"), max_length=20_000)
    submitted_at = models.DateTimeField(_("提交时间"))
    version = models.PositiveSmallIntegerField(default=1)
    share = models.FloatField(_("与最相近总结的重合比例（%）"), null=True, blank=True)
    likest = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("最相近的总结")
    )
    checked_at = models.DateTimeField(_("比对时间"), null=True, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流总结")
        ordering = ("placement",)

    def __str__(self) -> str:
        return f"{self.placement}"


class OutcomeStage(models.TextChoices):
    """Where an outcome stands: with whom it is now."""

    HOST = "host", _("接收学校评定")
    CLUSTER = "cluster", _("学区签署")
    BUREAU = "bureau", _("县局审核")
    ARCHIVED = "archived", _("已归档")


class Outcome(models.Model):
    """The outcome of a placement: marks by heading, vetoes, the grade that counts now, with whom it is.

    ``marks`` gives 0 to 100 by heading (see ``outcomes.HEADINGS``), ``vetoes`` the vetoes that were found true.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "stage", "opened_at", "archived_at"
    ) | all_of(Privacy.PERSONAL, "marks", "vetoes", "grade")

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="outcome")
    marks = models.JSONField(_("分项得分"), default=dict)
    vetoes = models.JSONField(_("一票否决事项"), default=list)
    grade = code_field(Grade, _("等次"))
    stage = models.CharField(_("环节"), max_length=8, choices=OutcomeStage.choices, default=OutcomeStage.CLUSTER)
    opened_at = models.DateTimeField(_("提出时间"))
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("期满考核")
        ordering = ("placement",)

    def __str__(self) -> str:
        return f"{self.placement}"


class OutcomeStep(models.Model):
    """One signature on an outcome: at which stage, which grade, what opinion; returns keep their reason here too."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "outcome", "stage", "deed", "by", "at") | all_of(
        Privacy.PERSONAL, "grade", "opinion"
    )

    class Deed(models.TextChoices):
        """What was done."""

        PROPOSED = "proposed", _("提出")
        SIGNED = "signed", _("签署")
        RETURNED = "returned", _("退回")
        ARCHIVED = "archived", _("审定归档")

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="steps")
    stage = models.CharField(_("环节"), max_length=8, choices=OutcomeStage.choices)
    deed = models.CharField(_("办理"), max_length=8, choices=Deed.choices)
    grade = code_field(Grade, _("等次"), blank=True)
    opinion = models.CharField(_("意见"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("考核签署")
        ordering = ("outcome", "pk")

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.get_deed_display()}"


class OutcomeObjection(models.Model):
    """The teacher's objection to a proposed grade; while one is open the outcome is not archived."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "outcome", "raised_at", "answered_by", "answered_at", "upheld"
    ) | all_of(Privacy.PERSONAL, "words", "answer")

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="objections")
    words = models.CharField(_("异议"), max_length=1000)
    raised_at = models.DateTimeField(_("提出时间"))
    answer = models.CharField(_("考核复核意见"), max_length=1000, blank=True)
    upheld = models.BooleanField(_("异议成立"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("复核时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("考核异议")
        ordering = ("outcome", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("outcome",), condition=Q(answered_at__isnull=True), name="one_outcome_objection_waits"
            ),
        )

    def __str__(self) -> str:
        return f"{self.outcome_id}"


class Certificate(models.Model):
    """A certificate of service: what it says, as issued, and the code by which anybody can check it.

    ``content`` is what stands on the paper, by name, ``digest`` its SHA-256, which the audit chain keeps too: a row
    that is changed afterwards no longer agrees with the chain.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "number", "issued_on", "issued_by", "revoked_at", "revoked_reason",
        "digest",
    ) | all_of(Privacy.PERSONAL, "content", "code")  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="certificates")
    number = models.CharField(_("证明编号"), max_length=40, unique=True)
    content = models.JSONField(_("证明内容"))
    digest = models.CharField(_("内容摘要"), max_length=64)
    code = models.CharField(_("验证码"), max_length=40, unique=True)
    issued_on = models.DateField(_("出具日期"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_reason = models.CharField(_("作废理由"), max_length=300, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流服务证明")
        ordering = ("-issued_on", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("placement",), condition=Q(revoked_at__isnull=True), name="one_certificate_stands"
            ),
        )

    def __str__(self) -> str:
        return self.number
