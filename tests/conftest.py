"""Ties tests to the clauses that they prove.

``@pytest.mark.covers("R-041")`` on a test says which clauses of ``docs/requirements/clauses.csv`` it proves. An id that
is not in that table is an error of collection, which fails the run. With ``--clauses=FILE`` the run writes what it
proved, as JSON ``{clause: [{"test": node id, "outcome": "passed" | "failed" | "skipped"}, …]}``, also when it runs in
several processes.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
"""A busy machine is no fault of an example: speed is judged in benchmarks/, not here."""

CLAUSES = Path(__file__).resolve().parents[1] / "docs" / "requirements" / "clauses.csv"
PROPERTY = "covers"
GRAVITY = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that asks for the record of proven clauses."""
    parser.addoption("--clauses", metavar="FILE", help="write which clauses were proven, by which tests, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Starts the record where it is asked for; worker processes send their reports to the process that keeps it."""
    if config.getoption("--clauses") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ClauseRecord(Path(config.getoption("--clauses"))), "clause-record")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Attaches the cited clauses to a test; they travel with its reports."""
    cited = cited_clauses(item)
    if cited:
        item.user_properties.append((PROPERTY, cited))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns a citation of a clause that does not exist into an error of collection, in every process alike."""
    report = yield
    faults = [
        f"{node.nodeid} cites {clause!r}, which is not in docs/requirements/clauses.csv"
        for node in report.result or []
        if isinstance(node, pytest.Item)
        for clause in cited_clauses(node)
        if clause not in known_clauses()
    ]
    if faults:
        report.outcome = "failed"
        report.longrepr = "\n".join(faults)
        report.result = []
    return report


def cited_clauses(item: pytest.Item) -> list[str]:
    """The clauses that a test says it proves."""
    return sorted({str(clause) for mark in item.iter_markers("covers") for clause in mark.args})


@cache
def known_clauses() -> frozenset[str]:
    """The ids of the table of clauses."""
    with CLAUSES.open(encoding="utf-8", newline="") as table:
        return frozenset(row["id"] for row in csv.DictReader(table))


class ClauseRecord:
    """Gathers the outcome of every test that cites a clause; the gravest of set-up, call and tear-down counts."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.outcomes: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes one phase of one test."""
        for name, cited in report.user_properties:
            if name != PROPERTY:
                continue
            for clause in cited if isinstance(cited, list) else []:
                before = self.outcomes[clause].get(report.nodeid, "passed")
                self.outcomes[clause][report.nodeid] = max(before, report.outcome, key=GRAVITY.__getitem__)

    def pytest_sessionfinish(self) -> None:
        """Writes the record, ordered by clause and test."""
        record = {
            clause: [{"test": test, "outcome": outcome} for test, outcome in sorted(tests.items())]
            for clause, tests in sorted(self.outcomes.items())
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
