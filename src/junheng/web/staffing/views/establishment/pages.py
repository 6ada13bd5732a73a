"""What the pages of posts and people have alike: menu at the side, filters, search, sums at the foot of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.facts import School
from junheng.web.access import Permission
from junheng.web.directory.names import stroke_key
from junheng.web.interface import numbers
from junheng.web.interface.listing import ListPage
from junheng.web.staffing.forms.filters import SchoolFilter
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.scope import Scope, address

Row = dict[str, Any]

SECTIONS: tuple[tuple[Any, tuple[tuple[str, Any, str], ...]], ...] = (
    (
        gettext_lazy("编制"),
        (
            ("establishment", gettext_lazy("编制总表"), "table"),
            ("establishment_plans", gettext_lazy("编制方案"), "file-certificate"),
            ("establishment_parameters", gettext_lazy("测算参数"), "adjustments"),
            ("recruitment_needs", gettext_lazy("招聘需求"), "calculator"),
            ("recruitment", gettext_lazy("招聘计划"), "user-plus"),
        ),
    ),
    (
        gettext_lazy("学科与结构"),
        (
            ("subject_demand", gettext_lazy("学科余缺"), "books"),
            ("courses_offered", gettext_lazy("开齐开足"), "list-check"),
            ("exam_subjects", gettext_lazy("考试与非考试学科"), "arrows-left-right"),
            ("structure", gettext_lazy("城乡结构对比"), "chart-pie"),
            ("middle_managers", gettext_lazy("中层职数"), "hierarchy-2"),
            ("base_statistics", gettext_lazy("基础数据"), "sum"),
        ),
    ),
    (
        gettext_lazy("名册"),
        (
            ("staff_categories", gettext_lazy("人员类别"), "category"),
            ("not_in_post", gettext_lazy("占编不在岗"), "user-off"),
            ("secondments", gettext_lazy("借调"), "user-share"),
            ("contracts", gettext_lazy("聘用合同"), "contract"),
            ("appraisals", gettext_lazy("聘期考核"), "chart-line"),
            ("hired_teachers", gettext_lazy("校聘教师"), "user-dollar"),
            ("support_posts", gettext_lazy("工勤岗位"), "tools-kitchen-2"),
            ("early_leave", gettext_lazy("提前离岗"), "door-exit"),
            ("programme", gettext_lazy("三年提升"), "stairs-up"),
        ),
    ),
    (
        gettext_lazy("前瞻"),
        (
            ("retirements", gettext_lazy("退休预测"), "calendar-due"),
            ("establishment_outlook", gettext_lazy("余缺展望"), "trending-up"),
        ),
    ),
    (
        gettext_lazy("核对与会签"),
        (
            ("verifications", gettext_lazy("人员核对"), "clipboard-check"),
            ("documents", gettext_lazy("部门会签"), "signature"),
        ),
    ),
)
"""The pages of the area, for the menu at the side."""


def menu(page: str) -> list[dict[str, Any]]:
    """The menu at the side, with the page it stands on marked."""
    return [
        {
            "title": title,
            "entries": [
                {"label": label, "url": address(name), "icon": icon, "active": name == page}
                for name, label, icon in entries
            ],
        }
        for title, entries in SECTIONS
    ]


def page_context(scope: Scope, page: str) -> dict[str, Any]:
    """What every page of the area gets."""
    return {"scope": scope, "sections": menu(page), "page": page}


def show(request: HttpRequest, scope: Scope, page: str, template: str, **given: Any) -> HttpResponse:
    """A page of the area that is no list."""
    return render(request, f"staffing/{template}.html", page_context(scope, page) | given)


def school_row(scope: Scope, school: School) -> Row:
    """What a row about a school carries for its filters and for search."""
    return dict(scope.kept(("school", school.id), lambda: _school_row(scope, school)))


def _school_row(scope: Scope, school: School) -> Row:
    place = scope.figures.places[school.id]
    return {
        "school": scope.name(school.id),
        "school_code": school.id,
        "school_key": scope.figures.keys[school.id],
        "cluster": scope.cluster_names.get(school.cluster_id, ""),
        "cluster_key": school.cluster_id,
        "locale": label_of(school.locale),
        "locale_key": school.locale.value,
        "text": f"{school.name} {school.short_name} {school.id} {place.pinyin.replace(' ', '')} {place.initials}",
        "place": place.number,
        "pinyin": place.pinyin,
        "strokes": place.strokes,
    }


ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "bureau": lambda row: row["place"],
    "pinyin": lambda row: row.get("name_pinyin") or row["pinyin"],
    "strokes": lambda row: stroke_key(row["name"]) if "name" in row else row["strokes"],
}
"""The orders in which offices read a list: of people by their names, of schools by theirs."""


def sum_of(name: str) -> Callable[[Table], Any]:
    """The sum of a column, for the foot of a table; nothing where no row has a value."""

    def foot(table: Table) -> Any:
        held = [row[name] for row in table.data if row[name] is not None]
        return sum(held) if held else "—"

    return foot


def signed(number: int | None) -> Any:
    """A gap with its sign and colour: shortage red, surplus orange."""
    if not number:
        return numbers.signed(number)
    return format_html('<i class="{}">{}</i>', "lo" if number < 0 else "hi", numbers.signed(number))


def sum_shown(name: str, digits: int | None = None) -> Callable[[Table], Any]:
    """The sum of a column as the foot of a table shows it."""
    add = sum_of(name)
    return lambda table: numbers.number(add(table), digits)


NOWRAP = {"td": {"class": "text-nowrap"}}


def school_page(record: Row) -> str | None:
    """The address of the school's page."""
    return address("school", record["school_key"]) or None


