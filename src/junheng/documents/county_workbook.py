"""A county as a workbook: every fact in the sheet and column that reads it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from junheng.documents.assembling import FAMILY_FIELDS, SCHOOL_PARTS, TEACHER_PARTS
from junheng.documents.columns import SHEETS, Column, Kind, Sheet
from junheng.documents.paper import paper
from junheng.documents.template import write_guide, write_headers
from junheng.facts.codes import Code
from junheng.facts.county import County
from junheng.facts.people import FamilyLink, Teacher
from junheng.facts.schools import School

Row = dict[str, Any]
_LARGE = 5_000


def write_county(county: County, path: Path | str, lang: str = "zh") -> None:
    """Write a county as a workbook that :func:`~junheng.documents.read_county` reads back as an equal county.

    Numbers keep the 15 digits of a spreadsheet. ``lang`` chooses headers and labels.
    """
    with paper(path, large=len(county.teachers) > _LARGE, on=county.on) as sheets:
        write_guide(sheets, lang)
        for sheet in SHEETS:
            worksheet = sheets.workbook.add_worksheet(sheet.title(lang))
            write_headers(sheets, worksheet, sheet, lang)
            for number, row in enumerate(rows_of(county, sheet), start=1):
                for at, column in enumerate(sheet.columns):
                    sheets.cell(worksheet, number, at, _written(column, row.get(column.field), lang))


def rows_of(county: County, sheet: Sheet) -> Iterator[Row]:
    """The rows of a sheet for a county, as values by the columns' fields."""
    special: dict[str, Callable[[County], Iterator[Row]]] = {
        "county": _county,
        "clusters": lambda county: (_row(cluster) for cluster in county.clusters),
        "schools": lambda county: (_row(school) for school in county.schools),
        "posts": _posts,
        "teachers": _teachers,
        "family": _family,
        "pairings": lambda county: (_row(pairing) for pairing in county.pairings),
    }
    if sheet.key in special:
        return special[sheet.key](county)
    if sheet.key in SCHOOL_PARTS:
        return _parts_of_schools(county, sheet.key)
    if sheet.key in TEACHER_PARTS:
        return _parts_of_teachers(county, sheet.key)
    raise KeyError(sheet.key)


def _row(fact: Any) -> Row:
    return {name: getattr(fact, name) for name in fact.__slots__}


def _county(county: County) -> Iterator[Row]:
    yield {"name": county.name, "on": county.on}


def _parts_of_schools(county: County, key: str) -> Iterator[Row]:
    for school in county.schools:
        for part in getattr(school, key):
            yield {**_row(part), "school_id": school.id}


def _posts(county: County) -> Iterator[Row]:
    for school in county.schools:
        for stage, posts in school.posts.items():
            yield {"school_id": school.id, "stage": stage, "posts": posts}
        yield from _requirements(school)


def _requirements(school: School) -> Iterator[Row]:
    for requirement in school.requirements:
        yield {**_row(requirement), "school_id": school.id}


def _teachers(county: County) -> Iterator[Row]:
    for teacher in county.teachers:
        yield {**_row(teacher), "school_name": county.school_by_id[teacher.school_id].name}


def _parts_of_teachers(county: County, key: str) -> Iterator[Row]:
    for teacher in county.teachers:
        for part in getattr(teacher, key):
            yield {**_row(part), "teacher_id": teacher.id, "teacher_name": teacher.name}


_CIRCUMSTANCES = (
    "health",
    "health_certificate_level",
    "health_leave_approved",
    "pregnant",
    "lactating",
    "unfit_to_teach",
)


def _family(county: County) -> Iterator[Row]:
    for teacher in county.teachers:
        if teacher.family != FamilyLink() or _has_circumstances(teacher):
            yield {
                **{name: getattr(teacher.family, name) for name in FAMILY_FIELDS},
                **{name: getattr(teacher, name) for name in _CIRCUMSTANCES},
                "teacher_id": teacher.id,
                "teacher_name": teacher.name,
            }


def _has_circumstances(teacher: Teacher) -> bool:
    return any(getattr(teacher, name) not in (None, "") for name in _CIRCUMSTANCES)


def _written(column: Column, value: Any, lang: str) -> Any:
    """A value as a cell: codes by label, dates as text that no spreadsheet changes."""
    if isinstance(value, Code):
        return value.label(lang)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, date):
        return value.isoformat()
    if column.kind is Kind.CODES and value is not None:
        members = value if isinstance(value, tuple) else [code for code in column.codes or () if code in value]
        return "、".join(member.label(lang) for member in members)
    return value
