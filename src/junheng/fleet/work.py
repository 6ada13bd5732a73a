"""What a worker does: one county in, plan with bound and figures out.

Everything heavy (the solver above all) is imported on the worker, by this module; the process that hands out the work
knows it by name only. A county that cannot be planned is an answer too: one bad county never stops the fleet.
"""

from __future__ import annotations

import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from junheng.documents import Reading, UnreadableWorkbook, read_county
from junheng.documents.columnar import CountyFileError, read_columnar
from junheng.documents.faults import Phrase
from junheng.facts import County
from junheng.fleet.figures import figures_of
from junheng.fleet.tasks import Outcome, Settings, Task
from junheng.planning.assembling import PlanningError
from junheng.planning.checking import check
from junheng.planning.interchange import InterchangeError, read_problem
from junheng.planning.problem import Problem
from junheng.planning.solving import solve
from junheng.planning.year import Request, prepare_year
from junheng.policy import Pack, parse_pack

FAULTS_SHOWN = 8


def plan_county(task: Task) -> Outcome:
    """Plans one county. Never raises for the county's sake: what went wrong is the outcome's ``error``."""
    clock = _Clock()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            figures, moves = _plan(task, clock)
            error, trace = Phrase("", ""), ""
        except Exception as fault:  # the fleet goes on, and the county's log says why
            figures, moves, error, trace = {}, (), _said(fault), traceback.format_exc()
    return Outcome(
        id=task.id,
        status=figures.pop("status", "failed"),
        figures=figures,
        moves=moves,
        error=error,
        trace=trace,
        seconds=clock.seconds | {"total": clock.elapsed, "cpu": time.process_time() - clock.cpu},
        warnings=tuple(dict.fromkeys(str(each.message) for each in heard)),
    )


class _Clock:
    """Seconds of each phase."""

    def __init__(self) -> None:
        self.began, self.cpu = time.perf_counter(), time.process_time()
        self.seconds: dict[str, float] = {}

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self.began

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        before = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - before


def _plan(task: Task, clock: _Clock) -> tuple[dict[str, Any], tuple[tuple[str, str, str, str], ...]]:
    with clock.phase("read"), _at_hand(task) as path:
        county, problem = _read(task, path)
    if county is not None:
        with clock.phase("decide"):
            problem = prepare_year(county, _pack(task.settings.pack_name, task.settings.pack), _request(task.settings))[
                2
            ].problem
    assert problem is not None  # noqa: S101 - there is a county or a problem
    with clock.phase("solve"):
        result = solve(problem, seed=task.settings.seed, gap=task.settings.gap, processes=1)
    with clock.phase("check"):
        report = check(problem, result.assignments)
    stands = {t.id: t.school_id for t in problem.teachers}
    figures = figures_of(problem, result, report)
    if county is not None:
        figures |= {"name": county.name, "teachers": len(county.teachers), "schools": len(county.schools)}
    adoptable = result.feasible and report.feasible
    moves = result.assignments if adoptable else ()
    return figures, tuple((m.teacher_id, stands[m.teacher_id], m.to_school, m.as_subject) for m in moves)


@contextmanager
def _at_hand(task: Task) -> Iterator[Path]:
    """The county on this worker's disk: where it is, or as it travelled."""
    if task.path is not None:
        yield Path(task.path)
        return
    with tempfile.TemporaryDirectory(prefix="junheng-fleet-") as place:
        for name, content in task.content.items():
            (Path(place) / name).write_bytes(content)
        yield Path(place) if task.form == "problem" else Path(place) / next(iter(task.content))


def _read(task: Task, path: Path) -> tuple[County | None, Problem | None]:
    if task.form == "problem":
        return None, read_problem(path)
    if task.form == "columnar":
        return read_columnar(path), None
    reading = read_county([path])
    if reading.county is None:
        raise FaultyWorkbookError(reading)
    return reading.county, None


def _request(settings: Settings) -> Request:
    return Request(
        on=settings.on,
        plan_year=settings.plan_year,
        parameters=dict(settings.parameters),
        seed=settings.seed,
        gap=settings.gap,
        processes=1,
    )


@lru_cache(maxsize=4)
def _pack(name: str, text: str) -> Pack:
    return parse_pack(text, name)


class FaultyWorkbookError(ValueError):
    """A workbook with faults; ``zh`` and ``en`` name the first of them."""

    def __init__(self, reading: Reading) -> None:
        shown, count = reading.faults[:FAULTS_SHOWN], len(reading.faults)
        self.zh = "；".join([f"{count} 处要改正", *(fault.message("zh") for fault in shown)])
        self.en = "; ".join([f"{count} faults", *(fault.message("en") for fault in shown)])
        super().__init__(self.en)


def _said(fault: Exception) -> Phrase:
    """A failure in both languages, as far as it speaks them."""
    if isinstance(fault, InterchangeError):
        return Phrase(fault.describe("zh"), fault.describe("en"))
    if isinstance(fault, UnreadableWorkbook):
        return Phrase(fault.message("zh"), fault.message("en"))
    if isinstance(fault, CountyFileError | PlanningError | FaultyWorkbookError):
        return Phrase(fault.zh, fault.en)
    return Phrase(*[f"{type(fault).__name__}: {fault}"] * 2)
