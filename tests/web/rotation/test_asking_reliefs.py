"""Deferral and exclusion: asked for with a ground that few may read, decided once, ended by its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation.actions import reliefs as actions
from junheng.web.rotation.actions.asking import Asked, arrange, hand_in
from junheng.web.rotation.actions.reliefs import ReliefDecidedError
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import PhaseKind, Relief, ReliefStatus
from junheng.web.staffing.refusal import RefusedError

GROUND = "婆婆住院，需要人照顾"


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year that takes applications; Alice may move."""
    made = make_year(PhaseKind.APPLICATIONS)
    judge(made, "alice")
    return made


@pytest.fixture
def ask(cast: Any) -> Callable[..., Relief]:
    """Alice asks to be deferred."""

    def made(year: Any, **given: Any) -> Relief:
        words = {
            "kind": "deferral", "ground": "family", "ground_text": GROUND, "key": uuid4(), "at": timezone.now(),
            "by": cast.users["teacher"],
        } | given  # fmt: skip
        return actions.request_relief(year, cast.teachers["alice"], **words)

    return made


def granted(cast: Any, relief: Relief, **given: Any) -> Relief:
    """The clerk agrees for one plan year."""
    since, until = actions.proposed_span(relief.year)
    words = {
        "clause": "Y-08", "opinion": "情况属实", "since": since, "until": until, "by": cast.users["bureau_clerk"],
        "at": timezone.now(),
    } | given  # fmt: skip
    return actions.grant(relief, **words)


@pytest.mark.covers("R-163")
def test_a_deferral_goes_from_request_by_decision_to_its_end_and_back_into_the_pool(
    year: Any, ask: Any, cast: Any, make_year: Any
) -> None:
    found = granted(cast, ask(year))
    assert (found.since, found.until) == (date(2026, 9, 1), date(2027, 8, 31))
    assert Relief.objects.in_force(date(2027, 8, 31)).get() == found
    assert not Relief.objects.in_force(date(2027, 9, 1)).exists()
    following = make_year(year=2027, on=date(2027, 8, 31), starts=date(2027, 9, 1), ends=date(2028, 8, 31))
    assert list(actions.reentering(following)) == [found]
    assert list(actions.reentering(year)) == []
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.relief.granted").exists()
    page = cast.client("bureau_clerk").get(reverse("rotation:reliefs", args=(following.pk,))).content.decode()
    assert "重新进入对象范围" in page


def test_a_deferral_has_an_end_and_an_exclusion_need_not(year: Any, ask: Any, cast: Any) -> None:
    found = ask(year)
    with pytest.raises(RefusedError, match="截止日期"):
        granted(cast, found, until=None)
    actions.withdraw_relief(found, by=cast.users["teacher"], at=timezone.now())
    assert granted(cast, ask(year, kind="exclusion"), until=None).until is None


def test_the_ground_is_encrypted_and_read_by_few(year: Any, ask: Any, cast: Any) -> None:
    found = ask(year)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ground_text FROM rotation_relief")
        assert GROUND not in str(cursor.fetchone())
    assert GROUND not in str(list(AuditEvent.objects.values_list("before", "after", "reason", "details")))
    address = found.get_absolute_url()
    assert GROUND in cast.client("teacher").get(address).content.decode()
    assert GROUND in cast.client("bureau_clerk").get(address).content.decode()
    for who in ("principal", "cluster_head", "bureau_leader", "inspector"):
        assert GROUND not in cast.client(who).get(address).content.decode(), who
    for who in ("teacher_of_hedong", "principal_of_hedong"):
        assert cast.client(who).get(address).status_code == 404


def test_nobody_decides_on_his_own(year: Any, ask: Any, cast: Any) -> None:
    found = ask(year)
    with pytest.raises(RefusedError, match="本人"):
        granted(cast, found, by=cast.users["teacher"])
    RoleGrant.objects.create(
        user=cast.users["teacher"], role=Role.SECTION_HEAD, organisation=cast.county, start=timezone.localdate()
    )
    address = reverse("rotation:relief_decide", args=(year.pk, found.pk))
    assert cast.client("teacher").get(address).status_code == 404


