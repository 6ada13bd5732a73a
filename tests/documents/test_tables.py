"""CSV in the encodings and shapes that county files have."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.documents import UnreadableWorkbook
from junheng.documents.intake import read_sheets

TEXT = '工号,姓名,备注\r\nT1,买买提江·图尔逊,"多行\n备注, 逗号"\r\nT2,䶮,\r\n'
ROWS = [["工号", "姓名", "备注"], ["T1", "买买提江·图尔逊", "多行\n备注, 逗号"], ["T2", "䶮", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "教师.csv"
    path.write_bytes(TEXT.encode(encoding))
    (sheet,) = read_sheets(path)
    assert (sheet.name, list(sheet.rows())) == ("教师", ROWS)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_commas_tabs_and_semicolons_are_told_apart_by_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "教师.csv"
    path.write_text(delimiter.join(["工号", "姓名", "备注"]) + "\n" + delimiter.join(["T1", "张三", "甲"]), "utf-8")
    (sheet,) = read_sheets(path)
    assert sheet.row(1) == ["T1", "张三", "甲"]


def test_characters_that_gb18030_of_2022_gave_a_place_are_not_left_in_the_private_area(tmp_path: Path) -> None:
    path = tmp_path / "教师.csv"
    path.write_bytes("工号,姓名\nT1,".encode("gb18030") + bytes.fromhex("FE59"))
    (sheet,) = read_sheets(path)
    assert sheet.row(1) == ["T1", "\u9fb4"]


def test_short_rows_are_filled_and_the_guard_of_safe_files_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "教师.csv"
    path.write_text("工号,姓名,备注\nT1\nT2,'=甲,'乙'\n", "utf-8")
    (sheet,) = read_sheets(path)
    assert [sheet.row(1), sheet.row(2)] == [["T1", "", ""], ["T2", "=甲", "'乙'"]]


@pytest.mark.parametrize(
    ("content", "word"), [(b"\x81\xff\xfe\xff\x00\x80", "编码"), (b"a,b\n\0,1\n", "文本表格"), (b'a,"b\nc,d\n', "引号")]
)
def test_what_is_no_text_table_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "教师.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableWorkbook) as caught:
        read_sheets(path)
    assert word in caught.value.zh
