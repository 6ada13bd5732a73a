"""Parts of a file: a sheet of the workbook and the table of dated rows that keeps it, joined by the columns' names.

A column is declared once, in :mod:`junheng.documents.columns`. From there come the label and the help of a form's
field, the reading of what was typed, and the words in which a kept value is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.documents.columns import SHEET_BY_KEY, Column, Kind, Sheet
from junheng.facts import Code
from junheng.facts.identity import mask_identity_number
from junheng.web.access import Permission
from junheng.web.directory.models import Dated, Organisation
from junheng.web.interface.numbers import listed, number
from junheng.web.staffing import models

REFERENCES = {"teachers.school_id": "school", "teachers.teaching_school_id": "teaching_school",
              "schools.cluster_id": "cluster", "wishes.school_id": "school"}  # fmt: skip
"""Columns whose code is kept as a foreign key, and the key's name."""

OWNER_COLUMNS = frozenset({"teacher_id", "teacher_name", "id"})
HIDDEN = "***"
"""What stands in a trail for a sensitive value."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a teacher's or a school's file. ``needs`` is the permission without which it is not shown at all.

    ``stands_alone`` marks what holds of its owner once at a time, such as the state.
    """

    sheet: Sheet
    model: type[Dated]
    owner: str
    columns: tuple[Column, ...]
    needs: Permission | None = None
    stands_alone: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.labels.get("key", self.sheet.key)

    @property
    def title(self) -> str:
        """Its name in the language of the page."""
        return self.sheet.title(language())

    @property
    def has_end(self) -> bool:
        """Whether its spells have a last day that can be registered."""
        return any(column.field == "end" for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of a field; ``KeyError`` where there is none."""
        for column in self.columns:
            if column.field == name:
                return column
        raise KeyError(name)

    def attribute(self, column: Column) -> str:
        """The model's field in which a column is kept."""
        return REFERENCES.get(f"{self.sheet.key}.{column.field}", column.field)

    def value(self, row: Dated, column: Column) -> Any:
        """What a row holds in a column."""
        return getattr(row, self.attribute(column))

    def plain(self, row: Dated, *, names: Iterable[str] | None = None) -> dict[str, Any]:
        """What a row holds by field, as a trail keeps it: references by code, sensitive values hidden."""
        wanted = set(names) if names is not None else {column.field for column in self.columns}
        return {
            column.field: trail_value(self, column, self.value(row, column))
            for column in self.columns
            if column.field in wanted
        }

    def stored(self, column: Column, value: Any) -> Any:
        """A value read from a form, as the model keeps it."""
        if isinstance(value, Code):
            return value.value
        if isinstance(value, tuple):
            return [each.value for each in value]
        if value not in (None, ""):
            return value
        if self.model._meta.get_field(self.attribute(column)).null:
            return None
        return [] if column.kind is Kind.CODES else False if column.kind is Kind.YES_NO else _blank(column)


def _blank(column: Column) -> Any:
    blank = column.blank
    return blank.value if isinstance(blank, Code) else "" if blank is None else blank


def language() -> str:
    """``zh`` or ``en``, as the library names the language of the page."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def trail_value(part: Part, column: Column, value: Any) -> Any:
    """A value as a trail keeps it."""
    if column.kind is Kind.ID_NUMBER:
        return mask_identity_number(value or "")
    if part.needs is not None:
        return HIDDEN if value not in (None, "", []) else ""
    return value.code if isinstance(value, Organisation) else value


def said(column: Column, value: Any, places: Mapping[str, str] | None = None) -> str:
    """A kept value in words; ID numbers masked; ``places`` gives names of schools by code."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Organisation):
        return value.shown
    if isinstance(value, date):
        return value.isoformat()
    return _said_text(column, value, places or {})


def _said_text(column: Column, value: Any, places: Mapping[str, str]) -> str:
    if column.kind is Kind.ID_NUMBER:
        return mask_identity_number(str(value))
    if column.kind is Kind.PAST_SCHOOL:
        return places.get(str(value), str(value))
    if column.codes is not None:
        several = value if isinstance(value, list | tuple) else [value]
        return listed(code_label(column.codes, str(each)) for each in several)
    return number(value) if isinstance(value, float) else str(value)


@cache
def _label(codes: type[Code], value: str, lang: str) -> str:
    try:
        return codes.read(value).label(lang)
    except ValueError:
        return value


def code_label(codes: type[Code], value: str) -> str:
    """The label of a kept code in the language of the page; the value itself where the list does not know it."""
    return _label(codes, value, language())


def moment(value: Any) -> str:
    """A time as a page shows it."""
    return date_format(localtime(value), "Y-m-d H:i") if value is not None else ""


def _part(key: str, model: type[Dated], owner: str = "teacher", **given: Any) -> Part:
    sheet = SHEET_BY_KEY[key]
    left_out = OWNER_COLUMNS | given.pop("left_out", frozenset())
    columns = tuple(c for c in sheet.columns if c.field not in left_out and c.kind is not Kind.CHECK)
    only = given.pop("only", None)
    if only is not None:
        columns = tuple(c for c in columns if c.field in only)
    return Part(sheet, model, owner, columns, **given)


_OF_SCHOOL = frozenset({"school_id"})
STATE = _part("teachers", models.TeacherState, stands_alone=True)
TEACHER_PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        STATE,
        _part("appointments", models.AppointmentEntry),
        _part("titles", models.TitleEntry),
        _part("honors", models.HonorEntry),
        _part("leaves", models.LeaveEntry),
        _part("sanctions", models.SanctionEntry, needs=Permission.TEACHERS_SENSITIVE),
        _part("family", models.CircumstancesEntry, needs=Permission.TEACHERS_SENSITIVE, stands_alone=True),
        _part("assessments", models.AssessmentEntry),
        _part("exams", models.ExamEntry),
        _part("training", models.TrainingEntry),
        _part("wishes", models.WishEntry),
    )
}
"""What a teacher's file is made of, by the key of the sheet."""

SCHOOL_STATE = _part("schools", models.SchoolState, "school", stands_alone=True)
SCHOOL_PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        SCHOOL_STATE,
        _part("enrolment", models.EnrolmentEntry, "school", left_out=_OF_SCHOOL),
        _part("posts", models.RequirementEntry, "school",
              only={"stage", "subject", "required", "weekly_periods"}, labels={"key": "requirements"}),
        _part("resources", models.ResourcesEntry, "school", left_out=_OF_SCHOOL),
        _part("history", models.SchoolEventEntry, "school", left_out=_OF_SCHOOL),
    )
}  # fmt: skip
"""What a school's file is made of. Authorised posts are not among it: they come from approved establishment plans."""


def places_of(county: Organisation) -> dict[str, str]:
    """Names of a county's schools by code, those absorbed long ago too."""
    gone = models.SchoolEventEntry.objects.filter(school__county=county).exclude(other_id="")
    names = dict(gone.values_list("other_id", "other_name"))
    schools = Organisation.objects.filter(county=county, kind="school")
    return names | {code: short or name for code, short, name in schools.values_list("code", "short_name", "name")}


def what_of(correction: models.Correction) -> str:
    """What a correction is about: the part of the file and the columns, or that an entry is missing."""
    part = TEACHER_PARTS[correction.sheet]
    if correction.row is None:
        return _("%(part)s：补一条") % {"part": part.title}
    names = [column.header(language()) for column in part.columns if column.field in correction.proposed]
    return f"{part.title} · {listed(names)}"
