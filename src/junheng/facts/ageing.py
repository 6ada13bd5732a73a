"""A county some years on, if nobody moves and nobody is hired: ages, years at school, retirements, spells that end.

What happens by the calendar is followed. What the roster says for today and the calendar ends is ended: a pregnancy, a
nursing period, an approved deferral (it lasts one plan year), an exchange or secondment whose last day has passed.
What nobody can know is left as it is and listed in :data:`ASSUMPTIONS`: whoever shows a forecast shows these with it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from junheng.facts.calendar import add_months, anniversary
from junheng.facts.codes import SpellKind
from junheng.facts.county import County
from junheng.facts.people import Appointment, FamilyLink, Honor, Teacher
from junheng.facts.retirement import retirement_date

MONTHS_TO_BIRTH = 9
"""Whoever is pregnant on the county's date is taken to give birth so many months later, the latest that is possible."""

ASSUMPTIONS: tuple[tuple[str, str], ...] = (
    (
        "到达法定退休年龄（2025年起的规定，有批准日期的按批准日期）即离开；不预测调出、辞职和新招聘",
        "people leave on their statutory retirement date (2025 rule, or the date granted); no resignations, no hiring",
    ),
    (
        "孕期一年后视为哺乳期，再一年后两者都结束；孩子按九个月后出生推算；不预测新的怀孕",
        "a pregnancy is a nursing period a year later and over after two, child born nine months on; none is forecast",
    ),
    (
        "经批准的暂缓只管一年；处分、荣誉、任职经历按起止日期；有效的荣誉到期视为续评",
        "an approved deferral lasts a year; sanctions and spells end on their dates; honours in force are renewed",
    ),
    (
        "交流、借调到期即回人事关系校；没有填结束日期的，视为仍在外",
        "who is away returns to the establishment school when the spell ends; without an end date he stays away",
    ),
    (
        "学历、职称、职务、聘期数、健康和家庭情况、考核名次、志愿按现状不变",
        "education, titles, posts, terms, health, family, appraisal ranks and wishes stay as they are today",
    ),
)
"""What a county rolled forward takes for granted, in both languages."""


def roll_forward(county: County, years: int) -> County:
    """The county so many years on, as a new frozen copy; the county itself for 0.

    Going on year by year gives the same county as going all the way at once. People whose retirement date is reached by
    the new date are no longer there, so neither are their names as spouses. A county dated 29 February is carried to
    1 March. Schools, enrolment and pairings stay as they are. Raises ``ValueError`` for a negative number of years.
    """
    if years < 0:
        raise ValueError(f"years must not be below 0, found {years}")
    if years == 0:
        return county
    on = _same_day(county.on, county.on.year + years)
    staying = [t for t in county.teachers if retires_on(t) > on]
    ids = {t.id for t in staying}
    return replace(county, on=on, teachers=tuple(_aged(t, county.on, on, ids) for t in staying))


def retires_on(teacher: Teacher) -> date:
    """The teacher's statutory retirement date as a professional, or the date granted."""
    return retirement_date(teacher.birth_date, teacher.sex, override=teacher.retirement_override)


def away_until(teacher: Teacher) -> date | None:
    """The last day of the spell for which a teacher works away; ``None`` when it is open, unknown, or he is at home."""
    if teacher.works_at == teacher.school_id:
        return None
    return _last_day([s for s in teacher.appointments if s.school_id == teacher.works_at])


def _same_day(day: date, year: int) -> date:
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) else anniversary(day, year)


def _last_day(spells: Collection[Appointment]) -> date | None:
    beside = [s for s in spells if s.kind is not SpellKind.POST]
    return max(beside, key=lambda s: s.start).end if beside else None


def _aged(teacher: Teacher, since: date, on: date, staying: Collection[str]) -> Teacher:
    changes = _returned(teacher, on)
    if teacher.deferral_reason or teacher.deferral_approved_by:
        changes |= {"deferral_reason": "", "deferral_approved_by": ""}
    family = _family(teacher, since, staying)
    if family is not teacher.family:
        changes["family"] = family
    if teacher.lactating or teacher.pregnant:
        soon = bool(teacher.pregnant) and on <= _same_day(since, since.year + 1)
        changes["lactating"] = soon
        changes["pregnant"] = False if teacher.pregnant else teacher.pregnant
    honors = tuple(_renewed(h, since, on) for h in teacher.honors)
    if honors != teacher.honors:
        changes["honors"] = honors
    return replace(teacher, **changes) if changes else teacher


def _family(teacher: Teacher, since: date, staying: Collection[str]) -> FamilyLink:
    family = teacher.family
    if family.spouse_id and family.spouse_id not in staying:
        family = replace(family, spouse_id="")
    if teacher.pregnant:
        family = replace(family, youngest_child_birth=add_months(since, MONTHS_TO_BIRTH))
    return family


def _renewed(honor: Honor, since: date, on: date) -> Honor:
    return replace(honor, end=on) if honor.end is not None and since <= honor.end < on else honor


def _returned(teacher: Teacher, on: date) -> dict[str, Any]:
    """What changes when a spell away from the establishment school is over on the date."""
    changes: dict[str, Any] = {}
    until = away_until(teacher)
    if until is not None and until < on:
        changes["teaching_school_id"] = teacher.school_id
    if teacher.in_post is False:
        lent = [s for s in teacher.appointments if s.kind is SpellKind.SECONDMENT and s.school_id != teacher.school_id]
        until = _last_day(lent)
        if until is not None and until < on:
            changes["in_post"] = True
    return changes
