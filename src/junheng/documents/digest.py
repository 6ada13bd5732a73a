"""What the pictures of a plan show, as plain figures: computed once, drawn in the report and in the workbook.

Nothing here knows ink or paper; whoever draws takes a :class:`PlanDigest` and asks neither the planner nor the policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from junheng.documents.faults import Phrase
from junheng.documents.tables.planned import subject_label
from junheng.facts import County, Locale, School, Stage
from junheng.indicators import BalanceChange, Indicator
from junheng.planning.problem import SchoolUnit
from junheng.planning.units import TEACHER_INDICATORS
from junheng.planning.year import YearPlan

COMMUTE_EDGES = (-10.0, -5.0, 0.0, 5.0, 10.0, 20.0, 30.0)
"""Bounds in kilometres between the bars of the commute: an upper bound belongs to the bar below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One stage of a school on the map, with how many leave it and arrive; kilometres on the county's plane.

    ``located`` says whether the coordinates are the school's own or its cluster's centre.
    """

    id: str
    name: str
    stage: Stage
    cluster: str
    locale: Locale
    x_km: float
    y_km: float
    located: bool
    pupils: int
    leaving: int
    arriving: int

    @property
    def net(self) -> int:
        """Teachers gained; negative where more leave than arrive."""
        return self.arriving - self.leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """One move as a notice names it, and what the pictures count: the wish met (0: none) and the longer way in km."""

    teacher_id: str
    name: str
    from_unit: str
    to_unit: str
    home_school: str
    host_school: str
    stage: Stage
    subject: Any
    teaches: Any
    wishes: int
    wish_met: int
    extra_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolPoint:
    """A school in one indicator before and after, per hundred pupils."""

    school_id: str
    name: str
    pupils: int
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPicture:
    """An indicator of a stage that moves with teachers; ``schools`` in rising order of the value before.

    ``least`` is the standard per hundred pupils, ``mean`` the county's value, which a plan hardly changes.
    """

    stage: Stage
    indicator: Indicator
    cv_before: float
    cv_after: float
    limit: float | None
    within_before: bool | None
    within_after: bool | None
    reaching_before: int
    reaching_after: int
    mean: float
    least: float | None
    schools: tuple[SchoolPoint, ...]

    def name(self) -> Phrase:
        """Stage and indicator."""
        return Phrase(f"{self.stage.zh}{self.indicator.zh}", f"{self.stage.en.capitalize()}: {self.indicator.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """One plan between balance and wishes: imbalance as a share of today's, points of service and longer way in km,
    both per mover, and the number of moves; ``chosen`` marks the plan that is reported.
    """

    label: Phrase
    imbalance: float
    service: float
    extra_km: float
    moves: int
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a rule costs: by how much the objective would fall if it gave by one person or post."""

    what: Phrase
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDigest:
    """The figures behind the pictures. ``wishes_met[k]`` counts movers who got wish k+1; schools in order of id."""

    county: str
    places: tuple[Place, ...]
    movers: tuple[Mover, ...]
    indicators: tuple[IndicatorPicture, ...]
    wishes_met: tuple[int, ...]
    wishes_missed: int
    imbalance_before: float
    imbalance_after: float
    clusters: tuple[str, ...]
    frontier: tuple[FrontierPoint, ...] = ()
    prices: tuple[Price, ...] = ()

    @property
    def without_wishes(self) -> int:
        """Movers who stated no wish."""
        return len(self.movers) - sum(self.wishes_met) - self.wishes_missed

    def flows(self) -> Counter[tuple[str, str]]:
        """Moves by school unit left and reached."""
        return Counter((m.from_unit, m.to_unit) for m in self.movers)

    def zone_flows(self) -> Counter[tuple[Locale, Locale]]:
        """Moves by class of the school left and reached."""
        zone = {p.id: p.locale for p in self.places}
        return Counter((zone[m.from_unit], zone[m.to_unit]) for m in self.movers)

    def cluster_flows(self) -> Counter[tuple[str, str]]:
        """Moves by cluster left and reached."""
        cluster = {p.id: p.cluster for p in self.places}
        return Counter((cluster[m.from_unit], cluster[m.to_unit]) for m in self.movers)

    def commutes(self) -> tuple[int, ...]:
        """Movers by how much longer their way becomes: one bar more than :data:`COMMUTE_EDGES` has bounds."""
        bars = [0] * (len(COMMUTE_EDGES) + 1)
        for mover in self.movers:
            bars[sum(mover.extra_km > edge for edge in COMMUTE_EDGES)] += 1
        return tuple(bars)

    def median_km(self) -> float:
        """The middle of the changes of one-way commutes, 0 where nobody moves."""
        return median(m.extra_km for m in self.movers) if self.movers else 0.0

    def busiest(self, most: int) -> tuple[Place, ...]:
        """School units with the most teachers leaving and arriving, at most so many."""
        moving = [p for p in self.places if p.leaving or p.arriving]
        return tuple(sorted(moving, key=lambda p: (-p.leaving - p.arriving, p.id))[:most])


