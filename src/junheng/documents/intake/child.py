"""The child process that parses a workbook, run as a script: ``child.py PATH MEMORY CPU CELLS OUTPUT``.

It sees the standard library and the reader only. To standard output it writes frames: a kind and four bytes of length,
then JSON (``S`` a sheet, ``C`` the distinct cells of a column, ``E`` a refusal, ``Z`` the end) or, as ``I``, which of
the distinct cells each row holds. Nothing that it writes is ever executed by its parent.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

_BATCH = 4096
_REASON_BYTES = 100_000


class _Index(dict[Any, int]):
    """Gives every distinct cell of a column a number in order of appearance."""

    def __missing__(self, cell: Any) -> int:
        number = self[cell] = len(self)
        return number


class _TooMuchError(Exception):
    """More cells, or more text in them, than allowed; names the sheet."""


class _Frames:
    """Writes frames and counts what they cost."""

    def __init__(self, out: BinaryIO, cells: int, output: int) -> None:
        self._out, self._cells, self._output = out, cells, output

    def write(self, kind: bytes, body: bytes) -> None:
        """Write one frame."""
        self._output -= len(body)
        if self._output < 0:
            raise _TooMuchError
        self._out.write(struct.pack(">cI", kind, len(body)))
        self._out.write(body)

    def write_sheet(self, sheet: CalamineSheet) -> None:
        """Write a sheet as its head and, for each column, its distinct cells and their numbers by row."""
        self._cells -= sheet.total_height * sheet.width
        if self._cells < 0:
            raise _TooMuchError
        indexes = [_Index({"": 0}) for _ in range(sheet.width)]
        numbers = [array("I") for _ in range(sheet.width)]
        rows = iter(sheet.iter_rows())
        while batch := list(islice(rows, _BATCH)):
            for index, column, cells in zip(indexes, numbers, zip(*batch, strict=True), strict=True):
                column.extend(map(index.__getitem__, cells))
        left = sheet.start[1] if sheet.start else 0
        head = {"name": sheet.name, "rows": len(numbers[0]) if numbers else 0, "left": left}
        self.write(b"S", json.dumps(head).encode())
        for index, column in zip(indexes, numbers, strict=True):
            self.write(b"C", json.dumps([_plain(cell) for cell in index]).encode())
            self.write(b"I", column.tobytes())


def main(arguments: list[str]) -> int:
    """Write the sheets of a workbook as frames; 0 also when the workbook was refused with a reason."""
    path, (memory, cpu, cells, output) = arguments[0], map(int, arguments[1:5])
    _limit(memory, cpu)
    out = sys.stdout.buffer
    frames, name = _Frames(out, cells, output), ""
    try:
        workbook = CalamineWorkbook.from_path(path)
        for meta in workbook.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                name = meta.name
                frames.write_sheet(workbook.get_sheet_by_name(name))
    except _TooMuchError:
        _Frames(out, 0, _REASON_BYTES).write(b"E", json.dumps({"large": name}).encode())
    except (CalamineError, OSError, ValueError) as error:
        _Frames(out, 0, _REASON_BYTES).write(b"E", json.dumps({"error": type(error).__name__}).encode())
    _Frames(out, 0, 0).write(b"Z", b"")
    out.flush()
    return 0


def _limit(memory: int, cpu: int) -> None:
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    for kind, amount in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(kind)
        soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (soft, hard))


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return {"s": str(cell)}
    return cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
