"""Sections of a Word file: the page's shape and grid, and the page numbers."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Twips

from junheng.documents.official import layout
from junheng.documents.official.content import Align
from junheng.documents.official.fonts import Fonts
from junheng.documents.official.setting import Face, arrange, element, field, say


def shape_section(section: Any, shape: layout.Turned, line: int) -> None:
    """Gives a section its page, margins and a grid of lines so many twips apart."""
    section.orientation = WD_ORIENT.LANDSCAPE if shape.width > shape.height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Twips(shape.width), Twips(shape.height)
    section.top_margin, section.bottom_margin = Twips(shape.top), Twips(shape.bottom)
    section.left_margin, section.right_margin = Twips(shape.left), Twips(shape.right)
    section.header_distance, section.footer_distance = Twips(851), Twips(min(layout.FOOTER, shape.bottom - 500))
    section.gutter = 0
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("w:docGrid", type="lines", linePitch=line))


def turn_pages(document: Document, landscape: bool, line: int = layout.LINE) -> layout.Turned:
    """Begins a new section on a new page, upright or turned, and gives its shape."""
    shape = layout.LYING if landscape else layout.UPRIGHT
    shape_section(document.add_section(WD_SECTION.NEW_PAGE), shape, line)
    return shape


def turn_to_last_page(document: Document) -> layout.Turned:
    """Begins a page for the foot alone (版记): upright, an even one, which like a blank one before it has no number."""
    section = document.add_section(WD_SECTION.EVEN_PAGE)
    shape_section(section, layout.UPRIGHT, layout.LINE)
    section.footer.is_linked_to_previous = section.even_page_footer.is_linked_to_previous = False
    return layout.UPRIGHT


def number_pages(document: Document, fonts: Fonts) -> None:
    """Numbers the pages: — 1 — a character in from the outer edge, right on odd pages and left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    face = Face(fonts.page_number, layout.NUMBER, line=None)
    first = document.sections[0]
    for footer, align in ((first.footer, Align.RIGHT), (first.even_page_footer, Align.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        say(paragraph, "— ", face, fonts)
        field(paragraph, "PAGE", face, fonts)
        say(paragraph, " —", face, fonts)
        arrange(paragraph, face, align=align, left=align is Align.LEFT, right=align is Align.RIGHT)
