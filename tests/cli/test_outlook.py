"""junheng outlook, as a clerk types it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_the_years_ahead_as_a_workbook_with_charts_and_shades(small: Path, tmp_path: Path, junheng) -> None:
    out = tmp_path / "ahead.xlsx"
    said = junheng("outlook", small, "--policy", "DXQ", "-o", out, "--against", "years_at_school_min=9")
    assert said.code == 0
    assert "到期即走" in said.out
    assert "换一套规定会怎样" in said.out
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [
        "逐年总览", "政策比较", "批次名单", "排不进的人员", "各校批次", "各学科批次", "退休", "退休分学科",
        "县学科余缺", "各校学科余缺", "学段供需", "假定",
    ]  # fmt: skip
    assert [cell.value for cell in book["逐年总览"]["A"]][1:4] == ["2026", "2027", "2028"]
    assert len(book["逐年总览"]._charts) == 1
    assert len(book["学段供需"]._charts) == 1
    (shaded,) = book["县学科余缺"].conditional_formatting
    assert str(shaded.sqref).startswith("E2:H")


def test_the_answer_for_machines_is_the_workbooks(small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("outlook", small, "--policy", "DXQ", "--years", 6, "--json").json
    assert answer["years"] == [2026, 2027, 2028, 2029, 2030, 2031]
    assert answer["planned"] is False
    assert sum(answer["batches"]) == answer["placed"] == len(answer["tables"]["Batches"])
    assert answer["not_placed"] == len(answer["tables"]["Not placed"])
    assert [row["gone"] for row in answer["tables"]["Years"]] == answer["batches"]
    assert max(answer["batches"]) == answer["peak"] <= answer["peak_before"]
    assert sum(row["retiring"] for row in answer["tables"]["Retirements"]) == sum(answer["retiring"])


def test_a_planned_outlook_says_when_the_limits_are_met(small: Path, tmp_path: Path, junheng) -> None:
    words = ["outlook", small, "--policy", "YUNLING", "--years", 1, "--plan", "--processes", 1, "--lang", "en"]
    said = junheng(*words, "-o", tmp_path / "csv")
    assert said.code == 0
    assert re.search(r"within their limits in year 1, after 2026|Not within the limits in 1 years", said.out)
    assert "Balance ahead.csv" in {path.name for path in (tmp_path / "csv").iterdir()}
    assert not CHINESE.search(said.out.replace("县(虚构)", ""))


def test_another_pack_can_stand_beside(small: Path, junheng) -> None:
    answer = junheng(
        "outlook", small, "--policy", "DXQ", "--against", "YUNLING", "--against", "batch_years=9", "--json"
    ).json
    compared = answer["tables"]["Policies compared"]
    assert {row["figure"]["en"] for row in compared} >= {"first due", "batch", "retiring", "peak in batches"}
    assert all(row["change"] == 0 for row in compared if row["figure"]["en"] == "retiring")


def test_a_pack_without_musts_says_so(small: Path, junheng) -> None:
    said = junheng("outlook", small, "--policy", "CN", "--lang", "en")
    assert "--pool target" in said.out
    assert junheng("outlook", small, "--policy", "CN", "--pool", "target", "--json").json["placed"] > 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--years", "9"), "--years"),
        (("--pool", "all"), "--pool"),
        (("--school-share", "0"), "--school-share"),
        (("--pupils", "primary=many"), "--pupils"),
        (("--pupils", "growth"), "--pupils"),
        (("--pupils", "primary=80"), "--pupils"),
        (("--against", "CN", "--against", "HK"), "--against"),
        (("--against", "nothing=3"), "nothing"),
        (("--set", "years_at_school_min=99"), "years_at_school_min"),
        (("--on", "2026-13-01"), "--on"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(words, named: str, small: Path, tmp_path: Path, junheng) -> None:
    for lang in ("zh", "en"):
        said = junheng("outlook", small, "--policy", "DXQ", *words, "-o", tmp_path / "x.xlsx", "--lang", lang)
        assert said.code == 2
        assert named in said.said
        assert list(tmp_path.iterdir()) == []
        assert bool(CHINESE.search(said.said)) is (lang == "zh")


@pytest.mark.parametrize("trend", ["cohort", "national", "primary=-2.5,junior=1%"])
def test_pupils_may_change(trend: str, small: Path, junheng) -> None:
    answer = junheng("outlook", small, "--policy", "DXQ", "--pupils", trend, "--json").json
    pupils = [row["pupils_primary"] for row in answer["tables"]["Stages"]]
    assert pupils[0] != pupils[-1]


def test_the_same_county_gives_the_same_file(small: Path, tmp_path: Path, junheng) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert junheng("outlook", small, "--policy", "DXQ", "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
