"""The frontier between balance and what teachers want: a few plans, each with its proof, from which a clerk chooses.

Every plan is the best of one weighted objective, so none is beaten by another plan in both goals (but for the gap that
it states). Weights are not spread evenly, plans are: after the two ends and the policy's own weights, the next plan is
always looked for where two neighbours on the curve are farthest apart, with the weights under which both are worth the
same (the dichotomy of Aneja and Nair 1979 for two goals). One plan is looked for just within the *allowance*, the share
of the attainable balance that may be given up; the recommended plan is, of those within the allowance, the one farthest
from the straight line between the ends: where one goal begins to cost much of the other.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from junheng.planning.goals.measures import Measures, measured
from junheng.planning.problem import Assignment, Objective, Problem
from junheng.planning.result import Result
from junheng.planning.solving.lanes import Lanes, Question

Toward = Literal["service", "wishes", "commute"]
LEAST, MOST = 0.01, 100.0
"""Weights of service against balance, as multiples of the policy's, at the two ends."""
TOLD_APART = 100.0
"""How much less the other half of service weighs when only wishes, or only commute, are traded."""
DEAR = 2.0
"""Hundreds of points of service that a move beyond the quotas costs at least, if the policy lets it cost as much."""
CLOSE = 2e-3
"""Share of what the weights gain at which a plan is near enough to its bound."""
BALANCE_CLOSE = 5e-4
"""The same at the end of best balance, by which all others are measured."""
ALLOWANCE = 0.02
FEWEST, USUAL, LARGEST = 3, 6, 15
"""How many plans may be asked for, and how many are without asking."""
_NEAR = 0.9
"""Where within the allowance a plan is looked for."""
_HALF = 0.5
"""Share of each goal that a plan is taken to reach while none is known."""


