"""Reading a file onto a county that is known already: what the file does not speak of stays as it was.

The rows of the known county stand in the book beside those of the file, so that references and checks reach both. Their
places read ``现有数据·教师`` with the row that they would have in the county's workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from junheng.documents.assembling import SCHOOL_PARTS, TEACHER_PARTS
from junheng.documents.binding import BoundColumn, Rows
from junheng.documents.book import Book
from junheng.documents.cells import shown
from junheng.documents.columns import SHEET_BY_KEY, SHEETS, Column, Kind, Sheet
from junheng.documents.county_workbook import rows_of
from junheng.documents.faults import Fault, Phrase
from junheng.facts.county import County
from junheng.facts.identity import DocumentKind, IdentityNumber

KNOWN = "现有数据·"
_OF_SCHOOL = frozenset({*SCHOOL_PARTS, "posts"})
_OF_TEACHER = frozenset({*TEACHER_PARTS, "family"})
_MAIN = ("clusters", "schools", "teachers")
_COMPLETED = frozenset({*_MAIN, "family"})
_FIRST_ROW = 2
_BREAKS = frozenset(
    {"unknown_school", "unknown_cluster", "unknown_teacher", "ambiguous_reference", "repeated", "other_county"}
)
_TEXTS = frozenset({Kind.TEXT, Kind.NAME, Kind.KEY, Kind.PAST_SCHOOL, Kind.TEACHER, Kind.SCHOOL, Kind.CLUSTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The county onto which a file is read.

    With ``whole`` a sheet of the file tells everything: whoever is absent from it has gone. Otherwise it tells of those
    whom it names. A sheet that is absent, and a column that is absent for somebody who is known, stay as they were.
    ``schools``, where given, are the codes for which the file may speak; a row of another school is a fault.
    ``county.on`` is the day where neither the file nor the caller tells one. ``room`` gives by sheet and field the
    longest text or the largest number that can be kept.
    """

    county: County
    whole: bool = False
    schools: frozenset[str] | None = None
    room: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def speaks_for(self, school: str) -> bool:
        """Whether the file may say who belongs to the school."""
        return self.schools is None or school in self.schools


