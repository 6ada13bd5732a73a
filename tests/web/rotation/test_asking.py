"""A teacher applies: in time, once, changed and withdrawn until the deadline; what is not allowed is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from junheng.web.records import attachments
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation.actions import asking as actions
from junheng.web.rotation.actions.asking import AlreadySubmittedError, Asked
from junheng.web.rotation.actions.years import move_phase
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Application,
    ApplicationDraft,
    ApplicationStatus,
    Choice,
    Phase,
    PhaseKind,
    Turn,
)
from junheng.web.rotation.turning import turn_now
from junheng.web.staffing.models import SchoolState
from junheng.web.staffing.refusal import RefusedError

ONE_SECOND = timedelta(seconds=1)


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year that takes applications; Alice of 育才 may move."""
    made = make_year(PhaseKind.APPLICATIONS)
    judge(made, "alice")
    return made


@pytest.fixture
def asks(cast: Any) -> Asked:
    """What Alice asks for: 西山, the one other school that teaches her stage."""
    return Asked([cast.xishan], "想到乡村任教")


@pytest.fixture
def hand_in(cast: Any, year: Any, asks: Asked) -> Callable[..., Application]:
    """Hands Alice's application in."""

    def made(asked: Asked = asks, **given: Any) -> Application:
        words = {"key": uuid4(), "at": timezone.now(), "by": cast.users["teacher"]} | given
        return actions.hand_in(year, cast.teachers["alice"], asked, **words)

    return made


def closes(year: Any) -> Any:
    """The moment of the deadline."""
    return Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS).closes


# --- handing in -----------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-157", "R-158")
def test_an_application_has_a_receipt_its_wishes_and_a_trace(hand_in: Any, cast: Any) -> None:
    made = hand_in()
    assert made.status == ApplicationStatus.SUBMITTED
    assert made.number.startswith("2026-")
    assert [each.school for each in made.choices.all()] == [cast.xishan]
    traced = AuditEvent.objects.get(action="rotation.application.submitted")
    assert traced.after["digest"] == actions.digest_of(made)
    assert cast.xishan.code not in str(traced.after)
    assert Notification.objects.filter(recipient=cast.users["teacher"]).exists()


def test_the_last_instant_counts_and_the_next_does_not(hand_in: Any, year: Any) -> None:
    end = closes(year)
    with pytest.raises(ClosedPhaseError, match="已于"):
        hand_in(at=end)
    assert not Application.objects.exists()
    made = hand_in(at=end - timedelta(microseconds=1))
    assert made.submitted_at == end - timedelta(microseconds=1)


def test_before_the_phase_opens_nothing_is_taken(hand_in: Any, year: Any) -> None:
    opens = Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS).opens
    with pytest.raises(ClosedPhaseError, match="才开始"):
        hand_in(at=opens - ONE_SECOND)


def test_the_same_again_is_the_same_even_after_the_deadline(hand_in: Any, year: Any) -> None:
    key = uuid4()
    first = hand_in(key=key)
    assert hand_in(key=key) == first
    assert hand_in(key=key, at=closes(year) + ONE_SECOND) == first
    assert Application.objects.count() == 1


def test_a_second_one_is_shown_the_first(hand_in: Any) -> None:
    first = hand_in()
    with pytest.raises(AlreadySubmittedError) as already:
        hand_in()
    assert already.value.application == first


def test_whom_the_pack_does_not_let_go_cannot_apply(hand_in: Any, year: Any, judge: Any, cast: Any) -> None:
    year.verdicts.update(current=False)
    judge(year, "alice", "no", clause="Y-06")
    with pytest.raises(RefusedError, match="Y-06"):
        hand_in()


