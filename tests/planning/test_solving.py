"""The solver finds the best plan, proves it, repeats itself, and honours what a clerk decides."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.planning import Assignment, Problem, solve
from junheng.planning.checking import check
from junheng.planning.interchange import write_problem
from junheng.planning.problem import Pin
from junheng.planning.proof import bound_of
from junheng.planning.solving.admissible import admissible_arcs
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.market import market_of

Factory = Callable[..., Problem]
Plan = tuple[Assignment, ...]


@pytest.fixture
def eighty_teachers(random_problem: Factory) -> Problem:
    """A random county of two stages that has a plan with several moves."""
    counties = (random_problem(seed, teachers=80, eligible=45, schools=6) for seed in range(100))
    return next(c for c in counties if len(solve(c).assignments) > 8 and solve(c).status == "solved")


def every_plan(problem: Problem, most: int = 4000) -> list[list[Assignment]]:
    """All ways to send each teacher somewhere admissible or nowhere; none when there are more than ``most``."""
    market = market_of(problem)
    arcs = admissible_arcs(market)
    choices: dict[int, list[Assignment | None]] = {}
    for t, j, s in zip(arcs.teacher, arcs.school, arcs.subject, strict=True):
        move = Assignment(market.teacher_ids[t], market.school_ids[j], market.subjects[s])
        choices.setdefault(int(t), [None]).append(move)
    if np.prod([len(c) for c in choices.values()], dtype=float) > most:
        return []
    return [[move for move in plan if move] for plan in itertools.product(*choices.values())]


def best_by_listing(problem: Problem, plans: list[list[Assignment]]) -> float | None:
    """J of the best plan that the independent checker accepts; ``None`` when it accepts none."""
    reports = (check(problem, plan) for plan in plans)
    return min((r.figures.objective for r in reports if r.feasible), default=None)


def test_county_of_four_schools_gets_the_plan_found_by_hand(four_schools: Problem, four_schools_plan: Plan) -> None:
    result = solve(four_schools, gap=0.0)
    assert result.status == "solved"
    assert result.assignments == four_schools_plan
    assert result.objective == pytest.approx(21.0, abs=1e-9)
    assert result.statistics["service"] == 160
    assert result.statistics["imbalance_after"] / result.statistics["imbalance_before"] == pytest.approx(0.25)


@pytest.mark.parametrize("seed", [*range(40), *(pytest.param(s, marks=pytest.mark.slow) for s in range(40, 300))])
def test_no_plan_is_better_than_the_solvers(seed: int, random_problem: Factory) -> None:
    problem = random_problem(seed)
    plans = every_plan(problem)
    result = solve(problem, gap=0.0)
    best = best_by_listing(problem, plans)
    if best is None:
        assert result.status == "infeasible"
        assert result.relaxations
        return
    assert result.status == "solved"
    assert check(problem, result.assignments).feasible
    assert result.objective == pytest.approx(best, abs=1e-6)
    assert result.bound <= best + 1e-6


def heads(problem: Problem, plan: Plan) -> Counter[tuple[str, str]]:
    """Teachers of each school and subject once the moves of a plan have happened."""
    moved = {each.teacher_id: (each.to_school, each.as_subject) for each in plan}
    assert len(moved) == len(plan)
    return Counter(moved.get(each.id, (each.school_id, each.subject)) for each in problem.teachers)


@pytest.mark.covers("R-190")
def test_a_plan_leaves_the_total_and_takes_from_surplus_to_fill_want(random_problem: Factory) -> None:
    """Counted anew from the moves alone: nobody comes or goes, and no subject of a school grows beyond its need."""
    given = 0
    for seed in range(60):
        problem = random_problem(seed, teachers=60, eligible=30, schools=6)
        plan = solve(problem).assignments
        before, after = heads(problem, ()), heads(problem, plan)
        stage = {each.id: each.stage for each in problem.schools}
        for which in set(stage.values()):
            totals = [sum(n for (school, _), n in each.items() if stage[school] == which) for each in (before, after)]
            assert totals[0] == totals[1]
        need = {(each.school_id, each.subject): each.required for each in problem.requirements}
        for slot in before | after:
            change = after[slot] - before[slot]
            most = need.get(slot, before[slot]) - before[slot] if problem.policy.refill == "toward" else 0
            assert min(0, most) <= change <= max(0, most), (seed, slot)
            given += max(0, change)
    assert given > 20


@pytest.mark.parametrize("seed", range(300, 312))
def test_bound_follows_from_the_certificate_alone(seed: int, random_problem: Factory) -> None:
    problem = random_problem(seed, teachers=60, eligible=30, schools=6)
    result = solve(problem)
    if result.status == "solved":
        assert result.bound <= result.objective + 1e-9
        assert bound_of(problem, result.certificate) == pytest.approx(result.bound, abs=1e-6)
        assert check(problem, result.assignments).figures.objective == pytest.approx(result.objective, abs=1e-9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 30), scale=st.floats(0.1, 3.0), noise=st.integers(0, 10_000))
def test_any_multipliers_give_a_valid_bound(seed: int, scale: float, noise: int, random_problem: Factory) -> None:
    problem = random_problem(seed)
    result = solve(problem, gap=0.0)
    if result.status != "solved":
        return
    market = market_of(problem)
    ledger = Ledger(market, admissible_arcs(market))
    rng = random.Random(noise)  # noqa: S311 - any noise will do
    shaken = {name: value * scale + rng.gauss(0, 1) for name, value in result.certificate.items() if name != "extra"}
    assert ledger.bound(ledger.certificate(shaken)) <= result.objective + 1e-6


def test_shuffled_rows_give_the_same_plan(eighty_teachers: Problem) -> None:
    problem = eighty_teachers
    rng = random.Random(1)  # noqa: S311 - any order will do

    def shuffled(rows: tuple) -> tuple:
        return tuple(rng.sample(rows, len(rows)))

    other = replace(
        problem,
        schools=shuffled(problem.schools),
        requirements=shuffled(problem.requirements),
        teachers=shuffled(problem.teachers),
        history=shuffled(problem.history),
        pins=shuffled(problem.pins),
    )
    assert solve(other) == solve(problem)


def test_hash_seed_does_not_change_the_plan(eighty_teachers: Problem, tmp_path: Path) -> None:
    write_problem(eighty_teachers, tmp_path)
    code = (
        "import sys; from junheng.planning import solve; from junheng.planning.interchange import read_problem;"
        "r = solve(read_problem(sys.argv[1])); print(r.assignments, r.objective, r.bound, r.certificate, r.statistics)"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "7")
    }
    assert len(answers) == 1
    assert "Assignment" in answers.pop()


def test_two_processes_give_the_same_plan_as_one(eighty_teachers: Problem) -> None:
    assert solve(eighty_teachers, processes=2) == solve(eighty_teachers, processes=1)


def married(problem: Problem, chance: random.Random) -> Problem:
    """The problem with couples of one primary and one junior teacher each, all of whom may move."""
    primary, junior = (
        [t.id for t in problem.teachers if t.stage == stage and t.verdict != "no"] for stage in ("primary", "junior")
    )
    pairs = list(zip(chance.sample(primary, len(primary)), chance.sample(junior, len(junior)), strict=False))
    spouse = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    return replace(problem, teachers=tuple(replace(t, spouse_id=spouse.get(t.id, "")) for t in problem.teachers))


@pytest.mark.parametrize("seed", range(6))
def test_couples_in_two_stages_are_kept_apart_and_priced(seed: int, random_problem: Factory) -> None:
    problem = married(random_problem(seed, teachers=60, eligible=30), random.Random(seed))  # noqa: S311 - repeatable
    result, exact = solve(problem), solve(problem, gap=0.0)
    assert result.status == exact.status
    if result.status == "solved":
        assert check(problem, result.assignments).feasible
        assert bound_of(problem, result.certificate) == pytest.approx(result.bound, abs=1e-6)
        assert result.bound <= exact.objective + 1e-9 <= result.objective + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_running_start_of_the_stages_changes_nothing_in_what_is_proved(
    seed: int, random_problem: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = random_problem(seed, teachers=60, eligible=30)
    planted = solve(problem, gap=0.0)
    monkeypatch.setattr("junheng.planning.solving.county.plant", lambda master, pieces: None)
    cold = solve(problem, gap=0.0)
    assert cold.status == planted.status
    if cold.status == "solved":
        assert cold.objective == pytest.approx(planted.objective, abs=1e-6)
        assert cold.bound == pytest.approx(planted.bound, abs=1e-3)


def test_pinned_teacher_goes_where_the_clerk_says(four_schools: Problem) -> None:
    pinned = replace(four_schools, pins=(Pin("A1", "pin", "B", "", "asked by both schools"),))
    result = solve(pinned, gap=0.0)
    assert Assignment("A1", "B", "chinese") in result.assignments
    assert check(pinned, result.assignments).feasible
    assert result.objective > 21.0


def test_forbidden_school_and_kept_teacher_are_respected(four_schools: Problem) -> None:
    decided = replace(four_schools, pins=(Pin("A1", "forbid", "D"), Pin("B2", "stay")))
    result = solve(decided, gap=0.0)
    assert result.status == "solved"
    assert Assignment("A1", "D", "chinese") not in result.assignments
    assert "B2" not in {a.teacher_id for a in result.assignments}


def test_published_moves_are_kept_when_one_mover_withdraws(eighty_teachers: Problem) -> None:
    first = solve(eighty_teachers)
    for gone in (a.teacher_id for a in first.assignments[:4]):
        teachers = tuple(replace(t, verdict="no" if t.id == gone else t.verdict) for t in eighty_teachers.teachers)
        later = replace(eighty_teachers, teachers=teachers)
        cold, again = solve(later, gap=0.0), solve(later, gap=0.0, keep=first.assignments, warm=first)
        assert again.status == cold.status
        if again.status == "solved":
            kept = set(first.assignments) & set(again.assignments)
            assert bound_of(later, again.certificate) == pytest.approx(again.bound, abs=1e-6)
            assert again.bound <= cold.objective + 1e-9
            assert len(kept) >= len(set(first.assignments) & set(cold.assignments))
            assert again.objective <= cold.objective + 0.01 * len(first.assignments) + 1e-9


def test_even_county_without_quotas_stays_as_it_is(four_schools: Problem) -> None:
    quiet = replace(
        four_schools,
        policy=replace(four_schools.policy, quotas=()),
        teachers=tuple(replace(t, high_degree=False, preferences=()) for t in four_schools.teachers),
    )
    result = solve(quiet)
    assert (result.status, result.assignments, result.objective) == ("solved", (), 0.0)


def test_clock_that_fires_is_admitted(eighty_teachers: Problem) -> None:
    assert solve(eighty_teachers, time_limit=0.0).status == "stopped_by_clock"


def test_clock_that_does_not_fire_changes_nothing(eighty_teachers: Problem) -> None:
    assert solve(eighty_teachers, time_limit=3600.0) == solve(eighty_teachers)


def test_school_without_pupils_is_refused_by_name(four_schools: Problem) -> None:
    empty = replace(
        four_schools, schools=tuple(replace(s, pupils=0) if s.id == "C" else s for s in four_schools.schools)
    )
    with pytest.raises(ValueError, match="school unit C has no pupils"):
        solve(empty)


def test_progress_is_told(four_schools: Problem) -> None:
    told: list[tuple[str, float]] = []
    solve(four_schools, progress=lambda phase, share: told.append((phase, share)))
    assert told[-1] == ("done", 1.0)
