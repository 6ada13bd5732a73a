"""One attempt at a job: what the function that does it is given, and how the attempt ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext

from junheng.web.records.jobs import leasing
from junheng.web.records.jobs.kinds import UnknownKindError, kind_of
from junheng.web.records.models import FaultKind, Job

log = logging.getLogger("junheng.jobs")


class LeaseLost(Exception):  # noqa: N818 - an event of the job's life, not a mistake
    """Another attempt holds the job, or it is over; this one must write nothing more."""


class Cancelled(Exception):  # noqa: N818
    """Somebody has called the job off."""


class HandedBack(Exception):  # noqa: N818
    """The worker is about to stop; another will begin the job again."""


class JobRefused(Exception):  # noqa: N818
    """The work cannot be done, and trying again would not help; the text is read by people."""


class Work:
    """What a job's function is given: its arguments, its progress, and its one transaction of writes."""

    def __init__(self, job: Job, *, beating: bool = False) -> None:
        self.job = job
        self.attempt = job.attempt
        self.result: dict[str, Any] = {}
        self.finished = False
        self.in_finishing = False
        self.stopping = Event()
        self._beating = beating
        self._told: dict[str, Any] = {}
        self._known: dict[str, Any] = {}
        self._lost = self._cancelled = False

    @property
    def arguments(self) -> dict[str, Any]:
        """What was asked for."""
        return self.job.arguments

    def progress(self, done: int = 0, total: int = 0, message: str = "") -> None:
        """Say how far the work is. Call it often: it costs little, and it is where a job learns that it must stop.

        Raises :class:`Cancelled`, :class:`LeaseLost` or :class:`HandedBack`; let them pass. Inside
        :meth:`finishing` it does nothing, for nobody could see it.
        """
        if self.in_finishing:
            return
        self._told = {"done": max(0, done), "total": max(0, total), "message": str(message)[:300]}
        if not self._beating:
            self.beat()
        if self._lost:
            raise LeaseLost(str(self.job.pk))
        if self._cancelled:
            raise Cancelled(str(self.job.pk))
        if self.stopping.is_set():
            raise HandedBack(str(self.job.pk))

    def beat(self) -> None:
        """One heartbeat: renews the lease, tells the progress, learns whether the job is still wanted."""
        if self.in_finishing or self.finished:
            return
        told = self._told
        if leasing.renew(self.job.pk, self.attempt, told):
            self._known = told
            self.look()
        else:
            self._lost = not self.finished

    def look(self) -> None:
        """Learns whether the job was called off, and whether it is still this attempt's."""
        held = Job.objects.held(self.job.pk, self.attempt).values_list("cancel_requested", flat=True).first()
        self._cancelled = bool(held)
        self._lost = held is None and not self.finished

    @property
    def has_news(self) -> bool:
        """Whether there is progress that no heartbeat has told yet."""
        return self._told != self._known

    @contextmanager
    def finishing(self) -> Iterator[dict[str, Any]]:
        """The one transaction in which the job writes; yields its result, to be filled in.

        It begins by locking the job and checking that this attempt still holds it, and ends by marking it done: what
        is written here and the mark are both there or neither is. Raises :class:`LeaseLost` or :class:`Cancelled`
        before anything is written. ``result["url"]`` is where people go from the job's page.
        """
        if self.finished or self.in_finishing:
            raise RuntimeError("a job writes once: finishing() was called twice")
        self.in_finishing = True
        try:
            with transaction.atomic():
                held = Job.objects.held(self.job.pk, self.attempt).select_for_update(no_key=True).first()
                if held is None:
                    raise LeaseLost(str(self.job.pk))
                if held.cancel_requested:
                    raise Cancelled(str(self.job.pk))
                yield self.result
                if not leasing.complete(self.job.pk, self.attempt, self.result):
                    raise LeaseLost(str(self.job.pk))
            self.finished = True
        finally:
            self.in_finishing = False


def perform(work: Work) -> None:
    """Do the job, and leave it done, failed, cancelled or waiting; never raises for what the job itself does."""
    job = work.job
    try:
        with translation.override(getattr(job.requested_by, "language", "") or settings.LANGUAGE_CODE):
            _perform(work)
    except LeaseLost:
        log.warning("job %s %s: attempt %s lost its lease, nothing of it was kept", job.pk, job.kind, work.attempt)
    except Cancelled:
        leasing.end_attempt(job.pk, work.attempt, FaultKind.REFUSED, cancelled=True)
    except HandedBack:
        leasing.hand_back(job.pk, work.attempt)
    except JobRefused as fault:
        leasing.end_attempt(job.pk, work.attempt, FaultKind.REFUSED, said=str(fault), cause=_path(fault))
    except Exception as fault:
        if work.finished:
            log.exception("job %s: failed after it was done", job.reference)
            return
        log.exception("job %s %s: attempt failed", job.reference, job.kind)
        leasing.end_attempt(job.pk, work.attempt, FaultKind.UNEXPECTED, cause=_path(fault))


def _perform(work: Work) -> None:
    try:
        run = kind_of(work.job.kind).run
    except UnknownKindError:
        raise JobRefused(gettext("这个版本没有这类任务：%s") % work.job.kind) from None
    result = run(work)
    if not work.finished:
        with work.finishing() as kept:
            kept.update(result or {})
    elif result and result != work.result:
        Job.objects.filter(pk=work.job.pk, attempt=work.attempt).update(result=result)
    if not connection.in_atomic_block:
        work.job.refresh_from_db()


def _path(fault: BaseException) -> str:
    return f"{type(fault).__module__}.{type(fault).__qualname__}"
