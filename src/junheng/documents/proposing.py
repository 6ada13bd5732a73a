"""A mapping proposed from the headers of a foreign roster, and a mapping as text for one that a person put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from junheng.documents.cells import is_blank, shown
from junheng.documents.columns import FAULTS_HEADER, SHEETS, Kind, Sheet, headers_of, plain, sheet_named
from junheng.documents.intake import Limits, RawColumn, RawSheet, read_sheets

_HEADER_SEARCH_ROWS = 10
_FEW_WORDS = 20
_LONGEST_WORD = 20
_OWN = {plain(header) for header in FAULTS_HEADER.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignHeader:
    """A header of a foreign sheet; a repeated one is named ``header#2``. ``words`` are what a short column says."""

    header: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSheet:
    """A sheet that is not ours: where its headers stand and what they are."""

    name: str
    header_row: int
    headers: tuple[ForeignHeader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person decided for a foreign sheet: the column of ours for each header, constants, words for words."""

    sheet: str
    to: Sheet
    header_row: int
    columns: Mapping[str, str]
    """Foreign header to our column's field; a header without a field is left out on purpose."""
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def foreign_sheets(path: Path, limits: Limits | None = None) -> list[ForeignSheet]:
    """The sheets of a file that have no name of ours, with their headers.

    Raises :class:`~junheng.documents.UnreadableWorkbook`.
    """
    found = (_foreign(raw) for raw in read_sheets(path, limits) if sheet_named(raw.name) is None)
    return [sheet for sheet in found if sheet is not None]


def proposed_columns(headers: Iterable[str], to: Sheet) -> dict[str, str]:
    """For foreign headers the field of our column that each most likely means; each field once.

    A header that we know, in whatever spelling, comes before one that only resembles ours.
    """
    known = headers_of(to)
    listed = list(headers)
    found: dict[str, str] = {}
    for header in listed:
        column = known.get(plain(header.partition("#")[0]))
        if column is not None and "#" not in header and column.field not in found.values():
            found[header] = column.field
    for header in listed:
        near = get_close_matches(plain(header), list(known), n=1, cutoff=0.75) if header not in found else []
        if near and known[near[0]].field not in found.values():
            found[header] = known[near[0]].field
    return found


def best_sheet(headers: Iterable[str]) -> Sheet:
    """The sheet of ours that knows most of the headers; the teachers' where none knows any."""
    names = [plain(header) for header in headers]
    scored = [(sum(name in headers_of(sheet) for name in names), sheet) for sheet in SHEETS if sheet.key != "county"]
    most = max(score for score, _sheet in scored)
    teachers = next(sheet for sheet in SHEETS if sheet.key == "teachers")
    best = next(sheet for score, sheet in scored if score == most)
    return best if most and {sheet.key: score for score, sheet in scored}["teachers"] < most else teachers


def unread_words(words: Iterable[str], to: Sheet, field_name: str) -> list[str]:
    """Words of a foreign column that our code list does not know."""
    column = to.column(field_name)
    if column.codes is None or column.kind is not Kind.CODE:
        return []
    left = []
    for word in words:
        try:
            column.codes.read(word)
        except ValueError:
            left.append(word)
    return left


def mapping_text(name: str, choices: Sequence[Choice]) -> str:
    """The mapping file of :mod:`junheng.documents.mapping` for what was chosen."""
    sheets = []
    for choice in choices:
        zh = {column.field: column.zh for column in choice.to.columns}
        entry: dict[str, Any] = {
            "from": [choice.sheet],
            "to": choice.to.zh,
            "header_row": choice.header_row,
            "columns": {header: zh[of] for header, of in choice.columns.items() if of},
        }
        left_out = [header for header, of in choice.columns.items() if not of]
        optional = {
            "constants": {zh[of]: word for of, word in choice.constants.items() if word},
            "values": {header: dict(words) for header, words in choice.values.items() if words},
            "ignore": left_out,
        }
        sheets.append(entry | {key: value for key, value in optional.items() if value})
    out = StringIO()
    writer = YAML(typ="rt", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 4096
    writer.dump({"name": name, "sheets": sheets}, out)
    return out.getvalue()


def _foreign(raw: RawSheet) -> ForeignSheet | None:
    top = _header_row(raw)
    if top is None:
        return None
    headers: list[ForeignHeader] = []
    taken: dict[str, int] = {}
    for source in raw.columns:
        header = shown(source[top]).strip()
        if not header or plain(header) in _OWN:
            continue
        taken[header] = taken.get(header, 0) + 1
        name = header if taken[header] == 1 else f"{header}#{taken[header]}"
        headers.append(ForeignHeader(header=name, words=_words(source, raw, top)))
    return ForeignSheet(name=raw.name, header_row=top + 1, headers=tuple(headers)) if headers else None


def _header_row(raw: RawSheet) -> int | None:
    """Among the first rows the one with most headers of ours, or else the fullest one of texts."""
    known = {header for sheet in SHEETS for header in headers_of(sheet)}
    best, most = None, (0, 0)
    for number in range(min(raw.height, _HEADER_SEARCH_ROWS)):
        texts = [cell for cell in raw.row(number) if isinstance(cell, str) and not is_blank(cell)]
        score = (sum(plain(text) in known for text in texts), len(texts))
        if score > most:
            best, most = number, score
    return best


def _words(source: RawColumn, raw: RawSheet, top: int) -> tuple[str, ...]:
    """What a column says, when it says only few and short things without digits in a row, as a code list does."""
    if len(source.distinct) > _FEW_WORDS + top + 2:
        return ()
    used = {source.rows[row] for row in range(top + 1, raw.height)}
    words = {shown(source.distinct[number]).strip() for number in used}
    words.discard("")
    numbers = any(len(word) > _LONGEST_WORD or sum(mark.isdigit() for mark in word) > 3 for word in words)
    return () if numbers or len(words) > _FEW_WORDS else tuple(sorted(words))
