"""Goals in an order: what the later ones may give up, and that it ends as one weighted objective with a proof."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.instances import make_instance

from junheng.planning.checking import check
from junheng.planning.goals.levels import (
    LEAST_TOLERANCE,
    TOLERANCE,
    Level,
    Ordered,
    OrderError,
    objective_of,
    ordered,
    read_order,
)
from junheng.planning.problem import Problem
from junheng.planning.proof import bound_of


@pytest.fixture(scope="module")
def county() -> Problem:
    return make_instance(240, 5, "B")


@pytest.fixture(scope="module")
def found(county: Problem) -> Ordered:
    return ordered(county, read_order("balance:3%,wishes:10%"))


def test_no_goal_gives_up_more_than_its_tolerance(found: Ordered) -> None:
    assert [o.level.goal for o in found.outcomes] == ["balance", "wishes"]
    for outcome in found.outcomes:
        assert outcome.given_up <= max(outcome.level.tolerance, LEAST_TOLERANCE) + 1e-9
        assert outcome.proven >= 0.0


def test_it_ends_as_one_objective_whose_certificate_proves_it(county: Problem, found: Ordered) -> None:
    own = replace(county, policy=replace(county.policy, objective=found.objective))
    report = check(own, found.assignments)
    assert report.feasible
    proven = bound_of(own, found.result.certificate)
    assert found.result.bound - 1e-6 <= proven <= report.figures.objective + 1e-6


@pytest.mark.slow
def test_a_later_goal_gains_what_an_earlier_one_gives_up(county: Problem) -> None:
    strict = ordered(county, read_order("balance:0%,wishes"))
    loose = ordered(county, read_order("balance:30%,wishes"))
    assert strict.measures.balance <= loose.measures.balance
    assert strict.measures.wishes <= loose.measures.wishes


def test_weights_of_the_policy_are_one_setting(county: Problem) -> None:
    goals = county.policy.objective
    weights = {
        "balance": goals.w_imbalance, "wishes": goals.w_service, "commute": goals.w_service, "extra": goals.w_extra,
        "standard": goals.w_standard,
    }  # fmt: skip
    assert objective_of(goals, weights) == goals


def test_an_order_is_read_as_it_is_typed() -> None:
    assert read_order("standard, balance:2%,wishes") == (
        Level("standard", TOLERANCE), Level("balance", 0.02), Level("wishes", TOLERANCE),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "money", "balance,balance", "balance:2", "balance:200%", "balance:x%"])
def test_an_order_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(OrderError):
        read_order(text)
