"""Monthly reports of teachers and schools, and the meetings planned from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.years import RotationYear

if TYPE_CHECKING:
    from junheng.web.access import Standing


class ReportStatus(models.TextChoices):
    """Where a monthly report stands."""

    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回修改")
    ACCEPTED = "accepted", _("已接收")


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    """Reads of reports."""

    def visible_to(
        self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW
    ) -> MonthlyReportQuerySet:
        """Those to schools where the person holds the permission, of teachers of such schools, and one's own."""
        within = standing.organisations(permission)
        return self.filter(
            Q(school__in=within)
            | Q(placement__from_school__in=within)
            | Q(placement__teacher__user=getattr(standing, "user", None))
        )


class MonthlyReport(models.Model):
    """A month in figures and words: of a teacher to his host school, or of a school (``placement`` null) upwards.

    ``figures`` is what log and attendance said when it was submitted, by name; ``month`` is the month's first day.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "school", "placement", "month", "figures", "status", "submitted_at", "submitted_by",
        "decided_by", "decided_at",
    ) | all_of(Privacy.PERSONAL, "words", "difficulties", "opinion")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="monthly_reports")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    placement = models.ForeignKey(
        Placement, models.PROTECT, null=True, blank=True, related_name="monthly_reports", verbose_name=_("交流任务")
    )
    month = models.DateField(_("月份"))
    figures = models.JSONField(_("数据"), default=dict)
    words = models.TextField(_("主要工作"), max_length=2000)
    difficulties = models.TextField(_("困难和建议"), max_length=1000, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=ReportStatus.choices, default=ReportStatus.SUBMITTED)
    submitted_at = models.DateTimeField(_("提交时间"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    opinion = models.CharField(_("处理意见"), max_length=500, blank=True)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报")
        ordering = ("-month", "school", "placement")
        constraints = (
            models.UniqueConstraint(
                fields=("placement", "month"), condition=Q(placement__isnull=False), name="report_of_teacher_once"
            ),
            models.UniqueConstraint(
                fields=("year", "school", "month"), condition=Q(placement__isnull=True), name="report_of_school_once"
            ),
        )
        indexes = (models.Index(fields=("year", "month"), name="report_of_month"),)

    def __str__(self) -> str:
        return f"{self.school} {self.month:%Y-%m}"


class SharingMeetingQuerySet(models.QuerySet["SharingMeeting"]):
    """Reads of meetings."""

    def visible_to(self, standing: Standing) -> SharingMeetingQuerySet:
        """Those of years that the person sees."""
        return self.filter(year__in=RotationYear.objects.visible_to(standing).values("pk"))


class SharingMeeting(models.Model):
    """A meeting to share experience, planned from what a month's reports show, and what came of it."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "month", "on", "place", "topic", "grounds", "outcome", "by"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="sharing_meetings")
    month = models.DateField(_("所依据的月报月份"))
    on = models.DateField(_("会议日期"))
    place = models.CharField(_("地点"), max_length=100)
    topic = models.CharField(_("主题"), max_length=200)
    grounds = models.CharField(_("从月报看到的情况"), max_length=500)
    outcome = models.TextField(_("会议情况"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SharingMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("经验交流会")
        ordering = ("-on",)

    def __str__(self) -> str:
        return self.topic
