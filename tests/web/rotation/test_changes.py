"""Changes of placements and what they do to dates, spells and head-counts; the watch at night."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from junheng.policy import ask
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import counting, expiring, releasing
from junheng.web.rotation.actions import changes, serving
from junheng.web.rotation.actions.placing_ends import end_placement, extend_placement, spell_of
from junheng.web.rotation.models import (
    ChangeKind,
    ChangeStatus,
    ExpiryWarning,
    PlacementChange,
    PlacementStatus,
    TaskKind,
)
from junheng.web.staffing.models import AppointmentEntry, AssessmentEntry, SecondmentEntry, Teacher
from junheng.web.staffing.refusal import RefusedError


@pytest.fixture
def held(service: Any) -> Any:
    """Alice in service in March."""
    service.now(3, 10)
    return service.placed(service.year())


def asked(cast: Any, held: Any, at: Any, kind: ChangeKind, on: date, **given: Any) -> PlacementChange:
    return changes.request(
        held, kind=kind, on=on, reason="教学需要", by=cast.users["principal_of_hedong"], at=at, **given
    )


# --- ends in the tables ---------------------------------------------------------------------------------------------


def test_an_end_closes_the_spell_and_brings_both_head_counts_home(cast: Any, service: Any, held: Any) -> None:
    here = Teacher.objects.placed_at([cast.hedong.pk], date(2027, 3, 10))
    assert held.teacher in here
    ended = end_placement(held, date(2027, 3, 9), cast.users["bureau_leader"], "家庭困难")
    assert (ended.status, ended.ended_on, ended.end) == (PlacementStatus.EARLY, date(2027, 3, 9), service.ends)
    assert spell_of(held).end == date(2027, 3, 9)
    state = held.teacher.state
    assert (state.teaching_school, state.works_at, state.valid_from) == (None, cast.yucai, date(2027, 3, 10))
    assert held.teacher not in Teacher.objects.placed_at([cast.hedong.pk], date(2027, 3, 10))
    assert AppointmentEntry.objects.filter(teacher=held.teacher, valid_until__isnull=False).count() == 1  # kept
    before = AuditEvent.objects.count()
    end_placement(held, date(2027, 3, 9), cast.users["bureau_leader"], "家庭困难")
    assert AuditEvent.objects.count() == before
    for day in (date(2027, 3, 11), date(2026, 8, 1)):
        with pytest.raises(RefusedError):
            end_placement(service.placed(held.year, "carol", from_school=cast.xishan), day, None, "x")
        held.year.placements.filter(teacher=cast.teachers["carol"]).delete()


def test_a_relation_that_moved_stays_where_it_is(cast: Any, service: Any) -> None:
    service.now(3, 10)
    held = service.placed(service.year(), relation_moved=True)
    held.teacher.states.filter(valid_until__isnull=True).update(school=cast.hedong, teaching_school=None)
    end_placement(held, date(2027, 3, 9), None, "期满")
    assert held.teacher.state.works_at == cast.hedong


def test_another_end_moves_the_spell_that_names_its_end(cast: Any, service: Any, held: Any) -> None:
    AppointmentEntry.objects.filter(teacher=held.teacher).update(end=service.ends)
    extend_placement(held, date(2028, 1, 31), cast.users["bureau_leader"], "延长")
    assert spell_of(held).end == date(2028, 1, 31)
    held.refresh_from_db()
    assert (held.end, held.status) == (date(2028, 1, 31), PlacementStatus.SERVING)
    with pytest.raises(RefusedError, match="已经过去"):
        extend_placement(held, date(2027, 3, 9), None, "x")


# --- changes --------------------------------------------------------------------------------------------------------


def test_an_extension_is_asked_for_decided_by_another_and_told_to_all(cast: Any, service: Any, held: Any) -> None:
    url = reverse("rotation:service_add", args=(held.year_id, held.pk, "change"))
    given = {"kind": "extension", "on": "2028-01-31", "reason": "带完这一届"}
    assert cast.client("teacher").post(url, given | {"on": "2027-08-31"}).status_code == 422
    assert cast.client("teacher").post(url, given | {"kind": "recall"}).status_code == 422
    assert cast.client("teacher").post(url, given).status_code == 302
    change = PlacementChange.objects.get()
    decide = reverse("rotation:service_row", args=(held.year_id, held.pk, "change-decide", change.pk))
    assert cast.client("bureau_clerk").get(decide).status_code == 404
    assert cast.client("bureau_leader").post(decide, {"approve": "1", "opinion": "同意"}).status_code == 302
    held.refresh_from_db()
    change.refresh_from_db()
    assert (held.end, change.previous_end, change.status) == (date(2028, 1, 31), service.ends, ChangeStatus.APPROVED)
    told = set(
        Notification.objects.filter(kind="rotation.change.decided").values_list("recipient__username", flat=True)
    )
    assert {"ys-teacher", "ys-principal", "hd-principal", "ys-bureau_clerk"} <= told
    with pytest.raises(RefusedError, match="同意"):
        changes.decide(change, approve=False, opinion="x", by=cast.users["section_head"], at=service.at(3, 10))


def test_nobody_decides_on_his_own_change_and_only_one_waits(cast: Any, service: Any, held: Any) -> None:
    now, leader = service.at(3, 10), cast.users["bureau_leader"]
    change = changes.request(held, kind=ChangeKind.RECALL, on=date(2027, 3, 31), reason="缺编", by=leader, at=now)
    with pytest.raises(RefusedError, match="他人"):
        changes.decide(change, approve=True, opinion="x", by=leader, at=now)
    again = changes.request(held, kind=ChangeKind.RECALL, on=date(2027, 3, 31), reason="缺编", by=leader, at=now)
    assert again == change
    with pytest.raises(RefusedError, match="待决定"):
        asked(cast, held, now, ChangeKind.EARLY, date(2027, 3, 20))
    with pytest.raises(RefusedError, match="提出的人"):
        changes.withdraw(change, by=cast.users["section_head"], at=now)
    assert changes.withdraw(change, by=leader, at=now).status == ChangeStatus.WITHDRAWN
    assert asked(cast, held, now, ChangeKind.EARLY, date(2027, 3, 20)).pk != change.pk


def test_an_early_end_to_come_takes_effect_the_night_after_its_day(cast: Any, service: Any, held: Any) -> None:
    change = asked(cast, held, service.at(3, 10), ChangeKind.EARLY, date(2027, 3, 20))
    changes.decide(change, approve=True, opinion="同意", by=cast.users["bureau_leader"], at=service.at(3, 10))
    held.refresh_from_db()
    assert held.status == PlacementStatus.SERVING
    service.now(3, 20)
    expiring.watch(date(2027, 3, 20))
    held.refresh_from_db()
    assert held.status == PlacementStatus.SERVING
    service.now(3, 21)
    assert expiring.watch(date(2027, 3, 21))["ended"] == 1
    held.refresh_from_db()
    assert (held.status, held.ended_on) == (PlacementStatus.EARLY, date(2027, 3, 20))
    assert expiring.watch(date(2027, 3, 21))["ended"] == 0


def test_a_replacement_names_another_teacher_of_the_county(cast: Any, service: Any, held: Any) -> None:
    url = reverse("rotation:service_add", args=(held.year_id, held.pk, "change"))
    client = cast.client("principal_of_hedong")
    given = {"kind": "replacement", "on": "2027-03-10", "reason": "病休"}
    for number in ("", "T9999", "T0001"):
        assert client.post(url, given | {"successor": number}).status_code == 422, number
    assert client.post(url, given | {"successor": "T0005"}).status_code == 302
    change = PlacementChange.objects.get()
    assert change.successor == cast.teachers["eve"]
    changes.decide(change, approve=True, opinion="同意", by=cast.users["section_head"], at=service.at(3, 10))
    held.refresh_from_db()
    assert (held.status, held.ended_on) == (PlacementStatus.EARLY, date(2027, 3, 10))


# --- supervised exchanges -------------------------------------------------------------------------------------------


def supervised(service: Any) -> Any:
    return service.placed(service.year("XX"), form="supervised")


@pytest.mark.covers("R-212")
@pytest.mark.parametrize(("rank", "of", "word"), [(5, 10, "release"), (6, 10, "continue"), (None, None, "unknown")])
def test_release_is_the_packs_answer_from_the_rank_on_record(
    cast: Any, service: Any, rank: int | None, of: int | None, word: str
) -> None:
    held = supervised(service)
    if rank is not None:
        AssessmentEntry.objects.create(
            teacher=held.teacher, year=2027, rank=rank, of=of, valid_from=date(2027, 7, 1), source="test"
        )
    found = releasing.release(held, service.ends)
    facts = {"query": "supervisory_release", "months_served": 12} | ({"rank": rank, "of": of} if rank else {})
    asked_directly = ask([{"id": 1, "pack": "XX", "facts": facts}])[0]
    assert (found.verdict, f"S0-9 {found.clause}") == (word, asked_directly["clause"])
    assert found.verdict == asked_directly["verdict"]


@pytest.mark.covers("R-212")
def test_a_supervisory_exchange_goes_on_by_itself_while_it_is_not_released(cast: Any, service: Any) -> None:
    held = supervised(service)
    ordinary = service.placed(held.year, "carol", from_school=cast.xishan)
    today = date(2027, 9, 1)
    service.now(9, 1, 2, year=2027)
    assert expiring.watch(today)["kept"] == 1
    held.refresh_from_db()
    ordinary.refresh_from_db()
    assert (held.status, ordinary.status) == (PlacementStatus.SERVING, PlacementStatus.ENDED)
    assert ordinary.ended_on == service.ends
    expiring.watch(date(2027, 9, 2))
    assert ExpiryWarning.objects.filter(placement=held, days=0).count() == 1  # told once
    assert spell_of(held).end is None
    assert held.teacher in Teacher.objects.placed_at([cast.hedong.pk], date(2027, 9, 2))
    line: dict[str, Any] = {"kind": TaskKind.TEACHING, "count": 1, "words": "", "task": None, "by": None}
    serving.write_log(held, day=date(2027, 9, 1), key=uuid4(), at=service.at(9, 2, year=2027), **line)
    assert counting.months_of(held, date(2027, 9, 2))[-1] == date(2027, 9, 1)
    change = changes.request(
        held, kind=ChangeKind.CONTINUATION, on=date(2028, 8, 31), reason="未达到中游", by=cast.users["bureau_clerk"],
        at=service.at(9, 2, year=2027), rank=9, of=10,
    )  # fmt: skip
    assert change.clause.startswith("五.2")
    assert change.finding
    changes.decide(
        change, approve=True, opinion="继续交流", by=cast.users["bureau_leader"], at=service.at(9, 2, year=2027)
    )
    held.refresh_from_db()
    assert held.end == date(2028, 8, 31)


@pytest.mark.covers("R-212")
def test_whoever_is_released_later_has_served_until_the_day_before(cast: Any, service: Any) -> None:
    service.now(9, 1, 2, year=2027)
    held = supervised(service)
    AppointmentEntry.objects.filter(teacher=held.teacher).update(end=service.ends)
    assert expiring.watch(date(2027, 9, 1))["kept"] == 1
    AssessmentEntry.objects.create(
        teacher=held.teacher, year=2027, rank=2, of=10, valid_from=date(2027, 9, 10), source="test"
    )
    service.now(9, 11, 2, year=2027)
    assert expiring.watch(date(2027, 9, 11))["ended"] == 1
    held.refresh_from_db()
    assert (held.status, held.ended_on, spell_of(held).end) == (
        PlacementStatus.ENDED, date(2027, 9, 10), date(2027, 9, 10),
    )  # fmt: skip


@pytest.mark.covers("R-212")
def test_somebody_whom_the_pack_releases_is_not_kept(cast: Any, service: Any) -> None:
    service.now(8, 31)
    held = supervised(service)
    given: dict[str, Any] = {"on": date(2028, 8, 31), "reason": "x", "by": cast.users["bureau_clerk"]}
    with pytest.raises(RefusedError, match="已达到结束条件"):
        changes.request(held, kind=ChangeKind.CONTINUATION, at=service.at(8, 31), rank=2, of=10, **given)
    other = service.placed(held.year, "carol", from_school=cast.xishan)
    with pytest.raises(RefusedError, match="督导性"):
        changes.request(other, kind=ChangeKind.CONTINUATION, at=service.at(8, 31), rank=9, of=10, **given)


# --- warnings -------------------------------------------------------------------------------------------------------


def test_the_end_is_announced_sixty_thirty_and_seven_days_before_once_each(cast: Any, service: Any, held: Any) -> None:
    told = {}
    for day in (
        date(2027, 7, 1),
        date(2027, 7, 2),
        date(2027, 7, 3),
        date(2027, 8, 1),
        date(2027, 8, 24),
        service.ends,
    ):
        told[day] = expiring.watch(day)["warned"]
    assert list(told.values()) == [0, 1, 0, 1, 1, 0]
    assert list(ExpiryWarning.objects.order_by("-days").values_list("days", flat=True)) == [60, 30, 7]
    people = Notification.objects.filter(kind="rotation.placement.expiry_told", recipient=cast.users["teacher"])
    assert people.count() == 3
    extend_placement(held, date(2027, 9, 5), None, "延长")
    assert expiring.watch(date(2027, 8, 31))["warned"] == 1  # another end is announced anew


def test_the_days_of_the_warnings_are_the_years_setting(cast: Any, service: Any, held: Any) -> None:
    serving.set_settings(
        held.year, report_due_day=5, warning_days=[15], similar_percent=30, by=cast.users["bureau_clerk"]
    )
    assert expiring.watch(date(2027, 7, 2))["warned"] == 0
    assert expiring.watch(date(2027, 8, 20))["warned"] == 1


def test_a_server_that_was_off_tells_the_nearest_warning_only(cast: Any, service: Any, held: Any) -> None:
    assert expiring.watch(date(2027, 8, 26))["warned"] == 1
    assert list(ExpiryWarning.objects.values_list("days", flat=True)) == [7]


@pytest.mark.covers("R-229")
def test_a_secondment_past_its_end_is_flagged_once_and_listed(cast: Any, service: Any, held: Any) -> None:
    SecondmentEntry.objects.create(
        teacher=cast.teachers["carol"], direction="out", unit="县文旅局", start=date(2025, 9, 1), end=date(2027, 2, 28),
        document_number="云教〔2025〕3号", valid_from=date(2025, 9, 1), source="test",
    )  # fmt: skip
    assert expiring.watch(date(2027, 2, 28))["secondments"] == 0
    assert expiring.watch(date(2027, 3, 1))["secondments"] == 1
    assert expiring.watch(date(2027, 3, 2))["secondments"] == 0
    kind = "rotation.secondment.flagged"
    assert Notification.objects.filter(kind=kind, recipient=cast.users["bureau_clerk"]).count() == 1
    url = reverse("rotation:secondments", args=(held.year_id,))
    assert "县文旅局" in cast.client("bureau_clerk").get(url).content.decode()
    assert cast.client("principal").get(url).status_code == 403
