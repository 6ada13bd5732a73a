"""Establishment plans: what the county asks for, what is verified and approved, and what each school is allotted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.facts import Stage
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.models.choices import code_field
from junheng.web.staffing.models.snapshots import Snapshot

if TYPE_CHECKING:
    from junheng.web.access import Standing


class PlanState(models.TextChoices):
    """How far a plan has come. After ``returned`` the drafter begins another version; ``withdrawn`` has no effect."""

    DRAFT = "draft", _("拟定中")
    VERIFIED = "verified", _("已核定")
    APPROVED = "approved", _("已审批")
    ALLOCATED = "allocated", _("已分配")
    FILED = "filed", _("已备案")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


OVER = (PlanState.FILED, PlanState.RETURNED, PlanState.WITHDRAWN)
"""States after which nothing more happens to a plan."""


class EstablishmentPlanQuerySet(models.QuerySet["EstablishmentPlan"]):
    """Reads of plans."""

    def visible_to(
        self, standing: Standing, permission: Permission = Permission.ESTABLISHMENT_VIEW
    ) -> EstablishmentPlanQuerySet:
        """Plans of counties for which the person holds the permission."""
        return self.filter(county__in=standing.organisations(permission))


class EstablishmentPlan(models.Model):
    """One version of a county's establishment plan (编制方案), reckoned on a day, in force from a day once filed.

    ``norm`` keeps the parameters it was reckoned by. ``requested_total`` is what the draft asks for;
    ``allocated_total`` is the sum of what the lines allot, and the database keeps it within ``approved_total``.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "county",
        "version",
        "title",
        "state",
        "reckoned_on",
        "snapshot",
        "effective_from",
        "norm",
        "requested_total",
        "verified_total",
        "approved_total",
        "allocated_total",
        "previous",
        "drafted_by",
        "drafted_at",
        "verified_by",
        "approved_by",
        "filed_by",
        "moves",
    )

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="establishment_plans")
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(_("状态"), max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    reckoned_on = models.DateField(_("数据日期"))
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, related_name="establishment_plans", verbose_name=_("数据快照")
    )
    effective_from = models.DateField(_("执行日期"))
    norm = models.JSONField(_("测算标准"), default=dict)
    requested_total = models.PositiveIntegerField(_("申请总额"))
    verified_total = models.PositiveIntegerField(_("核定总额"), null=True, blank=True)
    approved_total = models.PositiveIntegerField(_("审批总额"), null=True, blank=True)
    allocated_total = models.PositiveIntegerField(_("已分配"), null=True, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next_versions")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("拟定时间"))
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    moves = models.PositiveIntegerField(default=0)

    objects = EstablishmentPlanQuerySet.as_manager()

    class Meta:
        ordering = ("county", "-version")
        constraints = (
            models.UniqueConstraint(fields=("county", "version"), name="plan_version_once_in_county"),
            models.UniqueConstraint(
                fields=("county",),
                condition=~Q(state__in=("filed", "returned", "withdrawn")),
                name="county_has_one_open_plan",
            ),
            models.CheckConstraint(
                condition=Q(allocated_total__isnull=True) | Q(allocated_total__lte=F("approved_total")),
                name="allotted_posts_within_the_approved_total",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "allocated", "filed")) | Q(approved_total__isnull=False),
                name="approved_plan_has_a_total",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("allocated", "filed")) | Q(allocated_total__isnull=False),
                name="allocated_plan_is_allotted",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{who}__isnull": True}) | ~Q(**{who: F("drafted_by")}),
                    name=f"plan_{who}_another_than_the_drafter",
                )
                for who in ("verified_by", "approved_by", "filed_by")
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}（V{self.version}）"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("staffing:establishment_plan", args=(self.pk,))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in OVER


class PlanLine(models.Model):
    """One stage of one school in a plan: what it is reckoned from, what it needs, is proposed and allotted.

    ``proposal`` keeps how the proposal came about: exact share, whole part, rank of the remainder.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "plan",
        "school",
        "stage",
        "pupils",
        "classes",
        "by_pupils",
        "by_classes",
        "need",
        "authorised",
        "on_establishment",
        "at_work",
        "proposed",
        "proposal",
        "allotted",
        "reason",
    )

    plan = models.ForeignKey(EstablishmentPlan, models.PROTECT, related_name="lines")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    stage = code_field(Stage, _("学段"))
    pupils = models.PositiveIntegerField(_("学生数"))
    classes = models.PositiveIntegerField(_("班级数"))
    by_pupils = models.PositiveIntegerField(_("按生师比"), null=True)
    by_classes = models.PositiveIntegerField(_("按班级"), null=True)
    need = models.PositiveIntegerField(_("应配"))
    authorised = models.PositiveIntegerField(_("现编制"), null=True)
    on_establishment = models.PositiveIntegerField(_("在编"))
    at_work = models.PositiveIntegerField(_("在岗"))
    proposed = models.PositiveIntegerField(_("建议分配"), null=True)
    proposal = models.JSONField(default=dict)
    allotted = models.PositiveIntegerField(_("分配"), null=True)
    reason = models.CharField(_("调整理由"), max_length=300, blank=True)

    class Meta:
        ordering = ("school__position", "school__code", "-stage")
        constraints = (
            models.UniqueConstraint(fields=("plan", "school", "stage"), name="plan_line_once_for_school_and_stage"),
        )

    def __str__(self) -> str:
        return f"{self.school} {self.get_stage_display()}"


class StepKind(models.TextChoices):
    """What was done with a plan."""

    DRAFTED = "drafted", _("拟定")
    VERIFIED = "verified", _("核定")
    APPROVED = "approved", _("审批")
    ALLOCATED = "allocated", _("分配到校")
    FILED = "filed", _("备案")
    RETURNED = "returned", _("退回")
    WITHDRAWN = "withdrawn", _("撤回")


class PlanStep(models.Model):
    """One step of the chain: who recorded it, which body decided, by which document, with what total and opinion."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "plan",
        "kind",
        "by",
        "at",
        "body",
        "jointly_with",
        "document_number",
        "on",
        "total",
        "opinion",
    )

    plan = models.ForeignKey(EstablishmentPlan, models.PROTECT, related_name="steps")
    kind = models.CharField(_("步骤"), max_length=12, choices=StepKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    body = models.CharField(_("决定单位"), max_length=200, blank=True)
    jointly_with = models.CharField(_("会同单位"), max_length=200, blank=True)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)
    on = models.DateField(_("日期"), null=True, blank=True)
    total = models.PositiveIntegerField(_("总额"), null=True, blank=True)
    opinion = models.TextField(_("意见"), blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.plan} {self.get_kind_display()}"
