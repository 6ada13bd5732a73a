"""One way to write a value, so that its hash is the same on every database and after every reading back."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any


def plain(value: Any) -> Any:
    """What JSON carries and every database gives back unchanged.

    PostgreSQL's ``jsonb`` keeps numbers without their exponent, knows no negative zero, no infinity and no NUL; so
    whole floats become integers, what is no number becomes text, and characters that cannot be stored are replaced.
    """
    match value:
        case None | bool():
            found: Any = value
        case int():
            found = int(value)
        case float():
            found = (int(value) if value.is_integer() else value) if isfinite(value) else str(value)
        case dict():
            found = {text(str(key)): plain(each) for key, each in value.items()}
        case list() | tuple():
            found = [plain(each) for each in value]
        case set() | frozenset():
            found = sorted((plain(each) for each in value), key=str)
        case _:
            found = text(str(value))
    return found


def text(value: str) -> str:
    """The text without what a database cannot store: NUL is shown by its sign, halves of a pair by a question mark."""
    return str(value).replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")


def written(value: Any) -> str:
    """Canonical JSON: keys in order, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
