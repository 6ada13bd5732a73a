"""Asking for background work, and calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from junheng.web.records.audit import record
from junheng.web.records.jobs.kinds import kind_of
from junheng.web.records.models import Job, JobStatus


def enqueue(
    kind: str,
    arguments: dict[str, Any] | None = None,
    *,
    title: str,
    by: Any,
    organisation: models.Model | None = None,
    subject: models.Model | None = None,
    due_at: datetime | None = None,
    priority: int = 0,
    once: str = "",
) -> Job:
    """Ask for work of a registered kind; it begins after the transaction around this call has committed.

    ``by`` is the account, or ``None`` for the system itself. With ``once`` (``"staffing.intake:12"``) the work is asked
    for one time only: a second call, also a simultaneous one, gives the job that there is.
    """
    now = timezone.now()
    fields: dict[str, Any] = {
        "kind": kind,
        "title": str(title)[:200],
        "arguments": arguments or {},
        "requested_by": by,
        "organisation_key": organisation.pk if organisation is not None else None,
        "subject_kind": subject._meta.label_lower if subject is not None else "",
        "subject_id": str(subject.pk) if subject is not None else "",
        "due_at": due_at or now,
        "priority": priority,
        "attempts_allowed": kind_of(kind).attempts,
        "created_at": now,
    }
    if not once:
        return Job.objects.create(**fields)
    there = Job.objects.filter(once=once).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            return Job.objects.create(**fields, once=once)
    except IntegrityError:
        return Job.objects.get(once=once)


@transaction.atomic
def cancel(job: Job, *, by: Any) -> bool:
    """Call a job off: at once while it waits, at its next step while it runs. False when it is over already."""
    held = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if held.is_over or held.cancel_requested:
        return not held.is_over
    held.cancel_requested = True
    if held.status == JobStatus.QUEUED:
        held.status, held.finished_at = JobStatus.CANCELLED, timezone.now()
    held.save(update_fields=["cancel_requested", "status", "finished_at"])
    record(by, "records.job.cancelled", held, organisation=held.organisation_key)
    return True
