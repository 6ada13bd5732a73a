"""Jobs as rooms use them: asked for in a transaction, told of, done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from junheng.web.records.jobs import (
    JobRefused,
    LeaseLost,
    Work,
    cancel,
    enqueue,
    job_kind,
    kinds,
    leasing,
    periodic,
    run_due,
)
from junheng.web.records.models import AuditEvent, FaultKind, Job, JobStatus
from junheng.web.records.races import pause

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_kinds() -> Iterator[None]:
    known = dict(kinds._KINDS)
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(known)


def ask(run: Any, arguments: dict[str, Any] | None = None, *, attempts: int = 3, by: Any = None, **given: Any) -> Job:
    """A job of a kind made for the test."""
    job_kind("tests.thing.do", attempts=attempts)(run)
    return enqueue("tests.thing.do", arguments, title="试做一件事", by=by, **given)


def test_a_job_is_done_with_its_arguments_and_keeps_its_result() -> None:
    job = ask(lambda work: {"sum": sum(work.arguments["numbers"])}, {"numbers": [1, 2, 3]})
    assert job.status == JobStatus.QUEUED
    assert run_due() == [job]
    job.refresh_from_db()
    assert (job.status, job.result, job.percent) == (JobStatus.DONE, {"sum": 6}, 100)
    assert job.finished_at is not None and job.lease_until is None


def test_a_job_asked_for_in_a_transaction_that_fails_is_never_done() -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(lambda work: seen.append(1) or {})
        _ = 1 / 0
    assert run_due() == []
    assert not seen


def test_progress_is_seen_while_the_job_runs() -> None:
    seen: list[tuple[int, int, str]] = []

    def run(work: Work) -> dict[str, Any]:
        work.progress(3, 10, "第3行")
        row = Job.objects.get(pk=work.job.pk)
        seen.append((row.done, row.total, row.message))
        return {}

    ask(run)
    run_due()
    assert seen == [(3, 10, "第3行")]


def test_what_finishing_writes_goes_with_the_mark_that_the_job_is_done() -> None:
    def run(work: Work) -> dict[str, Any]:
        with work.finishing() as result:
            result["url"] = "/somewhere/"
            Job.objects.filter(pk=work.job.pk).update(message="written")
        return result

    job = ask(run)
    run_due()
    job.refresh_from_db()
    assert (job.status, job.message, job.result) == (JobStatus.DONE, "written", {"url": "/somewhere/"})


def test_a_fault_while_finishing_leaves_nothing_behind() -> None:
    def run(work: Work) -> dict[str, Any]:
        with work.finishing():
            Job.objects.filter(pk=work.job.pk).update(title="half")
            raise OSError("disk full")
        return {}

    job = ask(run)
    run_due()
    job.refresh_from_db()
    assert (job.status, job.title) == (JobStatus.QUEUED, "试做一件事")


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again() -> None:
    def run(work: Work) -> dict[str, Any]:
        raise JobRefused("教师名册第14行：日期无法识别")

    job = ask(run)
    run_due()
    job.refresh_from_db()
    assert (job.status, job.fault_kind, job.attempt) == (JobStatus.FAILED, FaultKind.REFUSED, 1)
    assert job.fault == "教师名册第14行：日期无法识别"


def test_an_unexpected_fault_is_tried_again_later_each_time_and_then_ends(caplog: pytest.LogCaptureFixture) -> None:
    def run(work: Work) -> dict[str, Any]:
        raise KeyError("secret 990101198505120022")

    job = ask(run, attempts=3)
    waits = []
    for _ in range(3):
        assert run_due() == [job]
        job.refresh_from_db()
        waits.append(round((job.due_at - timezone.now()).total_seconds()))
        assert run_due() == [], "not before its time"
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    assert waits[:2] == [5, 10]
    assert (job.status, job.attempt, job.fault_kind) == (JobStatus.FAILED, 3, FaultKind.UNEXPECTED)
    assert "secret" not in job.fault + job.message
    assert "Traceback" in caplog.text and job.reference in caplog.text


def test_a_kind_that_this_version_does_not_know_is_refused() -> None:
    job = ask(lambda work: {})
    Job.objects.filter(pk=job.pk).update(kind="gone.thing.do")
    run_due()
    job.refresh_from_db()
    assert (job.status, job.fault_kind) == (JobStatus.FAILED, FaultKind.REFUSED)


def test_the_most_urgent_job_comes_first_and_none_before_its_time() -> None:
    order: list[str] = []
    for name, given in {
        "later": {"due_at": timezone.now() + timedelta(hours=1), "priority": 9},
        "usual": {}, "urgent": {"priority": 5},
    }.items():  # fmt: skip
        ask(lambda work: order.append(work.arguments["name"]) or {}, {"name": name}, **given)
    run_due()
    assert order == ["urgent", "usual"]


def test_what_is_asked_for_once_is_one_job() -> None:
    first = ask(lambda work: {}, once="tests:1")
    assert ask(lambda work: {}, once="tests:1") == first
    run_due()
    assert ask(lambda work: {}, once="tests:1") == first
    assert Job.objects.count() == 1


def test_a_waiting_job_is_called_off_at_once_and_leaves_a_trace(cast: Any) -> None:
    job = ask(lambda work: {}, by=cast.users["bureau_clerk"])
    assert cancel(job, by=cast.users["bureau_clerk"])
    assert run_due() == []
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert AuditEvent.objects.get(action="records.job.cancelled").object_id == str(job.pk)
    assert not cancel(job, by=cast.users["bureau_clerk"]), "it is over"


@pytest.mark.parametrize("where", ["progress", "finishing"])
def test_a_running_job_is_called_off_at_its_next_step(where: str, cast: Any) -> None:
    went_on: list[int] = []

    def run(work: Work) -> dict[str, Any]:
        cancel(work.job, by=cast.users["bureau_clerk"])
        if where == "progress":
            work.progress(1, 2)
        with work.finishing():
            went_on.append(1)
        return {}

    job = ask(run)
    run_due()
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert not went_on


def take_over(job: Job) -> Job:
    """The lease has run out and another worker has the job."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = leasing.claim("another worker")
    assert taken is not None and taken.attempt == job.attempt + 1
    return taken


