"""The row that decides: a placement held by the transaction, in a phase in which something may be done to it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from junheng.web.rotation.counting import last_day
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import PhaseKind, Placement, PlacementStatus
from junheng.web.staffing.refusal import RefusedError

IN_SERVICE = (PhaseKind.SERVICE,)
TO_THE_END = (PhaseKind.SERVICE, PhaseKind.ASSESSMENT)
"""Phases in which what belongs to service may still be put in order."""


def hold(
    placement: Placement, *, at: datetime, phases: tuple[PhaseKind, ...] = IN_SERVICE, serving: bool = True
) -> Placement:
    """The placement, locked. Raises :class:`RefusedError` where it does not serve, or no such phase is open."""
    held = (
        Placement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county", "from_school", "to_school", "teacher__county", "teacher__user")
        .get(pk=placement.pk)
    )
    require_open(held.year, *phases, at=at)
    if serving and held.status != PlacementStatus.SERVING:
        raise RefusedError(_("这项交流任务现在的状态是“%(status)s”，不在岗，不能办理。") % {
            "status": held.get_status_display(),
        })  # fmt: skip
    return held


def within(placement: Placement, day: date, today: date, field: str) -> None:
    """Raises :class:`RefusedError` for a day outside the placement, or still to come."""
    last = max(placement.end, last_day(placement, today)) if placement.ended_on is None else placement.ended_on
    if not placement.start <= day <= last:
        raise RefusedError(_("%(field)s %(day)s 不在交流期间（%(start)s 至 %(end)s）。") % {
            "field": field, "day": day, "start": placement.start, "end": last,
        })  # fmt: skip
    if day > today:
        raise RefusedError(_("%(field)s %(day)s 还没有到，不能提前登记。") % {"field": field, "day": day})
