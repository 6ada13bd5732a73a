"""Schools in dated rows; fields are those of the facts of the same name in :mod:`junheng.facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.facts import HistoryKind, Locale, SchoolKind, Stage, Strength, Subject
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Dated, DatedQuerySet, Organisation
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OfSchoolQuerySet(DatedQuerySet):
    """Reads of rows about schools."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.SCHOOLS_VIEW) -> Self:
        """Rows of schools for which the person holds the permission."""
        return self.filter(school__in=standing.organisations(permission))


class OfSchool(Dated):
    """A row about a school, which is a leaf of the organisation tree."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "school")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="%(class)s_set")

    objects = OfSchoolQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = True


class SchoolState(OfSchool):
    """What holds of a school from a day on; ``stages`` is a list of stage codes."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC,
        "name",
        "short_name",
        "kind",
        "stages",
        "locale",
        "cluster",
        "township",
        "group",
        "boarding",
        "x_km",
        "y_km",
    ) | all_of(Privacy.INTERNAL, "strength")

    name = models.CharField(_("学校名称"), max_length=200)
    short_name = models.CharField(_("学校简称"), max_length=60, blank=True)
    kind = code_field(SchoolKind, _("办学类型"))
    stages = models.JSONField(_("举办学段"), default=list)
    locale = code_field(Locale, _("城乡类型"))
    cluster = models.ForeignKey(Organisation, models.PROTECT, related_name="school_states", verbose_name=_("学区"))
    township = models.CharField(_("乡镇"), max_length=100, blank=True)
    x_km = models.FloatField(_("横坐标（千米）"), null=True, blank=True)
    y_km = models.FloatField(_("纵坐标（千米）"), null=True, blank=True)
    strength = code_field(Strength, _("办学水平"), default=Strength.ORDINARY.value)
    group = models.CharField(_("教育集团"), max_length=200, blank=True)
    boarding = models.BooleanField(_("寄宿制"), default=False)

    class Meta:
        ordering = ("school", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("school",), condition=Q(valid_until__isnull=True), name="school_has_one_present_state"
            ),
        )

    def __str__(self) -> str:
        return self.name


class EnrolmentEntry(OfSchool):
    """Pupils and classes of one grade."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "stage", "grade", "pupils", "classes")

    stage = code_field(Stage, _("学段"))
    grade = models.PositiveSmallIntegerField(_("年级"))
    pupils = models.PositiveIntegerField(_("学生数"))
    classes = models.PositiveIntegerField(_("班级数"))


class PostsEntry(OfSchool):
    """Authorised establishment of one stage, all staff."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "stage", "posts")

    stage = code_field(Stage, _("学段"))
    posts = models.PositiveIntegerField(_("编制数"))


class RequirementEntry(OfSchool):
    """How many teachers of a subject are needed."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "stage", "subject", "required", "weekly_periods")

    stage = code_field(Stage, _("学段"))
    subject = code_field(Subject, _("学科"))
    required = models.PositiveIntegerField(_("需求教师数"))
    weekly_periods = models.FloatField(_("周课时"), null=True, blank=True)


class ResourcesEntry(OfSchool):
    """Amounts behind the resource indicators that do not move with teachers."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "stage", "teaching_area_m2", "sports_area_m2", "equipment_yuan", "multimedia_rooms"
    )

    stage = code_field(Stage, _("学段"))
    teaching_area_m2 = models.FloatField(_("教学及辅助用房面积（平方米）"), null=True, blank=True)
    sports_area_m2 = models.FloatField(_("体育运动场馆面积（平方米）"), null=True, blank=True)
    equipment_yuan = models.FloatField(_("教学仪器设备值（元）"), null=True, blank=True)
    multimedia_rooms = models.PositiveIntegerField(_("网络多媒体教室（间）"), null=True, blank=True)


class SchoolEventEntry(OfSchool):
    """A merger, change of name, foundation or closure."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "kind", "on", "other_name", "other_id")

    kind = code_field(HistoryKind, _("事项"))
    on = models.DateField(_("日期"))
    other_name = models.CharField(_("相关学校名称"), max_length=200, blank=True)
    other_id = models.CharField(_("相关学校代码"), max_length=40, blank=True)
