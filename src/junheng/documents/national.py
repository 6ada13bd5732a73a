"""The fields of the national teacher system as a workbook: its groups as sheets, its headers, its codes.

Groups, headers and codes stand in ``national.yaml``, which a bureau may replace when the national form changes. A
column that we do not keep is there and blank, and a note says so; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from junheng.documents.faults import Phrase
from junheng.documents.paper import paper
from junheng.facts import Code, County, Teacher, TitleSpell
from junheng.facts.codes import SpellKind
from junheng.facts.identity import mask_identity_number

_FILE = Path(__file__).with_name("national.yaml")
_LARGE = 5_000
_NOTES = (
    Phrase(
        "本文件按全国教师管理信息系统的信息分组排列，供核对和录入参考，不代替该系统的导入模板。",
        "The groups are those of the national teacher system, for checking and keying in; not its own import template.",
    ),
    Phrase(
        "证件号码为掩码；完整号码只在全县工作簿中。带底色的列本系统不保存，留空待填。",
        "ID numbers are masked, the county workbook has them whole. Coloured columns are not kept here and are blank.",
    ),
)


class NationalFormError(ValueError):
    """A file of groups that names something unknown."""


@dataclass(frozen=True, slots=True)
class NationalColumn:
    """A column: its header, where its value comes from (blank where we keep none), and the codes to write."""

    header: str
    source: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NationalGroup:
    """A group of fields, one sheet; ``rows`` says of what there is one row."""

    name: str
    rows: str
    columns: tuple[NationalColumn, ...]


def load_groups(path: Path = _FILE) -> tuple[NationalGroup, ...]:
    """The groups of a file. Raises :class:`NationalFormError` for rows or sources that do not exist."""
    content = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    codes = content["codes"]
    groups = []
    for node in content["groups"]:
        columns = []
        for each in node["columns"]:
            header, source, table = ([each, "", ""] if isinstance(each, str) else [*each, "", ""])[:3]
            if source and source not in _known_sources(node["rows"]):
                raise NationalFormError(f"{node['name']} {header}: {source}")
            columns.append(NationalColumn(header, source, {str(k): str(v) for k, v in codes.get(table, {}).items()}))
        groups.append(NationalGroup(node["name"], node["rows"], tuple(columns)))
    return tuple(groups)


@cache
def _groups() -> tuple[NationalGroup, ...]:
    return load_groups()


def write_national(
    county: County, path: Path | str, lang: str = "zh", groups: tuple[NationalGroup, ...] | None = None
) -> None:
    """Write the national fields of every teacher of a county; headers are the national system's own, in Chinese."""
    with paper(path, large=len(county.teachers) > _LARGE, on=county.on) as book:
        notes = book.workbook.add_worksheet({"zh": "说明", "en": "Guide"}[lang])
        notes.set_column(0, 0, 100)
        for row, note in enumerate(_NOTES):
            book.text(notes, row, 0, note.said(lang), "wrapped")
        for group in groups or _groups():
            sheet = book.workbook.add_worksheet(group.name)
            for at, column in enumerate(group.columns):
                sheet.set_column(at, at, max(10, min(30, 2 * len(column.header) + 3)))
                book.text(sheet, 0, at, column.header, "header" if column.source else "fault")
            sheet.freeze_panes(1, 2)
            for number, values in enumerate(_rows(county, group), start=1):
                for at, column in enumerate(group.columns):
                    book.cell(sheet, number, at, _written(values.get(column.source), column.codes))


def _rows(county: County, group: NationalGroup) -> Iterator[dict[str, Any]]:
    of = _ROWS[group.rows]
    for teacher in county.teachers:
        known = _of_teacher(county, teacher)
        for row in of(county, teacher):
            yield known | row


def _of_teacher(county: County, teacher: Teacher) -> dict[str, Any]:
    school = county.school_by_id[teacher.school_id]
    title = teacher.title_on(county.on)
    return {
        "name": teacher.name,
        "number": teacher.id,
        "id_number": mask_identity_number(teacher.id_number),
        "id_kind": "1" if len(teacher.id_number) == 18 else "",
        "sex": teacher.sex,
        "birth_date": teacher.birth_date,
        "school": school.name,
        "school_id": school.id,
        "stage": teacher.stage,
        "main_subject": teacher.main_subject,
        "subjects": "、".join(subject.zh for subject in (teacher.main_subject, *teacher.also_teaches)),
        "on_establishment": teacher.on_establishment,
        "full_time": teacher.full_time,
        "in_post": teacher.in_post,
        "role": teacher.role,
        "work_start": _month(teacher.work_start),
        "joined": _month(teacher.joined_current_school),
        "education": teacher.education,
        "certificate": teacher.certificate_stage,
        "title": title.title if title else None,
        "backbone": teacher.is_backbone(county.on),
    }


