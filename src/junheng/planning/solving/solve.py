"""The planner: a problem in, a plan with its J, its bound and its certificate out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from junheng.planning.problem import Assignment, Problem
from junheng.planning.result import Result, Status
from junheng.planning.solving.admissible import Arcs, admissible_arcs, stranded
from junheng.planning.solving.breaking import relaxations_of
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.county import CountyPlan, CountySolver
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.large import is_large, large_plan
from junheng.planning.solving.market import Ints, Market, market_of
from junheng.planning.solving.request import Request
from junheng.planning.solving.score import Score, score_of

Progress = Callable[[str, float], None]
"""Told the name of a phase and the share of the work that is done."""
MIDDLING = 8_000
"""Teachers who can move up to which a plan by blocks that misses the gap is taken further by the county's own way."""
Solver = Callable[[Market, Arcs, Request], CountySolver]


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    gap: float = 5e-4,
    time_limit: float | None = None,
    processes: int = 1,
    keep: Sequence[Assignment] = (),
    keep_bonus: float = 0.01,
    warm: Result | None = None,
    prices: Prices | None = None,
    progress: Progress | None = None,
) -> Result:
    """The plan of least J that keeps every rule, with a bound that proves how good it is, or the rules that must give.

    ``gap`` is the relative distance to the bound at which the search stops; 0 asks for the best plan that a full search
    finds. ``processes`` 2 solves the stages side by side, in threads; the plan is the same. ``keep`` are moves of a
    published plan, each worth ``keep_bonus`` J when it stays; ``warm`` is that plan's result, which saves time.
    ``prices`` say what breaking each rule costs when not all can be kept. ``time_limit`` in seconds is a guard only:
    when it ends the search the status is ``stopped_by_clock`` and another run may give another plan. ``seed`` must not
    be negative;
    the algorithm draws no random numbers, HiGHS is always given 0, and the seed is recorded with the result.

    Raises ``ValueError`` for a problem whose ids do not fit together or with a school unit without pupils.
    """
    if seed < 0 or gap < 0:
        raise ValueError("seed and gap must not be negative")
    market = market_of(problem)
    deadline = None if time_limit is None else time.monotonic() + time_limit
    request = Request(
        gap=gap,
        prices=prices or Prices(),
        keep=tuple(sorted(keep)),
        keep_bonus=keep_bonus,
        warm=warm.certificate if warm is not None else {},
        deadline=deadline,
        processes=processes,
    )
    return Answering(market, request, seed, progress or (lambda phase, share: None)).answer()


class Answering:
    """One call of :func:`solve`; ``solver`` finds the plan, ``arcs`` are given where they are known already."""

    def __init__(
        self,
        market: Market,
        request: Request,
        seed: int,
        progress: Progress,
        *,
        arcs: Arcs | None = None,
        solver: Solver = CountySolver,
    ) -> None:
        self.market = market
        self.request = request
        self.seed = seed
        self.progress = progress
        self.solver = solver
        self.started = time.perf_counter()
        self.arcs = admissible_arcs(market) if arcs is None else arcs
        self.ledger = Ledger(market, self.arcs)

    def answer(self) -> Result:
        """The result."""
        self.progress("planning", 0.05)
        plan = self._by_blocks() if self._is_large() else None
        plan = plan or self.solver(self.market, self.arcs, self.request).run()
        if plan.feasible is False:
            self.progress("relaxing", 0.7)
            return self._infeasible(plan)
        self.progress("done", 1.0)
        return self._result("stopped_by_clock" if plan.late or plan.feasible is None else "solved", plan)

    def _by_blocks(self) -> CountyPlan | None:
        """The plan by blocks. Where it misses the gap and the unit is small enough, the county's own way goes on from
        its prices, and the better of the two plans stands.
        """
        plan = large_plan(self.market, self.arcs, self.request)
        if plan is None or not plan.feasible or plan.late or self.request.keep:
            return plan
        if len(np.unique(self.arcs.teacher)) > MIDDLING:
            return plan
        worth = score_of(self.market, self.arcs, plan.chosen).objective
        if worth - self._bound(plan) <= self.request.gap * max(1.0, abs(worth)):
            return plan
        request = replace(self.request, warm=self.ledger.certificate(plan.multipliers))
        other = self.solver(self.market, self.arcs, request).run()
        if not other.feasible:
            return plan
        found = score_of(self.market, self.arcs, other.chosen).objective
        best = plan if self._bound(plan) >= self._bound(other) else other
        chosen = other.chosen if found < worth else plan.chosen
        return replace(best, chosen=chosen, seconds=plan.seconds | other.seconds, late=other.late)

    def _bound(self, plan: CountyPlan) -> float:
        return self.ledger.bound(self.ledger.certificate(plan.multipliers))

    def _is_large(self) -> bool:
        """Whether the market is planned by blocks: a large one, under goals that blocks know."""
        return self.solver is CountySolver and is_large(self.arcs) and not self.market.policy.objective.w_standard

    # answers ----------------------------------------------------------------------------------------------------

    def _infeasible(self, plan: CountyPlan) -> Result:
        chosen = plan.chosen
        proved = plan.bound == math.inf
        score = score_of(self.market, self.arcs, chosen)
        return Result(
            status="infeasible",
            assignments=self._assignments(chosen),
            objective=score.objective,
            bound=math.inf if proved else -math.inf,
            gap=math.inf,
            certificate=dict(sorted(plan.multipliers.items())) if proved else {},
            relaxations=relaxations_of(self.ledger, chosen),
            stranded=stranded(self.market, self.arcs),
            statistics=self._statistics(score, plan) | {"proved_by_multipliers": proved},
            seconds=self._times(plan),
        )

    def _result(self, status: Status, plan: CountyPlan) -> Result:
        certificate = self.ledger.certificate(plan.multipliers)
        bound = self.ledger.bound(certificate)
        score = score_of(self.market, self.arcs, plan.chosen)
        return Result(
            status=status,
            assignments=self._assignments(plan.chosen),
            objective=score.objective,
            bound=bound,
            gap=(score.objective - bound) / max(1.0, abs(score.objective)),
            certificate=certificate,
            relaxations=relaxations_of(self.ledger, plan.chosen) if status != "solved" else (),
            statistics=self._statistics(score, plan),
            seconds=self._times(plan),
        )

    def _assignments(self, chosen: Ints) -> tuple[Assignment, ...]:
        market, arcs = self.market, self.arcs
        return tuple(
            sorted(
                Assignment(
                    market.teacher_ids[arcs.teacher[i]],
                    market.school_ids[arcs.school[i]],
                    market.subjects[arcs.subject[i]],
                )
                for i in chosen
            )
        )

    def _statistics(self, score: Score, plan: CountyPlan) -> dict[str, object]:
        return {
            "seed": self.seed,
            "moves": score.moves,
            "movers_asked": score.asked,
            "imbalance_before": score.imbalance_before,
            "imbalance_after": score.imbalance_after,
            "service": score.service,
            "arcs": len(self.arcs),
            "columns": plan.columns,
            "rounds": plan.rounds,
        }

    def _times(self, plan: CountyPlan) -> dict[str, float]:
        return plan.seconds | {"total": time.perf_counter() - self.started}
