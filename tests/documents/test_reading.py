"""Faults: all at once, each with its place, what was found and what is expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from junheng.documents import read_county
from junheng.facts import Appointment, SpellKind

TEACHER = 2
"""The first teacher's row."""


def messages(workbook: Any, **options: Any) -> list[str]:
    return [fault.message() for fault in workbook.read(**options).faults]


def test_words_of_a_list_may_be_padded_with_spaces(workbook: Any, county: Any) -> None:
    role = workbook.cell("教师", TEACHER, "行政职务")
    workbook.set("教师", TEACHER, "行政职务", f" {role[0]}　{role[1:]} ")
    assert workbook.read().county == county


def test_the_untouched_workbook_has_no_fault(workbook: Any, county: Any) -> None:
    reading = workbook.read()
    assert reading.faults == ()
    assert reading.county == county


def test_a_message_names_sheet_row_column_value_and_expectation(workbook: Any) -> None:
    workbook.set("教师", TEACHER + 12, "参加工作时间", "2009.13")
    fault = workbook.only_fault()
    assert fault.message() == '教师 第14行「参加工作时间」：无法识别 "2009.13"，请填写如 2009-09。'
    assert fault.message("en") == '教师 row 14 “参加工作时间”: cannot read "2009.13"; write for example 2009-09.'
    assert (fault.sheet, fault.row, fault.column, fault.value) == ("教师", 14, "参加工作时间", "2009.13")


def test_every_fault_is_reported_at_once_and_there_is_no_county(workbook: Any) -> None:
    workbook.set("教师", 2, "性别", "不详")
    workbook.set("教师", 3, "姓名", None)
    workbook.set("班级与学生", 2, "学生数", -3)
    workbook.set("学校", 2, "城乡类型", "郊区")
    reading = workbook.read()
    assert reading.county is None
    assert [(fault.sheet, fault.row, fault.column) for fault in reading.faults] == [
        ("学校", 2, "城乡类型"),
        ("班级与学生", 2, "学生数"),
        ("教师", 2, "性别"),
        ("教师", 3, "姓名"),
    ]


def test_columns_may_stand_in_any_order_under_other_names_and_below_a_title(workbook: Any, county: Any) -> None:
    rows = workbook.sheets["教师"]
    rows[0][rows[0].index("身份证件号")] = "身份证号"
    rows[0][rows[0].index("参加工作时间")] = "参加工作 年月*"
    width = len(rows[0])
    workbook.sheets["教师"] = [["全县教师花名册", *[None] * (width - 1)], *[list(reversed(row)) for row in rows]]
    assert workbook.read().county == county


def test_leading_blank_rows_and_columns_do_not_move_the_row_numbers(workbook: Any) -> None:
    rows = workbook.sheets["教师"]
    workbook.set("教师", 3, "学段", "大学")
    workbook.sheets["教师"] = [[None] * 3, [None] * 3, *[[None, None, *row] for row in rows]]
    fault = workbook.only_fault()
    assert fault.row == 5


def test_blank_rows_between_are_skipped_and_counted_by_none(workbook: Any, county: Any) -> None:
    rows = workbook.sheets["教师"]
    workbook.sheets["教师"] = [rows[0], [None] * len(rows[0]), *rows[1:], [" "] * len(rows[0])]
    reading = workbook.read()
    assert reading.county == county
    assert reading.counts["teachers"] == len(county.teachers)


@pytest.mark.parametrize("name", ["学区", "学校", "教师", "班级与学生"])
def test_a_missing_required_sheet_is_named(workbook: Any, name: str) -> None:
    del workbook.sheets[name]
    (fault,) = [fault for fault in workbook.read().faults if fault.code != "stage_not_taught"]
    assert fault.message().startswith(f"{name}：缺少该工作表")


def test_optional_sheets_may_be_absent(workbook: Any) -> None:
    for name in (
        "任职经历",
        "荣誉",
        "请假",
        "处分",
        "家庭情况",
        "考核",
        "考试成绩",
        "学时",
        "结对",
        "志愿",
        "职称岗位",
    ):
        workbook.sheets.pop(name, None)
    reading = workbook.read()
    assert reading.faults == ()
    assert all(not teacher.honors and not teacher.wishes for teacher in reading.county.teachers)


def test_without_a_county_sheet_name_and_date_are_given_by_the_caller(workbook: Any) -> None:
    del workbook.sheets["县区"]
    assert [fault.code for fault in workbook.read().faults] == ["required", "required"]
    reading = workbook.read(name="云山县", on=date(2025, 8, 31))
    assert (reading.county.name, reading.county.on) == ("云山县", date(2025, 8, 31))


