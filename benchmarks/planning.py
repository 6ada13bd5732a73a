"""Our planner beside its peers: instances × policies × seeds, every plan judged by the independent checker.

    python benchmarks/planning.py --teachers 4000 --seeds 1-10 --policies A,B,C --peers greedy,cp_sat --peer-seconds 300

One process per run, one after another, so that everything has the same machine. Prints a table with the ratios side by
side and writes docs/benchmarks/planning.md (``--out`` names another file, ``--out -`` none). The peer ``cp_sat`` needs
ortools: it is installed with hashes from benchmarks/requirements.lock into .cache/bench-venv at the first use.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks.instances import Shape, make_instance  # noqa: E402
from junheng.planning.checking import Report, check  # noqa: E402
from junheng.planning.problem import Assignment, Problem  # noqa: E402
from junheng.planning.proof.interchange import problem_files  # noqa: E402

BENCH_VENV = ROOT / ".cache" / "bench-venv"
PEERS = ("greedy", "highs_nearest", "cp_sat")
DISTRICT = 12_000
"""The size that is measured as one dense district; every other is county-shaped."""


@dataclass
class Run:
    """One method on one instance."""

    instance: str
    teachers: int
    policy: str
    seed: int
    method: str
    facts: dict
    wall: float
    cpu: float
    megabytes: float
    report: Report | None

    @property
    def feasible(self) -> bool:
        return bool(self.report and self.report.feasible)

    @property
    def objective(self) -> float | None:
        return self.report.figures.objective if self.report else None

    @property
    def imbalance_ratio(self) -> float | None:
        figures = self.report.figures if self.report else None
        return figures.imbalance_after / (figures.imbalance_before or 1.0) if figures else None

    @property
    def gap(self) -> float | None:
        """Distance from the bound that the certificate proves, where the method gives one."""
        bound = self.facts.get("proven_bound")
        if bound is None or self.objective is None or not self.feasible:
            return None
        return max(0.0, self.objective - bound) / max(1.0, abs(self.objective))

    @property
    def first_wishes(self) -> float | None:
        figures = self.report.figures if self.report else None
        if not figures or not figures.movers_with_wishes or not figures.wishes_met:
            return None
        return figures.wishes_met[0] / figures.movers_with_wishes


def bench_python() -> Path:
    """The interpreter of the benchmark's own environment, made at the first use."""
    python = BENCH_VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print("installing the benchmark's peers into", BENCH_VENV.relative_to(ROOT), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(BENCH_VENV)], check=True)
        lock = str(HERE / "requirements.lock")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
    return python


def command(method: str, folder: Path, out: Path, options: argparse.Namespace) -> list[str]:
    """The command line of a method."""
    if method == "ours":
        how = ["--gap", str(options.gap), "--processes", str(options.processes)]
        return [sys.executable, str(HERE / "ours.py"), str(folder), str(out), *how]
    python = str(bench_python()) if method == "cp_sat" else sys.executable
    line = [python, str(HERE / "peers" / f"{method}.py"), str(folder), str(out)]
    return line if method == "greedy" else [*line, "--seconds", str(options.peer_seconds)]


def measure(method: str, problem: Problem, folder: Path, options: argparse.Namespace) -> tuple:
    """Facts, wall and CPU seconds, peak megabytes and the checker's report."""
    out = folder / f"{method}.csv"
    started = time.perf_counter()
    with (folder / f"{method}.json").open("w+") as said, (folder / f"{method}.err").open("w+") as wrong:
        process = subprocess.Popen(command(method, folder, out, options), stdout=said, stderr=wrong, env=_compiled())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        said.seek(0)
        wrong.seek(0)
        lines, complaint = said.read().splitlines(), wrong.read()
    if process.returncode or not lines:
        print(complaint[-2000:], file=sys.stderr)
        return {"failed": " ".join(complaint.split())[-120:]}, wall, 0.0, 0.0, None
    facts = json.loads(lines[-1])
    with out.open(encoding="utf-8", newline="") as file:
        plan = [Assignment(*row) for row in list(csv.reader(file))[1:]]
    report = check(problem, plan) if facts.get("found") else None
    return facts, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, report


def _compiled() -> dict[str, str]:
    """The environment in which modules stay compiled between runs, as they are where the package is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode")}


def run_all(options: argparse.Namespace) -> list[Run]:
    """Every method on every instance, printed as it goes."""
    runs = []
    methods = ("ours", *options.peers)
    for teachers in options.teachers:
        shape: Shape = "district" if teachers == DISTRICT else "county"
        for policy in options.policies:
            for seed in options.seeds:
                problem = make_instance(teachers, seed, policy, shape=shape)
                name = f"{shape} {teachers:,} {policy} seed {seed}"
                with tempfile.TemporaryDirectory() as place:
                    for file, content in problem_files(problem).items():
                        (Path(place) / file).write_bytes(content)
                    for method in methods:
                        run = Run(name, teachers, policy, seed, method, *measure(method, problem, Path(place), options))
                        runs.append(run)
                        print(" | ".join(cells(run)), flush=True)
    return runs


HEADINGS = (
    "instance", "method", "wall s", "CPU s", "MB", "feasible", "rules broken", "J", "proven gap", "I ratio",
    "first wish", "movers",
)  # fmt: skip


def cells(run: Run) -> list[str]:
    """One row of the table."""

    def number(value: float | None, form: str) -> str:
        return "–" if value is None else format(value, form)

    broken = (
        ", ".join(f"{rule}" for rule in run.report.rules_broken) if run.report else run.facts.get("failed", "no plan")
    )
    return [
        run.instance,
        run.method,
        f"{run.wall:.2f}",
        f"{run.cpu:.2f}",
        f"{run.megabytes:.0f}",
        "yes" if run.feasible else "**no**",
        broken or "–",
        number(run.objective, ".3f"),
        number(run.gap, ".3%"),
        number(run.imbalance_ratio, ".3f"),
        number(run.first_wishes, ".0%"),
        str(run.report.figures.movers) if run.report else "–",
    ]


def pairs(runs: list[Run], peer: str) -> list[tuple[Run, Run]]:
    """Ours and a peer's on the same instances."""
    ours = {run.instance: run for run in runs if run.method == "ours"}
    return [(ours[run.instance], run) for run in runs if run.method == peer and run.instance in ours]


