"""The rosters of the demo, taken in on their days: each says what the generated county says and what rotation wrote.

A bureau's roster of a day knows who is on exchange. The generated one does not, so the spells and leaves that
placements have written, and where people teach now, are put into it before it is taken in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from junheng.facts import County
from junheng.web.directory.models import Organisation
from junheng.web.reporting.demo.counties import as_it_was
from junheng.web.rotation.models import HeadCount, Placement, PlacementStatus
from junheng.web.staffing.intake import take_in
from junheng.web.staffing.ledgers import TEACHER_LEDGERS

_KEPT = ("appointments", "leaves")
_AWAY = (PlacementStatus.ORDERED, PlacementStatus.SERVING)


def take_in_roster(place: Organisation, known: County, *, on: date | None = None) -> None:
    """Take a county in as of its day, or as it was on an earlier day."""
    roster = known if on is None else as_it_was(known, on)
    take_in(place, _with_exchanges(place, roster), by=None, source="demo")


def _with_exchanges(place: Organisation, roster: County) -> County:
    """The roster with what placements have written into the files of those who are in it."""
    written = _written(place)
    away = _away(place, roster.on)
    teachers = []
    for teacher in roster.teachers:
        changed: dict[str, Any] = {}
        for name, entries in written[teacher.id].items():
            held = getattr(teacher, name)
            changed[name] = (*held, *(each for each in entries if each not in held))
        if teacher.id in away:
            changed["teaching_school_id"] = away[teacher.id]
        teachers.append(replace(teacher, **changed) if changed else teacher)
    return replace(roster, teachers=tuple(teachers))


def _written(place: Organisation) -> dict[str, dict[str, list[Any]]]:
    """By number and part of the file, entries that came from placements."""
    found: defaultdict[str, dict[str, list[Any]]] = defaultdict(dict)
    for ledger in TEACHER_LEDGERS:
        if ledger.key not in _KEPT:
            continue
        read = ledger.reader({})
        rows = ledger.model.objects.current().filter(teacher__county=place, source__startswith="rotation:")
        for number, *row in rows.order_by("pk").values_list("teacher__number", *ledger.columns):
            found[number].setdefault(ledger.key, []).append(read(tuple(row)))
    return found


def _away(place: Organisation, on: date) -> dict[str, str]:
    """By number, the host of everybody whose placement has begun and not ended."""
    begun = HeadCount.objects.filter(undone_at__isnull=True).values("placement")
    rows = Placement.objects.filter(year__county=place, status__in=_AWAY, start__lte=on, pk__in=begun)
    return dict(rows.values_list("teacher__number", "to_school__code"))
