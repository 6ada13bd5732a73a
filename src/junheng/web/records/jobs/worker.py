"""Running what is due: here and now for tests, or for ever in a worker's process."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from threading import Event, Timer
from time import monotonic
from typing import Any

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connections
from django.db.backends.signals import connection_created

from junheng.web.records.jobs import leasing
from junheng.web.records.jobs.heart import Heart
from junheng.web.records.jobs.periodic import plan_nights
from junheng.web.records.jobs.signals import listening
from junheng.web.records.jobs.working import Work, perform
from junheng.web.records.models import Job

log = logging.getLogger("junheng.jobs")

GRACE, HARD = 7.0, 9.0
"""Seconds after being asked to stop until a job that does not listen is handed back, and until the end of all."""
BETWEEN_PLANS = 600.0


def worker_name() -> str:
    """A name that no other worker has: host, process, and a few letters."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


def run_due(limit: int = 1000) -> list[Job]:
    """Does everything that is due, in this process and without a heartbeat; gives the jobs as they then stand."""
    name, done = worker_name(), []
    for _ in range(limit):
        job = leasing.claim(name)
        if job is None:
            break
        perform(Work(job))
        job.refresh_from_db()
        done.append(job)
    return done


class Worker:
    """A process that does one job at a time, until it is asked to stop.

    Asked to stop, it takes no other job; the one at hand may finish, is handed back at its next :meth:`Work.progress`,
    or after :data:`GRACE` seconds is handed back over its head. The process ends within ten seconds.
    """

    def __init__(self, *, poll: float = 1.0, once: bool = False) -> None:
        self.name = worker_name()
        self.poll, self.once = poll, once
        self.stopping = Event()
        self.at_hand: Work | None = None
        self.done = 0
        self._planned = -BETWEEN_PLANS

    def run(self) -> int:
        """Works; gives how many jobs it took in hand."""
        connection_created.connect(_patient, dispatch_uid="jobs")
        log.info("worker %s begins", self.name)
        with listening(self.stop):
            while not self.stopping.is_set():
                try:
                    if self._step():
                        continue
                except (OperationalError, InterfaceError) as fault:
                    if self.once:
                        raise
                    log.warning("the database does not answer, trying again: %s", fault)
                    connections.close_all()
                if self.once:
                    break
                self.stopping.wait(self.poll)
        connections.close_all()
        log.info("worker %s ends", self.name)
        return self.done

    def _step(self) -> bool:
        """One job, if any is due."""
        close_old_connections()
        if monotonic() - self._planned >= BETWEEN_PLANS:
            plan_nights()
            self._planned = monotonic()
        job = leasing.claim(self.name)
        if job is None:
            return False
        self.done += 1
        self.at_hand = work = Work(job, beating=True)
        if self.stopping.is_set():
            work.stopping.set()
        began = monotonic()
        try:
            with Heart(work):
                perform(work)
        finally:
            self.at_hand = None
        log.info("job %s %s: %.1f s", job.reference, job.kind, monotonic() - began)
        return True

    def stop(self) -> None:
        """Begin to stop; called from another thread, also more than once."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        if (work := self.at_hand) is not None:
            work.stopping.set()
        for seconds, act in ((GRACE, self._hand_back), (HARD, _leave)):
            timer = Timer(seconds, act)
            timer.daemon = True
            timer.start()

    def _hand_back(self) -> None:
        """The job at hand does not listen: another worker may have it at once."""
        work = self.at_hand
        if work is None or work.in_finishing:
            return
        try:
            leasing.hand_back(work.job.pk, work.attempt)
        except Error as fault:
            log.warning("job %s could not be handed back, its lease will run out: %s", work.job.reference, fault)
        _leave()


def _leave() -> None:
    """The process ends; what a transaction had not committed is gone, as it should be."""
    logging.shutdown()
    os._exit(0)


def _patient(connection: Any, **_given: Any) -> None:
    """Statements of a job may take longer than those of a page."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 600000")
