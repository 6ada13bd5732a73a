"""Many at once: each teacher has one application, the deadline divides, of two who act on one thing one wins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from threading import Lock
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from racing import at_once

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant, User
from junheng.web.records.models import AuditEvent
from junheng.web.rotation.actions import asking, reviewing
from junheng.web.rotation.actions.asking import AlreadySubmittedError, Asked
from junheng.web.rotation.actions.reviewing import Decision
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Level,
    Phase,
    PhaseKind,
    ReviewOutcome,
    ReviewStep,
)
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)
TEACHERS, TIMES, CLIENTS = 200, 3, 6


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year in which everything is open at once; Alice may move."""
    made = make_year(PhaseKind.APPLICATIONS, PhaseKind.NOMINATIONS, PhaseKind.REVIEW)
    judge(made, "alice")
    return made


def without_lock(monkeypatch: pytest.MonkeyPatch, module: Any, model: Any) -> None:
    """Reading and writing are no longer one, and nobody holds the row that decides."""
    monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(model.objects, "select_for_update", lambda **_given: model.objects.all(), raising=False)


# --- two hundred teachers press three times -------------------------------------------------------------------------


@pytest.fixture
def crowd(cast: Any, year: Any, judge: Any) -> list[tuple[User, UUID]]:
    """Two hundred teachers of 育才 with accounts and a verdict, each with the key of the form before him."""
    found = []
    for number in range(TEACHERS):
        user = User.objects.create_user(
            username=f"c{number:03}", password=None, name=f"教师{number}", organisation=cast.yucai, duty="business"
        )
        RoleGrant.objects.create(user=user, role=Role.TEACHER, organisation=cast.yucai, start=date(2020, 1, 1))
        teacher = Teacher.objects.create(county=cast.county, number=f"C{number:03}", user=user)
        TeacherState.objects.create(
            teacher=teacher, name=f"教师{number}", school=cast.yucai, sex="female", birth_date=date(1985, 5, 12),
            stage="junior", main_subject="maths", education="bachelor", valid_from=date(2026, 8, 31), source="test",
        )  # fmt: skip
        judge(year, teacher)
        found.append((user, uuid4()))
    return found


def test_two_hundred_teachers_who_send_three_times_have_two_hundred_applications(
    crowd: Any, year: Any, cast: Any
) -> None:
    """By way of the pages, from several clients at once; every answer leads to the one receipt."""
    address, queue, lock = reverse("rotation:apply", args=(year.pk,)), [], Lock()
    for user, key in crowd:
        form = {"key": str(key), "form": "rotation", "wish_1": str(cast.xishan.pk), "obeys": "on", "reason": "想去"}
        queue += [(user, form, time) for time in range(TIMES)]
    queue.sort(key=lambda each: each[0].pk * TIMES + each[2])
    answers: dict[int, list[tuple[int, str]]] = {}

    def client() -> None:
        while True:
            with lock:
                if not queue:
                    return
                user, form, _time = queue.pop(0)
            browser = Client()
            browser.force_login(user)
            answer = browser.post(address, form)
            with lock:
                answers.setdefault(user.pk, []).append((answer.status_code, answer.get("Location", "")))

    faults = [each for each in at_once(*[client] * CLIENTS) if each is not None]
    assert faults == []
    assert Application.objects.filter(year=year).count() == TEACHERS
    assert AuditEvent.objects.filter(action="rotation.application.submitted").count() == TEACHERS
    assert {len(each) for each in answers.values()} == {TIMES}
    assert {len(set(each)) for each in answers.values()} == {1}
    assert {status for each in answers.values() for status, _to in each} == {302}


def submissions(cast: Any, year: Any, keys: list[UUID]) -> list[Any]:
    """Alice hands in from several windows at once."""

    def send(key: UUID) -> Callable[[], Any]:
        return lambda: asking.hand_in(
            year, Teacher.objects.get(pk=cast.teachers["alice"].pk), Asked([cast.xishan], "想去"), key=key,
            at=timezone.now(), by=cast.users["teacher"],
        )  # fmt: skip

    return at_once(*[send(key) for key in keys])


