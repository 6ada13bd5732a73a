"""Every question of every pack: the case files beside this test, each case a sentence of a policy officer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from junheng.policy import ask, load_pack
from junheng.policy.vocabulary import vocabulary

Case = dict[str, Any]
CASES: list[Case] = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def answers() -> dict[str, Case]:
    """All cases asked in one go, so that they also prove that cases do not disturb one another."""
    return {answer["id"]: answer for answer in ask(CASES)}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"], marks=pytest.mark.covers(*case["covers"])) for case in CASES]
)
def test_the_case_is_answered_as_expected(case: Case, answers: dict[str, Case]) -> None:
    answer, expected = answers[case["id"]], case["expect"]
    assert {key: answer.get(key) for key in expected} == expected, case["says"]
    assert answer["because"]


@pytest.mark.parametrize("case", [case for case in CASES if case["id"].endswith("-01")], ids=lambda case: case["id"])
def test_a_case_asked_alone_is_answered_as_in_company(case: Case, answers: dict[str, Case]) -> None:
    assert ask([case]) == [answers[case["id"]]]


def test_every_question_has_six_cases_one_of_them_without_a_needed_fact() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    unknown = set()
    for case in CASES:
        key = (case["pack"], case["facts"]["query"])
        counts[key] += 1
        if case["expect"]["verdict"] == "unknown":
            unknown.add(key)
    assert min(counts.values()) >= 6
    assert set(counts) == unknown
    assert {query for _, query in counts} == set(vocabulary().questions)


def test_verdicts_are_words_of_the_question() -> None:
    for case in CASES:
        word = case["expect"]["verdict"]
        words = vocabulary().questions[case["facts"]["query"]].verdicts
        assert word in (*words, "unknown"), case["id"]


def test_cited_clauses_belong_to_the_pack_and_carry_the_label_that_is_answered() -> None:
    for case in CASES:
        labels = {clause.label for clause in load_pack(case["pack"]).clauses.values()}
        assert case["expect"]["clause"] in labels
        assert set(case["covers"]) <= set(load_pack(case["pack"]).clauses), case["id"]
