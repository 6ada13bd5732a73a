"""The independent checker finds every broken rule, names it, and recomputes the figures."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.planning.checking import Report, check, judge
from junheng.planning.checking.balance import coefficient
from junheng.planning.checking.rounding import whole
from junheng.planning.problem import (
    TO_IMPROVE,
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

Plan = tuple[Assignment, ...]
Change = Callable[[Problem, Plan], tuple[Problem, Plan]]
STAFF = ("chinese",) * 5 + ("maths",) * 3 + ("pe",) * 2
POLICY = PlanningPolicy(
    year=2026,
    refill="toward",
    subject_outflow_share=Fraction(1, 10),
    subject_outflow_min=1,
    commute_km_max=30.0,
    no_return_years=6,
    spouse_both_forbidden=True,
    direction=Direction(("urban",), ("village",), Fraction(1, 2)),
    backbone_share_min=Fraction(1, 6),
    objective=Objective(
        indicator_weight={stage: {"degree": 1.0, "backbone": 1.0, "pe_art": 1.0} for stage in ("primary", "junior")}
    ),
    quotas=(Quota("school10", "school", "staff", "eq", Fraction(1, 10), "half_up", 1),),
    cv_limit={"primary": 0.5, "junior": 0.45},
    per100={"primary": {"degree": 4.2, "backbone": 1.0, "pe_art": 0.9}},
)
HONEST: Plan = tuple(
    Assignment(f"{start}-0", end, "chinese")
    for start, end in (("P1", "P3"), ("P3", "P1"), ("P2", "P4"), ("P4", "P2"), ("J1", "J2"), ("J2", "J1"))
)


def unit(name: str, x: float) -> SchoolUnit:
    stage = "primary" if name.startswith("P") else "junior"
    zone = "village" if name in ("P3", "P4") else "urban" if name.startswith("P") else "town"
    return SchoolUnit(name, name, stage, "east" if x < 5 else "west", x, 0.0, zone, "ordinary", 160, 10)


def teacher(school: SchoolUnit, number: int) -> Candidate:
    return Candidate(
        id=f"{school.id}-{number}",
        school_id=school.id,
        stage=school.stage,
        subject=STAFF[number],
        subject2="chinese" if number == 5 else "",
        sex="f",
        age=40,
        years_at_school=9,
        title=2,
        backbone=number == 0 and school.id in ("P1", "P2"),
        high_degree=number % 2 == 0,
        home_x=school.x_km,
        home_y=3.0,
        spouse_id="",
        verdict="must" if (school.id, number) == ("P1", 0) else "no" if number == 4 else "may",
    )


SCHOOLS = tuple(unit(name, x) for name, x in (("P1", 0), ("P2", 2), ("P3", 6), ("P4", 8), ("J1", 1), ("J2", 7)))
COUNTY = Problem(
    schools=SCHOOLS,
    requirements=tuple(
        Requirement(school.id, subject, STAFF.count(subject)) for school in SCHOOLS for subject in sorted(set(STAFF))
    ),
    teachers=tuple(teacher(school, number) for school in SCHOOLS for number in range(len(STAFF))),
    history=(),
    policy=POLICY,
)


def with_policy(**changes: object) -> Problem:
    return replace(COUNTY, policy=replace(POLICY, **changes))


def among_partners(one: str, other: str) -> Problem:
    """The county with two partner schools whose staff are kept between them; only the second says so."""
    schools = tuple(replace(s, paired_with=(one,)) if s.id == other else s for s in SCHOOLS)
    return replace(with_policy(within_partners=True), schools=schools)


def to_improve(name: str, *, under_resourced: str) -> Problem:
    """The county with a teacher on supervisory exchange, whose pins name no school that the honest plan uses."""
    schools = tuple(replace(s, strength="under_resourced") if s.id == under_resourced else s for s in SCHOOLS)
    return replace(COUNTY, schools=schools, pins=(Pin(name, "forbid", "P1", reason=TO_IMPROVE),))


def with_teacher(name: str, **changes: object) -> Problem:
    return replace(COUNTY, teachers=tuple(replace(t, **changes) if t.id == name else t for t in COUNTY.teachers))


def sending(name: str, school: str, subject: str = "chinese") -> Plan:
    """The honest plan with one teacher sent elsewhere."""
    return (*(row for row in HONEST if row.teacher_id != name), Assignment(name, school, subject))


WITHOUT_P1 = tuple(row for row in HONEST if row.teacher_id != "P1-0")
FEW = Quota("school10", "school", "staff", "ge", Fraction(0), "half_up", 0)
MUTATIONS: dict[str, tuple[Problem, Plan]] = {
    "unknown_teacher": (COUNTY, (*HONEST, Assignment("nobody", "P1", "chinese"))),
    "unknown_school": (COUNTY, sending("P2-0", "nowhere")),
    "repeated": (COUNTY, (*HONEST, HONEST[0])),
    "verdict": (COUNTY, (*HONEST, Assignment("P2-4", "P1", "chinese"))),
    "must": (with_policy(quotas=()), WITHOUT_P1),
    "own_school": (COUNTY, sending("P2-0", "P2")),
    "stage": (COUNTY, sending("P2-0", "J1")),
    "subject": (COUNTY, sending("P2-0", "P4", "maths")),
    "within_cluster": (with_policy(within_cluster=True), HONEST),
    "within_partners": (among_partners("P2", "P3"), HONEST),
    "commute": (with_policy(commute_km_max=5.0), HONEST),
    "no_return": (replace(COUNTY, history=(Departure("P2-0", "P4", 2021),)), HONEST),
    "couple": (with_teacher("P2-0", spouse_id="J1-0"), HONEST),
    "pin": (replace(COUNTY, pins=(Pin("P2-0", "pin", "P3"),)), HONEST),
    "stay": (replace(COUNTY, pins=(Pin("P2-0", "stay"),)), HONEST),
    "forbid": (replace(COUNTY, pins=(Pin("P2-0", "forbid", "P4"),)), HONEST),
    "supervisory_host": (to_improve("P2-0", under_resourced="P4"), HONEST),
    "refill": (with_policy(quotas=(FEW,)), WITHOUT_P1[1:] + HONEST[:1]),
    "total": (
        replace(COUNTY, requirements=(*COUNTY.requirements[:-1], Requirement("P4", "pe", 3))),
        (*HONEST, Assignment("P1-9", "P4", "pe")),
    ),
    "outflow": (COUNTY, (*HONEST, Assignment("P1-1", "P2", "chinese"))),
    "quota": (COUNTY, (*HONEST, Assignment("P1-5", "P2", "maths"), Assignment("P2-5", "P1", "maths"))),
    "direction": (with_policy(direction=Direction(("urban",), ("town",), Fraction(1, 100))), HONEST),
    "backbone": (with_policy(backbone_share_min=Fraction(1, 2)), HONEST),
}


def test_an_honest_plan_breaks_no_rule() -> None:
    report = check(COUNTY, HONEST)
    assert report.violations == ()
    assert report.feasible
    assert report.figures.movers == report.figures.required_moves == 6


@pytest.mark.parametrize("rule", MUTATIONS)
def test_a_broken_rule_is_named(rule: str) -> None:
    problem, plan = MUTATIONS[rule]
    assert rule in check(problem, plan).rules_broken


@pytest.mark.parametrize(
    "rule",
    ["commute", "couple", "no_return", "stage", "subject", "verdict", "within_cluster", "within_partners"],
)
def test_a_violation_says_where_what_was_found_and_what_is_expected_in_both_languages(rule: str) -> None:
    problem, plan = MUTATIONS[rule]
    fault = next(fault for fault in check(problem, plan).violations if fault.rule == rule)
    assert fault.where and fault.found and fault.expected
    for message in (fault.message_zh, fault.message_en):
        assert fault.where in message and fault.found in message


@pytest.mark.parametrize(
    ("switched_off", "rule"),
    [
        ("must", "must"),
        ("couple", "couple"),
        ("pins", "stay"),
        ("refill", "refill"),
        ("total", "total"),
        ("outflow", "outflow"),
        ("direction", "direction"),
        ("backbone", "backbone"),
    ],
)
def test_without_its_rule_the_fault_is_missed(switched_off: str, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is this rule that catches the mutation, not another one by chance."""
    others = MappingProxyType({name: rule for name, rule in judge.RULES.items() if name != switched_off})
    monkeypatch.setattr(judge, "RULES", others)
    problem, plan = MUTATIONS[rule]
    assert rule not in check(problem, plan).rules_broken


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = list(HONEST)
    random.Random(7).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    county = replace(COUNTY, teachers=tuple(reversed(COUNTY.teachers)), schools=tuple(reversed(COUNTY.schools)))
    assert check(county, shuffled) == check(COUNTY, HONEST)


