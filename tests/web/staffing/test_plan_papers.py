"""What a body issued stays with the step that records its decision, for whoever may see the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.web.records.models import Attachment, AuditEvent
from junheng.web.staffing.actions import establishment
from junheng.web.staffing.models import EstablishmentPlan, PlanState, PlanStep

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
GIVEN = {
    "body": "编办", "jointly_with": "财政局", "document_number": "编1号", "on": "2026-11-05", "total": 20,
    "opinion": "",
}  # fmt: skip


@pytest.fixture
def plan(cast: Any, lay: Any) -> EstablishmentPlan:
    lay.pupils(cast.hedong, "primary", 120, 6)
    lay.pupils(cast.yucai, "junior", 270, 6)
    return establishment.draft_plan(
        cast.county, title="方案", on=date(2026, 11, 1), effective_from=date(2027, 1, 1), by=cast.users["bureau_clerk"]
    )


def verify(cast: Any, plan: EstablishmentPlan, *files: SimpleUploadedFile) -> Any:
    address = f"{plan.get_absolute_url()}verify/"
    return cast.client("section_head").post(address, {"seen": plan.moves, "papers": files} | GIVEN)


def fetched(cast: Any, who: str, paper: Attachment) -> int:
    """The status of the answer to whoever asks for the file."""
    answer = cast.client(who).get(paper.get_absolute_url())
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content) == PDF
    return answer.status_code


def test_the_papers_of_a_decision_hang_on_its_step_and_are_had_by_whoever_sees_the_plan(
    cast: Any, plan: EstablishmentPlan
) -> None:
    form = cast.client("section_head").get(f"{plan.get_absolute_url()}verify/").content.decode()
    assert 'enctype="multipart/form-data"' in form
    files = [SimpleUploadedFile(name, PDF) for name in ("核定批复.pdf", "会议纪要.pdf")]
    assert verify(cast, plan, *files).status_code == 302
    step = PlanStep.objects.get(plan=plan, kind="verified")
    papers = list(Attachment.objects.order_by("pk"))
    assert [(each.name, each.owner_kind, each.owner_id) for each in papers] == [
        (name, "staffing.planstep", str(step.pk)) for name in ("核定批复.pdf", "会议纪要.pdf")
    ]
    page = cast.client("bureau_leader").get(plan.get_absolute_url()).content.decode()
    assert "核定批复.pdf" in page and papers[0].get_absolute_url() in page
    had = {
        who: fetched(cast, who, papers[0])
        for who in ("bureau_clerk", "bureau_leader", "leading_group", "principal", "clerk_of_other_county", "teacher")
    }
    assert had == {
        "bureau_clerk": 200, "bureau_leader": 200, "leading_group": 200,
        "principal": 404, "clerk_of_other_county": 404, "teacher": 404,
    }  # fmt: skip
    added = AuditEvent.objects.filter(action="records.attachment.added")
    assert {event.author for event in added} == {cast.users["section_head"].username} and added.count() == 2


def test_a_paper_that_may_not_come_in_leaves_the_decision_untaken(cast: Any, plan: EstablishmentPlan) -> None:
    answer = verify(cast, plan, SimpleUploadedFile("批复.pdf", b"<html><script>1</script></html>"))
    assert answer.status_code == 422
    assert "papers" in answer.context["form"].errors
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT and not Attachment.objects.exists()
    assert not PlanStep.objects.filter(plan=plan, kind="verified").exists()


def test_a_decision_needs_no_paper(cast: Any, plan: EstablishmentPlan) -> None:
    assert verify(cast, plan).status_code == 302
    assert "决定文件" not in cast.client("bureau_clerk").get(plan.get_absolute_url()).content.decode()
