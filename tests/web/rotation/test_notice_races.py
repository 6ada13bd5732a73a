"""Publishing, objecting, adopting, ordering and first days that meet: one after the other, and what shows if not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import racing
from django.utils import timezone

from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import proofs
from junheng.web.rotation.actions import adopting, headcounts, notices, objections, ordering
from junheng.web.rotation.actions.objections import Said
from junheng.web.rotation.actions.ordering import OrderHead
from junheng.web.rotation.models import (
    HeadCount,
    NoticeRow,
    NoticeStatus,
    Objection,
    Order,
    OrderLine,
    PhaseKind,
    Placement,
    PublicNotice,
    RotationYear,
    Scenario,
    ScenarioStatus,
)
from junheng.web.staffing.models import AppointmentEntry
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2026, 9, 1)


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    """As :func:`racing.at_once`; nothing is raised but a refusal in words."""
    answers = racing.at_once(*doing)
    assert all(not isinstance(each, Exception) or isinstance(each, RefusedError) for each in answers), answers
    return answers


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, doing: Callable[[], Any]) -> None:
    """Whoever has passed his checks in the module waits until something else has been done from beginning to end."""
    monkeypatch.setattr(module, "pause", lambda: at_once(doing))


def refused(answers: list[Any]) -> int:
    """How many were refused in words."""
    return sum(isinstance(each, RefusedError) for each in answers)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who has passed his checks and is about to write."""
    found: list[str] = []

    def noting(module: Any) -> Callable[[], None]:
        plain = module.pause

        def noted() -> None:
            found.append(module.__name__.rpartition(".")[2])
            plain()

        return noted

    for module in (adopting, notices, objections, ordering, headcounts):
        monkeypatch.setattr(module, "pause", noting(module))
    return found


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds a row, and reading and writing are no longer one."""
    for module in (notices, objections, ordering):
        monkeypatch.setattr(module, "in_line", lambda given: given)
    for module in (notices, adopting, objections, ordering, headcounts):
        monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))
        monkeypatch.setattr(module, "record", lambda *_given, **_words: None)
    for model in (PublicNotice, Scenario, RotationYear, Placement):
        plain = model.objects
        monkeypatch.setattr(plain, "select_for_update", lambda plain=plain, **_given: plain.all(), raising=False)
    for module, names in (
        (notices, ("_publish", "withdraw")), (adopting, ("adopt",)), (objections, ("receive",)),
        (ordering, ("issue",)), (headcounts, ("begin",)),
    ):  # fmt: skip
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)


@pytest.fixture
def scenario(cast: Any, make_year: Any, light: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Scenario:
    """A plan of two moves that is proposed; its proof is not what is tried here."""
    made: Scenario = light.scenario(cast, make_year)
    monkeypatch.setattr(proofs, "public_part", lambda _scenario: b"bundle")
    monkeypatch.setattr(proofs, "decided_by_hand", lambda scenario: scenario.manual)
    settings.WIDEN_RACES = 0.2
    return made


@pytest.fixture
def drafted(light: Any) -> Callable[[Any, Scenario], PublicNotice]:
    """Makes a notice of the plan that is not published yet."""
    found: Callable[[Any, Scenario], PublicNotice] = light.draft
    return found


@pytest.fixture
def notice(cast: Any, scenario: Scenario, drafted: Any, settings: Any) -> PublicNotice:
    """The plan's notice, published."""
    settings.WIDEN_RACES = 0
    made = notices.publish(drafted(cast, scenario), by=cast.users["section_head"])
    settings.WIDEN_RACES = 0.2
    return made


def publishes(cast: Any, draft: PublicNotice) -> Callable[[], Any]:
    """The section head publishes."""
    return lambda: notices.publish(draft, by=cast.users["section_head"])


def adopts(cast: Any, scenario: Scenario, notice: PublicNotice) -> Callable[[], Any]:
    """The leader confirms the plan, its notice being over."""
    return lambda: adopting.adopt(scenario, by=cast.users["bureau_leader"], at=notice.closes)


def objects(notice: PublicNotice, before: timedelta = timedelta(milliseconds=1)) -> Callable[[], Any]:
    """Somebody objects about the first on the list, so long before the end; he may be handled only after it."""
    row = NoticeRow.objects.filter(notice=notice).order_by("position").first()
    said = Said("情况不实", uuid4(), row=row, named=False)
    return lambda: objections.receive(notice, said, at=notice.closes - before)


# --- publishing -------------------------------------------------------------------------------------------------------


