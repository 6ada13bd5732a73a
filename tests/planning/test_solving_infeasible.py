"""When not every rule can be kept, the answer says which must give, by how much, and who has nowhere to go."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from junheng.planning import Assignment, Problem, diagnose, solve, why_not
from junheng.planning.checking import check
from junheng.planning.explaining import giving, names_of
from junheng.planning.problem import Departure, Pin, Quota
from junheng.planning.solving.admissible import REASONS, admissible_arcs, reasons
from junheng.planning.solving.balance import balance_of
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.market import market_of
from junheng.planning.solving.rows import Incidence, rows_of

Factory = Callable[..., Problem]


def with_teacher(problem: Problem, teacher_id: str, **changes: object) -> Problem:
    teachers = tuple(replace(t, **changes) if t.id == teacher_id else t for t in problem.teachers)
    return replace(problem, teachers=teachers)


def test_must_mover_with_nowhere_to_go_is_named_with_the_reasons(four_schools: Problem) -> None:
    far = with_teacher(four_schools, "A1", verdict="must", home_x=-50.0)
    far = replace(far, policy=replace(far.policy, commute_km_max=10.0))
    near_home = with_teacher(far, "A1", commute_limit_km=5.0)
    result = solve(near_home)
    assert result.status == "infeasible"
    assert result.stranded == {
        "A1": {
            "B": ("commute", "personal_limit"),
            "C": ("commute", "personal_limit"),
            "D": ("commute", "personal_limit"),
        }
    }
    assert "must:A1" in {r.row for r in result.relaxations}
    assert (result.bound, result.gap) == (math.inf, math.inf)


def test_relaxations_name_rows_and_persons_by_the_price_list(four_schools: Problem) -> None:
    """Two of each school must go. A and D have one eligible teacher; B and C have two, but one of a subject may leave.

    One person over the outflow limit is cheaper (10) than one short of the quota (20).
    """
    double = Quota("two", "school", "staff", "eq", Fraction(1, 2), "half_up", 1)
    result = solve(replace(four_schools, policy=replace(four_schools.policy, quotas=(double,))))
    assert result.status == "infeasible"
    assert [(r.row, r.by, r.sense) for r in result.relaxations] == [
        ("outflow:B:chinese", 1.0, "many"),
        ("outflow:C:chinese", 1.0, "many"),
        ("quota:two:A", 1.0, "few"),
        ("quota:two:D", 1.0, "few"),
    ]


def test_relaxations_are_exactly_what_the_checker_objects_to(random_problem: Factory) -> None:
    seen = 0
    for seed in range(30):
        problem = random_problem(seed)
        result = solve(problem, gap=0.0)
        report = check(problem, result.assignments)
        assert (result.status == "solved") == report.feasible
        if result.status == "infeasible":
            seen += 1
            assert {r.family for r in result.relaxations} == {v.rule for v in report.violations}
    assert seen > 3


def test_multipliers_of_an_infeasible_answer_prove_the_contradiction(random_problem: Factory) -> None:
    """With every cost at nought the certificate still gives a positive bound: no plan can exist."""
    proved = 0
    for seed in range(20):
        problem = random_problem(seed)
        result = solve(problem)
        if result.status == "infeasible" and result.statistics["proved_by_multipliers"] and not result.stranded:
            market = market_of(problem)
            arcs = admissible_arcs(market)
            rows = rows_of(market, arcs, counting=False)
            flat = balance_of(market)
            flat = replace(flat, scale=flat.scale * 0)
            prover = Prover(market, Incidence(market, arcs, rows), arcs.service * 0, flat, rows.lo[:0].astype(int))
            prover.forced = market.forced
            y = np.array([result.certificate.get(name, 0.0) for name in rows.names])
            assert prover.bound(y) > 1e-6
            proved += 1
    assert proved > 2


def test_diagnosis_names_each_kind_of_rule_that_would_do_alone(four_schools: Problem) -> None:
    policy = replace(four_schools.policy, subject_outflow_share=Fraction(0), subject_outflow_min=0)
    found = diagnose(replace(four_schools, policy=policy))
    assert not found.feasible
    enough = {a.family: a.by for a in found.alone if a.enough}
    assert enough == {"quota": 4.0, "outflow": 4.0}
    assert sum(r.by for r in found.together) == found.fewest == 4.0


def test_diagnosis_says_when_a_longer_commute_would_do(four_schools: Problem) -> None:
    policy = replace(four_schools.policy, commute_km_max=0.0)
    found = diagnose(replace(four_schools, policy=policy))
    assert {a.family for a in found.alone if a.enough} == {"quota", "commute"}


def test_diagnosis_of_a_problem_with_a_plan_finds_nothing(four_schools: Problem) -> None:
    assert diagnose(four_schools).feasible


def test_couple_of_two_must_movers_is_found(four_schools: Problem) -> None:
    both = with_teacher(with_teacher(four_schools, "A1", verdict="must", spouse_id="D1"), "D1", verdict="must")
    result = solve(both)
    assert result.status == "infeasible"
    assert "couple" in {a.family for a in diagnose(both).alone if a.enough}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda p: with_teacher(p, "A1", verdict="no"), "verdict"),
        (lambda p: replace(p, pins=(Pin("A1", "stay"),)), "stays"),
        (lambda p: replace(p, pins=(Pin("A1", "pin", "B"),)), "pinned"),
        (lambda p: replace(p, pins=(Pin("A1", "forbid", "D"),)), "forbidden"),
        (lambda p: replace(p, pins=(Pin("A1", "forbid", "D", "chinese"),)), "forbidden"),
        (lambda p: replace(p, policy=replace(p.policy, commute_km_max=4.9)), "commute"),
        (lambda p: with_teacher(p, "A1", commute_limit_km=4.9), "personal_limit"),
        (lambda p: replace(p, history=(Departure("A1", "D", 2021),)), "returned_too_soon"),
        (lambda p: with_teacher(with_teacher(p, "A1", spouse_id="B1"), "B1", verdict="must"), "spouse_must_move"),
        (lambda p: with_teacher(p, "A1", subject="maths"), "subject"),
        (
            lambda p: replace(
                p, teachers=tuple(replace(t, verdict="no") if t.school_id == "D" else t for t in p.teachers)
            ),
            "slot_closed",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_refusal_has_its_reason(four_schools: Problem, change: Callable[[Problem], Problem], reason: str) -> None:
    assert why_not(four_schools, "A1", "D") == ()
    assert why_not(change(four_schools), "A1", "D") == (reason,)
    assert reason in REASONS


def test_return_is_open_again_after_the_years(four_schools: Problem) -> None:
    assert why_not(replace(four_schools, history=(Departure("A1", "D", 2020),)), "A1", "D") == ()


def test_own_school_is_refused(four_schools: Problem) -> None:
    assert why_not(four_schools, "A1", "A") == ("same_school",)


def test_unknown_names_are_an_error(four_schools: Problem) -> None:
    with pytest.raises(ValueError, match="unknown"):
        why_not(four_schools, "A1", "nowhere")


def test_reasons_and_arcs_agree(random_problem: Factory) -> None:
    for seed in range(8):
        market = market_of(random_problem(seed))
        arcs = admissible_arcs(market)
        open_pairs = set(zip(arcs.teacher.tolist(), arcs.school.tolist(), strict=True))
        for t, teacher in enumerate(market.teacher_ids):
            for j, school in enumerate(market.school_ids):
                against = [r for r in reasons(market, teacher, school) if r != "spouse_must_move"]
                assert (not against) == ((t, j) in open_pairs)


def test_plan_of_an_infeasible_problem_moves_only_where_it_is_admissible(random_problem: Factory) -> None:
    for seed in range(10):
        problem = random_problem(seed)
        for move in solve(problem).assignments:
            assert isinstance(move, Assignment)
            assert set(why_not(problem, move.teacher_id, move.to_school)) <= {"spouse_must_move"}


def test_whom_the_clerk_sent_in_vain_is_not_called_one_who_must_move(four_schools: Problem) -> None:
    far = replace(four_schools, pins=(Pin("A1", "pin", "D"), Pin("A1", "forbid", "D")))
    result = solve(far)
    said = giving(far, result, check(far, result.assignments), names_of(far))
    of_the_person = [each for each in said if each.family == "must"]
    assert of_the_person
    assert all("指定" in each.zh and "应当交流" not in each.zh for each in of_the_person)
