"""Work that a bureau does around a plan, each in one process: re-planning, conflicts, the frontier, repeating.

    python benchmarks/episodes.py replan --seeds 1-2 --policies A,B,C
    python benchmarks/episodes.py infeasible|frontier|repeat

Prints one line of JSON. Every ratio is of two pieces of work in the same process, one after the other.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.instances import make_instance  # noqa: E402
from benchmarks.planning import names, numbers  # noqa: E402
from junheng.planning.checking import check  # noqa: E402
from junheng.planning.goals.frontier import frontier  # noqa: E402
from junheng.planning.keeping import against, changed  # noqa: E402
from junheng.planning.problem import Pin, Problem  # noqa: E402
from junheng.planning.relaxing import diagnose  # noqa: E402
from junheng.planning.solving import solve  # noqa: E402

GAP = 5e-4
WITHDRAWALS = 2


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, its wall and its CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - wall, time.process_time() - cpu


def counties(options: argparse.Namespace) -> list[tuple[str, Problem]]:
    """The instances asked for, by name."""
    return [
        (f"{policy} seed {seed}", make_instance(options.teachers, seed, policy))
        for policy in options.policies
        for seed in options.seeds
    ]


def replan(options: argparse.Namespace) -> list[dict[str, Any]]:
    """One mover withdraws from a published plan; the rest is to stay as it is."""
    rows = []
    for name, problem in counties(options):
        first, wall, cpu = timed(lambda p=problem: solve(p, gap=GAP, processes=options.processes))
        verdict = {t.id: t.verdict for t in problem.teachers}
        free = [a for a in first.assignments if verdict[a.teacher_id] == "may"]
        for gone in random.Random(7).sample(free, WITHDRAWALS):  # noqa: S311 - a choice of cases
            pinned = replace(problem, pins=(*problem.pins, Pin(gone.teacher_id, "stay")))
            again, wall2, cpu2 = timed(
                lambda p=pinned, f=first: solve(
                    p, gap=GAP, processes=options.processes, keep=f.assignments, keep_bonus=10.0, warm=f
                )
            )
            moved = [
                m for m in changed(against(first.assignments, again.assignments)) if m.teacher_id != gone.teacher_id
            ]
            rows.append(
                {"instance": name, "changed": len(moved), "wall": wall2 / wall, "cpu": cpu2 / cpu, "first": wall,
                 "feasible": check(pinned, again.assignments).feasible}
            )  # fmt: skip
    return rows


def infeasible(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Three ways for a county to have no plan; conflicts and least relaxations against a feasible solve."""
    problem = make_instance(options.teachers, options.seeds[0], "A")
    _, wall, cpu = timed(lambda: solve(problem, gap=GAP))
    policy = problem.policy
    quotas = tuple(replace(each, pct=Fraction(12, 100)) for each in policy.quotas)
    pair = next(s.id for s in problem.schools if s.stage == problem.teachers[0].stage)
    away = [t for t in problem.teachers if t.verdict == "may" and t.stage == problem.teachers[0].stage][:2]
    cases = {
        "quota of 12 % of every school": replace(problem, policy=replace(policy, quotas=quotas)),
        "commute of 6 km": replace(problem, policy=replace(policy, commute_km_max=6.0)),
        "two pins that contradict": replace(
            problem,
            pins=tuple(Pin(t.id, kind, pair) for t in away for kind in ("pin", "forbid")),  # type: ignore[arg-type]
        ),
    }
    rows = []
    for name, case in cases.items():
        found, wall2, cpu2 = timed(lambda p=case: diagnose(p))
        rows.append(
            {"instance": name, "wall": wall2 / wall, "cpu": cpu2 / cpu, "feasible_seconds": wall,
             "conflicts": len(found.conflicts), "kinds": len(found.alone)}
        )  # fmt: skip
    return rows


def choose(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The frontier of each instance."""
    rows = []
    for name, problem in counties(options):
        found, wall, cpu = timed(lambda p=problem: frontier(p, points=options.points, processes=options.processes))
        ratios = sorted(point.measures.balance for point in found.points)
        rows.append(
            {"instance": name, "plans": len(found.points), "dropped": found.dropped, "wall": wall, "cpu": cpu,
             "feasible": all(point.feasible for point in found.points), "from": ratios[0], "to": ratios[-1]}
        )  # fmt: skip
    return rows


def repeat(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The same plan from shuffled rows, from one and from two processes."""
    rows = []
    for name, problem in counties(options):
        teachers, schools = list(problem.teachers), list(problem.schools)
        chance = random.Random(3)  # noqa: S311 - an order of rows
        chance.shuffle(teachers)
        chance.shuffle(schools)
        shuffled = replace(problem, teachers=tuple(teachers), schools=tuple(schools))
        plans = [solve(problem, gap=GAP), solve(shuffled, gap=GAP), solve(problem, gap=GAP, processes=2)]
        same = all((p.assignments, p.certificate) == (plans[0].assignments, plans[0].certificate) for p in plans)
        rows.append({"instance": name, "same": same})
    return rows


WORK = {"replan": replan, "infeasible": infeasible, "frontier": choose, "repeat": repeat}


def main() -> None:
    """Does one kind of work and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=sorted(WORK))
    parser.add_argument("--teachers", type=int, default=4000)
    parser.add_argument("--seeds", type=numbers, default=[1])
    parser.add_argument("--policies", type=names, default=["A", "B", "C"])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--points", type=int, default=6)
    options = parser.parse_args()
    print(json.dumps(WORK[options.work](options)))


if __name__ == "__main__":
    main()
