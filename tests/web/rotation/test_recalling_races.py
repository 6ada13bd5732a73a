"""Recalls that meet: two notices to one teacher, one number for two, a return that comes first, two outcomes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import racing

from junheng.web.records.models import AuditEvent
from junheng.web.rotation import expiring
from junheng.web.rotation.actions import recalling
from junheng.web.rotation.models import RecallOutcome, RotationYear, SecondmentRecall
from junheng.web.staffing.actions import registers
from junheng.web.staffing.models import NotInPostEntry, SecondmentEntry, Teacher
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)
BEGUN, OVER, TODAY = date(2025, 9, 1), date(2027, 2, 28), date(2027, 3, 10)


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    """As :func:`racing.at_once`; nothing is raised but a refusal in words."""
    answers = racing.at_once(*doing)
    assert all(not isinstance(each, Exception) or isinstance(each, RefusedError) for each in answers), answers
    return answers


def refused(answers: list[Any]) -> int:
    """How many were refused in words."""
    return sum(isinstance(each, RefusedError) for each in answers)


@pytest.fixture
def year(service: Any, cast: Any, settings: Any) -> RotationYear:
    """A year in service on 10 March; the secondments of Alice and Carol ended ten days ago."""
    service.now(3, 10)
    for who in ("alice", "carol"):
        SecondmentEntry.objects.create(
            teacher=cast.teachers[who], direction="out", unit="县文旅局", start=BEGUN, end=OVER,
            document_number="云教〔2025〕3号", valid_from=BEGUN, source="test",
        )  # fmt: skip
    made: RotationYear = service.year()
    settings.WIDEN_RACES = 0.2
    return made


def recalls(cast: Any, year: RotationYear, number: int, who: str = "alice") -> Callable[[], Any]:
    """The clerk issues a notice to somebody whom he has just read from the list."""
    found = {each.teacher: each for each in expiring.to_return(year.county, TODAY)}[cast.teachers[who]]
    return lambda: recalling.recall(
        year,
        found,
        number=f"云教人〔2027〕{number}号",
        issued_on=date(2027, 3, 9),
        days=10,
        by=cast.users["bureau_clerk"],
    )


def settles(cast: Any, found: SecondmentRecall, outcome: str) -> Callable[[], Any]:
    """Somebody records what came of a notice."""
    return lambda: recalling.settle(
        found, outcome=outcome, on=TODAY, reason="单位不放人", by=cast.users["section_head"]
    )


def comes_back(cast: Any) -> Callable[[], Any]:
    """The secondment of Alice is ended in the register, without a notice."""
    entry = SecondmentEntry.objects.current().get(teacher=cast.teachers["alice"])
    return lambda: registers.end(entry, on=TODAY, by=cast.users["section_head"], reason="已返回")


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """As many as have passed their checks and are about to write."""
    found, plain = [], recalling.pause

    def noted() -> None:
        found.append(1)
        plain()

    monkeypatch.setattr(recalling, "pause", noted)
    return found


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds a row, and reading and writing are no longer one."""
    for module in (recalling, registers):
        monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))
        monkeypatch.setattr(module, "record", lambda *_given, **_words: None)
    monkeypatch.setattr(recalling, "in_line", lambda given: given)
    for model in (Teacher, SecondmentRecall):
        plain = model.objects
        monkeypatch.setattr(plain, "select_for_update", lambda plain=plain, **_given: plain.all(), raising=False)
    for module, names in ((recalling, ("recall", "settle")), (registers, ("enter", "end"))):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)


def whatever(*doing: Callable[[], Any]) -> None:
    """At once, where a last resort of the database may stop what the lock should have."""
    for each in racing.at_once(*doing):
        assert not isinstance(each, Exception) or "IntegrityError" in repr(each) or isinstance(each, RefusedError), each


# --- two notices ------------------------------------------------------------------------------------------------------


def test_of_two_notices_to_one_teacher_at_once_one_is_issued(cast: Any, year: RotationYear, passed: list[int]) -> None:
    assert refused(at_once(recalls(cast, year, 8), recalls(cast, year, 9))) == 1
    assert (SecondmentRecall.objects.count(), len(passed)) == (1, 1)
    assert AuditEvent.objects.filter(action="rotation.secondment.recalled").count() == 1


