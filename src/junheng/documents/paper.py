"""A workbook being written: formats, safe cells, a fixed date of creation; equal content gives an equal file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from junheng.documents.safety import cell_text, is_formula_like

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant stamp, not a moment
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "quoted": {"num_format": "@", "quote_prefix": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "header": {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "align": "center"},
    "required": {
        "bold": True,
        "bg_color": "#FDE9D9",
        "font_color": "#C00000",
        "border": 1,
        "text_wrap": True,
        "align": "center",
    },
    "title": {"bold": True, "font_size": 14},
    "fault": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "date": {"num_format": "yyyy-mm-dd"},
    "integer": {"num_format": "#,##0"},
    "percent": {"num_format": "0.0%"},
}


class Paper:
    """An open workbook; :func:`paper` opens and closes it."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[str, Format] = {}

    def format(self, name: str) -> Format:
        """A format by name, or the number format itself when it is none of the named."""
        if name not in self._formats:
            properties = _FORMATS.get(name, {"num_format": name})
            self._formats[name] = self.workbook.add_format({**_FONT, **properties})
        return self._formats[name]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, format_name: str = "text") -> None:
        """Write text as a string, whatever it looks like; a formula-like one also keeps its quote when it is edited."""
        name = "quoted" if is_formula_like(text) else format_name
        sheet.write_string(row, column, cell_text(text), self.format(name))

    def cell(self, sheet: Worksheet, row: int, column: int, value: object, format_name: str | None = None) -> None:
        """Write a value by its type: text as text, numbers, dates and truth as they are, ``None`` not at all."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.format(format_name or "text"))
        elif isinstance(value, int | float) and isfinite(value):
            sheet.write_number(row, column, value, self.format(format_name) if format_name else None)
        elif isinstance(value, date):
            moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
            sheet.write_datetime(row, column, moment, self.format(format_name or "date"))
        else:
            self.text(sheet, row, column, str(value), format_name or "text")


@contextmanager
def paper(path: Path | str, *, large: bool = False, on: date | None = None) -> Iterator[Paper]:
    """A workbook to write, saved under ``path`` when the block ends and not at all when it fails.

    ``large`` keeps rows out of memory; rows must then be written in order. ``on`` becomes the date of creation.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.part")
    options = {
        "constant_memory": large,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    workbook = xlsxwriter.Workbook(str(unfinished), options)
    created = datetime(on.year, on.month, on.day) if on else _CREATED  # noqa: DTZ001
    workbook.set_properties({"created": created, "author": "Junheng 均衡", "comments": ""})
    try:
        yield Paper(workbook)
        workbook.close()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
