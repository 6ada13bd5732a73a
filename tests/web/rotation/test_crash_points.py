"""Orders, notices and objections broken off before each of their writes: everything stays as it was, to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from junheng.web.records.keeping.rows import rows_of
from junheng.web.rotation import proofs
from junheng.web.rotation.actions import adopting, asking, headcounts, notices, objections, ordering
from junheng.web.rotation.actions.asking import Asked
from junheng.web.rotation.actions.objections import Said
from junheng.web.rotation.actions.ordering import OrderHead
from junheng.web.rotation.models import (
    Finding,
    HeadCount,
    NoticeRow,
    Objection,
    Phase,
    PhaseKind,
    Placement,
    PublicNotice,
    Scenario,
    ScenarioStatus,
)

pytestmark = pytest.mark.django_db
START = date(2026, 9, 1)
TABLE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class Broken(RuntimeError):  # noqa: N818 - an event
    """The process dies here."""


@contextmanager
def breaking_at(write: int) -> Iterator[list[str]]:
    """Raises instead of the n-th write to any table, counted from 1; gives the writes seen."""
    seen: list[str] = []

    def guard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            seen.append(sql[:80])
            if len(seen) == write:
                raise Broken(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield seen


def written_by(act: Callable[[], Any]) -> list[Any]:
    """The models to whose tables ``act`` writes; what it did is taken back."""
    with transaction.atomic(), breaking_at(0) as seen:
        act()
        transaction.set_rollback(True)
    names = {found for sql in seen for found in TABLE.findall(sql)[:1]}
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in names]


def half_done(act: Callable[[], Any]) -> tuple[int, list[str]]:
    """Breaks ``act`` off before each of its writes; gives how many there are, and after which something was left."""
    models = written_by(act)
    state = lambda: [list(rows_of(model)) for model in models]  # noqa: E731
    before, left, point = state(), [], 0
    while True:
        point += 1
        with transaction.atomic():
            try:
                with breaking_at(point) as seen:
                    act()
            except Broken:
                transaction.set_rollback(False)  # no statement failed: what was written may be read
                if state() != before:
                    left.append(f"{point}: {seen[-1]}")
                transaction.set_rollback(True)
                continue
            assert state() != before, "unbroken it does something"
            transaction.set_rollback(True)
        return point - 1, left


@pytest.fixture
def scenario(cast: Any, make_year: Any, light: Any, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """A plan of two moves that is proposed."""
    monkeypatch.setattr(proofs, "public_part", lambda _scenario: b"bundle")
    monkeypatch.setattr(proofs, "decided_by_hand", lambda scenario: scenario.manual)
    found: Scenario = light.scenario(cast, make_year)
    return found


@pytest.fixture
def notice(cast: Any, scenario: Scenario, light: Any) -> PublicNotice:
    """Its notice, published."""
    return notices.publish(light.draft(cast, scenario), by=cast.users["section_head"])


@pytest.fixture
def objection(notice: PublicNotice) -> Objection:
    """An objection about the first on the list."""
    row = NoticeRow.objects.filter(notice=notice).order_by("position").first()
    return objections.receive(notice, Said("情况不实", uuid4(), row=row, named=False))[0]


@pytest.fixture
def placements(cast: Any, make_year: Any, light: Any) -> list[Placement]:
    """Two placements that wait for their order; the personnel relation moves with them."""
    year = make_year(PhaseKind.ORDERS)
    found: list[Placement] = light.placements(cast, year, relation_moved=True)
    return found


def issues(cast: Any, placements: list[Placement]) -> Callable[[], Any]:
    """An order for both."""
    head = OrderHead("云教〔2026〕5号", "李局长", date(2026, 8, 31), START, uuid4())
    keys = [each.pk for each in placements]
    return lambda: ordering.issue(placements[0].year, head, keys, by=cast.users["section_head"])


# --- a plan, its notice, objections -----------------------------------------------------------------------------------


def test_nothing_of_a_notice_is_half_done(cast: Any, scenario: Scenario, light: Any) -> None:
    draft, head = light.draft(cast, scenario), cast.users["section_head"]
    points, left = half_done(lambda: notices.publish(draft, by=head))
    assert (points >= 5, left) == (True, [])
    made = notices.publish(draft, by=head)
    points, left = half_done(lambda: notices.withdraw(made, reason="有误", by=head))
    assert (points >= 2, left) == (True, [])
    points, left = half_done(lambda: adopting.take_back(scenario, reason="重新比较", by=head))
    assert (points >= 4, left) == (True, [])


def test_nothing_of_an_objection_is_half_done(cast: Any, objection: Objection, notice: PublicNotice) -> None:
    head, clerk = cast.users["section_head"], cast.users["bureau_clerk"]
    said = Said("另有情况", uuid4(), named=True, name="甲", contact="见信封")
    assert half_done(lambda: objections.receive(notice, said))[1] == []
    assign = lambda: objections.assign(objection, investigator=clerk, holds=True, by=head)  # noqa: E731
    assert half_done(assign)[1] == []
    assign()
    find = lambda: objections.find(objection, finding=Finding.NOT_UPHELD, report="查无此事", by=clerk)  # noqa: E731
    assert half_done(find)[1] == []
    find()
    points, left = half_done(lambda: objections.answer(objection, text="经查不实", by=head))
    assert (points >= 2, left) == (True, [])


def test_nothing_of_an_adoption_is_half_done(cast: Any, scenario: Scenario, notice: PublicNotice) -> None:
    adopt = lambda: adopting.adopt(scenario, by=cast.users["bureau_leader"], at=notice.closes)  # noqa: E731
    points, left = half_done(adopt)
    assert (points >= 4, left) == (True, [])
    adopt()
    assert Placement.objects.count() == 2


# --- orders and first days --------------------------------------------------------------------------------------------


def test_nothing_of_an_order_is_half_done(cast: Any, placements: list[Placement]) -> None:
    issue, head = issues(cast, placements), cast.users["section_head"]
    points, left = half_done(issue)
    assert (points >= 6, left) == (True, [])
    issue()
    begin = lambda: headcounts.begin(placements[0], by=head, today=START)  # noqa: E731
    points, left = half_done(begin)
    assert (points >= 8, left) == (True, [])
    assert begin() == HeadCount.objects.get()
    Phase.objects.filter(kind=PhaseKind.REPORTING).update(opens=timezone.now() - timedelta(days=1))
    change = lambda: ordering.change(placements[0], {"subject": "physics"}, reason="调整", by=head)  # noqa: E731
    points, left = half_done(change)
    assert (points >= 8, left) == (True, [])
    points, left = half_done(lambda: ordering.revoke(placements[0], reason="撤销", by=head))
    assert (points >= 6, left) == (True, [])


def test_nothing_of_an_application_is_half_done(cast: Any, make_year: Any, judge: Any) -> None:
    year, key, now = make_year(PhaseKind.APPLICATIONS), uuid4(), timezone.now()
    judge(year, "alice")
    asked = Asked([cast.xishan], "想去")
    hand_in = lambda: asking.hand_in(  # noqa: E731
        year, cast.teachers["alice"], asked, key=key, at=now, by=cast.users["teacher"]
    )
    points, left = half_done(hand_in)
    assert (points >= 4, left) == (True, [])
    made = hand_in()
    again = Asked([cast.xishan], "还是想去", commute_limit_km=20)
    points, left = half_done(lambda: asking.change(made, again, version=made.version, at=now, by=cast.users["teacher"]))
    assert (points >= 4, left) == (True, [])


# --- and the test can fail --------------------------------------------------------------------------------------------


def test_without_the_transaction_an_order_is_found_half_done(
    cast: Any, placements: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(ordering, "issue", ordering.issue.__wrapped__)
    points, left = half_done(issues(cast, placements))
    assert len(left) > points / 2


def test_without_the_transaction_a_plan_is_found_half_adopted(
    cast: Any, scenario: Scenario, notice: PublicNotice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adopting, "adopt", adopting.adopt.__wrapped__)
    points, left = half_done(lambda: adopting.adopt(scenario, by=cast.users["bureau_leader"], at=notice.closes))
    assert (points >= 4, len(left) >= 2) == (True, True)
    assert Scenario.objects.get().status == ScenarioStatus.PROPOSED
