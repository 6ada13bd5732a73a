"""Workbooks: guarded, parsed by a child process, and read back from its frames."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO, cast

from junheng.documents.intake.guard import Limits, UnreadableWorkbook, check_workbook
from junheng.documents.intake.scan import far_cell, lost_cells
from junheng.documents.intake.sheets import RawColumn, RawSheet

_CHILD = Path(__file__).with_name("child.py")
_HEAD = struct.Struct(">cI")


def stream_workbook(path: Path, limits: Limits) -> Iterator[RawSheet]:
    """Every worksheet of a workbook, at the rows and columns where its cells stand, each as soon as it is parsed.

    A cell that holds an error such as ``#N/A``, or a formula that was never calculated, reads as that error or as
    ``#未计算`` and not as an empty cell. Raises :class:`UnreadableWorkbook`, also after some sheets.
    """
    check_workbook(path, limits)
    with _parsing(path, limits) as output:
        lost = lost_cells(path)
        for sheet in _sheets(path, output, limits):
            yield _restored(sheet, lost.get(sheet.name, {}))


@contextmanager
def _parsing(path: Path, limits: Limits) -> Iterator[BinaryIO]:
    """The child at work and what it writes; it is ended when it takes too long and when nobody listens any more."""
    # -P keeps the child's own folder off its path; the file is named absolutely since it may begin with a dash.
    figures = (limits.memory_bytes, limits.cpu_seconds, limits.cells, limits.output_bytes)
    command = [sys.executable, "-P", str(_CHILD), str(path.resolve()), *map(str, figures)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter on our own script
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    alarm = Timer(limits.wall_seconds, child.kill)
    alarm.daemon = True
    alarm.start()
    try:
        yield cast(BinaryIO, child.stdout)
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        cast(BinaryIO, child.stdout).close()


def _too_much(path: Path) -> UnreadableWorkbook:
    far = far_cell(path)
    if far:
        return UnreadableWorkbook(
            path,
            f"单元格 {far} 离数据太远，读取所需内存超限，请删除数据以外的行和列",
            f"cell {far} lies so far out that reading needs too much memory; delete rows and columns beyond the data",
        )
    return UnreadableWorkbook(
        path,
        "读取所需的时间或内存超限，文件可能已损坏，请另存一份或按学区分开",
        "reading needs too much time or memory, the file may be damaged; save it again or split it",
    )


def _frames(path: Path, output: BinaryIO, limits: Limits) -> Iterator[tuple[bytes, bytes]]:
    """The frames up to the last; a child that died or wrote something else never gives the last."""
    kind = b""
    while kind != b"Z":
        head = output.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise _too_much(path)
        kind, length = _HEAD.unpack(head)
        body = output.read(min(length, limits.output_bytes))
        if len(body) < length:
            raise _too_much(path)
        yield kind, body


def _sheets(path: Path, output: BinaryIO, limits: Limits) -> Iterator[RawSheet]:
    head: dict[str, Any] = {}
    columns: list[RawColumn] = []
    distinct: list[Any] = []
    for kind, body in _frames(path, output, limits):
        if kind == b"E":
            raise _refused(path, json.loads(body))
        if kind in b"SZ" and head:
            yield _sheet(path, head, columns)
        if kind == b"S":
            head, columns = json.loads(body), []
        elif kind == b"C":
            distinct = [_text(cell) for cell in json.loads(body, object_hook=_dated)]
        elif kind == b"I":
            rows = array("I")
            rows.frombytes(body)
            columns.append(RawColumn(distinct, rows))


def _text(cell: Any) -> Any:
    """A cell without the character that means the end of a text elsewhere and that databases refuse."""
    return cell.replace("\0", "") if isinstance(cell, str) else cell


def _dated(cell: dict[str, str]) -> Any:
    if "d" in cell:
        return date.fromisoformat(cell["d"])
    return datetime.fromisoformat(cell["t"]) if "t" in cell else cell["s"]


def _sheet(path: Path, head: dict[str, Any], columns: list[RawColumn]) -> RawSheet:
    height = int(head["rows"])
    empty = RawColumn([""], array("I", bytes(array("I").itemsize * height)))
    return RawSheet(path.name, _text(head["name"]), height, (*[empty] * int(head["left"]), *columns))


def _refused(path: Path, reason: dict[str, str]) -> UnreadableWorkbook:
    if "large" in reason:
        return UnreadableWorkbook(
            path,
            f"工作表“{reason['large']}”范围过大，请删除数据以外的行和列",
            f"the sheet “{reason['large']}” is too large; delete rows and columns beyond the data",
        )
    return UnreadableWorkbook(
        path,
        "文件内容已损坏，请用Excel或WPS打开后另存一份",
        "its content is damaged; open it in Excel or WPS and save it again",
    )


def _restored(sheet: RawSheet, lost: dict[tuple[int, int], str]) -> RawSheet:
    """The sheet with the cells that the reader gave as empty although the file holds an error or a formula there."""
    columns = list(sheet.columns)
    for column in {column for _row, column in lost if column < len(columns)}:
        cells = {row: text for (row, at), text in lost.items() if at == column and row < sheet.height}
        kept = columns[column]
        texts = {text: len(kept.distinct) + number for number, text in enumerate(sorted(set(cells.values())))}
        rows = array("I", kept.rows)
        for row, text in cells.items():
            rows[row] = texts[text]
        columns[column] = RawColumn([*kept.distinct, *map(_text, texts)], rows)
    return RawSheet(sheet.file, sheet.name, sheet.height, tuple(columns))
