"""The Chinese font of the extra ``report``, and text that it can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from itertools import count
from pathlib import Path

from matplotlib.ft2font import FT2Font

FONT = "Noto Sans CJK SC"
LACKING = "〓"
"""What Chinese printers set for a character that their case lacks."""
_UNSEEN = {"Cc", "Cf", "Cs"}


def font_folder() -> Path:
    """Where the font is."""
    return Path(str(files("manimgx_fonts_cjk")))


def font_file() -> Path:
    """The file with the font's faces."""
    return next(font_folder().glob("*.ttc"))


def legible(text: str) -> str:
    """The text without control characters and marks that turn its direction; a line break is kept."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNSEEN)


def printable(text: str) -> str:
    """The text as the font can show it: characters that it lacks become :data:`LACKING`."""
    known = _characters()
    return "".join(c if c == "\n" or ord(c) in known else LACKING for c in legible(text))


def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that the font lacks, each once, in order."""
    known = _characters()
    return tuple(sorted({c for c in legible(text) if c != "\n" and ord(c) not in known}))


@cache
def _characters() -> frozenset[int]:
    faces = (FT2Font(str(font_file()), face_index=index) for index in count())
    return frozenset(next(face for face in faces if face.family_name.startswith(FONT)).get_charmap())
