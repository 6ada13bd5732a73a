"""The facts of the demo: the county, the second county, and the county as it was a year before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from junheng.facts import Appointment, County, Locale, Resources, School, SpellKind, Stage, Teacher
from junheng.facts.identity import check_character
from junheng.facts.retirement import retirement_date
from junheng.facts.synthetic import make_county, make_small_county
from junheng.facts.synthetic.chance import generator
from junheng.facts.synthetic.words import person_name
from junheng.web.reporting.demo.words import word

ON = date(2026, 8, 31)
"""The date of the demo's present data; the date before is a year earlier."""

TEACHERS = {"small": 150, "county": 4000}
_RETIRED_AREA = "990199"
_NEIGHBOUR_AREA = "9902"
_IN_ZONE = 3


def demo_county(size: str, seed: int) -> County:
    """The county on which the demo plays."""
    return _with_zone(make_county(teachers=TEACHERS[size], seed=seed, on=ON, name=word("names", "county")))


def neighbour_county(seed: int) -> County:
    """A small second county, whose people nobody of the first may see; its ID numbers are of another area."""
    county = make_small_county(seed=seed + 1000, on=ON, name=word("names", "neighbour"))
    there = tuple(replace(t, id_number=_in_area(t.id_number)) for t in county.teachers)
    return _with_zone(replace(county, teachers=there))


def _with_zone(county: County) -> County:
    """The first primary schools of the towns that are in no group stand together as a zone."""
    free = [
        each.id for each in county.schools
        if not each.group and Stage.PRIMARY in each.stages and each.locale is not Locale.RURAL
    ][:_IN_ZONE]  # fmt: skip
    name = word("links", "zone")
    return replace(
        county, schools=tuple(replace(each, group=name) if each.id in free else each for each in county.schools)
    )


def _in_area(id_number: str) -> str:
    body = _NEIGHBOUR_AREA + id_number[4:17]
    return body + check_character(body)


def a_year_before(county: County, seed: int) -> County:
    """The county as it was a year before: whoever came since is not there yet, whoever has retired since still is.

    Schools had slightly other numbers of pupils, and titles, honours and assessments given since are not there.
    """
    rng = generator(seed + 7)
    on = county.on.replace(year=county.on.year - 1)
    schools = tuple(_school_before(rng, school, on) for school in county.schools)
    there = [before for t in county.teachers if (before := _teacher_before(county, t, on)) is not None]
    there += _retired_since(rng, there, on, county.on)
    ids = {teacher.id for teacher in there}
    return replace(
        county,
        on=on,
        schools=schools,
        teachers=tuple(_without_strangers(teacher, ids) for teacher in there),
        pairings=tuple(p for p in county.pairings if p.start is None or p.start <= on),
    )


def as_it_was(county: County, on: date) -> County:
    """The county on an earlier day, as far as it was known then; whoever has left since is not told of."""
    there = [before for t in county.teachers if (before := _teacher_before(county, t, on)) is not None]
    ids = {teacher.id for teacher in there}
    return replace(
        county,
        on=on,
        schools=tuple(
            replace(s, history=tuple(event for event in s.history if event.on <= on)) for s in county.schools
        ),
        teachers=tuple(_without_strangers(teacher, ids) for teacher in there),
        pairings=tuple(p for p in county.pairings if p.start is None or p.start <= on),
    )


def _school_before(rng: Random, school: School, on: date) -> School:
    factor = rng.uniform(0.97, 1.05)
    return replace(
        school,
        enrolment=tuple(replace(g, pupils=max(1, round(g.pupils * factor))) for g in school.enrolment),
        posts={stage: max(1, posts + rng.choice((-1, 0, 0, 1))) for stage, posts in school.posts.items()},
        resources=tuple(_resources_before(rng, r) for r in school.resources),
        history=tuple(event for event in school.history if event.on <= on),
    )


