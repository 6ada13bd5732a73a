"""The nine steps. Each takes the folder and yields what is wrong; a step that yields nothing has passed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from junheng.planning.proof.bound import bound_of
from junheng.planning.proof.certificate import CertificateError
from junheng.planning.proof.claims import SECTIONS, differences, figures_document
from junheng.planning.proof.commitment import COMMITMENT, RUNS, runs_file, unkept
from junheng.planning.proof.folder import Folder, the
from junheng.planning.proof.interchange import (
    PROBLEM_FILES,
    canonical_json,
    canonical_table,
    plan_file,
    problem_files,
)
from junheng.planning.proof.manifest import NAME, SALTED, SALTS, digest, entry, manifest_of
from junheng.planning.proof.outcome import Finding
from junheng.planning.proof.reading import read_json, read_table

FIXED_FILES = (
    "certificate.json",
    "figures.json",
    NAME,
    "plan.csv",
    "run.json",
    SALTS,
    "verdicts.csv",
    *(f"problem/{name}" for name in PROBLEM_FILES),
)
UNDER_COMMITMENT = (COMMITMENT, RUNS)
"""Both there, where a commitment was made, or both not."""
WHOLE_ONLY = (4, 5, 6, 7, 8)
"""Steps that need what a public bundle withholds."""
PARTLY = (9,)
"""Steps that a public bundle allows in part."""
OBJECTIVE_TOLERANCE = 1e-6
"""J and the bound are sums of thousands of terms; they are compared to a millionth of a point."""


def form(folder: Folder) -> Iterator[Finding]:
    """1: every file there, none unlisted, each in the declared form and written in the one canonical way."""
    yield from folder.faults
    due = {name for name in FIXED_FILES if name not in folder.withheld}
    if any(name in folder.contents for name in UNDER_COMMITMENT) or folder.expected_commitment is not None:
        due |= {*UNDER_COMMITMENT}
    for name in sorted(due - folder.contents.keys()):
        yield Finding(name, "no such file", "a file of the bundle")
    for name in sorted(folder.contents.keys() - due - set(folder.policy_files)):
        yield Finding(name, "a file that does not belong to a bundle", "no such file")
    if len(folder.policy_files) != 1:
        yield Finding("policy/", f"{len(folder.policy_files)} files", "one policy pack")
    yield from _unneeded(folder)
    for name, again in _rewritten(folder):
        if folder.contents[name] != again:
            yield Finding(f"{name}{_first_difference(folder.contents[name], again)}", "other bytes", "canonical form")


def _unneeded(folder: Folder) -> Iterator[Finding]:
    """What no rule reads about a person does not belong in a bundle."""
    if folder.problem is None:
        return
    for teacher in folder.problem.teachers:
        if teacher.sex or teacher.age or teacher.title or teacher.years_at_school:
            yield Finding(f"problem/teachers.csv {teacher.id}", "sex, age, title or years at school", "blank")
    for pin in folder.problem.pins:
        if pin.reason:
            yield Finding(f"problem/pins.csv {pin.teacher_id}", "a reason", "blank")


def _rewritten(folder: Folder) -> Iterator[tuple[str, bytes]]:
    """Every file that can be read, written again in the canonical way."""
    if folder.problem is not None:
        for name, content in problem_files(folder.problem).items():
            yield f"problem/{name}", content
    if folder.plan is not None:
        yield "plan.csv", plan_file(folder.plan)
    if folder.verdicts is not None:
        rows = read_table("verdicts.csv", folder.contents["verdicts.csv"])
        yield "verdicts.csv", canonical_table("verdicts.csv", sorted(tuple(row.values()) for row in rows))
    if folder.salts:
        yield SALTS, canonical_table(SALTS, sorted((name, salt.hex()) for name, salt in folder.salts.items()))
    if folder.commitment is not None:
        yield COMMITMENT, folder.commitment.content()
    if folder.runs is not None:
        yield RUNS, runs_file(folder.runs)
    for name in ("figures.json", "certificate.json", "run.json", NAME):
        if name in folder.contents and not any(fault.where == name for fault in folder.faults):
            yield name, canonical_json(read_json(name, folder.contents[name]))


def _first_difference(found: bytes, expected: bytes) -> str:
    """Line and byte of the first difference."""
    same = next((i for i, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(found), len(expected)) if same is None else same
    return f" line {found[:at].count(10) + 1} byte {at + 1}"


def fingerprints(folder: Folder) -> Iterator[Finding]:
    """2: the manifest is what the files give, the root is what the manifest gives, and it is the published one."""
    listed = _listed(folder.manifest)
    entries = {name: entry(name, content, folder.salts) for name, content in folder.contents.items() if name != NAME}
    unlisted = [name for name in folder.withheld if name not in listed]
    document = manifest_of(entries | {name: listed[name] for name in folder.withheld if name in listed})
    folder.root = document["root"]
    # a root that fits the files, over fingerprints that do not: it is the manifest that was changed
    blame = f"{NAME} " if isinstance(folder.manifest, dict) and folder.manifest.get("root") == folder.root else ""
    for name in sorted(entries.keys() | (listed.keys() - set(folder.withheld))):
        if entries.get(name) != listed.get(name):
            yield Finding(blame + name, _fingerprint(entries.get(name)), f"{_fingerprint(listed.get(name))} ({NAME})")
    for name in sorted(_unsalted(folder)):
        yield Finding(SALTS, f"no salt for {name}", "a salt for every withheld file and every teacher")
    for name in unlisted:
        yield Finding(NAME, f"no fingerprint of {name}", "a fingerprint of every withheld file")
    for where, found, expected in differences(folder.manifest, document, NAME):
        if not where.startswith(f"{NAME}.files"):
            yield Finding(where, found, expected)
    if folder.expected_root is not None and folder.expected_root.lower() != folder.root:
        yield Finding("Merkle root", folder.root, f"{folder.expected_root} (published)")


def _unsalted(folder: Folder) -> set[str]:
    """What should have a salt and has none; a salt for nothing counts as well."""
    if SALTS not in folder.contents or folder.problem is None:
        return set()
    due = {*SALTED, *(teacher.id for teacher in folder.problem.teachers)}
    return due ^ folder.salts.keys()


def _listed(manifest: Any) -> Mapping[str, Any]:
    files = manifest.get("files") if isinstance(manifest, dict) else None
    return files if isinstance(files, dict) else {}


def _fingerprint(facts: Any) -> str:
    if not isinstance(facts, dict):
        return "nothing"
    return f"{facts.get('bytes')} bytes, SHA-256 {str(facts.get('sha256'))[:16]}…"


def policy_hash(folder: Folder) -> Iterator[Finding]:
    """3: the policy pack is the one whose fingerprint the manifest gives, and what was committed beforehand is kept:
    the pack, its parameters, the number of runs, and that this plan came out of the last of them.
    """
    for name in folder.policy_files:
        found = digest(folder.contents[name])
        listed = the(folder.manifest).get("policy", {}).get(name)
        if listed != found:
            yield Finding(name, found, f"{listed} ({NAME})")
        if folder.expected_policy is not None and folder.expected_policy.lower() != found:
            yield Finding(name, found, f"{folder.expected_policy} (committed)")
        if folder.commitment is not None and folder.commitment.policy_sha256 != found:
            yield Finding(name, found, f"{folder.commitment.policy_sha256} ({COMMITMENT})")
    if folder.expected_commitment is not None or folder.commitment is not None:
        yield from _commitment(folder)


def _commitment(folder: Folder) -> Iterator[Finding]:
    commitment, runs = the(folder.commitment), the(folder.runs)
    if folder.expected_commitment is not None and folder.expected_commitment.lower() != commitment.digest:
        yield Finding(COMMITMENT, commitment.digest, f"{folder.expected_commitment} (published)")
    for where, found, expected in unkept(commitment, runs, the(folder.run_facts)):
        yield Finding(where, found, expected)
    plan, claimed = digest(folder.contents["plan.csv"]), the(folder.figures)["claimed"]["objective"]
    if not runs or runs[-1].plan != plan:
        yield Finding(RUNS, runs[-1].plan if runs else "no run", f"{plan} (plan.csv), in the last run")
    elif not _close(claimed, runs[-1].objective if runs[-1].objective is not None else math.inf):
        yield Finding(RUNS, str(runs[-1].objective), f"{claimed} (figures.json), in the last run")


def hard_constraints(folder: Folder) -> Iterator[Finding]:
    """4: every rule of planning holds, but for the quotas, which are the next step."""
    for fault in the(folder.report).violations:
        if fault.rule != "quota":
            yield Finding(f"{fault.rule} {fault.where}", fault.found, fault.expected)


def quotas(folder: Folder) -> Iterator[Finding]:
    """5: every quota is met, and the quota table in the figures is the one that the rules give."""
    for fault in the(folder.report).violations:
        if fault.rule == "quota":
            yield Finding(fault.where, fault.found, fault.expected)
    yield from _claims(folder, SECTIONS["quotas"])


def coefficients(folder: Folder) -> Iterator[Finding]:
    """6: the coefficients of variation and the values per school are those of the plan."""
    yield from _claims(folder, SECTIONS["coefficients"])


def objective(folder: Folder) -> Iterator[Finding]:
    """7: J and the figures of service and moves are those of the plan."""
    others = {name for section in SECTIONS.values() for name in section}
    document = figures_document(the(folder.report).figures, 0.0, 0.0)
    yield from _claims(folder, tuple(sorted(document["figures"].keys() - others)))
    claimed = the(folder.figures)
    for extra in sorted((claimed["figures"].keys() - document["figures"].keys()) | (claimed.keys() - document.keys())):
        yield Finding(f"figures.json {extra}", "a figure that nobody can check", "no such figure")
    value, found = claimed["claimed"]["objective"], the(folder.report).figures.objective
    if not _close(value, found):
        yield Finding("figures.json claimed.objective", str(value), repr(found))


def _claims(folder: Folder, parts: tuple[str, ...]) -> Iterator[Finding]:
    found = figures_document(the(folder.report).figures, 0.0, 0.0)["figures"]
    claimed = the(folder.figures)["figures"]
    for part in parts:
        for where, said, is_ in differences(claimed.get(part), found[part], f"figures.{part}"):
            yield Finding(f"figures.json {where}", said, is_)


def proven_bound(folder: Folder) -> Iterator[Finding]:
    """8: the multipliers alone prove the bound that is claimed, and it does not exceed J."""
    given = the(folder.certificate)
    if not isinstance(given, dict) or given.keys() != {"multipliers"} or not isinstance(given["multipliers"], dict):
        yield Finding("certificate.json", "other contents", '{"multipliers":{row:number}}')
        return
    try:
        proven = bound_of(the(folder.problem), given["multipliers"])
    except CertificateError as fault:
        yield Finding("certificate.json", str(fault), "multipliers of rows of this problem")
        return
    folder.bound = proven
    claimed = the(folder.figures)["claimed"]
    if claimed.keys() != {"objective", "bound"}:
        yield Finding("figures.json claimed", ", ".join(sorted(claimed)), "objective, bound")
    value = claimed["bound"]
    if value is not None and (not _number(value) or value > proven + OBJECTIVE_TOLERANCE):
        yield Finding("figures.json claimed.bound", str(value), f"at most {proven!r}, which the certificate proves")
    reached = the(folder.report).figures.objective
    feasible = the(folder.report).feasible
    if feasible and proven > reached + OBJECTIVE_TOLERANCE:
        yield Finding("certificate.json", f"a bound of {proven!r}", f"at most J = {reached!r}")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _close(claimed: Any, found: float) -> bool:
    return _number(claimed) and abs(claimed - found) <= OBJECTIVE_TOLERANCE


def verdicts(folder: Folder) -> Iterator[Finding]:
    """9: the verdict table and the problem say the same of everybody (the public bundle shows the table only); who must
    moves, who may not does not.
    """
    told, plan = the(folder.verdicts), the(folder.plan)
    judged = told if folder.withheld else {teacher.id: teacher.verdict for teacher in the(folder.problem).teachers}
    for who in sorted(told.keys() | judged.keys()):
        if told.get(who) != judged.get(who):
            yield Finding(f"verdicts.csv {who}", str(told.get(who)), f"{judged.get(who)} (problem/teachers.csv)")
    movers = {row.teacher_id for row in plan}
    for who in sorted(movers):
        if told.get(who) not in ("must", "may"):
            yield Finding(f"plan.csv {who}", f"moves with verdict {told.get(who)}", "must or may")
    for who in sorted(who for who, verdict in told.items() if verdict == "must" and who not in movers):
        yield Finding(f"verdicts.csv {who}", "must, but does not move", "a move in plan.csv")


STEPS: tuple[tuple[int, Callable[[Folder], Iterator[Finding]]], ...] = (
    (1, form),
    (2, fingerprints),
    (3, policy_hash),
    (4, hard_constraints),
    (5, quotas),
    (6, coefficients),
    (7, objective),
    (8, proven_bound),
    (9, verdicts),
)
