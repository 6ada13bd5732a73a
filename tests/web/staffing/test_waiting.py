"""What waits on the home page: the next step of a plan, the answer of a school, the reply of a department."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from junheng.web.directory.standing import PersonStanding
from junheng.web.records.waiting import Waiting, waiting_for
from junheng.web.staffing.actions import establishment, rounds
from junheng.web.staffing.models import EstablishmentPlan, RoutedDocument, VerificationRound

DUE = date(2026, 11, 15)


@pytest.fixture
def schools(cast: Any, lay: Any) -> Any:
    lay.pupils(cast.hedong, "primary", 120, 6)
    lay.pupils(cast.yucai, "junior", 270, 6)
    return cast


def waits(cast: Any, who: str, kind: str = "staffing.") -> list[Waiting]:
    request = RequestFactory().get("/")
    request.user = cast.users[who]
    request.standing = PersonStanding(cast.users[who], timezone.localdate())
    return [each for each in waiting_for(request) if each.kind.startswith(kind)]


def holders(cast: Any, kind: str) -> set[str]:
    """Of the bureau and of the county beside it, those for whom something of the kind waits."""
    names = ("bureau_clerk", "section_head", "bureau_leader", "leading_group", "principal", "clerk_of_other_county")
    return {who for who in names if waits(cast, who, kind)}


@pytest.mark.covers("R-274", "R-275")
def test_a_plan_waits_for_whoever_takes_the_next_step_and_for_nobody_else(schools: Any) -> None:
    clerk, head, leader = (schools.users[who] for who in ("bureau_clerk", "section_head", "bureau_leader"))
    plan = establishment.draft_plan(
        schools.county, title="方案", on=date(2026, 11, 1), effective_from=date(2027, 1, 1), by=clerk
    )
    said = {"body": "编办", "document_number": "编1号", "on": date(2026, 11, 5), "opinion": ""}
    assert holders(schools, "staffing.plan.") == {"section_head"}
    (waiting,) = waits(schools, "section_head", "staffing.plan.")
    assert (waiting.count, waiting.url) == (1, plan.get_absolute_url())
    plan = establishment.verify(plan, seen=plan.moves, by=head, decision=said | {"total": 20})
    assert holders(schools, "staffing.plan.") == {"bureau_leader"}
    plan = establishment.approve(plan, seen=plan.moves, by=leader, decision=said | {"total": 20})
    assert holders(schools, "staffing.plan.") == {"bureau_clerk"}
    posts = {line.pk: line.proposed for line in plan.lines.all()}
    plan = establishment.allocate(plan, seen=plan.moves, by=clerk, posts=posts)
    assert holders(schools, "staffing.plan.") == {"bureau_leader"}
    establishment.file(plan, seen=plan.moves, by=leader, decision=said)
    assert holders(schools, "staffing.plan.") == set()


def test_a_plan_does_not_wait_for_its_drafter_to_decide_on_it(schools: Any) -> None:
    head = schools.users["section_head"]
    establishment.draft_plan(
        schools.county, title="方案", on=date(2026, 11, 1), effective_from=date(2027, 1, 1), by=head
    )
    assert EstablishmentPlan.objects.count() == 1
    assert holders(schools, "staffing.plan.") == set()


@pytest.mark.covers("R-283")
def test_an_open_round_waits_for_the_schools_that_are_silent(schools: Any) -> None:
    clerk, own = schools.users["bureau_clerk"], schools.users["school_clerk"]
    held = rounds.open_round(schools.county, title="核对", reckoned_on=date(2026, 11, 1), due=DUE, by=clerk)
    (waiting,) = waits(schools, "school_clerk", "staffing.round.")
    assert (waiting.kind, waiting.count, waiting.due) == ("staffing.round.answer", 1, DUE)
    assert waiting.url.endswith(f"/{held.pk}/schools/{schools.yucai.pk}/")
    (bureau,) = waits(schools, "bureau_clerk", "staffing.round.")
    assert (bureau.kind, bureau.count, bureau.due) == ("staffing.round.silent", 3, DUE)
    assert holders(schools, "staffing.round.") == {"bureau_clerk"}
    rounds.answer_round(held, schools.yucai, outcome="confirmed", note="", shown={}, by=own)
    assert waits(schools, "school_clerk", "staffing.round.") == []
    assert waits(schools, "bureau_clerk", "staffing.round.")[0].count == 2
    rounds.close_round(held, by=clerk, reason="其余学校已电话核对")
    assert VerificationRound.objects.get().closed_at is not None
    assert waits(schools, "bureau_clerk", "staffing.round.") == []


def test_a_document_waits_until_every_department_has_replied(cast: Any) -> None:
    clerk = cast.client("bureau_clerk")
    address = "/staffing/establishment/documents/"
    clerk.post(f"{address}register/", {"title": "关于交流轮岗的意见", "document_number": "教8号"})
    held = RoutedDocument.objects.get()
    assert holders(cast, "staffing.document.") == set()
    for department in ("personnel", "finance"):
        given = {"department": department, "sent_on": "2026-11-02"}
        assert clerk.post(f"{address}{held.pk}/", given).status_code == 302
    (waiting,) = waits(cast, "bureau_clerk", "staffing.document.")
    assert (waiting.count, waiting.url) == (2, f"{address}{held.pk}/")
    assert holders(cast, "staffing.document.") == {"bureau_clerk"}
    given = {"answered_on": "2026-11-03", "agreed": "yes", "answer_number": "", "opinion": ""}
    for step in held.steps.all():
        assert clerk.post(f"{address}{held.pk}/reply/{step.pk}/", given).status_code == 302
    assert holders(cast, "staffing.document.") == set()
