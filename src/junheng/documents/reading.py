"""Reading a county: files to sheets, sheets to rows, rows checked all at once, and only then facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from junheng.documents.assembling import assemble
from junheng.documents.binding import Rows, bind, sheet_fault
from junheng.documents.book import Book, resolve
from junheng.documents.cells import is_blank
from junheng.documents.checking import check_book
from junheng.documents.columns import CODES_SHEET, GUIDE_SHEET, SHEET_BY_KEY, SHEETS, plain, sheet_named
from junheng.documents.faults import Fault, Phrase, Reading
from junheng.documents.identities import complete_identities
from junheng.documents.intake import Limits, RawSheet, UnreadableWorkbook, stream_sheets
from junheng.documents.mapped import bind_mapped
from junheng.documents.mapping import Mapping
from junheng.documents.onto import Base, Onto, parted

Source = Path | str | Sequence[Path | str]
_NOT_READ = {plain(name) for names in (GUIDE_SHEET, CODES_SHEET) for name in names.values()}
_FILES = {".xlsx", ".xlsm", ".csv", ".txt"}


def read_county(
    source: Source,
    *,
    mapping: Mapping | None = None,
    on: date | None = None,
    name: str | None = None,
    limits: Limits | None = None,
    base: Base | None = None,
) -> Reading:
    """Read a county from a workbook, a folder of CSV files named by sheet, or several such files together.

    ``mapping`` says how sheets of foreign rosters become ours; sheets it does not name are read as ours. ``on`` and
    ``name`` stand in for, and override, the county sheet. Every fault of every sheet is reported at once, and there is
    a county only when there is none. With ``base`` the file is read onto a county that is known already, see
    :class:`~junheng.documents.onto.Base`; what stands in the way of rotation only, such as a county of one school,
    is then no fault.

    Raises :class:`~junheng.documents.intake.UnreadableWorkbook` for a file that cannot be read at all.
    """
    sheets, book, faults, warnings = _bound(source, mapping, limits)
    counts = {sheet.key: book.count(sheet.key) for sheet in SHEETS if book.of(sheet.key)}
    onto = Onto(book, base) if base is not None else None
    if onto is not None:
        onto.join()
    faults += resolve(book)
    if onto is not None:
        onto.replace()
        faults += onto.faults()
    identity_faults, identity_warnings = complete_identities(book)
    known_name, known_on, county_faults = _county(book, name, on, base)
    check_faults, check_warnings = check_book(book, known_on, for_rotation=base is None)
    faults += [*_missing_sheets(book, sheets, base), *county_faults, *identity_faults, *check_faults]
    faults, known_faults = parted(faults)
    warnings += [*known_faults, *identity_warnings, *check_warnings]
    order = {(sheet.file, sheet.name): number for number, sheet in enumerate(sheets)}
    faults, warnings = _ordered(faults, order, sheets), _ordered(warnings, order, sheets)
    county = None if faults or known_name is None or known_on is None else assemble(book, known_name, known_on)
    return Reading(county=county, faults=tuple(faults), warnings=tuple(warnings), counts=counts)


def source_files(source: Source) -> list[Path]:
    """The files that a source means: itself, the table files of a folder, or those of each of several.

    Raises :class:`~junheng.documents.intake.UnreadableWorkbook` for a folder without any.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_dir():
            return [path]
        files = sorted(
            each
            for each in path.iterdir()
            if each.suffix.casefold() in _FILES and not each.name.startswith(("~$", "."))
        )
        if not files:
            raise UnreadableWorkbook(path, "文件夹中没有 .csv 或 .xlsx 文件", "the folder holds no .csv or .xlsx file")
        return files
    return [file for each in source for file in source_files(each)]


def _bound(
    source: Source, mapping: Mapping | None, limits: Limits | None
) -> tuple[list[RawSheet], Book, list[Fault], list[Fault]]:
    """The sheets of the source bound one by one, while a child process parses the next of them."""
    sheets, book, faults, warnings = [], Book(), [], []
    for raw in (sheet for path in source_files(source) for sheet in stream_sheets(path, limits)):
        sheets.append(raw)
        foreign = mapping.of(raw.name) if mapping else None
        sheet = sheet_named(raw.name)
        if foreign is not None:
            parts, part_faults, part_warnings = bind_mapped(raw, foreign)
            for rows in parts:
                book.add(rows)
            faults += part_faults
            warnings += part_warnings
        elif sheet is not None:
            rows, part_faults = bind(raw, sheet)
            book.add(rows)
            faults += part_faults
        elif plain(raw.name) not in _NOT_READ and not _empty(raw):
            problem = Phrase("不是模板中的工作表，未读取", "is no sheet of the template and was not read")
            expected = Phrase("请按模板改名，或使用映射文件", "rename it as in the template, or use a mapping file")
            warnings.append(sheet_fault(raw, "unknown_sheet", problem, expected))
    return sheets, book, faults, [*warnings, *_unmatched(sheets, mapping)]


