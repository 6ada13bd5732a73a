"""The facts of one person as JSON text, and back as a frame of one row, so that an old verdict can be explained."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from junheng.policy.schema import Fact, Pack
from junheng.policy.vocabulary import column_type, facts_for, find_fact

NOT_FACTS = frozenset({"id", "school_id"})


def remembered(facts: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """For each row of a frame of facts with ``id``, the id and everything known as JSON text with sorted keys."""
    for row in facts.iter_rows(named=True):
        known = {name: value for name, value in row.items() if value is not None and name not in NOT_FACTS}
        yield row["id"], json.dumps(known, ensure_ascii=False, sort_keys=True, default=_plain)


def recalled(pack: Pack, text: str) -> pl.DataFrame:
    """The frame of one row that :func:`remembered` wrote; what the pack no longer knows is left out."""
    declared = facts_for(pack)
    known: Mapping[str, Any] = json.loads(text)
    columns = {}
    for name, value in known.items():
        fact = find_fact(declared, name)
        if fact is not None:
            record = fact.type == "record"
            columns[name] = pl.Series(name, [_read(fact, value)], dtype=pl.Boolean if record else column_type(fact))
    return pl.DataFrame(columns)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(fact: Fact, value: Any) -> Any:
    if fact.type == "date":
        return date.fromisoformat(value)
    if fact.type != "list":
        return value
    if fact.items:
        return [_read(Fact(type=fact.items), each) for each in value]
    return [
        {name: None if each is None else _read(fact.fields[name], each) for name, each in item.items()}
        for item in value
    ]  # fmt: skip
