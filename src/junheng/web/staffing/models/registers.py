"""Registers of the personnel office, in dated rows: not in post, lent, contracts, wages, early leave, and the like."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from junheng.facts import Stage, Subject
from junheng.web.access import Privacy, all_of
from junheng.web.directory.models import Dated, Organisation
from junheng.web.staffing.models.careers import OfTeacher
from junheng.web.staffing.models.choices import code_field
from junheng.web.staffing.models.schools import OfSchool


def one_present(name: str, *of: str) -> tuple[Any, ...]:
    """At most one row holds now for what the fields name; dates are in order."""
    return (
        models.UniqueConstraint(fields=of, condition=Q(valid_until__isnull=True), name=f"{name}_one_present"),
        models.CheckConstraint(
            condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name=f"{name}_dates_in_order"
        ),
    )


def in_order(name: str) -> models.CheckConstraint:
    """The spell that a row tells of does not end before it begins."""
    return models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name=f"{name}_spell_in_order")


def yuan_field(name: Any) -> models.DecimalField[Any, Any]:
    """An amount of money a year."""
    return models.DecimalField(name, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])


class AbsenceReason(models.TextChoices):
    """Why somebody on the establishment does not work at the post."""

    LENT = "lent", _("借调外单位")
    ILLNESS = "illness", _("长期病休")
    STUDY = "study", _("脱产进修")
    PERSONAL = "personal", _("事假超期")
    EARLY_LEAVE = "early_leave", _("提前离岗")
    LEFT = "left", _("自行离岗")
    OTHER = "other", _("其他")


class NotInPostEntry(OfTeacher):
    """Somebody on the establishment but not in post (占编不在岗): why, since when, what is being done."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "since", "due") | all_of(
        Privacy.SENSITIVE, "reason", "action_taken"
    )

    reason = models.CharField(_("原因"), max_length=20, choices=AbsenceReason.choices)
    since = models.DateField(_("不在岗起始日期"))
    action_taken = models.CharField(_("处理情况"), max_length=300, blank=True)
    due = models.DateField(_("整改期限"), null=True, blank=True)

    class Meta(OfTeacher.Meta):
        constraints = one_present("not_in_post", "teacher")


class Direction(models.TextChoices):
    """Which way somebody is lent."""

    OUT = "out", _("借出")
    IN = "in", _("借入")


class SecondmentEntry(OfTeacher):
    """The paper behind a secondment (借调): with which unit, from when to when, by which document."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "direction", "unit", "start", "end", "document_number"
    )

    direction = models.CharField(_("方向"), max_length=3, choices=Direction.choices)
    unit = models.CharField(_("对方单位"), max_length=200)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("到期日期"), null=True, blank=True)
    document_number = models.CharField(_("文号"), max_length=100)

    class Meta(OfTeacher.Meta):
        constraints = (*one_present("secondment", "teacher"), in_order("secondment"))


class ContractKind(models.TextChoices):
    """Kinds of appointment contract."""

    FIXED = "fixed", _("固定期限")
    UNTIL_RETIREMENT = "until_retirement", _("聘用至退休")
    TASK = "task", _("以完成工作任务为期限")


class ContractEntry(OfTeacher):
    """An appointment contract (聘用合同)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "kind", "start", "end", "contract_number")

    kind = models.CharField(_("合同类型"), max_length=20, choices=ContractKind.choices)
    start = models.DateField(_("起始日期"))
    end = models.DateField(_("终止日期"), null=True, blank=True)
    contract_number = models.CharField(_("合同编号"), max_length=100, blank=True)

    class Meta(OfTeacher.Meta):
        constraints = (
            *one_present("contract", "teacher"),
            in_order("contract"),
            models.CheckConstraint(condition=~Q(kind="fixed") | Q(end__isnull=False), name="fixed_contract_has_an_end"),
        )


class Payer(models.TextChoices):
    """Who pays."""

    SCHOOL = "school", _("学校自筹")
    COUNTY = "county", _("县财政")
    OTHER = "other", _("其他")


