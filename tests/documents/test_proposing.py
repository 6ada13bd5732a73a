"""A mapping proposed from headers, and written so that the library reads it."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from junheng.documents import Base, Mapping, read_county
from junheng.documents.columns import SHEET_BY_KEY
from junheng.documents.proposing import (
    Choice,
    best_sheet,
    foreign_sheets,
    mapping_text,
    proposed_columns,
    unread_words,
)
from junheng.facts.synthetic import make_small_county

TEACHERS = SHEET_BY_KEY["teachers"]
HEADERS = ["教育网短号", "姓 名", "身份证号", "校名", "教授科目", "最高学历学历", "籍贯"]


def test_headers_of_other_systems_find_our_columns() -> None:
    found = proposed_columns(HEADERS, TEACHERS)
    assert found["姓 名"] == "name" and found["身份证号"] == "id_number" and found["校名"] == "school_id"
    assert found["教授科目"] == "main_subject" and "籍贯" not in found
    assert len(set(found.values())) == len(found), "each of our columns once"


def test_the_sheet_is_known_by_its_headers() -> None:
    assert best_sheet(HEADERS).key == "teachers"
    assert best_sheet(["学校代码", "学校名称", "办学类型", "举办学段"]).key == "schools"
    assert best_sheet(["甲", "乙"]).key == "teachers"


def test_words_that_our_lists_do_not_know_are_told() -> None:
    assert unread_words(["校长", "党委书记"], TEACHERS, "role") == ["党委书记"]
    assert unread_words(["张三"], TEACHERS, "name") == []


def test_short_columns_tell_their_words_and_numbers_of_people_stay_untold(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "在编"
    book.active.append(["某区花名册"])
    book.active.append(["姓名", "身份证号", "职务", "职务"])
    for number in range(5):
        book.active.append([f"人{number}", f"99010119850512002{number}", "校长", "党委书记"])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = foreign_sheets(tmp_path / "a.xlsx")
    assert sheet.header_row == 2 and [h.header for h in sheet.headers] == ["姓名", "身份证号", "职务", "职务#2"]
    assert [h.words for h in sheet.headers[1:]] == [(), ("校长",), ("党委书记",)]


def test_what_was_chosen_reads_the_roster(tmp_path: Path) -> None:
    known = make_small_county()
    book = Workbook()
    book.active.title = "在编"
    book.active.append(["短号", "姓名", "职务", "校名", "籍贯", "性别", "出生"])
    book.active.append(["T-9", "方可凡", "党委书记", known.schools[0].name, "某地", "男", "1990-01-01"])
    book.save(tmp_path / "a.xlsx")
    stage = next(iter(known.schools[0].stages)).zh
    text = mapping_text(
        '名称: "带引号"',
        [
            Choice(
                sheet="在编", to=TEACHERS, header_row=1,
                columns={"短号": "id", "姓名": "name", "职务": "role", "校名": "school_id", "籍贯": "", "性别": "sex",
                         "出生": "birth_date"},
                constants={"stage": stage, "main_subject": "语文"}, values={"职务": {"党委书记": "校长"}},
            )
        ],
    )  # fmt: skip
    reading = read_county(tmp_path / "a.xlsx", mapping=Mapping.parse(text), base=Base(county=known))
    assert reading.county is not None, reading.faults
    assert reading.county.teacher_by_id["T-9"].role.zh == "校长"
