"""One plan of both parts: voluntary exchanges by mechanism, the rest by the optimiser, under all rules of the year.

The exchanges are held as pins, so the solver's bound and the checker's verdict are for the plan in which they stand.
The limits on leavers hold by construction; what can still go wrong is that the rest cannot be filled around them
(somebody who must move finds his only place taken, a share of backbone teachers or a direction cannot be met). Then the
plan that keeps most of them is found, at :data:`~junheng.planning.keeping.LEAST_CHANGE` J each, and the others are
released and named. If no plan keeps every rule even without them, the exchanges are not to blame and the problem's own
answer stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from junheng.planning.checking import check
from junheng.planning.keeping import LEAST_CHANGE
from junheng.planning.mechanisms.ordering import Order
from junheng.planning.mechanisms.voluntary import VoluntaryRound, voluntary_round
from junheng.planning.problem import Assignment, Pin, Problem
from junheng.planning.result import Result
from junheng.planning.solving import solve

Hold = Literal["fix", "reward"]
REWARD = 6.0
"""How many first wishes an exchange is worth to the optimiser where exchanges are rewarded and not fixed. In a county
of 4,000 teachers 149 of 173 then stood, for a third of the balance that fixing them all cost.
"""
Solve = Callable[[Problem, Sequence[Assignment], float], Result]
"""Solves a problem, given moves to keep and what each is worth."""


@dataclass(frozen=True, slots=True)
class Voluntary:
    """How the voluntary part of a plan is made: mechanism, order of priority, exchanges fixed or only rewarded."""

    mechanism: str
    order: Order = field(default_factory=Order)
    hold: Hold = "fix"


@dataclass(frozen=True, slots=True)
class Joined:
    """A plan of both parts.

    ``problem`` is the one that was solved, with the exchanges that stand as pins; ``kept`` and ``released`` divide the
    exchanges of ``round``.
    """

    problem: Problem
    result: Result
    round: VoluntaryRound
    kept: tuple[Assignment, ...]
    released: tuple[Assignment, ...]

    @property
    def voluntary(self) -> frozenset[str]:
        """The teachers who move by exchange."""
        return frozenset(move.teacher_id for move in self.kept)


def join(problem: Problem, voluntary: Voluntary, solve_with: Solve | None = None) -> Joined:
    """Run the voluntary round and let the optimiser fill the rest.

    Raises as :func:`~junheng.planning.mechanisms.voluntary.voluntary_round` and
    :func:`~junheng.planning.solving.solve`.
    """
    made = voluntary_round(problem, voluntary.mechanism, voluntary.order)
    return join_round(problem, made, voluntary.hold, solve_with)


def join_round(problem: Problem, made: VoluntaryRound, hold: Hold = "fix", solve_with: Solve | None = None) -> Joined:
    """As :func:`join`, with a voluntary round that was run before."""
    solved = solve_with or (lambda given, keep, worth: solve(given, keep=keep, keep_bonus=worth))
    if hold == "reward":
        return _divided(problem, solved(problem, made.moves, reward(problem)), made)
    fixed = with_pins(problem, made.moves, made)
    result = solved(fixed, (), 0.0)
    if result.feasible:
        return Joined(fixed, result, made, made.moves, ())
    loose = _divided(problem, solved(problem, made.moves, LEAST_CHANGE), made)
    if not loose.result.feasible:
        return Joined(problem, loose.result, made, (), made.moves)
    fixed = with_pins(problem, loose.kept, made)
    result = solved(fixed, (), 0.0)
    if not result.feasible:
        return loose
    return Joined(fixed, result, made, loose.kept, loose.released)


def reward(problem: Problem) -> float:
    """Worth in J of an exchange that is rewarded: :data:`REWARD` first wishes."""
    objective = problem.policy.objective
    asked = max(1, check(problem, ()).figures.required_moves)
    return REWARD * objective.w_service * (objective.pref_points or (0.0,))[0] / (100.0 * asked)


def with_pins(problem: Problem, moves: Sequence[Assignment], made: VoluntaryRound) -> Problem:
    """The problem with the moves fixed, each for the reason that it was exchanged."""
    reason = f"自愿互换（{made.mechanism.code}）"
    pins = (Pin(move.teacher_id, "pin", move.to_school, move.as_subject, reason) for move in moves)
    return replace(problem, pins=(*problem.pins, *pins))


def _divided(problem: Problem, result: Result, made: VoluntaryRound) -> Joined:
    standing = set(result.assignments)
    kept = tuple(move for move in made.moves if move in standing)
    return Joined(problem, result, made, kept, tuple(move for move in made.moves if move not in standing))
