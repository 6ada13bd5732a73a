"""Synthetic rotation problems of any size, calibrated to published figures: what every measurement here runs on.

A county of 4,000 teachers has about 86 school units (40 village primaries of some 18 staff, town schools, urban schools
of well over 100), 16.3 pupils per primary and 12.8 per junior secondary teacher, strong urban schools, and uneven
indicators: coefficients of variation near 0.31 / 0.20 (degree), 0.87 / 0.69 (backbone) and 0.41 / 0.30 (PE and arts)
for primary / junior. Larger units are several counties side by side; ``shape="district"`` is one dense city district.
Nobody in it exists. The same arguments give the same problem on every machine.

Policies: **A** exactly 5 % of each school (half up, at least 1) · **B** at least 10 % of the eligible of each stage,
20 % of movers backbone, at most 15 % of a school · **C** at least 6 % of each cluster and stage, 1-12 % of a school,
15 % of movers backbone.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from junheng.planning.problem import (
    PE_ART,
    Candidate,
    Departure,
    Direction,
    Objective,
    PlanningPolicy,
    Problem,
    Quota,
    Requirement,
    SchoolUnit,
)

PolicyName = Literal["A", "B", "C"]
Shape = Literal["county", "district"]
YEAR = 2026
COUNTY_TEACHERS = 4000
PUPILS_PER_TEACHER = {"primary": 16.3, "junior": 12.8}
STAGE_SHARE = {"primary": 0.62, "junior": 0.38}
SUBJECT_SHARE = {
    "primary": {
        "chinese": 0.33, "maths": 0.27, "english": 0.10, "science": 0.06, "ethics": 0.05,
        "pe": 0.075, "music": 0.05, "art": 0.045, "it": 0.02,
    },
    "junior": {
        "chinese": 0.17, "maths": 0.17, "english": 0.16, "physics": 0.085, "chemistry": 0.05, "ethics": 0.065,
        "history": 0.06, "geography": 0.045, "biology": 0.045, "pe": 0.07, "music": 0.035, "art": 0.035, "it": 0.01,
    },
}  # fmt: skip
SECOND_SUBJECTS = {
    "chinese": ("ethics", "history", "art"), "maths": ("science", "physics", "it"), "english": ("chinese", "music"),
    "science": ("maths", "it"), "ethics": ("chinese", "history"), "physics": ("maths", "chemistry"),
    "chemistry": ("biology", "physics"), "history": ("ethics", "geography"), "geography": ("history", "biology"),
    "biology": ("chemistry", "geography"), "pe": ("music",), "music": ("art",), "art": ("music",), "it": ("maths",),
}  # fmt: skip

# Per stage and zone: share of staff, mean staff of a unit, share with high degree, share of backbone teachers,
# and how many PE and arts teachers there are relative to the county.
PROFILE = {
    ("primary", "urban"): (0.43, 132, 0.91, 0.24, 1.15),
    ("primary", "town"): (0.28, 50, 0.72, 0.11, 1.00),
    ("primary", "village"): (0.29, 18, 0.50, 0.04, 0.62),
    ("junior", "urban"): (0.43, 110, 0.91, 0.21, 1.15),
    ("junior", "town"): (0.48, 52, 0.78, 0.085, 0.95),
    ("junior", "village"): (0.09, 33, 0.64, 0.03, 0.70),
}
DISTRICT_PROFILE = {
    ("primary", "urban"): (0.70, 100, 0.91, 0.22, 1.10),
    ("primary", "town"): (0.21, 60, 0.76, 0.10, 0.90),
    ("primary", "village"): (0.09, 25, 0.62, 0.05, 0.65),
    ("junior", "urban"): (0.70, 105, 0.91, 0.20, 1.10),
    ("junior", "town"): (0.30, 65, 0.76, 0.07, 0.85),
}
CROWDING = {"urban": 1.0, "town": 1.0, "village": 0.97}


@dataclass
class _Staff:
    """A teacher while the county is being made."""

    id: str
    school: SchoolUnit
    subject: str
    subject2: str
    sex: str
    age: int
    years: int
    title: int
    backbone: bool
    high_degree: bool
    home: tuple[float, float]
    spouse: str = ""
    verdict: Literal["must", "may", "no"] = "no"
    preferences: tuple[str, ...] = ()


@dataclass
class _Town:
    """A cluster's centre; ``urban`` for the county seat."""

    cluster: str
    county: int
    x: float
    y: float
    urban: bool
    units: list[SchoolUnit] = field(default_factory=list)


