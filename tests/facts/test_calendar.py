from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts.calendar import add_months, anniversary, completed_months, completed_years, school_year

DATES = st.dates(date(1940, 1, 1), date(2060, 12, 31))


def test_a_year_is_completed_on_the_anniversary_and_not_the_day_before():
    assert completed_years(date(1976, 8, 31), date(2026, 8, 30)) == 49
    assert completed_years(date(1976, 8, 31), date(2026, 8, 31)) == 50


def test_born_on_29_february_completes_a_year_on_1_march_of_a_common_year():
    born = date(1976, 2, 29)
    assert completed_years(born, date(2026, 2, 28)) == 49
    assert completed_years(born, date(2026, 3, 1)) == 50
    assert completed_years(born, date(2028, 2, 29)) == 52
    assert anniversary(born, 2026) == date(2026, 3, 1)


def test_years_until_a_past_day_are_negative():
    assert completed_years(date(2026, 8, 31), date(2025, 8, 30)) == -2
    assert completed_years(date(2026, 8, 31), date(2025, 8, 31)) == -1


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 9, 1), date(2026, 8, 31), 12),
        (date(2025, 9, 1), date(2026, 8, 30), 11),
        (date(2025, 9, 1), date(2025, 9, 30), 1),
        (date(2025, 9, 1), date(2025, 9, 29), 0),
        (date(2024, 2, 1), date(2024, 2, 29), 1),
        (date(2025, 3, 15), date(2025, 4, 14), 1),
    ],
)
def test_both_the_first_and_the_last_day_of_a_spell_count(start, end, months):
    assert completed_months(start, end) == months


def test_a_month_later_keeps_the_day_or_takes_the_last():
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert add_months(date(2025, 5, 31), 1) == date(2025, 6, 30)
    assert add_months(date(2025, 1, 15), -1) == date(2024, 12, 15)


def test_a_school_year_begins_on_1_september():
    assert school_year(date(2026, 8, 31)) == 2025
    assert school_year(date(2026, 9, 1)) == 2026


@given(DATES, DATES)
def test_completed_years_never_fall_as_time_goes_on(since, on):
    assert completed_years(since, on) <= completed_years(since, on + timedelta(days=1))


@given(DATES, st.integers(0, 60))
def test_twelve_months_are_a_year(since, years):
    assert add_months(since, 12 * years).year == since.year + years


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(1, 72))
def test_a_spell_of_so_many_months_from_the_first_of_a_month_counts_them_all(day, months):
    start = day.replace(day=1)
    assert completed_months(start, add_months(start, months) - timedelta(days=1)) == months
