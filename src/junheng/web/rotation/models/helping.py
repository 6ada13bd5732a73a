"""Help during service: visits, leaders in charge of schools, allowances, safeguards, problems, goals, deductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.serving import OfPlacementQuerySet
from junheng.web.rotation.models.years import RotationYear

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OfYearSchoolQuerySet(models.QuerySet[Any]):
    """Reads of rows about a school in a year."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> OfYearSchoolQuerySet:
        """Those about schools where the person holds the permission."""
        return self.filter(school__in=standing.organisations(permission))


class LeaderDuty(models.Model):
    """That a leader of the bureau answers for a school in the year (包校)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "year", "school", "leader", "by", "at")

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="leader_duties")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("包校领导"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    objects = OfYearSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("领导包校")
        ordering = ("year", "school")
        constraints = (models.UniqueConstraint(fields=("year", "school"), name="one_leader_answers_for_a_school"),)

    def __str__(self) -> str:
        return f"{self.school} {self.leader}"


class VisitKind(models.TextChoices):
    """Who came."""

    HOME = "home", _("派出学校走访")
    LEADER = "leader", _("包校领导到校")
    SECTION = "section", _("机关科室到校")


class VisitQuerySet(models.QuerySet["Visit"]):
    """Reads of visits."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> VisitQuerySet:
        """Those at schools, or by home schools, where the person holds the permission, and to oneself."""
        within = standing.organisations(permission)
        return self.filter(
            Q(school__in=within)
            | Q(placement__from_school__in=within)
            | Q(placement__teacher__user=getattr(standing, "user", None))
        )


class Visit(models.Model):
    """A visit or talk: by the home school to its teacher (``placement``), or by the bureau to a school."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "school", "placement", "kind", "on", "visitor", "by", "at"
    ) | all_of(Privacy.PERSONAL, "thoughts", "work", "life", "found", "help")

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="visits")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("所到学校"))
    placement = models.ForeignKey(
        Placement, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("交流任务")
    )
    kind = models.CharField(_("走访类别"), max_length=8, choices=VisitKind.choices)
    on = models.DateField(_("日期"))
    visitor = models.CharField(_("走访人"), max_length=100)
    thoughts = models.CharField(_("思想情况"), max_length=500, blank=True)
    work = models.CharField(_("工作和学习情况"), max_length=500, blank=True)
    life = models.CharField(_("生活情况"), max_length=500, blank=True)
    found = models.CharField(_("发现的问题"), max_length=500, blank=True)
    help = models.CharField(_("给予的帮助"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class Payer(models.TextChoices):
    """Who pays."""

    HOME = "home", _("派出学校")
    HOST = "host", _("接收学校")
    COUNTY = "county", _("县财政")


def money(name: object) -> models.DecimalField[object, object]:
    """An amount of money in yuan."""
    return models.DecimalField(name, max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])  # type: ignore[arg-type]


class AllowanceRate(models.Model):
    """An allowance of the year: what, how much a month, who pays, and the clause of the pack that says so."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "name", "amount", "payer", "rural_only", "clause", "by", "at"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="allowance_rates")
    name = models.CharField(_("补助名称"), max_length=60)
    amount = money(_("每月金额（元）"))
    payer = models.CharField(_("由谁承担"), max_length=6, choices=Payer.choices)
    rural_only = models.BooleanField(_("只发给到乡村学校的"), default=False)
    clause = models.CharField(_("依据"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("补助标准")
        ordering = ("year", "name")
        constraints = (models.UniqueConstraint(fields=("year", "name"), name="allowance_named_once"),)

    def __str__(self) -> str:
        return self.name


class Allowance(models.Model):
    """An allowance due to a placement for a month, and whether it was paid."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "rate", "month", "paid_on", "by"
    ) | all_of(Privacy.PERSONAL, "amount")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="allowances")
    rate = models.ForeignKey(AllowanceRate, models.PROTECT, related_name="allowances", verbose_name=_("补助名称"))
    month = models.DateField(_("月份"))
    amount = money(_("金额（元）"))
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("补助")
        ordering = ("-month", "placement")
        constraints = (models.UniqueConstraint(fields=("placement", "rate", "month"), name="allowance_once_a_month"),)

    def __str__(self) -> str:
        return f"{self.rate} {self.month:%Y-%m}"


class SafeguardGroup(models.TextChoices):
    """The three heads of safeguards."""

    ECONOMIC = "economic", _("经济保障")
    POLICY = "policy", _("政策保障")
    PROFESSIONAL = "professional", _("业务保障")


class Safeguard(models.Model):
    """A safeguard of a placement under one of three heads, and whether it is in place."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "group", "words", "met", "checked_on", "by"
    ) | all_of(Privacy.PERSONAL, "note")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="safeguards")
    group = models.CharField(_("类别"), max_length=12, choices=SafeguardGroup.choices)
    words = models.CharField(_("保障事项"), max_length=200)
    met = models.BooleanField(_("已落实"), default=False)
    checked_on = models.DateField(_("检查日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("保障事项")
        ordering = ("placement", "group", "pk")

    def __str__(self) -> str:
        return self.words


class Goal(models.Model):
    """A goal of the improvement agreement of a placement, followed until its outcome."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "due", "outcome", "judged_on", "by"
    ) | all_of(Privacy.PERSONAL, "words", "measure", "note")

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("进行中")
        MET = "met", _("已达成")
        PARTLY = "partly", _("部分达成")
        MISSED = "missed", _("未达成")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="goals")
    words = models.CharField(_("提高目标"), max_length=300)
    measure = models.CharField(_("检验办法"), max_length=300)
    due = models.DateField(_("期限"))
    outcome = models.CharField(_("结果"), max_length=6, choices=Outcome.choices, default=Outcome.OPEN)
    judged_on = models.DateField(_("检验日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("提高目标")
        ordering = ("placement", "due")

    def __str__(self) -> str:
        return self.words


class Deduction(models.Model):
    """A proposal to deduct from basic performance pay because duties were not met; decided by the bureau.

    ``percent`` null means that the pack leaves the number to an authority and the proposer did not name one.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "month", "clause", "status", "proposed_by", "proposed_at", "decided_by",
        "decided_at",
    ) | all_of(Privacy.PERSONAL, "reason", "percent", "opinion", "unmet")  # fmt: skip

    class Status(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _("待决定")
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("不同意")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="deductions")
    month = models.DateField(_("月份"))
    unmet = models.JSONField(_("未完成的任务"), default=list)
    reason = models.CharField(_("理由"), max_length=500)
    percent = models.DecimalField(
        _("扣减比例（%）"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    clause = models.CharField(_("依据"), max_length=200)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = models.CharField(_("决定意见"), max_length=500, blank=True)

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("绩效扣减建议")
        ordering = ("-month", "placement")
        constraints = (
            models.UniqueConstraint(
                fields=("placement", "month"), condition=~Q(status="refused"), name="one_deduction_a_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement_id} {self.month:%Y-%m}"
