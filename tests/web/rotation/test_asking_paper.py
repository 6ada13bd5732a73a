"""A school enters what its teachers have signed on paper: the same checks and the same receipt, and known as such."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from racing import at_once

from junheng.web.records import attachments
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation.actions import asking as actions
from junheng.web.rotation.actions.asking import AlreadySubmittedError, Asked
from junheng.web.rotation.actions.asking_paper import OnPaper
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import Application, ApplicationStatus, Origin, Phase, PhaseKind
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError


def scan() -> SimpleUploadedFile:
    """The paper."""
    return SimpleUploadedFile("纸质申请.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year that takes applications; of 育才, Alice has an account and Eve has none."""
    made = make_year(PhaseKind.APPLICATIONS)
    judge(made, "alice")
    judge(made, "eve")
    return made


@pytest.fixture
def enter(cast: Any, year: Any) -> Callable[..., Application]:
    """The clerk of 育才 enters a paper."""

    def entered(who: str = "eve", **given: Any) -> Application:
        paper = OnPaper(given.pop("school", cast.yucai), given.pop("dated", timezone.localdate() - timedelta(days=1)))
        words = {
            "key": uuid4(), "at": timezone.now(), "by": cast.users["school_clerk"], "evidence": [scan()],
            "paper": paper,
        } | given  # fmt: skip
        return actions.hand_in(year, cast.teachers[who], Asked([cast.xishan], "想到乡村任教"), **words)

    return entered


def form_of(cast: Any, **given: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "key": str(uuid4()), "dated": (timezone.localdate() - timedelta(days=2)).isoformat(), "form": "rotation",
        "wish_1": str(cast.xishan.pk), "wish_2": "", "wish_3": "", "obeys": "on", "reason": "想到乡村任教",
        "commute_limit_km": "", "partner_number": "", "partner_name": "", "evidence": [scan()],
    } | given  # fmt: skip


def address(year: Any, cast: Any, who: str = "eve") -> str:
    """The page for one teacher."""
    return reverse("rotation:paper_application", args=(year.pk, cast.yucai.pk, cast.teachers[who].pk))


# --- the action -----------------------------------------------------------------------------------------------------


def test_what_is_entered_is_an_application_known_as_entered_from_paper(enter: Any, cast: Any) -> None:
    made = enter(dated=date(2026, 3, 1))
    assert (made.origin, made.paper_dated, made.entered_by) == (
        Origin.PAPER, date(2026, 3, 1), cast.users["school_clerk"],
    )  # fmt: skip
    assert made.number.startswith("2026-")
    assert [each.school for each in made.choices.all()] == [cast.xishan]
    assert [each.name for each in attachments.of(made.papers.get())] == ["纸质申请.pdf"]
    traced = AuditEvent.objects.get(action="rotation.application.entered")
    assert traced.after["digest"] == actions.digest_of(made)
    assert traced.after["paper_dated"] == "2026-03-01"


def test_the_arrival_counts_against_the_deadline_and_not_the_date_on_the_paper(enter: Any, year: Any) -> None:
    end = Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS).closes
    with pytest.raises(ClosedPhaseError, match="已于"):
        enter(at=end, dated=date(2026, 3, 1))
    assert enter(at=end - timedelta(microseconds=1)).status == ApplicationStatus.SUBMITTED


