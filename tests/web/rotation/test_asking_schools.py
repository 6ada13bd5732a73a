"""Schools check, discuss, post and sign; what stored facts forbid nobody can sign away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import papers
from junheng.web.rotation.actions import schooling as actions
from junheng.web.rotation.actions.asking import AlreadySubmittedError, Asked, change, withdraw
from junheng.web.rotation.actions.schooling import Said
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Origin,
    PhaseKind,
    ReviewStep,
    SchoolNotice,
    SchoolOpinion,
    SchoolReturn,
)
from junheng.web.rotation.schooling import bottom_of, scores_of, strengths
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.models import AssessmentEntry, CircumstancesEntry, Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

YES = Said(True, "符合条件", "yes", "同意推荐")
NO = Said(True, "符合条件", "no", "本学期毕业班离不开")
SINCE = date(2026, 8, 31)


@pytest.fixture
def year(make_year: Any, judge: Any) -> Any:
    """A year in which schools recommend; Alice may move."""
    made = make_year(PhaseKind.NOMINATIONS)
    judge(made, "alice")
    return made


@pytest.fixture
def apply(cast: Any) -> Callable[..., Application]:
    """An application as it was handed in."""

    def made(year: Any, who: str = "alice", **given: Any) -> Application:
        teacher, now = cast.teachers[who], timezone.now()
        return Application.objects.create(
            year=year, teacher=teacher, school=teacher.state.school, number=f"2026-{who}", submitted_at=now,
            received_at=now, key=uuid4(), reason="想去", **given,
        )  # fmt: skip

    return made


def opine(cast: Any, application: Application, said: Said = YES, **given: Any) -> SchoolOpinion:
    """The clerk gives the school's opinion."""
    return actions.give_opinion(
        application, said, **({"at": timezone.now(), "by": cast.users["school_clerk"]} | given)
    )  # fmt: skip


def discuss(cast: Any, year: Any, school: Any = None) -> Any:
    """The school's discussion."""
    return actions.keep_minutes(
        year, school or cast.yucai, title="集体讨论", held_on=timezone.localdate(), present_were="校长、书记、教师代表",
        minutes="一致同意", by=cast.users["school_clerk"], at=timezone.now(),
    )  # fmt: skip


def show(cast: Any, year: Any, school: Any = None, *, days: int = 5) -> SchoolNotice:
    """A notice that was posted and has ended without objection."""
    posted = actions.post_notice(
        year, school or cast.yucai, posted_on=timezone.localdate() - timedelta(days=20), days=days, place="公开栏",
        by=cast.users["school_clerk"], at=timezone.now(),
    )  # fmt: skip
    return actions.close_notice(posted, objected=False, outcome="", by=cast.users["school_clerk"], at=timezone.now())


def sign(cast: Any, year: Any, school: Any = None, **given: Any) -> SchoolReturn:
    """The principal signs."""
    words = {"declaration": "推荐人员适合任教", "at": timezone.now(), "by": cast.users["principal"]} | given
    return actions.sign(year, school or cast.yucai, **words)


# --- the way to the signature ---------------------------------------------------------------------------------------


