"""Interchange files are read exactly, whatever their order or encoding mark, and every fault is named at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from junheng.planning import Problem
from junheng.planning.interchange import InterchangeError, read_plan, read_problem, write_plan, write_problem
from junheng.planning.problem import Assignment, Direction, Pin

Factory = Callable[..., Problem]


@pytest.fixture
def folder(four_schools: Problem, tmp_path: Path) -> Path:
    write_problem(four_schools, tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def change_policy(folder: Path, **entries: object) -> None:
    path = folder / "policy.json"
    data = json.loads(path.read_text(encoding="utf-8")) | entries
    path.write_text(json.dumps(data), encoding="utf-8")


def faults(folder: Path) -> list[tuple[str, int | None, str, str, str]]:
    with pytest.raises(InterchangeError) as caught:
        read_problem(folder)
    return [(f.file, f.row, f.column, f.value, f.expected) for f in caught.value.faults]


@pytest.mark.parametrize("seed", range(20))
def test_what_was_written_is_read_back(seed: int, random_problem: Factory, tmp_path: Path) -> None:
    problem = random_problem(seed)
    write_problem(problem, tmp_path)
    assert read_problem(tmp_path) == problem


def test_pins_and_odd_shares_survive(four_schools: Problem, tmp_path: Path) -> None:
    policy = replace(
        four_schools.policy,
        backbone_share_min=Fraction(1, 3),
        direction=Direction(("urban",), ("village",), Fraction(3, 10)),
    )
    problem = replace(
        four_schools, policy=policy, pins=(Pin("A1", "pin", "D", "chinese", "两校协商"), Pin("B1", "stay"))
    )
    write_problem(problem, tmp_path)
    assert read_problem(tmp_path) == problem
    write_problem(four_schools, tmp_path)
    assert not (tmp_path / "pins.csv").exists()


def test_shares_are_exact(folder: Path) -> None:
    change_policy(folder, backbone_share_min=0.07)
    assert read_problem(folder).policy.backbone_share_min == Fraction(7, 100)


def test_byte_order_mark_and_row_order_do_not_matter(folder: Path, four_schools: Problem) -> None:
    for name in ("schools.csv", "teachers.csv", "requirements.csv"):
        header, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8-sig")
    assert read_problem(folder) == four_schools


def test_columns_may_be_reordered_and_further_ones_are_passed_over(folder: Path, four_schools: Problem) -> None:
    rows = [line.split(",") for line in (folder / "requirements.csv").read_text(encoding="utf-8").splitlines()]
    text = "\n".join(",".join(["note", *reversed(row)]) for row in rows)
    (folder / "requirements.csv").write_text(text, encoding="utf-8")
    assert read_problem(folder) == four_schools


def test_every_fault_is_told_at_once(folder: Path) -> None:
    change(folder / "schools.csv", "A,A,primary", "A,A,")
    change(folder / "teachers.csv", "A1,A,primary,chinese,,f,40", "A1,Z,primary,chinese,,f,forty")
    change(folder / "requirements.csv", "B,chinese,4", "B,chinese,-4")
    change_policy(folder, refill="often", backbone_share_min=1.5)
    assert faults(folder) == [
        ("policy.json", None, "backbone_share_min", "1.5", "share"),
        ("policy.json", None, "refill", "often", "word"),
        ("requirements.csv", 3, "required", "-4", "whole"),
        ("schools.csv", 2, "stage", "", "filled"),
        ("teachers.csv", 2, "age", "forty", "whole"),
        ("teachers.csv", 2, "school_id", "Z", "school"),
        *[("teachers.csv", row, "stage", "primary", "own_stage") for row in (3, 4, 5)],
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "expected"),
    [
        ("schools.csv", "A,A,primary,C1,0,0", "A,A,primary,C1,nan,0", "x_km", "number"),
        ("schools.csv", ",100,4,", ",0,4,", "pupils", "whole"),
        ("schools.csv", ",100,4,", ",100,4,Q", "paired_with", "school"),
        ("schools.csv", "\nB,B", "\nA,B", "school_id", "unique"),
        ("teachers.csv", ",2,0,1,", ",5,0,1,", "title", "whole"),
        ("teachers.csv", ",2,0,1,", ",2,maybe,1,", "backbone", "yes_no"),
        ("teachers.csv", ",may,D", ",perhaps,D", "verdict", "word"),
        ("teachers.csv", ",may,D", ",may,Q", "pref1", "school"),
        ("teachers.csv", ",,may,D", ",A1,may,D", "spouse_id", "spouse"),
        ("teachers.csv", "\nA2,", "\nA1,", "teacher_id", "unique"),
        ("requirements.csv", "A,chinese", "A,", "subject", "filled"),
    ],
)
def test_bad_cell_is_named(folder: Path, *, file: str, old: str, new: str, column: str, expected: str) -> None:
    change(folder / file, old, new)
    assert (file, column, expected) in {(f, c, e) for f, _, c, _, e in faults(folder)}


@pytest.mark.parametrize(
    ("entries", "place", "expected"),
    [
        ({"year": "soon"}, "year", "whole"),
        ({"commute_km_max": None}, "commute_km_max", "number"),
        ({"spouse_both_forbidden": 1}, "spouse_both_forbidden", "word"),
        ({"quotas": {}}, "quotas", "list"),
        ({"quotas": [7]}, "quotas[0]", "object"),
        ({"quotas": [{"id": "q", "scope": "planet"}]}, "quotas[0].scope", "word"),
        ({"subject_outflow_max": {"share": "a tenth", "min": 1}}, "subject_outflow_max.share", "share"),
        (
            {"objective": {"indicator_weight": {"primary": {"charm": 1}}}},
            "objective.indicator_weight.primary.charm",
            "word",
        ),
        ({"direction": {"from_zones": ["urban"], "to_zones": "town", "share_min": 0.3}}, "direction.to_zones", "list"),
        ({"no_return_year": 6}, "no_return_year", "known_key"),
    ],
)
def test_bad_entry_of_the_policy_is_named(folder: Path, entries: dict[str, object], place: str, expected: str) -> None:
    change_policy(folder, **entries)
    assert (place, expected) in {(c, e) for _, _, c, _, e in faults(folder)}


def test_unknown_entry_that_resembles_none_is_passed_over(folder: Path, four_schools: Problem) -> None:
    change_policy(folder, title="五年规划")
    assert read_problem(folder) == four_schools


def test_missing_file_column_and_broken_json_are_named(folder: Path) -> None:
    (folder / "history.csv").unlink()
    change(folder / "requirements.csv", "required", "needed")
    (folder / "policy.json").write_text("{", encoding="utf-8")
    assert faults(folder) == [
        ("history.csv", None, "", "", "file"),
        ("policy.json", 1, "", "", "json"),
        ("requirements.csv", 1, "required", "", "column"),
    ]


def test_other_encodings_are_refused(folder: Path) -> None:
    (folder / "schools.csv").write_bytes("县城第一小学".encode("gb18030"))
    assert faults(folder) == [("schools.csv", None, "", "", "utf8")]  # and not every id that refers to it


def test_fault_is_a_sentence_in_both_languages(folder: Path) -> None:
    change(folder / "teachers.csv", "A1,A,primary,chinese,,f,40", "A1,A,primary,chinese,,f,forty")
    with pytest.raises(InterchangeError, match="填的是 'forty'") as caught:
        read_problem(folder)
    assert str(caught.value) == "teachers.csv 第2行「age」:填的是 'forty',请填写整数(≥ 0)"
    assert caught.value.describe("en") == "teachers.csv row 2 “age”: found 'forty', expected a whole number (≥ 0)"


def test_plan_is_written_in_order_and_read_back(four_schools_plan: tuple[Assignment, ...], tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    write_plan(reversed(four_schools_plan), path)
    assert path.read_text(encoding="utf-8").splitlines()[:2] == ["teacher_id,to_school,as_subject", "A1,D,chinese"]
    assert read_plan(path) == four_schools_plan


def test_plan_with_an_empty_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("teacher_id,to_school,as_subject\nA1,,chinese\n", encoding="utf-8")
    with pytest.raises(InterchangeError, match="to_school"):
        read_plan(path)
