"""Planning and publishing under competition: two who confirm, propose or publish at one moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from racing import at_once

from junheng.web.records.models import AuditEvent
from junheng.web.rotation.actions import adopting, notices
from junheng.web.rotation.models import (
    NoticeRow,
    NoticeStatus,
    PhaseKind,
    Placement,
    PublicNotice,
    Scenario,
    ScenarioStatus,
)
from junheng.web.staffing.refusal import RefusedError


def done(found: list[Any]) -> int:
    """How many did what they set out to do; the others must have been refused in words."""
    assert all(not isinstance(each, Exception) or isinstance(each, RefusedError) for each in found), found
    return sum(not isinstance(each, Exception) for each in found)


@pytest.fixture
def standing(small_ready: Any) -> Any:
    """The small county with its plan proposed and published, the notice over, ready to be adopted."""
    now = timezone.now() - timedelta(days=30)
    small_ready.open(PhaseKind.NOTICE, PhaseKind.OBJECTIONS, PhaseKind.PLANNING, at=now)
    adopting.propose(small_ready.scenario, by=small_ready.users["head"], version=1, at=now)
    drafted = notices.draft(
        small_ready.year, kind="results", words=small_ready.words, by=small_ready.users["clerk"], at=now
    )
    small_ready.notice = notices.publish(drafted, by=small_ready.users["head"], at=now)
    small_ready.open(PhaseKind.OBJECTIONS, PhaseKind.NOTICE, PhaseKind.PLANNING)
    return small_ready


# --- races -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_adopts_and_the_placements_are_made_once(standing: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.2
    scenario = Scenario.objects.get(pk=standing.scenario.pk)
    leader, second = standing.users["leader"], standing.users["second_head"]
    found = at_once(
        lambda: adopting.adopt(scenario, by=leader), lambda: adopting.adopt(scenario, by=second)
    )  # fmt: skip
    assert done(found) == 1
    assert Placement.objects.filter(year=standing.year).count() == standing.scenario.moves_count
    assert AuditEvent.objects.filter(action="rotation.plan.adopted").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_with_the_lock_off_two_pass_the_check_and_the_last_resort_stops_them(
    standing: Any, settings: Any, monkeypatch: Any
) -> None:
    """The negative control: without the lock both find the plan still to be confirmed."""
    settings.WIDEN_RACES = 0.4
    passed: list[str] = []
    plain = adopting.pause

    def noted() -> None:
        passed.append("checked")
        plain()

    monkeypatch.setattr(adopting, "pause", noted)
    monkeypatch.setattr(adopting, "_held", lambda s: Scenario.objects.select_related("year__county").get(pk=s.pk))
    act = adopting.adopt.__wrapped__
    scenario = Scenario.objects.get(pk=standing.scenario.pk)
    found = at_once(
        lambda: act(scenario, by=standing.users["leader"]), lambda: act(scenario, by=standing.users["second_head"])
    )
    assert len(passed) == 2, found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_proposed_at_once_one_is_chosen(small_ready: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.2
    other = small_ready.compute("另一个", gap=0.02)
    head, second = small_ready.users["head"], small_ready.users["second_head"]
    found = at_once(
        lambda: adopting.propose(small_ready.scenario, by=head, version=1),
        lambda: adopting.propose(other, by=second, version=1),
    )
    assert done(found) == 1
    assert Scenario.objects.filter(year=small_ready.year, status=ScenarioStatus.PROPOSED).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_notice_published_twice_at_once_is_published_once(small_ready: Any, settings: Any) -> None:
    adopting.propose(small_ready.scenario, by=small_ready.users["head"], version=1)
    drafts = [
        notices.draft(small_ready.year, kind="results", words=small_ready.words, by=small_ready.users["clerk"])
        for _each in range(2)
    ]
    settings.WIDEN_RACES = 0.2
    head = small_ready.users["head"]
    same = at_once(lambda: notices.publish(drafts[0], by=head), lambda: notices.publish(drafts[0], by=head))
    assert done(same) == 1
    assert done(at_once(lambda: notices.publish(drafts[1], by=head))) == 0
    assert PublicNotice.objects.filter(status=NoticeStatus.PUBLISHED).count() == 1
    assert NoticeRow.objects.count() == small_ready.scenario.moves_count
