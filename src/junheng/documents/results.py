"""Results as tables: one workbook with filters and native charts, CSV files, or JSON, all from the same rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from math import ceil
from pathlib import Path
from typing import Any, Literal

from xlsxwriter.worksheet import Worksheet

from junheng.documents.charting import draw_chart
from junheng.documents.faults import Phrase
from junheng.documents.paper import Paper, paper
from junheng.documents.safety import csv_text, sheet_title
from junheng.facts.codes import Code

_LARGE_ROWS = 20_000
_A4 = 9
_LONG_TEXT = 40
"""Columns at least so wide hold sentences, which are wrapped."""
_SHORT_TABLE = 60
"""Up to so many rows a chart stands below its table, so that both are on one page; else at its right."""
_CHART_ROWS = 20
_PAGE_ROWS = 58
"""So many rows of a gallery fit on a page of A4, across, when its width is fitted to it."""
_LEAST_ROWS = 6
_ROW_PIXELS = 20
_FIRST_WIDTH, _OTHER_WIDTH = 30, 10
_LINE_POINTS = 13.5
_WIDE_FROM = 0x2E7F
_FILL = 0.95
_MOST_ROWS = 1_048_576
_HEAT = {
    "type": "3_color_scale",
    "min_color": "#F4A582",
    "mid_color": "#FFFFFF",
    "max_color": "#92C5DE",
    "mid_type": "num",
    "mid_value": 0,
}
_FORMATS = {"integer": "integer", "percent": "percent", "date": "date", "text": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """A column of a result table. ``key`` names it in JSON; ``decimals`` applies to numbers and percentages.

    The cells of all columns with ``heat`` are shaded on one scale: below 0 red, 0 white, above 0 blue.
    """

    key: str
    zh: str
    en: str
    kind: Literal["text", "integer", "number", "percent", "date"] = "text"
    decimals: int = 2
    width: float | None = None
    heat: bool = False

    def header(self, lang: str = "zh") -> str:
        """The header in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def number_format(self) -> str:
        """How a spreadsheet shows the column."""
        places = "." + "0" * self.decimals if self.decimals else ""
        if self.kind == "text" and (self.width or 0) >= _LONG_TEXT:
            return "wrapped"
        return {"number": f"#,##0{places}", "percent": f"0{places}%"}.get(self.kind, _FORMATS.get(self.kind, "text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A result table: rows of values in the order of the columns. Codes and phrases are shown in the
    reader's language, ``None`` is a blank.

    ``notes``, as (Chinese, English), stand below the rows: sources, switches, readings.
    """

    name_zh: str
    name_en: str
    columns: Sequence[ResultColumn]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[tuple[str, str]] = ()

    def name(self, lang: str = "zh") -> str:
        """The table's name in ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A native chart beside a table, by the keys of its columns."""

    table: str
    kind: Literal["column", "bar", "line", "scatter", "pie"]
    categories: str
    values: Sequence[str]
    title_zh: str
    title_en: str
    rows: int | None = field(default=None)
    """How many rows from the first; all when ``None``."""
    lines: Sequence[str] = ()
    """More values, drawn as thin lines over the others: limits, standards."""
    style: Literal["solid", "dots", "stacked"] = "solid"
    """``dots`` leaves out the line between the points of a line or scatter chart."""
    colors: Sequence[str] = ()
    """Colours of the values, then of the lines; the spreadsheet's own where there are fewer."""
    axis_zh: str = ""
    axis_en: str = ""
    """What the values are, beside their axis; likewise the categories of a scatter chart have their column's header."""
    height: int = 380
    """Pixels; 19 rows of a sheet."""
    labels: str = ""
    """The column whose values stand beside the points of the first series; no labels when empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """A sheet of pictures: tables one below the other, each with its charts at its right."""

    name_zh: str
    name_en: str
    tables: Sequence[Table]
    charts: Sequence[Chart]

    def name(self, lang: str = "zh") -> str:
        """The sheet's name in ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en


def write_results(
    path: Path | str,
    tables: Sequence[Table],
    lang: str = "zh",
    charts: Sequence[Chart] = (),
    *,
    on: date | None = None,
    gallery: Gallery | None = None,
    footer: str = "",
) -> None:
    """Write the tables as sheets of one workbook, headers frozen and filtered, each chart beside its table.

    The sheet of the ``gallery`` follows the first table. ``footer`` stands on every printed page of a table.

    Text is written as text and never as a formula. Raises ``ValueError`` when a row has not as many values as columns,
    when a table has more rows than a sheet, or when a chart names a table or column that is not there.
    """
    for table in tables:
        _check(table)
    _check_charts(tables, charts)
    for table in gallery.tables if gallery else ():
        _check(table)
    if gallery:
        _check_charts(gallery.tables, gallery.charts)
    taken: set[str] = set()
    with paper(path, large=sum(len(table.rows) for table in tables) > _LARGE_ROWS, on=on) as book:
        for at, table in enumerate(tables):
            worksheet = book.workbook.add_worksheet(sheet_title(table.name(lang), taken))
            _write_table(book, worksheet, table, lang)
            if footer:
                worksheet.set_footer(f"&C{footer.replace('&', '&&')[:200]}&R&P / &N")
            for number, chart in enumerate(_of(table, charts)):
                _insert_chart(book, worksheet, table, chart, (number, lang))
            if gallery and at == 0:
                _hang(book, book.workbook.add_worksheet(sheet_title(gallery.name(lang), taken)), gallery, lang)


def _check(table: Table) -> None:
    for number, row in enumerate(table.rows, start=1):
        if len(row) != len(table.columns):
            raise ValueError(f"{table.name_en}: row {number} has {len(row)} values for {len(table.columns)} columns")
    if len(table.rows) + len(table.notes) + 2 > _MOST_ROWS:
        raise ValueError(f"{table.name_en}: {len(table.rows)} rows do not fit on a sheet; write it as CSV")


def _check_charts(tables: Sequence[Table], charts: Sequence[Chart]) -> None:
    known = {name: table for table in tables for name in (table.name_zh, table.name_en)}
    for chart in charts:
        if chart.table not in known:
            raise ValueError(f"chart “{chart.title_en}”: there is no table {chart.table!r}")
        keys = {column.key for column in known[chart.table].columns}
        unknown = {chart.categories, *chart.values, *chart.lines, *filter(None, [chart.labels])} - keys
        if unknown:
            raise ValueError(f"chart “{chart.title_en}”: there is no column {', '.join(sorted(unknown))}")


def _write_table(book: Paper, worksheet: Worksheet, table: Table, lang: str) -> None:
    for number, column in enumerate(table.columns):
        header = column.header(lang)
        worksheet.set_column(number, number, column.width or max(10, min(40, 2 * len(header) + 4)))
        book.text(worksheet, 0, number, header, "header")
    worksheet.freeze_panes(1, 0)
    worksheet.set_paper(_A4)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    if len(table.rows) > _SHORT_TABLE and table.columns:
        worksheet.print_area(0, 0, len(table.rows) + len(table.notes) + 2, len(table.columns) - 1)
    formats = [column.number_format() for column in table.columns]
    wrapped = [at for at, form in enumerate(formats) if form == "wrapped"]
    for number, row in enumerate(table.rows, start=1):
        lines = max((_lines(plain_value(row[at], lang), table.columns[at]) for at in wrapped), default=1)
        if lines > 1:
            worksheet.set_row(number, _LINE_POINTS * lines)
        for at, value in enumerate(row):
            book.cell(worksheet, number, at, plain_value(value, lang), formats[at])
    _shade(worksheet, table)
    if table.rows and table.columns:
        worksheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for number, (zh, en) in enumerate(table.notes, start=len(table.rows) + 2):
        book.text(worksheet, number, 0, zh if lang == "zh" else en)


def _shade(worksheet: Worksheet, table: Table) -> None:
    """Shades the columns with ``heat`` by a rule of the spreadsheet, so that edited figures change their colour."""
    hot = [at for at, column in enumerate(table.columns) if column.heat]
    if hot and table.rows:
        worksheet.conditional_format(1, min(hot), len(table.rows), max(hot), dict(_HEAT))


def _lines(value: Any, column: ResultColumn) -> int:
    """How many lines a text takes in its column; a Chinese character is as wide as two digits."""
    text = str(value or "")
    return max(1, ceil(sum(2 if ord(c) > _WIDE_FROM else 1 for c in text) / ((column.width or _LONG_TEXT) * _FILL)))


def plain_value(value: Any, lang: str) -> Any:
    """A value as files hold it: a code by its label, truth as 是/否 or yes/no, several values joined."""
    if isinstance(value, Code):
        return value.label(lang)
    if isinstance(value, Phrase):
        return value.said(lang)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple | set | frozenset):
        parts = [str(plain_value(part, lang)) for part in value]
        ordered = sorted(parts) if isinstance(value, set | frozenset) else parts
        return ("、" if lang == "zh" else ", ").join(ordered)
    return value


def _of(table: Table, charts: Sequence[Chart]) -> list[Chart]:
    return [chart for chart in charts if chart.table in (table.name_zh, table.name_en)]


def _insert_chart(book: Paper, worksheet: Worksheet, table: Table, chart: Chart, place: tuple[int, str]) -> None:
    number, lang = place
    drawing = draw_chart(book, (worksheet.get_name(), 0), table, chart, lang)
    below = len(table.rows) + len(table.notes) + 4
    if len(table.rows) <= _SHORT_TABLE:
        worksheet.insert_chart(below + _CHART_ROWS * number, 0, drawing)
    else:
        worksheet.insert_chart(1 + _CHART_ROWS * number, len(table.columns) + 1, drawing)


def _hang(book: Paper, worksheet: Worksheet, gallery: Gallery, lang: str) -> None:
    """Writes the tables of a gallery from above, each as long as itself or as its charts, with the charts beside it."""
    widest = max((len(table.columns) for table in gallery.tables), default=1)
    worksheet.set_column(0, 0, _FIRST_WIDTH)
    worksheet.set_column(1, max(1, widest - 1), _OTHER_WIDTH)
    worksheet.set_paper(_A4)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    row, breaks, on_page = 0, [], 0
    for table in gallery.tables:
        charts = _of(table, gallery.charts)
        beside = [ceil(chart.height / _ROW_PIXELS) + 1 for chart in charts]
        if on_page and on_page + max(sum(beside) + 1, _LEAST_ROWS) > _PAGE_ROWS:
            breaks.append(row)
            on_page = 0
        _write_block(book, worksheet, table, row, lang)
        for number, chart in enumerate(charts):
            drawing = draw_chart(book, (worksheet.get_name(), row + 1), table, chart, lang)
            worksheet.insert_chart(row + 1 + sum(beside[:number]), len(table.columns) + 1, drawing)
        rows = max(len(table.rows) + len(table.notes) + 2, sum(beside) + 1) + 2
        row, on_page = row + rows, (on_page + rows) % _PAGE_ROWS
    worksheet.set_h_pagebreaks(breaks)


def _write_block(book: Paper, worksheet: Worksheet, table: Table, top: int, lang: str) -> None:
    book.text(worksheet, top, 0, table.name(lang), "title")
    for at, column in enumerate(table.columns):
        book.text(worksheet, top + 1, at, column.header(lang), "header")
    for number, row in enumerate(table.rows, start=top + 2):
        for at, value in enumerate(row):
            book.cell(worksheet, number, at, plain_value(value, lang), table.columns[at].number_format())
    for number, (zh, en) in enumerate(table.notes, start=top + 2 + len(table.rows)):
        book.text(worksheet, number, 0, zh if lang == "zh" else en)


def write_csv(path: Path | str, table: Table, lang: str = "zh", *, notes: bool = False) -> None:
    """Write one table as CSV in UTF-8 with mark, as spreadsheets expect; an apostrophe precedes formula-like text.

    With ``notes`` the table's notes follow after an empty line.
    """
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([csv_text(column.header(lang)) for column in table.columns])
        for row in table.rows:
            writer.writerow([_csv_value(plain_value(value, lang)) for value in row])
        if notes and table.notes:
            writer.writerow([])
            writer.writerows([csv_text(zh if lang == "zh" else en)] for zh, en in table.notes)


def _csv_value(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, int | float) else csv_text(str(value))


def write_json(path: Path | str, tables: Sequence[Table], lang: str = "zh") -> None:
    """Write the tables as a JSON list of ``{name, columns, rows, notes}``; rows by column keys, codes by value."""
    content = [
        {
            "name": table.name(lang),
            "columns": {column.key: column.header(lang) for column in table.columns},
            "rows": table_rows(table),
            "notes": [zh if lang == "zh" else en for zh, en in table.notes],
        }
        for table in tables
    ]
    Path(path).write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")


def table_rows(table: Table) -> list[dict[str, Any]]:
    """The rows of a table by the columns' keys, as JSON holds them."""
    return [dict(zip(_keys(table), map(_json_value, row), strict=True)) for row in table.rows]


def _keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def _json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Phrase):
        return value._asdict()
    if isinstance(value, Mapping):
        return {str(key): _json_value(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(_json_value(part)) for part in value)
    if isinstance(value, list | tuple):
        return [_json_value(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
