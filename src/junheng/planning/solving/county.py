"""From the arcs of a county to a plan with a bound: programme, proof, dives, search."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.basis import Snapshot, plant, snapshot
from junheng.planning.solving.breaking import breaking_plan, count_broken
from junheng.planning.solving.columns import Master
from junheng.planning.solving.generation import Proof, converge, prove, settle_reference
from junheng.planning.solving.improving import Improver
from junheng.planning.solving.market import Floats, Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.request import Request
from junheng.planning.solving.scouting import scout

BROKEN = 1e-6
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
    """Solves a county, all stages together, after a running start of each stage alone."""

    def __init__(self, market: Market, arcs: Arcs, request: Request) -> None:
        self.market = market
        self.request = request
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self.model = Model(market, np.arange(len(market.stages)), coupling=True, arcs=arcs)
        self.late = False
        self.rounds = 0
        self._lap("setup")

    def _lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now

    def cut_short(self) -> bool:
        """Whether the guard has fired; asked only where a yes leaves work undone."""
        self.late = self.late or self.request.late()
        return self.late

    def run(self) -> CountyPlan:
        """Solves the county."""
        master = self._master()
        self._lap("stages")
        prover = self.model.prover
        self.rounds += converge(master, prover, late=self.cut_short)
        self._lap("programme")
        if master.slack > BROKEN and self.late:
            return self._answer(master, None, Proof(np.zeros(len(self.model.rows)), -np.inf), feasible=None)
        blind = self._conflict(master)
        if blind is not None:
            return self._relaxed(master, blind, self._contradiction(blind))
        self.rounds += settle_reference(master, prover)
        self._lap("programme")
        proof = prove(master, prover)
        self._lap("proof")
        kept = self._prefer_kept(master)
        improver = Improver(self.model, master, proof, self.request, kept=kept, cut_short=self.cut_short)
        plan = improver.dive()
        self._lap("dive")
        plan, finished = improver.improve(plan)
        self._lap("polish")
        if plan is None and finished:
            blind = count_broken(self.model, self.request.prices, master.pool, self.request)
            return self._relaxed(master, blind, proof)
        return self._answer(master, plan, proof, feasible=None if plan is None else True)

    def _relaxed(self, master: Master, blind: Master, proof: Proof) -> CountyPlan:
        """The answer where not every rule can be kept."""
        plan = breaking_plan(self.model, blind, master.pool, self.request)
        self._lap("relaxing")
        return self._answer(master, plan, proof, feasible=False)

    # the linear programme ---------------------------------------------------------------------------------------

    def _master(self) -> Master:
        master = self.model.master(self.request.prices, elastic=False)
        if len(self.market.stages) > 1:
            pieces = scout(stage_alone, self.market, self._stages(), self.request, self.request.processes)
            self.rounds += sum(piece.rounds for piece in pieces)
            plant(master, pieces)
        else:
            master.add_arcs(master.starting_arcs(2, 3, warm_multipliers(self.model, self.request)))
        master.add_arcs(self._kept())
        return master

    def _stages(self) -> list[Ints]:
        """The stages, the one with most arcs last."""
        size = np.bincount(self.model.stage_of(np.arange(len(self.model.arcs))), minlength=len(self.market.stages))
        return [np.array([s]) for s in np.argsort(size, kind="stable")]

    def _kept(self) -> Ints:
        """Ids of the admissible arcs among the moves to keep."""
        return kept_arcs(self.market, self.model.arcs, self.request)

    def _prefer_kept(self, master: Master) -> Ints:
        """Gives each move to keep its bonus, once the bound without bonus is proved; ids of these moves."""
        kept = self._kept()
        if len(kept):
            cost = self.model.cost.copy()
            cost[kept] -= self.request.keep_bonus
            master.recost(cost)
            self.rounds += converge(master, self.model.prover, late=self.cut_short)
        return kept

    def _conflict(self, master: Master) -> Master | None:
        """The programme that counts broken rules, when it must break some.

        Otherwise the rules are only dear to keep: then their prices rise until all are kept.
        """
        if master.slack <= BROKEN:
            return None
        blind = count_broken(self.model, self.request.prices, master.pool, self.request)
        self._lap("conflict")
        if blind.slack > BROKEN:
            return blind
        for _ in range(4):
            master.reprice_slacks(30.0)
            self.rounds += converge(master, self.model.prover, late=self.cut_short)
            if master.slack <= BROKEN:
                break
        return None

    def _contradiction(self, blind: Master) -> Proof:
        """Multipliers that show that no plan exists: with all costs at 0 they still give a positive bound."""
        proof = Proof(blind.y.copy(), blind.prover.bound(blind.y))
        y = np.zeros(len(self.model.rows))
        at = {name: i for i, name in enumerate(self.model.rows.names)}
        y[[at[name] for name in blind.rows.names]] = proof.y
        return Proof(y, np.inf if proof.bound > BROKEN else -np.inf)

    def _answer(self, master: Master, plan: Ints | None, proof: Proof, *, feasible: bool | None) -> CountyPlan:
        names = self.model.rows.names
        return CountyPlan(
            chosen=NOBODY if plan is None else plan,
            multipliers={name: float(v) for name, v in zip(names, proof.y, strict=True) if v != 0.0},
            bound=proof.bound,
            feasible=feasible,
            late=self.late,
            columns=len(master.pool),
            rounds=self.rounds,
            seconds=self.seconds,
        )


def stage_alone(market: Market, stages: Ints, request: Request) -> Snapshot:
    """The optimal programme of one stage, without the rules that bind stages."""
    model = Model(market, stages, coupling=False)
    master = model.master(request.prices, elastic=False)
    master.add_arcs(master.starting_arcs(2, 3, warm_multipliers(model, request)))
    rounds = converge(master, model.prover, late=request.late)
    rounds += settle_reference(master, model.prover)
    return snapshot(master, stages, rounds)


def warm_multipliers(model: Model, request: Request) -> Floats | None:
    """The multipliers of an earlier result at the model's rows, if there are any."""
    if not request.warm:
        return None
    return np.array([request.warm.get(name, 0.0) for name in model.rows.names])


def kept_arcs(market: Market, arcs: Arcs, request: Request) -> Ints:
    """Ids of the arcs that are moves to keep."""
    teachers = {name: i for i, name in enumerate(market.teacher_ids)}
    schools = {name: i for i, name in enumerate(market.school_ids)}
    subjects = {name: i for i, name in enumerate(market.subjects)}
    wanted = {
        (teachers.get(k.teacher_id, -1), schools.get(k.to_school, -1), subjects.get(k.as_subject, -1))
        for k in request.keep
    }
    if not wanted:
        return np.zeros(0, dtype=np.int64)
    rows = zip(arcs.teacher.tolist(), arcs.school.tolist(), arcs.subject.tolist(), strict=True)
    return np.array([i for i, arc in enumerate(rows) if arc in wanted], dtype=np.int64)
