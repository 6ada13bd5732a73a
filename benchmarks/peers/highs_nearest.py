"""HiGHS as a mixed-integer program over the 20 nearest schools of each teacher (wishes first).

The usual short cut. Its own "gap" speaks of the cut-down problem, not of the real one. ``--nearest 0`` keeps all moves.
The balance cost uses today's stage totals, with unit steps: exact unless somebody changes to or from PE and arts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import highspy
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from peers.plain import PlainModel, build, read, units, weighted, write_plan

STEPS = 40


def solve(model: PlainModel, seconds: float, gap: float) -> tuple[list[int], dict]:
    """Chosen variables, and what the solver says about itself."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", gap)
    inf = highspy.kHighsInf
    scale = model.objective["W_service"] / 100 / model.moves_due
    for worth in model.points:
        solver.addVar(0, 1)
        variable = solver.getNumCol() - 1
        solver.changeColCost(variable, -scale * worth)
        solver.changeColIntegrality(variable, highspy.HighsVarType.kInteger)
    for row in model.rows:
        _row(solver, -inf if row.lo is None else row.lo, inf if row.hi is None else row.hi, row.terms)
    solver.addVar(0, inf)
    solver.changeColCost(solver.getNumCol() - 1, model.objective["W_extra"] / model.moves_due)
    everyone = dict.fromkeys(range(len(model.moves)), 1)
    _row(solver, -inf, model.moves_due, everyone | {solver.getNumCol() - 1: -1})
    _balance(solver, model)
    solver.run()
    found = solver.getInfo()
    status = solver.modelStatusToString(solver.getModelStatus())
    facts = {"status": status, "bound": found.mip_dual_bound, "gap": found.mip_gap}
    if found.primal_solution_status != 2:
        return [], facts
    values = solver.getSolution().col_value
    return [v for v in range(len(model.moves)) if values[v] > 0.5], facts


def _row(solver: highspy.Highs, low: float, high: float, terms: dict[int, int]) -> None:
    index = np.array(list(terms), dtype=np.int32)
    value = np.array(list(terms.values()), dtype=float)
    solver.addRow(low, high, len(index), index, value)


def _balance(solver: highspy.Highs, model: PlainModel) -> None:
    """Counts as today + unit steps up − unit steps down with their exact costs."""
    if not model.imbalance_before:
        return
    for stage, name, weight in weighted(model):
        members = units(model, stage)
        total, pupils = sum(model.counts[s, name] for s in members), sum(model.pupils[s] for s in members)
        if not total or not weight:
            continue
        unit = model.objective["W_imbalance"] * weight / model.imbalance_before
        for school in members:
            today, target = model.counts[school, name], total * model.pupils[school] / pupils
            terms = dict(model.count_terms.get((school, name), {}))
            if not terms:
                continue
            for step in range(STEPS):
                up = ((today + step + 1 - target) ** 2 - (today + step - target) ** 2) / target / total
                _step(solver, terms, unit * up, -1)
                if step < today:
                    down = ((today - step - 1 - target) ** 2 - (today - step - target) ** 2) / target / total
                    _step(solver, terms, unit * down, 1)
            _row(solver, 0, 0, terms)


def _step(solver: highspy.Highs, terms: dict[int, int], cost: float, sign: int) -> None:
    solver.addVar(0, 1)
    variable = solver.getNumCol() - 1
    solver.changeColCost(variable, cost)
    terms[variable] = sign


def main() -> None:
    """Solve a problem folder, write the plan, print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--nearest", type=int, default=20)
    parser.add_argument("--gap", type=float, default=1e-4)
    options = parser.parse_args()
    started = time.perf_counter()
    model = build(read(options.problem), options.nearest or None)
    chosen, facts = solve(model, options.seconds, options.gap)
    write_plan(options.out, [model.moves[v] for v in chosen])
    took = time.perf_counter() - started
    print(json.dumps(facts | {"seconds": took, "variables": len(model.moves), "found": bool(chosen)}))


if __name__ == "__main__":
    main()
