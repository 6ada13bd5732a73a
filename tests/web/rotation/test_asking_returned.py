"""What an office returns for changes has its own time: changed by the teacher, signed again, back whence it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.directory.standing import PersonStanding
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.rotation.actions import asking, reviewing, schooling
from junheng.web.rotation.actions.asking import Asked
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Level,
    PhaseKind,
    ReviewOutcome,
    Scenario,
)
from junheng.web.rotation.reviewing import in_hand
from junheng.web.rotation.workdays import Workdays, end_of
from junheng.web.staffing.refusal import RefusedError

Recommend = Callable[..., Application]
RETURN, ACCEPT = ReviewOutcome.RETURNED, ReviewOutcome.ACCEPTED


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year in which applications and nominations are over, and review is open."""
    found = make_year(PhaseKind.REVIEW)
    judge(found, "alice", "must")
    return found


@pytest.fixture
def recommended(cast: Any, year: Any) -> Application:
    """Alice's application as her school has recommended it: discussed, shown, signed."""
    teacher, now = cast.teachers["alice"], timezone.now()
    made = Application.objects.create(
        year=year, teacher=teacher, school=cast.yucai, number="2026-ALICE", submitted_at=now, received_at=now,
        key=uuid4(), reason="想去",
    )  # fmt: skip
    posted = date.today() - timedelta(days=30)  # noqa: DTZ011 - any day past
    schooling.keep_minutes(
        year, cast.yucai, title="集体讨论", held_on=posted, present_were="校长、书记", minutes="同意",
        by=cast.users["school_clerk"], at=now,
    )  # fmt: skip
    year.school_notices.create(
        organisation=cast.yucai, days=5, posted_on=posted, last_day=posted + timedelta(days=7), place="公开栏",
        names=[made.number], by=cast.users["school_clerk"], at=now, objected=False, closed_by=cast.users["principal"],
        closed_at=now,
    )  # fmt: skip
    made.status = ApplicationStatus.AT_SCHOOL
    made.save()
    return made


def decide(cast: Any, made: Application, level: Level, outcome: ReviewOutcome, at: datetime | None = None) -> None:
    """An office decides on one application."""
    who = {Level.CLUSTER: "cluster_head", Level.BUREAU: "section_head"}[level]
    said = reviewing.Decision(outcome, "请补充教学计划", "Y-03", uuid4())
    reviewing.decide(made.year, [made.pk], level, said, at=at or timezone.now(), by=cast.users[who])
    made.refresh_from_db()


def change(cast: Any, made: Application, at: datetime | None = None) -> Application:
    """The teacher puts right what she was asked to."""
    return asking.change(
        made, Asked([], "补充了教学计划"), version=made.version, at=at or timezone.now(), by=cast.users["teacher"]
    )


def sign(cast: Any, made: Application, at: datetime | None = None) -> None:
    """The school looks at it again and its principal signs."""
    said = schooling.Said(True, "符合条件", "yes", "同意推荐")
    schooling.give_opinion(made, said, at=at or timezone.now(), by=cast.users["school_clerk"])
    schooling.sign(
        made.year, made.school, declaration="适合任教", at=at or timezone.now(), by=cast.users["principal"]
    )  # fmt: skip
    made.refresh_from_db()


def queue(cast: Any, made: Application, who: str) -> list[Application]:
    """What somebody has to decide on."""
    return list(in_hand(made.year, PersonStanding(cast.users[who], timezone.localdate())))