def _unmatched(sheets: Sequence[RawSheet], mapping: Mapping | None) -> list[Fault]:
    """A warning for each entry of the mapping that no sheet matches."""
    entries = mapping.sheets if mapping else ()
    matched = {id(mapping.of(sheet.name)) for sheet in sheets} if mapping else set()
    return [
        Fault(
            code="unmatched_mapping",
            sheet="、".join(entry.names),
            row=None,
            column="",
            value="",
            problem=Phrase("映射文件要读的工作表没有找到", "the mapping names it but there is no such sheet"),
            expected=Phrase("请检查映射文件的 from", "check “from” in the mapping file"),
        )
        for entry in entries
        if id(entry) not in matched
    ]


def _empty(raw: RawSheet) -> bool:
    return all(is_blank(cell) for column in raw.columns for cell in column.distinct)


def _missing_sheets(book: Book, sheets: Sequence[RawSheet], base: Base | None) -> list[Fault]:
    present = "、".join(sheet.name for sheet in sheets)
    return [
        Fault(
            code="missing_sheet",
            sheet=sheet.zh,
            row=None,
            column="",
            value="",
            problem=Phrase("缺少该工作表", "the sheet is missing"),
            expected=Phrase(
                f"请添加工作表“{sheet.zh}”（现有：{present}）", f"add the sheet “{sheet.en}” (there are: {present})"
            ),
        )
        for sheet in SHEETS
        if sheet.required and sheet.key != "county" and not book.of(sheet.key)
        if base is None or sheet.key in {"clusters", "schools", "teachers"}
    ]


def _county(
    book: Book, name: str | None, on: date | None, base: Base | None
) -> tuple[str | None, date | None, list[Fault]]:
    parts = book.of("county")
    names: list[Any] = [value for rows in parts for value in rows.values("name")]
    dates: list[Any] = [value for rows in parts for value in rows.values("on")]
    faults = []
    sheet = SHEET_BY_KEY["county"]
    if len(names) > 1:
        rows = next(rows for rows in reversed(parts) if len(rows))
        problem = Phrase(f"有{len(names)}行", f"has {len(names)} rows")
        faults.append(rows.fault(len(rows) - 1, "name", "too_many_rows", problem, Phrase("只填一行", "give one row")))
    known_name, known_on = name or next(iter(names), None), on or next(iter(dates), None)
    if base is not None:
        known_name, known_on = base.county.name, known_on or base.county.on
        faults += [fault for rows in parts for fault in _other_county(rows, known_name)]
    filled = any(len(rows) for rows in parts)
    for value, column in ((known_name, sheet.column("name")), (known_on, sheet.column("on"))):
        if value is None and not filled:
            problem = Phrase(f"没有{column.zh}", f"no {column.en.lower()} is given")
            expected = Phrase(
                f"请在“{sheet.zh}”表填写，或在命令中指定",
                f"fill in the sheet “{sheet.en}” or give it on the command line",
            )
            place = parts[0].name if parts else sheet.zh
            faults.append(
                Fault(
                    code="required",
                    sheet=place,
                    row=None,
                    column=column.zh,
                    value="",
                    problem=problem,
                    expected=expected,
                )
            )
    return known_name, known_on, faults


def _other_county(rows: Rows, expected: str) -> Iterator[Fault]:
    for row, found in enumerate(rows.values("name")):
        if found is not None and found != expected:
            problem = Phrase(f'"{found}" 不是“{expected}”', f'"{found}" is not “{expected}”')
            advice = Phrase("请核对是否选错了文件", "check that this is the right file")
            yield rows.fault(row, "name", "other_county", problem, advice)


def _ordered(faults: list[Fault], order: dict[tuple[str, str], int], sheets: Sequence[RawSheet]) -> list[Fault]:
    """Faults by file, sheet and row; the file is named only where there are several."""
    several = len({sheet.file for sheet in sheets}) > 1
    faults.sort(key=lambda fault: (order.get((fault.file, fault.sheet), len(order)), fault.row or 0))
    if several:
        return faults
    return [replace(fault, file="") for fault in faults]