@pytest.mark.parametrize(
    ("given", "said"),
    [({"evidence": []}, "签名的纸质件"), ({"dated": date(2999, 1, 1)}, "不能晚于今天")],
    ids=["without the paper", "dated ahead"],
)
def test_a_paper_that_cannot_be_taken_is_refused_and_nothing_kept(enter: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        enter(**given)
    assert not Application.objects.exists()


def test_a_school_enters_papers_of_its_own_teachers_only(enter: Any, cast: Any) -> None:
    with pytest.raises(RefusedError, match="在本校"):
        enter(school=cast.hedong)
    assert not Application.objects.exists()


def test_nobody_enters_his_own_on_paper(enter: Any, cast: Any) -> None:
    Teacher.objects.filter(pk=cast.teachers["eve"].pk).update(user=cast.users["school_clerk"])
    with pytest.raises(RefusedError, match="我的轮岗"):
        enter()


def test_whom_the_pack_does_not_let_go_is_not_entered_either(enter: Any, year: Any, judge: Any) -> None:
    year.verdicts.update(current=False)
    judge(year, "eve", "no", clause="Y-06")
    with pytest.raises(RefusedError, match="Y-06"):
        enter()


def test_the_tables_keep_date_and_origin_of_a_paper_together(enter: Any) -> None:
    made = enter()
    for wrong in ({"origin": Origin.OWN}, {"paper_dated": None}, {"entered_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=made.pk).update(**wrong)


def test_a_teacher_with_an_account_is_told_and_may_change_or_withdraw(enter: Any, year: Any, cast: Any) -> None:
    made = enter("alice")
    assert "代录" in Notification.objects.get(recipient=cast.users["teacher"]).message
    client = cast.client("teacher")
    receipt = client.get(reverse("rotation:receipt", args=(year.pk, made.pk))).content.decode()
    assert "纸质申请日期" in receipt
    change = reverse("rotation:application_change", args=(year.pk, made.pk))
    given = form_of(cast, version="1", reason="本人改写", evidence=[])
    assert client.post(change, given).status_code == 302
    made.refresh_from_db()
    assert (made.reason, made.version, made.origin) == ("本人改写", 2, Origin.PAPER)
    client.post(reverse("rotation:application_withdraw", args=(year.pk, made.pk)))
    made.refresh_from_db()
    assert made.status == ApplicationStatus.WITHDRAWN


# --- the pages ------------------------------------------------------------------------------------------------------


def test_the_clerk_finds_the_teacher_enters_the_paper_and_gets_the_receipt_number(year: Any, cast: Any) -> None:
    client = cast.client("school_clerk")
    school = client.get(reverse("rotation:school_nominations", args=(year.pk, cast.yucai.pk))).content.decode()
    people = reverse("rotation:paper_people", args=(year.pk, cast.yucai.pk))
    assert people in school
    listed = client.get(people).content.decode()
    assert address(year, cast) in listed
    assert "没有账号" in listed
    assert "先存草稿" not in client.get(address(year, cast)).content.decode()
    answer = client.post(address(year, cast), form_of(cast), follow=True)
    made, text = Application.objects.get(), answer.content.decode()
    assert made.teacher == cast.teachers["eve"]
    assert made.paper_dated == timezone.localdate() - timedelta(days=2)
    for seen in (made.number, "代录纸质申请", made.paper_dated.isoformat(), "纸质申请.pdf", cast.xishan.name):
        assert seen in text
    assert address(year, cast) not in client.get(people).content.decode()


def test_a_second_press_is_the_same_and_another_paper_is_shown_the_first(year: Any, cast: Any) -> None:
    client, form = cast.client("school_clerk"), form_of(cast)
    first = client.post(address(year, cast), form)
    again = client.post(address(year, cast), form | {"evidence": [scan()]})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    made = Application.objects.get()
    for answer in (
        client.post(address(year, cast), form_of(cast), follow=True), client.get(address(year, cast), follow=True)
    ):  # fmt: skip
        assert "没有重复收取" in answer.content.decode()
        assert made.number in answer.content.decode()
    assert len(attachments.of(made.papers.get())) == 1


def test_without_the_paper_or_its_date_what_was_typed_stays(year: Any, cast: Any) -> None:
    client = cast.client("school_clerk")
    for wrong, said in (({"evidence": []}, "请上传教师本人签名的纸质申请"), ({"dated": "x"}, "日期")):
        answer = client.post(address(year, cast), form_of(cast, reason="照纸质录入", **wrong))
        assert answer.status_code == 422
        assert "照纸质录入" in answer.content.decode()
        assert said in answer.content.decode()
    assert not Application.objects.exists()


def test_another_schools_teacher_is_not_to_be_found(year: Any, cast: Any) -> None:
    mixed = reverse("rotation:paper_application", args=(year.pk, cast.yucai.pk, cast.teachers["bob"].pk))
    client = cast.client("school_clerk")
    assert client.get(mixed).status_code == client.post(mixed, form_of(cast)).status_code == 404


# --- at the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_the_teacher_and_his_school_at_once_one_hands_in_and_the_other_is_shown_it(
    enter: Any, year: Any, cast: Any, settings: Any
) -> None:
    settings.WIDEN_RACES = 0.1

    def himself() -> Application:
        return actions.hand_in(
            year, Teacher.objects.get(pk=cast.teachers["alice"].pk), Asked([cast.xishan], "想去"), key=uuid4(),
            at=timezone.now(), by=cast.users["teacher"],
        )  # fmt: skip

    answers = at_once(himself, lambda: enter("alice"))
    made = [each for each in answers if isinstance(each, Application)]
    shown = [each.application for each in answers if isinstance(each, AlreadySubmittedError)]
    assert len(made) == 1
    assert shown == made
