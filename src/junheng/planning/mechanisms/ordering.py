"""Whom a school serves first: by what a teacher does for its balance, or by points in one order for all schools.

*Balance gain.* A school unit with z teachers of an indicator, whose fair share of the county's T is m, adds
(z − m)² / (m T) to the imbalance. A school short of an indicator ranks teachers who have it first; one that has more
than its share ranks them last and lets them go. Of two teachers who do as much for it, one who comes goes before one
who wants to leave, then the points decide.

*Points.* Scores that the county publishes, else the keys of :data:`POINTS_KEYS`, high first, then the id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from junheng.planning.problem import INDICATORS, Candidate, Problem
from junheng.planning.solving.market import PE_ARTS, Floats, Ints, Market

POINTS_KEYS = ("years_at_school", "title", "backbone", "age")
"""Keys of the points order where nothing is published: years at the school, title, backbone teacher, age."""
_KEYS: Mapping[str, Callable[[Candidate], float]] = MappingProxyType(
    {
        "years_at_school": lambda teacher: teacher.years_at_school,
        "title": lambda teacher: teacher.title,
        "backbone": lambda teacher: teacher.backbone,
        "high_degree": lambda teacher: teacher.high_degree,
        "age": lambda teacher: teacher.age,
    }
)
KEYS = tuple(_KEYS)
"""Every key that a points order may have."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which order schools serve: ``balance`` or ``points``; ``published`` are scores by teacher, high first.

    Teachers without a published score come after those with one. Raises ``ValueError`` for an unknown key.
    """

    kind: Literal["balance", "points"] = "balance"
    keys: tuple[str, ...] = POINTS_KEYS
    published: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.keys:
            if key not in _KEYS:
                raise ValueError(f"no key {key!r} of a points order; there are {', '.join(KEYS)}")


def points_ranks(problem: Problem, order: Order) -> dict[str, int]:
    """Position of every teacher in the points order, 0 first."""

    def merit(teacher: Candidate) -> tuple[float, ...]:
        score = order.published.get(teacher.id)
        stated = (1.0, -score) if score is not None else (2.0, 0.0)
        return (*stated, *(-_KEYS[key](teacher) for key in order.keys))

    ranked = sorted(problem.teachers, key=lambda teacher: (merit(teacher), teacher.id))
    return {teacher.id: rank for rank, teacher in enumerate(ranked)}


class SchoolBalance:
    """What a teacher who comes or leaves does to the balance of each school unit, at the counts of a moment."""

    def __init__(self, market: Market, counts: Ints) -> None:
        self.market = market
        self.cost, self.above = _costs(market, counts)
        self.part = self.cost * self.above * self.above
        """(J, K) each school's part of the imbalance by indicator."""

    def flags(self, teacher: int, subject: int) -> Ints:
        """(K,) what the teacher counts for as teacher of the subject."""
        flags: Ints = self.market.flags[teacher].astype(np.int64)
        flags[PE_ARTS] = int(self.market.pe_art_subject[subject])
        return flags

    def value(self, school: int, flags: Ints) -> float:
        """How much a teacher does for the school: positive where he brings what it lacks."""
        return float(-2.0 * (self.cost[school] * self.above[school] * flags).sum())

    def worsens(self, school: int, change: Ints, exchanges: int) -> bool:
        """Whether an exchange could leave the school less balanced, were up to ``exchanges`` such made there at once.

        With n exchanges the square of the sum of changes is at most n times the sum of squares, so a school all of
        whose exchanges pass this test is never less balanced after them.
        """
        cost, above = self.cost[school], self.above[school]
        return float((cost * (2.0 * above * change + exchanges * change * change)).sum()) > _TINY


_TINY = 1e-15


def _costs(market: Market, counts: Ints) -> tuple[Floats, Floats]:
    """(J, K) weight of a squared teacher too many or too few, and (J, K) teachers above the fair share."""
    cost = np.zeros(counts.shape)
    above = np.zeros(counts.shape)
    for number, stage in enumerate(market.stages):
        weights = market.policy.objective.indicator_weight.get(stage, {})
        units = np.flatnonzero(market.school_stage == number)
        pupils = market.pupils[units]
        for k, name in enumerate(INDICATORS):
            total = int(counts[units, k].sum())
            if total and weights.get(name):
                fair = total * pupils / pupils.sum()
                cost[units, k] = weights[name] / (fair * total)
                above[units, k] = counts[units, k] - fair
    return cost, above
