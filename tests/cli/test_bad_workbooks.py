"""A workbook that cannot be used ends every command with exit code 2, the place, what was found, what is expected."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from junheng.documents import write_county
from junheng.facts.synthetic import make_small_county

TEACHERS, PUPILS, SPELLS = "教师", "班级与学生", "任职经历"


def commands_on(workbook: Path) -> list[list[object]]:
    """Every command that works on a county and would write something."""
    here = workbook.parent
    return [
        ["plan", workbook, "--policy", "CN", "-o", here / "out"],
        ["decide", workbook, "--policy", "CN", "-o", here / "verdicts.xlsx"],
        ["measure", workbook, "-o", here / "measured"],
        ["simulate", workbook, "--policy", "CN", "--vary", "tenure_years=5,6", "-o", here / "sim.xlsx"],
    ]


def without_sheet(desk) -> list[str]:
    del desk.book[TEACHERS]
    return ["教师"]


def unknown_header(desk) -> list[str]:
    desk.book[TEACHERS].cell(1, desk.column(TEACHERS, "人事关系学校")).value = "单位名"
    return ["教师", "单位名", "人事关系学校"]


def wrong_type(desk) -> list[str]:
    desk.set(TEACHERS, 14, "参加工作时间", "2009.13")
    return ["教师 第14行「参加工作时间」", "2009.13", "如 2009-09"]


def duplicate_id(desk) -> list[str]:
    desk.set(TEACHERS, 5, "身份证件号", desk.get(TEACHERS, 4, "身份证件号"))
    return ["教师 第5行「身份证件号」", str(desk.get(TEACHERS, 4, "身份证件号"))[-4:]]


def invalid_id(desk) -> list[str]:
    honest = str(desk.get(TEACHERS, 6, "身份证件号"))
    desk.set(TEACHERS, 6, "身份证件号", honest[:-1] + ("1" if honest[-1] != "1" else "2"))
    return ["教师 第6行「身份证件号」", "校验码"]


def unknown_school(desk) -> list[str]:
    desk.set(TEACHERS, 7, "人事关系学校", "望海小学")
    return ["教师 第7行「人事关系学校」", "望海小学"]


def contradictory_spells(desk) -> list[str]:
    desk.set(SPELLS, 3, "开始日期", "2019-08-01")
    desk.set(SPELLS, 3, "结束日期", "2018-07-31")
    return ["任职经历 第3行", "2018-07-31", "2019-08-01"]


def negative_pupils(desk) -> list[str]:
    desk.set(PUPILS, 2, "学生数", -5)
    return ["班级与学生 第2行「学生数」", "-5"]


def empty_county(desk) -> list[str]:
    for sheet in desk.book:
        if sheet.title != "说明":
            sheet.delete_rows(2, sheet.max_row)
    return ["县区", "学校"]


FAULTS: list[Callable[..., list[str]]] = [
    without_sheet,
    unknown_header,
    wrong_type,
    duplicate_id,
    invalid_id,
    unknown_school,
    contradictory_spells,
    negative_pupils,
    empty_county,
]


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__)
def test_a_fault_is_named_and_nothing_is_written(spoil, desk, junheng) -> None:
    named = spoil(desk)
    workbook = desk.save()
    for words in commands_on(workbook)[:1]:
        answer = junheng(*words)
        assert answer.code == 2
        assert [word for word in named if word not in answer.err] == []
        assert "什么都没有写出" in answer.err
    assert desk.left() == set()


@pytest.mark.parametrize("command", range(4), ids=["plan", "decide", "measure", "simulate"])
def test_every_command_refuses_a_faulty_workbook(command: int, desk, junheng) -> None:
    negative_pupils(desk)
    answer = junheng(*commands_on(desk.save())[command])
    assert (answer.code, desk.left()) == (2, set())
    assert "学生数" in answer.err
    assert answer.out == ""


def test_check_lists_all_faults_at_once_and_saves_a_copy_that_is_never_overwritten(desk, junheng) -> None:
    negative_pupils(desk)
    wrong_type(desk)
    workbook = desk.save()
    answer = junheng("check", workbook)
    assert answer.code == 2
    assert "2009.13" in answer.out
    assert "-5" in answer.out
    assert desk.left() == {"county-错误.xlsx"}
    assert junheng("check", workbook).code == 2
    assert desk.left() == {"county-错误.xlsx", "county-错误-2.xlsx"}


def test_the_copy_can_be_mended_and_checked_again(desk, junheng) -> None:
    honest = desk.get(TEACHERS, 14, "参加工作时间")
    wrong_type(desk)
    junheng("check", desk.save())
    copy = desk.folder / "county-错误.xlsx"
    book = openpyxl.load_workbook(copy)
    cells = {cell.value: cell.column for cell in book[TEACHERS][1]}
    book[TEACHERS].cell(14, cells["参加工作时间"]).value = honest
    book.save(copy)
    assert junheng("check", copy).code == 0


def test_a_faulty_workbook_answers_in_english_and_as_json(desk, junheng) -> None:
    wrong_type(desk)
    workbook = desk.save()
    english = junheng("plan", workbook, "--policy", "CN", "-o", desk.folder / "out", "--lang", "en")
    assert english.code == 2
    assert "row 14" in english.err
    assert "2009.13" in english.err
    answer = junheng("check", workbook, "--json").json
    assert answer["sound"] is False
    fault = answer["faults"][0]
    assert (fault["sheet"], fault["row"], fault["column"], fault["value"]) == (TEACHERS, 14, "参加工作时间", "2009.13")
    assert fault["expected"]


def test_a_county_of_one_school_has_nowhere_to_rotate(tmp_path: Path, junheng) -> None:
    county = make_small_county()
    school = county.schools[0]
    staff = [t for t in county.teachers if t.school_id == school.id and t.works_at == school.id]
    ids = {t.id for t in staff}
    alone = [
        replace(t, wishes=(), appointments=tuple(a for a in t.appointments if a.school_id == school.id))
        for t in staff
        if t.family.spouse_id == "" or t.family.spouse_id in ids
    ]
    workbook = tmp_path / "one.xlsx"
    write_county(replace(county, schools=(school,), teachers=tuple(alone), pairings=()), workbook)
    answer = junheng("plan", workbook, "--policy", "CN", "-o", tmp_path / "out")
    assert answer.code == 2
    assert "只有1行" in answer.err
    assert "两所学校" in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"one.xlsx"}


def two_gigabytes(path: Path, honest: Path) -> str:
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    return "2048MB"


def zip_bomb(path: Path, honest: Path) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, zipfile.ZipFile(honest) as source:
        for name in source.namelist():
            bomb.writestr(name, source.read(name))
        with bomb.open("xl/worksheets/sheet99.xml", "w", force_zip64=True) as sheet:
            for _ in range(700):
                sheet.write(b" " * 1024 * 1024)
    return "压缩炸弹"


def renamed_xls(path: Path, honest: Path) -> str:
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 4096)
    return "旧版 .xls"


def with_a_password(path: Path, honest: Path) -> str:
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le"))
    return "密码"


def a_web_page(path: Path, honest: Path) -> str:
    path.write_text("<html><table><tr><td>1</td></tr></table></html>", "utf-8")
    return "网页"


def truncated(path: Path, honest: Path) -> str:
    path.write_bytes(honest.read_bytes()[:-2000])
    return "不完整或已损坏"


def empty(path: Path, honest: Path) -> str:
    path.touch()
    return "空的"


@pytest.mark.parametrize(
    "make",
    [two_gigabytes, zip_bomb, renamed_xls, with_a_password, a_web_page, truncated, empty],
    ids=lambda make: make.__name__,
)
def test_a_file_that_is_no_honest_workbook_is_refused_by_name(make, small: Path, tmp_path: Path, junheng) -> None:
    workbook = tmp_path / "county.xlsx"
    why = make(workbook, small)
    answer = junheng("plan", workbook, "--policy", "CN", "-o", tmp_path / "out")
    assert answer.code == 2
    assert "county.xlsx" in answer.err
    assert why in answer.err
    assert os.listdir(tmp_path) == ["county.xlsx"]  # noqa: PTH208 - names only


def test_a_missing_file_is_named(tmp_path: Path, junheng) -> None:
    answer = junheng("measure", tmp_path / "nowhere.xlsx")
    assert answer.code == 2
    assert "nowhere.xlsx" in answer.err


@pytest.mark.parametrize("command", ["decide", "measure", "simulate"])
def test_the_original_is_never_overwritten(command: str, small: Path, tmp_path: Path, junheng) -> None:
    workbook = tmp_path / "county.xlsx"
    shutil.copy(small, workbook)
    before = workbook.read_bytes()
    words = {"decide": ["--policy", "CN"], "measure": [], "simulate": ["--policy", "CN", "--vary", "tenure_years=5"]}
    answer = junheng(command, workbook, *words[command], "-o", workbook)
    assert answer.code == 2
    assert "原件" in answer.err
    assert workbook.read_bytes() == before


@pytest.mark.parametrize("command", ["template", "synth"])
def test_a_filled_workbook_is_not_overwritten_by_an_empty_or_invented_one(
    command: str, tmp_path: Path, junheng
) -> None:
    workbook = tmp_path / "county.xlsx"
    workbook.write_text("filled in", "utf-8")
    answer = junheng(command, "-o", workbook)
    assert answer.code == 2
    assert "不覆盖" in answer.err
    assert workbook.read_text("utf-8") == "filled in"


def test_a_mapping_that_cannot_be_used_is_named(small: Path, tmp_path: Path, junheng) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text("sheets: [", "utf-8")
    answer = junheng("check", small, "--mapping", mapping)
    assert answer.code == 2
    assert "m.yaml" in answer.err
