"""Cluster and bureau decide along the chain that the pack's office asks for: one by one, or hundreds at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant
from junheng.web.directory.standing import PersonStanding
from junheng.web.records.models import AuditEvent, Job, Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.rotation.actions import reviewing as actions
from junheng.web.rotation.actions.asking import arrange, withdraw
from junheng.web.rotation.actions.reviewing import Decision, MovedOnError
from junheng.web.rotation.actions.schooling import keep_minutes
from junheng.web.rotation.cycle import ClosedPhaseError, progress_of
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Chain,
    Level,
    Phase,
    PhaseKind,
    Relief,
    ReviewOutcome,
    ReviewStep,
    Turn,
)
from junheng.web.rotation.reviewing import in_hand
from junheng.web.rotation.turning import turn_now
from junheng.web.rotation.wishing import settings_of
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

MakeApplication = Callable[..., Application]


@pytest.fixture
def year(make_year: Any) -> Any:
    """A year under review."""
    return make_year(PhaseKind.REVIEW)


@pytest.fixture
def recommended(cast: Any) -> MakeApplication:
    """An application that its school has recommended."""

    def made(year: Any, who: str | Teacher = "alice", status: str = "at_school") -> Application:
        teacher, now = cast.teachers[who] if isinstance(who, str) else who, timezone.now()
        return Application.objects.create(
            year=year, teacher=teacher, school=teacher.state.school, number=f"2026-{teacher.number}", status=status,
            submitted_at=now, received_at=now, key=uuid4(),
        )  # fmt: skip

    return made


def decision(outcome: ReviewOutcome = ReviewOutcome.ACCEPTED, **given: Any) -> Decision:
    """A decision."""
    return Decision(**({"outcome": outcome, "opinion": "同意", "clause": "Y-03", "batch": uuid4()} | given))


def decide(cast: Any, year: Any, level: Level, *held: Application, said: Decision | None = None, by: str = "") -> Any:
    """An office decides."""
    who = by or {Level.CLUSTER: "cluster_head", Level.BUREAU: "bureau_clerk"}[level]
    keys = [each.pk for each in held]
    return actions.decide(year, keys, level, said or decision(), at=timezone.now(), by=cast.users[who])


def standing(cast: Any, who: str) -> PersonStanding:
    """What somebody may do today."""
    return PersonStanding(cast.users[who], timezone.localdate())


# --- the chain ------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-157", "R-161")
def test_cluster_then_bureau_decide_and_the_teacher_is_told_each_time(year: Any, recommended: Any, cast: Any) -> None:
    made = recommended(year)
    assert settings_of(year).chain == Chain.CLUSTER_BUREAU
    assert list(in_hand(year, standing(cast, "cluster_head"))) == [made]
    assert not in_hand(year, standing(cast, "bureau_clerk")).exists()
    assert not in_hand(year, standing(cast, "head_of_other_cluster")).exists()
    decide(cast, year, Level.CLUSTER, made)
    assert list(in_hand(year, standing(cast, "bureau_clerk"))) == [made]
    decide(cast, year, Level.BUREAU, made)
    made.refresh_from_db()
    assert made.status == ApplicationStatus.ACCEPTED
    assert [each.level for each in made.steps.order_by("pk")] == ["cluster", "bureau"]
    assert Notification.objects.filter(recipient=cast.users["teacher"]).count() == 2
    assert AuditEvent.objects.filter(action="rotation.application.accepted").count() == 2


@pytest.mark.covers("R-158", "R-162")
@pytest.mark.parametrize("pack", ["XX", "NZ"])
def test_where_the_document_is_the_townships_its_office_has_the_last_word(
    make_year: Any, recommended: Any, cast: Any, pack: str
) -> None:
    year = make_year(PhaseKind.REVIEW, pack=pack)
    assert settings_of(year).chain == Chain.CLUSTER
    made = recommended(year)
    decide(cast, year, Level.CLUSTER, made)
    made.refresh_from_db()
    assert made.status == ApplicationStatus.ACCEPTED


@pytest.mark.covers("R-157")
def test_a_county_may_do_without_the_cluster_until_something_is_decided(year: Any, recommended: Any, cast: Any) -> None:
    arrange(year, {"chain": Chain.BUREAU}, reason="县里没有学区", by=cast.users["bureau_clerk"])
    made = recommended(year)
    with pytest.raises(MovedOnError):
        decide(cast, year, Level.CLUSTER, made)
    decide(cast, year, Level.BUREAU, made)
    made.refresh_from_db()
    assert made.status == ApplicationStatus.ACCEPTED
    with pytest.raises(RefusedError, match="不能再改"):
        arrange(year, {"chain": Chain.CLUSTER}, reason="改", by=cast.users["bureau_clerk"])


def test_a_school_without_a_cluster_is_decided_by_the_bureau(year: Any, recommended: Any, cast: Any) -> None:
    cast.yucai.parent = cast.county
    cast.yucai.save()
    made = recommended(year)
    assert list(in_hand(year, standing(cast, "section_head"))) == [made]
    decide(cast, year, Level.BUREAU, made)
    assert Application.objects.get().status == ApplicationStatus.ACCEPTED


def test_returned_rejected_and_withdrawn_are_three_things(year: Any, recommended: Any, cast: Any) -> None:
    made, other = recommended(year), recommended(year, "eve")
    decide(cast, year, Level.CLUSTER, made, said=decision(ReviewOutcome.RETURNED))
    with pytest.raises(RefusedError, match="依据条款"):
        decide(cast, year, Level.CLUSTER, other, said=decision(ReviewOutcome.REJECTED, clause=" "))
    decide(cast, year, Level.CLUSTER, other, said=decision(ReviewOutcome.REJECTED))
    withdraw(made, at=timezone.now(), by=cast.users["teacher"])
    assert set(Application.objects.values_list("status", flat=True)) == {"withdrawn", "rejected"}


def test_nobody_decides_on_his_own_application(year: Any, recommended: Any, cast: Any) -> None:
    made = recommended(year)
    RoleGrant.objects.create(
        user=cast.users["teacher"], role=Role.CLUSTER_HEAD, organisation=cast.cluster, start=timezone.localdate()
    )
    assert not in_hand(year, standing(cast, "teacher")).exists()
    with pytest.raises(RefusedError, match="本人"):
        decide(cast, year, Level.CLUSTER, made, by="teacher")
    assert not ReviewStep.objects.exists()


def test_out_of_its_phase_nothing_is_decided(year: Any, recommended: Any, cast: Any) -> None:
    made = recommended(year)
    with pytest.raises(ClosedPhaseError):
        actions.decide(
            year, [made.pk], Level.CLUSTER, decision(), at=timezone.now() + timedelta(days=30),
            by=cast.users["cluster_head"],
        )  # fmt: skip


def test_whoever_was_deferred_is_not_accepted(year: Any, recommended: Any, cast: Any) -> None:
    made, now = recommended(year), timezone.now()
    Relief.objects.create(
        year=year, teacher=cast.teachers["alice"], school=cast.yucai, ground="child", ground_text="x", office="x",
        status="granted", requested_by=cast.users["teacher"], requested_at=now, received_at=now, key=uuid4(),
        decided_by=cast.users["bureau_clerk"], decided_at=now, since=year.starts, until=year.ends,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="暂缓或免除"):
        decide(cast, year, Level.CLUSTER, made)
    decide(cast, year, Level.CLUSTER, made, said=decision(ReviewOutcome.REJECTED))


def test_whoever_is_found_not_to_move_after_all_is_not_accepted(
    year: Any, recommended: Any, cast: Any, judge: Any
) -> None:
    made = recommended(year)
    judge(year, "alice", "no")
    with pytest.raises(RefusedError, match="不交流"):
        decide(cast, year, Level.CLUSTER, made)


# --- hundreds at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def many(cast: Any, year: Any) -> list[Application]:
    """Three hundred applications of 育才 and 河东 on the cluster's table."""
    now, made = timezone.now(), []
    for number in range(300):
        teacher = Teacher.objects.create(county=cast.county, number=f"M{number:03}")
        school = cast.yucai if number % 2 else cast.hedong
        made.append(
            Application(
                year=year, teacher=teacher, school=school, number=f"M-{number:03}", status="at_school",
                submitted_at=now, received_at=now, key=uuid4(),
            )
        )  # fmt: skip
    return Application.objects.bulk_create(made)


