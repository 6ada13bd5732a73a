from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.indicators.variation import coefficient_of_variation, unweighted_coefficient, variation

PUPILS = [45, 37, 89, 76, 55]
BOOKS = [279, 137, 935, 160, 402]

SCHOOLS = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 3000)), min_size=1, max_size=12)


def _split(schools):
    return [x for x, _ in schools], [p for _, p in schools]


def test_the_worked_example_of_the_calculation_guide_gives_0_51526():
    assert coefficient_of_variation(BOOKS, PUPILS) == pytest.approx(0.51526, abs=5e-6)
    figures = variation(BOOKS, PUPILS)
    assert figures.mean == pytest.approx(6.3344, abs=5e-5)
    assert figures.deviation == pytest.approx(3.26386, abs=5e-6)
    assert figures.deviation**2 == pytest.approx(10.65279, abs=5e-6)


def test_the_unweighted_form_would_turn_the_verdict():
    assert unweighted_coefficient(BOOKS, PUPILS) == pytest.approx(0.48877, abs=5e-6)
    assert unweighted_coefficient(BOOKS, PUPILS, sample=True) == pytest.approx(0.54646, abs=5e-6)
    assert unweighted_coefficient(BOOKS, PUPILS) < 0.5 < coefficient_of_variation(BOOKS, PUPILS)


@given(SCHOOLS, st.integers(1, 1000))
def test_a_change_of_unit_changes_nothing(schools, factor):
    amounts, pupils = _split(schools)
    scaled = coefficient_of_variation([x * factor for x in amounts], pupils)
    assert math.isclose(scaled, coefficient_of_variation(amounts, pupils), rel_tol=1e-9, abs_tol=1e-12)


@given(SCHOOLS, st.integers(1, 50))
def test_only_the_proportions_of_pupils_matter(schools, factor):
    amounts, pupils = _split(schools)
    scaled = coefficient_of_variation(amounts, [p * factor for p in pupils])
    assert math.isclose(scaled, coefficient_of_variation(amounts, pupils), rel_tol=1e-9, abs_tol=1e-12)


@given(SCHOOLS, st.integers(1, 4))
def test_a_school_counts_as_much_as_equal_parts_of_it(schools, parts):
    amounts, pupils = _split(schools)
    amounts, pupils = [x * parts for x in amounts], [p * parts for p in pupils]
    split = [x // parts for x in amounts for _ in range(parts)], [p // parts for p in pupils for _ in range(parts)]
    assert math.isclose(
        coefficient_of_variation(*split), coefficient_of_variation(amounts, pupils), rel_tol=1e-9, abs_tol=1e-12
    )


@given(st.integers(0, 50), st.lists(st.integers(1, 3000), min_size=1, max_size=12))
def test_equal_schools_have_coefficient_zero(per_pupil, pupils):
    assert coefficient_of_variation([p * per_pupil for p in pupils], pupils) == pytest.approx(0, abs=1e-12)


@given(SCHOOLS)
def test_unequal_schools_have_a_coefficient_above_zero_and_shares_that_add_up(schools):
    amounts, pupils = _split(schools)
    figures = variation(amounts, pupils)
    unequal = len({x * math.prod(pupils) // p for x, p in schools}) > 1
    assert (figures.cv > 1e-9) or not unequal
    if unequal:
        assert math.fsum(figures.shares) == pytest.approx(1)


@given(SCHOOLS)
def test_the_order_of_schools_does_not_matter(schools):
    amounts, pupils = _split(schools)
    turned = coefficient_of_variation(amounts[::-1], pupils[::-1])
    assert math.isclose(turned, coefficient_of_variation(amounts, pupils), rel_tol=1e-12, abs_tol=1e-15)


def test_schools_without_anything_are_equal():
    assert coefficient_of_variation([0, 0], [10, 20]) == 0


@pytest.mark.parametrize(
    ("amounts", "pupils", "told"),
    [
        ([1, 2], [3], "2 amounts for 1"),
        ([], [], "no school"),
        ([1, 2], [3, 0], "must have pupils"),
        ([1, -2], [3, 4], "negative"),
    ],
)
def test_nonsense_is_refused(amounts, pupils, told):
    with pytest.raises(ValueError, match=told):
        coefficient_of_variation(amounts, pupils)


def test_the_sample_form_needs_two_schools():
    with pytest.raises(ValueError, match="two schools"):
        unweighted_coefficient([1], [2], sample=True)
