"""The call on young teachers of the towns to work in the countryside, their relation and pay as they are.

How a year asks (:class:`AskingSettings`) may carry such a call: up to which age, or with how many years of work, by
which clause. Whoever is meant and is placed at a rural school keeps personnel relation and pay, whatever the plan says
of everybody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from junheng.facts import Locale
from junheng.facts.calendar import completed_years
from junheng.web.rotation.models import Placement, RotationYear
from junheng.web.rotation.wishing import settings_of
from junheng.web.staffing.models import SchoolState, Teacher, TeacherState

TOWNS = frozenset({Locale.URBAN.value, Locale.TOWN.value})
"""Classes of schools whose teachers are called upon."""


@dataclass(frozen=True, slots=True)
class Call:
    """Up to which age in completed years, up to how many completed years of work, and by which clause."""

    age: int | None
    years: int | None
    clause: str

    def means(self, state: TeacherState, year: RotationYear) -> bool:
        """Whether a teacher is young enough on the day as of which the year's facts count; unknown is no."""
        if self.age is not None and completed_years(state.birth_date, year.on) > self.age:
            return False
        if self.years is None:
            return True
        return state.work_start is not None and completed_years(state.work_start, year.on) <= self.years


def call_of(year: RotationYear) -> Call | None:
    """The year's call; ``None`` where it makes none."""
    asking = settings_of(year)
    if asking.call_age is None and asking.call_years is None:
        return None
    return Call(asking.call_age, asking.call_years, asking.call_clause)


def called(year: RotationYear, teacher: Teacher) -> Call | None:
    """The call where it means the teacher: young, and of a school of the towns."""
    call = call_of(year)
    state = TeacherState.objects.as_of(year.on).filter(teacher=teacher).first() if call else None
    if call is None or state is None or not call.means(state, year):
        return None
    homes = SchoolState.objects.as_of(year.on).filter(school=state.school_id, locale__in=TOWNS)
    return call if homes.exists() else None


def answering(year: RotationYear, moves: Iterable[tuple[int, int, int]]) -> frozenset[int]:
    """Of moves (teacher, home, host), by their keys, the teachers who go where the call calls them."""
    call, wanted = call_of(year), list(moves)
    if call is None or not wanted:
        return frozenset()
    schools = {key for _teacher, home, host in wanted for key in (home, host)}
    rows = SchoolState.objects.as_of(year.on).filter(school__in=schools)
    locale = dict(rows.values_list("school", "locale"))
    out = {
        teacher for teacher, home, host in wanted
        if locale.get(home) in TOWNS and locale.get(host) == Locale.RURAL.value
    }  # fmt: skip
    states = TeacherState.objects.as_of(year.on).filter(teacher__in=out)
    return frozenset(state.teacher_id for state in states if call.means(state, year))


def kept_by_call(placement: Placement) -> Call | None:
    """The call by which somebody keeps relation and pay at a rural school; ``None`` for anybody else, and cadres."""
    if placement.role:
        return None
    move = (placement.teacher_id, placement.from_school_id, placement.to_school_id)
    return call_of(placement.year) if answering(placement.year, [move]) else None
