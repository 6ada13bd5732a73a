"""The file of a plan: its problem, its proof bundle, the key table, and why people stay; written, read, rewritten."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from junheng.facts import Stage
from junheng.planning.checking import Report, check
from junheng.planning.interchange import read_problem, write_problem
from junheng.planning.problem import Assignment, Problem
from junheng.planning.proof import (
    KeyRow,
    read_receipt,
    receipt_faults,
    receipt_of,
    verify_bundle,
    write_bundle,
    write_verifier,
)
from junheng.planning.proof.interchange import plan_file
from junheng.planning.proof.manifest import PERSONAL
from junheng.planning.year import YearPlan
from junheng.policy import pack_source
from junheng.web.rotation.models import FileKind, PlanFile, Scenario
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.vault import workplace

ENGINE = ("junheng", "highspy", "numpy", "polars")
"""Whose versions stand in a bundle."""
BUNDLE, PROBLEM, PLAN, WORKINGS, STAYS, KEYS = (
    "bundle", "problem", "plan.csv", "workings.json", "stays.json", "private/keys.csv",
)  # fmt: skip
VERIFIER = "verify.py"
_WHEN = (2026, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same content gives the same file."""


class UnprovenPlanError(RuntimeError):
    """A bundle that was just written is refused by the verifier: nothing of such a plan is kept."""


@dataclass(frozen=True, slots=True)
class Workings:
    """What a plan is checked and proved with: teachers by their numbers, school stages by the planner's names."""

    problem: Problem
    certificate: Mapping[str, float]
    bound: float
    verdicts: Mapping[str, tuple[str, str]]
    run: Mapping[str, Any]
    units: Mapping[str, tuple[str, Stage]]
    names: Mapping[str, str]
    pack_name: str
    pack: str
    stays: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a plan: its content, the Merkle root (empty for a plan that breaks rules), the digest of plan.csv."""

    content: bytes
    root: str
    plan_digest: str
    report: Report


def workings_of(made: YearPlan, runs: int) -> Workings:
    """What is to be kept of a plan that has just been made; ``runs`` is how many were made for the year."""
    problem, cited = made.assembly.problem, made.findings.cited
    units = {unit: (made.assembly.unit_school[unit], stage) for unit, stage in made.assembly.unit_stage.items()}
    names = {s.id: s.name for s in problem.schools} | {c.id: c.name for c in made.county.clusters}
    run = {
        "runs": runs,
        "seed": made.result.statistics.get("seed", 0),
        "versions": {name: version(name) for name in ENGINE},
        "status": made.result.status,
        "reference_date": made.findings.reference_date.isoformat(),
        "parameters": {name: str(value) for name, value in sorted(made.findings.parameters.items())},
        "manual_moves": 0,
    }
    if made.joined is not None:
        done = made.joined.round
        run["voluntary"] = {
            "mechanism": done.mechanism.code, "priority": done.order.kind, "points": list(done.order.keys),
            "exchanged": len(made.joined.kept), "released": len(made.joined.released),
        }  # fmt: skip
    return Workings(
        problem=problem, certificate=made.result.certificate, bound=made.result.bound,
        verdicts={t.id: (t.verdict, cited[t.id]) for t in problem.teachers}, run=run, units=units,
        names=names | {t.id: t.name for t in made.county.teachers if t.name},
        pack_name=f"{made.findings.pack.code}.yaml", pack=pack_source(made.findings.pack),
        stays={r.teacher_id: (r.zh, r.en) for r in made.reasons if r.outcome != "moves"},
    )  # fmt: skip


def decided_by_hand(scenario: Scenario) -> int:
    """How many people of a plan a person decided on: changed by hand, or sent to their school beforehand."""
    kept, assignments = workings(scenario)
    moved = {each.teacher_id for each in assignments}
    sent = {pin.teacher_id for pin in kept.problem.pins if pin.kind == "pin"}
    return len({*scenario.changes.values_list("teacher__number", flat=True), *(sent & moved)})


def write(kept: Workings, assignments: Sequence[Assignment], *, manual: int = 0) -> Written:
    """The file of a plan. One that keeps every rule has a bundle under a secret drawn anew, verified before it is kept.

    Raises :class:`UnprovenPlanError` where the verifier refuses what was written.
    """
    report = check(kept.problem, assignments)
    run = dict(kept.run) | {"manual_moves": manual}
    with workplace() as folder:
        write_problem(kept.problem, folder / PROBLEM)
        (folder / PLAN).write_bytes(plan_file(assignments))
        (folder / WORKINGS).write_text(_written(replace(kept, run=run)), encoding="utf-8")
        (folder / STAYS).write_text(json.dumps(dict(kept.stays), ensure_ascii=False), encoding="utf-8")
        root = _prove(folder, kept, assignments, run, report) if report.feasible else ""
        return Written(_zipped(folder), root, hashlib.sha256(plan_file(assignments)).hexdigest(), report)


def _prove(
    folder: Path, kept: Workings, assignments: Sequence[Assignment], run: Mapping[str, Any], report: Report
) -> str:
    bundle = write_bundle(
        folder / BUNDLE, problem=kept.problem, assignments=assignments, certificate=kept.certificate,
        objective=report.figures.objective, bound=kept.bound, pack_name=kept.pack_name, pack_text=kept.pack.encode(),
        verdicts=kept.verdicts, run=run, salt=secrets.token_bytes(32),
    )  # fmt: skip
    verified = verify_bundle(folder / BUNDLE, expected_root=bundle.root)
    if not verified.accepted:
        raise UnprovenPlanError("\n".join(verified.lines("en")))
    (folder / KEYS).parent.mkdir()
    with (folder / KEYS).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((row.teacher_id, row.pseudonym, row.key) for row in bundle.keys)
    return bundle.root


def _written(kept: Workings) -> str:
    return json.dumps(
        {
            "certificate": dict(kept.certificate), "bound": kept.bound, "verdicts": dict(kept.verdicts),
            "run": dict(kept.run), "units": {unit: [code, stage.value] for unit, (code, stage) in kept.units.items()},
            "names": dict(kept.names), "pack_name": kept.pack_name, "pack": kept.pack,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _zipped(folder: Path, names: Iterable[str] | None = None) -> bytes:
    held = io.BytesIO()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = path.relative_to(folder).as_posix()
            if names is None or name in names:
                archive.writestr(zipfile.ZipInfo(name, _WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


# --- kept and read again ---------------------------------------------------------------------------------------------


def keep(scenario: Scenario, content: bytes, kind: FileKind = FileKind.WORKINGS) -> PlanFile:
    """Store a file of a scenario's present version; inside the transaction of what it belongs to."""
    return PlanFile.objects.create(
        scenario=scenario, kind=kind, version=scenario.version, content=base64.b64encode(content).decode(),
        sha256=hashlib.sha256(content).hexdigest(), size=len(content),
    )  # fmt: skip


