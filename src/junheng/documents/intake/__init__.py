"""From a file to cells, safely: limits first, then a child process reads the workbook.

:func:`read_sheets` is the only door. Whatever a file does to the reader, the caller gets :class:`UnreadableWorkbook`.
"""

from __future__ import annotations

from pathlib import Path

from junheng.documents.intake.guard import Limits, UnreadableWorkbook
from junheng.documents.intake.sheets import RawColumn, RawSheet
from junheng.documents.intake.tables import read_table
from junheng.documents.intake.workbooks import read_workbook


def read_sheets(path: Path, limits: Limits | None = None) -> tuple[RawSheet, ...]:
    """Every worksheet of an .xlsx or .xlsm workbook, or the one table of a .csv or .txt file, named by the file's stem.

    Raises :class:`UnreadableWorkbook` for anything that cannot be read within the limits.
    """
    reader = read_table if path.suffix.casefold() in {".csv", ".txt"} else read_workbook
    return reader(path, limits or Limits())


__all__ = ["Limits", "RawColumn", "RawSheet", "UnreadableWorkbook", "read_sheets"]
