"""Foreign rosters by mapping files, among them the roster of 69 columns in the examples."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from junheng.documents import Fault, Mapping, MappingError, read_county
from junheng.facts import HonorKind, Level, Role, SpellKind, Stage, Subject, Title
from junheng.facts.identity import check_character

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mappings" / "district-roster.yaml"

ROSTER = (
    "校名 学校类型 统一社会信用代码 姓名 身份证号 性别 民族 籍贯 婚姻状况 政治面貌 入党（团）时间 "
    "参加工作前学历 参加工作前学位 参加工作前毕业院校 参加工作前毕业院校代码 参加工作前毕业时间 参加工作前所学专业 "
    "最高学历 最高学位 最高学历毕业院校 最高学历毕业时间 最高学历专业 "
    "参加工作时间 进入本区教育系统时间 入编时间 入现单位时间 行政职务 行政职务任职时间 任教年级 主教学科 兼教学科 "
    "最高职称 职称证专业 职称证发证时间 职称认定时间 现聘职称 现聘职称聘用时间 专业技术岗位 专业技术岗位聘用时间 "
    "普通话水平 教师资格学段 教师资格学科 骨干教师 四名工作室主持人 四名工作室主持人时间 市级以上荣誉 市级以上人才项目 "
    "支教单位名称 支教地域 支教开始时间 支教结束时间 交流单位名称 交流开始时间 交流结束时间 "
    "常住地址 手机号 教育网短号 紧急联系人 紧急联系人关系 紧急联系方式 备注 年龄 区域 任教学段 编制所在学段 在岗状态 "
    "是否音体美专任教师 党内职务级别 校内其他职务"
)
HEADERS = ROSTER.split()

PRIMARY, JUNIOR = "云山区第一小学", "云山区育才中学"

Row = dict[str, Any]


def person(serial: int, **cells: Any) -> Row:
    """A fictitious teacher of the roster."""
    male = serial % 2 == 1
    first = f"99010119{70 + serial % 10}0{1 + serial % 9}15{serial:03d}"
    return {
        "校名": PRIMARY if serial % 3 else JUNIOR,
        "姓名": f"师{serial}",
        "身份证号": first + check_character(first),
        "性别": "男" if male else "女",
        "民族": "汉族",
        "参加工作时间": "1995.09",
        "入现单位时间": "2012年8月",
        "行政职务": "无",
        "主教学科": "语文",
        "兼教学科": "无",
        "最高学历": "大学本科",
        "现聘职称": "小学高级教师",
        "现聘职称聘用时间": "2010-12",
        "专业技术岗位": "专业技术十级",
        "教师资格学段": "小学",
        "骨干教师": "无",
        "四名工作室主持人": "无",
        "支教单位名称": "无",
        "交流单位名称": None,
        "教育网短号": f"6{serial:04d}",
        "任教学段": "小学" if serial % 3 else "初中",
        "在岗状态": "在岗",
        "是否音体美专任教师": "否",
        **cells,
    }


PEOPLE = [
    *(person(serial) for serial in range(1, 7)),
    person(7, 行政职务="党组织书记兼校长", 骨干教师="市骨干", 任教年级="三年级", 手机号="13800000000"),
    person(8, 支教单位名称=JUNIOR, 支教地域="区内", 支教开始时间="2019.09", 支教结束时间="2020.07"),
    person(9, 交流单位名称="外区实验学校", 交流开始时间="2021年9月", 交流结束时间=None, 在岗状态="借出"),
    person(10, 四名工作室主持人="名师工作室", 四名工作室主持人时间="2022-03", 兼教学科="道德与法治、科学"),
    person(11, 任教学段="幼儿园"),
]


@pytest.fixture
def places(workbook: Any, tmp_path: Path) -> Path:
    """Our own workbook with everything that the roster lacks."""
    keep = ("县区", "学区", "学校", "班级与学生")
    workbook.sheets = {
        name: rows if name == "县区" else rows[:1] for name, rows in workbook.sheets.items() if name in keep
    }
    workbook.add("学区", {"学区代码": "1", "学区名称": "东片"})
    for number, (name, stage) in enumerate([(PRIMARY, "小学"), (JUNIOR, "小学、初中")], start=1):
        workbook.add(
            "学校",
            {
                "学校代码": f"990000000{number}",
                "学校名称": name,
                "办学类型": "城区小学" if number == 1 else "九年一贯制",
                "举办学段": stage,
                "城乡类型": "城区",
                "学区": "东片",
            },
        )
        workbook.add("班级与学生", {"学校": name, "学段": "小学", "年级": 1, "学生数": 80, "班级数": 2})
    return Path(workbook.save().rename(tmp_path / "places.xlsx"))


def roster(path: Path, people: list[Row], headers: list[str] = HEADERS) -> Path:
    """The roster as the district keeps it: a title in row 1, headers in row 2."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("在编教师（2023）")
    sheet.write(0, 0, "云山区在编教师名册")
    for row, cells in enumerate([dict(zip(headers, headers, strict=True)), *people], start=1):
        for column, header in enumerate(headers):
            if cells.get(header) is not None:
                sheet.write(row, column, cells[header])
    book.close()
    return path


