"""A mixed-integer programme put together row by row and solved by HiGHS, the same way on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

NODES = 100
"""Nodes after which a search stops and says that it is not finished; never a clock."""

WHOLE_GAP = 0.99
"""Every objective here is a whole number, so a plan nearer than this to its bound is the best."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Values of the columns, the objective that they give, and whether it is proven the best."""

    values: list[float]
    objective: float
    finished: bool


class Programme:
    """Columns with bounds and costs, rows with bounds; minimised."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[float, float]] = []
        self._starts: list[int] = [0]
        self._index: list[int] = []
        self._value: list[float] = []

    def add_column(self, lower: float, upper: float, cost: float, *, whole: bool = False) -> int:
        """Adds a column and gives its number."""
        self.cost.append(cost)
        self._lower.append(lower)
        self._upper.append(upper)
        self._whole.append(whole)
        return len(self.cost) - 1

    def add_row(self, lower: float, upper: float, weights: Mapping[int, float]) -> None:
        """Adds a row: lower ≤ Σ weight × column ≤ upper."""
        self._rows.append((lower, upper))
        self._index += weights.keys()
        self._value += weights.values()
        self._starts.append(len(self._index))

    def solve(
        self, start: Sequence[float] | None = None, *, relaxed: bool = False, near: float = 0.0
    ) -> Solution | None:
        """The best values, ``None`` when nothing satisfies the rows (or none was found within the nodes).

        ``start`` holds values of the first columns to start from; ``relaxed`` forgets which columns are whole;
        ``near`` is a relative distance from the bound at which the values are good enough.
        """
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("parallel", "off"),
            ("mip_rel_gap", near), ("mip_abs_gap", WHOLE_GAP), ("mip_max_nodes", NODES),
        ):  # fmt: skip
            highs.setOptionValue(option, value)
        highs.passModel(self._model(relaxed=relaxed))
        if start is not None and not relaxed:
            index = np.arange(len(start), dtype=np.int32)
            highs.setSolution(len(start), index, np.array(start, dtype=float))
        highs.run()
        if highs.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return None
        found = np.array(highs.getSolution().col_value, dtype=float)
        if not relaxed:
            whole = np.array(self._whole)
            found[whole] = np.round(found[whole])
        finished = bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
        return Solution(found.tolist(), float(found @ np.array(self.cost)), finished)

    def _model(self, *, relaxed: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self._rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, self._lower, self._upper
        lp.row_lower_ = [lower for lower, _ in self._rows]
        lp.row_upper_ = [upper for _, upper in self._rows]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = self._starts, self._index, self._value
        kinds = highspy.HighsVarType
        if not relaxed:
            lp.integrality_ = [kinds.kInteger if each else kinds.kContinuous for each in self._whole]
        return lp
