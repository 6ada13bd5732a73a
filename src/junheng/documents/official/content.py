"""What an official paper says: its head, its blocks, its foot; nothing of how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_DIGITS = "零一二三四五六七八九"


class Align(StrEnum):
    """Where a line or a cell's text stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    JUSTIFIED = "both"


class Sheet(StrEnum):
    """How a paper's first page begins: under a red head, or with its title, as notices, letters and forms do."""

    RED_HEAD = "red_head"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、), 2 （一）, 3 (1.) or 4 （1）; the number is counted where the paper is set."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in {1, 2, 3, 4}:
            raise ValueError(f"heading of level {self.level}, expected 1 to 4")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``indent`` says whether its first line stands two characters in. ``strong`` sets it in 黑体."""

    text: str
    indent: bool = True
    align: Align = Align.JUSTIFIED
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a :class:`Grid`: what stands over it, its width as a share of the others', where its text stands."""

    title: str
    width: float = 1.0
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head that is repeated on each page; every row has a text for every column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    small: bool = False
    """五号 instead of 小四, for tables of many columns."""
    height: float = 0.0
    """Rows are so many mm high at least, for those in which people sign."""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, expected {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a :class:`Form`: a label in 黑体 or what is filled in, over ``span`` of the form's columns.

    ``sign`` stands at the foot of the cell to the right, as （公章） and the date of an opinion do.
    """

    text: str
    span: int = 1
    label: bool = False
    align: Align = Align.CENTRE
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a :class:`Form`, ``height`` mm high at least, so that stamps fit."""

    boxes: tuple[Box, ...]
    height: float = 9.0


@dataclass(frozen=True, slots=True)
class Form:
    """A form to fill in: rows of boxes on a grid of columns given by their shares of the width."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            spanned = sum(box.span for box in row.boxes)
            if spanned != len(self.widths):
                raise ValueError(f"row {number} covers {spanned} columns, expected {len(self.widths)}")


@dataclass(frozen=True, slots=True)
class Cut:
    """A line to cut or fold along, with words across it, such as the number of a letter over its stub."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and when, inside the body: for papers with several parts, each signed."""

    by: str
    on: date | None = None
    blank_lines: int = 1


@dataclass(frozen=True, slots=True)
class Title:
    """A title inside the body, for a paper of several parts on one sheet."""

    text: str


Block = Heading | Text | Blank | Grid | Form | Cut | Signature | Title


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment, which begins a new page; ``landscape`` turns its pages for wide tables."""

    title: str
    body: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """An official paper. ``issuer`` is the name in the red head, ``number`` such as 云教〔2026〕5号.

    ``title`` is broken into lines where it is too long for one; a tuple gives the lines. ``sealed`` says whether the
    signature is laid out for a seal, ``about`` whose paper it is where it is one person's. ``note`` is what stands in
    brackets under the date, such as whom to ask;
    ``copies_to`` and ``printed_by`` with ``printed_on`` make the foot of the last page (版记).
    """

    title: str | tuple[str, ...]
    body: tuple[Block, ...]
    sheet: Sheet = Sheet.PLAIN
    issuer: str = ""
    number: str = ""
    addressed_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None
    sealed: bool = True
    note: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    landscape: bool = False
    compact: bool = False
    """小四 instead of 三号 for the body, for forms and sheets that must stay on one page."""
    page_numbers: bool = True
    about: str = ""

    def __post_init__(self) -> None:
        if self.sheet is Sheet.RED_HEAD and not self.issuer:
            raise ValueError("a red head names its issuer")

    @property
    def plain_title(self) -> str:
        """The title in one line."""
        return self.title if isinstance(self.title, str) else "".join(self.title)


def chinese_date(day: date) -> str:
    """A date as papers write it: 2026年9月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def signing_date(day: date | None) -> str:
    """The date under a signature; room for writing it where there is none yet."""
    return chinese_date(day) if day else "　　年　月　日"


def document_number(code: str, year: int, number: int) -> str:
    """A document's number (发文字号): 云教〔2026〕5号, in hexagonal brackets and without leading noughts."""
    return f"{code}〔{year}〕{number}号"


def chinese_number(number: int) -> str:
    """A number from 1 to 99 as headings count: 一, 十, 十二, 二十三."""
    if not 0 < number < 100:
        raise ValueError(f"{number} headings, expected 1 to 99")
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return before + (_DIGITS[ones] if ones else "")


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with its number; only headings have one: 一、 （一） 1. （1）, counted anew under each above."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, ""
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (4 - block.level)
        yield block, _label(block.level, counts[block.level - 1])


def _label(level: int, number: int) -> str:
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    return f"{number}. " if level == 3 else f"（{number}）"


def attachment_lines(paper: Paper) -> list[str]:
    """What stands under the body about attachments: 附件：1. … , one line each; without a number where there is one."""
    titles = [each.title for each in paper.attachments]
    if len(titles) == 1:
        return [f"附件：{titles[0]}"]
    return [f"{'附件：' if number == 1 else '　　　'}{number}. {title}" for number, title in enumerate(titles, 1)]


_NEAR = 4
"""So many characters from an even division a joining word is still looked for."""
_AFTER = "的和与及对、年"
_OPENING, _CLOSING = "（《“〔第", "）》”〕，、。；："


def _is_inside(text: str, place: int) -> bool:
    """Whether a line may not end there: within a number, after its digits (10月, 2028学年), at a bracket, in 学年."""
    before, after = text[place - 1], text[place]
    number = all(each.isascii() or each in "—〔〕号年" for each in (before, after))
    return number or before in _OPENING or after in _CLOSING or before.isdigit() or before + after == "学年"


def title_lines(title: str | tuple[str, ...], width: int = 20) -> list[str]:
    """The lines of a title, about equally long and none over ``width`` characters, broken after a joining word."""
    if not isinstance(title, str):
        return list(title)
    count = -(-len(title) // width)
    lines, rest = [], title
    for left in range(count, 1, -1):
        even = -(-len(rest) // left)
        shortest = max(1, len(rest) - width * (left - 1))
        whole = [at for at in range(shortest, min(width, len(rest) - 1) + 1) if not _is_inside(rest, at)]
        joined = [at for at in whole if rest[at - 1] in _AFTER and abs(at - even) <= _NEAR]
        place = min(joined or whole or [even], key=lambda each: abs(each - even))
        lines.append(rest[:place])
        rest = rest[place:]
    return [*lines, rest]
