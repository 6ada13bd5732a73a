"""A paper that an office returned is changed by a second paper of the same application; the first one is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
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
    ApplicationPaper,
    ApplicationStatus,
    Level,
    Origin,
    PhaseKind,
    ReviewOutcome,
)
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

FIRST = date(2026, 3, 1)


def scan(name: str = "纸质申请.pdf") -> SimpleUploadedFile:
    """A paper."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


@pytest.fixture
def returned(make_year: Any, judge: Any, cast: Any) -> Callable[..., Application]:
    """What the clerk of 育才 entered for Eve, who has no account: recommended, and returned by the cluster."""
    year = make_year(PhaseKind.APPLICATIONS)

    def made(who: str = "eve") -> Application:
        judge(year, who)
        entered = actions.hand_in(
            year, cast.teachers[who], Asked([cast.xishan], "想到乡村任教"), key=uuid4(), at=timezone.now(),
            by=cast.users["school_clerk"], evidence=[scan()], paper=OnPaper(cast.yucai, FIRST),
        )  # fmt: skip
        now = timezone.now()
        year.phases.filter(kind=PhaseKind.APPLICATIONS).update(closes=now - timedelta(hours=1))
        year.phases.filter(kind=PhaseKind.REVIEW).update(opens=now - timedelta(hours=1))
        Application.objects.filter(pk=entered.pk).update(status=ApplicationStatus.AT_SCHOOL)
        said = reviewing.Decision(ReviewOutcome.RETURNED, "请补充教学计划", "Y-03", uuid4())
        reviewing.decide(year, [entered.pk], Level.CLUSTER, said, at=now, by=cast.users["cluster_head"])
        return Application.objects.get(pk=entered.pk)

    return made


def again(cast: Any, found: Application, **given: Any) -> Application:
    """The clerk enters the changed paper."""
    paper = OnPaper(given.pop("school", cast.yucai), given.pop("dated", FIRST + timedelta(days=9)))
    words = {
        "version": found.version, "at": timezone.now(), "by": cast.users["school_clerk"], "key": uuid4(),
        "evidence": [scan("改后的申请.pdf")], "paper": paper,
    } | given  # fmt: skip
    return actions.change(found, Asked([cast.xishan], "补充了教学计划"), **words)


def form_of(cast: Any, found: Application, **given: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "key": str(uuid4()), "version": str(found.version), "dated": (FIRST + timedelta(days=9)).isoformat(),
        "form": "rotation", "wish_1": str(cast.xishan.pk), "wish_2": "", "wish_3": "", "obeys": "on",
        "reason": "补充了教学计划", "commute_limit_km": "", "partner_number": "", "partner_name": "",
        "evidence": [scan("改后的申请.pdf")],
    } | given  # fmt: skip


def address(found: Application) -> str:
    """The page for the changed paper."""
    return reverse("rotation:paper_change", args=(found.year_id, found.pk))


# --- the action -----------------------------------------------------------------------------------------------------


def test_the_changed_paper_stands_beside_the_first_each_with_its_own_file(returned: Any, cast: Any) -> None:
    found = returned()
    changed = again(cast, found)
    assert (changed.status, changed.version, changed.reason) == (ApplicationStatus.SUBMITTED, 2, "补充了教学计划")
    assert (changed.origin, changed.paper_dated, changed.number) == (Origin.PAPER, date(2026, 3, 10), found.number)
    papers = list(changed.papers.all())
    assert [(each.version, each.dated) for each in papers] == [(2, date(2026, 3, 10)), (1, FIRST)]
    assert [[file.name for file in attachments.of(each)] for each in papers] == [["改后的申请.pdf"], ["纸质申请.pdf"]]
    traced = AuditEvent.objects.get(action="rotation.application.reentered")
    assert (traced.before["version"], traced.after["version"]) == (1, 2)
    assert (traced.before["paper_dated"], traced.after["paper_dated"]) == ("2026-03-01", "2026-03-10")
    assert traced.after["digest"] == actions.digest_of(changed) != traced.before["digest"]


