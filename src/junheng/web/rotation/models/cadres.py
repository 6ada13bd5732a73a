"""Principals, vice-principals and middle managers: terms held, the reserve, moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.facts import Role
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import Form, OfSchoolQuerySet, Placement
from junheng.web.rotation.models.posts import OpenPost
from junheng.web.rotation.models.selecting import PostApplication
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing

CADRE_ROLES = ("principal", "vice_principal", "dean", "mid_level_cadre")
"""Posts whose holders are cadres."""


class Selection(models.TextChoices):
    """How somebody came to a post."""

    COMPETITION = "competition", _("竞争上岗")
    OPEN = "open", _("公开选聘")
    EXCHANGE = "exchange", _("任职交流")
    TEMPORARY = "temporary", _("挂职")
    OTHER = "other", _("其他")


class CadreTerm(models.Model):
    """A term (聘期) at a school in a post, with the goals that go with it and how they were met."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "teacher", "school", "role", "number", "start", "end", "ended_on", "selection", "goals",
        "review", "approval", "entered_by", "entered_at",
    )  # fmt: skip

    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="cadre_terms")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    role = code_field(Role, _("行政职务"))
    number = models.PositiveSmallIntegerField(_("第几个聘期"))
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"))
    ended_on = models.DateField(_("实际结束日期"), null=True, blank=True)
    selection = models.CharField(_("选任方式"), max_length=12, choices=Selection.choices)
    goals = models.TextField(_("任期目标"), max_length=4000)
    review = models.TextField(_("履职考核和民主监督"), max_length=4000, blank=True)
    approval = models.CharField(_("批准文号"), max_length=100, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("聘期")
        ordering = ("teacher", "-start")
        constraints = (
            models.UniqueConstraint(fields=("teacher", "school", "role", "number"), name="term_numbered_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="term_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_role_display()} {self.number}"


class ReserveCategory(models.TextChoices):
    """What somebody in the reserve is kept for."""

    PRINCIPAL = "principal", _("正职后备")
    VICE = "vice", _("副职后备")
    MIDDLE = "middle", _("中层后备")


class ReserveCadre(models.Model):
    """Somebody in the reserve (后备干部), by whose appraisal, for which posts, until when."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "teacher", "school", "category", "since", "until", "by", "at"
    ) | all_of(Privacy.PERSONAL, "appraisal")

    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="reserve_entries")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    category = models.CharField(_("类别"), max_length=10, choices=ReserveCategory.choices)
    since = models.DateField(_("入库日期"))
    until = models.DateField(_("出库日期"), null=True, blank=True)
    appraisal = models.TextField(_("思想、业务、作风"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("后备干部")
        ordering = ("category", "school__position", "since")
        constraints = (
            models.UniqueConstraint(
                fields=("teacher", "category"), condition=Q(until__isnull=True), name="in_the_reserve_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_category_display()}"


class CadreMoveQuerySet(models.QuerySet["CadreMove"]):
    """Reads of moves."""

    def visible_to(self, standing: Standing) -> CadreMoveQuerySet:
        """For those who plan or adopt in the county, and the person concerned once it is confirmed."""
        within = standing.organisations(Permission.ROTATION_PLAN) | standing.organisations(Permission.ROTATION_ADOPT)
        own = Q(teacher__user=getattr(standing, "user", None), confirmed_at__isnull=False)
        return self.filter(Q(year__county__in=within) | own)


class CadreMove(models.Model):
    """A move of a principal or manager: proposed by one, confirmed by another, with the outside approval it needs.

    ``findings`` is what the pack said of it when it was proposed; where the pack asks for an exception, ``exception``
    says why it is made. ``relation_moved`` says whether the personnel relation goes along; ``placement`` is what is
    ordered, reported for and served, made when the move is confirmed.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "from_school", "to_school", "role", "form", "post", "application", "start",
        "end", "reason", "exception", "findings", "approval", "approved_on", "relation_moved", "placement",
        "proposed_by", "proposed_at", "confirmed_by", "confirmed_at", "withdrawn_at",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="cadre_moves")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="cadre_moves")
    from_school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("派出学校"))
    to_school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("接收学校"))
    role = code_field(Role, _("拟任职务"))
    form = models.CharField(_("交流形式"), max_length=10, choices=Form.choices)
    post = models.ForeignKey(OpenPost, models.PROTECT, null=True, blank=True, related_name="moves")
    application = models.ForeignKey(
        PostApplication, models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("选聘报名")
    )
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"))
    reason = models.TextField(_("理由"), max_length=1000)
    exception = models.TextField(_("例外的理由"), max_length=1000, blank=True)
    findings = models.JSONField(_("政策的回答"), default=list)
    approval = models.CharField(_("组织部门批准文号"), max_length=100, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    relation_moved = models.BooleanField(_("调动人事关系"), default=False)
    placement = models.OneToOneField(
        Placement, models.PROTECT, null=True, blank=True, related_name="cadre_move", verbose_name=_("交流任务")
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    objects = CadreMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("干部交流")
        ordering = ("year", "proposed_at")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "teacher"), condition=Q(withdrawn_at__isnull=True), name="one_move_of_a_cadre"
            ),
            models.CheckConstraint(condition=~Q(from_school=F("to_school")), name="cadre_moves_elsewhere"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="cadre_move_dates_in_order"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="cadre_move_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.teacher} → {self.to_school}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:cadre_move", args=(self.year_id, self.pk))
