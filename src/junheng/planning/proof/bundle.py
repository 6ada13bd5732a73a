"""Writing a proof bundle: a folder with everything that somebody needs who does not want to trust us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from junheng.planning.checking import check
from junheng.planning.problem import Assignment, Problem
from junheng.planning.proof.claims import figures_document
from junheng.planning.proof.commitment import COMMITMENT, RUNS, Commitment, Run, runs_file
from junheng.planning.proof.interchange import canonical_json, canonical_table, plan_file, problem_files
from junheng.planning.proof.manifest import NAME, SALTED, SALTS, digest, entry, manifest_of
from junheng.planning.proof.pseudonyms import (
    KeyRow,
    file_salt,
    hide,
    hide_moves,
    hide_rows,
    key_table,
    row_salt,
)

RUN_FACTS = ("runs", "seed", "versions")
PACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A written bundle: where it is, the root to publish, the key table to keep under lock, the log with its run."""

    directory: Path
    root: str
    keys: tuple[KeyRow, ...]
    runs: tuple[Run, ...] = ()


def write_bundle(
    directory: Path,
    *,
    problem: Problem,
    assignments: Iterable[Assignment],
    certificate: Mapping[str, float],
    objective: float,
    bound: float,
    pack_name: str,
    pack_text: bytes,
    verdicts: Mapping[str, tuple[str, str]],
    run: Mapping[str, Any],
    salt: bytes,
    commitment: Commitment | None = None,
    runs: Sequence[Run] = (),
) -> Bundle:
    """Write a plan with its proof into a new or empty folder; the same arguments give the same bytes.

    ``certificate`` maps row names to multipliers; ``objective`` and ``bound`` are the planner's own claims.
    ``pack_name`` and ``pack_text`` are the policy pack as it was in force. ``verdicts`` maps every teacher to verdict
    and the clauses behind it. ``run`` holds at least ``seed``, ``versions`` and ``runs`` (how many runs were made), and
    nothing personal. ``salt`` is secret and drawn anew for each bundle (16 bytes or more); it is not written anywhere.
    With a ``commitment``, ``runs`` is the log of the runs under it; its last row is this run, whose ``plan`` is filled
    in here.

    Raises ``ValueError`` for a folder that is not empty, missing run facts, a plan that moves an unknown teacher, or
    verdicts that do not cover the teachers. A plan that breaks rules is written as it is: verification will say so.
    """
    _refuse_misuse(directory, pack_name, run)
    moves = tuple(assignments)
    keys = key_table(problem, salt)
    names = {row.teacher_id: row.pseudonym for row in keys}
    strangers = sorted({row.teacher_id for row in moves} - names.keys())
    if strangers:
        raise ValueError(f"the plan moves {strangers[0]}, who is not in the problem ({len(strangers)} such teachers)")
    if verdicts.keys() != names.keys():
        odd = sorted(verdicts.keys() ^ names.keys())
        raise ValueError(f"verdicts and teachers differ at {odd[0]} ({len(odd)} teachers)")
    hidden, plan = hide(problem, names), hide_moves(moves, names)
    contents = {f"problem/{name}": content for name, content in problem_files(hidden).items()}
    contents |= {
        "plan.csv": plan_file(plan),
        "certificate.json": canonical_json({"multipliers": hide_rows(certificate, names)}),
        "figures.json": canonical_json(figures_document(check(hidden, plan).figures, objective, bound)),
        "verdicts.csv": canonical_table(
            "verdicts.csv", sorted((names[who], *facts) for who, facts in verdicts.items())
        ),
        "run.json": canonical_json(dict(run)),
        f"policy/{pack_name}": bytes(pack_text),
    }
    logged = _logged(runs, contents["plan.csv"]) if commitment is not None else ()
    if commitment is not None:
        contents |= {COMMITMENT: commitment.content(), RUNS: runs_file(logged)}
    salts = {name: file_salt(salt, name) for name in SALTED}
    salts |= {row.pseudonym: row_salt(row.key, row.pseudonym) for row in keys}
    contents[SALTS] = canonical_table(SALTS, sorted((name, one.hex()) for name, one in salts.items()))
    document = manifest_of({name: entry(name, content, salts) for name, content in contents.items()})
    contents[NAME] = canonical_json(document)
    for name, content in contents.items():
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return Bundle(directory, document["root"], keys, logged)


def _logged(runs: Sequence[Run], plan: bytes) -> tuple[Run, ...]:
    """The log, its last row naming the plan."""
    if not runs:
        raise ValueError("a bundle under a commitment needs the log of its runs")
    return (*runs[:-1], replace(runs[-1], plan=digest(plan)))


def _refuse_misuse(directory: Path, pack_name: str, run: Mapping[str, Any]) -> None:
    missing = [fact for fact in RUN_FACTS if fact not in run]
    if missing:
        raise ValueError(f"run facts lack {', '.join(missing)}")
    if not PACK_NAME.fullmatch(pack_name):
        raise ValueError(f"{pack_name!r} is not a plain file name for the policy pack")
    if directory.exists() and any(directory.iterdir()):
        raise ValueError(f"{directory} is not empty; a bundle is written into a new folder")
