"""From the arcs of a county to a plan with a bound: each stage by itself, and all together where rules bind them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.basis import plant, snapshot
from junheng.planning.solving.bound import signed
from junheng.planning.solving.breaking import breaking_plan, count_broken
from junheng.planning.solving.columns import Master
from junheng.planning.solving.generation import Proof, converge
from junheng.planning.solving.improving import SMALL
from junheng.planning.solving.market import Bools, Floats, Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.part import BROKEN, Part
from junheng.planning.solving.request import Request

NOBODY: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class CountyPlan:
    """A plan as ids of arcs, with what proves it.

    Where no plan keeps all rules (``feasible`` is false), it is the one that breaks least; that is proved by
    ``multipliers`` where ``bound`` is infinite, otherwise by a finished search. ``feasible`` is ``None`` where
    neither a plan nor a proof that there is none was found.
    """

    chosen: Ints
    multipliers: dict[str, float]
    bound: float
    feasible: bool | None
    late: bool
    columns: int
    rounds: int
    seconds: dict[str, float]


class CountySolver:
    """Solves a county.

    Little binds the stages: couples in two stages, shares of the county's movers, quotas of scope cluster or county.
    So each stage is solved by itself to the end, side by side where the request allows it. When the two plans together
    break a rule, or come too far from the bound because of one, all stages are solved together from where they stand.
    """

    def __init__(self, market: Market, arcs: Arcs, request: Request) -> None:
        self.market = market
        self.request = request
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self.county = self._part(arcs, np.arange(len(market.stages)), coupling=True)
        self.stages = self._stages()
        self._lap("setup")

    def _stages(self) -> list[Part]:
        """The stages, the one with most arcs first; none where the county is a single one."""
        market, arcs = self.market, self.county.model.arcs
        stage = market.school_stage[arcs.school]
        size = np.bincount(stage, minlength=len(market.stages))
        if len(size) < 2:
            return []
        self.ids = {int(s): np.flatnonzero(stage == s) for s in np.argsort(-size, kind="stable")}
        return [self._part(arcs.only(ids), np.array([s]), coupling=False) for s, ids in self.ids.items()]

    def _part(self, arcs: Arcs, stages: Ints, *, coupling: bool) -> Part:
        model = Model(self.market, stages, coupling=coupling, arcs=arcs)
        return Part(model, self.programme_of(model), self.request)

    def programme_of(self, model: Model) -> Master:
        """The linear programme from which a part starts, with or without columns."""
        return model.master(self.request.prices, elastic=False)

    def _lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now

    def run(self) -> CountyPlan:
        """Solves the county."""
        if self.stages:
            self.between = self._between()
            self.prices = np.zeros(len(self.between))
            warm = self.county.warm_multipliers()
            if warm is not None:
                self._charge(warm)
            else:
                self._each(Part.converge)
            self._lap("stages")
            if all(part.whole for part in self.stages):
                plan = self._apart()
                if plan is not None:
                    return plan
        return self._together()

    # each stage by itself ---------------------------------------------------------------------------------------

    def _each(self, work: Callable[[Part], object], parts: list[Part] | None = None) -> None:
        """The same work on every stage; HiGHS lets go of the interpreter, so threads do."""
        parts = self.stages if parts is None else parts
        if self.request.processes < 2 or len(parts) < 2:
            for part in parts:
                work(part)
            return
        with ThreadPoolExecutor(self.request.processes) as pool:
            list(pool.map(work, parts))

    def _apart(self) -> CountyPlan | None:
        """The stages' plans put together; ``None`` when that is no plan of the county.

        A small county is also looked at as a whole when the plan misses the aim: who stays of a couple was a guess.
        """
        home, refund, base = self._separate()
        self._lap("programme")
        if not all(part.whole for part in self.stages):
            return None
        self._each(Part.prove)
        self._each(lambda part: part.leave_at_home(home, refund))
        self._lap("proof")
        bound = base + sum(part.proof.bound for part in self.stages)
        size = max(1.0, abs(bound - self.county.model.constant))
        aim = self.request.gap * size
        self._each(lambda part: part.dive(aim / len(self.stages), size))
        self._lap("dive")
        if any(part.plan is None for part in self.stages):
            return None
        missing = sum(part.short_of for part in self.stages)
        if missing > aim:
            aims = {part: max(aim / len(self.stages), aim - missing + part.short_of) for part in self.stages}
            self._each(lambda part: part.improve(aims[part]), [p for p in self.stages if p.short_of > aims[p]])
        self._lap("polish")
        chosen = self._joined([part.plan for part in self.stages if part.plan is not None])
        if self.county.model.breaks(chosen):
            return None
        missed = sum(part.short_of for part in self.stages) > aim
        if missed and (self.request.gap == 0 or len(self.county.model.arcs) <= SMALL):
            self.county.plan = chosen
            return None
        return self._joint_answer(chosen, bound)

    def _joint_answer(self, chosen: Ints, bound: float) -> CountyPlan:
        multipliers = _named(self.county.model.rows.names, self.prices)
        for part in self.stages:
            multipliers |= _named(part.model.rows.names, part.proof.y)
        return CountyPlan(
            chosen=chosen,
            multipliers=multipliers,
            bound=bound,
            feasible=True,
            late=any(part.late for part in self.stages),
            columns=sum(len(part.master.pool) for part in self.stages),
            rounds=self.county.rounds + sum(part.rounds for part in self.stages),
            seconds=self.seconds,
        )

    def _separate(self) -> tuple[Ints, Floats, float]:
        """Makes the stages independent of each other: who stays, refunds, and what the rules add to the bound.

        Where the stages' programmes together break such a rule, the county's programme gives each a multiplier, and
        the stages are charged for their part in it. Of every couple in two stages, one is left at home: the one whom
        the programme moves less.
        """
        rows, incidence = self.county.model.rows, self.county.model.incidence
        activity = sum(
            part.activity(len(rows), incidence, ids) for part, ids in zip(self.stages, self.ids.values(), strict=True)
        )
        broken = (activity < rows.lo - BROKEN) | (activity > rows.hi + BROKEN)
        moved: Floats = np.sum([part.moved() for part in self.stages], axis=0)
        if broken[~rows.is_count].any() and not self.request.warm:
            self._plant()
            self.county.converge()
            moved = self.county.moved()
            self._charge(self.county.master.y)
        used = np.flatnonzero(self.prices)
        sides = np.where(self.prices > 0, rows.lo, rows.hi)
        return *self._staying(moved), float(self.prices[used] @ sides[used])

    def _between(self) -> Bools:
        """(rows,) which of the county's rows no stage has."""
        alone = {name for part in self.stages for name in part.model.rows.names}
        return np.array([name not in alone for name in self.county.model.rows.names], dtype=bool)

    def _charge(self, y: Floats) -> None:
        """Charges each stage for its part in the rules between stages, at their multipliers."""
        rows, incidence = self.county.model.rows, self.county.model.incidence
        self.prices = np.where(self.between, signed(rows, y), 0.0)
        priced = -incidence.priced(self.prices)
        charges = {part: priced[ids] for part, ids in zip(self.stages, self.ids.values(), strict=True)}
        self._each(lambda part: part.charge(charges[part]))

    def _staying(self, moved: Floats) -> tuple[Ints, Floats]:
        """One of every couple in two stages, and (N,) what the other was charged for the couple."""
        market, stage = self.market, self.market.school_stage[self.market.school]
        pairs = market.choices.couples
        pairs = pairs[stage[pairs[:, 0]] != stage[pairs[:, 1]]]
        published = {move.teacher_id for move in self.request.keep}
        moved = moved + np.array([name in published for name in market.teacher_ids]) + 2.0 * market.forced
        first = np.where(moved[pairs[:, 1]] < moved[pairs[:, 0]] + BROKEN, 0, 1)
        each = np.arange(len(pairs))
        table = self.county.model.rows.couple
        charged = np.append(-self.prices, 0.0)[table].sum(axis=1)
        refund = np.zeros(len(stage))
        away = pairs[each, first]
        refund[away] = charged[away]
        return np.unique(pairs[each, 1 - first]), refund

    def _plant(self) -> None:
        """Gives the county's programme a running start from the stages'."""
        if len(self.county.master.pool) == 0:
            plant(self.county.master, [snapshot(p.master, p.model.stages, p.rounds) for p in self.stages])

    def _joined(self, plans: list[Ints]) -> Ints:
        return np.sort(np.concatenate([ids[p] for ids, p in zip(self.ids.values(), plans, strict=True)]))

    # all together -----------------------------------------------------------------------------------------------

    def _together(self) -> CountyPlan:
        county = self.county
        if self.stages:
            self._plant()
            county.rounds += sum(part.rounds for part in self.stages)
            county.late = any(part.late for part in self.stages)
        county.converge()
        self._lap("programme")
        if county.master.slack > BROKEN and county.late:
            return self._answer(None, feasible=None)
        blind = self._conflict()
        if blind is not None:
            county.proof = self._contradiction(blind)
            return self._relaxed(blind)
        county.settle()
        self._lap("programme")
        county.prove()
        self._lap("proof")
        size = max(1.0, abs(county.proof.bound - county.model.constant))
        county.dive(self.request.gap * size, size)
        self._lap("dive")
        finished = county.improve(self.request.gap * size)
        self._lap("polish")
        if county.plan is None and finished:
            return self._relaxed(count_broken(county.model, self.request.prices, county.master.pool, self.request))
        return self._answer(county.plan, feasible=None if county.plan is None else True)

    def _relaxed(self, blind: Master) -> CountyPlan:
        """The answer where not every rule can be kept."""
        plan = breaking_plan(self.county.model, blind, self.county.master.pool, self.request)
        self._lap("relaxing")
        return self._answer(plan, feasible=False)

    def _conflict(self) -> Master | None:
        """The programme that counts broken rules, when it must break some.

        Otherwise the rules are only dear to keep: then their prices rise until all are kept.
        """
        county, master = self.county, self.county.master
        if master.slack <= BROKEN:
            return None
        blind = count_broken(county.model, self.request.prices, master.pool, self.request)
        self._lap("conflict")
        if blind.slack > BROKEN:
            return blind
        for _ in range(4):
            master.reprice_slacks(30.0)
            county.rounds += converge(master, county.model.prover, late=county.cut_short)
            if master.slack <= BROKEN:
                break
        return None

    def _contradiction(self, blind: Master) -> Proof:
        """Multipliers that show that no plan exists: with all costs at 0 they still give a positive bound."""
        proof = Proof(blind.y.copy(), blind.prover.bound(blind.y))
        rows = self.county.model.rows
        y = np.zeros(len(rows))
        at = {name: i for i, name in enumerate(rows.names)}
        y[[at[name] for name in blind.rows.names]] = proof.y
        return Proof(y, np.inf if proof.bound > BROKEN else -np.inf)

    def _answer(self, plan: Ints | None, *, feasible: bool | None) -> CountyPlan:
        county = self.county
        return CountyPlan(
            chosen=NOBODY if plan is None else plan,
            multipliers=_named(county.model.rows.names, county.proof.y),
            bound=county.proof.bound,
            feasible=feasible,
            late=county.late,
            columns=len(county.master.pool),
            rounds=county.rounds,
            seconds=self.seconds,
        )


def _named(names: tuple[str, ...], y: Floats) -> dict[str, float]:
    """The multipliers that are not 0 by row name."""
    return {name: float(v) for name, v in zip(names, y, strict=True) if v != 0.0}
