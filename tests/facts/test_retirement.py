from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts import Sex, Stage, Subject, Teacher
from junheng.facts.calendar import add_months
from junheng.facts.retirement import retirement_date, years_to_retirement

TEACHER = Teacher(
    id="T1",
    name="某某",
    id_number="",
    sex=Sex.FEMALE,
    birth_date=date(1981, 9, 10),
    school_id="S1",
    stage=Stage.PRIMARY,
    main_subject=Subject.CHINESE,
)


@pytest.mark.parametrize(
    ("born", "sex", "category", "retires"),
    [
        ((1964, 12), Sex.MALE, "professional", (2024, 12)),
        ((1965, 1), Sex.MALE, "professional", (2025, 2)),
        ((1965, 5), Sex.MALE, "professional", (2025, 7)),
        ((1976, 9), Sex.MALE, "professional", (2039, 9)),
        ((1970, 1), Sex.FEMALE, "professional", (2025, 2)),
        ((1981, 9), Sex.FEMALE, "professional", (2039, 9)),
        ((1975, 1), Sex.FEMALE, "worker", (2025, 2)),
        ((1984, 11), Sex.FEMALE, "worker", (2039, 11)),
    ],
)
def test_retirement_month_follows_the_official_table(born, sex, category, retires):
    day = retirement_date(date(*born, 15), sex, category)
    assert (day.year, day.month, day.day) == (*retires, 15)


def test_men_retire_alike_in_both_categories():
    assert retirement_date(date(1970, 3, 1), Sex.MALE, "worker") == retirement_date(date(1970, 3, 1), Sex.MALE)


def test_a_shorter_month_ends_on_its_last_day():
    assert (
        retirement_date(date(1965, 12, 31), Sex.MALE) == date(2026, 2, 28) + (date(2026, 3, 1) - date(2026, 2, 28)) * 31
    )
    assert retirement_date(date(1965, 8, 31), Sex.MALE) == date(2025, 10, 31)
    assert retirement_date(date(1965, 1, 31), Sex.MALE) == date(2025, 2, 28)


def test_a_decision_on_early_retirement_takes_precedence():
    assert retirement_date(date(1970, 1, 1), Sex.MALE, override=date(2027, 1, 1)) == date(2027, 1, 1)
    leaving = replace(TEACHER, retirement_override=date(2028, 9, 10))
    assert years_to_retirement(leaving, date(2026, 9, 10)) == 2


@given(
    st.dates(date(1950, 1, 1), date(2005, 12, 31)), st.sampled_from(Sex), st.sampled_from(["professional", "worker"])
)
def test_delay_is_never_negative_nor_above_its_cap(born, sex, category):
    base, cap = {("M", "professional"): (60, 36), ("M", "worker"): (60, 36), ("F", "professional"): (55, 36)}.get(
        (sex.value, category), (50, 60)
    )
    day = retirement_date(born, sex, category)
    assert add_months(born, base * 12) <= day <= add_months(born, base * 12 + cap)


@given(st.dates(date(1950, 1, 1), date(2005, 12, 30)), st.sampled_from(Sex))
def test_who_is_born_later_never_retires_earlier(born, sex):
    later = date.fromordinal(born.toordinal() + 1)
    assert retirement_date(later, sex) >= retirement_date(born, sex)


def test_years_to_retirement_compare_exactly_with_whole_years():
    # Born 1981-09-10, a woman in a professional post: retires on 2039-09-10.
    assert years_to_retirement(TEACHER, date(2034, 9, 10)) == 5
    assert 4.99 < years_to_retirement(TEACHER, date(2034, 9, 11)) < 5
    assert 5 < years_to_retirement(TEACHER, date(2034, 9, 9)) < 5.01
    assert years_to_retirement(TEACHER, date(2040, 9, 10)) == -1
