"""What is found of a teacher in a year, what he asks for, and where he is sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from junheng.facts import Role, Stage, Subject
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Snapshot, Teacher, TeacherState
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing


class VerdictStanding(models.TextChoices):
    """What a verdict means for a plan."""

    MUST = "must", _("应交流")
    MAY = "may", _("可交流")
    NO = "no", _("不交流")


class OfSchoolQuerySet(models.QuerySet[Any]):
    """Reads of rows about a teacher that carry the teacher's school of that time."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> OfSchoolQuerySet:
        """Those of schools where the person holds the permission, and the person's own."""
        within = standing.organisations(permission)
        return self.filter(Q(school__in=within) | Q(teacher__user=getattr(standing, "user", None)))


class Verdict(models.Model):
    """What the pack says of a teacher, with clause, reason and the facts it rests on; replaced, never overwritten.

    ``word`` is the pack's own verdict, ``standing`` what it means for the plan. ``facts`` is JSON by the name of the
    fact, encrypted because it may tell of health or family. The one that counts is ``current``.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "school", "word", "standing", "clause", "flags", "missing", "snapshot",
        "current", "judged_at", "read_at", "replaces", "appeal_note",
    ) | all_of(Privacy.SENSITIVE, "because_zh", "because_en", "facts_text")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="verdicts")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="verdicts")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    word = models.CharField(_("认定结果"), max_length=40)
    standing = models.CharField(_("结论"), max_length=4, choices=VerdictStanding.choices)
    clause = models.CharField(_("依据条款"), max_length=200, blank=True)
    because_zh = EncryptedTextField(_("理由"), blank=True)
    because_en = EncryptedTextField(blank=True)
    facts_text = EncryptedTextField(_("所据事实"), blank=True)
    flags = models.JSONField(_("提示"), default=list, blank=True)
    missing = models.JSONField(_("缺少的事实"), default=list, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name=_("数据快照"))
    current = models.BooleanField(default=True)
    judged_at = models.DateTimeField(_("认定时间"))
    read_at = models.DateTimeField(_("本人阅知时间"), null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    appeal_note = models.CharField(_("复核说明"), max_length=500, blank=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("资格认定")
        ordering = ("year", "teacher")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher"), condition=Q(current=True), name="one_verdict_counts_for_a_teacher"
            ),
        )
        indexes = (models.Index(fields=("year", "school", "current"), name="verdict_of_school"),)

    def __str__(self) -> str:
        return f"{self.year_id} {self.teacher_id} {self.word}"

    @property
    def because(self) -> str:
        """The reason in the reader's language."""
        return self.because_en if get_language() == "en" else self.because_zh


class Origin(models.TextChoices):
    """Who put a teacher forward."""

    OWN = "own", _("本人申请")
    SCHOOL = "school", _("学校推荐")
    OPEN = "open", _("公开选聘")
    PAPER = "paper", pgettext_lazy("origin", "代录纸质申请")


class Form(models.TextChoices):
    """Forms of exchange; which of them a year has is the pack's matter."""

    ROTATION = "rotation", _("轮岗交流")
    SUPPORT = "support", _("支教")
    REWARD = "reward", _("奖励性交流")
    SUPERVISED = "supervised", _("督导性交流")
    UPWARD = "upward", _("上挂学习")
    TEMPORARY = "temporary", _("挂职锻炼")
    POST = "post", _("任职交流")


