"""Schools of a fictional county: how many of which kind, with how many staff, pupils, classes and posts.

Calibration (per 4,000 teachers, means of the 2,895 county units of China in 2023-2024): 47 primary schools, 18 teaching
points, 18 junior secondary schools and a few nine-year schools; 16.3 pupils a teacher in primary and 12.8 in junior
secondary education, with small rural schools far below and urban schools above the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from junheng.facts.codes import HistoryKind, Locale, SchoolKind, Stage, Strength, Subject
from junheng.facts.schools import GradeEnrolment, Resources, School, SchoolEvent, SubjectRequirement
from junheng.facts.synthetic.chance import apportion, happens, spread
from junheng.facts.synthetic.places import URBAN_NAME, Land, Township, near
from junheng.facts.synthetic.profiles import MEAN_COUNTY, CountyProfile

PUPILS_PER_TEACHER = {Stage.PRIMARY: 16.3, Stage.JUNIOR: 12.8}
PRIMARY_SHARE = 0.607
"""Primary teachers among all: 36,561 pupils at 16.3 against 18,605 at 12.8."""

STANDARD_PERIODS = {Stage.PRIMARY: 12.0, Stage.JUNIOR: 9.6}
"""Weekly periods that one teacher gives, from which this county sets its subject requirements."""

WEEKLY_PERIODS: dict[Stage, dict[Subject, float]] = {
    Stage.PRIMARY: {
        Subject.CHINESE: 8,
        Subject.MATHS: 5,
        Subject.ENGLISH: 3,
        Subject.SCIENCE: 2,
        Subject.ETHICS: 2,
        Subject.PE: 2,
        Subject.MUSIC: 1,
        Subject.ART: 1,
        Subject.IT: 1,
    },
    Stage.JUNIOR: {
        Subject.CHINESE: 6,
        Subject.MATHS: 6,
        Subject.ENGLISH: 6,
        Subject.PHYSICS: 2,
        Subject.CHEMISTRY: 1.3,
        Subject.BIOLOGY: 1.3,
        Subject.HISTORY: 2,
        Subject.GEOGRAPHY: 1.3,
        Subject.ETHICS: 2,
        Subject.PE: 3,
        Subject.MUSIC: 1,
        Subject.ART: 1,
        Subject.IT: 1,
    },
}
"""Periods a week and class that are given by subject teachers; class teachers give the rest."""

_GRADES = {Stage.PRIMARY: range(1, 7), Stage.JUNIOR: range(7, 10)}
_GRADE_TREND = {Stage.PRIMARY: (0.86, 0.93, 0.98, 1.03, 1.08, 1.12), Stage.JUNIOR: (1.04, 1.0, 0.96)}
_CLASS_SIZE = {Locale.URBAN: 48, Locale.TOWN: 45, Locale.RURAL: 42}


@dataclass(frozen=True, slots=True)
class KindProfile:
    """What is typical of a kind of school: staff and pupils per teacher by stage, and the least staff."""

    staff: dict[Stage, float]
    ratio: dict[Stage, float]
    least: int


PROFILES = {
    SchoolKind.URBAN_PRIMARY: KindProfile({Stage.PRIMARY: 92}, {Stage.PRIMARY: 19.6}, 12),
    SchoolKind.CENTER_PRIMARY: KindProfile({Stage.PRIMARY: 52}, {Stage.PRIMARY: 15.6}, 8),
    SchoolKind.VILLAGE_PRIMARY: KindProfile({Stage.PRIMARY: 19}, {Stage.PRIMARY: 11.0}, 7),
    SchoolKind.TEACHING_POINT: KindProfile({Stage.PRIMARY: 4}, {Stage.PRIMARY: 8.0}, 2),
    SchoolKind.JUNIOR_HIGH: KindProfile({Stage.JUNIOR: 62}, {Stage.JUNIOR: 12.0}, 8),
    SchoolKind.NINE_YEAR: KindProfile(
        {Stage.PRIMARY: 40, Stage.JUNIOR: 42}, {Stage.PRIMARY: 14.5, Stage.JUNIOR: 12.0}, 7
    ),
}
_URBAN_JUNIOR = KindProfile({Stage.JUNIOR: 125}, {Stage.JUNIOR: 14.2}, 10)


@dataclass(slots=True)
class SchoolDraft:
    """A school before its numbers are settled."""

    kind: SchoolKind
    name: str
    short_name: str
    locale: Locale
    cluster_id: str
    township: str
    x_km: float
    y_km: float
    staff: dict[Stage, int] = field(default_factory=dict)
    pupils: dict[Stage, int] = field(default_factory=dict)
    strength: Strength = Strength.ORDINARY

    @property
    def profile(self) -> KindProfile:
        """The typical figures of its kind."""
        urban_junior = self.kind is SchoolKind.JUNIOR_HIGH and self.locale is Locale.URBAN
        return _URBAN_JUNIOR if urban_junior else PROFILES[self.kind]


def draft_schools(rng: Random, land: Land, teachers: int, profile: CountyProfile = MEAN_COUNTY) -> list[SchoolDraft]:
    """The county's schools with staff and pupils that add up exactly."""
    size = teachers / 4000
    drafts = [
        *_urban(rng, land, SchoolKind.URBAN_PRIMARY, max(1, round(10 * size * profile.urban)), "小学"),
        *_urban(rng, land, SchoolKind.JUNIOR_HIGH, max(1, round(6 * size * profile.urban)), "初级中学"),
        *(_central(rng, t, SchoolKind.CENTER_PRIMARY, "中心小学") for t in land.townships),
        *_rural(rng, land, SchoolKind.VILLAGE_PRIMARY, max(1, round(23 * size * profile.villages))),
        *_rural(rng, land, SchoolKind.TEACHING_POINT, max(1, round(19 * size * profile.points))),
    ]
    nine_year = round(3 * size)
    juniors = max(1, len(land.townships) - nine_year)
    drafts += [_central(rng, t, SchoolKind.JUNIOR_HIGH, "初级中学") for t in land.townships[:juniors]]
    drafts += [_central(rng, t, SchoolKind.NINE_YEAR, "九年一贯制学校") for t in land.townships[juniors:]]
    primary = round(teachers * PRIMARY_SHARE)
    for stage, staff in ((Stage.PRIMARY, primary), (Stage.JUNIOR, teachers - primary)):
        fill(rng, drafts, stage, staff, profile)
    return drafts


