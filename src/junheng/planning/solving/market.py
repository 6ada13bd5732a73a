"""A rotation problem as arrays: the form in which the solver reads it.

Indices follow the canonical order of :class:`~junheng.planning.problem.Problem` (rows sorted by id), so the order of
a file never reaches the arithmetic. A *slot* is a school unit with a subject: ``slot = school * subjects + subject``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from junheng.planning.problem import INDICATORS, PE_ART, Candidate, PlanningPolicy, Problem

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

DEGREE, BACKBONE, PE_ARTS = range(3)
"""Positions of the indicators in every array with an indicator axis."""

MUST, MAY, NO = 2, 1, 0
_VERDICTS = {"must": MUST, "may": MAY, "no": NO}


@dataclass(frozen=True, slots=True)
class Choices:
    """What binds single teachers: each field holds pairs or triples of indices, sorted.

    ``left``: (teacher, school) that the teacher may not return to yet. ``forbidden``: (teacher, school, subject or -1).
    ``pinned``: (teacher, school, subject or -1). ``stays``: teachers that a clerk keeps in place. ``couples``: (a,
    b), a < b.
    """

    left: Ints
    forbidden: Ints
    pinned: Ints
    stays: Ints
    couples: Ints


@dataclass(frozen=True, slots=True)
class Market:
    """One county and year as arrays; J school units, S subjects, N teachers, K = 3 indicators."""

    policy: PlanningPolicy
    school_ids: tuple[str, ...]
    subjects: tuple[str, ...]
    teacher_ids: tuple[str, ...]
    stages: tuple[str, ...]
    clusters: tuple[str, ...]
    zones: tuple[str, ...]
    school_stage: Ints
    school_cluster: Ints
    school_zone: Ints
    school_xy: Floats
    pupils: Ints
    posts: Ints
    paired: Bools
    """(J, J): the two schools are paired, whichever of them says so."""
    required: Ints
    """(J, S) teachers that each slot needs; today's number where nothing is stated."""
    school: Ints
    """(N,) school unit of each teacher."""
    subject: Ints
    second: Ints
    """(N,) second subject, -1 for none."""
    flags: Bools
    """(N, K): what each teacher counts for at the present school."""
    verdict: Ints
    home: Floats
    limit: Floats
    """(N,) personal limit in km, infinite when none is stated."""
    wishes: Ints
    """(N, W) schools in the order of the wishes, -1 where there is none."""
    choices: Choices
    exceptions: Mapping[str, float] = field(default_factory=dict)
    """By how much single rows may be left, and ``commute:{teacher}`` limits in km, in a what-if."""

    @property
    def slots(self) -> int:
        """Number of school-subject slots."""
        return len(self.school_ids) * len(self.subjects)

    @property
    def from_slot(self) -> Ints:
        """(N,) the slot that each teacher would leave."""
        return self.school * len(self.subjects) + self.subject

    @property
    def headcount(self) -> Ints:
        """(slots,) teachers of today by school and main subject."""
        return np.bincount(self.from_slot, minlength=self.slots)

    @property
    def staff(self) -> Ints:
        """(J,) teachers of today by school."""
        return np.bincount(self.school, minlength=len(self.school_ids))

    @property
    def pe_art_subject(self) -> Bools:
        """(S,) whether a subject counts for PE and arts."""
        return np.array([s in PE_ART for s in self.subjects], dtype=bool)

    @property
    def reach(self) -> Floats:
        """(N,) the policy's limit of commuting in km, or the person's own where an exception names one."""
        own = [self.exceptions.get(f"commute:{t}", self.policy.commute_km_max) for t in self.teacher_ids]
        return np.array(own, dtype=float)

    @property
    def forced(self) -> Bools:
        """(N,) teachers who must take exactly one arc: verdict must, or pinned by a clerk."""
        forced: Bools = self.verdict == MUST
        forced[self.choices.pinned[:, 0]] = True
        return forced

    def counts_today(self) -> Ints:
        """(J, K) what each school counts for each indicator before any move."""
        counts = np.zeros((len(self.school_ids), len(INDICATORS)), dtype=np.int64)
        for k in range(len(INDICATORS)):
            counts[:, k] = np.bincount(self.school[self.flags[:, k]], minlength=len(self.school_ids))
        return counts

    def inflow_bounds(self) -> tuple[Ints, Ints]:
        """(slots,) least and greatest change of each slot's head-count that the refill rule allows."""
        today = self.headcount
        if self.policy.refill == "preserve":
            return np.zeros_like(today), np.zeros_like(today)
        needed = self.required.ravel()
        return np.minimum(today, needed) - today, np.maximum(today, needed) - today

    def outflow_caps(self) -> Ints:
        """(slots,) most teachers who may leave a slot, in exact arithmetic."""
        policy = self.policy
        return np.array(
            [max(policy.subject_outflow_min, floor(policy.subject_outflow_share * int(n))) for n in self.headcount],
            dtype=np.int64,
        )


