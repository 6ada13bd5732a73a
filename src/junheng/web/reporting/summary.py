"""A page's figures at a glance: people, posts, pupils and balance of any set of schools of a county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from junheng.facts import Locale, School
from junheng.indicators import SchoolStanding, Structure
from junheng.indicators.structure import AgeBand
from junheng.web.staffing.figures import Figures

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sums over schools. ``over`` and ``short`` add up the schools' surpluses and shortages each for itself.

    ``failing`` and ``unclear`` count schools of which one stage fails the rule of the inspection, or of which it cannot
    be said; ``teachers`` are full-time teachers at work.
    """

    schools: int
    pupils: int
    classes: int
    teachers: int
    on_establishment: int
    at_work: int
    authorised: int
    required: int
    over: int
    short: int
    backbone: int
    women: int
    mean_age: float | None
    passing: int
    failing: int
    unclear: int

    @property
    def ratio(self) -> float | None:
        """Pupils a teacher."""
        return self.pupils / self.teachers if self.teachers else None

    @property
    def backbone_rate(self) -> float | None:
        """Backbone teachers among a hundred."""
        return 100 * self.backbone / self.teachers if self.teachers else None

    @property
    def gap(self) -> int:
        """People on the establishment less posts by norm."""
        return self.on_establishment - self.required


def summarise(figures: Figures, codes: Collection[str]) -> Summary:
    """The sums over the schools of these codes, added up once for as long as the figures hold."""
    codes = frozenset(codes)
    found: Summary = figures.kept(("summary", codes), lambda: _summarise(figures, codes))
    return found


def _summarise(figures: Figures, codes: Collection[str]) -> Summary:
    schools = [s for s in figures.county.schools if s.id in codes]
    rows = [r for r in figures.establishment.rows if r.school_id in codes]
    structures = [s for s in figures.structure.schools if s.key in codes]
    gaps = Counter[str]()
    for row in rows:
        gaps[row.school_id] += row.headcount_gap or 0
    verdicts = verdict_of(figures, codes)
    teachers = sum(s.teachers for s in structures)
    return Summary(
        schools=len(schools),
        pupils=sum(s.pupils() for s in schools),
        classes=sum(s.classes() for s in schools),
        teachers=teachers,
        on_establishment=sum(r.on_establishment for r in rows),
        at_work=sum(r.at_work for r in rows),
        authorised=sum(r.authorised or 0 for r in rows),
        required=sum(r.posts.required for r in rows if r.posts),
        over=sum(gap for gap in gaps.values() if gap > 0),
        short=-sum(gap for gap in gaps.values() if gap < 0),
        backbone=sum(s.backbone for s in structures),
        women=sum(n for s in structures for sex, n in s.sexes.items() if sex.value == "F"),
        mean_age=sum((s.mean_age or 0) * s.teachers for s in structures) / teachers if teachers else None,
        passing=sum(v is True for v in verdicts.values()),
        failing=sum(v is False for v in verdicts.values()),
        unclear=sum(v is None for v in verdicts.values()),
    )


def standings(figures: Figures, codes: Collection[str]) -> list[SchoolStanding]:
    """The standing of every stage of the schools under the rule of the inspection."""
    return [each for each in figures.balance.schools if each.school_id in codes]


def verdict_of(figures: Figures, codes: Collection[str]) -> dict[str, bool | None]:
    """Whether each school meets the rule in all its stages; ``None`` where nothing fails but something is unknown."""
    return _of(codes, figures.kept("verdicts", lambda: _verdicts(figures)))


def _verdicts(figures: Figures) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for each in figures.balance.schools:
        both = (found.get(each.school_id, True), each.passes)
        found[each.school_id] = False if False in both else None if None in both else True
    return found


def gap_of(figures: Figures, codes: Collection[str]) -> dict[str, int]:
    """People on the establishment less posts by norm, by school; schools without a norm are left out."""
    return _of(codes, figures.kept("gaps", lambda: _gaps(figures)))


def _gaps(figures: Figures) -> dict[str, int]:
    gaps: dict[str, int] = {}
    for row in figures.establishment.rows:
        if row.headcount_gap is not None:
            gaps[row.school_id] = gaps.get(row.school_id, 0) + row.headcount_gap
    return gaps


def need_of(figures: Figures, school: str) -> int:
    """Posts by norm of a school, in all its stages."""
    needs: Counter[str] = figures.kept("needs", lambda: _needs(figures))
    return needs[school]


def _needs(figures: Figures) -> Counter[str]:
    needs = Counter[str]()
    for row in figures.establishment.rows:
        needs[row.school_id] += row.posts.required if row.posts else 0
    return needs


def _of(codes: Collection[str], every: Mapping[str, Held]) -> dict[str, Held]:
    return {code: every[code] for code in codes if code in every}


@dataclass(slots=True)
class People:
    """Who the teachers of several schools are, added up."""

    teachers: int = 0
    ages: Counter[AgeBand] = field(default_factory=Counter)
    titles: Counter = field(default_factory=Counter)
    educations: Counter = field(default_factory=Counter)
    subjects: Counter = field(default_factory=Counter)
    sexes: Counter = field(default_factory=Counter)

    @classmethod
    def of(cls, structures: Iterable[Structure]) -> People:
        """The sum of the structures."""
        people = cls()
        for each in structures:
            people.teachers += each.teachers
            people.ages.update(each.ages)
            people.titles.update(each.titles)
            people.educations.update(each.educations)
            people.subjects.update(each.subjects)
            people.sexes.update(each.sexes)
        return people


def people_by_locale(figures: Figures, codes: Collection[str]) -> dict[Locale, People]:
    """Teachers of the schools by urban, town and rural."""
    schools: dict[str, School] = figures.county.school_by_id
    return {
        locale: people
        for locale in Locale
        if (
            people := People.of(
                s for s in figures.structure.schools if s.key in codes and schools[s.key].locale is locale
            )
        ).teachers
    }


def people_of(figures: Figures, codes: Collection[str]) -> People:
    """Teachers of the schools together."""
    return People.of(s for s in figures.structure.schools if s.key in codes)
