"""junheng itinerant: after today's placement, or after a plan."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from junheng.facts import Subject
from junheng.facts.synthetic import make_small_county


def test_visits_are_written_and_summed(middling: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("itinerant", middling, "-o", tmp_path / "visits.xlsx", "--json")
    assert answer.code == 0, answer.said
    rows = answer.json["tables"]["Itinerant teaching"]
    assert rows
    assert answer.json["covered"] == pytest.approx(sum(row["periods"] for row in rows))
    book = openpyxl.load_workbook(tmp_path / "visits.xlsx")
    assert book.sheetnames == ["各学科缺课时", "走教安排", "缺课时"]
    assert book["走教安排"].max_row == len(rows) + 1


def test_visits_follow_a_plan(small: Path, tmp_path: Path, junheng) -> None:
    county = make_small_county()
    who = next(t for t in county.teachers if t.main_subject is Subject.MATHS and t.works_at == t.school_id)
    host = next(s for s in county.schools if s.stages == frozenset({who.stage}) and s.id != who.school_id)
    (tmp_path / "plan.csv").write_text(f"teacher_id,to_school,as_subject\n{who.id},{host.id},maths\n")
    words = ["itinerant", small, "--across-clusters", "--subject", "语文", "--subject", "maths", "--json"]
    today, after = junheng(*words), junheng(*words, "--plan", tmp_path)
    assert (today.code, after.code) == (0, 0)
    lacking = [
        {row["school"]: row["before"] for row in answer.json["tables"]["Periods lacking"] if row["subject"] == "maths"}
        for answer in (today, after)
    ]
    assert lacking[0] != lacking[1]
    assert {school for school in lacking[1] if lacking[1][school] > lacking[0].get(school, 0)} <= {
        county.school_by_id[who.school_id].name
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--subject", "astrology"], "astrology"),
        (["--plan", "{tmp}/none.csv"], "none.csv"),
        (["--plan", "{tmp}/odd.csv"], "T999999"),
        (["--km", "0"], "--km"),
    ],
)
def test_bad_input_is_refused(words: list[str], said: str, small: Path, tmp_path: Path, junheng) -> None:
    (tmp_path / "odd.csv").write_text("teacher_id,to_school,as_subject\nT999999,X,pe\n")
    answer = junheng("itinerant", small, *(word.format(tmp=tmp_path) for word in words))
    assert answer.code == 2
    assert said in answer.err