def fill(rng: Random, drafts: Sequence[SchoolDraft], stage: Stage, staff: int, profile: CountyProfile) -> None:
    """Share the stage's staff among its schools, then pupils so that the county has its pupils per teacher."""
    those = [d for d in drafts if stage in d.profile.staff]
    weights = [d.profile.staff[stage] * spread(rng, 0.22) for d in those]
    for draft, count in zip(those, apportion(staff, weights, [d.profile.least for d in those]), strict=True):
        draft.staff[stage] = count
    share_pupils(rng, those, stage, profile)


def share_pupils(
    rng: Random, drafts: Sequence[SchoolDraft], stage: Stage, profile: CountyProfile = MEAN_COUNTY
) -> None:
    """Pupils in proportion to staff times the ratio usual at such a school."""
    staff = sum(d.staff[stage] for d in drafts)
    weights = [d.staff[stage] * d.profile.ratio[stage] * spread(rng, 0.15) for d in drafts]
    total = round(staff * PUPILS_PER_TEACHER[stage] * profile.pupils.get(stage, 1.0))
    for draft, count in zip(drafts, apportion(total, weights, [8] * len(drafts)), strict=True):
        draft.pupils[stage] = count
    _judge_strength(rng, drafts)


def _judge_strength(rng: Random, drafts: Sequence[SchoolDraft]) -> None:
    for draft in drafts:
        roll = rng.random()
        if draft.locale is Locale.URBAN:
            draft.strength = Strength.STRONG if roll < 0.4 else Strength.ORDINARY
        elif draft.locale is Locale.RURAL:
            draft.strength = Strength.UNDER_RESOURCED if roll < 0.6 else Strength.ORDINARY
        else:
            draft.strength = Strength.UNDER_RESOURCED if roll < 0.2 else Strength.ORDINARY


def _urban(rng: Random, land: Land, kind: SchoolKind, count: int, word: str) -> list[SchoolDraft]:
    per_cluster = 5 if kind is SchoolKind.URBAN_PRIMARY else 3
    drafts = []
    for i in range(count):
        x, y = land.near_town(rng, 1.5 + 0.2 * math.sqrt(count))
        name = f"{URBAN_NAME}第{_numeral(i + 1)}{word}"
        cluster = f"C{i // per_cluster + 1:03d}"
        drafts.append(SchoolDraft(kind, name, name, Locale.URBAN, cluster, f"{URBAN_NAME}街道", x, y))
    return drafts


def _central(rng: Random, township: Township, kind: SchoolKind, word: str) -> SchoolDraft:
    x, y = near(rng, township.x_km, township.y_km, 0.8)
    small_place = kind is SchoolKind.NINE_YEAR and happens(rng, 0.5)
    return SchoolDraft(
        kind,
        f"{township.name}镇{word}",
        f"{township.name}{word}",
        Locale.RURAL if small_place else Locale.TOWN,
        township.id,
        f"{township.name}镇",
        x,
        y,
    )


