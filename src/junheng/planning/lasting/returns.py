"""Teachers whose exchange or support ends with this school year: they are home before the year's plan begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from junheng.facts import Appointment, County, SpellKind, Teacher
from junheng.facts.calendar import school_year

AWAY_KINDS = frozenset(
    {SpellKind.EXCHANGE, SpellKind.REWARD_EXCHANGE, SpellKind.SUPERVISORY_EXCHANGE, SpellKind.SUPPORT}
)
"""Spells away from the establishment school that end with a return."""


@dataclass(frozen=True, slots=True, order=True)
class Return:
    """A teacher who comes back: from the host school to the school that holds the establishment, after ``ended``."""

    teacher_id: str
    from_school: str
    to_school: str
    ended: date


def year_end(on: date) -> date:
    """The last day of the school year of ``on``: 31 August."""
    return date(school_year(on) + 1, 8, 31)


def after_returns(county: County) -> tuple[County, tuple[Return, ...]]:
    """The county once everybody whose term ends by the end of its school year is home again, and who that is.

    A spell without an end, or of another kind (secondment, itinerant teaching, shadowing), brings nobody back. One that
    ended earlier, though the teacher is still at the host school, does: the term is over.
    """
    last = year_end(county.on)
    returns = tuple(found for teacher in county.teachers if (found := _return_of(teacher, last)) is not None)
    if not returns:
        return county, ()
    home = {each.teacher_id for each in returns}
    teachers = tuple(replace(t, teaching_school_id="") if t.id in home else t for t in county.teachers)
    return replace(county, teachers=teachers), returns


def _return_of(teacher: Teacher, last: date) -> Return | None:
    if teacher.works_at == teacher.school_id:
        return None
    spells = [s for s in teacher.appointments if s.school_id == teacher.works_at and s.kind in AWAY_KINDS]
    if not spells:
        return None
    current = max(spells, key=_begun)
    if current.end is None or current.end > last:
        return None
    return Return(teacher.id, teacher.works_at, teacher.school_id, current.end)


def _begun(spell: Appointment) -> tuple[date, date]:
    return spell.start, spell.end or date.max
