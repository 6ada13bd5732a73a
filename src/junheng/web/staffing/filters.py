"""What lists of the room can be narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from junheng.facts import Code, Role, Stage, Strength, Subject, Title
from junheng.facts.calendar import add_months
from junheng.facts.codes import Locale
from junheng.indicators.structure import AgeBand
from junheng.web.access import Permission, standing_of
from junheng.web.directory.standing import PersonStanding
from junheng.web.staffing.links import stands_by_rural
from junheng.web.staffing.models import CorrectionStatus
from junheng.web.staffing.models.choices import choices_of
from junheng.web.staffing.pairing import stands_by_weak_rural
from junheng.web.staffing.rosters import ORDERS, SCHOOL_ORDERS, away, backbone_on, placed_on, titles_held

YES_NO = (("yes", _("是")), ("no", _("否")))
ORDER_LABELS = (
    ("bureau", _("本局学校顺序")), ("pinyin", _("姓名拼音")), ("strokes", _("姓氏笔画")), ("oldest", _("年龄从大到小")),
    ("youngest", _("年龄从小到大")), ("longest", _("本校年限从长到短")), ("newest", _("本校年限从短到长")),
)  # fmt: skip
SCHOOL_ORDER_LABELS = (("bureau", _("本局学校顺序")), ("pinyin", _("拼音")), ("strokes", _("笔画")))


DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def day_of(request: Any) -> date:
    """The day of ``?on=``; today where there is none or it is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def born_within(band: AgeBand, on: date) -> tuple[date | None, date | None]:
    """First day after which and last day until which people of an age band were born."""
    bands = list(AgeBand)
    place = bands.index(band)
    youngest, oldest = (20 + place * 5) if place else None, 24 + place * 5 if place < len(bands) - 1 else None
    born_after = None if oldest is None else add_months(on, -12 * (oldest + 1))
    born_until = None if youngest is None else add_months(on, -12 * youngest)
    return born_after, born_until


class ShortSelect(forms.Select):
    """A select written on one line: a list of schools is a good part of a page.

    With ``data-options``, an address that answers with the choices, only what is chosen is written: the page asks for
    the others when somebody opens the control.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """As Django draws it, put together in one go: a county may have a thousand schools."""
        chosen = set(self.format_value(value))
        told = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        later = "data-options" in told
        drawn = "".join(
            f'<option value="{escape(key)}"{" selected" if str(key) in chosen else ""}>{escape(label)}</option>'
            for key, label in self.choices if not later or not key or str(key) in chosen
        )  # fmt: skip
        return format_html("<select{}>{}</select>", flatatt(told), mark_safe(drawn))  # noqa: S308 - escaped above


class _Code(django_filters.ChoiceFilter):
    def __init__(self, codes: type[Code], **given: Any) -> None:
        super().__init__(choices=choices_of(codes), empty_label=_("全部"), widget=ShortSelect, **given)


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes, no, or all."""

    def __init__(self, **given: Any) -> None:
        super().__init__(choices=YES_NO, empty_label=_("全部"), widget=ShortSelect, **given)


MANY = 100
"""From more choices than this on, a page does not carry them but asks for them."""


def within_reach(standing: PersonStanding, kind: str, permission: Permission) -> list[tuple[str, str]]:
    """Key and name of the organisations of a kind to which a permission reaches, in the bureau's order."""
    reach = standing.organisations(permission)
    return [(str(each.pk), each.shown) for each in standing.places if each.kind == kind and each.pk in reach]


class _Organisations(django_filters.ChoiceFilter):
    """Organisations of a kind within reach; the person's standing knows them already."""

    def __init__(self, kind: str, permission: Permission, **given: Any) -> None:
        super().__init__(empty_label=_("全部"), widget=ShortSelect, **given)
        self.kind, self.permission = kind, permission

    @property
    def field(self) -> Any:
        """The choice among them."""
        choices = within_reach(standing_of(self.parent.request), self.kind, self.permission)
        if len(choices) > MANY:
            address = f"{reverse('staffing:to_choose')}?kind={self.kind}&may={self.permission.value}"
            self.extra["widget"] = ShortSelect({"data-enhance": "", "data-options": address})
        self.extra["choices"] = choices
        return super().field


