"""Runs the benchmarks, one after another, each as its own process, and writes docs/benchmarks.

    python benchmarks/run.py                      all, at full size; over an hour, most of it the peers' time limits
    python benchmarks/run.py eligibility          one of them: planning, planning-peers, targets, workbook, …
    python benchmarks/run.py --quick              all at small sizes, a few minutes; leaves docs/benchmarks as it is
    python benchmarks/run.py planning --seeds 1-3 further words go to the benchmark named

The peers' environments are made at the first use, from locks with hashes, under .cache.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGES = ROOT / "docs" / "benchmarks"
sys.path.insert(0, str(ROOT))

from benchmarks import machine  # noqa: E402
from benchmarks.environments import peer_python  # noqa: E402


@dataclass(frozen=True)
class Benchmark:
    """A script, the words for its full and its quick run, and the peers' environments that its full run needs."""

    name: str
    title: str
    says: str
    full: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    script_name: str = ""
    writes_page: bool = True
    """Whether the script writes its page itself; else the page holds what it prints."""

    @property
    def script(self) -> Path:
        """The program that measures."""
        return HERE / f"{self.script_name or self.name}.py"

    @property
    def page(self) -> Path:
        """Where its table is kept."""
        return PAGES / f"{self.name}.md"


BENCHMARKS = (
    Benchmark(
        "planning",
        "轮岗方案 · planning a county",
        "ten synthetic counties under three policies, beside a greedy spreadsheet",
        full=("--teachers", "4000", "--seeds", "1-10", "--peers", "greedy", "--processes", "2"),
        quick=("--teachers", "1000", "--seeds", "1", "--policies", "A", "--peers", "greedy"),
    ),
    Benchmark(
        "planning-peers",
        "轮岗方案与通用求解器 · planning beside general solvers",
        "one county under three policies, beside CP-SAT with 300 s and HiGHS over the twenty nearest schools",
        full=("--teachers", "4000", "--seeds", "1", "--peers", "highs_nearest,cp_sat", "--peer-seconds", "300"),
        quick=("--teachers", "240", "--seeds", "1", "--policies", "A", "--peers", "highs_nearest"),
        environments=("bench-venv",),
        script_name="planning",
    ),
    Benchmark(
        "targets",
        "各项指标 · every target of the planner",
        "all targets in one table, with the chart of cost against size",
        quick=("--quick",),
        environments=("bench-venv",),
    ),
    Benchmark(
        "workbook",
        "读表核对 · reading and checking a workbook",
        "50,000 teachers, beside openpyxl's plain read of the same file",
        quick=("--teachers", "2000"),
        writes_page=False,
    ),
    Benchmark(
        "fleet",
        "一批县区 · many counties",
        "a province of 120 counties and 480,000 teachers on one and two processes, a sample of the country",
        full=("--counties", "120", "--teachers", "4000", "--sample", "150"),
        quick=("--counties", "2", "--teachers", "210", "--sample", "0"),
    ),
    Benchmark(
        "web",
        "在线平台 · the bureau online",
        "pages alone, with 16 clients and with 50 users, intake and export at 4,000, 10,000 and 50,000 teachers",
        full=("--teachers", "4000,10000,50000"),
        quick=("--teachers", "200", "--requests", "6", "--seconds", "6"),
    ),
    Benchmark(
        "deadline",
        "截止时刻 · the deadline of applications",
        "300 teachers who apply twice each in the last minute and in the last second, by HTTP from parallel clients",
        quick=("--teachers", "20", "--minute", "5"),
    ),
    Benchmark(
        "rotation",
        "轮岗年度 · a rotation year",
        "the planning job, pages of planning, comparison and public notice at 4,000 teachers, on SQLite and PostgreSQL",
        quick=("--teachers", "400", "--requests", "4"),
    ),
    Benchmark(
        "eligibility",
        "资格判定 · eligibility under the largest pack",
        "1,000,000 teachers, beside OpenFisca-core and a plain Python loop",
        quick=("--teachers", "20000", "--repeats", "1"),
        environments=("openfisca-venv",),
    ),
)


