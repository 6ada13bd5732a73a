"""Background work on our own table: leases, heartbeats, attempts that fence each other off.

A room declares what it does in a module ``jobs.py``, imported when the room is readied::

    @job_kind("staffing.intake.confirm")
    def confirm(work: Work) -> dict[str, Any]:
        rows = read(work.arguments["intake"])
        for done, row in enumerate(rows):
            work.progress(done, len(rows), "…")        # raises when cancelled or when the lease is lost
        with work.finishing() as result:               # one transaction, and only the attempt that holds the job
            write(rows)
            result["url"] = reverse("staffing:intake", args=[...])
        return result

and asks for it in the transaction of the action that needs it::

    enqueue("staffing.intake.confirm", {"intake": 12}, title=..., by=user, organisation=county)

What is written inside ``finishing()`` is written exactly once, whoever dies when. What a job does outside of it
(reading, reckoning, a file under a name of its own) may happen more than once and must bear it. Long reckoning belongs
before ``finishing()``: while it is open, SQLite lets nobody else write.

The job's page shows of its result: ``url`` (where to go from there), ``url_label``, and ``facts``, pairs of a label and
a value. A fault that people can mend is raised as :class:`JobRefused` with the sentence they will read; any other
exception is tried again, each time later, and ends as a reference that the administrator finds in the log.
Messages are in the language of whoever asked for the job.

A test calls :func:`run_due` after the action; ``python -m junheng.cli web worker`` does the same for ever. Tasks of
Django's own interface (``@task()`` … ``.enqueue()``) are jobs too, see :mod:`junheng.web.records.tasks`.
"""

from junheng.web.records.jobs.kinds import JobKind, job_kind, kind_of
from junheng.web.records.jobs.periodic import nightly
from junheng.web.records.jobs.queueing import cancel, enqueue
from junheng.web.records.jobs.worker import run_due
from junheng.web.records.jobs.working import Cancelled, HandedBack, JobRefused, LeaseLost, Work

__all__ = [
    "Cancelled",
    "HandedBack",
    "JobKind",
    "JobRefused",
    "LeaseLost",
    "Work",
    "cancel",
    "enqueue",
    "job_kind",
    "kind_of",
    "nightly",
    "run_due",
]
