"""The check itself: read the plan, try every rule, work out the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType

from junheng.planning.checking.balance import imbalance, school_lines, shortfall, stage_lines
from junheng.planning.checking.persons import couples, obligations, pins, read_plan, supervisory_hosts
from junheng.planning.checking.places import outflow, refill, totals
from junheng.planning.checking.quotas import backbone, direction, quota_faults, quota_lines, required_moves
from junheng.planning.checking.register import Moves, Register, counts_after
from junheng.planning.checking.report import Figures, QuotaLine, Report, Violation
from junheng.planning.checking.service import service
from junheng.planning.problem import Assignment, Objective, Problem

Rule = Callable[[Register, Moves], Iterator[Violation]]
RULES = MappingProxyType(
    {
        "must": obligations,
        "couple": couples,
        "pins": pins,
        "supervisory_host": supervisory_hosts,
        "refill": refill,
        "total": totals,
        "outflow": outflow,
        "direction": direction,
        "backbone": backbone,
    }
)
"""Rules about the plan as a whole; those about single rows are in :mod:`.persons`, quotas in :mod:`.quotas`."""


def check(problem: Problem, assignments: Iterable[Assignment]) -> Report:
    """Judge a plan. Names every broken rule; never raises on a bad plan, only on a malformed problem."""
    register = Register(problem)
    moves, faults = read_plan(register, assignments)
    for rule in RULES.values():
        faults += rule(register, moves)
    lines = quota_lines(register, moves)
    faults += quota_faults(lines)
    faults.sort(key=lambda fault: (fault.rule, fault.where, fault.found))
    return Report(tuple(faults), _figures(register, moves, lines))


def _figures(register: Register, moves: Moves, lines: tuple[QuotaLine, ...]) -> Figures:
    before = register.counts_before()
    after = counts_after(before, moves)
    at_first, at_last = imbalance(register, before), imbalance(register, after)
    gained = service(register, moves)
    required, movers = required_moves(lines), len(moves.rows)
    return Figures(
        movers=movers,
        required_moves=required,
        objective=objective_value(
            register.policy.objective,
            (at_first, at_last),
            gained.points,
            (movers, required),
            (shortfall(register, before), shortfall(register, after)),
        ),
        imbalance_before=at_first,
        imbalance_after=at_last,
        service=gained.points,
        wishes_met=gained.wishes_met,
        wishes_missed=gained.wishes_missed,
        movers_with_wishes=gained.movers_with_wishes,
        paired_moves=gained.paired_moves,
        extra_km=gained.extra_km,
        backbone_movers=sum(teacher.backbone for teacher, *_ in moves.rows),
        stages=stage_lines(register, before, after),
        schools=school_lines(register, before, after),
        quotas=lines,
    )


def objective_value(
    weights: Objective,
    imbalances: tuple[float, float],
    points: float,
    moves: tuple[int, int],
    shortfalls: tuple[int, int],
) -> float:
    """J = w_imbalance · I/I_before − w_service · U/(100 M) + w_extra · max(0, moves − M)/M + w_standard · S/S_before.

    ``imbalances`` and ``shortfalls`` are before and after, ``moves`` made and required. An M, I_before or S_before of 0
    counts as 1, so that J is defined.
    """
    movers, required = moves
    before, after = imbalances
    moves_due = max(1, required)
    ratio = after / (before or 1.0)
    extra = max(0, movers - required)
    return (
        weights.w_imbalance * ratio
        - weights.w_service * points / (100 * moves_due)
        + weights.w_extra * extra / moves_due
        + weights.w_standard * shortfalls[1] / max(1, shortfalls[0])
    )
