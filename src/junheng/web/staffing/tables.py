"""Lists of the room: which columns, how they sort, what stands in a cell."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Role, Sex, Stage, Subject, Title
from junheng.facts.calendar import completed_years
from junheng.facts.identity import mask_identity_number
from junheng.web.interface.numbers import FigureColumn, aside, listed
from junheng.web.staffing.declared import code_label, moment, what_of
from junheng.web.staffing.models import Correction, TeacherState
from junheng.web.staffing.rosters import Beside, beside

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
_TONES = {"open": "orange", "accepted": "green", "rejected": "red", "withdrawn": "secondary"}


def _badge(text: str, tone: str) -> SafeString:
    return format_html('<span class="badge bg-{}-lt">{}</span>', tone, text)


def marks(state: Any, *, backbone: bool | None = None, placed: bool | None = None) -> list[tuple[str, str]]:
    """What is out of the ordinary about a teacher, as words with their tone."""
    found = []
    if state.backbone if backbone is None else backbone:
        found.append((_("骨干"), "blue"))
    if state.teaching_school_id not in (None, state.school_id) or (state.placed if placed is None else placed):
        found.append((_("交流在外"), "purple"))
    if state.seconded_in:
        found.append((_("借入"), "purple"))
    if state.on_establishment is False:
        found.append((_("编外"), "secondary"))
    if state.in_post is False:
        found.append((_("不在岗"), "orange"))
    if state.retirement_override:
        found.append((_("核定退休"), "secondary"))
    return found


_ROW = (
    '<tr><td>{}<td><a href="{}/">{}</a><td>{}<td class="number">{}<td>{}<td>{}'
    '<td>{}<td>{}<td>{}<td>{}<td class="number">{}<td>{}<td>{}\n'
)
"""A row of the roster in the order of its columns; the address of the file is told from that of the list.