def test_three_hundred_are_decided_in_one_transaction_each_with_its_own_trace(
    year: Any, many: Any, cast: Any, django_assert_max_num_queries: Any
) -> None:
    said = decision()
    with django_assert_max_num_queries(60):
        decide(cast, year, Level.CLUSTER, *many, said=said)
    assert Application.objects.filter(status=ApplicationStatus.AT_CLUSTER).count() == 300
    events = AuditEvent.objects.filter(action="rotation.application.accepted")
    assert events.count() == 300
    assert events.values("object_id").distinct().count() == 300
    decide(cast, year, Level.CLUSTER, *many, said=said)
    assert ReviewStep.objects.count() == 300, "the same press again changes nothing"


def test_all_or_none(year: Any, many: Any, cast: Any) -> None:
    Application.objects.filter(pk=many[7].pk).update(status=ApplicationStatus.WITHDRAWN)
    with pytest.raises(MovedOnError, match="M-007"):
        decide(cast, year, Level.CLUSTER, *many)
    assert not ReviewStep.objects.exists()
    assert Application.objects.filter(status=ApplicationStatus.AT_SCHOOL).count() == 299


@pytest.mark.covers("R-161")
def test_the_joint_meeting_is_the_basis_of_what_it_decided(year: Any, many: Any, cast: Any) -> None:
    head = cast.client("cluster_head")
    minutes = {
        "title": "学区长联席会议",
        "held_on": str(timezone.localdate()),
        "present_were": "各校校长",
        "minutes": "逐人议定",
    }
    address = reverse("rotation:joint_meeting_new", args=(year.pk, cast.cluster.pk))
    assert head.post(address, minutes).status_code == 302
    meeting = year.meetings_on_people.get()
    form = {
        "batch": str(uuid4()), "outcome": "accepted", "clause": "R-161", "meeting": str(meeting.pk), "opinion": "同意",
        "application": [str(each.pk) for each in many],
    }  # fmt: skip
    reviews = reverse("rotation:reviews", args=(year.pk,))
    assert head.get(reviews).content.decode().count('name="application"') == 300
    assert head.post(reviews, form).status_code == 302
    assert ReviewStep.objects.filter(meeting=meeting, clause="R-161").count() == 300
    assert "M-007" in head.get(reverse("rotation:people_meeting", args=(year.pk, meeting.pk))).content.decode()