def test_a_draft_published_twice_at_once_is_published_once(
    cast: Any, scenario: Scenario, drafted: Any, passed: list[str]
) -> None:
    draft = drafted(cast, scenario)
    assert refused(at_once(*[publishes(cast, draft)] * 2)) == 1
    assert passed == ["notices"]
    assert NoticeRow.objects.count() == 2
    assert AuditEvent.objects.filter(action="rotation.notice.published").count() == 1


def test_of_two_drafts_of_a_plan_published_at_once_one_is(cast: Any, scenario: Scenario, drafted: Any) -> None:
    drafts = [drafted(cast, scenario) for _each in range(2)]
    assert refused(at_once(*[publishes(cast, each) for each in drafts])) == 1
    assert PublicNotice.objects.filter(status=NoticeStatus.PUBLISHED).count() == 1
    assert NoticeRow.objects.count() == 2


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_a_draft_is_published_twice(
    cast: Any, scenario: Scenario, drafted: Any, passed: list[str]
) -> None:
    draft = drafted(cast, scenario)
    at_once_whatever(publishes(cast, draft), publishes(cast, draft))
    assert passed == ["notices", "notices"]


def at_once_whatever(*doing: Callable[[], Any]) -> None:
    """As :func:`at_once`, where a last resort of the database may stop what the lock should have."""
    try:
        at_once(*doing)
    except AssertionError as fault:
        assert "IntegrityError" in str(fault), fault


def takes_back(cast: Any, scenario: Scenario) -> Callable[[], Any]:
    """The proposal is withdrawn, and with it the notice that is running."""
    return lambda: adopting.take_back(scenario, reason="重新比较", by=cast.users["section_head"])


def test_a_plan_that_is_taken_back_is_not_on_show(cast: Any, scenario: Scenario, drafted: Any) -> None:
    draft = drafted(cast, scenario)
    published, _taken = at_once(publishes(cast, draft), takes_back(cast, scenario))
    draft.refresh_from_db()
    assert Scenario.objects.get().status == ScenarioStatus.READY
    assert draft.status == (NoticeStatus.DRAFT if refused([published]) else NoticeStatus.WITHDRAWN)


