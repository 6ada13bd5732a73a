"""The measurements of the bureau online as a page, beginning with what was to be reached and what was."""

from __future__ import annotations

import statistics
from importlib import metadata
from typing import Any

from benchmarks import machine
from benchmarks.web_clients import CLIENTS, LISTS, PAGES, THINK, USERS

STEPS = ("upload", "rehearse", "confirm", "write", "all")
INTAKE_SECONDS, INTAKE_ROWS = 60, 50_000
SNAPSHOT_SECONDS, SNAPSHOT_ROWS = 2, 4_000
P95, P99 = 0.5, 1.5
QUERIES = 12
LIST_BYTES = 50_000


def _goals(results: list[dict[str, Any]]) -> list[str]:
    """What is asked of each database and size, what was measured, and whether it is reached."""
    lines = ["## Goals", "", "| database | teachers | goal | measured | reached |", "|---|---|---|---|---|"]
    for each in results:
        lines += [
            f"| {each['database']} | {each['teachers']:,} | {goal} | {measured} | {'yes' if reached else '**no**'} |"
            for goal, measured, reached in _judged(each)
        ]
    return [*lines, "", "The load is asked of a county of 10,000 teachers; other sizes show how it grows.", ""]


def _judged(each: dict[str, Any]) -> list[tuple[str, str, bool]]:
    load, pages = each["load"], each["pages"]
    asks = max(pages, key=lambda name: pages[name]["queries"])
    heavy = max(LISTS, key=lambda name: pages[name]["bytes"])
    seconds = each["intakes"]["roster"]["all"]
    judged = [
        (
            f"{USERS} users, {THINK:.0f} s of thought: p95 ≤ {1000 * P95:.0f} ms",
            f"{1000 * load['p95']:.0f} ms",
            load["p95"] <= P95,
        ),
        (f"the same: p99 ≤ {1000 * P99:,.0f} ms", f"{1000 * load['p99']:.0f} ms", load["p99"] <= P99),
        ("the same: no page fails", f"{load['failed']} of {load['answers']}", not load["failed"]),
        (
            f"at most {QUERIES} queries a page",
            f"{pages[asks]['queries']} ({asks})",
            pages[asks]["queries"] <= QUERIES,
        ),
        (
            f"a page of fifty rows ≤ {LIST_BYTES / 1000:.0f} kB",
            f"{pages[heavy]['bytes'] / 1000:.0f} kB ({heavy})",
            pages[heavy]["bytes"] <= LIST_BYTES,
        ),
    ]
    if each["teachers"] <= SNAPSHOT_ROWS:
        took = each["seconds"]["county_of"]
        judged.append((f"a snapshot within {SNAPSHOT_SECONDS} s", f"{took:.2f} s", took <= SNAPSHOT_SECONDS))
    if each["teachers"] >= INTAKE_ROWS:
        goal = f"a roster of {each['teachers']:,} rows taken in within {INTAKE_SECONDS} s"
        judged.append((goal, f"{seconds:.0f} s", seconds <= INTAKE_SECONDS))
    return judged


def _load(results: list[dict[str, Any]]) -> list[str]:
    rows = [
        f"| {each['database']} | {each['teachers']:,} | {load['answers']} | {1000 * load['p50']:.0f} |"
        f" {1000 * load['p95']:.0f} | {1000 * load['p99']:.0f} | {load['failed']} |"
        for each in results
        for load in [each["load"]]
    ]
    return [
        f"## {USERS} users", "",
        f"Each asks for any of the pages above, reads the answer, thinks for {THINK:.0f} s and goes on.", "",
        "| database | teachers | answers | p50 ms | p95 ms | p99 ms | failed |", "|---|---|---|---|---|---|---|",
        *rows, "",
    ]  # fmt: skip


def page(results: list[dict[str, Any]], arguments: str) -> str:
    """The measurements as a page."""
    versions = {name: metadata.version(name) for name in ("junheng", "django", "granian", "psycopg")}
    lines = [
        "# The bureau online, measured",
        "",
        f"Written by `python benchmarks/web.py {arguments}`.".replace(" `.", "`."),
        "",
        "A fictional county, served on loopback as `junheng web serve` does, pages asked for as a bureau clerk by",
        f"one client alone and by {CLIENTS} at once without a pause; server, database and clients share the machine.",
        "",
        *_goals(results),
        "## Whole county",
        "",
        "| database | teachers | rows of the workbook | read s | snapshot s | export s |",
        "|---|---|---|---|---|---|",
    ]
    for each in results:
        took = each["seconds"]
        lines.append(
            f"| {each['database']} | {each['teachers']:,} | {each['rows']:,} | {took['read']:.1f} |"
            f" {took['county_of']:.2f} | {took['export']:.1f} |"
        )
    lines += [
        "",
        "What was exported equals what was taken in, fact by fact.",
        "",
        "## Intake by way of the web",
        "",
        "File kept, rehearsal by the worker, confirmation, writing by the worker; the roster has a row for each",
        "teacher and no histories, the workbook has them, and the same file again changes nothing. A county without",
        "a line of its own for the workbook was taken in as a roster only.",
        "",
        "| database | teachers | file | upload s | rehearse s | confirm s | write s | all s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        for name, took in each["intakes"].items():
            steps = " | ".join(f"{took[s]:.1f}" if s in took else "–" for s in STEPS)
            lines.append(f"| {each['database']} | {each['teachers']:,} | {name} | {steps} |")
    lines.append("")
    for each in results:
        lines += [f"## Pages, {each['database']}, {each['teachers']:,} teachers", "", *page_table(each), ""]
    lines += [*_load(results), "## Queries", "", *_constant(results), "", *machine.described(versions), ""]
    return "\n".join(lines)


def page_table(each: dict[str, Any]) -> list[str]:
    """Size, queries and seconds of each page that was asked for."""
    rows = [
        f"| page | kB | queries | alone p50 ms | alone p95 ms | {CLIENTS} clients p95 ms | answers a second |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, got in each["pages"].items():
        rows.append(
            f"| {name} | {got['bytes'] / 1000:.0f} | {got['queries']} | {1000 * got['alone_p50']:.0f} |"
            f" {1000 * got['alone_p95']:.0f} | {1000 * got['together_p95']:.0f} | {got['per_second']:.0f} |"
        )
    middle = statistics.median(got["alone_p95"] for got in each["pages"].values())
    return [*rows, "", f"Median of the pages' p95 alone: {1000 * middle:.0f} ms."]


def _constant(results: list[dict[str, Any]]) -> list[str]:
    """Whether a page asks the database as often however large the county is."""
    lines = []
    for database in dict.fromkeys(each["database"] for each in results):
        counts = [each["queries"] for each in results if each["database"] == database]
        grown = [name for name, _path in PAGES if len({each[name] for each in counts}) > 1]
        if len(counts) < 2:
            lines.append(f"- {database}: one size only")
        elif grown:
            lines.append(f"- {database}: **not constant**: {', '.join(grown)}")
        else:
            lines.append(f"- {database}: the same number at every size, page by page")
    return lines
