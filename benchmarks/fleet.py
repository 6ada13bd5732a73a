"""A province and a sample of the country, planned county by county over Dask on one and on two processes.

    python benchmarks/fleet.py --counties 120 --teachers 4000 --sample 150     the full run, about half an hour
    python benchmarks/fleet.py --counties 8 --teachers 800 --sample 0          a small one

Makes the counties (into .cache/fleet, once), plans the province with one worker and with two, and the sample of the
country with two. Efficiency is the time with one worker ÷ (2 × the time with two); both runs include the start of the
processes and all that is written. The country is estimated from the sample by interpolation over the size of counties
(``junheng.fleet.estimate``). Run it on a machine that does nothing else. Writes docs/benchmarks/fleet.md (``--out``
names another file, ``--out -`` none).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import polars as pl  # noqa: E402

from benchmarks import machine  # noqa: E402

MADE = ROOT / ".cache" / "fleet"
HEADINGS = (
    "fleet", "counties", "teachers", "workers", "wall s", "CPU s", "busy", "planned", "moves", "gap median",
    "gap worst", "imbalance after ÷ before",
)  # fmt: skip


def junheng(*words: object) -> dict:
    """The command's answer."""
    called = [sys.executable, "-m", "junheng.cli", *map(str, words), "--json"]
    done = subprocess.run(called, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"{' '.join(map(str, words))} failed: {done.stdout}")
    return json.loads(done.stdout)


def made(what: str, processes: int, **options: int) -> Path:
    """The folder of a fleet, made at the first use; the same options give the same counties."""
    words = [each for name, value in options.items() for each in (f"--{name}", value)]
    folder = MADE / "-".join([what, *(str(value) for value in options.values())])
    if not (folder / "counties.csv").exists():
        shutil.rmtree(folder, ignore_errors=True)
        MADE.mkdir(parents=True, exist_ok=True)
        print("making", folder.name, file=sys.stderr, flush=True)
        junheng("synth", what, *words, "--processes", processes, "-o", folder)
    return folder


def run(folder: Path, policy: str, workers: int, place: Path) -> dict:
    """One run of the fleet: the command's answer, the wall of the whole command, and each county's seconds."""
    out = place / f"{folder.name}-{workers}"
    began = time.perf_counter()
    answer = junheng("fleet", folder, "--policy", policy, "--workers", workers, "-o", out)
    answer["command_seconds"] = time.perf_counter() - began
    answer["fleet"] = folder.name.split("-")[0]
    answer["each"] = pl.read_parquet(out / "seconds.parquet").drop_nulls()
    print(" | ".join(cells(answer)), flush=True)
    return answer


def cells(answer: dict) -> list[str]:
    """One row of the table."""

    def share(value: float | None, form: str) -> str:
        return "–" if value is None else format(value, form)

    return [
        answer["fleet"],
        str(answer["counties"]),
        f"{answer['teachers']:,}",
        str(answer["workers"]),
        f"{answer['command_seconds']:.1f}",
        f"{answer['cpu_seconds']:.1f}",
        share(answer["utilisation"], ".0%"),
        f"{answer['solved']} of {answer['counties']}",
        f"{answer['moves']:,}",
        share(answer["gap_median"], ".3%"),
        share(answer["gap_worst"], ".3%"),
        share(answer["imbalance_ratio"], ".1%"),
    ]


def summary(runs: list[dict]) -> list[str]:
    """Efficiency of the second worker, and the country."""
    lines = []
    by_place = {(each["fleet"], each["workers"]): each for each in runs}
    for fleet in dict.fromkeys(each["fleet"] for each in runs):
        one, two = by_place.get((fleet, 1)), by_place.get((fleet, 2))
        if one and two:
            ratio = one["command_seconds"] / (2 * two["command_seconds"])
            lines.append(f"- {fleet}: efficiency from 1 to 2 workers {ratio:.1%} (goal: at least 90 %)")
    for each in runs[-1:]:
        if country := each["country"]:
            lines.append(
                f"- the country, {country['counties']:,} counties and {country['teachers']:,} teachers, estimated from "
                f"the {each['fleet']}: {country['cpu_seconds'] / 3600:.2f} CPU hours, "
                f"{country['wall_seconds'] / 60:.0f} minutes on {each['workers']} workers (goal: under 120); cost "
                f"grows with the {country['growth']:.2f}th power of the teachers of a county"
            )
    return lines


def by_size(answer: dict) -> list[str]:
    """Seconds by size of county."""
    edges = [0, 1000, 2000, 4000, 8000, 16000, 10**9]
    rows = ["| teachers of the county | counties | CPU s, mean | s a 1,000 teachers |", "|---|---|---|---|"]
    for low, high in pairwise(edges):
        part = answer["each"].filter((pl.col("teachers") >= low) & (pl.col("teachers") < high))
        if part.height:
            name = f"{low:,} – {high - 1:,}" if high < 10**9 else f"{low:,} and more"
            per = 1000 * part["cpu"].sum() / part["teachers"].sum()
            rows.append(f"| {name} | {part.height} | {part['cpu'].sum() / part.height:.2f} | {per:.2f} |")
    return rows


def page(runs: list[dict], arguments: str) -> str:
    """The measurements as a page."""
    versions = {name: metadata.version(name) for name in ("junheng", "highspy", "distributed", "polars")}
    table = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    table += ["| " + " | ".join(cells(each)) + " |" for each in runs]
    return "\n".join(
        [
            "# Many counties, measured",
            "",
            f"Written by `python benchmarks/fleet.py {arguments}`.",
            "",
            "Fictional counties with the sizes that counties have (`junheng synth`), planned by `junheng fleet` with",
            "local Dask processes. Walls are of the whole command: start of the processes, reading, deciding, solving,",
            "checking, and writing tables, workbook and map. CPU is of the counties alone.",
            "",
            "## What it adds up to",
            "",
            *summary(runs),
            "",
            "## Runs",
            "",
            *table,
            "",
            "## Cost by size of county",
            "",
            f"Of the last run ({runs[-1]['fleet']}).",
            "",
            *by_size(runs[-1]),
            "",
            *machine.described(versions),
            "",
        ]
    )


def main() -> None:
    """Make, plan, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counties", type=int, default=120, help="counties of the province; 0 for none")
    parser.add_argument("--teachers", type=int, default=4000, help="teachers of its mean county")
    parser.add_argument("--sample", type=int, default=150, help="counties of the sample of the country; 0 for none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", default="CN")
    parser.add_argument("--processes", type=int, default=2, help="processes that make the counties")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "fleet.md"))
    options = parser.parse_args()
    if not options.counties and not options.sample:
        parser.error("nothing to measure: give --counties or --sample")
    print(" | ".join(HEADINGS))
    runs = []
    with tempfile.TemporaryDirectory() as place:
        if options.counties:
            size = {"counties": options.counties, "teachers": options.teachers, "seed": options.seed}
            province = made("province", options.processes, **size)
            runs += [run(province, options.policy, workers, Path(place)) for workers in (1, 2)]
        if options.sample:
            country = made("country", options.processes, sample=options.sample, seed=options.seed)
            runs.append(run(country, options.policy, 2, Path(place)))
    print("\n".join(summary(runs)))
    if options.out != "-":
        target = Path(options.out)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(runs, " ".join(sys.argv[1:])), encoding="utf-8")


if __name__ == "__main__":
    main()
