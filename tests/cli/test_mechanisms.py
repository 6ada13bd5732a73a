"""junheng mechanisms and plan --voluntary: what they say and write, and what they refuse."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run

WORDS = ["--policy", "CN", "--processes", "1"]


@pytest.fixture(scope="module")
def exchanged(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan whose voluntary part was exchanged by TO-BE."""
    out = tmp_path_factory.mktemp("exchanged") / "out"
    assert run(COMMANDS, ["plan", str(small), *WORDS, "--voluntary", "tobe", "-o", str(out)]) == 0
    return out


def rows_of(folder: Path, name: str) -> list[dict[str, object]]:
    content = json.loads((folder / "tables" / "results.json").read_text("utf-8"))
    return next(table["rows"] for table in content if table["name"] == name)


def test_every_row_of_the_plan_is_exchanged_or_planned_and_the_proof_holds(exchanged: Path, junheng) -> None:
    moves, applicants = rows_of(exchanged, "轮岗方案"), rows_of(exchanged, "自愿互换")
    parts = {row["teacher_id"]: row["part"]["zh"] for row in moves}
    assert set(parts.values()) == {"自愿互换（整组互换）", "统筹安排（优化求解）"}
    by_exchange = {teacher for teacher, part in parts.items() if part.startswith("自愿互换")}
    assert by_exchange == {row["teacher_id"] for row in applicants if row["outcome"]["en"] == "exchanged"}
    assert all(row["wish_met"] for row in moves if row["teacher_id"] in by_exchange)
    with (exchanged / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["teacher_id"] for row in csv.DictReader(file)} == set(parts)
    assert junheng("verify", exchanged / "bundle").code == 0
    facts = json.loads((exchanged / "bundle" / "run.json").read_text("utf-8"))["voluntary"]
    assert (facts["mechanism"], facts["priority"]) == ("tobe", "balance")
    assert facts["exchanged"] == len(by_exchange)


def test_the_comparison_comes_as_table_workbook_with_charts_and_json(small: Path, tmp_path: Path, junheng) -> None:
    shown = junheng("mechanisms", small, *WORDS, "-o", tmp_path / "ways.xlsx")
    assert shown.code == 0
    for words in ("只用优化求解", "整组互换＋优化求解", "怎样选", "虚报或少报志愿可能得利"):
        assert words in shown.out
    assert openpyxl.load_workbook(tmp_path / "ways.xlsx").sheetnames == [
        "机制比较",
        "机制比较明细",
        "怎样选",
        "越次名单",
    ]
    with zipfile.ZipFile(tmp_path / "ways.xlsx") as book:
        assert len([name for name in book.namelist() if name.startswith("xl/charts/chart")]) == 4
    said = junheng("mechanisms", small, *WORDS, "--priority", "points", "--json").json
    ways = {row["way"]["en"]: row for row in said["tables"]["Mechanisms compared"]}
    assert said["priority"] == "points"
    assert "整组互换一个也不会发生" in "".join(said["advice"])
    assert ways["optimiser alone"]["truthful"]["en"] == "no"
    assert ways["TO-BE block exchange alone"]["truthful"]["en"] == "yes"
    details = {row["way"]["en"]: row for row in said["tables"]["Mechanisms in detail"]}
    assert details["deferred acceptance alone"]["cases_admitted"] == 0
    assert not details["deferred acceptance + optimiser"]["broken"]["en"]


def test_a_problem_folder_is_planned_in_both_parts_too(planned: Path, tmp_path: Path, junheng) -> None:
    words = ["plan", "--problem", planned / "problem", "--out", tmp_path / "plan.csv", "--processes", "1"]
    answer = junheng(*words, "--voluntary", "ttc", "--voluntary-hold", "reward", "--json")
    assert answer.code == 0
    voluntary = answer.json["voluntary"]
    assert voluntary["mechanism"] == "ttc"
    assert set(voluntary["exchanged"]) | set(voluntary["released"]) <= set(voluntary["admitted"])
    assert junheng("check-plan", "--problem", planned / "problem", tmp_path / "plan.csv").code == 0


def test_published_points_decide_who_goes_before_whom(small: Path, tmp_path: Path, junheng) -> None:
    scores = tmp_path / "points.csv"
    scores.write_text("teacher_id,points\nT000001,88.5\nT000002,91\n", "utf-8")
    words = ["--voluntary", "da", "--priority", "points", "--points", scores, "-o", tmp_path / "out", "--json"]
    answer = junheng("plan", small, *WORDS, *words)
    assert answer.code == 0
    assert answer.json["voluntary"]["priority"] == "points"
    notes = json.loads((tmp_path / "out" / "tables" / "results.json").read_text("utf-8"))
    assert any("公布的积分" in note for table in notes for note in table["notes"])


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("teacher_id,score\nT1,5\n", "points"),
        ("teacher_id,points\nT1,many\n", "many"),
        ("teacher_id,points\nT1,nan\n", "nan"),
        ("teacher_id,points\nT1,5\nT1,6\n", "T1"),
        (None, "points.csv"),
    ],
)
def test_a_file_of_points_that_cannot_be_used_is_refused(
    content: str | None, named: str, small: Path, tmp_path: Path, junheng
) -> None:
    if content is not None:
        (tmp_path / "points.csv").write_text(content, "utf-8")
    for lang in ("zh", "en"):
        answer = junheng("mechanisms", small, *WORDS, "--points", tmp_path / "points.csv", "--lang", lang)
        assert answer.code == 2
        assert named in answer.err


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--voluntary", "tobe", "--points", "beauty"], "beauty"),
        (["--voluntary", "tobe", "--points", "age,age"], "age,age"),
        (["--priority", "points"], "--voluntary"),
        (["--voluntary-hold", "reward"], "--voluntary"),
        (["--voluntary", "be"], "be"),
        (["--voluntary", "tobe", "--commitment", "commitment.json"], "--commitment"),
    ],
)
def test_options_that_do_not_fit_are_refused_and_nothing_is_written(
    options: list[str], named: str, small: Path, tmp_path: Path, junheng
) -> None:
    for lang in ("zh", "en"):
        answer = junheng("plan", small, *WORDS, *options, "-o", tmp_path / "out", "--lang", lang)
        assert answer.code == 2
        assert named in answer.err
    assert not (tmp_path / "out").exists()
