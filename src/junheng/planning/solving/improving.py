"""From the optimum of the linear programme to whole plans, and from a plan to better ones, until the gap is met."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from junheng.planning.solving.balance import Balance
from junheng.planning.solving.basis import put_back
from junheng.planning.solving.columns import Master
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.generation import Proof
from junheng.planning.solving.jumps import settled
from junheng.planning.solving.market import PE_ARTS, Ints
from junheng.planning.solving.model import Model
from junheng.planning.solving.polish import Effort, Found, hopeful, open_totals, search
from junheng.planning.solving.request import Request
from junheng.planning.solving.score import counts_after

DIVES = ((0.1, 0.01), (0.05, 0.01), (0.3, 0.02), (0.5, 0.02), (0.02, 0.01))
"""Share of the fractional arcs fixed per round, and the relative J that a round may cost, of each dive."""
ENOUGH = 2
"""Plans after which a search brings more than another dive."""
WIDEST = 0.02
"""Relative distance from the bound within which a first plan is searched for when the dives find none."""
FEW = 3_000
"""Arcs up to which the search goes through the totals of PE and arts one by one."""
FEWER = 300
"""The same for a search with choices of counts, where the standard weighs."""
SMALL = 30_000
"""Arcs up to which a search over all of them may decide that there is no plan."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where a search looks for better plans: in which stages, how far from the bound in J, by which balance cost.

    ``agreed``: moves that plan and programme agree on are settled. ``nodes`` is its limit. It is worth while when the
    plan misses the aim by more than ``worth`` times.
    """

    stages: Ints
    width: float
    balance: Balance
    agreed: bool = False
    nodes: int = 60
    worth: float = 1.0


class Improver:
    """Plans of one part near its proven bound.

    ``kept`` are arcs with a bonus; ``cut_short`` tells that time is over.
    """

    def __init__(
        self, model: Model, master: Master, proof: Proof, request: Request, *, kept: Ints, cut_short: Callable[[], bool]
    ) -> None:
        self.model = model
        self.master = master
        self.proof = proof
        self.request = request
        self.kept = kept
        self.cut_short = cut_short
        self.size = max(1.0, abs(proof.bound - model.constant))
        self.aim = request.gap * self.size
        with_bonus = master.value + master.left_out()
        self.shut = np.zeros(len(model.arcs), dtype=bool)
        self.sure = np.zeros(len(model.arcs), dtype=bool)
        self.sure[master.pool] = master.x > 1 - 1e-6
        self.lower = min(proof.bound, with_bonus) if len(kept) else proof.bound

    def wanted(self, chosen: Ints) -> float:
        """The part's J less the bonus of the moves kept: what plans are compared by."""
        return self.model.value(chosen) - self.request.keep_bonus * len(np.intersect1d(chosen, self.kept))

    def dive(self, best: Ints | None = None) -> Ints | None:
        """The best plan of several dives and one given; ``None`` when there is none."""
        plans = 0
        before = self.master.balance
        settled(self.master)
        optimum = self.master.highs.getBasis()
        for share, leap in DIVES:
            found = Dive(self.master, share, leap * self.size).run()
            put_back(self.master, optimum)
            self.master.solve()
            if found is not None and not self.model.breaks(found):
                best = self._crossed(best, found)
                plans += 1
            if plans >= ENOUGH:
                break
            if best is not None and self.wanted(best) - self.lower <= self.aim:
                break
            if self.cut_short():
                break
        if self.master.balance is not before:
            self.master.rebalance(before)
            self.master.solve()
        return best

    def _crossed(self, one: Ints | None, other: Ints) -> Ints:
        """The best of two plans and of those that take each stage from either: J is a sum over stages."""
        if one is None:
            return other
        best = one
        stage_of = self.model.stage_of
        halves = [(one[stage_of(one) == s], other[stage_of(other) == s]) for s in self.model.stages]
        for picks in itertools.product((0, 1), repeat=len(halves)):
            mixed = np.sort(np.concatenate([halves[i][pick] for i, pick in enumerate(picks)]))
            if self.wanted(mixed) < self.wanted(best) - 1e-12 and not self.model.breaks(mixed):
                best = mixed
        return best

    def _better(self, one: Ints | None, other: Ints | None) -> Ints | None:
        if one is None or other is None:
            return other if one is None else one
        return other if self.wanted(other) < self.wanted(one) - 1e-12 else one

    def improve(self, plan: Ints | None) -> tuple[Ints | None, bool]:
        """A better plan by search while the gap is not met; and whether a search without any result was finished."""
        lower, aim = self.lower, self.aim
        if plan is not None and self.wanted(plan) - lower <= aim:
            return plan, True
        if plan is None:
            plan, finished = self._first_plan()
            if plan is None:
                return None, finished
        for look in self._looks():
            distance = self.wanted(plan) - lower
            if distance <= aim * look.worth:
                break
            allowed = hopeful(self.master, self.proof, min(distance, look.width))
            allowed = allowed[np.isin(self.model.stage_of(allowed), look.stages) & ~self.shut[allowed]]
            plan = self._search_at(look, allowed, plan, lower + aim)
        return plan, True

    def _looks(self) -> Iterator[Look]:
        """Where plan and programme differ; each stage near the bound; all together; as far as a better plan can be.

        A plan within some distance of the bound takes only arcs whose surcharges are within it, so a search that near
        misses no plan that would do. In a small part, every total of PE and arts that is open is looked at by itself
        in the end.
        """
        everywhere, here = self.model.stages, self.master.balance
        if here.standard is not None and len(self.model.arcs) > FEWER:
            # choices of counts make a wide search long: where plan and programme differ has to do
            yield Look(everywhere, 0.5 * self.aim, here, agreed=True, nodes=10)
            return
        yield Look(everywhere, 0.5 * self.aim, here, agreed=True)
        if len(everywhere) > 1:
            yield from (Look(np.array([stage]), self.aim, here) for stage in everywhere)
            yield Look(everywhere, self.aim, here, worth=2.0)
        yield Look(everywhere, 2 * self.aim, here, worth=2.0)
        yield Look(everywhere, np.inf, here, nodes=300, worth=4.0)
        if len(self.model.arcs) <= FEW:
            for balance in open_totals(self.master, self.proof):
                yield Look(everywhere, np.inf, balance, nodes=2000)

    def _search_at(self, look: Look, allowed: Ints, plan: Ints, enough: float) -> Ints:
        """The better of the plan and what a search at one reference of the balance cost finds."""
        if self.cut_short():
            return plan
        before, balance = self.master.balance, look.balance
        moved = (balance.level != before.level) | (balance.total != before.total)
        fixed = np.flatnonzero(moved.any(axis=1))
        stage = int(fixed[0]) if len(fixed) else None
        self.master.rebalance(balance)
        target = enough - self.master.left_out() if stage is None and self.request.gap > 0 else -np.inf
        close = 0.1 * self.request.gap * abs(enough)
        effort = Effort(close=close, enough=target, nodes=look.nodes, seconds=self.request.seconds_left())
        start = plan if self._has_total(plan, stage, balance) else None
        found = search(self.master, allowed, start, effort, total_of=stage, settled=self._settled(look, plan))
        self.master.rebalance(before)
        return self._checked(found, plan)

    def _settled(self, look: Look, plan: Ints) -> Ints:
        """The plan's moves that the search takes as they are."""
        settled = ~np.isin(self.model.stage_of(plan), look.stages)
        if look.agreed:
            settled |= self.sure[plan]
        return plan[settled]

    def _has_total(self, plan: Ints, stage: int | None, balance: Balance) -> bool:
        """Whether the plan makes the PE and arts total that the balance cost refers to."""
        if stage is None:
            return True
        counts = counts_after(self.model.market, self.model.arcs, plan)
        return bool(counts[balance.stage == stage, PE_ARTS].sum() == balance.total[stage, PE_ARTS])

    def _checked(self, found: Found, plan: Ints) -> Ints:
        if found.arcs is None or self.model.breaks(found.arcs):
            return plan
        better = self._better(plan, found.arcs)
        return plan if better is None else better

    def _first_plan(self) -> tuple[Ints | None, bool]:
        """A plan where the dives found none: a search near the bound, then, in a small part, over every arc."""
        distance = WIDEST * self.size
        everything = np.arange(len(self.model.arcs))
        self.master.reprice_slacks(1e3)
        for allowed in (hopeful(self.master, self.proof, distance), everything if len(everything) <= SMALL else None):
            if allowed is None or self.cut_short():
                break
            effort = Effort(close=self.aim, seconds=self.request.seconds_left())
            found = search(self.master, allowed, None, effort)
            if found.arcs is not None and not self.model.breaks(found.arcs):
                return found.arcs, True
            if allowed is everything:
                return None, found.finished
        return None, False
