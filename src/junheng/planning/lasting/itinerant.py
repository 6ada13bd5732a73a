"""Itinerant teaching (走教): spare weekly periods of one school's teachers for a small school that cannot fill a post.

Weekly periods are what a subject needs at a school and what its teachers give. Where teachers have time left and a
school nearby lacks periods in what they can teach, the week is split: so many days there, so many periods each. What
can be covered comes first, then the least travel; solved as a mixed-integer programme, group of schools by group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, hypot, inf

import highspy
import numpy as np

from junheng.facts import County, School, Stage, Subject
from junheng.indicators.counting import CountAt, Move, Place, places

SHARED_SUBJECTS = frozenset({Subject.MUSIC, Subject.PE, Subject.ART, Subject.ENGLISH, Subject.IT})
"""Subjects shared between the schools of a township when nothing else is asked for (R-087)."""
NODES = 300
CLOSE = 1e-3
NEAREST = 6
"""A school is served from so many of the nearest schools that have time left in the subject."""
WORTH, MISSING_WORTH = 1000.0, 3000.0
"""A covered period against a kilometre travelled: no trip within the limits is too long for a period. It is worth more
where nobody at the school can give the subject at all.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItinerantRules:
    """What a county allows.

    ``periods`` is the weekly load of a full-time teacher by stage, which no text fixes: without it the county's own,
    the periods that its schools state over the teachers that they state for them. ``most_schools`` and
    ``most_days`` limit what one teacher does away from home, ``periods_a_day`` how many periods a day there can hold,
    ``least_periods`` below which a visit is not worth the trip; ``km`` is the longest way between the two schools,
    ``within_cluster`` whether both must be of one cluster or township.
    """

    periods: Mapping[Stage, float] = field(default_factory=dict)
    subjects: frozenset[Subject] = SHARED_SUBJECTS
    within_cluster: bool = True
    km: float = 10.0
    most_schools: int = 2
    most_days: int = 3
    periods_a_day: int = 5
    least_periods: float = 2.0


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """A teacher's weekly service at another school in one subject."""

    teacher_id: str
    school_id: str
    subject: Subject
    periods: float
    days: int
    km: float


@dataclass(frozen=True, slots=True)
class Shortage:
    """Weekly periods that a school lacks in a subject before and after visits, and whether anybody there gives it."""

    school_id: str
    stage: Stage
    subject: Subject
    before: float
    after: float
    offered_before: bool

    @property
    def offered_after(self) -> bool:
        """Whether the subject is given at all once the visits are made."""
        return self.offered_before or self.after < self.before


@dataclass(frozen=True, slots=True)
class ItinerantPlan:
    """Visits, what they cover, and ``home`` periods that each visiting teacher keeps at the own school."""

    visits: tuple[Visit, ...]
    shortages: tuple[Shortage, ...]
    home: Mapping[str, float]

    @property
    def covered(self) -> float:
        """Periods a week that visits cover."""
        return sum(visit.periods for visit in self.visits)

    @property
    def teachers(self) -> int:
        """Teachers whose week is split."""
        return len({visit.teacher_id for visit in self.visits})


@dataclass(frozen=True, slots=True)
class _Offer:
    place: Place
    slot: tuple[str, Stage, Subject]
    spare: float


@dataclass(frozen=True, slots=True)
class _Trip:
    offer: int
    need: int
    km: float


def plan_itinerant(county: County, rules: ItinerantRules, moves: Mapping[str, Move] | None = None) -> ItinerantPlan:
    """Splits weekly time between schools under ``rules``, everybody being where ``moves`` send him.

    Raises ``ValueError`` for loads or limits that are not positive, and as
    :func:`~junheng.indicators.counting.places`.
    """
    limits = (*rules.periods.values(), rules.km, rules.most_schools, rules.most_days, rules.periods_a_day)
    if any(limit <= 0 for limit in limits) or rules.least_periods < 0:
        raise ValueError("weekly periods, distance, schools and days must be above 0")
    staff = places(county, CountAt.TEACHING, moves)
    rules = replace(rules, periods=usual_load(county) | dict(rules.periods))
    board = _Board(county, rules, staff)
    given: defaultdict[int, float] = defaultdict(float)
    visits: list[Visit] = []
    for trips in board.groups():
        for trip, periods, days in _solved(board, trips):
            offer, need = board.offers[trip.offer], board.needs[trip.need]
            given[trip.need] += periods
            visits.append(Visit(offer.place.teacher.id, need[0], need[2], round(periods, 1), days, trip.km))
    away: defaultdict[str, float] = defaultdict(float)
    for visit in visits:
        away[visit.teacher_id] += visit.periods
    load = {offer.place.teacher.id: rules.periods[offer.place.stage] for offer in board.offers}
    return ItinerantPlan(
        visits=tuple(sorted(visits)),
        shortages=tuple(
            Shortage(
                *need, before=lack, after=round(max(0.0, lack - given[i]), 1), offered_before=need in board.offered
            )
            for i, (need, lack) in enumerate(zip(board.needs, board.lacking, strict=True))
        ),
        home={who: round(load[who] - periods, 1) for who, periods in sorted(away.items())},
    )


