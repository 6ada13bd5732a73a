"""junheng plan: what it writes, that it repeats, and that a clerk's decisions hold."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import openpyxl
import pytest

PLAN = ["--policy", "CN"]


def moves_in(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["teacher_id"]: row["to_school"] for row in csv.DictReader(file)}


def tables_in(folder: Path) -> dict[str, list[dict[str, object]]]:
    content = json.loads((folder / "tables" / "results.json").read_text("utf-8"))
    return {table["name"]: table["rows"] for table in content}


def test_the_folder_holds_results_tables_plan_bundle_and_what_must_stay_private(planned: Path) -> None:
    out = planned / "out"
    assert {path.name for path in out.iterdir()} == {"results.xlsx", "tables", "plan.csv", "bundle", "private"}
    sheets = openpyxl.load_workbook(out / "results.xlsx").sheetnames
    assert {"前后对比", "轮岗方案", "未安排", "名额", "资格判定", "各校变化", "说明"} <= set(sheets)
    written = {path.stem for path in (out / "tables").glob("*.csv")}
    assert set(tables_in(out)) == written >= set(sheets) - {"图表"}
    pictured = {cell.value for cell in openpyxl.load_workbook(out / "results.xlsx")["图表"]["A"]}
    assert written - set(sheets) <= pictured
    assert (out / "private").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_report_is_written_on_request_with_the_root_of_the_bundle(small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", small, *PLAN, "-o", tmp_path / "out", "--report", "--json")
    assert answer.code == 0
    assert answer.json["no_report"] is None
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert answer.json["root"] in page
    assert answer.json["written"]["report_pdf"] == str(tmp_path / "out" / "report.pdf")
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_a_trial_has_a_report_that_says_so_on_every_page(small: Path, tmp_path: Path, junheng) -> None:
    words = ["plan", small, *PLAN, "--set", "teacher_share=90", "-o", tmp_path / "out", "--report"]
    assert junheng(*words).code == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "results.xlsx", "tables", "report.pdf", "report.html"
    }  # fmt: skip
    assert "不得采用" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_without_the_extra_everything_but_the_report_is_written(
    small: Path, tmp_path: Path, junheng, monkeypatch
) -> None:
    monkeypatch.setattr("junheng.documents.report.find_spec", lambda _name: None)
    answer = junheng("plan", small, *PLAN, "-o", tmp_path / "out", "--report")
    assert answer.code == 0
    assert "junheng[report]" in answer.said
    assert (tmp_path / "out" / "plan.csv").is_file()
    assert not (tmp_path / "out" / "report.pdf").exists()


def test_a_problem_folder_has_no_names_for_a_report(planned: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", "--problem", planned / "problem", "--out", tmp_path / "plan.csv", "--report")
    assert answer.code == 2
    assert "--report" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_everybody_who_may_or_must_move_is_listed_with_a_reason(planned: Path) -> None:
    tables = tables_in(planned / "out")
    moving, staying = tables["轮岗方案"], tables["未安排"]
    asked = [row for row in tables["资格判定"] if row["standing"]["en"] != "does not move"]
    assert {row["teacher_id"] for row in [*moving, *staying]} >= {row["teacher_id"] for row in asked if row}
    assert all(row["reason"]["zh"] and row["reason"]["en"] for row in [*moving, *staying])
    assert {row["teacher_id"] for row in moving} == set(moves_in(planned / "out" / "plan.csv"))


def test_the_same_roster_in_another_order_gives_the_same_plan_byte_for_byte(
    small: Path, planned: Path, tmp_path: Path, junheng
) -> None:
    book = openpyxl.load_workbook(small)
    for sheet in book:
        if sheet.title == "说明" or sheet.max_row < 3:
            continue
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        random.Random(sheet.title).shuffle(rows)  # noqa: S311 - an order, not a secret
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
    book.save(tmp_path / "shuffled.xlsx")
    answer = junheng("plan", tmp_path / "shuffled.xlsx", *PLAN, "-o", tmp_path / "out")
    assert answer.code == 0
    assert (tmp_path / "out" / "plan.csv").read_bytes() == (planned / "out" / "plan.csv").read_bytes()


def test_the_exported_problem_gives_the_same_plan(planned: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", "--problem", planned / "problem", "--out", tmp_path / "plan.csv", "--json")
    assert answer.code == 0
    assert answer.json["status"] == "solved"
    assert (tmp_path / "plan.csv").read_bytes() == (planned / "out" / "plan.csv").read_bytes()
    checked = junheng("check-plan", "--problem", planned / "problem", tmp_path / "plan.csv", "--json")
    assert checked.code == 0
    assert checked.json["figures"]["objective"] == pytest.approx(answer.json["objective"], abs=1e-6)


def test_a_withdrawal_changes_few_moves_and_says_which(middling: Path, tmp_path: Path, junheng) -> None:
    assert junheng("plan", middling, *PLAN, "-o", tmp_path / "published").code == 0
    before = moves_in(tmp_path / "published" / "plan.csv")
    leaving = sorted(before)[len(before) // 2]
    words = ["plan", middling, *PLAN, "--stay", leaving, "--keep", tmp_path / "published", "-o", tmp_path / "out"]
    answer = junheng(*words, "--json")
    assert answer.code == 0
    after = moves_in(tmp_path / "out" / "plan.csv")
    assert leaving not in after
    differing = {t for t in {*before, *after} if before.get(t) != after.get(t)}
    assert {each["teacher_id"] for each in answer.json["changed"]} >= differing
    assert len(before) >= 15
    assert 1 <= len(differing) <= 4
    rows = tables_in(tmp_path / "out")["与原方案比较"]
    assert {row["teacher_id"] for row in rows if row["fate"]["en"] != "as before"} >= differing


def test_a_clerks_decisions_hold_and_are_checked(small: Path, planned: Path, tmp_path: Path, junheng) -> None:
    before = moves_in(planned / "out" / "plan.csv")
    teacher, school = sorted(before.items())[0]
    barred = junheng("plan", small, *PLAN, "--forbid", f"{teacher}={school}", "-o", tmp_path / "barred")
    assert barred.code == 0
    assert moves_in(tmp_path / "barred" / "plan.csv").get(teacher) != school
    pinned = junheng("plan", small, *PLAN, "--pin", f"{teacher}={school}", "-o", tmp_path / "pinned")
    assert pinned.code == 0
    assert moves_in(tmp_path / "pinned" / "plan.csv")[teacher] == school
    pins = tmp_path / "pins.csv"
    pins.write_text(f"teacher_id,kind,school_id,subject,reason\n{teacher},stay,,,家中有事\n", "utf-8")
    assert junheng("plan", small, *PLAN, "--pins", pins, "-o", tmp_path / "file").code == 0
    assert teacher not in moves_in(tmp_path / "file" / "plan.csv")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--stay", "T999999"], ["T999999", "工号"]),
        (["--pin", "T000002=0000"], ["0000", "学校代码"]),
        (["--pin", "T000002"], ["工号=学校代码"]),
        (["--keep", "nowhere.csv"], ["nowhere.csv"]),
        (["--pins", "nowhere.csv"], ["nowhere.csv"]),
        (["--on", "31.8.2026"], ["31.8.2026", "2026-08-31"]),
        (["--gap", "-1"], ["--gap"]),
        (["--seed", "x"], ["--seed"]),
    ],
)
def test_a_decision_that_cannot_hold_is_refused(words, named, small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", small, *PLAN, *words, "-o", tmp_path / "out")
    assert answer.code == 2
    assert [word for word in named if word not in answer.err] == []
    assert list(tmp_path.iterdir()) == []


def test_decisions_that_contradict_each_other_are_refused(small: Path, planned: Path, tmp_path: Path, junheng) -> None:
    teacher, school = sorted(moves_in(planned / "out" / "plan.csv").items())[0]
    pin = ["--pin", f"{teacher}={school}"]
    for other in (["--stay", teacher], ["--forbid", f"{teacher}={school}"]):
        answer = junheng("plan", small, *PLAN, *pin, *other, "-o", tmp_path / "out")
        assert answer.code == 2
        assert teacher in answer.err
        assert "请只留一条" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_school_without_the_teachers_stage_is_refused(small: Path, planned: Path, tmp_path: Path, junheng) -> None:
    sheet = openpyxl.load_workbook(small)["学校"]
    junior = next(row[0].value for row in sheet.iter_rows(min_row=2) if row[4].value == "初中")
    people = openpyxl.load_workbook(small)["教师"]
    primary = next(row[0].value for row in people.iter_rows(min_row=2) if row[8].value == "小学")
    answer = junheng("plan", small, *PLAN, "--pin", f"{primary}={junior}", "-o", tmp_path / "out")
    assert answer.code == 2
    assert "小学教师" in answer.err


def test_a_plan_of_another_county_cannot_be_kept(small: Path, tmp_path: Path, junheng) -> None:
    other = tmp_path / "other.csv"
    other.write_text("teacher_id,to_school,as_subject\nQ1,S1,chinese\n", "utf-8")
    answer = junheng("plan", small, *PLAN, "--keep", other, "-o", tmp_path / "out")
    assert answer.code == 2
    assert "Q1" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_not_written_into(small: Path, tmp_path: Path, junheng) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.csv").write_text("adopted", "utf-8")
    answer = junheng("plan", small, *PLAN, "-o", tmp_path / "out")
    assert answer.code == 2
    assert "不空" in answer.err
    assert (tmp_path / "out" / "plan.csv").read_text("utf-8") == "adopted"


def test_a_plan_edited_by_hand_is_judged_with_person_school_rule_and_figures(
    planned: Path, tmp_path: Path, junheng
) -> None:
    edited = tmp_path / "edited.csv"
    lines = (planned / "out" / "plan.csv").read_text("utf-8-sig").splitlines()
    edited.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    answer = junheng("check-plan", "--problem", planned / "problem", edited)
    assert answer.code == 1
    assert "违反规则" in answer.out
    assert "应为" in answer.out


@pytest.mark.parametrize("spoiled", ["schools.csv", "teachers.csv", "policy.json"])
def test_a_spoiled_problem_folder_is_refused_by_file(spoiled: str, planned: Path, tmp_path: Path, junheng) -> None:
    folder = tmp_path / "problem"
    folder.mkdir()
    for path in (planned / "problem").iterdir():
        (folder / path.name).write_bytes(b"{" if path.name == spoiled else path.read_bytes())
    answer = junheng("plan", "--problem", folder, "--out", tmp_path / "plan.csv")
    assert answer.code == 2
    assert spoiled in answer.err
    assert not (tmp_path / "plan.csv").exists()


def test_a_plan_needs_a_county_and_a_policy(small: Path, tmp_path: Path, junheng, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in ([], [small], ["--policy", "CN"]):
        answer = junheng("plan", *words)
        assert answer.code == 2
        assert "--policy" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["CN", "XX", "DXQ", "NZ", "HK", "SX"])
def test_every_pack_that_rotates_gives_a_full_size_county_a_plan_or_the_reasons(
    pack: str, full_size: Path, tmp_path: Path, junheng
) -> None:
    answer = junheng("plan", full_size, "--policy", pack, "-o", tmp_path / "out", "--json")
    data = answer.json
    assert answer.code == (0 if data["adoptable"] else 1)
    assert bool(data["relaxations"]) is not data["adoptable"]
    assert (tmp_path / "out" / "results.xlsx").is_file()
    if data["adoptable"]:
        assert junheng("verify", tmp_path / "out" / "bundle").code == 0