def test_of_several_windows_one_hands_in_and_the_others_are_shown_it(year: Any, cast: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.1
    answers = submissions(cast, year, [uuid4() for _each in range(3)])
    made = [each for each in answers if isinstance(each, Application)]
    shown = [each.application for each in answers if isinstance(each, AlreadySubmittedError)]
    assert len(made) == 1
    assert shown == made * 2


def test_the_constraint_alone_makes_them_one_and_gives_a_clear_answer(
    year: Any, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIDEN_RACES = 0.1
    plain = asking.present
    asked = iter(range(100))
    monkeypatch.setattr(asking, "present", lambda *given: None if next(asked) < 2 else plain(*given))
    monkeypatch.setattr(Teacher.objects, "select_for_update", lambda **_given: Teacher.objects.all(), raising=False)
    answers = submissions(cast, year, [uuid4(), uuid4()])
    assert sorted(type(each).__name__ for each in answers) == ["AlreadySubmittedError", "Application"]


def test_without_lock_and_constraint_a_teacher_has_two(
    year: Any, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIDEN_RACES = 0.2
    without_lock(monkeypatch, asking, Teacher)
    monkeypatch.setattr(asking, "record", lambda *_given, **_words: None)
    constraint = next(each for each in Application._meta.constraints if each.name == "one_application_of_a_teacher")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Application, constraint)
    try:
        answers = submissions(cast, year, [uuid4() for _each in range(3)])
        assert not any(isinstance(each, Exception) for each in answers), answers
        assert Application.objects.exclude(status="withdrawn").count() > 1
    finally:
        Application.objects.all().update(status="withdrawn")
        with connection.schema_editor() as editor:
            editor.add_constraint(Application, constraint)


# --- the deadline ---------------------------------------------------------------------------------------------------


def test_whoever_arrived_in_time_is_in_and_nobody_else_however_the_queue_moves(
    year: Any, cast: Any, settings: Any, crowd: Any
) -> None:
    settings.WIDEN_RACES = 0.02
    end = timezone.now() + timedelta(seconds=1)
    Phase.objects.filter(year=year, kind=PhaseKind.APPLICATIONS).update(closes=end)

    def send(number: int) -> Callable[[], Any]:
        user, key = crowd[number]
        at = end + timedelta(microseconds=100 * (number - 10) + 50)  # ten before, ten after
        return lambda: asking.hand_in(
            year, user.teacher, Asked([cast.xishan], "想去"), key=key, at=at, by=user
        )  # fmt: skip

    order = [*range(19, 9, -1), *range(10)]  # the late ones stand first in the queue
    answers = dict(zip(order, at_once(*[send(number) for number in order]), strict=True))
    assert sorted(number for number, each in answers.items() if isinstance(each, Application)) == list(range(10))
    assert Application.objects.count() == 10


# --- two who act on one thing ---------------------------------------------------------------------------------------


def waiting_application(cast: Any, year: Any) -> Application:
    """Alice's application on the cluster's table."""
    now = timezone.now()
    return Application.objects.create(
        year=year, teacher=cast.teachers["alice"], school=cast.yucai, number="R-1", status="at_school",
        submitted_at=now, received_at=now, key=uuid4(),
    )  # fmt: skip


def decides(
    cast: Any, year: Any, made: Application, outcome: ReviewOutcome = ReviewOutcome.ACCEPTED
) -> Callable[[], Any]:
    """A cluster head decides."""
    said = Decision(outcome, "意见", "R-161", uuid4())
    return lambda: reviewing.decide(
        year, [made.pk], Level.CLUSTER, said, at=timezone.now(), by=cast.users["cluster_head"]
    )


def withdraws(cast: Any, made: Application) -> Callable[[], Any]:
    """Alice withdraws."""
    return lambda: asking.withdraw(made, at=timezone.now(), by=cast.users["teacher"])


def refused(answers: list[Any]) -> int:
    """How many were refused; anything else that was raised is an error."""
    assert all(not isinstance(each, Exception) or isinstance(each, RefusedError) for each in answers), answers
    return sum(isinstance(each, RefusedError) for each in answers)


def test_of_withdrawing_and_rejecting_one_happens(year: Any, cast: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.1
    for _round in range(3):
        made = waiting_application(cast, year)
        answers = at_once(decides(cast, year, made, ReviewOutcome.REJECTED), withdraws(cast, made))
        made.refresh_from_db()
        assert refused(answers) == 1
        assert (made.status == "rejected") == ReviewStep.objects.filter(application=made).exists()
        assert made.status in {"rejected", "withdrawn"}
        ReviewStep.objects.all().delete()
        Application.objects.all().delete()


def test_without_the_lock_both_happen(year: Any, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WIDEN_RACES = 0.2
    without_lock(monkeypatch, reviewing, Application)
    monkeypatch.setattr(asking, "record", lambda *_given, **_words: None)
    monkeypatch.setattr(reviewing, "record_many", lambda *_given, **_words: None)
    monkeypatch.setattr(asking, "withdraw", asking.withdraw.__wrapped__)
    made = waiting_application(cast, year)
    answers = at_once(decides(cast, year, made, ReviewOutcome.REJECTED), withdraws(cast, made))
    assert not any(isinstance(each, Exception) for each in answers), answers
    assert ReviewStep.objects.get().outcome == "rejected"


def test_of_two_approvers_one_decides(year: Any, cast: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.1
    for _round in range(3):
        made = waiting_application(cast, year)
        answers = at_once(decides(cast, year, made), decides(cast, year, made, ReviewOutcome.REJECTED))
        assert refused(answers) == 1
        made.refresh_from_db()
        step = ReviewStep.objects.get(application=made)
        assert made.status == (ApplicationStatus.AT_CLUSTER if step.outcome == "accepted" else "rejected")
        ReviewStep.objects.all().delete()
        Application.objects.all().delete()


def test_without_the_lock_two_approvers_meet_at_the_constraint(
    year: Any, cast: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row lock is gone, the uniqueness of a step stays: still one decision, and a clear answer for the other."""
    settings.WIDEN_RACES = 0.2
    monkeypatch.setattr(
        Application.objects, "select_for_update", lambda **_given: Application.objects.all(), raising=False
    )
    made = waiting_application(cast, year)
    answers = at_once(decides(cast, year, made), decides(cast, year, made, ReviewOutcome.REJECTED))
    assert refused(answers) == 1
    assert ReviewStep.objects.count() == 1
