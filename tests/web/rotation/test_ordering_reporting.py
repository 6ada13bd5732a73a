"""Hand-over between two schools, reporting for duty, and what follows from not coming, as the pack says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from junheng.web.records.jobs import enqueue, run_due
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.rotation import holds as holding
from junheng.web.rotation.actions.formalities import Arranged, arrange, is_late_transfer, register_step, strike_step
from junheng.web.rotation.actions.ordering import OrderHead, issue, revoke
from junheng.web.rotation.actions.reporting import confirm_arrival, draft_caution, issue_caution, review_caution
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.chasing import chase
from junheng.web.rotation.cycle import ClosedPhaseError, progress_of
from junheng.web.rotation.lateness import lateness
from junheng.web.rotation.models import (
    Arrangement,
    Caution,
    CautionKind,
    FormalityStep,
    Phase,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
    StepKind,
)
from junheng.web.rotation.parts.ordering import ask_hosts, remind_of_late
from junheng.web.staffing.refusal import RefusedError

DUE = date(2026, 9, 1)
MATHS = Arranged("初一（2）班、初一（3）班", "数学", 10)


@pytest.fixture(autouse=True)
def no_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_holds", [])


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 8, 31, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def year(clock: Any, make_year: Any) -> RotationYear:
    made = make_year(PhaseKind.ORDERS, PhaseKind.REPORTING, pack="XX")
    Phase.objects.filter(year=made, kind="reporting").update(closes=timezone.now() + timedelta(days=60))
    return made


def placed(cast: Any, year: RotationYear) -> Placement:
    """Alice ordered from 育才 to 西山, to report on the first day of September."""
    made = Placement.objects.create(
        year=year, teacher=cast.teachers["alice"], from_school=cast.yucai, to_school=cast.xishan, stage="junior",
        subject="maths", start=date(2026, 9, 1), end=date(2027, 8, 31),
    )  # fmt: skip
    head = OrderHead("云教〔2026〕5号", "李局长", date(2026, 8, 31), DUE, uuid.uuid4())
    issue(year, head, [made.pk], by=cast.users["section_head"])
    made.refresh_from_db()
    return made


@pytest.fixture
def placement(cast: Any, year: RotationYear) -> Placement:
    return placed(cast, year)


def days_later(clock: Any, days: int) -> None:
    clock.move_to(datetime(2026, 9, 1, 4, tzinfo=UTC) + timedelta(days=days))


# --- hand-over ------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-166")
def test_the_talk_before_departure_is_recorded_by_the_home_school(cast: Any, placement: Placement) -> None:
    clerk = cast.users["school_clerk"]
    with pytest.raises(RefusedError, match="谈话的主要内容"):
        register_step(placement, StepKind.TALK, done_on=date(2026, 8, 31), by=clerk)
    made = register_step(placement, StepKind.TALK, done_on=date(2026, 8, 31), note="本人愿意，关心通勤。", by=clerk)
    again = register_step(placement, StepKind.TALK, done_on=date(2026, 8, 30), note="另一次。", by=clerk)
    assert again == made
    event = AuditEvent.objects.get(action="rotation.formality.done")
    assert event.organisation == "云山县育才初级中学"
    assert "通勤" not in str(event.after)


@pytest.mark.covers("R-180", "R-181")
def test_the_host_arranges_the_work_before_it_welcomes(cast: Any, placement: Placement) -> None:
    host = cast.users["principal_of_xishan"]
    with pytest.raises(RefusedError, match="先安排好"):
        register_step(placement, StepKind.WELCOMED, done_on=date(2026, 8, 31), by=host)
    arrange(placement, MATHS, by=host)
    register_step(placement, StepKind.SENT, done_on=date(2026, 8, 31), by=cast.users["school_clerk"])
    register_step(placement, StepKind.WELCOMED, done_on=date(2026, 8, 31), by=host)
    assert set(placement.steps.values_list("kind", flat=True)) == {"sent", "welcomed"}


@pytest.mark.covers("R-192")
def test_several_jobs_at_once_are_shown_to_whoever_looks(cast: Any, placement: Placement) -> None:
    arrange(placement, Arranged("初一（2）班", "数学", 12, "图书管理、食堂值班"), by=cast.users["principal_of_xishan"])
    page = cast.client("bureau_clerk").get(placement.get_absolute_url()).content.decode()
    assert "请避免身兼多职" in page
    assert "每周 12" in page


def test_an_arrangement_is_replaced_and_the_old_one_stays_in_the_trail(cast: Any, placement: Placement) -> None:
    host = cast.users["principal_of_xishan"]
    arrange(placement, MATHS, by=host)
    arrange(placement, MATHS, by=host)
    arrange(placement, Arranged("初二（1）班", "数学", 8), by=host)
    assert Arrangement.objects.get().classes == "初二（1）班"
    events = AuditEvent.objects.filter(action="rotation.work.arranged").order_by("number")
    assert [event.before and event.before["weekly_periods"] for event in events] == [None, 10]


@pytest.mark.covers("R-182")
def test_transfer_formalities_after_the_start_are_marked_late(cast: Any, clock: Any, placement: Placement) -> None:
    clerk = cast.users["school_clerk"]
    early = register_step(placement, StepKind.TRANSFER, done_on=date(2026, 8, 31), by=clerk)
    assert not is_late_transfer(early)
    strike_step(placement, StepKind.TRANSFER, reason="登记错了", by=clerk)
    days_later(clock, 1)
    late = register_step(placement, StepKind.TRANSFER, done_on=date(2026, 9, 2), by=clerk)
    assert is_late_transfer(late)
    assert "开学后才办妥" in cast.client("school_clerk").get(placement.get_absolute_url()).content.decode()


def test_what_has_not_happened_yet_or_is_not_in_force_is_not_registered(cast: Any, placement: Placement) -> None:
    clerk = cast.users["school_clerk"]
    with pytest.raises(RefusedError, match="不能晚于今天"):
        register_step(placement, StepKind.SENT, done_on=date(2026, 9, 2), by=clerk)
    with pytest.raises(RefusedError, match="写明理由"):
        strike_step(placement, StepKind.SENT, reason="", by=clerk)
    revoke(placement, reason="调整", by=cast.users["section_head"])
    with pytest.raises(RefusedError, match="没有交接手续"):
        register_step(placement, StepKind.SENT, done_on=date(2026, 8, 31), by=clerk)
    assert not FormalityStep.objects.exists()


# --- arrival --------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-209", "R-181")
def test_the_host_confirms_arrival_and_the_placement_serves_from_its_first_day(
    cast: Any, clock: Any, placement: Placement
) -> None:
    host = cast.users["principal_of_xishan"]
    found = confirm_arrival(placement, on=date(2026, 8, 31), by=host)
    assert found.status == PlacementStatus.ORDERED, "reported, but the term has not begun"
    days_later(clock, 0)
    run_due()
    placement.refresh_from_db()
    assert (placement.status, placement.reported_on) == (PlacementStatus.SERVING, date(2026, 8, 31))
    confirm_arrival(placement, on=date(2026, 8, 31), by=host)
    assert AuditEvent.objects.filter(action="rotation.arrival.confirmed").count() == 1


def test_who_comes_late_serves_from_then(cast: Any, clock: Any, placement: Placement) -> None:
    days_later(clock, 3)
    run_due()
    placement.refresh_from_db()
    assert placement.status == PlacementStatus.ORDERED
    found = confirm_arrival(placement, on=date(2026, 9, 4), by=cast.users["principal_of_xishan"])
    assert found.status == PlacementStatus.SERVING
    assert AuditEvent.objects.get(action="rotation.arrival.confirmed").details["days_late"] == 3


def test_an_arrival_of_tomorrow_or_before_the_order_is_refused(cast: Any, clock: Any, placement: Placement) -> None:
    host = cast.users["principal_of_xishan"]
    for day, why in ((date(2026, 9, 1), "不能晚于今天"), (date(2026, 8, 30), "不能早于")):
        with pytest.raises(RefusedError, match=why):
            confirm_arrival(placement, on=day, by=host)
    with pytest.raises(ClosedPhaseError):
        confirm_arrival(placement, on=date(2026, 8, 31), by=host, at=timezone.now() + timedelta(days=90))
    assert Placement.objects.get().reported_on is None


# --- late -----------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-209", "R-060", "R-061")
@pytest.mark.parametrize(
    ("days", "paper"),
    [(0, None), (1, None), (7, None), (8, CautionKind.ADMONITION), (14, CautionKind.ADMONITION),
     (15, CautionKind.TERMINATION)],
)  # fmt: skip
def test_the_pack_says_what_follows_from_so_many_days(year: RotationYear, days: int, paper: CautionKind | None) -> None:
    found = lateness(pack_of(year), year, DUE, DUE + timedelta(days=days))
    assert (found.days, found.paper) == (days, paper)
    assert found.tone == ("red" if paper else "orange" if days else "secondary")
    assert (not paper) or found.clause


def test_the_countys_own_number_of_days_counts(year: RotationYear) -> None:
    year.parameters = {"warning_days": 3}
    assert lateness(pack_of(year), year, DUE, DUE + timedelta(days=4)).paper == CautionKind.ADMONITION


def test_a_pack_that_says_nothing_of_it_only_counts(clock: Any, make_year: Any, cast: Any) -> None:
    other = make_year(PhaseKind.ORDERS, PhaseKind.REPORTING, pack="YUNLING")
    assert lateness(pack_of(other), other, DUE, DUE + timedelta(days=30)).paper is None
    placement = placed(cast, other)
    days_later(clock, 2)
    page = cast.client("bureau_clerk").get(f"/rotation/{other.pk}/reporting/").content.decode()
    assert "没有规定逾期报到的处理" in page
    assert "逾期 2 天" in page
    with pytest.raises(RefusedError, match="还不到"):
        draft_caution(placement, CautionKind.ADMONITION, by=cast.users["bureau_clerk"])


@pytest.mark.covers("R-210")
def test_an_admonition_is_drafted_when_due_and_issued_under_a_number(
    cast: Any, clock: Any, placement: Placement
) -> None:
    clerk, chief = cast.users["bureau_clerk"], cast.users["section_head"]
    days_later(clock, 7)
    with pytest.raises(RefusedError, match="还不到"):
        draft_caution(placement, CautionKind.ADMONITION, by=clerk)
    days_later(clock, 8)
    draft = draft_caution(placement, CautionKind.ADMONITION, by=clerk)
    assert draft_caution(placement, CautionKind.ADMONITION, by=chief) == draft
    assert (draft.days, draft.issued_at) == (8, None)
    with pytest.raises(RefusedError, match="发文字号"):
        issue_caution(draft, number=" ", by=chief)
    found = issue_caution(draft, number="云教告〔2026〕1号", by=chief)
    assert issue_caution(draft, number="云教告〔2026〕2号", by=chief).number == found.number
    told = Notification.objects.filter(kind="rotation.caution.issued").values_list("recipient__username", flat=True)
    assert {"ys-teacher", "ys-principal", "xs-principal", "ys-section_head"} <= set(told)


@pytest.mark.covers("R-211")
def test_a_termination_is_issued_only_after_another_person_has_reviewed_it_in_law(
    cast: Any, clock: Any, placement: Placement
) -> None:
    clerk, chief, leader = (cast.users[each] for each in ("bureau_clerk", "section_head", "bureau_leader"))
    days_later(clock, 10)
    with pytest.raises(RefusedError, match="还不到"):
        draft_caution(placement, CautionKind.TERMINATION, by=clerk)
    days_later(clock, 15)
    draft = draft_caution(placement, CautionKind.TERMINATION, by=clerk)
    with pytest.raises(RefusedError, match="法制审核"):
        issue_caution(draft, number="云教解〔2026〕1号", by=leader)
    with pytest.raises(RefusedError, match="拟稿人不能审核"):
        review_caution(draft, lawful=True, opinion="同意", by=clerk)
    review_caution(draft, lawful=False, opinion="送达证据不足", by=chief)
    with pytest.raises(RefusedError, match="法制审核"):
        issue_caution(draft, number="云教解〔2026〕1号", by=leader)
    review_caution(draft, lawful=True, opinion="证据已补齐", by=chief)
    found = issue_caution(draft, number="云教解〔2026〕1号", by=leader)
    assert found.issued_by == leader
    with pytest.raises(RefusedError, match="解除聘用合同"):
        confirm_arrival(placement, on=date(2026, 9, 16), by=cast.users["principal_of_xishan"])
    with pytest.raises(RefusedError, match="已经发出"):
        review_caution(draft, lawful=False, opinion="反悔", by=chief)


def test_the_table_itself_refuses_a_termination_without_review(cast: Any, placement: Placement) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Caution.objects.create(
            placement=placement, kind="termination", days=15, clause="x", because="x", number="1",
            drafted_by=cast.users["bureau_clerk"], drafted_at=timezone.now(), issued_at=timezone.now(),
            issued_by=cast.users["bureau_leader"],
        )  # fmt: skip


def test_nobody_is_cautioned_who_has_come(cast: Any, clock: Any, placement: Placement) -> None:
    days_later(clock, 9)
    draft = draft_caution(placement, CautionKind.ADMONITION, by=cast.users["bureau_clerk"])
    confirm_arrival(placement, on=date(2026, 9, 10), by=cast.users["principal_of_xishan"])
    with pytest.raises(RefusedError, match="已经报到"):
        issue_caution(draft, number="云教告〔2026〕1号", by=cast.users["section_head"])
    with pytest.raises(RefusedError, match="已经报到"):
        draft_caution(placement, CautionKind.TERMINATION, by=cast.users["bureau_clerk"])


# --- progress and reminders -----------------------------------------------------------------------------------------


def test_progress_counts_by_school(cast: Any, year: RotationYear, placement: Placement) -> None:
    schools = [cast.yucai.pk, cast.xishan.pk]
    (ordered,) = progress_of(year, PhaseKind.ORDERS, schools)
    assert (ordered.done, ordered.total, ordered.schools) == (1, 1, {cast.yucai.pk: (1, 1)})
    came, work = progress_of(year, PhaseKind.REPORTING, schools)
    assert (came.done, came.total, work.done) == (0, 1, 0)
    confirm_arrival(placement, on=date(2026, 8, 31), by=cast.users["principal_of_xishan"])
    arrange(placement, MATHS, by=cast.users["principal_of_xishan"])
    came, work = progress_of(year, PhaseKind.REPORTING, schools)
    assert (came.done, work.done) == (1, 1)
    assert progress_of(year, PhaseKind.REPORTING, [cast.hedong.pk]) == []


@pytest.mark.covers("R-209")
def test_hosts_and_homes_are_reminded_when_reporting_opens_and_ends(
    cast: Any, year: RotationYear, placement: Placement
) -> None:
    phase = Phase.objects.select_related("year").get(year=year, kind="reporting")
    ask_hosts(phase)
    remind_of_late(phase)

    def told(kind: str) -> set[str]:
        found = Notification.objects.filter(kind=f"rotation.reporting.{kind}")
        return set(found.values_list("recipient__username", flat=True))

    assert told("opened") == {"xs-principal"}
    assert told("sending") == {"ys-school_clerk", "ys-principal"}
    assert told("late") >= {"xs-principal", "ys-bureau_clerk", "ys-section_head"}
    assert not told("late") & {"hd-principal", "ys-school_clerk", "ys-teacher"}


@pytest.mark.covers("R-209")
def test_each_tier_of_lateness_is_told_once_however_many_nights_pass(
    cast: Any, clock: Any, placement: Placement
) -> None:
    told = []
    for days in (0, 1, 2, 7, 8, 9, 15, 15, 30):
        days_later(clock, days)
        told.append(chase(timezone.localdate()))
    assert told == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    kinds = Notification.objects.filter(recipient=cast.users["principal_of_xishan"], kind__startswith="rotation.late.")
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "rotation.late.admonition", "rotation.late.first", "rotation.late.termination"
    ]  # fmt: skip


def test_a_server_that_was_off_tells_of_the_tier_that_holds_now(cast: Any, clock: Any, placement: Placement) -> None:
    days_later(clock, 20)
    assert chase(timezone.localdate()) == 1
    assert Notification.objects.filter(kind="rotation.late.termination").exists()
    confirm_arrival(placement, on=date(2026, 9, 21), by=cast.users["principal_of_xishan"])
    days_later(clock, 21)
    assert chase(timezone.localdate()) == 0


def test_the_work_of_the_night_is_registered_and_runs(cast: Any, clock: Any, placement: Placement) -> None:
    days_later(clock, 1)
    job = enqueue("rotation.reporting.watch", title="夜间", by=None, due_at=timezone.now())
    run_due()
    job.refresh_from_db()
    assert (job.status, job.result["facts"][0][1]) == ("done", "1")


def test_what_waits_for_a_school_says_what_it_has_to_do(cast: Any, clock: Any, rf: Any, placement: Placement) -> None:
    from junheng.web.directory.standing import PersonStanding

    def waiting(name: str) -> dict[str, int]:
        request = rf.get("/")
        request.user = cast.users[name]
        request.standing = PersonStanding(cast.users[name], timezone.localdate())
        return {str(each.label): each.count for each in waiting_for(request)}

    assert waiting("principal_of_xishan")["安排交流教师的工作"] == 1
    assert waiting("school_clerk")["行前谈话"] == 1
    days_later(clock, 1)
    assert waiting("principal_of_xishan")["确认交流教师报到"] == 1
    assert "确认交流教师报到" not in waiting("school_clerk")
