"""How many pupils each school will have, and so how many teachers of each subject it will need.

Four ways, each an assumption that is printed: ``constant`` (as today), ``cohort`` (grades move up, each intake as
today's first grade, junior secondary takes the county's primary graduates), ``national`` (the national change of 2024),
or rates that the bureau gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from junheng.facts import County, GradeEnrolment, School, Stage, SubjectRequirement
from junheng.facts.rounding import rounded

NATIONAL_RATES: Mapping[Stage, Fraction] = {
    Stage.PRIMARY: Fraction(161663 - 185727, 1058437),
    Stage.JUNIOR: Fraction(184875 - 169824, 538616),
}
"""Intake less graduates ÷ pupils in 2024, in hundreds of pupils (national bulletin of 2025-06-11)."""


@dataclass(frozen=True, slots=True)
class PupilTrend:
    """How pupils change: ``rates`` per year and stage for ``rates``, nothing else for the other kinds."""

    kind: Literal["constant", "cohort", "rates"] = "constant"
    rates: Mapping[Stage, Fraction] = field(default_factory=dict)

    def words(self, lang: str = "zh") -> str:
        """The assumption in a sentence."""
        zh = lang == "zh"
        if self.kind == "constant":
            return "学生数按现状不变" if zh else "pupils as today"
        if self.kind == "cohort":
            if zh:
                return "学生逐级升班，小学每年招生同今年一年级，初中招生为全县小学毕业生"
            return "pupils move up; primary intake as today's first grade, junior intake the county's primary graduates"
        said = [f"{s.zh if zh else s.en} {float(r * 100):+.2f}%" for s, r in sorted(self.rates.items())]
        return ("学生数每年变化：" + "、".join(said)) if zh else ("pupils change each year by " + ", ".join(said))


def with_pupils(county: County, trend: PupilTrend, years: int) -> County:
    """The county with the enrolment that the trend gives after so many years, and subject needs in proportion.

    ``county`` carries today's enrolment. Pupils are whole numbers (half up; cohorts by largest remainder); a subject
    that a school needs today it needs by at least one teacher as long as the stage has pupils. Classes, posts and the
    indicators' standards stay.
    """
    if trend.kind == "constant" or years == 0:
        return county
    enrolment = _cohorts(county, years) if trend.kind == "cohort" else _by_rates(county, trend.rates, years)
    return replace(county, schools=tuple(_with_enrolment(s, enrolment[s.id]) for s in county.schools))


Enrolment = dict[str, tuple[GradeEnrolment, ...]]


def _by_rates(county: County, rates: Mapping[Stage, Fraction], years: int) -> Enrolment:
    factor = {stage: (1 + rates.get(stage, Fraction(0))) ** years for stage in Stage}
    return {
        s.id: tuple(replace(g, pupils=rounded(factor[g.stage] * g.pupils, "half_up")) for g in s.enrolment)
        for s in county.schools
    }


def _cohorts(county: County, years: int) -> Enrolment:
    today: defaultdict[tuple[Stage, int], int] = defaultdict(int)
    for school in county.schools:
        for row in school.enrolment:
            today[row.stage, row.grade] += row.pupils
    totals = dict(today)
    for _ in range(years):
        totals = _a_year_on(totals, today)
    shares: dict[tuple[str, Stage, int], int] = {}
    for (stage, grade), total in totals.items():
        held = [(s.id, g.pupils) for s in county.schools for g in s.enrolment if (g.stage, g.grade) == (stage, grade)]
        for (school_id, _), pupils in zip(held, _shared(total, [p for _, p in held]), strict=True):
            shares[school_id, stage, grade] = pupils
    return {s.id: tuple(replace(g, pupils=shares[s.id, g.stage, g.grade]) for g in s.enrolment) for s in county.schools}


def _a_year_on(
    totals: Mapping[tuple[Stage, int], int], today: Mapping[tuple[Stage, int], int]
) -> dict[tuple[Stage, int], int]:
    """Every grade a year on: the grade below of the same stage; the first of junior takes the last of primary."""
    after: dict[tuple[Stage, int], int] = {}
    for stage in Stage:
        grades = sorted(g for s, g in totals if s is stage)
        for below, grade in zip([None, *grades], grades, strict=False):
            after[stage, grade] = today[stage, grade] if below is None else totals[stage, below]
    leaving = [g for s, g in totals if s is Stage.PRIMARY]
    entering = [g for s, g in totals if s is Stage.JUNIOR]
    if leaving and entering:
        after[Stage.JUNIOR, min(entering)] = totals[Stage.PRIMARY, max(leaving)]
    return after


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of a total in proportion to weights, by largest remainder, the first of equals first."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    exact = [Fraction(total * w, whole) for w in weights]
    parts = [e.numerator // e.denominator for e in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _with_enrolment(school: School, enrolment: tuple[GradeEnrolment, ...]) -> School:
    after = replace(school, enrolment=enrolment)
    return replace(after, requirements=tuple(_scaled(r, school, after) for r in school.requirements))


def _scaled(need: SubjectRequirement, before: School, after: School) -> SubjectRequirement:
    old, new = before.pupils(need.stage), after.pupils(need.stage)
    if old in (0, new):
        return need
    least = 1 if need.required and new else 0
    periods = None if need.weekly_periods is None else need.weekly_periods * new / old
    return replace(
        need, required=max(least, rounded(Fraction(need.required * new, old), "half_up")), weekly_periods=periods
    )
