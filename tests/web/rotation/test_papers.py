"""Papers of a year: shown in Chinese, taken away as Word files that the trail knows of, hidden from others."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import docx
import pytest
from django.urls import reverse
from django.utils import translation

from junheng.documents.official import Attachment, Column, Grid, Paper, Sheet, Text
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import papers
from junheng.web.rotation.models import Placement, RotationYear


@pytest.fixture
def year(make_year: Any) -> RotationYear:
    return make_year()


@pytest.fixture
def placed(cast: Any, year: RotationYear) -> Placement:
    return Placement.objects.create(
        year=year, teacher=cast.teachers["alice"], from_school=cast.yucai, to_school=cast.xishan, stage="junior",
        subject="maths", start=date(2026, 9, 1), end=date(2027, 8, 31),
    )  # fmt: skip


def test_a_paper_is_shown_and_taken_away_as_a_word_file(cast: Any, placed: Placement) -> None:
    client, url = cast.client("bureau_clerk"), papers.address(placed.year, "roster", "all")
    shown = client.get(url).content.decode()
    assert "安丽丝" in shown
    assert "云山县2026—2027学年交流轮岗教师花名册" in shown
    taken = client.get(f"{url}?docx")
    assert taken["Content-Disposition"].startswith("attachment;")
    document = docx.Document(io.BytesIO(taken.content))
    assert [cell.text for cell in document.tables[0].rows[1].cells][:4] == [
        "1", "安丽丝", "云山县育才初级中学", "云山县西山九年一贯制学校"
    ]  # fmt: skip
    page = document.sections[0]
    assert (page.page_width.twips, page.page_height.twips) == (16838, 11906)
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.author) == ("rotation.paper.downloaded", "ys-bureau_clerk")
    assert event.details["digest"] == hashlib.sha256(taken.content).hexdigest()
    assert event.details["kind"] == "roster"


def test_looking_at_a_paper_leaves_no_row_in_the_trail(cast: Any, placed: Placement) -> None:
    client = cast.client("bureau_clerk")
    before = AuditEvent.objects.count()
    client.get(papers.address(placed.year, "roster", "all"))
    assert AuditEvent.objects.count() == before


def test_a_school_has_the_roster_of_its_own_placements_only(cast: Any, placed: Placement) -> None:
    Placement.objects.create(
        year=placed.year, teacher=cast.teachers["bob"], from_school=cast.hedong, to_school=cast.xishan,
        stage="primary", subject="chinese", start=date(2026, 9, 1), end=date(2027, 8, 31),
    )  # fmt: skip
    seen = cast.client("principal_of_hedong").get(papers.address(placed.year, "roster", "all")).content.decode()
    assert "单博文" in seen
    assert "安丽丝" not in seen
    client = cast.client("principal_of_hedong")
    assert client.get(papers.address(placed.year, "roster", cast.yucai.pk)).status_code == 404
    assert client.get(papers.address(placed.year, "roster", "x")).status_code == 404
    assert client.get(papers.address(placed.year, "nothing", "all")).status_code == 404


def test_a_teacher_has_no_roster(cast: Any, placed: Placement) -> None:
    assert cast.client("teacher").get(papers.address(placed.year, "roster", "all")).status_code == 404
    assert cast.client("nobody").get(papers.address(placed.year, "roster", "all")).status_code == 403


def test_a_paper_is_chinese_to_an_english_reader(cast: Any, placed: Placement) -> None:
    page = cast.client("bureau_clerk").get(
        papers.address(placed.year, "roster", "all"), headers={"accept-language": "en"}
    )
    assert "初中" in page.content.decode()


def test_every_part_of_a_paper_is_on_the_page(cast: Any, year: RotationYear, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Paper(
        "关于<选派>教师的通知", (Text("正文"),), sheet=Sheet.RED_HEAD, issuer="云山县教育局", number="云教〔2026〕5号",
        addressed_to="各学校", attachments=(Attachment("名单", (Grid((Column("姓名"),), (("安丽丝",),)),)),),
        signed_by="云山县教育局", signed_on=date(2026, 8, 5), note="联系人", copies_to="县编办",
        printed_by="办公室", printed_on=date(2026, 8, 6),
    )  # fmt: skip
    monkeypatch.setattr(papers, "_kinds", {"whole": papers.PaperKind("whole", "整", lambda _page, _key: whole)})
    page = cast.client("bureau_clerk").get(reverse("rotation:paper", args=(year.pk, "whole", "1")))
    text = page.content.decode()
    for said in (
        "云山县教育局", "文件", "云教〔2026〕5号", "关于&lt;选派&gt;教师的通知", "各学校：", "正文", "附件：名单",
        "安丽丝", "2026年8月5日", "（联系人）", "县编办", "2026年8月6日",
    ):  # fmt: skip
        assert said in text


def test_one_kind_is_made_by_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_kinds", {})
    first = papers.paper("kind", "甲")(lambda _page, _key: Paper("甲", ()))
    assert papers.paper_kinds()["kind"].make is first
    with pytest.raises(ValueError, match="two functions"):
        papers.paper("kind", "乙")(lambda _page, _key: Paper("乙", ()))


def test_what_makes_a_paper_speaks_chinese(cast: Any, year: RotationYear, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    make = papers.PaperKind(
        "kind", "甲", lambda _page, _key: said.append(translation.get_language()) or Paper("甲", ())
    )
    monkeypatch.setattr(papers, "_kinds", {"kind": make})
    with translation.override("en"):
        papers.made(None, "kind", "1")
    assert said == ["zh-hans"]
