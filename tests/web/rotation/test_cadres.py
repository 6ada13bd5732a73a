"""Cadres: judged by terms, kept in reserve, selected openly, moved by two people with the outside approval."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from junheng.web.records.jobs import run_due
from junheng.web.records.models import Notification
from junheng.web.rotation.actions import cadres as actions
from junheng.web.rotation.actions.adopting import Placing
from junheng.web.rotation.actions.archiving import pieces
from junheng.web.rotation.actions.freezing import ask_to_freeze
from junheng.web.rotation.actions.headcounts import begin
from junheng.web.rotation.actions.ordering import OrderHead, issue, revoke
from junheng.web.rotation.actions.placing import make_placements
from junheng.web.rotation.models import (
    CadreMove,
    CadreTerm,
    OpenPost,
    Phase,
    PhaseKind,
    Placement,
    ReserveCadre,
    RotationYear,
    Verdict,
)
from junheng.web.staffing.models import TeacherState
from junheng.web.staffing.refusal import RefusedError


@pytest.fixture
def year(make_year: Any, cast: Any) -> RotationYear:
    """A year of cadres under the pack with terms; Alice is a principal after two terms, Carol a vice-principal."""
    for who, role, terms in (("alice", "principal", 2), ("carol", "vice_principal", 1)):
        TeacherState.objects.filter(teacher=cast.teachers[who]).update(role=role, terms_completed=terms)
    return make_year(PhaseKind.PLANNING, PhaseKind.PREPARATION, PhaseKind.ELIGIBILITY, pack="ST", audience="cadres")


@pytest.fixture
def judged(year: RotationYear) -> RotationYear:
    """That year with its verdicts."""
    ask_to_freeze(year, by=None)
    run_due()
    year.refresh_from_db()
    return year


def open_now(year: RotationYear, *kinds: PhaseKind) -> None:
    """Opens phases beside those that are open."""
    now = timezone.now()
    Phase.objects.filter(year=year, kind__in=kinds).update(opens=now - timedelta(1), closes=now + timedelta(30))


def moved(year: RotationYear, cast: Any, **given: Any) -> CadreMove:
    """Alice to the western school."""
    move = {
        "to_school": cast.xishan, "role": "principal", "form": "post", "start": date(2026, 9, 1),
        "end": date(2029, 8, 31), "reason": "三年内教学质量进入前列", "by": cast.users["bureau_clerk"],
        "approval": "云组〔2026〕3号", "approved_on": date(2026, 7, 1),
    }  # fmt: skip
    return actions.propose_move(year, cast.teachers["alice"], **(move | given))


@pytest.mark.covers("R-522", "R-523")
def test_who_has_held_the_terms_allowed_must_move_and_who_has_not_may(year: RotationYear, cast: Any) -> None:
    ask_to_freeze(year, by=None)
    run_due()
    said = {v.teacher.number: (v.word, v.standing) for v in Verdict.objects.filter(year=year)}
    assert said == {"T0001": ("not_allowed_in_principle", "must"), "T0003": ("allowed", "may")}
    page = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/terms/").content.decode()
    assert "原则上不可以" in page
    assert "安丽丝" in page
    assert "单博文" not in page


def test_a_pack_that_does_not_say_who_moves_judges_no_teachers(make_year: Any) -> None:
    with pytest.raises(RefusedError, match="没有规定谁应交流"):
        ask_to_freeze(make_year(PhaseKind.ELIGIBILITY, pack="ST"), by=None)


@pytest.mark.covers("R-521", "R-525")
def test_a_term_is_recorded_with_its_goals_and_reviewed(year: RotationYear, cast: Any) -> None:
    clerk, address = cast.client("bureau_clerk"), f"/rotation/{year.pk}/terms/new/"
    given = {
        "number": "T0001", "school": cast.yucai.pk, "role": "principal", "term": 1, "start": "2023-09-01",
        "end": "2026-08-31", "selection": "competition", "goals": "校风好转",
    }  # fmt: skip
    assert clerk.post(address, given | {"number": "T9999"}).status_code == 422
    assert clerk.post(address, given | {"end": "2023-01-01"}).status_code == 422
    clerk.post(address, given)
    assert "已经登记" in clerk.post(address, given).content.decode()
    term = CadreTerm.objects.get()
    review = f"/rotation/{year.pk}/terms/{term.pk}/review/"
    assert review in clerk.get(f"/rotation/{year.pk}/terms/").content.decode()
    assert review not in cast.client("principal").get(f"/rotation/{year.pk}/terms/").content.decode()
    clerk.post(review, {"review": "目标完成，民主测评优秀"})
    term.refresh_from_db()
    assert term.review == "目标完成，民主测评优秀"
    seen = cast.client("principal").get(f"/rotation/{year.pk}/terms/").content.decode()
    assert "校风好转" in seen
    assert "目标完成，民主测评优秀" in seen
    assert cast.client("principal").get(address).status_code == 403


@pytest.mark.covers("R-522")
@pytest.mark.parametrize(("left", "soon"), [(-1, False), (0, True), (364, True), (366, False)])
def test_the_last_year_of_a_term_is_said_so(year: RotationYear, cast: Any, left: int, soon: bool) -> None:
    end = timezone.localdate() + timedelta(days=left)
    actions.enter_term(
        cast.teachers["alice"], by=cast.users["section_head"], school=cast.yucai, role="principal", number=2,
        start=end - timedelta(days=1000), end=end, selection="competition", goals="校风好转",
    )  # fmt: skip
    page = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/terms/").content.decode()
    assert ('<span class="badge bg-orange-lt">一年内期满</span>' in page) is soon


@pytest.mark.covers("R-527", "R-542", "R-532")
def test_the_reserve_is_counted_by_category(year: RotationYear, cast: Any) -> None:
    clerk = cast.client("bureau_clerk")
    given = {"number": "T0002", "category": "vice", "since": "2026-03-01", "appraisal": "思想好，业务精，作风正"}
    clerk.post(f"/rotation/{year.pk}/reserve/new/", given)
    assert "已在后备库中" in clerk.post(f"/rotation/{year.pk}/reserve/new/", given).content.decode()
    page = clerk.get(f"/rotation/{year.pk}/reserve/").content.decode()
    assert "单博文" in page
    assert "业务精" not in page
    entry = ReserveCadre.objects.get()
    assert f'href="{entry.pk}/remove/"' in page
    assert "/remove/" not in cast.client("principal").get(f"/rotation/{year.pk}/reserve/").content.decode()
    clerk.post(f"/rotation/{year.pk}/reserve/{entry.pk}/remove/", {"until": "2026-09-01", "reason": "提任"})
    entry.refresh_from_db()
    assert entry.until == date(2026, 9, 1)


@pytest.mark.covers("R-172")
def test_posts_are_offered_openly_and_every_teacher_reads_them(year: RotationYear, cast: Any) -> None:
    given = {"school": cast.xishan.pk, "role": "vice_principal", "places": 1, "requirements": "中层任职三年以上",
             "apply_by": "2099-12-31"}  # fmt: skip
    clerk = cast.client("bureau_clerk")
    clerk.post(f"/rotation/{year.pk}/open-posts/new/", given)
    assert "已经公布" in clerk.post(f"/rotation/{year.pk}/open-posts/new/", given).content.decode()
    assert OpenPost.objects.count() == 1
    assert "中层任职三年以上" in cast.client("teacher").get(f"/rotation/{year.pk}/open-posts/").content.decode()


@pytest.mark.covers("R-528", "R-531")
def test_a_move_is_proposed_by_one_and_confirmed_by_another(judged: RotationYear, cast: Any) -> None:
    move = moved(judged, cast)
    with pytest.raises(RefusedError, match="另一位负责人"):
        actions.confirm_move(move, by=cast.users["bureau_clerk"])
    leader = cast.client("bureau_leader")
    assert "安丽丝" in leader.get(move.get_absolute_url()).content.decode()
    leader.post(f"{move.get_absolute_url()}confirm/")
    leader.post(f"{move.get_absolute_url()}confirm/")
    term = CadreTerm.objects.get()
    assert (term.school, term.role, term.number) == (cast.xishan, "principal", 1)
    with pytest.raises(RefusedError, match="已经确认"):
        actions.withdraw_move(move, reason="x", by=cast.users["bureau_clerk"])


def test_a_principal_is_not_confirmed_without_the_outside_approval(judged: RotationYear, cast: Any) -> None:
    move = moved(judged, cast, approval="", approved_on=None)
    with pytest.raises(RefusedError, match="组织部门"):
        actions.confirm_move(move, by=cast.users["bureau_leader"])
    assert not CadreTerm.objects.exists()


@pytest.mark.covers("R-524")
def test_a_new_principal_over_the_age_needs_an_exception_with_its_reason(judged: RotationYear, cast: Any) -> None:
    TeacherState.objects.filter(teacher=cast.teachers["carol"]).update(birth_date=date(1976, 1, 1))
    given = {
        "to_school": cast.yucai, "role": "principal", "form": "post", "start": date(2026, 9, 1),
        "end": date(2029, 8, 31), "reason": "工作需要", "by": cast.users["bureau_clerk"],
    }  # fmt: skip
    with pytest.raises(RefusedError, match="例外"):
        actions.propose_move(judged, cast.teachers["carol"], **given)
    made = actions.propose_move(judged, cast.teachers["carol"], exception="山区学校无其他人选", **given)
    assert [each["verdict"] for each in made.findings] == ["allowed", "exception_needed"]


@pytest.mark.covers("R-530")
def test_a_temporary_post_makes_no_term(judged: RotationYear, cast: Any) -> None:
    TeacherState.objects.filter(teacher=cast.teachers["bob"]).update(role="mid_level_cadre")
    move = actions.propose_move(
        judged, cast.teachers["bob"], to_school=cast.yucai, role="mid_level_cadre", form="temporary",
        start=date(2026, 9, 1), end=date(2027, 8, 31), reason="任校长助理", by=cast.users["bureau_clerk"],
    )  # fmt: skip
    actions.confirm_move(move, by=cast.users["section_head"])
    assert not CadreTerm.objects.exists()


def test_one_move_of_a_person_stands_at_a_time(judged: RotationYear, cast: Any) -> None:
    first = moved(judged, cast)
    with pytest.raises(RefusedError, match="先撤回"):
        moved(judged, cast, to_school=cast.hedong)
    cast.client("bureau_clerk").post(f"{first.get_absolute_url()}withdraw/", {"reason": "改派"})
    assert moved(judged, cast, to_school=cast.hedong).pk != first.pk


# --- ordered, reported for, served and ended like a teacher's ---------------------------------------------------------


def confirmed(year: RotationYear, cast: Any, **given: Any) -> CadreMove:
    """Alice's move, confirmed by the second person."""
    return actions.confirm_move(moved(year, cast, **given), by=cast.users["bureau_leader"])