@pytest.mark.usefixtures("unlocked")
def test_without_the_line_a_plan_that_was_taken_back_is_on_show(
    cast: Any, scenario: Scenario, drafted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(cast, scenario)
    meanwhile(monkeypatch, notices, takes_back(cast, scenario))
    assert not refused(at_once(publishes(cast, draft)))
    draft.refresh_from_db()
    assert (Scenario.objects.get().status, draft.status) == (ScenarioStatus.READY, NoticeStatus.PUBLISHED)


# --- adopting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """What there is at the moment at which placements are made: unsettled objections, and whether the notice stands."""
    found: list[tuple[int, bool]] = []
    plain = adopting.make_placements

    def noted(*given: Any, **words: Any) -> Any:
        standing = PublicNotice.objects.filter(status=NoticeStatus.PUBLISHED).exists()
        found.append((Objection.objects.unsettled().count(), standing))
        return plain(*given, **words)

    monkeypatch.setattr(adopting, "make_placements", noted)
    return found


def test_a_plan_is_not_adopted_over_an_objection_that_came_first(
    cast: Any, scenario: Scenario, notice: PublicNotice, seen: list[tuple[int, bool]]
) -> None:
    for _round in range(3):
        answers = at_once(adopts(cast, scenario, notice), objects(notice))
        assert not refused(answers[1:]), "who objected in time is heard"
        assert (seen == []) == bool(refused(answers[:1]))
        assert seen in ([], [(0, True)])
        Objection.objects.all().delete()
        Placement.objects.all().delete()
        Scenario.objects.update(status=ScenarioStatus.PROPOSED)
        seen.clear()


@pytest.mark.usefixtures("unlocked")
def test_without_the_line_a_plan_is_adopted_over_an_objection(
    cast: Any, scenario: Scenario, notice: PublicNotice, seen: list[tuple[int, bool]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    meanwhile(monkeypatch, adopting, objects(notice))
    at_once(adopts(cast, scenario, notice))
    assert seen == [(1, True)]


def withdraws(cast: Any, notice: PublicNotice) -> Callable[[], Any]:
    """The notice is withdrawn."""
    return lambda: notices.withdraw(notice, reason="有误", by=cast.users["section_head"])


def test_a_plan_is_not_adopted_on_a_notice_that_was_withdrawn(
    cast: Any, scenario: Scenario, notice: PublicNotice, seen: list[tuple[int, bool]]
) -> None:
    adopted, _withdrawn = at_once(adopts(cast, scenario, notice), withdraws(cast, notice))
    assert seen == ([] if refused([adopted]) else [(0, True)])


@pytest.mark.usefixtures("unlocked")
def test_without_the_line_a_plan_is_adopted_on_a_notice_that_was_withdrawn(
    cast: Any, scenario: Scenario, notice: PublicNotice, seen: list[tuple[int, bool]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    meanwhile(monkeypatch, adopting, withdraws(cast, notice))
    at_once(adopts(cast, scenario, notice))
    assert seen == [(0, False)]


# --- the end of a notice ----------------------------------------------------------------------------------------------


def test_at_the_end_of_a_notice_who_was_in_time_is_heard_and_nobody_else(notice: PublicNotice, settings: Any) -> None:
    run_due()
    settings.WIDEN_RACES = 0.05
    PublicNotice.objects.update(opens=notice.opens - timedelta(days=2), closes=timezone.now())
    notice.refresh_from_db()
    notices.ask_to_take_down(notice)
    answers = at_once(
        run_due, run_due, *[objects(notice, timedelta(microseconds=100 * place)) for place in (-1, 0, 1, 2)]
    )
    assert [isinstance(each, RefusedError) for each in answers[2:]] == [True, True, False, False]
    assert Objection.objects.count() == 2
    notice.refresh_from_db()
    assert notice.taken_down_at is not None
    assert AuditEvent.objects.filter(action="rotation.notice.taken_down").count() == 1


def test_an_objection_and_a_withdrawal_follow_one_another(cast: Any, notice: PublicNotice, passed: list[str]) -> None:
    _withdrawn, heard = at_once(withdraws(cast, notice), objects(notice))
    assert passed == (["notices"] if refused([heard]) else ["objections", "notices"])


# --- orders and first days --------------------------------------------------------------------------------------------


@pytest.fixture
def planned(cast: Any, make_year: Any, light: Any, settings: Any) -> list[Placement]:
    """Two placements that wait for their order."""
    settings.WIDEN_RACES = 0.2
    found: list[Placement] = light.placements(cast, make_year(PhaseKind.ORDERS))
    return found


def issues(cast: Any, planned: list[Placement], number: int) -> Callable[[], Any]:
    """The section head issues an order for both."""
    head = OrderHead(f"云教〔2026〕{number}号", "李局长", date(2026, 8, 31), START, uuid4(), batch=number)
    keys = [each.pk for each in planned]
    return lambda: ordering.issue(planned[0].year, head, keys, by=cast.users["section_head"])


def test_of_two_orders_for_the_same_teachers_one_is_issued(
    cast: Any, planned: list[Placement], passed: list[str]
) -> None:
    answers = at_once(issues(cast, planned, 1), issues(cast, planned, 2))
    assert refused(answers) == 1
    assert passed == ["ordering"]
    assert OrderLine.objects.count() == 2


@pytest.mark.usefixtures("unlocked")
def test_without_the_line_both_orders_are_written(cast: Any, planned: list[Placement], passed: list[str]) -> None:
    at_once_whatever(issues(cast, planned, 1), issues(cast, planned, 2))
    assert passed == ["ordering", "ordering"]
    assert Order.objects.count() == 2


def begins(cast: Any, placement: Placement) -> Callable[[], Any]:
    """The work of the first day, for one placement."""
    return lambda: headcounts.begin(placement, by=cast.users["section_head"], today=START)


def test_the_first_day_done_by_two_workers_at_once_counts_once(
    cast: Any, planned: list[Placement], passed: list[str], settings: Any
) -> None:
    settings.WIDEN_RACES = 0
    issues(cast, planned, 1)()
    settings.WIDEN_RACES = 0.2
    passed.clear()
    answers = at_once(*[begins(cast, planned[0])] * 3)
    assert {each.pk for each in answers} == {HeadCount.objects.get().pk}
    assert passed == ["headcounts"]
    assert AppointmentEntry.objects.filter(kind="exchange").count() == 1
    assert AuditEvent.objects.filter(action="rotation.headcount.changed").count() == 1


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_the_first_day_is_written_twice(
    cast: Any, planned: list[Placement], passed: list[str], settings: Any
) -> None:
    settings.WIDEN_RACES = 0
    issues(cast, planned, 1)()
    settings.WIDEN_RACES = 0.2
    passed.clear()
    at_once_whatever(*[begins(cast, planned[0])] * 2)
    assert passed == ["headcounts", "headcounts"]