@pytest.mark.covers("R-157")
def test_returned_when_the_schools_are_done_it_is_changed_and_signed_in_its_own_time_and_comes_back(
    recommended: Application, cast: Any
) -> None:
    with pytest.raises(ClosedPhaseError):
        sign(cast, recommended)
    decide(cast, recommended, Level.CLUSTER, RETURN)
    fifth = Workdays.of(cast.county).after(timezone.localdate(), 5)
    assert recommended.answer_by == end_of(fifth)
    assert Notification.objects.filter(recipient=cast.users["teacher"]).latest("pk").values["until"].startswith(
        fifth.isoformat()
    )  # fmt: skip
    change(cast, recommended)
    told = Notification.objects.filter(recipient=cast.users["principal"])
    assert [each.values["number"] for each in told] == [recommended.number]
    sign(cast, recommended)
    assert (recommended.status, recommended.answer_by, recommended.version) == ("at_school", None, 2)
    assert queue(cast, recommended, "cluster_head") == [recommended]


def test_what_the_bureau_returned_goes_back_to_the_bureau_and_not_to_the_cluster_again(
    recommended: Application, cast: Any
) -> None:
    decide(cast, recommended, Level.CLUSTER, ACCEPT)
    decide(cast, recommended, Level.BUREAU, RETURN)
    change(cast, recommended)
    sign(cast, recommended)
    assert queue(cast, recommended, "cluster_head") == []
    assert queue(cast, recommended, "section_head") == [recommended]
    decide(cast, recommended, Level.BUREAU, ACCEPT)
    assert recommended.status == ApplicationStatus.ACCEPTED


def test_its_last_instant_counts_and_the_next_does_not_even_while_review_is_open(
    recommended: Application, cast: Any, year: Any
) -> None:
    year.phases.filter(kind=PhaseKind.REVIEW).update(closes=timezone.now() + timedelta(days=60))
    decide(cast, recommended, Level.CLUSTER, RETURN)
    end = recommended.answer_by
    assert end is not None
    for late in (end, end + timedelta(days=1)):
        with pytest.raises(ClosedPhaseError, match="延长期限"):
            change(cast, recommended, at=late)
    change(cast, recommended, at=end - timedelta(microseconds=1))
    with pytest.raises(ClosedPhaseError):
        sign(cast, Application.objects.get(), at=end)
    sign(cast, Application.objects.get(), at=end - timedelta(microseconds=1))
    assert Application.objects.get().status == ApplicationStatus.AT_SCHOOL


def test_in_that_time_only_what_was_returned_is_signed(recommended: Application, cast: Any, judge: Any) -> None:
    """Another application of the school that nobody signed in time stays where it is."""
    decide(cast, recommended, Level.CLUSTER, RETURN)
    change(cast, recommended)
    forgotten = Application.objects.create(
        year=recommended.year, teacher=cast.teachers["bob"], school=cast.yucai, number="2026-BOB",
        submitted_at=timezone.now(), received_at=timezone.now(), key=uuid4(),
    )  # fmt: skip
    with pytest.raises(ClosedPhaseError):
        schooling.give_opinion(
            forgotten, schooling.Said(True, "符合", "yes", "同意"), at=timezone.now(), by=cast.users["school_clerk"]
        )
    sign(cast, recommended)
    forgotten.refresh_from_db()
    assert forgotten.status == ApplicationStatus.SUBMITTED


def test_what_comes_back_while_the_plan_is_made_is_decided_until_one_is_adopted(
    recommended: Application, cast: Any, year: Any
) -> None:
    decide(cast, recommended, Level.CLUSTER, RETURN)
    change(cast, recommended)
    sign(cast, recommended)
    now = timezone.now()
    year.phases.filter(kind=PhaseKind.REVIEW).update(closes=now - timedelta(hours=1))
    with pytest.raises(ClosedPhaseError):
        decide(cast, recommended, Level.CLUSTER, ACCEPT)
    year.phases.filter(kind=PhaseKind.PLANNING).update(opens=now - timedelta(hours=1))
    other = Application.objects.create(
        year=year, teacher=cast.teachers["bob"], school=cast.hedong, number="2026-BOB", submitted_at=now,
        received_at=now, key=uuid4(), status=ApplicationStatus.AT_SCHOOL,
    )  # fmt: skip
    with pytest.raises(ClosedPhaseError):
        decide(cast, other, Level.CLUSTER, ACCEPT)
    decide(cast, recommended, Level.CLUSTER, ACCEPT)
    Scenario.objects.create(
        year=year, number=1, name="方案", status="adopted", snapshot=year.snapshot,
        created_by=cast.users["bureau_clerk"], created_at=now, root="ab" * 32, computed_at=now,
        adopted_by=cast.users["bureau_leader"], adopted_at=now, proposed_by=cast.users["section_head"],
        proposed_at=now,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="已经采用"):
        decide(cast, recommended, Level.BUREAU, ACCEPT)


