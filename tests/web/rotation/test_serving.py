"""A placement in service: who keeps what, tasks, log, attendance and leave, the journal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from junheng.facts import LeaveKind, Level
from junheng.policy import ask
from junheng.web.directory.models import Organisation
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import charges, counting
from junheng.web.rotation.actions import journal, serving, taking_over, targets
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import JournalPost, LogEntry, Matter, Side, TaskKind
from junheng.web.staffing.models import HonorEntry, LeaveEntry, SchoolState
from junheng.web.staffing.refusal import RefusedError


def told(user: Any) -> set[str]:
    return set(Notification.objects.filter(recipient=user).values_list("kind", flat=True))


# --- dual management ------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-202", "R-203", "R-204", "R-222", "R-226")
def test_home_keeps_relation_and_pay_the_host_the_daily_work_and_the_pack_is_cited(cast: Any, service: Any) -> None:
    held = service.placed(service.year("DXQ"))
    kept = {each.matter: each for each in charges.kept_by(held)}
    assert {matter for matter, each in kept.items() if each.side is Side.HOME} == {Matter.PERSONNEL, Matter.PAY}
    assert kept[Matter.APPRAISAL].school == cast.hedong
    clause = ask([{"id": 1, "pack": "DXQ", "facts": {"query": "personnel_relation"}}])[0]["clause"]
    assert kept[Matter.PAY].ground == kept[Matter.PERSONNEL].ground == clause.removeprefix("S2-1 ")
    assert kept[Matter.TASKS].ground == ""


def test_a_relation_that_moved_takes_pay_along(cast: Any, service: Any) -> None:
    held = service.placed(service.year(), relation_moved=True)
    kept = {each.matter: each.school for each in charges.kept_by(held)}
    assert kept[Matter.PAY] == kept[Matter.PERSONNEL] == cast.hedong


@pytest.mark.covers("R-202", "R-203")
def test_the_bureau_lets_the_other_side_keep_a_matter_and_only_then_that_side_may_enter(
    cast: Any, service: Any
) -> None:
    now = service.now(10, 12)
    year = service.year()
    held = service.placed(year)
    url = reverse("rotation:service_add", args=(year.pk, held.pk, "attendance"))
    home, host = cast.client("school_clerk"), cast.client("principal_of_hedong")
    assert (home.get(url).status_code, host.get(url).status_code) == (404, 200)
    serving.decide_charge(
        held, matter="attendance", side="home", reason="走教，每天仍在本校签到", by=cast.users["bureau_clerk"], at=now
    )
    assert (home.get(url).status_code, host.get(url).status_code) == (200, 404)
    page = reverse("rotation:service", args=(year.pk, held.pk))
    for client in (home, host):  # both read both
        assert "走教，每天仍在本校签到" in client.get(page).content.decode()
    assert "rotation.charge.decided" in told(cast.users["principal_of_hedong"])
    event = AuditEvent.objects.get(action="rotation.charge.decided")
    assert (event.before, event.after["side"]) == ({"side": "host"}, "home")


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        ("task", [404, 404, 200, 404]), ("attendance", [404, 404, 200, 404]), ("leave", [404, 404, 200, 404]),
        ("confirm", [404, 404, 200, 404]), ("log", [200, 404, 404, 404]), ("report", [200, 404, 404, 404]),
        ("post", [200, 404, 404, 404]), ("summary", [200, 404, 404, 404]), ("visit", [404, 200, 404, 404]),
        ("goal", [404, 404, 200, 404]), ("problem", [200, 200, 200, 404]), ("change", [200, 200, 200, 404]),
        ("safeguard", [404, 200, 200, 404]), ("outcome", [404, 404, 200, 404]),
        ("deduction", [404, 404, 200, 404]), ("charge", [404, 404, 404, 404]), ("nonsense", [404, 404, 404, 404]),
    ],
)  # fmt: skip
@pytest.mark.covers("R-203")
def test_each_form_opens_for_whoever_keeps_the_matter(cast: Any, service: Any, what: str, codes: list[int]) -> None:
    """The teacher, the home school, the host, and a school that has nothing to do with it."""
    service.now(10, 12)
    year = service.year()
    held = service.placed(year)
    url = reverse("rotation:service_add", args=(year.pk, held.pk, what))
    people = ("teacher", "principal", "principal_of_hedong", "principal_of_xishan")
    assert [cast.client(name).get(url).status_code for name in people] == codes


# --- tasks ----------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-218", "R-219")
def test_kinds_of_tasks_follow_the_direction(cast: Any, service: Any) -> None:
    year = service.year()
    down = service.placed(year)
    assert {
        TaskKind.PAIRING, TaskKind.MENTORING, TaskKind.LECTURE, TaskKind.DEMONSTRATION, TaskKind.OPEN_LESSON,
        TaskKind.OBSERVING, TaskKind.RESEARCH, TaskKind.EXAMINATIONS, TaskKind.PREPARING, TaskKind.PROJECT,
    } <= set(serving.kinds_for(down))  # fmt: skip
    SchoolState.objects.filter(school=cast.xishan).update(locale="rural")
    up = service.placed(year, "carol", from_school=cast.xishan, to_school=cast.yucai)
    kinds = serving.kinds_for(up)
    assert TaskKind.LEARNING in kinds
    assert TaskKind.SHARING in kinds
    assert TaskKind.MENTORING not in kinds
    with pytest.raises(RefusedError, match="名师带徒"):
        serving.give_task(
            up, kind=TaskKind.MENTORING, words="", target=1, due=None, by=cast.users["principal"],
            at=service.at(10, 8),
        )  # fmt: skip


@pytest.mark.covers("R-207", "R-220")
def test_a_reward_exchange_needs_a_leading_task_and_evidence_an_upward_one_a_learning_task(
    cast: Any, service: Any
) -> None:
    now = service.now(10, 12)
    year = service.year()
    host = cast.users["principal_of_hedong"]
    held = service.placed(year, form="reward")
    assert len(serving.kinds_missing(held)) == 1
    serving.give_task(held, kind=TaskKind.TEACHING, words="", target=1, due=None, by=host, at=now)
    assert len(serving.kinds_missing(held)) == 1
    task = serving.give_task(held, kind=TaskKind.LECTURE, words="说课", target=2, due=None, by=host, at=now)
    assert serving.kinds_missing(held) == []
    with pytest.raises(RefusedError, match="佐证"):
        serving.judge_task(task, met=True, by=host, at=now)
    paper = SimpleUploadedFile("lecture.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    serving.report_task(task, done=2, result="两次", files=[paper], by=cast.users["teacher"], at=now)
    assert serving.judge_task(task, met=True, by=host, at=now).met
    up = service.placed(year, "bob", form="upward", from_school=cast.hedong, to_school=cast.yucai)
    assert len(serving.kinds_missing(up)) == 1


@pytest.mark.covers("R-205", "R-206")
def test_the_host_gives_a_task_the_teacher_reports_the_host_records_whether_it_was_done(
    cast: Any, service: Any
) -> None:
    now = service.now(10, 12)
    year = service.year()
    held = service.placed(year)
    host, mine = cast.client("principal_of_hedong"), cast.client("teacher")
    answer = host.post(
        reverse("rotation:service_add", args=(year.pk, held.pk, "task")),
        {"kind": "open_lesson", "words": "单元整体教学", "target": "2", "due": "2027-01-10"},
    )
    assert answer.status_code == 302
    task = held.tasks.get()
    assert "rotation.task.given" in told(cast.users["teacher"])
    report = reverse("rotation:service_row", args=(year.pk, held.pk, "task-report", task.pk))
    judge = reverse("rotation:service_row", args=(year.pk, held.pk, "task-judge", task.pk))
    assert host.get(report).status_code == 404
    assert mine.get(judge).status_code == 404
    assert mine.post(report, {"done": "2", "result": "已上两节"}).status_code == 302
    assert host.post(judge, {"met": "1"}).status_code == 302
    task.refresh_from_db()
    assert (task.done, task.met, task.finished_on) == (2, True, date(2026, 10, 12))
    with pytest.raises(RefusedError, match="已经认定"):
        serving.report_task(task, done=1, result="", by=cast.users["teacher"], at=now)


# --- log, attendance, leave -----------------------------------------------------------------------------------------


def test_a_line_of_the_log_sent_twice_is_one_line_and_the_host_confirms(cast: Any, service: Any) -> None:
    now = service.now(10, 12)
    held = service.placed(service.year())
    line: dict[str, Any] = {
        "day": date(2026, 10, 9), "kind": TaskKind.TEACHING, "count": 3, "words": "", "task": None, "key": uuid4(),
        "by": cast.users["teacher"], "at": now,
    }  # fmt: skip
    assert serving.write_log(held, **line) == serving.write_log(held, **line)
    assert LogEntry.objects.count() == 1
    host = cast.users["principal_of_hedong"]
    assert serving.confirm_log(held, until=date(2026, 10, 8), by=host, at=now) == 0
    assert serving.confirm_log(held, until=date(2026, 10, 9), by=host, at=now) == 1
    other = service.placed(held.year, "carol", from_school=cast.xishan)
    with pytest.raises(RefusedError, match="已经提交"):
        serving.write_log(other, **line)


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 10, 13)])
def test_the_log_holds_no_day_before_the_placement_or_to_come(cast: Any, service: Any, day: date) -> None:
    now = service.now(10, 12)
    held = service.placed(service.year())
    with pytest.raises(RefusedError):
        serving.write_log(
            held, day=day, kind=TaskKind.TEACHING, count=1, words="", task=None, key=uuid4(),
            by=cast.users["teacher"], at=now,
        )  # fmt: skip


def test_nothing_is_entered_outside_the_phase_nor_for_somebody_not_in_service(cast: Any, service: Any) -> None:
    year = service.year()
    held = service.placed(year)
    line: dict[str, Any] = {
        "day": date(2026, 9, 2), "kind": TaskKind.TEACHING, "count": 1, "words": "", "task": None,
        "by": cast.users["teacher"],
    }  # fmt: skip
    held.status, held.ended_on = "ended", service.ends
    held.save()
    with pytest.raises(ClosedPhaseError):
        serving.write_log(held, key=uuid4(), at=service.at(9, 20, year=2027), **line)
    held.status, held.ended_on = "ordered", None
    held.save()
    with pytest.raises(RefusedError, match="已发文"):
        serving.write_log(held, key=uuid4(), at=service.at(9, 3), **line)


@pytest.mark.covers("R-204")
def test_attendance_is_measured_against_the_countys_working_days(cast: Any, service: Any) -> None:
    now = service.now(11, 2)
    held = service.placed(service.year(), start=date(2026, 10, 8))
    entered: dict[str, Any] = {"late_times": 0, "note": "", "by": cast.users["principal_of_hedong"], "at": now}
    month = date(2026, 10, 1)
    due = serving.due_days(held, month)
    assert due == 18  # 8 to 30 October, with a Saturday worked for the holiday
    with pytest.raises(RefusedError, match="多于应出勤"):
        serving.enter_attendance(held, month=month, present_days=Decimal(due), absent_days=Decimal(1), **entered)
    first = serving.enter_attendance(held, month=month, present_days=Decimal(due), absent_days=Decimal(0), **entered)
    again = serving.enter_attendance(
        held, month=month, present_days=Decimal("6.5"), absent_days=Decimal("0.5"), **entered
    )
    assert (first.pk, again.present_days, again.due_days) == (again.pk, Decimal("6.5"), due)
    with pytest.raises(RefusedError, match="2026-12"):
        serving.enter_attendance(
            held, month=date(2026, 12, 1), present_days=Decimal(1), absent_days=Decimal(0), **entered
        )


@pytest.mark.covers("R-225")
@pytest.mark.parametrize(
    ("kind", "counts", "months"), [(LeaveKind.STATUTORY_MATERNITY, True, 12), (LeaveKind.SICK, False, 9)]
)
def test_the_pack_says_which_leave_counts(cast: Any, service: Any, kind: LeaveKind, counts: bool, months: int) -> None:
    now = service.now(8, 31)
    held = service.placed(service.year("NZ"))
    serving.enter_leave(
        held, kind=kind, start=date(2027, 3, 1), end=date(2027, 5, 31), approved_by="县教育局",
        by=cast.users["principal_of_hedong"], at=now,
    )  # fmt: skip
    row = LeaveEntry.objects.get(teacher=held.teacher)
    assert (row.kind, row.source) == (kind.value, f"rotation:{held.pk}")
    found = counting.service_of(held, date(2027, 8, 31))
    asked = ask([{"id": 1, "pack": "NZ", "facts": {
        "query": "served", "start": "2026-09-01", "end": "2027-08-31",
        "leave": [{"kind": kind.value, "start": "2027-03-01", "end": "2027-05-31"}],
    }}])[0]  # fmt: skip
    assert (found.leave[0].counts, found.leave[0].days) == (counts, 92)
    assert (found.months, found.counted) == (12, asked["value"]) == (12, months)
    assert found.clause


def test_where_the_pack_says_nothing_of_leave_none_is_taken_off_and_the_page_says_so(cast: Any, service: Any) -> None:
    now = service.now(12, 1)
    year = service.year("YUNLING")
    held = service.placed(year)
    serving.enter_leave(
        held, kind=LeaveKind.SICK, start=date(2026, 11, 2), end=date(2026, 11, 6), approved_by="河东小学",
        by=cast.users["principal_of_hedong"], at=now,
    )  # fmt: skip
    found = counting.service_of(held, date(2026, 11, 30))
    assert (found.months, found.counted, found.leave[0].counts, found.clause) == (3, 3, None, "")
    page = cast.client("teacher").get(reverse("rotation:service", args=(year.pk, held.pk))).content.decode()
    assert "政策没有规定" in page


def test_two_leaves_do_not_overlap_and_the_same_is_the_same(cast: Any, service: Any) -> None:
    now = service.now(12, 1)
    held = service.placed(service.year())
    given: dict[str, Any] = {"approved_by": "x", "by": cast.users["principal_of_hedong"], "at": now}
    first, last = date(2026, 11, 2), date(2026, 11, 6)
    serving.enter_leave(held, kind=LeaveKind.SICK, start=first, end=last, **given)
    serving.enter_leave(held, kind=LeaveKind.SICK, start=first, end=last, **given)
    assert LeaveEntry.objects.filter(teacher=held.teacher).count() == 1
    with pytest.raises(RefusedError, match="重叠"):
        serving.enter_leave(held, kind=LeaveKind.PERSONAL, start=last, end=date(2026, 11, 9), **given)


# --- the journal ----------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-223")
def test_teachers_post_in_the_journal_the_host_recommends_everybody_of_the_year_reads(cast: Any, service: Any) -> None:
    now = service.now(10, 12)
    year = service.year()
    held = service.placed(year)
    mine = cast.client("teacher")
    mine.post(
        reverse("rotation:service_add", args=(year.pk, held.pk, "post")), {"title": "在河东的第一课", "text": "山路"}
    )
    post = JournalPost.objects.get()
    url = reverse("rotation:service_row", args=(year.pk, held.pk, "post-recommend", post.pk))
    assert mine.post(url).status_code == 404
    assert cast.client("principal_of_hedong").post(url).status_code == 302
    page = cast.client("principal_of_xishan").get(reverse("rotation:journal", args=(year.pk,))).content.decode()
    assert "推荐文章" in page
    assert "在河东的第一课" in page
    other = cast.client("clerk_of_other_county").get(reverse("rotation:journal", args=(year.pk,)))
    assert other.status_code == 404
    journal.withdraw(post, reason="有学生姓名", by=cast.users["bureau_clerk"], at=now)
    page = cast.client("principal_of_xishan").get(reverse("rotation:journal", args=(year.pk,))).content.decode()
    assert "在河东的第一课" not in page


def test_the_list_shows_placements_of_both_schools_and_no_others(cast: Any, service: Any) -> None:
    service.now(10, 12)
    year = service.year()
    service.placed(year)
    url = reverse("rotation:services", args=(year.pk,))
    for name, seen in (
        ("principal", True), ("principal_of_hedong", True), ("principal_of_xishan", False), ("teacher", True),
        ("teacher_of_hedong", False),
    ):  # fmt: skip
        assert ("安丽丝" in cast.client(name).get(url).content.decode()) is seen, name
    menu = cast.client("teacher").get(reverse("rotation:own", args=(year.pk,))).content.decode()
    assert all(f'href="{each}"' in menu for each in (url, reverse("rotation:prerequisites", args=(year.pk,))))
    assert Organisation.objects.filter(kind="school").count() == 4


# --- targets of backbone teachers -----------------------------------------------------------------------------------

TARGETS = {
    Level.COUNTY: {TaskKind.DEMONSTRATION: 2},
    Level.CITY: {TaskKind.DEMONSTRATION: 3, TaskKind.LECTURE: 2, TaskKind.PROJECT: 0},
}


def honour(teacher: Any, level: str, **given: Any) -> None:
    """A backbone honour of a level."""
    known = {"kind": "backbone", "start": date(2024, 9, 1), "valid_from": date(2024, 9, 1), "source": "test"}
    HonorEntry.objects.create(teacher=teacher, level=level, **known | given)


@pytest.mark.covers("R-231")
def test_each_level_of_backbone_teachers_has_its_own_targets_which_become_tasks_of_an_exchange(
    cast: Any, service: Any
) -> None:
    now = service.now(10, 12)
    year, host = service.year(), cast.users["principal_of_hedong"]
    targets.set_targets(year, TARGETS, by=cast.users["bureau_clerk"])
    held = service.placed(year)
    honour(held.teacher, "county")
    honour(held.teacher, "city")
    honour(held.teacher, "nation", end=date(2025, 1, 1))
    serving.give_task(held, kind=TaskKind.DEMONSTRATION, words="", target=1, due=None, by=host, at=now)
    assert targets.level_of(held.teacher, held.start) is Level.CITY, "the national one has run out"
    assert targets.lay_targets(held, due=held.end, by=host, at=now) == 2
    asked = {(kind, target, words) for kind, target, words in held.tasks.values_list("kind", "target", "words")}
    words = "市级骨干培养目标"
    assert asked == {("demonstration", 1, ""), ("demonstration", 2, words), ("lecture", 2, words)}
    assert targets.lay_targets(held, due=None, by=host, at=now) == 0, "doing it again gives nothing more"
    assert AuditEvent.objects.filter(action="rotation.targets.laid").count() == 1
    other = service.placed(year, "bob")
    with pytest.raises(RefusedError, match="没有有效的县级以上骨干称号"):
        targets.lay_targets(other, due=None, by=host, at=now)
    honour(other.teacher, "county")
    assert targets.lay_targets(other, due=None, by=host, at=now) == 1
    assert other.tasks.get().target == 2


@pytest.mark.covers("R-231")
def test_the_bureau_sets_targets_the_host_lays_them_out_and_the_next_year_has_them_too(cast: Any, service: Any) -> None:
    service.now(10, 12)
    year = service.year()
    held = service.placed(year)
    honour(held.teacher, "county")
    clerk, host = cast.client("bureau_clerk"), cast.client("principal_of_hedong")
    url = reverse("rotation:development_targets", args=(year.pk,))
    assert clerk.post(url, {"county_demonstration": "100"}).status_code == 422
    assert clerk.post(url, {"county_demonstration": "2", "city_lecture": "3"}).status_code == 302
    assert targets.targets_of(year) == {Level.COUNTY: {TaskKind.DEMONSTRATION: 2}, Level.CITY: {TaskKind.LECTURE: 3}}
    assert host.get(url).status_code == 403
    page = reverse("rotation:service", args=(year.pk, held.pk))
    assert "县级骨干，本年度培养目标：示范课 2 次。" in host.get(page).content.decode()
    laid = host.post(reverse("rotation:service_add", args=(year.pk, held.pk, "targets")), {"due": "2027-01-10"})
    assert laid.status_code == 302
    assert (held.tasks.get().target, held.tasks.get().due) == (2, date(2027, 1, 10))
    assert "还没有布置" not in host.get(page).content.decode()
    serving.set_settings(year, report_due_day=7, warning_days=[9], similar_percent=40, by=cast.users["bureau_clerk"])
    assert Level.CITY in targets.targets_of(year), "other settings leave the targets alone"
    assert "development" in taking_over.SERVICE
