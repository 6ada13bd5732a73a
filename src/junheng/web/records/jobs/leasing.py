"""Who holds a job: every change of that is one conditional UPDATE, and each attempt fences off the ones before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from junheng.web.records.models import FaultKind, Job, JobStatus
from junheng.web.records.races import pause

BACKOFF_SECONDS, LONGEST_BACKOFF = 5, 600


def claim(worker: str) -> Job | None:
    """Take the next job that is due, or one whose worker has fallen silent; ``None`` when there is nothing to do.

    Reads first, so that an idle worker never takes SQLite's one write lock.
    """
    if Job.objects.lapsed(timezone.now()).exists():
        reap()
    now = timezone.now()
    if not Job.objects.due(now).exists():
        return None
    with transaction.atomic():
        job = Job.objects.due(now).select_for_update(no_key=True, skip_locked=True).first()
        return job if job is not None and _take(job, worker) else None


def _take(job: Job, worker: str) -> bool:
    """The one UPDATE by which a job becomes a worker's; it says nothing when somebody else was first."""
    pause()
    now = timezone.now()
    fields: dict[str, Any] = {
        "status": JobStatus.RUNNING,
        "attempt": job.attempt + 1,
        "lease_until": now + timedelta(seconds=settings.LEASE_SECONDS),
        "heartbeat_at": now,
        "workers": [*job.workers, worker],
        "started_at": job.started_at or now,
        "done": 0,
        "total": 0,
        "message": "",
    }
    if not Job.objects.untaken(job.pk, job.attempt).update(**fields):
        return False
    for name, value in fields.items():
        setattr(job, name, value)
    return True


def reap() -> int:
    """Puts jobs whose lease has run out back into the queue, or ends them; gives how many.

    A row that its worker is just finishing is locked, and skipped.
    """
    now = timezone.now()
    with transaction.atomic():
        lapsed = list(Job.objects.lapsed(now).select_for_update(no_key=True, skip_locked=True))
        for job in lapsed:
            end_attempt(job.pk, job.attempt, FaultKind.LOST, cancelled=job.cancel_requested)
    return len(lapsed)


def renew(key: int, attempt: int, progress: dict[str, Any] | None = None) -> bool:
    """A heartbeat: the lease runs anew, with what there is to tell of progress. False when the job is not held."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    held = Job.objects.held(key, attempt)
    return bool(held.update(lease_until=until, heartbeat_at=now, **(progress or {})))


def end_attempt(
    key: int, attempt: int, kind: FaultKind, *, said: str = "", cause: str = "", cancelled: bool = False
) -> bool:
    """An attempt has come to nothing: try later, or end the job. False when the job is not held."""
    now = timezone.now()
    with transaction.atomic():
        held = Job.objects.held(key, attempt)
        job = held.select_for_update(no_key=True).first()
        if job is None:
            return False
        fields: dict[str, Any] = {"lease_until": None}
        if cancelled:
            fields |= {"status": JobStatus.CANCELLED, "finished_at": now, "cancel_requested": True}
        elif kind == FaultKind.REFUSED or attempt >= job.attempts_allowed:
            fields |= {"status": JobStatus.FAILED, "finished_at": now}
        else:
            wait = backoff(attempt) if kind == FaultKind.UNEXPECTED else timedelta(0)
            fields |= {"status": JobStatus.QUEUED, "due_at": now + wait}
        if not cancelled:
            fields |= {"fault_kind": kind, "fault": said, "fault_class": cause[:200]}
        return bool(held.update(**fields))


def hand_back(key: int, attempt: int) -> bool:
    """The worker must stop: the job waits for another, and the attempt is not held against it."""
    held = Job.objects.held(key, attempt)
    return bool(
        held.update(
            status=JobStatus.QUEUED,
            due_at=timezone.now(),
            lease_until=None,
            attempts_allowed=F("attempts_allowed") + 1,
        )
    )


def complete(key: int, attempt: int, result: dict[str, Any]) -> bool:
    """The job is done, with its result; called inside the transaction of what it wrote."""
    fields: dict[str, Any] = {
        "status": JobStatus.DONE, "finished_at": timezone.now(), "lease_until": None, "result": result,
        "fault": "", "fault_kind": "", "fault_class": "",
    }  # fmt: skip
    return bool(Job.objects.held(key, attempt).update(**fields))


def backoff(attempt: int) -> timedelta:
    """How long to wait after an attempt has failed: twice as long each time, up to ten minutes."""
    return timedelta(seconds=min(LONGEST_BACKOFF, BACKOFF_SECONDS * 2 ** min(attempt - 1, 20)))
