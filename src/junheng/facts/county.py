"""A county on one date: schools, teachers and pairings whose references are sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from junheng.facts.codes import Stage
from junheng.facts.people import Teacher
from junheng.facts.schools import Cluster, Pairing, School


@dataclass(frozen=True, kw_only=True)
class County:
    """Everything the library knows of a county as of ``on``.

    Schools and teachers are kept in the order of their ids, so that the order of the source's rows never matters.
    Raises ``ValueError`` naming every broken reference or repeated id: a :class:`County` that exists is sound.
    """

    name: str
    on: date
    clusters: tuple[Cluster, ...]
    schools: tuple[School, ...]
    teachers: tuple[Teacher, ...]
    pairings: tuple[Pairing, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "clusters", tuple(sorted(self.clusters, key=lambda c: c.id)))
        object.__setattr__(self, "schools", tuple(sorted(self.schools, key=lambda s: s.id)))
        object.__setattr__(self, "teachers", tuple(sorted(self.teachers, key=lambda t: t.id)))
        faults = [*self._repeated_ids(), *self._broken_references()]
        if faults:
            raise ValueError("; ".join(faults))

    def _repeated_ids(self) -> Iterable[str]:
        for what, ids in (
            ("cluster", [c.id for c in self.clusters]),
            ("school", [s.id for s in self.schools]),
            ("teacher", [t.id for t in self.teachers]),
        ):
            seen: set[str] = set()
            for each in ids:
                if each in seen:
                    yield f"{what} {each} appears twice"
                seen.add(each)

    def _broken_references(self) -> Iterable[str]:
        clusters = {c.id for c in self.clusters}
        schools = {s.id for s in self.schools}
        teachers = {t.id for t in self.teachers}
        for school in self.schools:
            if school.cluster_id not in clusters:
                yield f"school {school.id} names cluster {school.cluster_id}, which does not exist"
        for teacher in self.teachers:
            for school_id in (teacher.school_id, teacher.works_at, *(w.school_id for w in teacher.wishes)):
                if school_id not in schools:
                    yield f"teacher {teacher.id} names school {school_id}, which does not exist"
            if teacher.family.spouse_id and teacher.family.spouse_id not in teachers:
                yield f"teacher {teacher.id} names spouse {teacher.family.spouse_id}, who does not exist"
        for pairing in self.pairings:
            for school_id in (pairing.supporting_id, pairing.supported_id):
                if school_id not in schools:
                    yield f"a pairing names school {school_id}, which does not exist"

    @cached_property
    def school_by_id(self) -> dict[str, School]:
        """Schools by their code."""
        return {s.id: s for s in self.schools}

    @cached_property
    def teacher_by_id(self) -> dict[str, Teacher]:
        """Teachers by the county's own number."""
        return {t.id: t for t in self.teachers}

    @cached_property
    def staff_of(self) -> dict[str, tuple[Teacher, ...]]:
        """Teachers whose establishment is at the school (人事关系校), by school."""
        return self._grouped(by_work=False)

    @cached_property
    def working_at(self) -> dict[str, tuple[Teacher, ...]]:
        """Teachers who work at the school (实际任教校), by school."""
        return self._grouped(by_work=True)

    def _grouped(self, *, by_work: bool) -> dict[str, tuple[Teacher, ...]]:
        groups: defaultdict[str, list[Teacher]] = defaultdict(list)
        for teacher in self.teachers:
            groups[teacher.works_at if by_work else teacher.school_id].append(teacher)
        return {s.id: tuple(groups[s.id]) for s in self.schools}

    def schools_of(self, stage: Stage) -> tuple[School, ...]:
        """Schools that teach the stage."""
        return tuple(s for s in self.schools if stage in s.stages)
