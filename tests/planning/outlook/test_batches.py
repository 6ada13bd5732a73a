"""Batches of a county that a person can reckon: who is due, who goes when, who is left and why."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.facts import Sex
from junheng.facts.synthetic import make_county as make_synthetic
from junheng.planning.outlook import Outlook, Request, look_ahead, side_by_side
from junheng.planning.outlook.batches import NOWHERE
from junheng.policy import load_pack

DXQ, CN = load_pack("DXQ"), load_pack("CN")


def joined(year: int) -> dict[str, date]:
    return {"joined": date(year, 9, 1)}


def batch_years(outlook: Outlook) -> dict[str, int | None]:
    years = outlook.calendar()
    return {p.teacher.id: None if p.year is None else years[p.year] for p in outlook.batches.placings}


@pytest.mark.covers("R-068", "R-167")
def test_the_pool_goes_in_batches_the_longest_at_the_school_first(make_county) -> None:
    # 10 teachers of Chinese at A: one may leave a year. OLD and MID have six years in 2026, NEW reaches them in 2027.
    county = make_county({"NEW": joined(2021), "MID": joined(2018), "OLD": joined(2012)})
    batches = look_ahead(county, DXQ, Request(years=3)).batches
    assert batch_years(look_ahead(county, DXQ, Request(years=3))) == {"OLD": 2026, "MID": 2027, "NEW": 2028}
    assert (batches.due, batches.gone, batches.waiting) == ((2, 1, 0), (1, 1, 1), (1, 1, 0))
    assert (batches.peak_before, batches.peak, batches.least_peak) == (2, 1, 1)
    assert batches.proven
    # 6 % of the cluster's 20 teachers are 1.2, so 2: each year one more besides the batch
    assert batches.volunteers == (1, 1, 1)


@pytest.mark.covers("R-167")
def test_whoever_cannot_be_placed_is_named_with_the_rule_that_stops_him(make_county) -> None:
    county = make_county({"P1": joined(2012), "P2": joined(2014), "P3": joined(2016), "P4": joined(2018)})
    outlook = look_ahead(county, DXQ, Request(years=3))
    assert batch_years(outlook) == {"P1": 2026, "P2": 2027, "P3": 2028, "P4": None}
    (left,) = outlook.batches.unplaced
    assert {k for k, _ in left.stopped} == {0, 1, 2}
    assert {rule for _, rule in left.stopped} == {"subject", "school"}
    assert outlook.batches.waiting == (3, 2, 1)


def test_who_grows_out_of_the_pool_goes_while_he_is_in_it(make_county) -> None:
    # at 50 a man is still in, at 51 no longer: AGED has only 2026 although OLD is longer at the school
    county = make_county({"AGED": {**joined(2019), "birth_date": date(1976, 5, 1)}, "OLD": joined(2010)})
    outlook = look_ahead(county, DXQ, Request(years=3))
    assert batch_years(outlook) == {"AGED": 2026, "OLD": 2027}
    assert {p.teacher.id: p.years for p in outlook.batches.placings} == {"AGED": (0,), "OLD": (0, 1, 2)}


def test_an_exclusion_that_expires_brings_somebody_into_the_pool(make_county) -> None:
    mother = {**joined(2012), "sex": Sex.FEMALE, "pregnant": True}
    outlook = look_ahead(make_county({"MOTHER": mother}), DXQ, Request(years=3))
    assert [p.due for p in outlook.batches.placings] == [2]


def test_a_zone_with_one_school_can_place_nobody(make_county) -> None:
    county = make_county({"OLD": joined(2012)})
    near, far = county.schools
    apart = replace(county, schools=(near, replace(far, cluster_id="C2")))
    (left,) = look_ahead(apart, DXQ, Request(years=3)).batches.unplaced
    assert left.stopped == ((0, NOWHERE),)


def test_early_and_within_move_the_window(make_county) -> None:
    county = make_county({"OLD": joined(2012), "NEW": joined(2022)})
    early = look_ahead(county, DXQ, Request(years=3, early=2))
    assert {p.teacher.id: p.years for p in early.batches.placings} == {"OLD": (0, 1, 2), "NEW": (0, 1, 2)}
    soon = look_ahead(county, DXQ, Request(years=3, within=1))
    assert {p.teacher.id: p.years for p in soon.batches.placings} == {"OLD": (0,), "NEW": (2,)}


def test_who_is_away_is_placed_after_his_return(make_county) -> None:
    county = make_county({"AWAY": {**joined(2012), "teaching_school_id": "B"}})
    assert look_ahead(county, DXQ, Request(years=3)).batches.placings == ()


def test_a_pack_that_makes_nobody_move_has_no_batches_unless_targets_are_asked_for(make_county) -> None:
    county = make_county({"OLD": joined(2012)})
    assert look_ahead(county, CN, Request(years=3)).batches.placings == ()
    targets = look_ahead(county, CN, Request(years=3, pool="target")).batches
    assert [p.teacher.id for p in targets.placings] == ["OLD"]


def test_a_change_of_policy_is_told_figure_by_figure(make_county) -> None:
    county = make_county({"NEW": joined(2021), "MID": joined(2018), "OLD": joined(2012)})
    now = look_ahead(county, DXQ, Request(years=3))
    then = look_ahead(county, DXQ, Request(years=3, parameters={"years_at_school_min": 9}))
    figures = {(f.key, f.year): (f.before, f.after, f.change) for f in side_by_side(now, then)}
    assert figures["due", 2026] == (2, 1, -1)  # OLD alone has nine years
    assert figures["due", 2027] == (1, 1, 0)  # MID reaches them in 2027, as NEW reached six
    assert figures["peak_before", None] == (2, 1, -1)
    assert all(f.change == 0 for f in side_by_side(now, then) if f.key == "retiring")
    with pytest.raises(ValueError, match="compared"):
        side_by_side(now, look_ahead(county, DXQ, Request(years=2)))


def test_the_order_of_the_rows_does_not_matter() -> None:
    county = make_synthetic(teachers=200)
    rows = list(county.teachers)
    random.Random(3).shuffle(rows)  # noqa: S311 - a test
    shuffled = replace(county, teachers=tuple(rows))
    request = Request(years=3, school_share=Fraction(1, 10))
    first, second = (look_ahead(each, DXQ, request) for each in (county, shuffled))
    assert first.batches == second.batches
    assert len(first.batches.placings) > 20
    assert first.batches.unplaced


@pytest.mark.parametrize(
    "wrong", [{"years": 0}, {"years": 9}, {"early": -1}, {"within": 0}, {"school_share": Fraction(0)}]
)
def test_an_outlook_that_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Request(**wrong)