def test_an_unknown_header_is_a_fault_and_the_likely_one_is_named(workbook: Any) -> None:
    header = workbook.sheets["教师"][0]
    header[header.index("参加工作时间")] = "参加工作时问"
    fault = workbook.only_fault()
    assert (fault.code, fault.row, fault.column) == ("unknown_header", 1, "参加工作时问")
    assert "参加工作时间" in fault.message()


def test_data_under_no_header_are_not_dropped_silently(workbook: Any) -> None:
    workbook.sheets["学校"][0].append(None)
    for row in workbook.sheets["学校"][1:]:
        row.append(None)
    workbook.sheets["学校"][2][-1] = "孤立"
    fault = workbook.only_fault()
    assert (fault.code, fault.row, fault.value) == ("no_header", 3, "孤立")


def test_the_same_header_twice_is_a_fault(workbook: Any) -> None:
    for row in workbook.sheets["教师"]:
        row.append(row[0])
    workbook.sheets["教师"][0][-1] = "教职工号"
    assert workbook.only_fault().code == "repeated_header"


def test_a_required_column_that_is_absent_is_named_once(workbook: Any) -> None:
    rows = workbook.sheets["学校"]
    at = rows[0].index("城乡类型")
    workbook.sheets["学校"] = [row[:at] + row[at + 1 :] for row in rows]
    fault = workbook.only_fault()
    assert (fault.code, fault.column) == ("missing_column", "城乡类型")


def test_an_unknown_sheet_is_a_warning_that_says_it_was_not_read(workbook: Any) -> None:
    workbook.sheets["我的透视表"] = [["合计", 3]]
    assert any(w.code == "unknown_sheet" and w.sheet == "我的透视表" for w in workbook.read().warnings)


ID_FAULTS = [
    (1.10105194912312e17, "spoil", "数值"),
    ("1.10105E+17", "spoil", "数值"),
    ("990101198505120011", "check", "校验码"),
    ("99010119850512", "length", "14位"),
]


@pytest.mark.parametrize(("value", "_why", "word"), ID_FAULTS)
def test_an_id_number_that_cannot_be_is_found(workbook: Any, value: object, _why: str, word: str) -> None:
    workbook.set("教师", TEACHER, "身份证件号", value)
    assert any(fault.code == "id_number" and word in fault.message() for fault in workbook.read().faults)


def test_an_id_number_is_masked_in_the_message(workbook: Any) -> None:
    workbook.set("教师", TEACHER, "身份证件号", "990101198505120011")
    message = workbook.only_fault().message()
    assert "19850512" not in message
    assert "990101********0011" in message


def test_sex_and_birth_date_are_compared_with_the_id_number(workbook: Any) -> None:
    said = workbook.cell("教师", TEACHER, "性别")
    workbook.set("教师", TEACHER, "性别", "女" if said == "男" else "男")
    workbook.set("教师", TEACHER + 1, "出生日期", "1971-02-03")
    assert [(f.code, f.row) for f in workbook.read().faults] == [("sex_mismatch", 2), ("birth_mismatch", 3)]


def test_blank_sex_and_birth_date_come_from_the_id_number(workbook: Any, county: Any) -> None:
    workbook.set("教师", TEACHER, "性别", None)
    born = str(workbook.cell("教师", TEACHER, "出生日期"))
    workbook.set("教师", TEACHER, "出生日期", born[:7])
    assert workbook.read().county == county
    workbook.set("教师", TEACHER, "出生日期", None)
    assert workbook.read().county == county


def test_without_id_number_sex_and_birth_date_must_be_given(workbook: Any) -> None:
    for header in ("性别", "出生日期", "身份证件号"):
        workbook.set("教师", TEACHER, header, None)
    assert [fault.column for fault in workbook.read().faults] == ["性别", "出生日期"]


@pytest.mark.parametrize(
    ("sheet", "header", "code"),
    [
        ("教师", "工号", "repeated"),
        ("教师", "身份证件号", "repeated"),
        ("学校", "学校代码", "repeated"),
        ("学区", "学区代码", "repeated"),
    ],
)
def test_a_key_that_occurs_twice_names_the_earlier_row(workbook: Any, sheet: str, header: str, code: str) -> None:
    workbook.set(sheet, 3, header, workbook.cell(sheet, 2, header))
    faults = [fault for fault in workbook.read().faults if fault.code == code]
    assert [(fault.row, fault.column) for fault in faults] == [(3, header)]
    assert "第2行" in faults[0].message()


REFERENCES = [
    ("教师", "人事关系学校", "unknown_school"),
    ("学校", "学区", "unknown_cluster"),
    ("班级与学生", "学校", "unknown_school"),
    ("志愿", "志愿学校", "unknown_school"),
    ("任职经历", "学校", "unknown_school"),
    ("任职经历", "工号", "unknown_teacher"),
    ("结对", "受援学校", "unknown_school"),
]