def content_of(file: PlanFile) -> bytes:
    """The file again. Raises :class:`RefusedError` for one that was changed."""
    content = base64.b64decode(file.content)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise RefusedError(_("方案的文件与登记的摘要不符，不能使用；请联系系统管理员。"))
    return content


def workings(scenario: Scenario) -> tuple[Workings, tuple[Assignment, ...]]:
    """What a scenario's plan is checked with, and its moves as the file has them."""
    with _opened(_file(scenario)) as archive, workplace() as folder:
        told = json.loads(archive.read(WORKINGS))
        for name in archive.namelist():
            if name.startswith(f"{PROBLEM}/"):
                target = folder / name
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(archive.read(name))
        kept = Workings(
            problem=read_problem(folder / PROBLEM), certificate=told["certificate"], bound=told["bound"],
            verdicts={who: (said, cited) for who, (said, cited) in told["verdicts"].items()}, run=told["run"],
            units={unit: (code, Stage.read(stage)) for unit, (code, stage) in told["units"].items()},
            names=told["names"], pack_name=told["pack_name"], pack=told["pack"],
            stays={who: (zh, en) for who, (zh, en) in json.loads(archive.read(STAYS)).items()},
        )  # fmt: skip
        rows = csv.reader(io.StringIO(archive.read(PLAN).decode()))
        next(rows)
        return kept, tuple(Assignment(*row) for row in rows)


def why_stays(scenario: Scenario, number: str) -> tuple[str, str] | None:
    """Why a teacher who may or must move stays, in Chinese and English; ``None`` for one of whom nothing is said."""
    with _opened(_file(scenario)) as archive:
        said = json.loads(archive.read(STAYS)).get(number)
        return (said[0], said[1]) if said else None


def _file(scenario: Scenario) -> PlanFile:
    found = PlanFile.objects.filter(scenario=scenario, kind=FileKind.WORKINGS, version=scenario.version).first()
    if found is None:
        raise RefusedError(_("“%(scenario)s”没有保存测算底稿，不能使用；请重新测算。") % {"scenario": scenario})
    return found


def _opened(file: PlanFile) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content_of(file)))


def _unpack(archive: zipfile.ZipFile, folder: Path) -> Path:
    for name in archive.namelist():
        if name.startswith(f"{BUNDLE}/"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    return folder / BUNDLE


def public_part(scenario: Scenario) -> bytes:
    """The bundle as everybody may have it, zipped with the verifier: without homes, wishes and family ties, same root.

    Raises :class:`UnprovenPlanError` where the verifier does not accept it under the scenario's root.
    """
    with _opened(_file(scenario)) as archive, workplace() as folder:
        bundle = _unpack(archive, folder)
        for name in PERSONAL:
            (bundle / name).unlink(missing_ok=True)
        verified = verify_bundle(bundle, expected_root=scenario.root, public=True)
        if not verified.accepted:
            raise UnprovenPlanError("\n".join(verified.lines("en")))
        write_verifier(folder / VERIFIER)
        return _zipped(folder)


def public_schools(content: bytes) -> dict[str, str]:
    """The names of school stages by the planner's names of them, from a public bundle."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = csv.DictReader(io.StringIO(archive.read(f"{BUNDLE}/problem/schools.csv").decode()))
        return {row["school_id"]: row["name"] for row in rows}


def receipt(scenario: Scenario, number: str) -> bytes | None:
    """A teacher's receipt, with which he finds himself under the published root; ``None`` for one outside the plan."""
    with _opened(_file(scenario)) as archive, workplace() as folder:
        keys = csv.reader(io.StringIO(archive.read(KEYS).decode()))
        own = next((KeyRow(*row) for row in keys if row[0] == number), None)
        return receipt_of(_unpack(archive, folder), own).content() if own is not None else None


def read_lines(content: bytes, root: str) -> tuple[dict[str, str | None], list[str]]:
    """What a receipt says under a published root, row by row of each table, and what is wrong with it.

    Raises ``ValueError`` for a file that is no receipt.
    """
    held = read_receipt(content)
    faults = receipt_faults(held, root)
    return ({} if faults else held.rows()), faults
