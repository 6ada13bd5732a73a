"""How a year asks, drafts that are kept, and requests to be left out for a time (暂缓) or altogether (免除)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import OfSchoolQuerySet
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing


class Chain(models.TextChoices):
    """Which offices review after the school has recommended."""

    BUREAU = "bureau", _("学校推荐 → 县局审定")
    CLUSTER_BUREAU = "cluster_bureau", _("学校推荐 → 学区审核 → 县局审定")
    CLUSTER = "cluster", _("学校推荐 → 学区（乡镇、中心校）审定")


class AskingSettings(models.Model):
    """How a year asks: the chain of review, working days of the notice within a school, how long a deferral lasts.

    ``return_days`` are the working days in which what was returned is changed and signed again. ``call_age`` and
    ``call_years`` call young teachers of the towns to the countryside, see :mod:`junheng.web.rotation.calling`.

    A year without a row goes by :func:`junheng.web.rotation.actions.asking.settings_of`.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "year",
        "chain",
        "notice_days",
        "relief_months",
        "statement_needed",
        "return_days",
        "call_age",
        "call_years",
        "call_clause",
    )

    year = models.OneToOneField(RotationYear, models.PROTECT, related_name="asking")
    chain = models.CharField(_("审核程序"), max_length=14, choices=Chain.choices, default=Chain.CLUSTER_BUREAU)
    notice_days = models.PositiveSmallIntegerField(_("校内公示工作日"), default=5)
    relief_months = models.PositiveSmallIntegerField(_("暂缓期限（月）"), default=12)
    return_days = models.PositiveSmallIntegerField(_("退回修改工作日"), default=5)
    statement_needed = models.BooleanField(_("申请必须写理由"), default=True)
    call_age = models.PositiveSmallIntegerField(_("倡导青年教师到农村：周岁不超过"), null=True, blank=True)
    call_years = models.PositiveSmallIntegerField(_("倡导青年教师到农村：工作年数不超过"), null=True, blank=True)
    call_clause = models.CharField(_("倡导的依据"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(call_age__isnull=True, call_years__isnull=True) | ~Q(call_clause=""),
                name="call_to_the_countryside_cites_its_clause",
            ),
            models.CheckConstraint(condition=Q(notice_days__gte=1), name="school_notice_of_a_day_at_least"),
            models.CheckConstraint(condition=Q(relief_months__gte=1), name="deferral_of_a_month_at_least"),
            models.CheckConstraint(condition=Q(return_days__gte=1), name="a_day_at_least_to_change_what_is_returned"),
        )

    def __str__(self) -> str:
        return str(self.year)


class ApplicationDraft(models.Model):
    """What a teacher has begun to fill in, kept until it is handed in; nobody else reads it."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "year", "teacher", "saved_at") | all_of(
        Privacy.SENSITIVE, "values_text"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="+")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+")
    values_text = EncryptedTextField(_("草稿"))
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        ordering = ("year", "teacher")
        constraints = (models.UniqueConstraint(fields=("year", "teacher"), name="one_draft_of_a_teacher"),)

    def __str__(self) -> str:
        return f"{self.year_id} {self.teacher_id}"


class ReliefKind(models.TextChoices):
    """For a time, or for the whole programme."""

    DEFERRAL = "deferral", _("暂缓")
    EXCLUSION = "exclusion", _("免除")


class ReliefStatus(models.TextChoices):
    """Where a request stands; every outcome is final."""

    OPEN = "open", _("待决定")
    GRANTED = "granted", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class Ground(models.TextChoices):
    """Why somebody asks to be left out; a pack says which of them count."""

    ILLNESS = "illness", _("本人患病")
    CHILD = "child", _("怀孕、哺乳或子女年幼")
    SPOUSE = "spouse", _("配偶患病、残疾或两地分居")
    FAMILY = "family", _("家庭重大变故")
    WORK = "work_need", _("工作需要")
    SPECIAL = "special", _("其他特殊原因")
    WISH = "personal_wish", _("个人意愿")


class ReliefQuerySet(OfSchoolQuerySet):
    """Reads of requests for deferral and exclusion."""

    def decidable_by(self, standing: Standing, *, by_cluster: bool) -> ReliefQuerySet:
        """Those on which the person's office decides; never the person's own."""
        may = Permission.ROTATION_CLUSTER if by_cluster else Permission.ROTATION_REVIEW
        found = self.filter(status=ReliefStatus.OPEN, school__in=standing.organisations(may))
        return found.exclude(teacher__user=getattr(standing, "user", None))

    def in_force(self, day: date) -> ReliefQuerySet:
        """Those granted that hold on a day."""
        found = self.filter(status=ReliefStatus.GRANTED, since__lte=day)
        return found.filter(Q(until__isnull=True) | Q(until__gte=day))

    def expired(self, day: date) -> ReliefQuerySet:
        """Those granted that have run out before a day: whoever had one is in the pool again."""
        return self.filter(status=ReliefStatus.GRANTED, until__lt=day)


class Relief(models.Model):
    """A request to be deferred or excluded, with what was decided: clause, opinion, from when until when.

    ``ground_text`` and ``opinion`` are encrypted, because they may tell of health or family. ``office`` is the office
    that decides under the pack. A deferral always ends; after ``until`` the teacher is in the pool again.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "school", "kind", "status", "office", "requested_by", "requested_at",
        "received_at", "key", "decided_by", "decided_at", "clause", "since", "until",
    ) | all_of(Privacy.SENSITIVE, "ground", "ground_text", "opinion")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="reliefs")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="reliefs")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    kind = models.CharField(_("种类"), max_length=10, choices=ReliefKind.choices, default=ReliefKind.DEFERRAL)
    ground = models.CharField(_("情形"), max_length=14, choices=Ground.choices)
    ground_text = EncryptedTextField(_("情况说明"))
    status = models.CharField(_("状态"), max_length=10, choices=ReliefStatus.choices, default=ReliefStatus.OPEN)
    office = models.CharField(_("决定机关"), max_length=100)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("提出时间"))
    received_at = models.DateTimeField(_("收到时间"))
    key = models.UUIDField(unique=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    clause = models.CharField(_("依据条款"), max_length=200, blank=True)
    opinion = EncryptedTextField(_("决定意见"), blank=True)
    since = models.DateField(_("开始日期"), null=True, blank=True)
    until = models.DateField(_("期限至"), null=True, blank=True)

    objects = ReliefQuerySet.as_manager()

    class Meta:
        verbose_name = _("暂缓与免除")
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher"), condition=Q(status="open"), name="one_open_relief_of_a_teacher"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="open") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="relief_decided_by_at_and_what_together",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(status="withdrawn") | ~Q(decided_by=F("requested_by")),
                name="relief_not_decided_by_its_author",
            ),
            models.CheckConstraint(
                condition=~Q(status="granted", kind="deferral") | Q(since__isnull=False, until__gte=F("since")),
                name="deferral_ends",
            ),
        )
        indexes = (models.Index(fields=("year", "school", "status"), name="relief_of_school"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:relief", args=(self.year_id, self.pk))

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == ReliefStatus.OPEN

    @property
    def said(self) -> dict[str, Any]:
        """The outcome as news."""
        return {"number": self.pk}
