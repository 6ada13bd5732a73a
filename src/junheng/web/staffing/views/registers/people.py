"""Lists of people: what a row about a teacher carries, and entries of the registers beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.facts import Teacher
from junheng.web.access import Permission
from junheng.web.interface.numbers import listed
from junheng.web.staffing.forms.filters import StandingFilter
from junheng.web.staffing.models.careers import OfTeacher
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.pages import NOWRAP, FiguresPage, Row, school_row
from junheng.web.staffing.views.establishment.scope import Scope, address


def person_row(scope: Scope, teacher: Teacher) -> Row:
    """A teacher at the home school, with what search and filters need."""
    person = scope.figures.people.get(teacher.id)
    row = school_row(scope, scope.school_by_id[teacher.school_id])
    key = person.key if person else 0
    readings = f"{person.pinyin} {person.initials}" if person else ""
    return row | {
        "key": key,
        "number": teacher.id,
        "name": teacher.name,
        "name_pinyin": person.pinyin if person else "",
        "host": scope.name(teacher.works_at) if teacher.works_at != teacher.school_id else "",
        "stage": label_of(teacher.stage),
        "stage_key": teacher.stage.value,
        "subject": label_of(teacher.main_subject),
        "subject_key": teacher.main_subject.value,
        "text": f"{teacher.name} {teacher.id} {readings} {row['text']}",
        "standings": set(),
    }


def entries_of(kind: type[OfTeacher], scope: Scope) -> dict[str, Any]:
    """The entries of a register that hold on the page's day, by teacher's number."""
    held = kind.objects.as_of(scope.on).filter(teacher__county=scope.county).select_related("teacher")
    return {entry.teacher.number: entry for entry in held.order_by("pk")}


def may_enter(scope: Scope, school_id: str) -> bool:
    """Whether the person may write about staff of a school."""
    return scope.may_at(Permission.TEACHERS_EDIT, school_id)


def may_read_reasons(scope: Scope, school_id: str) -> bool:
    """Whether the person may read reasons that touch health or family."""
    return scope.may_at(Permission.TEACHERS_SENSITIVE, school_id)


class PersonTable(Table):
    """Name, number, school, stage, subject; then what the register says."""

    name = Column(
        gettext_lazy("姓名"), linkify=lambda record: address("teacher", record["key"]) or None, order_by="name_pinyin"
    )
    number = Column(gettext_lazy("工号"))
    school = Column(gettext_lazy("人事关系学校"), order_by="place")
    stage = Column(gettext_lazy("学段"))
    subject = Column(gettext_lazy("主教学科"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, attrs={"class": "frozen-1"}, **given)  # a Meta would not reach the registers' tables


class EnterColumn(Column):
    """The way to the form, where the person may write."""

    def __init__(self, route: str) -> None:
        super().__init__(verbose_name="", orderable=False, empty_values=(), accessor="enters", exclude_from_export=True)
        self.route = route

    def render(self, record: Row) -> Any:
        """A link."""
        if not record.get("enters"):
            return ""
        words = _("修改") if record.get("entry") else _("登记")
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', address(self.route, record["key"]), words)


class BadgeColumn(Column):
    """Marks with a colour: a list of (colour, words)."""

    def __init__(self, verbose_name: Any, **given: Any) -> None:
        super().__init__(verbose_name, attrs=NOWRAP, **given)

    def render(self, value: list[tuple[str, str]]) -> Any:
        """Badges."""
        return format_html_join(" ", '<span class="badge bg-{}-lt">{}</span>', value)

    def value(self, value: list[tuple[str, str]]) -> str:
        """Words, for files."""
        return listed(words for _colour, words in value)


class PeoplePage(FiguresPage):
    """A list of people of a register."""

    filter_class = StandingFilter
    standings: ClassVar[tuple[tuple[str, Any], ...]] = ()
    enter_route: ClassVar[str] = ""
    empty = gettext_lazy("没有需要登记的人员。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """How a row may stand."""
        return {"standing": list(self.standings)}

    def add_button(self) -> list[dict[str, Any]]:
        """The way to enter somebody who is not on the list yet."""
        if not self.enter_route or not self.scope.standing.allows(Permission.TEACHERS_EDIT):
            return []
        return [{"url": address(self.enter_route), "icon": "plus", "label": _("登记"), "primary": True}]

    def without_names(self) -> list[dict[str, str]]:
        """What to say to somebody who sees sums only."""
        if self.scope.sees_people:
            return []
        return [{"tone": "info", "text": _("您的角色只看汇总，不显示教师名单。")}]
