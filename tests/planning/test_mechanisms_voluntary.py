"""The voluntary round of real problems: the rules hold, nobody loses, truth pays, and one plan takes both parts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from junheng.facts.synthetic import make_small_county
from junheng.planning.checking import Report, check
from junheng.planning.mechanisms import Order, Voluntary, join, trade_offs, voluntary_round
from junheng.planning.mechanisms.joining import join_round, with_pins
from junheng.planning.mechanisms.judging import Judge
from junheng.planning.mechanisms.ordering import points_ranks
from junheng.planning.problem import Assignment, Candidate, Problem, Quota
from junheng.planning.solving import solve, why_not
from junheng.planning.year import PlanningError, Request, YearPlan, plan_year
from junheng.policy import load_pack

LEFT_TO_THE_OPTIMISER = {"must", "quota", "direction", "backbone"}
MECHANISMS = ("tobe", "ttc", "da", "be")
EXCHANGING = Request(voluntary=Voluntary("tobe"), processes=1)
ORDERS = (Order(), Order("points"))
SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 60))]


def wishful(problem: Problem, seed: int) -> Problem:
    """The problem with up to three wishes for everybody who may move, and loose limits on leavers."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable problem
    teachers = []
    for teacher in problem.teachers:
        others = [s.id for s in problem.schools if s.stage == teacher.stage and s.id != teacher.school_id]
        stated = tuple(rng.sample(others, min(len(others), rng.choice((1, 2, 2, 3)))))
        teachers.append(replace(teacher, preferences=() if teacher.verdict == "no" else stated, subject2=""))
    policy = replace(problem.policy, commute_km_max=40.0, subject_outflow_share=Fraction(rng.choice((1, 2)), 2))
    return replace(problem, teachers=tuple(teachers), policy=policy)


def short_only(report: Report) -> bool:
    """Whether every quota that is not met has too few movers."""
    return all(line.met or line.actual < line.bound for line in report.figures.quotas)


def rank_of(teacher: Candidate, moves: tuple[Assignment, ...]) -> int:
    """Rank of the wish that came true, or as many as there are wishes for staying."""
    went = {move.teacher_id: move.to_school for move in moves}
    place = went.get(teacher.id, "")
    return teacher.preferences.index(place) if place in teacher.preferences else len(teacher.preferences)


def with_wishes(problem: Problem, teacher_id: str, said: tuple[str, ...]) -> Problem:
    changed = (replace(t, preferences=said) if t.id == teacher_id else t for t in problem.teachers)
    return replace(problem, teachers=tuple(changed))


@pytest.mark.parametrize("seed", SEEDS)
def test_exchanges_keep_every_rule_but_what_must_at_least_move(random_problem, seed: int) -> None:
    problem = wishful(random_problem(seed, teachers=30, eligible=16, schools=5), seed)
    people = {teacher.id: teacher for teacher in problem.teachers}
    for name in MECHANISMS:
        for order in ORDERS:
            made = voluntary_round(problem, name, order)
            report = check(problem, made.moves)
            assert set(report.rules_broken) <= LEFT_TO_THE_OPTIMISER
            assert short_only(report)
            assert made.movers <= set(made.admitted) <= set(made.applicants)
            for move in made.moves:
                assert move.to_school in people[move.teacher_id].preferences
                assert why_not(problem, move.teacher_id, move.to_school) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_block_exchange_by_balance_leaves_no_school_less_balanced_and_acceptance_no_envy(
    random_problem, seed: int
) -> None:
    problem = wishful(random_problem(seed, teachers=40, eligible=24, schools=6), seed)
    for order in ORDERS:
        judge = Judge(problem, order)
        if order.kind == "balance":
            assert judge.judge(voluntary_round(problem, "tobe", order).moves).worse == ()
        accepted = voluntary_round(problem, "da", order)
        assert judge.judge(accepted.moves).among(accepted.admitted) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_gains_by_untrue_wishes_in_the_whole_round(random_problem, seed: int) -> None:
    """With leave, turns, couples, free posts and second subjects: every list that an applicant could state is tried."""
    problem = wishful(random_problem(seed, teachers=16, eligible=8, schools=4 + seed % 2), seed)
    for name in ("tobe", "ttc", "da"):
        order = ORDERS[seed % 2]
        truth = voluntary_round(problem, name, order).moves
        for teacher in problem.teachers:
            others = [s.id for s in problem.schools if s.stage == teacher.stage and s.id != teacher.school_id]
            if not teacher.preferences:
                continue
            for said in (list_ for size in range(len(others) + 1) for list_ in permutations(others, size)):
                told = voluntary_round(with_wishes(problem, teacher.id, said), name, order).moves
                assert rank_of(teacher, told) >= rank_of(teacher, truth), (name, teacher.id, said)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_points_order_and_no_free_posts_move_nobody_by_block_exchange(random_problem, seed: int) -> None:
    problem = wishful(random_problem(seed, teachers=40, eligible=24, schools=6), seed)
    preserved = replace(problem, policy=replace(problem.policy, refill="preserve"))
    assert voluntary_round(preserved, "tobe", Order("points")).moves == ()
    assert voluntary_round(preserved, "be", Order("points")).moves == ()


