"""Planning and publishing broken off at every write, and with workers that die: wholly or not at all, and once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from junheng.web.records.jobs import leasing, run_due
from junheng.web.records.jobs.working import Work, perform
from junheng.web.records.models import AuditEvent, Job, JobStatus
from junheng.web.rotation import proofs
from junheng.web.rotation.actions import adopting, notices
from junheng.web.rotation.actions import scenarios as actions
from junheng.web.rotation.models import (
    Move,
    NoticeRow,
    Phase,
    PhaseKind,
    Placement,
    PlanFile,
    Scenario,
    ScenarioStatus,
)

# --- breaking off ----------------------------------------------------------------------------------------------------


class Broken(RuntimeError):  # noqa: N818 - an event
    """The process dies here."""


@contextmanager
def breaking_at(write: int) -> Iterator[list[str]]:
    """Raises at the n-th write to the tables of the room or the trail; counts them."""
    seen: list[str] = []

    def guard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        first = sql.lstrip()[:6].upper()
        if first in {"INSERT", "UPDATE", "DELETE"} and ("rotation_" in sql or "records_auditevent" in sql):
            seen.append(sql[:60])
            if len(seen) == write:
                raise Broken(sql[:60])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield seen


def state_of(scenario: Scenario) -> tuple[Any, ...]:
    """What of a scenario there is."""
    held = Scenario.objects.get(pk=scenario.pk)
    return (
        held.status, held.root != "", Move.objects.filter(scenario=held).count(),
        PlanFile.objects.filter(scenario=held).count(), held.version, held.notices.exclude(status="draft").count(),
        NoticeRow.objects.filter(notice__scenario=held).count(), Placement.objects.filter(year=held.year).count(),
        AuditEvent.objects.filter(object_kind="rotation.scenario", object_id=str(held.pk)).count(),
    )  # fmt: skip


def at_every_write(act: Callable[[], Any], state: Callable[[], Any]) -> int:
    """Breaks ``act`` off at each of its writes: what there is must be what there was; unbroken it changes it."""
    before, points = state(), 0
    while True:
        points += 1
        with transaction.atomic():
            try:
                with transaction.atomic(), breaking_at(points) as seen:
                    act()
            except Broken:
                assert state() == before, f"write {points}: {seen[-1]}"
                continue
            assert state() != before
            transaction.set_rollback(True)
        return points - 1


def test_a_plan_is_saved_wholly_or_not_at_all(bureau: Any) -> None:
    run_due()
    made = actions.ask_for(bureau.year, actions.Asked("断点", gap=0.02), by=bureau.users["clerk"])
    job = Job.objects.get(subject_kind="rotation.scenario", subject_id=str(made.pk))
    real, before = leasing.claim("tests"), state_of(made)
    assert real is not None
    assert real.pk == job.pk
    for point in range(1, 60):
        with breaking_at(point) as seen:
            perform(Work(Job.objects.get(pk=job.pk)))
        if len(seen) < point:
            break
        assert state_of(made) == before, seen
        Job.objects.filter(pk=job.pk).update(
            status=JobStatus.RUNNING, finished_at=None, lease_until=timezone.now() + timedelta(hours=1)
        )
    assert len(seen) >= 4
    assert state_of(made)[0] == ScenarioStatus.READY
    assert state_of(made)[2] > 0
    assert AuditEvent.objects.filter(action="rotation.plan.computed", object_id=str(made.pk)).count() == 1


def test_choosing_publishing_and_adopting_break_off_without_a_trace(ready: Any) -> None:
    scenario, head = ready.scenario, ready.users["head"]
    state = lambda: state_of(scenario)  # noqa: E731
    now = timezone.now()
    assert at_every_write(lambda: adopting.propose(scenario, by=head, version=1), state) >= 2
    adopting.propose(scenario, by=head, version=1)
    drafted = notices.draft(ready.year, kind="results", words=ready.words, by=ready.users["clerk"])
    assert at_every_write(lambda: notices.publish(drafted, by=head), state) >= 4
    made = notices.publish(drafted, by=head, at=now)
    late = made.closes + timedelta(minutes=1)
    Phase.objects.filter(year=ready.year, kind=PhaseKind.OBJECTIONS).update(opens=now, closes=late + timedelta(days=1))
    adopt = lambda: adopting.adopt(scenario, by=ready.users["leader"], at=late)  # noqa: E731
    assert at_every_write(adopt, state) >= 3


# --- a worker is killed ----------------------------------------------------------------------------------------------


def test_a_plan_whose_worker_was_killed_is_computed_anew_and_written_once(bureau: Any, monkeypatch: Any) -> None:
    """The first falls silent before it writes; its lease runs out, another finishes, the first comes too late."""
    run_due()
    made = actions.ask_for(bureau.year, actions.Asked("中断", gap=0.02), by=bureau.users["clerk"])
    first = leasing.claim("the worker that dies")
    assert first is not None
    work = Work(first, beating=True)
    plain = proofs.write

    def silent(*given: Any, **named: Any) -> Any:
        """While the first is at its proof, its lease runs out and a second does everything."""
        monkeypatch.setattr(proofs, "write", plain)
        Job.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        run_due()
        return plain(*given, **named)

    monkeypatch.setattr(proofs, "write", silent)
    perform(work)
    held = Scenario.objects.get(pk=made.pk)
    job = Job.objects.get(pk=first.pk)
    assert (job.status, job.attempt) == (JobStatus.DONE, 2)
    assert held.status == ScenarioStatus.READY
    assert Move.objects.filter(scenario=held).count() == held.moves_count
    assert AuditEvent.objects.filter(action="rotation.plan.computed", object_id=str(held.pk)).count() == 1
    assert PlanFile.objects.filter(scenario=held).count() == 1
