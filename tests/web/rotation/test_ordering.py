"""Orders: issued once, hold who is held back, and change both head-counts on the day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from racing import at_once

from junheng.web.records.jobs import enqueue, run_due
from junheng.web.records.models import AuditEvent, Job, JobStatus, Notification
from junheng.web.rotation import holds as holding
from junheng.web.rotation.actions import headcounts, ordering
from junheng.web.rotation.actions.ordering import OrderHead, change, issue, revoke
from junheng.web.rotation.actions.placing import make_placements
from junheng.web.rotation.actions.placing_ends import end_placement
from junheng.web.rotation.actions.reporting import confirm_arrival
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    ChangeOfOrder,
    HeadCount,
    Order,
    OrderAmendment,
    OrderLine,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
)
from junheng.web.staffing.actions.teachers import Why, change_state
from junheng.web.staffing.models import AppointmentEntry, TeacherState
from junheng.web.staffing.refusal import RefusedError

BEFORE = datetime(2026, 8, 31, 9, tzinfo=UTC)
START, END = date(2026, 9, 1), date(2027, 8, 31)


@dataclass(frozen=True)
class Move:
    teacher: Any
    from_school: Any
    to_school: Any
    stage: str = "junior"
    subject: str = "maths"
    form: str = "rotation"
    wish_rank: int | None = 1
    start: date = START
    end: date = END
    relation_moved: bool = False
    role: str = ""


@pytest.fixture(autouse=True)
def no_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_holds", [])


@pytest.fixture
def clock() -> Iterator[Any]:
    """The day before service."""
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def year(clock: Any, make_year: Any) -> RotationYear:
    return make_year(PhaseKind.ORDERS, PhaseKind.REPORTING, pack="XX")


@pytest.fixture
def moves(cast: Any) -> list[Move]:
    return [
        Move(cast.teachers["alice"], cast.yucai, cast.xishan),
        Move(cast.teachers["bob"], cast.hedong, cast.xishan, stage="primary", subject="chinese"),
    ]


@pytest.fixture
def planned(cast: Any, year: RotationYear, moves: list[Move]) -> list[Placement]:
    return make_placements(year, moves, by=cast.users["section_head"])


def head(number: str = "云教〔2026〕5号", **given: Any) -> OrderHead:
    return OrderHead(number, "李局长", date(2026, 8, 31), START, given.pop("key", uuid.uuid4()), **given)


def issued(cast: Any, year: RotationYear, placements: list[Placement], **given: Any) -> Order:
    return issue(year, given.pop("head", head()), [each.pk for each in placements], by=cast.users["section_head"])


def state(cast: Any, who: str) -> TeacherState:
    return TeacherState.objects.current().get(teacher=cast.teachers[who])


def first_day(clock: Any) -> None:
    clock.move_to(datetime(2026, 8, 31, 16, 1, tzinfo=UTC))


# --- placements from a plan -----------------------------------------------------------------------------------------


def test_a_plan_makes_its_placements_once(cast: Any, year: RotationYear, moves: list[Move]) -> None:
    first = make_placements(year, moves, by=cast.users["section_head"])
    again = make_placements(year, moves, by=cast.users["section_head"])
    assert [each.pk for each in again] == [each.pk for each in first]
    assert {each.status for each in first} == {PlacementStatus.PLANNED}
    assert Placement.objects.count() == 2
    assert AuditEvent.objects.filter(action="rotation.placement.planned").count() == 2


def test_another_plan_replaces_what_has_not_been_ordered(cast: Any, year: RotationYear, moves: list[Move]) -> None:
    alice, bob = make_placements(year, moves, by=cast.users["section_head"])
    (other,) = make_placements(year, [replace(moves[0], to_school=cast.hedong)], by=cast.users["section_head"])
    for each in (alice, bob):
        each.refresh_from_db()
        assert each.status == PlacementStatus.CANCELLED
    assert other.to_school == cast.hedong
    issued(cast, year, [other])
    with pytest.raises(RefusedError, match="已经发文"):
        make_placements(year, moves, by=cast.users["section_head"])


# --- issuing --------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-168")
def test_an_order_is_issued_with_number_and_signer_and_everybody_is_told(
    cast: Any, year: RotationYear, planned: list[Placement]
) -> None:
    order = issued(cast, year, planned)
    assert (order.number, order.signer, order.batch) == ("云教〔2026〕5号", "李局长", 1)
    assert [line.letter for line in order.lines.all()] == [1, 2]
    assert set(Placement.objects.values_list("status", flat=True)) == {PlacementStatus.ORDERED}
    event = AuditEvent.objects.get(action="rotation.order.issued")
    assert event.after["placements"] == 2
    told = set(Notification.objects.filter(kind="rotation.order.issued").values_list("recipient__username", flat=True))
    assert {"ys-teacher", "ys-school_clerk", "ys-principal", "xs-principal", "hd-teacher", "hd-principal"} == told


@pytest.mark.covers("R-167")
def test_the_pool_is_spread_over_batches(cast: Any, year: RotationYear, planned: list[Placement]) -> None:
    issued(cast, year, planned[:1])
    assert Placement.objects.filter(status=PlacementStatus.PLANNED).count() == 1
    second = issued(cast, year, planned[1:], head=head("云教〔2026〕6号"))
    assert second.batch == 2


def test_issuing_twice_is_once(cast: Any, year: RotationYear, planned: list[Placement]) -> None:
    same = head()
    first = issued(cast, year, planned, head=same)
    assert issued(cast, year, planned, head=same) == first
    assert Order.objects.count() == 1
    with pytest.raises(RefusedError, match="不能再发文"):
        issued(cast, year, planned, head=head("云教〔2026〕6号"))
    assert Order.objects.count() == 1


def test_a_number_serves_one_order(cast: Any, year: RotationYear, planned: list[Placement]) -> None:
    issued(cast, year, planned[:1])
    with pytest.raises(RefusedError, match="已有字号"):
        issued(cast, year, planned[1:])
    planned[1].refresh_from_db()
    assert planned[1].status == PlacementStatus.PLANNED


def test_who_is_under_objection_is_held_back(cast: Any, year: RotationYear, planned: list[Placement]) -> None:
    concerned = {cast.teachers["bob"].pk}
    holding.holds(lambda _year: concerned)
    with pytest.raises(RefusedError, match=r"异议尚未办结.*单博文"):
        issued(cast, year, planned)
    assert not Order.objects.exists()
    concerned.clear()
    assert issued(cast, year, planned).lines.count() == 2


def test_nothing_is_issued_outside_its_phase_or_without_a_head(
    cast: Any, year: RotationYear, planned: list[Placement]
) -> None:
    with pytest.raises(ClosedPhaseError):
        issue(year, head(), [planned[0].pk], by=cast.users["section_head"], at=timezone.now() + timedelta(days=30))
    for wrong in (head(" "), replace(head(), signer="")):
        with pytest.raises(RefusedError, match="字号和签发人"):
            issued(cast, year, planned, head=wrong)
    with pytest.raises(RefusedError, match="至少选择"):
        issued(cast, year, [])
    assert not OrderLine.objects.exists()


# --- the first day --------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-222", "R-202")
def test_on_the_first_day_the_teacher_counts_at_the_host_and_belongs_to_the_home(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    run_due()
    assert state(cast, "alice").teaching_school is None, "the day has not come"
    first_day(clock)
    run_due()
    now = state(cast, "alice")
    assert (now.school, now.teaching_school, now.valid_from) == (cast.yucai, cast.xishan, START)
    spell = AppointmentEntry.objects.current().get(teacher=cast.teachers["alice"])
    assert (spell.kind, spell.school_id, spell.start, spell.end, spell.personnel_moved) == (
        "exchange", "9901010003", START, END, False
    )  # fmt: skip
    before = TeacherState.objects.as_of(date(2026, 8, 31)).get(teacher=cast.teachers["alice"])
    assert before.teaching_school is None, "what held before stays"
    assert Job.objects.get(kind=ordering.BEGINS).status == JobStatus.DONE


def test_where_the_relation_moves_the_host_becomes_the_school_of_the_establishment(
    cast: Any, clock: Any, year: RotationYear
) -> None:
    alice = cast.teachers["alice"]
    AppointmentEntry.objects.create(
        teacher=alice, school_id=cast.yucai.code, kind="post", start=date(2015, 9, 1), valid_from=date(2026, 8, 31),
        source="test",
    )  # fmt: skip
    move = Move(alice, cast.yucai, cast.xishan, relation_moved=True)
    issued(cast, year, make_placements(year, [move], by=None))
    first_day(clock)
    run_due()
    now = state(cast, "alice")
    assert (now.school, now.teaching_school, now.joined_current_school) == (cast.xishan, None, START)
    spells = AppointmentEntry.objects.current().filter(teacher=alice).order_by("start", "kind")
    assert [(each.school_id, each.kind, each.start, each.end, each.personnel_moved) for each in spells] == [
        (cast.yucai.code, "post", date(2015, 9, 1), date(2026, 8, 31), False),
        (cast.xishan.code, "exchange", START, END, True), (cast.xishan.code, "post", START, None, True),
    ]  # fmt: skip
    (placement,) = Placement.objects.all()
    revoke(placement, reason="家庭变故", by=cast.users["section_head"])
    now = state(cast, "alice")
    assert (now.school, now.teaching_school, now.joined_current_school) == (cast.yucai, None, date(2015, 9, 1))
    spells = AppointmentEntry.objects.current().filter(teacher=alice)
    assert [(each.school_id, each.end) for each in spells] == [(cast.yucai.code, None)]


def test_the_first_day_comes_once_however_often_it_is_asked_for(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    run_due()
    events = AuditEvent.objects.count()
    done = Job.objects.get(kind=ordering.BEGINS)
    enqueue(ordering.BEGINS, done.arguments, title="再来一次", by=None)
    run_due()
    assert Job.objects.filter(kind=ordering.BEGINS, status=JobStatus.DONE).count() == 2
    assert headcounts.begin(planned[0], by=cast.users["section_head"], today=START) is not None
    assert HeadCount.objects.count() == 2
    assert AuditEvent.objects.count() == events


def test_a_teacher_who_has_left_is_passed_over(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    TeacherState.objects.current().filter(teacher=cast.teachers["bob"]).update(valid_until=date(2026, 8, 31))
    first_day(clock)
    run_due()
    assert HeadCount.objects.get().placement == planned[0]
    assert AuditEvent.objects.filter(action="rotation.placement.without_teacher").count() == 1


@pytest.mark.covers("R-203")
def test_the_host_reads_the_file_for_the_term_and_not_a_day_longer(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    url = cast.teachers["alice"].get_absolute_url()
    issued(cast, year, planned)
    assert cast.client("principal_of_xishan").get(url).status_code == 404, "not before the first day"
    first_day(clock)
    run_due()
    assert cast.client("principal_of_xishan").get(url).status_code == 200
    assert cast.client("principal_of_hedong").get(url).status_code == 404
    now = state(cast, "alice")
    TeacherState.objects.filter(pk=now.pk).update(teaching_school=None)
    clock.move_to(datetime(2027, 8, 31, 15, 0, tzinfo=UTC))
    assert cast.client("principal_of_xishan").get(url).status_code == 200, "the spell itself runs"
    clock.move_to(datetime(2027, 8, 31, 17, 0, tzinfo=UTC))
    assert cast.client("principal_of_xishan").get(url).status_code == 404


def test_the_end_of_a_placement_finds_what_its_first_day_wrote(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    run_due()
    confirm_arrival(planned[0], on=START, by=cast.users["principal_of_xishan"])
    clock.shift(timedelta(days=10))
    end_placement(planned[0], date(2026, 9, 8), cast.users["section_head"], "家庭变故")
    assert state(cast, "alice").teaching_school is None
    assert AppointmentEntry.objects.current().get(teacher=cast.teachers["alice"]).end == date(2026, 9, 8)


# --- revoked and changed --------------------------------------------------------------------------------------------


def test_a_revocation_leaves_everything_as_it_was(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    run_due()
    with pytest.raises(RefusedError, match="写明理由"):
        revoke(planned[0], reason=" ", by=cast.users["section_head"])
    found = revoke(planned[0], reason="家庭变故", number="云教〔2026〕9号", by=cast.users["section_head"])
    assert found.status == PlacementStatus.CANCELLED
    assert state(cast, "alice").teaching_school is None
    assert not AppointmentEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()
    struck = AppointmentEntry.objects.get(teacher=cast.teachers["alice"])
    assert struck.valid_from == struck.valid_until, "it holds on no day and stays for whoever asks"
    assert state(cast, "bob").teaching_school == cast.xishan
    again = revoke(planned[0], reason="再次", by=cast.users["section_head"])
    assert again.status == PlacementStatus.CANCELLED
    kept = OrderAmendment.objects.get()
    assert (kept.kind, kept.number, kept.reason) == (ChangeOfOrder.REVOKED, "云教〔2026〕9号", "家庭变故")
    run_due()
    assert state(cast, "alice").teaching_school is None


def test_what_was_edited_meanwhile_survives_a_revocation(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    run_due()
    clock.shift(timedelta(days=2))
    now, why = state(cast, "alice"), Why(cast.users["bureau_clerk"], "取得硕士学位")
    change_state(cast.teachers["alice"], {"education": "master"}, version=now.pk, on=date(2026, 9, 2), why=why)
    revoke(planned[0], reason="家庭变故", by=cast.users["section_head"])
    assert (state(cast, "alice").education, state(cast, "alice").teaching_school) == ("master", None)


def test_a_change_takes_the_old_terms_back_and_writes_the_new(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement]
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    run_due()
    confirm_arrival(planned[0], on=START, by=cast.users["principal_of_xishan"])
    planned[0].refresh_from_db()
    assert planned[0].status == PlacementStatus.SERVING
    found = change(
        planned[0], {"to_school": cast.hedong, "subject": "physics"}, reason="学科调整", by=cast.users["section_head"]
    )
    assert (found.status, found.reported_on) == (PlacementStatus.ORDERED, None), "he reports anew"
    run_due()
    assert state(cast, "alice").teaching_school == cast.hedong
    spells = AppointmentEntry.objects.current().filter(teacher=cast.teachers["alice"])
    assert [each.school_id for each in spells] == [cast.hedong.code]
    kept = OrderAmendment.objects.get()
    assert (kept.before["to_school"], kept.after["to_school"]) == (cast.xishan.code, cast.hedong.code)
    assert HeadCount.objects.filter(placement=found, undone_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"to_school": "yucai"}, "另一所学校"),
        ({"to_school": "faraway"}, "另一所学校"),
        ({"end": date(2026, 8, 1)}, "不能早于开始日期"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    cast: Any, year: RotationYear, planned: list[Placement], values: dict[str, Any], why: str
) -> None:
    issued(cast, year, planned)
    given = {name: getattr(cast, value) if isinstance(value, str) else value for name, value in values.items()}
    with pytest.raises(RefusedError, match=why):
        change(planned[0], given, reason="理由", by=cast.users["section_head"])
    assert not OrderAmendment.objects.exists()


def test_what_is_only_planned_is_not_changed_but_may_be_revoked(
    cast: Any, year: RotationYear, planned: list[Placement]
) -> None:
    with pytest.raises(RefusedError, match="只能更改已发文"):
        change(planned[0], {"subject": "physics"}, reason="理由", by=cast.users["section_head"])
    assert revoke(planned[0], reason="理由", by=cast.users["section_head"]).status == PlacementStatus.CANCELLED


# --- races and crashes ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_issue_at_once_one_does(
    cast: Any, year: RotationYear, planned: list[Placement], settings: Any
) -> None:
    settings.WIDEN_RACES = 0.2
    found = at_once(
        lambda: issued(cast, year, planned, head=head("云教〔2026〕5号")),
        lambda: issued(cast, year, planned, head=head("云教〔2026〕6号")),
    )
    assert sorted(type(each).__name__ for each in found) == ["Order", "RefusedError"]
    assert OrderLine.objects.count() == 2
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_twice_at_once_is_one_order(
    cast: Any, year: RotationYear, planned: list[Placement], settings: Any
) -> None:
    settings.WIDEN_RACES, same = 0.2, head()
    found = at_once(*[lambda: issued(cast, year, planned, head=same)] * 2)
    assert found[0] == found[1] == Order.objects.get()


def objection_meets_order(cast: Any, year: RotationYear, planned: list[Placement]) -> tuple[bool, bool]:
    """Whether an objection about Alice went in before her order was written, and whether she was ordered."""
    concerned: set[int] = set()
    holding.holds(lambda _year: set(concerned))
    seen: list[bool] = []

    @transaction.atomic
    def object_to_alice() -> None:
        holding.in_line(year)
        concerned.add(cast.teachers["alice"].pk)
        seen.append(not Order.objects.exists())

    at_once(lambda: issued(cast, year, planned), object_to_alice)
    return seen == [True], Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_objection_and_an_order_see_each_other(
    cast: Any, year: RotationYear, planned: list[Placement], settings: Any
) -> None:
    settings.WIDEN_RACES = 0.2
    first, ordered = objection_meets_order(cast, year, planned)
    assert not (first and ordered), "whoever objected first is held back"


@pytest.mark.django_db(transaction=True)
def test_without_the_line_an_objection_slips_in_between(
    cast: Any, year: RotationYear, planned: list[Placement], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WIDEN_RACES = 0.5
    monkeypatch.setattr(holding, "in_line", lambda given: given)
    concerned: set[int] = set()
    holding.holds(lambda _year: set(concerned))
    looked = Barrier(2)
    read = ordering.held_back

    def read_and_wait(given: RotationYear) -> set[int]:
        found = read(given)
        looked.wait(10)
        return found

    monkeypatch.setattr(ordering, "held_back", read_and_wait)
    before: list[bool] = []

    def object_to_alice() -> None:
        looked.wait(10)
        holding.in_line(year)
        before.append(not Order.objects.exists())
        concerned.add(cast.teachers["alice"].pk)

    found = at_once(lambda: issued(cast, year, planned), object_to_alice)
    assert before == [True], "the objection was in before the order was written"
    assert isinstance(found[0], Order), "and the order did not see it"


@pytest.mark.django_db(transaction=True)
def test_the_work_of_the_day_crashed_at_any_point_writes_once(
    cast: Any, clock: Any, year: RotationYear, planned: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(cast, year, planned)
    first_day(clock)
    real, deaths = headcounts.change_state, []

    def dying(teacher: Any, *words: Any, **given: Any) -> Any:
        made = real(teacher, *words, **given)
        if teacher.pk not in deaths:
            deaths.append(teacher.pk)
            raise SystemExit("killed")
        return made

    monkeypatch.setattr(headcounts, "change_state", dying)
    for begun in (0, 1):
        with pytest.raises(SystemExit):
            run_due()
        assert HeadCount.objects.count() == begun, "whole or not at all"
        assert TeacherState.objects.current().filter(teaching_school=cast.xishan).count() == begun
        assert AppointmentEntry.objects.filter(kind="exchange").count() == begun
        clock.shift(timedelta(hours=1))
    run_due()
    assert HeadCount.objects.count() == AppointmentEntry.objects.filter(kind="exchange").count() == 2
    assert state(cast, "alice").teaching_school == state(cast, "bob").teaching_school == cast.xishan
    assert AuditEvent.objects.filter(action="rotation.headcount.changed").count() == 2
