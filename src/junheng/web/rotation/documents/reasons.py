"""The reasons of a pack as a paper to a person says them."""

from __future__ import annotations

import re

_MARKS = {",": "，", ";": "；", ":": "："}
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])([,;:])|([,;:])(?=[^\x00-\x7f])")
_IS = re.compile(r"(?<=[^\x00-\x7f])=")


def in_sentences(reason: str) -> str:
    """A reason with the marks of Chinese text, 为 for the sign between a fact and its value, and a full stop."""
    said = _IS.sub("为", _BETWEEN.sub(lambda found: _MARKS[found[0]], reason.strip()))
    return f"{said.rstrip('。')}。" if said else ""
