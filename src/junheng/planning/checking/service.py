"""Wishes, pairing and commute: what a move is worth to the mover, in points."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from junheng.planning.checking.persons import kilometres
from junheng.planning.checking.register import Moves, Register
from junheng.planning.problem import Candidate, Objective, SchoolUnit


@dataclass(frozen=True, slots=True)
class Service:
    """Service points U of a plan and what they are made of."""

    points: float
    wishes_met: tuple[int, ...]
    wishes_missed: int
    movers_with_wishes: int
    paired_moves: int
    extra_km: float


def extra_km(teacher: Candidate, own: SchoolUnit, host: SchoolUnit) -> float:
    """How much longer the one-way commute becomes; never negative."""
    return max(0.0, kilometres(teacher, host) - kilometres(teacher, own))


def are_paired(own: SchoolUnit, host: SchoolUnit) -> bool:
    """Whether the two school units are paired, whichever of them says so."""
    return host.id in own.paired_with or own.id in host.paired_with


def wish_rank(teacher: Candidate, host: SchoolUnit) -> int | None:
    """0 for the first wish, 1 for the second …; ``None`` when the school was not wished for."""
    return teacher.preferences.index(host.id) if host.id in teacher.preferences else None


def points(objective: Objective, teacher: Candidate, own: SchoolUnit, host: SchoolUnit) -> float:
    """Points of one move: wish, pairing bonus, less the longer commute rounded half up to whole points."""
    rank = wish_rank(teacher, host)
    if rank is not None:
        worth = objective.pref_points[rank] if rank < len(objective.pref_points) else 0.0
    else:
        worth = objective.pref_missed if teacher.preferences else 0.0
    bonus = objective.paired_bonus if are_paired(own, host) else 0.0
    return worth + bonus - math.floor(objective.km_penalty * extra_km(teacher, own, host) + 0.5)


def service(register: Register, moves: Moves) -> Service:
    """Service of all movers."""
    objective = register.policy.objective
    ranks: Counter[int] = Counter()
    wishing = paired = 0
    for teacher, own, host, _ in moves.rows:
        wishing += bool(teacher.preferences)
        paired += are_paired(own, host)
        rank = wish_rank(teacher, host)
        if rank is not None:
            ranks[rank] += 1
    longest = max((len(teacher.preferences) for teacher in register.problem.teachers), default=0)
    return Service(
        points=math.fsum(points(objective, teacher, own, host) for teacher, own, host, _ in moves.rows),
        wishes_met=tuple(ranks[rank] for rank in range(longest)),
        wishes_missed=wishing - sum(ranks.values()),
        movers_with_wishes=wishing,
        paired_moves=paired,
        extra_km=math.fsum(extra_km(teacher, own, host) for teacher, own, host, _ in moves.rows),
    )
