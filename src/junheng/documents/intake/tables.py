"""CSV files: UTF-8 with or without mark, UTF-16 with mark, or GB 18030; commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
from array import array
from pathlib import Path

from junheng.documents.intake.guard import Limits, UnreadableWorkbook, check_size
from junheng.documents.intake.sheets import RawColumn, RawSheet
from junheng.documents.safety import is_formula_like

_FIELD_LIMIT = 1_000_000

# GB 18030-2022 gave these a place in Unicode; the codec of the standard library still follows the edition of 2005.
_OF_2022 = str.maketrans(
    dict(
        zip(
            "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
            "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
            "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
            strict=True,
        )
    )
)


def read_table(path: Path, limits: Limits) -> RawSheet:
    """The table of a CSV file as one sheet; every cell is text. Raises :class:`UnreadableWorkbook`."""
    check_size(path, limits)
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableWorkbook(
            path,
            "文字编码既不是UTF-8也不是GB18030，请另存为“CSV UTF-8”",
            "the text is neither UTF-8 nor GB 18030; save it as “CSV UTF-8”",
        )
    if "\0" in text:
        raise UnreadableWorkbook(
            path, "不是文本表格，请另存为 .csv 或 .xlsx", "this is no text table; save it as .csv or .xlsx"
        )
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error:
        raise UnreadableWorkbook(
            path, "引号不配对或单元格过长，请重新导出", "a quotation mark is not closed or a cell is too long"
        ) from None
    return _sheet(path, rows, limits)


def decode(content: bytes) -> str | None:
    """The text of a file by the encodings that county files come in; ``None`` when it is none of them."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.translate(_OF_2022) if encoding == "gb18030" else text
    return None


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that stands before formula-like text in safe CSV files."""
    return cell[1:] if cell.startswith("'") and is_formula_like(cell[1:]) else cell


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",\t;", key=first.count)


def _sheet(path: Path, rows: list[list[str]], limits: Limits) -> RawSheet:
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.cells:
        raise UnreadableWorkbook(path, "表格过大，请分开", "the table is too large; split it")
    columns = []
    for number in range(width):
        index: dict[str, int] = {"": 0}
        cells = (unguarded(row[number]) if number < len(row) else "" for row in rows)
        codes = array("I", (index.setdefault(cell, len(index)) for cell in cells))
        columns.append(RawColumn(list(index), codes))
    return RawSheet(path.name, path.stem, len(rows), tuple(columns))
