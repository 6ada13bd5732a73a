"""Jobs under competition and at every point where a process can die: taken once, written once, never half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from junheng.web.records.jobs import Work, enqueue, job_kind, kinds, leasing, run_due
from junheng.web.records.models import Job, JobStatus

ROUNDS, WORKERS = 5, 3


@pytest.fixture(autouse=True)
def _own_kinds() -> Iterator[None]:
    known = dict(kinds._KINDS)
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(known)


# --- two workers, one job ------------------------------------------------------------------------------------------


def without_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The UPDATE takes the job, whoever has it."""
    monkeypatch.setattr("junheng.web.records.models.job.JobQuerySet.untaken", lambda rows, key, _: rows.filter(pk=key))


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading and taking are two transactions."""
    monkeypatch.setattr(leasing, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr("junheng.web.records.models.job.JobQuerySet.select_for_update", lambda rows, **_: rows)


def holders(rounds: int) -> list[int]:
    """For each round, how many of the workers that looked at the same moment got the one job."""
    job_kind("tests.race")(lambda work: {})
    counts = []
    for _ in range(rounds):
        Job.objects.all().delete()
        enqueue("tests.race", title="只有一件", by=None)
        barrier, got = Barrier(WORKERS), []

        def look(barrier: Barrier = barrier, got: list[Job | None] = got) -> None:
            try:
                connection.ensure_connection()
                barrier.wait(10)
                got.append(leasing.claim("a worker"))
            finally:
                connections.close_all()

        threads = [Thread(target=look) for _ in range(WORKERS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert len(got) == WORKERS
        counts.append(sum(each is not None for each in got))
    return counts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "removed",
    [(), (without_condition,), (without_lock,)],
    ids=["as it is", "the lock alone", "the condition alone"],
)
def test_of_workers_that_look_at_once_one_gets_the_job(
    removed: tuple[Callable[..., None], ...], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIDEN_RACES = 0.05
    for remove in removed:
        remove(monkeypatch)
    assert holders(ROUNDS) == [1] * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_without_condition_and_lock_several_get_the_same_job(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WIDEN_RACES = 0.05
    without_condition(monkeypatch)
    without_lock(monkeypatch)
    assert max(holders(ROUNDS)) > 1


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_once_by_several_at_once_is_one_job() -> None:
    job_kind("tests.race")(lambda work: {})
    barrier, made = Barrier(WORKERS), []

    def ask() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            made.append(enqueue("tests.race", title="只要一次", by=None, once="tests.race:1").pk)
        finally:
            connections.close_all()

    threads = [Thread(target=ask) for _ in range(WORKERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(made) == WORKERS
    assert len(set(made)) == Job.objects.count() == 1


# --- a crash at every write ----------------------------------------------------------------------------------------


class Crash(BaseException):
    """The process dies here: nothing catches it."""


@contextmanager
def crashing(at: int, after: bool) -> Iterator[list[str]]:
    """Dies before or after the write of that number; gives the writes seen."""
    seen: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            return execute(sql, params, many, context)
        number = len(seen)
        seen.append(sql)
        if number == at and not after:
            raise Crash
        answer = execute(sql, params, many, context)
        if number == at:
            raise Crash
        return answer

    with connection.execute_wrapper(wrapper):
        yield seen


def write_three(work: Work) -> dict[str, Any]:
    """Three rows in the job's one transaction; rows of any table do, those of jobs are at hand."""
    now = timezone.now()
    with work.finishing() as result:
        for _ in range(3):
            Job.objects.create(
                kind="tests.row", subject_id=str(work.job.pk), status=JobStatus.DONE,
                due_at=now, created_at=now, finished_at=now,
            )  # fmt: skip
        result["rows"] = 3
    return result


def rows_of(job: Job) -> int:
    """How many rows a job has written."""
    return Job.objects.filter(kind="tests.row", subject_id=str(job.pk)).count()


def crashed_at(at: int, after: bool) -> tuple[int, int] | None:
    """A job whose worker dies at the write: rows then, and rows when the next worker is done. None: it did not die."""
    job = enqueue("tests.crash", title="写三行", by=None)
    with crashing(at, after):
        try:
            run_due(limit=1)
        except Crash:
            transaction.set_rollback(False)
        else:
            return None
    job.refresh_from_db()
    rows = rows_of(job)
    if job.status == JobStatus.RUNNING:
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_due()
    job.refresh_from_db()
    assert (job.status, job.result) == (JobStatus.DONE, {"rows": 3})
    return rows, rows_of(job)


def every_crash() -> list[tuple[int, int]]:
    """Rows after a crash, and in the end, for a crash before and after each write of a job's life."""
    job_kind("tests.crash")(write_three)
    found: list[tuple[int, int]] = []
    for at in range(50):
        here = [each for each in (crashed_at(at, after) for after in (False, True)) if each is not None]
        if not here:
            return found
        found += here
    raise AssertionError("the job never ended")


@pytest.mark.django_db
def test_a_crash_at_any_write_leaves_the_old_or_the_new_state_and_the_next_worker_ends_in_the_new() -> None:
    found = every_crash()
    assert len(found) == 2 * 5, "taking the job, three rows, the mark"
    assert {rows for rows, _ in found} <= {0, 3}
    assert {rows for _, rows in found} == {3}


@pytest.mark.django_db
def test_without_the_one_transaction_a_crash_leaves_something_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junheng.web.records.jobs.working.transaction", SimpleNamespace(atomic=nullcontext))
    found = every_crash()
    assert {rows for rows, _ in found} - {0, 3}
    assert {rows for _, rows in found} - {3}
