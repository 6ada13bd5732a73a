"""The interchange files of a rotation problem: a folder that any solver or checker can read.

``schools.csv requirements.csv teachers.csv history.csv policy.json``, and ``pins.csv`` where a clerk pinned or
forbade moves. Tables are UTF-8 with or without a byte-order mark; the order of rows and columns is free and further
columns are passed over. Yes and no are 1 and 0; several paired schools stand in one cell, parted by ``|``;
``teachers.csv`` may have a column ``commute_limit_km``. Shares are read exactly as they are written (0.05 is 1/20).
Reading reports every fault at once, each with its file, row, column, value and what is expected, as one
:class:`InterchangeError`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Container, Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from junheng.planning.interchange.faults import Fault, InterchangeError
from junheng.planning.interchange.policy import PolicyReader
from junheng.planning.problem import Assignment, Candidate, Departure, Pin, Problem, Requirement, SchoolUnit
from junheng.planning.proof.interchange import plan_file, problem_files

T = TypeVar("T")
TABLES: dict[str, tuple[str, ...]] = {
    "schools.csv": (
        "school_id", "name", "stage", "cluster", "x_km", "y_km", "zone", "strength", "pupils", "posts",
    ),
    "requirements.csv": ("school_id", "subject", "required"),
    "teachers.csv": (
        "teacher_id", "school_id", "stage", "subject", "subject2", "sex", "age", "years_at_school", "title", "backbone",
        "high_degree", "home_x", "home_y", "spouse_id", "verdict",
    ),
    "history.csv": ("teacher_id", "school_id", "year_left"),
    "pins.csv": ("teacher_id", "kind", "school_id"),
    "plan.csv": ("teacher_id", "to_school", "as_subject"),
}  # fmt: skip
"""Columns that each table must have."""
_YES, _NO = frozenset({"1", "true", "yes", "是"}), frozenset({"0", "false", "no", "否"})


def read_problem(directory: Path | str) -> Problem:
    """The problem in a folder. Raises :class:`InterchangeError` with every fault of every file."""
    return _Reader(Path(directory)).problem()


def write_problem(problem: Problem, directory: Path | str) -> None:
    """Writes a problem as a folder of interchange files; the same problem always gives the same bytes."""
    target = Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in problem_files(problem).items():
        if name == "pins.csv" and not problem.pins:
            (target / name).unlink(missing_ok=True)
        else:
            (target / name).write_bytes(content)


def read_plan(path: Path | str) -> tuple[Assignment, ...]:
    """The moves in a plan file (``teacher_id,to_school,as_subject``), sorted. Raises :class:`InterchangeError`."""
    faults: list[Fault] = []
    table = _Table(Path(path), "plan.csv", faults)
    moves = [Assignment(row.text("teacher_id"), row.text("to_school"), row.text("as_subject")) for row in table.rows]
    _refuse(faults)
    return tuple(sorted(moves))


def write_plan(assignments: Iterable[Assignment], path: Path | str) -> None:
    """Writes a plan, one row a mover, in the order of teacher ids."""
    Path(path).write_bytes(plan_file(assignments))


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InterchangeError(tuple(faults))


class _Table:
    """The rows of one CSV file; a file that cannot be read is a fault and has no rows."""

    def __init__(self, path: Path, kind: str, faults: list[Fault]) -> None:
        self.name = path.name
        self.faults = faults
        self.rows: list[_Row] = []
        self.readable = False
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            faults.append(Fault(self.name, None, "", "", "file"))
            return
        except UnicodeDecodeError:
            faults.append(Fault(self.name, None, "", "", "utf8"))
            return
        lines = csv.reader(io.StringIO(text, newline=""))
        header = [cell.strip() for cell in next(lines, [])]
        missing = [column for column in TABLES[kind] if column not in header]
        faults.extend(Fault(self.name, 1, column, "", "column") for column in missing)
        repeated = sorted({column for column in header if column and header.count(column) > 1})
        faults.extend(Fault(self.name, 1, column, column, "one_column") for column in repeated)
        self.readable = not missing
        if self.readable:
            for cells in lines:
                if any(cell.strip() for cell in cells):
                    self.rows.append(_Row(self, lines.line_num, dict(zip(header, cells, strict=False))))


class _Row:
    """One row: cells by column, each read with a fault when it is not what it should be."""

    def __init__(self, table: _Table, number: int, cells: dict[str, str]) -> None:
        self.table = table
        self.number = number
        self.cells = {column: cell.strip() for column, cell in cells.items()}

    def fault(self, column: str, expected: str, detail: str = "") -> None:
        """Reports the cell of a column."""
        value = self.cells.get(column, "")
        self.table.faults.append(Fault(self.table.name, self.number, column, value, expected, detail))

    def optional(self, column: str) -> str:
        """The text of a cell that may be empty or missing."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """The text of a cell that must not be empty."""
        value = self.optional(column)
        if not value:
            self.fault(column, "filled")
        return value

    def word(self, column: str, words: Sequence[str]) -> Any:
        """One of some words."""
        value = self.optional(column)
        if value not in words:
            self.fault(column, "word", " / ".join(words))
        return value

    def whole(self, column: str, least: int = 0, most: int | None = None) -> int:
        """A whole number within limits."""
        value = self.optional(column)
        number = int(value) if re.fullmatch(r"-?\d{1,15}", value) else None
        if number is None or number < least or (most is not None and number > most):
            self.fault(column, "whole", f"≥ {least}" if most is None else f"{least}-{most}")
            return least
        return number

    def decimal(self, column: str) -> float:
        """A finite number."""
        try:
            value = float(self.optional(column))
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            self.fault(column, "number")
            return 0.0
        return value

    def yes(self, column: str) -> bool:
        """Yes or no."""
        value = self.optional(column).lower()
        if value not in _YES | _NO:
            self.fault(column, "yes_no")
        return value in _YES

    def known(self, column: str, ids: Container[str], expected: str) -> str:
        """An id that another file has."""
        value = self.text(column)
        if value and value not in ids:
            self.fault(column, expected)
        return value


class _Anything:
    """Holds every id: what the ids of a file that could not be read are taken for."""

    def __contains__(self, item: object) -> bool:
        return True


class _Reader:
    """Reads a folder, collecting faults."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.faults: list[Fault] = []
        self.tables = {
            name: _Table(directory / name, name, self.faults)
            for name in ("schools.csv", "requirements.csv", "teachers.csv", "history.csv")
        }
        if (directory / "pins.csv").exists():
            self.tables["pins.csv"] = _Table(directory / "pins.csv", "pins.csv", self.faults)
        self.stage_of = {row.optional("school_id"): row.optional("stage") for row in self._rows("schools.csv")}
        self.schools: Container[str] = self.stage_of if self.tables["schools.csv"].readable else _Anything()
        teachers = {row.optional("teacher_id") for row in self._rows("teachers.csv")}
        self.teachers: Container[str] = teachers if self.tables["teachers.csv"].readable else _Anything()

    def problem(self) -> Problem:
        """The problem, or every fault."""
        policy = PolicyReader(self.directory / "policy.json", self.faults).policy()
        schools = self._each("schools.csv", self._school)
        requirements = self._each("requirements.csv", self._requirement)
        teachers = self._each("teachers.csv", self._teacher)
        history = self._each("history.csv", self._departure)
        pins = self._each("pins.csv", self._pin)
        self._unique("schools.csv", ("school_id",))
        self._unique("teachers.csv", ("teacher_id",))
        self._unique("requirements.csv", ("school_id", "subject"))
        self.faults.sort(key=lambda fault: (fault.file, fault.row or 0, fault.column))
        _refuse(self.faults)
        assert policy is not None  # noqa: S101 - a policy that could not be read is a fault
        return Problem(schools, requirements, teachers, history, policy, pins)

    def _rows(self, name: str) -> list[_Row]:
        return self.tables[name].rows if name in self.tables else []

    def _each(self, name: str, make: Callable[[_Row], T]) -> tuple[T, ...]:
        return tuple(make(row) for row in self._rows(name))

    def _unique(self, name: str, columns: tuple[str, ...]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for row in self._rows(name):
            key = tuple(row.optional(column) for column in columns)
            if key in seen:
                row.fault(columns[-1], "unique", str(seen[key]))
            seen.setdefault(key, row.number)

    def _school(self, row: _Row) -> SchoolUnit:
        paired = tuple(sorted(filter(None, re.split(r"[|;；,，\s]+", row.optional("paired_with")))))
        for other in paired:
            if other not in self.schools:
                row.fault("paired_with", "school", other)
        return SchoolUnit(
            id=row.text("school_id"),
            name=row.optional("name"),
            stage=row.text("stage"),
            cluster=row.text("cluster"),
            x_km=row.decimal("x_km"),
            y_km=row.decimal("y_km"),
            zone=row.text("zone"),
            strength=row.optional("strength"),
            pupils=row.whole("pupils", 1),
            posts=row.whole("posts"),
            paired_with=paired,
        )

    def _requirement(self, row: _Row) -> Requirement:
        return Requirement(row.known("school_id", self.schools, "school"), row.text("subject"), row.whole("required"))

    def _teacher(self, row: _Row) -> Candidate:
        school = row.known("school_id", self.schools, "school")
        stage = row.text("stage")
        if stage and self.stage_of.get(school, stage) != stage:
            row.fault("stage", "own_stage", self.stage_of[school])
        spouse = row.optional("spouse_id")
        if spouse and (spouse not in self.teachers or spouse == row.optional("teacher_id")):
            row.fault("spouse_id", "spouse")
        return Candidate(
            id=row.text("teacher_id"),
            school_id=school,
            stage=stage,
            subject=row.text("subject"),
            subject2=row.optional("subject2"),
            sex=row.optional("sex"),
            age=row.whole("age"),
            years_at_school=row.whole("years_at_school"),
            title=row.whole("title", 0, 4),
            backbone=row.yes("backbone"),
            high_degree=row.yes("high_degree"),
            home_x=row.decimal("home_x"),
            home_y=row.decimal("home_y"),
            spouse_id=spouse,
            verdict=row.word("verdict", ("must", "may", "no")),
            preferences=self._wishes(row),
            commute_limit_km=row.decimal("commute_limit_km") if row.optional("commute_limit_km") else None,
        )

    def _wishes(self, row: _Row) -> tuple[str, ...]:
        columns = sorted((c for c in row.cells if re.fullmatch(r"pref\d+", c)), key=lambda c: int(c[4:]))
        stated = [(column, row.cells[column]) for column in columns if row.cells[column]]
        for column, wish in stated:
            if wish not in self.schools:
                row.fault(column, "school")
        return tuple(wish for _, wish in stated)

    def _departure(self, row: _Row) -> Departure:
        teacher = row.known("teacher_id", self.teachers, "teacher")
        return Departure(teacher, row.known("school_id", self.schools, "school"), row.whole("year_left", 1900, 2200))

    def _pin(self, row: _Row) -> Pin:
        kind = row.word("kind", ("pin", "stay", "forbid"))
        teacher = row.known("teacher_id", self.teachers, "teacher")
        school = row.optional("school_id") if kind == "stay" else row.known("school_id", self.schools, "school")
        return Pin(teacher, kind, school, row.optional("subject"), row.optional("reason"))


__all__ = ["Fault", "InterchangeError", "read_plan", "read_problem", "write_plan", "write_problem"]
