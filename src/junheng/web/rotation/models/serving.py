"""A placement in service: who keeps what, tasks, log, attendance, the journal, and the year's settings for all that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.years import RotationYear

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OfPlacementQuerySet(models.QuerySet[Any]):
    """Reads of rows about a placement."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> OfPlacementQuerySet:
        """Those about placements that the person sees."""
        return self.filter(placement__in=Placement.objects.visible_to(standing, permission).values("pk"))


class ServiceSettings(models.Model):
    """A year's settings for service: on which day of the next month reports are due, when the end is announced.

    ``warning_days`` are the days before the end of a placement on which everybody concerned is told. ``development``
    holds what backbone teachers of each level are to do in the year: level → kind of task → how often.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "report_due_day", "warning_days", "similar_percent", "development"
    )

    year = models.OneToOneField(RotationYear, models.PROTECT, related_name="service_settings")
    report_due_day = models.PositiveSmallIntegerField(_("月报截止日（次月）"), default=5)
    warning_days = models.JSONField(_("到期前提醒天数"), default=list)
    similar_percent = models.PositiveSmallIntegerField(_("总结相似度提示线（%）"), default=30)
    development = models.JSONField(_("骨干培养目标"), default=dict, blank=True)

    class Meta:
        verbose_name = _("在岗管理设置")

    def __str__(self) -> str:
        return f"{self.year}"


class Side(models.TextChoices):
    """The two schools of a placement."""

    HOME = "home", _("派出学校")
    HOST = "host", _("接收学校")


class Matter(models.TextChoices):
    """What one of the two schools keeps."""

    PERSONNEL = "personnel", _("人事关系和档案")
    PAY = "pay", _("工资、福利和工龄")
    ATTENDANCE = "attendance", _("考勤和请假")
    TASKS = "tasks", _("日常管理和工作任务")
    APPRAISAL = "appraisal", _("年度考核和期满考核")
    TRAINING = "training", _("培训和教研")
    AWARDS = "awards", _("评优指标")


class Charge(models.Model):
    """That a school keeps a matter of a placement, where that was decided otherwise than the rule says."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "matter", "side", "reason", "by", "at"
    )

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="charges")
    matter = models.CharField(_("管理事项"), max_length=10, choices=Matter.choices)
    side = models.CharField(_("由谁管理"), max_length=4, choices=Side.choices)
    reason = models.CharField(_("理由"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("双重管理分工")
        ordering = ("placement", "matter")
        constraints = (models.UniqueConstraint(fields=("placement", "matter"), name="charge_once_for_a_matter"),)

    def __str__(self) -> str:
        return f"{self.placement_id} {self.get_matter_display()}"


class TaskKind(models.TextChoices):
    """What an exchanged teacher may be given to do."""

    TEACHING = "teaching", _("承担课程")
    PAIRING = "pairing", _("结对带教")
    MENTORING = "mentoring", _("名师带徒")
    LECTURE = "lecture", _("专题讲座")
    DEMONSTRATION = "demonstration", _("示范课")
    OPEN_LESSON = "open_lesson", _("观摩课")
    OBSERVING = "observing", _("听课评课")
    RESEARCH = "research", _("教研活动")
    EXAMINATIONS = "examinations", _("考试命题")
    PREPARING = "preparing", _("集体备课")
    PROJECT = "project", _("课题研究")
    LEARNING = "learning", _("学习教育理念、教学方法和管理经验")
    SHARING = "sharing", _("带回并分享办学理念、制度、教改经验和成果")


class Task(models.Model):
    """A task of a placement: what, how many, by when, and how it was done; evidence is kept as its files."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "kind", "target", "due", "done", "finished_on", "met", "set_by", "set_at",
    ) | all_of(Privacy.PERSONAL, "words", "result")  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="tasks")
    kind = models.CharField(_("任务类别"), max_length=14, choices=TaskKind.choices)
    words = models.CharField(_("要求"), max_length=300, blank=True)
    target = models.PositiveSmallIntegerField(_("目标次数"), default=1)
    due = models.DateField(_("完成期限"), null=True, blank=True)
    done = models.PositiveSmallIntegerField(_("已完成次数"), default=0)
    result = models.CharField(_("完成情况"), max_length=500, blank=True)
    finished_on = models.DateField(_("完成日期"), null=True, blank=True)
    met = models.BooleanField(_("已完成"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(_("布置时间"))

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作任务")
        ordering = ("placement", "due", "pk")
        constraints = (models.CheckConstraint(condition=Q(target__gte=1), name="task_has_a_target"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done}/{self.target}"


class LogEntry(models.Model):
    """A line of the teacher's log: lessons given or an activity on a day; the host school may confirm it.

    ``key`` makes a repeated submit the same line.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "day", "kind", "count", "task", "key", "entered_at", "confirmed_by",
        "confirmed_at",
    ) | all_of(Privacy.PERSONAL, "words")  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="log")
    day = models.DateField(_("日期"))
    kind = models.CharField(_("类别"), max_length=14, choices=TaskKind.choices)
    count = models.PositiveSmallIntegerField(_("课时或次数"), default=1)
    words = models.CharField(_("内容"), max_length=500, blank=True)
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="log", verbose_name=_("所属任务")
    )
    key = models.UUIDField(unique=True)
    entered_at = models.DateTimeField(_("填写时间"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作日志")
        ordering = ("placement", "-day", "-pk")
        indexes = (models.Index(fields=("placement", "day"), name="log_of_placement"),)
        constraints = (models.CheckConstraint(condition=Q(count__gte=1), name="log_counts_something"),)

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class Attendance(models.Model):
    """Attendance of a month as its keeper enters it: days due and present; leave stands in the personnel file."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "month", "due_days", "present_days", "entered_by", "entered_at"
    ) | all_of(Privacy.PERSONAL, "late_times", "absent_days", "note")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="attendance")
    month = models.DateField(_("月份"))
    due_days = models.PositiveSmallIntegerField(_("应出勤天数"))
    present_days = models.DecimalField(_("实出勤天数"), max_digits=4, decimal_places=1)
    late_times = models.PositiveSmallIntegerField(_("迟到早退次数"), default=0)
    absent_days = models.DecimalField(_("旷工天数"), max_digits=4, decimal_places=1, default=0)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("月考勤")
        ordering = ("placement", "month")
        constraints = (models.UniqueConstraint(fields=("placement", "month"), name="attendance_once_a_month"),)

    def __str__(self) -> str:
        return f"{self.placement_id} {self.month:%Y-%m}"


class JournalPostQuerySet(models.QuerySet["JournalPost"]):
    """Reads of posts: the journal of a year is read by everybody of the year."""

    def visible_to(self, standing: Standing) -> JournalPostQuerySet:
        """Posts of the years that the person sees."""
        return self.filter(placement__year__in=RotationYear.objects.visible_to(standing).values("pk"))


class JournalPost(models.Model):
    """A teacher's post in the exchange journal of the year, read by everybody of the year; good ones are recommended.

    ``withdrawn_at`` takes it off the journal; the row stays.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "title", "text", "posted_at", "recommended_by", "recommended_at",
        "withdrawn_at",
    )  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="posts")
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("正文"), max_length=5000)
    posted_at = models.DateTimeField(_("发表时间"))
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recommended_at = models.DateTimeField(_("推荐时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = JournalPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流日志文章")
        ordering = ("-posted_at", "-pk")

    def __str__(self) -> str:
        return self.title
