"""The report as tagged PDF through typst, with the font of the extra and none of the system's."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date
from importlib.resources import as_file
from typing import Any, Final

import typst

from junheng.documents.faults import Phrase
from junheng.documents.report.content import Content
from junheng.documents.report.letters import LACKING, font_folder, lacking, printable
from junheng.documents.report.page import TEMPLATES

STANDARD: Final = "ua-1"
"""PDF/UA-1: tags, title, language and an alternative for every picture, or no file."""
LIGHT = "font-weight: 300"
"""The typesetter reads weight 400 in a drawing as the thinnest of a variable font, and 300 as regular."""


class PrintingError(RuntimeError):
    """The typesetter warned, for example of a font that is not there; what it said is the message."""


def pdf(content: Content) -> bytes:
    """The printed report; equal content gives equal bytes. Raises :class:`PrintingError` for any warning."""
    with as_file(TEMPLATES.joinpath("report.typ")) as layout:
        printed, warnings = typst.compile_with_warnings(
            layout,
            font_paths=[font_folder()],
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(printed_data(content), ensure_ascii=False, allow_nan=False)},
            format="pdf",
            pdf_standards=STANDARD,
        )
    if warnings:
        raise PrintingError("; ".join(str(warning.message) for warning in warnings))
    return printed


def printed_data(content: Content) -> dict[str, Any]:
    """What the typesetter is given: the content as JSON holds it, and no character that the font lacks."""
    data: dict[str, Any] = _plain(content)
    words = {
        "summary_title": Phrase("一页摘要", "Summary"),
        "facts_title": Phrase("依据与来源", "What it rests on"),
        "draft": Phrase("草案，供研究决定", "Draft for decision"),
    }
    for drawing in (data["picture"] or {}, *(part for section in data["sections"] for part in section["parts"])):
        if "svg" in drawing:
            drawing["svg"] = drawing["svg"].replace('style="font-size', f'style="{LIGHT}; font-size')
    data |= {name: said.said(content.lang) for name, said in words.items()}
    absent = lacking(json.dumps(data, ensure_ascii=False))
    if absent:
        named = "、".join(f"U+{ord(c):04X}" for c in absent)
        data["footer"] += Phrase(
            f"{LACKING} 表示字库缺少的字符：{named}，原字见结果工作簿。",
            f" {LACKING} stands for characters that the font lacks: {named}; the workbook has them.",
        ).said(content.lang)
    printed: dict[str, Any] = _printed(data)
    return printed


def _printed(value: Any) -> Any:
    """The data with every text as the font can show it."""
    if isinstance(value, dict):
        return {name: _printed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_printed(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """Values as JSON holds them; a date as year, month and day."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(each) for name, each in asdict(value).items()}
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