odd_names = st.sampled_from(["P1", "P2", "P3", "J1", "P1-0", "P2-1", "J2-5", "", "nowhere", "无此校"])
odd_rows = st.builds(
    Assignment,
    st.one_of(odd_names, st.sampled_from([t.id for t in COUNTY.teachers])),
    odd_names,
    st.sampled_from(["chinese", "maths", "", "魔法"]),
)


@given(st.lists(odd_rows, max_size=12))
def test_no_plan_however_bad_makes_the_checker_fail(rows: list[Assignment]) -> None:
    report = check(COUNTY, rows)
    assert isinstance(report, Report)
    # with 10 % of every school due, no list of odd rows that the honest plan does not contain can be right
    assert report.feasible <= (len(rows) >= 6)


def test_the_personal_limit_counts_only_where_it_is_stricter_and_never_below_todays_commute() -> None:
    near = with_teacher("P2-0", commute_limit_km=4.0)
    assert check(near, HONEST).rules_broken == ("commute",)
    assert check(with_teacher("P2-0", commute_limit_km=99.0), HONEST).feasible
    far_home = with_teacher("P2-0", commute_limit_km=4.0, home_x=-60.0)
    assert check(far_home, sending("P2-0", "P1")).rules_broken != ("commute",)
    assert "commute" not in check(far_home, sending("P2-0", "P1")).rules_broken


