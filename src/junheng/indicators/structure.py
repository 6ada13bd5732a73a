"""Who the teachers of a school are: age, title, education, subject and sex, with the four structure rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from junheng.facts import Code, County, Education, Locale, Role, Sex, Stage, Subject, Title
from junheng.facts.calendar import completed_years
from junheng.indicators.counting import CountAt, Place, places
from junheng.indicators.subjects import SubjectGap, measure_subjects, staffing_rate

QUALIFIED_FROM = {Stage.PRIMARY: Education.COLLEGE, Stage.JUNIOR: Education.BACHELOR}
"""From which education a teacher counts as qualified, as the entry rules of recent local texts ask. Pass your own."""

_LOWEST_BAND, _HIGHEST_BAND = 25, 60

C = TypeVar("C", bound=Code)


class AgeBand(Code):
    """Age bands of five years, as rosters show them."""

    UNDER_25 = ("under_25", "24岁及以下", "24 and under")
    FROM_25 = ("25_29", "25-29岁", "25-29")
    FROM_30 = ("30_34", "30-34岁", "30-34")
    FROM_35 = ("35_39", "35-39岁", "35-39")
    FROM_40 = ("40_44", "40-44岁", "40-44")
    FROM_45 = ("45_49", "45-49岁", "45-49")
    FROM_50 = ("50_54", "50-54岁", "50-54")
    FROM_55 = ("55_59", "55-59岁", "55-59")
    FROM_60 = ("60_over", "60岁及以上", "60 and over")


def age_band(age: int) -> AgeBand:
    """The band of an age in completed years."""
    held = min(max(age, _LOWEST_BAND - 5), _HIGHEST_BAND)
    bands: tuple[AgeBand, ...] = tuple(AgeBand)
    return bands[(held - _LOWEST_BAND) // 5 + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The teachers of a school, of an urban–rural class or of the county.

    ``educations`` holds ``None`` for teachers whose education is blank; they are in no rate. ``staffing_rate`` is the
    share of required subject posts that are filled, ``None`` where nothing is required.
    """

    key: str
    name: str
    teachers: int
    mean_age: float | None
    ages: Mapping[AgeBand, int]
    titles: Mapping[Title, int]
    educations: Mapping[Education | None, int]
    subjects: Mapping[Subject, int]
    sexes: Mapping[Sex, int]
    backbone: int
    qualified: int
    staffing_rate: Fraction | None

    @property
    def qualification_rate(self) -> Fraction | None:
        """Teachers with the education asked for, of those whose education is known (学历达标率)."""
        known = self.teachers - self.educations.get(None, 0)
        return Fraction(self.qualified, known) if known else None

    @property
    def backbone_rate(self) -> Fraction | None:
        """Backbone teachers among all."""
        return Fraction(self.backbone, self.teachers) if self.teachers else None

    def title_rate(self, *titles: Title) -> Fraction | None:
        """The share of teachers who hold one of the titles (岗位结构比例)."""
        return Fraction(sum(self.titles.get(t, 0) for t in titles), self.teachers) if self.teachers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureReport:
    """Structure of the county, of its urban–rural classes and of every school."""

    on: date
    count_at: CountAt
    county: Structure
    locales: tuple[Structure, ...]
    schools: tuple[Structure, ...]


def measure_structure(
    county: County,
    *,
    count_at: CountAt = CountAt.TEACHING,
    stage: Stage | None = None,
    qualified_from: Mapping[Stage, Education] | None = None,
) -> StructureReport:
    """Structure of the full-time teachers, of one stage or of all."""
    people = [p for p in places(county, count_at) if stage is None or p.stage is stage]
    gaps: dict[str, list[SubjectGap]] = {s.id: [] for s in county.schools}
    for row in measure_subjects(county, count_at=count_at).rows:
        if stage is None or row.stage is stage:
            gaps[row.school_id].append(row)
    measure = _Measure(county.on, qualified_from or QUALIFIED_FROM, gaps)
    by_school: dict[str, list[Place]] = {s.id: [] for s in county.schools}
    for place in people:
        by_school[place.school_id].append(place)
    schools = [s for s in county.schools if stage is None or stage in s.stages]
    return StructureReport(
        on=county.on,
        count_at=count_at,
        county=measure.structure("county", county.name, people, [s.id for s in schools]),
        locales=tuple(
            measure.structure(
                locale.value,
                locale.zh,
                [p for s in schools if s.locale is locale for p in by_school[s.id]],
                [s.id for s in schools if s.locale is locale],
            )
            for locale in Locale
        ),
        schools=tuple(measure.structure(s.id, s.name, by_school[s.id], [s.id]) for s in schools),
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    on: date
    qualified_from: Mapping[Stage, Education]
    gaps: Mapping[str, list[SubjectGap]]

    def structure(self, key: str, name: str, people: list[Place], school_ids: Iterable[str]) -> Structure:
        ages = [completed_years(p.teacher.birth_date, self.on) for p in people]
        held = [p.teacher.title_on(self.on) for p in people]
        return Structure(
            key=key,
            name=name,
            teachers=len(people),
            mean_age=sum(ages) / len(ages) if ages else None,
            ages=_in_order(AgeBand, Counter(map(age_band, ages))),
            titles=_in_order(Title, Counter(t.title if t else Title.NONE for t in held)),
            educations=Counter(p.teacher.education for p in people),
            subjects=_in_order(Subject, Counter(p.subject for p in people)),
            sexes=_in_order(Sex, Counter(p.teacher.sex for p in people)),
            backbone=sum(p.teacher.is_backbone(self.on) for p in people),
            qualified=sum(self._is_qualified(p) for p in people),
            staffing_rate=staffing_rate(row for school_id in school_ids for row in self.gaps[school_id]),
        )

    def _is_qualified(self, place: Place) -> bool:
        education = place.teacher.education
        return education is not None and education.years >= self.qualified_from[place.stage].years


def _in_order(codes: type[C], counts: Mapping[C, int]) -> dict[C, int]:
    return {code: counts[code] for code in codes if code in counts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Managers:
    """Middle managers of a school against the cap; ``over`` is how many are too many."""

    school_id: str
    school_name: str
    count: int
    cap: int

    @property
    def over(self) -> int:
        """Managers above the cap; 0 when there are none."""
        return max(0, self.count - self.cap)


def middle_managers(county: County, cap: int | Mapping[str, int]) -> tuple[Managers, ...]:
    """Middle managers, deans included, of every school. No text gives the cap: one number, or one a school id."""
    counts = Counter(t.school_id for t in county.teachers if t.role in (Role.MID_LEVEL_CADRE, Role.DEAN))
    return tuple(
        Managers(
            school_id=s.id,
            school_name=s.name,
            count=counts[s.id],
            cap=cap if isinstance(cap, int) else cap[s.id],
        )
        for s in county.schools
    )