def order_of(placement: Placement, cast: Any) -> Any:
    """The order of a placement."""
    head = OrderHead("云教干〔2026〕1号", "局长", date(2026, 8, 20), date(2026, 8, 31), uuid4())
    return issue(placement.year, head, [placement.pk], by=cast.users["section_head"])


@pytest.mark.covers("R-528", "R-531")
def test_a_confirmed_move_waits_for_its_order_and_a_plan_leaves_it_alone(judged: RotationYear, cast: Any) -> None:
    move = confirmed(judged, cast, relation_moved=True)
    placement = move.placement
    assert (placement.status, placement.role, placement.form) == ("planned", "principal", "post")
    assert (placement.from_school, placement.to_school, placement.relation_moved) == (cast.yucai, cast.xishan, True)
    actions.confirm_move(move, by=cast.users["bureau_leader"])
    assert Placement.objects.count() == 1
    make_placements(judged, [], by=None)
    placement.refresh_from_db()
    assert placement.status == "planned", "no plan asked for it, so none cancels it"
    as_teacher = Placing(
        cast.teachers["alice"],
        cast.yucai,
        cast.hedong,
        "junior",
        "maths",
        "rotation",
        None,
        judged.starts,
        judged.ends,
        False,
    )
    with pytest.raises(RefusedError, match="任职安排已经确认"):
        make_placements(judged, [as_teacher], by=None)