@pytest.mark.covers("R-157", "R-159", "R-165")
def test_what_the_principal_signs_goes_on_and_the_teacher_is_told(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    opinion = opine(cast, made)
    assert (opinion.word, opinion.clause, opinion.qualified) == ("in_scope", "Y-03", True)
    meeting, notice = discuss(cast, year), show(cast, year)
    found = sign(cast, year)
    assert (found.meeting, found.notice, found.numbers) == (meeting, notice, [made.number])
    assert "适合任教" in found.declaration
    made.refresh_from_db()
    assert made.status == ApplicationStatus.AT_SCHOOL
    assert ReviewStep.objects.get().opinion == "同意推荐"
    assert Notification.objects.filter(recipient=cast.users["teacher"]).count() == 1
    assert AuditEvent.objects.filter(action="rotation.school.signed").exists()


def test_whoever_is_not_recommended_reads_why(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    opine(cast, made, NO)
    discuss(cast, year)
    sign(cast, year)
    made.refresh_from_db()
    assert made.status == ApplicationStatus.REJECTED
    assert NO.opinion in cast.client("teacher").get(reverse("rotation:own", args=(year.pk,))).content.decode()


def test_nothing_is_signed_without_discussion_notice_and_declaration(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    with pytest.raises(RefusedError, match="没有可以签署"):
        sign(cast, year)
    opine(cast, made)
    with pytest.raises(RefusedError, match="集体讨论"):
        sign(cast, year)
    discuss(cast, year)
    with pytest.raises(RefusedError, match="校内公示"):
        sign(cast, year)
    show(cast, year)
    with pytest.raises(RefusedError, match="承诺"):
        sign(cast, year, declaration=" ")
    assert sign(cast, year).pk


def test_whoever_was_not_on_the_notice_is_not_signed(year: Any, apply: Any, cast: Any, judge: Any) -> None:
    opine(cast, apply(year))
    discuss(cast, year)
    show(cast, year)
    judge(year, "eve")
    opine(cast, apply(year, "eve"))
    with pytest.raises(RefusedError, match="2026-eve 没有经过校内公示"):
        sign(cast, year)


def test_an_opinion_on_what_was_changed_since_is_not_signed(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    opine(cast, made)
    Application.objects.filter(pk=made.pk).update(version=2)
    discuss(cast, year)
    with pytest.raises(RefusedError, match="没有可以签署"):
        sign(cast, year)


@pytest.mark.covers("R-159")
def test_the_school_cannot_qualify_whom_the_pack_does_not_let_go(year: Any, apply: Any, cast: Any, judge: Any) -> None:
    made = apply(year)
    year.verdicts.update(current=False)
    judge(year, "alice", "no", clause="Y-06")
    with pytest.raises(RefusedError, match="Y-06"):
        opine(cast, made)
    assert opine(cast, made, Said(False, "临近退休", "no", "不予推荐")).qualified is False


def test_the_unqualified_are_not_recommended_and_reasons_are_needed(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    with pytest.raises(RefusedError, match="不能推荐"):
        opine(cast, made, Said(False, "不合条件", "yes", "同意"))
    with pytest.raises(RefusedError, match="写明"):
        opine(cast, made, Said(True, " ", "yes", "同意"))


def test_nobody_handles_his_own(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    with pytest.raises(RefusedError, match="本人"):
        opine(cast, made, by=cast.users["teacher"])
    with pytest.raises(RefusedError, match="本人"):
        actions.send_back(made, opinion="改", at=timezone.now(), by=cast.users["teacher"])


def test_what_the_school_returns_is_changed_after_the_deadline_and_comes_back(year: Any, apply: Any, cast: Any) -> None:
    made = apply(year)
    actions.send_back(made, opinion="请补充理由", at=timezone.now(), by=cast.users["school_clerk"])
    made.refresh_from_db()
    assert made.status == ApplicationStatus.RETURNED
    again = change(made, Asked([], "已补充"), version=1, at=timezone.now(), by=cast.users["teacher"])
    assert (again.status, again.version) == (ApplicationStatus.SUBMITTED, 2)
    assert again.submitted_at == made.submitted_at, "its place in the queue is kept"


def test_out_of_its_phase_the_school_does_nothing(year: Any, apply: Any, cast: Any) -> None:
    made, late = apply(year), timezone.now() + timedelta(days=30)
    with pytest.raises(ClosedPhaseError):
        opine(cast, made, at=late)
    with pytest.raises(ClosedPhaseError):
        sign(cast, year, at=late)


# --- notice ---------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-169")
def test_the_notice_lasts_so_many_working_days(year: Any, apply: Any, cast: Any) -> None:
    opine(cast, apply(year))
    today = timezone.localdate()
    posted = actions.post_notice(
        year, cast.yucai, posted_on=today, days=5, place="公开栏", by=cast.users["school_clerk"], at=timezone.now()
    )
    assert Workdays.of(cast.county).between(today + timedelta(days=1), posted.last_day) == 5
    with pytest.raises(RefusedError, match="期满"):
        actions.close_notice(posted, objected=False, outcome="", by=cast.users["school_clerk"], at=timezone.now())
    with pytest.raises(RefusedError, match="没有办结"):
        actions.post_notice(
            year, cast.yucai, posted_on=today, days=5, place="x", by=cast.users["school_clerk"], at=timezone.now()
        )
    later = timezone.now() + timedelta(days=30)
    with pytest.raises(RefusedError, match="处理情况"):
        actions.close_notice(posted, objected=True, outcome="", by=cast.users["school_clerk"], at=later)
    ended = actions.close_notice(posted, objected=True, outcome="已核实", by=cast.users["school_clerk"], at=later)
    assert ended.objected is True


# --- whom a school may put forward ----------------------------------------------------------------------------------


def nominate(cast: Any, year: Any, who: str = "alice", **given: Any) -> Application:
    """育才 puts a teacher forward."""
    words = {
        "form": "rotation", "reason": "骨干教师，能带队伍", "key": uuid4(), "at": timezone.now(),
        "by": cast.users["school_clerk"],
    } | given  # fmt: skip
    return actions.nominate(year, cast.teachers[who], cast.yucai, **words)


@pytest.mark.covers("R-157", "R-158")
def test_a_school_nominates_and_the_same_again_is_the_same(year: Any, cast: Any) -> None:
    key = uuid4()
    made = nominate(cast, year, key=key)
    assert made.origin == Origin.SCHOOL
    assert nominate(cast, year, key=key) == made
    with pytest.raises(AlreadySubmittedError):
        nominate(cast, year)
    assert Notification.objects.filter(recipient=cast.users["teacher"]).exists()


def test_a_school_nominates_only_its_own(year: Any, cast: Any, judge: Any) -> None:
    judge(year, "carol")
    with pytest.raises(RefusedError, match="本校"):
        nominate(cast, year, "carol")


def test_whom_the_school_puts_forward_says_his_wishes_until_the_principal_signs(year: Any, cast: Any) -> None:
    made = actions.nominate(
        year, cast.teachers["alice"], cast.yucai, form="rotation", reason="骨干力量充足", key=uuid4(),
        at=timezone.now(), by=cast.users["principal"],
    )  # fmt: skip
    browser, address = cast.client("teacher"), reverse("rotation:application_change", args=(year.pk, made.pk))
    assert address in browser.get(reverse("rotation:own", args=(year.pk,))).content.decode()
    opine(cast, made)
    changed = change(made, Asked([cast.xishan], "别的理由"), version=1, at=timezone.now(), by=cast.users["teacher"])
    assert [each.school for each in changed.choices.all()] == [cast.xishan]
    assert changed.reason == "骨干力量充足", "the reason of a nomination is the school's"
    with pytest.raises(ClosedPhaseError):
        withdraw(made, at=timezone.now(), by=cast.users["teacher"])
    discuss(cast, year)
    with pytest.raises(RefusedError, match="没有可以签署"):
        sign(cast, year)
    opine(cast, changed)
    show(cast, year)
    sign(cast, year)
    with pytest.raises(RefusedError, match="不能再修改"):
        change(made, Asked([], "再改"), version=2, at=timezone.now(), by=cast.users["teacher"])


@pytest.mark.covers("R-008")
@pytest.mark.parametrize("fact", [{"health": "illness_affecting_work"}, {"unfit_to_teach": True}], ids=["ill", "unfit"])
def test_the_pack_lets_nobody_ill_or_unfit_be_passed_on(
    make_year: Any, judge: Any, apply: Any, cast: Any, fact: dict[str, Any]
) -> None:
    year = make_year(PhaseKind.NOMINATIONS, pack="XX")
    judge(year, "alice")
    judge(year, "eve")
    row = CircumstancesEntry.objects.create(
        teacher=cast.teachers["alice"], valid_from=SINCE, source="test", **fact
    )  # fmt: skip
    with pytest.raises(RefusedError, match="不能推荐") as refused:
        nominate(cast, year)
    assert "illness_affecting_work" not in str(refused.value)
    made = apply(year)
    with pytest.raises(RefusedError, match="不能推荐"):
        opine(cast, made)
    opine(cast, apply(year, "eve"))
    CircumstancesEntry.objects.filter(pk=row.pk).delete()
    opine(cast, made)
    discuss(cast, year)
    show(cast, year)
    CircumstancesEntry.objects.create(teacher=cast.teachers["alice"], valid_from=SINCE, source="test", **fact)
    with pytest.raises(RefusedError, match="不能推荐"):
        sign(cast, year)
    assert not SchoolReturn.objects.exists()


def test_where_the_pack_is_silent_the_bureau_is_told_to_look(year: Any, apply: Any, cast: Any) -> None:
    CircumstancesEntry.objects.create(
        teacher=cast.teachers["alice"], valid_from=SINCE, source="test", health="illness_affecting_work"
    )
    made = apply(year)
    opine(cast, made)
    assert "请核实" in cast.client("bureau_clerk").get(made.get_absolute_url()).content.decode()
    assert "请核实" not in cast.client("principal").get(made.get_absolute_url()).content.decode()


# --- who stands last, who is sent -----------------------------------------------------------------------------------


@pytest.fixture
def scored(cast: Any) -> list[Teacher]:
    """Twenty more teachers of 育才 with scores from 60 to 79; Alice has 90, Eve 50."""
    made = []
    for number in range(20):
        teacher = Teacher.objects.create(county=cast.county, number=f"S{number:03}")
        TeacherState.objects.create(
            teacher=teacher, name=f"教师{number}", school=cast.yucai, sex="female", birth_date=date(1985, 5, 12),
            stage="junior", main_subject="maths", education="bachelor", valid_from=SINCE, source="test",
        )  # fmt: skip
        made.append(teacher)
    people = {**{each: 60 + place for place, each in enumerate(made)}, cast.teachers["alice"]: 90,
              cast.teachers["eve"]: 50}  # fmt: skip
    for teacher, score in people.items():
        for of, points in ((2026, score), (2025, 100 - score)):
            AssessmentEntry.objects.create(
                teacher=teacher, year=of, score=points, grade="qualified", valid_from=SINCE, source="test"
            )
    return made


@pytest.mark.covers("R-164")
def test_the_last_five_percent_are_reckoned_from_the_scores_on_record(
    make_year: Any, cast: Any, scored: list[Teacher]
) -> None:
    year = make_year(PhaseKind.NOMINATIONS, pack="XX")
    found = bottom_of(year, scores_of(year, [cast.yucai.pk])[cast.yucai.pk])
    assert found is not None
    assert (found.year, found.teachers) == (2026, (cast.teachers["eve"],)), "22 persons: 1.1, one"
    assert found.clause
    AssessmentEntry.objects.filter(teacher=scored[0], year=2026).update(score=50)
    again = bottom_of(year, scores_of(year, [cast.yucai.pk])[cast.yucai.pk])
    assert again is not None
    assert set(again.teachers) == {cast.teachers["eve"], scored[0]}, "equals stand together"
    assert bottom_of(make_year(year=2027), scores_of(year, [cast.yucai.pk])[cast.yucai.pk]) is None
    page = cast.client("school_clerk").get(reverse("rotation:school_nominations", args=(year.pk, cast.yucai.pk)))
    assert "解忆雯" in page.content.decode()
    head = cast.client("inspector").get(reverse("rotation:school_nominations", args=(year.pk, cast.yucai.pk)))
    assert "解忆雯" not in head.content.decode()


def test_whether_a_school_sends_its_strong_or_its_weak(year: Any, cast: Any, apply: Any, scored: list[Teacher]) -> None:
    keys = [cast.yucai.pk, cast.hedong.pk]
    assert strengths(year, keys) == {cast.yucai.pk: (None, 0), cast.hedong.pk: (None, 0)}
    apply(year, "alice", status=ApplicationStatus.AT_SCHOOL)
    assert strengths(year, keys)[cast.yucai.pk] == (1.0, 1)
    apply(year, "eve", status=ApplicationStatus.AT_SCHOOL)
    assert strengths(year, keys)[cast.yucai.pk] == (0.5, 2)
    assert scores_of(year, keys)[cast.yucai.pk].standing(scored[0].pk) == pytest.approx(1 / 21)
    page = cast.client("bureau_clerk").get(reverse("rotation:nominations", args=(year.pk,))).content.decode()
    assert "0.50" in page


def test_a_school_goes_its_whole_way_on_pages(year: Any, cast: Any, apply: Any) -> None:
    made = apply(year)
    clerk, head = cast.client("school_clerk"), cast.client("principal")
    here = reverse("rotation:school_nominations", args=(year.pk, cast.yucai.pk))
    assert clerk.get(reverse("rotation:nominations", args=(year.pk,)))["Location"] == here
    opinion = {"qualified": "1", "finding": "符合", "recommends": "yes", "opinion": "同意推荐"}
    assert clerk.post(reverse("rotation:application_opinion", args=(year.pk, made.pk)), opinion).status_code == 302
    minutes = {"title": "会", "held_on": str(timezone.localdate()), "present_were": "全体", "minutes": "同意"}
    assert clerk.post(reverse("rotation:discussion_new", args=(year.pk, cast.yucai.pk)), minutes).status_code == 302
    posted = {"posted_on": str(timezone.localdate() - timedelta(days=20)), "days": "5", "place": "公开栏"}
    assert clerk.post(reverse("rotation:school_notice_new", args=(year.pk, cast.yucai.pk)), posted).status_code == 302
    notice = SchoolNotice.objects.get()
    close = reverse("rotation:school_notice_close", args=(year.pk, cast.yucai.pk, notice.pk))
    assert clerk.post(close, {"objected": "0", "outcome": ""}).status_code == 302
    shown = clerk.get(here).content.decode()
    assert "公开栏 · 没有收到异议" in shown
    assert 'role="status"></div>' not in shown, "no empty box above"
    signing = reverse("rotation:school_sign", args=(year.pk, cast.yucai.pk))
    assert clerk.post(signing, {"declared": "on"}).status_code == 403
    assert head.post(signing, {}).status_code == 422
    assert head.post(signing, {"declared": "on"}).status_code == 302
    page = head.get(here).content.decode()
    assert "已签署" in page
    assert "身体和能力适合任教" in page


def test_what_the_school_posts_and_signs_is_a_paper_with_the_least_about_anybody(
    year: Any, cast: Any, apply: Any
) -> None:
    opine(cast, apply(year))
    meeting, notice = discuss(cast, year), show(cast, year)
    signed = sign(cast, year)
    clerk = cast.client("school_clerk")
    pages = {}
    for kind, key in (("school_notice", notice.pk), ("minutes", meeting.pk), ("recommendation", signed.pk)):
        address = papers.address(year, kind, key)
        pages[kind] = clerk.get(address).content.decode()
        assert clerk.get(address + "?docx").status_code == 200
        for who in ("inspector", "principal_of_hedong", "teacher"):
            assert cast.client(who).get(address).status_code in {403, 404}, (kind, who)
    assert "安丽丝" in pages["school_notice"]
    assert "T0001" not in pages["school_notice"]
    assert "一致同意" in pages["minutes"]
    assert f"{cast.yucai.name}{meeting.title.removesuffix('会议')}会议记录" in pages["minutes"]
    assert "推荐人员适合任教" in pages["recommendation"]
    assert "没有收到异议" in pages["recommendation"]