def test_the_same_notice_twice_at_once_is_one(cast: Any, year: RotationYear, passed: list[int]) -> None:
    found = at_once(*[recalls(cast, year, 8)] * 2)
    assert found[0] == found[1] == SecondmentRecall.objects.get()
    assert len(passed) == 1


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_both_would_issue_a_notice(cast: Any, year: RotationYear, passed: list[int]) -> None:
    whatever(recalls(cast, year, 8), recalls(cast, year, 9))
    assert len(passed) == 2


def test_of_two_teachers_under_one_number_at_once_one_is_told_that_it_is_used(
    cast: Any, year: RotationYear, passed: list[int]
) -> None:
    answers = at_once(recalls(cast, year, 8), recalls(cast, year, 8, "carol"))
    assert refused(answers) == 1
    assert (SecondmentRecall.objects.count(), len(passed)) == (1, 1)


@pytest.mark.usefixtures("unlocked")
def test_without_the_line_both_teachers_would_be_under_one_number(
    cast: Any, year: RotationYear, passed: list[int]
) -> None:
    whatever(recalls(cast, year, 8), recalls(cast, year, 8, "carol"))
    assert len(passed) == 2


# --- a notice and a return --------------------------------------------------------------------------------------------


def test_who_has_come_back_is_not_called_back(cast: Any, year: RotationYear, settings: Any) -> None:
    settings.WIDEN_RACES = 0
    issue = recalls(cast, year, 8)
    comes_back(cast)()
    with pytest.raises(RefusedError, match="已经结束"):
        issue()
    assert not SecondmentRecall.objects.exists()


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which order a notice was written and the register's entry ended."""
    found: list[str] = []
    for name in ("recalling", "registers"):
        module = {"recalling": recalling, "registers": registers}[name]
        plain = module.record

        def noted(*given: Any, plain: Any = plain, **words: Any) -> Any:
            found.append(given[1].rpartition(".")[2])
            return plain(*given, **words)

        monkeypatch.setattr(module, "record", noted)
    return found


def test_a_notice_and_a_return_follow_one_another(cast: Any, year: RotationYear, order: list[str]) -> None:
    recalled, ended = at_once(recalls(cast, year, 8), comes_back(cast))
    assert ended is None
    assert order == (["ended"] if refused([recalled]) else ["recalled", "ended"])


def test_without_the_second_look_who_came_back_first_is_called_back(
    cast: Any, year: RotationYear, order: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIDEN_RACES = 0
    monkeypatch.setattr(recalling, "_is_still_away", lambda *_given: True)
    issue = recalls(cast, year, 8)
    comes_back(cast)()
    issue()
    assert order == ["ended", "recalled"]


# --- two outcomes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def issued(cast: Any, year: RotationYear, settings: Any) -> SecondmentRecall:
    """A notice to Alice of which nothing is known yet."""
    settings.WIDEN_RACES = 0
    made: SecondmentRecall = recalls(cast, year, 8)()
    settings.WIDEN_RACES = 0.2
    return made


def test_of_a_return_and_a_vacancy_at_once_the_return_stays(
    cast: Any, issued: SecondmentRecall, passed: list[int]
) -> None:
    back, _vacant = at_once(settles(cast, issued, "returned"), settles(cast, issued, "vacant"))
    assert not refused([back])
    assert SecondmentRecall.objects.get().outcome == RecallOutcome.RETURNED
    assert not NotInPostEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()
    assert not SecondmentEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()
    assert len(passed) in (1, 2)


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_who_has_returned_may_be_counted_as_not_in_post(
    cast: Any, issued: SecondmentRecall, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def meanwhile() -> None:
        if not done:
            done.append(1)
            at_once(settles(cast, issued, "returned"))

    monkeypatch.setattr(recalling, "pause", meanwhile)
    at_once(settles(cast, issued, "vacant"))
    assert SecondmentRecall.objects.get().outcome == RecallOutcome.VACANT
    assert NotInPostEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()
    assert not SecondmentEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()


def test_the_same_return_twice_at_once_is_one(cast: Any, issued: SecondmentRecall, passed: list[int]) -> None:
    found = at_once(*[settles(cast, issued, "returned")] * 2)
    assert found == [issued, issued]
    assert len(passed) == 1
    assert AuditEvent.objects.filter(action="rotation.secondment.returned").count() == 1
    assert AuditEvent.objects.filter(action="staffing.secondment.ended").count() == 1
