"""Base statistics that norms and reports start from: schools, pupils, classes, staff, and what the register holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from junheng.facts import County, Role, SchoolKind, SpellKind, Stage, Teacher
from junheng.indicators.counting import is_full_time_teacher


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStatistics:
    """Schools, pupils, classes and full-time teachers of a stage. A nine-year school counts in both stages."""

    stage: Stage
    schools: int
    pupils: int
    classes: int
    teachers: int

    @property
    def pupils_per_teacher(self) -> float | None:
        """Pupils divided by full-time teachers."""
        return self.pupils / self.teachers if self.teachers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseStatistics:
    """A county's base figures; the levels add up to ``pupils`` and ``teachers``, the kinds to ``schools``."""

    schools: int
    pupils: int
    teachers: int
    kinds: dict[SchoolKind, int]
    levels: tuple[LevelStatistics, ...]


def base_statistics(county: County) -> BaseStatistics:
    """Schools by kind, and pupils, classes and full-time teachers by stage."""
    kinds = Counter(s.kind for s in county.schools)
    teachers = Counter(t.stage for t in county.teachers if is_full_time_teacher(t))
    levels = tuple(
        LevelStatistics(
            stage=stage,
            schools=len(county.schools_of(stage)),
            pupils=sum(s.pupils(stage) for s in county.schools),
            classes=sum(s.classes(stage) for s in county.schools),
            teachers=teachers[stage],
        )
        for stage in Stage
    )
    return BaseStatistics(
        schools=len(county.schools),
        pupils=sum(s.pupils() for s in county.schools),
        teachers=sum(teachers.values()),
        kinds={kind: kinds[kind] for kind in SchoolKind if kind in kinds},
        levels=levels,
    )


@dataclass(frozen=True, slots=True, order=True)
class RegisterEntry:
    """How a person stands in the staff register; a blank is ``unknown`` and never guessed.

    ``establishment``: on, off, unknown. ``post``: in_post, not_in_post, unknown. ``lent``: in, out, no.
    ``work``: full_time_teacher, support_staff, other.
    """

    establishment: str
    post: str
    lent: str
    work: str


def register(county: County) -> dict[RegisterEntry, int]:
    """How many persons the register holds in each combination (在编、在岗、借调、专任)."""
    return dict(sorted(Counter(_entry(t, county.on) for t in county.teachers).items()))


def _entry(teacher: Teacher, on: date) -> RegisterEntry:
    named = {True: ("on", "in_post"), False: ("off", "not_in_post"), None: ("unknown", "unknown")}
    lent = "in" if teacher.seconded_in else "out" if _lent_out(teacher, on) else "no"
    work = "full_time_teacher" if is_full_time_teacher(teacher) else "other"
    if teacher.role is Role.SUPPORT_STAFF:
        work = "support_staff"
    return RegisterEntry(named[teacher.on_establishment][0], named[teacher.in_post][1], lent, work)


def _lent_out(teacher: Teacher, on: date) -> bool:
    return any(
        a.kind is SpellKind.SECONDMENT and a.school_id != teacher.school_id and a.covers(on)
        for a in teacher.appointments
    )