The end tags, which HTML lets go, would be a thirteenth of a page that is sent over a village line.
"""


class TeacherTable(tables.Table):
    """The roster."""

    personal_in_exports = ("age", "years")

    number = tables.Column(accessor="teacher__number", verbose_name=gettext_lazy("工号"), order_by="teacher__number")
    name = tables.Column(verbose_name=gettext_lazy("姓名"), order_by="pinyin")
    sex = tables.Column(verbose_name=gettext_lazy("性别"), orderable=False)
    age = tables.Column(accessor="birth_date", verbose_name=gettext_lazy("年龄"), order_by="-birth_date", attrs=NUMBER)
    school = tables.Column(
        verbose_name=gettext_lazy("人事关系学校"), order_by=("school__position", "school__code", "teacher__number")
    )
    works_at = tables.Column(accessor="teaching_school", verbose_name=gettext_lazy("实际任教学校"), orderable=False)
    stage = tables.Column(verbose_name=gettext_lazy("学段"), orderable=False)
    main_subject = tables.Column(verbose_name=gettext_lazy("主教学科"), order_by="main_subject")
    title_held = tables.Column(empty_values=(), verbose_name=gettext_lazy("职称"), orderable=False)
    role = tables.Column(verbose_name=gettext_lazy("行政职务"), orderable=False)
    years = tables.Column(
        accessor="joined_current_school", verbose_name=gettext_lazy("本校年限"), order_by="-joined_current_school",
        attrs=NUMBER, default="",
    )  # fmt: skip
    id_number = tables.Column(verbose_name=gettext_lazy("证件号码"), orderable=False, default="")
    marks = tables.Column(empty_values=(), verbose_name=gettext_lazy("备注"), orderable=False)

    class Meta:
        model = TeacherState
        fields = ()
        attrs = {"class": "frozen-2 text-nowrap"}
        row_attrs = {"class": None}
        sequence = ("number", "name", "...")

    def __init__(self, *args: Any, on: date, **given: Any) -> None:
        super().__init__(*args, **given)
        self.on = on

    @cached_property
    def beside(self) -> Beside:
        """What stands in other tables about the teachers of the page; of all of them, for a file."""
        rows = self.page.object_list if hasattr(self, "page") else self.rows
        return beside([row.record.teacher_id for row in rows], self.on)

    def _marks(self, record: TeacherState) -> list[tuple[str, str]]:
        who = record.teacher_id
        return marks(record, backbone=who in self.beside.backbone, placed=who in self.beside.placed)

    @property
    def body(self) -> SafeString:
        """The rows of the page, put together in one go: a cell at a time costs four times as much."""
        rows = self.page.object_list if hasattr(self, "page") else self.rows
        return format_html_join("", _ROW, (self._line(row.record) for row in rows))

    def _line(self, state: TeacherState) -> tuple[Any, ...]:
        years, works_at = state.joined_current_school, state.teaching_school
        return (
            state.teacher.number, state.teacher_id, state.name, self.render_sex(state),
            self.render_age(state.birth_date), self.render_school(state), works_at.shown if works_at else "",
            self.render_stage(state), self.render_main_subject(state), self.render_title_held(state),
            self.render_role(state), "" if years is None else self.render_years(years),
            self.render_id_number(state.id_number), self.render_marks(state),
        )  # fmt: skip

    def render_sex(self, record: TeacherState) -> str:
        """In words."""
        return code_label(Sex, record.sex)

    def render_age(self, value: date) -> int:
        """Completed years on the day of the list."""
        return completed_years(value, self.on)

    def render_school(self, record: TeacherState) -> str:
        """The short name."""
        return record.school.shown

    def render_works_at(self, record: TeacherState) -> str:
        """The short name, where it is another school."""
        return record.teaching_school.shown if record.teaching_school else ""

    def render_stage(self, record: TeacherState) -> str:
        """In words."""
        return code_label(Stage, record.stage)

    def render_main_subject(self, record: TeacherState) -> str:
        """In words."""
        return code_label(Subject, record.main_subject)

    def render_title_held(self, record: TeacherState) -> str:
        """In words."""
        held = self.beside.titles.get(record.teacher_id)
        return code_label(Title, held) if held else ""

    def render_role(self, record: TeacherState) -> str:
        """In words; nothing for a teacher without a post."""
        return "" if record.role == Role.TEACHER.value else code_label(Role, record.role)

    def render_years(self, value: date) -> int:
        """Completed years at the school on the day of the list."""
        return max(0, completed_years(value, self.on))

    def render_id_number(self, value: str) -> str:
        """Masked; the whole number is revealed one by one, for a reason."""
        return mask_identity_number(value)

    def render_marks(self, record: TeacherState) -> SafeString:
        """What is out of the ordinary."""
        return format_html_join(" ", "{}", ((_badge(text, tone),) for text, tone in self._marks(record)))

    def value_marks(self, record: TeacherState) -> str:
        """The same, in a file."""
        return listed(text for text, _tone in self._marks(record))


class CorrectionTable(tables.Table):
    """Corrections asked for."""

    what = tables.Column(empty_values=(), verbose_name=gettext_lazy("更正内容"), orderable=False)
    teacher = tables.Column(verbose_name=gettext_lazy("教师"), orderable=False)
    school = tables.Column(verbose_name=gettext_lazy("学校"), order_by="school__position")
    requested_at = tables.Column(verbose_name=gettext_lazy("提出时间"))
    status = tables.Column(verbose_name=gettext_lazy("状态"), orderable=False)
    decided_by = tables.Column(verbose_name=gettext_lazy("决定人"), orderable=False, default="")

    class Meta:
        model = Correction
        fields = ()

    def render_what(self, record: Correction) -> SafeString:
        """Part and fields, leading to the page."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), what_of(record))

    def render_teacher(self, record: Correction) -> str:
        """Name and number."""
        name = getattr(record, "teacher_name", "") or ""
        return f"{name}{aside(record.teacher.number)}"

    def render_school(self, record: Correction) -> str:
        """The short name."""
        return record.school.shown

    def render_requested_at(self, record: Correction) -> str:
        """Day and minute."""
        return moment(record.requested_at)

    def render_status(self, record: Correction) -> SafeString:
        """In words, with their tone."""
        return _badge(record.get_status_display(), _TONES[record.status])


class SchoolTable(tables.Table):
    """Schools, with how many people, pupils and classes they have."""

    code = tables.Column(accessor="school__code", verbose_name=gettext_lazy("学校代码"), order_by="school__code")
    name = tables.Column(verbose_name=gettext_lazy("学校名称"), order_by="school__pinyin")
    cluster = tables.Column(verbose_name=gettext_lazy("学区"), order_by=("cluster__position", "school__position"))
    kind = tables.Column(verbose_name=gettext_lazy("办学类型"), orderable=False)
    stages = tables.Column(verbose_name=gettext_lazy("学段"), orderable=False)
    locale = tables.Column(verbose_name=gettext_lazy("城乡类型"), orderable=False)
    strength = tables.Column(verbose_name=gettext_lazy("办学水平"), orderable=False)
    pupils = FigureColumn(verbose_name=gettext_lazy("学生"), default=0)
    classes = FigureColumn(verbose_name=gettext_lazy("班级"), default=0)
    at_home = FigureColumn(verbose_name=gettext_lazy("人事关系在校"), default=0)
    at_work = FigureColumn(verbose_name=gettext_lazy("实际在校任教"), default=0)

    class Meta:
        fields = ()
        attrs = {"class": "frozen-2"}

    def render_name(self, record: Any, value: str) -> SafeString:
        """The name leads to the page."""
        return format_html('<a href="{}">{}</a>', reverse("staffing:school", args=(record.school_id,)), value)

    def value_name(self, value: str) -> str:
        """The name alone, in a file."""
        return value

    def render_cluster(self, record: Any) -> str:
        """The short name."""
        return record.cluster.shown

    def render_stages(self, value: list[str]) -> str:
        """In words."""
        return listed(code_label(Stage, each) for each in value)
