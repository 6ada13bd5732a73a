"""Sex and date of birth against the ID number, and what the number completes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from junheng.documents.binding import BoundColumn, Rows
from junheng.documents.book import Book
from junheng.documents.dates import Month
from junheng.documents.faults import Fault, Phrase
from junheng.facts.codes import Sex
from junheng.facts.identity import IdentityNumber


def complete_identities(book: Book) -> tuple[list[Fault], list[Fault]]:
    """Fill in sex and birth date from ID numbers where blank, and turn the numbers into text; faults and warnings."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for rows in book.of("teachers"):
        numbers = rows.values("id_number")
        faults += _sexes(rows, numbers)
        faults += _birth_dates(rows, numbers)
        warnings += _assumed_first_days(rows)
        missing = sum(number is None for number in numbers)
        if missing and not any(name == "id_number" for _row, name in rows.bad):
            warnings.append(_without_number(rows, missing))
        if "id_number" in rows.columns:
            rows.columns["id_number"].values = [number.number if number else None for number in numbers]
    return faults, warnings


def _column(rows: Rows, name: str) -> BoundColumn:
    """The column, made blank when the file has none."""
    if name not in rows.columns:
        column = rows.sheet.column(name)
        rows.columns[name] = BoundColumn(column, column.zh, [None] * len(rows), [""] * len(rows))
    return rows.columns[name]


def _sexes(rows: Rows, numbers: list[IdentityNumber | None]) -> Iterator[Fault]:
    sexes: list[Sex | None] = _column(rows, "sex").values
    for row, (sex, number) in enumerate(zip(sexes, numbers, strict=True)):
        told = number.sex if number else None
        if sex is None:
            sexes[row] = told
            if told is None:
                yield from _missing(rows, row, "sex", Phrase("请填写男或女", "write male or female"))
        elif told is not None and told is not sex:
            problem = Phrase(
                f"“{sex.zh}”与身份证号不符，证号为“{told.zh}”", f"“{sex.en}”, but the ID number says “{told.en}”"
            )
            yield rows.fault(row, "sex", "sex_mismatch", problem, _COMPARE)


def _birth_dates(rows: Rows, numbers: list[IdentityNumber | None]) -> Iterator[Fault]:
    births: list[date | Month | None] = _column(rows, "birth_date").values
    for row, (birth, number) in enumerate(zip(births, numbers, strict=True)):
        told = number.birth_date if number else None
        if birth is None:
            births[row] = told
            if told is None:
                yield from _missing(
                    rows, row, "birth_date", Phrase("请填写如 1985-05-12", "write for example 1985-05-12")
                )
        elif told is not None:
            if birth not in (told, Month(told.year, told.month)):
                said = f"{birth.year}-{birth.month:02d}" if isinstance(birth, Month) else birth.isoformat()
                problem = Phrase(f"{said} 与身份证号中的 {told} 不符", f"{said} differs from {told} in the ID number")
                yield rows.fault(row, "birth_date", "birth_mismatch", problem, _COMPARE)
            births[row] = told


_COMPARE = Phrase("请核对两者", "compare the two")


def _missing(rows: Rows, row: int, name: str, expected: Phrase) -> Iterator[Fault]:
    if not {(row, name), (row, "id_number")} & rows.bad:
        problem = Phrase("为空，且没有可推算的身份证号", "is blank and no ID number tells it")
        rows.bad.add((row, name))
        yield rows.fault(row, name, "required", problem, expected)


def _assumed_first_days(rows: Rows) -> Iterator[Fault]:
    births = rows.values("birth_date")
    for row, birth in enumerate(births):
        if isinstance(birth, Month):
            births[row] = birth.first_day
            problem = Phrase(
                "只有年月，已按当月1日计算年龄", "tells no day; ages are counted from the first of the month"
            )
            yield rows.fault(
                row,
                "birth_date",
                "assumed_day",
                problem,
                Phrase("请补全日期或身份证号", "give the day or the ID number"),
            )


def _without_number(rows: Rows, missing: int) -> Fault:
    return Fault(
        code="without_id_number",
        sheet=rows.name,
        row=None,
        column=rows.sheet.column("id_number").zh,
        value=str(missing),
        problem=Phrase(
            f"有{missing}位教师没有身份证件号，无法查重",
            f"{missing} teachers have no ID number; doubles cannot be found",
        ),
        expected=Phrase("建议补全", "better complete them"),
        file=rows.file,
    )
