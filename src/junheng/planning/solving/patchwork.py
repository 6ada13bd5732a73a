"""A plan of a large part, block by block: each block dives with all else held, then again with other cuts.

Moves between blocks are decided first, from the fractional solution; what is lost at a cut is won back by the passes
that cut elsewhere. A block's new plan is taken only when it breaks less or costs less.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.planning.solving.ascent import Height
from junheng.planning.solving.blocks import Held, Patch, around, blocks_of, held_by, shared_rows
from junheng.planning.solving.columns import EPS, Master
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.generation import PER_SLOT, PER_TEACHER, ROUNDS
from junheng.planning.solving.market import Bools, Floats, Ints
from junheng.planning.solving.model import Model
from junheng.planning.solving.request import Request

BLOCK = 1500.0
"""Teachers who can move in a block, in the first pass."""
SHARE, LEAP = 0.3, 0.02
"""Share of the fractional arcs fixed per round of a dive, and the part of the block's J that a round may cost."""
NEAR = 24
"""Arcs a teacher, on average, that a block looks at."""


class Patchwork:
    """Plans of one part near its bound."""

    def __init__(self, model: Model, height: Height, request: Request, kept: Ints) -> None:
        """``kept`` are arcs with a bonus."""
        self.model = model
        self.balance = height.balance
        self.request = request
        self.kept = kept
        self.cost = model.cost.copy()
        self.cost[kept] -= request.keep_bonus
        self.y = height.y
        reduced = model.prover.reduced(height.y)
        least = np.full(len(model.market.teacher_ids), np.inf)
        np.minimum.at(least, model.arcs.teacher, reduced)
        surcharge = reduced - least[model.arcs.teacher]
        self.movable = max(1, int(np.isfinite(least).sum()))
        near = np.ones(len(surcharge), dtype=bool)
        if len(surcharge) > (count := NEAR * self.movable):
            near = surcharge <= np.partition(surcharge, count)[count]
        near[kept] = True
        self.near = np.flatnonzero(near)
        self.size = max(1.0, abs(height.bound - model.constant))

    # the first plan ---------------------------------------------------------------------------------------------

    def first(self, pool: Ints, x: Floats) -> Ints:
        """A plan near the fractional solution ``x`` of the arcs in ``pool``."""
        block = blocks_of(self.model, BLOCK)
        taken = pool[x > 1e-9]
        weight = x[x > 1e-9]
        home, away = self._ends(taken, block)
        crossing = home != away
        plan = np.sort(taken[crossing & (weight > 0.5)])
        inside = ~crossing
        shared = shared_rows(self.model, taken[inside], home[inside])
        expected = [(taken[inside & (home == b)], weight[inside & (home == b)]) for b in range(block.max() + 1)]
        for b in range(block.max() + 1):
            held = self._with_expected(held_by(self.model, plan), shared, expected[b + 1 :])
            found = self._block(block == b, held, np.zeros(0, dtype=np.int64))
            plan = plan if found is None else np.sort(np.concatenate([plan, found]))
        return plan

    def _with_expected(self, held: Held, shared: Bools, others: list[tuple[Ints, Floats]]) -> Held:
        """What is held, with what the blocks not yet planned are expected to add to rows of several blocks."""
        used = held.used.copy()
        for ids, weight in others:
            starts, row, value = self.model.incidence.entries(ids)
            amount = value * np.repeat(weight, np.diff(np.append(starts, len(row))))
            used += np.where(shared, np.bincount(row, weights=amount, minlength=len(used)), 0.0)
        return replace(held, used=used)

    def _ends(self, ids: Ints, block: Ints) -> tuple[Ints, Ints]:
        """Blocks that arcs leave and enter."""
        arcs = self.model.arcs
        return block[self.model.market.school[arcs.teacher[ids]]], block[arcs.school[ids]]

    # passes -----------------------------------------------------------------------------------------------------

    def mended(self, plan: Ints) -> Ints:
        """The plan after a new look around every place where it breaks a rule."""
        for times in (1, 2, 4):
            for place in self._broken_places(plan):
                if not self.breaks(plan) or self.request.late():
                    return plan
                plan = self._again(plan, around(self.model, place, times * BLOCK))
        return plan

    def passes(self, plan: Ints, enough: float, most: int) -> Ints:
        """The plan after passes until its J is ``enough``, two in turn bring nothing, or there were ``most``."""
        idle = 0
        for turn in range(1, most + 1):
            if idle == 2 or self.met(plan, enough) or self.request.late():
                break
            before = plan
            plan = self.better(plan, turn, enough)
            idle = idle + 1 if np.array_equal(before, plan) else 0
        return plan

    def better(self, plan: Ints, turn: int, enough: float) -> Ints:
        """The plan after a pass over the blocks of other cuts, until its J is ``enough``; later turns cut less."""
        block = blocks_of(self.model, BLOCK * (1 + turn / 4), turn)
        for b in range(block.max() + 1):
            if self.met(plan, enough) or self.request.late():
                break
            plan = self._again(plan, block == b)
        return plan

    def met(self, plan: Ints, enough: float) -> bool:
        """Whether the plan keeps every rule at a J of ``enough``."""
        return self.model.value(plan) <= enough and not self.breaks(plan)

    def breaks(self, plan: Ints) -> bool:
        """Whether the plan breaks a rule."""
        return self._worth(plan)[0] > 1e-9

    def _again(self, plan: Ints, inside: Bools) -> Ints:
        """The better of the plan and one with the moves inside some schools made anew."""
        mine = self._within(plan, inside)
        held = held_by(self.model, plan[~mine])
        found = self._block(inside, held, plan[mine], whole=not self.breaks(plan))
        if found is None:
            return plan
        other = np.sort(np.concatenate([plan[~mine], found]))
        return other if self._worth(other) < self._worth(plan) else plan

    def _broken_places(self, plan: Ints) -> list[int]:
        """A school of each rule that the plan breaks."""
        market = self.model.market
        places = set(market.school[self.model.unplaced(plan)].tolist())
        broken = np.flatnonzero(self.model.violations(plan) > 0)
        if len(broken):
            starts, row, _ = self.model.incidence.entries(self.near)
            touching = np.repeat(self.near, np.diff(np.append(starts, len(row))))
            first = {int(r): int(i) for r, i in zip(row[::-1], touching[::-1], strict=True)}
            places |= {int(market.school[self.model.arcs.teacher[first[r]]]) for r in broken.tolist() if r in first}
        return sorted(places)

    def _worth(self, plan: Ints) -> tuple[float, float]:
        """How much the plan breaks, in persons, and its J: smaller is better."""
        broken = self.model.violations(plan).sum() + len(self.model.unplaced(plan))
        twice = len(plan) - len(np.unique(self.model.arcs.teacher[plan]))
        bonus = self.request.keep_bonus * len(np.intersect1d(plan, self.kept))
        return round(float(broken + twice), 6), self.model.value(plan) - bonus

    # a block ----------------------------------------------------------------------------------------------------

    def _within(self, ids: Ints, inside: Bools) -> Bools:
        """Which arcs begin and end inside."""
        arcs = self.model.arcs
        return np.asarray(inside[self.model.market.school[arcs.teacher[ids]]] & inside[arcs.school[ids]], dtype=bool)

    def _block(self, inside: Bools, held: Held, mine: Ints, *, whole: bool = False) -> Ints | None:
        """The best moves inside with all else held; ``None`` when they cannot be better than ``mine``.

        ``whole`` tells that no rule is broken with ``mine``.
        """
        ids = np.union1d(self.near[self._within(self.near, inside)], mine)
        patch = Patch(self.model, ids, self.cost, self.balance, held)
        ids = patch.ids
        if len(ids) == 0:
            return None
        master = patch.master(self.request.prices, elastic=True)
        own = np.flatnonzero(np.isin(ids, mine))
        reduced = self.cost[ids] - self.model.incidence.priced_some(self.y, ids)
        master.add_arcs(np.union1d(master.select(reduced, PER_TEACHER, PER_SLOT), own))
        _converge(master)
        if whole and self._now(master, own) - master.value <= 1e-6 * self.size:
            return None
        movers = len(np.unique(master.arcs.teacher))
        found = Dive(master, SHARE, LEAP * self.size * movers / self.movable).run()
        return None if found is None else ids[found]

    def _now(self, master: Master, own: Ints) -> float:
        """What the programme would say of the block's present moves."""
        _, row, value = master.prover.incidence.entries(own)
        activity = np.bincount(row, weights=value, minlength=len(master.rows))
        change = -activity[master.step_row]
        square = master.balance.square[master.step_school, master.step_k]
        slope = master.balance.slope[master.step_school, master.step_k]
        today = master.balance.today[master.step_school, master.step_k]
        steps = square * ((today + change) ** 2 - today**2) - slope * change
        return float(master.cost[own].sum() + steps.sum())


def _converge(master: Master) -> None:
    for _ in range(ROUNDS):
        master.solve()
        missing = master.missing_arcs(master.prover.reduced(master.y), PER_TEACHER, PER_SLOT, EPS)
        if len(missing) == 0:
            return
        master.add_arcs(missing)
