"""The frontier: plans that nobody beats, each with its proof, and the same whichever way they are computed."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from benchmarks.instances import make_instance

from junheng.planning.checking import check
from junheng.planning.goals.frontier import ALLOWANCE, Frontier, NoFrontierError, frontier, weighted
from junheng.planning.goals.saved import ChoiceError, choice, document
from junheng.planning.problem import Pin, Problem
from junheng.planning.proof import bound_of
from junheng.planning.solving.series import Series


@pytest.fixture(scope="module")
def county() -> Problem:
    return make_instance(400, 3, "A")


@pytest.fixture(scope="module")
def found(county: Problem) -> Frontier:
    return frontier(county, points=5, processes=1)


def test_balance_gives_way_step_by_step_and_nobody_is_beaten(found: Frontier) -> None:
    points = found.points
    assert len(points) >= 4
    assert [p.number for p in points] == list(range(1, len(points) + 1))
    for one, other in itertools.pairwise(points):
        assert one.measures.balance < other.measures.balance
        assert one.measures.service < other.measures.service
    assert points[0].given_up == 0.0
    assert points[-1].gained == pytest.approx(1.0)


def test_every_plan_is_feasible_and_proven_by_its_own_certificate_under_its_own_weights(
    county: Problem, found: Frontier
) -> None:
    for point in found.points:
        own = replace(county, policy=replace(county.policy, objective=point.objective))
        report = check(own, point.assignments)
        assert point.feasible == report.feasible
        assert report.feasible
        assert point.value == pytest.approx(report.figures.objective, abs=1e-6)
        assert point.bound <= point.value + 1e-6


def test_the_recommended_plan_is_the_farthest_from_the_chord_within_the_allowance(found: Frontier) -> None:
    within = [p for p in found.points if p.given_up <= ALLOWANCE]
    assert found.recommended.bend == max(p.bend for p in within)
    assert sum(p.recommended for p in found.points) == 1


@pytest.mark.slow
def test_two_processes_find_the_same_plans_as_one(county: Problem, found: Frontier) -> None:
    assert frontier(county, points=5, processes=2) == found


@pytest.mark.slow
@pytest.mark.parametrize("toward", ["wishes", "commute"])
def test_the_goal_that_is_traded_is_the_one_that_gains(county: Problem, toward: str) -> None:
    found = frontier(county, points=3, toward=toward, processes=1)  # type: ignore[arg-type]
    first, last = found.points[0].measures, found.points[-1].measures
    if toward == "wishes":
        assert last.wishes > first.wishes
    else:
        assert last.commute < first.commute


def test_the_policys_own_weights_are_one_setting(county: Problem) -> None:
    own = county.policy.objective
    assert weighted(own, 1.0) == own


def test_a_saved_plan_comes_back_for_its_own_problem_only(county: Problem, found: Frontier) -> None:
    data = json.loads(json.dumps(document(found, county)))
    point = found.points[1]
    chosen = choice(data, 2, county)
    assert (chosen.objective, chosen.assignments) == (point.objective, point.assignments)
    assert chosen.among == {each.number: each.measures for each in found.points}
    with pytest.raises(ChoiceError, match="no plan 99"):
        choice(data, 99, county)
    with pytest.raises(ChoiceError, match="other data"):
        choice(data, 2, replace(county, teachers=county.teachers[:-1]))
    with pytest.raises(ChoiceError, match=r"no frontier\.json"):
        choice([1, 2], 2, county)


def test_where_no_plan_keeps_every_rule_there_is_nothing_to_choose(county: Problem) -> None:
    mover = next(t for t in county.teachers if t.verdict == "must")
    with pytest.raises(NoFrontierError) as refused:
        frontier(replace(county, pins=(Pin(mover.id, "stay"),)), points=3, processes=1)
    assert refused.value.result.relaxations


@pytest.mark.parametrize("wrong", [{"points": 2}, {"points": 99}, {"allowance": -0.1}])
def test_numbers_out_of_range_are_refused(county: Problem, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        frontier(county, **wrong)  # type: ignore[arg-type]


def test_a_series_proves_each_of_its_plans(county: Problem) -> None:
    series = Series(county)
    for ratio in (1.0, 0.05, 20.0):
        goals = weighted(county.policy.objective, ratio)
        result = series.solve(goals, 1e-3)
        own = replace(county, policy=replace(county.policy, objective=goals))
        proven = bound_of(own, result.certificate)
        assert result.bound - 1e-6 <= proven <= check(own, result.assignments).figures.objective + 1e-6
