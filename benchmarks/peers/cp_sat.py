"""CP-SAT written plainly: one boolean per teacher × school × subject, integer counts, squares by multiplication.

It runs as a process of its own, since ortools and highspy cannot live in one, with ``benchmarks/requirements.lock``.
The squares use today's stage totals. Prints when each better plan was found, so that times can be compared at equal J.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from ortools.sat.python import cp_model

sys.path.insert(0, str(Path(__file__).parents[1]))
from peers.plain import PlainModel, build, read, units, weighted, write_plan

MILLION = 1_000_000


class History(cp_model.CpSolverSolutionCallback):
    """Seconds and objective of every better plan."""

    def __init__(self, started: float) -> None:
        super().__init__()
        self.started = started
        self.steps: list[tuple[float, float]] = []

    def on_solution_callback(self) -> None:
        self.steps.append((time.perf_counter() - self.started, self.objective_value / MILLION))


def write_model(plain: PlainModel) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The whole problem; the objective is J in millionths, less what is constant."""
    model = cp_model.CpModel()
    take = [model.new_bool_var(f"x{v}") for v in range(len(plain.moves))]
    for row in plain.rows:
        total = sum(coefficient * take[v] for v, coefficient in row.terms.items())
        if not row.terms:
            if (row.lo or 0) > 0:
                model.add_bool_or([])
            continue
        if row.lo is not None:
            model.add(total >= row.lo)
        if row.hi is not None:
            model.add(total <= row.hi)
    extra = model.new_int_var(0, len(take), "extra")
    model.add(extra >= sum(take) - plain.moves_due)
    goals = plain.objective
    worth = goals["W_service"] / 100 / plain.moves_due * MILLION
    cost = [round(goals["W_extra"] / plain.moves_due * MILLION) * extra]
    cost += [round(-worth * points) * x for points, x in zip(plain.points, take, strict=True) if points]
    cost += _balance(model, plain, take)
    model.minimize(sum(cost))
    return model, take


def _balance(model: cp_model.CpModel, plain: PlainModel, take: list[cp_model.IntVar]) -> list:
    """scale · Σ (z − m_j)² / (m_j T), m_j = T P_j / P, with z the counts after the moves."""
    cost = []
    for stage, name, weight in weighted(plain):
        members = units(plain, stage)
        total, pupils = sum(plain.counts[s, name] for s in members), sum(plain.pupils[s] for s in members)
        if not total or not weight or not plain.imbalance_before:
            continue
        scale = plain.objective["W_imbalance"] * weight / plain.imbalance_before * MILLION * pupils / total**2
        for school in members:
            today, terms = plain.counts[school, name], plain.count_terms.get((school, name), {})
            most = today + sum(1 for coefficient in terms.values() if coefficient > 0)
            count = model.new_int_var(0, most, f"z{school}{name}")
            model.add(count == today + sum(coefficient * take[v] for v, coefficient in terms.items()))
            square = model.new_int_var(0, most * most, f"q{school}{name}")
            model.add_multiplication_equality(square, [count, count])
            cost.append(round(scale / plain.pupils[school]) * square)
            cost.append(round(-2 * scale * total / pupils) * count)
    return cost


def main() -> None:
    """Solve a problem folder, write the plan, print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    started = time.perf_counter()
    plain = build(read(options.problem))
    model, take = write_model(plain)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = options.seconds
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = 0
    history = History(started)
    status = solver.solve(model, history)
    found = bool(history.steps)
    write_plan(options.out, [plain.moves[v] for v, x in enumerate(take) if solver.value(x)] if found else [])
    facts = {
        "status": solver.status_name(status),
        "seconds": time.perf_counter() - started,
        "found": found,
        "first_at": history.steps[0][0] if found else None,
        "best_at": history.steps[-1][0] if found else None,
        "own_gap": (history.steps[-1][1] - solver.best_objective_bound / MILLION) if found else None,
        "variables": len(take),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
