"""Careers of a fictional county: posts and exchanges as dated spells, titles with post grades, honours.

A regular post lasts until the next one begins, so posts never overlap. An exchange, support or secondment runs *beside*
the post that the teacher keeps (the personnel relation does not move); two such spells never overlap either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from junheng.facts.codes import HonorKind, Level, Locale, Role, SchoolKind, SpellKind, Stage, Strength, Title
from junheng.facts.people import Appointment, Honor, TitleSpell
from junheng.facts.schools import School
from junheng.facts.synthetic.chance import happens, spread
from junheng.facts.synthetic.people import Person

_CHANGE_RATE = {Locale.URBAN: 0.075, Locale.TOWN: 0.09, Locale.RURAL: 0.105}
"""Chance that a teacher changes school in a year, so that about half have six years or more at theirs."""

_OUTSIDE = ("外县某中心小学", "外县某初级中学", "外市某小学", "外市某初级中学")
_EXCHANGE_KINDS = (
    SpellKind.EXCHANGE,
    SpellKind.EXCHANGE,
    SpellKind.EXCHANGE,
    SpellKind.SUPPORT,
    SpellKind.REWARD_EXCHANGE,
    SpellKind.SUPERVISORY_EXCHANGE,
)
_BACKBONE_SHARE = {
    SchoolKind.URBAN_PRIMARY: 0.155,
    SchoolKind.CENTER_PRIMARY: 0.065,
    SchoolKind.VILLAGE_PRIMARY: 0.022,
    SchoolKind.TEACHING_POINT: 0.01,
    SchoolKind.NINE_YEAR: 0.045,
}

SchoolsByStage = Mapping[Stage, Sequence[School]]


def give_career(rng: Random, person: Person, schools: SchoolsByStage, on: date, turnover: float = 1.0) -> None:
    """Posts from the first year of work to today; sets the day the person joined the current school."""
    starts = _post_starts(rng, person, on, turnover)
    person.joined = starts[-1]
    posts = []
    for i, start in enumerate(starts):
        last = i == len(starts) - 1
        end = None if last else starts[i + 1] - timedelta(days=1)
        at = person.school if last else _earlier_school(rng, person, schools)
        posts.append(_post(rng, at, start, end))
    person.facts["appointments"] = tuple(posts)


def _post_starts(rng: Random, person: Person, on: date, turnover: float) -> list[date]:
    """First days of at most five posts, first to last, each after the first on 1 September."""
    starts = [person.work_start]
    last_year = on.year - 1 if on.month < 9 else on.year
    for year in range(person.work_start.year + 2, last_year + 1):
        if len(starts) < 5 and happens(rng, turnover * _CHANGE_RATE[person.school.locale]):
            starts.append(date(year, 9, 1))
    return starts


def _earlier_school(rng: Random, person: Person, schools: SchoolsByStage) -> School | None:
    """A school of an earlier post: rural ones more often, as careers begin there; ``None`` outside the county."""
    if happens(rng, 0.07):
        return None
    options = rng.sample(schools[person.stage], min(3, len(schools[person.stage])))
    options = [s for s in options if s.id != person.school.id]
    return next((s for s in options if s.locale is not Locale.URBAN), options[0] if options else None)


def _post(rng: Random, school: School | None, start: date, end: date | None) -> Appointment:
    if school is None:
        return Appointment(school_id="", school_name=rng.choice(_OUTSIDE), start=start, end=end, personnel_moved=True)
    return Appointment(school_id=school.id, start=start, end=end, personnel_moved=True)


def give_exchanges(rng: Random, person: Person, schools: SchoolsByStage, on: date) -> None:
    """Former exchanges of some, and a running one of a few, beside the posts that they keep."""
    leaders = (Role.PRINCIPAL, Role.VILLAGE_SCHOOL_HEAD, Role.SUPPORT_STAFF)
    if person.role in leaders or len(schools[person.stage]) < 2:
        return
    if happens(rng, 0.13):
        _former_exchange(rng, person, schools, on)
    if (on - person.joined).days > 3 * 366 and happens(rng, 0.032):
        _running_exchange(rng, person, schools, on)


def _host(rng: Random, person: Person, schools: SchoolsByStage, home_id: str) -> School:
    """Mostly from town to country; the others go anywhere."""
    options = [s for s in rng.sample(schools[person.stage], min(6, len(schools[person.stage]))) if s.id != home_id]
    outward = [s for s in options if s.locale is not Locale.URBAN]
    return (outward or options)[0]


def _former_exchange(rng: Random, person: Person, schools: SchoolsByStage, on: date) -> None:
    """One or two school years within one of the posts of the last twelve years, over by last summer but one."""
    posts: tuple[Appointment, ...] = person.facts["appointments"]
    years = rng.choice((1, 1, 1, 2))
    start = date(on.year - rng.randint(4, 12), 9, 1)
    end = date(start.year + years, 8, 31)
    post = next((p for p in posts if p.start <= start and (p.end is None or end <= p.end)), None)
    if post is None or not post.school_id:
        return
    host = _host(rng, person, schools, post.school_id)
    _add_spell(person, Appointment(school_id=host.id, start=start, end=end, kind=rng.choice(_EXCHANGE_KINDS)))


def _running_exchange(rng: Random, person: Person, schools: SchoolsByStage, on: date) -> None:
    began = date(on.year - 1, 9, 1) if on.month < 9 else date(on.year, 9, 1)
    if began > on:
        began = date(on.year - 1, 9, 1)
    end = date(began.year + rng.choice((1, 1, 2, 3)), 8, 31)
    host = _host(rng, person, schools, person.school.id)
    kind = rng.choice((SpellKind.EXCHANGE, SpellKind.EXCHANGE, SpellKind.SUPPORT))
    _add_spell(person, Appointment(school_id=host.id, start=began, end=end, kind=kind))
    person.facts["teaching_school_id"] = host.id


def _add_spell(person: Person, spell: Appointment) -> None:
    spells = (*person.facts["appointments"], spell)
    person.facts["appointments"] = tuple(sorted(spells, key=lambda a: (a.start, a.kind)))


def give_standing(rng: Random, person: Person, on: date) -> None:
    """Whether the person holds an establishment post and is at work; a few are lent or hired otherwise."""
    roll = rng.random()
    person.facts["on_establishment"] = None if roll > 0.998 else roll >= 0.012
    person.facts["in_post"] = True
    person.facts["seconded_in"] = False
    if person.role is not Role.TEACHER or "teaching_school_id" in person.facts:
        return
    if 0.012 <= roll < 0.019:
        _lend_out(rng, person, on)
    elif roll < 0.003:
        _lend_in(person)


def _lend_out(rng: Random, person: Person, on: date) -> None:
    """On the establishment but not in post: works for an office (占编不在岗)."""
    start = max(person.joined, date(on.year - rng.randint(1, 4), rng.choice((3, 9)), 1))
    if any(a.kind is not SpellKind.POST and (a.end is None or a.end >= start) for a in person.facts["appointments"]):
        return
    person.facts["in_post"] = False
    lent = Appointment(school_id="", school_name="县直某机关", start=start, kind=SpellKind.SECONDMENT)
    _add_spell(person, lent)


def _lend_in(person: Person) -> None:
    """Lent by a unit outside the county, which keeps the establishment post."""
    person.facts["seconded_in"] = True
    person.facts["appointments"] = (
        Appointment(school_id=person.school.id, start=person.joined, kind=SpellKind.SECONDMENT),
    )


def give_titles(rng: Random, person: Person, on: date, full_senior: float = 0.008) -> None:
    """Titles and post grades as they were reached; later in the villages, seldom the highest."""
    rural = 1.5 if person.school.locale is Locale.RURAL else 0.0
    to_second = 1 if happens(rng, 0.15) else rng.choice((4, 5, 6, 7, 8))
    to_first = to_second + rng.choice((4, 6, 8, 10, 12)) + round(rural)
    to_senior = to_first + round(max(5.0, rng.gauss(10.0 + rural, 4.0)))
    steps = [
        (to_second, Title.SECOND, 12),
        (to_second + 3, Title.SECOND, 11),
        (to_first, Title.FIRST, 10),
        (to_first + 4, Title.FIRST, 9),
        (to_first + 9, Title.FIRST, 8),
        (to_senior, Title.SENIOR, 7),
        (to_senior + 6, Title.SENIOR, 6),
        (to_senior + 11, Title.SENIOR, 5),
    ]
    if to_second > 1:
        steps.insert(0, (1, Title.THIRD, 13))
    if happens(rng, full_senior):
        steps.append((to_senior + 8, Title.FULL_SENIOR, 4))
    ceiling = rng.choices((Title.SECOND, Title.FIRST, Title.FULL_SENIOR), (4, 19, 77))[0].rank
    person.facts["titles"] = _title_spells(person, steps, ceiling, on)


def _title_spells(
    person: Person, steps: Sequence[tuple[int, Title, int]], ceiling: int, on: date
) -> tuple[TitleSpell, ...]:
    spells: list[TitleSpell] = []
    for years, title, grade in sorted(steps, key=lambda s: s[0]):
        start = date(person.work_start.year + years, 12, 1)
        better = not spells or grade < (spells[-1].post_grade or 99)
        if start <= on and title.rank <= ceiling and better:
            if spells and spells[-1].start == start:
                spells.pop()
            spells.append(TitleSpell(title=title, start=start, post_grade=grade))
    return tuple(spells)


def backbone_share(rng: Random, school: School, stage: Stage) -> float:
    """The chance that a teacher of the school is a backbone teacher; schools differ widely."""
    if stage is Stage.JUNIOR:
        usual = {Locale.URBAN: 0.13, Locale.TOWN: 0.06, Locale.RURAL: 0.05}[school.locale]
    else:
        usual = _BACKBONE_SHARE[school.kind]
    gifted = 1.5 if school.strength is Strength.STRONG else 0.8
    return min(0.5, usual * gifted * spread(rng, 0.55))


def give_honors(rng: Random, person: Person, share: float, on: date) -> None:
    """Backbone honours as often as usual at the school, and others of some."""
    years = on.year - person.work_start.year
    experience = 0.0 if years < 5 else min(1.35, 0.7 + years / 30)
    honors = []
    if happens(rng, share * experience):
        honors.append(_backbone_honor(rng, on))
    elif years > 9 and happens(rng, 0.03):
        start = date(on.year - rng.randint(7, 9), 9, 10)
        end = date(start.year + 5, 9, 9)
        honors.append(Honor(kind=HonorKind.BACKBONE, level=Level.COUNTY, start=start, end=end))
    if years > 3 and happens(rng, 0.11):
        kind = rng.choice((HonorKind.EXCELLENT_TEACHER, HonorKind.ETHICS_MODEL, HonorKind.MODEL_TEACHER))
        level = rng.choice((Level.SCHOOL, Level.TOWNSHIP, Level.TOWNSHIP, Level.COUNTY, Level.CITY))
        start = date(max(person.work_start.year + 1, on.year - rng.randint(1, 10)), 9, 10)
        honors.append(Honor(kind=kind, level=level, start=start))
    person.facts["honors"] = tuple(sorted(honors, key=lambda h: (h.start, h.kind)))


def _backbone_honor(rng: Random, on: date) -> Honor:
    roll = rng.random()
    kind = HonorKind.BACKBONE
    if roll > 0.97:
        kind = HonorKind.SPECIAL_GRADE
    elif roll > 0.82:
        kind = rng.choice((HonorKind.SUBJECT_LEADER, HonorKind.MASTER_TEACHER, HonorKind.TEACHING_EXPERT))
    elif roll > 0.72:
        kind = HonorKind.RISING_STAR
    level = Level.PROVINCE if kind is HonorKind.SPECIAL_GRADE else rng.choice((Level.COUNTY, Level.COUNTY, Level.CITY))
    start = date(on.year - rng.randint(1, 4), 9, 10)
    end = None if kind is HonorKind.SPECIAL_GRADE else date(start.year + 5, 9, 9)
    return Honor(kind=kind, level=level, start=start, end=end)
