"""Notices by which people on secondment past its end are called back, and what came of each."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.models import Teacher


class RecallOutcome(models.TextChoices):
    """What came of a notice of recall."""

    RETURNED = "returned", _("已返回")
    VACANT = "vacant", _("不能返回，岗位空缺")


class SecondmentRecall(models.Model):
    """A numbered notice of recall (返回通知) to a teacher whose secondment is past its end.

    ``unit``, ``start`` and ``end`` are the secondment's when it was issued; ``days`` are working days after
    ``issued_on``, ``return_by`` the last of them. ``outcome`` is empty while nobody has said what came of it;
    ``outcome_on`` is the first day back, or since when the post counts as vacant.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "unit", "start", "end", "number", "issued_on", "days", "return_by",
        "issued_by", "issued_at", "outcome", "outcome_on", "settled_by", "settled_at",
    ) | all_of(Privacy.PERSONAL, "reason")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="recalls")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+")
    unit = models.CharField(_("借用单位"), max_length=200)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("到期日期"))
    number = models.CharField(_("发文字号"), max_length=60)
    issued_on = models.DateField(_("发出日期"))
    days = models.PositiveSmallIntegerField(_("返回期限（工作日）"))
    return_by = models.DateField(_("应当返回的日期"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("登记时间"))
    outcome = models.CharField(_("结果"), max_length=8, choices=RecallOutcome.choices, blank=True)
    outcome_on = models.DateField(_("结果日期"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=500, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("结果登记时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("借调返回通知")
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("teacher", "start"), name="one_recall_from_a_secondment"),
            models.UniqueConstraint(fields=("year", "number"), name="number_of_a_recall_once"),
            models.CheckConstraint(condition=Q(days__gte=1), name="recall_leaves_a_day_at_least"),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True, settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(outcome_on__isnull=False, settled_by__isnull=False, settled_at__isnull=False)),
                name="recall_settled_by_at_and_how_together",
            ),
        )

    def __str__(self) -> str:
        return self.number