def test_who_is_sent_by_a_plan_is_not_moved_as_a_cadre_too(judged: RotationYear, cast: Any) -> None:
    Placement.objects.create(
        year=judged,
        teacher=cast.teachers["alice"],
        from_school=cast.yucai,
        to_school=cast.hedong,
        stage="junior",
        subject="maths",
        start=judged.starts,
        end=judged.ends,
    )
    with pytest.raises(RefusedError, match="已有交流任务"):
        confirmed(judged, cast)
    assert not CadreTerm.objects.exists()


@pytest.mark.covers("R-527", "R-530")
def test_a_temporary_post_leaves_the_relation_at_home(judged: RotationYear, cast: Any) -> None:
    move = confirmed(judged, cast, form="temporary", role="mid_level_cadre", relation_moved=True)
    assert (move.placement.form, move.placement.relation_moved) == ("temporary", False)
    assert not CadreTerm.objects.exists()


def test_a_cadre_is_ordered_takes_the_post_up_on_the_day_and_loses_it_by_revocation(
    judged: RotationYear, cast: Any
) -> None:
    placement = confirmed(judged, cast, relation_moved=True).placement
    open_now(judged, PhaseKind.ORDERS, PhaseKind.REPORTING)
    order = order_of(placement, cast)
    told = Notification.objects.filter(kind="rotation.order.issued", recipient=cast.users["teacher"]).get()
    assert "任校长" in told.text
    with translation.override("en"):
        assert "principal" in told.text
        assert "校长" not in told.text
    alice = cast.client("bureau_clerk")
    assert "拟任职务" in alice.get(placement.get_absolute_url()).content.decode()
    letter = alice.get(f"/rotation/{judged.pk}/papers/letter/{placement.pk}/").content.decode()
    assert "任校长" in letter
    begin(placement, by=cast.users["section_head"], today=date(2026, 9, 1))
    state = TeacherState.objects.current().get(teacher=cast.teachers["alice"])
    assert (state.school, state.role, state.terms_completed) == (cast.xishan, "principal", 0)
    placement.refresh_from_db()
    assert order.lines.get().placement == placement
    revoke(placement, reason="组织另有安排", by=cast.users["section_head"])
    state = TeacherState.objects.current().get(teacher=cast.teachers["alice"])
    assert (state.school, state.role, state.terms_completed) == (cast.yucai, "principal", 2)
    assert CadreTerm.objects.get().ended_on is not None


def test_the_archive_does_not_wait_for_a_term_of_years(judged: RotationYear, cast: Any) -> None:
    confirmed(judged, cast)
    assert {each.label: each.total for each in pieces(judged, timezone.now())}["交流任务已结束"] == 0
