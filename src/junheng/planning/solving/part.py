"""One part of a county (a stage, or all stages together) from its arcs to a plan with a bound."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from junheng.planning.problem import Assignment
from junheng.planning.solving.admissible import Arcs, admissible_arcs
from junheng.planning.solving.balance import Balance, balance_of, squared_cv
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.columns import Master
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.generation import Proof, converge, prove, settle_reference
from junheng.planning.solving.market import PE_ARTS, Floats, Ints, Market
from junheng.planning.solving.polish import Effort, Found, hopeful, open_totals, search
from junheng.planning.solving.rows import Incidence, rows_of
from junheng.planning.solving.score import counts_after, rates_of

BROKEN = 1e-6
DIVES = ((0.3, 0.02), (0.1, 0.01), (0.5, 0.02), (0.05, 0.01), (0.02, 0.01))
"""Share of the fractional arcs fixed per round, and the relative J that a round may cost, of each dive."""
NEAR = 1e-3
"""Relative distance from the bound at which the first search looks for better plans."""
WIDEST = 0.02
"""Relative distance from the bound within which a first plan is searched for when the dives find none."""
FEW = 3_000
"""Arcs up to which the search goes through the totals of PE and arts one by one."""
SMALL = 30_000
"""Arcs up to which a search over all of them may decide that there is no plan."""


@dataclass(frozen=True, slots=True)
class Request:
    """How to solve: ``gap`` relative; ``keep`` moves with ``keep_bonus`` J each; ``warm`` multipliers by row name.

    ``deadline`` is a reading of ``time.monotonic`` after which no further step is begun.
    """

    gap: float = 5e-4
    prices: Prices = field(default_factory=Prices)
    keep: tuple[Assignment, ...] = ()
    keep_bonus: float = 0.01
    warm: dict[str, float] = field(default_factory=dict)
    deadline: float | None = None

    def late(self) -> bool:
        """Whether the guard has fired."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def seconds_left(self) -> float | None:
        """Seconds until the guard fires."""
        return None if self.deadline is None else self.deadline - time.monotonic()


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The plan of a part as (moves, 3) indices of teacher, school and subject, with what proves it.

    ``feasible`` is ``None`` where neither a plan nor a proof was found in time. ``decided`` tells whether an infeasible
    answer is proved: by the linear programme (then ``multipliers`` price the contradiction) or by a finished search.
    """

    moves: Ints
    multipliers: dict[str, float]
    bound: float
    feasible: bool | None
    decided: bool
    late: bool
    columns: int
    rounds: int
    arcs: int
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Look:
    """Where a search looks for better plans: in which stages, how far from the bound in J, by which balance cost.

    ``nodes`` is its limit. It is worth while when the plan misses the aim by more than ``worth`` times.
    """

    stages: Ints
    width: float
    balance: Balance
    nodes: int = 60
    worth: float = 1.0


class Part:
    """The solver of one part."""

    def __init__(self, market: Market, stages: Ints, request: Request, *, coupling: bool, arcs: Arcs | None = None):
        self.market = market
        self.stages = stages
        self.request = request
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self.arcs = admissible_arcs(market, stages) if arcs is None else arcs
        self.rows = rows_of(market, self.arcs, stages, coupling=coupling)
        self.incidence = Incidence(market, self.arcs, self.rows)
        self.cost = rates_of(market).of(self.arcs)
        self.balance: Balance = balance_of(market)
        self.prover = Prover(market, self.incidence, self.cost, self.balance, stages)
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

    def run(self) -> PartPlan:
        """Solves the part."""
        master = self.master = self._master()
        self.rounds += converge(master, self.prover, late=self.cut_short)
        self._lap("programme")
        if master.slack > BROKEN and self.late:
            return self._answer(master, None, self._nothing_proved(), feasible=None)
        if master.slack > BROKEN and not self._priced_in(master):
            return self._answer(master, None, self._contradiction(), feasible=False)
        return self._finish(master)

    def _nothing_proved(self) -> Proof:
        return Proof(np.zeros(len(self.rows)), -np.inf)

    def _finish(self, master: Master) -> PartPlan:
        self.rounds += settle_reference(master, self.prover)
        self._lap("programme")
        proof = prove(master, self.prover)
        self._lap("proof")
        self._prefer_kept(master)
        plan = self._dive(master, proof)
        self._lap("dive")
        plan, finished = self._improve(master, proof, plan)
        self._lap("polish")
        self._undo_kept(master)
        return self._answer(master, plan, proof, feasible=True if plan is not None else (False if finished else None))

    # the linear programme ---------------------------------------------------------------------------------------

    def _master(self) -> Master:
        master = Master(self.prover, self.cost, self.balance, self.request.prices, elastic=False)
        warm = self._warm()
        master.add_arcs(master.starting_arcs(2, 3, warm))
        master.add_arcs(self._kept())
        return master

    def _warm(self) -> Floats | None:
        if not self.request.warm:
            return None
        return np.array([self.request.warm.get(name, 0.0) for name in self.rows.names])

    def _kept(self) -> Ints:
        """Ids of the admissible arcs among the moves to keep."""
        market = self.market
        teachers = {name: i for i, name in enumerate(market.teacher_ids)}
        schools = {name: i for i, name in enumerate(market.school_ids)}
        subjects = {name: i for i, name in enumerate(market.subjects)}
        wanted = {
            (teachers.get(k.teacher_id, -1), schools.get(k.to_school, -1), subjects.get(k.as_subject, -1))
            for k in self.request.keep
        }
        if not wanted:
            return np.zeros(0, dtype=np.int64)
        rows = zip(self.arcs.teacher.tolist(), self.arcs.school.tolist(), self.arcs.subject.tolist(), strict=True)
        return np.array([i for i, arc in enumerate(rows) if arc in wanted], dtype=np.int64)

    def _prefer_kept(self, master: Master) -> None:
        """Gives each move to keep its bonus, once the bound without bonus is proved."""
        kept = self._kept()
        if len(kept) == 0:
            return
        cost = self.cost.copy()
        cost[kept] -= self.request.keep_bonus
        master.recost(cost)
        self.rounds += converge(master, self.prover, late=self.cut_short)

    def _undo_kept(self, master: Master) -> None:
        if self.request.keep:
            master.recost(self.cost)

    def _priced_in(self, master: Master) -> bool:
        """Whether dearer rules are kept: then the linear programme has a solution after all."""
        if self.least_violation() > BROKEN:
            return False
        for _ in range(4):
            master.reprice_slacks(30.0)
            self.rounds += converge(master, self.prover, late=self.cut_short)
            if master.slack <= BROKEN:
                return True
        return master.slack <= 1e-4

    def blind_master(self, prices: Prices, *, elastic: bool) -> Master:
        """The programme that only counts broken rules at their prices: no cost of arcs, no balance."""
        rows = rows_of(self.market, self.arcs, self.stages, coupling=self.rows.coupling, counting=False)
        incidence = Incidence(self.market, self.arcs, rows)
        nothing = np.zeros(len(self.arcs))
        flat = replace(self.balance, scale=np.zeros_like(self.balance.scale))
        prover = Prover(self.market, incidence, nothing, flat, self.stages)
        return Master(prover, nothing, flat, prices, elastic=elastic)

    def least_violation(self) -> float:
        """Least number of persons by which obligations and quotas are missed; 0 when the linear programme has a
        solution.
        """
        self.blind = self.blind_master(Prices(quota=1.0, must=1.0), elastic=False)
        self.blind.add_arcs(self.blind.starting_arcs(3, 3))
        converge(self.blind, self.blind.prover)
        return self.blind.slack

    def _contradiction(self) -> Proof:
        """Multipliers that show that no plan exists: with all costs at 0 they still give a positive bound."""
        blind = self.blind
        proof = Proof(blind.y.copy(), blind.prover.bound(blind.y))
        y = np.zeros(len(self.rows))
        at = {name: i for i, name in enumerate(self.rows.names)}
        y[[at[name] for name in blind.rows.names]] = proof.y
        return Proof(y, np.inf if proof.bound > BROKEN else -np.inf)

    # whole plans ------------------------------------------------------------------------------------------------

    def value(self, chosen: Ints) -> float:
        """The part's J with the true totals, without the constant −W_extra."""
        counts = counts_after(self.market, self.arcs, chosen)
        balance = (self.balance.scale * squared_cv(self.market, counts))[self.stages].sum()
        return float(balance + self.cost[chosen].sum())

    def _wanted(self, chosen: Ints) -> float:
        """The part's J less the bonus of the moves kept: what the search compares plans by."""
        kept = np.intersect1d(chosen, self._kept())
        return self.value(chosen) - self.request.keep_bonus * len(kept)

    def _aim(self, proof: Proof) -> float:
        return self.request.gap * self._size(proof)

    def _size(self, proof: Proof) -> float:
        """The size of J that the relative gap refers to: the bound less the constant that the county's J carries."""
        goals, share = self.market.policy.objective, len(self.stages) / len(self.market.stages)
        return max(1.0, abs(proof.bound - goals.w_extra * share))

    def _lower(self, master: Master, proof: Proof) -> float:
        """What no plan's :meth:`_wanted` is expected to undercut."""
        return proof.bound if not self.request.keep else min(proof.bound, master.value + master.left_out())

    def _dive(self, master: Master, proof: Proof) -> Ints | None:
        best: Ints | None = None
        lower = self._lower(master, proof)
        for share, leap in DIVES:
            found = Dive(master, share, leap * self._size(proof)).run()
            master.solve()
            if found is not None and not self._breaks(master, found):
                best = self._crossed(master, best, found)
            if best is not None and self._wanted(best) - lower <= self._aim(proof):
                break
            if self.cut_short():
                break
        return best

    def _crossed(self, master: Master, one: Ints | None, other: Ints) -> Ints:
        """The best of two plans and of those that take each stage from either: J is a sum over stages."""
        if one is None:
            return other
        best = one
        halves = [(one[self._stage_of(one) == s], other[self._stage_of(other) == s]) for s in self.stages]
        for picks in itertools.product((0, 1), repeat=len(halves)):
            mixed = np.sort(np.concatenate([halves[i][pick] for i, pick in enumerate(picks)]))
            if self._wanted(mixed) < self._wanted(best) - 1e-12 and not self._breaks(master, mixed):
                best = mixed
        return best

    def _stage_of(self, arcs: Ints) -> Ints:
        return self.market.school_stage[self.arcs.school[arcs]]

    def _better(self, one: Ints | None, other: Ints | None) -> Ints | None:
        if one is None or other is None:
            return other if one is None else one
        return other if self._wanted(other) < self._wanted(one) - 1e-12 else one

    def _breaks(self, master: Master, chosen: Ints) -> bool:
        twice = len(np.unique(self.arcs.teacher[chosen])) < len(chosen)
        return bool(twice or self.violations(chosen)[1].any() or len(self.unplaced(chosen)))

    def violations(self, chosen: Ints) -> tuple[Floats, Floats]:
        """(rows,) what the plan adds up to, and by how much it leaves the row's limits."""
        _, row, value = self.incidence.entries(chosen)
        activity = np.zeros(len(self.rows))
        np.add.at(activity, row, value)
        below = np.maximum(0.0, self.rows.lo - activity - 1e-9)
        above = np.maximum(0.0, activity - self.rows.hi - 1e-9)
        broken = np.where(self.rows.is_count, 0.0, below + above)
        return activity, broken

    def unplaced(self, chosen: Ints) -> Ints:
        """Teachers who must take exactly one arc and take none."""
        placed = np.zeros(len(self.market.teacher_ids), dtype=bool)
        placed[self.arcs.teacher[chosen]] = True
        return np.flatnonzero(self.prover.forced & ~placed)

    def _improve(self, master: Master, proof: Proof, plan: Ints | None) -> tuple[Ints | None, bool]:
        """A better plan by search while the gap is not met; and whether a search without any result was finished."""
        lower, aim = self._lower(master, proof), self._aim(proof)
        if plan is not None and self._wanted(plan) - lower <= aim:
            return plan, True
        if plan is None:
            plan, finished = self._first_plan(master, proof)
            if plan is None:
                return None, finished
        for look in self._looks(master, proof):
            distance = self._wanted(plan) - lower
            if distance <= aim * look.worth:
                break
            allowed = hopeful(master, proof, min(distance, look.width))
            allowed = allowed[np.isin(self._stage_of(allowed), look.stages)]
            plan = self._search_at(master, look, allowed, plan, lower + aim)
        return plan, True

    def _looks(self, master: Master, proof: Proof) -> Iterator[Look]:
        """Each stage near the bound, the other as it is; all together; then as far as a better plan can be.

        In a small part, every total of PE and arts that is open is looked at by itself in the end.
        """
        near = NEAR * self._size(proof)
        if len(self.stages) > 1:
            yield from (Look(np.array([stage]), near, master.balance) for stage in self.stages)
        yield Look(self.stages, near, master.balance)
        yield Look(self.stages, np.inf, master.balance, nodes=300, worth=2.0)
        if len(self.arcs) <= FEW:
            for balance in open_totals(master, proof):
                yield Look(self.stages, np.inf, balance, nodes=2000)

    def _search_at(self, master: Master, look: Look, allowed: Ints, plan: Ints, enough: float) -> Ints:
        """The better of the plan and what a search at one reference of the balance cost finds."""
        if self.cut_short():
            return plan
        before, balance = master.balance, look.balance
        moved = (balance.level != before.level) | (balance.total != before.total)
        fixed = np.flatnonzero(moved.any(axis=1))
        master.rebalance(balance)
        mine = counts_after(self.market, self.arcs, plan)
        stage = int(fixed[0]) if len(fixed) else None
        fits = stage is None or mine[self.balance.stage == stage, PE_ARTS].sum() == balance.total[stage, PE_ARTS]
        target = enough - master.left_out() if stage is None and self.request.gap > 0 else -np.inf
        effort = Effort(close=0.1 * self.request.gap * abs(enough), enough=target, nodes=look.nodes, seconds=self.request.seconds_left())
        other = plan[~np.isin(self._stage_of(plan), self._stage_of(allowed))]
        found = search(master, allowed, plan if fits else None, effort, total_of=stage, settled=other)
        master.rebalance(before)
        return self._checked(master, found, plan)

    def _checked(self, master: Master, found: Found, plan: Ints) -> Ints:
        if found.arcs is None or self._breaks(master, found.arcs):
            return plan
        better = self._better(plan, found.arcs)
        return plan if better is None else better

    def _first_plan(self, master: Master, proof: Proof) -> tuple[Ints | None, bool]:
        """A plan where the dives found none: a search near the bound, then, in a small part, over every arc."""
        distance = WIDEST * self._size(proof)
        everything = np.arange(len(self.arcs))
        master.reprice_slacks(1e3)
        for allowed in (hopeful(master, proof, distance), everything if len(everything) <= SMALL else None):
            if allowed is None or self.cut_short():
                break
            effort = Effort(close=self._aim(proof), seconds=self.request.seconds_left())
            found = search(master, allowed, None, effort)
            if found.arcs is not None and not self._breaks(master, found.arcs):
                return found.arcs, True
            if allowed is everything:
                return None, found.finished
        return None, False

    # the answer -------------------------------------------------------------------------------------------------

    def _answer(self, master: Master, plan: Ints | None, proof: Proof, *, feasible: bool | None) -> PartPlan:
        chosen = np.zeros(0, dtype=np.int64) if plan is None else plan
        moves = np.stack([self.arcs.teacher[chosen], self.arcs.school[chosen], self.arcs.subject[chosen]], axis=1)
        named = {name: float(v) for name, v in zip(self.rows.names, proof.y, strict=True) if v != 0.0}
        return PartPlan(
            moves=moves,
            multipliers=named,
            bound=proof.bound,
            feasible=feasible,
            decided=feasible is not None,
            late=self.late,
            columns=len(master.pool),
            rounds=self.rounds,
            arcs=len(self.arcs),
            seconds=self.seconds,
        )
