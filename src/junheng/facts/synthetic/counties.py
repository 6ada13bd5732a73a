"""Counties put together from places, schools, people and careers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from junheng.facts.calendar import completed_years
from junheng.facts.codes import Locale, Role, SchoolKind, Stage, Strength
from junheng.facts.county import County
from junheng.facts.people import Teacher
from junheng.facts.schools import School
from junheng.facts.synthetic.careers import (
    backbone_share,
    give_career,
    give_exchanges,
    give_honors,
    give_standing,
    give_titles,
)
from junheng.facts.synthetic.chance import generator, happens
from junheng.facts.synthetic.people import IdNumbers, Person, Setting, make_staff
from junheng.facts.synthetic.places import URBAN_NAME, Land, Township, make_land, near
from junheng.facts.synthetic.profiles import MEAN_COUNTY, CountyProfile
from junheng.facts.synthetic.records import (
    give_assessments,
    give_circumstances,
    give_exams,
    give_family,
    give_leaves,
    give_training,
    marry,
)
from junheng.facts.synthetic.schools import SchoolDraft, build_schools, draft_schools, share_pupils
from junheng.facts.synthetic.ties import give_groups, give_history, make_clusters, make_pairings
from junheng.facts.synthetic.wishes import give_wishes

LEAST_TEACHERS = 150
"""Below this a county of every kind of school cannot be staffed; :func:`make_small_county` is the small one."""

TERM_YEARS = 3
"""Years of a principal's term in the fictional county."""


def make_county(
    *,
    teachers: int = 4000,
    seed: int = 1,
    on: date = date(2026, 8, 31),
    name: str = "明岚县(虚构)",
    profile: CountyProfile = MEAN_COUNTY,
) -> County:
    """A fictional county of ``teachers`` teachers on the date ``on``, as ``profile`` describes it.

    The same arguments give the same county. A regular post is kept during an exchange: exchange, support and
    secondment spells run beside the post spell, whose start is ``joined_current_school``. Some facts are blank, as in
    real rosters.
    Raises ``ValueError`` for fewer than 150 teachers.
    """
    if teachers < LEAST_TEACHERS:
        raise ValueError(f"teachers must be at least {LEAST_TEACHERS}, not {teachers}; use make_small_county for less")
    rng = generator(seed)
    land = make_land(rng, max(2, round(14 * teachers / 4000)), profile.spacing)
    return _assemble(rng, land, draft_schools(rng, land, teachers, profile), on, name, profile=profile)


def make_small_county(*, seed: int = 1, on: date = date(2026, 8, 31), name: str = "小明岚县(虚构)") -> County:
    """Six schools and sixty teachers, small enough to read: two in town, two in a township, a village and a hamlet."""
    rng = generator(seed)
    land = make_land(rng, 2)
    drafts = _small_drafts(land)
    for stage in Stage:
        share_pupils(rng, [d for d in drafts if stage in d.staff], stage)
    drafts[0].strength = Strength.STRONG
    drafts[3].strength = Strength.UNDER_RESOURCED
    return _assemble(rng, land, drafts, on, name)


def _small_drafts(land: Land) -> list[SchoolDraft]:
    seat = land.townships[0]
    first, second = seat.villages[:2]
    return [
        _in_town(land, SchoolKind.URBAN_PRIMARY, "城关小学", 17),
        _in_town(land, SchoolKind.JUNIOR_HIGH, "城关初级中学", 13),
        _in_township(seat, SchoolKind.CENTER_PRIMARY, f"{seat.name}中心小学", 11),
        _in_township(seat, SchoolKind.VILLAGE_PRIMARY, f"{first}小学", 7),
        _in_township(seat, SchoolKind.TEACHING_POINT, f"{second}教学点", 2),
        _in_township(seat, SchoolKind.JUNIOR_HIGH, f"{seat.name}初级中学", 10),
    ]


