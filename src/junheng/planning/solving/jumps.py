"""The standard in the search for whole plans: on which side of each need a school is to be.

The linear programme sees the hull of the cost and takes part of a reward for part of the way. Before a dive every
school is settled on one side of its needs, the clear cases first; within a side the cost is convex, so the programme is
exact on whole numbers. A mixed-integer search has a choice for every count within reach instead, and is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from junheng.planning.solving.balance import Balance
from junheng.planning.solving.columns import Master
from junheng.planning.solving.market import Bools, Floats, Ints

ROUNDS = 6
NEAR = 1e-6


def settled(master: Master) -> Balance:
    """The master's balance cost with every school on one side of its needs; the master is left at it, solved."""
    whole = master.balance
    if whole.standard is None:
        return whole
    open_ = _open(whole)
    for round_ in range(ROUNDS):
        if not open_.any():
            break
        counts = np.clip(master.counts(), whole.standard.lo, whole.standard.hi)
        side, doubt = _sides(whole, counts)
        share = 1.0 if round_ == ROUNDS - 1 else 0.5
        now = open_ & (doubt <= max(NEAR, float(np.quantile(doubt[open_], share))))
        master.rebalance(_on_side(master.balance, whole, side, now))
        open_ &= ~now
        master.solve()
    return master.balance


def _open(balance: Balance) -> Bools:
    """(J, K) whether a need lies within reach."""
    standard = balance.standard
    assert standard is not None  # noqa: S101 - asked of a cost with a standard only
    first, last = standard.pieces()
    return np.asarray((first <= last).sum(axis=-1) > 1, dtype=bool)


def _sides(balance: Balance, counts: Floats) -> tuple[Ints, Floats]:
    """(J, K) the stretch between needs that each count is nearest to by value, and how doubtful that is, 0 to 0.5."""
    standard, hull = balance.standard, balance.hull
    assert standard is not None  # noqa: S101 - asked of a cost with a standard only
    assert hull is not None  # noqa: S101 - as above
    first, last = standard.pieces()
    below = np.floor(counts + NEAR)
    part = np.clip(counts - below, 0.0, 1.0)
    here = below.astype(np.int64)
    there = np.minimum(here + 1, standard.hi)
    missing = (balance.square * counts**2 - balance.slope * counts) + _between(
        standard.cost(here), standard.cost(there), part
    )
    gap = missing - _between(hull.value(here), hull.value(there), part)
    # a part of a reward is taken for part of the way: the larger part decides
    taken = np.clip(gap / max(standard.reward, 1e-300), 0.0, 1.0)
    reached = (counts[..., None] >= first - NEAR).sum(axis=-1) - 1
    reached = np.clip(reached, 0, first.shape[-1] - 1)
    nonempty = np.take_along_axis(first <= last, reached[..., None], axis=-1)[..., 0]
    after = np.minimum(reached + 1, first.shape[-1] - 1)
    side = np.where((taken > 0.5) & (first[..., 2] <= last[..., 2]) & nonempty, after, reached)
    return np.asarray(side, dtype=np.int64), np.minimum(taken, 1.0 - taken)


def _between(one: Floats, other: Floats, part: Floats) -> Floats:
    return np.asarray((1.0 - part) * one + part * other, dtype=float)


def _on_side(balance: Balance, whole: Balance, side: Ints, now: Bools) -> Balance:
    """The balance cost with the marked schools held to one stretch."""
    standard, full = balance.standard, whole.standard
    assert standard is not None  # noqa: S101 - asked of a cost with a standard only
    assert full is not None  # noqa: S101 - as above
    first, last = (np.take_along_axis(each, side[..., None], axis=-1)[..., 0] for each in full.pieces())
    usable = now & (first <= last)
    lo, hi = np.where(usable, first, standard.lo), np.where(usable, last, standard.hi)
    return replace(balance, standard=replace(standard, lo=lo, hi=hi))


@dataclass(frozen=True, slots=True)
class Choices:
    """Columns of a search that choose a school's count: (school, indicator), the count and the column of each."""

    school: Ints
    k: Ints
    count: Ints
    column: Ints


def choose_counts(highs: highspy.Highs, master: Master) -> Choices:
    """Puts the exact cost into a search: one whole choice for each count within reach of a school with a need there."""
    balance, standard = master.balance, master.balance.standard
    if standard is None:
        return Choices(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
    mine = np.flatnonzero(_open(balance)[master.step_school, master.step_k])
    for _, _, columns in master.step_columns:
        none = np.zeros(len(mine))
        highs.changeColsBounds(len(mine), columns[mine].astype(np.int32), none, none)
    today = balance.at_today()
    rows: list[tuple[int, int, int, int]] = []
    column = highs.getNumCol()
    for i in mine:
        j, k = int(master.step_school[i]), int(master.step_k[i])
        z = np.arange(standard.lo[j, k], standard.hi[j, k] + 1)
        cost = balance.square[j, k] * z**2 - balance.slope[j, k] * z - today[j, k]
        cost = cost + standard.reward * (z[:, None] < standard.needed[j, k]).sum(axis=1)
        one = highs.getNumRow()
        highs.addRow(1.0, 1.0, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
        step = int(master.step_row[i])
        for count, price in zip(z.tolist(), cost.tolist(), strict=True):
            index = np.array([one, step], dtype=np.int32)
            highs.addCol(price, 0.0, 1.0, 2, index, np.array([1.0, float(count - balance.today[j, k])]))
            highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
            rows.append((j, k, count, column))
            column += 1
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Choices(table[:, 0], table[:, 1], table[:, 2], table[:, 3])