def market_of(problem: Problem) -> Market:
    """The problem as arrays. Raises ``ValueError`` naming the first id that refers to nothing or is repeated."""
    school_at = _index("school", [s.id for s in problem.schools])
    teacher_at = _index("teacher", [t.id for t in problem.teachers])
    subjects = _subjects(problem)
    subject_at = {name: i for i, name in enumerate(subjects)}
    for school in problem.schools:
        if school.pupils < 1:
            raise ValueError(f"school unit {school.id} has no pupils: leave it out, the balance is per pupil")
    for teacher in problem.teachers:
        _known(school_at, teacher.school_id, f"school of teacher {teacher.id}")
    stages, school_stage = _coded([s.stage for s in problem.schools])
    clusters, school_cluster = _coded([s.cluster for s in problem.schools])
    zones, school_zone = _coded([s.zone for s in problem.schools])
    teachers = problem.teachers
    return Market(
        policy=problem.policy,
        school_ids=tuple(school_at),
        subjects=subjects,
        teacher_ids=tuple(teacher_at),
        stages=stages,
        clusters=clusters,
        zones=zones,
        school_stage=school_stage,
        school_cluster=school_cluster,
        school_zone=school_zone,
        school_xy=np.array([(s.x_km, s.y_km) for s in problem.schools], dtype=float).reshape(-1, 2),
        pupils=np.array([s.pupils for s in problem.schools], dtype=np.int64),
        posts=np.array([s.posts for s in problem.schools], dtype=np.int64),
        paired=_paired(problem, school_at),
        required=_required(problem, school_at, subject_at),
        school=np.array([school_at[t.school_id] for t in teachers], dtype=np.int64),
        subject=np.array([subject_at[t.subject] for t in teachers], dtype=np.int64),
        second=np.array([_second(t, subject_at) for t in teachers], dtype=np.int64),
        flags=np.array([(t.high_degree, t.backbone, t.subject in PE_ART) for t in teachers], dtype=bool).reshape(
            -1, len(INDICATORS)
        ),
        verdict=np.array([_VERDICTS[t.verdict] for t in teachers], dtype=np.int64),
        home=np.array([(t.home_x, t.home_y) for t in teachers], dtype=float).reshape(-1, 2),
        limit=np.array([np.inf if t.commute_limit_km is None else t.commute_limit_km for t in teachers], dtype=float),
        wishes=_wishes(problem, school_at),
        choices=_choices(problem, school_at, teacher_at, subject_at),
        exceptions=dict(problem.exceptions),
    )


def _index(kind: str, ids: list[str]) -> dict[str, int]:
    at = {name: i for i, name in enumerate(ids)}
    if len(at) < len(ids):
        raise ValueError(f"repeated {kind} id: {next(i for i in ids if ids.count(i) > 1)}")
    return at


def _known(at: dict[str, int], key: str, what: str) -> int:
    if key not in at:
        raise ValueError(f"unknown {what}: {key!r}")
    return at[key]