def reached_at(run: Run) -> float:
    """When the peer had its best plan."""
    return run.facts.get("best_at") or run.facts.get("seconds") or run.wall


def summary(runs: list[Run]) -> list[str]:
    """What the runs add up to, ours and the ratios to each peer."""
    lines = []
    groups = sorted({(run.teachers, run.policy) for run in runs})
    for teachers, policy in groups:
        mine = [r for r in runs if r.method == "ours" and (r.teachers, r.policy) == (teachers, policy)]
        gaps = [r.gap for r in mine if r.gap is not None]
        walls = [r.wall for r in mine]
        text = f"- {teachers:,} teachers, policy {policy}: {sum(r.feasible for r in mine)} of {len(mine)} feasible; "
        text += f"wall median {statistics.median(walls):.2f} s, worst {max(walls):.2f} s"
        if gaps:
            text += f"; proven gap median {statistics.median(gaps):.3%}, worst {max(gaps):.3%}"
        lines.append(text)
    for peer in sorted({run.method for run in runs} - {"ours"}):
        both = pairs(runs, peer)
        lines.append(
            f"- against {peer}: feasible {sum(r.feasible for _, r in both)} of {len(both)} (ours "
            f"{sum(o.feasible for o, _ in both)})"
            + _ratio("; J better or equal in", both)
            + _times(both)
            + _reductions(both)
        )
    return lines


def _ratio(words: str, both: list[tuple[Run, Run]]) -> str:
    fair = [(o.objective, r.objective) for o, r in both if o.feasible and r.feasible]
    if not fair:
        return ""
    wins = sum(mine <= theirs + 1e-9 for mine, theirs in fair if mine is not None and theirs is not None)
    return f"{words} {wins} of {len(fair)} where both are feasible"


def _times(both: list[tuple[Run, Run]]) -> str:
    ratios = [reached_at(r) / o.wall for o, r in both if r.feasible and o.feasible]
    if not ratios:
        return ""
    return (
        f"; its time to its best plan ÷ our whole wall: median {statistics.median(ratios):.1f}, least {min(ratios):.1f}"
    )


def _reductions(both: list[tuple[Run, Run]]) -> str:
    """How much more imbalance ours removes."""
    ratios = [
        (1 - o.imbalance_ratio) / (1 - r.imbalance_ratio)
        for o, r in both
        if o.imbalance_ratio is not None and r.imbalance_ratio is not None and r.imbalance_ratio < 1
    ]
    if not ratios:
        return ""
    return f"; reduction of imbalance ours ÷ its: median {statistics.median(ratios):.1f}, least {min(ratios):.1f}"


def page(runs: list[Run], arguments: str) -> str:
    """The measurements as a page."""
    versions = {name: metadata.version(name) for name in ("junheng", "highspy", "numpy")}
    table = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    table += ["| " + " | ".join(cells(run)) + " |" for run in runs]
    return "\n".join(
        [
            "# Planning, measured",
            "",
            f"Written by `python benchmarks/planning.py {arguments}`.",
            "",
            "Synthetic instances (`benchmarks/instances.py`), one process per run, one after another. Every plan is",
            "judged by the independent checker, every gap worked out from our certificate alone. Walls include the",
            "start of the interpreter, reading, and for ours the check of the certificate. Compare the ratios, which",
            "hold across machines, rather than the seconds.",
            "",
            f"Python {platform.python_version()}, {os.cpu_count()} cores; "
            + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
            "",
            "## What it adds up to",
            "",
            *summary(runs),
            "",
            "## Runs",
            "",
            "I ratio = imbalance after / before (smaller is better); proven gap = (J − bound) / J.",
            "",
            *table,
            "",
        ]
    )  # fmt: skip


def numbers(text: str) -> list[int]:
    """ "1-3,7" as [1, 2, 3, 7]."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def names(text: str) -> list[str]:
    """ "A,B" as ["A", "B"]; empty text as none."""
    return [part for part in text.split(",") if part]


def main() -> None:
    """Measure, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=numbers, default=[4000], help="sizes, as 1000,4000")
    parser.add_argument("--seeds", type=numbers, default=[1], help="as 1-10 or 1,4")
    parser.add_argument("--policies", type=names, default=["A", "B", "C"])
    parser.add_argument("--peers", type=names, default=["greedy"], help="of " + ", ".join(PEERS))
    parser.add_argument("--peer-seconds", type=float, default=300)
    parser.add_argument("--gap", type=float, default=5e-4, help="the gap at which our planner may stop")
    parser.add_argument("--processes", type=int, default=1, help="processes that our planner may use")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "planning.md"))
    options = parser.parse_args()
    unknown = set(options.peers) - set(PEERS)
    if unknown:
        parser.error(f"no peer is called {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    if "cp_sat" in options.peers:
        bench_python()
    print(" | ".join(HEADINGS))
    runs = run_all(options)
    print("\n".join(summary(runs)))
    if options.out != "-":
        target = Path(options.out)
        target.parent.mkdir(parents=True, exist_ok=True)
        arguments = " ".join(part for part in sys.argv[1:])
        target.write_text(page(runs, arguments), encoding="utf-8")


if __name__ == "__main__":
    main()
