"""Two at once: a change decided by two, a report sent twice, an objection that meets the archive, two certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from racing import at_once

from junheng.facts import Grade
from junheng.web.records.models import AuditEvent
from junheng.web.rotation.actions import certificates, changes, months, outcomes
from junheng.web.rotation.actions.placing_ends import end_placement
from junheng.web.rotation.models import (
    ChangeKind,
    ChangeStatus,
    MonthlyReport,
    OutcomeStage,
    Placement,
    PlacementChange,
)
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def change(cast: Any, service: Any, settings: Any) -> PlacementChange:
    """An extension that waits for its decision."""
    settings.WIDEN_RACES = 0.2
    now = service.now(3, 10)
    held = service.placed(service.year())
    return changes.request(
        held, kind=ChangeKind.EXTENSION, on=date(2028, 1, 31), reason="带完这一届", by=cast.users["teacher"], at=now
    )


def two_decide(cast: Any, service: Any, change: PlacementChange) -> list[Any]:
    """The leader approves and the section head refuses at the same moment."""
    given: dict[str, Any] = {"opinion": "意见", "at": service.at(3, 10)}
    return at_once(
        lambda: changes.decide(change, approve=True, by=cast.users["bureau_leader"], **given),
        lambda: changes.decide(change, approve=False, by=cast.users["section_head"], **given),
    )


def test_of_two_who_decide_at_once_one_does_and_the_dates_follow_him(
    cast: Any, service: Any, change: PlacementChange
) -> None:
    found = two_decide(cast, service, change)
    assert sorted(type(each).__name__ for each in found) == ["PlacementChange", "RefusedError"]
    change.refresh_from_db()
    moved = Placement.objects.get(pk=change.placement_id).end == date(2028, 1, 31)
    assert moved is (change.status == ChangeStatus.APPROVED)
    assert AuditEvent.objects.filter(action="rotation.change.decided").count() == 1


def test_without_the_look_at_the_row_both_would_decide(
    cast: Any, service: Any, change: PlacementChange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(given: PlacementChange, at: Any) -> tuple[Placement, PlacementChange]:
        held = changes.hold(given.placement, at=at, phases=changes.TO_THE_END)
        return held, PlacementChange.objects.get(pk=given.pk)

    monkeypatch.setattr(changes, "_held", blind)
    found = two_decide(cast, service, change)
    assert [type(each).__name__ for each in found] == ["PlacementChange", "PlacementChange"]


def test_the_same_report_sent_twice_at_once_is_one(cast: Any, service: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.2
    now = service.now(11, 2)
    held = service.placed(service.year())
    given: dict[str, Any] = {
        "month": date(2026, 10, 1),
        "words": "上课",
        "difficulties": "",
        "by": cast.users["teacher"],
    }
    found = at_once(*[lambda: months.submit_teachers(held, at=now, **given)] * 3)
    assert [type(each).__name__ for each in found] == ["MonthlyReport"] * 3
    assert MonthlyReport.objects.count() == 1
    assert AuditEvent.objects.filter(action="rotation.month.submitted").count() == 1


def proposed(cast: Any, service: Any, held: Placement) -> Any:
    """An outcome that is with the bureau."""
    now = service.at(9, 2, year=2027)
    end_placement(held, service.ends, None, "期满")
    outcomes.submit_summary(held, text=f"总结 {held.pk}", by=cast.users["teacher"], at=now)
    found = outcomes.propose(
        held, marks=dict.fromkeys(outcomes.HEADINGS, 80), vetoes=[], grade=Grade.QUALIFIED, opinion="",
        by=cast.users["principal_of_hedong"], at=now,
    )  # fmt: skip
    return outcomes.sign(found, opinion="同意", by=cast.users["cluster_head"], at=now)


def test_an_objection_and_the_archive_never_both_succeed(cast: Any, service: Any, settings: Any) -> None:
    settings.WIDEN_RACES = 0.2
    now = service.now(9, 2, year=2027)
    found = proposed(cast, service, service.placed(service.year()))
    objected, archived = at_once(
        lambda: outcomes.object_to(found, words="漏计", by=cast.users["teacher"], at=now),
        lambda: outcomes.archive(found, opinion="", as_annual=False, by=cast.users["bureau_clerk"], at=now),
    )
    assert isinstance(objected, RefusedError) != isinstance(archived, RefusedError)
    found.refresh_from_db()
    assert (found.stage == OutcomeStage.ARCHIVED) is isinstance(objected, RefusedError)


def test_two_certificates_issued_at_once_have_two_numbers(cast: Any, service: Any, settings: Any) -> None:
    now = service.now(9, 2, year=2027)
    year = service.year()
    both = [service.placed(year), service.placed(year, "carol", from_school=cast.xishan)]
    for held in both:
        outcomes.archive(
            proposed(cast, service, held), opinion="", as_annual=False, by=cast.users["bureau_clerk"], at=now
        )
    settings.WIDEN_RACES = 0.2
    found = at_once(
        *[lambda held=held: certificates.issue(held, by=cast.users["bureau_clerk"], at=now) for held in both]
    )
    assert sorted(each.number for each in found) == ["990101-2026-T0001", "990101-2026-T0002"]
    again = at_once(*[lambda: certificates.issue(both[0], by=cast.users["bureau_clerk"], at=now)] * 2)
    assert again[0] == again[1]