def late_finish(job: Job) -> list[int]:
    """An attempt writes after its lease has gone to another, which writes too; gives whose writes were kept."""
    kept: list[int] = []

    def write(work: Work) -> None:
        with work.finishing():
            kept.append(work.attempt)

    first = leasing.claim("a worker")
    assert first is not None
    second = take_over(first)
    write(Work(second))
    try:
        write(Work(first))
    except LeaseLost:
        kept.append(0)
    return kept


def test_a_late_attempt_cannot_write() -> None:
    assert late_finish(ask(lambda work: {})) == [2, 0]


def test_without_the_fence_a_late_attempt_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junheng.web.records.models.job.JobQuerySet.held", lambda rows, key, _: rows.filter(pk=key))
    assert late_finish(ask(lambda work: {})) == [2, 1]


def test_progress_of_a_late_attempt_is_refused() -> None:
    ask(lambda work: {})
    first = leasing.claim("a worker")
    assert first is not None
    take_over(first)
    with pytest.raises(LeaseLost):
        Work(first).progress(1, 2)


def test_a_job_whose_workers_all_die_ends_as_failed() -> None:
    job = ask(lambda work: {}, attempts=2)
    for _ in range(2):
        assert leasing.claim("a worker that dies") is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leasing.claim("a third") is None
    job.refresh_from_db()
    assert (job.status, job.fault_kind, job.attempt) == (JobStatus.FAILED, FaultKind.LOST, 2)
    assert job.workers == ["a worker that dies"] * 2


def test_a_job_writes_once() -> None:
    ask(lambda work: {})
    claimed = leasing.claim("a worker")
    assert claimed is not None
    work = Work(claimed)
    with work.finishing():
        pass
    with pytest.raises(RuntimeError), work.finishing():
        pass


# --- every night ---------------------------------------------------------------------------------------------------


def test_nightly_work_waits_in_the_queue_once_however_many_workers_plan_it() -> None:
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    first = periodic.plan_nights(evening)
    assert [job.pk for job in periodic.plan_nights(evening + timedelta(hours=1))] == [job.pk for job in first]
    assert Job.objects.count() == len(first) >= 2
    due = {job.kind: timezone.localtime(job.due_at) for job in first}
    assert due["records.sessions.clear"].isoformat() == "2026-11-23T02:30:00+08:00"
    early = periodic.plan_nights(evening.replace(day=24, hour=1))
    assert {timezone.localtime(job.due_at).day for job in early} == {24}


def test_a_night_in_which_the_server_was_off_is_made_up_for() -> None:
    waiting = periodic.plan_nights(timezone.now() - timedelta(days=3))
    assert set(run_due()) == set(waiting)
    assert {job.status for job in Job.objects.all()} == {JobStatus.DONE}


def test_old_sessions_and_jobs_are_cleared_and_nothing_else(cast: Any) -> None:
    old = timezone.now() - timedelta(days=40)
    expired = SessionStore()
    expired.set_expiry(-10)
    expired.create()
    kept = SessionStore()
    kept.create()
    over = {"kind": "tests.old", "status": JobStatus.DONE, "due_at": old, "created_at": old, "finished_at": old}
    system = Job.objects.create(**over)
    own = Job.objects.create(**over, requested_by=cast.users["bureau_clerk"])
    for kind in ("records.sessions.clear", "records.jobs.clear"):
        enqueue(kind, title="清理", by=None)
    assert {job.status for job in run_due()} == {JobStatus.DONE}
    assert not Session.objects.filter(pk=expired.session_key).exists()
    assert Session.objects.filter(pk=kept.session_key).exists()
    assert not Job.objects.filter(pk=system.pk).exists()
    assert Job.objects.filter(pk=own.pk).exists()


# --- the widened race, and the language ----------------------------------------------------------------------------


def test_races_are_widened_only_where_a_test_says_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("junheng.web.records.races.time.sleep", slept.append)
    pause()
    settings.WIDEN_RACES = 0.2
    pause()
    assert slept == [0.2]


def test_a_job_speaks_the_language_of_whoever_asked_for_it(cast: Any) -> None:
    said: list[str | None] = []

    def run(work: Work) -> None:
        said.append(get_language())

    user = cast.users["bureau_clerk"]
    for language in ("en", ""):
        user.language = language
        user.save()
        ask(run, by=user)
        run_due()
    ask(run)
    run_due()
    assert said == ["en", "zh-hans", "zh-hans"]
