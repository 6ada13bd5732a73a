"""Eligibility under the largest pack: our engine beside the same rules in OpenFisca-core and in a plain Python loop.

    python benchmarks/eligibility.py --teachers 1000000 --repeats 3

Each engine in its own process, one after another, on the same teachers. All must give every teacher the same verdict,
by the same clause, with the same flags, or nothing is written. Prints a table with the ratios side by side and writes
docs/benchmarks/eligibility.md (``--out`` names another file, ``--out -`` none).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks import machine, teachers  # noqa: E402
from benchmarks.environments import peer_python  # noqa: E402
from benchmarks.ours_eligibility import PACK, RULE, UNDECIDED  # noqa: E402
from benchmarks.peers.plain_rules import ANSWERS  # noqa: E402
from junheng.policy.conditions import leaves  # noqa: E402
from junheng.policy.loading import load_pack, shipped_packs  # noqa: E402
from junheng.policy.results import readings_of  # noqa: E402
from junheng.policy.schema import Decide, Pack  # noqa: E402

OURS, OPENFISCA, LOOP = "Junheng", "OpenFisca-core", "plain Python loop"
MISSING = 0.02
"""The share of teachers of whom one fact is missing, in the work that only our engine does."""


@dataclass(frozen=True)
class Work:
    """What is asked of an engine, and of which teachers."""

    title: str
    facts: str
    ours: str
    peers: tuple[str, ...] | None = ()


VERDICTS = Work("verdict and clause", "complete", "verdicts")
FLAGS = Work("and the flags of the other readings", "complete", "flags", ("--flags",))
GAPS = Work("and what is missing, where facts are", "gaps", "flags", None)
REASONS = Work("and a reason in two languages", "gaps", "reasons", None)
WORKS = (VERDICTS, FLAGS, GAPS, REASONS)


@dataclass(frozen=True)
class Run:
    """One engine at one work."""

    work: Work
    engine: str
    figures: dict[str, Any]
    answer: np.ndarray
    flags: np.ndarray


def branches_and_tests(pack: Pack) -> tuple[int, int]:
    """The size of a pack's eligibility rule: its branches, and the tests on facts in them."""
    rule = pack.rules.get(RULE)
    if not isinstance(rule, Decide):
        return 0, 0
    parts = [leaf for branch in rule.branches for leaf in leaves(branch.when)]
    return len(rule.branches), sum(len(getattr(leaf, "tests", (leaf,))) for leaf in parts)


def largest_pack() -> str:
    """The shipped pack whose eligibility rule makes most tests of a teacher, under all its permitted readings."""
    packs = {code: load_pack(code) for code in shipped_packs()}

    def tests_made(code: str) -> int:
        tests = branches_and_tests(packs[code])[1]
        return tests * (1 + len(list(readings_of(packs[code], RULE)))) if tests else 0

    return max(sorted(packs), key=tests_made)


def commands(work: Work) -> Iterator[tuple[str, list[str]]]:
    """The engines that do a work, and how each is called."""
    yield OURS, [sys.executable, "-m", "benchmarks.ours_eligibility", "--work", work.ours]
    if work.peers is not None:
        yield OPENFISCA, [str(peer_python("openfisca-venv")), "-m", "benchmarks.peers.openfisca_rules", *work.peers]
        yield LOOP, [sys.executable, "-m", "benchmarks.peers.plain_rules", *work.peers]


def run_all(count: int, repeats: int) -> list[Run]:
    """Every engine at every work, printed as it goes."""
    runs: list[Run] = []
    print(" | ".join(HEADINGS))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_facts(folder, count)
        for work in WORKS:
            for engine, command in commands(work):
                answers = folder / "answers.npz"
                words = [*command, str(folder / f"{work.facts}.npz"), str(answers), "--repeats", str(repeats)]
                done = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
                found = teachers.load(answers)
                runs.append(Run(work, engine, json.loads(done.stdout), found["answer"], found["flags"]))
                print(" | ".join(cells(runs[-1], runs)), flush=True)
    return runs


def make_facts(folder: Path, count: int) -> None:
    """The same teachers twice, with all facts and with some missing, made in processes that take their memory along."""
    for name, missing in (("complete", 0.0), ("gaps", MISSING)):
        words = ["-m", "benchmarks.teachers", str(count), str(folder / f"{name}.npz"), "--missing", str(missing)]
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True)


def check_agreement(runs: list[Run]) -> list[str]:
    """What all engines agree on, in words; ``AssertionError`` names the first teacher on whom they do not."""
    reference = next(run for run in runs if run.engine == LOOP)
    flagged = next(run for run in runs if run.engine == LOOP and run.work is FLAGS)
    for run in runs:
        if run.work.facts == "complete":
            expect_same(run.answer, reference.answer, f"verdicts of {run.engine}")
        if run.work is FLAGS:
            expect_same(run.flags, flagged.flags, f"flags of {run.engine}")
    verdicts = np.array([verdict for verdict, _ in ANSWERS])
    gaps = [run for run in runs if run.work.facts == "gaps"]
    for run in gaps:
        known = run.answer != UNDECIDED
        expected = verdicts[reference.answer[known]]
        expect_same(verdicts[run.answer[known]], expected, "verdicts in spite of missing facts")
    flagged_ones, undecided = int((flagged.flags > 0).sum()), int((gaps[0].answer == UNDECIDED).sum())
    return [
        f"All three gave each of the {len(reference.answer):,} teachers the same verdict by the same clause, and the",
        f"same flags ({flagged_ones:,} carry one). Of those of whom a fact is missing {undecided:,} stay undecided;",
        "every verdict given in spite of a missing fact is the one that the complete facts give.",
    ]


