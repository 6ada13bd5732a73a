"""Dates as they are met in rosters: 2019-09, 2019.09, 2019年9月, full dates, and Excel's serial numbers."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple


class Month(NamedTuple):
    """A month of a year, when a cell tells no day."""

    year: int
    month: int

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


class AmbiguousMonthError(ValueError):
    """A month typed as a number, ``2019.1``: January, or October whose zero the spreadsheet dropped."""


_EPOCH = date(1899, 12, 30)
_SERIALS = (10_000, 80_000)
_YEARS = (1900, 2100)
_SEPARATED = re.compile(r"(\d{4})(?:[-./年]|年度)(\d{1,2})(?:(?:[-./月])(\d{1,2})日?|月)?")
_TIME_OF_DAY = re.compile(r"[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def read_date(cell: object) -> date | Month:
    """The date or month in a cell, which holds text, a number or a date.

    Numbers are serial days of the 1900 system when 10000-80000 (1927-2119), ``YYYYMM`` or ``YYYYMMDD`` when they have
    that many digits, and year.month otherwise. Raises :class:`AmbiguousMonthError` for a number such as 2019.1 and
    ``ValueError`` for whatever is no date between 1900 and 2100.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date())
    if isinstance(cell, date):
        return _checked(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(float(cell))
    return _from_text(str(cell))


def _from_number(number: float) -> date | Month:
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return _checked(_EPOCH + timedelta(days=int(number)))
    if number == int(number):
        return _from_compact(str(int(number)))
    year, _, month = repr(number).partition(".")
    if len(month) == 1 and month == "1" and _YEARS[0] <= int(number) <= _YEARS[1]:
        raise AmbiguousMonthError(repr(number))
    return _made(year, month, None)


def _from_text(text: str) -> date | Month:
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    plain = _TIME_OF_DAY.sub("", plain) if len(plain) > 10 else plain
    plain = plain.replace(" ", "")
    separated = _SEPARATED.fullmatch(plain)
    if separated:
        return _made(*separated.groups())
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        return _from_number(float(plain))
    return _from_compact(plain)


def _from_compact(text: str) -> date | Month:
    compact = _COMPACT.fullmatch(text)
    if not compact:
        raise ValueError(f"{text!r} is no date")
    return _made(*compact.groups())


def _made(year: str, month: str, day: str | None) -> date | Month:
    if day is not None:
        return _checked(date(int(year), int(month), int(day)))
    _checked(date(int(year), int(month), 1))
    return Month(int(year), int(month))


def _checked(day: date) -> date:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise ValueError(f"{day} lies outside {_YEARS[0]} to {_YEARS[1]}")
    return day
