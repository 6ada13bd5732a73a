"""Large units as one market: prices first, then a plan by blocks, the linear programme only when the gap asks for it.

Each stage is solved by itself, side by side if there are processes for it. The bound is over all arcs of the whole part
at every moment: first from the ascent, then from the programme, last with the envelope of the PE and arts totals.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.ascent import Ascent, Height
from junheng.planning.solving.columns import EPS, Master
from junheng.planning.solving.county import CountyPlan
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.generation import PER_SLOT, PER_TEACHER, ROUNDS, prove
from junheng.planning.solving.market import Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.part import kept_arcs, warm_multipliers
from junheng.planning.solving.patchwork import LEAP, SHARE, Patchwork
from junheng.planning.solving.request import Request

LARGE = 4_000
"""Teachers who can move from which a unit is solved this way."""
STEPS, WARM_STEPS = 500, 150
"""Steps of the ascent, from nothing and from multipliers of an earlier result."""
LOOSE = 4e-3
"""Relative gap from which the ascent's bound may do without the linear programme."""
PASSES = 8
AT_ONCE = 5_000
"""Teachers who can move up to which a plan is looked for by one dive on the whole programme."""
RETREATS = 3
"""Retreats after which the dive on the whole programme gives way to dives block by block."""
OFTEN = 0.2
"""A teacher whom the ascent takes at least this often gets his row "at most one arc" from the start."""
CLOSE = 0.1
"""The share of the aim to which programme and bound are brought together."""


def is_large(arcs: Arcs) -> bool:
    """Whether a market is solved by blocks."""
    return len(np.unique(arcs.teacher)) >= LARGE


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A part's plan as (teacher, school, subject) rows, whether it keeps every rule, and what proves it."""

    stages: Ints
    moves: Ints
    whole: bool
    names: tuple[str, ...]
    height: Height
    columns: int
    rounds: int
    seconds: dict[str, float]