def expect_same(found: np.ndarray, expected: np.ndarray, what: str) -> None:
    """Stop at the first difference."""
    differs = np.flatnonzero(found != expected)
    if len(differs):
        row = differs[0]
        raise AssertionError(f"{what}: {len(differs):,} differ; row {row}: {found[row]!r}, expected {expected[row]!r}")


HEADINGS = (
    "work", "engine", "seconds", "÷ ours", "CPU s", "÷ ours", "teachers a second", "MB of facts", "peak MB", "÷ ours",
)  # fmt: skip


def cells(run: Run, runs: list[Run]) -> list[str]:
    """One row of the table."""
    figures = run.figures
    ours = next(each.figures for each in runs if each.work is run.work and each.engine == OURS)

    def times(name: str) -> str:
        return "1" if run.engine == OURS else f"{figures[name] / ours[name]:.2f}"

    return [
        run.work.title,
        run.engine,
        f"{figures['seconds']:.2f}",
        times("seconds"),
        f"{figures['cpu']:.2f}",
        times("cpu"),
        f"{len(run.answer) / figures['seconds']:,.0f}",
        f"{figures['megabytes_of_facts']:.0f}",
        f"{figures['megabytes']:.0f}",
        times("megabytes"),
    ]


PAGE = """\
# Eligibility, measured

Written by `python benchmarks/eligibility.py --teachers {count} --repeats {repeats}`.

{count:,} synthetic teachers (`benchmarks/teachers.py`; a third of births and arrivals lie on deciding days) under the
pack {pack}, whose eligibility rule makes most tests of the shipped packs, counted over all permitted readings:
{branches} branches, {tests} tests on facts, {readings} other readings; ages and years are worked out from dates.

{table}

{agreed}

## What is compared

- The same rules three times: the pack ({ours}), a tax-benefit system with dated parameters and vectorised formulas
  (`benchmarks/peers/openfisca_rules.py`), and functions on records (`benchmarks/peers/plain_rules.py`).
- Facts are in memory first, in the form that each likes best: columns with texts and dates ({ours}), numpy arrays
  with enumerations ready encoded and free texts as yes or no (OpenFisca), objects with slots (loop). Loading is not
  timed.
- Seconds and CPU are medians of {repeats}; each engine runs in its own process. OpenFisca and the loop use one core,
  ours as many as there are: compare the CPU column for the work done, the seconds for the wait.
- MB of facts is the peak of the process when the facts were loaded, peak MB at its end, interpreter and libraries
  included.
- The peers know complete records only, so the comparison is on complete facts. Ours distinguishes true, false and
  unknown there as well. Its last two rows are work that the peers do not do, on the same teachers with one fact
  missing from {missing:.0%} of them: naming what is missing, and writing a sentence for every teacher in Chinese and
  in English.
- Flags take one more evaluation for each other reading. Ours keeps what does not rest on the changed parameter; the
  loop judges the record again; OpenFisca runs another simulation under the changed parameter, as a reform does.

{machine}
"""


def page(runs: list[Run], agreed: list[str], count: int, repeats: int) -> str:
    """The measurements as a page."""
    pack = load_pack(PACK)
    branches, tests = branches_and_tests(pack)
    table = ["| " + " | ".join(HEADINGS) + " |", "|---|---|" + "---:|" * (len(HEADINGS) - 2)]
    table += ["| " + " | ".join(cells(run, runs)) + " |" for run in runs]
    return PAGE.format(
        count=count,
        repeats=repeats,
        pack=PACK,
        branches=branches,
        tests=tests,
        readings=len(list(readings_of(pack, RULE))),
        table="\n".join(table),
        agreed="\n".join(agreed),
        ours=OURS,
        missing=MISSING,
        machine="\n".join(machine.described(versions(runs))),
    )


def versions(runs: list[Run]) -> dict[str, str]:
    """The packages that ran; OpenFisca's environment has a numpy of its own."""
    found: dict[str, str] = {}
    for run in runs:
        own = " with OpenFisca" if run.engine == OPENFISCA else ""
        found |= {f"{name}{own}" if name == "numpy" else name: v for name, v in run.figures["versions"].items()}
    return found


def main() -> None:
    """Measure, compare, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "eligibility.md"))
    options = parser.parse_args()
    largest = largest_pack()
    if largest != PACK:
        parser.error(f"the largest eligibility rule is now that of {largest}, but the peers are written for {PACK}")
    runs = run_all(options.teachers, options.repeats)
    agreed = check_agreement(runs)
    print("\n".join(agreed))
    if options.out != "-":
        target = Path(options.out)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(runs, agreed, options.teachers, options.repeats), encoding="utf-8")


if __name__ == "__main__":
    main()
