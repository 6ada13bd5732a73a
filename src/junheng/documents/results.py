"""Results as tables: one workbook with filters and native charts, CSV files, or JSON, all from the same rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from math import ceil, floor
from pathlib import Path
from typing import Any, Literal

from xlsxwriter.worksheet import Worksheet

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
_LINE_POINTS = 13.5
_WIDE_FROM = 0x2E7F
_FILL = 0.95
_POINTS = {"scatter": {"subtype": "straight_with_markers"}}
_MOST_ROWS = 1_048_576
_FORMATS = {"integer": "integer", "percent": "percent", "date": "date", "text": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """A column of a result table. ``key`` names it in JSON; ``decimals`` applies to numbers and percentages."""

    key: str
    zh: str
    en: str
    kind: Literal["text", "integer", "number", "percent", "date"] = "text"
    decimals: int = 2
    width: float | None = None

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
    labels: str = ""
    """The column whose values stand beside the points of the first series; no labels when empty."""


def write_results(
    path: Path | str,
    tables: Sequence[Table],
    lang: str = "zh",
    charts: Sequence[Chart] = (),
    *,
    on: date | None = None,
) -> None:
    """Write the tables as sheets of one workbook, headers frozen and filtered, each chart beside its table.

    Text is written as text and never as a formula. Raises ``ValueError`` when a row has not as many values as columns,
    when a table has more rows than a sheet, or when a chart names a table or column that is not there.
    """
    for table in tables:
        _check(table)
    _check_charts(tables, charts)
    taken: set[str] = set()
    with paper(path, large=sum(len(table.rows) for table in tables) > _LARGE_ROWS, on=on) as book:
        for table in tables:
            worksheet = book.workbook.add_worksheet(sheet_title(table.name(lang), taken))
            _write_table(book, worksheet, table, lang)
            for number, chart in enumerate(chart for chart in charts if chart.table in (table.name_zh, table.name_en)):
                _insert_chart(book, worksheet, table, chart, (number, lang))


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
        unknown = {chart.categories, *chart.values, *filter(None, [chart.labels])} - keys
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
    if table.rows and table.columns:
        worksheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for number, (zh, en) in enumerate(table.notes, start=len(table.rows) + 2):
        book.text(worksheet, number, 0, zh if lang == "zh" else en)


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


def _insert_chart(book: Paper, worksheet: Worksheet, table: Table, chart: Chart, place: tuple[int, str]) -> None:
    number, lang = place
    drawing = book.workbook.add_chart({"type": chart.kind} | _POINTS.get(chart.kind, {}))
    keys = [column.key for column in table.columns]
    last = min(len(table.rows), chart.rows or len(table.rows))
    name = worksheet.get_name()
    for key in chart.values:
        at, categories = keys.index(key), keys.index(chart.categories)
        series: dict[str, Any] = {
            "name": [name, 0, at],
            "categories": [name, 1, categories, max(last, 1), categories],
            "values": [name, 1, at, max(last, 1), at],
        }
        if chart.kind == "scatter":
            series["marker"] = {"type": "circle", "size": 6 if key == chart.values[0] else 11}
        if chart.labels and key == chart.values[0]:
            series["data_labels"] = _labels(table, keys.index(chart.labels), last, lang)
        drawing.add_series(series)
    if chart.kind == "scatter":
        of = {column.key: column for column in table.columns}
        across, up = of[chart.categories], of[chart.values[0]]
        drawing.set_x_axis(
            {"name": across.header(lang), "num_format": across.number_format()} | _room(table, keys.index(across.key))
        )
        drawing.set_y_axis({"name": up.header(lang), "num_format": up.number_format()})
    drawing.set_title({"name": chart.title_zh if lang == "zh" else chart.title_en, "name_font": {"size": 12}})
    drawing.set_legend({"position": "bottom"} if len(chart.values) > 1 or chart.kind == "pie" else {"none": True})
    drawing.set_size({"width": 720, "height": 380})
    below = len(table.rows) + len(table.notes) + 4
    if len(table.rows) <= _SHORT_TABLE:
        worksheet.insert_chart(below + _CHART_ROWS * number, 0, drawing)
    else:
        worksheet.insert_chart(1 + _CHART_ROWS * number, len(table.columns) + 1, drawing)


def _labels(table: Table, at: int, last: int, lang: str) -> dict[str, Any]:
    """The values of a column as the labels of points."""
    texts = [str(plain_value(row[at], lang)) for row in table.rows[:last]]
    return {"custom": [{"value": text} for text in texts], "value": True, "position": "above"}


def _room(table: Table, at: int) -> dict[str, float]:
    """Limits of an axis that begin where the values do: tenths around them."""
    values = [row[at] for row in table.rows if isinstance(row[at], int | float)]
    return {"min": floor(10 * min(values)) / 10, "max": ceil(10 * max(values)) / 10} if values else {}


def write_csv(path: Path | str, table: Table, lang: str = "zh") -> None:
    """Write one table as CSV in UTF-8 with mark, as spreadsheets expect; an apostrophe precedes formula-like text."""
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([csv_text(column.header(lang)) for column in table.columns])
        for row in table.rows:
            writer.writerow([_csv_value(plain_value(value, lang)) for value in row])


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
