"""junheng conflicts: what it says and writes when there is no plan, and what a clerk may try."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

NONE = ["--policy", "CN", "--set", "teacher_share=100"]


@pytest.fixture(scope="module")
def folder(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interchange form of the small county when everybody eligible has to move."""
    from junheng.cli.app import COMMANDS
    from junheng.cli.catalogue import run

    made = tmp_path_factory.mktemp("none")
    words = ["plan", small, *NONE, "-o", made / "out", "--export-problem", made / "problem"]
    assert run(COMMANDS, [str(word) for word in words]) == 1
    return made


def test_conflicts_and_remedies_are_told_and_written(small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("conflicts", small, *NONE, "--single-changes", "1", "-o", tmp_path / "c.xlsx", "--json")
    assert answer.code == 1
    found = answer.json
    assert found["conflicts"]
    assert all(c["irreducible"] and len(c["rules"]) > 0 and c["said"] for c in found["conflicts"])
    assert {said["clause"] for c in found["conflicts"] for said in c["said"]} - {""}
    assert all(each["works"] for each in found["remedies"])
    assert any(each["enough"] for each in found["alone"])
    assert any(not each["enough"] for each in found["alone"])
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames[:2] == ["冲突规则", "怎样才行"]


def test_a_plan_that_cannot_be_made_has_the_same_sheets(folder: Path) -> None:
    sheets = openpyxl.load_workbook(folder / "out" / "results.xlsx").sheetnames
    assert [name for name in sheets if name != "图表"][:3] == ["冲突规则", "怎样才行", "无法同时满足"]
    with (folder / "out" / "tables" / "冲突规则.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert {row["冲突序号"] for row in rows} >= {"1"}


@pytest.mark.slow
def test_a_problem_folder_gives_the_same_conflicts(small: Path, folder: Path, junheng) -> None:
    of_folder = junheng("conflicts", "--problem", folder / "problem", "--single-changes", "0", "--json").json
    of_county = junheng("conflicts", small, *NONE, "--single-changes", "0", "--json").json
    assert [c["rules"] for c in of_folder["conflicts"]] == [c["rules"] for c in of_county["conflicts"]]
    assert of_folder["alone"] == of_county["alone"]


def test_what_is_said_to_do_does_when_it_is_tried(folder: Path, junheng) -> None:
    found = junheng("conflicts", "--problem", folder / "problem", "--single-changes", "0", "--json").json
    least = [each["least_change"] for each in found["settings"] if each["least_change"]]
    assert least
    tried = junheng("conflicts", "--problem", folder / "problem", "--try", "commute=500", "--try", least[0], "--json")
    assert tried.code == 1
    assert [each["works"] for each in tried.json["tried"]] == [False, True]


def test_a_county_with_a_plan_has_no_conflict(small: Path, junheng) -> None:
    answer = junheng("conflicts", small, "--policy", "CN")
    assert (answer.code, "没有冲突" in answer.out) == (0, True)


@pytest.mark.parametrize("words", ["stay:nobody", "commute=far", "quota:none=5%", "whatever"])
def test_a_change_that_cannot_be_read_is_refused_with_examples(small: Path, junheng, words: str) -> None:
    answer = junheng("conflicts", small, *NONE, "--try", words)
    assert answer.code == 2
    assert words in answer.err
    assert junheng("conflicts", "--try", words).code == 2
