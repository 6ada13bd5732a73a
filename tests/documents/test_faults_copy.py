"""The copy that shows the faults, and the way back from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng.documents import read_county, write_faults_copy


def test_each_faulty_row_says_its_faults_in_the_last_column_and_the_cell_has_a_note(
    workbook: Any, tmp_path: Path
) -> None:
    workbook.set("教师", 14, "参加工作时间", "2009.13")
    workbook.set("教师", 14, "姓名", None)
    source = workbook.save()
    write_faults_copy(source, read_county(source).faults, tmp_path / "faults.xlsx")
    page = openpyxl.load_workbook(tmp_path / "faults.xlsx")["教师"]
    headers = [cell.value for cell in page[1]]
    assert headers[-1] == "错误信息"
    assert headers[:-1] == workbook.sheets["教师"][0]
    row = page[14]
    assert '「参加工作时间」无法识别 "2009.13"，请填写如 2009-09。' in row[-1].value
    assert "「姓名」不能为空" in row[-1].value
    date_cell, name_cell = row[headers.index("参加工作时间")], row[headers.index("姓名")]
    assert (date_cell.value, "2009.13" in date_cell.comment.text) == ("2009.13", True)
    assert name_cell.comment is not None
    assert date_cell.fill.fgColor.rgb == name_cell.fill.fgColor.rgb == "FFFFC7CE"
    assert page[13][-1].value is None


def test_every_sheet_and_value_is_in_the_copy_and_it_can_be_mended_and_read(
    workbook: Any, tmp_path: Path, county: Any, sheets_of: Any
) -> None:
    good = workbook.cell("教师", 5, "学段")
    workbook.set("教师", 5, "学段", "大学")
    source = workbook.save()
    copy = tmp_path / "faults.xlsx"
    write_faults_copy(source, read_county(source).faults, copy)
    workbook.sheets = sheets_of(copy)
    workbook.set("教师", 5, "学段", good)
    assert workbook.read().county == county


def test_a_copy_of_a_copy_has_one_column_of_faults(workbook: Any, tmp_path: Path) -> None:
    workbook.set("教师", 5, "学段", "大学")
    source = workbook.save()
    for name in ("one.xlsx", "two.xlsx"):
        write_faults_copy(source, read_county(source).faults, tmp_path / name)
        source = tmp_path / name
    headers = [cell.value for cell in openpyxl.load_workbook(source)["教师"][1]]
    assert headers.count("错误信息") == 1


def test_faults_of_no_row_stand_in_front(workbook: Any, tmp_path: Path) -> None:
    del workbook.sheets["学区"]
    header = workbook.sheets["学校"][0]
    header[header.index("城乡类型")] = "城乡类别划分"
    source = workbook.save()
    write_faults_copy(source, read_county(source).faults, tmp_path / "faults.xlsx")
    book = openpyxl.load_workbook(tmp_path / "faults.xlsx")
    general = "".join(str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True))
    assert "学区：缺少该工作表" in general
    assert "学校 第1行「城乡类型」：缺少该列" in general
    assert "学校 第1行「城乡类别划分」：是未知表头" in general


def test_a_title_above_the_headers_and_formula_like_cells_are_kept(workbook: Any, tmp_path: Path) -> None:
    rows = workbook.sheets["学校"]
    workbook.set("学校", 2, "乡镇", "=cmd|' /C calc'!A0")
    workbook.set("学校", 2, "城乡类型", "郊区")
    workbook.sheets["学校"] = [["学校一览", *[None] * (len(rows[0]) - 1)], *rows]
    source = workbook.save()
    reading = read_county(source)
    assert [fault.row for fault in reading.faults] == [3]
    write_faults_copy(source, reading.faults, tmp_path / "faults.xlsx")
    page = openpyxl.load_workbook(tmp_path / "faults.xlsx")["学校"]
    assert page["A1"].value == "学校一览"
    assert page[2][len(rows[0])].value == "错误信息"
    cell = page[3][rows[0].index("乡镇")]
    assert (cell.data_type, cell.value) == ("s", "=cmd|' /C calc'!A0")
    assert "郊区" in page[3][len(rows[0])].value


def test_a_large_copy_is_written_row_by_row_with_its_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junheng.documents.faults_copy._LARGE_ROWS", 100)
    lines = ["学校代码,学校名称,办学类型,举办学段,城乡类型,学区"]
    lines += [f"S{n},学校{n},村小,小学,{'郊区' if n % 500 == 0 else '乡村'},1" for n in range(1, 2002)]
    source = tmp_path / "学校.csv"
    source.write_text("\n".join(lines), "utf-8")
    faults = [fault for fault in read_county(source).faults if fault.code == "code"]
    assert [fault.row for fault in faults] == [501, 1001, 1501, 2001]
    write_faults_copy(source, faults, tmp_path / "faults.xlsx")
    page = openpyxl.load_workbook(tmp_path / "faults.xlsx")["学校"]
    assert page.max_row == 2002
    assert all("郊区" in page.cell(row, 7).value and page.cell(row, 5).comment for row in (501, 2001))
