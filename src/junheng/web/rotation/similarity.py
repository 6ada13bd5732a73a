"""How much of a text occurs in another: shares of common shingles, so that a reader knows where to look."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LENGTH = 8
"""Characters of a shingle: long enough that two people do not write the same one by chance too often."""
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The share of a text, in percent, that occurs in the text of that key."""

    key: Any
    share: float


def shingles(text: str, length: int = LENGTH) -> frozenset[str]:
    """Every run of ``length`` characters, without punctuation, blanks and case; the whole of a shorter text."""
    plain = _NOISE.sub("", text).casefold()
    if len(plain) <= length:
        return frozenset({plain} if plain else ())
    return frozenset(plain[at : at + length] for at in range(len(plain) - length + 1))


def share_of(text: str, other: str) -> float:
    """Which percentage of the shingles of ``text`` occurs in ``other``; 0 for an empty text."""
    own = shingles(text)
    return 100 * len(own & shingles(other)) / len(own) if own else 0.0


def likest(text: str, others: Iterable[tuple[Any, str]]) -> Likeness | None:
    """The other text in which most of this one occurs; the first of several; ``None`` where nothing does."""
    own, best = shingles(text), None
    for key, other in others:
        share = 100 * len(own & shingles(other)) / len(own) if own else 0.0
        if share > 0 and (best is None or share > best.share):
            best = Likeness(key, share)
    return best
