"""What follows a placement: its last month is put in order, whoever owes something is told, an extension goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.urls import reverse

from junheng.web.records.models import Notification
from junheng.web.rotation import expiring
from junheng.web.rotation.actions import months, outcomes, serving
from junheng.web.rotation.models import Placement, PlacementStatus, TaskKind


def _home(cast: Any, who: str) -> str:
    page: str = cast.client(who).get(reverse("home")).content.decode()
    return page


def test_the_last_month_of_a_placement_that_ended_is_put_in_order(cast: Any, service: Any) -> None:
    service.now(12, 21)
    held = service.placed(service.year(), end=date(2026, 12, 18))
    expiring.watch(date(2026, 12, 21))
    held.refresh_from_db()
    at = service.at(12, 21)
    made = serving.enter_attendance(
        held, month=date(2026, 12, 1), present_days=Decimal(10), late_times=0, absent_days=Decimal(0), note="",
        by=cast.users["principal_of_hedong"], at=at,
    )  # fmt: skip
    assert (held.status, made.due_days) == ("ended", 14)
    page = cast.client("teacher").get(reverse("rotation:service", args=(held.year_id, held.pk))).content.decode()
    assert "add/summary/" in page
    assert "add/change/" not in page, "nothing is offered that would be refused"


def test_lists_show_the_day_on_which_a_placement_really_ended(cast: Any, service: Any) -> None:
    service.now(12, 21)
    held = service.placed(service.year(), end=date(2027, 7, 31))
    lists = [reverse(f"rotation:{name}", args=(held.year_id,)) for name in ("placements", "services", "outcomes")]
    own = reverse("rotation:placement", args=(held.year_id, held.pk))
    for each in (*lists, own):
        assert "2027-07-31" in cast.client("bureau_clerk").get(each).content.decode(), each
    Placement.objects.filter(pk=held.pk).update(ended_on=date(2026, 12, 18), status=PlacementStatus.EARLY)
    for each in (*lists, own):
        page = cast.client("bureau_clerk").get(each).content.decode()
        assert "2026-12-18" in page, each
        assert "2027-07-31" not in page, each


def test_whoever_owes_something_after_the_end_is_told_and_has_it_as_a_task(cast: Any, service: Any) -> None:
    service.now(12, 21)
    held = service.placed(service.year(), end=date(2026, 12, 18))
    expiring.watch(date(2026, 12, 21))
    told = Notification.objects.filter(kind="rotation.placement.ended", recipient=cast.users["teacher"])
    assert told.count() == 1
    page = _home(cast, "teacher")
    assert "待提交的交流总结" in page
    assert "待提交的月报" in page, "also of one whose placement has ended"
    assert "待提交的学校月报" in _home(cast, "principal_of_hedong")
    assert "待提出的期满考核" not in _home(cast, "principal_of_hedong")
    outcomes.submit_summary(held, text="一学期的总结", by=cast.users["teacher"], at=service.at(12, 21))
    assert "待提交的交流总结" not in _home(cast, "teacher")
    assert "待提出的期满考核" in _home(cast, "principal_of_hedong")


def test_a_placement_extended_past_the_year_goes_on_after_its_phases_have_closed(cast: Any, service: Any) -> None:
    at = service.now(10, 20, year=2027)
    held = service.placed(service.year(), end=date(2028, 2, 29))
    line = serving.write_log(
        held, day=date(2027, 10, 18), kind=TaskKind.TEACHING, count=2, words="", task=None, key=uuid4(),
        by=cast.users["teacher"], at=at,
    )  # fmt: skip
    report = months.submit_schools(
        held.year, cast.hedong, month=date(2027, 9, 1), words="一人延长", difficulties="",
        by=cast.users["principal_of_hedong"], at=at,
    )  # fmt: skip
    assert line.pk
    assert report.pk
    assert "months/?month=2027-09" in _home(cast, "bureau_clerk"), "the task opens the month of the report"
