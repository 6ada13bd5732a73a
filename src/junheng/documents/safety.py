"""Text that a spreadsheet must not take for a formula. Every text cell that leaves the product passes here."""

from __future__ import annotations

_LEADS = frozenset("=+-@\t\r\n＝＋－＠")
_IGNORED = " \u3000\xa0\u200b\ufeff"
_LONGEST = 32_767
_CUT = "…（过长，全文见CSV或JSON）"


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may run the text: it begins with = + - @, TAB, CR, LF or a full-width form of these."""
    return text.lstrip(_IGNORED)[:1] in _LEADS if text.strip(_IGNORED) else False


def csv_text(text: str) -> str:
    """The text for a CSV cell: an apostrophe stands before anything formula-like."""
    return f"'{text}" if is_formula_like(text) else text


def cell_text(text: str) -> str:
    """The text for an xlsx cell, written as a string and never as a formula; cut at Excel's 32,767 characters."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def sheet_title(text: str, taken: set[str]) -> str:
    """A name Excel accepts for a sheet: at most 31 characters, none of ``[]:*?/\\``, unlike those ``taken``."""
    plain = "".join("_" if mark in "[]:*?/\\" else mark for mark in text).strip("' ")[:31] or "Sheet"
    title, number = plain, 1
    while title.casefold() in taken:
        number += 1
        title = f"{plain[: 30 - len(str(number))]}~{number}"
    taken.add(title.casefold())
    return title