class Onto:
    """The book of a file joined with a base, step by step as the reading goes on."""

    def __init__(self, book: Book, base: Base) -> None:
        self._book, self._base = book, base
        self._read = {key: tuple(parts) for key, parts in book.parts.items()}
        self._school_of = {teacher.id: teacher.school_id for teacher in base.county.teachers}

    def join(self) -> None:
        """Complete the file's rows with the columns it has not, and add the known rows that may stay."""
        known = {sheet.key: list(rows_of(self._base.county, sheet)) for sheet in SHEETS if sheet.key != "county"}
        for key in _COMPLETED:
            owner = "teacher_id" if key == "family" else "id"
            for rows in self._read.get(key, ()):
                _complete(rows, {row[owner]: row for row in known[key]}, owner)
        stay: dict[str, set[str]] = {}
        for key in _MAIN:
            named = self._named(key, "id")
            kept = [(at, row) for at, row in enumerate(known[key]) if row["id"] not in named and self._stays(key, row)]
            stay[key] = named | {row["id"] for _at, row in kept}
            self._add(SHEET_BY_KEY[key], kept)
        for sheet in SHEETS:
            if sheet.key not in {"county", *_MAIN}:
                rows_kept = [(at, row) for at, row in enumerate(known[sheet.key]) if _holds(sheet.key, row, stay)]
                self._add(sheet, [(at, _pruned(sheet.key, row, stay)) for at, row in rows_kept])

    def replace(self) -> None:
        """After references are resolved: drop the known entries of whom the file's sheets speak."""
        for key in (*_OF_SCHOOL, *_OF_TEACHER, "pairings"):
            if not self._read.get(key):
                continue
            spoken = self._spoken(key)
            parts = self._book.parts[key]
            self._book.parts[key] = [_without(rows, spoken) if is_known(rows.name) else rows for rows in parts]

    def faults(self) -> Iterator[Fault]:
        """Rows of schools for which the file may not speak, and what the tables have no room for."""
        if self._base.schools is not None:
            yield from self._of_others()
        for parts in self._read.values():
            for rows in parts:
                yield from _without_room(rows, self._base.room)

    def _named(self, key: str, name: str) -> set[str]:
        return {code for rows in self._read.get(key, ()) for code in rows.values(name) if code is not None}

    def _stays(self, key: str, row: Mapping[str, Any]) -> bool:
        if not (self._base.whole and self._read.get(key)):
            return True
        if self._base.schools is None:
            return False
        return key != "teachers" or not self._base.speaks_for(row["school_id"])

    def _add(self, sheet: Sheet, kept: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        if not kept:
            return
        rows = Rows(sheet, "", f"{KNOWN}{sheet.zh}", [at + _FIRST_ROW for at, _row in kept])
        for column in sheet.columns:
            if column.kind is not Kind.CHECK:
                values = [_value(column, row.get(column.field)) for _at, row in kept]
                rows.columns[column.field] = BoundColumn(column, column.zh, values, _Shown(column, values))
        # Known rows come first, so that a row of the file that repeats one of them is the one at fault.
        self._book.parts.setdefault(sheet.key, []).insert(0, rows)

    def _spoken(self, key: str) -> Callable[[Rows, int], bool]:
        """Whether the file tells what a known entry tells."""
        if key == "pairings":
            names = ("supporting_id", "supported_id", "kind")
            told = {pair for rows in self._read[key] for pair in zip(*map(rows.values, names), strict=True)}
            everything = self._base.whole and self._base.schools is None
            return lambda rows, row: everything or tuple(rows.values(name)[row] for name in names) in told
        owner = "school_id" if key in _OF_SCHOOL else "teacher_id"
        if not self._base.whole:
            named = self._named(key, owner)
            return lambda rows, row: rows.values(owner)[row] in named
        if key in _OF_SCHOOL:
            return lambda rows, row: self._base.speaks_for(rows.values(owner)[row])
        return lambda rows, row: self._base.speaks_for(self._school_of.get(rows.values(owner)[row], ""))

    def _of_others(self) -> Iterator[Fault]:
        same = {
            "clusters": {(each.id, each.name) for each in self._base.county.clusters},
            "pairings": {(each.supporting_id, each.supported_id) for each in self._base.county.pairings},
        }
        now = {**self._school_of, **self._schools_told()}
        for key, parts in self._read.items():
            for rows in parts:
                if key in same:
                    yield from _not_there(rows, same[key])
                elif key in {"schools", "teachers"} or key in _OF_SCHOOL:
                    yield from self._elsewhere(rows, "id" if key == "schools" else "school_id", lambda code: code)
                elif key in _OF_TEACHER:
                    yield from self._elsewhere(rows, "teacher_id", now.get)
                if key == "teachers":
                    yield from self._elsewhere(rows, "id", self._school_of.get)

    def _schools_told(self) -> dict[str, str]:
        return {
            number: school
            for rows in self._read.get("teachers", ())
            for number, school in zip(rows.values("id"), rows.values("school_id"), strict=True)
            if number is not None and school is not None
        }

    def _elsewhere(self, rows: Rows, name: str, school_of: Callable[[str], str | None]) -> Iterator[Fault]:
        names = {school.id: school.name for school in self._base.county.schools}
        for row, code in enumerate(rows.values(name)):
            school = school_of(code) if code is not None else None
            if school is not None and not self._base.speaks_for(school):
                said = names.get(school, school)
                problem = Phrase(
                    f"属于“{said}”，不在您可以填报的学校之内", f"belongs to “{said}”, not a school of yours"
                )
                expected = Phrase("请删除该行；跨校调动由县局办理", "delete the row; the bureau moves people")
                yield rows.fault(row, name, "other_school", problem, expected)


def is_known(sheet_name: str) -> bool:
    """Whether a place is one of the known county and not of the file."""
    return sheet_name.startswith(KNOWN)


def parted(faults: Iterable[Fault]) -> tuple[list[Fault], list[Fault]]:
    """Faults that forbid taking the file in, and those of known rows that were there before, which only warn."""
    stops: list[Fault] = []
    warns: list[Fault] = []
    for fault in faults:
        (warns if is_known(fault.sheet) and fault.code not in _BREAKS else stops).append(fault)
    return stops, warns


def _holds(key: str, row: Mapping[str, Any], stay: Mapping[str, set[str]]) -> bool:
    """Whether everything that a known entry cannot do without stays."""
    if key == "pairings":
        return row["supporting_id"] in stay["schools"] and row["supported_id"] in stay["schools"]
    if key in _OF_SCHOOL:
        return row["school_id"] in stay["schools"]
    return row["teacher_id"] in stay["teachers"] and (key != "wishes" or row["school_id"] in stay["schools"])


def _pruned(key: str, row: Mapping[str, Any], stay: Mapping[str, set[str]]) -> Mapping[str, Any]:
    if key == "family" and row["spouse_id"] not in stay["teachers"]:
        return {**row, "spouse_id": ""}
    return row


def _complete(rows: Rows, known: Mapping[str, Mapping[str, Any]], owner: str) -> None:
    """Give rows the columns that the file has not, with what is known of those whom it names."""
    owners = rows.values(owner)
    for column in rows.sheet.columns:
        if column.field not in rows.columns and column.kind is not Kind.CHECK:
            values = [
                _value(column, known[code][column.field]) if code is not None and code in known else None
                for code in owners
            ]
            if any(value is not None for value in values):
                rows.columns[column.field] = BoundColumn(column, column.zh, values, _Shown(column, values))


def _value(column: Column, value: Any) -> Any:
    """A fact as the reader of cells would have given it."""
    if value is None or value == "" or (column.kind is Kind.CODES and not value):
        return None
    if column.kind is Kind.ID_NUMBER:
        return IdentityNumber(value, DocumentKind.RESIDENT)
    if isinstance(value, frozenset):
        return tuple(code for code in column.codes or () if code in value)
    return value


class _Shown(list[Any]):
    """Known values as cells, shown only when a fault asks for one."""

    def __init__(self, column: Column, values: list[Any]) -> None:
        super().__init__(values)
        self._column = column

    def __getitem__(self, row: Any) -> Any:
        value = super().__getitem__(row)
        if isinstance(value, IdentityNumber):
            return value.number
        return shown(getattr(value, "zh", value))


def _without(rows: Rows, dropped: Callable[[Rows, int], bool]) -> Rows:
    """The rows but for those that are dropped."""
    chosen = [row for row in range(len(rows)) if not dropped(rows, row)]
    kept = Rows(rows.sheet, rows.file, rows.name, [rows.numbers[row] for row in chosen])
    for name, bound in rows.columns.items():
        values = [bound.values[row] for row in chosen]
        kept.columns[name] = BoundColumn(bound.column, bound.header, values, _Shown(bound.column, values))
    return kept


def _not_there(rows: Rows, known: set[tuple[str, str]]) -> Iterator[Fault]:
    names = ("id", "name") if rows.sheet.key == "clusters" else ("supporting_id", "supported_id")
    for row, pair in enumerate(zip(*map(rows.values, names), strict=True)):
        if None not in pair and pair not in known:
            problem = Phrase(f"{rows.sheet.zh}由县局维护，学校不能增改", "is kept by the bureau, not by schools")
            yield rows.fault(row, names[0], "other_school", problem, Phrase("请删除该行", "delete the row"))


def _without_room(rows: Rows, room: Mapping[tuple[str, str], int]) -> Iterator[Fault]:
    for name, bound in rows.columns.items():
        most, text = room.get((rows.sheet.key, name)), bound.column.kind in _TEXTS
        for row, value in enumerate(bound.values) if text or most is not None else ():
            if value is None:
                continue
            if text and isinstance(value, str):
                if "\0" in value:
                    problem = Phrase("含有不可见的控制字符", "holds a control character that cannot be seen")
                    yield rows.fault(row, name, "control_character", problem, Phrase("请重新输入", "type it again"))
                elif most is not None and len(value) > most:
                    problem = Phrase(f"共{len(value)}个字，过长", f"has {len(value)} characters")
                    expected = Phrase(f"请缩短到{most}字以内", f"shorten it to {most}")
                    yield rows.fault(row, name, "too_long", problem, expected)
            elif most is not None and isinstance(value, int | float) and value > most:
                problem = Phrase(f"{shown(float(value))} 过大", f"{shown(float(value))} is too large")
                yield rows.fault(row, name, "range", problem, Phrase(f"不大于{most}", f"not above {most}"))