def _resources_before(rng: Random, resources: Resources) -> Resources:
    rooms, equipment = resources.multimedia_rooms, resources.equipment_yuan
    return replace(
        resources,
        multimedia_rooms=None if rooms is None else max(1, rooms - rng.choice((0, 0, 1))),
        equipment_yuan=None if equipment is None else round(equipment * rng.uniform(0.88, 0.99), 2),
    )


def _teacher_before(county: County, teacher: Teacher, on: date) -> Teacher | None:
    """The teacher a year before; ``None`` for somebody who was not in the county's service then."""
    if teacher.work_start is not None and teacher.work_start > on:
        return None
    school_id, joined = teacher.school_id, teacher.joined_current_school
    if joined is not None and joined > on:
        post = _post_on(county, teacher, on)
        if post is None:
            return None
        school_id, joined = post.school_id, post.start
    away = any(
        spell.school_id == teacher.works_at and spell.kind is not SpellKind.POST and spell.covers(on)
        for spell in teacher.appointments
    )
    return replace(
        teacher,
        school_id=school_id,
        joined_current_school=joined,
        teaching_school_id=teacher.teaching_school_id if away and school_id == teacher.school_id else "",
        appointments=tuple(_running(s, on) for s in teacher.appointments if s.start <= on),
        titles=tuple(t for t in teacher.titles if t.start <= on),
        honors=tuple(h for h in teacher.honors if h.start <= on),
        leaves=tuple(each for each in teacher.leaves if each.start <= on),
        sanctions=tuple(s for s in teacher.sanctions if s.start <= on),
        assessments=tuple(a for a in teacher.assessments if a.year < on.year),
        training=tuple(t for t in teacher.training if t.school_year < on.year),
        exams=tuple(e for e in teacher.exams if e.year < on.year),
        wishes=(),
        applied=None,
    )


def _post_on(county: County, teacher: Teacher, on: date) -> Appointment | None:
    """The post at a school of the county that fitted the teacher's stage."""
    for spell in teacher.appointments:
        school = county.school_by_id.get(spell.school_id)
        if spell.kind is SpellKind.POST and spell.covers(on) and school is not None and teacher.stage in school.stages:
            return spell
    return None


def _running(spell: Appointment, on: date) -> Appointment:
    """A spell as it was known on the date: an end that lay ahead was not."""
    return replace(spell, end=None) if spell.end is not None and spell.end > on else spell


def _retired_since(rng: Random, there: list[Teacher], on: date, now: date) -> list[Teacher]:
    """People who retired within the year: about one in seventy, at the schools of those they are modelled on."""
    gone: list[Teacher] = []
    for number, model in enumerate(rng.sample(there, max(1, len(there) // 70)), 1):
        birth = _retiring_between(rng, model, on, now)
        body = f"{_RETIRED_AREA}{birth:%Y%m%d}{model.id_number[14:17]}"
        gone.append(
            replace(
                model,
                id=f"R{number:06d}",
                name=person_name(rng, model.sex),
                birth_date=birth,
                id_number=body + check_character(body),
                work_start=date(birth.year + 22, 9, 1),
                family=replace(model.family, spouse_id="", youngest_child_birth=None),
                pregnant=None,
                lactating=None,
                note="",
            )
        )
    return gone


def _retiring_between(rng: Random, model: Teacher, on: date, now: date) -> date:
    birth = date(on.year - 62, 1, 1) if model.sex.value == "M" else date(on.year - 59, 1, 1)
    while retirement_date(birth, model.sex) <= on:
        birth += timedelta(days=30)
    latest = birth
    while retirement_date(latest + timedelta(days=20), model.sex) <= now:
        latest += timedelta(days=20)
    return birth + timedelta(days=rng.randrange((latest - birth).days + 1))


def _without_strangers(teacher: Teacher, ids: Collection[str]) -> Teacher:
    family = teacher.family
    return teacher if family.spouse_id in {"", *ids} else replace(teacher, family=replace(family, spouse_id=""))
