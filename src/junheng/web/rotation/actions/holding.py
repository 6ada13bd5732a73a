"""The row that decides: a placement held by the transaction, in a phase in which something may be done to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.rotation.counting import last_day
from junheng.web.rotation.cycle import ClosedPhaseError, require_open
from junheng.web.rotation.models import PhaseKind, Placement, PlacementStatus, RotationYear
from junheng.web.staffing.refusal import RefusedError

IN_SERVICE = (PhaseKind.SERVICE,)
TO_THE_END = (PhaseKind.SERVICE, PhaseKind.ASSESSMENT)
"""Phases in which what belongs to service may still be put in order."""


SERVED = (PlacementStatus.SERVING, PlacementStatus.ENDED, PlacementStatus.EARLY)
"""A placement that serves or has served."""


def last_day_of_service(year: RotationYear) -> date | None:
    """The last day of the year's phase of service; ``None`` for a year without one."""
    phase = next((each for each in year.phases.all() if each.kind == PhaseKind.SERVICE), None)
    return timezone.localdate(phase.closes - timedelta(seconds=1)) if phase is not None else None


def require_time_for(year: RotationYear, last: date, *phases: PhaseKind, at: datetime) -> None:
    """That one of the phases is open; of what goes on to a day past the year's service, that nobody archived the year.

    A placement that was extended, or kept on, is served, assessed and certified after the phases have closed.
    """
    closing = last_day_of_service(year)
    if year.is_archived or closing is None or last <= closing:
        require_open(year, *phases, at=at)


def is_time_for(year: RotationYear, last: date, *phases: PhaseKind, at: datetime) -> bool:
    """Whether :func:`require_time_for` would let it through."""
    try:
        require_time_for(year, last, *phases, at=at)
    except ClosedPhaseError:
        return False
    return True


def runs_until(placement: Placement, at: datetime) -> date:
    """The day on which a placement ends or ended; of one that is kept on past its end, today."""
    return max(placement.ended_on or placement.end, last_day(placement, timezone.localdate(at)))


def hold(
    placement: Placement, *, at: datetime, phases: tuple[PhaseKind, ...] = IN_SERVICE, serving: bool = True,
    ended: bool = False,
) -> Placement:  # fmt: skip
    """The placement, locked. Raises :class:`RefusedError` where it does not serve, or no such phase is open.

    With ``ended``, one that has served will do: what belongs to its time is put in order afterwards.
    """
    held = (
        Placement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county", "from_school", "to_school", "teacher__county", "teacher__user")
        .get(pk=placement.pk)
    )
    require_time_for(held.year, runs_until(held, at), *phases, at=at)
    if serving and held.status not in (SERVED if ended else (PlacementStatus.SERVING,)):
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
