"""What a bureau promises before the deadline, and the log of the runs it then makes.

A commitment names the policy pack by its hash, the parameters, the reference date, the seeds and the number of runs.
Its own hash is published before anybody's wishes are known, so nobody can later choose the rules, or the run, by the
outcome. Every run made under it is a row of a log; each row carries the hash of the one before, so rows can be neither
changed nor dropped from the middle. The log is a promise kept in the open, not a proof against a bureau that computes
in secret: what it proves is that the plan came from a run that was counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from junheng.planning.problem import Problem
from junheng.planning.proof.interchange import (
    MalformedFileError,
    Row,
    canonical_json,
    canonical_table,
    problem_files,
)
from junheng.planning.proof.reading import read_json, read_table

FORMAT = "junheng-commitment/1"
COMMITMENT, RUNS = "commitment.json", "runs.csv"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is fixed before the deadline.

    ``policy_sha256`` is the SHA-256 of the pack's file, byte for byte; ``parameters`` are the overrides as text;
    ``seeds`` the seeds that may be used, ``runs`` how many runs may be made in all, ``gap`` the relative gap at which a
    run stops; ``reference_date`` and ``deadline`` are ISO dates, empty when not fixed.
    """

    pack: str
    policy_sha256: str
    runs: int
    gap: float
    seeds: tuple[int, ...] = (0,)
    parameters: Mapping[str, str] = field(default_factory=dict)
    reference_date: str = ""
    deadline: str = ""

    def content(self) -> bytes:
        """The file of the commitment, in its one form."""
        return canonical_json(asdict(self) | {"format": FORMAT, "seeds": list(self.seeds), "gap": repr(self.gap)})

    @property
    def digest(self) -> str:
        """The SHA-256 to publish before the deadline."""
        return hashlib.sha256(self.content()).hexdigest()


def read_commitment(content: bytes, name: str = COMMITMENT) -> Commitment:
    """A commitment from its file; raises :class:`MalformedFileError` naming what is wrong with it."""
    data = read_json(name, content)
    try:
        if data.pop("format") != FORMAT:
            raise ValueError(f"the format is not {FORMAT}")
        seeds, gap, runs = tuple(int(seed) for seed in data.pop("seeds")), float(data.pop("gap")), data.pop("runs")
        made = Commitment(seeds=seeds, gap=gap, runs=runs, **data)
        texts = (made.pack, made.policy_sha256, made.reference_date, made.deadline, *made.parameters.values())
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("pack, policy_sha256, reference_date, deadline and parameters must be text")
        if type(made.runs) is not int or made.runs < 1 or not seeds:
            raise ValueError("runs must be a whole number of 1 or more, with one seed or more")
        if made.content() != content:
            raise ValueError("it is not in the one canonical form; it may have been edited by hand")
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise MalformedFileError(f"{name}: {fault}") from fault
    return made


@dataclass(frozen=True, slots=True)
class Run:
    """A row of the log: which data (hash of the problem before pseudonyms), which plan came out, and how good it is.

    ``plan`` is the SHA-256 of the run's ``plan.csv`` under pseudonyms, empty when no plan kept every rule; ``at`` the
    time in UTC as the bureau's machine told it; ``previous`` the digest of the row before, empty in the first.
    """

    number: int
    at: str
    seed: int
    gap: float
    problem: str
    plan: str
    objective: float | None
    previous: str

    @property
    def digest(self) -> str:
        """SHA-256 over the row's other cells, with NUL between them."""
        return hashlib.sha256("\x00".join(self._cells()).encode()).hexdigest()

    def _cells(self) -> tuple[str, ...]:
        value = "" if self.objective is None else repr(self.objective)
        return (
            str(self.number), self.at, str(self.seed), repr(self.gap), self.problem, self.plan, value, self.previous,
        )  # fmt: skip

    def row(self) -> tuple[str, ...]:
        """The cells of the row as they are written."""
        return (*self._cells(), self.digest)


def digest_of(problem: Problem) -> str:
    """Fingerprint of a problem as the bureau holds it, before pseudonyms: the same data, the same fingerprint."""
    whole = hashlib.sha256()
    for name, content in sorted(problem_files(problem).items()):
        whole.update(f"{name}\x00{len(content)}\x00".encode() + content)
    return whole.hexdigest()


def runs_file(runs: Sequence[Run]) -> bytes:
    """The log as a table."""
    return canonical_table(RUNS, [run.row() for run in runs])


def read_runs(content: bytes, name: str = RUNS) -> tuple[Run, ...]:
    """The log from its file, its chain unbroken; raises :class:`MalformedFileError` at the first broken row."""
    runs: list[Run] = []
    for number, row in enumerate(read_table(RUNS, content), start=1):
        run = _run(row, f"{name} line {number + 1}")
        before = runs[-1].digest if runs else ""
        if run.number != number or run.previous != before or run.digest != row["digest"]:
            raise MalformedFileError(f"{name} line {number + 1}: the chain is broken; a row was changed or taken out")
        runs.append(run)
    return tuple(runs)


def _run(row: Row, where: str) -> Run:
    try:
        return Run(
            number=int(row["number"]),
            at=row["at"],
            seed=int(row["seed"]),
            gap=float(row["gap"]),
            problem=row["problem"],
            plan=row["plan"],
            objective=float(row["objective"]) if row["objective"] else None,
            previous=row["previous"],
        )
    except ValueError as fault:
        raise MalformedFileError(f"{where}: {fault}") from fault


def unkept(commitment: Commitment, runs: Sequence[Run], facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(where, found, committed) of every promise that the runs and the facts of the run (run.json) do not keep."""
    if len(runs) > commitment.runs:
        yield RUNS, f"{len(runs)} runs", f"at most {commitment.runs}"
    if facts.get("runs") != len(runs):
        yield "run.json runs", str(facts.get("runs")), f"{len(runs)}, the rows of {RUNS}"
    for run in runs:
        if run.seed not in commitment.seeds:
            yield f"{RUNS} run {run.number}", f"seed {run.seed}", f"one of {', '.join(map(str, commitment.seeds))}"
        if run.gap != commitment.gap:
            yield f"{RUNS} run {run.number}", f"gap {run.gap!r}", repr(commitment.gap)
    told = facts.get("parameters", {})
    if told != dict(commitment.parameters):
        yield "run.json parameters", str(told)[:120], str(dict(commitment.parameters))[:120]
    if commitment.reference_date and facts.get("reference_date") != commitment.reference_date:
        yield "run.json reference_date", str(facts.get("reference_date")), commitment.reference_date