@pytest.mark.parametrize(("sheet", "header", "code"), REFERENCES)
def test_a_reference_to_what_does_not_exist_is_found(workbook: Any, sheet: str, header: str, code: str) -> None:
    workbook.set(sheet, 2, header, "Z404")
    faults = [fault for fault in workbook.read().faults if fault.code == code]
    assert [(fault.sheet, fault.row, fault.column, fault.value) for fault in faults] == [(sheet, 2, header, "Z404")]


def test_schools_may_be_named_instead_of_coded(workbook: Any, county: Any) -> None:
    names = {school.id: school.name for school in county.schools}
    for row in range(2, len(workbook.sheets["教师"]) + 1):
        workbook.set("教师", row, "人事关系学校", names[workbook.cell("教师", row, "人事关系学校")])
    assert workbook.read().county == county


def test_a_name_that_two_schools_share_must_be_replaced_by_a_code(workbook: Any) -> None:
    name = workbook.cell("学校", 2, "学校名称")
    workbook.set("学校", 3, "学校名称", name)
    workbook.set("教师", TEACHER, "人事关系学校", name)
    workbook.set("教师", TEACHER, "学校名称核对", None)
    assert "ambiguous_reference" in {fault.code for fault in workbook.read().faults}


def test_a_name_beside_a_number_that_belongs_to_another_is_found(workbook: Any) -> None:
    workbook.set("考核", 2, "姓名", "另一人")
    assert workbook.only_fault().code == "name_mismatch"


def spells(workbook: Any, *given: tuple[str, str, str | None, str]) -> None:
    """Replace all appointments by those of the first teacher: school row, start, end, kind."""
    teacher = workbook.cell("教师", TEACHER, "工号")
    workbook.sheets["任职经历"] = workbook.sheets["任职经历"][:1]
    for school, start, end, kind in given:
        code = workbook.cell("学校", int(school), "学校代码")
        workbook.add("任职经历", {"工号": teacher, "学校": code, "开始日期": start, "结束日期": end, "任职类型": kind})


def test_two_regular_posts_at_one_time_contradict(workbook: Any) -> None:
    spells(workbook, ("2", "2015-09", "2020-08", "任职"), ("3", "2019-09", None, "任职"))
    fault = workbook.only_fault()
    assert (fault.code, fault.row) == ("overlap", 3)
    assert "第2行" in fault.message()


def test_posts_that_follow_in_the_same_month_and_exchanges_during_a_post_are_no_contradiction(workbook: Any) -> None:
    spells(
        workbook,
        ("2", "2015-09", "2019-08", "任职"),
        ("3", "2019-08", None, "任职"),
        ("4", "2021-09", "2023-07", "支教"),
    )
    reading = workbook.read()
    assert reading.faults == ()
    teacher = reading.county.teacher_by_id[workbook.cell("教师", TEACHER, "工号")]
    assert teacher.appointments[0].end == date(2019, 8, 31)
    assert teacher.appointments[2].kind is SpellKind.SUPPORT


def test_an_open_end_may_be_said_in_words(workbook: Any) -> None:
    spells(workbook, ("2", "2015-09", "至今", "任职"))
    teacher = workbook.cell("教师", TEACHER, "工号")
    assert workbook.read().county.teacher_by_id[teacher].appointments[0].end is None


def test_a_spell_at_a_school_outside_the_county_keeps_its_name(workbook: Any) -> None:
    spells(workbook)
    teacher = workbook.cell("教师", TEACHER, "工号")
    inside = workbook.cell("学校", 2, "学校名称")
    workbook.add(
        "任职经历", {"工号": teacher, "县外单位名称": "外县一中", "开始日期": "2010-09", "结束日期": "2012-07"}
    )
    workbook.add("任职经历", {"工号": teacher, "县外单位名称": inside, "开始日期": "2012-09"})
    away, home = workbook.read().county.teacher_by_id[teacher].appointments
    assert (away.school_id, away.school_name) == ("", "外县一中")
    assert home == Appointment(school_id=workbook.cell("学校", 2, "学校代码"), start=date(2012, 9, 1))


def contradictions() -> list[tuple[str, dict[str, Any], str]]:
    """Sheet, cells of row 2 to spoil, and the code of the fault."""
    return [
        ("任职经历", {"开始日期": "2020-09", "结束日期": "2019-08"}, "backward"),
        ("任职经历", {"开始日期": "1960-09", "结束日期": "1961-08", "任职类型": "支教"}, "too_young"),
        ("任职经历", {"学校": None, "县外单位名称": None}, "required"),
        ("教师", {"参加工作时间": "1950-09"}, "too_young"),
        ("教师", {"参加工作时间": "2020-09", "入现单位时间": "2019-09"}, "contradiction"),
        ("班级与学生", {"学生数": -1}, "range"),
        ("班级与学生", {"学生数": 12.5}, "integer"),
        ("班级与学生", {"学生数": "一百"}, "number"),
        ("班级与学生", {"班级数": 0, "学生数": 20}, "no_class"),
        ("编制与学科需求", {"编制数": -5}, "range"),
        ("编制与学科需求", {"编制数": None, "学科": None, "需求教师数": None}, "required"),
        ("编制与学科需求", {"学科": "语文", "需求教师数": None}, "required"),
        ("学校", {"寄宿制": "也许"}, "yes_no"),
        ("志愿", {"志愿顺序": 0}, "range"),
        ("教师", {"核定退休日期": 2030.1}, "ambiguous_month"),
        ("学校", {"学校简称": "#N/A"}, "formula_error"),
        ("学校", {"学校代码": "2.19901E+09"}, "spoiled_number"),
    ]


