"""From a fractional optimum to a plan: arcs are fixed in rounds on the warm programme, and undone when that costs too
much.
"""

from __future__ import annotations

import numpy as np

from junheng.planning.solving.columns import Master
from junheng.planning.solving.market import Bools, Floats, Ints

WHOLE = 1e-6
ROUNDS = 400
PATIENCE = 12
"""Retreats after which the dive fixes one arc at a time without looking back."""


def whole(x: Floats) -> bool:
    """Whether every value is 0 or 1."""
    return bool((np.minimum(np.abs(x), np.abs(1 - x)) <= WHOLE).all())


class Dive:
    """One descent; ``share`` of the fractional arcs are fixed per round, ``leap`` is the J that a round may cost.

    ``slack`` is by how many persons a round may break more rules; after ``most`` retreats the dive gives up.
    """

    def __init__(self, master: Master, share: float, leap: float, slack: float = WHOLE, most: int = ROUNDS) -> None:
        self.master = master
        self.share = share
        self.leap = leap
        self.slack = slack
        self.most = most
        self.fixed = np.zeros(len(master.pool), dtype=bool)
        self.closed = np.zeros(len(master.pool), dtype=bool)
        self.retreats = 0

    def run(self) -> Ints | None:
        """Ids of the arcs taken, or ``None`` when the dive ends nowhere; the programme's bounds are put back."""
        found = self._descend()
        if self.fixed.any():
            self.master.fix(self.master.pool[: len(self.fixed)][self.fixed], 0.0, np.inf)
        if self.closed.any():
            self.master.fix(self.master.pool[: len(self.closed)][self.closed], 0.0, np.inf)
        return found

    def _descend(self) -> Ints | None:
        master = self.master
        for _ in range(ROUNDS):
            if not master.optimal or self.retreats > self.most:
                return None
            if whole(master.x):
                return np.sort(master.pool[master.x > 0.5])
            slack, value = master.slack, master.value
            batch = self._batch()
            self._set(batch, 1.0)
            master.solve()
            if not self._worse(slack, value):
                continue
            self.retreats += 1
            self._set(batch, 0.0)
            first = batch[:1]
            self._set(first, 1.0)
            master.solve()
            if self._worse(slack, value) and self.retreats < PATIENCE:
                self._set(first, 0.0)
                self._close(first)
                master.solve()
        return None

    def _worse(self, slack: float, value: float) -> bool:
        master = self.master
        return not master.optimal or master.slack > slack + self.slack or master.value > value + self.leap

    def _batch(self) -> Ints:
        """Positions of the next arcs to fix, largest first: at most one per teacher and per slot that is left."""
        master = self.master
        x = master.x
        free = np.flatnonzero((x > WHOLE) & ~self._mask(self.fixed))
        sure = free[x[free] >= 1 - WHOLE]
        open_ = free[x[free] < 1 - WHOLE]
        order = open_[np.lexsort((master.pool[open_], -x[open_]))]
        taken: list[int] = []
        slots: set[int] = set()
        most = max(1, int(self.share * len(order)))
        for position in order:
            slot = int(master.prover.incidence.from_slot[master.arcs.teacher[master.pool[position]]])
            if slot not in slots and (not taken or x[position] > 0.5):
                taken.append(int(position))
                slots.add(slot)
            if len(taken) >= most:
                break
        return np.concatenate([np.array(taken, dtype=np.int64), sure])

    def _mask(self, mask: Bools) -> Bools:
        return np.concatenate([mask, np.zeros(len(self.master.pool) - len(mask), dtype=bool)])

    def _set(self, positions: Ints, lower: float) -> None:
        self.fixed[positions] = lower > 0
        self.master.fix(self.master.pool[positions], lower, np.inf)

    def _close(self, positions: Ints) -> None:
        self.closed[positions] = True
        self.master.fix(self.master.pool[positions], 0.0, 0.0)
