"""Good multipliers for many arcs in little time: a scaled subgradient ascent on the bound, over all arcs at once.

Every step prices all arcs, lets each teacher take the best one, and moves each row's multiplier by the row's shortage
or excess, in units of that row's own usual size. The steps shrink on a fixed schedule. The work grows in proportion to
the arcs, where a linear programme's grows faster. The multipliers are within about a percent of the best: they tell
which arcs a programme should begin with, and prove a bound by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.solving.balance import Balance
from junheng.planning.solving.bound import signed
from junheng.planning.solving.generation import varying
from junheng.planning.solving.market import Bools, Floats, Ints
from junheng.planning.solving.model import Model

FIRST = 0.12
"""Length of the first step, as a share of what a move is worth when the quotas' movers share the whole imbalance."""
HALVING = 50
"""Steps after which the length has halved; it falls as 1 / (1 + step / HALVING)."""
DRIFT, SPREAD = 0.9, 0.999
"""Memory of the mean and of the mean square of a row's shortage."""
RECENT = 0.98
"""Memory of the averages over steps."""
LOOK_BACK = 100
"""Steps whose choices are averaged to a fractional solution."""
SETTLE = 100
"""Steps between two moves of the reference of the balance cost."""


@dataclass(frozen=True, slots=True)
class Height:
    """Multipliers of the rows and the bound that they prove; the balance cost that they refer to.

    ``pool`` are the arcs taken lately and ``x`` how often: nearly a fractional optimum.
    """

    y: Floats
    bound: float
    balance: Balance
    pool: Ints
    x: Floats


class Ascent:
    """The state of one ascent."""

    def __init__(self, model: Model, y: Floats | None = None) -> None:
        self.model = model
        self.balance = self._settled(model.balance, model.balance.today.astype(float))
        self.school, self.k = np.nonzero(model.rows.count >= 0)
        self.counting = model.rows.count[self.school, self.k]
        if y is None:
            y = np.zeros(len(model.rows))
            y[self.counting] = self.balance.gradient()[self.school, self.k]
        self.y = y
        arcs = model.arcs
        self.teachers, self.start, self.many = np.unique(arcs.teacher, return_index=True, return_counts=True)
        self.forced: Bools = model.prover.forced[self.teachers]
        self.cost = model.cost.astype(np.float32)
        self.key = model.incidence.arrival_key.astype(np.int32)
        self.priced = np.empty(len(arcs), dtype=np.float32)
        self.mean, self.square = np.zeros(len(y)), np.zeros(len(y))
        self.held = model.balance.today.astype(float)
        self.choices: list[Ints] = []
        self.steps = 0
        goals = model.market.policy.objective
        self.unit = (goals.w_imbalance + goals.w_service) / max(1, model.asked)

    def climb(self, steps: int) -> Height:
        """Takes steps and gives the height reached."""
        for _ in range(steps):
            self._step()
        pool, times = np.unique(np.concatenate(self.choices), return_counts=True)
        x = times / len(self.choices)
        return Height(self.y.copy(), self.model.prover.bound(self.y), self.balance, pool, x)

    def _step(self) -> None:
        self.steps += 1
        shortage = self._shortage()
        self.mean = DRIFT * self.mean + (1 - DRIFT) * shortage
        self.square = SPREAD * self.square + (1 - SPREAD) * shortage**2
        usual = np.sqrt(self.square / (1 - SPREAD**self.steps)) + 1e-3
        length = FIRST * self.unit / (1 + self.steps / HALVING)
        y = self.y + length * (self.mean / (1 - DRIFT**self.steps)) / usual
        self.y = signed(self.model.rows, y)
        if self.steps % SETTLE == 0:
            self.balance = self._settled(self.balance, self.held)

    def _shortage(self) -> Floats:
        """(rows,) by how much the best arcs and counts at these multipliers miss the side that a row is priced at."""
        rows, y = self.model.rows, self.y
        chosen = self._chosen()
        self.choices = [*self.choices[1 - LOOK_BACK :], chosen]
        _, row, value = self.model.incidence.entries(chosen)
        activity = np.bincount(row, weights=value, minlength=len(rows)).astype(float)  # whole numbers where empty
        today = self.model.balance.today[self.school, self.k]
        self.held[self.school, self.k] *= RECENT
        self.held[self.school, self.k] += (1 - RECENT) * (today - activity[self.counting])
        square, slope = self.balance.square[self.school, self.k], self.balance.slope[self.school, self.k]
        activity[self.counting] += np.maximum(0.0, np.rint((y[self.counting] + slope) / (2 * square)))
        below, above = rows.lo - activity, rows.hi - activity
        idle = np.where(below > 0, below, np.minimum(above, 0.0))
        return np.asarray(np.where(y > 0, below, np.where(y < 0, above, idle)), dtype=float)

    def _chosen(self) -> Ints:
        """The best arc of each teacher who must move or gains by moving."""
        incidence = self.model.incidence
        leaving = incidence.departure_prices(self.y, self.teachers).astype(np.float32)
        np.take(incidence.arrival_prices(self.y).astype(np.float32), self.key, out=self.priced, mode="clip")
        np.subtract(self.cost, self.priced, out=self.priced)
        if len(self.priced) == 0:
            return np.zeros(0, dtype=np.int64)
        best = np.minimum.reduceat(self.priced, self.start)
        takes = self.forced | (best - leaving < 0)
        wanted = np.where(takes, best, np.float32(-np.inf))
        hits = np.flatnonzero(self.priced == np.repeat(wanted, self.many))
        teacher = self.model.arcs.teacher[hits]
        return np.asarray(hits[np.diff(teacher, prepend=-1) != 0], dtype=np.int64)

    def _settled(self, balance: Balance, counts: Floats) -> Balance:
        """The balance cost with its reference at counts."""
        moving = varying(self.model.prover)
        return balance.at(counts, moving) if moving.any() else balance
