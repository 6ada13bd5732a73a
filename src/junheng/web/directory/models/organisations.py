"""The tree of organisations: province, prefecture, county, cluster, school; groups and pairs stand beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from junheng.facts import PairingKind
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models.dated import Dated, DatedQuerySet
from junheng.web.directory.names import stroke_key, word_reading

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OrganisationKind(models.TextChoices):
    """The levels of the tree, from the top."""

    PROVINCE = "province", _("省（自治区、直辖市）")
    PREFECTURE = "prefecture", _("市（州）")
    COUNTY = "county", _("县（市、区）")
    CLUSTER = "cluster", _("学区")
    SCHOOL = "school", _("学校")


class OrganisationQuerySet(TreeQuerySet):
    """Reads of organisations."""

    def visible_to(
        self, standing: Standing, permission: Permission = Permission.ORGANISATIONS_VIEW
    ) -> OrganisationQuerySet:
        """Those for which the person holds the permission."""
        return self.filter(pk__in=standing.organisations(permission))

    def open_on(self, day: date) -> OrganisationQuerySet:
        """Those that exist on the day."""
        return self.filter(Q(opened__isnull=True) | Q(opened__lte=day)).filter(
            Q(closed__isnull=True) | Q(closed__gt=day)
        )

    def schools(self) -> OrganisationQuerySet:
        """Schools only."""
        return self.filter(kind=OrganisationKind.SCHOOL)


class Organisation(TreeNode):
    """A node of the tree. ``code`` is unique among its kind within its county.

    ``county`` is set for clusters and schools; :attr:`its_county` gives a county itself too.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC,
        "parent",
        "kind",
        "code",
        "name",
        "short_name",
        "county",
        "position",
        "pinyin",
        "initials",
        "strokes",
        "opened",
        "closed",
    )

    kind = models.CharField(_("类别"), max_length=12, choices=OrganisationKind.choices)
    code = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    county = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="within_county", verbose_name=_("县（市、区）")
    )
    position = models.PositiveIntegerField(_("本局顺序"), default=0)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    strokes = models.CharField(max_length=400, blank=True)
    opened = models.DateField(_("设立日期"), null=True, blank=True)
    closed = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager(with_tree_fields=False)

    class Meta:
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(fields=("county", "kind", "code"), name="organisation_code_once_in_county"),
            models.UniqueConstraint(
                fields=("kind", "code"), condition=Q(county__isnull=True), name="organisation_code_once_above"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("province", "prefecture", "county")) | Q(county__isnull=False),
                name="organisation_below_county_names_it",
            ),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(opened__isnull=True) | Q(closed__gte=models.F("opened")),
                name="organisation_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **given: Any) -> None:
        """Keeps what is derived from the name in step."""
        self.pinyin, self.initials = (part[:120] for part in word_reading(self.name))
        self.strokes = stroke_key(self.name)[:400]
        super().save(*args, **given)

    @property
    def its_county(self) -> Organisation | None:
        """The county it belongs to: itself for a county, ``None`` above."""
        return self if self.kind == OrganisationKind.COUNTY else self.county

    def is_open_on(self, day: date) -> bool:
        """Whether it exists on the day."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or self.closed > day)

    def get_absolute_url(self) -> str:
        """The organisation's page."""
        return reverse("directory:organisation", args=(self.pk,))

    @property
    def shown(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class FormerName(Dated):
    """A name that an organisation bore until the day ``valid_until``."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "organisation", "name", "short_name")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="former_names")
    name = models.CharField(_("名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)

    class Meta:
        ordering = ("organisation", "-valid_until")

    def __str__(self) -> str:
        return self.name


class SchoolTieQuerySet(DatedQuerySet):
    """Reads of ties."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ORGANISATIONS_VIEW) -> Self:
        """Ties of which one end at least is within reach."""
        within = standing.organisations(permission)
        return self.filter(Q(supporting__in=within) | Q(supported__in=within))


class SchoolTie(Dated):
    """Two schools bound for assistance from a day to a day: the first supports the second."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "supporting", "supported", "kind", "start", "end")

    supporting = models.ForeignKey(Organisation, models.PROTECT, related_name="supports")
    supported = models.ForeignKey(Organisation, models.PROTECT, related_name="supported_by")
    kind = models.CharField(max_length=20, choices=[(k.value, k.zh) for k in PairingKind])
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    objects: Any = SchoolTieQuerySet.as_manager()

    class Meta:
        ordering = ("supporting", "supported", "kind")
        constraints = (
            models.UniqueConstraint(
                fields=("supporting", "supported", "kind"),
                condition=Q(valid_until__isnull=True),
                name="tie_stands_once",
            ),
            models.CheckConstraint(
                condition=~Q(supporting=models.F("supported")), name="tie_binds_two_different_schools"
            ),
        )

    def __str__(self) -> str:
        return f"{self.supporting} → {self.supported}"

    @property
    def kind_label(self) -> str:
        """What the tie is, in the reader's language."""
        kinds: dict[str, PairingKind] = {each.value: each for each in PairingKind}
        return kinds[self.kind].label("en" if get_language() == "en" else "zh")
