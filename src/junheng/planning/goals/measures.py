"""What a plan is worth by each goal, each by itself, whatever weights the plan was made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from junheng.planning.checking import Report, check
from junheng.planning.problem import Assignment, Problem


@dataclass(frozen=True, slots=True)
class Measures:
    """One plan by every goal, in the units of the problem's own objective.

    ``balance`` is I after ÷ I before (1 where nothing moves). ``service`` is U; ``wishes`` its points for wishes and
    pairing, ``commute`` its points lost to longer ways. ``extra_km`` is the mean longer one-way commute of a mover.
    ``reaching`` counts (school unit, indicator) at or above the per-100 standard, ``nearly`` those at 85 % of it;
    ``short`` is S of the objective, how many miss the one and the other, after ÷ before.
    """

    balance: float
    service: float
    wishes: float
    commute: float
    extra_km: float
    wishes_met: tuple[int, ...]
    movers_with_wishes: int
    reaching: int
    nearly: int
    short: float
    moves: int
    asked: int

    @property
    def service_each(self) -> float:
        """Points of service a mover."""
        return self.service / self.moves if self.moves else 0.0


def measured(problem: Problem, assignments: Sequence[Assignment]) -> tuple[Measures, Report]:
    """The plan by every goal, and the checker's word on it. Points are those of the problem's own objective."""
    report = check(problem, assignments)
    at_home = replace(problem.policy, objective=replace(problem.policy.objective, km_penalty=0.0))
    wishes = check(replace(problem, policy=at_home), assignments).figures.service
    figures = report.figures
    stated = [line for line in figures.stages if line.standard is not None]
    before = sum(2 * s.schools - (s.reaching_before or 0) - (s.nearly_before or 0) for s in stated)
    after = sum(2 * s.schools - (s.reaching_after or 0) - (s.nearly_after or 0) for s in stated)
    return Measures(
        balance=figures.imbalance_after / figures.imbalance_before if figures.imbalance_before else 1.0,
        service=float(figures.service),
        wishes=float(wishes),
        commute=float(wishes - figures.service),
        extra_km=figures.extra_km / figures.movers if figures.movers else 0.0,
        wishes_met=figures.wishes_met,
        movers_with_wishes=figures.movers_with_wishes,
        reaching=sum(line.reaching_after or 0 for line in figures.stages),
        nearly=sum(line.nearly_after or 0 for line in figures.stages),
        short=after / max(1, before),
        moves=figures.movers,
        asked=figures.required_moves,
    ), report
