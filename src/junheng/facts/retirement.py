"""Statutory retirement dates under the rule in force since 1 January 2025.

Source: Decision of the Standing Committee of the National People's Congress on the gradual raising of the statutory
retirement age (2024-09-13) with its table by month of birth. From 2025-01 the age of men (60) and of women with an
original age of 55 rises by one month for every four months of birth, up to three years; that of women with an original
age of 50 by one month for every two, up to five years.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from junheng.facts.calendar import add_months, anniversary, completed_years
from junheng.facts.codes import Sex
from junheng.facts.people import Teacher

RetirementCategory = Literal["professional", "worker"]
"""``professional``: women in professional and management posts, original age 55; ``worker``: original age 50."""

_REFORM_MONTH = 2025 * 12
_RULES: dict[tuple[Sex, RetirementCategory], tuple[int, int, int]] = {
    (Sex.MALE, "professional"): (60, 4, 36),
    (Sex.MALE, "worker"): (60, 4, 36),
    (Sex.FEMALE, "professional"): (55, 4, 36),
    (Sex.FEMALE, "worker"): (50, 2, 60),
}


def retirement_date(
    birth: date, sex: Sex, category: RetirementCategory = "professional", override: date | None = None
) -> date:
    """The day on which a person reaches the statutory retirement age.

    The rule speaks of months; the day is that of the birthday, or the last day of a shorter month. ``override`` is the
    date on the decision where early or flexible retirement was granted, and is returned unchanged.
    """
    if override is not None:
        return override
    age, step, cap = _RULES[sex, category]
    months_after_reform = (birth.year + age) * 12 + birth.month - 1 - _REFORM_MONTH
    delay = 0 if months_after_reform < 0 else min(cap, months_after_reform // step + 1)
    return add_months(birth, age * 12 + delay)


def years_to_retirement(teacher: Teacher, on: date, category: RetirementCategory = "professional") -> float:
    """Years from ``on`` to the teacher's retirement date, negative when it has passed.

    The whole part counts completed years to the anniversary and the rest is days of the year begun, so that a
    comparison with a whole number of years ("less than five", "more than five") is exact. ``retirement_override``
    of the teacher takes precedence.
    """
    leaves = retirement_date(teacher.birth_date, teacher.sex, category, teacher.retirement_override)
    whole = completed_years(on, leaves)
    since, until = anniversary(on, on.year + whole), anniversary(on, on.year + whole + 1)
    return whole + (leaves - since).days / (until - since).days
