"""What the reader does not tell: error cells and uncalculated formulas it shows as empty, and cells too far away.

The XML of the sheets is searched as text, in pieces, and never built into a tree; entities are not expanded.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import unescape

_PIECE = 4 * 1024 * 1024
_OVERLAP = 16_384
# Every repetition is bounded and stops at the next tag, so that no content makes the search slow.
_REFERENCE = rb'[^<>]{0,200}\br="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}'
_ERROR = re.compile(
    rb"<c\b(?=[^<>]{0,200}\bt=\"e\")" + _REFERENCE + rb">(?:<f\b[^<>]{0,200}(?:/>|>[^<]{0,9000}</f>))?<v>(#[^<]{1,20})"
)
_FORMULA = re.compile(rb"<c\b" + _REFERENCE + rb"><f\b[^<>]{0,200}(?:/>|>[^<]{0,9000}</f>)(?:<v ?/>|<v></v>)?</c>")
_CELL = re.compile(rb"<c\b" + _REFERENCE)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_UNCALCULATED = "#未计算"
_FAR_COLUMN, _FAR_ROW = 2_000, 600_000
_MOST_FINDINGS = 100_000


def lost_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet name, the cells (row, column, from 0) with an error or a formula without a result, and what to show."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name, part in _parts(archive).items():
                cells = _lost_in(archive, part)
                if cells:
                    found[name] = cells
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, KeyError):
        return found
    return found


def far_cell(path: Path) -> str | None:
    """A cell beyond column 2,000 or row 600,000 in any sheet, e.g. ``XFD1048576``; ``None`` when there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if re.match(r"/?xl/worksheets/[^/]+\.xml$", name)]
            for part in parts:
                for piece in _pieces(archive, part):
                    for letters, row in _CELL.findall(piece):
                        if (len(letters) == 3 and _column(letters) > _FAR_COLUMN) or int(row) > _FAR_ROW:
                            return f"{letters.decode()}{row.decode()}"
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, KeyError):
        return None
    return None


def _lost_in(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    cells: dict[tuple[int, int], str] = {}
    for piece in _pieces(archive, part):
        if b't="e"' in piece:
            for letters, row, error in _ERROR.findall(piece):
                cells[int(row) - 1, _column(letters)] = error.decode("utf-8", "replace")
        if b"<f" in piece:
            for letters, row in _FORMULA.findall(piece):
                cells[int(row) - 1, _column(letters)] = _UNCALCULATED
        if len(cells) > _MOST_FINDINGS:
            break
    return cells


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that overlap, so that no cell's tag is cut in every piece."""
    kept = b""
    with archive.open(part) as file:
        while read := file.read(_PIECE):
            yield kept + read
            kept = read[-_OVERLAP:]


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the package that holds each sheet, by the sheet's name."""
    names = set(archive.namelist())
    workbook = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)}
    parts = {}
    for tag in _SHEET.findall(workbook):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            parts[_attribute(tag, "name")] = part
    return parts


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}=("([^"]*)"|'([^']*)')""", tag)
    return unescape(found[2] or found[3] or "", {"&quot;": '"', "&apos;": "'"}) if found else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