@pytest.mark.covers("R-157")
def test_after_it_the_school_signs_and_it_goes_back_to_who_returned_it(returned: Any, cast: Any) -> None:
    found = again(cast, returned())
    day = timezone.localdate() - timedelta(days=30)
    schooling.keep_minutes(
        found.year, cast.yucai, title="集体讨论", held_on=day, present_were="校长、书记", minutes="同意",
        by=cast.users["school_clerk"], at=timezone.now(),
    )  # fmt: skip
    found.year.school_notices.create(
        organisation=cast.yucai, days=5, posted_on=day, last_day=day + timedelta(days=7), place="公开栏",
        names=[found.number], by=cast.users["school_clerk"], at=timezone.now(), objected=False,
        closed_by=cast.users["principal"], closed_at=timezone.now(),
    )  # fmt: skip
    said = schooling.Said(True, "符合条件", "yes", "同意推荐")
    schooling.give_opinion(found, said, at=timezone.now(), by=cast.users["school_clerk"])
    schooling.sign(found.year, cast.yucai, declaration="适合任教", at=timezone.now(), by=cast.users["principal"])
    found.refresh_from_db()
    assert (found.status, found.answer_by) == (ApplicationStatus.AT_SCHOOL, None)


def test_its_own_time_counts_to_the_last_instant_and_no_further(returned: Any, cast: Any) -> None:
    found = returned()
    assert found.answer_by is not None
    with pytest.raises(ClosedPhaseError, match="延长期限"):
        again(cast, found, at=found.answer_by)
    assert found.papers.count() == 1
    assert again(cast, found, at=found.answer_by - timedelta(microseconds=1)).version == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"evidence": []}, "签名的纸质件"), ({"dated": date(2999, 1, 1)}, "不能晚于今天"),
        ({"dated": FIRST - timedelta(days=1)}, "不能早于上一份"), ({"version": 7}, "别处修改过"),
    ],
    ids=["without the paper", "dated ahead", "signed before the first", "of another version"],
)  # fmt: skip
def test_a_second_paper_that_cannot_be_taken_changes_nothing(
    returned: Any, cast: Any, given: dict[str, Any], said: str
) -> None:
    found = returned()
    with pytest.raises(RefusedError, match=said):
        again(cast, found, **given)
    found.refresh_from_db()
    assert (found.version, found.status, ApplicationPaper.objects.count()) == (1, ApplicationStatus.RETURNED, 1)


def test_only_the_school_of_the_application_and_not_for_oneself(returned: Any, cast: Any) -> None:
    found = returned()
    with pytest.raises(RefusedError, match="在本校"):
        again(cast, found, school=cast.hedong)
    Teacher.objects.filter(pk=cast.teachers["eve"].pk).update(user=cast.users["school_clerk"])
    with pytest.raises(RefusedError, match="我的轮岗"):
        again(cast, found)


def test_what_a_teacher_handed_in_himself_is_not_changed_on_paper_by_his_school(returned: Any, cast: Any) -> None:
    found = returned("alice")
    found.papers.all().delete()
    Application.objects.filter(pk=found.pk).update(origin=Origin.OWN, paper_dated=None)
    with pytest.raises(RefusedError, match="教师本人修改"):
        again(cast, found)
    page = cast.client("school_clerk").get(address(found)).content.decode()
    assert "教师本人修改" in page
    assert "改后的申请" not in page


def test_the_school_is_asked_for_the_changed_paper_until_it_is_entered(returned: Any, cast: Any, rf: Any) -> None:
    def waits(who: str) -> dict[str, Any]:
        request = rf.get("/")
        request.user = cast.users[who]
        request.standing = PersonStanding(cast.users[who], timezone.localdate())
        return {str(each.label): each.due for each in waiting_for(request)}

    found, what = returned(), "被退回、待代录修改的申请"
    told = Notification.objects.filter(kind="rotation.application.returned")
    assert {each.recipient for each in told} == {cast.users["school_clerk"], cast.users["principal"]}
    assert {each.values["number"] for each in told} == {found.number}
    last = Workdays.of(cast.county).after(timezone.localdate(), 5)
    assert waits("school_clerk")[what] == last
    again(cast, found)
    assert what not in waits("school_clerk")


def test_of_a_teacher_with_an_account_the_teacher_is_told_and_not_the_school(returned: Any, cast: Any) -> None:
    found = returned("alice")
    told = Notification.objects.filter(kind="rotation.application.returned")
    assert [each.recipient for each in told] == [cast.users["teacher"]]
    again(cast, found)
    assert Notification.objects.filter(
        recipient=cast.users["teacher"], kind="rotation.application.reentered"
    ).exists()  # fmt: skip


