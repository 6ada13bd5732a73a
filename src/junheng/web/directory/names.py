"""What is derived from a name for finding and ordering: pinyin with surnames read right, initials, strokes."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.seg.mmseg import seg

try:
    from icu import Collator, Locale
except ImportError:  # no ICU on this platform: the order of strokes falls back to that of the characters
    Collator = Locale = None

SURNAMES = {
    "单": "shan", "解": "xie", "曾": "zeng", "区": "ou", "仇": "qiu", "查": "zha", "翟": "zhai", "朴": "piao",
    "盖": "ge", "乐": "yue", "任": "ren", "华": "hua", "尹": "yin", "缪": "miao", "召": "shao", "折": "she",
    "覃": "qin", "洗": "xian", "冼": "xian", "员": "yun", "黑": "he", "秘": "bi", "冯": "feng", "幺": "yao",
    "繁": "po", "种": "chong", "燕": "yan", "牟": "mu", "祭": "zhai", "逄": "pang", "尉": "wei", "葛": "ge",
    "重": "chong", "长": "chang", "都": "du", "隗": "wei", "谌": "chen", "哈": "ha", "訾": "zi", "卜": "bu",
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai", "长孙": "zhang sun",
}  # fmt: skip
"""Surnames that a dictionary of words reads as something else."""


def reading(name: str) -> list[str]:
    """Syllables of a person's name; letters and other signs stay as they are."""
    for length in (2, 1):
        if (surname := name[:length]) in SURNAMES and len(name) > length:
            return [*SURNAMES[surname].split(), *_syllables(name[length:])]
    return _syllables(name)


def _syllables(text: str) -> list[str]:
    """As ``lazy_pinyin`` gives them, each word and sign of names read once: a county's names are made of few."""
    if not all("\u4e00" <= sign <= "\u9fff" for sign in text):
        return lazy_pinyin(text)  # signs of other scripts are kept together as they stand
    return [syllable for word in seg.cut(text) for syllable in _read(word)]


@lru_cache(maxsize=50_000)
def _read(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def first_letters(syllables: list[str]) -> str:
    """Initials of the syllables."""
    return "".join(each[:1] for each in syllables).casefold()


@cache
def _strokes() -> Any:
    return Collator.createInstance(Locale("zh@collation=stroke")) if Collator is not None else None


def stroke_key(text: str) -> str:
    """A text that sorts like the name does in the order of strokes."""
    collator = _strokes()
    return collator.getSortKey(text).hex() if collator is not None else unicodedata.normalize("NFC", text)


def word_reading(text: str) -> tuple[str, str]:
    """Pinyin and initials of a name that is no person's, such as a school's."""
    syllables = [part[0] for part in pinyin(text, style=Style.NORMAL)]
    return " ".join(syllables).casefold(), first_letters(syllables)