class ApplicationStatus(models.TextChoices):
    """Where an application stands."""

    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回修改")
    AT_SCHOOL = "at_school", _("学校已推荐")
    AT_CLUSTER = "at_cluster", _("学区已审核")
    ACCEPTED = "accepted", _("已审定")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class Application(models.Model):
    """A teacher's application of a year; ``number`` is the receipt (回执号), ``key`` makes a repeated submit the same.

    ``school`` is the home school when it was made. ``partner`` is the spouse with whom it is to be considered.
    ``answer_by`` is until when one that was returned is to be changed and signed again; empty for every other.
    ``paper_dated`` is the date on the last paper that the school has entered for the teacher, and ``entered_by`` who
    entered it; empty without a paper. Each paper is kept as an :class:`ApplicationPaper`.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "school", "number", "origin", "form", "obeys", "status", "submitted_at",
        "received_at", "key", "version", "entered_by", "answer_by", "paper_dated",
    ) | all_of(Privacy.PERSONAL, "reason", "commute_limit_km", "partner")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="applications")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="rotation_applications")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    number = models.CharField(_("回执号"), max_length=40, unique=True)
    origin = models.CharField(_("来源"), max_length=6, choices=Origin.choices, default=Origin.OWN)
    form = models.CharField(_("交流形式"), max_length=10, choices=Form.choices, default=Form.ROTATION)
    reason = models.TextField(_("申请理由"), max_length=1000, blank=True)
    obeys = models.BooleanField(_("服从调剂"), default=True)
    commute_limit_km = models.FloatField(_("通勤上限（千米）"), null=True, blank=True)
    partner = models.ForeignKey(
        Teacher, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("同时申请的配偶")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=ApplicationStatus.choices, default=ApplicationStatus.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("提交时间"))
    received_at = models.DateTimeField(_("收到时间"))
    key = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)
    answer_by = models.DateTimeField(_("改正期限"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )
    paper_dated = models.DateField(_("纸质申请日期"), null=True, blank=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流申请")
        ordering = ("year", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher"), condition=~Q(status="withdrawn"), name="one_application_of_a_teacher"
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | ~Q(partner=F("teacher")), name="nobody_is_his_own_spouse"
            ),
            models.CheckConstraint(
                condition=Q(paper_dated__isnull=False, entered_by__isnull=False, origin="paper")
                | (Q(paper_dated__isnull=True) & ~Q(origin="paper")),
                name="paper_application_has_its_date_and_who_entered_it",
            ),
        )
        indexes = (models.Index(fields=("year", "school", "status"), name="application_of_school"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:application", args=(self.year_id, self.pk))


class PaperKind(models.TextChoices):
    """What a teacher says on a paper: what he asks for, or that he takes it back."""

    REQUEST = "request", pgettext_lazy("paper", "申请内容")
    WITHDRAWAL = "withdrawal", _("书面撤回")


class ApplicationPaper(models.Model):
    """A paper that a teacher has signed and his school has entered; its files are attached to it.

    ``version`` is the application's that says what the paper says: 1 for the first, a later one for a paper by which
    the application was changed, and of a withdrawal the one that was taken back. None is replaced. ``key`` makes a
    repeated submit the same.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "application", "kind", "version", "dated", "key", "entered_by", "entered_at"
    )

    application = models.ForeignKey(Application, models.PROTECT, related_name="papers")
    kind = models.CharField(_("种类"), max_length=10, choices=PaperKind.choices, default=PaperKind.REQUEST)
    version = models.PositiveIntegerField(_("第几版"))
    dated = models.DateField(_("纸质申请日期"))
    key = models.UUIDField(unique=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )  # fmt: skip
    entered_at = models.DateTimeField(_("录入时间"))

    class Meta:
        verbose_name = _("纸质申请")
        ordering = ("application", "-version", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "version", "kind"), name="one_paper_of_a_version"),
            models.UniqueConstraint(
                fields=("application",), condition=Q(kind="withdrawal"), name="one_withdrawal_of_an_application"
            ),
        )

    @property
    def is_withdrawal(self) -> bool:
        """Whether by it the application was taken back."""
        return self.kind == PaperKind.WITHDRAWAL

    def __str__(self) -> str:
        return f"{self.application_id} {self.version}"


