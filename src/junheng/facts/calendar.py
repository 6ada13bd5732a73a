"""Ages, years and months between dates, by the conventions of the field.

A year is completed on its anniversary; somebody born on 29 February completes a year on 1 March in common years
(the reading chosen for ambiguity B-04). A school year runs from 1 September to 31 August.
"""

from __future__ import annotations

from datetime import date, timedelta


def anniversary(day: date, year: int) -> date:
    """The anniversary of ``day`` in ``year``; 1 March for 29 February in a common year."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def completed_years(since: date, on: date) -> int:
    """Whole years completed from ``since`` to ``on``, reached on the anniversary; negative when ``on`` is earlier."""
    years = on.year - since.year
    return years if anniversary(since, on.year) <= on else years - 1


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def completed_months(start: date, end: date) -> int:
    """Whole months in a spell whose first and last day both count: 1 Sept to 31 Aug is 12."""
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    return months if after.day >= start.day else months - 1


def school_year(day: date) -> int:
    """The year in which the school year of ``day`` began: 2025 for 1 Sept 2025 to 31 Aug 2026."""
    return day.year if day.month >= 9 else day.year - 1
