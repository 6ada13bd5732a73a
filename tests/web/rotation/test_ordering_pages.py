"""Pages and papers of orders and reporting: who sees what of them, and what stands in the Word files."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import docx
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from junheng.documents.official import chinese_date
from junheng.web.rotation import holds as holding
from junheng.web.rotation.actions.formalities import Arranged, arrange, register_step
from junheng.web.rotation.actions.ordering import OrderHead, change, issue, revoke
from junheng.web.rotation.actions.reporting import draft_caution, issue_caution, review_caution
from junheng.web.rotation.models import (
    Arrangement,
    Caution,
    CautionKind,
    FormalityStep,
    Order,
    OrderLine,
    Phase,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
    StepKind,
)
from junheng.web.rotation.ordered import Issued, as_issued, term_ordered
from junheng.web.rotation.papers import address
from junheng.web.staffing.refusal import RefusedError


@pytest.fixture(autouse=True)
def no_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_holds", [])


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 1, 3, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def year(clock: Any, make_year: Any) -> RotationYear:
    """A year of which service begins in February; its orders and reporting are open."""
    made = make_year(PhaseKind.ORDERS, PhaseKind.REPORTING, pack="XX")
    Phase.objects.filter(year=made, kind="reporting").update(closes=timezone.now() + timedelta(days=60))
    return made


@pytest.fixture
def planned(cast: Any, year: RotationYear) -> list[Placement]:
    """Alice from 育才 to 西山, Bob from 河东 to 西山."""
    moves = (("alice", cast.yucai, "junior", "maths"), ("bob", cast.hedong, "primary", "chinese"))
    return [
        Placement.objects.create(
            year=year, teacher=cast.teachers[who], from_school=home, to_school=cast.xishan, stage=stage,
            subject=subject, start=date(2026, 12, 1), end=date(2027, 8, 31),
        )
        for who, home, stage, subject in moves
    ]  # fmt: skip


@pytest.fixture
def order(cast: Any, year: RotationYear, planned: list[Placement]) -> Order:
    head = OrderHead("云教〔2026〕5号", "李局长", date(2026, 11, 20), date(2026, 12, 1), uuid.uuid4())
    return issue(year, head, [each.pk for each in planned], by=cast.users["section_head"])


def word(client: Any, url: str) -> tuple[str, Any]:
    """The text of a paper taken away as a Word file, and the file."""
    answer = client.get(f"{url}?docx")
    assert answer.status_code == 200
    document = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in document.paragraphs] + cells), document


def late_by(clock: Any, days: int) -> None:
    clock.move_to(datetime(2026, 12, 1, 3, tzinfo=UTC) + timedelta(days=days))


# --- papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-168")
def test_the_order_names_everybody_to_the_bureau_and_to_a_school_its_own(cast: Any, order: Order) -> None:
    url = address(order.year, "order", order.pk)
    text, document = word(cast.client("bureau_clerk"), url)
    assert "云山县教育局文件" in text
    assert "云教〔2026〕5号" in text
    assert "安丽丝" in text
    assert "单博文" in text
    assert "2026年12月1日" in text
    assert str(document.paragraphs[0].runs[0].font.color.rgb) == "FF0000"
    assert document.sections[1].page_width > document.sections[1].page_height, "the list lies"
    own, _document = word(cast.client("principal_of_hedong"), url)
    assert "单博文" in own
    assert "安丽丝" not in own
    assert cast.client("clerk_of_other_county").get(url).status_code == 404
    assert cast.client("teacher").get(url).status_code == 404


def test_an_order_printed_after_changes_is_as_it_was_issued_and_notes_them(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    later, head = timezone.now() + timedelta(hours=1), cast.users["section_head"]
    _text, before = word(cast.client("bureau_clerk"), address(order.year, "order", order.pk))
    revoke(planned[0], reason="家庭变故", by=head, number="云教〔2026〕9号", at=later)
    moved = planned[1]
    change(
        moved, {"end": moved.end - timedelta(days=31)}, reason="学校合并", by=head, number="云教〔2026〕10号", at=later
    )
    text, document = word(cast.client("bureau_clerk"), address(order.year, "order", order.pk))
    note = "注：本表为发文时的名单；云教〔2026〕9号撤销安丽丝的调配，云教〔2026〕10号更改"
    assert note in text
    listed, first = ([[cell.text for cell in row.cells] for row in each.tables[0].rows] for each in (document, before))
    assert listed == first
    assert len(listed) == len(planned) + 1
    own, _document = word(cast.client("principal_of_hedong"), address(order.year, "order", order.pk))
    assert "安丽丝" not in own, "a school does not read of others' changes"


def test_a_persons_paper_is_a_file_with_his_name(cast: Any, order: Order, planned: list[Placement]) -> None:
    answer = cast.client("bureau_clerk").get(f"{address(order.year, 'letter', planned[0].pk)}?docx")
    assert unquote(answer["Content-Disposition"]).endswith("介绍信（存根） 安丽丝.docx")


def test_the_term_on_the_papers_of_a_person_is_the_orders_and_not_that_of_service(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    held, head = planned[0], cast.users["section_head"]
    line = OrderLine.objects.get(placement=held)
    assert Issued.read(line.issued) == Issued.of(Placement.objects.with_names().get(pk=held.pk))
    assert Issued.read(line.issued).kept() == line.issued
    first = held.end
    later = timezone.now() + timedelta(hours=1)
    change(held, {"end": first - timedelta(days=31)}, reason="提前", by=head, at=later)
    Placement.objects.filter(pk=held.pk).update(end=first + timedelta(days=365))  # as an extension during service does
    held.refresh_from_db()
    assert term_ordered(held) == (held.start, first - timedelta(days=31))
    text, _document = word(cast.client("bureau_clerk"), address(order.year, "registration", held.pk))
    assert chinese_date(first - timedelta(days=31)) in text
    OrderLine.objects.update(issued={})
    assert term_ordered(held) == (held.start, held.end), "an order that kept nothing is read from what holds now"
    named = Placement.objects.with_names().get(pk=held.pk)
    assert as_issued(OrderLine.objects.get(placement=held), named).end == held.end


@pytest.mark.covers("R-181")
def test_the_letter_has_stub_letter_and_reply_slip_under_one_number(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    text, _document = word(cast.client("teacher"), address(order.year, "letter", planned[0].pk))
    assert text.count("云教〔2026〕5号第1号") == 5
    for said in ("介绍信（存根）", "回执", "云山县西山九年一贯制学校：", "安丽丝同志", "人事关系不动"):
        assert said in text
    url = address(order.year, "letter", planned[0].pk)
    assert cast.client("teacher_of_hedong").get(url).status_code == 404
    assert cast.client("principal_of_xishan").get(url).status_code == 200


@pytest.mark.covers("R-160")
def test_the_registration_form_is_filled_from_the_file(cast: Any, order: Order, planned: list[Placement]) -> None:
    arrange(planned[0], Arranged("初一（2）班", "数学", 10), by=cast.users["principal_of_xishan"])
    register_step(
        planned[0], StepKind.TALK, done_on=date(2026, 11, 30), note="本人愿意。", by=cast.users["school_clerk"]
    )
    text, _document = word(cast.client("school_clerk"), address(order.year, "registration", planned[0].pk))
    for said in ("1985年5月", "初一（2）班，数学，每周10课时", "已于2026年11月30日谈话", "县教育局\n审批意见"):
        assert said in text
    assert "本人愿意" not in text, "what was said in the talk stays with the home school"
    assert "990101198505120028" not in text


@pytest.mark.covers("R-222", "R-202")
def test_the_agreement_says_where_the_personnel_relation_stands(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    url = address(order.year, "agreement", planned[0].pk)
    text, _document = word(cast.client("principal_of_xishan"), url)
    assert "人事关系不动，工资、福利和工龄计算由甲方负责" in text
    Placement.objects.filter(pk=planned[0].pk).update(relation_moved=True)
    text, _document = word(cast.client("principal_of_xishan"), url)
    assert "人事关系随同调动" in text


def test_the_hand_over_sheet_is_the_schools_and_not_the_teachers(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    url = address(order.year, "handover", planned[0].pk)
    register_step(planned[0], StepKind.SENT, done_on=date(2026, 12, 1), by=cast.users["school_clerk"])
    text, _document = word(cast.client("principal_of_xishan"), url)
    assert "派出学校送行\n2026年12月1日\n云山学校经办人" in text
    assert cast.client("teacher").get(url).status_code == 404


@pytest.mark.covers("R-210")
def test_an_admonition_is_seen_by_the_teacher_once_it_is_issued(
    cast: Any, clock: Any, order: Order, planned: list[Placement]
) -> None:
    late_by(clock, 8)
    url = address(order.year, "admonition", planned[0].pk)
    assert cast.client("bureau_clerk").get(url).status_code == 404, "there is none yet"
    draft = draft_caution(planned[0], CautionKind.ADMONITION, by=cast.users["bureau_clerk"])
    text, _document = word(cast.client("bureau_clerk"), url)
    assert "逾期8天" in text
    assert draft.clause in text
    page = reverse("rotation:placement", args=(order.year_id, planned[0].pk))
    for who in ("teacher", "school_clerk", "principal_of_xishan"):
        assert cast.client(who).get(url).status_code == 404, who
        assert url not in cast.client(who).get(page).content.decode(), who
    clock.move_to(datetime(2026, 12, 9, 17, tzinfo=UTC))  # one in the morning of the tenth
    issue_caution(draft, number="云教告〔2026〕1号", by=cast.users["section_head"])
    answers = {who: cast.client(who).get(url).status_code for who in ("teacher", "school_clerk", "principal_of_xishan")}
    assert answers == {"teacher": 200, "school_clerk": 200, "principal_of_xishan": 404}
    shown = {who: url in cast.client(who).get(page).content.decode() for who in answers}
    assert shown == {who: status == 200 for who, status in answers.items()}, "the page of the placement leads there"
    text, _document = word(cast.client("teacher"), url)
    assert "云教告〔2026〕1号" in text
    assert "2026年12月10日" in text, "the day of the place"
    assert "云教告〔2026〕1号" in cast.client("teacher").get(url).content.decode()


@pytest.mark.covers("R-210")
@pytest.mark.parametrize("kind", list(CautionKind))
def test_the_paper_to_a_late_teacher_bears_its_number_on_the_page_and_in_word(
    cast: Any, clock: Any, order: Order, planned: list[Placement], kind: CautionKind
) -> None:
    late_by(clock, 20)
    draft, url = (
        draft_caution(planned[0], kind, by=cast.users["bureau_clerk"]),
        address(order.year, kind, planned[0].pk),
    )
    head = cast.client("section_head")
    text, _document = word(head, url)
    assert "云教告〔2026〕1号" not in text
    if kind == CautionKind.TERMINATION:
        review_caution(draft, lawful=True, opinion="同意", by=cast.users["section_head"])
    issue_caution(draft, number="云教告〔2026〕1号", by=cast.users["section_head"])
    text, _document = word(head, url)
    assert text.count("云教告〔2026〕1号") == 1
    assert '<div class="paper-number">云教告〔2026〕1号</div>' in head.get(url).content.decode()


def test_a_number_is_on_one_paper_only(cast: Any, clock: Any, order: Order, planned: list[Placement]) -> None:
    late_by(clock, 8)
    first, second = (draft_caution(each, CautionKind.ADMONITION, by=cast.users["bureau_clerk"]) for each in planned[:2])
    issue_caution(first, number="云教告〔2026〕1号", by=cast.users["section_head"])
    with pytest.raises(RefusedError, match="已经用过"):
        issue_caution(second, number=" 云教告〔2026〕1号", by=cast.users["section_head"])
    assert issue_caution(second, number="云教告〔2026〕2号", by=cast.users["section_head"]).number.endswith("2号")


@pytest.mark.covers("R-211")
def test_a_termination_says_that_it_is_a_draft_until_its_review(
    cast: Any, clock: Any, order: Order, planned: list[Placement]
) -> None:
    late_by(clock, 20)
    draft = draft_caution(planned[0], CautionKind.TERMINATION, by=cast.users["bureau_clerk"])
    url = address(order.year, "termination", planned[0].pk)
    text, _document = word(cast.client("section_head"), url)
    assert "未经法制审核不得发出" in text
    review_caution(draft, lawful=True, opinion="同意", by=cast.users["section_head"])
    text, _document = word(cast.client("section_head"), url)
    assert "本决定已经法制审核" in text
    assert "仲裁" in text


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-167")
def test_an_order_is_issued_on_its_page_for_those_who_were_chosen(
    cast: Any, year: RotationYear, planned: list[Placement], read: Any
) -> None:
    client, url = cast.client("section_head"), reverse("rotation:order_new", args=(year.pk,))
    assert "待发文 2 人" in read(client.get(url))
    sent = {
        "number": "云教〔2026〕5号", "signer": "李局长", "issued_on": "2026-11-20", "report_by": "2026-12-01",
        "key": str(uuid.uuid4()), "placements": [planned[0].pk],
    }  # fmt: skip
    assert client.post(url, sent | {"placements": []}).status_code == 422
    assert client.post(url, sent | {"report_by": "2026-11-01"}).status_code == 422
    answer = client.post(url, sent)
    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    assert client.post(url, sent).status_code in {302, 422}
    assert Order.objects.count() == 1
    assert "待发文 1 人" in read(client.get(url))
    assert "安丽丝" in read(client.get(order.get_absolute_url()))


def test_who_is_held_back_cannot_be_chosen_and_is_shown(
    cast: Any, year: RotationYear, planned: list[Placement], read: Any
) -> None:
    holding.holds(lambda _year: {cast.teachers["bob"].pk})
    client, url = cast.client("section_head"), reverse("rotation:order_new", args=(year.pk,))
    page = read(client.get(url))
    assert "暂缓 1 人" in page
    assert "异议办理中" in page
    sent = {
        "number": "云教〔2026〕5号", "signer": "李局长", "issued_on": "2026-11-20", "report_by": "2026-12-01",
        "key": str(uuid.uuid4()), "placements": [each.pk for each in planned],
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "异议尚未办结" in answer.content.decode()
    assert not Order.objects.exists()


def test_both_schools_settle_what_is_theirs_on_the_page(
    cast: Any, order: Order, planned: list[Placement], read: Any
) -> None:
    year, key = order.year_id, planned[0].pk
    home, host = cast.client("school_clerk"), cast.client("principal_of_xishan")

    def url(name: str, *more: Any) -> str:
        return reverse(f"rotation:{name}", args=(year, key, *more))

    talk = {"done_on": "2026-12-01", "note": "本人愿意，已说明待遇。"}
    assert host.post(url("step", StepKind.TALK), talk).status_code == 404, "the talk is the home's"
    assert home.post(url("step", StepKind.TALK), talk).status_code == 302
    work = {"classes": "初一（2）班", "subject": "数学", "weekly_periods": "10", "other_jobs": ""}
    assert home.post(url("arrangement"), work).status_code == 404, "the work is the host's"
    assert host.post(url("arrangement"), work).status_code == 302
    assert host.post(url("step", StepKind.WELCOMED), {"done_on": "2026-12-01"}).status_code == 302
    page = read(cast.client("teacher").get(url("placement")))
    assert "初一（2）班" in page
    assert "登记：" not in page, "a teacher only reads"
    assert home.post(url("step_strike", StepKind.TALK), {"reason": "登记错了"}).status_code == 302
    assert list(FormalityStep.objects.values_list("kind", flat=True)) == ["welcomed"]
    assert Arrangement.objects.get().weekly_periods == 10


@pytest.mark.covers("R-203")
def test_a_placement_is_seen_by_both_schools_the_offices_above_and_the_teacher_himself(
    cast: Any, order: Order, planned: list[Placement]
) -> None:
    url = planned[0].get_absolute_url()
    seen = {
        name: cast.client(name).get(url).status_code
        for name in (
            "teacher", "school_clerk", "principal_of_xishan", "cluster_head", "head_of_other_cluster", "bureau_clerk",
            "teacher_of_hedong", "principal_of_hedong", "clerk_of_other_county",
        )
    }  # fmt: skip
    assert seen == dict.fromkeys(
        ("teacher", "school_clerk", "principal_of_xishan", "cluster_head", "head_of_other_cluster", "bureau_clerk"), 200
    ) | dict.fromkeys(("teacher_of_hedong", "principal_of_hedong", "clerk_of_other_county"), 404)


def test_the_list_shows_each_office_its_own(cast: Any, order: Order, planned: list[Placement], cells: Any) -> None:
    url = reverse("rotation:placements", args=(order.year_id,))
    names = [row[0] for row in cells(cast.client("principal_of_xishan").get(url))[1:]]
    assert sorted(names) == ["单博文", "安丽丝"]
    names = [row[0] for row in cells(cast.client("principal_of_hedong").get(url))[1:]]
    assert names == ["单博文"]
    found = cells(cast.client("bureau_clerk").get(f"{url}?q=anlisi&status=ordered"))
    assert [row[0] for row in found[1:]] == ["安丽丝"]


@pytest.mark.covers("R-209")
def test_the_reporting_page_counts_days_and_takes_a_late_teacher_through_to_the_admonition(
    cast: Any, clock: Any, order: Order, planned: list[Placement], read: Any
) -> None:
    url = reverse("rotation:reporting", args=(order.year_id,))
    arrival = reverse("rotation:arrival", args=(order.year_id, planned[1].pk))
    assert cast.client("principal_of_xishan").post(arrival, {"on": "2026-12-01"}).url == url
    late_by(clock, 8)
    host, clerk, chief = (cast.client(each) for each in ("principal_of_xishan", "bureau_clerk", "section_head"))
    page = read(clerk.get(url))
    assert "逾期 8 天" in page
    assert "拟写告诫书" in page
    assert "拟写" not in read(host.get(url)), "the host only reads and confirms"
    words = (order.year_id, planned[0].pk, CautionKind.ADMONITION)
    assert clerk.post(reverse("rotation:caution_draft", args=words)).status_code == 302
    assert chief.post(reverse("rotation:caution_issue", args=words), {"number": "云教告〔2026〕1号"}).status_code == 302
    assert Caution.objects.get().issued_by == cast.users["section_head"]
    assert "已发出" in read(clerk.get(url))


def test_a_termination_goes_through_its_review_on_the_pages(
    cast: Any, clock: Any, order: Order, planned: list[Placement], read: Any
) -> None:
    late_by(clock, 20)
    key = planned[0].pk
    clerk, chief = cast.client("bureau_clerk"), cast.client("section_head")
    words = (order.year_id, key, CautionKind.TERMINATION)
    clerk.post(reverse("rotation:caution_draft", args=words))
    review = reverse("rotation:caution_review", args=(order.year_id, key))
    assert clerk.post(review, {"lawful": "1", "opinion": "同意"}).status_code == 422, "his own draft"
    number = {"number": "云教解〔2026〕1号"}
    assert chief.post(reverse("rotation:caution_issue", args=words), number).status_code == 422
    assert "依据条款" in read(chief.get(review))
    assert chief.post(review, {"lawful": "1", "opinion": "同意"}).status_code == 302
    assert chief.post(reverse("rotation:caution_issue", args=words), number).status_code == 302
    assert Caution.objects.get(kind="termination").number == "云教解〔2026〕1号"


def test_an_order_is_changed_and_revoked_on_the_page(
    cast: Any, order: Order, planned: list[Placement], read: Any
) -> None:
    chief = cast.client("section_head")
    change = reverse("rotation:placement_change", args=(order.year_id, planned[0].pk))
    assert "调动人事关系" in read(chief.get(change))
    sent = {
        "to_school": cast.hedong.pk, "subject": "maths", "start": "2026-12-01", "end": "2027-08-31", "number": "",
        "reason": "学科调整",
    }  # fmt: skip
    assert chief.post(change, sent).status_code == 302
    revoke = reverse("rotation:placement_revoke", args=(order.year_id, planned[0].pk))
    assert chief.post(revoke, {"reason": ""}).status_code == 422
    assert chief.post(revoke, {"reason": "家庭变故"}).status_code == 302
    planned[0].refresh_from_db()
    assert (planned[0].to_school, planned[0].status) == (cast.hedong, PlacementStatus.CANCELLED)
    page = read(chief.get(planned[0].get_absolute_url()))
    assert "学科调整" in page
    assert "家庭变故" in page
    assert cast.client("bureau_clerk").post(revoke, {"reason": "越权"}).status_code == 403
