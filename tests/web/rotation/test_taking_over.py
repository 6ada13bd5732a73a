"""The next year from the archive of the one before: when it may begin, and what it takes over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from junheng.web.records.models import AuditEvent
from junheng.web.rotation.actions import archiving
from junheng.web.rotation.actions.asking import arrange
from junheng.web.rotation.actions.preparing import set_up_body
from junheng.web.rotation.models import AskingSettings, Audience, BodyKind, Pin, RotationYear, WorkBody
from junheng.web.staffing.models import TeacherState

DATES = {"on": "2028-08-31", "first": "2027-10-08", "starts": "2028-09-01", "ends": "2029-08-31"}


@pytest.fixture
def over(cast: Any, service: Any) -> RotationYear:
    """A year that is archived in October, with a leading group, a school's group, settings and decisions."""
    year = service.year()
    clerk = cast.users["bureau_clerk"]
    now = service.now(9, 20, year=2027)
    member = {"name": "文远", "post": "组长", "duty": "全面负责"}
    for at, kind in ((cast.county, BodyKind.LEADING), (cast.yucai, BodyKind.SCHOOL), (cast.hedong, BodyKind.SCHOOL)):
        name = f"{at.name}工作机构"
        set_up_body(year, at, kind=kind, name=name, set_up_on=date(2026, 3, 2), members=[member], by=clerk)
    given = {"chain": "bureau", "notice_days": 7, "relief_months": 24, "statement_needed": False}
    AskingSettings.objects.create(year=year, **given)
    service.placed(year, "alice", status="ended")
    for who, kind, school in (
        ("alice", "pin", cast.hedong), ("bob", "stay", None), ("carol", "forbid", cast.yucai), ("eve", "stay", None),
    ):  # fmt: skip
        Pin.objects.create(
            year=year, teacher=cast.teachers[who], kind=kind, school=school, reason=f"{who}的理由", by=clerk, at=now
        )
    RotationYear.objects.filter(pk=year.pk).update(archived_at=now)
    year.refresh_from_db()
    return year


def test_the_year_that_is_proposed_can_still_be_prepared(over: RotationYear) -> None:
    for today, begins in (
        (date(2027, 5, 1), date(2027, 9, 1)), (date(2027, 9, 1), date(2028, 9, 1)),
        (date(2027, 10, 8), date(2028, 9, 1)), (date(2028, 10, 8), date(2029, 9, 1)),
    ):  # fmt: skip
        setting = archiving.next_setting(over, today)
        assert (setting.starts, setting.year, setting.on) == (begins, begins.year, date(begins.year, 8, 31))
        assert setting.ends == date(begins.year + 1, 8, 31)


def test_a_year_takes_over_settings_bodies_and_decisions_that_still_hold(cast: Any, over: RotationYear) -> None:
    cast.hedong.closed = date(2027, 7, 1)
    cast.hedong.save()
    TeacherState.objects.filter(teacher=cast.teachers["eve"]).update(valid_until=date(2027, 7, 1))
    clerk = cast.client("bureau_clerk")
    url = f"{over.get_absolute_url()}archive/next/"
    assert 'value="2028-09-01"' in clerk.get(url).content.decode()
    assert "准备阶段应早于" in clerk.post(url, DATES | {"first": "2028-09-02"}).content.decode()
    clerk.post(url, DATES | {"bodies": "on", "pins": "on"})
    made = RotationYear.objects.get(previous=over)
    assert (made.year, made.starts) == (2028, date(2028, 9, 1))
    assert (made.asking.chain, made.asking.notice_days, made.asking.relief_months) == ("bureau", 7, 24)
    assert not made.asking.statement_needed
    bodies = WorkBody.objects.filter(year=made).order_by("kind")
    assert [(each.organisation, each.members.get().name) for each in bodies] == [
        (cast.county, "文远"), (cast.yucai, "文远"),
    ]  # fmt: skip
    pins = Pin.objects.filter(year=made).order_by("teacher__number")
    assert [(each.teacher, each.kind, each.school, each.reason) for each in pins] == [
        (cast.teachers["bob"], "stay", None, "bob的理由"),
        (cast.teachers["carol"], "forbid", cast.yucai, "carol的理由"),
    ]  # fmt: skip
    trace = AuditEvent.objects.get(action="rotation.year.taken_over")
    assert (trace.after["bodies"], trace.after["pins"]) == (2, 2)


def test_bodies_and_decisions_stay_behind_unless_they_are_wanted(cast: Any, over: RotationYear) -> None:
    cast.client("bureau_clerk").post(f"{over.get_absolute_url()}archive/next/", DATES)
    made = RotationYear.objects.get(previous=over)
    assert made.asking.notice_days == 7
    assert not WorkBody.objects.filter(year=made).exists()
    assert not Pin.objects.filter(year=made).exists()


def test_a_year_set_up_beside_one_that_runs_takes_over_its_bodies(cast: Any, over: RotationYear) -> None:
    RotationYear.objects.filter(pk=over.pk).update(archived_at=None)
    arrange(over, {"notice_days": 3}, reason="缩短", by=cast.users["bureau_clerk"])
    given = {
        "county": cast.county.pk, "year": 2027, "audience": Audience.CADRES, "pack": "YUNLING", "on": "2027-08-31",
        "first": "2027-03-01", "starts": "2027-09-01", "ends": "2028-08-31", "wishes_allowed": 3, "previous": over.pk,
    }  # fmt: skip
    clerk = cast.client("bureau_clerk")
    refused = clerk.post("/rotation/new/", given)
    assert "上一年度应是同一县、同一交流对象的。" in refused.content.decode()
    assert clerk.post("/rotation/new/", given | {"audience": Audience.TEACHERS}).status_code == 302
    made = RotationYear.objects.get(previous=over)
    assert made.asking.notice_days == 3
    assert WorkBody.objects.filter(year=made).count() == 3
    assert not Pin.objects.filter(year=made).exists()
