"""Persons of a fictional county: sex, age, ID number, education, subject, role and home.

Calibration: women 65-75 % in primary and 58-62 % in junior secondary schools, rural staff some five years older;
bachelor or above about 78 % primary and 93 % junior secondary, fewer in villages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from junheng.facts.calendar import completed_years
from junheng.facts.codes import Education, Locale, Role, SchoolKind, Sex, Stage, Subject
from junheng.facts.identity import check_character
from junheng.facts.retirement import retirement_date
from junheng.facts.schools import School
from junheng.facts.synthetic.chance import apportion, clipped, happens, spread
from junheng.facts.synthetic.places import Land, near
from junheng.facts.synthetic.profiles import MEAN_COUNTY, CountyProfile
from junheng.facts.synthetic.words import person_name

_ARTS = (Subject.PE, Subject.MUSIC, Subject.ART)
_ARTS_STAFFING = {
    SchoolKind.URBAN_PRIMARY: 1.18,
    SchoolKind.CENTER_PRIMARY: 0.95,
    SchoolKind.VILLAGE_PRIMARY: 0.55,
    SchoolKind.TEACHING_POINT: 0.05,
    SchoolKind.NINE_YEAR: 0.8,
}
_SECOND_SUBJECTS: dict[Subject, tuple[Subject, ...]] = {
    Subject.CHINESE: (Subject.ETHICS, Subject.MUSIC, Subject.ART),
    Subject.MATHS: (Subject.SCIENCE, Subject.IT, Subject.PE),
    Subject.ENGLISH: (Subject.CHINESE, Subject.MUSIC),
    Subject.SCIENCE: (Subject.MATHS, Subject.LABOUR),
    Subject.ETHICS: (Subject.CHINESE, Subject.HISTORY),
    Subject.PHYSICS: (Subject.MATHS, Subject.CHEMISTRY),
    Subject.CHEMISTRY: (Subject.BIOLOGY, Subject.PHYSICS),
    Subject.BIOLOGY: (Subject.GEOGRAPHY, Subject.CHEMISTRY),
    Subject.HISTORY: (Subject.ETHICS, Subject.GEOGRAPHY),
    Subject.GEOGRAPHY: (Subject.BIOLOGY, Subject.HISTORY),
    Subject.PE: (Subject.LABOUR,),
    Subject.MUSIC: (Subject.ART,),
    Subject.ART: (Subject.MUSIC,),
    Subject.IT: (Subject.MATHS, Subject.SCIENCE),
}
_NOT_IN_PRIMARY = {Subject.HISTORY, Subject.GEOGRAPHY, Subject.BIOLOGY, Subject.CHEMISTRY, Subject.PHYSICS}


@dataclass(slots=True)
class Person:
    """A teacher in the making: what the later steps decide on, and the facts settled so far."""

    school: School
    stage: Stage
    sex: Sex
    birth: date
    work_start: date
    joined: date
    subject: Subject
    role: Role
    facts: dict[str, Any] = field(default_factory=dict)

    def age(self, on: date) -> int:
        """Completed years of age."""
        return completed_years(self.birth, on)


class IdNumbers:
    """Resident ID numbers of area codes that do not exist (9901…), each given once, with the check character right."""

    def __init__(self) -> None:
        self._given: dict[tuple[date, Sex], int] = {}

    def next_for(self, birth: date, sex: Sex) -> str:
        """A number for the birth date whose seventeenth digit is odd for men and even for women."""
        count = self._given.get((birth, sex), 0)
        self._given[birth, sex] = count + 1
        area, order = divmod(count, 499)
        serial = 2 * (order + 1) - (1 if sex is Sex.MALE else 0)
        body = f"9901{area + 1:02d}{birth:%Y%m%d}{serial:03d}"
        return body + check_character(body)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every draw depends on: chance, date, land, schools by stage, ID numbers given, what the county is like."""

    rng: Random
    on: date
    land: Land
    schools: Mapping[Stage, Sequence[School]]
    ids: IdNumbers
    profile: CountyProfile = MEAN_COUNTY


def make_staff(setting: Setting, school: School, stage: Stage, count: int) -> Iterator[Person]:
    """The staff of one stage of a school."""
    subjects = _subjects(setting.rng, school, stage, count, setting.profile.country_arts)
    roles = _roles(school, stage, count)
    for subject, role in zip(subjects, roles, strict=True):
        yield _make_person(setting, school, stage, subject, role)


def _subjects(rng: Random, school: School, stage: Stage, count: int, country_arts: float) -> list[Subject]:
    """Subjects near the school's needs, with fewer PE and arts teachers where the school is rural."""
    arts = _ARTS_STAFFING.get(school.kind, 1.1 if school.locale is Locale.URBAN else 0.8)
    arts *= spread(rng, 0.22) * (1.0 if school.locale is Locale.URBAN else country_arts)
    needs = [r for r in school.requirements if r.stage is stage]
    weights = []
    for need in needs:
        bias = arts * spread(rng, 0.35) if need.subject in _ARTS else spread(rng, 0.2)
        if need.subject is Subject.ENGLISH and school.locale is Locale.RURAL:
            bias *= 0.7
        weights.append((need.weekly_periods or 0.0) * bias)
    subjects = [n.subject for n, k in zip(needs, apportion(count, weights), strict=True) for _ in range(k)]
    rng.shuffle(subjects)
    return subjects


