"""Ages, years and months on columns, by the conventions of :mod:`junheng.facts.calendar`."""

from __future__ import annotations

import polars as pl

TERM_BEGINS = 915
"""A posting taken up by 15 September serves the whole school year (month × 100 + day)."""
TERM_ENDS = 630
"""A posting kept until 30 June serves the whole school year."""
DAYS_A_MONTH = 30
"""Left-over days of several spells are added up and count as a month for every 30; those of one spell never do."""


def month_day(day: pl.Expr) -> pl.Expr:
    """Month × 100 + day, for comparing places in the year."""
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)


def completed_years(since: pl.Expr, on: pl.Expr) -> pl.Expr:
    """Whole years, completed on the anniversary; 1 March for 29 February in common years."""
    years = (on.dt.year() - since.dt.year()).cast(pl.Int64)
    return years - (month_day(on) < month_day(since)).cast(pl.Int64)


def completed_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole months of a spell whose first and last day both count."""
    after = end.dt.offset_by("1d")
    months = (after.dt.year() - start.dt.year()).cast(pl.Int64) * 12
    months = months + after.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64)
    return months - (after.dt.day() < start.dt.day()).cast(pl.Int64)


def left_over_days(start: pl.Expr, end: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Days of a spell beyond its whole months."""
    whole = start.dt.offset_by(pl.format("{}mo", months))
    return (end.dt.offset_by("1d") - whole).dt.total_days()


def school_years(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """School years served: begun by 15 September and kept until 30 June."""
    first = start.dt.year() + (month_day(start) > TERM_BEGINS).cast(pl.Int32)
    last = end.dt.year() - (month_day(end) < TERM_ENDS).cast(pl.Int32)
    return (last - first).clip(lower_bound=0).cast(pl.Int64)


def service_years(joined: pl.Expr, on: pl.Expr, reading: str) -> pl.Expr:
    """Years at a school on a date.

    ``inclusive``: both days count, so 1 September to 31 August is a year; ``anniversary``: reached on the day itself;
    ``school_year``: school years served.
    """
    if reading == "anniversary":
        return completed_years(joined, on)
    if reading == "school_year":
        return school_years(joined, on)
    return completed_months(joined, on) // 12


def add_years(day: pl.Expr, years: int) -> pl.Expr:
    """The anniversary so many years later; 1 March for 29 February in common years."""
    moved = day.dt.offset_by(f"{years}y")
    leap = (month_day(day) == 229) & (month_day(moved) == 228)
    return pl.when(leap).then(moved.dt.offset_by("1d")).otherwise(moved)


def date_in_year(year: pl.Expr, month_day_text: str) -> pl.Expr:
    """The date ``MM-DD`` in a year."""
    month, day = (int(part) for part in month_day_text.split("-"))
    return pl.date(year, month, day)


def retirement_date(birth: pl.Expr, sex: pl.Expr) -> pl.Expr:
    """The first of the month of statutory retirement by the rule in force from January 2025.

    Men from 60, women teachers from 55: one month later for every four months from January 2025 on, at most 36.
    """
    base = pl.when(sex == "M").then(60).when(sex == "F").then(55)
    original = (birth.dt.year() + base) * 12 + birth.dt.month().cast(pl.Int32) - 1
    late = original - 2025 * 12
    delay = pl.when(late < 0).then(0).otherwise(pl.min_horizontal(late // 4 + 1, pl.lit(36)))
    index = original + delay
    return pl.date(index // 12, index % 12 + 1, 1)