def read(places: Path, people: list[Row], headers: list[str] = HEADERS) -> Any:
    path = roster(places.with_name("roster.xlsx"), people, headers)
    return read_county([path, places], mapping=Mapping.load(EXAMPLE))


def test_the_roster_of_69_columns_is_read(places: Path) -> None:
    assert len(HEADERS) == 69
    reading = read(places, PEOPLE)
    assert [fault.message() for fault in reading.faults] == []
    assert len(reading.county.teachers) == 10
    head = reading.county.teacher_by_id["60007"]
    assert (head.name, head.role, head.stage, head.main_subject) == (
        "师7",
        Role.PRINCIPAL,
        Stage.PRIMARY,
        Subject.CHINESE,
    )
    assert (head.work_start, head.joined_current_school) == (date(1995, 9, 1), date(2012, 8, 1))
    assert (head.on_establishment, head.full_time, head.in_post) == (True, True, True)
    assert (head.titles[0].title, head.titles[0].post_grade) == (Title.FIRST, 10)
    assert head.birth_date.year == 1977


def test_columns_of_support_exchange_title_and_honour_become_rows_of_their_own(places: Path) -> None:
    teachers = read(places, PEOPLE).county.teacher_by_id
    post, *_ = teachers["60001"].appointments
    assert (post.kind, post.school_id, post.start) == (SpellKind.POST, "9900000001", date(2012, 8, 1))
    support = next(spell for spell in teachers["60008"].appointments if spell.kind is SpellKind.SUPPORT)
    assert (support.school_id, support.start, support.end) == ("9900000002", date(2019, 9, 1), date(2020, 7, 31))
    exchange = next(spell for spell in teachers["60009"].appointments if spell.kind is SpellKind.EXCHANGE)
    assert (exchange.school_id, exchange.school_name, exchange.end) == ("", "外区实验学校", None)
    assert teachers["60009"].in_post is False
    assert [(honor.kind, honor.level) for honor in teachers["60007"].honors] == [(HonorKind.BACKBONE, Level.CITY)]
    assert [(honor.kind, honor.title) for honor in teachers["60010"].honors] == [
        (HonorKind.MASTER_TEACHER, "名师工作室")
    ]
    assert teachers["60010"].also_teaches == (Subject.ETHICS, Subject.SCIENCE)
    assert teachers["60001"].honors == ()


def test_rows_left_out_are_counted_in_a_warning(places: Path) -> None:
    warnings = [warning for warning in read(places, PEOPLE).warnings if warning.code == "skipped_rows"]
    assert [(warning.column, warning.value) for warning in warnings] == [("任教学段", "1")]


def faults(places: Path, people: list[Row], headers: list[str] = HEADERS) -> list[Fault]:
    return list(read(places, people, headers).faults)


