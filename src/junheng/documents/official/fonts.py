"""Fonts of official papers, and which characters of a text each of them is asked to set."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names of the fonts; the reader's computer must have them.

    ``rare`` sets what the old fonts of some seven thousand characters lack, as 珺 and 㛃 in names; ``rarest`` what
    lies beyond the first plane of Unicode, as 𬭚.
    """

    body: str = "仿宋_GB2312"
    heading: str = "黑体"
    subheading: str = "楷体_GB2312"
    title: str = "方正小标宋简体"
    page_number: str = "宋体"
    latin: str = "Times New Roman"
    rare: str = "宋体"
    rarest: str = "SimSun-ExtB"

    @property
    def names(self) -> tuple[str, ...]:
        """Every font named, each once."""
        return tuple(dict.fromkeys(getattr(self, each.name) for each in fields(self)))


OFFICE_FONTS = Fonts()
"""The fonts that a bureau's computers have."""


def runs_of(text: str, font: str, fonts: Fonts) -> Iterator[tuple[str, str]]:
    """Pieces of a text with the font that sets each: ``font`` where it has the characters, else one that does."""
    charset = "gb2312" if font.endswith(("_GB2312", "简体")) else "gbk"
    for name, piece in groupby(legible(text), lambda character: _font_of(character, font, charset, fonts)):
        yield "".join(piece), name


def _font_of(character: str, font: str, charset: str, fonts: Fonts) -> str:
    if ord(character) > 0xFFFF:
        return fonts.rarest
    if unicodedata.category(character) != "Lo":
        return font
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return fonts.rare
    return font


def legible(text: str) -> str:
    """The text without control characters, which the file's format does not allow."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"})
