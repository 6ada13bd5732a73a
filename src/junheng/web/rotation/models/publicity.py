"""Public notices (公示) of a year with what they show, and objections to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.plans import PlanFile, Scenario
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing


class NoticeKind(models.TextChoices):
    """What is made public."""

    RESULTS = "results", _("拟交流人员名单")
    CANDIDATES = "candidates", _("候选人名单")
    QUOTAS = "quotas", _("交流指标")
    OTHER = "other", _("其他事项")


class NoticeStatus(models.TextChoices):
    """Where a notice stands; that its period is over is a matter of the clock."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Reads of notices."""

    def visible_to(self, standing: Standing) -> PublicNoticeQuerySet:
        """Those of counties in which the person sees rotation at an office of it, drafts only for whoever plans."""
        within = standing.organisations(Permission.ROTATION_VIEW)
        editing = standing.organisations(Permission.ROTATION_PUBLISH) | standing.organisations(Permission.ROTATION_PLAN)
        below = Organisation.objects.filter(pk__in=within).values("county")
        seen = Q(year__county__in=within) | Q(year__county__in=below)
        return self.filter(seen & (~Q(status=NoticeStatus.DRAFT) | Q(year__county__in=editing)))

    def on_show(self, at: datetime | None = None) -> PublicNoticeQuerySet:
        """Those that anybody may read at a moment, now without one."""
        now = at or timezone.now()
        return self.filter(status=NoticeStatus.PUBLISHED, opens__lte=now, closes__gt=now)


class PublicNotice(models.Model):
    """A notice that anybody may read, without signing in, from ``opens`` until just before ``closes``.

    ``days`` are working days. ``office``, ``phone``, ``email`` and ``address`` say where objections are taken.
    ``rows_digest`` is SHA-256 over what it shows in canonical form, fixed when it was published; ``root`` is the Merkle
    root of the plan's proof, ``bundle`` the file with its public part. ``reads`` counts how often it was opened.
    ``taken_down_at`` is when the clock took it down.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "year", "kind", "title", "basis", "text", "office", "phone", "email", "address", "days",
        "answer_days",
        "opens", "closes", "root", "rows_digest", "moves", "manual", "issuer",
    ) | all_of(
        Privacy.INTERNAL, "scenario", "status", "bundle", "reads", "taken_down_at", "created_by", "created_at",
        "published_by", "published_at", "withdrawn_by", "withdrawn_at", "withdrawn_because",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="public_notices")
    kind = models.CharField(_("公示内容"), max_length=10, choices=NoticeKind.choices)
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("轮岗方案")
    )
    title = models.CharField(_("标题"), max_length=200)
    issuer = models.CharField(_("公示单位"), max_length=100)
    basis = models.CharField(_("依据"), max_length=500, blank=True)
    text = models.TextField(_("正文"), blank=True)
    office = models.CharField(_("受理部门"), max_length=100)
    phone = models.CharField(_("受理电话"), max_length=40)
    email = models.CharField(_("电子邮箱"), max_length=100, blank=True)
    address = models.CharField(_("通信地址"), max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(_("公示期（工作日）"), default=5)
    answer_days = models.PositiveSmallIntegerField(_("异议答复期限（工作日）"), default=10)
    opens = models.DateTimeField(_("公示开始"), null=True, blank=True)
    closes = models.DateTimeField(_("公示截止"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.DRAFT)
    root = models.CharField(_("默克尔根"), max_length=64, blank=True)
    bundle = models.ForeignKey(PlanFile, models.PROTECT, null=True, blank=True, related_name="+")
    rows_digest = models.CharField(_("名单摘要"), max_length=64, blank=True)
    moves = models.PositiveIntegerField(_("移动人数"), default=0)
    manual = models.PositiveIntegerField(_("人工改动"), default=0)
    reads = models.PositiveIntegerField(_("阅读次数"), default=0)
    taken_down_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟稿人"))
    created_at = models.DateTimeField(_("拟稿时间"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤回人")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_because = models.CharField(_("撤回理由"), max_length=500, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        ordering = ("year", "-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("scenario",), condition=Q(kind="results", status="published"),
                name="results_of_a_plan_published_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="results") | Q(scenario__isnull=False), name="notice_of_results_names_its_plan"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens"), published_by__isnull=False),
                name="published_notice_has_a_period",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page for the offices."""
        return reverse("rotation:notice", args=(self.year_id, self.pk))

    def on_show(self, at: datetime) -> bool:
        """Whether anybody may read it at the moment."""
        opens, closes = self.opens, self.closes
        shown = self.status == NoticeStatus.PUBLISHED and opens is not None and closes is not None
        return bool(shown and opens <= at < closes)  # type: ignore[operator]

    def is_over(self, at: datetime) -> bool:
        """Whether it was published and its period has ended."""
        return self.status == NoticeStatus.PUBLISHED and self.closes is not None and at >= self.closes

    @property
    def manual_share(self) -> float:
        """Teachers of whom somebody decided by hand, as a share of the moves."""
        return self.manual / max(1, self.moves)

    @property
    def manual_percent(self) -> str:
        """The same in percent with one decimal."""
        return f"{100 * self.manual_share:.1f}"