class NoFrontierError(ValueError):
    """No plan keeps every rule, so there is nothing to choose among; ``result`` says which rules must give."""

    def __init__(self, result: Result) -> None:
        super().__init__("no plan keeps every rule")
        self.result = result


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One plan of the frontier.

    ``ratio`` is the weight of service as a multiple of the policy's; ``given_up`` the share of the attainable balance
    that this plan gives up, ``gained`` the share of the attainable service (or wishes, or commute) that it has; both
    are 0 to 1. ``feasible`` is the independent checker's word. ``bend`` is the distance from the line between the ends.
    """

    number: int
    ratio: float
    objective: Objective
    assignments: tuple[Assignment, ...]
    measures: Measures
    given_up: float
    gained: float
    bend: float
    value: float
    bound: float
    gap: float
    feasible: bool
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Frontier:
    """The plans in their order from best balance to best service, with the readings that they rest on."""

    toward: Toward
    allowance: float
    points: tuple[FrontierPoint, ...]
    dropped: int
    """How many plans were found but beaten by another, or the same as another."""

    @property
    def recommended(self) -> FrontierPoint:
        """The recommended plan."""
        return next(point for point in self.points if point.recommended)


def weighted(own: Objective, ratio: float, toward: Toward = "service") -> Objective:
    """The policy's objective with service (or its wishes, or its commute) at ``ratio`` times its weight.

    Above 1 it is the others that weigh less instead; but a move beyond the quotas never costs less than 200 points of
    service, so that none is made to please a wish.
    """
    points = {"service": 1.0, "wishes": TOLD_APART, "commute": 1.0 / TOLD_APART}[toward]
    service = own.w_service * min(1.0, ratio) / max(1.0, points)
    less = 1.0 / max(1.0, ratio)
    return replace(
        own,
        pref_points=tuple(points * each for each in own.pref_points),
        pref_missed=points * own.pref_missed,
        paired_bonus=points * own.paired_bonus,
        w_imbalance=own.w_imbalance * less,
        w_service=service,
        w_standard=own.w_standard * less,
        w_extra=max(own.w_extra * less, min(own.w_extra, DEAR * own.w_service)),
    )


def frontier(
    problem: Problem,
    *,
    points: int = USUAL,
    toward: Toward = "service",
    allowance: float = ALLOWANCE,
    processes: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Frontier:
    """Plans between the best balance and the best service: ``points`` are solved, those beaten are dropped.

    Raises :class:`NoFrontierError` where no plan keeps every rule, ``ValueError`` for a number of points or an
    allowance out of range.
    """
    if not FEWEST <= points <= LARGEST:
        raise ValueError(f"points is {points}, expected {FEWEST} to {LARGEST}")
    if not 0 <= allowance <= 1:
        raise ValueError(f"allowance is {allowance}, expected 0 to 1")
    with Lanes(problem, processes=processes) as lanes:
        return _Search(problem, lanes, toward, allowance, progress or (lambda done, all_: None)).run(points)


@dataclass(frozen=True, slots=True)
class _Found:
    ratio: float
    objective: Objective
    result: Result
    measures: Measures
    feasible: bool


class _Search:
    def __init__(
        self, problem: Problem, lanes: Lanes, toward: Toward, allowance: float, progress: Callable[[int, int], None]
    ) -> None:
        self.problem = problem
        self.lanes = lanes
        self.toward = toward
        self.allowance = allowance
        self.progress = progress
        self.found: list[_Found] = []

    def run(self, points: int) -> Frontier:
        """The frontier of ``points`` solved plans."""
        self._solve([LEAST, MOST], points)
        while len(self.found) < points:
            wanted = self._next()[: points - len(self.found)]
            if not wanted:
                break
            self._solve(wanted, points)
        return self._frontier()

    def _solve(self, ratios: Sequence[float], points: int) -> None:
        questions = [self._question(ratio) for ratio in ratios]
        answers = self.lanes.ask(questions[0], questions[1] if len(questions) > 1 else None)
        for ratio, (objective, _), result in zip(ratios, questions, answers, strict=True):
            if not result.feasible:
                raise NoFrontierError(result)
            measures, report = measured(self.problem, result.assignments)
            self.found.append(_Found(ratio, objective, result, measures, report.feasible))
        self.found.sort(key=lambda f: f.ratio)
        self.progress(len(self.found), points)

    def _question(self, ratio: float) -> Question:
        """The objective and the gap: a share of what the weights can gain, since J itself may be near nought."""
        objective = weighted(self.problem.policy.objective, ratio, self.toward)
        values = [self._value(objective, f.measures) for f in self.found]
        best = min(values, default=_HALF * (objective.w_imbalance - objective.w_service))
        gain = max(objective.w_imbalance - best, 0.1 * objective.w_imbalance)
        close = BALANCE_CLOSE if ratio == LEAST else CLOSE
        return objective, close * gain / max(1.0, abs(best))

    def _value(self, objective: Objective, measures: Measures) -> float:
        """J of a plan found under other weights, but for moves beyond the quotas."""
        own = self.problem.policy.objective
        scale = objective.pref_points[0] / own.pref_points[0] if own.pref_points and own.pref_points[0] else 1.0
        points = scale * measures.wishes - measures.commute
        return objective.w_imbalance * measures.balance - objective.w_service * points / (100 * max(1, measures.asked))

    # places on the curve ----------------------------------------------------------------------------------------------

    def _axis(self, measures: Measures) -> float:
        """What is traded against balance; more is better."""
        if self.toward == "service":
            return measures.service
        return measures.wishes if self.toward == "wishes" else -measures.commute

    def _place(self, found: _Found) -> tuple[float, float]:
        """(given up, gained): the plan between the ends, each 0 to 1 but for gaps."""
        least, most = self.found[0].measures, self.found[-1].measures
        up = max(1e-9, 1.0 - least.balance)
        won = max(1e-9, self._axis(most) - self._axis(least))
        return (
            (found.measures.balance - least.balance) / up,
            (self._axis(found.measures) - self._axis(least)) / won,
        )

    def _next(self) -> list[float]:
        """The next two weights: the policy's own first, then one within the allowance, then the widest gaps."""
        wanted = [] if any(f.ratio == 1.0 for f in self.found) else [1.0]
        if not wanted and (inside := self._inside()) is not None:
            wanted.append(inside)
        for at in self._widest():
            ratio = self._between(self.found[at], self.found[at + 1])
            if ratio is not None and all(abs(math.log(ratio / other)) > 0.05 for other in self._ratios(wanted)):
                wanted.append(ratio)
            if len(wanted) == 2:
                break
        return wanted

    def _ratios(self, wanted: Sequence[float]) -> list[float]:
        return [*(f.ratio for f in self.found), *wanted]

    def _widest(self) -> list[int]:
        """Pairs of neighbours, those farthest apart first."""
        places = [self._place(f) for f in self.found]
        size = [math.dist(a, b) for a, b in itertools.pairwise(places)]
        return sorted((at for at in range(len(size)) if size[at] > 1e-3), key=lambda at: (-size[at], at))

    def _between(self, one: _Found, other: _Found) -> float | None:
        """The weight under which two plans are worth the same; strictly between theirs, or the mean of them."""
        own = self.problem.policy.objective
        lost = own.w_imbalance * (other.measures.balance - one.measures.balance)
        per = own.w_service / (100.0 * max(1, one.measures.asked))
        won = per * (self._axis(other.measures) - self._axis(one.measures))
        if lost <= 0 or won <= 0:
            return None
        ratio = lost / won
        return ratio if one.ratio < ratio < other.ratio else math.sqrt(one.ratio * other.ratio)

    def _inside(self) -> float | None:
        """A weight for a plan that gives up nearly the allowance, once, where none is near it yet."""
        places = [self._place(f)[0] for f in self.found]
        goal = _NEAR * self.allowance
        if any(0.5 * self.allowance <= up <= self.allowance for up in places[1:-1]):
            return None
        at = max((i for i, up in enumerate(places) if up < goal), default=0)
        if at + 1 >= len(places) or places[at + 1] <= goal:
            return None
        low, high = (max(up, 1e-3 * self.allowance) for up in (places[at], places[at + 1]))
        part = (math.log(goal) - math.log(low)) / (math.log(high) - math.log(low)) if goal > low else 0.5
        below, above = math.log(self.found[at].ratio), math.log(self.found[at + 1].ratio)
        return math.exp(below + min(0.95, max(0.05, part)) * (above - below))

    # the answer -------------------------------------------------------------------------------------------------------

    def _frontier(self) -> Frontier:
        kept = [f for i, f in enumerate(self.found) if not self._beaten(i)]
        points = [self._point(number, f) for number, f in enumerate(kept, start=1)]
        allowed = [p for p in points if p.given_up <= self.allowance + 1e-9] or points[:1]
        best = max(allowed, key=lambda p: (p.bend, -p.number))
        marked = tuple(replace(p, recommended=p.number == best.number) for p in points)
        return Frontier(self.toward, self.allowance, marked, len(self.found) - len(kept))

    def _beaten(self, at: int) -> bool:
        """Whether another plan is as good in both goals and better in one, or the same earlier in the list."""
        mine = (self.found[at].measures.balance, -self._axis(self.found[at].measures))
        for other, found in enumerate(self.found):
            its = (found.measures.balance, -self._axis(found.measures))
            if other != at and all(a <= b + 1e-12 for a, b in zip(its, mine, strict=True)):
                better = any(a < b - 1e-12 for a, b in zip(its, mine, strict=True))
                if better or other < at:
                    return True
        return False

    def _point(self, number: int, found: _Found) -> FrontierPoint:
        up, won = self._place(found)
        result = found.result
        return FrontierPoint(
            number=number,
            ratio=found.ratio,
            objective=found.objective,
            assignments=result.assignments,
            measures=found.measures,
            given_up=max(0.0, up),
            gained=won,
            bend=won - up / max(1e-9, self._place(self.found[-1])[0]),
            value=result.objective,
            bound=result.bound,
            gap=result.gap,
            feasible=found.feasible,
        )
