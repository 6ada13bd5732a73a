"""A file read onto a county that is known: what it does not speak of stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from junheng.documents import Base, Reading, county_digest, read_county, write_county
from junheng.facts import County
from junheng.facts.synthetic import make_county, make_small_county

Sheets = dict[str, Sequence[Sequence[Any]]]
DAY = date(2026, 10, 1)


@pytest.fixture(scope="module")
def known() -> County:
    return make_small_county()


def empty(county: County) -> County:
    return replace(county, clusters=(), schools=(), teachers=(), pairings=())


def read(tmp_path: Path, sheets: Sheets, known: County, **given: Any) -> Reading:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "part.xlsx")
    return read_county(tmp_path / "part.xlsx", on=DAY, base=Base(county=known, **given))


def row_of(known: County, at: int, **changed: str) -> dict[str, str]:
    teacher = known.teachers[at]
    return {
        "工号": teacher.id, "姓名": teacher.name, "人事关系学校": teacher.school_id, "学段": teacher.stage.zh,
        "主教学科": teacher.main_subject.zh,
    } | changed  # fmt: skip


def teachers(*rows: dict[str, str]) -> Sheets:
    return {"教师": [list(rows[0]), *(list(row.values()) for row in rows)]}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_workbook_read_onto_anything_is_the_workbook(tmp_path: Path, known: County, seed: int) -> None:
    county = make_county(teachers=200, seed=seed, name=known.name)
    write_county(county, tmp_path / "whole.xlsx")
    for base in (known, empty(known)):
        reading = read_county(tmp_path / "whole.xlsx", base=Base(county=base, whole=True))
        assert reading.faults == () and reading.county == county


def test_a_sheet_of_some_changes_them_and_nobody_else(tmp_path: Path, known: County) -> None:
    reading = read(tmp_path, teachers(row_of(known, 3, 姓名="改名者")), known)
    assert reading.faults == () and reading.county is not None
    expected = [replace(t, name="改名者") if t.id == known.teachers[3].id else t for t in known.teachers]
    assert county_digest(reading.county) == county_digest(replace(known, on=DAY, teachers=tuple(expected)))


def test_whoever_is_absent_from_a_whole_sheet_has_gone_with_what_hangs_on_him(tmp_path: Path) -> None:
    known = make_county(teachers=200, seed=1)
    married = next(t for t in known.teachers if t.family.spouse_id)
    rows = [row_of(known, at) for at, t in enumerate(known.teachers) if t.id != married.family.spouse_id]
    reading = read(tmp_path, teachers(*rows), known, whole=True)
    assert reading.county is not None, reading.faults
    assert {t.id for t in known.teachers} - set(reading.county.teacher_by_id) == {married.family.spouse_id}
    assert reading.county.teacher_by_id[married.id].family.spouse_id == ""


def test_entries_of_those_named_replace_theirs_and_leave_the_others(tmp_path: Path, known: County) -> None:
    one = next(t for t in known.teachers if t.titles)
    rows = [["工号", "职称", "聘用日期"], [one.id, "高级教师", "2026-09-01"]]
    part = read(tmp_path, {"职称岗位": rows}, known).county
    assert part is not None and [t.title.zh for t in part.teacher_by_id[one.id].titles] == ["高级教师"]
    assert all(part.teacher_by_id[t.id].titles == t.titles for t in known.teachers if t is not one)
    whole = read(tmp_path, {"职称岗位": rows}, known, whole=True).county
    assert whole is not None and sum(len(t.titles) for t in whole.teachers) == 1


def test_a_school_that_closes_with_teachers_left_is_a_fault_that_names_them(tmp_path: Path, known: County) -> None:
    closing = known.schools[0]
    staff = sum(closing.id in {t.school_id, t.teaching_school_id} for t in known.teachers)
    rows = [["学校代码", "学校名称", "办学类型", "举办学段", "城乡类型", "学区"]]
    rows += [
        [s.id, s.name, s.kind.zh, "、".join(x.zh for x in s.stages), s.locale.zh, s.cluster_id]
        for s in known.schools[1:]
    ]
    reading = read(tmp_path, {"学校": rows}, known, whole=True)
    places = [fault for fault in reading.faults if fault.code == "unknown_school" and "教师" in fault.sheet]
    assert reading.county is None and len(places) >= staff
    assert places[0].place().startswith("现有数据·教师 第")


def test_a_file_without_a_day_takes_the_one_of_the_base(tmp_path: Path, known: County) -> None:
    book = Workbook()
    book.active.title = "教师"
    for row in teachers(row_of(known, 0))["教师"]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = read_county(tmp_path / "a.xlsx", base=Base(county=known))
    assert reading.county is not None and reading.county.on == known.on


def test_another_countys_workbook_is_known_by_its_name(tmp_path: Path, known: County) -> None:
    write_county(replace(known, name="别的县"), tmp_path / "a.xlsx")
    reading = read_county(tmp_path / "a.xlsx", base=Base(county=known))
    assert [fault.code for fault in reading.faults] == ["other_county"]


def test_what_the_tables_have_no_room_for_is_a_fault_with_its_place(tmp_path: Path, known: County) -> None:
    rows = teachers(row_of(known, 0, 姓名="长" * 101, 备注="好"), row_of(known, 1, 备注="x" * 60))
    reading = read(tmp_path, rows, known, room={("teachers", "name"): 100, ("teachers", "note"): 50})
    assert [(f.code, f.row, f.column) for f in reading.faults] == [("too_long", 2, "姓名"), ("too_long", 3, "备注")]


def test_a_school_may_speak_for_itself_only(tmp_path: Path, known: County) -> None:
    own, other = known.schools[0].id, known.schools[1].id
    mine = [at for at, t in enumerate(known.teachers) if t.school_id == own]
    theirs = next(at for at, t in enumerate(known.teachers) if t.school_id == other)
    allowed = {"schools": frozenset({own})}
    fine = read(tmp_path, teachers(*[row_of(known, at) for at in mine[1:]]), known, whole=True, **allowed)
    assert fine.county is not None, fine.faults
    assert {t.id for t in known.teachers} - set(fine.county.teacher_by_id) == {known.teachers[mine[0]].id}
    for row in (
        row_of(known, theirs),
        row_of(known, theirs, 人事关系学校=own),
        row_of(known, mine[0], 人事关系学校=other),
    ):
        assert {f.code for f in read(tmp_path, teachers(row), known, **allowed).faults} == {"other_school"}
    sheets: Sheets = {
        "班级与学生": [["学校", "学段", "年级", "学生数", "班级数"], [other, "小学", 1, 30, 1]],
        "学区": [["学区代码", "学区名称"], ["X99", "自设学区"]],
        "处分": [["工号", "处分类型", "开始日期"], [known.teachers[theirs].id, "警告", "2026-01-01"]],
    }
    for name, rows in sheets.items():
        assert "other_school" in {f.code for f in read(tmp_path, {name: rows}, known, **allowed).faults}, name


def test_faults_that_were_there_before_warn_and_do_not_stop(tmp_path: Path, known: County) -> None:
    born = known.teachers[5].birth_date
    old = replace(known.teachers[5], work_start=date(born.year + 10, 1, 1))
    spoiled = replace(known, teachers=tuple(old if t.id == old.id else t for t in known.teachers))
    reading = read(tmp_path, teachers(row_of(known, 3)), spoiled)
    assert reading.faults == () and any("现有数据·教师" in w.sheet for w in reading.warnings)


def test_an_empty_county_can_begin_with_a_roster_and_one_school(tmp_path: Path, known: County) -> None:
    sheets: Sheets = {
        "学区": [["学区代码", "学区名称"], ["X1", "一学区"]],
        "学校": [
            ["学校代码", "学校名称", "办学类型", "举办学段", "城乡类型", "学区"],
            ["1", "一小", "教学点", "小学", "镇区", "X1"],
        ],
        "教师": [
            ["工号", "姓名", "性别", "出生日期", "人事关系学校", "学段", "主教学科"],
            ["T", "甲", "女", "1990-01-01", "一小", "小学", "语文"],
        ],
    }
    reading = read(tmp_path, sheets, empty(known))
    assert reading.county is not None, reading.faults
    missing = read(tmp_path, {"教师": sheets["教师"]}, empty(known))
    assert {f.code for f in missing.faults} >= {"missing_sheet"}
