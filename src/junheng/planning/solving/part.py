"""A stage by itself, or a whole county: from its arcs to a programme, its proof and a plan."""

from __future__ import annotations

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.columns import Master
from junheng.planning.solving.generation import Proof, converge, prove, settle_reference
from junheng.planning.solving.improving import Improver
from junheng.planning.solving.market import Floats, Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.request import Request
from junheng.planning.solving.rows import Incidence

BROKEN = 1e-6
"""Persons by which a programme may break rules and still count as keeping them."""


class Part:
    """One part of the county. The steps are taken in order: ``converge``, ``prove``, ``dive``, ``improve``.

    ``plan`` holds ids of the part's own arcs, ``None`` while there is no plan.
    """

    def __init__(self, model: Model, master: Master, request: Request) -> None:
        self.request = request
        self.model = model
        self.master = master
        self.proof = Proof(np.zeros(len(self.model.rows)), -np.inf)
        self.plan: Ints | None = None
        self.rounds = 0
        self.late = False

    def cut_short(self) -> bool:
        """Whether the guard has fired; asked only where a yes leaves work undone."""
        self.late = self.late or self.request.late()
        return self.late

    @property
    def whole(self) -> bool:
        """Whether the programme is solved and keeps every rule."""
        return not self.late and self.master.slack <= BROKEN

    @property
    def value(self) -> float:
        """The programme's J."""
        return self.master.value + self.master.left_out()

    @property
    def short_of(self) -> float:
        """By how much J, bonus of kept moves included, the plan may miss the best one; infinite without a plan."""
        return np.inf if self.plan is None else self.improver.wanted(self.plan) - self.improver.lower

    def converge(self) -> None:
        """The optimum of the linear programme over all arcs, and the arcs of the moves to keep."""
        master, prover = self.master, self.model.prover
        if len(master.pool) == 0:
            master.add_arcs(master.starting_arcs(2, 3, self.warm_multipliers()))
        master.add_arcs(self._kept())
        self.rounds += converge(master, prover, late=self.cut_short)
        if self.whole:
            self.settle()

    def charge(self, prices: Floats) -> None:
        """Adds a price to the J of each arc: what the rules that bind the stages make of it."""
        self.model.cost = self.model.prover.cost = self.model.cost + prices
        self.master.recost(self.model.cost)
        self.converge()

    def leave_at_home(self, teachers: Ints, refund: Floats) -> None:
        """Plans from now on move none of these teachers; the bound holds for plans that do as well.

        ``refund`` (N,) is what teachers who may move were charged for a rule that cannot be broken any more.
        """
        free = teachers[~self.model.market.forced[teachers]]
        taken = self.model.arcs.teacher
        self.improver.shut = np.isin(taken, free)
        self.improver.lower -= float(refund[np.unique(taken)].sum())
        self.model.cost = self.model.cost - refund[taken]
        self.master.recost(self.master.cost - refund[taken])
        self.master.fix(self.master.pool[self.improver.shut[self.master.pool]], 0.0, 0.0)
        self.master.solve()

    def activity(self, rows: int, incidence: Incidence, ids: Ints) -> Floats:
        """(rows,) what the programme's arcs add up to in rows of the county, where they are called ``ids``."""
        taken = self.master.x > 0
        start, row, value = incidence.entries(ids[self.master.pool[taken]])
        share = np.repeat(self.master.x[taken], np.diff(np.append(start, len(row))))
        return np.asarray(np.bincount(row, weights=value * share, minlength=rows), dtype=float)

    def moved(self) -> Floats:
        """(N,) how far the programme moves each teacher, from 0 to 1."""
        taken = self.model.arcs.teacher[self.master.pool]
        people = len(self.model.market.teacher_ids)
        return np.asarray(np.bincount(taken, weights=self.master.x, minlength=people), dtype=float)

    def settle(self) -> None:
        """Moves the reference of the balance cost to the programme's own totals."""
        self.rounds += settle_reference(self.master, self.model.prover)

    def prove(self) -> None:
        """The bound; then moves to keep get their bonus."""
        self.proof = prove(self.master, self.model.prover, self.warm_multipliers())
        kept = self._kept()
        if len(kept):
            cost = self.model.cost.copy()
            cost[kept] -= self.request.keep_bonus
            self.master.recost(cost)
            self.rounds += converge(self.master, self.model.prover, late=self.cut_short)
        self.improver = Improver(self.model, self.master, self.proof, self.request, kept=kept, cut_short=self.cut_short)

    def dive(self, aim: float, size: float) -> None:
        """A first plan, near the bound by ``aim`` if a few dives find one; ``size`` is the county's J."""
        self.improver.aim, self.improver.size = aim, size
        self.plan = self.improver.dive(self.plan)

    def improve(self, aim: float) -> bool:
        """A better plan by search while it misses the best by more than ``aim``.

        Whether the search was finished, which says that there is no plan when it found none.
        """
        self.improver.aim = aim
        self.plan, finished = self.improver.improve(self.plan)
        return finished

    def warm_multipliers(self) -> Floats | None:
        """The multipliers of an earlier result at the model's rows, if there are any."""
        return warm_multipliers(self.model, self.request)

    def _kept(self) -> Ints:
        """Ids of the admissible arcs among the moves to keep."""
        return kept_arcs(self.model.market, self.model.arcs, self.request)


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
