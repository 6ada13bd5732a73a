"""Multipliers that prove the most where a stage's PE and arts total can change.

The cost of a count depends on the total T, and the bound takes the least over all totals. Multipliers of the linear
programme at one reference total are good there and poor elsewhere. So the programme is given copies of the balance cost
for several totals, mixed by shares that add up to one: its multipliers are good at every total it holds a copy of.
Copies are added where the bound is least until that total has one.
"""

from __future__ import annotations

import numpy as np

from junheng.planning.solving.bound import Prover, Span
from junheng.planning.solving.columns import Master
from junheng.planning.solving.market import PE_ARTS, Floats, Ints
from junheng.planning.solving.standard import hull_of

DEPTH = 3
"""Unit steps on either side of a copy's base; the last is unbounded."""


class Envelope:
    """Copies of the balance cost of PE and arts of one stage inside a master programme."""

    def __init__(self, master: Master, prover: Prover, span: Span) -> None:
        self.master = master
        self.prover = prover
        self.span = span
        self.schools = np.flatnonzero(prover.market.school_stage == span.stage)
        self.counts = master.counts()[self.schools, PE_ARTS]
        self.held: set[int] = set()
        self.columns: list[Ints] = []
        self.hold()
        self.mixture = int(master.add_rows(np.ones(1), np.ones(1))[0])
        self.add_copy(max(1, round(float(self.counts.sum()))))

    def hold(self) -> None:
        """Keeps the steps at the reference total out of the programme."""
        self._swap_steps(0.0)

    def _swap_steps(self, upper: float | None) -> None:
        """Takes the steps at the reference total out (``upper`` 0) or puts them back (``None``)."""
        mine = (self.master.step_k == PE_ARTS) & np.isin(self.master.step_school, self.schools)
        last = {s: max(o for t, o, _ in self.master.step_columns if t == s) for s in (1, -1)}
        for sign, offset, columns in self.master.step_columns:
            full = np.inf if offset == last[sign] else 1.0
            top = np.full(int(mine.sum()), full if upper is None else upper)
            self.master.bound_columns(columns[mine], np.zeros(len(top)), top)

    def remove(self) -> None:
        """Leaves the master as it was before."""
        for columns in self.columns:
            self.master.bound_columns(columns, np.zeros(len(columns)), np.zeros(len(columns)))
        self.master.highs.changeRowBounds(self.mixture, -np.inf, np.inf)
        self._swap_steps(None)

    def add_copy(self, total: int) -> None:
        """Adds the cost at one total: a base, and steps up and down that the copy's share bounds."""
        balance, size = self.prover.balance, len(self.schools)
        scale = balance.scale[self.span.stage, PE_ARTS]
        square = scale / (balance.share[self.schools] * total**2)
        base = np.rint(self.counts * total / max(1.0, self.counts.sum()))
        hull = None
        if balance.standard is not None:
            part = balance.standard.of(self.schools, PE_ARTS)
            base = np.clip(base, part.lo, part.hi)
            hull = hull_of(part, square, np.zeros(size))
        spare = int(self.master.add_rows(np.zeros(1), np.zeros(1))[0])
        caps = self.master.add_rows(np.zeros(2 * size), np.full(2 * size, np.inf))
        counting = self.prover.incidence.rows.count[self.schools, PE_ARTS]
        index = np.concatenate([[self.mixture, spare], counting, caps])
        today = balance.today[self.schools, PE_ARTS]
        value = np.concatenate([[1.0, base.sum() - total], base - today, np.ones(2 * size)])
        used = value != 0
        held = float((square * base**2).sum()) if hull is None else float(hull.value(base.astype(np.int64)).sum())
        cost = np.array([held - scale])
        none = np.zeros(1, dtype=np.int64)
        self.columns.append(self.master.add_columns(cost, np.array([np.inf]), none, index[used], value[used]))
        for side, sign in enumerate((1, -1)):
            for offset in range(DEPTH):
                cap = caps[side * size : (side + 1) * size] if offset == 0 else None
                rows = np.stack([counting, np.full(size, spare)], axis=1)
                z = base + (offset if sign > 0 else -offset - 1)
                step = square * (2 * z + 1) if hull is None else hull.step(z.astype(np.int64))
                self._add_step(sign * step, base, sign, offset, rows=rows, cap=cap)
        self.held.add(total)

    def _add_step(self, cost: Floats, base: Floats, sign: int, offset: int, *, rows: Ints, cap: Ints | None) -> None:
        possible = base + sign * (offset + 1) >= 0
        value = np.full(rows.shape, float(sign))
        if cap is not None:
            rows, value = np.column_stack([rows, cap]), np.column_stack([value, np.full(len(rows), -1.0)])
        rows, value = rows[possible], value[possible]
        upper = np.full(len(rows), 1.0 if offset == 0 else np.inf)
        starts = np.arange(len(rows)) * rows.shape[1]
        self.columns.append(self.master.add_columns(cost[possible], upper, starts, rows.ravel(), value.ravel()))

    def worst_total(self, y: Floats, reduced: Floats, best: Floats) -> int:
        """The total at which the bound is least; at least 1."""
        totals, values = self.prover.by_total(self.span, y, reduced, best)
        return max(1, int(totals[int(np.argmin(values))]))
