"""Who has no account says in writing that he takes his application back, or, put forward by his school, his wishes."""

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

from junheng.web.directory.standing import PersonStanding
from junheng.web.records import attachments
from junheng.web.records.attachments import may_have
from junheng.web.records.models import Attachment, AuditEvent, Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.rotation.actions import asking as actions
from junheng.web.rotation.actions import reviewing, schooling
from junheng.web.rotation.actions.asking import Asked
from junheng.web.rotation.actions.asking_paper import OnPaper
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Level,
    Origin,
    PaperKind,
    Phase,
    PhaseKind,
    ReviewOutcome,
)
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

FIRST = date(2026, 3, 1)


def scan(name: str = "书面撤回.pdf") -> SimpleUploadedFile:
    """A paper."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year that takes applications and nominations; of 育才, Alice has an account and Eve has none."""
    made = make_year(PhaseKind.APPLICATIONS, PhaseKind.NOMINATIONS)
    judge(made, "alice")
    judge(made, "eve")
    return made


@pytest.fixture
def entered(cast: Any, year: Any) -> Callable[..., Application]:
    """What the clerk of 育才 entered from a teacher's paper."""

    def made(who: str = "eve") -> Application:
        return actions.hand_in(
            year, cast.teachers[who], Asked([cast.xishan], "想到乡村任教"), key=uuid4(), at=timezone.now(),
            by=cast.users["school_clerk"], evidence=[scan("纸质申请.pdf")], paper=OnPaper(cast.yucai, FIRST),
        )  # fmt: skip

    return made


@pytest.fixture
def nominated(cast: Any, year: Any) -> Callable[..., Application]:
    """A teacher whom 育才 has put forward."""

    def made(who: str = "eve") -> Application:
        return schooling.nominate(
            year, cast.teachers[who], cast.yucai, form="rotation", reason="教学骨干", key=uuid4(), at=timezone.now(),
            by=cast.users["school_clerk"],
        )  # fmt: skip

    return made


def take_back(cast: Any, found: Application, **given: Any) -> Application:
    """The clerk enters the withdrawal."""
    paper = OnPaper(given.pop("school", cast.yucai), given.pop("dated", FIRST + timedelta(days=2)))
    words = {
        "at": timezone.now(), "by": cast.users["school_clerk"], "key": uuid4(), "evidence": [scan()], "paper": paper,
    } | given  # fmt: skip
    return actions.withdraw(found, **words)


def speak(cast: Any, found: Application, **given: Any) -> Application:
    """The clerk enters the wishes of whom the school has put forward."""
    paper = OnPaper(given.pop("school", cast.yucai), given.pop("dated", FIRST))
    words = {
        "version": found.version, "at": timezone.now(), "by": cast.users["school_clerk"], "key": uuid4(),
        "evidence": [scan("志愿.pdf")], "paper": paper,
    } | given  # fmt: skip
    return actions.change(found, Asked([cast.xishan], "不改推荐理由", obeys=False), **words)


def back(found: Application) -> str:
    """The page for the withdrawal."""
    return reverse("rotation:paper_withdraw", args=(found.year_id, found.pk))


def change(found: Application) -> str:
    """The page for wishes on paper."""
    return reverse("rotation:paper_change", args=(found.year_id, found.pk))


def signed(**given: Any) -> dict[str, Any]:
    """What a browser sends of a withdrawal."""
    day = FIRST + timedelta(days=2)
    return {"key": str(uuid4()), "dated": day.isoformat(), "evidence": [scan()]} | given


def wishes(cast: Any, found: Application, **given: Any) -> dict[str, Any]:
    """What a browser sends of wishes."""
    return signed(evidence=[scan("志愿.pdf")]) | {
        "version": str(found.version), "form": "rotation", "wish_1": str(cast.xishan.pk), "wish_2": "", "wish_3": "",
        "obeys": "on", "reason": "改掉推荐理由", "commute_limit_km": "", "partner_number": "", "partner_name": "",
    } | given  # fmt: skip


# --- taken back in writing ------------------------------------------------------------------------------------------


def test_an_application_is_taken_back_by_a_paper_that_stays_beside_the_first(entered: Any, cast: Any) -> None:
    gone = take_back(cast, entered())
    assert (gone.status, gone.version, gone.paper_dated) == (ApplicationStatus.WITHDRAWN, 1, FIRST)
    papers = list(gone.papers.all())
    assert [(each.kind, each.dated) for each in papers] == [
        (PaperKind.WITHDRAWAL, FIRST + timedelta(days=2)), (PaperKind.REQUEST, FIRST),
    ]  # fmt: skip
    assert [[file.name for file in attachments.of(each)] for each in papers] == [["书面撤回.pdf"], ["纸质申请.pdf"]]
    traced = AuditEvent.objects.get(action="rotation.application.withdrawal_entered")
    assert (traced.before["status"], traced.after) == (
        "submitted", {"status": "withdrawn", "paper_dated": "2026-03-03"},
    )  # fmt: skip


