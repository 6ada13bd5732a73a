"""The submitted workbook again, with its faults in it: a last column that says them, and a note on each faulty cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from junheng.documents.cells import shown
from junheng.documents.columns import CODES_SHEET, FAULTS_HEADER, GUIDE_SHEET, plain
from junheng.documents.faults import Fault
from junheng.documents.intake import Limits, RawSheet, read_sheets
from junheng.documents.paper import Paper, paper
from junheng.documents.reading import Source, source_files
from junheng.documents.safety import sheet_title

_LARGE_ROWS = 20_000
_NOT_COPIED = {plain(name) for names in (GUIDE_SHEET, CODES_SHEET) for name in names.values()}
_OF_THE_HEADERS = {"missing_column", "unknown_header", "repeated_header", "no_header"}
_NOTE = {"x_scale": 2.0, "author": "Junheng"}


def write_faults_copy(
    source: Source, faults: Sequence[Fault], path: Path | str, lang: str = "zh", limits: Limits | None = None
) -> None:
    """Write every sheet of the source, rows and columns where they were, with the faults marked.

    Cells keep their values, not their looks. A faulty cell is coloured and carries the message as a note; the column
    after the last, 错误信息, says all faults of the row, and is skipped when the mended copy is read. Faults of no row
    or of the headers stand on a sheet of their own in front.
    """
    sheets = [sheet for file in source_files(source) for sheet in read_sheets(file, limits)]
    several = len({sheet.file for sheet in sheets}) > 1
    by_sheet: defaultdict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.file if several else "", fault.sheet].append(fault)
    taken: set[str] = set()
    with paper(path, large=sum(sheet.height for sheet in sheets) > _LARGE_ROWS) as copy:
        _write_general(copy, faults, lang, taken)
        for sheet in sheets:
            if plain(sheet.name) not in _NOT_COPIED:
                worksheet = copy.workbook.add_worksheet(sheet_title(sheet.name, taken))
                _write_sheet(copy, worksheet, sheet, by_sheet[sheet.file if several else "", sheet.name], lang)


def _write_general(copy: Paper, faults: Sequence[Fault], lang: str, taken: set[str]) -> None:
    general = [fault for fault in faults if fault.row is None or fault.code in _OF_THE_HEADERS]
    if not general:
        return
    # The guide's name: like the guide, this sheet is not read.
    worksheet = copy.workbook.add_worksheet(sheet_title(GUIDE_SHEET[lang], taken))
    worksheet.set_column(0, 0, 100)
    copy.text(worksheet, 0, 0, FAULTS_HEADER[lang], "header")
    for row, fault in enumerate(general, start=1):
        copy.text(worksheet, row, 0, fault.message(lang), "wrapped")


def _write_sheet(copy: Paper, worksheet: Worksheet, sheet: RawSheet, faults: Sequence[Fault], lang: str) -> None:
    by_row: defaultdict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.row is not None:
            by_row[fault.row - 1].append(fault)
    skipped = _old_faults(sheet)
    last = skipped if skipped is not None else len(sheet.columns)
    top = _top(sheet, faults)
    headers = [shown(cell).strip() for cell in sheet.row(top)] if sheet.height else []
    worksheet.set_column(last, last, 60)
    for number, cells in enumerate(sheet.rows()):
        wrong = by_row.get(number, [])
        marks = {headers.index(fault.column): fault for fault in reversed(wrong) if fault.column in headers}
        kept = [None if at == skipped else cell for at, cell in enumerate(cells)]
        _write_row(copy, worksheet, (number, kept), marks, lang)
        if number == top:
            copy.text(worksheet, number, last, FAULTS_HEADER[lang], "header")
        if wrong and number != top:
            copy.text(worksheet, number, last, "\n".join(_said(fault, lang) for fault in wrong), "fault")


def _write_row(
    copy: Paper, worksheet: Worksheet, numbered: tuple[int, Sequence[Any]], marks: dict[int, Fault], lang: str
) -> None:
    row, cells = numbered
    for column, cell in enumerate(cells):
        fault = marks.get(column)
        if fault is None:
            copy.cell(worksheet, row, column, cell)
            continue
        if cell in (None, ""):
            worksheet.write_blank(row, column, None, copy.format("fault"))
        else:
            copy.cell(worksheet, row, column, cell, "fault" if isinstance(cell, str | float | int) else "date")
        worksheet.write_comment(row, column, fault.says(lang), _NOTE)


def _said(fault: Fault, lang: str) -> str:
    return (
        f"「{fault.column}」{fault.says(lang)}"
        if fault.column and lang == "zh"
        else f"{fault.column}: {fault.says(lang)}"
    )


def _top(sheet: RawSheet, faults: Sequence[Fault]) -> int:
    """The header row: where headers named in the faults stand, or else the first row with most cells filled."""
    named = {fault.column for fault in faults if fault.column}
    best, most = 0, (0, 0)
    for number in range(min(sheet.height, 10)):
        texts = [shown(cell).strip() for cell in sheet.row(number)]
        score = (len(named & set(texts)), sum(map(bool, texts)))
        if score > most:
            best, most = number, score
    return best


def _old_faults(sheet: RawSheet) -> int | None:
    """The column of the faults of an earlier copy, which the new ones replace."""
    known = {plain(header) for header in FAULTS_HEADER.values()}
    for number, column in enumerate(sheet.columns):
        if any(plain(shown(column[row])) in known for row in range(min(sheet.height, 10))):
            return number
    return None
