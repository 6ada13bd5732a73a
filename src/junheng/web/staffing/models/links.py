"""What schools, groups of schools, districts and teachers bound to each other have agreed to share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Dated, DatedQuerySet, Organisation
from junheng.web.staffing.models.registers import in_order, one_present
from junheng.web.staffing.models.teachers import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing


class Sharing(models.TextChoices):
    """What those who are bound to each other have in common."""

    STAFF = "staff", _("人员共用")
    RESOURCES = "resources", _("资源共享")
    MANAGEMENT = "management", _("管理同步")
    DEVELOPMENT = "development", _("共同发展")
    IDEAS = "ideas", _("理念共享")
    EQUIPMENT = "equipment", _("设备共享")


BUNDLE = (Sharing.STAFF, Sharing.RESOURCES, Sharing.MANAGEMENT, Sharing.DEVELOPMENT)
"""What a pair has in common that stands and falls together (捆绑式)."""
ZONE = (Sharing.IDEAS, Sharing.MANAGEMENT, Sharing.STAFF, Sharing.EQUIPMENT)
"""What the branches of a zone (片区) have in common with its main school."""


class Shared(Dated):
    """Terms of a link: what is shared from a day on, by which document."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "shares", "document_number")

    shares = models.JSONField(_("共享内容"), default=list)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)

    class Meta(Dated.Meta):
        abstract = True

    def has_all(self, wanted: tuple[Sharing, ...]) -> bool:
        """Whether everything named is shared."""
        return {each.value for each in wanted} <= set(self.shares)

    @property
    def share_labels(self) -> list[str]:
        """What is shared, in words, in the order of :class:`Sharing`."""
        return [str(each.label) for each in Sharing if each.value in self.shares]


class PairTermsQuerySet(DatedQuerySet):
    """Reads of terms of pairs."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.SCHOOLS_VIEW) -> Self:
        """Of pairs of which one end at least is within reach."""
        within = standing.organisations(permission)
        return self.filter(Q(supporting__in=within) | Q(supported__in=within))


class PairTerms(Shared):
    """What two paired schools share, and what they do together all the year round.

    It belongs to the two schools and not to a row of :class:`SchoolTie`, so that a county workbook taken in anew, which
    replaces such rows, leaves it as it is; it counts while a tie binds the two.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "supporting", "supported", "activities")

    supporting = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supported = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    activities = models.CharField(_("常年开展的活动"), max_length=500, blank=True)

    objects = PairTermsQuerySet.as_manager()

    class Meta(Shared.Meta):
        ordering = ("supporting", "supported", "valid_from")
        constraints = one_present("pair_terms", "supporting", "supported")

    def __str__(self) -> str:
        return f"{self.supporting} → {self.supported}"

    @property
    def is_bundle(self) -> bool:
        """Whether the pair shares staff, resources, management and development alike (捆绑式)."""
        return self.has_all(BUNDLE)


class OfCountyQuerySet(DatedQuerySet):
    """Reads of what a county as a whole has."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.SCHOOLS_VIEW) -> Self:
        """Of counties in which the person holds the permission, at a single school even."""
        within = standing.organisations(permission)
        counties = Organisation.objects.filter(pk__in=within).values("county")
        return self.filter(Q(county__in=within) | Q(county__in=counties))


class GroupKind(models.TextChoices):
    """What binds more than two schools."""

    GROUP = "group", _("教育集团")
    ZONE = "zone", pgettext_lazy("group", "片区")
    LEAGUE = "league", _("联盟学校")
    COMMUNITY = "community", _("城乡共同体")
    CAMPUSES = "campuses", _("一校两区")


class GroupTerms(Shared):
    """What a school group is: a zone, a league …, its main school, and what the others share with it.

    Which schools belong to it stands in each school's own state (``SchoolState.group``), under the same name.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "county", "name", "kind", "main")

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(_("类型"), max_length=10, choices=GroupKind.choices)
    main = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主校")
    )

    objects = OfCountyQuerySet.as_manager()

    class Meta(Shared.Meta):
        ordering = ("county", "name", "valid_from")
        constraints = one_present("group_terms", "county", "name")

    def __str__(self) -> str:
        return self.name


class OutsidePartner(Dated):
    """A district elsewhere with which the county is paired (县域结对): which programme, since when, by which paper."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "county", "partner", "programme", "whole_county", "contact_unit", "contents", "start", "end",
        "document_number",
    )  # fmt: skip

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    partner = models.CharField(_("县外结对单位"), max_length=200)
    programme = models.CharField(_("结对项目"), max_length=200)
    whole_county = models.BooleanField(_("全域结对"), default=True)
    contact_unit = models.CharField(_("对方牵头部门"), max_length=200, blank=True)
    contents = models.CharField(_("协作内容"), max_length=500, blank=True)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)

    objects = OfCountyQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ("county", "partner", "programme", "valid_from")
        constraints = (*one_present("outside_partner", "county", "partner", "programme"), in_order("outside_partner"))

    def __str__(self) -> str:
        return f"{self.partner} {self.programme}"


class TeacherTieQuerySet(DatedQuerySet):
    """Reads of pairs of teachers."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.TEACHERS_VIEW) -> Self:
        """Pairs of which one teacher at least is within reach."""
        seen = Teacher.objects.visible_to(standing, permission).values("pk")
        return self.filter(Q(supporting__in=seen) | Q(supported__in=seen))

    def editable_by(self, standing: Standing) -> Self:
        """Pairs that the person's school, or the county, may change: of its own teachers, not of guests."""
        within = standing.organisations(Permission.TEACHERS_EDIT)
        own = Q(states__valid_until__isnull=True, states__school__in=within) | Q(county__in=within)
        mine = Teacher.objects.filter(own).values("pk")
        return self.filter(Q(supporting__in=mine) | Q(supported__in=mine))

    def lasting_on(self, day: date) -> Self:
        """Those that hold on a day by their own dates."""
        return self.as_of(day).filter(start__lte=day).filter(Q(end__isnull=True) | Q(end__gte=day))


class TeacherTie(Dated):
    """Two teachers of the county bound for assistance (教师结对): the first supports the second."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "supporting", "supported", "aim", "start", "end")

    supporting = models.ForeignKey(Teacher, models.PROTECT, related_name="supports")
    supported = models.ForeignKey(Teacher, models.PROTECT, related_name="supported_by")
    aim = models.CharField(_("结对内容"), max_length=300)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)

    objects: Any = TeacherTieQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ("-start", "supporting", "supported")
        constraints = (
            *one_present("teacher_tie", "supporting", "supported"),
            in_order("teacher_tie"),
            models.CheckConstraint(condition=~Q(supporting=F("supported")), name="teacher_tie_binds_two_people"),
        )

    def __str__(self) -> str:
        return f"{self.supporting} → {self.supported}"