def test_a_school_left_six_years_ago_is_open_again() -> None:
    problem = replace(COUNTY, history=(Departure("P2-0", "P4", 2020),))
    assert check(problem, HONEST).feasible


@pytest.mark.covers("R-041", "R-006")
def test_the_quota_table_shows_base_rate_rounding_minimum_and_actual() -> None:
    problem = with_policy(quotas=(Quota("five", "school", "staff", "eq", Fraction(5, 100), "half_up", 1),))
    line = next(line for line in check(problem, HONEST).figures.quotas if line.member == "P1")
    assert (line.base, line.rate, line.exact, line.rounded, line.bound, line.actual) == (
        10, Fraction(1, 20), Fraction(1, 2), 1, 1, 1,
    )  # fmt: skip
    floor = with_policy(quotas=(Quota("five", "school", "staff", "eq", Fraction(4, 100), "half_up", 1),))
    line = next(line for line in check(floor, HONEST).figures.quotas if line.member == "P1")
    assert (line.rounded, line.bound, line.met) == (0, 1, True)


@pytest.mark.parametrize(
    ("scope", "members"),
    [
        ("school", ["J1", "J2", "P1", "P2", "P3", "P4"]),
        ("cluster", ["east", "west"]),
        ("cluster_stage", ["east/junior", "east/primary", "west/junior", "west/primary"]),
        ("stage", ["junior", "primary"]),
        ("county", ["county"]),
    ],
)
def test_quotas_are_counted_at_the_school_a_teacher_leaves(scope: str, members: list[str]) -> None:
    problem = with_policy(quotas=(Quota("q", scope, "eligible", "ge", Fraction(1, 10), "ceil", 0),))
    lines = check(problem, HONEST).figures.quotas
    assert [line.member for line in lines] == members
    assert sum(line.actual for line in lines) == 6
    assert sum(line.base for line in lines) == 54


DECIMAL = {"half_up": ROUND_HALF_UP, "ceil": ROUND_CEILING, "floor": ROUND_FLOOR}


@pytest.mark.covers("R-006")
@given(st.integers(0, 5000), st.integers(0, 1000), st.sampled_from(sorted(DECIMAL)))
def test_shares_are_rounded_in_exact_arithmetic(base: int, per_mille: int, rounding: str) -> None:
    exact = Decimal(base) * Decimal(per_mille) / Decimal(1000)
    expected = int(exact.quantize(Decimal(1), rounding=DECIMAL[rounding]))
    assert whole(Fraction(per_mille, 1000) * base, rounding) == expected


def test_half_goes_up_where_a_float_would_go_down() -> None:
    assert whole(Fraction(5, 100) * 30, "half_up") == 2
    assert round(0.05 * 50) == 2, "the banker's rounding that must not be used"
    assert whole(Fraction(5, 100) * 50, "half_up") == 3
    assert whole(Fraction(115, 1000) * 100, "half_up") == 12
    with pytest.raises(ValueError, match="half_even"):
        whole(Fraction(1, 2), "half_even")


