"""The linear programme over generated columns: HiGHS holds the arcs that matter, prices find the ones that are missing.

Columns are, in this order of birth: unit steps of the balance cost (exact on whole numbers), slacks of the rules that a
plan may break at a price, and arcs. Teachers who must move have a row of their own; for others "at most one arc" is
added as a row when a solution breaks it, which the outflow limits make rare.
"""

from __future__ import annotations

import highspy
import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.balance import Balance
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.market import Bools, Floats, Ints, Market
from junheng.planning.solving.rows import Rows

EPS = 1e-7
ARTIFICIAL = 1e5
"""Price of breaking a rule that may not give: high, so that it shows whether there is another way."""
STEPS = 4
"""Unit steps on either side of today's count to begin with; the last one is unbounded until it is used."""


def quiet_highs() -> highspy.Highs:
    """A single-threaded, silent HiGHS with a fixed seed."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("parallel", "off")
    return highs


class Master:
    """The restricted linear programme of a part of the county."""

    def __init__(self, prover: Prover, cost: Floats, balance: Balance, prices: Prices, *, elastic: bool) -> None:
        """``cost`` per arc in J; ``elastic`` gives a slack to every rule, else only to obligations and least quotas."""
        self.prover = prover
        self.rows: Rows = prover.incidence.rows
        self.arcs = prover.incidence.arcs
        self.cost = cost
        self.balance = balance
        self.highs = quiet_highs()
        self.highs.setOptionValue("presolve", "off")
        self.lp_rows = 0
        self.width = 0
        self.pool = np.zeros(0, dtype=np.int64)
        self.column = np.full(len(self.arcs), -1, dtype=np.int64)
        self.teacher_row = np.full(len(prover.market.teacher_ids), -1, dtype=np.int64)
        self.iterations = 0
        self._add_rule_rows()
        self._add_must_rows()
        self._add_steps()
        self._add_slacks(prices, elastic)
        self.x = np.zeros(0)
        self.y = np.zeros(len(self.rows))
        self.value = 0.0

    # building ---------------------------------------------------------------------------------------------------

    def add_rows(self, lo: Floats, hi: Floats) -> Ints:
        first = self.lp_rows
        none = np.zeros(0, dtype=np.int32)
        self.highs.addRows(len(lo), lo, hi, 0, np.zeros(len(lo), dtype=np.int32), none, np.zeros(0))
        self.lp_rows += len(lo)
        return np.arange(first, self.lp_rows)

    def add_columns(self, cost: Floats, upper: Floats, starts: Ints, index: Ints, value: Floats) -> Ints:
        first = self.width
        self.highs.addCols(
            len(cost), cost, np.zeros(len(cost)), upper, len(index),
            starts.astype(np.int32), index.astype(np.int32), value,
        )  # fmt: skip
        self.width += len(cost)
        return np.arange(first, self.width)

    def _add_singles(self, row: Ints, value: Floats, cost: Floats, upper: Floats) -> Ints:
        return self.add_columns(cost, upper, np.arange(len(row)), row, value)

    def _add_rule_rows(self) -> None:
        counting = self.rows.of_family("count")
        lo, hi = self.rows.lo.copy(), self.rows.hi.copy()
        lo[counting] = hi[counting] = 0.0  # the columns hold the change from today's count
        self.add_rows(lo, hi)

    def _add_must_rows(self) -> None:
        forced = np.flatnonzero(self.prover.forced)
        self.teacher_row[forced] = self.add_rows(np.ones(len(forced)), np.ones(len(forced)))

    def _add_steps(self) -> None:
        school, k = np.nonzero(self.rows.count >= 0)
        self.step_school, self.step_k = school, k
        self.step_row = self.rows.count[school, k]
        self.step_columns: list[tuple[int, int, Ints]] = []  # (sign, offset, columns)
        for sign in (1, -1):
            for offset in range(STEPS):
                self._add_step(sign, offset, np.inf if offset == STEPS - 1 else 1.0)

    def left_out(self, without: Bools | None = None) -> float:
        """What today's counts cost in the reference form: the part of J that is in no column.

        ``without`` (stages, K) marks the indicators whose whole cost other columns carry.
        """
        balance, school, k = self.balance, self.step_school, self.step_k
        counted = np.zeros(balance.total.shape, dtype=bool)
        counted[balance.stage[school], k] = True
        if without is not None:
            counted &= ~without
        cost = balance.at_today()[school, k]
        return float(cost[counted[balance.stage[school], k]].sum() + balance.constant()[counted].sum())

    def _add_step(self, sign: int, offset: int, upper: float) -> None:
        cost = self._step_cost(sign, offset)
        size = len(self.step_row)
        columns = self._add_singles(self.step_row, np.full(size, float(sign)), cost, np.full(size, upper))
        self.step_columns.append((sign, offset, columns))

    def _step_cost(self, sign: int, offset: int) -> Floats:
        """Cost of the step from ``offset`` to ``offset + 1`` above (or below) today's count."""
        counts = self.balance.today + (offset if sign > 0 else -offset - 1)
        return np.asarray((sign * self.balance.step(counts))[self.step_school, self.step_k], dtype=float)

    def _add_slacks(self, prices: Prices, elastic: bool) -> None:
        """Slacks of the rules that may give, and artificial ones of those that doing nothing breaks."""
        rows = self.rows
        price = prices.of_rows(rows)
        may_give = np.isfinite(price) & elastic
        asked = np.zeros(len(rows), dtype=bool)
        asked[rows.of_family("quota")] = True
        short = np.flatnonzero(np.isfinite(rows.lo) & (may_give | (asked & (rows.lo > 0))) & ~rows.is_count)
        over = np.flatnonzero(np.isfinite(rows.hi) & may_give & ~rows.is_count)
        must = self.teacher_row[np.flatnonzero(self.prover.forced)]
        self.slack_row = np.concatenate([short, over, must])
        self.slack_sign = np.concatenate([np.ones(len(short)), -np.ones(len(over)), np.ones(len(must))])
        listed = np.concatenate([price[short], price[over], np.full(len(must), prices.of("must"))])
        self.outflow_gives = bool(may_give[self.rows.of_family("outflow")].any())
        self.artificial = ~np.isfinite(listed)
        self.slack_price = np.where(self.artificial, ARTIFICIAL, listed)
        self.slack_column = self._add_singles(
            self.slack_row, self.slack_sign, self.slack_price, np.full(len(self.slack_row), np.inf)
        )

    def add_arcs(self, ids: Ints) -> None:
        """Adds arcs as columns; those already in are passed over."""
        ids = ids[self.column[ids] < 0]
        if len(ids) == 0:
            return
        starts, index, value = self.prover.incidence.entries(ids)
        row = self.teacher_row[self.arcs.teacher[ids]]
        own = row >= 0
        index = np.insert(index, starts[own], row[own])
        value = np.insert(value, starts[own], 1.0)
        shift = np.concatenate([[0], np.cumsum(own)[:-1]])
        # no upper bound of 1: the rows imply it, and it would hide the price of the teacher's row
        self.column[ids] = self.add_columns(self.cost[ids], np.full(len(ids), np.inf), starts + shift, index, value)
        self.pool = np.append(self.pool, ids)

    # solving ----------------------------------------------------------------------------------------------------

    def solve(self) -> None:
        """Solves to optimality, adding teacher rows and steps until the solution respects them."""
        while True:
            self._run()
            if not (self._add_broken_teachers() | self._extend_steps()):
                return

    def _run(self) -> None:
        self.highs.run()
        status = self.highs.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
            self.highs.clearSolver()
            self.highs.run()
            status = self.highs.getModelStatus()
        self.optimal = status == highspy.HighsModelStatus.kOptimal
        solution = self.highs.getSolution()
        self.values = np.array(solution.col_value, dtype=float)
        self.duals = np.array(solution.row_dual, dtype=float)
        self.x = self.values[self.column[self.pool]]
        self.y = self.duals[: len(self.rows)]
        info = self.highs.getInfo()
        self.value = float(info.objective_function_value)
        self.iterations += int(info.simplex_iteration_count)

    def _add_broken_teachers(self) -> bool:
        taken = np.bincount(self.arcs.teacher[self.pool], weights=self.x, minlength=len(self.teacher_row))
        broken = np.flatnonzero((taken > 1 + 1e-6) & (self.teacher_row < 0))
        self.add_teacher_rows(broken)
        return len(broken) > 0

    def add_teacher_rows(self, teachers: Ints) -> None:
        """Adds the row "at most one arc" for each teacher, over the arcs that are columns so far."""
        if len(teachers) == 0:
            return
        order = np.argsort(self.arcs.teacher[self.pool], kind="stable")
        whose = self.arcs.teacher[self.pool][order]
        first, last = (np.searchsorted(whose, teachers, side=side) for side in ("left", "right"))
        starts = np.concatenate([[0], np.cumsum(last - first)[:-1]])
        columns = self.column[self.pool[np.concatenate([order[a:b] for a, b in zip(first, last, strict=True)])]]
        size = len(teachers)
        self.highs.addRows(
            size, np.zeros(size), np.ones(size), len(columns),
            starts.astype(np.int32), columns.astype(np.int32), np.ones(len(columns)),
        )  # fmt: skip
        self.teacher_row[teachers] = np.arange(self.lp_rows, self.lp_rows + size)
        self.lp_rows += size

    def single_moves(self) -> None:
        """Gives every teacher with several arcs a row "at most one", as a search over whole plans needs it."""
        several = np.bincount(self.arcs.teacher[self.pool], minlength=len(self.teacher_row)) > 1
        caps = self.prover.market.outflow_caps()[self.prover.incidence.from_slot]
        limited = (self.rows.outflow[self.prover.incidence.from_slot] >= 0) & (caps <= 1) & ~self.outflow_gives
        self.add_teacher_rows(np.flatnonzero(several & ~limited & (self.teacher_row < 0)))

    def _extend_steps(self) -> bool:
        grown = False
        for sign in (1, -1):
            mine = [(offset, columns) for s, offset, columns in self.step_columns if s == sign]
            offset, columns = max(mine, key=lambda pair: pair[0])
            if len(columns) and (self.values[columns] > 1 + 1e-6).any():
                self.bound_columns(columns, np.zeros(len(columns)), np.ones(len(columns)))
                for more in range(1, STEPS + 1):
                    self._add_step(sign, offset + more, np.inf if more == STEPS else 1.0)
                grown = True
        return grown

    def extend_steps_to(self, offset: int) -> None:
        """Adds unit steps until they reach as far as ``offset`` on both sides."""
        for sign in (1, -1):
            while (last := max(o for s, o, _ in self.step_columns if s == sign)) < offset:
                columns = next(c for s, o, c in self.step_columns if (s, o) == (sign, last))
                self.bound_columns(columns, np.zeros(len(columns)), np.ones(len(columns)))
                self._add_step(sign, last + 1, np.inf)

    def ids_of(self, moves: Ints) -> Ints:
        """Ids of the arcs that (teacher, school, subject) rows name, in their order."""
        return ids_of(self.prover.market, self.arcs, moves)

    def bound_columns(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        self.highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def fix(self, ids: Ints, lower: float, upper: float) -> None:
        """Sets the bounds of arcs that are columns."""
        columns = self.column[ids]
        self.bound_columns(columns, np.full(len(ids), lower), np.full(len(ids), upper))

    def rebalance(self, balance: Balance) -> None:
        """Moves the reference of the balance cost."""
        self.balance = balance
        for sign, offset, columns in self.step_columns:
            self.highs.changeColsCost(len(columns), columns.astype(np.int32), self._step_cost(sign, offset))

    def recost(self, cost: Floats) -> None:
        """Replaces the cost of every arc."""
        self.cost = cost
        columns = self.column[self.pool]
        self.highs.changeColsCost(len(columns), columns.astype(np.int32), cost[self.pool])

    def pursue(self, prover: Prover, cost: Floats, balance: Balance) -> None:
        """Takes another objective over the same rows and arcs; columns and basis stay."""
        self.prover, self.rows, self.arcs = prover, prover.incidence.rows, prover.incidence.arcs
        self.recost(cost)
        self.rebalance(balance)

    def reprice_slacks(self, factor: float) -> None:
        """Multiplies the prices of breaking rules."""
        self.slack_price = self.slack_price * factor
        self.highs.changeColsCost(len(self.slack_column), self.slack_column.astype(np.int32), self.slack_price)

    @property
    def slack(self) -> float:
        """By how many persons, all rules together, the solution breaks rules."""
        return float(self.values[self.slack_column].sum())

    @property
    def forbidden_slack(self) -> float:
        """By how many persons the solution breaks rules that may not give."""
        return float(self.values[self.slack_column[self.artificial]].sum())

    def counts(self) -> Floats:
        """(J, K) counts of the solution, fractional or not."""
        counts = self.balance.today.astype(float)
        for sign, _, columns in self.step_columns:
            np.add.at(counts, (self.step_school, self.step_k), sign * self.values[columns])
        return counts

    def starting_arcs(self, per_teacher: int, per_slot: int, y: Floats | None = None) -> Ints:
        """The cheapest arcs of each teacher and slot at the gradient of the balance cost, or at given multipliers."""
        if y is None:
            y = np.zeros(len(self.rows))
            y[self.step_row] = self.balance.gradient()[self.step_school, self.step_k]
        reduced = self.cost - self.prover.incidence.priced(y)
        return self.select(reduced, per_teacher, per_slot)

    def select(self, reduced: Floats, per_teacher: int, per_slot: int) -> Ints:
        """The arcs of the best prices of each teacher and of each slot."""
        return self._select(reduced, np.ones(len(reduced), dtype=bool), per_teacher, per_slot)

    def missing_arcs(self, reduced: Floats, per_teacher: int, per_slot: int, tolerance: float) -> Ints:
        """Arcs of negative price that are not yet columns: the best of each teacher and of each slot."""
        price = self.duals[self.teacher_row] * (self.teacher_row >= 0) if self.lp_rows else np.zeros(0)
        reduced = reduced - price[self.arcs.teacher]
        return self._select(reduced, (reduced < -tolerance) & (self.column < 0), per_teacher, per_slot)

    def _select(self, reduced: Floats, among: Bools, per_teacher: int, per_slot: int) -> Ints:
        ids = np.flatnonzero(among)
        by_teacher = first_of_each(self.arcs.teacher[ids], reduced[ids], per_teacher)
        by_slot = first_of_each(self.prover.incidence.to_slot[ids], reduced[ids], per_slot)
        return ids[np.union1d(by_teacher, by_slot)]


def ids_of(market: Market, arcs: Arcs, moves: Ints) -> Ints:
    """Ids of the arcs that (teacher, school, subject) rows name, in their order."""
    weights = np.array([len(market.school_ids) * len(market.subjects), len(market.subjects), 1])
    key = np.stack([arcs.teacher, arcs.school, arcs.subject], axis=1) @ weights
    return np.asarray(np.searchsorted(key, moves @ weights), dtype=np.int64)


def first_of_each(group: Ints, value: Floats, count: int) -> Ints:
    """Positions of the ``count`` smallest values of each group; ties go to the earlier position."""
    order = np.lexsort((np.arange(len(group)), value, group))
    ordered = group[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, dtype=bool)
    start = np.maximum.accumulate(np.where(first, np.arange(len(ordered)), 0))
    return np.asarray(np.sort(order[np.arange(len(ordered)) - start < count]), dtype=np.int64)