def test_the_queue_is_narrowed_and_selected_as_a_whole_without_a_script(
    year: Any, recommended: Any, cast: Any, judge: Any
) -> None:
    mine, other = recommended(year), recommended(year, "bob")
    judge(year, "alice", "must")
    client, address = cast.client("cluster_head"), reverse("rotation:reviews", args=(year.pk,))
    assert "应交流" in client.get(address).content.decode()
    assert client.get(address).content.decode().count(" checked") == 0
    assert client.get(address, {"all": "1"}).content.decode().count(" checked") == 2
    page = client.get(address, {"all": "1", "school": cast.yucai.pk}).content.decode()
    assert mine.number in page
    assert other.number not in page
    assert page.count(" checked") == 1
    for query in ({"school": cast.xishan.pk}, {"school": "x"}, {"form": "nonsense", "page": "-1"}):
        assert client.get(address, query).status_code == 200, query
    given = {"application": [mine.pk], "outcome": "accepted", "opinion": "同意", "batch": str(uuid4()), "meeting": ""}
    assert client.post(f"{address}?all=1&school={cast.yucai.pk}", given).status_code == 302
    other.refresh_from_db()
    assert other.status == ApplicationStatus.AT_SCHOOL


def test_nothing_of_another_cluster_is_decided_by_way_of_the_form(year: Any, recommended: Any, cast: Any) -> None:
    made = recommended(year, "carol")
    form = {"batch": str(uuid4()), "outcome": "accepted", "opinion": "同意", "application": [str(made.pk)]}
    answer = cast.client("cluster_head").post(reverse("rotation:reviews", args=(year.pk,)), form)
    assert answer.status_code == 422
    assert "不由您办理" in answer.content.decode()
    principal = cast.client("principal_of_xishan").post(reverse("rotation:reviews", args=(year.pk,)), form)
    assert principal.status_code == 422
    assert not ReviewStep.objects.exists()


@pytest.mark.parametrize("name", ["batch", "outcome", "clause", "meeting", "opinion", "application"])
def test_no_value_breaks_the_queue(year: Any, recommended: Any, cast: Any, name: str) -> None:
    client, address = cast.client("cluster_head"), reverse("rotation:reviews", args=(year.pk,))
    made = recommended(year)
    for value in ("", "\0", "-1", "9" * 30, "<b>", "x" * 3000, "２"):
        form = {"batch": str(uuid4()), "outcome": "rejected", "opinion": "x", "application": str(made.pk)}
        assert client.post(address, form | {name: value}).status_code in {302, 422}


