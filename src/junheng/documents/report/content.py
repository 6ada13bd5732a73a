"""What a report says, in one language and in the order of reading: sentences, tables of text, pictures.

The page and the print are laid out from the same :class:`Content`, so that they never differ. Text here is plain text
from the county's files: whoever lays it out must escape it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from junheng.documents.report.drawing.ink import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of text; ``right`` are the columns of numbers, ``widths`` are shares of the width."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: frozenset[int] = frozenset()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure that a reader must not miss: a name, the figure, and what it was or must be."""

    name: str
    figure: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter: sentences, then pictures and tables."""

    name: str
    title: str
    sentences: Sequence[str] = ()
    parts: Sequence[Picture | Grid] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A whole report. ``warning`` stands on every page when the plan is not to be adopted; ``picture`` is
    that of the first page.
    """

    lang: str
    title: str
    subtitle: str
    on: date
    warning: str
    status: str
    facts: Sequence[tuple[str, str]]
    cards: Sequence[Card]
    summary: Sequence[str]
    picture: Picture | None
    sections: Sequence[Section] = field(default_factory=tuple)
    footer: str = ""
    contents_title: str = ""
