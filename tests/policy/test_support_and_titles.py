"""Support teaching, other staffing routes and the title regime, as the district's yearly work states them."""

from __future__ import annotations

import pytest

from junheng.policy import Pack, load_pack


@pytest.fixture(scope="module")
def district() -> Pack:
    return load_pack("JL")


def values(pack: Pack, *names: str) -> list[object]:
    return [pack.parameters[name].value for name in names]


@pytest.mark.covers("R-121", "R-122")
def test_support_goes_in_batches_and_study_goes_the_other_way(district: Pack) -> None:
    assert values(district, "support_batch", "support_persons", "support_month") == [2, 26, 9]
    assert values(district, "study_persons") == [5]
    assert district.parameters["support_persons"].clause == ["R-121"]


@pytest.mark.covers("R-124", "R-125")
def test_amount_and_conditions_that_the_text_leaves_open_stay_open(district: Pack) -> None:
    for name in ("allowance", "higher_appointment_conditions"):
        parameter = district.parameters[name]
        assert parameter.value is None
        assert parameter.set_by is not None
    assert values(district, "benefits_by_host") == [["travel", "allowance"]]


@pytest.mark.covers("R-127", "R-128")
def test_other_routes_are_counted_and_the_stipend_keeps_its_former_value(district: Pack) -> None:
    assert values(district, "volunteers_recruited", "volunteers_total", "externals_transferred") == [41, 117, 7]
    assert values(district, "volunteer_stipend", "volunteer_stipend_before") == [500, 300]


@pytest.mark.covers("R-146")
def test_the_title_regime_is_a_switch(district: Pack) -> None:
    regime = district.parameters["title_regime"]
    assert (regime.value, regime.options) == ("combined", ["combined", "separate"])
