"""Files that are no workbook, or that would harm the reader: refused with a reason, and the caller lives on."""

from __future__ import annotations

import random
import struct
import sys
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import xlsxwriter

from junheng.documents import Limits, UnreadableWorkbook, read_county
from junheng.documents.intake import read_sheets
from junheng.documents.intake.guard import check_workbook

OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs limits on address space and processor time")


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    """A workbook of one sheet with a few cells, written by another program."""
    path = tmp_path / "honest.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("教师")
    sheet.write(2, 1, "工号")
    sheet.write(3, 1, "T1")
    sheet.write_datetime(3, 2, date(2019, 9, 1), book.add_format({"num_format": 'yyyy"年"m"月"'}))
    sheet.write(3, 3, True)
    sheet.write_formula(3, 4, "=1/0", None, "#DIV/0!")
    book.close()
    return path


def repacked(path: Path, target: Path, **changed: str) -> Path:
    """The workbook with parts replaced; a part is named by its file name without suffix."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, changed.get(Path(entry.filename).stem, old.read(entry).decode()))
    return target


def corner(honest: Path, tmp_path: Path, cell: str) -> Path:
    """A workbook with a cell at A1 and another far away."""
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{cell.lstrip("XFDAZ")}"><c r="{cell}"><v>1</v></c></row>'
    xml = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(honest, tmp_path / "far.xlsx", sheet1=f"{xml}{rows}</sheetData></worksheet>")


def refusal(path: Path, limits: Limits | None = None) -> UnreadableWorkbook:
    with pytest.raises(UnreadableWorkbook) as caught:
        read_sheets(path, limits)
    assert path.name in caught.value.zh
    assert path.name in caught.value.message("en")
    return caught.value


def test_cells_keep_their_rows_columns_and_types(honest: Path) -> None:
    (sheet,) = read_sheets(honest)
    assert (sheet.name, sheet.height) == ("教师", 4)
    assert sheet.row(0) == [""] * 5
    assert sheet.row(2) == ["", "工号", "", "", ""]
    assert sheet.row(3) == ["", "T1", date(2019, 9, 1), True, "#DIV/0!"]


def test_a_formula_that_was_never_calculated_is_not_read_as_empty(honest: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(honest) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    formula = xml.replace('<c r="B4" t="s"><v>1</v></c>', '<c r="B4"><f>A1&amp;"x"</f></c>')
    assert formula != xml
    (sheet,) = read_sheets(repacked(honest, tmp_path / "formula.xlsx", sheet1=formula))
    assert sheet.row(3)[1] == "#未计算"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("old.xlsx", OLE2 + bytes(4096), ".xls"),
        ("locked.xlsx", OLE2 + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "密码"),
        ("page.xls", b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("xml.xlsx", b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("text.xlsx", "工号,姓名\nT1,张三".encode(), ".csv"),
        ("empty.xlsx", b"", "空"),
        ("half.xlsx", b"PK\x03\x04" + bytes(100), "损坏"),
        ("random.xlsx", bytes(range(256)) * 8, ".xlsx"),
    ],
)
def test_what_only_looks_like_a_workbook_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert word in refusal(path).zh


def test_a_missing_file_a_folder_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path / "none.xlsx").zh
    with pytest.raises(UnreadableWorkbook, match=r"no \.csv or \.xlsx"):
        read_county(tmp_path)


def test_a_truncated_workbook_is_refused(honest: Path, tmp_path: Path) -> None:
    content = honest.read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(content[: int(len(content) * part)])
        assert "损坏" in refusal(path).zh


def test_a_file_of_two_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    for name in ("huge.xlsx", "huge.csv"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(2 * 1024**3)
        assert "60MB" in refusal(path).zh


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 .xlsx" in refusal(path).zh


def test_a_zip_bomb_is_refused_by_its_directory(honest: Path, tmp_path: Path) -> None:
    xml = "<worksheet><sheetData>" + "<row/>" * 5_000_000 + "</sheetData></worksheet>"
    bomb = repacked(honest, tmp_path / "bomb.xlsx", sheet1=xml)
    assert bomb.stat().st_size < 1_000_000
    assert "炸弹" in refusal(bomb).zh


def test_a_small_sheet_that_compresses_well_is_no_bomb(honest: Path, tmp_path: Path) -> None:
    xml = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    xml += "<row/>" * 1_000_000 + "</sheetData></worksheet>"
    (sheet,) = read_sheets(repacked(honest, tmp_path / "even.xlsx", sheet1=xml))
    assert sheet.height == 0


def test_too_many_parts_are_refused(honest: Path, tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    path.write_bytes(honest.read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(200):
            archive.writestr(f"xl/media/{number}.png", b"x")
    assert "200" in refusal(path).zh


def test_an_encrypted_zip_is_refused(honest: Path, tmp_path: Path) -> None:
    content = bytearray(honest.read_bytes())
    at = content.find(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 8, 1)
    path = tmp_path / "encrypted.xlsx"
    path.write_bytes(bytes(content))
    assert "密码" in refusal(path).zh


@LINUX
@pytest.mark.parametrize("cell", ["XFD1048576", "XFD2", "A1048576"])
def test_a_cell_at_the_end_of_the_world_ends_only_the_child(honest: Path, tmp_path: Path, cell: str) -> None:
    path = corner(honest, tmp_path, cell)
    assert path.stat().st_size < 12_000
    if cell == "XFD1048576":
        assert cell in refusal(path).zh
    else:
        (far,) = read_sheets(path)
        assert far.height in (2, 1_048_576)


@LINUX
def test_a_sheet_that_needs_more_memory_than_allowed_is_refused(honest: Path, tmp_path: Path) -> None:
    path = corner(honest, tmp_path, "Z1048576")
    assert "Z1048576" in refusal(path, Limits(memory_bytes=200_000_000)).zh


def test_more_cells_or_text_than_allowed_is_refused(written: Path) -> None:
    assert "过大" in refusal(written, Limits(cells=100)).zh
    assert "过大" in refusal(written, Limits(output_bytes=1000)).zh


def test_a_child_that_does_not_end_is_ended(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr("junheng.documents.intake.workbooks._CHILD", endless)
    began = perf_counter()
    assert "时间" in refusal(written, Limits(wall_seconds=0.5)).zh
    assert perf_counter() - began < 10


def test_entities_are_not_expanded(honest: Path, tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    xml = f'{laughs}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;&f;</t></si><si><t>T1</t></si></sst>'
    path = repacked(honest, tmp_path / "entities.xlsx", sharedStrings=xml)
    try:
        cells = [cell for sheet in read_sheets(path) for row in sheet.rows() for cell in row]
    except UnreadableWorkbook:
        cells = []
    assert not any("root:" in str(cell) or "haha" in str(cell) for cell in cells)


def test_searching_for_lost_cells_is_never_slow(honest: Path, tmp_path: Path) -> None:
    for hostile in ('<c t="e" <f' * 400_000, "<c " + 'r="A' * 1_000_000 + 't="e"<f', '<c r="A1"><f>' * 300_000):
        path = repacked(honest, tmp_path / "hostile.xlsx", sheet1=hostile)
        began = perf_counter()
        with suppress(UnreadableWorkbook):
            read_sheets(path, Limits(ratio_from_bytes=10**9))
        assert perf_counter() - began < 10


@pytest.mark.parametrize("seed", range(3))
def test_damaged_workbooks_are_read_or_refused_but_never_crash(written: Path, tmp_path: Path, seed: int) -> None:
    check_damage(written, tmp_path, seed, 8)


@pytest.mark.slow
def test_three_hundred_damaged_workbooks_are_read_or_refused(written: Path, tmp_path: Path) -> None:
    check_damage(written, tmp_path, 99, 300)


def check_damage(written: Path, tmp_path: Path, seed: int, rounds: int) -> None:
    """Spoil some bytes of the package, or of a part inside it, and read."""
    chance = random.Random(seed)  # noqa: S311
    outcomes: list[Any] = []
    for _ in range(rounds):
        content = bytearray(written.read_bytes())
        for _each in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = tmp_path / "damaged.xlsx"
        path.write_bytes(bytes(content))
        try:
            outcomes.append(read_county(path))
        except UnreadableWorkbook as error:
            outcomes.append(error)
    assert len(outcomes) == rounds


def test_the_guard_alone_accepts_an_honest_workbook(written: Path) -> None:
    assert check_workbook(written, Limits()) is None
