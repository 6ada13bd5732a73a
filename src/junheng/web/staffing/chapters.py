"""The chapters of a teacher's file: field groups of the national form, filled with what is held.

A chapter whose data are not held yet says where they will come from, instead of an empty table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import SpellKind
from junheng.web.access import Permission
from junheng.web.staffing.declared import STATE, TEACHER_PARTS, Part, language, said
from junheng.web.staffing.models import Teacher, TeacherState

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Chapter:
    """A tab of the file: columns of the state, parts with their entries, and what is still to come from where."""

    key: str
    label: Words
    icon: str
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    kinds: frozenset[str] | None = None
    to_come: Words = ""
    needs: Permission | None = None


_AWAY = frozenset(kind.value for kind in SpellKind if kind is not SpellKind.POST)
CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "basic", gettext_lazy("基本信息"), "id",
        fields=("name", "sex", "birth_date", "id_number", "school_id", "teaching_school_id", "work_start",
                "joined_current_school", "role", "on_establishment", "in_post", "full_time", "seconded_in",
                "commute_limit_km", "home_x_km", "home_y_km", "note"),
        to_come=gettext_lazy("民族、政治面貌、籍贯、照片等项目，随国家教师系统字段导入后显示。"),
    ),
    Chapter(
        "study", gettext_lazy("学习经历"), "school", fields=("education",),
        to_come=gettext_lazy("各阶段毕业院校、专业和学位，随国家教师系统字段导入后显示。"),
    ),
    Chapter(
        "careers", gettext_lazy("工作经历"), "briefcase", fields=("work_start", "joined_current_school"),
        parts=("appointments",), kinds=frozenset({SpellKind.POST.value}),
    ),
    Chapter(
        "posts", gettext_lazy("岗位聘任"), "user-check",
        fields=("role", "on_establishment", "in_post", "seconded_in", "full_time", "terms_completed",
                "retirement_override"),
        to_come=gettext_lazy("岗位等级随职称登记；聘任合同起止和兼任岗位，随岗位聘任业务启用后显示。"),
    ),
    Chapter("titles", gettext_lazy("专业技术职务"), "award", parts=("titles",)),
    Chapter("assessments", gettext_lazy("年度考核"), "clipboard-check", parts=("assessments",)),
    Chapter(
        "teaching", gettext_lazy("教育教学"), "book", fields=("stage", "main_subject", "also_teaches", "specialist"),
        parts=("exams",), to_come=gettext_lazy("分学期的任教课程和周课时，随课时登记启用后显示。"),
    ),
    Chapter(
        "honors", gettext_lazy("荣誉"), "medal", parts=("honors",),
        to_come=gettext_lazy("教学科研成果和入选人才项目，随相应业务启用后显示。"),
    ),
    Chapter(
        "training", gettext_lazy("培训"), "certificate", parts=("training",),
        to_come=gettext_lazy("培训项目、机构和海外研修，由学时台账启用后登记。"),
    ),
    Chapter(
        "certificates", gettext_lazy("证书"), "license", fields=("certificate_stage",),
        to_come=gettext_lazy("教师资格证号、定期注册结论、普通话水平，随国家教师系统字段导入后显示。"),
    ),
    Chapter(
        "exchange", gettext_lazy("交流轮岗"), "arrows-exchange",
        fields=("teaching_school_id", "applied", "deferral_reason", "deferral_approved_by"),
        parts=("appointments", "wishes"), kinds=_AWAY,
    ),
    Chapter("leaves", gettext_lazy("请假"), "calendar-off", parts=("leaves",)),
    Chapter(
        "sanctions", gettext_lazy("师德与处分"), "shield-exclamation", parts=("sanctions",),
        to_come=gettext_lazy("师德考核结论见年度考核。"), needs=Permission.TEACHERS_SENSITIVE,
    ),
    Chapter(
        "family", gettext_lazy("健康与家庭"), "heart", parts=("family",), needs=Permission.TEACHERS_SENSITIVE,
    ),
    Chapter(
        "elsewhere", gettext_lazy("待遇与联系方式"), "wallet",
        to_come=gettext_lazy("工资待遇由绩效管理启用后登记；手机、地址等联系方式由本人在账号中维护。本系统目前不收集。"),
    ),
)  # fmt: skip
CHAPTER: Mapping[str, Chapter] = {chapter.key: chapter for chapter in CHAPTERS}


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of the file in words, and where to say that it is wrong."""

    label: str
    value: str
    field: str
    wide: bool = False
    masked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a part in words. ``over`` is true once its last day has passed."""

    row: Any
    cells: tuple[Fact, ...]
    over: bool

    @property
    def pk(self) -> int:
        """The row's key."""
        return int(self.row.pk)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a chapter with its rows."""

    part: Part
    entries: tuple[Entry, ...]

    @property
    def columns(self) -> list[str]:
        """Headers in the language of the page."""
        return [column.header(language()) for column in self.part.columns]


def facts_of(state: TeacherState, names: tuple[str, ...]) -> list[Fact]:
    """Columns of the state in words."""
    return [
        Fact(
            column.header(language()), said(column, STATE.value(state, column)), column.field,
            wide=column.field in {"note"}, masked=column.field == "id_number",
        )
        for column in map(STATE.column, names)
    ]  # fmt: skip


def sections_of(chapter: Chapter, teacher: Teacher, day: date, places: Mapping[str, str]) -> list[Section]:
    """The parts of a chapter with the entries that hold on the day, the latest first."""
    found = []
    for key in chapter.parts:
        part = TEACHER_PARTS[key]
        rows = entries_of(part, teacher, day)
        if chapter.kinds is not None and key == "appointments":
            rows = rows.filter(kind__in=chapter.kinds)
        found.append(Section(part, tuple(entry_of(part, row, day, places) for row in rows)))
    return found


def entries_of(part: Part, teacher: Model, day: date) -> Any:
    """Rows of a part that hold on the day, the latest first."""
    rows = part.model.objects.as_of(day).filter(**{part.owner: teacher})
    references = [part.attribute(c) for c in part.columns if part.attribute(c) != c.field]
    rows = rows.select_related(*references) if references else rows
    return rows.order_by(*_order(part))


def _order(part: Part) -> tuple[str, ...]:
    names = {column.field for column in part.columns}
    for leading in ("start", "year", "school_year", "on"):
        if leading in names:
            return (f"-{leading}", *(["-term"] if "term" in names else []), "-pk")
    return tuple(name for name in ("stage", "grade", "subject", "rank") if name in names) or ("-pk",)


def entry_of(part: Part, row: Any, day: date, places: Mapping[str, str]) -> Entry:
    """A row in words."""
    cells = tuple(
        Fact(column.header(language()), said(column, part.value(row, column), places), column.field)
        for column in part.columns
    )
    end = getattr(row, "end", None)
    return Entry(row, cells, over=end is not None and end < day)


def source_label(source: str) -> str:
    """Where a row comes from, in words."""
    kind, _colon, number = source.partition(":")
    words = {
        "edit": _("登记"), "correction": _("更正"), "intake": _("导入"), "rotation": _("交流轮岗"),
        "demo": _("演示数据"), "test": _("测试"),
    }  # fmt: skip
    return f"{words.get(kind, kind)} {number}".strip()