def test_the_coefficient_is_the_official_one_weighted_by_pupils() -> None:
    """The worked calculation sheet: five schools, 302 pupils, 1,913 books, published as 0.52."""
    books, pupils = (279, 137, 935, 160, 402), (45, 37, 89, 76, 55)
    assert coefficient(books, pupils) == pytest.approx(0.515257, abs=1e-6)
    per_pupil = [x / p for x, p in zip(books, pupils, strict=True)]
    mean = sum(per_pupil) / 5
    unweighted = math.sqrt(sum((x - mean) ** 2 for x in per_pupil) / 5) / mean
    assert unweighted == pytest.approx(0.48877, abs=1e-5)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 2000)), min_size=1, max_size=8))
def test_the_coefficient_agrees_with_its_definition(schools: list[tuple[int, int]]) -> None:
    counts, pupils = [x for x, _ in schools], [p for _, p in schools]
    everybody, mean = sum(pupils), Fraction(sum(counts), sum(pupils))
    if not mean:
        assert coefficient(counts, pupils) == 0.0
        return
    square = sum((Fraction(p, everybody) * (Fraction(x, p) - mean) ** 2 for x, p in schools), Fraction(0))
    assert coefficient(counts, pupils) == pytest.approx(math.sqrt(square) / float(mean), abs=1e-9)


def test_schools_without_pupils_are_left_out_of_the_coefficient() -> None:
    assert coefficient((5, 5, 9), (100, 100, 0)) == 0.0


def test_j_is_worked_out_from_its_parts() -> None:
    """One move that changes no indicator, is wished for, paired and 6 km away: every part can be worked out by hand."""
    wish = with_teacher("J1-0", preferences=("P1", "J2"), home_x=1.0, home_y=0.0)
    schools = tuple(replace(s, paired_with=("J1",)) if s.id == "J2" else s for s in wish.schools)
    policy = replace(POLICY, quotas=(), direction=None, backbone_share_min=Fraction(0))
    figures = check(replace(wish, schools=schools, policy=policy), [Assignment("J1-0", "J2", "chinese")]).figures
    # second wish 80, pairing 10, less half-up of 2 points × 6 km
    assert figures.service == 80 + 10 - 12
    assert figures.wishes_met == (0, 1)
    assert (figures.required_moves, figures.movers, figures.paired_moves) == (0, 1, 1)
    assert figures.extra_km == pytest.approx(6.0)
    # no quota: M counts as 1, and the move is one beyond it
    ratio = figures.imbalance_after / figures.imbalance_before
    assert figures.objective == pytest.approx(100 * ratio - 10 * 78 / 100 + 5)


def test_pe_and_arts_follow_the_subject_taught_at_the_new_school() -> None:
    problem = with_teacher("P1-9", subject2="chinese", verdict="may")
    plan = (Assignment("P1-9", "P3", "chinese"),)
    counts = {(line.school_id, line.indicator): line for line in check(problem, plan).figures.schools}
    assert counts["P1", "pe_art"].count_after == 1
    assert counts["P3", "pe_art"].count_after == counts["P3", "pe_art"].count_before == 2


def test_schools_at_the_standard_are_counted_before_and_after() -> None:
    line = next(
        line for line in check(COUNTY, HONEST).figures.stages if (line.stage, line.indicator) == ("primary", "backbone")
    )
    # one backbone teacher for 160 pupils is 0.625 per hundred: below 1.0 and below 85 % of it, wherever they are
    assert (line.standard, line.schools) == (1.0, 4)
    assert (line.reaching_before, line.reaching_after, line.nearly_after) == (0, 0, 0)
    per_hundred = {
        x.school_id: x.per100_after for x in check(COUNTY, HONEST).figures.schools if x.indicator == "backbone"
    }
    assert per_hundred["P3"] == pytest.approx(0.625)
    assert per_hundred["P1"] == 0.0


def test_a_subject_without_a_stated_requirement_is_not_drained() -> None:
    silent = replace(with_policy(quotas=(FEW,), direction=None), requirements=())
    report = check(silent, (Assignment("P1-0", "P3", "chinese"),))
    assert "refill" in report.rules_broken
    assert check(silent, HONEST).feasible