class GapColumn(Column):
    """A signed number."""

    def __init__(self, **given: Any) -> None:
        super().__init__(attrs=numbers.RIGHT, **given)

    def render(self, value: int | None) -> Any:
        """With sign and colour."""
        return signed(value)

    def value(self, value: int | None) -> Any:
        """The bare number, for files."""
        return value


class DayColumn(Column):
    """A day, as everybody writes it in lists."""

    def __init__(self, **given: Any) -> None:
        super().__init__(attrs=NOWRAP, **given)

    def render(self, value: date) -> str:
        """Year, month, day."""
        return value.isoformat()

    def value(self, value: date) -> date:
        """The day itself, for files."""
        return value


class NumberColumn(numbers.FigureColumn):
    """A count; summed at the foot where ``total`` names the field."""

    def __init__(self, total: str = "", *, digits: int | None = None, **given: Any) -> None:
        if total:
            given["footer"] = sum_shown(total, digits)
        super().__init__(digits, **given)


class FiguresPage(ListPage):
    """A list computed from the county's figures: narrowed by school, searched, summed, exported."""

    permissions = (Permission.ESTABLISHMENT_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    template_name = "staffing/establishment_list.html"
    filter_class: ClassVar[type[SchoolFilter]] = SchoolFilter
    page: ClassVar[str]
    lead: ClassVar[Any] = ""
    order: ClassVar[str] = "bureau"
    """In which of :data:`ORDERS` the rows stand; blank where they come in one of their own."""

    def get(self, request: HttpRequest, **words: Any) -> HttpResponse:
        """The page, within what the person may see."""
        self.scope = Scope(request)
        return super().get(request, **words)

    def all_rows(self) -> Iterable[Row]:
        """Every row of the scope."""
        raise TypeError(f"{type(self).__name__} must say which rows it shows")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Choices of the filter besides those of schools."""
        return {}

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Cards, charts and notes above the list, over every row of the scope."""
        return {}

    def rows(self, request: HttpRequest) -> Any:
        """The rows found."""
        clusters = {s.cluster_id: self.scope.cluster_names.get(s.cluster_id, "") for s in self.scope.schools}
        self.filters = self.filter_class(request.GET, clusters, **self.choices())
        words = request.GET.get("q", "").strip()[:100].casefold().split()
        self.every = list(self.all_rows())
        found = [
            row for row in self.every if self.filters.keeps(row) and all(w in row["text"].casefold() for w in words)
        ]
        order = self.filters.cleaned_data.get("order") or self.order
        return sorted(found, key=ORDERS[order]) if order else found

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the template gets besides the list."""
        return {
            **page_context(self.scope, self.page),
            "filters": self.filters,
            "searches": True,
            "empty": "" if self.every else self.empty,
            "lead": self.lead,
            **self.summary(self.every),
        }


def card(label: str, value: Any, icon: str, tone: str = "blue", **more: Any) -> dict[str, Any]:
    """One of the figures above a list."""
    return {"label": label, "value": value, "icon": icon, "tone": tone, **more}


def people_card(label: str, value: Any, icon: str, tone: str = "blue", **more: Any) -> dict[str, Any]:
    """A figure that counts people."""
    return card(label, value, icon, tone, unit=numbers.person_unit(value), **more)
