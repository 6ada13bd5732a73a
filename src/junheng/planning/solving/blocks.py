"""Geographic blocks of a large part: cut school by school, and one block as a part of its own with all else held.

A block's rows are those that its arcs touch, less what the held arcs use up of them, so plans of blocks fit together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.balance import Balance
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.columns import Master
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.market import Bools, Floats, Ints
from junheng.planning.solving.model import Model
from junheng.planning.solving.rows import Incidence, Rows
from junheng.planning.solving.score import counts_after


def cut(points: Floats, weight: Floats, most: float, turn: int = 0) -> Ints:
    """(n,) block of each point: halved by weight across the longer side until no block is heavier than ``most``.

    ``turn`` other than 0 gives other blocks: the first cut is across the other side, and at a third instead of half.
    """
    block = np.zeros(len(points), dtype=np.int64)
    waiting = [(np.arange(len(points)), turn)]
    done = 0
    while waiting:
        mine, turned = waiting.pop()
        if len(mine) < 2 or weight[mine].sum() <= most:
            block[mine] = done
            done += 1
            continue
        spread = points[mine].max(axis=0) - points[mine].min(axis=0)
        side = int(np.argmax(spread)) ^ (turned % 2)
        order = mine[np.lexsort((mine, points[mine, 1 - side], points[mine, side]))]
        share = np.cumsum(weight[order]) / max(1e-9, weight[mine].sum())
        at = int(np.clip(np.searchsorted(share, (0.5, 0.36, 0.64)[turned % 3]) + 1, 1, len(order) - 1))
        waiting += [(np.sort(order[at:]), 0), (np.sort(order[:at]), 0)]
    return block


def blocks_of(model: Model, most: float, turn: int = 0) -> Ints:
    """(J,) block of each school, by the number of teachers who can move; -1 in stages of other parts."""
    market = model.market
    mine = np.flatnonzero(np.isin(market.school_stage, model.stages))
    block = np.full(len(market.school_ids), -1, dtype=np.int64)
    block[mine] = cut(market.school_xy[mine], _movable(model)[mine].astype(float), most, turn)
    return block


def around(model: Model, school: int, most: float) -> Bools:
    """(J,) the schools nearest to one of them, until ``most`` teachers can move."""
    market = model.market
    mine = np.flatnonzero(np.isin(market.school_stage, model.stages))
    far = np.hypot(*(market.school_xy[mine] - market.school_xy[school]).T)
    order = mine[np.lexsort((mine, far))]
    before = np.cumsum(_movable(model)[order]) - _movable(model)[order]
    inside = np.zeros(len(market.school_ids), dtype=bool)
    inside[order[before <= most]] = True
    return inside


def _movable(model: Model) -> Ints:
    """(J,) teachers who can move."""
    market = model.market
    return np.bincount(market.school[np.unique(model.arcs.teacher)], minlength=len(market.school_ids))


def narrowed(rows: Rows, kept: Bools, used: Floats) -> Rows:
    """The kept rows alone, with ``used`` (rows,) taken off their sides."""
    at = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    names = tuple(rows.names[i] for i in np.flatnonzero(kept))
    return replace(
        rows,
        names=names,
        family=rows.family[kept],
        lo=(rows.lo - used)[kept],
        hi=(rows.hi - used)[kept],
        refill=at[rows.refill],
        total=at[rows.total],
        outflow=at[rows.outflow],
        quota=at[rows.quota],
        direction=int(at[rows.direction]),
        backbone=int(at[rows.backbone]),
        couple=at[rows.couple],
        count=at[rows.count],
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What the arcs outside a block use up: ``used`` (rows,), ``counts`` (J, K) with them, ``busy`` (N,) teachers."""

    used: Floats
    counts: Ints
    busy: Bools


def held_by(model: Model, chosen: Ints) -> Held:
    """What whole arcs use up."""
    activity = model.activity(chosen)
    counts = counts_after(model.market, model.arcs, chosen)
    busy = np.zeros(len(model.market.teacher_ids), dtype=bool)
    busy[model.arcs.teacher[chosen]] = True
    return Held(activity, counts, busy)


def shared_rows(model: Model, ids: Ints, block: Ints) -> Bools:
    """(rows,) whether arcs of several blocks touch the row; ``block`` (arcs given,)."""
    starts, row, _ = model.incidence.entries(ids)
    owner = np.repeat(block, np.diff(np.append(starts, len(row))))
    least = np.full(len(model.rows), np.iinfo(np.int64).max)
    most = np.full(len(model.rows), -1)
    np.minimum.at(least, row, owner)
    np.maximum.at(most, row, owner)
    return np.asarray(least < most, dtype=bool)


class Patch:
    """Some of a part's arcs as a part of its own, with everything else held."""

    def __init__(self, model: Model, ids: Ints, cost: Floats, balance: Balance, held: Held) -> None:
        """``ids`` are the open arcs, of which those of busy teachers are left out; ``cost`` is that of every arc."""
        arcs = model.arcs
        ids = ids[~held.busy[arcs.teacher[ids]]]
        self.ids = ids
        sub = Arcs(arcs.teacher[ids], arcs.school[ids], arcs.subject[ids], arcs.service[ids])
        _, row, _ = model.incidence.entries(ids)
        kept = np.zeros(len(model.rows), dtype=bool)
        kept[row] = True
        self.cost = cost[ids]
        self.balance = replace(balance, today=held.counts)
        incidence = Incidence(model.market, sub, narrowed(model.rows, kept, held.used))
        self.prover = Prover(model.market, incidence, self.cost, self.balance, model.stages, whole=False)
        free = np.zeros(len(model.market.teacher_ids), dtype=bool)
        free[sub.teacher] = True
        self.prover.forced &= free

    def master(self, prices: Prices, *, elastic: bool) -> Master:
        """The block's linear programme, still without arcs."""
        return Master(self.prover, self.cost, self.balance, prices, elastic=elastic)