def test_an_office_gives_more_time_with_a_reason_and_the_teacher_is_told(recommended: Application, cast: Any) -> None:
    decide(cast, recommended, Level.CLUSTER, RETURN)
    Application.objects.update(answer_by=timezone.now() - timedelta(days=3))
    address = reverse("rotation:application_extend", args=(recommended.year_id, recommended.pk))
    listed = reverse("rotation:applications", args=(recommended.year_id,))
    assert recommended.number in cast.client("section_head").get(f"{listed}?lapsed=true").content.decode()
    assert cast.client("school_clerk").get(address).status_code == 403
    assert cast.client("cluster_head").post(address, {"reason": ""}).status_code == 422
    assert cast.client("cluster_head").post(address, {"reason": "教师外出培训"}).status_code == 302
    recommended.refresh_from_db()
    assert recommended.answer_by == end_of(Workdays.of(cast.county).after(timezone.localdate(), 5))
    assert AuditEvent.objects.get(action="rotation.application.extended").reason == "教师外出培训"
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.application.extended").exists()
    change(cast, recommended)
    sign(cast, recommended)
    with pytest.raises(RefusedError, match="没有退回修改的期限"):
        reviewing.extend(recommended, reason="再给", at=timezone.now(), by=cast.users["cluster_head"])


def test_the_time_is_shown_to_whoever_has_to_act(recommended: Application, cast: Any, rf: Any) -> None:
    def waits(who: str) -> dict[str, Any]:
        request = rf.get("/")
        request.user = cast.users[who]
        request.standing = PersonStanding(cast.users[who], timezone.localdate())
        return {str(each.label): each.due for each in waiting_for(request)}

    decide(cast, recommended, Level.CLUSTER, RETURN)
    last = Workdays.of(cast.county).after(timezone.localdate(), 5)
    assert waits("teacher")["修改被退回的申请"] == last
    pages = {name: reverse(f"rotation:{name}", args=(recommended.year_id, *more)) for name, more in (
        ("own", ()), ("receipt", (recommended.pk,)), ("application_change", (recommended.pk,)),
    )}  # fmt: skip
    for address in pages.values():
        assert f"{last} 24:00" in cast.client("teacher").get(address).content.decode(), address
    assert "请补充教学计划" in cast.client("teacher").get(pages["application_change"]).content.decode()
    change(cast, recommended)
    assert waits("school_clerk")["退回后改好、待学校重新审核的申请"] == last
    school = reverse("rotation:school_nominations", args=(recommended.year_id, cast.yucai.pk))
    assert f"{last} 24:00" in cast.client("principal").get(school).content.decode()
    Application.objects.update(answer_by=timezone.now() - timedelta(seconds=1))
    assert "退回后逾期没有改好的申请" in waits("section_head")
    assert "退回后逾期没有改好的申请" not in waits("head_of_other_cluster")


def test_a_county_says_how_many_working_days(recommended: Application, cast: Any, year: Any) -> None:
    given = {"chain": "cluster_bureau", "notice_days": 5, "relief_months": 12, "return_days": 2, "reason": "抓紧"}
    address = reverse("rotation:asking_settings", args=(year.pk,))
    assert cast.client("bureau_clerk").post(address, given).status_code == 302
    decide(cast, recommended, Level.CLUSTER, RETURN)
    assert recommended.answer_by == end_of(Workdays.of(cast.county).after(timezone.localdate(), 2))