def test_some_exchange_in_the_random_problems(random_problem) -> None:
    moves: Counter[str] = Counter()
    for seed in range(4):
        problem = wishful(random_problem(seed, teachers=40, eligible=24, schools=6), seed)
        for name in MECHANISMS:
            moves[name] += len(voluntary_round(problem, name).moves)
    assert min(moves[name] for name in ("tobe", "ttc", "be")) >= 10
    assert moves["da"] > 0


def test_the_order_of_rows_does_not_matter(random_problem) -> None:
    problem = wishful(random_problem(3, teachers=40, eligible=24, schools=6), 3)
    mixed = list(problem.teachers)
    random.Random(1).shuffle(mixed)  # noqa: S311 - an order
    shuffled = replace(problem, teachers=tuple(mixed), schools=tuple(reversed(problem.schools)))
    for name in MECHANISMS:
        assert voluntary_round(shuffled, name) == voluntary_round(problem, name)


def test_published_points_come_first_and_the_keys_break_ties(four_schools: Problem) -> None:
    ranks = points_ranks(four_schools, Order("points", ("high_degree",), {"D1": 5.0, "B1": 9.5}))
    first = sorted(ranks, key=lambda teacher: ranks[teacher])
    assert first[:3] == ["B1", "D1", "A1"]
    degree = {t.id: t.high_degree for t in four_schools.teachers}
    assert [degree[t] for t in first[2:]] == sorted((degree[t] for t in first[2:]), reverse=True)
    with pytest.raises(ValueError, match="no key 'beauty'"):
        Order("points", ("beauty",))


def test_the_swap_that_a_person_sees_in_four_schools(four_schools: Problem) -> None:
    """A1 (degree) wishes for D, D1 (none) for A: A has too many degrees, D none. B1 wishes for A and finds no place."""
    made = voluntary_round(four_schools, "tobe")
    assert [(move.teacher_id, move.to_school) for move in made.moves] == [("A1", "D"), ("D1", "A")]
    joined = join(four_schools, Voluntary("tobe"))
    assert {move.teacher_id for move in joined.result.assignments} == {"A1", "B2", "C2", "D1"}
    assert joined.voluntary == {"A1", "D1"}
    assert joined.released == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_one_plan_of_both_parts_keeps_every_rule_and_releases_as_few_exchanges_as_can_be(
    random_problem, seed: int
) -> None:
    problem = wishful(random_problem(seed, teachers=20, eligible=9, schools=4), seed)
    base = solve(problem)
    made = voluntary_round(problem, "ttc")
    joined = join_round(problem, made)
    assert sorted((*joined.kept, *joined.released)) == sorted(made.moves)
    if not base.feasible:
        assert joined.result.status == "infeasible"
        assert joined.kept == ()
        return
    assert check(joined.problem, joined.result.assignments).feasible
    assert set(joined.kept) <= set(joined.result.assignments)
    for fewer in subsets(made.moves, len(joined.released)):
        assert not solve(with_pins(problem, fewer, made)).feasible


def subsets(moves: tuple[Assignment, ...], released: int) -> Iterator[tuple[Assignment, ...]]:
    """The exchanges less fewer than ``released`` of them."""
    for gone in range(released):
        yield from combinations(moves, len(moves) - gone)


