"""The solver and the checker, written apart, read every rule the same way: random counties, random rules."""

from __future__ import annotations

import importlib.util
import random
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from junheng.planning.checking import check
from junheng.planning.problem import Candidate, Direction, Pin, PlanningPolicy, Problem, Quota
from junheng.planning.proof import bound_of
from junheng.planning.solving import solve

INSTANCES = Path(__file__).resolve().parents[2] / "benchmarks" / "instances.py"
SEEDS = [*range(16), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(16, 120))]


@pytest.fixture(scope="module")
def instances() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_instances", INSTANCES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def random_policy(policy: PlanningPolicy, chance: random.Random) -> PlanningPolicy:
    """The policy with some of its rules changed."""
    goals = policy.objective
    loose = (
        Quota("c", "county", "eligible", "ge", Fraction(1, 12), "ceil", 1),
        Quota("k", "cluster", "staff", "le", Fraction(1, 7), "half_up", 1),
    )
    changes: list[dict[str, Any]] = [
        {"refill": "preserve"},
        {"within_cluster": True},
        {"within_partners": True},
        {"subject_outflow_share": Fraction(3, 10)},
        {"commute_km_max": chance.choice((5.0, 12.0))},
        {"direction": chance.choice((None, Direction(("urban", "town"), ("village",), Fraction(1, 2))))},
        {"spouse_both_forbidden": False},
        {"quotas": loose},
        {"quotas": ()},
        {"objective": replace(goals, w_extra=0.0, km_penalty=1.3, pref_points=(50.5, 20.0))},
        {"objective": replace(goals, indicator_weight={"primary": {"pe_art": 2.0}})},
    ]
    for change in changes:
        if chance.random() < 0.22:
            policy = replace(policy, **change)
    return policy


def random_pins(problem: Problem, chance: random.Random) -> tuple[Pin, ...]:
    pins = []
    for teacher in chance.sample([t for t in problem.teachers if t.verdict != "no"], 6):
        places = [s.id for s in problem.schools if s.stage == teacher.stage and s.id != teacher.school_id]
        subject = chance.choice(("", teacher.subject))
        kind = chance.random()
        if kind < 0.1:
            pins.append(Pin(teacher.id, "pin", chance.choice(places), subject, "decided"))
        elif kind < 0.7:
            pins.append(Pin(teacher.id, "forbid", chance.choice(places), subject, "decided"))
        elif teacher.verdict != "must":
            pins.append(Pin(teacher.id, "stay", reason="decided"))
    return tuple(pins)


def random_problem(instances: ModuleType, seed: int) -> Problem:
    chance = random.Random(seed)  # noqa: S311 - a repeatable problem, not a secret
    problem: Problem = instances.make_instance(chance.choice((240, 400)), seed, chance.choice("ABC"))
    eligible = [teacher.id for teacher in problem.teachers if teacher.verdict != "no"]
    limits = {name: chance.choice((2.0, 6.0, 50.0)) for name in chance.sample(eligible, 10)}

    def limited(teacher: Candidate) -> Candidate:
        return replace(teacher, commute_limit_km=limits.get(teacher.id))

    return replace(
        problem,
        policy=random_policy(problem.policy, chance),
        pins=random_pins(problem, chance),
        teachers=tuple(limited(teacher) for teacher in problem.teachers),
    )


def agree(problem: Problem) -> None:
    """Whatever the solver says of its plan is what the checker finds, and the certificate proves the bound."""
    result = solve(problem)
    report = check(problem, result.assignments)
    assert result.feasible == report.feasible, report.violations[:3]
    proven = bound_of(problem, result.certificate)
    if result.feasible:
        assert result.objective == pytest.approx(report.figures.objective, abs=1e-6)
        assert proven >= result.bound - 1e-6
        assert proven <= report.figures.objective + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_solver_and_checker_agree_under_random_rules(instances: ModuleType, seed: int) -> None:
    agree(random_problem(instances, seed))


@pytest.mark.parametrize("seed", range(3))
def test_solver_and_checker_agree_where_requirements_are_not_stated(instances: ModuleType, seed: int) -> None:
    problem = random_problem(instances, seed)
    agree(replace(problem, requirements=problem.requirements[::2], pins=()))


def test_nobody_is_moved_twice_where_a_large_subject_may_lose_two(instances: ModuleType) -> None:
    problem = instances.make_instance(1000, 4, "A")
    result = solve(problem)
    assert check(problem, result.assignments).violations == ()
