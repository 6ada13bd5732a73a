"""The other commands: what they find, and what they write."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from junheng.cli.demo import DEMO_PACK
from junheng.policy import load_pack


def test_the_empty_workbook_is_one_that_check_reads(tmp_path: Path, junheng) -> None:
    assert junheng("template", "-o", tmp_path / "blank.xlsx").code == 0
    answer = junheng("check", tmp_path / "blank.xlsx", "--json")
    assert answer.code == 2, "an empty county is no county"
    assert answer.json["sound"] is False
    said = " ".join(fault["message"] for fault in answer.json["faults"])
    assert "县区" in said
    assert "学校" in said


def test_the_invented_county_has_no_faults(tmp_path: Path, junheng) -> None:
    assert junheng("synth", "--teachers", 200, "--seed", 3, "-o", tmp_path / "county.xlsx").code == 0
    answer = junheng("check", tmp_path / "county.xlsx")
    assert answer.code == 0
    assert "教师 200" in answer.out


def test_every_verdict_cites_its_clause(small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("decide", small, "--policy", "NZ", "--on", "2026-08-31", "-o", tmp_path / "v.xlsx", "--json")
    assert answer.code == 0
    rows = answer.json["tables"]["Verdicts"]
    assert len(rows) == 60
    assert all(row["clause"] and row["because"]["zh"] and row["because"]["en"] for row in rows)
    sheet = openpyxl.load_workbook(tmp_path / "v.xlsx")["资格判定"]
    assert sheet.max_row == 61


def test_a_verdict_changes_with_the_reference_date_the_same_way_in_decide_and_plan(
    small: Path, tmp_path: Path, junheng
) -> None:
    decided = junheng("decide", small, "--policy", "CN", "--on", "2030-08-31", "--json").json["standings"]
    today = junheng("decide", small, "--policy", "CN", "--on", "2026-08-31", "--json").json["standings"]
    words = ["plan", small, "--policy", "CN", "--on", "2030-08-31", "-o", tmp_path / "out", "--json"]
    assert decided != today
    assert junheng(*words).json["standings"] == decided


@pytest.mark.parametrize("form", ["verdicts.xlsx", "verdicts.json", "verdicts"])
def test_results_come_as_workbook_json_or_csv(form: str, small: Path, tmp_path: Path, junheng) -> None:
    assert junheng("decide", small, "--policy", "CN", "-o", tmp_path / form).code == 0
    written = tmp_path / form
    assert written.exists()
    if written.is_dir():
        assert {path.suffix for path in written.iterdir()} == {".csv"}


@pytest.mark.parametrize("output", ["nowhere/verdicts.xlsx", "verdicts.pdf"])
def test_an_output_that_cannot_be_is_refused_before_any_work(output: str, small: Path, tmp_path, junheng) -> None:
    answer = junheng("decide", small, "--policy", "CN", "-o", tmp_path / output)
    assert answer.code == 2
    assert "读取" not in answer.err
    assert list(tmp_path.iterdir()) == []


def test_the_measures_agree_with_the_plans_before(small: Path, tmp_path: Path, junheng) -> None:
    measured = junheng("measure", small, "--json").json["tables"]["Balance"]
    planned = junheng("plan", small, "--policy", "CN", "--no-returns", "-o", tmp_path / "out", "--json")
    before = planned.json["balance"]
    coefficient = {(row["stage"], row["indicator"]): row["cv"] for row in measured}
    for line in before:
        assert line["before"] == pytest.approx(coefficient[line["stage"], line["indicator"]], abs=1e-12)


def test_a_sweep_gives_one_row_a_value_as_table_and_chart(small: Path, tmp_path: Path, junheng) -> None:
    words = ["simulate", small, "--policy", "CN", "--vary", "CN-02.tenure_years=5,6,7", "-o", tmp_path / "s.xlsx"]
    answer = junheng(*words, "--json")
    assert answer.code == 0
    rows = answer.json["tables"]["Scenarios"]
    assert [row["scenario"] for row in rows] == ["tenure_years=5", "tenure_years=6", "tenure_years=7"]
    may = [row["may"] for row in rows]
    assert may == sorted(may, reverse=True), "more years at the school, fewer who may move"
    assert any("chart" in name for name in zipfile.ZipFile(tmp_path / "s.xlsx").namelist())


def test_packs_that_differ_differ_on_the_roster(small: Path, junheng) -> None:
    answer = junheng("policy", "diff", "CN", "HK", "--roster", small, "--json")
    assert answer.code == 0
    assert answer.json["pack"]
    assert answer.json["roster"]["changes"]
    same = junheng("policy", "diff", "CN", "CN", "--roster", small, "--json").json
    assert same["pack"] == []
    assert same["roster"]["changes"] == []
    other = junheng("policy", "diff", "CN", "CN", "--roster", small, "--set", "tenure_years=9", "--json").json
    assert other["roster"]["changes"]


def test_cases_are_answered_and_a_case_that_cannot_be_asked_is_named(tmp_path: Path, junheng) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text("{", "utf-8")
    answer = junheng("policy", "ask", cases)
    assert answer.code == 2
    assert "cases.json" in answer.err
    cases.write_text(json.dumps([{"id": "nobody", "pack": "NOPE"}]), "utf-8")
    answer = junheng("policy", "ask", cases, "--json")
    assert answer.code == 2
    assert answer.json[0]["id"] == "nobody"
    assert answer.json[0]["error"]


def test_a_listed_pack_can_be_shown(junheng) -> None:
    for row in junheng("policy", "list", "--json").json:
        shown = junheng("policy", "show", row["code"], "--json")
        assert shown.code == 0
        assert shown.json["identity"]["code"] == row["code"]


def test_help_loads_none_of_the_heavy_libraries() -> None:
    asked = (
        "import sys; from junheng.cli.app import COMMANDS; from junheng.cli.catalogue import run; "
        "run(COMMANDS, ['--help']); "
        "print(sorted({'polars', 'highspy', 'numpy', 'pydantic', 'xlsxwriter'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_the_demo_plans_by_a_pack_that_rotates() -> None:
    assert load_pack(DEMO_PACK).planning is not None


@pytest.mark.slow
def test_the_demo_does_the_whole_job(tmp_path: Path, junheng) -> None:
    answer = junheng("demo", "-o", tmp_path / "demo", "--json")
    assert answer.code == 0
    data = answer.json
    assert data["adoptable"]
    assert data["verified"]
    assert data["violations"] == []
    assert {path.name for path in (tmp_path / "demo").iterdir()} == {"county.xlsx", "plan"}
    assert {"report.pdf", "report.html"} <= {path.name for path in (tmp_path / "demo" / "plan").iterdir()}


def test_a_small_demo_does_the_same_job_in_seconds(tmp_path: Path, junheng) -> None:
    answer = junheng("demo", "--teachers", 300, "-o", tmp_path / "demo", "--no-report", "--lang", "en")
    assert answer.code == 0
    assert "The bundle was accepted" in answer.out
    again = junheng("demo", "--teachers", 300, "-o", tmp_path / "demo")
    assert again.code == 2
