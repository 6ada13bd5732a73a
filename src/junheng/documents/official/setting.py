"""Paragraphs and runs: text set in a font at a size on the lines of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

from junheng.documents.official.content import Align
from junheng.documents.official.fonts import Fonts, runs_of
from junheng.documents.official.layout import BODY, CLOSER, LINE

_PROPERTIES_AFTER_BORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """How text is set: font, points, colour; ``line`` is the pitch in twips, ``None`` for the font's own."""

    font: str
    points: float
    colour: str = ""
    line: int | None = LINE


def element(name: str, **attributes: str | int) -> Any:
    """An element of WordprocessingML; attributes are of the same namespace."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def name_fonts(run: Any, font: str, latin: str) -> None:
    """Sets a run's fonts: ``font`` for Chinese and the marks shared with Latin, ``latin`` for letters and digits."""
    properties = run._element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    named = element("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=font, cs=latin, hint="eastAsia")
    properties.insert(0, named)


def say(paragraph: Paragraph, text: str, face: Face, fonts: Fonts) -> None:
    """Adds a text to a paragraph, in pieces where a character needs another font; line breaks are kept."""
    for piece, font in runs_of(text, face.font, fonts):
        run = paragraph.add_run(piece)
        name_fonts(run, font, fonts.latin)
        run.font.size = Pt(face.points)
        if face.points == BODY:
            closer = element("w:spacing", val=CLOSER)
            run._element.get_or_add_rPr().insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz")
        if face.colour:
            run.font.color.rgb = RGBColor.from_string(face.colour)


def arrange(
    paragraph: Paragraph, face: Face, *, align: Align = Align.JUSTIFIED, first: float = 0, left: float = 0,
    right: float = 0, hanging: float = 0, before: int = 0, together: bool = False, tight: bool = False,
) -> None:  # fmt: skip
    """Sets a paragraph's lines and indents. Indents are in characters of the face, ``before`` in twips.

    ``together`` keeps it on the page of the paragraph after it; ``tight`` leaves no room between Chinese and digits, so
    that its width is known.
    """
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Twips(before), Pt(0)
    form.line_spacing = 1.0 if face.line is None else Twips(face.line)
    form.keep_with_next = together or None
    form.widow_control = False
    properties = paragraph._element.get_or_add_pPr()
    if first or left or right or hanging:
        indented = properties.get_or_add_ind()
        indents = {"left": left + hanging, "right": right, "firstLine": first, "hanging": hanging}
        for side, characters in indents.items():
            if characters:
                indented.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
                indented.set(qn(f"w:{side}"), str(round(characters * face.points * 20)))
    properties.get_or_add_jc().set(qn("w:val"), align.value)
    if tight:
        for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
            place = _PROPERTIES_AFTER_BORDER.index(name)
            properties.insert_element_before(element(name, val=0), *_PROPERTIES_AFTER_BORDER[place + 1 :])


def rule_below(paragraph: Paragraph, *, eighths: int, colour: str, gap: int, style: str = "single") -> None:
    """Draws a line under a paragraph as wide as the type area; ``gap`` in points, thickness in eighths of one."""
    properties = paragraph._element.get_or_add_pPr()
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val=style, sz=eighths, space=gap, color=colour))
    properties.insert_element_before(borders, *_PROPERTIES_AFTER_BORDER)


def rule_off(paragraph: Paragraph, eighths: Mapping[str, int]) -> None:
    """Draws rules at the named sides of a paragraph, so many eighths of a point thick."""
    borders = element("w:pBdr")
    for side, thickness in eighths.items():
        borders.append(element(f"w:{side}", val="single", sz=thickness, space=1, color="000000"))
    paragraph._element.get_or_add_pPr().insert_element_before(borders, *_PROPERTIES_AFTER_BORDER)


def hang(paragraph: Paragraph, *, width: int, y: int, height: int) -> None:
    """Takes a paragraph out of the run of the text and hangs it ``y`` below the page's upper edge; twips."""
    frame = element(
        "w:framePr", w=width, h=height, hRule="atLeast", wrap="around", hAnchor="margin", vAnchor="page", x=1, y=y
    )
    paragraph._element.get_or_add_pPr().insert_element_before(
        frame, "w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", *_PROPERTIES_AFTER_BORDER
    )


def field(paragraph: Paragraph, code: str, face: Face, fonts: Fonts) -> None:
    """Adds a field that the program fills in, such as PAGE."""
    parts: tuple[tuple[str, Mapping[str, str], str], ...] = (
        ("w:fldChar", {"fldCharType": "begin"}, ""),
        ("w:instrText", {}, code),
        ("w:fldChar", {"fldCharType": "separate"}, ""),
        ("w:t", {}, "1"),
        ("w:fldChar", {"fldCharType": "end"}, ""),
    )
    for name, attributes, text in parts:
        run = paragraph.add_run()
        name_fonts(run, face.font, face.font)
        run.font.size = Pt(face.points)
        made = element(name, **attributes)
        made.text = text or None
        run._element.append(made)
