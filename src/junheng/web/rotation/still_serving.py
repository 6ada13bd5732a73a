"""Who still serves when a year's term begins, and who will be home: the plan of that year leaves the first in place.

The personnel file says what was known on the snapshot's day. What has been ordered, extended, ended or decided since is
read from the placements: those of other years, and those of cadres, whom no plan moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from junheng import facts
from junheng.web.rotation.actions.headcounts import SPELLS
from junheng.web.rotation.models import (
    LONGER,
    ChangeStatus,
    Placement,
    PlacementChange,
    PlacementStatus,
    RotationYear,
)
from junheng.web.staffing.models import AppointmentEntry
from junheng.web.staffing.models.teachers import AWAY

AHEAD = (PlacementStatus.PLANNED, PlacementStatus.ORDERED, PlacementStatus.SERVING)
OVER = (PlacementStatus.ENDED, PlacementStatus.EARLY)


@dataclass(frozen=True, slots=True)
class Stint:
    """A placement with its last day as it stands now; ``None`` while it goes on without an end."""

    placement: Placement
    last: date | None

    def lasts_into(self, year: RotationYear) -> bool:
        """Whether the teacher is away on some day of the year's term."""
        held = self.placement
        return held.status in AHEAD and held.start <= year.ends and (self.last is None or self.last >= year.starts)


def stints(year: RotationYear, teachers: Collection[int] | None = None) -> list[Stint]:
    """Placements of the county that bear on the year's plan, in the order in which they begin; of some teachers only,
    where they are named.
    """
    since = year.snapshot.on if year.snapshot is not None else year.on
    bearing = Q(status__in=AHEAD) | Q(status__in=OVER, ended_on__gte=since)
    held = Placement.objects.filter(bearing, year__county=year.county).exclude(year=year, role="")
    if teachers is not None:
        held = held.filter(teacher__in=teachers)
    found = list(held.select_related("teacher", "to_school", "year").order_by("start", "pk"))
    decided = _decided(found)
    filed = _filed(found)
    return [Stint(each, _last(each, decided, filed)) for each in found]


def _last(
    placement: Placement, decided: dict[int, date], filed: dict[tuple[int, str, date], date | None]
) -> date | None:
    if placement.status in OVER:
        return placement.ended_on or placement.end
    key = (placement.teacher_id, placement.to_school.code, placement.start)
    last = filed.get(key, placement.end) if placement.status == PlacementStatus.SERVING else placement.end
    return decided.get(placement.pk, last)


def _decided(placements: Iterable[Placement]) -> dict[int, date]:
    """The last days of those whose earlier end has been approved and is still to come, by placement."""
    waiting = PlacementChange.objects.filter(  # scoped: by the placements
        placement__in=list(placements), status=ChangeStatus.APPROVED, applied_at__isnull=True
    )
    return dict(waiting.exclude(kind__in=LONGER).order_by("pk").values_list("placement_id", "on"))


def _filed(placements: Iterable[Placement]) -> dict[tuple[int, str, date], date | None]:
    """When the spells away end by today's file, by teacher, code of the school and first day."""
    people = {each.teacher_id for each in placements if each.status == PlacementStatus.SERVING}
    rows = AppointmentEntry.objects.current().filter(teacher__in=people, kind__in=AWAY)  # scoped: by the placements
    found = rows.values_list("teacher", "school_id", "start", "end")
    return {(who, code, start): end for who, code, start, end in found}


def as_they_stand(year: RotationYear, county: facts.County) -> dict[str, dict[str, Any]]:
    """What the snapshot's county is to be read as, by teacher number: where he teaches, until when his spells last."""
    spells: defaultdict[str, list[facts.Appointment]] = defaultdict(list)
    changes: dict[str, dict[str, Any]] = {}
    for stint in stints(year):
        placement, number = stint.placement, stint.placement.teacher.number
        teacher, host = county.teacher_by_id.get(number), stint.placement.to_school.code
        moved_along = teacher is not None and placement.relation_moved and teacher.school_id == host
        if teacher is None or host not in county.school_by_id or moved_along:
            continue
        known = spells[number] or list(teacher.appointments)
        lasting = stint.lasts_into(year)
        spells[number] = _with_spell(known, stint, lasting=lasting)
        changes[number] = changes.get(number, {}) | {"appointments": tuple(spells[number])}
        if lasting:
            changes[number]["teaching_school_id"] = host
    return changes


def _with_spell(known: list[facts.Appointment], stint: Stint, *, lasting: bool) -> list[facts.Appointment]:
    placement, kind = stint.placement, SPELLS[stint.placement.form]
    host = placement.to_school.code

    def same(spell: facts.Appointment) -> bool:
        return (spell.school_id, spell.start, spell.kind) == (host, placement.start, kind)

    if any(same(spell) for spell in known):
        return [replace(spell, end=stint.last) if same(spell) else spell for spell in known]
    if not lasting and placement.status not in OVER:
        return known
    return [*known, facts.Appointment(school_id=host, start=placement.start, end=stint.last, kind=kind)]
