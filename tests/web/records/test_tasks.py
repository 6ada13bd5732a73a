"""Django's own task interface, on our jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, default_task_backend, task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch

from junheng.web.records.jobs import enqueue, job_kind, kinds, run_due
from junheng.web.records.models import Job

pytestmark = pytest.mark.django_db
CALLS: list[str] = []


@task()
def add(one: int, two: int = 2) -> int:
    """A sum."""
    return one + two


@task(priority=10)
def note(word: str) -> None:
    """Leaves a note."""
    CALLS.append(word)


@task()
def broken() -> None:
    """Fails."""
    raise KeyError("secret")


@task(takes_context=True)
def written(context: Any, value: int) -> int:
    """Writes in the work's one transaction."""
    context.work.progress(1, 2)
    with context.work.finishing() as result:
        result["url"] = "/"
    return value + context.attempt


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tasks of this file by a path that can be imported, as those of a room are."""
    import sys

    here = {name: value for name, value in globals().items() if name in {"add", "note", "broken", "written"}}
    module = type(sys)("tasks_of_the_tests")
    for name, value in here.items():
        setattr(module, name, value)
        monkeypatch.setattr(value.func, "__module__", module.__name__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    CALLS.clear()


def test_a_task_is_queued_run_and_its_value_read() -> None:
    result = add.enqueue(40)
    assert (result.status, result.args, result.attempts) == (TaskResultStatus.READY, [40], 0)
    run_due()
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, 42, 1)
    assert add.get_result(result.id).return_value == 42


def test_a_coroutine_is_refused_where_it_is_declared() -> None:
    async def later(word: str) -> str:
        return word.upper()

    later.__module__, later.__qualname__ = __name__, "later"
    with pytest.raises(InvalidTaskError, match="async"):
        task()(later)


def test_a_task_asked_for_in_a_transaction_that_fails_is_never_run() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue("never")
        _ = 1 / 0
    run_due()
    assert CALLS == []


def test_urgent_tasks_come_first_and_deferred_ones_wait() -> None:
    note.using(priority=-5).enqueue("last")
    note.enqueue("first")
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("tomorrow")
    run_due()
    assert CALLS == ["first", "last"]


def test_a_task_that_fails_is_tried_again_and_then_tells_its_error_without_a_traceback() -> None:
    result = broken.enqueue()
    Job.objects.update(attempts_allowed=2)
    run_due()
    result.refresh()
    assert result.status == TaskResultStatus.READY
    Job.objects.update(due_at=timezone.now())
    run_due()
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class is KeyError
    assert "secret" not in result.errors[0].traceback
    with pytest.raises(ValueError, match="failed"):
        _ = result.return_value


def test_a_task_with_its_context_writes_once() -> None:
    result = written.enqueue(1)
    run_due()
    result.refresh()
    assert result.return_value == 2
    assert Job.objects.get(pk=result.id).result == {"url": "/", "value": 2}


def test_only_tasks_have_results_and_only_of_their_own() -> None:
    known = dict(kinds._KINDS)
    job_kind("tests.other")(lambda work: {})
    other = enqueue("tests.other", title="别的", by=None)
    kinds._KINDS.clear()
    kinds._KINDS.update(known)
    for name in (str(other.pk), "999999", "no number", ""):
        with pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(name)
    result = add.enqueue(1)
    with pytest.raises(TaskResultMismatch):
        note.get_result(result.id)


def test_a_path_that_is_no_task_is_not_called() -> None:
    result = add.enqueue(1)
    job = Job.objects.get(pk=result.id)
    for path in ("os.system", "no.such.thing", "nothing"):
        Job.objects.filter(pk=job.pk).update(
            arguments=job.arguments | {"task": path}, status="queued", finished_at=None, due_at=timezone.now()
        )
        run_due()
        job.refresh_from_db()
        assert (job.status, job.fault_kind) == ("failed", "refused")
