"""Schools that reach the standard: exact everywhere, and no multipliers prove more than the best plan has."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.instances import make_instance
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.planning.checking import check
from junheng.planning.interchange import read_problem, write_problem
from junheng.planning.problem import Assignment, Problem
from junheng.planning.proof import bound_of
from junheng.planning.proof.interchange import problem_files
from junheng.planning.proof.reading import read_problem as read_canonical
from junheng.planning.solving import solve
from junheng.planning.solving.admissible import admissible_arcs
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.market import market_of
from junheng.planning.solving.standard import Standard, hull_of, needs, reach, shared_out

Factory = Callable[..., Problem]
SHARED = [HealthCheck.function_scoped_fixture]  # the fixture is a function without state


def rewarded(problem: Problem, weight: float, per100: float = 2.0) -> Problem:
    """The problem with a standard for each indicator and a weight for reaching it."""
    stages = {school.stage for school in problem.schools}
    table = {stage: {"degree": per100, "backbone": per100 / 3, "pe_art": per100 / 2} for stage in stages}
    goals = replace(problem.policy.objective, w_standard=weight)
    return replace(problem, policy=replace(problem.policy, objective=goals, per100=table))


def every_plan(problem: Problem, most: int = 300) -> list[list[Assignment]]:
    """Every choice of at most one admissible move a teacher, or none when there are too many."""
    market = market_of(problem)
    arcs = admissible_arcs(market)
    options: dict[int, list[Assignment | None]] = {}
    for t, j, s in zip(arcs.teacher, arcs.school, arcs.subject, strict=True):
        move = Assignment(market.teacher_ids[t], market.school_ids[j], market.subjects[s])
        options.setdefault(int(t), [None]).append(move)
    if np.prod([float(len(each)) for each in options.values()]) > most:
        return []
    return [[move for move in plan if move is not None] for plan in itertools.product(*options.values())]


def test_a_need_is_met_exactly_at_the_standard(four_schools: Problem) -> None:
    """100 pupils at 2 a hundred need 2 teachers, and 2 at 85 % of it (1.7); at 2.01 they need 3."""
    assert needs(market_of(rewarded(four_schools, 1.0)))[0].tolist() == [[2, 2], [1, 1], [1, 1]]
    assert needs(market_of(rewarded(four_schools, 1.0, 2.01)))[0, 0].tolist() == [3, 2]


def test_four_schools_by_hand(four_schools: Problem, four_schools_plan: tuple[Assignment, ...]) -> None:
    """Degree 4, 2, 2, 0 at a standard of 2: D alone misses it, with both parts, before and, with 1, after.

    Backbone and PE have nobody, so all four schools miss both parts of both: S is 2 + 16 before and after.
    """
    problem = rewarded(four_schools, 36.0)
    assert check(problem, four_schools_plan).figures.objective == pytest.approx(21.0 + 36.0)
    result = solve(problem)
    assert result.objective == pytest.approx(57.0)
    assert result.assignments == four_schools_plan
    assert check(replace(problem, policy=replace(problem.policy, per100={})), ()).figures.objective < 101


def test_weight_nought_changes_nothing(four_schools: Problem) -> None:
    plain = replace(rewarded(four_schools, 0.0))
    assert solve(plain).certificate == solve(four_schools).certificate
    assert "W_standard" not in json.loads(problem_files(plain)["policy.json"])["objective"]


def test_the_weight_survives_both_readers(four_schools: Problem, tmp_path: Path) -> None:
    problem = rewarded(four_schools, 12.5)
    write_problem(problem, tmp_path)
    assert read_problem(tmp_path).policy.objective.w_standard == 12.5
    assert read_canonical(problem_files(problem)).policy.objective == problem.policy.objective


@settings(max_examples=6, deadline=None, suppress_health_check=SHARED)
@given(seed=st.integers(0, 400), weight=st.sampled_from([3.0, 40.0, 400.0]), per100=st.sampled_from([1.5, 3.0, 7.0]))
def test_no_plan_beats_the_bound_and_solver_checker_and_proof_agree(
    seed: int, weight: float, per100: float, random_problem: Factory
) -> None:
    problem = rewarded(random_problem(seed), weight, per100)
    result = solve(problem, gap=0.0)
    plans = [plan for plan in every_plan(problem) if check(problem, plan).feasible]
    if result.feasible:
        report = check(problem, result.assignments)
        assert report.feasible
        assert result.objective == pytest.approx(report.figures.objective, abs=1e-6)
        proven = bound_of(problem, result.certificate)
        assert proven == pytest.approx(result.bound, abs=1e-6)
        values = [check(problem, plan).figures.objective for plan in plans]
        assert all(value >= proven - 1e-6 for value in values)
        assert result.objective <= min(values, default=np.inf) + 1e-6
    else:
        assert not plans


@settings(max_examples=6, deadline=None, suppress_health_check=SHARED)
@given(seed=st.integers(0, 400), noise=st.integers(0, 99), scale=st.sampled_from([0.1, 3.0, 50.0]))
def test_any_multipliers_give_a_valid_bound(seed: int, noise: int, scale: float, random_problem: Factory) -> None:
    problem = rewarded(random_problem(seed), 60.0, 3.0)
    market = market_of(problem)
    ledger = Ledger(market, admissible_arcs(market))
    draw = np.random.default_rng(noise)
    named = dict(zip(ledger.rows.names, (scale * draw.normal(size=len(ledger.rows))).tolist(), strict=True))
    certificate = ledger.certificate(named)
    bound, proven = ledger.bound(certificate), bound_of(problem, certificate)
    stranded = market.forced & ~np.isin(np.arange(len(market.teacher_ids)), ledger.arcs.teacher)
    assert stranded.any() == np.isinf(proven)  # somebody must go and can go nowhere
    assert stranded.any() or proven == pytest.approx(bound, abs=1e-6 * max(1.0, abs(bound)))
    for plan in every_plan(problem):
        report = check(problem, plan)
        assert not report.feasible or report.figures.objective >= proven - 1e-6


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_least_over_counts_is_never_overstated(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 4))
    whole = st.lists(st.integers(0, 5), min_size=size, max_size=size)
    lo = np.array(data.draw(whole))
    hi = lo + np.array(data.draw(whole))
    needed = np.array(
        data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=size, max_size=size))
    )
    standard = Standard(needed, data.draw(st.sampled_from([0.5, 7.0])), lo, hi)
    share = np.full(size, 1.0 / size)
    price = np.array(data.draw(st.lists(st.floats(-9, 9), min_size=size, max_size=size)))
    scale = data.draw(st.sampled_from([0.0, 5.0, 90.0]))
    every = [np.array(z) for z in itertools.product(*(range(a, b + 1) for a, b in zip(lo, hi, strict=True)))]
    totals = np.array(sorted({int(z.sum()) for z in every if z.sum() > 0}), dtype=np.int64)
    found = shared_out(totals, scale, share, price, standard)
    for total, value in zip(totals, found, strict=True):
        exact = min(
            float((scale * z**2 / (share * total**2) - price * z).sum() + standard.cost(z).sum() - scale)
            for z in every
            if z.sum() == total
        )
        assert value <= exact + 1e-7


@settings(max_examples=40, deadline=None)
@given(lo=st.integers(0, 5), width=st.integers(0, 7), first=st.integers(0, 12), second=st.integers(0, 12))
def test_the_hull_is_convex_and_below_the_cost(lo: int, width: int, first: int, second: int) -> None:
    standard = Standard(np.array([[first, second]]), 3.0, np.array([lo]), np.array([lo + width]))
    hull = hull_of(standard, np.array([0.2]), np.array([1.0]))
    counts = np.arange(lo, lo + width + 1)
    values = np.array([hull.value(np.array([z]))[0] for z in counts])
    cost = 0.2 * counts**2 - counts + np.array([standard.cost(np.array([z]))[0] for z in counts])
    assert (values <= cost + 1e-9).all()
    assert values[[0, -1]] == pytest.approx(cost[[0, -1]])
    steps = np.array([hull.step(np.array([z]))[0] for z in range(lo - 2, lo + width + 2)])
    assert (np.diff(steps) >= -1e-9).all()


@pytest.mark.parametrize("policy", ["A", pytest.param("B", marks=pytest.mark.slow)])
def test_a_county_reaches_more_standards_than_by_balance_alone(policy: str) -> None:
    problem = make_instance(240, 2, policy)  # type: ignore[arg-type]
    goals = replace(problem.policy.objective, w_standard=300.0)
    plans = [problem, replace(problem, policy=replace(problem.policy, objective=goals))]
    figures = [check(each, solve(each).assignments).figures for each in plans]
    missed = [sum(2 * s.schools - (s.reaching_after or 0) - (s.nearly_after or 0) for s in f.stages) for f in figures]
    assert missed[1] <= missed[0]
    assert figures[1].movers >= figures[1].required_moves


def test_no_plan_leaves_the_reach(random_problem: Factory) -> None:
    problem = rewarded(random_problem(5), 60.0, 3.0)
    market = market_of(problem)
    down, up = reach(market)
    today = market.counts_today()
    for plan in every_plan(problem):
        report = check(problem, plan)
        if report.feasible:
            after = {(s.school_id, s.indicator): s.count_after for s in report.figures.schools}
            for j, school in enumerate(market.school_ids):
                for k, name in enumerate(("degree", "backbone", "pe_art")):
                    assert today[j, k] - down[j, k] <= after[school, name] <= today[j, k] + up[j, k]
