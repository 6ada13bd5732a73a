"""Plans of a year: what a clerk has decided beforehand, scenarios, their moves, and every move changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from junheng.facts import Stage, Subject
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import Form
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Snapshot, Teacher
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing


class PlanQuerySet(models.QuerySet[Any]):
    """Reads of what belongs to the planning of a year: for the offices that plan or adopt."""

    def visible_to(self, standing: Standing) -> PlanQuerySet:
        """Of years of counties where the person plans or adopts."""
        within = standing.organisations(Permission.ROTATION_PLAN) | standing.organisations(Permission.ROTATION_ADOPT)
        return self.filter(**{f"{self._way()}county__in": within})

    def _way(self) -> str:
        names = {field.name for field in self.model._meta.get_fields()}
        return "year__" if "year" in names else "scenario__year__"


class PinKind(models.TextChoices):
    """What a clerk decides of a teacher before planning; the values are those of the planner."""

    TO = "pin", _("指定去向")
    STAY = "stay", _("留任")
    FORBID = "forbid", _("排除去向")


class Pin(models.Model):
    """A decision before planning with its reason. Never removed: one that no longer holds is withdrawn, with a reason.

    ``subject`` is what the teacher is to teach there, his own where it is blank.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "kind", "school", "subject", "by", "at", "withdrawn_by", "withdrawn_at",
    ) | all_of(Privacy.PERSONAL, "reason", "withdrawn_because")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="pins")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("教师"))
    kind = models.CharField(_("决定"), max_length=6, choices=PinKind.choices)
    school = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("学校")
    )
    subject = code_field(Subject, _("任教学科"), blank=True)
    reason = models.CharField(_("理由"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤销人")
    )
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_because = models.CharField(_("撤销理由"), max_length=500, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("指定与禁止")
        ordering = ("year", "-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher", "kind", "school"),
                condition=Q(withdrawn_at__isnull=True, school__isnull=False), name="pin_once_in_force",
            ),
            models.UniqueConstraint(
                fields=("year", "teacher", "kind"),
                condition=Q(withdrawn_at__isnull=True, school__isnull=True), name="pin_without_a_school_once_in_force",
            ),
            models.UniqueConstraint(
                fields=("year", "teacher"),
                condition=Q(withdrawn_at__isnull=True, kind__in=("pin", "stay")), name="one_place_for_a_pinned_teacher",
            ),
            models.CheckConstraint(
                condition=Q(kind="stay", school__isnull=True) | Q(kind__in=("pin", "forbid"), school__isnull=False),
                name="pin_names_a_school_or_is_a_stay",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.teacher}"


class ScenarioStatus(models.TextChoices):
    """Where a scenario stands."""

    QUEUED = "queued", _("正在测算")
    FAILED = "failed", _("未能测算")
    READY = "ready", _("可采用")
    INFEASIBLE = "infeasible", _("不能满足全部规则")
    PROPOSED = "proposed", _("拟采用")
    ADOPTED = "adopted", _("已采用")
    SET_ASIDE = "set_aside", _("未采用")


class MechanismKind(models.TextChoices):
    """Mechanisms by which those who wish to move exchange posts before the rest is planned."""

    TOBE = "tobe", _("整组互换")
    DA = "da", _("按序择优（原岗保底）")
    TTC = "ttc", _("首选循环互换")


class HoldKind(models.TextChoices):
    """How firmly exchanges stand in the plan."""

    FIX = "fix", _("固定")
    REWARD = "reward", _("只作优先")


class Scenario(models.Model):
    """One way to plan a year, and what came of it.

    What it is asked with: ``parameters`` (over those of the year), ``order`` of goals such as ``balance:2%,wishes``
    (the pack's own weights without one), ``mechanism`` and ``hold`` of the voluntary part, ``seed``, ``gap``,
    ``time_limit`` in seconds. What it rests on: ``snapshot``, ``facts_digest`` (the county with this year's
    applications), ``pins`` (how many decisions were in force). What it says: ``figures`` as JSON for comparison,
    ``told`` (conflicts, remedies, prices, sentences that may name people; encrypted), ``plan_digest`` of plan.csv.
    ``root`` is the Merkle root of its proof, which with problem and keys is a :class:`PlanFile`. ``manual`` counts the
    teachers of whom somebody decided by hand. ``version`` rises with every change.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "number", "name", "parameters", "order", "mechanism", "hold", "seed", "gap",
        "time_limit", "relation_moved", "status", "snapshot", "facts_digest", "pins", "figures", "plan_digest", "root",
        "moves_count", "manual", "version", "created_by", "created_at", "computed_at", "proposed_by",
        "proposed_at", "adopted_by", "adopted_at", "set_aside_because",
    ) | all_of(Privacy.SENSITIVE, "told_text")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="scenarios")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("方案名称"), max_length=100)
    parameters = models.JSONField(_("参数"), default=dict, blank=True)
    order = models.CharField(_("目标次序"), max_length=120, blank=True)
    mechanism = models.CharField(_("自愿互换"), max_length=4, blank=True, choices=MechanismKind.choices)
    hold = models.CharField(_("互换结果"), max_length=6, default=HoldKind.FIX, choices=HoldKind.choices)
    seed = models.PositiveIntegerField(_("随机种子"), default=0)
    gap = models.FloatField(_("与最优界的差距"), default=5e-4)
    time_limit = models.PositiveIntegerField(_("最多求解秒数"), null=True, blank=True)
    relation_moved = models.BooleanField(_("人事关系随调"), default=False)
    status = models.CharField(_("状态"), max_length=10, choices=ScenarioStatus.choices, default=ScenarioStatus.QUEUED)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name=_("数据快照"))
    facts_digest = models.CharField(_("事实摘要"), max_length=64, blank=True)
    pins = models.PositiveIntegerField(_("指定与禁止"), default=0)
    figures = models.JSONField(_("数字"), default=dict, blank=True)
    told_text = EncryptedTextField(_("说明"), blank=True)
    plan_digest = models.CharField(_("方案摘要"), max_length=64, blank=True)
    root = models.CharField(_("默克尔根"), max_length=64, blank=True)
    moves_count = models.PositiveIntegerField(_("移动人数"), default=0)
    manual = models.PositiveIntegerField(_("人工改动"), default=0)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("建立人"))
    created_at = models.DateTimeField(_("建立时间"))
    computed_at = models.DateTimeField(_("测算时间"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提请人")
    )
    proposed_at = models.DateTimeField(_("提请时间"), null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    adopted_at = models.DateTimeField(_("采用时间"), null=True, blank=True)
    set_aside_because = models.CharField(_("未采用的理由"), max_length=500, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("轮岗方案")
        ordering = ("year", "number")
        constraints = (
            models.UniqueConstraint(fields=("year", "number"), name="scenario_number_once_in_a_year"),
            models.UniqueConstraint(
                fields=("year",), condition=Q(status__in=("proposed", "adopted")), name="one_scenario_chosen_in_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(status="adopted") | Q(adopted_by__isnull=False, proposed_by__isnull=False),
                name="adopted_scenario_names_two_people",
            ),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True) | ~Q(adopted_by=models.F("proposed_by")),
                name="who_proposed_does_not_confirm",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:scenario", args=(self.year_id, self.pk))

    @property
    def is_computed(self) -> bool:
        """Whether there is a plan, adoptable or not."""
        return self.computed_at is not None

    @property
    def may_change(self) -> bool:
        """Whether moves may still be changed by hand."""
        return self.status in {ScenarioStatus.READY, ScenarioStatus.INFEASIBLE}

    @property
    def manual_share(self) -> float:
        """Moves that are not the planner's, as a share of all; what is published."""
        return self.manual / max(1, self.moves_count)


class FileKind(models.TextChoices):
    """What a file of a plan is."""

    WORKINGS = "workings", _("测算底稿和证明包")
    PUBLIC = "public", _("公开证明包")


class PlanFile(models.Model):
    """A file of a scenario, sealed: its problem, proof bundle and key table, or the part of the bundle that is public.

    It is kept in the database, so that plan and proof are written in one transaction and backed up together.
    ``content`` is the file in base64, encrypted; ``sha256`` and ``size`` are those of the file.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "scenario", "kind", "version", "sha256", "size"
    ) | all_of(Privacy.SENSITIVE, "content")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    version = models.PositiveIntegerField()
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("scenario", "kind", "version")
        constraints = (models.UniqueConstraint(fields=("scenario", "kind", "version"), name="plan_file_once"),)

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.kind} {self.version}"


class Move(models.Model):
    """One move of a scenario, in the county's own terms. ``extra_km`` is by how much the way to work becomes longer.

    ``unit`` and ``taught`` are the planner's names of school stage and subject. ``manual`` marks one made by hand.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "scenario", "teacher", "from_school", "to_school", "stage", "subject", "form", "unit",
        "taught", "extra_km", "manual",
    ) | all_of(Privacy.SENSITIVE, "wish_rank", "because_zh", "because_en")  # fmt: skip

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="moves")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("教师"))
    from_school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("派出学校"))
    to_school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("接收学校"))
    stage = code_field(Stage, _("学段"))
    subject = code_field(Subject, _("任教学科"))
    form = models.CharField(_("交流形式"), max_length=10, choices=Form.choices, default=Form.ROTATION)
    unit = models.CharField(max_length=80)
    taught = models.CharField(max_length=40)
    wish_rank = models.PositiveSmallIntegerField(_("所满足的志愿"), null=True, blank=True)
    extra_km = models.FloatField(_("通勤增加（千米）"), default=0.0)
    because_zh = EncryptedTextField(_("理由"), blank=True)
    because_en = EncryptedTextField(blank=True)
    manual = models.BooleanField(_("人工"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("方案中的移动")
        ordering = ("scenario", "from_school", "teacher")
        constraints = (models.UniqueConstraint(fields=("scenario", "teacher"), name="one_move_of_a_teacher"),)

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.teacher_id}"

    @property
    def because(self) -> str:
        """The reason in the reader's language."""
        return self.because_en if get_language() == "en" else self.because_zh


class ManualChange(models.Model):
    """A move of a scenario changed by hand: from where to where (blank: stays), why, by whom, what it broke."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "scenario", "teacher", "before", "after", "by", "at", "broken", "version"
    ) | all_of(Privacy.PERSONAL, "reason") | all_of(Privacy.SENSITIVE, "breaks_text")  # fmt: skip

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="changes")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("教师"))
    before = models.CharField(_("原安排"), max_length=200, blank=True)
    after = models.CharField(_("现安排"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=500)
    broken = models.PositiveSmallIntegerField(_("违反规则处数"), default=0)
    breaks_text = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("改动人"))
    at = models.DateTimeField(_("时间"))

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("人工调整")
        ordering = ("scenario", "at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("scenario", "version"), name="one_manual_change_makes_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.teacher_id}"
