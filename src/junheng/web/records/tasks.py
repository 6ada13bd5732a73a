"""Django's tasks on our own :class:`~junheng.web.records.models.Job`.

::

    @task()
    def send(address: str) -> str: ...

    send.enqueue("…")                       # in the transaction of the change; nothing is sent if that fails
    send.using(run_after=tomorrow).enqueue("…")

A task is done at least once: a worker that dies leaves it to another. One that must write exactly once takes its
context (``@task(takes_context=True)``) and writes inside ``context.work.finishing()``. Names and meaning of the
interface are those of Django 6, so that code written for it need not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskContext, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued, task_finished, task_started
from django_tasks.utils import normalize_json

from junheng.web.records.jobs import JobRefused, Work, enqueue, job_kind
from junheng.web.records.models import Job, JobStatus

KIND = "records.task"
STATUS = {
    JobStatus.QUEUED: TaskResultStatus.READY,
    JobStatus.RUNNING: TaskResultStatus.RUNNING,
    JobStatus.DONE: TaskResultStatus.SUCCESSFUL,
    JobStatus.FAILED: TaskResultStatus.FAILED,
    JobStatus.CANCELLED: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkContext(TaskContext):
    """The context of a task, with the work's progress and its one transaction of writes."""

    work: Work


class LeaseBackend(BaseTaskBackend):
    """Keeps tasks as jobs with lease, heartbeat and attempt number."""

    supports_defer = True
    supports_async_task = False  # work is written in one transaction, and Django's transactions are of a thread
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """The task as a job, in the transaction around the call."""
        self.validate_task(task)
        arguments = {
            "task": task.module_path, "queue": task.queue_name,
            "args": normalize_json(list(args)), "kwargs": normalize_json(dict(kwargs)),
        }  # fmt: skip
        job = enqueue(KIND, arguments, title=task.name, by=None, due_at=task.run_after, priority=task.priority)
        result = self.result_of(job, task)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult:
        """The task as it stands now, or ``TaskResultDoesNotExist``."""
        job = Job.objects.filter(pk=result_id, kind=KIND).first() if str(result_id).isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self.result_of(job, task_of(job))

    def result_of(self, job: Job, task: Task) -> TaskResult:
        """A job in the words of the interface."""
        errors = []
        if job.fault_class:
            errors.append(TaskError(exception_class_path=job.fault_class, traceback=f"{job.reference} {job.fault}"))
        result: TaskResult = TaskResult(
            task=task,
            id=str(job.pk),
            status=STATUS[JobStatus(job.status)],
            enqueued_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.heartbeat_at,
            args=job.arguments["args"],
            kwargs=job.arguments["kwargs"],
            backend=self.alias,
            errors=errors,
            worker_ids=list(job.workers),
        )
        object.__setattr__(result, "_return_value", (job.result or {}).get("value"))
        return result


def task_of(job: Job) -> Task:
    """The task that a job is of; refused when this version has no such task."""
    try:
        task = import_string(job.arguments["task"])
    except ImportError:
        task = None
    if not isinstance(task, Task):
        raise JobRefused(job.arguments["task"])
    return task.using(priority=job.priority, queue_name=job.arguments["queue"], run_after=job.due_at)


@job_kind(KIND)
def run_task(work: Work) -> dict[str, Any]:
    """Calls the task; its return value is the job's result."""
    task = task_of(work.job)
    backend = task.get_backend()
    if not isinstance(backend, LeaseBackend):
        raise JobRefused(work.job.arguments["task"])
    result = backend.result_of(work.job, task)
    task_started.send(type(backend), task_result=result)
    context = (WorkContext(task_result=result, work=work),) if task.takes_context else ()
    try:
        value = normalize_json(task.call(*context, *result.args, **result.kwargs))
    except Exception:
        if work.attempt >= work.job.attempts_allowed:
            _finished(backend, result, TaskResultStatus.FAILED)
        raise
    if not work.finished:
        with work.finishing() as kept:
            kept["value"] = value
    _finished(backend, result, TaskResultStatus.SUCCESSFUL)
    return {**work.result, "value": value}


def _finished(backend: LeaseBackend, result: TaskResult, status: TaskResultStatus) -> None:
    object.__setattr__(result, "status", status)
    object.__setattr__(result, "finished_at", timezone.now())
    task_finished.send(type(backend), task_result=result)