def usual_load(county: County) -> dict[Stage, float]:
    """Weekly periods of a teacher by stage, as the county's schools state them; without a stage that states none."""
    load = {}
    for stage in Stage:
        rows = [
            row
            for school in county.schools
            for row in school.requirements
            if row.stage is stage and row.weekly_periods is not None and row.required > 0
        ]
        if rows:
            load[stage] = sum(float(row.weekly_periods or 0) for row in rows) / sum(row.required for row in rows)
    return load


class _Board:
    """Who has time left and where it is lacking."""

    def __init__(self, county: County, rules: ItinerantRules, staff: Sequence[Place]) -> None:
        self.rules = rules
        self.schools = county.school_by_id
        by_slot: defaultdict[tuple[str, Stage, Subject], list[Place]] = defaultdict(list)
        able: set[tuple[str, Stage, Subject]] = set()
        for place in staff:
            by_slot[place.school_id, place.stage, place.subject].append(place)
            able |= {(place.school_id, place.stage, s) for s in (place.subject, *place.teacher.also_teaches)}
        self.offered = frozenset(able)
        needed = {
            (school.id, row.stage, row.subject): float(row.weekly_periods)
            for school in county.schools
            for row in school.requirements
            if row.weekly_periods is not None and row.stage in rules.periods
        }
        self.needs: list[tuple[str, Stage, Subject]] = []
        self.lacking: list[float] = []
        self.offers: list[_Offer] = []
        self.spare: dict[tuple[str, Stage, Subject], float] = {}
        for slot in sorted(needed):
            given = rules.periods[slot[1]] * len(by_slot[slot])
            if slot[2] in rules.subjects and needed[slot] - given >= 0.05:
                self.needs.append(slot)
                self.lacking.append(round(needed[slot] - given, 1))
            elif given - needed[slot] >= 0.05:
                self._offer(slot, given - needed[slot], by_slot[slot])

    def _offer(self, slot: tuple[str, Stage, Subject], spare: float, staff: list[Place]) -> None:
        """Who of a subject could travel: of teachers with the same subjects only as many as there is time to give."""
        self.spare[slot] = spare
        most = min(spare, self.rules.periods[slot[1]])
        enough = 1 + ceil(spare / (self.rules.most_days * self.rules.periods_a_day))
        alike: Counter[frozenset[Subject]] = Counter()
        for place in sorted(staff, key=lambda p: p.teacher.id):
            shared = self.rules.subjects & {slot[2], *place.teacher.also_teaches}
            if shared and alike[shared] < enough:
                alike[shared] += 1
                self.offers.append(_Offer(place, slot, most))

    def groups(self) -> Iterator[list[_Trip]]:
        """The possible trips, in groups that share neither teachers' schools nor visited ones."""
        trips = list(self._trips())
        parent: dict[str, str] = {}

        def root(school: str) -> str:
            while parent.setdefault(school, school) != school:
                school = parent[school]
            return school

        for trip in trips:
            a, b = root(self.offers[trip.offer].slot[0]), root(self.needs[trip.need][0])
            parent[max(a, b)] = min(a, b)
        grouped: defaultdict[str, list[_Trip]] = defaultdict(list)
        for trip in trips:
            grouped[root(self.needs[trip.need][0])].append(trip)
        yield from (grouped[key] for key in sorted(grouped))

    def _trips(self) -> Iterator[_Trip]:
        for j, (other, stage, subject) in enumerate(self.needs):
            host, found = self.schools[other], []
            for i, offer in enumerate(self.offers):
                school = self.schools[offer.slot[0]]
                if school is host or stage is not offer.slot[1]:
                    continue
                if subject not in {offer.slot[2], *offer.place.teacher.also_teaches}:
                    continue
                km = _kilometres(school, host)
                if km <= self.rules.km and (host.cluster_id == school.cluster_id or not self.rules.within_cluster):
                    found.append(_Trip(i, j, km))
            near = sorted({(trip.km, self.offers[trip.offer].slot[0]) for trip in found})[:NEAREST]
            close = {school for _, school in near}
            yield from (trip for trip in found if self.offers[trip.offer].slot[0] in close)


