"""All bound rows of a county's files, and the references between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from junheng.documents.binding import Rows
from junheng.documents.columns import SHEET_BY_KEY, Kind
from junheng.documents.faults import Fault, Phrase

_AMBIGUOUS = "\0"
_SHEET_OF = {Kind.CLUSTER: "clusters", Kind.TEACHER: "teachers"}


@dataclass(slots=True)
class Book:
    """Bound rows by the key of our sheet; a sheet may come in several parts, from several files."""

    parts: dict[str, list[Rows]] = field(default_factory=dict)

    def add(self, rows: Rows) -> None:
        """Add a part."""
        self.parts.setdefault(rows.sheet.key, []).append(rows)

    def of(self, key: str) -> list[Rows]:
        """The parts of a sheet, none when it is absent."""
        return self.parts.get(key, [])

    def count(self, key: str) -> int:
        """The rows of a sheet over all parts."""
        return sum(map(len, self.of(key)))

    def names(self, key: str) -> dict[str, str]:
        """Of a sheet with ``id`` and ``name``, the names by id."""
        return {
            identifier: name or ""
            for rows in self.of(key)
            for identifier, name in zip(rows.values("id"), rows.values("name"), strict=True)
            if identifier is not None
        }


def resolve(book: Book) -> list[Fault]:
    """Replace every reference by the code it means, and give a fault for each that means nothing or two things.

    References to a sheet that is absent are left alone: that the sheet is missing is said once.
    """
    schools = _by_name(book, "schools", ("name", "short_name"))
    past = {**_past_schools(book), **schools}
    indexes = {
        Kind.CLUSTER: _by_name(book, "clusters", ("name",)),
        Kind.SCHOOL: schools,
        Kind.PAST_SCHOOL: past,
        Kind.TEACHER: {number: number for number in book.names("teachers")},
    }
    faults: list[Fault] = []
    for parts in book.parts.values():
        for rows in parts:
            for bound in rows.columns.values():
                index = indexes.get(bound.column.kind)
                if index is not None and book.of(_SHEET_OF.get(bound.column.kind, "schools")):
                    faults += _resolve_column(rows, bound.column.field, index)
    faults += _check_names(book)
    _find_schools_by_name(book, schools)
    return faults


def _by_name(book: Book, key: str, names: Iterable[str]) -> dict[str, str]:
    """Codes by code and by every name; a name that two share means nothing, a code always wins over a name."""
    found: dict[str, str] = {}
    for rows in book.of(key):
        for name in names:
            for identifier, text in zip(rows.values("id"), rows.values(name), strict=True):
                if identifier is not None and text is not None:
                    found[text] = identifier if found.get(text, identifier) == identifier else _AMBIGUOUS
    return {**found, **{identifier: identifier for identifier in book.names(key)}}


def _past_schools(book: Book) -> dict[str, str]:
    found: dict[str, str] = {}
    for rows in book.of("history"):
        for code, name in zip(rows.values("other_id"), rows.values("other_name"), strict=True):
            if code is not None:
                found[code] = code
                if name is not None:
                    found[name] = code if found.get(name, code) == code else _AMBIGUOUS
    return found


def _resolve_column(rows: Rows, name: str, index: Mapping[str, str]) -> Iterator[Fault]:
    bound = rows.columns[name]
    what = _SHEET_OF.get(bound.column.kind, "schools")
    sheet = SHEET_BY_KEY[what]
    for row, said in enumerate(bound.values):
        if said is None or index.get(said) == said:
            continue
        code = index.get(said)
        if code is not None and code != _AMBIGUOUS:
            bound.values[row] = code
            continue
        bound.values[row] = None
        rows.bad.add((row, name))
        if code == _AMBIGUOUS:
            problem = Phrase(f'有两个以上叫 "{said}"', f'more than one is called "{said}"')
            expected = Phrase(f"请改填{sheet.zh}代码", "write the code instead")
            yield rows.fault(row, name, "ambiguous_reference", problem, expected)
        else:
            problem = Phrase(f'“{sheet.zh}”表中没有 "{said}"', f'the sheet “{sheet.en}” has no "{said}"')
            yield rows.fault(row, name, f"unknown_{what[:-1]}", problem, _where(bound.column.kind, what))


def _where(kind: Kind, what: str) -> Phrase:
    if kind is Kind.PAST_SCHOOL:
        return Phrase(
            "请核对，县外学校请留空并填「县外单位名称」，已撤并学校请在“学校沿革”表登记",
            "check it; for a school outside the county leave this blank and name it, for a merged one fill the history",
        )
    known = {"clusters": ("学区代码或名称", "a cluster's code or name"), "teachers": ("工号", "a teacher number")}
    zh, en = known.get(what, ("学校代码或名称", "a school's code or name"))
    return Phrase(f"请填写已有的{zh}", f"write {en} that exists")


def _check_names(book: Book) -> Iterator[Fault]:
    """The names written for comparison against the names of what the rows refer to."""
    teachers, schools = book.names("teachers"), book.names("schools")
    for parts in book.parts.values():
        for rows in parts:
            for check, of, names in (("teacher_name", "teacher_id", teachers), ("school_name", "school_id", schools)):
                bound = rows.columns.get(check)
                if bound is not None and bound.column.kind is Kind.CHECK:
                    yield from _compare(rows, check, of, names)


def _compare(rows: Rows, check: str, of: str, names: Mapping[str, str]) -> Iterator[Fault]:
    for row, (written, code) in enumerate(zip(rows.values(check), rows.values(of), strict=True)):
        if written is not None and names.get(code, "") not in ("", written):
            what = rows.sheet.column(of)
            problem = Phrase(
                f'"{written}" 与{what.zh} {code} 对应的“{names[code]}”不符',
                f'"{written}" is not “{names[code]}”, to whom {code} belongs',
            )
            yield rows.fault(row, check, "name_mismatch", problem, Phrase(f"请核对{what.zh}", "check the number"))


def _find_schools_by_name(book: Book, schools: Mapping[str, str]) -> None:
    """A spell given only by the name of a school of the county is a spell at that school."""
    for rows in book.of("appointments"):
        codes, names = rows.values("school_id"), rows.values("school_name")
        for row, (code, name) in enumerate(zip(codes, names, strict=True)):
            found = schools.get(name, _AMBIGUOUS) if code is None and name is not None else _AMBIGUOUS
            if found != _AMBIGUOUS:
                codes[row], names[row] = found, None
        _keep(rows, "school_id", codes)


def _keep(rows: Rows, name: str, values: list[str | None]) -> None:
    """Give the rows a column they may not have had, as after finding schools by name."""
    if name not in rows.columns and any(value is not None for value in values):
        from_name = rows.columns["school_name"]
        rows.columns[name] = type(from_name)(rows.sheet.column(name), from_name.header, values, from_name.cells)
