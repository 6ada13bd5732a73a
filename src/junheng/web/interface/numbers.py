"""How every page writes a figure: thousands apart by commas, a true minus, a dash for what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django_tables2 import Column

UNKNOWN = "—"
_MINUS = str.maketrans("-", "−")


def number(value: Any, digits: int | None = None) -> str:
    """A figure as people read it, with so many decimals; without ``digits`` as many as it has, at most three.

    ``None`` is a dash; a text, and whatever else is no figure, stays as it is.
    """
    return _written(value, digits, "")


def signed(value: Any, digits: int | None = None) -> str:
    """A difference as people read it: a surplus with its plus, a shortage with its minus, none as a bare 0."""
    return _written(value, digits, "+")


def persons(count: int) -> str:
    """So many people, in words."""
    return ngettext("%(number)s 人", "%(number)s 人", 1 if count in {1, -1} else 2) % {"number": number(count)}


def person_unit(count: float | None) -> str:
    """The word behind a number of people that is set apart from it."""
    return ngettext("人", "人", 1 if count in {1, -1} else 2)


def until(moment: datetime, *, seconds: bool = False) -> str:
    """When something ends, in the time of the place: what ends with a day ends on it at 24:00, not on the next."""
    there = timezone.localtime(moment)
    written = f"{there:%Y-%m-%d %H:%M:%S}" if seconds else f"{there:%Y-%m-%d %H:%M}"
    if there.time() == time():
        return f"{there - timedelta(days=1):%Y-%m-%d} {written[11:].replace('00', '24', 1)}"
    return written


def listed(words: Iterable[Any]) -> str:
    """Words one after the other, apart as the language of the page has it."""
    return comma().join(str(word) for word in words)


def comma() -> str:
    """What stands between two words of a list in the language of the page."""
    return "、" if _in_chinese() else ", "


def colon() -> str:
    """What stands between a thing and what is said of it in the language of the page."""
    return "：" if _in_chinese() else ": "


def semicolon() -> str:
    """What stands between two parts of a remark in the language of the page."""
    return "；" if _in_chinese() else "; "


def aside(word: Any) -> str:
    """A word in brackets, to be put straight behind another."""
    return f"（{word}）" if _in_chinese() else f" ({word})"


def _in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


RIGHT: dict[str, dict[str, str]] = {part: {"class": "number"} for part in ("td", "th", "tf")}
"""The attributes of a column of figures."""


class FigureColumn(Column):
    """A column of figures, written as everywhere; in files the bare number."""

    def __init__(self, digits: int | None = None, **given: Any) -> None:
        self.digits = digits
        super().__init__(attrs=RIGHT, **given)

    def render(self, value: Any) -> str:
        """As people read it."""
        return number(value, self.digits)

    def value(self, value: Any) -> Any:
        """As a file holds it."""
        return value


def _written(value: Any, digits: int | None, sign: str) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        return str(value)
    if isinstance(value, Fraction):
        value = float(value)
    places = 3 if digits is None else digits
    if round(value, places) == 0:
        value, sign = 0, ""  # neither "+0" nor "−0.0"
    text = f"{value:{sign},d}" if isinstance(value, int) and not digits else f"{value:{sign},.{places}f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_MINUS)
