"""Every reason is true: the checker, which shares no code with the solver, agrees with each figure in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.facts.synthetic import make_county
from junheng.planning.checking import check
from junheng.planning.explaining import FAMILIES, Names, Reason, giving, names_of, reasons_of, totals
from junheng.planning.explaining.words import refusal_words
from junheng.planning.problem import Assignment, Pin, Problem, Quota
from junheng.planning.result import Result
from junheng.planning.solving import REASONS, solve
from junheng.planning.solving.rows import FAMILIES as ROW_FAMILIES
from junheng.planning.year import Request, YearPlan, plan_year
from junheng.policy import load_pack


@pytest.fixture(scope="module")
def made() -> YearPlan:
    """A county of 600 teachers, planned by the national norms."""
    return plan_year(make_county(teachers=600, seed=3), load_pack("CN"), Request())


@pytest.fixture(scope="module")
def problem(made: YearPlan) -> Problem:
    return made.assembly.problem


def changed(plan: Iterable[Assignment], teacher: str, school: str, subject: str) -> tuple[Assignment, ...]:
    """The plan with one teacher sent elsewhere, the rest left as it is."""
    return (*(a for a in plan if a.teacher_id != teacher), Assignment(teacher, school, subject))


def wishes(made: YearPlan, code: str) -> list[tuple[Reason, str]]:
    return [(r, w.school_id) for r in made.reasons for w in r.wishes if code in w.codes]


def test_everybody_who_may_or_must_move_has_a_reason(made: YearPlan, problem: Problem) -> None:
    asked = {t.id for t in problem.teachers if t.verdict != "no"}
    assert {r.teacher_id for r in made.reasons} == asked
    moving = {a.teacher_id for a in made.result.assignments}
    assert {r.teacher_id for r in made.reasons if r.outcome == "moves"} == moving
    assert all(r.zh.endswith("。") and r.en.endswith(".") for r in made.reasons)


def test_an_unmet_wish_said_to_cost_so_much_costs_so_much(made: YearPlan, problem: Problem) -> None:
    """One change, judged by the checker: no rule breaks, and J is higher by what the sentence says."""
    plan, before = made.result.assignments, made.report.figures.objective
    told = 0
    subjects = {t.id: t.subjects for t in problem.teachers}
    for reason in made.reasons:
        for wish in (w for w in reason.wishes if w.codes == ("price",)):
            said = float(re.search(r"目标值变化 ([+-][\d.]+)", wish.zh).group(1))  # type: ignore[union-attr]
            reports = [
                check(problem, changed(plan, reason.teacher_id, wish.school_id, s)) for s in subjects[reason.teacher_id]
            ]
            # the sentence speaks of the rules of places and persons; county-wide shares may still break
            costs = [report.figures.objective - before for report in reports]
            assert min(abs(cost - said) for cost in costs) < 6e-4, wish.zh
            told += 1
    assert told >= 5, "the county must have such wishes"


def test_a_wish_refused_for_a_rule_would_break_that_rule(made: YearPlan, problem: Problem) -> None:
    plan = made.result.assignments
    rules = {"refill": "refill", "total": "total", "outflow": "outflow", "couple": "couple", "commute": "commute"}
    rules |= {"returned_too_soon": "no_return", "within_cluster": "within_cluster", "personal_limit": "commute"}
    subjects = {t.id: t.subject for t in problem.teachers}
    told = 0
    for code, rule in rules.items():
        for reason, school in wishes(made, code)[:40]:
            report = check(problem, changed(plan, reason.teacher_id, school, subjects[reason.teacher_id]))
            assert rule in report.rules_broken, (code, reason.teacher_id, school)
            told += 1
    assert told >= 10


def test_a_wish_refused_for_its_distance_is_beyond_the_limit(made: YearPlan, problem: Problem) -> None:
    people = {t.id: t for t in problem.teachers}
    places = {s.id: s for s in problem.schools}
    for code, limit in (("commute", problem.policy.commute_km_max), ("personal_limit", None)):
        for reason, school in wishes(made, code):
            t, s = people[reason.teacher_id], places[school]
            km = ((t.home_x - s.x_km) ** 2 + (t.home_y - s.y_km) ** 2) ** 0.5
            assert km > (limit if limit is not None else t.commute_limit_km or 0.0)


def test_a_quota_said_to_be_used_up_is_used_up(made: YearPlan, problem: Problem) -> None:
    quota = Quota("cap", "school", "staff", "le", Fraction(8, 100), "half_up", 1)
    capped = replace(problem, policy=replace(problem.policy, quotas=(*problem.policy.quotas, quota)))
    result = solve(capped)
    assert result.status == "solved"
    lines = {(q.quota, q.member): q for q in check(capped, result.assignments).figures.quotas}
    school_of = {t.id: t.school_id for t in capped.teachers}
    told = 0
    for reason in reasons_of(capped, result.assignments):
        if "已用完" in reason.zh and reason.outcome == "stays":
            line = lines["cap", school_of[reason.teacher_id]]
            assert line.actual == line.bound
            assert f"{line.bound} 人已用完" in reason.zh
            told += 1
    assert told


def test_a_moves_gain_is_what_the_plan_would_lose_without_it(made: YearPlan, problem: Problem) -> None:
    plan = made.result.assignments
    figures = made.report.figures
    weight = problem.policy.objective.w_imbalance / figures.imbalance_before
    for reason in [r for r in made.reasons if r.outcome == "moves"]:
        without = check(problem, [a for a in plan if a.teacher_id != reason.teacher_id]).figures
        lost = weight * (without.imbalance_after - figures.imbalance_after)
        assert reason.balance_gain == pytest.approx(lost, abs=1e-9)
        if reason.balance_gain > 0.0005:
            assert f"{reason.balance_gain:.3f}" in reason.zh


def test_a_met_wish_is_the_school_the_plan_names(made: YearPlan) -> None:
    host = {a.teacher_id: a.to_school for a in made.result.assignments}
    met = [(r, w) for r in made.reasons for w in r.wishes if w.met]
    assert sum(made.report.figures.wishes_met) == len(met)
    assert all(host[r.teacher_id] == w.school_id and r.wish_met == w.rank for r, w in met)


def test_somebody_whom_a_clerk_keeps_is_told_why(problem: Problem) -> None:
    mover = solve(problem).assignments[0].teacher_id
    kept = replace(problem, pins=(*problem.pins, Pin(mover, "stay", reason="家中有事")))
    reason = next(r for r in reasons_of(kept, solve(kept).assignments) if r.teacher_id == mover)
    assert reason.outcome == "stays"
    assert "家中有事" in reason.zh


def test_every_code_of_a_refusal_has_words_in_both_languages(problem: Problem) -> None:
    for code in REASONS:
        zh, en = refusal_words([code], problem)
        assert zh
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert en
        assert not re.search(r"[\u4e00-\u9fff]", en)


def test_every_kind_of_rule_has_a_name(problem: Problem) -> None:
    assert set(ROW_FAMILIES) - {"count"} <= set(FAMILIES)


def infeasible(problem: Problem) -> tuple[Problem, Result]:
    everybody = Quota("all", "school", "eligible", "eq", Fraction(1), "half_up", 0)
    hopeless = replace(problem, policy=replace(problem.policy, quotas=(everybody,)))
    return hopeless, solve(hopeless)


def test_rules_that_must_give_are_named_by_school_with_the_checkers_figures() -> None:
    problem = plan_year(make_county(teachers=200, seed=1), load_pack("CN"), Request()).assembly.problem
    hopeless, result = infeasible(problem)
    assert result.status == "infeasible"
    report = check(hopeless, result.assignments)
    given = giving(hopeless, result, report, names_of(hopeless))
    assert len(given) == len(result.relaxations) > 0
    broken = {v.where: v for v in report.violations}
    names = {s.name for s in hopeless.schools}
    for each, row in zip(given, result.relaxations, strict=True):
        assert each.by == row.by
        assert "：" in each.zh
        assert ": " in each.en
        if row.family in ("quota", "outflow", "refill", "total"):
            assert any(name in each.zh for name in names)
            assert broken[row.row].found in each.zh
            assert broken[row.row].expected in each.zh
    assert sum(rules for rules, _ in totals(given).values()) == len(given)
    assert sum(by for _, by in totals(given).values()) == pytest.approx(sum(r.by for r in result.relaxations))


def test_a_group_is_called_by_its_name() -> None:
    names = Names({"S1": "城关小学"}, {"C1": "城关学区"})
    assert names.member("C1/primary") == ("城关学区小学", "城关学区, primary")
    assert names.member("C1")[0] == "城关学区"
    assert names.member("S1")[0] == "城关小学"
    assert names.member("county") == ("全县", "the county")
    assert names.slot("S1:maths") == ("城关小学数学", "mathematics at 城关小学")
