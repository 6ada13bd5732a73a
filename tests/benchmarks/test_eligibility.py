"""The policy engine against the same rules written by hand, on thousands of generated teachers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import benchmarks.teachers as made
import numpy as np
import polars as pl
import pytest
from benchmarks.eligibility import FLAGS, GAPS, LOOP, OURS, VERDICTS, Run, check_agreement, largest_pack
from benchmarks.ours_eligibility import PACK, RULE, answers_of, frame_of, reasons
from benchmarks.peers.plain_rules import AMBIGUOUS, ANSWERS, BOUNDARY, ON, Teacher, flags, judge, records

from junheng.policy.evaluation import parameter_values
from junheng.policy.loading import load_pack
from junheng.policy.results import evaluate

COUNT = 2_000
FLAG_WORDS = {0: [], BOUNDARY: ["boundary"], AMBIGUOUS: ["ambiguous"], BOUNDARY | AMBIGUOUS: ["boundary", "ambiguous"]}


@pytest.fixture(scope="module")
def complete() -> made.Columns:
    return made.make_teachers(COUNT)


@pytest.fixture(scope="module")
def with_gaps() -> made.Columns:
    return made.make_teachers(COUNT, missing=0.4)


@pytest.fixture(scope="module")
def judged(complete: made.Columns) -> pl.DataFrame:
    return reasons(load_pack(PACK))(frame_of(complete))


@pytest.fixture(scope="module")
def judged_with_gaps(with_gaps: made.Columns) -> pl.DataFrame:
    return reasons(load_pack(PACK))(frame_of(with_gaps))


@pytest.mark.covers("R-063", "R-064", "R-065", "R-066", "R-068", "R-529")
def test_the_engine_and_rules_written_by_hand_agree_on_every_teacher(
    complete: made.Columns, judged: pl.DataFrame
) -> None:
    expected = [judge(teacher) for teacher in records(complete)]
    found = list(zip(judged["verdict"], judged["clause_ids"].to_list(), strict=True))
    assert found == expected
    assert {(verdict, tuple(clauses)) for verdict, clauses in found} == {(v, tuple(c)) for v, c in ANSWERS}


def test_the_engine_flags_exactly_those_whose_verdict_another_reading_changes(
    complete: made.Columns, judged: pl.DataFrame
) -> None:
    expected = [FLAG_WORDS[flags(teacher, judge(teacher)[0])] for teacher in records(complete)]
    assert judged["flags"].to_list() == expected
    assert {tuple(each) for each in expected} >= {(), ("boundary",), ("ambiguous",)}


def test_who_is_judged_by_the_days_that_decide_is_among_the_teachers(complete: made.Columns) -> None:
    people = records(complete)
    days = {(teacher.birth.month, teacher.birth.day, ON.year - teacher.birth.year) for teacher in people}
    assert {(8, 31, 50), (9, 1, 50), (8, 31, 45), (9, 1, 45), (9, 1, 51), (9, 1, 46)} <= days
    arrivals = {(teacher.joined.month, teacher.joined.day, ON.year - teacher.joined.year) for teacher in people}
    assert {(8, 31, 6), (9, 1, 6), (9, 2, 6), (9, 15, 6), (9, 16, 6)} <= arrivals


def test_a_fact_is_called_missing_only_where_the_verdict_depends_on_it(
    with_gaps: made.Columns, judged_with_gaps: pl.DataFrame
) -> None:
    """By trying out everything that the missing fact could be."""
    for teacher, row in zip(records(with_gaps), judged_with_gaps.iter_rows(named=True), strict=True):
        possible = {judge(each)[0] for each in completions(teacher)}
        if row["verdict"] == "unknown":
            assert len(possible) > 1, teacher
            assert row["missing"] == [blank_of(teacher)]
            assert row["flags"] == []
        else:
            assert possible == {row["verdict"]}, teacher
            assert row["missing"] == []


def blank_of(teacher: Teacher) -> str | None:
    """The fact that nobody has stated, as the packs call it."""
    names = {"sex": "sex", "birth": "birth_date", "joined": "joined_current_school", "role": "role"}
    return next((names[name] for name in names if getattr(teacher, name) is None), None)


def completions(teacher: Teacher) -> Iterator[Teacher]:
    """The teacher with everything that the missing fact could be."""
    years = [ON - timedelta(days=366 * n + 5) for n in range(20, 66)]
    match blank_of(teacher):
        case "sex":
            yield from (replace(teacher, sex=each) for each in made.SEXES)
        case "role":
            yield from (replace(teacher, role=each) for each in made.ROLES)
        case "birth_date":
            yield from (replace(teacher, birth=each) for each in years)
        case "joined_current_school":
            yield from (replace(teacher, joined=each) for each in (ON, date(ON.year - 20, 9, 1)))
        case _:
            yield teacher


def test_the_order_of_the_teachers_changes_no_verdict(complete: made.Columns, judged: pl.DataFrame) -> None:
    pack = load_pack(PACK)
    upside_down = evaluate(pack, RULE, frame_of(complete).reverse(), parameter_values(pack), with_values=False)
    assert upside_down.verdict.reverse().to_list() == judged["verdict"].to_list()


def test_the_answers_go_to_the_comparison_as_they_are(complete: made.Columns, judged: pl.DataFrame) -> None:
    answers = answers_of(judged)
    assert [ANSWERS[place] for place in answers["answer"]] == [judge(teacher) for teacher in records(complete)]
    assert [FLAG_WORDS[int(bits)] for bits in answers["flags"]] == judged["flags"].to_list()


def test_the_peers_are_written_for_the_largest_pack() -> None:
    assert largest_pack() == PACK


def test_a_difference_between_the_engines_stops_the_comparison() -> None:
    answer, flagged, none = np.array([0, 6, 7], np.int8), np.array([0, 1, 0], np.int8), np.zeros(0, np.int8)
    agreed = [
        Run(VERDICTS, OURS, {}, answer, none),
        Run(VERDICTS, LOOP, {}, answer, none),
        Run(FLAGS, LOOP, {}, answer, flagged),
        Run(GAPS, OURS, {}, np.array([0, -1, 7], np.int8), none),
    ]
    assert "1 stay undecided" in " ".join(check_agreement(agreed))
    for place, other in ((0, np.array([0, 6, 6], np.int8)), (3, np.array([0, -1, 6], np.int8))):
        with pytest.raises(AssertionError, match="row"):
            check_agreement([replace(run, answer=other) if i == place else run for i, run in enumerate(agreed)])
