from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts import Locale
from junheng.indicators import ExchangeYear, Population, ShareTarget, direction_shares, measure_targets, target_set
from junheng.indicators.compliance import judge_target

FIVE_PERCENT = ShareTarget(
    id="five",
    zh="每校5%",
    en="five per cent of each school",
    numerator=Population.EXCHANGED,
    denominator=Population.STAFF,
    share=Fraction(5, 100),
    scope="school",
    rounding="half_up",
    minimum=1,
)


@pytest.fixture
def year(hand_county):
    """Eight meet the conditions; T01 (backbone) and T02 go to the country, T08 (backbone) goes to S3."""
    eligible = frozenset({"T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08"})
    return ExchangeYear(county=hand_county, eligible=eligible, moves={"T01": "S2", "T02": "S3", "T08": "S3"})


def _by_id(results):
    return {r.target.id: r for r in results}


def test_the_national_shares_are_of_the_eligible_and_of_the_exchanged(year):
    results = _by_id(measure_targets(year, target_set("national")))
    exchanged, backbone = results["exchanged_of_eligible"], results["backbone_of_exchanged"]
    assert (exchanged.base, exchanged.actual, exchanged.required, exchanged.met) == (8, 3, Fraction(8, 10), True)
    assert (backbone.base, backbone.actual, backbone.actual_share, backbone.met) == (3, 2, Fraction(2, 3), True)


def test_the_same_year_meets_one_document_and_misses_another(hand_county):
    everybody = frozenset(t.id for t in hand_county.teachers)
    year = ExchangeYear(county=hand_county, eligible=everybody, moves={"T01": "S2"})
    assert all(r.met for r in measure_targets(year, target_set("national")))
    anhui = _by_id(measure_targets(year, target_set("anhui")))
    assert anhui["exchanged_of_eligible"].met
    assert anhui["backbone_of_eligible"].actual_share == Fraction(1, 10)
    assert not anhui["backbone_of_eligible"].met
    changzhou = _by_id(measure_targets(year, target_set("changzhou")))
    assert changzhou["backbone_of_eligible_backbone"].actual_share == Fraction(1, 3)
    assert changzhou["backbone_of_eligible_backbone"].met
    assert not changzhou["exchanged_of_eligible"].met


def test_shares_are_compared_exactly():
    target = replace(FIVE_PERCENT, share=Fraction("0.1"), rounding=None, minimum=0)
    assert judge_target(target, "k", "n", 30, 3).met
    assert not judge_target(target, "k", "n", 31, 3).met


@pytest.mark.covers("R-006", "R-622")
@pytest.mark.parametrize(
    ("staff", "required"), [(0, 0), (1, 1), (9, 1), (10, 1), (29, 1), (30, 2), (50, 3), (49, 2), (110, 6)]
)
def test_five_percent_half_up_at_least_one(staff, required):
    result = judge_target(FIVE_PERCENT, "S1", "某校", staff, required)
    assert result.required == required
    assert result.raw == Fraction(staff, 20)
    assert result.met
    assert required == 0 or not judge_target(FIVE_PERCENT, "S1", "某校", staff, required - 1).met


@pytest.mark.covers("R-006")
def test_the_sentence_shows_every_step():
    result = judge_target(FIVE_PERCENT, "S1", "甲校", 9, 0)
    assert result.sentence() == "甲校 每校5%：9 × 5.00% = 0.45 → 0 → 1，实际0人（要求≥），未达到"
    assert result.sentence("en").endswith("9 × 5.00% = 0.45 → 0 → 1, actual 0 (required ≥), not met")


@pytest.mark.parametrize(
    ("sense", "actual", "met"), [("eq", 2, True), ("eq", 3, False), ("le", 2, True), ("le", 3, False)]
)
def test_a_target_may_be_exact_or_a_ceiling(sense, actual, met):
    target = replace(FIVE_PERCENT, sense=sense)
    assert judge_target(target, "k", "n", 40, actual).met is met


@pytest.mark.parametrize(
    ("scope", "count"), [("county", 1), ("stage", 2), ("cluster", 2), ("cluster_stage", 4), ("school", 4)]
)
def test_the_members_of_every_scope_add_up_to_the_county(year, scope, count):
    results = measure_targets(year, [replace(FIVE_PERCENT, scope=scope)])
    assert len(results) == count
    assert sum(r.base for r in results) == 10
    assert sum(r.actual for r in results) == 3


def test_a_teacher_belongs_where_the_establishment_is(year):
    results = {r.key: r for r in measure_targets(year, [FIVE_PERCENT])}
    # T03 works at S2 on exchange but is on the establishment of S1.
    assert (results["S1"].base, results["S1"].actual) == (3, 2)
    assert (results["S2"].base, results["S2"].actual, results["S2"].met) == (2, 0, False)


@pytest.mark.covers("R-610")
def test_direction_shares_are_of_those_who_left_the_class(year):
    shares = {(d.origin, d.destination): d for d in direction_shares(year)}
    assert shares[Locale.URBAN, Locale.RURAL].share == 1
    assert shares[Locale.URBAN, Locale.RURAL].teachers == 3
    assert shares[Locale.RURAL, Locale.URBAN].share is None
    assert sum(d.teachers for d in shares.values()) == 3


def test_a_direction_can_be_a_target(year):
    target = ShareTarget(
        id="outward",
        zh="城区教师去往镇村",
        en="urban teachers go to the country",
        numerator=Population.URBAN_TO_COUNTRY,
        denominator=Population.URBAN_EXCHANGED,
        share=Fraction(3, 10),
    )
    (result,) = measure_targets(year, [target])
    assert (result.base, result.actual, result.met) == (3, 3, True)
    within_town = replace(year, moves={"T01": "S4", "T02": "S3", "T04": "S3"})
    (result,) = measure_targets(within_town, [target])
    assert (result.base, result.actual) == (2, 1)


def test_every_unknown_teacher_and_school_is_named(hand_county):
    with pytest.raises(ValueError, match="T77") as failure:
        ExchangeYear(county=hand_county, eligible=frozenset({"T88"}), moves={"T77": "S9"})
    assert "T88" in str(failure.value)
    assert "S9" in str(failure.value)


def test_an_unknown_set_of_targets_is_refused():
    with pytest.raises(ValueError, match="anhui, changzhou, national"):
        target_set("elsewhere")


@given(st.integers(0, 5000), st.integers(1, 100), st.integers(0, 5), st.sampled_from(["half_up", "ceil", "floor"]))
def test_the_required_number_is_met_and_one_less_is_not(base, percent, minimum, rounding):
    target = replace(FIVE_PERCENT, share=Fraction(percent, 100), minimum=minimum, rounding=rounding)
    required = judge_target(target, "k", "n", base, 0).required
    assert required.denominator == 1
    assert judge_target(target, "k", "n", base, int(required)).met
    assert required == 0 or not judge_target(target, "k", "n", base, int(required) - 1).met


@pytest.mark.parametrize("population", Population)
def test_every_population_can_be_counted(year, population):
    target = replace(FIVE_PERCENT, numerator=population, denominator=Population.STAFF, scope="county")
    (result,) = measure_targets(year, [target])
    assert 0 <= result.actual <= result.base == 10