def test_without_a_verdict_nobody_applies(hand_in: Any, year: Any) -> None:
    year.verdicts.update(current=False)
    with pytest.raises(RefusedError, match="资格认定"):
        hand_in()


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (["yucai"], "其他学校"),
        (["hedong"], "任教学段"),
        (["faraway"], "本县"),
        (["xishan", "xishan"], "只能填一次"),
        (["xishan"] * 4, "最多 3 个"),
    ],
    ids=["one's own", "another stage", "another county", "twice", "too many"],
)
def test_a_wish_that_is_not_allowed_is_refused_with_its_reason(
    hand_in: Any, asks: Asked, cast: Any, wishes: list[str], said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        hand_in(replace(asks, wishes=[getattr(cast, each) for each in wishes]))
    assert not Application.objects.exists()


def test_the_pack_forbids_a_school_of_another_township_with_its_clause(
    make_year: Any, judge: Any, cast: Any, asks: Asked
) -> None:
    made = make_year(PhaseKind.APPLICATIONS, pack="NZ")
    judge(made, "alice")
    SchoolState.objects.filter(school=cast.yucai).update(township="河东乡")
    SchoolState.objects.filter(school=cast.xishan).update(township="西山乡")
    with pytest.raises(RefusedError, match="不能作为志愿"):
        actions.hand_in(
            made, cast.teachers["alice"], asks, key=uuid4(), at=timezone.now(), by=cast.users["teacher"]
        )  # fmt: skip
    SchoolState.objects.filter(school=cast.xishan).update(township="河东乡")
    assert actions.hand_in(
        made, cast.teachers["alice"], asks, key=uuid4(), at=timezone.now(), by=cast.users["teacher"]
    ).pk


def test_without_a_wish_and_without_obeying_there_is_nothing_to_plan(hand_in: Any, asks: Asked) -> None:
    with pytest.raises(RefusedError, match="服从调剂"):
        hand_in(replace(asks, wishes=[], obeys=False))
    assert hand_in(replace(asks, wishes=[])).choices.count() == 0


def test_reasons_are_asked_for_unless_the_year_says_otherwise(hand_in: Any, asks: Asked, year: Any, cast: Any) -> None:
    with pytest.raises(RefusedError, match="理由"):
        hand_in(replace(asks, reason="  "))
    actions.arrange(year, {"statement_needed": False}, reason="简化手续", by=cast.users["bureau_clerk"])
    assert hand_in(replace(asks, reason="")).reason == ""


def test_a_spouse_counts_only_when_both_name_each_other(hand_in: Any, asks: Asked, cast: Any, year: Any, judge: Any):
    from junheng.web.rotation.views.asking import couple_counts, couple_words

    with pytest.raises(RefusedError, match="都相符"):
        hand_in(replace(asks, partner=("T0005", "别的名字")))
    with pytest.raises(RefusedError, match="本人"):
        hand_in(replace(asks, partner=("T0001", "安丽丝")))
    mine = hand_in(replace(asks, partner=("T0005", "解忆雯")))
    assert couple_counts(mine) is False
    assert "没有写明" in couple_words(mine)
    judge(year, "eve")
    theirs = actions.hand_in(
        year, cast.teachers["eve"], replace(asks, partner=("T0001", "安丽丝")), key=uuid4(), at=timezone.now(),
        by=cast.users["nobody"],
    )  # fmt: skip
    assert couple_counts(mine) is True
    assert "至多安排一人" in couple_words(mine)
    actions.withdraw(theirs, at=timezone.now(), by=cast.users["nobody"])
    assert couple_counts(mine) is False


# --- changing and withdrawing ---------------------------------------------------------------------------------------


def test_a_change_puts_the_new_in_place_of_the_old_and_keeps_the_number(hand_in: Any, asks: Asked, cast: Any) -> None:
    made = hand_in()
    changed = actions.change(
        made, replace(asks, wishes=[], reason="改了"), version=1, at=timezone.now(), by=cast.users["teacher"]
    )
    assert (changed.number, changed.version, changed.choices.count()) == (made.number, 2, 0)
    events = AuditEvent.objects.get(action="rotation.application.changed")
    assert events.before["digest"] != events.after["digest"]


def test_what_was_changed_elsewhere_is_not_overwritten(hand_in: Any, asks: Asked, cast: Any) -> None:
    made = hand_in()
    actions.change(made, asks, version=1, at=timezone.now(), by=cast.users["teacher"])
    with pytest.raises(RefusedError, match="别处"):
        actions.change(made, asks, version=1, at=timezone.now(), by=cast.users["teacher"])


def test_after_the_deadline_nothing_is_changed_or_withdrawn(hand_in: Any, asks: Asked, cast: Any, year: Any) -> None:
    made = hand_in()
    with pytest.raises(ClosedPhaseError):
        actions.change(made, asks, version=1, at=closes(year), by=cast.users["teacher"])
    with pytest.raises(ClosedPhaseError):
        actions.withdraw(made, at=closes(year), by=cast.users["teacher"])
    assert Application.objects.get().status == ApplicationStatus.SUBMITTED


def test_what_was_withdrawn_can_be_asked_for_anew(hand_in: Any, cast: Any) -> None:
    made = hand_in()
    actions.withdraw(made, at=timezone.now(), by=cast.users["teacher"])
    actions.withdraw(made, at=timezone.now(), by=cast.users["teacher"])
    assert AuditEvent.objects.filter(action="rotation.application.withdrawn").count() == 1
    assert hand_in().number != made.number


# --- the pages ------------------------------------------------------------------------------------------------------


def form_of(cast: Any, **given: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "key": str(uuid4()), "form": "rotation", "wish_1": str(cast.xishan.pk), "wish_2": "", "wish_3": "",
        "obeys": "on", "reason": "想到乡村任教", "commute_limit_km": "20", "partner_number": "", "partner_name": "",
    } | given  # fmt: skip


def test_a_teacher_applies_on_a_page_and_gets_a_receipt(year: Any, cast: Any) -> None:
    client = cast.client("teacher")
    assert "填写申请" in client.get(reverse("rotation:own", args=(year.pk,))).content.decode()
    page = client.get(reverse("rotation:apply", args=(year.pk,))).content.decode()
    assert "西山" in page
    assert "以服务器收到的时刻为准" in page
    upload = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    answer = client.post(reverse("rotation:apply", args=(year.pk,)), form_of(cast, evidence=[upload]), follow=True)
    made = Application.objects.get()
    text = answer.content.decode()
    assert made.number in text
    assert made.submitted_at.astimezone(timezone.get_current_timezone()).strftime("%H:%M:%S") in text
    assert [each.name for each in attachments.of(made)] == ["证明.pdf"]


def test_a_second_press_shows_the_receipt_and_no_error(year: Any, cast: Any) -> None:
    client, address, form = cast.client("teacher"), reverse("rotation:apply", args=(year.pk,)), form_of(cast)
    first = client.post(address, form)
    again = client.post(address, form)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    other = client.post(address, form_of(cast), follow=True)
    assert "没有重复收取" in other.content.decode()
    assert Application.objects.count() == 1


def test_a_draft_is_kept_encrypted_and_gone_once_handed_in(year: Any, cast: Any) -> None:
    client, address = cast.client("teacher"), reverse("rotation:apply", args=(year.pk,))
    client.post(address, form_of(cast, keep="1", reason="还没有写完", wish_1=""))
    assert not Application.objects.exists()
    page = client.get(address).content.decode()
    assert "还没有写完" in page
    assert "草稿" in page
    client.post(address, form_of(cast))
    assert not ApplicationDraft.objects.exists()


def test_what_was_typed_stays_when_it_is_refused(year: Any, cast: Any) -> None:
    Phase.objects.filter(year=year, kind=PhaseKind.APPLICATIONS).update(closes=timezone.now() - ONE_SECOND)
    answer = cast.client("teacher").post(reverse("rotation:apply", args=(year.pk,)), form_of(cast, reason="来晚了"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "截止" in page
    assert "来晚了" in page
    assert str(cast.xishan) in page
    assert not Application.objects.exists()


def test_what_came_too_late_can_be_handed_in_once_there_is_more_time(year: Any, cast: Any) -> None:
    client, address = cast.client("teacher"), reverse("rotation:apply", args=(year.pk,))
    phase = Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS)
    end = phase.closes
    Phase.objects.filter(pk=phase.pk).update(closes=timezone.now() - ONE_SECOND)
    client.post(address, form_of(cast, reason="来晚了"))
    mine = client.get(reverse("rotation:own", args=(year.pk,))).content.decode()
    assert "截止" in mine
    assert address in mine
    Phase.objects.filter(pk=phase.pk).update(closes=end)
    page = client.get(address).content.decode()
    assert "来晚了" in page
    assert "提交申请" in page


def test_nothing_is_kept_of_somebody_who_could_not_have_applied(year: Any, cast: Any, judge: Any) -> None:
    year.verdicts.update(current=False)
    judge(year, "alice", "no")
    Phase.objects.filter(year=year, kind=PhaseKind.APPLICATIONS).update(closes=timezone.now() - ONE_SECOND)
    cast.client("teacher").post(reverse("rotation:apply", args=(year.pk,)), form_of(cast))
    assert not ApplicationDraft.objects.exists()


def test_who_may_apply_is_told_when_the_deadline_is_moved(year: Any, cast: Any) -> None:
    phase = Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS)
    by = cast.users["bureau_clerk"]
    move_phase(phase, opens=phase.opens, closes=phase.closes + ONE_SECOND, reason="补报", by=by)
    told = Notification.objects.filter(message__contains="截止时间改为")
    assert told.filter(recipient=cast.users["teacher"]).count() == 1
    phase.refresh_from_db()
    move_phase(phase, opens=phase.opens - ONE_SECOND, closes=phase.closes, reason="早一点", by=by)
    assert told.filter(recipient=cast.users["teacher"]).count() == 1


def test_the_bureau_is_told_how_many_of_those_who_must_have_not_applied(year: Any, cast: Any, judge: Any) -> None:
    judge(year, "eve", "must")
    turn_now(Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS), Turn.CLOSED)
    said = Notification.objects.get(recipient=cast.users["bureau_clerk"], message__contains="申请已截止")
    assert (said.values["count"], said.values["silent"]) == (0, 1)


