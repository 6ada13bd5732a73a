"""Help during service: visits, leaders, allowances, safeguards, problems and risks, goals, deductions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import allowing
from junheng.web.rotation.actions import helping, paying, problems, serving
from junheng.web.rotation.models import (
    Addressee,
    Allowance,
    AllowanceRate,
    Deduction,
    Goal,
    Payer,
    Problem,
    ProblemKind,
    RiskLevel,
    SafeguardGroup,
    TaskKind,
    Visit,
    VisitKind,
)
from junheng.web.staffing.models import SchoolState
from junheng.web.staffing.refusal import RefusedError


@pytest.fixture
def held(service: Any) -> Any:
    """Alice in service in October."""
    service.now(10, 12)
    return service.placed(service.year())


# --- visits ---------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-208")
def test_the_home_school_logs_its_contacts_with_the_teacher(cast: Any, service: Any, held: Any) -> None:
    url = reverse("rotation:service_add", args=(held.year_id, held.pk, "visit"))
    given = {"on": "2026-10-10", "visitor": "张校长", "thoughts": "稳定", "work": "两个班", "help": "送教学资料"}
    assert cast.client("principal").post(url, given | {"on": "2026-10-13"}).status_code == 422
    assert cast.client("principal").post(url, given).status_code == 302
    found = Visit.objects.get()
    assert (found.placement, found.kind, found.school) == (held, VisitKind.HOME, cast.hedong)
    page = reverse("rotation:service", args=(held.year_id, held.pk))
    for name in ("teacher", "principal_of_hedong", "bureau_clerk"):
        assert "送教学资料" in cast.client(name).get(page).content.decode()


@pytest.mark.covers("R-216", "R-217")
def test_leaders_answer_for_schools_and_log_their_visits(cast: Any, service: Any, held: Any) -> None:
    clerk, leader, year = cast.users["bureau_clerk"], cast.users["bureau_leader"], held.year
    now = service.at(10, 12)
    visit = {"on": date(2026, 10, 9), "visitor": "云山局领导", "found": "宿舍漏雨", "help": "已安排维修"}
    with pytest.raises(RefusedError, match="没有包校领导"):
        helping.visit_school(year, cast.hedong, kind=VisitKind.LEADER, by=leader, at=now, **visit)
    helping.put_in_charge(year, school=cast.hedong, leader=cast.users["section_head"], by=clerk, at=now)
    duty = helping.put_in_charge(year, school=cast.hedong, leader=leader, by=clerk, at=now)
    assert (duty.leader, type(duty).objects.count()) == (leader, 1)
    assert AuditEvent.objects.filter(action="rotation.leader.put_in_charge", before__leader="云山人事科负责人").exists()
    helping.visit_school(year, cast.hedong, kind=VisitKind.LEADER, by=leader, at=now, **visit)
    page = reverse("rotation:visits", args=(year.pk,))
    assert "宿舍漏雨" in cast.client("principal_of_hedong").get(page).content.decode()
    assert "宿舍漏雨" not in cast.client("principal_of_xishan").get(page).content.decode()
    assert cast.client("principal").get(reverse("rotation:visit_new", args=(year.pk,))).status_code == 403


# --- allowances -----------------------------------------------------------------------------------------------------


def test_an_amount_that_the_pack_states_cannot_be_set_otherwise(cast: Any, service: Any) -> None:
    now = service.now(10, 12)
    year = service.year("JL", parameters={"allowance": 300})
    said = {each.name: each for each in allowing.stated(year)}
    assert (said["支教补贴"].amount, said["支教补贴"].payer) == (Decimal(300), Payer.HOST)
    assert said["志愿者补助"].amount == Decimal(500)
    given: dict[str, Any] = {"payer": Payer.HOST, "rural_only": False, "clause": "", "by": cast.users["bureau_clerk"]}
    with pytest.raises(RefusedError, match="300"):
        paying.set_rate(year, name="支教补贴", amount=Decimal(200), at=now, **given)
    rate = paying.set_rate(year, name="支教补贴", amount=Decimal(300), at=now, **given)
    assert rate.clause == said["支教补贴"].clause
    with pytest.raises(RefusedError, match="依据"):
        paying.set_rate(year, name="午餐补助", amount=Decimal(100), at=now, **given)


def test_allowances_are_laid_out_month_by_month_and_marked_as_paid_by_the_payer(
    cast: Any, service: Any, held: Any
) -> None:
    now, year, clerk = service.at(10, 12), held.year, cast.users["bureau_clerk"]
    common: dict[str, Any] = {"clause": "云教〔2026〕9号", "by": clerk, "at": now}
    paying.set_rate(year, name="交通补助", amount=Decimal(200), payer=Payer.HOME, rural_only=False, **common)
    paying.set_rate(year, name="乡村补助", amount=Decimal(400), payer=Payer.COUNTY, rural_only=True, **common)
    assert paying.lay_out(year, date(2026, 9, 1), by=clerk, at=now) == 1  # 河东 is no rural school
    SchoolState.objects.filter(school=cast.hedong).update(locale="rural")
    assert paying.lay_out(year, date(2026, 9, 1), by=clerk, at=now) == 1
    assert paying.lay_out(year, date(2026, 9, 1), by=clerk, at=now) == 0
    with pytest.raises(RefusedError, match="2026-11"):
        paying.lay_out(year, date(2026, 11, 1), by=clerk, at=now)
    row = Allowance.objects.get(rate__name="交通补助")
    url = reverse("rotation:allowance_paid", args=(year.pk, row.pk))
    assert cast.client("principal_of_hedong").get(url).status_code == 404
    assert cast.client("school_clerk").post(url, {"on": "2026-10-20"}).status_code == 422
    assert cast.client("school_clerk").post(url, {"on": "2026-10-10"}).status_code == 302
    row.refresh_from_db()
    assert row.paid_on == date(2026, 10, 10)
    page = cast.client("teacher").get(reverse("rotation:allowances", args=(year.pk,))).content.decode()
    assert "交通补助" in page
    assert AllowanceRate.objects.count() == 2


# --- safeguards, goals ----------------------------------------------------------------------------------------------


@pytest.mark.covers("R-224")
def test_safeguards_under_three_heads_are_laid_out_and_checked(cast: Any, service: Any, held: Any) -> None:
    url = reverse("rotation:safeguards_lay", args=(held.year_id, held.pk))
    assert cast.client("teacher").post(url).status_code == 404
    assert cast.client("principal_of_hedong").post(url).status_code == 302
    rows = held.safeguards.all()
    assert {row.group for row in rows} == set(SafeguardGroup.values)
    count = rows.count()
    assert helping.lay_safeguards(held, by=cast.users["bureau_clerk"], at=service.at(10, 12)) == 0
    first = rows.first()
    check = reverse("rotation:service_row", args=(held.year_id, held.pk, "safeguard", first.pk))
    assert cast.client("principal").post(check, {"met": "on", "note": "工资按月发放"}).status_code == 302
    first.refresh_from_db()
    assert (first.met, first.note, held.safeguards.count()) == (True, "工资按月发放", count)


@pytest.mark.covers("R-232")
def test_goals_of_the_agreement_are_followed_to_their_outcome(cast: Any, service: Any, held: Any) -> None:
    now, host = service.at(10, 12), cast.users["principal_of_hedong"]
    goal = {"words": "独立备课", "measure": "两节汇报课", "by": host, "at": now}
    with pytest.raises(RefusedError, match="期限"):
        helping.agree_goal(held, due=date(2027, 9, 1), **goal)
    made = helping.agree_goal(held, due=date(2027, 1, 15), **goal)
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.goal.agreed").exists()
    url = reverse("rotation:service_row", args=(held.year_id, held.pk, "goal", made.pk))
    assert cast.client("principal").get(url).status_code == 404
    assert cast.client("principal_of_hedong").post(url, {"outcome": "partly", "note": "一节"}).status_code == 302
    made.refresh_from_db()
    assert (made.outcome, made.judged_on) == (Goal.Outcome.PARTLY, date(2026, 10, 12))


# --- problems and risks ---------------------------------------------------------------------------------------------


def raised(cast: Any, held: Any, at: Any, to: Addressee = Addressee.HOST) -> Problem:
    return problems.raise_problem(
        held, kind=ProblemKind.LIVING, level=RiskLevel.HIGH, to=to, words="宿舍没有热水", by=cast.users["teacher"],
        at=at,
    )  # fmt: skip


@pytest.mark.covers("R-230")
@pytest.mark.parametrize(
    ("to", "schools"),
    [("host", (False, True)), ("home", (True, False)), ("both", (True, True)), ("bureau", (False, False))],
)
def test_a_difficulty_is_read_by_whom_it_is_put_to_and_the_bureau(
    cast: Any, service: Any, held: Any, to: str, schools: tuple[bool, bool]
) -> None:
    home, host = schools
    raised(cast, held, service.at(10, 12), Addressee(to))
    url = reverse("rotation:service", args=(held.year_id, held.pk))
    seen = {name: "宿舍没有热水" in cast.client(name).get(url).content.decode()
            for name in ("teacher", "principal", "principal_of_hedong", "bureau_clerk")}  # fmt: skip
    assert seen == {"teacher": True, "principal": home, "principal_of_hedong": host, "bureau_clerk": True}
    listed = reverse("rotation:problems", args=(held.year_id,))
    assert ("安丽丝" in cast.client("principal_of_hedong").get(listed).content.decode()) is host
    assert "宿舍没有热水" not in cast.client("bureau_clerk").get(listed).content.decode()
    assert "宿舍没有热水" not in str(list(AuditEvent.objects.values_list("after", "details", "reason")))
    assert "宿舍没有热水" not in str(list(Notification.objects.values_list("values", "message")))


@pytest.mark.covers("R-230")
def test_a_difficulty_is_answered_checked_every_month_and_settled(cast: Any, service: Any, held: Any) -> None:
    now, host = service.at(10, 12), cast.users["principal_of_hedong"]
    found = raised(cast, held, now)
    assert raised(cast, held, now) == found
    with pytest.raises(RefusedError, match="没有答复"):
        problems.settle(found, by=cast.users["teacher"], at=now)
    listed = reverse("rotation:problems", args=(held.year_id,)) + "?unchecked=1"
    assert "安丽丝" in cast.client("bureau_clerk").get(listed).content.decode()
    problems.check(found, level=RiskLevel.MIDDLE, note="已报修", by=host, at=now)
    assert "安丽丝" not in cast.client("bureau_clerk").get(listed).content.decode()
    service.now(11, 3)
    assert "安丽丝" in cast.client("bureau_clerk").get(listed).content.decode()
    answered = problems.answer(found, words="热水器已装", by=host, at=service.at(11, 3))
    assert (answered.status, answered.level) == (Problem.Status.ANSWERED, RiskLevel.MIDDLE)
    url = reverse("rotation:service_row", args=(held.year_id, held.pk, "problem-settle", found.pk))
    assert cast.client("principal").post(url).status_code == 404
    assert cast.client("teacher").post(url).status_code == 302
    with pytest.raises(RefusedError, match="已经解决"):
        problems.check(found, level=RiskLevel.LOW, note="x", by=host, at=service.at(11, 3))
    assert found.checks.count() == 1


# --- deductions -----------------------------------------------------------------------------------------------------


def unmet(cast: Any, held: Any, service: Any) -> None:
    host, now = cast.users["principal_of_hedong"], service.at(10, 12)
    task = serving.give_task(held, kind=TaskKind.LECTURE, words="", target=1, due=None, by=host, at=now)
    serving.judge_task(task, met=False, by=host, at=now)


def propose(cast: Any, held: Any, service: Any, percent: str | None) -> Deduction:
    return paying.propose_deduction(
        held, month=date(2026, 10, 5), reason="讲座未开", percent=Decimal(percent) if percent else None,
        by=cast.users["principal_of_hedong"], at=service.at(10, 12),
    )  # fmt: skip


@pytest.mark.covers("R-213")
def test_a_deduction_needs_a_rule_of_the_pack_and_an_unmet_task(cast: Any, service: Any, held: Any) -> None:
    unmet(cast, held, service)
    with pytest.raises(RefusedError, match="没有扣减"):
        propose(cast, held, service, "10")
    other = service.placed(service.year("DXQ", county=cast.other_county), "dave", from_school=cast.faraway)
    with pytest.raises(RefusedError, match="没有依据"):
        propose(cast, other, service, "10")
    task = serving.give_task(
        other, kind=TaskKind.LECTURE, words="", target=1, due=date(2026, 10, 9), by=None, at=service.at(9, 9)
    )
    assert paying.unmet_tasks(other, date(2026, 10, 9)) == []
    assert paying.unmet_tasks(other, date(2026, 10, 10)) == [task]
    assert propose(cast, other, service, "10").clause == "教师交流5"


@pytest.mark.covers("R-213")
def test_the_share_is_the_packs_where_it_states_one(cast: Any, service: Any) -> None:
    service.now(10, 12)
    fixed = service.placed(service.year("DXQ", parameters={"duty_deduction": 20}))
    unmet(cast, fixed, service)
    with pytest.raises(RefusedError, match="20"):
        propose(cast, fixed, service, "30")
    made = propose(cast, fixed, service, None)
    assert (made.percent, made.unmet) == (Decimal(20), ["专题讲座 0/1"])
    with pytest.raises(RefusedError, match="已经提出"):
        propose(cast, fixed, service, None)
    with pytest.raises(RefusedError, match="他人"):
        paying.decide_deduction(
            made, approve=True, opinion="x", by=cast.users["principal_of_hedong"], at=service.at(10, 12)
        )
    url = reverse("rotation:service_row", args=(fixed.year_id, fixed.pk, "deduction-decide", made.pk))
    assert cast.client("bureau_clerk").get(url).status_code == 404
    assert cast.client("section_head").post(url, {"approve": "1", "opinion": "同意"}).status_code == 302
    made.refresh_from_db()
    assert made.status == Deduction.Status.APPROVED


def test_a_share_that_nobody_has_set_is_not_approved(cast: Any, service: Any) -> None:
    service.now(10, 12)
    held = service.placed(service.year("DXQ"))
    unmet(cast, held, service)
    made = propose(cast, held, service, None)
    leader, at = cast.users["bureau_leader"], service.at(10, 12)
    with pytest.raises(RefusedError, match="比例"):
        paying.decide_deduction(made, approve=True, opinion="同意", by=leader, at=at)
    assert paying.decide_deduction(made, approve=False, opinion="请写明比例", by=leader, at=at).percent is None
    assert propose(cast, held, service, "15").percent == Decimal(15)
