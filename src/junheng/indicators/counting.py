"""Who counts where: one place per teacher, at the establishment school or at the school where he works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from junheng.facts import Code, County, Role, School, Stage, Subject, Teacher


class CountAt(Code):
    """Where a teacher who is away counts. The texts do not settle it, so every report prints the choice."""

    ESTABLISHMENT = ("establishment", "人事关系校", "establishment school")
    TEACHING = ("teaching", "实际任教校", "teaching school")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a plan sends a teacher: school, stage and the subject taught there."""

    school_id: str
    stage: Stage
    subject: Subject


@dataclass(frozen=True, slots=True)
class Place:
    """A teacher at the school, stage and subject where he counts."""

    teacher: Teacher
    school_id: str
    stage: Stage
    subject: Subject


def is_full_time_teacher(teacher: Teacher) -> bool:
    """Whether the person counts as a full-time teacher (专任教师); a blank counts as yes, support staff never."""
    return teacher.full_time is not False and teacher.role is not Role.SUPPORT_STAFF


def counts(teacher: Teacher, count_at: CountAt) -> bool:
    """Whether the person counts at all under the choice.

    At the establishment school: everybody on the establishment, also who is lent out. At the teaching school: everybody
    at work, also who is lent in or hired. A blank is read as the usual case.
    """
    if count_at is CountAt.ESTABLISHMENT:
        return teacher.on_establishment is not False and teacher.seconded_in is not True
    return teacher.in_post is not False


def places(county: County, count_at: CountAt, moves: Mapping[str, Move] | None = None) -> tuple[Place, ...]:
    """A place for every full-time teacher who counts.

    A teacher named in ``moves`` counts at the school the plan sends him to, under either choice, because the plan asks
    what the year will look like; the choice governs those who are away already. Raises ``ValueError`` naming every move
    of an unknown teacher, to an unknown school or to a stage that the school does not teach.
    """
    moves = moves or {}
    faults = list(_faults(county, moves))
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(
        _place(county, teacher, count_at, moves.get(teacher.id))
        for teacher in county.teachers
        if is_full_time_teacher(teacher) and counts(teacher, count_at)
    )


def _faults(county: County, moves: Mapping[str, Move]) -> Iterator[str]:
    for teacher_id, move in sorted(moves.items()):
        if teacher_id not in county.teacher_by_id:
            yield f"teacher {teacher_id} does not exist"
        school = county.school_by_id.get(move.school_id)
        if school is None:
            yield f"school {move.school_id}, destination of teacher {teacher_id}, does not exist"
        elif move.stage not in school.stages:
            yield f"school {move.school_id}, destination of teacher {teacher_id}, has no {move.stage.en} stage"


def _place(county: County, teacher: Teacher, count_at: CountAt, move: Move | None) -> Place:
    if move is not None:
        return Place(teacher, move.school_id, move.stage, move.subject)
    school_id = teacher.school_id if count_at is CountAt.ESTABLISHMENT else teacher.works_at
    return Place(teacher, school_id, _stage_at(teacher, county.school_by_id[school_id]), teacher.main_subject)


def _stage_at(teacher: Teacher, school: School) -> Stage:
    """The teacher's own stage, or the school's when it does not teach that one (a junior teacher lent to a primary)."""
    return teacher.stage if teacher.stage in school.stages else min(school.stages)
