"""The years planned in turn: each on the county that the year before has left."""

from __future__ import annotations

from datetime import date

import pytest

from junheng.facts import County, Stage, Subject
from junheng.facts.synthetic import make_small_county
from junheng.indicators import CountAt, Counting, Move, measure_balance
from junheng.planning.outlook import Outlook, Request, look_ahead
from junheng.planning.outlook.forecast import settle
from junheng.policy import load_pack

OWN = load_pack("YUNLING")
REQUEST = Request(years=3, plan=True, parameters={"pool_years": 9, "batch_years": 9}, processes=1)


@pytest.fixture(scope="module")
def county() -> County:
    return make_small_county()


@pytest.fixture(scope="module")
def ahead(county: County) -> Outlook:
    return look_ahead(county, OWN, REQUEST)


def test_the_forecast_starts_from_the_county_as_it_is(county: County, ahead: Outlook) -> None:
    today = measure_balance(county, counting=Counting(at=CountAt.TEACHING))
    first = ahead.planned[0].change.before
    assert [(r.stage, r.indicator, r.cv) for r in first.indicators] == [
        (r.stage, r.indicator, r.cv) for r in today.indicators
    ]


def test_every_year_moves_its_batch_and_who_the_quotas_need(ahead: Outlook) -> None:
    assert [p.year for p in ahead.planned] == [2026, 2027, 2028]
    assert sum(p.batch for p in ahead.planned) == sum(ahead.batches.gone) > 0
    for planned in ahead.planned:
        assert planned.batch_moved <= planned.batch
        if not planned.broken:
            assert planned.batch_moved + planned.others_moved > 0


def test_the_year_of_compliance_is_the_first_within_every_limit(ahead: Outlook) -> None:
    within = [p.year for p in ahead.planned if all(i.cv_after <= (i.limit or 0) for i in p.teacher_indicators)]
    assert all(len(p.teacher_indicators) == 6 for p in ahead.planned)
    assert ahead.first_within == (within[0] if within else None)


@pytest.mark.slow
def test_the_same_outlook_twice(county: County, ahead: Outlook) -> None:
    again = look_ahead(county, OWN, REQUEST)
    assert again.batches == ahead.batches
    assert [p.change for p in again.planned] == [p.change for p in ahead.planned]


def test_a_mover_starts_anew_at_the_new_school_and_has_left_the_old(make_county) -> None:
    county = make_county({"T": {"joined": date(2012, 9, 1), "also_teaches": (Subject.ETHICS,)}})
    moved = settle(county, {"T": Move("B", Stage.PRIMARY, Subject.ETHICS)}).teacher_by_id["T"]
    assert (moved.school_id, moved.works_at, moved.joined_current_school) == ("B", "B", date(2026, 9, 1))
    assert (moved.main_subject, moved.also_teaches) == (Subject.ETHICS, (Subject.CHINESE,))
    assert [(a.school_id, a.start, a.end) for a in moved.appointments] == [
        ("A", date(2012, 9, 1), date(2026, 8, 31)),
        ("B", date(2026, 9, 1), None),
    ]
    assert settle(county, {}) == county