def _roles(school: School, stage: Stage, count: int) -> list[Role]:
    """Leaders by the size of the staff; villages and teaching points have a head under the central school."""
    if school.kind in (SchoolKind.VILLAGE_PRIMARY, SchoolKind.TEACHING_POINT):
        leaders = [Role.VILLAGE_SCHOOL_HEAD]
    else:
        first_stage = Stage.PRIMARY if Stage.PRIMARY in school.stages else Stage.JUNIOR
        top = Role.PRINCIPAL if stage is first_stage else Role.VICE_PRINCIPAL
        leaders = [top, *[Role.VICE_PRINCIPAL] * (count // 45), Role.DEAN, *[Role.MID_LEVEL_CADRE] * (count // 25)]
    support = [Role.SUPPORT_STAFF] * round(count * 0.016)
    return [*leaders, *[Role.TEACHER] * (count - len(leaders) - len(support)), *support][:count]


def _make_person(setting: Setting, school: School, stage: Stage, subject: Subject, role: Role) -> Person:
    rng, on = setting.rng, setting.on
    sex = Sex.FEMALE if happens(rng, _women_share(school, stage, subject) + setting.profile.women) else Sex.MALE
    birth = _birth(setting, school, role, sex)
    work_start = _work_start(rng, birth, on)
    person = Person(school, stage, sex, birth, work_start, work_start, subject, role)
    home = _home(rng, school, setting.land)
    person.facts = {
        "name": person_name(rng, sex),
        "id_number": setting.ids.next_for(birth, sex),
        "also_teaches": _second_subject(rng, stage, subject),
        "specialist": _specialist(rng, school, stage, subject),
        "full_time": role is not Role.SUPPORT_STAFF,
        "education": None if happens(rng, 0.002) else _education(setting, school, stage, person.age(on)),
        "certificate_stage": _certificate(rng, stage),
        "home_x_km": home[0],
        "home_y_km": home[1],
    }
    return person


def _women_share(school: School, stage: Stage, subject: Subject) -> float:
    share = {Locale.URBAN: 0.76, Locale.TOWN: 0.69, Locale.RURAL: 0.58}[school.locale]
    share -= 0.1 if stage is Stage.JUNIOR else 0.0
    return 0.3 if subject is Subject.PE else share


def _birth(setting: Setting, school: School, role: Role, sex: Sex) -> date:
    """A birth date that leaves the person in service on the date; rural staff and leaders are older."""
    rng, on, profile = setting.rng, setting.on, setting.profile
    mean = {Locale.URBAN: 40.5, Locale.TOWN: 42.0, Locale.RURAL: 46.0 + profile.country_older}[school.locale]
    low = 22.3 if role in (Role.TEACHER, Role.SUPPORT_STAFF) else 33.0
    while True:
        age = clipped(rng, mean + profile.older + (3 if low > 30 else 0), 9.2, low, 62.5)
        birth = on - timedelta(days=int(age * 365.2425) + rng.randrange(200))
        if retirement_date(birth, sex) > on:
            return birth


def _work_start(rng: Random, birth: date, on: date) -> date:
    """The September in which the person began to work, at 20 to 24."""
    year = birth.year + rng.choice((20, 21, 22, 22, 23, 23, 24))
    year = min(year + (1 if birth.month >= 9 else 0), on.year - 1)
    return date(year, rng.choice((8, 9, 9, 9)), 1)


def _education(setting: Setting, school: School, stage: Stage, age: int) -> Education:
    roll, factor = setting.rng.random(), setting.profile.below_bachelor
    if stage is Stage.JUNIOR:
        below = 0.02 + 0.0035 * max(0, age - 34) + (0.04 if school.locale is not Locale.URBAN else 0.0)
        return Education.COLLEGE if roll < below * factor else Education.MASTER if roll > 0.965 else Education.BACHELOR
    rural = {Locale.URBAN: -0.06, Locale.TOWN: 0.03, Locale.RURAL: 0.1}[school.locale]
    college = max(0.02, 0.04 + 0.013 * max(0, age - 32) + rural)
    secondary = 0.0 if age < 42 else 0.06 + (0.16 if school.locale is Locale.RURAL else 0.0)
    if roll < secondary * factor:
        return Education.SECONDARY
    if roll < (secondary + college) * factor:
        return Education.COLLEGE
    return Education.MASTER if roll > 0.985 else Education.BACHELOR


def _certificate(rng: Random, stage: Stage) -> str:
    if happens(rng, 0.004):
        return ""
    if stage is Stage.PRIMARY:
        return rng.choice(("小学", "小学", "小学", "小学", "初级中学"))
    return rng.choice(("初级中学", "初级中学", "初级中学", "高级中学"))


def _specialist(rng: Random, school: School, stage: Stage, subject: Subject) -> bool | None:
    if happens(rng, 0.003):
        return None
    if stage is Stage.JUNIOR:
        return True
    narrow = subject in _ARTS or subject in (Subject.ENGLISH, Subject.IT)
    return narrow and happens(rng, 0.5 if school.locale is Locale.RURAL else 0.9)


def _second_subject(rng: Random, stage: Stage, subject: Subject) -> tuple[Subject, ...]:
    fitting: Sequence[Subject] = [
        s
        for s in _SECOND_SUBJECTS.get(subject, ())
        if (stage is Stage.JUNIOR or s not in _NOT_IN_PRIMARY) and (stage is Stage.PRIMARY or s is not Subject.SCIENCE)
    ]
    return (rng.choice(fitting),) if fitting and happens(rng, 0.38) else ()


def _home(rng: Random, school: School, land: Land) -> tuple[float, float]:
    """Urban staff live in the county town, and so do two in five of the others; the rest live near the school."""
    if school.locale is Locale.URBAN or happens(rng, 0.4):
        return land.near_town(rng, 4.0)
    return near(rng, school.x_km or 0.0, school.y_km or 0.0, 5.0)
