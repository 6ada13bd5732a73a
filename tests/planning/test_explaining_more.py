"""Schools' accounts add up, prices are what a re-solve brings, and a what-if is a whole plan of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.planning.checking import check
from junheng.planning.explaining import (
    Names,
    Question,
    Speaker,
    ask,
    names_of,
    needs_of,
    prices_of,
    quota_words,
    reasons_of,
    school_accounts,
)
from junheng.planning.explaining.counterfactual import changed_problem
from junheng.planning.problem import (
    Candidate,
    Objective,
    Pin,
    PlanningPolicy,
    Problem,
    Quota,
    Requirement,
    SchoolUnit,
)
from junheng.planning.relaxing import Change
from junheng.planning.relaxing.conflicts import Conflict
from junheng.planning.result import Result
from junheng.planning.solving import solve


def person(number: int, school: str, subject: str, *, backbone: bool) -> Candidate:
    return Candidate(
        id=f"t{number:02d}", school_id=school, stage="primary", subject=subject, subject2="", sex="f", age=40,
        years_at_school=8, title=2, backbone=backbone, high_degree=number % 3 == 0,
        home_x=float(number % 5), home_y=0.0, spouse_id="", verdict="may",
    )  # fmt: skip


@pytest.fixture(scope="module")
def county() -> Problem:
    """Three schools, all backbone teachers at the first."""
    schools = tuple(
        SchoolUnit(name, f"{name}校", "primary", "east", x, 0.0, "town", "ordinary", pupils, 9)
        for name, x, pupils in (("A", 0.0, 120), ("B", 2.0, 100), ("C", 4.0, 80))
    )
    people = [person(i, "ABC"[i // 6], ("chinese", "maths", "pe")[i % 3], backbone=i < 5) for i in range(18)]
    people[0] = replace(people[0], preferences=("C",))
    people[1] = replace(people[1], preferences=("C", "B"))
    needs = tuple(Requirement(s, subject, 2) for s in "ABC" for subject in ("chinese", "maths", "pe"))
    policy = PlanningPolicy(
        year=2026, refill="preserve", subject_outflow_share=Fraction(1, 2), subject_outflow_min=1, commute_km_max=30.0,
        no_return_years=6, spouse_both_forbidden=True, direction=None, backbone_share_min=Fraction(0),
        objective=Objective({"primary": {"degree": 1.0, "backbone": 1.0, "pe_art": 1.0}}, w_extra=40.0),
        quotas=(Quota("each", "school", "staff", "le", Fraction(1, 3), "floor", 0),
                Quota("all", "county", "staff", "ge", Fraction(1, 6), "half_up", 0)),
    )  # fmt: skip
    return Problem(schools, needs, tuple(people), (), policy)


@pytest.fixture(scope="module")
def result(county: Problem) -> Result:
    found = solve(county, gap=0.0)
    assert found.feasible
    assert found.assignments
    return found


def test_accounts_add_up_to_the_plan_and_to_the_checkers_balance(county: Problem, result: Result) -> None:
    accounts = school_accounts(county, result.assignments, names_of(county))
    assert sum(a.gives.people for a in accounts) == sum(a.gains.people for a in accounts) == len(result.assignments)
    assert sum(a.net for a in accounts) == 0
    figures = check(county, result.assignments).figures
    weight = county.policy.objective.w_imbalance
    assert sum(a.part_before for a in accounts) == pytest.approx(weight)
    assert sum(a.part_after for a in accounts) == pytest.approx(
        weight * figures.imbalance_after / figures.imbalance_before
    )
    assert sum(a.gives.held["backbone"] for a in accounts) == figures.backbone_movers
    for account in accounts:
        assert account.evened == pytest.approx(account.part_before - account.part_after)
        assert sum(account.gives.subjects.values()) == account.gives.people
        if account.gives.people or account.gains.people:
            assert f"{abs(account.evened):.3f}" in account.zh + account.en


def test_a_plan_that_moves_nobody_leaves_every_account_as_it_was(county: Problem) -> None:
    for account in school_accounts(county, (), names_of(county)):
        assert (account.net, account.evened) == (0, 0)
        assert account.zh == "没有人员变动。"


def test_prices_say_what_a_rule_costs_and_a_resolve_agrees_in_direction(county: Problem, result: Result) -> None:
    prices = prices_of(result.certificate, names_of(county))
    assert [p.worth for p in prices] == sorted((p.worth for p in prices), reverse=True)
    known = {
        row: value for row, value in result.certificate.items() if not row.startswith(("couple", "count", "extra"))
    }
    assert {p.row for p in prices} == {row for row, value in known.items() if abs(value) >= 5e-4}
    for each in prices:
        assert f"{each.worth:.3f}" in each.zh
        assert f"{each.worth:.3f}" in each.en
        assert (each.step == "fewer") == (known[each.row] > 0)
    looser = replace(county.policy, quotas=(replace(county.policy.quotas[0], min=3), *county.policy.quotas[1:]))
    freed = solve(replace(county, policy=looser), gap=0.0)
    gained = result.objective - freed.objective
    promised = sum(p.worth for p in prices if p.row.startswith("quota:each:"))
    assert gained >= -1e-9
    assert gained <= promised + (result.objective - result.bound) + 1e-6, "prices bound what a step can bring"


def test_one_more_backbone_teacher_helps_most_where_there_are_fewest(county: Problem, result: Result) -> None:
    needs = {n.indicator: n for n in needs_of(county, result.certificate, names_of(county))}
    assert needs["backbone"].worst == "A"
    assert needs["backbone"].best in ("B", "C")


def test_a_what_if_changes_one_fact_and_is_a_whole_plan(county: Problem, result: Result) -> None:
    who = result.assignments[0]
    for question in (
        Question(who.teacher_id, "first", "B" if who.to_school == "C" else "C"),
        Question(who.teacher_id, "stay"),
        Question(who.teacher_id, "to", who.to_school),
        Question(who.teacher_id, "commute", km=0.0),
    ):
        found = ask(county, result, question, names_of(county), gap=0.0)
        other = changed_problem(county, question)
        assert [t for t in other.teachers if t.id != who.teacher_id] == [
            t for t in county.teachers if t.id != who.teacher_id
        ]
        assert found.result is not None
        assert check(other, found.result.assignments).feasible
        assert found.change == pytest.approx(
            check(county, found.result.assignments).figures.objective - result.objective
        )
        if question.kind == "stay":
            assert found.after is None
            assert found.change >= -1e-9, "with less freedom nothing gets better"
        if question.kind == "to":
            assert found.after is not None
            assert found.after.to_school == who.to_school
        assert who.teacher_id not in {move.teacher_id for move in found.others}


def test_a_what_if_that_leaves_no_plan_says_which_rules_collide(county: Problem, result: Result) -> None:
    everybody = tuple(replace(t, verdict="must") for t in county.teachers[:3])
    tight = replace(county, teachers=(*everybody, *county.teachers[3:]))
    found = ask(tight, result, Question("t00", "to", "B"), names_of(county), gap=0.0)
    assert found.result is None
    assert "没有可行的方案" in found.zh


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("nobody", "stay"), "nobody"),
        (Question("t00", "first", "Z"), "Z"),
        (Question("t00", "commute", km=-1.0), "negative"),
    ],
)
def test_a_question_about_nobody_or_nowhere_is_refused(
    question: Question, said: str, county: Problem, result: Result
) -> None:
    with pytest.raises(ValueError, match=said):
        ask(county, result, question, names_of(county))


@pytest.mark.parametrize(
    ("quota", "zh", "en"),
    [
        (
            Quota("stage10", "stage", "eligible", "ge", Fraction(1, 10), "ceil"),
            "每个学段派出不少于符合条件教师的 10%",
            "each stage sends at least 10% of the eligible teachers",
        ),
        (
            Quota("school15", "school", "staff", "le", Fraction(3, 20), "floor", 1),
            "每校派出不多于教职工的 15%、至少 1 人",
            "each school sends at most 15% of the staff, 1 or more",
        ),
    ],
)
def test_a_quota_is_said_in_words_wherever_it_is_named(quota: Quota, zh: str, en: str) -> None:
    names = Names({"S1": "城关小学"}, quotas=quota_words((quota,)))
    assert names.quota(quota.id) == (zh, en)
    (price,) = prices_of({f"quota:{quota.id}:S1": 0.5}, names)
    assert price.if_zh == f"城关小学少派 1 人（{zh}）"
    assert price.if_en == f"one fewer from 城关小学 ({en})"
    assert names.quota("another") == ("名额 another", "quota another")


def test_a_conflict_says_of_everybody_why_he_is_not_moved_and_by_which_clause(four_schools: Problem) -> None:
    one, two, three, four = "A1", "A2", "A3", "A4"
    reasons = {one: "already_away", two: "already_away", three: "毕业班", four: "deferral"}
    held = replace(four_schools, pins=tuple(Pin(who, "stay", reason=why) for who, why in reasons.items()))
    speaker = Speaker(held, names_of(held), {f"stay:{four}": "第十三条"})
    conflict = Conflict(tuple(f"stay:{who}" for who in reasons), ("stay",), irreducible=True)
    said = {each.people: each for each in speaker.conflict(conflict)}
    assert "已在外校" in said[one, two].zh
    assert "already works at another school" in said[one, two].en
    assert "毕业班" in said[three,].zh
    assert (said[four,].clause, said[three,].clause) == ("第十三条", "")
    assert "暂缓" in said[four,].zh
    assert "经办人" not in said[four,].zh + said[one, two].zh


def test_of_whom_the_clerk_sent_it_is_said_that_he_did(four_schools: Problem) -> None:
    held = replace(four_schools, pins=(Pin("A1", "pin", "D"),))
    said = {each.teacher_id: each for each in reasons_of(held, solve(held).assignments, names_of(held))}
    assert "由经办人指定" in said["A1"].zh
    assert "The clerk named the school" in said["A1"].en
    assert "指定" not in said["D1"].zh


def test_what_holds_somebody_is_put_aside_with_the_reason_for_which_it_was_laid_down(four_schools: Problem) -> None:
    who = four_schools.teachers[0].id
    held = replace(four_schools, pins=(Pin(who, "stay", reason="comes_back"),))
    zh, en = Speaker(held, names_of(held)).change(Change(("decision", who)))
    assert "先返回原校" in zh
    assert "home again first" in en
    assert "经办人" not in zh
