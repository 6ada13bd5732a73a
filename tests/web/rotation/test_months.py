"""Monthly reports: prefilled, submitted, returned, late; the county's picture and the meeting planned from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from junheng.web.records.models import Notification
from junheng.web.rotation import monthly
from junheng.web.rotation.actions import months, serving
from junheng.web.rotation.cycle import progress_of
from junheng.web.rotation.models import MonthlyReport, PhaseKind, ReportStatus, SharingMeeting, TaskKind
from junheng.web.rotation.papers import address
from junheng.web.staffing.refusal import RefusedError

OCTOBER = date(2026, 10, 1)


def log(cast: Any, held: Any, kind: TaskKind, count: int, at: Any) -> None:
    serving.write_log(
        held, day=date(2026, 10, 9), kind=kind, count=count, words="", task=None, key=uuid4(),
        by=cast.users["teacher"], at=at,
    )  # fmt: skip


@pytest.fixture
def held(cast: Any, service: Any) -> Any:
    """Alice in service, with a log and attendance of October."""
    now = service.now(11, 2)
    made = service.placed(service.year())
    log(cast, made, TaskKind.TEACHING, 12, now)
    log(cast, made, TaskKind.LECTURE, 1, now)
    log(cast, made, TaskKind.OBSERVING, 3, now)
    serving.enter_attendance(
        made, month=OCTOBER, present_days=Decimal(17), late_times=0, absent_days=Decimal(0), note="",
        by=cast.users["principal_of_hedong"], at=now,
    )  # fmt: skip
    return made


def write(cast: Any, held: Any, at: Any, words: str = "上课、听课") -> MonthlyReport:
    return months.submit_teachers(held, month=OCTOBER, words=words, difficulties="", by=cast.users["teacher"], at=at)


@pytest.mark.covers("R-214")
def test_a_report_is_filled_from_log_and_attendance(cast: Any, service: Any, held: Any) -> None:
    page = cast.client("teacher").post(
        reverse("rotation:service_add", args=(held.year_id, held.pk, "report")),
        {"month": "2026-10-01", "words": "上课", "difficulties": "路远"},
    )
    assert page.status_code == 302
    report = MonthlyReport.objects.get()
    assert report.figures["lessons"] == 12
    assert report.figures["activities"] == 4
    assert report.figures["kinds"] == {"lecture": 1, "observing": 3}
    assert (report.figures["present_days"], report.figures["leave_days"]) == (17.0, 0)
    assert report.school == cast.hedong


def test_the_same_again_is_the_same_another_text_waits_for_a_return(cast: Any, service: Any, held: Any) -> None:
    now = service.at(11, 3)
    first = write(cast, held, now)
    assert write(cast, held, now) == first
    with pytest.raises(RefusedError, match="先退回"):
        write(cast, held, now, "另一份")
    host = cast.users["principal_of_hedong"]
    with pytest.raises(RefusedError, match="理由"):
        months.decide(first, accept=False, opinion=" ", by=host, at=now)
    months.decide(first, accept=False, opinion="补写带教情况", by=host, at=now)
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.month.returned").exists()
    again = write(cast, held, now, "另一份")
    assert (again.pk, again.status) == (first.pk, ReportStatus.SUBMITTED)
    months.decide(again, accept=True, opinion="", by=host, at=now)
    with pytest.raises(RefusedError, match="不能再处理"):
        months.decide(again, accept=False, opinion="x", by=host, at=now)


@pytest.mark.covers("R-214")
def test_a_report_is_late_from_the_first_moment_after_the_due_day(cast: Any, service: Any, held: Any) -> None:
    year = held.year
    due = monthly.due_at(year, OCTOBER)
    assert due == service.at(11, 6, 0)  # the fifth of November is over
    keys = [cast.hedong.pk]
    second = service.at(11, 5, 23)
    assert monthly.picture(year, OCTOBER, keys, second).late == []
    late = monthly.picture(year, OCTOBER, keys, service.at(11, 6, 0)).late
    assert [each.days_late for each in late] == []  # the very moment is still in time
    late = monthly.picture(year, OCTOBER, keys, service.at(11, 6, 1)).late
    assert {(each.placement is None, each.days_late) for each in late} == {(True, 1), (False, 1)}
    write(cast, held, service.at(11, 8))
    after = monthly.picture(year, OCTOBER, keys, service.at(11, 20)).late
    assert [(each.handed_in, each.days_late) for each in after] == [(True, 3), (False, 15)]


def test_the_due_day_is_the_years_setting_and_no_day_that_a_month_does_not_have(
    cast: Any, service: Any, held: Any
) -> None:
    serving.set_settings(
        held.year, report_due_day=28, warning_days=[30, 7], similar_percent=40, by=cast.users["bureau_clerk"]
    )
    assert monthly.due_at(held.year, date(2027, 1, 1)) == service.at(3, 1, 0)
    client = cast.client("bureau_clerk")
    url = reverse("rotation:service_settings", args=(held.year_id,))
    assert (
        client.post(url, {"report_due_day": "10", "warning_days": "60, x", "similar_percent": "30"}).status_code == 422
    )
    done = client.post(url, {"report_due_day": "10", "warning_days": "45，10", "similar_percent": "30"})
    assert done.status_code == 302
    assert serving.settings_of(held.year).warning_days == [45, 10]


def test_no_report_of_a_month_that_has_not_begun_or_lies_outside(cast: Any, service: Any, held: Any) -> None:
    for month in (date(2026, 12, 1), date(2026, 8, 1)):
        with pytest.raises(RefusedError):
            months.submit_teachers(
                held, month=month, words="x", difficulties="", by=cast.users["teacher"], at=service.at(11, 2)
            )
    with pytest.raises(RefusedError, match="没有在岗"):
        months.submit_schools(
            held.year, cast.xishan, month=OCTOBER, words="x", difficulties="",
            by=cast.users["principal_of_xishan"], at=service.at(11, 2),
        )  # fmt: skip


@pytest.mark.covers("R-214")
def test_the_schools_report_adds_up_its_teachers_and_goes_to_cluster_and_county(
    cast: Any, service: Any, held: Any
) -> None:
    service.placed(held.year, "carol", from_school=cast.xishan)
    write(cast, held, service.at(11, 2))
    url = reverse("rotation:month_write", args=(held.year_id, cast.hedong.pk, "2026-10"))
    assert cast.client("school_clerk").get(url).status_code == 403
    assert cast.client("principal").get(url).status_code == 404
    host = cast.client("principal_of_hedong")
    assert host.post(url, {"words": "两人在岗", "difficulties": ""}).status_code == 302
    report = MonthlyReport.objects.get(placement__isnull=True)
    assert {k: report.figures[k] for k in ("lessons", "activities", "placements", "reports")} == {
        "lessons": 12, "activities": 4, "placements": 2, "reports": 1,
    }  # fmt: skip
    decide = reverse("rotation:month_decide", args=(held.year_id, report.pk))
    assert cast.client("head_of_other_cluster").get(decide).status_code == 404
    assert cast.client("cluster_head").post(decide, {"return": "1", "opinion": "漏了一人"}).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.opinion) == (ReportStatus.RETURNED, "漏了一人")
    assert host.post(url, {"words": "补齐", "difficulties": ""}).status_code == 302
    assert cast.client("bureau_clerk").post(decide, {"accept": "1", "opinion": ""}).status_code == 302
    report.refresh_from_db()
    assert report.status == ReportStatus.ACCEPTED


@pytest.mark.covers("R-214")
def test_the_picture_is_scoped_and_counts_what_is_missing(cast: Any, service: Any, held: Any) -> None:
    service.placed(held.year, "bob", from_school=cast.hedong, to_school=cast.xishan)
    service.now(11, 10)
    url = reverse("rotation:months", args=(held.year_id,)) + "?month=2026-10"
    county = cast.client("bureau_leader").get(url).content.decode()
    assert "河东小学" in county
    assert "西山九年" in county
    east = cast.client("cluster_head").get(url).content.decode()
    assert "河东小学" in east
    assert "西山九年" not in east
    (owed,) = progress_of(held.year, PhaseKind.SERVICE, [cast.hedong.pk, cast.xishan.pk])
    assert owed.schools == {cast.hedong.pk: (0, 2), cast.xishan.pk: (0, 2)}
    write(cast, held, service.at(11, 10))
    found = progress_of(held.year, PhaseKind.SERVICE, [cast.hedong.pk])[0]
    assert (found.done, found.total, found.schools[cast.hedong.pk]) == (1, 2, (1, 2))


@pytest.mark.covers("R-215")
def test_a_meeting_is_planned_from_a_months_picture_and_its_outcome_kept(cast: Any, service: Any, held: Any) -> None:
    clerk = cast.client("bureau_clerk")
    new = reverse("rotation:sharing_new", args=(held.year_id,))
    given = {
        "month": "2026-10-01",
        "on": "2026-11-20",
        "place": "河东小学",
        "topic": "带教经验",
        "grounds": "带教次数差别大",
    }
    assert cast.client("section_head").get(new).status_code == 200
    assert clerk.post(new, given).status_code == 302
    meeting = SharingMeeting.objects.get()
    told = Notification.objects.filter(kind="rotation.meeting.planned").values_list("recipient__username", flat=True)
    assert set(told) == {"hd-principal"}
    with pytest.raises(RefusedError, match="还没有开"):
        months.record_meeting(meeting, outcome="x", by=cast.users["bureau_clerk"], at=service.at(11, 19))
    months.record_meeting(meeting, outcome="三校交流", by=cast.users["bureau_clerk"], at=service.at(11, 20))
    page = cast.client("principal").get(reverse("rotation:months", args=(held.year_id,))).content.decode()
    assert "三校交流" in page


@pytest.mark.covers("R-214")
def test_reports_are_printed_as_forms(cast: Any, service: Any, held: Any) -> None:
    report = write(cast, held, service.at(11, 2))
    own = months.submit_schools(
        held.year, cast.hedong, month=OCTOBER, words="一人在岗", difficulties="", by=cast.users["principal_of_hedong"],
        at=service.at(11, 2),
    )  # fmt: skip
    page = cast.client("principal").get(address(held.year, "month", report.pk)).content.decode()
    for shown in ("交流教师月报表", "安丽丝", "上课、听课", "专题讲座"):
        assert shown in page
    assert cast.client("principal").get(address(held.year, "month", own.pk)).status_code == 404
    page = cast.client("cluster_head").get(address(held.year, "month", own.pk)).content.decode()
    for shown in ("云山县河东小学2026年10月交流轮岗月报表", "安丽丝", "一人在岗", "12"):
        assert shown in page
    assert page.count("2026年11月2日") == 2, "when it was sent stands in the form and under the signature"


def test_what_is_owed_waits_on_the_home_page_of_whoever_owes_it(cast: Any, service: Any, held: Any) -> None:
    client = cast.client("teacher")
    assert "待提交的月报" in client.get(reverse("home")).content.decode()
    write(cast, held, service.at(11, 2))
    page = client.get(reverse("home")).content.decode()
    assert "最早 2026-10-05 到期" in page, "September is still owed, until the end of the fifth"
    months.submit_teachers(
        held, month=date(2026, 9, 1), words="开学", difficulties="", by=cast.users["teacher"], at=service.at(11, 2)
    )
    assert "待提交的月报" not in client.get(reverse("home")).content.decode()
    assert "待接收的教师月报" in cast.client("principal_of_hedong").get(reverse("home")).content.decode()
    assert "待接收的教师月报" not in cast.client("principal_of_xishan").get(reverse("home")).content.decode()
