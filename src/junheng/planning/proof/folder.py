"""A bundle's folder as bytes, and what can be read of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from junheng.planning.checking import Report, check
from junheng.planning.problem import Assignment, Problem
from junheng.planning.proof.bundle import RUN_FACTS
from junheng.planning.proof.commitment import COMMITMENT, RUNS, Commitment, Run, read_commitment, read_runs
from junheng.planning.proof.interchange import PROBLEM_FILES, MalformedFileError
from junheng.planning.proof.manifest import NAME, PERSONAL, SALTS
from junheng.planning.proof.outcome import Finding
from junheng.planning.proof.reading import read_json, read_plan, read_problem, read_table

T = TypeVar("T")


@dataclass(slots=True)
class Folder:
    """The bytes of a bundle and what could be read of them. ``faults`` are those of the form, found while reading."""

    contents: dict[str, bytes]
    public: bool
    expected_root: str | None
    expected_policy: str | None
    expected_commitment: str | None = None
    faults: list[Finding] = field(default_factory=list)
    manifest: Any = None
    problem: Problem | None = None
    plan: tuple[Assignment, ...] | None = None
    verdicts: dict[str, str] | None = None
    figures: Any = None
    certificate: Any = None
    run_facts: Any = None
    salts: dict[str, bytes] = field(default_factory=dict)
    commitment: Commitment | None = None
    runs: tuple[Run, ...] | None = None
    report: Report | None = None
    bound: float | None = None
    root: str = ""

    @property
    def policy_files(self) -> list[str]:
        """Names of the policy packs in the bundle."""
        return sorted(name for name in self.contents if name.startswith("policy/"))

    @property
    def withheld(self) -> tuple[str, ...]:
        """Personal files that a public bundle leaves out."""
        return tuple(name for name in PERSONAL if name not in self.contents) if self.public else ()


def open_folder(
    directory: Path, *, public: bool, root: str | None, policy: str | None, commitment: str | None
) -> Folder:
    """Read a folder; nothing in it is followed out of it."""
    folder = Folder({}, public, root, policy, commitment)
    if not directory.is_dir():
        folder.faults.append(Finding(str(directory), "no folder", "the folder of a bundle"))
        return folder
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            folder.faults.append(Finding(name, "a link or device", "plain files only"))
        elif path.is_file():
            folder.contents[name] = path.read_bytes()
    _read_all(folder)
    return folder


def _read_all(folder: Folder) -> None:
    """Read whatever can be read; what cannot is a fault of the form."""
    folder.figures = _attempt(folder, "figures.json", read_json)
    folder.certificate = _attempt(folder, "certificate.json", read_json)
    folder.manifest = _attempt(folder, NAME, read_json)
    folder.run_facts = _attempt(folder, "run.json", _run_facts)
    folder.salts = _attempt(folder, SALTS, _salts) or {}
    folder.commitment = _attempt(folder, COMMITMENT, lambda name, content: read_commitment(content, name))
    folder.runs = _attempt(folder, RUNS, lambda name, content: read_runs(content, name))
    folder.plan = _attempt(folder, "plan.csv", read_plan)
    rows = _attempt(folder, "verdicts.csv", read_table)
    folder.verdicts = None if rows is None else {row["teacher_id"]: row["verdict"] for row in rows}
    parts = {name: folder.contents[f"problem/{name}"] for name in PROBLEM_FILES if f"problem/{name}" in folder.contents}
    if len(parts) == len(PROBLEM_FILES):
        folder.problem = _guarded(folder, "problem", lambda: read_problem(parts))
    problem, plan = folder.problem, folder.plan
    if problem is not None and plan is not None:
        folder.report = _guarded(folder, "problem", lambda: check(problem, plan))


def _attempt(folder: Folder, name: str, read: Callable[[str, bytes], T]) -> T | None:
    if name not in folder.contents:
        return None
    return _guarded(folder, name, lambda: read(name, folder.contents[name]))


def _guarded(folder: Folder, name: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (MalformedFileError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
        folder.faults.append(Finding(name, str(fault)[:200], "the declared form"))
        return None


def _salts(name: str, content: bytes) -> dict[str, bytes]:
    """Salts by file name and pseudonym, each of 32 bytes."""
    salts = {row["entry"]: bytes.fromhex(row["salt"]) for row in read_table(name, content)}
    short = [entry for entry, salt in salts.items() if len(salt) != 32]
    if short:
        raise MalformedFileError(f"{name}: the salt of {short[0]} is not of 32 bytes")
    return salts


def _run_facts(name: str, content: bytes) -> Any:
    facts = read_json(name, content)
    missing = [fact for fact in RUN_FACTS if fact not in facts]
    if missing:
        raise MalformedFileError(f"{name} lacks {', '.join(missing)}")
    return facts


def the(value: T | None) -> T:
    """The value, if it could be read."""
    if value is None:
        raise MalformedFileError("it could not be read, see step 1")
    return value
