"""Facts and questions known to every pack, and the code lists behind facts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from junheng.facts import codes
from junheng.policy.schema import Fact, Pack, Vocabulary
from junheng.policy.yamlfile import read_yaml

SCALARS: dict[str, pl.DataType] = {
    "bool": pl.Boolean(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "text": pl.String(),
    "date": pl.Date(),
    "record": pl.Boolean(),
}
"""Column types. A record's own column says whether it was stated at all; its fields are columns ``record.field``."""

AMOUNTS = pl.List(pl.Struct({"kind": pl.String(), "amount": pl.Float64()}))
ORDERED = {"Education": "years", "Level": "rank"}
"""Code lists that have an order, and the property that gives it."""

EXTRA_WORDS = {"weak": ("薄弱学校", "under-resourced"), "urban": ("城镇", "urban"), "rural": ("农村", "rural")}


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    document = read_yaml(Path(__file__).parent / "vocabulary.yaml")
    return Vocabulary.model_validate(document.content)


def facts_for(pack: Pack) -> dict[str, Fact]:
    """Every fact that a pack may use: the vocabulary's and its own, which prevail."""
    return {**vocabulary().facts, **pack.facts}


def find_fact(facts: dict[str, Fact], name: str) -> Fact | None:
    """The declaration of a fact or of a record's field, written ``record.field``."""
    if name in facts:
        return facts[name]
    record, _, inner = name.partition(".")
    if record not in facts or not inner:
        return None
    if facts[record].like:
        return find_fact(facts, inner)
    return facts[record].fields.get(inner)


def column_type(fact: Fact) -> pl.DataType:
    """The Polars type of a fact's column."""
    if fact.type == "amounts":
        return AMOUNTS
    if fact.type != "list":
        return SCALARS[fact.type]
    if fact.items:
        return pl.List(SCALARS[fact.items])
    return pl.List(pl.Struct({name: column_type(each) for name, each in fact.fields.items()}))


def code_lists(fact: Fact) -> tuple[list[type[codes.Code]], list[str]]:
    """The code lists of a fact, and plain words that are also allowed."""
    named = [fact.codes] if isinstance(fact.codes, str) else fact.codes
    lists = [getattr(codes, each) for each in named if each and hasattr(codes, each)]
    return lists, [each for each in named if each and not hasattr(codes, each)]


def allowed_words(fact: Fact) -> list[str]:
    """The words of a closed fact in the form in which rules compare them; empty when any word may come."""
    lists, plain = code_lists(fact)
    return [] if fact.open else [*plain, *(member.value for each in lists for member in each)]


def read_word(fact: Fact, text: str) -> str | None:
    """The word as rules compare it; the text itself for an open fact; ``None`` when it is not an allowed word."""
    lists, plain = code_lists(fact)
    if text.strip() in plain:
        return text.strip()
    for each in lists:
        try:
            return each.read(text).value
        except ValueError:
            continue
    return text.strip() if fact.open or not (lists or plain) else None


def word_labels(fact: Fact, lang: str) -> dict[str, str]:
    """Labels of a fact's words for people."""
    lists, plain = code_lists(fact)
    labels = {word: EXTRA_WORDS[word][0 if lang == "zh" else 1] for word in plain if word in EXTRA_WORDS}
    for each in lists:
        labels |= {member.value: member.label(lang) for member in each}
    return labels


def ranks(fact: Fact) -> dict[str, int]:
    """The order of a fact's words, low to high; empty when they have none."""
    name = fact.codes if isinstance(fact.codes, str) else ""
    if name not in ORDERED:
        return {}
    return {member.value: getattr(member, ORDERED[name]) for member in getattr(codes, name)}
