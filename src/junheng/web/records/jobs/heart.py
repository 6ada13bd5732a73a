"""The heartbeat: a thread with a connection of its own, so that a long step of a job does not cost it its lease."""

from __future__ import annotations

import logging
from threading import Event, Thread
from time import monotonic
from types import TracebackType

from django.conf import settings
from django.db import Error, connections

from junheng.web.records.jobs.working import Work

log = logging.getLogger("junheng.jobs")


class Heart:
    """Beats while the job is worked on: ``with Heart(work): perform(work)``.

    Every second it tells progress and looks whether the job was called off; every third of a lease it renews the lease.
    A database that does not answer is asked again: whether the lease is lost is for the database to say.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.lease = float(settings.LEASE_SECONDS)
        self._still = Event()
        self._thread = Thread(target=self._live, name=f"heart of {work.job.reference}", daemon=True)

    def __enter__(self) -> Heart:
        """Begins to beat."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Stops, and waits for a beat under way."""
        self._still.set()
        self._thread.join(timeout=self.lease)

    def _live(self) -> None:
        last = monotonic()
        try:
            while not self._still.wait(min(1.0, self.lease / 4)):
                try:
                    if self.work.has_news or monotonic() - last >= self.lease / 3:
                        last = monotonic()
                        self.work.beat()
                    else:
                        self.work.look()
                except Error as fault:
                    log.warning("job %s: a heartbeat failed: %s", self.work.job.reference, fault)
                    connections.close_all()
        finally:
            connections.close_all()