def test_faults_are_placed_in_the_foreign_file_by_its_own_headers(places: Path) -> None:
    bad = [*PEOPLE[:3], person(20, 支教单位名称=JUNIOR, 支教开始时间="2019.13"), person(21, 现聘职称="专家")]
    found = {(fault.file, fault.sheet, fault.row, fault.column) for fault in faults(places, bad)}
    assert found == {
        ("roster.xlsx", "在编教师（2023）", 6, "支教开始时间"),
        ("roster.xlsx", "在编教师（2023）", 7, "现聘职称"),
    }


def test_a_header_that_the_mapping_does_not_mention_is_a_fault(places: Path) -> None:
    (fault,) = faults(places, PEOPLE[:3], [*HEADERS, "新增列"])
    assert (fault.code, fault.row, fault.column) == ("unknown_header", 2, "新增列")
    assert "ignore" in fault.message()


def test_a_header_that_the_mapping_needs_and_the_roster_lacks_is_a_fault(places: Path) -> None:
    codes = {
        (fault.code, fault.column) for fault in faults(places, PEOPLE[:3], [h for h in HEADERS if h != "支教开始时间"])
    }
    assert ("missing_column", "支教开始时间") in codes


def test_the_headers_of_the_roster_may_stand_in_any_order(places: Path) -> None:
    assert read(places, PEOPLE, list(reversed(HEADERS))).county == read(places, PEOPLE).county


def test_an_id_number_that_serves_as_key_is_warned_of(places: Path) -> None:
    text = (
        EXAMPLE.read_text("utf-8")
        .replace("key: 教育网短号", "key: 身份证号")
        .replace("- 手机号", "- 手机号\n      - 教育网短号")
    )
    path = roster(places.with_name("roster.xlsx"), PEOPLE[:3])
    reading = read_county([path, places], mapping=Mapping.parse(text))
    assert reading.faults == ()
    assert "exposed_id_number" in {warning.code for warning in reading.warnings}


MISTAKES = [
    ("sheets: [", "YAML"),
    ("- 1", "sheets"),
    ("sheets:\n  - from: a\n", "to"),
    ("sheets:\n  - from: a\n    to: 没有\n", "没有"),
    ("sheets:\n  - from: a\n    to: 教师\n    columns: {校名: 校长室}\n", "校长室"),
    ("sheets:\n  - from: a\n    to: 教师\n    colums: {}\n", "colums"),
    ("sheets:\n  - from: a\n    to: 教师\n    header_row: 0\n", "行号"),
    ("sheets:\n  - from: a\n    to: 教师\n    ignore: 校名\n", "列表"),
    ("sheets:\n  - from: a\n    to: 教师\n    columns: [a]\n", "名称"),
    ("sheets:\n  - from: a\n    to: 学区\n    key: a\n", "工号"),
    ("sheets:\n  - from: a\n    to: 教师\n    split: [{to: 荣誉, columns: {}}]\n", "when"),
]


@pytest.mark.parametrize(("text", "word"), MISTAKES)
def test_a_mistake_in_a_mapping_is_named_with_its_line(text: str, word: str) -> None:
    with pytest.raises(MappingError) as caught:
        Mapping.parse(text, "map.yaml")
    assert caught.value.message().startswith("map.yaml 第")
    assert word in caught.value.zh
    assert caught.value.message("en").startswith("map.yaml line ")


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"none\.yaml"):
        Mapping.load(tmp_path / "none.yaml")


def test_an_entry_of_the_mapping_that_matches_no_sheet_is_warned_of(workbook: Any) -> None:
    reading = workbook.read(mapping=Mapping.load(EXAMPLE))
    assert reading.faults == ()
    assert [warning.sheet for warning in reading.warnings if warning.code == "unmatched_mapping"] == [
        "在编教师、在编教师*"
    ]


def test_a_repeated_foreign_header_is_told_apart_by_number(workbook: Any, county: Any) -> None:
    mapping = Mapping.parse(
        "sheets:\n  - from: 片\n    to: 学区\n    columns: {编码: 学区代码, 名称#2: 学区名称}\n    ignore: [名称]\n"
    )
    rows = workbook.sheets.pop("学区")
    workbook.sheets["片"] = [["编码", "名称", "名称"], *[[code, "旧名", name] for code, name in rows[1:]]]
    assert workbook.read(mapping=mapping).county == county