def main(words: list[str]) -> int:
    """Runs what is named, all to the end: 1 when one of them failed, 2 for a word that is not understood."""
    if words and words[0] in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    quick = "--quick" in words
    words = [word for word in words if word != "--quick"]
    named = {each.name: (each,) for each in BENCHMARKS} | {"all": BENCHMARKS}
    chosen = BENCHMARKS
    if words and not words[0].startswith("-"):
        if words[0] not in named:
            print(f"no benchmark is called {words[0]}; there are {', '.join(named)}", file=sys.stderr)
            return 2
        chosen = named[words.pop(0)]
    if words and len(chosen) > 1:
        print(f"say which benchmark {' '.join(words)} is meant for: {', '.join(named)}", file=sys.stderr)
        return 2
    failed = [each.name for each in chosen if not run(each, words, quick=quick)]
    if failed:
        print(f"benchmarks that failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(benchmark: Benchmark, words: list[str], *, quick: bool) -> bool:
    """One benchmark; its page gets the machine and its place in the list."""
    print(f"· {benchmark.name}", flush=True)
    for name in () if quick else benchmark.environments:
        peer_python(name)
    own_page = benchmark.writes_page
    target = "-" if quick else str(benchmark.page.relative_to(ROOT))
    sized = [*(benchmark.quick if quick else benchmark.full), *(["--out", target] if own_page else [])]
    command = [sys.executable, str(benchmark.script), *sized, *words]
    printed = None if own_page else subprocess.PIPE
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=ROOT, check=False, env=environment, stdout=printed, encoding="utf-8")
    if not own_page:
        print(done.stdout, end="", flush=True)
    if done.returncode:
        return False
    if not quick and "--out" not in words:
        if not own_page:
            benchmark.page.write_text(page_of(benchmark, [*sized, *words], done.stdout), encoding="utf-8")
        describe(benchmark.page)
        print("written:", benchmark.page.relative_to(ROOT))
    return True


def page_of(benchmark: Benchmark, words: list[str], printed: str) -> str:
    """A page of what a script says of itself and what it printed."""
    says = ast.get_docstring(ast.parse(benchmark.script.read_text(encoding="utf-8"))) or ""
    called = " ".join(["python", f"benchmarks/{benchmark.script.name}", *words])
    return f"# {benchmark.title}\n\nWritten from `{called}`.\n\n{says}\n\n```\n{printed.rstrip()}\n```\n"


def describe(page: Path) -> None:
    """Puts the machine at the end of a page that does not name it, and the page into the list."""
    text = page.read_text(encoding="utf-8")
    if machine.HEADING not in text:
        page.write_text(text.rstrip() + "\n\n" + "\n".join(machine.described({})) + "\n", encoding="utf-8")
    PAGES.joinpath("README.md").write_text(overview(), encoding="utf-8")


INTRODUCTION = (
    "文中所称的速度与质量均可重新测量：`python3 run.py bench`（加 `--quick` 为小规模试跑，不改本目录）。",
    "各页由命令写出，写明所用的机器；对照方与本系统在同一次运行中、同一台机器上先后测量，请看比值，不看秒数。",
    "",
    "What is claimed about speed and quality can be measured again: `python3 run.py bench` (with `--quick` at small",
    "sizes, which leaves this folder as it is). The command writes the pages, and each describes its machine. We and",
    "the others run one after another on the same machine in the same run: read the ratios, not the seconds.",
)


def overview() -> str:
    """The list of the pages that there are."""
    rows = [
        f"| [{each.title}]({each.page.name}) | {each.says} | `python3 run.py bench {each.name}` |"
        for each in BENCHMARKS
        if each.page.exists()
    ]
    return "\n".join(
        [
            "# 实测数据 · Figures, measured",
            "",
            *INTRODUCTION,
            "",
            "| page | what | again |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