def test_after_it_the_teacher_may_be_entered_anew(entered: Any, cast: Any) -> None:
    take_back(cast, entered())
    assert entered().status == ApplicationStatus.SUBMITTED
    assert Application.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"evidence": []}, "签名的纸质件"), ({"dated": date(2999, 1, 1)}, "不能晚于今天"),
        ({"dated": FIRST - timedelta(days=1)}, "不能早于上一份"),
    ],
    ids=["without the paper", "dated ahead", "signed before the application"],
)  # fmt: skip
def test_a_paper_that_cannot_be_taken_takes_nothing_back(
    entered: Any, cast: Any, given: dict[str, Any], said: str
) -> None:
    found = entered()
    with pytest.raises(RefusedError, match=said):
        take_back(cast, found, **given)
    found.refresh_from_db()
    assert (found.status, found.papers.count()) == (ApplicationStatus.SUBMITTED, 1)


def test_it_is_taken_back_in_the_same_time_as_by_the_teacher_himself(entered: Any, year: Any, cast: Any) -> None:
    found = entered()
    end = Phase.objects.get(year=year, kind=PhaseKind.APPLICATIONS).closes
    with pytest.raises(ClosedPhaseError):
        take_back(cast, found, at=end)
    assert take_back(cast, found, at=end - timedelta(microseconds=1)).status == ApplicationStatus.WITHDRAWN


def test_what_was_returned_is_taken_back_within_its_own_time(entered: Any, year: Any, cast: Any) -> None:
    found = entered()
    schooling.send_back(found, opinion="请写明学科", at=timezone.now(), by=cast.users["principal"])
    now = timezone.now()
    year.phases.filter(kind__in=(PhaseKind.APPLICATIONS, PhaseKind.NOMINATIONS)).update(closes=now - timedelta(hours=1))
    found.refresh_from_db()
    assert found.answer_by is not None
    with pytest.raises(ClosedPhaseError, match="延长期限"):
        take_back(cast, found, at=found.answer_by)
    gone = take_back(cast, found, at=found.answer_by - timedelta(microseconds=1))
    assert (gone.status, gone.answer_by) == (ApplicationStatus.WITHDRAWN, None)


def test_what_the_last_office_has_decided_is_not_taken_back(entered: Any, cast: Any) -> None:
    found = entered()
    Application.objects.update(status=ApplicationStatus.ACCEPTED)
    with pytest.raises(RefusedError, match="不能再撤回"):
        take_back(cast, found)


def test_only_his_own_school_and_nobody_his_own(entered: Any, cast: Any) -> None:
    found = entered()
    with pytest.raises(RefusedError, match="在本校"):
        take_back(cast, found, school=cast.hedong)
    Teacher.objects.filter(pk=cast.teachers["eve"].pk).update(user=cast.users["school_clerk"])
    with pytest.raises(RefusedError, match="我的轮岗"):
        take_back(cast, found)
    assert not AuditEvent.objects.filter(action__contains="withdraw").exists()


def test_what_a_teacher_with_an_account_handed_in_is_his_own_to_take_back(year: Any, cast: Any) -> None:
    found = actions.hand_in(
        year, cast.teachers["alice"], Asked([cast.xishan], "想去"), key=uuid4(), at=timezone.now(),
        by=cast.users["teacher"],
    )  # fmt: skip
    with pytest.raises(RefusedError, match="由教师本人修改或撤回"):
        take_back(cast, found)
    client = cast.client("school_clerk")
    assert back(found) not in client.get(found.get_absolute_url()).content.decode()
    assert "由教师本人修改或撤回" in client.get(back(found), follow=True).content.decode()


def test_a_teacher_with_an_account_is_told_that_his_paper_was_taken_back(entered: Any, cast: Any) -> None:
    take_back(cast, entered("alice"))
    told = Notification.objects.get(recipient=cast.users["teacher"], kind="rotation.application.withdrawal_entered")
    assert "书面材料撤回" in told.message


def test_the_tables_keep_one_withdrawal_of_an_application(entered: Any, cast: Any) -> None:
    gone = take_back(cast, entered())
    with pytest.raises(IntegrityError), transaction.atomic():
        gone.papers.create(
            kind=PaperKind.WITHDRAWAL, version=2, dated=FIRST, key=uuid4(), entered_by=cast.users["principal"],
            entered_at=timezone.now(),
        )  # fmt: skip