@pytest.mark.parametrize(("sheet", "cells", "code"), contradictions())
def test_what_contradicts_itself_is_found(workbook: Any, sheet: str, cells: dict[str, Any], code: str) -> None:
    for header, value in cells.items():
        workbook.set(sheet, 2, header, value)
    faults = [fault for fault in workbook.read().faults if fault.code == code]
    assert [(fault.sheet, fault.row) for fault in faults] == [(sheet, 2)]
    assert faults[0].column in cells
    assert faults[0].message("en").startswith(f"{sheet} row 2 “{faults[0].column}”: ")


def wishes(workbook: Any, *given: tuple[int, int]) -> None:
    """Replace all wishes by those of the first teacher: rank, school row."""
    teacher = workbook.cell("教师", TEACHER, "工号")
    workbook.sheets["志愿"] = workbook.sheets["志愿"][:1]
    for rank, school in given:
        workbook.add("志愿", {"工号": teacher, "志愿顺序": rank, "志愿学校": workbook.cell("学校", school, "学校代码")})


def test_wishes_without_gap_repetition_or_own_school(workbook: Any) -> None:
    own = next(
        row
        for row in range(2, 8)
        if workbook.cell("学校", row, "学校代码") == workbook.cell("教师", TEACHER, "人事关系学校")
    )
    first, second = [row for row in range(2, 8) if row != own][:2]
    for given, code in (
        (((1, first), (3, second)), "wish_gap"),
        (((1, first), (2, first)), "repeated"),
        (((1, first), (1, second)), "repeated"),
        (((1, own),), "own_school"),
    ):
        wishes(workbook, *given)
        assert workbook.only_fault().code == code
    wishes(workbook, (2, first), (1, second))
    assert workbook.read().faults == ()


def test_an_empty_county_and_a_single_school_are_refused(workbook: Any) -> None:
    sheets = {name: [list(row) for row in rows] for name, rows in workbook.sheets.items()}
    workbook.sheets = {name: rows[:1] for name, rows in sheets.items()}
    workbook.sheets["县区"] = sheets["县区"]
    assert {f.sheet for f in workbook.read().faults if f.code == "too_few_rows"} == {
        "学区",
        "学校",
        "教师",
        "班级与学生",
    }
    workbook.sheets["学校"] = sheets["学校"][:2]
    assert any("至少需要两所学校" in message for message in messages(workbook))


def test_matters_that_do_not_stop_are_warnings(workbook: Any) -> None:
    workbook.set("学校", 2, "横坐标（千米）", None)
    primary = next(r for r in range(2, 40) if workbook.cell("教师", r, "学段") == "小学")
    workbook.set("教师", primary, "主教学科", "物理")
    workbook.set("教师", primary, "入现单位时间", "2026-09")
    posts = next(r for r in range(2, 40) if workbook.cell("编制与学科需求", r, "编制数") is not None)
    workbook.set("编制与学科需求", posts, "编制数", 0)
    reading = workbook.read()
    assert reading.faults == ()
    codes = {warning.code for warning in reading.warnings}
    assert {"no_coordinates", "subject_of_stage", "future", "over_establishment"} <= codes


def test_several_files_are_read_together_and_faults_name_the_file(workbook: Any, tmp_path: Path, county: Any) -> None:
    people = {name: workbook.sheets.pop(name) for name in ("教师", "任职经历")}
    first = workbook.save().rename(tmp_path / "places.xlsx")
    workbook.sheets = people
    second = workbook.save().rename(tmp_path / "people.xlsx")
    assert read_county([first, second]).county == county
    workbook.set("教师", 2, "学段", "幼儿园")
    fault = read_county([first, workbook.save()]).faults[0]
    assert (fault.file, fault.message().startswith("county.xlsx 教师 第2行「学段」")) == ("county.xlsx", True)


def test_a_folder_of_csv_files_named_by_sheet_is_a_workbook(workbook: Any, tmp_path: Path, county: Any) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in workbook.sheets.items():
        lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in rows]
        (folder / f"{name}.csv").write_text("\n".join(lines), encoding="gb18030")
    assert read_county(folder).county == county
