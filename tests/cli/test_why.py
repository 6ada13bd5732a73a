"""junheng why: one teacher's outcome, and what another wish would have brought."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest


@pytest.fixture
def mover(planned: Path) -> dict[str, str]:
    with (planned / "out" / "plan.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def test_a_mover_is_told_where_and_why_and_a_what_if_is_answered(small: Path, mover: dict[str, str], junheng) -> None:
    words = ["why", small, "--policy", "CN", "--teacher", mover["teacher_id"]]
    told = junheng(*words, "--stay", "--to", mover["to_school"].split("-")[0], "--json")
    assert told.code == 0, told.said
    assert (told.json["outcome"], told.json["to_school"]) == ("moves", mover["to_school"])
    to, stay = told.json["what_ifs"]
    assert (stay["kind"], stay["before"]) == ("stay", mover["to_school"])
    assert stay["after"] is None
    assert to["after"] == mover["to_school"]
    english = junheng(*words, "--commute", "0", "--lang", "en")
    assert english.code == 0
    assert "Were the commute limit 0 km" in english.out


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--teacher", "nobody"], "nobody"), (["--teacher", "{who}", "--first", "nowhere"], "nowhere")],
)
def test_an_unknown_teacher_or_school_is_refused(
    words: list[str], said: str, small: Path, mover: dict[str, str], junheng
) -> None:
    asked = [word.format(who=mover["teacher_id"]) for word in words]
    answer = junheng("why", small, "--policy", "CN", *asked)
    assert answer.code == 2
    assert said in answer.err