class LargePart:
    """One part: a stage, or all stages where a rule binds them."""

    def __init__(self, model: Model, request: Request) -> None:
        self.model = model
        self.request = request
        self.seconds: dict[str, float] = {}
        self.since = time.perf_counter()
        self.columns = self.rounds = 0
        self.kept = kept_arcs(model.market, model.arcs, request)

    def _lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self.since
        self.since = now

    def run(self) -> PartPlan:
        """Solves the part to the gap asked for, or as far as the passes go."""
        warm = warm_multipliers(self.model, self.request)
        height = Ascent(self.model, warm).climb(STEPS if warm is None else WARM_STEPS)
        self._lap("ascent")
        plan = self.kept
        if self.request.gap >= LOOSE or len(plan):
            work = Patchwork(self.model, height, self.request, self.kept)
            plan = work.mended(plan if len(plan) else work.first(height.pool, height.x))
            plan = self._passes(work, plan, height, PASSES // 2)
            self._lap("blocks")
            if work.met(plan, self._enough(height)) or self.request.late():
                return self._answer(work, plan, height)
        master = self._programme(height)
        height = self._converged(master, height)
        self._lap("programme")
        work = Patchwork(self.model, height, self.request, self.kept)
        if len(self.kept) == 0:
            plan = self._dived(master, work, height)
            self._lap("dive")
        plan = self._passes(work, plan, height, 2)
        self._lap("blocks")
        if not work.met(plan, self._enough(height)) and not self.request.late():
            master.solve()
            proof = prove(master, self.model.prover)
            height = max(height, replace(height, y=proof.y, bound=proof.bound), key=lambda h: h.bound)
            self._lap("proof")
            plan = self._passes(work, plan, height, PASSES)
            self._lap("blocks")
        return self._answer(work, plan, height)

    def _dived(self, master: Master, work: Patchwork, height: Height) -> Ints:
        """A plan near the programme's optimum: by one dive where the programme is small enough, else by blocks."""
        if work.movable <= AT_ONCE:
            plan = Dive(master, SHARE, LEAP * work.size, most=RETREATS).run()
            if plan is not None:
                return plan
        return work.mended(work.first(height.pool, height.x))

    def _enough(self, height: Height) -> float:
        """The J at which the part's gap is met."""
        return height.bound + self.request.gap * max(1.0, abs(height.bound - self.model.constant))

    def _passes(self, work: Patchwork, plan: Ints, height: Height, most: int) -> Ints:
        return work.passes(plan, self._enough(height), most)

    def _programme(self, height: Height) -> Master:
        """The programme with the arcs of the best prices."""
        master = self.model.master(self.request.prices, elastic=False)
        master.rebalance(height.balance)
        master.add_arcs(np.union1d(master.starting_arcs(PER_TEACHER, PER_SLOT, height.y), height.pool))
        taken = np.bincount(self.model.arcs.teacher[height.pool], weights=height.x, minlength=len(master.teacher_row))
        several = np.bincount(self.model.arcs.teacher[master.pool], minlength=len(taken)) > 1
        master.add_teacher_rows(np.flatnonzero((taken > OFTEN) & several & (master.teacher_row < 0)))
        return master

    def _converged(self, master: Master, height: Height) -> Height:
        """The height once programme and bound are close, or no arc is missing; the ascent's where it is higher."""
        prover = self.model.prover
        close = CLOSE * self.request.gap * max(1.0, abs(height.bound - self.model.constant))
        for _ in range(ROUNDS):
            self.rounds += 1
            master.solve()
            reduced = prover.reduced(master.y)
            for y in (master.y, 0.9 * master.y + 0.1 * height.y, 0.5 * master.y + 0.5 * height.y):
                bound = prover.bound(y)
                if bound > height.bound:
                    height = replace(height, y=y.copy(), bound=bound)
            if master.value + master.left_out() - height.bound <= close or self.request.late():
                break
            missing = master.missing_arcs(reduced, PER_TEACHER, PER_SLOT, EPS)
            if len(missing) == 0:
                break
            master.add_arcs(missing)
        self.columns = len(master.pool)
        used = master.x > 1e-9
        return replace(height, balance=master.balance, pool=master.pool[used], x=master.x[used])

    def _answer(self, work: Patchwork, plan: Ints, height: Height) -> PartPlan:
        arcs = self.model.arcs
        return PartPlan(
            stages=self.model.stages,
            moves=np.stack([arcs.teacher[plan], arcs.school[plan], arcs.subject[plan]], axis=1),
            whole=not work.breaks(plan),
            names=self.model.rows.names,
            height=height,
            columns=self.columns,
            rounds=self.rounds,
            seconds=self.seconds,
        )


def large_plan(market: Market, arcs: Arcs, request: Request) -> CountyPlan | None:
    """A plan with its proof; ``None`` when the way by blocks finds none that keeps every rule."""
    stages = [np.array([s]) for s in np.argsort(np.bincount(market.school_stage[arcs.school]), kind="stable")[::-1]]

    def alone(stage: Ints) -> PartPlan:
        return LargePart(Model(market, stage, coupling=False, arcs=arcs.of_stages(market, stage)), request).run()

    if request.processes > 1:
        with ThreadPoolExecutor(min(request.processes, len(stages))) as workers:
            parts = list(workers.map(alone, stages))
    else:
        parts = [alone(stage) for stage in stages]
    whole = Model(market, np.arange(len(market.stages)), coupling=True, arcs=arcs)
    chosen = np.sort(whole.ids_of(np.concatenate([p.moves for p in parts])))
    if all(p.whole for p in parts) and whole.breaks(chosen):
        chosen = _reconciled(whole, parts, chosen, request)
        if whole.breaks(chosen):
            parts = [LargePart(whole, request).run()]
            chosen = np.sort(whole.ids_of(parts[0].moves))
    return None if whole.breaks(chosen) else _joined(parts, chosen, request)


def _reconciled(whole: Model, parts: list[PartPlan], chosen: Ints, request: Request) -> Ints:
    """The stages' plans with the rules that bind the stages mended, couples in two stages above all."""
    prices = {name: v for p in parts for name, v in zip(p.names, p.height.y.tolist(), strict=True)}
    total, level = whole.balance.total.copy(), whole.balance.level.copy()
    for part in parts:
        total[part.stages], level[part.stages] = (
            part.height.balance.total[part.stages],
            part.height.balance.level[part.stages],
        )
    height = replace(
        parts[0].height,
        y=np.array([prices.get(name, 0.0) for name in whole.rows.names]),
        bound=sum(p.height.bound for p in parts),
        balance=replace(whole.balance, total=total, level=level),
    )
    work = Patchwork(whole, height, request, kept_arcs(whole.market, whole.arcs, request))
    chosen = work.mended(chosen)
    enough = height.bound + request.gap * max(1.0, abs(height.bound - whole.constant))
    return chosen if work.breaks(chosen) else work.passes(chosen, enough, PASSES)


def _joined(parts: list[PartPlan], chosen: Ints, request: Request) -> CountyPlan:
    seconds: dict[str, float] = {}
    for part in parts:
        for phase, time_used in part.seconds.items():
            seconds[phase] = max(seconds.get(phase, 0.0), time_used)
    multipliers = {name: float(v) for p in parts for name, v in zip(p.names, p.height.y, strict=True) if v != 0.0}
    return CountyPlan(
        chosen=chosen,
        multipliers=multipliers,
        bound=sum(p.height.bound for p in parts),
        feasible=True,
        late=request.late(),
        columns=sum(p.columns for p in parts),
        rounds=sum(p.rounds for p in parts),
        seconds=seconds,
    )
