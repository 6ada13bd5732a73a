"""What must not occur twice, and sheets that must not be empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.documents.book import Book
from junheng.documents.columns import SHEET_BY_KEY
from junheng.documents.faults import Fault, Phrase

_UNIQUE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("clusters", ("id",)),
    ("schools", ("id",)),
    ("teachers", ("id",)),
    ("teachers", ("id_number",)),
    ("enrolment", ("school_id", "stage", "grade")),
    ("posts", ("school_id", "stage", "subject")),
    ("resources", ("school_id", "stage")),
    ("family", ("teacher_id",)),
    ("assessments", ("teacher_id", "year")),
    ("wishes", ("teacher_id", "rank")),
    ("wishes", ("teacher_id", "school_id")),
)


_LEAST = (("clusters", 1), ("schools", 2), ("teachers", 1), ("enrolment", 1))


def check_keys(book: Book, *, for_rotation: bool = True) -> Iterator[Fault]:
    """Repeated keys, and a county without schools to move between or teachers to move."""
    for key, fields in _UNIQUE:
        yield from _repeats(book, key, fields)
    for key, least in _LEAST if for_rotation else ():
        if book.of(key) and book.count(key) < least:
            yield _too_few(book, key, least)


def _repeats(book: Book, key: str, fields: tuple[str, ...]) -> Iterator[Fault]:
    first: dict[tuple[Any, ...], tuple[str, int]] = {}
    for rows in book.of(key):
        columns = [rows.values(field) for field in fields]
        for row, values in enumerate(zip(*columns, strict=True)):
            if values[0] is None or any((row, field) in rows.bad for field in fields):
                continue
            if values not in first:
                first[values] = (rows.name, rows.numbers[row])
                continue
            name, number = first[values]
            what = "、".join(rows.sheet.column(field).zh for field in fields)
            found = rows.columns[fields[-1]].found(row) if fields[-1] in rows.columns else ""
            problem = Phrase(
                f'{what}重复，"{found}" 与“{name}”第{number}行相同', f'"{found}" repeats row {number} of “{name}”'
            )
            yield rows.fault(
                row, fields[-1], "repeated", problem, Phrase("请更正或删除一行", "correct or delete one row")
            )


def _too_few(book: Book, key: str, least: int) -> Fault:
    sheet, rows, count = SHEET_BY_KEY[key], book.of(key)[0], book.count(key)
    problem = Phrase(f"只有{count}行数据" if count else "没有数据", f"has {count} rows")
    one_school = key == "schools" and count == 1
    expected = Phrase(
        "轮岗至少需要两所学校，请补全" if one_school else f"请至少填写{least}行",
        "rotation needs two schools or more" if one_school else f"give {least} or more",
    )
    return Fault(
        code="too_few_rows",
        sheet=rows.name or sheet.zh,
        row=None,
        column="",
        value=str(count),
        problem=problem,
        expected=expected,
        file=rows.file,
    )