class Choice(models.Model):
    """A ranked wish of an application (志愿): rank 1 is the first choice."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.SENSITIVE, "application", "rank", "school")

    application = models.ForeignKey(Application, models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField(_("志愿顺序"))
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("志愿学校"))

    class Meta:
        ordering = ("application", "rank")
        constraints = (
            models.UniqueConstraint(fields=("application", "rank"), name="wish_rank_once"),
            models.UniqueConstraint(fields=("application", "school"), name="wished_school_once"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.rank}"


class PlacementStatus(models.TextChoices):
    """Where a placement stands."""

    PLANNED = "planned", _("待发文")
    ORDERED = "ordered", _("已发文")
    SERVING = "serving", _("交流中")
    ENDED = "ended", _("期满")
    EARLY = "early", _("提前结束")
    CANCELLED = "cancelled", _("已取消")


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Reads of placements."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> PlacementQuerySet:
        """Those that lead from or to a school where the person holds the permission, and the person's own."""
        within = standing.organisations(permission)
        return self.filter(
            Q(from_school__in=within) | Q(to_school__in=within) | Q(teacher__user=getattr(standing, "user", None))
        )

    def hosted_by(self, standing: Standing, permission: Permission = Permission.ROTATION_SCHOOL) -> PlacementQuerySet:
        """Those at whose host school the person holds the permission."""
        return self.filter(to_school__in=standing.organisations(permission))

    def sent_by(self, standing: Standing, permission: Permission = Permission.ROTATION_SCHOOL) -> PlacementQuerySet:
        """Those from whose home school the person holds the permission."""
        return self.filter(from_school__in=standing.organisations(permission))

    def with_names(self) -> PlacementQuerySet:
        """With ``teacher_name`` and ``teacher_pinyin``, also of those who have left, and ``teacher_number``."""
        states = TeacherState.objects.filter(teacher=OuterRef("teacher")).order_by("-valid_from", "-pk")
        return self.annotate(
            teacher_name=Subquery(states.values("name")[:1]),
            teacher_pinyin=Subquery(states.values("pinyin")[:1]),
            teacher_number=F("teacher__number"),
        )

    def running(self) -> PlacementQuerySet:
        """Those that are ordered or served."""
        return self.filter(status__in=(PlacementStatus.ORDERED, PlacementStatus.SERVING))


class Placement(models.Model):
    """A teacher's term at another school: from where to where, in which subject and form, from when to when.

    ``relation_moved`` says whether the personnel relation (人事关系) goes along; ``role`` is the post that a cadre
    takes up there, blank for whoever teaches. Made when a plan is adopted or a cadre's move is confirmed, in force when
    its order is issued.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "from_school", "to_school", "stage", "subject", "form", "role", "start",
        "end", "relation_moved", "status", "wish_rank", "reported_on", "ended_on",
    )  # fmt: skip

    teacher_name: str
    """Where it was read :meth:`~PlacementQuerySet.with_names`; so are the pinyin and the number."""
    teacher_pinyin: str
    teacher_number: str

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="placements")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="placements")
    from_school = models.ForeignKey(Organisation, models.PROTECT, related_name="sent", verbose_name=_("派出学校"))
    to_school = models.ForeignKey(Organisation, models.PROTECT, related_name="received", verbose_name=_("接收学校"))
    stage = code_field(Stage, _("学段"))
    subject = code_field(Subject, _("任教学科"))
    form = models.CharField(_("交流形式"), max_length=10, choices=Form.choices, default=Form.ROTATION)
    role = code_field(Role, _("拟任职务"), blank=True)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"))
    relation_moved = models.BooleanField(_("调动人事关系"), default=False)
    status = models.CharField(
        _("状态"), max_length=10, choices=PlacementStatus.choices, default=PlacementStatus.PLANNED
    )
    wish_rank = models.PositiveSmallIntegerField(_("所满足的志愿"), null=True, blank=True)
    reported_on = models.DateField(_("报到日期"), null=True, blank=True)
    ended_on = models.DateField(_("实际结束日期"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("交流任务")
        ordering = ("year", "from_school", "teacher")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher"), condition=~Q(status="cancelled"), name="one_placement_of_a_teacher"
            ),
            models.CheckConstraint(condition=~Q(from_school=F("to_school")), name="placement_leads_elsewhere"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="placement_dates_in_order"),
        )
        indexes = (
            models.Index(fields=("to_school", "status"), name="placement_at_host"),
            models.Index(fields=("from_school", "status"), name="placement_from_home"),
        )

    @property
    def last_day(self) -> date:
        """The day on which it ended, else that on which it is to end."""
        return self.ended_on or self.end

    def __str__(self) -> str:
        return f"{self.teacher} → {self.to_school}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:placement", args=(self.year_id, self.pk))