class NoticeRow(models.Model):
    """A line of a notice, with no more of a person than the notice must name. Written once, at publication.

    ``teacher`` is whom it is about, for his own page and for objections; it is not shown.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "notice", "position", "name", "home", "host", "stage", "subject", "form", "term", "note"
    ) | all_of(Privacy.INTERNAL, "teacher")

    notice = models.ForeignKey(PublicNotice, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    teacher = models.ForeignKey(Teacher, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=100, blank=True)
    home = models.CharField(_("派出学校"), max_length=100, blank=True)
    host = models.CharField(_("接收学校"), max_length=100, blank=True)
    stage = models.CharField(_("学段"), max_length=40, blank=True)
    subject = models.CharField(_("学科"), max_length=40, blank=True)
    form = models.CharField(_("交流形式"), max_length=40, blank=True)
    term = models.CharField(_("交流期限"), max_length=60, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("notice", "position")
        constraints = (models.UniqueConstraint(fields=("notice", "position"), name="notice_line_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id} {self.position}"


class ObjectionStatus(models.TextChoices):
    """Where an objection stands."""

    RECEIVED = "received", _("已受理")
    INVESTIGATING = "investigating", _("正在调查")
    FOUND = "found", _("已有调查结论")
    ANSWERED = "answered", _("已答复")


class Finding(models.TextChoices):
    """What an investigation came to."""

    UPHELD = "upheld", _("情况属实")
    PARTLY = "partly", _("部分属实")
    NOT_UPHELD = "not_upheld", _("情况不属实")
    OUTSIDE = "outside", _("不属于受理范围")


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Reads of objections."""

    def visible_to(self, standing: Standing) -> ObjectionQuerySet:
        """For whoever publishes or reviews in the county."""
        within = standing.organisations(Permission.ROTATION_PUBLISH) | standing.organisations(
            Permission.ROTATION_REVIEW
        )
        return self.filter(notice__year__county__in=within)

    def unsettled(self) -> ObjectionQuerySet:
        """Those without an answer."""
        return self.exclude(status=ObjectionStatus.ANSWERED)


class Objection(models.Model):
    """An objection to a notice (异议), named or anonymous.

    ``number`` and a code (``code_digest`` is its hash) let whoever made it see how it stands, and nothing else. ``by``
    is the account of one who was signed in and gave his name. ``about`` is the teacher it concerns; ``holds`` whether
    nothing is issued for him meanwhile. ``due`` is the last day for the answer.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "notice", "number", "named", "by", "about", "received_at", "due", "status", "holds",
        "investigator", "assigned_by", "assigned_at", "finding", "found_at", "answered_by", "answered_at", "key",
    ) | all_of(
        Privacy.SENSITIVE, "code_digest", "name", "contact", "text", "report", "answer",
    )  # fmt: skip

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    code_digest = models.CharField(max_length=64)
    key = models.UUIDField(unique=True)
    named = models.BooleanField(_("实名"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = EncryptedTextField(_("姓名"), blank=True)
    contact = EncryptedTextField(_("联系方式"), blank=True)
    about = models.ForeignKey(
        Teacher, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所涉教师")
    )
    text = EncryptedTextField(_("反映的情况"))
    received_at = models.DateTimeField(_("收到时间"))
    due = models.DateField(_("答复期限"))
    status = models.CharField(
        _("状态"), max_length=13, choices=ObjectionStatus.choices, default=ObjectionStatus.RECEIVED
    )
    holds = models.BooleanField(_("暂缓发文"), default=True)
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("调查人")
    )
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    finding = models.CharField(_("结论"), max_length=10, choices=Finding.choices, blank=True)
    report = EncryptedTextField(_("调查情况"), blank=True)
    found_at = models.DateTimeField(_("调查结束时间"), null=True, blank=True)
    answer = EncryptedTextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        ordering = ("notice", "received_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="answered")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(finding="")),
                name="answered_objection_has_finding_and_author",
            ),
        )
        indexes = (models.Index(fields=("about", "status"), name="objection_about"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page for the offices."""
        return reverse("rotation:objection", args=(self.notice.year_id, self.pk))