def _coded(values: list[str]) -> tuple[tuple[str, ...], Ints]:
    names = tuple(sorted(set(values)))
    at = {name: i for i, name in enumerate(names)}
    return names, np.array([at[v] for v in values], dtype=np.int64)


def _subjects(problem: Problem) -> tuple[str, ...]:
    named = {r.subject for r in problem.requirements}
    for teacher in problem.teachers:
        named.update(teacher.subjects)
    return tuple(sorted(named))


def _second(teacher: Candidate, subject_at: dict[str, int]) -> int:
    return subject_at[teacher.subjects[1]] if len(teacher.subjects) > 1 else -1


def _paired(problem: Problem, school_at: dict[str, int]) -> Bools:
    paired = np.zeros((len(school_at), len(school_at)), dtype=bool)
    for school in problem.schools:
        for other in school.paired_with:
            a, b = school_at[school.id], _known(school_at, other, f"paired school of {school.id}")
            paired[a, b] = paired[b, a] = True
    return paired


def _required(problem: Problem, school_at: dict[str, int], subject_at: dict[str, int]) -> Ints:
    """Required numbers; where nothing is stated, as many as today."""
    required = np.zeros((len(school_at), len(subject_at)), dtype=np.int64)
    for teacher in problem.teachers:
        required[school_at[teacher.school_id], subject_at[teacher.subject]] += 1
    for row in problem.requirements:
        required[_known(school_at, row.school_id, "school of a requirement"), subject_at[row.subject]] = row.required
    return required


def _wishes(problem: Problem, school_at: dict[str, int]) -> Ints:
    width = max((len(t.preferences) for t in problem.teachers), default=0)
    wishes = np.full((len(problem.teachers), width), -1, dtype=np.int64)
    for i, teacher in enumerate(problem.teachers):
        for rank, wish in enumerate(teacher.preferences):
            wishes[i, rank] = _known(school_at, wish, f"wish of teacher {teacher.id}")
    return wishes


def _choices(
    problem: Problem, school_at: dict[str, int], teacher_at: dict[str, int], subject_at: dict[str, int]
) -> Choices:
    year, wait = problem.policy.year, problem.policy.no_return_years
    left = [
        (teacher_at[d.teacher_id], school_at[d.school_id])
        for d in problem.history
        if year - d.year_left < wait and d.teacher_id in teacher_at and d.school_id in school_at
    ]
    by_kind: dict[str, list[tuple[int, int, int]]] = {"pin": [], "forbid": [], "stay": []}
    for pin in problem.pins:
        teacher = _known(teacher_at, pin.teacher_id, "teacher of a pin")
        school = (
            -1 if pin.kind == "stay" else _known(school_at, pin.school_id, f"school of the pin of {pin.teacher_id}")
        )
        by_kind[pin.kind].append((teacher, school, subject_at.get(pin.subject, -2) if pin.subject else -1))
    return Choices(
        left=_table(left, 2),
        forbidden=_table(by_kind["forbid"], 3),
        pinned=_table(by_kind["pin"], 3),
        stays=np.array(sorted({t for t, _, _ in by_kind["stay"]}), dtype=np.int64),
        couples=_table(_couples(problem, teacher_at), 2),
    )


def _couples(problem: Problem, teacher_at: dict[str, int]) -> list[tuple[int, int]]:
    if not problem.policy.spouse_both_forbidden:
        return []
    pairs = set()
    for teacher in problem.teachers:
        if teacher.spouse_id in teacher_at and teacher.spouse_id != teacher.id:
            a, b = sorted((teacher_at[teacher.id], teacher_at[teacher.spouse_id]))
            pairs.add((a, b))
    return sorted(pairs)


def _table(rows: list[tuple[int, ...]] | list[tuple[int, int]] | list[tuple[int, int, int]], width: int) -> Ints:
    return np.array(sorted(set(rows)), dtype=np.int64).reshape(-1, width)
