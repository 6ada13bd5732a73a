"""The planner: stages apart where nothing binds them, together where something does; then the plan, its J and its
bound.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from junheng.planning.problem import Assignment, Problem
from junheng.planning.result import Result, Status
from junheng.planning.solving.admissible import Arcs, admissible_arcs, stranded
from junheng.planning.solving.breaking import breaking_plan, relaxations_of
from junheng.planning.solving.certificate import Ledger, joined
from junheng.planning.solving.desks import NOBODY, Desk, FarDesk
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.market import Ints, Market, market_of
from junheng.planning.solving.part import Part, PartPlan, Request
from junheng.planning.solving.rows import members
from junheng.planning.solving.score import Score, score_of

TOGETHER = 150_000
"""Arcs up to which all stages are solved in one programme from the start: apart would not be faster."""
REPAIRS = 6
"""Rounds in which spouses of two stages are told apart before the stages are solved together."""
Progress = Callable[[str, float], None]
"""Told the name of a phase and the share of the work that is done."""


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
    finds. ``processes`` 2 solves the stages side by side; the plan is the same. ``keep`` are moves of a published plan,
    each worth ``keep_bonus`` J when it stays; ``warm`` is that plan's result, which saves time. ``prices`` say what
    breaking each rule costs when not all can be kept. ``time_limit`` in seconds is a guard only: when it ends the
    search the status is ``stopped_by_clock`` and another run may give another plan. ``seed`` must not be negative;
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
    )
    return _County(market, request, seed, progress or (lambda phase, share: None)).answer(processes)


class _County:
    """One call of :func:`solve`."""

    def __init__(self, market: Market, request: Request, seed: int, progress: Progress) -> None:
        self.market = market
        self.request = request
        self.seed = seed
        self.progress = progress
        self.started = time.perf_counter()
        self.arcs = admissible_arcs(market)
        self.ledger = Ledger(market, self.arcs)
        self.seconds: dict[str, float] = {}

    def answer(self, processes: int) -> Result:
        """The result; with two ``processes`` the stages are solved side by side."""
        self.progress("stages", 0.05)
        plans = self._parts(processes)
        if any(p.feasible is False for p in plans):
            self.progress("relaxing", 0.7)
            return self._infeasible(plans)
        self.progress("done", 1.0)
        late = any(p.late or p.feasible is None for p in plans)
        return self._result("stopped_by_clock" if late else "solved", self._moves(plans), plans)

    # parts ------------------------------------------------------------------------------------------------------

    def _parts(self, processes: int) -> list[PartPlan]:
        stages = len(self.market.stages)
        if stages < 2 or len(self.arcs) <= TOGETHER or crosses_stages(self.market):
            return [self._together([])]
        size = np.bincount(self.market.school_stage[self.arcs.school], minlength=stages)
        largest = int(np.argmax(size))
        desks = [
            (Desk if processes < 2 or s == largest else FarDesk)(self.market, np.array([s]), self.request)
            for s in range(stages)
        ]
        try:
            return self._apart(desks)
        finally:
            for desk in desks:
                desk.close()

    def _apart(self, desks: list[Desk]) -> list[PartPlan]:
        """Plans of the stages, made to fit together: spouses in two stages, then whatever else binds the stages."""
        plans = _answers(desks, dict.fromkeys(range(len(desks)), NOBODY))
        closed: set[int] = set()
        for _ in range(REPAIRS):
            if any(p.feasible is not True for p in plans):
                break
            broken = relaxations_of(self.ledger, self._chosen(self._moves(plans)))
            if not broken:
                return plans
            if any(r.family != "couple" for r in broken):
                break
            more = self._who_stays([r.member for r in broken], plans)
            if not more:
                break
            closed |= more
            of_stage = self.market.school_stage[self.market.school]
            asked = {
                i: np.array(sorted(t for t in closed if of_stage[t] == i), dtype=np.int64)
                for i in {int(of_stage[t]) for t in more}
            }
            plans = _answers(desks, asked, plans)
        if any(p.feasible is False and not closed for p in plans) or any(p.late for p in plans):
            return plans
        self.progress("together", 0.6)
        return [self._together(plans)]

    def _who_stays(self, couples: list[str], plans: list[PartPlan]) -> set[int]:
        """Of each couple of whom both would move, the one whose staying costs less; nobody when neither can stay."""
        y = joined(plans)
        best = self.ledger.least(y)
        ids = self.market.teacher_ids
        named = {f"{ids[a]}:{ids[b]}": (a, b) for a, b in self.market.choices.couples}
        forced = self.market.forced
        staying = set()
        for couple in couples:
            able = [int(t) for t in named[couple] if not forced[t]]
            if not able:
                return set()
            staying.add(max(able, key=lambda t: (best[t], -t)))
        return staying

    def _together(self, plans: list[PartPlan]) -> PartPlan:
        request = replace(self.request, warm=self.request.warm | joined(plans))
        everything = np.arange(len(self.market.stages))
        return Part(self.market, everything, request, coupling=True, arcs=self.arcs).run()

    # answers ----------------------------------------------------------------------------------------------------

    def _moves(self, plans: list[PartPlan]) -> Ints:
        return np.concatenate([p.moves for p in plans]) if plans else np.zeros((0, 3), dtype=np.int64)

    def _chosen(self, moves: Ints) -> Ints:
        return arcs_of(self.market, self.arcs, moves)

    def _infeasible(self, plans: list[PartPlan]) -> Result:
        chosen, columns = breaking_plan(self.market, self.arcs, self.request)
        relaxations = relaxations_of(self.ledger, chosen)
        proved = any(p.feasible is False and p.bound == math.inf for p in plans)
        certificate = joined([p for p in plans if p.feasible is False and p.bound == math.inf]) if proved else {}
        score = score_of(self.market, self.arcs, chosen)
        statistics = self._statistics(score, plans) | {"columns": columns, "proved_by_multipliers": proved}
        self.seconds["total"] = time.perf_counter() - self.started
        return Result(
            status="infeasible",
            assignments=self._assignments(chosen),
            objective=score.objective,
            bound=math.inf if proved else -math.inf,
            gap=math.inf,
            certificate=dict(sorted(certificate.items())),
            relaxations=relaxations,
            stranded=stranded(self.market, self.arcs),
            statistics=statistics,
            seconds=self._times(plans),
        )

    def _result(self, status: Status, moves: Ints, plans: list[PartPlan]) -> Result:
        chosen = self._chosen(moves)
        certificate = self.ledger.certificate(joined(plans))
        bound = self.ledger.bound(certificate)
        score = score_of(self.market, self.arcs, chosen)
        return Result(
            status=status,
            assignments=self._assignments(chosen),
            objective=score.objective,
            bound=bound,
            gap=(score.objective - bound) / max(1.0, abs(score.objective)),
            certificate=certificate,
            relaxations=relaxations_of(self.ledger, chosen) if status != "solved" else (),
            statistics=self._statistics(score, plans),
            seconds=self._times(plans),
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

    def _statistics(self, score: Score, plans: list[PartPlan]) -> dict[str, object]:
        return {
            "seed": self.seed,
            "moves": score.moves,
            "movers_asked": score.asked,
            "imbalance_before": score.imbalance_before,
            "imbalance_after": score.imbalance_after,
            "service": score.service,
            "arcs": len(self.arcs),
            "columns": sum(p.columns for p in plans),
            "rounds": sum(p.rounds for p in plans),
            "parts": len(plans),
        }

    def _times(self, plans: list[PartPlan]) -> dict[str, float]:
        for plan in plans:
            for phase, seconds in plan.seconds.items():
                self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
        self.seconds["total"] = time.perf_counter() - self.started
        return self.seconds


def arcs_of(market: Market, arcs: Arcs, moves: Ints) -> Ints:
    """Ids of the arcs that (teacher, school, subject) rows name, sorted."""
    schools, subjects = len(market.school_ids), len(market.subjects)
    key = (arcs.teacher * schools + arcs.school) * subjects + arcs.subject
    wanted = (moves[:, 0] * schools + moves[:, 1]) * subjects + moves[:, 2]
    return np.sort(np.searchsorted(key, wanted))


def crosses_stages(market: Market) -> bool:
    """Whether a quota asks something of the stages together, so that they cannot be solved apart."""
    for quota in market.policy.quotas:
        _, member = members(market, quota)
        if quota.sense in ("ge", "eq") and any(
            len(np.unique(market.school_stage[member == m])) > 1 for m in np.unique(member)
        ):
            return True
    return False


def _answers(desks: list[Desk], asked: dict[int, Ints], otherwise: list[PartPlan] | None = None) -> list[PartPlan]:
    """Asks some desks, the far ones first, and gives all plans; a desk that is not asked keeps its plan."""
    for i, closed in asked.items():
        desks[i].ask(closed)
    near = sorted(asked, key=lambda i: isinstance(desks[i], FarDesk))
    answers = {i: desks[i].answer() for i in near}
    return [answers[i] if i in answers else (otherwise or [])[i] for i in range(len(desks))]
