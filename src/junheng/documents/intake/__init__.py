"""From a file to cells, safely: limits first, then a child process reads the workbook.

:func:`read_sheets` and :func:`stream_sheets` are the only doors. Whatever a file does to the reader, the caller gets
:class:`UnreadableWorkbook`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from junheng.documents.intake.guard import Limits, UnreadableWorkbook
from junheng.documents.intake.sheets import RawColumn, RawSheet
from junheng.documents.intake.tables import read_table
from junheng.documents.intake.workbooks import stream_workbook


def stream_sheets(path: Path, limits: Limits | None = None) -> Iterator[RawSheet]:
    """As :func:`read_sheets`, but each sheet as soon as it is parsed, while the child parses the next."""
    limits = limits or Limits()
    if path.suffix.casefold() in {".csv", ".txt"}:
        yield read_table(path, limits)
    else:
        yield from stream_workbook(path, limits)


def read_sheets(path: Path, limits: Limits | None = None) -> tuple[RawSheet, ...]:
    """Every worksheet of an .xlsx or .xlsm workbook, or the one table of a .csv or .txt file, named by the file's stem.

    Raises :class:`UnreadableWorkbook` for anything that cannot be read within the limits.
    """
    return tuple(stream_sheets(path, limits))


__all__ = ["Limits", "RawColumn", "RawSheet", "UnreadableWorkbook", "read_sheets", "stream_sheets"]