def test_the_clerk_goes_from_the_list_to_the_withdrawal_and_sees_the_paper_on_the_case(entered: Any, cast: Any) -> None:
    found, client = entered(), cast.client("school_clerk")
    school = reverse("rotation:school_nominations", args=(found.year_id, cast.yucai.pk))
    for page in (school, found.get_absolute_url()):
        assert back(found) in client.get(page).content.decode()
    assert found.number in client.get(back(found)).content.decode()
    case = client.post(back(found), signed(), follow=True).content.decode()
    for seen in ("书面撤回.pdf", "2026-03-03", "已撤回", "纸质申请.pdf"):
        assert seen in case, seen
    assert back(found) not in case
    assert "现在有效" not in case
    assert found.number not in client.get(school).content.decode()
    assert "不能再撤回" in client.get(back(found), follow=True).content.decode()


def test_a_second_press_keeps_one_withdrawal(entered: Any, cast: Any) -> None:
    found, client, form = entered(), cast.client("school_clerk"), signed()
    for _press in range(2):
        assert client.post(back(found), form | {"evidence": [scan()]}).status_code == 302
    assert found.papers.count() == 2
    assert AuditEvent.objects.filter(action="rotation.application.withdrawal_entered").count() == 1


def test_without_the_paper_or_with_one_of_no_use_the_page_says_so(entered: Any, cast: Any) -> None:
    found, client = entered(), cast.client("school_clerk")
    odd = SimpleUploadedFile("撤回.pdf", b"MZ no paper")
    for wrong, said in (
        ({"evidence": []}, "请上传教师本人签名的纸质件"), ({"evidence": [odd]}, "这个文件不是其中任何一种"),
        ({"dated": "2026-02-01"}, "不能早于上一份"),
    ):  # fmt: skip
        answer = client.post(back(found), signed(**wrong))
        assert answer.status_code == 422, said
        assert said in answer.content.decode()
    found.refresh_from_db()
    assert found.status == ApplicationStatus.SUBMITTED


def test_the_withdrawal_is_for_those_who_work_on_the_application(entered: Any, cast: Any) -> None:
    found = take_back(cast, entered())
    file = attachments.of(found.papers.get(kind=PaperKind.WITHDRAWAL))[0]
    for who, may in (("school_clerk", True), ("principal_of_hedong", False)):
        assert may_have(PersonStanding(cast.users[who], timezone.localdate()), file) is may, who
    assert Attachment.objects.count() == 2


# --- wishes of whom the school has put forward ----------------------------------------------------------------------


@pytest.mark.covers("R-157")
def test_who_is_put_forward_without_an_account_says_his_wishes_on_paper(nominated: Any, cast: Any) -> None:
    said = speak(cast, nominated())
    assert (said.origin, said.version, said.obeys) == (Origin.SCHOOL, 2, False)
    assert [each.school for each in said.choices.all()] == [cast.xishan]
    assert (said.reason, said.entered_by) == ("教学骨干", cast.users["school_clerk"])
    assert [file.name for file in attachments.of(said.papers.get())] == ["志愿.pdf"]
    traced = AuditEvent.objects.get(action="rotation.application.spoken_for")
    assert (traced.after["paper_dated"], traced.after["wishes"]) == ("2026-03-01", 1)


def test_he_may_change_them_by_a_later_paper_while_the_school_may_put_forward(
    nominated: Any, year: Any, cast: Any
) -> None:
    said = speak(cast, nominated())
    with pytest.raises(RefusedError, match="不能早于上一份"):
        speak(cast, said, dated=FIRST - timedelta(days=1))
    assert speak(cast, said, dated=FIRST + timedelta(days=1)).papers.count() == 2
    now = timezone.now()
    year.phases.filter(kind__in=(PhaseKind.APPLICATIONS, PhaseKind.NOMINATIONS)).update(closes=now - timedelta(hours=1))
    said.refresh_from_db()
    with pytest.raises(ClosedPhaseError):
        speak(cast, said, dated=FIRST + timedelta(days=1))


def test_who_is_put_forward_and_has_an_account_says_them_himself(nominated: Any, cast: Any) -> None:
    found = nominated("alice")
    with pytest.raises(RefusedError, match="由教师本人修改或撤回"):
        speak(cast, found)
    client = cast.client("school_clerk")
    assert change(found) not in client.get(found.get_absolute_url()).content.decode()
    own = cast.client("teacher")
    mine = reverse("rotation:application_change", args=(found.year_id, found.pk))
    page = own.get(mine).content.decode()
    assert "推荐理由" in page
    assert own.post(mine, wishes(cast, found)).status_code == 302
    found.refresh_from_db()
    assert (found.reason, found.choices.count()) == ("教学骨干", 1)