class WageEntry(OfTeacher):
    """What a teacher hired by a school costs in a year (聘用教师工资)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "paid_by", "hired_on") | all_of(
        Privacy.PERSONAL, "yearly_yuan"
    )

    yearly_yuan = yuan_field(_("年工资支出（元）"))
    paid_by = models.CharField(_("经费来源"), max_length=10, choices=Payer.choices, default=Payer.SCHOOL)
    hired_on = models.DateField(_("聘用日期"), null=True, blank=True)

    class Meta(OfTeacher.Meta):
        constraints = one_present("wage", "teacher")


class EarlyLeaveEntry(OfTeacher):
    """Early leave of a frail, older, long-serving rural teacher, and what the post freed is used for (提前离岗退养)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "start", "document_number", "freed_for") | all_of(
        Privacy.SENSITIVE, "ground"
    )

    start = models.DateField(_("离岗日期"))
    ground = models.CharField(_("事由"), max_length=300)
    document_number = models.CharField(_("批准文号"), max_length=100)
    freed_for = models.CharField(_("腾出编制用于"), max_length=200, blank=True)

    class Meta(OfTeacher.Meta):
        constraints = one_present("early_leave", "teacher")


class RetirementDecision(OfTeacher):
    """A retirement date granted other than the statutory one: earlier or later, by which document."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "document_number") | all_of(
        Privacy.PERSONAL, "retires_on", "ground"
    )

    retires_on = models.DateField(_("核定退休日期"))
    ground = models.CharField(_("理由"), max_length=300)
    document_number = models.CharField(_("文号"), max_length=100)

    class Meta(OfTeacher.Meta):
        constraints = one_present("retirement_decision", "teacher")


class Measure(models.TextChoices):
    """What is done for somebody of the three-year programme."""

    DEGREE = "degree", _("学历提升")
    TRAINING = "training", _("专项培训")
    OTHER_POST = "other_post", _("转岗")
    EARLY_LEAVE = "early_leave", _("提前离岗")
    OTHER = "other", _("其他")


class Progress(models.TextChoices):
    """How far a measure has come."""

    PLANNED = "planned", _("已列入")
    UNDER_WAY = "under_way", _("进行中")
    DONE = "done", _("已完成")


class ProgrammeEntry(OfTeacher):
    """A teacher in the three-year programme for low education, high age or weak skill: measure and progress."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "former_community_teacher", "measure", "start_year", "progress"
    ) | all_of(Privacy.PERSONAL, "weak_skill", "remark")

    former_community_teacher = models.BooleanField(_("民办转公办"), default=False)
    weak_skill = models.BooleanField(_("业务水平待提高"), default=False)
    measure = models.CharField(_("措施"), max_length=20, choices=Measure.choices)
    start_year = models.PositiveSmallIntegerField(_("起始学年"))
    progress = models.CharField(_("进展"), max_length=12, choices=Progress.choices, default=Progress.PLANNED)
    remark = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta(OfTeacher.Meta):
        constraints = one_present("programme", "teacher")


class SupportKind(models.TextChoices):
    """Support posts that use no teaching post."""

    GATEKEEPER = "gatekeeper", _("门卫")
    COOK = "cook", _("炊事员")
    BOILER = "boiler", _("锅炉工")
    OTHER = "other", _("其他工勤")


class SupportPostEntry(OfSchool):
    """County-paid support posts of a school, a category of their own (工勤岗位)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "kind", "posts", "people", "yearly_yuan")

    kind = models.CharField(_("岗位"), max_length=12, choices=SupportKind.choices)
    posts = models.PositiveIntegerField(_("核定岗位数"))
    people = models.PositiveIntegerField(_("实有人数"))
    yearly_yuan = yuan_field(_("县财政年支出（元）"))

    class Meta(OfSchool.Meta):
        constraints = one_present("support_post", "school", "kind")


class IncreasePlan(Dated):
    """How many new staff a county may take on in a year (增人计划)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "county", "year", "number", "document_number")

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="increase_plans")
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("计划增人"))
    document_number = models.CharField(_("文号"), max_length=100)

    class Meta(Dated.Meta):
        constraints = one_present("increase_plan", "county", "year")


class RecruitmentEntry(OfSchool):
    """New staff planned for a school within the establishment and the year's increase plan (招聘计划).

    They are recruited openly from society; where they are not, ``basis`` names what allows it.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "stage", "subject", "number", "openly", "basis"
    )

    year = models.PositiveSmallIntegerField(_("年度"))
    stage = code_field(Stage, _("学段"))
    subject = code_field(Subject, _("学科"))
    number = models.PositiveIntegerField(_("人数"), validators=[MinValueValidator(1)])
    openly = models.BooleanField(_("面向社会公开招聘"), default=True)
    basis = models.CharField(_("不公开招聘的依据"), max_length=200, blank=True)

    class Meta(OfSchool.Meta):
        constraints = (
            *one_present("recruitment", "school", "year", "stage", "subject"),
            models.CheckConstraint(
                condition=Q(openly=True) | ~Q(basis=""), name="recruitment_not_open_names_its_basis"
            ),
        )