def test_papers_entered_before_they_were_kept_apart_become_the_first_of_their_application(
    returned: Any, cast: Any
) -> None:
    found = returned("alice")
    ApplicationPaper.objects.all().delete()
    Attachment.objects.update(owner_kind="rotation.application", owner_id=str(found.pk))
    attachments.store(scan("教师补充.pdf"), found, by=cast.users["teacher"], organisation=cast.yucai)
    migration = import_module("junheng.web.rotation.migrations.0008_first_papers")
    migration.keep_first_papers(apps, None)
    first = found.papers.get()
    assert (first.version, first.dated, first.key, first.entered_by) == (1, FIRST, found.key, found.entered_by)
    assert [each.name for each in attachments.of(first)] == ["纸质申请.pdf"]
    assert [each.name for each in attachments.of(found)] == ["教师补充.pdf"]
    migration.give_back(apps, None)
    assert attachments.of(found).count() == 2


# --- the pages ------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-157")
def test_the_clerk_goes_from_the_list_to_the_form_and_sees_both_papers_on_the_case(returned: Any, cast: Any) -> None:
    found, client = returned(), cast.client("school_clerk")
    school = reverse("rotation:school_nominations", args=(found.year_id, cast.yucai.pk))
    assert address(found) in client.get(school).content.decode()
    assert address(found) in client.get(found.get_absolute_url()).content.decode()
    form = client.get(address(found)).content.decode()
    for seen in ("请补充教学计划", "想到乡村任教", "24:00", "纸质申请日期"):
        assert seen in form, seen
    answer = client.post(address(found), form_of(cast, found), follow=True)
    case = answer.content.decode()
    for seen in ("改后的申请.pdf", "纸质申请.pdf", "2026-03-10", "2026-03-01", "现在有效", "第 1 版"):
        assert seen in case, seen
    assert case.index("改后的申请.pdf") < case.index("纸质申请.pdf")


def test_a_second_press_makes_no_third_paper(returned: Any, cast: Any) -> None:
    found, client = returned(), cast.client("school_clerk")
    form = form_of(cast, found)
    assert client.post(address(found), form).status_code == 302
    assert client.post(address(found), form | {"evidence": [scan()]}).status_code == 302
    assert (found.papers.count(), Application.objects.get().version) == (2, 2)


def test_refused_input_stays_as_it_was_typed(returned: Any, cast: Any) -> None:
    found, client = returned(), cast.client("school_clerk")
    for wrong, said in (
        ({"evidence": []}, "请上传教师本人签名的纸质申请"), ({"dated": "2026-02-01"}, "不能早于上一份"),
    ):  # fmt: skip
        answer = client.post(address(found), form_of(cast, found, reason="照纸质改写", **wrong))
        assert answer.status_code == 422
        assert "照纸质改写" in answer.content.decode()
        assert said in answer.content.decode()
    assert found.papers.count() == 1


def test_when_its_time_is_over_the_page_says_so_and_shows_no_form(returned: Any, cast: Any) -> None:
    found = returned()
    Application.objects.update(answer_by=timezone.now() - timedelta(seconds=1))
    page = cast.client("school_clerk").get(address(found)).content.decode()
    assert "请退回的机关延长期限" in page
    assert 'name="dated"' not in page
    school = reverse("rotation:school_nominations", args=(found.year_id, cast.yucai.pk))
    assert address(found) not in cast.client("school_clerk").get(school).content.decode()


def test_another_school_does_not_find_it(returned: Any, cast: Any) -> None:
    found = returned()
    assert cast.client("principal_of_hedong").get(address(found)).status_code == 404
    assert cast.client("cluster_head").get(address(found)).status_code == 403


def test_each_papers_file_is_for_those_who_work_on_the_application(returned: Any, cast: Any) -> None:
    again(cast, returned())
    for file in Attachment.objects.filter(owner_kind="rotation.applicationpaper"):
        for who, may in (("school_clerk", True), ("cluster_head", True), ("principal_of_hedong", False)):
            standing = PersonStanding(cast.users[who], timezone.localdate())
            assert may_have(standing, file) is may, who


# --- at the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_with_the_changed_paper_at_once_make_one(returned: Any, cast: Any, settings: Any) -> None:
    found = returned()
    settings.WIDEN_RACES = 0.1
    answers = at_once(*[lambda: again(cast, found)] * 2)
    assert sum(isinstance(each, Application) for each in answers) == 1
    assert sum(isinstance(each, RefusedError) for each in answers) == 1
    assert (found.papers.count(), Application.objects.get().version) == (2, 2)
