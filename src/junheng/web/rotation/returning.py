"""What is returned for changes has a time of its own, in which it is changed and signed again, and goes back.

The time runs from the return for so many working days of the county's calendar, whatever phase is open by then.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.interface.numbers import until
from junheng.web.rotation.cycle import ClosedPhaseError, require_open
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Level,
    Origin,
    PhaseKind,
    ReviewOutcome,
    RotationYear,
)
from junheng.web.rotation.wishing import settings_of
from junheng.web.rotation.workdays import Workdays, end_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def time_for(year: RotationYear, at: datetime) -> datetime:
    """Until when what is returned at a moment may be changed and signed: the end of the last of its working days."""
    return end_of(Workdays.of(year.county).after(timezone.localdate(at), settings_of(year).return_days))


def is_in_time(application: Application, at: datetime) -> bool:
    """Whether the time runs that the application was given when it was returned."""
    return application.answer_by is not None and at < application.answer_by and not application.year.is_archived


def require_time(application: Application, *kinds: PhaseKind, at: datetime) -> None:
    """Raises :class:`ClosedPhaseError` where neither the application's own time runs nor a phase of the kinds is open.

    The own time alone counts for one that is with its teacher to be changed, once applications are closed.
    """
    if is_in_time(application, at):
        return
    if application.status == ApplicationStatus.RETURNED and application.answer_by is not None:
        kinds = (PhaseKind.APPLICATIONS,)
    try:
        require_open(application.year, *kinds, at=at)
    except ClosedPhaseError:
        if application.answer_by is None or application.year.is_archived:
            raise
        raise ClosedPhaseError(
            _("%(number)s 退回修改的期限已于 %(time)s 截止；确需再改的，请退回的机关延长期限。")
            % {"number": application.number, "time": until(application.answer_by)}
        ) from None


def changed_in(application: Application) -> tuple[PhaseKind, ...]:
    """The phases in which the teacher may change it: whom his school puts forward says his wishes as long as it may."""
    also = (PhaseKind.NOMINATIONS,) if application.origin == Origin.SCHOOL else ()
    return (*withdrawn_in(application), *also)


def withdrawn_in(application: Application) -> tuple[PhaseKind, ...]:
    """The phases in which the teacher may withdraw it, where it has no time of its own."""
    later = (PhaseKind.NOMINATIONS, PhaseKind.REVIEW) if application.status == ApplicationStatus.RETURNED else ()
    return (PhaseKind.APPLICATIONS, *later)


def decided_in(applications: Iterable[Application]) -> tuple[PhaseKind, ...]:
    """The phases in which an office decides: what it has returned may come back while the plan is being made."""
    held = list(applications)
    returned = {
        each.pk for each in held for step in each.steps.all()
        if step.outcome == ReviewOutcome.RETURNED and step.level != Level.SCHOOL
    }  # fmt: skip
    return (PhaseKind.REVIEW, PhaseKind.PLANNING) if held and len(returned) == len(held) else (PhaseKind.REVIEW,)


def goes_to(application: Application) -> ApplicationStatus:
    """Where what the school has signed goes: past the cluster, when the bureau was the last that returned it."""
    steps = [each for each in application.steps.order_by("pk") if each.level != Level.SCHOOL]
    back = bool(steps) and steps[-1].level == Level.BUREAU and steps[-1].outcome == ReviewOutcome.RETURNED
    passed = any(each.level == Level.CLUSTER and each.outcome == ReviewOutcome.ACCEPTED for each in steps)
    return ApplicationStatus.AT_CLUSTER if back and passed else ApplicationStatus.AT_SCHOOL