def _in_town(land: Land, kind: SchoolKind, name: str, staff: int) -> SchoolDraft:
    x, y = land.near_town(generator(staff), 0.8)
    draft = SchoolDraft(kind, name, name, Locale.URBAN, "C001", f"{URBAN_NAME}街道", x, y)
    draft.staff[_stage_of(kind)] = staff
    return draft


def _in_township(seat: Township, kind: SchoolKind, name: str, staff: int) -> SchoolDraft:
    rural = kind in (SchoolKind.VILLAGE_PRIMARY, SchoolKind.TEACHING_POINT)
    x, y = near(generator(staff), seat.x_km, seat.y_km, 4.0 if rural else 0.6)
    locale = Locale.RURAL if rural else Locale.TOWN
    draft = SchoolDraft(kind, name, name, locale, seat.id, f"{seat.name}镇", x, y)
    draft.staff[_stage_of(kind)] = staff
    return draft


def _stage_of(kind: SchoolKind) -> Stage:
    return Stage.JUNIOR if kind is SchoolKind.JUNIOR_HIGH else Stage.PRIMARY


def _assemble(
    rng: Random,
    land: Land,
    drafts: Sequence[SchoolDraft],
    on: date,
    name: str,
    *,
    profile: CountyProfile = MEAN_COUNTY,
) -> County:
    schools = give_history(rng, give_groups(build_schools(rng, drafts, on, profile)), on)
    by_stage = {stage: [s for s in schools if stage in s.stages] for stage in Stage}
    staff = _staff(Setting(rng, on, land, by_stage, IdNumbers(), profile), schools, drafts)
    return County(
        name=name,
        on=on,
        clusters=make_clusters(schools, land),
        schools=schools,
        teachers=tuple(_teacher(p) for p in staff),
        pairings=make_pairings(rng, schools, on),
    )


def _staff(setting: Setting, schools: Sequence[School], drafts: Sequence[SchoolDraft]) -> list[Person]:
    everybody: list[Person] = []
    for school, draft in zip(schools, drafts, strict=True):
        of_school: list[Person] = []
        for stage in sorted(draft.staff, reverse=True):
            share = setting.profile.backbone * backbone_share(setting.rng, school, stage)
            for person in make_staff(setting, school, stage, draft.staff[stage]):
                person.facts["id"] = f"T{len(everybody) + len(of_school) + 1:06d}"
                _live(setting, person, share)
                of_school.append(person)
        give_assessments(setting.rng, of_school, setting.on)
        everybody += of_school
    marry(setting.rng, everybody)
    return everybody


def _live(setting: Setting, person: Person, share: float) -> None:
    """Everything about a person that does not depend on other persons."""
    rng, on = setting.rng, setting.on
    give_career(rng, person, setting.schools, on, setting.profile.turnover)
    give_exchanges(rng, person, setting.schools, on)
    give_standing(rng, person, on)
    give_titles(rng, person, on, setting.profile.full_senior)
    give_honors(rng, person, share, on)
    give_training(rng, person, on)
    give_exams(rng, person, on)
    give_family(rng, person, on)
    give_leaves(rng, person, on)
    give_circumstances(rng, person, on)
    give_wishes(rng, person, setting.schools, on)
    if person.role in (Role.PRINCIPAL, Role.VICE_PRINCIPAL):
        person.facts["terms_completed"] = max(0, completed_years(person.joined, on) // TERM_YEARS)
    _leave_blanks(rng, person)


def _leave_blanks(rng: Random, person: Person) -> None:
    """Dates that a few rosters lack."""
    person.facts["work_start"] = None if happens(rng, 0.003) else person.work_start
    person.facts["joined_current_school"] = person.joined
    if happens(rng, 0.004) and "teaching_school_id" not in person.facts:
        person.facts["joined_current_school"] = None
        person.facts["appointments"] = ()


def _teacher(person: Person) -> Teacher:
    return Teacher(
        school_id=person.school.id,
        stage=person.stage,
        sex=person.sex,
        birth_date=person.birth,
        main_subject=person.subject,
        role=person.role,
        **person.facts,
    )