def commute_labels() -> tuple[Phrase, ...]:
    """The names of the bars of :meth:`PlanDigest.commutes`."""
    signed = [f"{edge:+g}".replace("-", "−").replace("+0", "0") for edge in COMMUTE_EDGES]
    between = [Phrase(f"{low}～{high}", f"{low} to {high}") for low, high in pairwise(signed)]
    return (Phrase(f"≤{signed[0]}", f"≤ {signed[0]}"), *between, Phrase(f"＞{signed[-1]}", f"> {signed[-1]}"))


def digest_of(made: YearPlan, *, frontier: Sequence[FrontierPoint] = (), prices: Sequence[Price] = ()) -> PlanDigest:
    """The figures behind the pictures of a plan; ``frontier`` and ``prices`` where they were computed."""
    figures = made.report.figures
    clusters = {c.id: c.name for c in made.county.clusters}
    leaving = Counter(_home_units(made)[a.teacher_id] for a in made.result.assignments)
    arriving = Counter(a.to_school for a in made.result.assignments)
    places = tuple(
        _place(unit, made.county.school_by_id[made.assembly.unit_school[unit.id]], clusters, leaving, arriving)
        for unit in sorted(made.assembly.problem.schools, key=lambda u: u.id)
    )
    return PlanDigest(
        county=made.county.name,
        places=places,
        movers=_movers(made, {p.id: p.name for p in places}),
        indicators=_indicators(made.change),
        wishes_met=figures.wishes_met,
        wishes_missed=figures.wishes_missed,
        imbalance_before=figures.imbalance_before,
        imbalance_after=figures.imbalance_after,
        clusters=tuple(dict.fromkeys(c.name for c in made.county.clusters if c.name in {p.cluster for p in places})),
        frontier=tuple(frontier),
        prices=tuple(prices),
    )


def _home_units(made: YearPlan) -> dict[str, str]:
    return {t.id: t.school_id for t in made.assembly.problem.teachers}


def _place(
    unit: SchoolUnit, school: School, clusters: dict[str, str], leaving: Counter[str], arriving: Counter[str]
) -> Place:
    return Place(
        id=unit.id,
        name=unit.name,
        stage=Stage.read(unit.stage),
        cluster=clusters.get(unit.cluster, unit.cluster),
        locale=school.locale,
        x_km=unit.x_km,
        y_km=unit.y_km,
        located=school.x_km is not None and school.y_km is not None,
        pupils=unit.pupils,
        leaving=leaving[unit.id],
        arriving=arriving[unit.id],
    )


def _movers(made: YearPlan, names: dict[str, str]) -> tuple[Mover, ...]:
    county: County = made.county
    homes = _home_units(made)
    movers = []
    for reason in (r for r in made.reasons if r.outcome == "moves"):
        teacher = county.teacher_by_id[reason.teacher_id]
        home = homes[teacher.id]
        movers.append(
            Mover(
                teacher_id=teacher.id,
                name=teacher.name,
                from_unit=home,
                to_unit=reason.to_school,
                home_school=names[home],
                host_school=names[reason.to_school],
                stage=teacher.stage,
                subject=teacher.main_subject,
                teaches=subject_label(reason.as_subject),
                wishes=len(reason.wishes),
                wish_met=reason.wish_met,
                extra_km=reason.extra_km,
            )
        )
    return tuple(movers)


def _indicators(change: BalanceChange) -> tuple[IndicatorPicture, ...]:
    """The indicators that move with teachers, by stage."""
    pictured = []
    for line in change.indicators:
        if line.indicator not in TEACHER_INDICATORS.values():
            continue
        before = change.before.result(line.indicator, line.stage)
        after = {s.school_id: s.value for s in change.after.result(line.indicator, line.stage).schools}
        least = next((s.least for s in before.schools if s.least is not None), None)
        schools = [
            SchoolPoint(
                school_id=s.school_id, name=s.school_name, pupils=s.pupils, before=s.value, after=after[s.school_id]
            )
            for s in before.schools
        ]
        pictured.append(
            IndicatorPicture(
                stage=line.stage,
                indicator=line.indicator,
                cv_before=line.cv_before,
                cv_after=line.cv_after,
                limit=line.limit,
                within_before=line.within_before,
                within_after=line.within_after,
                reaching_before=line.reaching_before,
                reaching_after=line.reaching_after,
                mean=before.mean,
                least=None if least is None else float(least),
                schools=tuple(sorted(schools, key=lambda s: (s.before, s.school_id))),
            )
        )
    return tuple(pictured)
