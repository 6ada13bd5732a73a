"""Large units: prices, blocks and programme give plans and proofs that hold, on problems small enough to be sure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from benchmarks.instances import make_instance
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from junheng.planning import Problem, Result, solve
from junheng.planning.checking import check
from junheng.planning.proof import bound_of
from junheng.planning.solving import large, patchwork
from junheng.planning.solving.admissible import admissible_arcs
from junheng.planning.solving.ascent import Ascent
from junheng.planning.solving.blocks import cut, narrowed
from junheng.planning.solving.large import is_large
from junheng.planning.solving.market import market_of
from junheng.planning.solving.model import Model

Factory = Callable[..., Problem]


@pytest.fixture
def by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every market counts as large, in blocks of a few dozen teachers."""
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setattr(patchwork, "BLOCK", 40.0)
    monkeypatch.setattr(large, "STEPS", 150)


@pytest.fixture(scope="module")
def town() -> Problem:
    """600 teachers, 10 schools, two stages; exactly 5 % of each school move."""
    return make_instance(600, 3, "A")


@pytest.mark.parametrize("policy", ["A", "B", "C"])
def test_blocks_agree_with_the_whole_within_the_gap(policy: str, by_blocks: None) -> None:
    problem = make_instance(600, 3, policy)
    gap = 0.01
    result = solve(problem, gap=gap)
    report = check(problem, result.assignments)
    assert result.status == "solved"
    assert report.feasible
    assert report.figures.objective == pytest.approx(result.objective, abs=1e-6)
    assert bound_of(problem, result.certificate) == pytest.approx(result.bound, abs=1e-6)
    assert "ascent" in result.seconds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE", 10**9)
        whole = solve(problem, gap=1e-3)
    assert "ascent" not in whole.seconds
    assert result.bound <= whole.objective + 1e-6
    assert whole.bound <= result.objective + 1e-6
    assert result.gap <= gap or result.objective <= whole.objective * 1.01


def test_a_plan_by_blocks_that_misses_the_gap_is_taken_further(
    by_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    solving, problem = sys.modules["junheng.planning.solving.solve"], make_instance(900, 5, "C")
    monkeypatch.setattr(solving, "MIDDLING", 0)
    left = solve(problem, gap=1e-5)
    monkeypatch.setattr(solving, "MIDDLING", 8_000)
    further = solve(problem, gap=1e-5)
    assert left.gap > 1e-5
    assert further.objective <= left.objective
    assert further.bound >= left.bound
    assert further.gap < left.gap
    assert check(problem, further.assignments).feasible
    assert bound_of(problem, further.certificate) == pytest.approx(further.bound, abs=1e-6)


def test_processes_and_a_second_run_give_the_same_plan(town: Problem, by_blocks: None) -> None:
    def answer(result: Result) -> tuple[object, ...]:
        return result.assignments, result.objective, result.bound, result.certificate

    first = answer(solve(town, gap=0.01))
    assert answer(solve(town, gap=0.01)) == first
    assert answer(solve(town, gap=0.01, processes=2)) == first


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_random_problem_by_blocks_is_judged_like_the_whole(seed: int, random_problem: Factory) -> None:
    problem = random_problem(seed, teachers=50, eligible=25, schools=6)
    whole = solve(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE", 0)
        patch.setattr(patchwork, "BLOCK", 8.0)
        patch.setattr(large, "STEPS", 100)
        result = solve(problem)
    assert result.status == whole.status
    if result.status != "solved":
        return
    assert check(problem, result.assignments).feasible
    assert bound_of(problem, result.certificate) == pytest.approx(result.bound, abs=1e-6)
    assert result.bound <= whole.objective + 1e-6
    assert whole.bound <= result.objective + 1e-6


def test_rule_that_binds_the_stages_is_kept(town: Problem, by_blocks: None) -> None:
    """Half of all movers must be backbone teachers, which no stage asks for by itself."""
    problem = replace(town, policy=replace(town.policy, backbone_share_min=Fraction(1, 2)))
    loose = solve(town, gap=0.02)
    assert "backbone" in check(problem, loose.assignments).rules_broken
    result = solve(problem, gap=0.02)
    assert result.status == "solved"
    assert check(problem, result.assignments).feasible
    assert bound_of(problem, result.certificate) == pytest.approx(result.bound, abs=1e-6)


def test_published_moves_stay(town: Problem, by_blocks: None) -> None:
    first = solve(town, gap=0.02)
    again = solve(town, gap=0.02, keep=first.assignments, warm=first)
    assert len(set(first.assignments) - set(again.assignments)) <= 1
    assert check(town, again.assignments).feasible


def test_ascent_rises_and_its_bound_is_below_every_plan(town: Problem) -> None:
    market = market_of(town)
    model = Model(market, np.array([0]), coupling=False)
    ascent = Ascent(model)
    heights = [ascent.climb(100).bound for _ in range(3)]
    assert heights[0] < heights[2]
    chosen = model.ids_of(_moves_of(town, model))
    assert heights[2] <= model.value(chosen)
    assert model.value(chosen) - heights[2] < 0.05 * abs(model.value(chosen))


def _moves_of(problem: Problem, model: Model) -> np.ndarray:
    """The first stage's moves of a plan of the problem."""
    market = model.market
    rows = [
        (
            market.teacher_ids.index(m.teacher_id),
            market.school_ids.index(m.to_school),
            market.subjects.index(m.as_subject),
        )
        for m in solve(problem, gap=1e-3).assignments
    ]
    return np.array([row for row in rows if market.school_stage[row[1]] == 0], dtype=np.int64)


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 30)), min_size=1, max_size=60),
    st.floats(1, 200),
    st.integers(0, 5),
)
def test_cut_puts_every_point_into_a_block_that_is_not_too_heavy(
    rows: list[tuple[float, float, int]], most: float, turn: int
) -> None:
    table = np.array(rows, dtype=float)
    block = cut(table[:, :2], table[:, 2], most, turn)
    assert sorted(set(block.tolist())) == list(range(block.max() + 1))
    for b in range(block.max() + 1):
        assert table[block == b, 2].sum() <= most or (block == b).sum() == 1


def test_narrowed_rows_are_the_kept_ones_less_what_is_used(town: Problem) -> None:
    market = market_of(town)
    model = Model(market, np.array([1]), coupling=False)
    kept = np.arange(len(model.rows)) % 3 == 0
    used = np.arange(len(model.rows), dtype=float)
    rows = narrowed(model.rows, kept, used)
    assert rows.names == tuple(model.rows.names[i] for i in np.flatnonzero(kept))
    assert rows.hi == pytest.approx((model.rows.hi - used)[kept])
    for slot in np.flatnonzero(rows.refill >= 0):
        assert rows.names[rows.refill[slot]] == model.rows.names[model.rows.refill[slot]]


def test_small_market_takes_the_other_way(town: Problem) -> None:
    arcs = admissible_arcs(market_of(town))
    assert not is_large(arcs)
    assert "ascent" not in solve(town, gap=0.02).seconds