def _rural(rng: Random, land: Land, kind: SchoolKind, count: int) -> list[SchoolDraft]:
    """Schools dealt out to the townships in turn; the two kinds take their village names from opposite ends."""
    word, first = ("小学", 0) if kind is SchoolKind.VILLAGE_PRIMARY else ("教学点", 80)
    drafts = []
    for i in range(count):
        township = land.townships[i % len(land.townships)]
        village = township.villages[(first + i // len(land.townships)) % len(township.villages)]
        x, y = near(rng, township.x_km, township.y_km, 7.0, 1.5)
        drafts.append(
            SchoolDraft(
                kind,
                f"{township.name}镇{village}{word}",
                f"{township.name}{village}{word}",
                Locale.RURAL,
                township.id,
                f"{township.name}镇",
                x,
                y,
            )
        )
    return drafts


def _numeral(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    lead = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return lead + (digits[ones] if ones else "")


def build_schools(
    rng: Random, drafts: Sequence[SchoolDraft], on: date, profile: CountyProfile = MEAN_COUNTY
) -> tuple[School, ...]:
    """The schools of the drafts, in their order, with codes that no real school has."""
    return tuple(_build(rng, draft, f"99010{i:05d}", on, profile) for i, draft in enumerate(drafts, 1))


def _build(rng: Random, draft: SchoolDraft, code: str, on: date, profile: CountyProfile) -> School:
    enrolment = tuple(e for stage in sorted(draft.staff, reverse=True) for e in _enrolment(draft, stage))
    return School(
        id=code,
        name=draft.name,
        short_name=draft.short_name,
        kind=draft.kind,
        stages=frozenset(draft.staff),
        locale=draft.locale,
        cluster_id=draft.cluster_id,
        township=draft.township,
        x_km=draft.x_km,
        y_km=draft.y_km,
        strength=draft.strength,
        enrolment=enrolment,
        posts={
            stage: _posts(draft, stage, profile.posts.get(stage, 1.0)) for stage in sorted(draft.staff, reverse=True)
        },
        requirements=tuple(r for s in sorted(draft.staff, reverse=True) for r in _requirements(enrolment, s)),
        resources=tuple(_resources(rng, draft, stage) for stage in sorted(draft.staff, reverse=True)),
        boarding=draft.locale is not Locale.URBAN and Stage.JUNIOR in draft.staff,
        history=(SchoolEvent(kind=HistoryKind.FOUNDED, on=date(rng.randint(1949, on.year - 46), 9, 1)),),
    )


def _enrolment(draft: SchoolDraft, stage: Stage) -> list[GradeEnrolment]:
    """Grades with falling intake; a teaching point has the first three or four only."""
    grades = list(_GRADES[stage])
    if draft.kind is SchoolKind.TEACHING_POINT:
        grades = grades[: 4 if draft.pupils[stage] > 30 else 3]
    trend = _GRADE_TREND[stage][: len(grades)]
    pupils = apportion(draft.pupils[stage], trend, [1] * len(grades))
    limit = _CLASS_SIZE[draft.locale]
    return [
        GradeEnrolment(stage=stage, grade=g, pupils=n, classes=math.ceil(n / limit))
        for g, n in zip(grades, pupils, strict=True)
    ]


def _posts(draft: SchoolDraft, stage: Stage, factor: float) -> int:
    """Authorised posts: half way between what the unified ratio gives and what an earlier year allotted.

    Counties rarely re-verify every year, so the rural schools keep posts from when they had more pupils.
    """
    by_ratio = draft.pupils[stage] / {Stage.PRIMARY: 19.0, Stage.JUNIOR: 13.5}[stage]
    return max(1, round((0.5 * by_ratio + 0.53 * draft.staff[stage]) * factor))


def _requirements(enrolment: Sequence[GradeEnrolment], stage: Stage) -> list[SubjectRequirement]:
    classes = sum(e.classes for e in enrolment if e.stage is stage)
    rows = []
    for subject, periods in WEEKLY_PERIODS[stage].items():
        demand = classes * periods
        required = math.floor(demand / STANDARD_PERIODS[stage] + 0.5)
        rows.append(
            SubjectRequirement(stage=stage, subject=subject, required=required, weekly_periods=round(demand, 1))
        )
    return rows


def _resources(rng: Random, draft: SchoolDraft, stage: Stage) -> Resources:
    """Space is plentiful per pupil where pupils are few; equipment follows the budget."""
    pupils = draft.pupils[stage]
    crowding = {Locale.URBAN: 0.85, Locale.TOWN: 1.15, Locale.RURAL: 1.6}[draft.locale]
    junior = stage is Stage.JUNIOR
    return Resources(
        stage=stage,
        teaching_area_m2=round(pupils * (6.4 if junior else 5.2) * crowding * spread(rng, 0.18), 1),
        sports_area_m2=round(pupils * (11.5 if junior else 8.8) * crowding * spread(rng, 0.25), 1),
        equipment_yuan=round(pupils * (3100 if junior else 2400) * spread(rng, 0.28), 2),
        multimedia_rooms=max(1, round(pupils * (0.027 if junior else 0.028) * crowding * spread(rng, 0.15))),
    )
