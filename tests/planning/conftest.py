"""The cast of the planning tests: a county that a person can solve by hand, and small random ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.planning.problem import (
    Assignment,
    Candidate,
    Departure,
    Direction,
    Objective,
    Pin,
    PlanningPolicy,
    Problem,
    Quota,
    Requirement,
    SchoolUnit,
)

ProblemFactory = Callable[..., Problem]


def _unit(name: str, x: float, y: float, zone: str) -> SchoolUnit:
    return SchoolUnit(name, name, "primary", "C1", x, y, zone, "ordinary", 100, 4)


def _teacher(school: SchoolUnit, number: int, *, degree: bool, may: bool, wish: str = "") -> Candidate:
    return Candidate(
        id=f"{school.id}{number}",
        school_id=school.id,
        stage="primary",
        subject="chinese",
        subject2="",
        sex="f",
        age=40,
        years_at_school=8,
        title=2,
        backbone=False,
        high_degree=degree,
        home_x=school.x_km,
        home_y=school.y_km,
        spouse_id="",
        verdict="may" if may else "no",
        preferences=(wish,) if wish else (),
    )


@pytest.fixture
def four_schools() -> Problem:
    """Four primary schools of 100 pupils and 4 Chinese teachers each, who live at school; exactly one of each moves.

    They stand on a rectangle: A (0, 0), B (4, 0), C (0, 3), D (4, 3). Teachers with a high degree: A 4, B 2, C 2, D
    0, so with the mean of 2 a school, Σ (z − 2)² is 8 today and I_before = 8 / 16. Head-counts are preserved, so each
    school sends one and receives one. Who may go: A1 (degree), B1, C1, D1 (none), B2, C2 (degree). A1 wishes for D,
    D1 for A and B1 for A.

    By hand: one leaves A, so A keeps 3 at best, and D reaches 1 at best: Σ (z − 2)² ≥ 2, which is 25 of 100 points; any
    other plan has at least 3 (37.5), more than wishes can make good (4 movers of at most 100 points are 10). With 2, A
    receives somebody without a degree, D somebody with, and B and C receive what they send. Of these plans the best
    swaps A1 with D1 (100 − 10 for 5 km each) and B2 with C2 (−10 each): U = 160 and J = 25 − 10 · 160 / 400 = 21.
    """
    schools = [
        _unit("A", 0, 0, "urban"),
        _unit("B", 4, 0, "urban"),
        _unit("C", 0, 3, "village"),
        _unit("D", 4, 3, "village"),
    ]
    degrees = {"A": 4, "B": 2, "C": 2, "D": 0}
    may = {"A": (1,), "B": (1, 2), "C": (1, 2), "D": (1,)}
    wish = {"A1": "D", "D1": "A", "B1": "A"}
    teachers = []
    for school in schools:
        with_degree = {1, 2, 3, 4} if school.id == "A" else set([2, 3][: degrees[school.id]])
        for number in range(1, 5):
            teachers.append(
                _teacher(
                    school,
                    number,
                    degree=number in with_degree,
                    may=number in may[school.id],
                    wish=wish.get(f"{school.id}{number}", ""),
                )
            )
    policy = PlanningPolicy(
        year=2026,
        refill="preserve",
        subject_outflow_share=Fraction(1, 4),
        subject_outflow_min=1,
        commute_km_max=10.0,
        no_return_years=6,
        spouse_both_forbidden=True,
        direction=None,
        backbone_share_min=Fraction(0),
        objective=Objective(indicator_weight={"primary": {"degree": 1.0, "backbone": 0.0, "pe_art": 0.0}}),
        quotas=(Quota("one", "school", "staff", "eq", Fraction(1, 4), "half_up", 1),),
    )
    return Problem(
        schools=tuple(schools),
        requirements=tuple(Requirement(s.id, "chinese", 4) for s in schools),
        teachers=tuple(teachers),
        history=(),
        policy=policy,
    )


@pytest.fixture
def four_schools_plan() -> tuple[Assignment, ...]:
    """The best plan of ``four_schools``, J = 21."""
    return tuple(Assignment(t, s, "chinese") for t, s in (("A1", "D"), ("B2", "C"), ("C2", "B"), ("D1", "A")))


SUBJECTS = ("chinese", "maths", "pe", "music")


def _random_problem(seed: int, teachers: int = 16, eligible: int = 5, schools: int = 5) -> Problem:
    """A small problem with every kind of rule drawn at random; about half of them have a plan.

    ``eligible`` teachers may or must move, so that all plans can be listed. The same arguments give the same problem.
    """
    rng = random.Random(f"{seed} {teachers} {eligible} {schools}")  # noqa: S311 - a repeatable county, not a secret
    units = []
    for i in range(schools):
        stage = "primary" if i < (schools + 1) // 2 else "junior"
        zone = rng.choice(("urban", "town", "village"))
        at = (float(rng.randint(0, 12)), float(rng.randint(0, 12)))
        paired = (f"S{rng.randrange(schools)}",) if rng.random() < 0.3 else ()
        paired = tuple(p for p in paired if p != f"S{i}")
        units.append(
            SchoolUnit(
                f"S{i}", f"S{i}", stage, rng.choice(("C1", "C2")), *at, zone, "ordinary", rng.randint(30, 90), 9, paired
            )
        )
    people = [_random_teacher(rng, i, units[i % schools], units) for i in range(teachers)]
    movable = set(rng.sample(range(teachers), min(eligible, teachers)))
    people = [
        replace(p, verdict=("must" if rng.random() < 0.1 else "may") if i in movable else "no")
        for i, p in enumerate(people)
    ]
    for _ in range(rng.choice((0, 1, 2))):
        a, b = rng.sample(sorted(movable), 2)
        people[a] = replace(people[a], spouse_id=people[b].id)
        people[b] = replace(people[b], spouse_id=people[a].id)
    present: dict[tuple[str, str], int] = {}
    for person in people:
        present[person.school_id, person.subject] = present.get((person.school_id, person.subject), 0) + 1
    needs = [
        Requirement(u.id, subject, max(0, present.get((u.id, subject), 0) + rng.choice((-1, -1, 0, 1, 1))))
        for u in units
        for subject in SUBJECTS
        if rng.random() < 0.9
    ]
    history = [
        Departure(f"T{rng.randrange(teachers):03d}", f"S{rng.randrange(schools)}", rng.randint(2015, 2025))
        for _ in range(3)
    ]
    pins = []
    if rng.random() < 0.3:
        pins.append(
            Pin(f"T{rng.randrange(teachers):03d}", "forbid", f"S{rng.randrange(schools)}", "", "asked by the clerk")
        )
    if rng.random() < 0.2:
        pins.append(Pin(f"T{rng.randrange(teachers):03d}", "stay", reason="class of the final year"))
    return Problem(tuple(units), tuple(needs), tuple(people), tuple(history), _random_policy(rng), tuple(pins))


def _random_teacher(rng: random.Random, i: int, school: SchoolUnit, units: list[SchoolUnit]) -> Candidate:
    mine = [u.id for u in units if u.stage == school.stage and u.id != school.id]
    return Candidate(
        id=f"T{i:03d}",
        school_id=school.id,
        stage=school.stage,
        subject=rng.choice(SUBJECTS),
        subject2=rng.choice((*SUBJECTS, "", "")),
        sex=rng.choice("mf"),
        age=rng.randint(25, 58),
        years_at_school=rng.randint(1, 20),
        title=rng.randint(0, 4),
        backbone=rng.random() < 0.3,
        high_degree=rng.random() < 0.6,
        home_x=rng.uniform(0, 12),
        home_y=rng.uniform(0, 12),
        spouse_id="",
        verdict="no",
        preferences=tuple(rng.sample(mine, min(len(mine), rng.choice((0, 1, 2))))),
        commute_limit_km=rng.choice((None, None, None, 6.0)),
    )


def _random_policy(rng: random.Random) -> PlanningPolicy:
    share = Fraction(rng.choice((0, 10, 20, 30)), 100)
    quotas = [
        Quota("most", "school", "staff", "le", Fraction(1, 2), "ceil", 1),
        rng.choice(
            (
                Quota("least", "stage", "eligible", "ge", Fraction(1, 5), "half_up", 0),
                Quota("least", "county", "staff", "ge", Fraction(1, 10), "floor", 1),
                Quota("least", "cluster_stage", "staff", "ge", Fraction(1, 20), "half_up", 0),
                Quota("least", "county", "eligible", "eq", Fraction(2, 5), "half_up", 1),
            )
        ),
    ]
    return PlanningPolicy(
        year=2026,
        refill=rng.choice(("toward", "toward", "preserve")),
        subject_outflow_share=Fraction(1, 2),
        subject_outflow_min=1,
        commute_km_max=rng.choice((8.0, 30.0)),
        no_return_years=6,
        spouse_both_forbidden=rng.random() < 0.8,
        direction=Direction(("urban",), ("town", "village"), share) if rng.random() < 0.5 else None,
        backbone_share_min=Fraction(rng.choice((0, 0, 20)), 100),
        objective=Objective(
            indicator_weight={
                "primary": {"degree": 1.0, "backbone": 1.0, "pe_art": 1.0},
                "junior": {"degree": 1.0, "backbone": rng.choice((0.0, 0.5)), "pe_art": 2.0},
            }
        ),
        quotas=tuple(quotas),
    )


@pytest.fixture
def random_problem() -> ProblemFactory:
    """``random_problem(seed, teachers=16, eligible=5, schools=5)``: a small random problem."""
    return _random_problem
