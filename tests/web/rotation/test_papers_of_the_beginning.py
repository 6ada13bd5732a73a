"""Papers of the first stages: the plan as a Word document with its tables, notices of verdicts, lists of receipt."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.urls import reverse

from junheng.web.rotation import papers
from junheng.web.rotation.actions import preparing
from junheng.web.rotation.models import OfficialDocument, PhaseKind, PublishedNeed, PublishedQuota, RotationYear


@pytest.fixture
def year(make_year: Any) -> RotationYear:
    """A year whose facts can be appealed."""
    found: RotationYear = make_year(PhaseKind.ELIGIBILITY)
    return found


def words(cast: Any, who: str, url: str) -> str:
    """Everything in the Word file, its tables too."""
    answer = cast.client(who).get(f"{url}?docx")
    assert answer.status_code == 200
    document = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


@pytest.mark.covers("R-153", "R-149", "R-655")
def test_the_plan_is_a_word_document_under_a_red_head_with_quotas_and_needs(cast: Any, year: RotationYear) -> None:
    when = year.created_at
    PublishedQuota.objects.create(
        year=year, quota="exchange", clause="第三条", scope="school", group=cast.yucai.code, organisation=cast.yucai,
        base=20, steps="20 × 10%", amount=2, published_at=when,
    )  # fmt: skip
    PublishedNeed.objects.create(
        year=year, school=cast.xishan, stage="junior", subject="maths", required=3, present=1, published_at=when
    )
    draft = preparing.draft_document(
        year, by=cast.users["bureau_clerk"], kind="plan", title="年度实施方案", addressed_to="各学校",
        text="一、目标\n均衡配置。\n二、程序\n按阶段办理。",
    )  # fmt: skip
    url = papers.address(year, "document", draft.pk)
    assert cast.client("principal").get(url).status_code == 404, "a draft is nobody else's"
    assert cast.client("bureau_clerk").get(url).status_code == 200
    preparing.issue_document(draft, number="云教〔2026〕5号", issued_on=year.on, by=cast.users["section_head"])
    for who in ("teacher", "principal", "leading_group"):
        said = words(cast, who, url)
        for each in ("云教〔2026〕5号", "一、目标", "二、程序", "均衡配置。", "20 × 10%", "缺2", "2026年8月31日"):
            assert each in said, (who, each)
    assert cast.client("clerk_of_other_county").get(url).status_code == 404
    page = cast.client("teacher").get(OfficialDocument.objects.get().get_absolute_url()).content.decode()
    assert url in page


@pytest.mark.covers("R-149")
def test_quotas_and_needs_are_sheets_to_post(cast: Any, year: RotationYear) -> None:
    for kind in ("quotas", "needs"):
        assert "还没有公布" in cast.client("teacher").get(papers.address(year, kind, "all")).content.decode()


def test_the_notice_of_a_verdict_has_its_slip_and_tells_the_reason_to_few(
    cast: Any, year: RotationYear, judge: Any
) -> None:
    judge(year, "alice", "must", because_zh="在同校任教满六年")
    url = papers.address(year, "verdict", cast.teachers["alice"].pk)
    assert url in cast.client("teacher").get(
        reverse("rotation:verdict", args=(year.pk, cast.teachers["alice"].pk))
    ).content.decode()  # fmt: skip
    closes = year.phases.get(kind="eligibility").closes
    for who, sees in (("teacher", True), ("bureau_clerk", True), ("school_clerk", False)):
        said = words(cast, who, url)
        assert "应交流" in said
        assert "送达回执" in said
        assert str(cast.teachers["alice"].number) in said
        assert f"{closes.astimezone():%Y-%m-%d}" in said
        assert ("在同校任教满六年" in said) is sees, who
    for who in ("principal_of_hedong", "teacher_of_hedong", "clerk_of_other_county"):
        assert cast.client(who).get(url).status_code == 404, who


def test_a_school_has_its_notices_signed_for(cast: Any, year: RotationYear, judge: Any) -> None:
    judge(year, "alice", "must")
    judge(year, "carol", "may")
    chosen = cast.client("school_clerk").get(
        reverse("rotation:served", args=(year.pk,)), {"school": cast.yucai.pk}, follow=True
    )
    assert cast.teachers["alice"].number in chosen.content.decode()
    assert cast.teachers["carol"].state.name not in chosen.content.decode()
    for school in (cast.xishan.pk, "x", "", "9" * 40):
        answer = cast.client("school_clerk").get(reverse("rotation:served", args=(year.pk,)), {"school": school})
        assert answer["Location"] == reverse("rotation:verdicts", args=(year.pk,)), school
    assert cast.client("leading_group").get(papers.address(year, "served", cast.yucai.pk)).status_code == 404