def test_exchanges_that_stand_in_the_way_of_a_rule_are_released_and_named(four_schools: Problem) -> None:
    """Nobody from A but A1 could go, and C1 must: C1 can only go where A1 leaves, so D1 cannot have that place."""
    people = {t.id: t for t in four_schools.teachers}
    only_a = tuple(
        replace(people[s.id + str(n)], commute_limit_km=3.0) if s.id == "C" and n == 1 else people[s.id + str(n)]
        for s in four_schools.schools
        for n in range(1, 5)
    )
    must = tuple(replace(t, verdict="must") if t.id == "C1" else t for t in only_a)
    tight = replace(four_schools, teachers=must)
    joined = join(tight, Voluntary("tobe"))
    assert joined.result.feasible
    assert check(joined.problem, joined.result.assignments).feasible
    assert [move.teacher_id for move in joined.released] == ["D1"]
    assert [move.teacher_id for move in joined.kept] == ["A1"]


def test_rewarded_exchanges_are_not_fixed_and_cost_less(random_problem) -> None:
    kept, free = 0, 0
    for seed in range(3):
        problem = wishful(random_problem(seed, teachers=20, eligible=9, schools=4), seed)
        if not solve(problem).feasible:
            continue
        fixed, favoured = (join(problem, Voluntary("ttc", hold=hold)) for hold in ("fix", "reward"))
        assert favoured.problem is problem
        kept, free = kept + len(fixed.kept), free + len(favoured.kept)
        assert favoured.result.objective <= fixed.result.objective + 1e-6 + 0.01 * abs(fixed.result.objective)
    assert free <= kept


def test_every_way_is_compared_on_the_same_data(four_schools: Problem) -> None:
    compared = trade_offs(four_schools)
    rows = {(row.part, row.mechanism.code if row.mechanism else ""): row for row in compared.rows}
    assert len(rows) == 2 + 4 + 3 + 1
    assert compared.applicants == 3
    assert rows["today", ""].moves == 0
    assert rows["optimiser", ""].objective == pytest.approx(21.0)
    assert rows["mechanism", "tobe"].rules_broken == {"quota": 2}
    both = rows["both", "tobe"]
    assert (both.exchanged, both.first, both.released, both.rules_broken) == (2, 2, 0, {})
    assert both.voluntary_share == 0.5
    assert [(e.agent, e.place, e.other) for e in both.judgement.envy] == [("B1", "A", "D1")]


@pytest.fixture(scope="module")
def made() -> YearPlan:
    """The plan of six schools and sixty teachers with block exchange for the voluntary part."""
    return plan_year(make_small_county(), load_pack("CN"), EXCHANGING)


@pytest.mark.covers("R-116")
def test_every_row_of_a_plan_says_whether_it_was_exchanged_or_planned(made: YearPlan) -> None:
    assert made.adoptable
    assert made.joined is not None
    assert made.joined.voluntary
    for reason in made.reasons:
        if reason.outcome == "moves":
            by_exchange = reason.teacher_id in made.joined.voluntary
            assert reason.zh.startswith("自愿互换（整组互换）" if by_exchange else "统筹安排（优化求解）")
            assert reason.en.startswith("voluntary exchange (" if by_exchange else "planned (optimiser)")
            assert not by_exchange or reason.wish_met
    assert "经办人已指定" not in "".join(reason.zh for reason in made.reasons)


def test_a_published_plan_to_keep_goes_with_fixed_exchanges_only(made: YearPlan) -> None:
    published = made.result.assignments
    again = plan_year(made.county, made.findings.pack, replace(EXCHANGING, keep=published))
    assert again.result.assignments == published
    favoured = replace(EXCHANGING, voluntary=Voluntary("tobe", hold="reward"), keep=published)
    with pytest.raises(PlanningError, match="only rewarded"):
        plan_year(made.county, made.findings.pack, favoured)


def test_exactly_so_many_of_each_school_limits_leave_and_holds_in_the_plan(four_schools: Problem) -> None:
    """Exactly one of each school: of two applicants of a school one is granted leave, the other may follow him."""
    more = tuple(replace(t, preferences=("A",)) if t.id == "B2" else t for t in four_schools.teachers)
    one = replace(four_schools, teachers=more)
    assert one.policy.quotas == (Quota("one", "school", "staff", "eq", Fraction(1, 4), "half_up", 1),)
    for name in MECHANISMS:
        movers = Counter(move.teacher_id[0] for move in voluntary_round(one, name).moves)
        assert set(movers.values()) <= {1}
        assert movers or name == "da"
    assert len(voluntary_round(one, "da").admitted) == 3