def test_the_first_decision_holds(year: Any, ask: Any, cast: Any) -> None:
    found = ask(year)
    granted(cast, found)
    with pytest.raises(ReliefDecidedError, match="已批准"):
        actions.refuse(found, clause="Y-08", opinion="不同意", by=cast.users["section_head"], at=timezone.now())
    with pytest.raises(ReliefDecidedError):
        actions.withdraw_relief(found, by=cast.users["teacher"], at=timezone.now())


def test_asking_again_is_the_same_request(year: Any, ask: Any) -> None:
    key = uuid4()
    assert ask(year, key=key) == ask(year, key=key) == ask(year)
    assert Relief.objects.count() == 1


def test_out_of_time_nothing_is_asked(year: Any, ask: Any) -> None:
    with pytest.raises(ClosedPhaseError):
        ask(year, at=timezone.now() + timedelta(days=30))


def test_whoever_is_deferred_does_not_apply(year: Any, ask: Any, cast: Any) -> None:
    granted(cast, ask(year))
    with pytest.raises(RefusedError, match="暂缓"):
        hand_in(
            year, cast.teachers["alice"], Asked([], "想去"), key=uuid4(), at=timezone.now(), by=cast.users["teacher"]
        )


@pytest.mark.covers("R-163")
def test_a_ground_that_the_pack_does_not_know_is_not_granted_and_the_township_office_decides(
    make_year: Any, judge: Any, ask: Any, cast: Any
) -> None:
    year = make_year(PhaseKind.APPLICATIONS, pack="XX")
    judge(year, "alice")
    found = ask(year, ground="personal_wish")
    assert found.office == "乡教育办公室"
    head, clerk = cast.users["cluster_head"], cast.users["bureau_clerk"]
    assert list(Relief.objects.decidable_by(_standing(head), by_cluster=True)) == [found]
    assert not Relief.objects.decidable_by(_standing(clerk), by_cluster=True).exists()
    with pytest.raises(RefusedError, match="不能暂缓"):
        granted(cast, found, by=head)
    assert actions.pack_word(year, "family").counts is True
    actions.refuse(found, clause="R-059", opinion="个人意愿不是理由", by=head, at=timezone.now())
    assert Relief.objects.get().status == ReliefStatus.REFUSED


def _standing(user: Any) -> Any:
    from junheng.web.directory.standing import PersonStanding

    return PersonStanding(user, timezone.localdate())


def test_a_county_may_say_how_long_a_deferral_lasts(year: Any, cast: Any) -> None:
    arrange(year, {"relief_months": 24}, reason="县里规定", by=cast.users["bureau_clerk"])
    assert actions.proposed_span(year) == (date(2026, 9, 1), date(2028, 8, 31))


def test_a_teacher_asks_and_the_bureau_decides_on_pages(year: Any, cast: Any) -> None:
    form = {"key": str(uuid4()), "kind": "deferral", "ground": "family", "ground_text": GROUND}
    answer = cast.client("teacher").post(reverse("rotation:relief_new", args=(year.pk,)), form, follow=True)
    assert "待决定" in answer.content.decode()
    found = Relief.objects.get()
    clerk = cast.client("bureau_clerk")
    address = reverse("rotation:relief_decide", args=(year.pk, found.pk))
    assert GROUND in clerk.get(address).content.decode()
    wrong = {"decision": "grant", "clause": "Y-08", "opinion": "属实", "since": "2026-09-01", "until": "2026-08-01"}
    assert clerk.post(address, wrong).status_code == 422
    assert clerk.post(address, wrong | {"until": "2027-08-31"}).status_code == 302
    assert Relief.objects.get().status == ReliefStatus.GRANTED
    assert clerk.post(address, wrong | {"until": "2027-08-31"}).status_code == 422


@pytest.mark.parametrize("name", ["key", "kind", "ground", "ground_text"])
def test_no_value_breaks_the_form(year: Any, cast: Any, name: str) -> None:
    client, address = cast.client("teacher"), reverse("rotation:relief_new", args=(year.pk,))
    for value in ("", "\0", "x" * 3000, "-1", "<b>"):
        form = {"key": str(uuid4()), "kind": "deferral", "ground": "family", "ground_text": GROUND} | {name: value}
        assert client.post(address, form).status_code in {302, 422}
