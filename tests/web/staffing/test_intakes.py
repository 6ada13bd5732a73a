"""A file on its way in: rehearsed, confirmed, written once, whoever crashes or clicks at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from openpyxl import load_workbook

from junheng.documents import county_digest, write_county
from junheng.facts import County, Leave, LeaveKind, Role
from junheng.facts.synthetic import make_small_county
from junheng.web.directory.models import Organisation, User
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent, Job
from junheng.web.staffing import intake as taking
from junheng.web.staffing import snapshot
from junheng.web.staffing.actions import intakes as actions
from junheng.web.staffing.intake.plans import fingerprint_of, plan_for
from junheng.web.staffing.ledgers import LEDGERS
from junheng.web.staffing.models import Intake, IntakeLine, IntakeState, LineState, Snapshot

ON_POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def small() -> County:
    return make_small_county()


@pytest.fixture
def county(db: None, small: County) -> Organisation:
    return Organisation.objects.create(kind="county", code="990101", name=small.name)


@pytest.fixture
def clerk(county: Organisation) -> User:
    return User.objects.create_user(username="clerk", password=None, name="经办人", organisation=county)


@pytest.fixture
def filled(county: Organisation, small: County) -> Organisation:
    taking.take_in(county, small, by=None, source="test")
    return county


def changed(county: County) -> County:
    """One new title of office, one leave, one person gone."""
    first, second, *rest = county.teachers
    gone = next(t for t in rest if not any(t.id == o.family.spouse_id for o in county.teachers))
    leave = Leave(kind=LeaveKind.SICK, start=county.on)
    teachers = (replace(first, role=Role.DEAN), replace(second, leaves=(leave,)), *(t for t in rest if t is not gone))
    return replace(county, teachers=teachers)


def everything() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {each.key: list(each.model.objects.order_by("pk").values_list()) for each in LEDGERS}
    for model in (Organisation, Snapshot, AuditEvent):
        found[model.__name__] = list(model.objects.order_by("pk").values_list())
    return found


def offered(county: Organisation, by: User, path: Path, **given: Any) -> Intake:
    offer = actions.Offer(
        organisation=county, file=BytesIO(path.read_bytes()), file_name=path.name, file_size=path.stat().st_size,
        **{"key": path.name, "whole": True} | given,
    )  # fmt: skip
    made = actions.upload(offer, by=by)
    run_due()
    made.refresh_from_db()
    return made


def test_a_workbook_is_rehearsed_confirmed_and_written(
    county: Organisation, clerk: User, small: County, tmp_path: Path
) -> None:
    write_county(small, tmp_path / "a.xlsx")
    made = offered(county, clerk, tmp_path / "a.xlsx")
    assert made.state == IntakeState.READY, made.refusal
    assert made.counts["teacher"]["new"] == len(small.teachers)
    assert snapshot.county_of(county, small.on).teachers == (), "a rehearsal writes no data"
    actions.confirm(made, made.rehearsal, by=clerk)
    run_due()
    made.refresh_from_db()
    assert made.state == IntakeState.WRITTEN and made.snapshot.digest == county_digest(small)
    assert snapshot.county_of(county, small.on) == small
    again = offered(county, clerk, tmp_path / "a.xlsx", key="2")
    assert again.state == IntakeState.SAME and not again.lines.exists()
    assert again.counts["teacher"]["unchanged"] == len(small.teachers)


def test_each_change_is_told_field_by_field_and_what_is_sensitive_is_not(
    filled: Organisation, clerk: User, small: County, tmp_path: Path
) -> None:
    family = replace(small.teachers[4], pregnant=True)
    told = changed(small)
    told = replace(told, teachers=tuple(family if t.id == family.id else t for t in told.teachers))
    write_county(told, tmp_path / "a.xlsx")
    made = offered(filled, clerk, tmp_path / "a.xlsx")
    counts = made.counts["teacher"]
    assert (counts["new"], counts["changed"], counts["leaving"]) == (0, 3, 1)
    by_code = {line.code: line for line in made.lines.all()}
    assert by_code[small.teachers[0].id].changes == [
        {"sheet": "teachers", "field": "role", "before": small.teachers[0].role.value, "after": "dean"}
    ]
    assert by_code[small.teachers[1].id].changes == [
        {"sheet": "leaves", "after": {"kind": "sick", "start": small.on.isoformat()}}
    ]
    assert by_code[family.id].changes[0]["hidden"] is True and "pregnant" not in str(by_code[family.id].changes)


def test_sheets_that_are_absent_stay_as_they_are(
    filled: Organisation, clerk: User, small: County, tmp_path: Path
) -> None:
    write_county(changed(small), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    for title in book.sheetnames:
        if title not in {"县区", "教师"}:
            del book[title]
    book.save(tmp_path / "part.xlsx")
    made = offered(filled, clerk, tmp_path / "part.xlsx", whole=False)
    assert made.state == IntakeState.READY, [line.said for line in made.lines.all()]
    assert [(line.code, line.state) for line in made.lines.all()] == [(small.teachers[0].id, LineState.CHANGED)]
    whole = offered(filled, clerk, tmp_path / "part.xlsx", key="whole")
    assert sorted(line.state for line in whole.lines.all()) == [LineState.CHANGED, LineState.LEAVING]
    actions.confirm(whole, whole.rehearsal, by=clerk)
    run_due()
    assert len(snapshot.county_of(filled, small.on).teachers) == len(small.teachers) - 1


class Crash(Exception):  # noqa: N818
    """The process dies here."""


def crashing(at: int, *, after: bool) -> Callable[..., Any]:
    """Lets writes pass until the given one, and dies before or after it."""
    seen = 0

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if not sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            return execute(sql, params, many, context)
        seen += 1
        if seen == at and not after:
            raise Crash
        result = execute(sql, params, many, context)
        if seen == at:
            raise Crash
        return result

    return wrapper


def crash_points(county: Organisation, target: County) -> Iterator[dict[str, list[Any]]]:
    """What there is after a crash at each write, before and after it, until there is no crash any more."""
    for at in range(1, 200):
        for after in (False, True):
            plan, seen = plan_for(county, target), fingerprint_of(county)
            with connection.execute_wrapper(crashing(at, after=after)):
                try:
                    with taking.transaction.atomic():
                        taking.carry_out(plan, seen, by=None, source="crash")
                except Crash:
                    yield everything()
                    continue
            return


@pytest.mark.parametrize("first", [True, False], ids=["into an empty county", "onto data"])
def test_a_crash_at_any_write_leaves_the_old_state_and_the_next_try_gives_the_new(
    county: Organisation, small: County, first: bool
) -> None:
    target = small
    if not first:
        taking.take_in(county, small, by=None, source="test")
        target = changed(small)
    old, points = everything(), 0
    for found in crash_points(county, target):
        assert found == old
        points += 1
    assert points >= 20
    assert county_digest(snapshot.county_of(county, small.on)) == county_digest(target)


def test_without_the_one_transaction_a_crash_would_leave_half(
    filled: Organisation, small: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the same crashes with the protection off are seen."""
    old = everything()
    real = taking.transaction.atomic
    monkeypatch.setattr(taking.transaction, "atomic", nullcontext)
    plan, seen = plan_for(filled, changed(small)), fingerprint_of(filled)
    with pytest.raises(Crash), connection.execute_wrapper(crashing(4, after=False)):
        taking.carry_out(plan, seen, by=None, source="crash")
    monkeypatch.setattr(taking.transaction, "atomic", real)
    connection.set_rollback(False)
    assert everything() != old


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Calls at the same time, each on a connection of its own; what each gave or raised."""
    results: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(at: int) -> None:
        try:
            start.wait(10)
            results[at] = calls[at]()
        except Exception as fault:
            results[at] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def ready(transactional_db: None, filled: Organisation, clerk: User, small: County, tmp_path: Path) -> Intake:
    write_county(changed(small), tmp_path / "a.xlsx")
    return offered(filled, clerk, tmp_path / "a.xlsx")


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_counts(ready: Intake, clerk: User, settings: Any) -> None:
    settings.WIDEN_RACES = 0.2
    results = together(*[lambda: actions.confirm(Intake.objects.get(pk=ready.pk), 1, by=clerk)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["Intake", "NotNowError"]
    assert AuditEvent.objects.filter(action="staffing.intake.confirmed").count() == 1
    settings.WIDEN_RACES = 0
    run_due()
    assert AuditEvent.objects.filter(action="staffing.intake.written").count() == 1
    ready.refresh_from_db()
    assert ready.state == IntakeState.WRITTEN


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite lets only one write at a time, locked or not")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_confirmations_would_count(
    ready: Intake, clerk: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    settings.WIDEN_RACES = 0.5
    monkeypatch.setattr(actions, "_held", lambda made: Intake.objects.get(pk=made.pk))
    together(*[lambda: actions.confirm(Intake.objects.get(pk=ready.pk), 1, by=clerk)] * 2)
    assert AuditEvent.objects.filter(action="staffing.intake.confirmed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_intakes_written_at_once_the_second_must_be_rehearsed_again(filled: Organisation, small: County) -> None:
    one, two = (
        changed(small),
        replace(small, teachers=(*small.teachers[:-1], replace(small.teachers[-1], note="另一份"))),
    )

    def write(target: County) -> Callable[[], Any]:
        plan, seen = plan_for(filled, target), fingerprint_of(filled)

        def go() -> Any:
            with taking.transaction.atomic():
                return taking.carry_out(plan, seen, by=None, source="race")

        return go

    results = together(write(one), write(two))
    assert sorted(type(each).__name__ for each in results) == ["CountyChangedError", "Taken"]
    written = county_digest(snapshot.county_of(filled, small.on))
    assert written in {county_digest(one), county_digest(two)}


@pytest.mark.django_db(transaction=True)
def test_without_the_comparison_the_second_would_run_into_the_first(
    filled: Organisation, small: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: only a constraint of the database would then stand between them."""
    one = changed(small)
    two = replace(one, teachers=tuple(replace(t, note="另一份") for t in one.teachers))
    plans = [plan_for(filled, target) for target in (one, two)]
    monkeypatch.setattr(taking, "fingerprint_of", lambda _county: "")
    taking.take_in(filled, one, by=None, source="first")
    with pytest.raises(IntegrityError), taking.transaction.atomic():
        taking.carry_out(plans[1], "", by=None, source="second")


def test_a_job_that_is_tried_again_writes_once(
    filled: Organisation, clerk: User, small: County, tmp_path: Path
) -> None:
    write_county(changed(small), tmp_path / "a.xlsx")
    made = offered(filled, clerk, tmp_path / "a.xlsx")
    actions.confirm(made, made.rehearsal, by=clerk)
    run_due()
    done = everything()
    Job.objects.filter(kind="staffing.intake.write").update(status="queued", finished_at=None)
    run_due()
    assert everything() == done


def test_a_rehearsal_that_died_can_be_asked_for_again(
    filled: Organisation, clerk: User, small: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from junheng.web.staffing import jobs

    def dies(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("lost")

    monkeypatch.setattr(jobs, "rehearse", dies)
    write_county(changed(small), tmp_path / "a.xlsx")
    made = offered(filled, clerk, tmp_path / "a.xlsx")
    Job.objects.update(status="failed", finished_at=made.uploaded_at, lease_until=None)
    made = Intake.objects.select_related("job").get(pk=made.pk)
    assert made.is_stuck and not IntakeLine.objects.exists()
    monkeypatch.undo()
    actions.rehearse_again(made, by=clerk)
    run_due()
    made.refresh_from_db()
    assert made.state == IntakeState.READY
