"""What a placement comes to: its months, the leave within it and whether the pack counts it, how long it has served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from junheng.facts import LeaveKind
from junheng.facts.calendar import add_months, completed_months
from junheng.web.rotation import asked
from junheng.web.rotation.models import Form, Placement, PlacementStatus
from junheng.web.staffing.models import LeaveEntry, SchoolState

COUNTED_LEAVE = "leave_counted"
"""The parameter in which a pack names the kinds of leave that count as service."""
_VILLAGE = ("village_primary", "teaching_point")


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave within the placement, cut to it; ``counts`` is ``None`` where the pack says nothing of leave."""

    kind: LeaveKind
    start: date
    end: date
    counts: bool | None

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Service:
    """How long a placement has served until a day.

    ``months`` are whole months from the first day to ``until``; ``counted`` those that count by the pack, with its
    clause, or the same months where the pack has no rule for it. ``word`` is the pack's word on the term, if it has
    one, such as ``completed``.
    """

    until: date
    months: int
    counted: int
    clause: str
    word: str
    flags: tuple[str, ...]
    leave: tuple[Absence, ...]
    leave_clause: str


def first_of_month(day: date) -> date:
    """The first day of the month of ``day``."""
    return day.replace(day=1)


def last_of_month(month: date) -> date:
    """The last day of a month given by its first."""
    return add_months(first_of_month(month), 1) - timedelta(days=1)


def last_day(placement: Placement, until: date) -> date:
    """The last day of service up to a day: where it ended, else its end; one that is kept on goes on past that."""
    if placement.ended_on is not None:
        return min(until, placement.ended_on)
    return until if placement.status == PlacementStatus.SERVING else min(until, placement.end)


def months_of(placement: Placement, until: date) -> list[date]:
    """First days of the months that have begun in the placement, up to the day, in order."""
    last = last_day(placement, until)
    month, found = first_of_month(placement.start), []
    while month <= last:
        found.append(month)
        month = add_months(month, 1)
    return found


def absences(placement: Placement, until: date) -> list[Absence]:
    """Leave in the personnel file that falls into the placement, cut to it, and whether the pack counts it."""
    counted, _clause = asked.parameter(placement.year, COUNTED_LEAVE)
    last = last_day(placement, until)
    rows = LeaveEntry.objects.current().filter(teacher=placement.teacher_id, start__lte=last).order_by("start", "pk")
    found = []
    for row in rows:
        start, end = max(row.start, placement.start), min(row.end or last, last)
        if start <= end:
            counts = None if counted is None else row.kind in counted
            found.append(Absence(LeaveKind.read(row.kind), start, end, counts))
    return found


def service_of(placement: Placement, until: date) -> Service:
    """How long the placement has served until a day, both ends counted, by the year's pack."""
    last = last_day(placement, until)
    leave = absences(placement, until)
    months = max(0, completed_months(placement.start, last)) if last >= placement.start else 0
    _counted, leave_clause = asked.parameter(placement.year, COUNTED_LEAVE)
    counted, clause, word = months, "", ""
    flags: tuple[str, ...] = ()
    if last >= placement.start:
        spell: dict[str, Any] = {"start": placement.start.isoformat(), "end": last.isoformat()}
        spell["leave"] = [
            {"kind": each.kind.value, "start": each.start.isoformat(), "end": each.end.isoformat()} for each in leave
        ]
        served = _put(placement, "served", spell)
        if served is not None and served.value is not None:
            counted, clause, flags = int(served.value), served.clause, served.flags
        term = _put(placement, "service_term", spell | {"direction": direction_of(placement)})
        term = term or _put(placement, "support_term", spell)
        if term is not None:
            word, clause = term.verdict, term.clause
    return Service(last, months, counted, clause, word, flags, tuple(leave), leave_clause)


def _put(placement: Placement, query: str, facts: dict[str, Any]) -> asked.Answer | None:
    try:
        return asked.put(placement.year, query, facts)
    except ValueError:  # the pack's rule of that name is about other facts
        return None


def schools_on(placement: Placement) -> tuple[SchoolState | None, SchoolState | None]:
    """What was known of home and host school on the first day of the placement."""
    keys = (placement.from_school_id, placement.to_school_id)
    states = SchoolState.objects.as_of(placement.start).filter(school__in=keys)
    found = {state.school_id: state for state in states}
    return found.get(keys[0]), found.get(keys[1])


def direction_of(placement: Placement) -> str:
    """The direction as packs name it: centre to village, junior to primary, between town and country."""
    home, host = schools_on(placement)
    if home is None or host is None:
        return "urban_to_rural"
    if host.kind in _VILLAGE and home.kind not in _VILLAGE:
        return "center_to_village"
    if placement.stage == "primary" and "junior" in home.stages and "primary" not in home.stages:
        return "junior_to_primary"
    return "rural_to_urban" if home.locale == "rural" and host.locale != "rural" else "urban_to_rural"


def is_upward(placement: Placement) -> bool:
    """Whether somebody goes up to learn: a form of that name, or from the country into town."""
    return placement.form == Form.UPWARD or direction_of(placement) == "rural_to_urban"


def goes_rural(placement: Placement) -> bool:
    """Whether the host is a rural school on the first day."""
    return getattr(schools_on(placement)[1], "locale", "") == "rural"