def make_instance(
    teachers: int = COUNTY_TEACHERS, seed: int = 1, policy: PolicyName = "A", *, shape: Shape = "county"
) -> Problem:
    """A synthetic problem with ``teachers`` teachers. The policy changes only the rules, never the county."""
    rng = random.Random(f"junheng {shape} {teachers} {seed}")  # noqa: S311 - a repeatable county, not a secret
    schools, sizes, towns = _schools(teachers, rng, shape)
    staff = _staff(schools, sizes, towns, rng, shape)
    schools = _with_pupils_and_posts(schools, sizes, rng)
    requirements = _requirements(schools, staff, rng)
    by_id = {school.id: school for school in schools}
    for person in staff:
        person.school = by_id[person.school.id]
    history = _history(schools, staff, rng)
    _decide_eligibility(staff, rng)
    _marry(staff, rng)
    _oblige(schools, staff, requirements, history, rng)
    _state_wishes(schools, staff, rng)
    return Problem(
        schools=tuple(schools),
        requirements=tuple(requirements),
        teachers=tuple(_candidate(person) for person in staff),
        history=tuple(history),
        policy=policy_of(policy),
    )


def policy_of(name: PolicyName) -> PlanningPolicy:
    """The numbers of policy A, B or C."""
    quotas = {
        "A": (Quota("school5", "school", "staff", "eq", Fraction(5, 100), "half_up", 1),),
        "B": (
            Quota("stage10", "stage", "eligible", "ge", Fraction(10, 100), "half_up", 1),
            Quota("school15max", "school", "staff", "le", Fraction(15, 100), "floor", 1),
        ),
        "C": (
            Quota("cluster6", "cluster_stage", "staff", "ge", Fraction(6, 100), "half_up", 1),
            Quota("school1min", "school", "staff", "ge", Fraction(1, 100), "half_up", 1),
            Quota("school12max", "school", "staff", "le", Fraction(12, 100), "floor", 1),
        ),
    }[name]
    weights = {"degree": 1.0, "backbone": 1.0, "pe_art": 1.0}
    return PlanningPolicy(
        year=YEAR,
        refill="toward",
        subject_outflow_share=Fraction(1, 10),
        subject_outflow_min=1,
        commute_km_max=30.0,
        no_return_years=6,
        spouse_both_forbidden=True,
        direction=Direction(("urban",), ("town", "village"), Fraction(3, 10)),
        backbone_share_min={"A": Fraction(0), "B": Fraction(1, 5), "C": Fraction(3, 20)}[name],
        objective=Objective(indicator_weight={"primary": dict(weights), "junior": dict(weights)}),
        quotas=quotas,
        cv_limit={"primary": 0.5, "junior": 0.45},
        per100={
            "primary": {"degree": 4.2, "backbone": 1.0, "pe_art": 0.9},
            "junior": {"degree": 5.3, "backbone": 1.0, "pe_art": 0.9},
        },
    )


