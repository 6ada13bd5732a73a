"""The words that verdicts take, as people read them."""

from __future__ import annotations

from junheng.policy.vocabulary import vocabulary


def verdict_words(verdict: str, lang: str = "zh") -> str:
    """A verdict in ``zh`` or ``en``; a word that has none stands for itself."""
    words = vocabulary().words.get(verdict)
    return words.text(lang) if words else verdict.replace("_", " ")
