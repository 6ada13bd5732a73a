"""What a teacher has to do and has been told in a year: each part of the room says its own, one page shows it.

A part registers what it has for a teacher::

    @own(order=20)
    def verdict(page, teacher): return [Card(_("资格认定"), …)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from junheng.web.staffing.models import Teacher

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage


@dataclass(frozen=True, slots=True)
class Button:
    """A way on: to a page, or with ``posts`` an action."""

    label: Any
    url: str
    primary: bool = False
    posts: bool = False
    confirm: Any = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One matter: a badge with its tone, a sentence, facts as ``{label, value}``, ways on, and by when."""

    title: Any
    badge: Any = ""
    tone: str = "secondary"
    said: Any = ""
    facts: tuple[dict[str, Any], ...] = ()
    buttons: tuple[Button, ...] = ()
    until: datetime | None = None


Cards = Callable[["YearPage", Teacher], Iterable[Card]]
_cards: dict[Cards, int] = {}


def own(*, order: int) -> Callable[[Cards], Cards]:
    """Registers what a part has for a teacher; cards stand by ``order``."""

    def register(function: Cards) -> Cards:
        _cards[function] = order
        return function

    return register


def cards_for(page: YearPage, teacher: Teacher) -> list[Card]:
    """Everything that the parts have for the teacher."""
    return [card for each in sorted(_cards, key=_cards.__getitem__) for card in each(page, teacher)]
