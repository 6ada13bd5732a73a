"""Our planner as a process like the peers: reads a problem folder, solves, writes the plan, prints one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Solve, and check the claimed bound from the certificate alone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--gap", type=float, default=5e-4)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None)
    options = parser.parse_args()
    started = time.perf_counter()
    from junheng.planning.proof import bound_of
    from junheng.planning.proof.interchange import plan_file
    from junheng.planning.proof.reading import read_folder
    from junheng.planning.solving import solve

    problem = read_folder(options.problem)
    loaded = time.perf_counter()
    result = solve(problem, seed=options.seed, time_limit=options.seconds, gap=options.gap, processes=options.processes)
    solved = time.perf_counter()
    options.out.write_bytes(plan_file(result.assignments))
    proven = bound_of(problem, result.certificate)
    facts = {
        "status": result.status,
        "seconds": solved - started,
        "load_seconds": loaded - started,
        "solve_seconds": solved - loaded,
        "verify_bound_seconds": time.perf_counter() - solved,
        "found": bool(result.assignments),
        "claimed_bound": result.bound,
        "proven_bound": proven,
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    sys.exit(main())
