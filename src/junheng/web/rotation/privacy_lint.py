"""What must not stand in a public notice: ID numbers, telephone numbers, health, discipline, homes.

Looked for in text and in the text of Word, Excel and PDF files, hidden sheets, headers, comments and properties
included. Files whose text cannot be read to the end, such as scans, are refused: nobody has checked them.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from junheng.facts.identity import check_character
from junheng.web.rotation.pdf_text import UnreadablePdfError, text_of_pdf

_ID_18 = re.compile(
    r"(?<!\d)[1-9]\d{5}[\s-]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\s-]?\d{3}[\dXx](?!\d)"
)
_ID_15 = re.compile(r"(?<!\d)[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_APART = re.compile(r"(?<!\d)\d(?:[\s\-·.]?\d){16}[\s\-·.]?[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)")
_ID_LENGTH = 18
_NOT_DIGITS = re.compile(r"\D")
_WORDS: dict[str, list[str]] = json.loads(Path(__file__).with_name("private_words.json").read_text(encoding="utf-8"))
"""Words that tell of somebody's health, of discipline, of home, family or papers."""
_BLOCKS = frozenset({"p", "si", "is", "comment", "c"})
"""Elements whose text is one to whoever reads it: paragraphs, cells, comments."""
_NAMING = frozenset({"name", "title", "descr", "alias", "tag"})
"""Attributes that people read: names of sheets, descriptions of pictures."""
_READABLE = ("docx", "xlsx")
_PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic"})
_MOST = 40_000_000
"""Bytes of one part of a file that are read."""


class UnreadableAttachmentError(ValueError):
    """A file whose text cannot be read, and so cannot be checked; the text says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that must not be public: what kind of thing, where, and its beginning, the rest masked."""

    kind: str
    where: str
    text: str

    @property
    def said(self) -> str:
        """As a sentence."""
        return _("%(where)s有%(kind)s：%(text)s") % {"where": self.where, "kind": self.kind, "text": self.text}


def look_through(where: str, text: str, allowed: Iterable[str] = ()) -> Iterator[Found]:
    """Everything in a text that must not be public. ``allowed`` are the office's own telephone numbers."""
    plain = unicodedata.normalize("NFKC", text)
    known = {_NOT_DIGITS.sub("", each) for each in allowed}
    ids = {match.group() for each in (_ID_18, _ID_15) for match in each.finditer(plain)}
    ids |= {match.group() for match in _APART.finditer(plain) if _is_id("".join(_characters(match.group())))}
    for found in sorted(ids):
        yield Found(_("身份证件号码"), where, f"{found[:3]}…")
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(plain):
            digits = _NOT_DIGITS.sub("", match.group())
            if digits not in known and not any(digits in _NOT_DIGITS.sub("", each) for each in ids):
                yield Found(_("电话号码"), where, f"{match.group()[:3]}…")
    kinds = {"health": _("健康情况"), "discipline": _("处分和违纪情况"), "private": _("家庭和证件情况")}
    for name, kind in kinds.items():
        for word in _WORDS[name]:
            if word in plain:
                yield Found(kind, where, word)


def _characters(text: str) -> Iterator[str]:
    return (each for each in text.upper() if each.isdigit() or each == "X")


def _is_id(number: str) -> bool:
    return len(number) == _ID_LENGTH and number[:-1].isdigit() and check_character(number[:-1]) == number[-1]


def text_of(name: str, content: bytes) -> str:
    """The text of a Word, Excel or PDF file, a line a paragraph or cell. Raises :class:`UnreadableAttachmentError`."""
    if name.lower().endswith(".pdf"):
        try:
            return text_of_pdf(name, content)
        except UnreadablePdfError as fault:
            raise UnreadableAttachmentError(str(fault)) from fault
    if not name.lower().endswith(_READABLE):
        raise UnreadableAttachmentError(_why_unread(name))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(line for entry in archive.infolist() for line in _part(name, archive, entry))
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, UnicodeDecodeError, RuntimeError) as fault:
        raise UnreadableAttachmentError(_("%(name)s 已损坏或加密，不能检查。") % {"name": name}) from fault


def _why_unread(name: str) -> str:
    """Why a file of another kind cannot be checked, and what to do instead."""
    kind = name.lower().rpartition(".")[2]
    if kind in _PICTURES:
        return _(
            "%(name)s 是图片，其中的文字（姓名、证件号码、电话）无法检查，不能公示；"
            "请把内容录入 Word（docx）或 Excel（xlsx）文件，或写进公示正文。"
        ) % {"name": name}
    return _("%(name)s 中的文字不能检查，不能公示；请改用 Word（docx）、Excel（xlsx）或由它们导出的 PDF 文件。") % {
        "name": name
    }


def _part(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[str]:
    place = entry.filename.lower()
    if entry.is_dir() or place.endswith((".rels", "[content_types].xml")):
        return
    if "/media/" in place or "/embeddings/" in place or place.endswith((".bin", ".emf", ".wmf")):
        raise UnreadableAttachmentError(
            _("%(name)s 里有图片或嵌入的文件，其中的文字不能检查；请去掉后再上传。") % {"name": name}
        )
    if entry.file_size > _MOST:
        raise UnreadableAttachmentError(_("%(name)s 太大，不能检查。") % {"name": name})
    if place.endswith((".xml", ".vml")):
        yield from _lines(fromstring(archive.read(entry)))


def _lines(element: Any) -> Iterator[str]:
    """Texts of blocks, runs joined: a number that is split over runs is one number to whoever reads it."""
    for each in element.iter():
        name = _local(each)
        if name in _BLOCKS:
            yield "".join(_own(each))
        elif each.text and each.text.strip():
            yield each.text
        yield from (value for key, value in each.attrib.items() if key.rpartition("}")[2].lower() in _NAMING)


def _own(element: Any) -> Iterator[str]:
    if element.text:
        yield element.text
    for each in element:
        if _local(each) in {"tab", "br"}:
            yield " "
        yield from _own(each)
        if each.tail:
            yield each.tail


def _local(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].lower()
