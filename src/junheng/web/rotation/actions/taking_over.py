"""What a new year takes over from the one before it: settings, bodies with their duties, decisions still in force."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from junheng.web.records.audit import record
from junheng.web.rotation.models import (
    AskingSettings,
    BodyMember,
    Pin,
    PinKind,
    Placement,
    PlacementStatus,
    RotationYear,
    ServiceSettings,
    WorkBody,
)
from junheng.web.staffing.models import TeacherState

if TYPE_CHECKING:
    from junheng.web.directory.models import User

ASKING = (
    "chain", "notice_days", "relief_months", "statement_needed", "return_days", "call_age", "call_years", "call_clause",
)  # fmt: skip
SERVICE = ("report_due_day", "warning_days", "similar_percent", "development")


@transaction.atomic
def take_over(year: RotationYear, *, bodies: bool, pins: bool, by: User, at: datetime) -> None:
    """Give a year the settings of its previous one, and on request its bodies and the decisions still in force.

    Bodies of organisations that are closed stay behind. So do decisions about people who have left, and those that
    sent somebody who has since been sent.
    """
    before = year.previous
    if before is None:
        return
    for model, names in ((AskingSettings, ASKING), (ServiceSettings, SERVICE)):
        held = model.objects.filter(year=before).first()
        if held is not None:
            model.objects.create(year=year, **{name: getattr(held, name) for name in names})
    record(
        by, "rotation.year.taken_over", year, organisation=year.county,
        after={"previous": before.pk, "bodies": _bodies(before, year, by, at) if bodies else 0,
               "pins": _pins(before, year, by, at) if pins else 0},
    )  # fmt: skip


def _bodies(before: RotationYear, year: RotationYear, by: User, at: datetime) -> int:
    found = WorkBody.objects.filter(year=before, organisation__closed__isnull=True).prefetch_related("members")
    for each in found:
        made = WorkBody.objects.create(
            year=year, organisation_id=each.organisation_id, kind=each.kind, name=each.name, set_up_on=each.set_up_on,
            by=by, at=at,
        )  # fmt: skip
        BodyMember.objects.bulk_create(
            BodyMember(body=made, name=one.name, post=one.post, duty=one.duty, position=one.position)
            for one in each.members.all()
        )
    return len(found)


def _pins(before: RotationYear, year: RotationYear, by: User, at: datetime) -> int:
    sent = Placement.objects.filter(year=before).exclude(status=PlacementStatus.CANCELLED).values("teacher")
    here = TeacherState.objects.current().values("teacher")
    found = Pin.objects.filter(year=before, withdrawn_at__isnull=True, teacher__in=here)
    found = found.exclude(kind=PinKind.TO, teacher__in=sent).exclude(school__closed__isnull=False)
    made = Pin.objects.bulk_create(
        Pin(year=year, teacher_id=each.teacher_id, kind=each.kind, school_id=each.school_id, subject=each.subject,
            reason=each.reason, by=by, at=at)
        for each in found.order_by("pk")
    )  # fmt: skip
    return len(made)
