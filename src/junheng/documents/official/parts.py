"""The parts of a paper set one after another: red head, title, blocks, signature, foot."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Twips

from junheng.documents.official import layout
from junheng.documents.official.content import (
    Align,
    Blank,
    Block,
    Cut,
    Form,
    Grid,
    Heading,
    Paper,
    Sheet,
    Signature,
    Text,
    Title,
    attachment_lines,
    chinese_date,
    signing_date,
    title_lines,
)
from junheng.documents.official.setting import Face, arrange, element, hang, rule_below, rule_off, say
from junheng.documents.official.tables import add_form, add_grid

if TYPE_CHECKING:
    from junheng.documents.official.writing import Press


def _line(press: Press, text: str, face: Face, **arranged: Any) -> Any:
    paragraph = press.paragraph()
    say(paragraph, text, face, press.fonts)
    arrange(paragraph, face, **arranged)
    return paragraph


def _body(press: Press) -> Face:
    return Face(press.fonts.body, press.points, line=press.line)


def blank(press: Press, lines: int = 1, *, together: bool = False) -> None:
    """Empty lines of the body's pitch."""
    for _each in range(lines):
        arrange(press.paragraph(), _body(press), together=together)


def set_head(press: Press, paper: Paper) -> None:
    """The red head: 35 mm down the issuer, two lines below the number, 4 mm below that the red rule."""
    if paper.sheet is not Sheet.RED_HEAD:
        return
    name = f"{paper.issuer}文件"
    face = Face(press.fonts.title, layout.issuer_size(name), layout.RED, line=None)
    _line(press, name, face, align=Align.CENTRE, before=layout.HEAD_DROP)
    blank(press, 2)
    number = _line(press, paper.number, _body(press), align=Align.CENTRE)
    rule_below(number, eighths=12, colour=layout.RED, gap=layout.RULE_GAP_POINTS)
    blank(press, 2)


def set_title(press: Press, paper: Paper) -> None:
    """The title in 二号小标宋, below it the number where no red head has it, and whom the paper is addressed to."""
    _centred_title(press, paper.title)
    if paper.number and paper.sheet is Sheet.PLAIN:
        _line(press, paper.number, _body(press), align=Align.CENTRE)
    if paper.addressed_to:
        blank(press)
        _line(press, f"{paper.addressed_to}：", _body(press))
    elif not paper.compact:
        blank(press)


def _centred_title(press: Press, title: str | tuple[str, ...]) -> None:
    face = Face(press.fonts.title, layout.TITLE, line=layout.TITLE_LINE if press.line == layout.LINE else None)
    width = int(press.measure / 20 / layout.TITLE)
    for line in title_lines(title, width):
        _line(press, line, face, align=Align.CENTRE, together=True)


def set_block(press: Press, block: Block, number: str) -> None:
    """Sets one block of a body."""
    match block:
        case Heading():
            _heading(press, block, number)
        case Text():
            face = Face(press.fonts.heading, press.points, line=press.line) if block.strong else _body(press)
            for line in block.text.split("\n"):
                _line(press, line, face, align=block.align, first=2 if block.indent else 0)
        case Blank():
            blank(press, block.lines)
        case Grid():
            add_grid(press.document, block, press.fonts, press.measure)
        case Form():
            add_form(press.document, block, press.fonts, press.measure)
        case Title():
            _centred_title(press, block.text)
        case Cut():
            paragraph = _line(press, block.text, Face(press.fonts.body, layout.FORM), align=Align.CENTRE)
            rule_below(paragraph, eighths=6, colour="000000", gap=1, style="dashed")
        case Signature():
            blank(press, block.blank_lines, together=True)
            _signature(press, block.by, block.on, sealed=True)


def _heading(press: Press, heading: Heading, number: str) -> None:
    fonts = press.fonts
    font = {1: fonts.heading, 2: fonts.subheading}.get(heading.level, fonts.body)
    face = Face(font, press.points, line=press.line)
    paragraph = _line(press, f"{number}{heading.text}", face, first=2, together=True)
    paragraph._element.get_or_add_pPr().insert_element_before(
        element("w:outlineLvl", val=heading.level - 1), "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr"
    )


def set_attachment_list(press: Press, paper: Paper) -> None:
    """A line below the body: what is attached."""
    if paper.attachments:
        blank(press)
        for line in attachment_lines(paper):
            _line(press, line, _body(press), left=2, hanging=4, align=Align.LEFT)


def set_signature(press: Press, paper: Paper) -> None:
    """Who signs and when, kept on one page with the end of what is signed."""
    if not paper.signed_by:
        return
    last = press.document.paragraphs[-1]
    if not last._element.findall(qn("w:sectPr")):
        last.paragraph_format.keep_with_next = True
    blank(press, 2 if paper.sealed else 1, together=True)
    _signature(press, paper.signed_by, paper.signed_on, sealed=paper.sealed)


def _signature(press: Press, by: str, on: date | None, *, sealed: bool) -> None:
    """With a seal: the date four characters in and the name centred over it.

    Without: the name two characters in, and the date begins two characters after the name does; a date that would then
    come nearer to the edge stands two characters in, and the name moves in with it.
    """
    day = signing_date(on)
    dated, named = layout.width_in_characters(day), layout.width_in_characters(by)
    if sealed:
        inner = 4.0
        outer = inner + (dated - named) / 2
        if outer < 0:
            inner, outer = inner - outer, 0.0
    else:
        inner = max(2.0, named - dated)
        outer = inner + dated + 2.0 - named
    face = _body(press)
    _line(press, by, face, align=Align.RIGHT, right=outer, together=True, tight=True)
    _line(press, day, face, align=Align.RIGHT, right=inner, tight=True)


def set_note(press: Press, paper: Paper) -> None:
    """What stands in brackets under the date."""
    if paper.note:
        _line(press, f"（{paper.note}）", _body(press), first=2)


def set_attachment_title(press: Press, title: str, number: int) -> None:
    """附件1 flush left in 黑体, two lines below the attachment's title."""
    _line(press, f"附件{number or ''}", Face(press.fonts.heading, layout.BODY), align=Align.LEFT, together=True)
    blank(press, together=True)
    _centred_title(press, title)
    blank(press)


def set_imprint(press: Press, paper: Paper) -> None:
    """The foot of the last page (版记): who gets copies, who printed it and when, between rules."""
    printed = f"{chinese_date(paper.printed_on)}印发" if paper.printed_on else ""
    texts = [f"抄送：{paper.copies_to.rstrip('。')}。"] if paper.copies_to else []
    texts += [f"{paper.printed_by}\t{printed}"] if paper.printed_by else []
    if not texts:
        return
    face = Face(press.fonts.body, layout.NUMBER)
    room = press.measure - 4 * layout.NUMBER * 20
    lines = [ceil(layout.width_in_characters(text) * layout.NUMBER * 20 / room) for text in texts]
    y = layout.PAGE_HEIGHT - layout.BOTTOM - sum(lines) * layout.LINE - 60
    for text, count in zip(texts, lines, strict=True):
        paragraph = _line(press, text, face, align=Align.LEFT, left=1, right=1)
        stop = Twips(press.measure - round(face.points * 20))
        paragraph.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
        rule_off(paragraph, {"top": 8, "bottom": 8} if text is texts[-1] else {"top": 8})
        hang(paragraph, width=press.measure, y=y, height=count * layout.LINE)
        y += count * layout.LINE
    blank(press)