def _titles(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    return ({"held_title": each.title, "title_from": _month(each.start)} for each in _ordered(teacher.titles))


def _posts(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    graded = (each for each in _ordered(teacher.titles) if each.post_grade is not None)
    return ({"post_grade": each.post_grade, "post_from": _month(each.start)} for each in graded)


def _ordered(titles: Iterable[TitleSpell]) -> list[TitleSpell]:
    return sorted(titles, key=lambda each: each.start)


def _assessments(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    return (
        {"year": each.year, "assessed": each.grade} for each in sorted(teacher.assessments, key=lambda each: each.year)
    )


def _ethics(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    told = (each for each in teacher.assessments if each.ethics_passed is not None)
    return ({"year": each.year, "ethics": each.ethics_passed} for each in sorted(told, key=lambda each: each.year))


def _training(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    return (
        {
            "school_year": f"{each.school_year}-{each.school_year + 1}",
            "training_kind": each.kind.zh,
            "hours": each.hours,
        }
        for each in sorted(teacher.training, key=lambda each: (each.school_year, each.kind.value))
    )


def _honors(_county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    return (
        {"honor": each.title or each.kind.zh, "level": each.level, "honored": _month(each.start)}
        for each in sorted(teacher.honors, key=lambda each: each.start)
    )


def _exchanges(county: County, teacher: Teacher) -> Iterable[dict[str, Any]]:
    away = sorted((each for each in teacher.appointments if each.kind is not SpellKind.POST), key=lambda e: e.start)
    names = {school.id: school.name for school in county.schools}
    home = names.get(teacher.school_id, "")
    if not away:
        return ({"exchange_kind": "none"},)
    return (
        {
            "exchange_kind": each.kind,
            "personnel_moved": each.personnel_moved,
            "from": _month(each.start),
            "until": _month(each.end),
            "home": home,
            "host": names.get(each.school_id, each.school_name or each.school_id),
        }
        for each in away
    )


def _one(_county: County, _teacher: Teacher) -> Iterable[dict[str, Any]]:
    return ({},)


_ROWS: dict[str, Callable[[County, Teacher], Iterable[dict[str, Any]]]] = {
    "teacher": _one,
    "titles": _titles,
    "posts": _posts,
    "assessments": _assessments,
    "ethics": _ethics,
    "training": _training,
    "honors": _honors,
    "exchanges": _exchanges,
}
_OF_TEACHER = {
    "name", "number", "id_number", "id_kind", "sex", "birth_date", "school", "school_id", "stage", "main_subject",
    "subjects", "on_establishment", "full_time", "in_post", "role", "work_start", "joined", "education", "certificate",
    "title", "backbone",
}  # fmt: skip
_OF_ROWS: dict[str, set[str]] = {
    "teacher": set(),
    "titles": {"held_title", "title_from"},
    "posts": {"post_grade", "post_from"},
    "assessments": {"year", "assessed"},
    "ethics": {"year", "ethics"},
    "training": {"school_year", "training_kind", "hours"},
    "honors": {"honor", "level", "honored"},
    "exchanges": {"exchange_kind", "personnel_moved", "from", "until", "home", "host"},
}  # fmt: skip


def _known_sources(rows: str) -> set[str]:
    if rows not in _OF_ROWS:
        raise NationalFormError(rows)
    return _OF_TEACHER | _OF_ROWS[rows]


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""


def _written(value: Any, codes: Mapping[str, str]) -> Any:
    """A value as the national form writes it: by its code where the table has one, or else by its label."""
    if value is None:
        return ""
    if isinstance(value, bool):
        plain = "yes" if value else "no"
        return codes.get(plain, "是" if value else "否")
    if isinstance(value, Code):
        return codes.get(value.value, value.zh)
    if isinstance(value, date):
        return value.isoformat()
    return codes.get(str(value), value)