def test_the_moment_of_arrival_counts_however_long_the_answer_takes(
    year: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline passes between the arrival of the request and its turn at the database."""
    import junheng.web.rotation.views.asking as views

    plain = views.wishable

    def slow(*given: Any) -> Any:
        Phase.objects.filter(year=year, kind=PhaseKind.APPLICATIONS).update(closes=timezone.now())
        return plain(*given)

    monkeypatch.setattr(views, "wishable", slow)
    answer = cast.client("teacher").post(reverse("rotation:apply", args=(year.pk,)), form_of(cast))
    assert answer.status_code == 302
    made = Application.objects.get()
    assert made.submitted_at < closes(year) <= made.received_at


def test_the_word_of_the_proxy_counts_only_where_it_is_set_up(year: Any, cast: Any, settings: Any) -> None:
    end = timezone.now() - timedelta(seconds=2)
    Phase.objects.filter(year=year, kind=PhaseKind.APPLICATIONS).update(closes=end)
    said = {"X-Request-Start": f"t={(end - ONE_SECOND).timestamp():.3f}"}
    client, address = cast.client("teacher"), reverse("rotation:apply", args=(year.pk,))
    assert client.post(address, form_of(cast), headers=said).status_code == 422
    settings.ARRIVAL_HEADER = "X-Request-Start"
    for unbelievable in ("t=nan", "t=1e99", "t=-1", "x", f"t={(end - timedelta(days=1)).timestamp()}"):
        assert client.post(address, form_of(cast), headers={"X-Request-Start": unbelievable}).status_code == 422
    assert client.post(address, form_of(cast), headers=said).status_code == 302


def test_a_receipt_is_nobody_elses(year: Any, cast: Any, hand_in: Any) -> None:
    made = hand_in()
    address = reverse("rotation:receipt", args=(year.pk, made.pk))
    assert cast.client("teacher").get(address).status_code == 200
    assert cast.client("teacher_of_hedong").get(address).status_code == 404
    assert cast.client("principal").get(address).status_code == 403


def test_an_inspector_sees_that_there_is_an_application_but_no_wishes(year: Any, cast: Any, hand_in: Any) -> None:
    made = hand_in()
    address = made.get_absolute_url()
    assert cast.xishan.name not in cast.client("inspector").get(address).content.decode()
    assert cast.xishan.name in cast.client("principal").get(address).content.decode()
    assert cast.client("principal_of_hedong").get(address).status_code == 404


def test_the_order_of_the_pack_is_explained_with_the_place(make_year: Any, judge: Any, cast: Any) -> None:
    from junheng.web.rotation.wishing import orders_of
    from junheng.web.staffing.models import TeacherState

    made = make_year(PhaseKind.APPLICATIONS, pack="DXQ")
    for who in ("alice", "eve", "carol"):
        judge(made, who)
    TeacherState.objects.filter(teacher=cast.teachers["eve"]).update(joined_current_school="2009-09-01")
    found = {each.place: each for each in orders_of(made, cast.teachers["alice"])}
    assert any(each.of == 3 and place == 2 for place, each in found.items())
    assert all(each.clause and each.keys for each in found.values())


FUZZED = ["", "0", "-1", "999999999999999999999", "nan", "1e400", "\0", "<script>", "２", "x" * 5000, "2026-02-30"]


@pytest.mark.parametrize("name", ["key", "form", "wish_1", "wish_3", "commute_limit_km", "partner_number", "reason"])
def test_no_value_of_a_field_breaks_the_page(year: Any, cast: Any, name: str) -> None:
    client, address = cast.client("teacher"), reverse("rotation:apply", args=(year.pk,))
    for value in FUZZED:
        assert client.post(address, form_of(cast, **{name: value})).status_code in {302, 422}
        assert client.post(address, form_of(cast, keep="1", **{name: value})).status_code in {302, 422}
        Choice.objects.all().delete()
        Application.objects.all().delete()


def test_nobody_who_may_not_apply_is_asked_to(year: Any, cast: Any) -> None:
    assert cast.client("principal").get(reverse("rotation:own", args=(year.pk,))).status_code == 403
    assert cast.client("teacher_of_other_county").get(reverse("rotation:own", args=(year.pk,))).status_code == 404