def test_an_office_sees_the_applicant_of_another_school_with_his_file_in_short(
    year: Any, recommended: Any, cast: Any
) -> None:
    text = cast.client("cluster_head").get(recommended(year).get_absolute_url()).content.decode()
    assert "安丽丝" in text
    assert "办理" in text
    assert "入现单位时间" in text


# --- who waits, how far, who is told --------------------------------------------------------------------------------


def waits(cast: Any, who: str, rf: Any) -> dict[str, int]:
    """What waits for somebody, by its label."""
    request = rf.get("/")
    request.user, request.standing = cast.users[who], standing(cast, who)
    return {str(each.label): each.count for each in waiting_for(request)}


def test_what_waits_is_with_whoever_has_to_do_it(make_year: Any, judge: Any, recommended: Any, cast: Any, rf: Any):
    year = make_year(PhaseKind.APPLICATIONS, PhaseKind.NOMINATIONS, PhaseKind.REVIEW)
    judge(year, "alice", "must")
    assert waits(cast, "teacher", rf) == {"提交交流申请": 1}
    made = recommended(year, status="submitted")
    assert waits(cast, "teacher", rf) == {}
    assert waits(cast, "school_clerk", rf) == {"待学校审核的申请": 1}
    assert waits(cast, "principal_of_hedong", rf) == {}
    Application.objects.filter(pk=made.pk).update(status="at_school")
    assert waits(cast, "cluster_head", rf) == {"待审核的申请": 1}
    assert waits(cast, "bureau_clerk", rf) == {}
    Application.objects.filter(pk=made.pk).update(status="returned")
    assert waits(cast, "teacher", rf) == {"修改被退回的申请": 1}


def test_progress_is_counted_by_school(make_year: Any, judge: Any, recommended: Any, cast: Any) -> None:
    year = make_year(PhaseKind.APPLICATIONS)
    judge(year, "alice", "must")
    judge(year, "eve", "must")
    recommended(year, status="submitted")
    schools = [cast.yucai.pk, cast.hedong.pk]
    (found,) = [each for each in progress_of(year, PhaseKind.APPLICATIONS, schools) if "申请" in str(each.what)]
    assert (found.done, found.total, found.schools) == (1, 2, {cast.yucai.pk: (1, 2)})
    (sent,) = [each for each in progress_of(year, PhaseKind.NOMINATIONS, schools) if "签署" in str(each.what)]
    assert (sent.done, sent.total) == (0, 1)


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ((PhaseKind.APPLICATIONS, Turn.OPENED), {"teacher"}),
        (
            (PhaseKind.APPLICATIONS, Turn.CLOSED),
            {
                "school_clerk", "principal", "principal_of_hedong", "principal_of_xishan", "bureau_clerk",
                "section_head",
            },
        ),
        ((PhaseKind.NOMINATIONS, Turn.CLOSED), {"bureau_clerk", "section_head"}),
        ((PhaseKind.REVIEW, Turn.OPENED), {"cluster_head", "head_of_other_cluster", "bureau_clerk", "section_head"}),
        ((PhaseKind.REVIEW, Turn.CLOSED), {"bureau_clerk", "section_head"}),
    ],
)  # fmt: skip
def test_when_a_phase_turns_those_who_have_to_act_are_told_once(
    year: Any, judge: Any, cast: Any, which: tuple[PhaseKind, Turn], told: set[str]
) -> None:
    kind, turn = which
    judge(year, "alice")
    judge(year, "bob", "no")
    Job.objects.all().delete()
    phase = Phase.objects.select_related("year__county").get(year=year, kind=kind)
    assert turn_now(phase, turn) is True
    assert turn_now(phase, turn) is False
    rows = Notification.objects.filter(kind=f"rotation.{kind.value}.turned")
    assert sorted(each.recipient.username for each in rows) == sorted(cast.users[who].username for who in told)


def test_minutes_of_a_day_to_come_are_refused(year: Any, cast: Any) -> None:
    with pytest.raises(RefusedError, match="晚于今天"):
        keep_minutes(
            year, cast.cluster, title="x", held_on=timezone.localdate() + timedelta(days=1), present_were="x",
            minutes="x", by=cast.users["cluster_head"], at=timezone.now(),
        )  # fmt: skip


def test_the_names_of_teachers_are_as_they_are_now(year: Any, recommended: Any, cast: Any) -> None:
    recommended(year)
    TeacherState.objects.filter(teacher=cast.teachers["alice"]).update(name="安新名")
    assert (
        "安新名" in cast.client("bureau_clerk").get(reverse("rotation:applications", args=(year.pk,))).content.decode()
    )
