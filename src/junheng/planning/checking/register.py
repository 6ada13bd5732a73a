"""The county as the checker counts it: who is where, how many, and the plan's moves applied to that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from junheng.planning.problem import INDICATORS, PE_ART, Assignment, Candidate, Departure, Problem, SchoolUnit

Slot = tuple[str, str]
"""School unit and subject."""


class Register:
    """Look-up tables of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.policy = problem.policy
        self.schools: dict[str, SchoolUnit] = {school.id: school for school in problem.schools}
        self.teachers: dict[str, Candidate] = {teacher.id: teacher for teacher in problem.teachers}
        self.present: Counter[str] = Counter(teacher.school_id for teacher in problem.teachers)
        self.heads: Counter[Slot] = Counter((teacher.school_id, teacher.subject) for teacher in problem.teachers)
        self.stated: dict[Slot, int] = {(row.school_id, row.subject): row.required for row in problem.requirements}
        self.departures: dict[str, list[Departure]] = defaultdict(list)
        for row in problem.history:
            self.departures[row.teacher_id].append(row)
        self.partners: dict[str, set[str]] = defaultdict(set)
        for school in problem.schools:
            for other in school.paired_with:
                self.partners[school.id].add(other)
                self.partners[other].add(school.id)

    def required(self, slot: Slot) -> int:
        """Teachers that the school-subject needs; where nothing is stated, as many as today."""
        return self.stated.get(slot, self.heads[slot])

    def barred_by_partners(self, own: SchoolUnit, host: SchoolUnit) -> bool:
        """Whether the policy keeps the staff of ``own`` among its partners, and ``host`` is none."""
        partners = self.partners.get(own.id)
        return self.policy.within_partners and bool(partners) and host.id not in (partners or ())

    def counts_before(self) -> dict[Slot, int]:
        """Teachers of each indicator at each school unit: {(school, indicator): number}."""
        counts: Counter[Slot] = Counter()
        for teacher in self.problem.teachers:
            counts.update((teacher.school_id, name) for name in flags(teacher, teacher.subject))
        return {(school, name): counts[school, name] for school in self.schools for name in INDICATORS}


def flags(teacher: Candidate, subject: str) -> tuple[str, ...]:
    """Indicators for which the teacher counts while teaching the subject."""
    held = (("degree", teacher.high_degree), ("backbone", teacher.backbone), ("pe_art", subject in PE_ART))
    return tuple(name for name, holds in held if holds)


@dataclass(slots=True)
class Moves:
    """The rows of a plan that name a known teacher and another known school, each teacher once, with their sums."""

    rows: list[tuple[Candidate, SchoolUnit, SchoolUnit, str]] = field(default_factory=list)
    destination: dict[str, Assignment] = field(default_factory=dict)
    leaving: Counter[Slot] = field(default_factory=Counter)
    arriving: Counter[Slot] = field(default_factory=Counter)
    leaving_school: Counter[str] = field(default_factory=Counter)
    arriving_school: Counter[str] = field(default_factory=Counter)

    def add(self, teacher: Candidate, own: SchoolUnit, host: SchoolUnit, row: Assignment) -> None:
        """Count one move."""
        self.rows.append((teacher, own, host, row.as_subject))
        self.destination[teacher.id] = row
        self.leaving[own.id, teacher.subject] += 1
        self.arriving[host.id, row.as_subject] += 1
        self.leaving_school[own.id] += 1
        self.arriving_school[host.id] += 1


def counts_after(before: dict[Slot, int], moves: Moves) -> dict[Slot, int]:
    """Indicator counts once the moves have happened; PE and arts follow the subject taught at the new school."""
    counts = dict(before)
    for teacher, own, host, subject in moves.rows:
        for name in flags(teacher, teacher.subject):
            counts[own.id, name] -= 1
        for name in flags(teacher, subject):
            counts[host.id, name] += 1
    return counts


def slots_touched(register: Register, moves: Moves) -> Iterable[Slot]:
    """School-subjects that somebody leaves or joins, in order."""
    return sorted(set(moves.leaving) | set(moves.arriving))