def test_who_is_put_forward_takes_back_in_writing_too(nominated: Any, cast: Any) -> None:
    gone = take_back(cast, speak(cast, nominated()))
    assert (gone.status, gone.papers.count()) == (ApplicationStatus.WITHDRAWN, 2)


def test_what_was_returned_to_him_waits_with_the_school(nominated: Any, year: Any, cast: Any, rf: Any) -> None:
    found = nominated()
    Application.objects.filter(pk=found.pk).update(status=ApplicationStatus.AT_SCHOOL)
    now = timezone.now()
    year.phases.filter(kind=PhaseKind.REVIEW).update(opens=now - timedelta(hours=1))
    decision = reviewing.Decision(ReviewOutcome.RETURNED, "请填志愿", "Y-03", uuid4())
    reviewing.decide(year, [found.pk], Level.CLUSTER, decision, at=now, by=cast.users["cluster_head"])
    told = Notification.objects.filter(kind="rotation.application.returned")
    assert {each.recipient for each in told} == {cast.users["school_clerk"], cast.users["principal"]}
    request = rf.get("/")
    request.user = cast.users["school_clerk"]
    request.standing = PersonStanding(request.user, timezone.localdate())
    assert "被退回、待代录修改的申请" in {str(each.label) for each in waiting_for(request)}


@pytest.mark.covers("R-157")
def test_the_clerk_is_told_of_it_when_putting_him_forward_and_enters_the_paper(year: Any, cast: Any) -> None:
    client = cast.client("school_clerk")
    form = {"key": str(uuid4()), "teacher": str(cast.teachers["eve"].pk), "form": "rotation", "reason": "教学骨干"}
    new = reverse("rotation:nominate", args=(year.pk, cast.yucai.pk))
    case = client.post(new, form, follow=True).content.decode()
    found = Application.objects.get()
    assert "由学校点“代录本人填写的志愿”录入" in case
    assert change(found) in case
    assert back(found) in case
    page = client.get(change(found)).content.decode()
    for seen in ("代录本人填写的志愿", "签名日期", "本人签名的纸质件", "教学骨干"):
        assert seen in page, seen
    case = client.post(change(found), wishes(cast, found), follow=True).content.decode()
    for seen in ("志愿.pdf", cast.xishan.name, "教学骨干"):
        assert seen in case, seen
    assert "改掉推荐理由" not in case


def test_another_school_finds_neither(nominated: Any, cast: Any) -> None:
    found = nominated()
    for address in (change(found), back(found)):
        assert cast.client("principal_of_hedong").get(address).status_code == 404
        assert cast.client("cluster_head").get(address).status_code == 403


# --- at the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_the_teacher_and_his_school_at_once_one_takes_back(entered: Any, cast: Any, settings: Any) -> None:
    found = entered("alice")
    settings.WIDEN_RACES = 0.1
    answers = at_once(
        lambda: actions.withdraw(found, at=timezone.now(), by=cast.users["teacher"]), lambda: take_back(cast, found)
    )
    assert [each.status for each in answers] == [ApplicationStatus.WITHDRAWN] * 2
    assert AuditEvent.objects.filter(action__startswith="rotation.application.withdraw").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_changed_paper_and_a_withdrawal_at_once_nothing_is_half_done(
    entered: Any, cast: Any, settings: Any
) -> None:
    found = entered()
    settings.WIDEN_RACES = 0.1
    answers = at_once(lambda: speak(cast, found, dated=FIRST), lambda: take_back(cast, found))
    found.refresh_from_db()
    assert found.status == ApplicationStatus.WITHDRAWN
    changed = not isinstance(answers[0], RefusedError)
    assert (found.version, found.papers.count()) == ((2, 3) if changed else (1, 2))
    assert found.papers.get(kind=PaperKind.WITHDRAWAL).version == found.version


@pytest.mark.django_db(transaction=True)
def test_two_clerks_with_the_same_wishes_at_once_enter_them_once(nominated: Any, cast: Any, settings: Any) -> None:
    found = nominated()
    settings.WIDEN_RACES = 0.1
    answers = at_once(*[lambda: speak(cast, found)] * 2)
    assert sum(isinstance(each, Application) for each in answers) == 1
    assert (found.papers.count(), Application.objects.get().version) == (1, 2)
