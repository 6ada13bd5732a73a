"""Working days: the national calendar of holidays and make-up days, over it the county's own table.

The calendar of a year is issued the autumn before. Beyond the last year that is known, Monday to Friday are taken as
working days, and whoever shows the result says so (:attr:`Workdays.assumed`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import chinese_calendar
from django.utils import timezone

from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import CalendarDay

_SATURDAY = 5


class Workdays:
    """The working days of a county; ``assumed`` holds the days about which the national calendar says nothing yet."""

    def __init__(self, declared: Mapping[date, bool]) -> None:
        self.declared = declared
        self.assumed: set[date] = set()

    @classmethod
    def of(cls, county: Organisation) -> Workdays:
        """With the county's own days."""
        days = CalendarDay.objects.filter(county=county).values_list("day", "working")
        return cls(dict(days))

    def is_workday(self, day: date) -> bool:
        """Whether people work on the day."""
        if day in self.declared:
            return self.declared[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except RuntimeError:  # the calendar's own kind of it, for a year that it does not have yet
            self.assumed.add(day)
            return day.weekday() < _SATURDAY

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself does not count."""
        if count < 1:
            raise ValueError(f"{count} working days, expected at least one")
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def latest_start(self, day: date, count: int) -> date:
        """The last day from which ``count`` working days, counted from the next day, are over before ``day``."""
        start = day - timedelta(days=count + 1)
        while self.after(start, count) >= day:
            start -= timedelta(days=1)
        return start

    def first_from(self, day: date) -> date:
        """``day`` itself where it is a working day, else the next one."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days there are from ``first`` to ``last``, both counted."""
        return sum(self.is_workday(first + timedelta(days=each)) for each in range((last - first).days + 1))


def start_of(day: date) -> datetime:
    """The first moment of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The first moment after a day: a period "until the 20th" is open on the whole 20th and closed at this moment."""
    return start_of(day + timedelta(days=1))
