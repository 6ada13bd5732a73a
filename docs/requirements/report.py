"""Says which clauses of the sources are proven, and by which tests.

    python docs/requirements/report.py clauses.json             one line an area
    python docs/requirements/report.py clauses.json --area 1    every clause of an area with its tests
    python docs/requirements/report.py clauses.json --json      the same for machines

``clauses.json`` is what ``pytest --clauses=clauses.json`` wrote. A clause is *proven* when at least one test that cites
it passed and none failed, *failing* when one failed, *set aside* when ``not-yet.csv`` says why it will not be done,
and otherwise *open*. Standard library only. Exit code 0; 2 when the input cannot be used.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATES = ("proven", "failing", "set aside", "open")
Tests = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with what the last run says of it."""

    id: str
    area: int
    kind: str
    asks: str
    source: str
    state: str
    tests: Tests
    reason: str = ""


def main(words: list[str]) -> int:
    """Prints the report and returns the exit code."""
    options = arguments(words)
    try:
        clauses = read_clauses(read_proof(options.file))
        titles = {int(row["number"]): row[f"title_{options.lang}"] for row in rows("areas.csv")}
        if options.area is not None and options.area not in titles:
            raise ValueError(f"there is no area {options.area}; areas are {min(titles)} to {max(titles)}")
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"report: {fault}\n")
        return 2
    chosen = [clause for clause in clauses if options.area in (None, clause.area)]
    if options.json:
        text = json.dumps(for_machines(chosen, titles, listed=options.area is not None), ensure_ascii=False, indent=1)
    elif options.area is None:
        text = overview(chosen, titles)
    else:
        text = listing(chosen, titles[options.area])
    sys.stdout.write(text + "\n")
    return 0


def arguments(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Which clauses of the sources are proven, and by which tests.")
    parser.add_argument("file", type=Path, help="what pytest --clauses=FILE wrote")
    parser.add_argument("--area", type=int, help="list every clause of one area with its tests")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the area titles")
    return parser.parse_args(words)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def read_proof(file: Path) -> dict[str, Tests]:
    """What the run wrote; ``ValueError`` when it is not such a record."""
    proof = json.loads(file.read_text(encoding="utf-8"))
    sound = isinstance(proof, dict) and all(isinstance(tests, list) for tests in proof.values())
    if not sound:
        raise ValueError(f"{file} is not a record of clauses; make one with pytest --clauses={file}")
    unknown = sorted(set(proof) - {row["id"] for row in rows("clauses.csv")})
    if unknown:
        raise ValueError(f"{file} cites {', '.join(unknown)}, which clauses.csv does not have; run the tests again")
    return proof


def read_clauses(proof: dict[str, Tests]) -> list[Clause]:
    """Every clause in the order of the table."""
    reasons = {row["id"]: row["reason"] for row in rows("not-yet.csv")}
    return [
        Clause(
            id=row["id"],
            area=int(row["area"]),
            kind=row["kind"],
            asks=row["asks"],
            source=row["source"],
            state=state_of(proof.get(row["id"], []), row["id"] in reasons),
            tests=proof.get(row["id"], []),
            reason=reasons.get(row["id"], ""),
        )
        for row in rows("clauses.csv")
    ]


def state_of(tests: Tests, set_aside: bool) -> str:
    """One of :data:`STATES`. A skipped test proves nothing."""
    outcomes = {test["outcome"] for test in tests}
    if "failed" in outcomes:
        return "failing"
    if "passed" in outcomes:
        return "proven"
    return "set aside" if set_aside else "open"


def counts(clauses: list[Clause]) -> list[int]:
    """How many there are, and how many in each state."""
    found = Counter(clause.state for clause in clauses)
    return [len(clauses), *(found[state] for state in STATES)]


def overview(clauses: list[Clause], titles: dict[int, str]) -> str:
    """The table of areas with its total."""
    table = [["", "area", "clauses", *STATES]]
    for number, title in titles.items():
        table.append([str(number), title, *map(str, counts([c for c in clauses if c.area == number]))])
    table.append(["", "total", *map(str, counts(clauses))])
    wide = [max(width(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ["  ".join(aligned(cell, wide[at], left=at == 1) for at, cell in enumerate(row)).rstrip() for row in table]
    lines.insert(1, "  ".join("-" * each for each in wide))
    lines.insert(-1, lines[1])
    return "\n".join(lines)


def listing(clauses: list[Clause], title: str) -> str:
    """Every clause with its state, what it asks, its source and its tests."""
    lines = [title, ""]
    for clause in clauses:
        lines.append(f"{clause.id}  {clause.state:<9}  {clause.asks}  [{clause.source}]")
        lines += [f"       {test['outcome']:<7}  {test['test']}" for test in clause.tests]
        if clause.reason:
            lines.append(f"       set aside because: {clause.reason}")
    total, *by_state = counts(clauses)
    lines += ["", f"{total} clauses: " + ", ".join(f"{n} {state}" for n, state in zip(by_state, STATES, strict=True))]
    return "\n".join(lines)


def for_machines(clauses: list[Clause], titles: dict[int, str], *, listed: bool) -> dict[str, object]:
    """The same figures as plain data; the clauses themselves only where one area was asked for."""
    names = ("clauses", *STATES)
    areas = [
        {"number": number, "title": title}
        | dict(zip(names, counts([c for c in clauses if c.area == number]), strict=True))
        for number, title in titles.items()
        if any(c.area == number for c in clauses)
    ]
    report: dict[str, object] = {"areas": areas, "total": dict(zip(names, counts(clauses), strict=True))}
    if listed:
        report["clauses"] = [
            {"id": c.id, "state": c.state, "kind": c.kind, "asks": c.asks, "source": c.source, "tests": c.tests}
            | ({"reason": c.reason} if c.reason else {})
            for c in clauses
        ]
    return report


def width(text: str) -> int:
    """Columns that a text takes in a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def aligned(text: str, columns: int, *, left: bool) -> str:
    """The text padded to so many columns."""
    space = " " * (columns - width(text))
    return text + space if left else space + text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
