"""Official papers read back: page, type, lines, numbers, as GB/T 9704-2012 has them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from itertools import pairwise

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from junheng.documents.official import (
    Align,
    Attachment,
    Blank,
    Box,
    Column,
    Cut,
    Fonts,
    Form,
    Grid,
    Heading,
    Paper,
    Row,
    Sheet,
    Signature,
    Text,
    Title,
    attachment_lines,
    chinese_date,
    document_number,
    numbered,
    title_lines,
    write_paper,
)
from junheng.documents.official.content import chinese_number

ROSTER = Grid(
    (Column("序号", 0.5), Column("姓名"), Column("派出学校", 2, Align.LEFT)),
    (("1", "安丽丝", "云山县育才初级中学"), ("2", "欧阳㛃𬭚", "云山县河东小学")),
)
ORDER = Paper(
    "云山县教育局关于下达2026—2027学年教师交流轮岗第一批人员名单的通知",
    (
        Text("经研究，决定选派下列教师交流任教。"),
        Heading("工作要求"),
        Heading("按时报到", 2),
        Heading("接收学校", 3),
        Heading("派出学校", 4),
        Heading("其他"),
        Text("咨询珺老师。"),
    ),
    sheet=Sheet.RED_HEAD, issuer="云山县教育局", number=document_number("云教", 2026, 5), addressed_to="各中小学",
    attachments=(Attachment("人员名单", (ROSTER,)), Attachment("花名册", (ROSTER,), landscape=True)),
    signed_by="云山县教育局", signed_on=date(2026, 8, 5), note="联系人：人事股",
    copies_to="县人力资源和社会保障局", printed_by="云山县教育局办公室", printed_on=date(2026, 8, 6),
)  # fmt: skip


def opened(paper: Paper, fonts: Fonts | None = None) -> Document:
    return docx.Document(io.BytesIO(write_paper(paper, fonts) if fonts else write_paper(paper)))


@pytest.fixture(scope="module")
def order() -> Document:
    return opened(ORDER)


def line_of(document: Document, text: str) -> docx.text.paragraph.Paragraph:
    return next(each for each in document.paragraphs if each.text == text)


def fonts_of(paragraph: docx.text.paragraph.Paragraph) -> list[tuple[str, str, float]]:
    """Text, Chinese font and points of each run."""
    return [
        (run.text, run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt)
        for run in paragraph.runs
        if run.text
    ]


def test_the_page_is_a4_with_the_margins_of_the_standard(order: Document) -> None:
    page = order.sections[0]
    assert (page.page_width.twips, page.page_height.twips) == (11906, 16838)
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [each.twips for each in margins] == [2098, 1984, 1588, 1474]


def test_twenty_two_lines_of_twenty_eight_characters_fill_the_type_area(order: Document) -> None:
    body = line_of(order, "经研究，决定选派下列教师交流任教。")
    pitch = body.paragraph_format.line_spacing.twips
    assert body.paragraph_format.line_spacing_rule.name == "EXACTLY"
    height = 16838 - 2098 - 1984
    assert 22 * pitch <= height < 23 * pitch
    closer = int(body.runs[0]._element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    width = 11906 - 1588 - 1474
    assert 28 * (320 + closer) <= width < 29 * (320 + closer)
    grid = order.sections[0]._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), int(grid.get(qn("w:linePitch")))) == ("lines", pitch)


def test_the_body_is_set_in_third_size_fangsong_two_characters_in(order: Document) -> None:
    body = line_of(order, "经研究，决定选派下列教师交流任教。")
    assert fonts_of(body) == [(body.text, "仿宋_GB2312", 16.0)]
    indent = body._element.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert body._element.pPr.find(qn("w:jc")).get(qn("w:val")) == "both"


def test_the_head_is_red_and_its_rule_four_millimetres_under_the_number(order: Document) -> None:
    issuer = line_of(order, "云山县教育局文件")
    assert str(issuer.runs[0].font.color.rgb) == "FF0000"
    assert fonts_of(issuer)[0][1] == "方正小标宋简体"
    assert issuer.paragraph_format.space_before.twips == 1984
    assert issuer.runs[0].font.size.pt * len(issuer.text) <= (11906 - 1588 - 1474) / 20
    number = line_of(order, "云教〔2026〕5号")
    rule = number._element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "FF0000"
    assert 3.5 < int(rule.get(qn("w:space"))) * 25.4 / 72 < 4.5
    between = [each.text for each in order.paragraphs[1:3]]
    assert between == ["", ""]


def test_the_title_is_in_second_size_and_headings_in_their_four_fonts(order: Document) -> None:
    titles = [each for each in order.paragraphs if each.runs and each.runs[0].font.size.pt == 22]
    assert "".join(each.text for each in titles).startswith(ORDER.plain_title)
    assert {font for each in titles for _text, font, _points in fonts_of(each)} == {"方正小标宋简体"}
    headings = {
        each.text: fonts_of(each)[0][1]
        for each in order.paragraphs
        if each.text[:2] in {"一、", "（一", "1.", "（1", "二、"}
    }
    assert headings == {
        "一、工作要求": "黑体", "（一）按时报到": "楷体_GB2312", "1. 接收学校": "仿宋_GB2312",
        "（1）派出学校": "仿宋_GB2312", "二、其他": "黑体",
    }  # fmt: skip


def test_whom_it_is_addressed_to_stands_flush_left_before_the_body(order: Document) -> None:
    addressed = line_of(order, "各中小学：")
    assert addressed._element.pPr.find(qn("w:ind")) is None


def test_a_rare_character_is_set_in_a_font_that_has_it(order: Document) -> None:
    line = line_of(order, "咨询珺老师。")
    assert [(text, font) for text, font, _points in fonts_of(line)] == [
        ("咨询", "仿宋_GB2312"), ("珺", "宋体"), ("老师。", "仿宋_GB2312"),
    ]  # fmt: skip
    cell = order.tables[0].cell(2, 1).paragraphs[0]
    assert [font for _text, font, _points in fonts_of(cell)] == ["仿宋_GB2312", "宋体", "SimSun-ExtB"]
    assert cell.text == "欧阳㛃𬭚"


def test_the_names_of_the_fonts_are_the_bureaus_own_choice() -> None:
    fonts = Fonts(body="仿宋", title="小标宋", rare="思源宋体")
    document = opened(ORDER, fonts)
    assert fonts_of(line_of(document, "咨询珺老师。")) == [("咨询珺老师。", "仿宋", 16.0)], "仿宋 has 珺"
    assert fonts.names == (
        "仿宋",
        "黑体",
        "楷体_GB2312",
        "小标宋",
        "宋体",
        "Times New Roman",
        "思源宋体",
        "SimSun-ExtB",
    )
    assert fonts_of(document.tables[0].cell(2, 1).paragraphs[0])[1][:2] == ("㛃", "思源宋体")


def test_the_signature_keeps_with_the_text_and_is_centred_over_its_date(order: Document) -> None:
    by = next(each for each in order.paragraphs if each.text == "云山县教育局")
    on = line_of(order, "2026年8月5日")
    date_width, name_width = 6 * 0.5 + 3, 6
    right = int(on._element.pPr.ind.get(qn("w:rightChars")))
    assert right == 400
    assert int(by._element.pPr.ind.get(qn("w:rightChars"))) == right + round((date_width - name_width) / 2 * 100)
    place = [each.text for each in order.paragraphs].index("云山县教育局")
    assert all(each.paragraph_format.keep_with_next for each in order.paragraphs[place - 3 : place + 1])


def test_a_long_name_moves_the_date_in_and_never_out_of_the_page() -> None:
    name = "云山县教育局教师交流轮岗工作领导小组办公室"
    document = opened(Paper("通知", (Text("文"),), signed_by=name, signed_on=date(2026, 8, 5)))
    assert line_of(document, name)._element.pPr.find(qn("w:ind")) is None
    on = line_of(document, "2026年8月5日")
    assert int(on._element.pPr.ind.get(qn("w:rightChars"))) == round((len(name) - 6) / 2 * 100)


@pytest.mark.parametrize(
    ("name", "by", "on"), [("人事股", 700, 200), ("云山县教育局人事股", 200, 300)], ids=("date longer", "name longer")
)
def test_without_a_seal_the_date_begins_two_characters_after_the_name(name: str, by: int, on: int) -> None:
    document = opened(Paper("通知", (Text("文"),), signed_by=name, signed_on=date(2026, 8, 5), sealed=False))
    lines = [line_of(document, each)._element.pPr for each in (name, "2026年8月5日")]
    assert [int(each.ind.get(qn("w:rightChars"))) for each in lines] == [by, on]
    assert by / 100 + len(name) - 2 == on / 100 + 6, "its first character is two in from the name's"
    assert all(each.find(qn("w:autoSpaceDN")).get(qn("w:val")) == "0" for each in lines), "widths are known"


def test_a_paper_without_a_red_head_has_its_number_under_the_title() -> None:
    document = opened(Paper("告诫书", (Text("文"),), number="云教告〔2026〕1号", addressed_to="安丽丝老师"))
    assert [each.text for each in document.paragraphs[:2]] == ["告诫书", "云教告〔2026〕1号"]


def test_the_foot_after_a_lying_list_has_an_even_page_of_its_own_without_a_number(order: Document) -> None:
    last = order.sections[-1]
    assert last.start_type == WD_SECTION.EVEN_PAGE
    assert not any(each.is_linked_to_previous for each in (last.footer, last.even_page_footer))
    assert not last.footer.paragraphs[0].text
    assert not last.even_page_footer.paragraphs[0].text


def test_rows_in_which_people_sign_are_high_enough() -> None:
    rows = (
        opened(Paper("签收表", (Grid((Column("姓名"), Column("签收")), (("安丽丝", ""),), height=8.0),))).tables[0].rows
    )
    heights = [row._tr.trPr.find(qn("w:trHeight")) for row in rows]
    assert heights[0] is None
    assert int(heights[1].get(qn("w:val"))) == round(8 * 1440 / 25.4)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("云山县河东小学初中部2026年10月交流轮岗月报表", ["云山县河东小学初中部", "2026年10月交流轮岗月报表"]),
        ("云山县（河东）2027—2028学年公开选聘情况表", ["云山县（河东）2027—2028学年", "公开选聘情况表"]),
    ],
)
def test_a_title_is_not_broken_between_a_number_and_what_it_counts(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_attachments_are_listed_begin_a_page_and_wide_ones_lie(order: Document) -> None:
    texts = [each.text for each in order.paragraphs]
    listed = [each for each in texts if re.match("(附件：|　　　)", each)]
    assert listed == ["附件：1. 人员名单", "　　　2. 花名册"]
    assert texts.count("附件1") == texts.count("附件2") == 1
    shapes = [(each.page_width.twips, each.page_height.twips) for each in order.sections]
    assert shapes == [(11906, 16838), (11906, 16838), (16838, 11906), (11906, 16838)]
    lying = order.sections[2]
    assert (lying.top_margin.twips, lying.right_margin.twips) == (1588, 2098), "its head at the binding edge"
    assert attachment_lines(Paper("题", (), attachments=(Attachment("名单", ()),))) == ["附件：名单"]


def test_a_table_repeats_its_head_and_fills_the_measure(order: Document) -> None:
    table = order.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "姓名", "派出学校"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert sum(cell.width.twips for cell in table.rows[1].cells) == 8844
    assert fonts_of(table.cell(0, 0).paragraphs[0])[0][1:] == ("黑体", 12.0)


def test_page_numbers_stand_at_the_outer_edge_in_fourth_size(order: Document) -> None:
    assert order.settings.odd_and_even_pages_header_footer
    odd, even = (each.paragraphs[0] for each in (order.sections[0].footer, order.sections[0].even_page_footer))
    assert re.sub(r"\s+", "", odd.text) == re.sub(r"\s+", "", even.text) == "—1—"
    assert [each._element.pPr.find(qn("w:jc")).get(qn("w:val")) for each in (odd, even)] == ["right", "left"]
    assert odd._element.pPr.ind.get(qn("w:rightChars")) == even._element.pPr.ind.get(qn("w:leftChars")) == "100"
    assert "PAGE" in "".join(each.text or "" for each in odd._element.iter(qn("w:instrText")))
    assert {run.font.size.pt for run in odd.runs} == {14.0}


def test_the_last_pages_foot_says_who_gets_copies_and_who_printed_it(order: Document) -> None:
    copies, printed = (
        line_of(order, "抄送：县人力资源和社会保障局。"),
        line_of(order, "云山县教育局办公室\t2026年8月6日印发"),
    )
    places = [each._element.pPr.find(qn("w:framePr")) for each in (copies, printed)]
    tops = [int(each.get(qn("w:y"))) for each in places]
    assert tops[1] - tops[0] == 579
    assert 0 <= 16838 - 1984 - (tops[1] + 579) <= 100, "its last line ends at the foot of the type area"
    rules = printed._element.pPr.find(qn("w:pBdr"))
    assert [each.tag for each in rules] == [qn("w:top"), qn("w:bottom")]


def test_equal_papers_give_equal_bytes_with_no_moment_in_them() -> None:
    first, second = write_paper(ORDER), write_paper(ORDER)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_a_form_has_labels_merged_boxes_and_room_for_stamps() -> None:
    form = Form(
        (1, 2, 1, 2),
        (
            Row((Box("姓名", label=True), Box("安丽丝"), Box("性别", label=True), Box("女"))),
            Row((Box("派出学校意见", label=True), Box("同意。", 3, sign="（公章）\n　　年　月　日")), 40),
        ),
    )
    table = opened(Paper("教师交流轮岗审批表", (form,), compact=True)).tables[0]
    assert table.cell(1, 1)._tc is table.cell(1, 3)._tc
    assert table.cell(1, 1).text == "同意。\n（公章）\n　　年　月　日"
    assert table.cell(1, 1).paragraphs[1]._element.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"
    heights = [int(row._tr.trPr.find(qn("w:trHeight")).get(qn("w:val"))) for row in table.rows]
    assert heights == [round(9 * 1440 / 25.4), round(40 * 1440 / 25.4)]
    assert fonts_of(table.cell(0, 0).paragraphs[0])[0][1:] == ("黑体", 12.0)
    assert fonts_of(table.cell(0, 1).paragraphs[0])[0][1:] == ("仿宋_GB2312", 12.0)


def test_a_sheet_of_several_parts_has_a_line_to_cut_along() -> None:
    paper = Paper(
        "介绍信存根",
        (Text("存根", strong=True), Cut("第1号"), Title("介绍信"), Blank(2), Signature("云山县教育局", None)),
        compact=True, page_numbers=False,
    )  # fmt: skip
    document = opened(paper)
    cut = line_of(document, "第1号")
    assert cut._element.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:val")) == "dashed"
    assert fonts_of(line_of(document, "存根"))[0][1:] == ("黑体", 12.0)
    assert line_of(document, "　　年　月　日").text
    assert not document.sections[0].footer.paragraphs[0].text
    assert line_of(document, "存根").paragraph_format.line_spacing.pt == 20.5, "closer than a document's lines"


def test_a_text_with_control_characters_is_still_a_word_file() -> None:
    document = opened(Paper("题\x0b目", (Text("一\x00二\ud800三"),)))
    assert line_of(document, "一二三")


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (45, "四十五"), (99, "九十九")]
)
def test_headings_count_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said


def test_numbers_begin_anew_under_each_heading_above() -> None:
    blocks = (Heading("甲"), Heading("乙", 2), Heading("丙", 2), Heading("丁"), Heading("戊", 2))
    assert [number for _block, number in numbered(blocks)] == ["一、", "（一）", "（二）", "二、", "（一）"]


def test_dates_and_numbers_are_written_without_leading_noughts() -> None:
    assert chinese_date(date(2026, 9, 1)) == "2026年9月1日"
    assert document_number("云教", 2026, 5) == "云教〔2026〕5号"


@pytest.mark.parametrize(
    "title", ["通知", "云山县教育局关于下达2026—2027学年教师交流轮岗第一批人员名单的通知", "长" * 47, "a" * 61]
)
def test_a_title_is_broken_into_lines_that_fit(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(0 < len(each) <= 20 for each in lines)
    assert len(lines) == -(-len(title) // 20)
    if "2026" in title:
        assert not any(before[-1].isdigit() and after[0].isdigit() for before, after in pairwise(lines))


def test_what_cannot_be_set_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="level 5"):
        Heading("题", 5)
    with pytest.raises(ValueError, match="row 1 has 1 cells, expected 2"):
        Grid((Column("甲"), Column("乙")), (("一",),))
    with pytest.raises(ValueError, match="row 1 covers 3 columns, expected 2"):
        Form((1, 1), (Row((Box("甲", 3),)),))
    with pytest.raises(ValueError, match="issuer"):
        Paper("题", (), sheet=Sheet.RED_HEAD)
    with pytest.raises(ValueError, match="expected 1 to 99"):
        chinese_number(100)
