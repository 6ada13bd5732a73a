"""Work that comes back every night, kept as ordinary jobs that are due at that hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from junheng.web.records.jobs.kinds import Run, job_kind
from junheng.web.records.jobs.queueing import enqueue
from junheng.web.records.models import Job


@dataclass(frozen=True, slots=True)
class Nightly:
    """A kind of work that is done once a day, from the given time on."""

    kind: str
    title: Any
    at: time


_NIGHTLY: dict[str, Nightly] = {}


def nightly(kind: str, *, title: Any, at: time = time(2, 30)) -> Callable[[Run], Run]:
    """Registers the decorated function as a kind of work that is done every night, local time."""

    def register(run: Run) -> Run:
        job_kind(kind)(run)
        _NIGHTLY[kind] = Nightly(kind, title, at)
        return run

    return register


def plan_nights(now: datetime | None = None) -> list[Job]:
    """Sees to it that the next run of each nightly work waits in the queue; any number of workers may call it.

    The job is made ahead, so that a night in which the server was off is made up for as soon as it is on.
    """
    local = timezone.localtime(now)
    waiting = []
    for each in _NIGHTLY.values():
        due = timezone.make_aware(datetime.combine(local.date(), each.at), local.tzinfo)
        if due <= local:
            due += timedelta(days=1)
        once = f"{each.kind}:{due.date().isoformat()}"
        waiting.append(enqueue(each.kind, title=str(each.title), by=None, due_at=due, once=once))
    return waiting