class TeacherFilter(django_filters.FilterSet):
    """What the roster can be narrowed by."""

    on = django_filters.DateFilter(label=_("截至日期"), method="as_it_is", widget=DAY)
    school = _Organisations("school", Permission.TEACHERS_VIEW, label=_("学校"), method="at_school")
    cluster = _Organisations("cluster", Permission.TEACHERS_VIEW, label=_("学区"), method="in_cluster")
    stage = _Code(Stage, label=_("学段"))
    subject = _Code(Subject, label=_("学科"), method="teaches")
    title = _Code(Title, label=_("职称"), method="holds_title")
    age = _Code(AgeBand, label=_("年龄段"), method="aged")
    role = _Code(Role, label=_("行政职务"))
    on_establishment = YesNoFilter(label=_("在编"), method="yes_no")
    in_post = YesNoFilter(label=_("在岗"), method="yes_no")
    exchange = YesNoFilter(label=_("交流在外"), method="is_away")
    backbone = YesNoFilter(label=_("骨干教师"), method="is_backbone")
    order = django_filters.ChoiceFilter(
        label=_("排序"),
        choices=ORDER_LABELS,
        method="in_order",
        empty_label=None,
        null_label=None,
        widget=ShortSelect,
    )

    FIRST = ("school", "stage", "subject")
    """The others are behind a fold, so that the list starts high up on a small screen."""

    @property
    def first(self) -> list[Any]:
        """Fields that are always seen."""
        return [self.form[name] for name in self.FIRST]

    @property
    def more(self) -> list[Any]:
        """Fields behind the fold."""
        return [self.form[name] for name in self.form.fields if name not in self.FIRST]

    @property
    def more_in_use(self) -> bool:
        """Whether any of them narrows the list."""
        return any(self.data.get(field.name) for field in self.more)

    def as_it_is(self, rows: Any, _name: str, _value: Any) -> Any:
        """The day is read by the page."""
        return rows

    def at_school(self, rows: Any, _name: str, school: str) -> Any:
        """At home there or working there."""
        return rows.filter(Q(school=school) | Q(teaching_school=school))

    def in_cluster(self, rows: Any, _name: str, cluster: str) -> Any:
        """At home in the cluster or working there."""
        return rows.filter(Q(school__parent=cluster) | Q(teaching_school__parent=cluster))

    def teaches(self, rows: Any, _name: str, subject: str) -> Any:
        """As main subject, or beside it."""
        beside = Q(also_teaches__icontains=f'"{subject}"')
        return rows.filter(Q(main_subject=subject) | beside)

    def holds_title(self, rows: Any, _name: str, title: str) -> Any:
        """On the day; nobody's title counts as none."""
        rows = rows.alias(title_held=titles_held(day_of(self.request)))
        held = Q(title_held=title)
        return rows.filter(held | Q(title_held__isnull=True) if title == Title.NONE.value else held)

    def aged(self, rows: Any, _name: str, band: str) -> Any:
        """In completed years on the day."""
        after, until = born_within(AgeBand.read(band), day_of(self.request))
        rows = rows.filter(birth_date__gt=after) if after else rows
        return rows.filter(birth_date__lte=until) if until else rows

    def yes_no(self, rows: Any, name: str, value: str) -> Any:
        """A blank is neither."""
        return rows.filter(**{name: value == "yes"})

    def is_away(self, rows: Any, _name: str, value: str) -> Any:
        """Working elsewhere, by state or by a spell."""
        elsewhere = away() | Q(placed_on(day_of(self.request)))
        return rows.filter(elsewhere) if value == "yes" else rows.exclude(elsewhere)

    def is_backbone(self, rows: Any, _name: str, value: str) -> Any:
        """On the day."""
        backbone = backbone_on(day_of(self.request))
        return rows.filter(backbone if value == "yes" else ~backbone)

    def in_order(self, rows: Any, _name: str, order: str) -> Any:
        """One of the orders that offices use."""
        return rows.order_by(*ORDERS[order])


class SchoolFilter(django_filters.FilterSet):
    """What the list of schools can be narrowed by."""

    on = django_filters.DateFilter(label=_("截至日期"), method="as_it_is", widget=DAY)
    cluster = _Organisations("cluster", Permission.SCHOOLS_VIEW, label=_("学区"))
    stage = _Code(Stage, label=_("学段"), method="has_stage")
    locale = _Code(Locale, label=_("城乡类型"))
    strength = _Code(Strength, label=_("办学水平"))
    stands_by = YesNoFilter(label=_("支援乡村薄弱学校"), method="stands_by_one")
    paired = YesNoFilter(label=_("与乡村学校结对"), method="paired_with_rural")
    order = django_filters.ChoiceFilter(
        label=_("排序"), choices=SCHOOL_ORDER_LABELS, method="in_order", empty_label=None, null_label=None,
        widget=ShortSelect,
    )  # fmt: skip

    def as_it_is(self, rows: Any, _name: str, _value: Any) -> Any:
        """The day is read by the page."""
        return rows

    def in_order(self, rows: Any, _name: str, order: str) -> Any:
        """One of the orders that offices use."""
        return rows.order_by(*SCHOOL_ORDERS[order])

    def has_stage(self, rows: Any, _name: str, stage: str) -> Any:
        """Teaches the stage, perhaps with another."""
        return rows.filter(stages__icontains=f'"{stage}"')

    def stands_by_one(self, rows: Any, _name: str, value: str) -> Any:
        """By a tie that holds on the day."""
        found = stands_by_weak_rural(day_of(self.request))
        return rows.filter(found if value == "yes" else ~found)

    def paired_with_rural(self, rows: Any, _name: str, value: str) -> Any:
        """Supporting any rural school by a tie that holds on the day."""
        found = stands_by_rural(day_of(self.request))
        return rows.filter(found if value == "yes" else ~found)


class CorrectionFilter(django_filters.FilterSet):
    """What corrections can be narrowed by."""

    status = django_filters.ChoiceFilter(label=_("状态"), choices=CorrectionStatus.choices, empty_label=_("全部"))
