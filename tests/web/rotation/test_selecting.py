"""Open selection: applied for in time, received once, reviewed with a reason, ending in a move that two people make."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from junheng.web.directory.standing import PersonStanding
from junheng.web.records.attachments import may_have, of
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import papers
from junheng.web.rotation.actions import cadres, selecting
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.documents import selecting as selecting_papers
from junheng.web.rotation.models import CadreTerm, OpenPost, PhaseKind, Placement, PostApplication, RotationYear
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.workdays import end_of
from junheng.web.staffing.refusal import RefusedError

WHY = "任教研组长六年，愿意到西山工作"


@pytest.fixture
def year(make_year: Any) -> RotationYear:
    """A year of cadres under the pack with terms."""
    return make_year(PhaseKind.PLANNING, PhaseKind.PREPARATION, pack="ST", audience="cadres")


@pytest.fixture
def post(year: RotationYear, cast: Any) -> OpenPost:
    """The post of a dean at the western school, one place, applications until tomorrow."""
    return cadres.offer_post(
        year,
        school=cast.xishan,
        role="dean",
        places=1,
        requirements="中层任职三年以上",
        apply_by=timezone.localdate() + timedelta(days=1),
        by=cast.users["bureau_clerk"],
    )


def applied(post: OpenPost, cast: Any, who: str = "alice", **given: Any) -> PostApplication:
    """Somebody applies now."""
    person = cast.teachers[who]
    asked = {"reason": WHY, "key": uuid4(), "at": timezone.now(), "by": person.user} | given
    return selecting.hand_in(post, person, **asked)


@pytest.mark.covers("R-521", "R-172")
def test_a_teacher_applies_with_reasons_and_evidence_and_has_a_receipt(post: OpenPost, cast: Any) -> None:
    browser, year = cast.client("teacher"), post.year
    assert "报名" in browser.get(year.own_url).content.decode()
    address = f"/rotation/{year.pk}/open-posts/{post.pk}/apply/"
    assert address in browser.get(f"/rotation/{year.pk}/open-posts/").content.decode()
    assert browser.post(address, {"key": str(uuid4()), "reason": ""}).status_code == 422
    paper = SimpleUploadedFile("聘书.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    answer = browser.post(address, {"key": str(uuid4()), "reason": WHY, "evidence": paper})
    made = PostApplication.objects.get()
    assert answer.url == made.get_absolute_url()
    receipt = browser.get(answer.url).content.decode()
    for text in (made.number, WHY, "聘书.pdf"):
        assert text in receipt
    browser.post(address, {"key": str(uuid4()), "reason": "再交一次"})
    assert PostApplication.objects.count() == 1
    assert browser.get(address).url == made.get_absolute_url()
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind__contains="post_application").count() == 1
    row = AuditEvent.objects.get(action="rotation.post_application.submitted")
    assert WHY not in f"{row.after}{row.details}{row.reason}"
    assert made.number in browser.get(year.own_url).content.decode()


def test_the_last_day_holds_to_the_second(post: OpenPost, cast: Any) -> None:
    closes = end_of(post.apply_by)
    with pytest.raises(ClosedPhaseError, match="截止"):
        applied(post, cast, at=closes)
    assert applied(post, cast, at=closes - timedelta(seconds=1)).status == "submitted"


def test_nobody_applies_for_a_post_at_the_own_school(year: RotationYear, cast: Any) -> None:
    own = cadres.offer_post(
        year,
        school=cast.yucai,
        role="dean",
        places=1,
        requirements="无",
        apply_by=date(2099, 1, 1),
        by=cast.users["bureau_clerk"],
    )
    with pytest.raises(RefusedError, match="本校"):
        applied(own, cast)
    with pytest.raises(RefusedError, match="已经过去"):
        cadres.offer_post(
            year,
            school=cast.hedong,
            role="dean",
            places=1,
            requirements="无",
            apply_by=date(2020, 1, 1),
            by=cast.users["bureau_clerk"],
        )


def test_colleagues_principals_and_clusters_do_not_learn_of_an_application(post: OpenPost, cast: Any) -> None:
    made = applied(post, cast)
    for who in ("principal", "school_clerk", "cluster_head", "teacher_of_hedong"):
        assert cast.client(who).get(made.get_absolute_url()).status_code in {403, 404}, who
    listed = f"/rotation/{post.year_id}/post-applications/"
    assert cast.client("principal").get(listed).status_code == 403
    assert cast.teachers["alice"].state.name in cast.client("section_head").get(listed).content.decode()
    standing = type("Standing", (), {"user": cast.users["principal"], "organisations": lambda *_a: frozenset()})()
    assert not any(may_have(standing, file) for file in of(made))


def test_it_is_withdrawn_by_the_applicant_alone_and_one_may_apply_again(post: OpenPost, cast: Any) -> None:
    made = applied(post, cast)
    with pytest.raises(RefusedError, match="只有本人"):
        selecting.withdraw(made, by=cast.users["section_head"])
    cast.client("teacher").post(f"{made.get_absolute_url()}withdraw/")
    made.refresh_from_db()
    assert made.status == "withdrawn"
    assert applied(post, cast).pk != made.pk


@pytest.mark.covers("R-521", "R-524")
def test_the_section_head_shortlists_or_refuses_with_a_reason(post: OpenPost, cast: Any) -> None:
    first, second = applied(post, cast), applied(post, cast, "bob")
    head = cast.client("section_head")
    assert "政策的回答" in head.get(first.get_absolute_url()).content.decode()
    assert head.post(first.get_absolute_url(), {"shortlist": "1", "opinion": ""}).status_code == 422
    head.post(first.get_absolute_url(), {"shortlist": "1", "opinion": "符合条件"})
    head.post(second.get_absolute_url(), {"shortlist": "0", "opinion": "任中层不满三年"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("shortlisted", "refused")
    assert second.opinion == "任中层不满三年"
    with pytest.raises(RefusedError, match="不能再办理"):
        selecting.review(second, shortlist=True, opinion="再看", by=cast.users["section_head"])
    with pytest.raises(RefusedError, match="入围"):
        selecting.propose(
            second, start=date(2026, 9, 1), end=date(2029, 8, 31), reason="x", by=cast.users["section_head"]
        )
    assert "符合条件" in cast.client("teacher").get(first.get_absolute_url()).content.decode()


@pytest.mark.covers("R-521", "R-528")
def test_who_is_chosen_is_proposed_by_one_confirmed_by_another_and_ordered(
    post: OpenPost, cast: Any, judge: Any
) -> None:
    judge(post.year, "alice")
    made, other = applied(post, cast), applied(post, cast, "bob")
    for each in (made, other):
        selecting.review(each, shortlist=True, opinion="符合条件", by=cast.users["section_head"])
    head = cast.client("section_head")
    terms = {
        "form": "post", "start": "2026-09-01", "end": "2029-08-31", "reason": "抓好教学常规", "relation_moved": "on",
    }  # fmt: skip
    answer = head.post(f"{made.get_absolute_url()}propose/", terms)
    made.refresh_from_db()
    move = made.moves.get()
    assert (answer.url, made.status, move.post) == (move.get_absolute_url(), "proposed", post)
    page = head.post(f"{other.get_absolute_url()}propose/", terms)
    assert "名额都已有拟任人选" in page.content.decode()
    cadres.withdraw_move(move, reason="本人放弃", by=cast.users["section_head"])
    made.refresh_from_db()
    assert (made.status, selecting.places_left(post)) == ("shortlisted", 1)
    again = selecting.propose(
        other, start=date(2026, 9, 1), end=date(2029, 8, 31), reason="抓好教学常规", by=cast.users["section_head"]
    )
    with pytest.raises(RefusedError, match="另一位负责人"):
        cadres.confirm_move(again, by=cast.users["section_head"])
    cadres.confirm_move(again, by=cast.users["bureau_leader"])
    other.refresh_from_db()
    assert other.status == "appointed"
    assert CadreTerm.objects.get().selection == "open"
    assert Placement.objects.get().role == "dean"


@pytest.mark.covers("R-171", "R-177", "R-172")
def test_the_posts_are_announced_with_their_principles_and_reported_by_month(post: OpenPost, cast: Any) -> None:
    for who in ("alice", "bob"):
        made = applied(post, cast, who)
    selecting.review(made, shortlist=True, opinion="符合条件", by=cast.users["section_head"])
    year = post.year
    sheet, report = (papers.address(year, kind, "all") for kind in ("open-posts", "open-posts-report"))
    page = cast.client("teacher").get(f"/rotation/{year.pk}/open-posts/").content.decode()
    assert sheet in page
    assert report not in page
    for who in ("teacher", "principal", "leading_group"):
        said = cast.client(who).get(sheet).content.decode()
        for each in ("按需设岗、平等竞争、择优聘任、科学考核、合同管理", "中层任职三年以上", cast.xishan.name):
            assert each in said, (who, each)
        assert cast.client(who).get(report).status_code == 404, who
    counted = selecting_papers.report(_page(cast, year), "all").body[0].rows
    month = timezone.localtime(post.published_at).strftime("%Y-%m")
    line, total = (month, cast.xishan.name, "教导主任"), ("合计", "", "")
    assert counted == tuple((*head, "1", "2", "1", "0", "0") for head in (line, total))
    assert report in cast.client("section_head").get(f"/rotation/{year.pk}/open-posts/").content.decode()


def _page(cast: Any, year: RotationYear) -> YearPage:
    request = RequestFactory().get("/")
    request.user = cast.users["section_head"]
    request.standing = PersonStanding(cast.users["section_head"], timezone.localdate())
    return YearPage(request, year.pk)
