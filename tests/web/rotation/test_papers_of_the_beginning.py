"""Papers of the first stages: the plan as a Word document with its tables, notices of verdicts, lists of receipt."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from junheng.documents.official import chinese_date
from junheng.web.rotation import papers
from junheng.web.rotation.actions import preparing
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.documents import drafting
from junheng.web.rotation.documents.reasons import in_sentences
from junheng.web.rotation.models import OfficialDocument, PhaseKind, PublishedNeed, PublishedQuota, RotationYear
from junheng.web.rotation.workdays import end_of


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


@pytest.mark.covers("R-149")
def test_a_least_and_a_greatest_number_are_not_added_up(cast: Any, year: RotationYear) -> None:
    plan = pack_of(year).planning
    assert plan is not None
    least = next(each for each in plan.quotas if each.sense == "ge")
    most = next(each for each in plan.quotas if each.sense == "le")
    for quota, group, organisation, amount in (
        (most, cast.yucai.code, cast.yucai, 6), (most, cast.hedong.code, cast.hedong, 4), (least, "junior", None, 2),
    ):  # fmt: skip
        PublishedQuota.objects.create(
            year=year, quota=quota.id, clause="第三条", scope=quota.scope, group=group, organisation=organisation,
            base=20, steps="20 × 10%", amount=amount, published_at=year.created_at,
        )  # fmt: skip
    said = words(cast, "teacher", papers.address(year, "quotas", "all"))
    for each in ("至少交流", "合计2人", "派出上限", cast.yucai.name):
        assert each in said
    assert said.count(chinese_date(timezone.localdate(year.created_at))) == 2, "under the title and the signature"
    page = cast.client("teacher").get(reverse("rotation:quotas", args=(year.pk,))).content.decode()
    assert "派出上限" in page
    assert "合计 10 人" not in page


def test_the_plan_tells_every_phase_with_its_year_in_chinese_to_whomever_it_is_drafted_for(year: RotationYear) -> None:
    with translation.override("en"):
        text = drafting.plan_text(year, pack_of(year))
    lines = [line for line in text.splitlines() if line.startswith("（") and "日至" in line]
    phases = list(year.phases.all())
    assert len(lines) == len(phases) == len(PhaseKind.values)
    assert lines[10].startswith("（十一）报到：")
    for line, phase in zip(lines, phases, strict=True):
        assert chinese_date(timezone.localdate(phase.opens)) in line


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("第四条 满 9 年的应当交流,分批进行;逾期的另议：现校任教年限=28",
         "第四条 满 9 年的应当交流，分批进行；逾期的另议：现校任教年限为28。"),
        ("职务=校长。", "职务为校长。"),
        ("a=b, 10:30", "a=b, 10:30。"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_reason_is_a_sentence_of_chinese_text(reason: str, said: str) -> None:
    assert in_sentences(reason) == said


def test_the_notice_of_a_verdict_has_its_slip_and_tells_the_reason_to_few(
    cast: Any, year: RotationYear, judge: Any
) -> None:
    judge(year, "alice", "must", because_zh="在同校任教满六年")
    url = papers.address(year, "verdict", cast.teachers["alice"].pk)
    assert url in cast.client("teacher").get(
        reverse("rotation:verdict", args=(year.pk, cast.teachers["alice"].pk))
    ).content.decode()  # fmt: skip
    last = timezone.localdate(year.phases.get(kind="eligibility").closes)
    year.phases.filter(kind="eligibility").update(closes=end_of(last))
    for who, sees in (("teacher", True), ("bureau_clerk", True), ("school_clerk", False)):
        said = words(cast, who, url)
        assert "应交流" in said
        assert "送达回执" in said
        assert str(cast.teachers["alice"].number) in said
        assert f"在{chinese_date(last)}24时前" in said
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