def _kilometres(school: School, host: School) -> float:
    if school.x_km is None or school.y_km is None or host.x_km is None or host.y_km is None:
        return 0.0 if school.cluster_id == host.cluster_id else inf
    return round(hypot(school.x_km - host.x_km, school.y_km - host.y_km), 3)


def _solved(board: _Board, trips: list[_Trip]) -> Iterator[tuple[_Trip, float, int]]:
    """The trips of one group that are made, with periods and days a week."""
    rules, count = board.rules, len(trips)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    for option, value in (("threads", 1), ("random_seed", 0), ("mip_max_nodes", NODES), ("mip_rel_gap", CLOSE)):
        highs.setOptionValue(option, value)
    for trip in trips:  # periods, then days, then whether it is made at all
        highs.addVar(0.0, min(board.offers[trip.offer].spare, board.lacking[trip.need]))
    for _ in trips:
        highs.addVar(0.0, float(rules.most_days))
    for _ in trips:
        highs.addVar(0.0, 1.0)
    whole = np.arange(count, 3 * count, dtype=np.int32)
    highs.changeColsIntegrality(2 * count, whole, np.full(2 * count, highspy.HighsVarType.kInteger))
    worth = [WORTH if board.needs[trip.need] in board.offered else MISSING_WORTH for trip in trips]
    costs = [-each for each in worth] + [1.0 + 2.0 * trip.km for trip in trips] + [0.0] * count
    highs.changeColsCost(3 * count, np.arange(3 * count, dtype=np.int32), np.array(costs))
    for i, trip in enumerate(trips):
        least = min(rules.least_periods, board.lacking[trip.need])
        _row(highs, -inf, 0.0, [(i, 1.0), (count + i, -float(rules.periods_a_day))])
        _row(highs, 0.0, inf, [(i, 1.0), (2 * count + i, -least)])
        _row(highs, -inf, 0.0, [(count + i, 1.0), (2 * count + i, -float(rules.most_days))])
    for members, limit, first in _limits(board, trips):
        _row(highs, -inf, limit, [(first * count + i, 1.0) for i in members])
    highs.run()
    values = np.array(highs.getSolution().col_value, dtype=float)
    for i, trip in enumerate(trips):
        if values[i] > 0.05:
            yield trip, float(values[i]), round(values[count + i])


def _limits(board: _Board, trips: list[_Trip]) -> Iterator[tuple[list[int], float, int]]:
    """(trips, limit, 0 for periods, 1 for days, 2 for visits) of every rule that binds several trips."""
    rules = board.rules
    by_offer: defaultdict[int, list[int]] = defaultdict(list)
    by_slot: defaultdict[tuple[str, Stage, Subject], list[int]] = defaultdict(list)
    by_need: defaultdict[int, list[int]] = defaultdict(list)
    for i, trip in enumerate(trips):
        by_offer[trip.offer].append(i)
        by_slot[board.offers[trip.offer].slot].append(i)
        by_need[trip.need].append(i)
    for slot, members in by_slot.items():
        yield members, board.spare[slot], 0
    for need, members in by_need.items():
        yield members, board.lacking[need], 0
    for offer, members in by_offer.items():
        yield members, board.offers[offer].spare, 0
        yield members, float(rules.most_days), 1
        yield members, float(rules.most_schools), 2


def _row(highs: highspy.Highs, low: float, high: float, terms: list[tuple[int, float]]) -> None:
    index, value = zip(*terms, strict=True)
    highs.addRow(low, high, len(terms), np.array(index, dtype=np.int32), np.array(value))
