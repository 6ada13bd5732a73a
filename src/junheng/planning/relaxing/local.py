"""A small programme of only those rules that a contradiction rests on, with every move that touches them.

Moves of one teacher that do the same to these rules are one column, so nothing is left out and nothing is generated:
what it finds contradictory is contradictory, and a large county's conflict is settled in milliseconds.
"""

from __future__ import annotations

import highspy
import numpy as np

from junheng.planning.relaxing.loosening import NONE, Loose
from junheng.planning.relaxing.openings import PERSONAL, PIN
from junheng.planning.solving.columns import quiet_highs
from junheng.planning.solving.market import Bools, Floats, Ints

_NUDGE = 1e-5


class Local:
    """The programme of the rules in ``kept`` (mask over the rules of ``loose``); all others are lifted for good."""

    def __init__(self, loose: Loose, kept: Bools) -> None:
        self.loose = loose
        self.kept = kept.copy()
        self.row_of = np.flatnonzero(kept[: len(loose.rows)])
        self.highs = quiet_highs()
        self._columns()
        self._build()
        self.price = np.zeros(loose.size)

    # building -----------------------------------------------------------------------------------------------------

    def _columns(self) -> None:
        """One column for each teacher and effect on the kept rules."""
        loose, kept = self.loose, self.kept
        arcs = loose.openings.arcs
        people = len(loose.market.teacher_ids)
        own = np.zeros(people, dtype=np.int64)
        for k in range(len(PERSONAL)):
            own |= kept[loose.personal(k)].astype(np.int64) << k
        self.must = kept[len(loose.rows) :][:people] | (kept[loose.personal(PIN)] & loose.pinned)
        bits = loose.barred & own[arcs.teacher]
        arc, row, value = loose.entries()
        mine = kept[row]
        arc, row, value = arc[mine], row[mine], value[mine]
        weights = np.random.default_rng(1).integers(1, 2**62, size=len(loose.rows) + 256, dtype=np.uint64)
        effect = weights[len(loose.rows) + bits].copy()
        np.add.at(effect, arc, weights[row] * np.rint(value * 2**20).astype(np.int64).astype(np.uint64))
        touches = np.zeros(len(arcs), dtype=bool)
        touches[arc] = True
        useful = np.flatnonzero(touches | self.must[arcs.teacher])
        order = np.lexsort((effect[useful], arcs.teacher[useful]))
        useful = useful[order]
        new = np.ones(len(useful), dtype=bool)
        same = (arcs.teacher[useful][1:] == arcs.teacher[useful][:-1]) & (effect[useful][1:] == effect[useful][:-1])
        new[1:] = ~same
        self.ids = useful[new]
        self.teacher, self.bits = arcs.teacher[self.ids], bits[self.ids]

    def _build(self) -> None:
        loose, highs = self.loose, self.highs
        at = np.full(len(loose.rows), -1, dtype=np.int64)
        at[self.row_of] = np.arange(len(self.row_of))
        self.people, place = np.unique(np.concatenate([self.teacher, np.flatnonzero(self.must)]), return_inverse=True)
        rows, people = len(self.row_of), len(self.people)
        forced = self.must[self.people]
        lo = np.concatenate([loose.rows.lo[self.row_of], np.where(forced, 1.0, 0.0)])
        hi = np.concatenate([loose.rows.hi[self.row_of], np.ones(people)])
        none = np.zeros(0, dtype=np.int32)
        highs.addRows(rows + people, lo, hi, 0, np.zeros(rows + people, dtype=np.int32), none, np.zeros(0))
        starts, row, value = loose.prover.incidence.entries(self.ids)
        arc = np.searchsorted(starts, np.arange(len(row)), side="right") - 1
        mine = at[row] >= 0
        arc = np.concatenate([arc[mine], np.arange(len(self.ids))])
        row = np.concatenate([at[row[mine]], rows + place[: len(self.ids)]])
        value = np.concatenate([value[mine], np.ones(len(self.ids))])
        order = np.argsort(arc, kind="stable")
        self._add(len(self.ids), arc[order], row[order], value[order])
        short = np.flatnonzero(np.isfinite(loose.rows.lo[self.row_of]))
        over = np.flatnonzero(np.isfinite(loose.rows.hi[self.row_of]))
        left = rows + np.flatnonzero(forced)
        self.slack_row = np.concatenate([short, over, left])
        sign = np.concatenate([np.ones(len(short)), -np.ones(len(over)), np.ones(len(left))])
        self._add(len(sign), np.arange(len(sign)), self.slack_row, sign)
        self.width = len(self.ids) + len(sign)

    def _add(self, columns: int, column: Ints, row: Ints, value: Floats) -> None:
        starts = np.searchsorted(column, np.arange(columns)).astype(np.int32)
        self.highs.addCols(
            columns, np.zeros(columns), np.zeros(columns), np.full(columns, np.inf), len(row), starts,
            row.astype(np.int32), value,
        )  # fmt: skip

    # answers ------------------------------------------------------------------------------------------------------

    def possible(self, kept: Bools, *, surely: bool = False) -> bool:
        """Whether the kept rules, all of them among those of the programme, can be kept together.

        A no is certain; a yes is one of fractional moves, unless ``surely`` or the whole problem is small.
        """
        loose = self.loose
        price = kept.astype(float)
        cost = np.zeros(len(self.ids))
        for k in range(len(PERSONAL)):
            cost += ((self.bits >> k) & 1) * price[loose.personal(k)][self.teacher]
        rows = len(self.row_of)
        own = loose.must_price(price)[self.people]
        listed = np.concatenate([price[self.row_of], own])[self.slack_row]
        whole = np.concatenate([cost + _NUDGE, listed])
        self.highs.changeColsCost(self.width, np.arange(self.width, dtype=np.int32), whole)
        self.highs.run()
        solution = self.highs.getSolution()
        self.values = np.array(solution.col_value, dtype=float)
        self.duals = np.array(solution.row_dual, dtype=float)
        self.cost, self.listed, self.rows = cost, listed, rows
        if float(np.concatenate([cost, listed]) @ self.values) > NONE:
            return False
        return not (loose.small or surely) or self._whole_possible(np.concatenate([cost, listed]))

    def _whole_possible(self, price: Floats) -> bool:
        """Whether a plan of whole moves keeps the rules."""
        x = self.values[: len(self.ids)]
        if (np.minimum(np.abs(x), np.abs(1 - x)) <= NONE).all():
            return True
        search = quiet_highs()
        lp = self.highs.getLp()
        kinds = [highspy.HighsVarType.kInteger] * len(self.ids)
        lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (self.width - len(self.ids))
        lp.col_cost_ = price
        search.setOptionValue("mip_rel_gap", 0.0)
        search.setOptionValue("mip_abs_gap", 1e-9)
        search.passModel(lp)
        search.run()
        return float(search.getInfo().objective_function_value) <= NONE

    def broken(self) -> Floats:
        """(rules,) the price at which the last programme breaks each kept row; rules about persons are left out."""
        found = np.zeros(self.loose.size)
        amount = self.values[len(self.ids) :]
        on_rows = self.slack_row < self.rows
        np.add.at(found, self.row_of[self.slack_row[on_rows]], amount[on_rows] * self.listed[on_rows])
        people = self.people[self.slack_row[~on_rows] - self.rows]
        found[len(self.loose.rows) + people] += amount[~on_rows] * self.listed[~on_rows]
        for k in range(len(PERSONAL)):
            used = ((self.bits >> k) & 1) * self.values[: len(self.ids)]
            np.add.at(found, self.loose.personal(k)[self.teacher], used)
        return found

    def needed(self, kept: Bools) -> Bools:
        """(rules,) the kept rules that the last programme's multipliers rest on."""
        loose = self.loose
        touched = np.zeros(loose.size, dtype=bool)
        y = self.duals
        touched[self.row_of] = np.abs(y[: self.rows]) > 1e-7
        charged = self.people[np.abs(y[self.rows :]) > 1e-7]
        touched[len(loose.rows) + charged] = True
        touched[loose.personal(PIN)[charged]] = True
        reduced = -loose.prover.incidence.priced(self._spread(y[: self.rows]))[self.ids]
        at = np.searchsorted(self.people, self.teacher)
        cheap = reduced - y[self.rows + at] < -_NUDGE / 2
        for k in range(len(PERSONAL)):
            touched[loose.personal(k)[self.teacher[cheap & ((self.bits >> k) & 1 == 1)]]] = True
        return touched & kept

    def _spread(self, y: Floats) -> Floats:
        full = np.zeros(len(self.loose.rows))
        full[self.row_of] = y
        return full