def _split(total: int, parts: int, rng: random.Random, least: int, spread: float) -> list[int]:
    """``total`` cut into ``parts`` whole numbers of at least ``least``, lognormally uneven."""
    parts = max(1, min(parts, total // least))
    weights = [rng.lognormvariate(0.0, spread) for _ in range(parts)]
    free = total - least * parts
    scale = free / sum(weights)
    sizes = [least + int(weight * scale) for weight in weights]
    for index in range(total - sum(sizes)):
        sizes[index % parts] += 1
    return sizes


def _towns(teachers: int, rng: random.Random, shape: Shape) -> list[_Town]:
    if shape == "district":
        centres = [(0.0, 0.0, 9.0, max(4, teachers // 1000))]
    else:
        counties = max(1, round(teachers / 4200))
        side = math.ceil(math.sqrt(counties))
        per_county = max(2, round(11 * min(1.0, teachers / counties / COUNTY_TEACHERS)))
        radius = 22.0 * min(1.0, math.sqrt(max(teachers, 240) / COUNTY_TEACHERS) + 0.25)
        centres = [
            ((i % side) * 46.0 + rng.uniform(-4, 4), (i // side) * 46.0 + rng.uniform(-4, 4), radius, per_county)
            for i in range(counties)
        ]
    towns = []
    for county, (x, y, radius, number) in enumerate(centres):
        urban = max(1, number // 5) if shape == "county" else max(2, number * 2 // 3)
        for index in range(number):
            angle, reach = rng.uniform(0, 2 * math.pi), radius * math.sqrt(rng.uniform(0.12, 1.0))
            if index < urban:
                reach = rng.uniform(0.5, 2.5) if shape == "county" else rng.uniform(1.0, 6.0)
            towns.append(
                _Town(
                    cluster=f"C{county + 1:02d}{index + 1:02d}",
                    county=county,
                    x=x + reach * math.cos(angle),
                    y=y + reach * math.sin(angle),
                    urban=index < urban,
                )
            )
    return towns


def _schools(
    teachers: int, rng: random.Random, shape: Shape
) -> tuple[list[SchoolUnit], dict[str, int], dict[str, _Town]]:
    towns = _towns(teachers, rng, shape)
    profile = PROFILE if shape == "county" else DISTRICT_PROFILE
    made: list[tuple[str, str, int]] = []
    left = {"primary": round(teachers * STAGE_SHARE["primary"])}
    left["junior"] = teachers - left["primary"]
    totals = dict(left)
    for stage, zone in profile:
        share, mean, *_ = profile[stage, zone]
        last = [z for s, z in profile if s == stage][-1] == zone
        number = left[stage] if last else round(totals[stage] * share)
        left[stage] -= number
        spread = {"urban": 0.35, "town": 0.4, "village": 0.5}[zone]
        wanted = max(2 if teachers < 600 else 1, round(number / mean))
        made += [(stage, zone, size) for size in _split(number, wanted, rng, min(9, number), spread)]
    schools, sizes, towns_of = [], {}, {}
    turns = {True: 0, False: 0}
    for index, (stage, zone, size) in enumerate(made, start=1):
        choices = [town for town in towns if town.urban == (zone == "urban")]
        town = choices[turns[zone == "urban"] % len(choices)]
        turns[zone == "urban"] += 1
        around = {"urban": 1.2, "town": 0.8, "village": 4.5}[zone]
        unit = SchoolUnit(
            id=f"S{index:04d}",
            name=f"{'小学' if stage == 'primary' else '初中'}{index:04d}",
            stage=stage,
            cluster=town.cluster,
            x_km=round(town.x + rng.gauss(0, around), 3),
            y_km=round(town.y + rng.gauss(0, around), 3),
            zone=zone,
            strength={"urban": "strong", "town": "ordinary", "village": "under_resourced"}[zone],
            pupils=0,
            posts=0,
        )
        schools.append(unit)
        sizes[unit.id] = size
        towns_of[unit.id] = town
    return _paired(schools, rng), sizes, towns_of


def _paired(schools: list[SchoolUnit], rng: random.Random) -> list[SchoolUnit]:
    """Each strong school paired with up to two village or town schools of its stage (both ways)."""
    pairs: dict[str, set[str]] = {}
    for stage in ("primary", "junior"):
        weak = [s.id for s in schools if s.stage == stage and s.zone != "urban"]
        rng.shuffle(weak)
        for strong in (s.id for s in schools if s.stage == stage and s.zone == "urban"):
            for partner in weak[:2]:
                pairs.setdefault(strong, set()).add(partner)
                pairs.setdefault(partner, set()).add(strong)
            weak = weak[2:]
    return [replace(school, paired_with=tuple(sorted(pairs.get(school.id, ())))) for school in schools]


def _staff(
    schools: list[SchoolUnit], sizes: dict[str, int], towns: dict[str, _Town], rng: random.Random, shape: Shape
) -> list[_Staff]:
    profile = PROFILE if shape == "county" else DISTRICT_PROFILE
    seats = {town.county: town for town in reversed(list(towns.values())) if town.urban}
    staff: list[_Staff] = []
    for school in schools:
        _, _, degree, backbone, arts = profile[school.stage, school.zone]
        arts *= rng.lognormvariate(-0.03, 0.22 if school.stage == "primary" else 0.12)
        degree = min(0.97, degree * rng.lognormvariate(-0.03, 0.22 if school.stage == "primary" else 0.17))
        backbone *= rng.lognormvariate(-0.14, 0.6 if school.stage == "primary" else 0.45)
        shares = SUBJECT_SHARE[school.stage]
        weights = [share * (arts if subject in PE_ART else 1.0) for subject, share in shares.items()]
        seat = seats[towns[school.id].county]
        for subject in rng.choices(list(shares), weights, k=sizes[school.id]):
            staff.append(_person(len(staff) + 1, school, subject, (degree, backbone), seat, rng=rng))
    return staff


def _person(
    number: int, school: SchoolUnit, subject: str, chances: tuple[float, float], seat: _Town, *, rng: random.Random
) -> _Staff:
    """A teacher; ``chances`` are those of a high degree and of being a backbone teacher."""
    degree, backbone = chances
    age = min(59, max(23, round(rng.gauss(41, 9.5))))
    years = max(0, min(age - 22, round(rng.expovariate(1 / 8.5))))
    near = rng.random() < 0.75
    at, around = ((school.x_km, school.y_km), 2.5) if near else ((seat.x, seat.y), 2.0)
    second = SECOND_SUBJECTS.get(subject, ())
    offered = [s for s in second if s in SUBJECT_SHARE[school.stage]]
    is_backbone = age >= 28 and rng.random() < backbone * 1.09
    return _Staff(
        id=f"T{number:06d}",
        school=school,
        subject=subject,
        subject2=rng.choice(offered) if offered and rng.random() < 0.22 else "",
        sex="f" if rng.random() < (0.70 if school.stage == "primary" else 0.60) else "m",
        age=age,
        years=years,
        title=min(4, max(0, int((age - 22) / 9 + rng.gauss(0, 0.7)) + is_backbone)),
        backbone=is_backbone,
        high_degree=rng.random() < degree,
        home=(round(rng.gauss(at[0], around), 3), round(rng.gauss(at[1], around), 3)),
    )


def _with_pupils_and_posts(schools: list[SchoolUnit], sizes: dict[str, int], rng: random.Random) -> list[SchoolUnit]:
    """Pupils so that each stage's ratio is exact; posts a little above or below today's staff."""
    raw = {s.id: sizes[s.id] * CROWDING[s.zone] * rng.lognormvariate(0, 0.13) for s in schools}
    pupils: dict[str, int] = {}
    for stage, ratio in PUPILS_PER_TEACHER.items():
        units = [s.id for s in schools if s.stage == stage]
        total = round(ratio * sum(sizes[u] for u in units))
        scale = total / sum(raw[u] for u in units)
        pupils |= {u: max(20, int(raw[u] * scale)) for u in units}
        biggest = max(units, key=lambda u: (pupils[u], u))
        pupils[biggest] += total - sum(pupils[u] for u in units)
    return [replace(s, pupils=pupils[s.id], posts=sizes[s.id] + rng.choice((-1, 0, 0, 1, 1, 2))) for s in schools]


def _requirements(schools: list[SchoolUnit], staff: list[_Staff], rng: random.Random) -> list[Requirement]:
    """Required numbers by pupils; per stage and subject they add up to those present."""
    present: dict[tuple[str, str], int] = {}
    for person in staff:
        key = (person.school.id, person.subject)
        present[key] = present.get(key, 0) + 1
    rows = []
    for stage, shares in SUBJECT_SHARE.items():
        units = [s for s in schools if s.stage == stage]
        for subject in shares:
            total = sum(present.get((s.id, subject), 0) for s in units)
            pupils = sum(s.pupils for s in units)
            exact = [total * s.pupils / pupils for s in units]
            # halfway between what pupils ask for and what is there: a plan can reach it in a few years
            target = [0.5 * e + 0.5 * present.get((s.id, subject), 0) for e, s in zip(exact, units, strict=True)]
            whole = [int(t) for t in target]
            order = sorted(range(len(units)), key=lambda i: (whole[i] - target[i], rng.random()))
            for i in order[: total - sum(whole)]:
                whole[i] += 1
            rows += [Requirement(s.id, subject, n) for s, n in zip(units, whole, strict=True)]
    return rows


def _decide_eligibility(staff: list[_Staff], rng: random.Random) -> None:
    """About 40 % may move: six years at the school and not near retirement; never fewer than 3 of a school."""
    by_school: dict[str, list[_Staff]] = {}
    for person in staff:
        by_school.setdefault(person.school.id, []).append(person)
        settled = person.years >= 6 and person.age < (50 if person.sex == "f" else 55)
        if settled and rng.random() < 0.97:
            person.verdict = "may"
    for person in staff:
        # teachers who ask to go before their six years are up
        if person.verdict == "no" and person.age < 45 and rng.random() < 0.05:
            person.verdict = "may"
    for people in by_school.values():
        waiting = sorted((p for p in people if p.verdict == "no"), key=lambda p: (-p.years, p.id))
        missing = 3 - sum(p.verdict == "may" for p in people)
        for person in waiting[: max(0, missing)]:
            person.verdict = "may"


def _marry(staff: list[_Staff], rng: random.Random) -> None:
    """One teacher in twenty has a spouse in the county's service, living at one address."""
    counties: dict[str, list[_Staff]] = {}
    for person in staff:
        counties.setdefault(person.school.cluster[:3], []).append(person)
    for people in counties.values():
        women = [p for p in people if p.sex == "f" and p.age < 56]
        men = [p for p in people if p.sex == "m"]
        rng.shuffle(women)
        rng.shuffle(men)
        men.sort(key=lambda p: p.verdict == "no")
        women.sort(key=lambda p: p.verdict == "no")
        for wife, husband in zip(women, men, strict=False):
            if sum(1 for p in people if p.spouse) >= len(people) * 0.05:
                break
            wife.spouse, husband.spouse, husband.home = husband.id, wife.id, wife.home


def _oblige(
    schools: list[SchoolUnit],
    staff: list[_Staff],
    requirements: list[Requirement],
    history: list[Departure],
    rng: random.Random,
) -> None:
    """About 1.5 % must move: never more of a school than 5 % asks for, one of a subject, each with places in reach."""
    present: dict[tuple[str, str], int] = {}
    size: dict[str, int] = {}
    for person in staff:
        key = (person.school.id, person.subject)
        present[key] = present.get(key, 0) + 1
        size[person.school.id] = size.get(person.school.id, 0) + 1
    eligible_at = {(p.school.id, p.subject) for p in staff if p.verdict == "may"}
    required = {(r.school_id, r.subject): r.required for r in requirements}
    left = {(h.teacher_id, h.school_id) for h in history}
    candidates = [p for p in staff if p.verdict == "may" and p.years >= 10]
    rng.shuffle(candidates)
    taken: dict[str, int] = {}
    subjects: set[tuple[str, str]] = set()
    obliged: set[str] = set()
    for person in candidates:
        if len(obliged) >= round(len(staff) * 0.015):
            break
        home_school = person.school
        quota = max(1, (size[home_school.id] * 5 + 50) // 100)
        if taken.get(home_school.id, 0) >= quota or (home_school.id, person.subject) in subjects:
            continue
        if person.spouse in obliged:
            continue
        reachable = sum(
            math.dist(person.home, (s.x_km, s.y_km)) <= 29.9
            and s.stage == home_school.stage
            and s.id != home_school.id
            and (person.id, s.id) not in left
            and (
                (s.id, person.subject) in eligible_at
                or required.get((s.id, person.subject), 0) > present.get((s.id, person.subject), 0)
            )
            for s in schools
        )
        if reachable >= min(4, len(schools) // 4):
            person.verdict = "must"
            obliged.add(person.id)
            taken[home_school.id] = taken.get(home_school.id, 0) + 1
            subjects.add((home_school.id, person.subject))


def _history(schools: list[SchoolUnit], staff: list[_Staff], rng: random.Random) -> list[Departure]:
    """One teacher in six left another school of the stage some years ago."""
    near: dict[str, list[SchoolUnit]] = {}
    for school in schools:
        others = (s for s in schools if s.stage == school.stage and s.id != school.id)
        near[school.id] = sorted(others, key=lambda s: math.dist((s.x_km, s.y_km), (school.x_km, school.y_km)))[:12]
    rows = []
    for person in staff:
        choices = near[person.school.id]
        if choices and rng.random() < 1 / 6:
            rows.append(
                Departure(person.id, rng.choice(choices).id, YEAR - max(1, person.years + rng.choice((0, 0, 1))))
            )
    return rows


def _state_wishes(schools: list[SchoolUnit], staff: list[_Staff], rng: random.Random) -> None:
    """Some 37 % of those who may or must move state up to five wishes: nearer home, or a town or urban school."""
    units: dict[str, list[SchoolUnit]] = {}
    for school in schools:
        units.setdefault(school.stage, []).append(school)
    for person in staff:
        if person.verdict == "no" or rng.random() >= 0.375:
            continue
        drawn = rng.sample(units[person.school.stage], min(30, len(units[person.school.stage])))
        worth = {"urban": 9.0, "town": 4.0, "village": 0.0}
        scored = sorted(
            (math.dist(person.home, (s.x_km, s.y_km)) - worth[s.zone] + rng.gauss(0, 4), s.id)
            for s in drawn
            if s.id != person.school.id
        )
        person.preferences = tuple(school_id for _, school_id in scored[: rng.choice((1, 2, 3, 4, 5))])


def _candidate(person: _Staff) -> Candidate:
    return Candidate(
        id=person.id,
        school_id=person.school.id,
        stage=person.school.stage,
        subject=person.subject,
        subject2=person.subject2,
        sex=person.sex,
        age=person.age,
        years_at_school=person.years,
        title=person.title,
        backbone=person.backbone,
        high_degree=person.high_degree,
        home_x=person.home[0],
        home_y=person.home[1],
        spouse_id=person.spouse,
        verdict=person.verdict,
        preferences=person.preferences,
    )
