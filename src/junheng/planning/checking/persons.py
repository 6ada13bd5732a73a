"""Rules about one teacher and one move: verdict, stage, school, subject, commute, return, pins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from junheng.planning.checking.register import Moves, Register
from junheng.planning.checking.report import Violation
from junheng.planning.checking.wording import broken
from junheng.planning.problem import STRENGTHS, TO_IMPROVE, Assignment, Candidate, Pin, SchoolUnit

KM_TOLERANCE = 1e-9
"""A micrometre: distances that differ by less are the same road."""


def kilometres(teacher: Candidate, school: SchoolUnit) -> float:
    """Straight line from the teacher's home to the school."""
    return math.hypot(teacher.home_x - school.x_km, teacher.home_y - school.y_km)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a teacher may be sent and which schools the teacher left too recently."""

    limit_km: float
    left_recently: frozenset[str]


def reach(register: Register, teacher: Candidate) -> Reach:
    """Commute limit and schools closed to the teacher.

    The limit is the policy's, or the teacher's own where that is smaller, and never less than today's commute. A school
    left in year y opens again once ``year − y`` is at least ``no_return_years``.
    """
    policy = register.policy
    limit = policy.commute_km_max
    if teacher.commute_limit_km is not None:
        limit = min(limit, teacher.commute_limit_km)
    own = register.schools.get(teacher.school_id)
    today = kilometres(teacher, own) if own else 0.0
    recent = (
        row for row in register.departures.get(teacher.id, ()) if policy.year - row.year_left < policy.no_return_years
    )
    return Reach(max(limit, today), frozenset(row.school_id for row in recent))


def move_faults(register: Register, teacher: Candidate, host: SchoolUnit, subject: str) -> Iterator[Violation]:
    """Every rule that the single move breaks by itself."""
    if teacher.verdict == "no":
        yield broken("verdict", teacher.id, teacher.verdict, "must/may")
    if host.id == teacher.school_id:
        yield broken("own_school", teacher.id, host.id, "≠ " + teacher.school_id)
    if host.stage != teacher.stage:
        yield broken("stage", teacher.id, host.stage, teacher.stage)
    own = register.schools.get(teacher.school_id)
    if register.policy.within_cluster and own is not None and host.cluster != own.cluster:
        yield broken("within_cluster", teacher.id, host.cluster, own.cluster)
    if own is not None and host.id != own.id and register.barred_by_partners(own, host):
        yield broken("within_partners", teacher.id, host.id, "/".join(sorted(register.partners[own.id])))
    if subject not in teacher.subjects:
        yield broken("subject", teacher.id, subject, "/".join(teacher.subjects))
    allowed = reach(register, teacher)
    distance = kilometres(teacher, host)
    if not distance <= allowed.limit_km + KM_TOLERANCE:
        yield broken("commute", teacher.id, f"{distance:.3f}", f"{allowed.limit_km:.3f}")
    if host.id in allowed.left_recently:
        years = [row.year_left for row in register.departures[teacher.id] if row.school_id == host.id]
        yield broken("no_return", teacher.id, max(years), register.policy.year - register.policy.no_return_years)


def read_plan(register: Register, assignments: Iterable[Assignment]) -> tuple[Moves, list[Violation]]:
    """The moves of a plan that can be counted, and every fault of a single row.

    A row that names nobody, no school or a teacher a second time is reported and not counted; so is a "move" to the
    teacher's own school. Everything else is counted as written, so that the sums show what the plan would do.
    """
    moves, faults = Moves(), []
    rows = list(assignments)
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.teacher_id] = seen.get(row.teacher_id, 0) + 1
    faults += [broken("repeated", teacher, times, 1) for teacher, times in sorted(seen.items()) if times > 1]
    for row in rows:
        teacher, host = register.teachers.get(row.teacher_id), register.schools.get(row.to_school)
        if teacher is None:
            faults.append(broken("unknown_teacher", row.teacher_id, row.teacher_id, "teachers.csv"))
        if host is None:
            faults.append(broken("unknown_school", row.teacher_id, row.to_school, "schools.csv"))
        if teacher is None or host is None:
            continue
        faults += move_faults(register, teacher, host, row.as_subject)
        own = register.schools.get(teacher.school_id)
        if own is not None and host.id != own.id and teacher.id not in moves.destination:
            moves.add(teacher, own, host, row)
    return moves, faults


def obligations(register: Register, moves: Moves) -> Iterator[Violation]:
    """Every must-mover moves."""
    for teacher in register.problem.teachers:
        if teacher.verdict == "must" and teacher.id not in moves.destination:
            yield broken("must", teacher.id, 0, 1)


def couples(register: Register, moves: Moves) -> Iterator[Violation]:
    """Not both spouses, where the policy says so. A tie stated on one side only counts."""
    if not register.policy.spouse_both_forbidden:
        return
    pairs = {
        (min(teacher.id, teacher.spouse_id), max(teacher.id, teacher.spouse_id))
        for teacher in register.problem.teachers
        if teacher.spouse_id in register.teachers and teacher.spouse_id != teacher.id
    }
    for first, second in sorted(pairs):
        if first in moves.destination and second in moves.destination:
            yield broken("couple", f"couple:{first}:{second}", 2, 1)


def pins(register: Register, moves: Moves) -> Iterator[Violation]:
    """The clerk's decisions are respected."""
    for pin in register.problem.pins:
        row = moves.destination.get(pin.teacher_id)
        found = f"{row.to_school}/{row.as_subject}" if row else "—"
        if pin.kind == "pin" and not (row and _is_target(pin, row)):
            yield broken("pin", pin.teacher_id, found, f"{pin.school_id}/{pin.subject or '*'}")
        elif pin.kind == "stay" and row:
            yield broken("stay", pin.teacher_id, found, "—")
        elif pin.kind == "forbid" and pin.reason != TO_IMPROVE and row and _is_target(pin, row):
            yield broken("forbid", pin.teacher_id, found, f"≠ {pin.school_id}/{pin.subject or '*'}")


def supervisory_hosts(register: Register, moves: Moves) -> Iterator[Violation]:
    """Whoever is on supervisory exchange goes to no under-resourced school and to none weaker than his own; where all
    others of the stage are weaker, to the strongest of them.

    Judged by the strength of the schools, not by the schools that his pins name.
    """
    improving = {pin.teacher_id for pin in register.problem.pins if pin.reason == TO_IMPROVE}
    for teacher, own, host, _subject in moves.rows:
        if teacher.id not in improving:
            continue
        others = [s for s in register.problem.schools if s.stage == teacher.stage and s.id != own.id]
        best = max((_rung(s.strength) for s in others), default=0)
        least = min(best, max(_rung(own.strength), _rung("ordinary")))
        if _rung(host.strength) < least:
            yield broken("supervisory_host", teacher.id, host.id, STRENGTHS[least])


def _rung(strength: str) -> int:
    """The higher, the stronger; a school that is not classed is an ordinary one."""
    return STRENGTHS.index(strength if strength in STRENGTHS else "ordinary")


def _is_target(pin: Pin, row: Assignment) -> bool:
    return row.to_school == pin.school_id and pin.subject in ("", row.as_subject)
