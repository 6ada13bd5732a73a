"""A paper as a Word file; equal papers give equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

from junheng.documents.official import layout
from junheng.documents.official.content import Block, Paper, numbered
from junheng.documents.official.fonts import OFFICE_FONTS, Fonts, legible
from junheng.documents.official.pages import number_pages, shape_section, turn_pages, turn_to_last_page
from junheng.documents.official.parts import (
    set_attachment_list,
    set_attachment_title,
    set_block,
    set_head,
    set_imprint,
    set_note,
    set_signature,
    set_title,
)
from junheng.documents.official.setting import element

_STAMP = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant stamp, not a moment
_ZIP_STAMP = (1980, 1, 1, 0, 0, 0)


class Press:
    """A document being set: where blocks go, in which fonts, how wide the type area is."""

    def __init__(self, document: Document, fonts: Fonts, *, compact: bool) -> None:
        self.document = document
        self.fonts = fonts
        self.points = layout.FORM if compact else layout.BODY
        self.line = layout.COMPACT_LINE if compact else layout.LINE
        self.measure = layout.UPRIGHT.measure

    def paragraph(self) -> Any:
        """A new paragraph."""
        return self.document.add_paragraph()

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Sets blocks one after another, headings numbered."""
        for block, number in numbered(blocks):
            set_block(self, block, number)


def write_paper(paper: Paper, fonts: Fonts = OFFICE_FONTS) -> bytes:
    """The paper as a Word file laid out by GB/T 9704-2012; equal papers and fonts give equal bytes."""
    document = docx.Document()
    _plain_style(document, fonts)
    press = Press(document, fonts, compact=paper.compact)
    shape = layout.LYING if paper.landscape else layout.UPRIGHT
    shape_section(document.sections[0], shape, press.line)
    press.measure = shape.measure
    set_head(press, paper)
    set_title(press, paper)
    press.blocks(paper.body)
    set_attachment_list(press, paper)
    set_signature(press, paper)
    set_note(press, paper)
    for number, attachment in enumerate(paper.attachments, 1):
        press.measure = turn_pages(document, attachment.landscape, press.line).measure
        set_attachment_title(press, attachment.title, number if len(paper.attachments) > 1 else 0)
        press.blocks(attachment.body)
    if paper.attachments and paper.attachments[-1].landscape and (paper.copies_to or paper.printed_by):
        press.measure = turn_to_last_page(document).measure
    set_imprint(press, paper)
    if paper.page_numbers:
        number_pages(document, fonts)
    return _sealed(document, paper)


def _plain_style(document: Document, fonts: Fonts) -> None:
    """The document's own style: 三号 of the body's font, and nothing of the template's colours and spacing."""
    style: Any = document.styles["Normal"]
    style.font.size = Pt(layout.BODY)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=fonts.latin, hAnsi=fonts.latin, eastAsia=fonts.body, cs=fonts.latin))
    properties.append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Twips(layout.LINE)


def _sealed(document: Document, paper: Paper) -> bytes:
    about = document.core_properties
    about.title, about.author = legible(paper.plain_title)[:255], legible(paper.signed_by or paper.issuer)[:255]
    about.comments = ""
    about.last_modified_by, about.revision = "", 1
    about.created = about.modified = _STAMP
    loose = io.BytesIO()
    document.save(loose)
    kept = io.BytesIO()
    with zipfile.ZipFile(loose) as given, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return kept.getvalue()
