"""Case files: facts as JSON, read into columns. An unknown name or type is an error of that case only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from junheng.policy.errors import CaseError
from junheng.policy.schema import Fact, Pack
from junheng.policy.vocabulary import allowed_words, column_type, facts_for, read_word, vocabulary

TYPE_WORDS = {
    "bool": ("true 或 false", "true or false"),
    "integer": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "text": ("文字", "text"),
    "date": ("日期，如 2024-08-31", "a date such as 2024-08-31"),
    "record": ("对象 {…}", "an object {…}"),
    "list": ("列表 […]", "a list […]"),
    "amounts": ("对象 {类别: 数量}", "an object {kind: amount}"),
}


def read_facts(pack: Pack, query: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one case. Raises :class:`CaseError` naming the first fact that cannot be read."""
    declared = facts_for(pack)
    question = vocabulary().questions.get(query)
    columns: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "query":
            continue
        target = question.names.get(name, name) if question else name
        if target not in declared:
            raise CaseError(f"未知的事实 {name!r}", f"unknown fact {name!r}")
        _read_into(columns, target, name, declared, value)
    return columns


def _read_into(columns: dict[str, Any], target: str, name: str, declared: Mapping[str, Fact], value: Any) -> None:
    fact = declared[target]
    if fact.type != "record":
        columns[target] = read_value(fact, name, value)
        return
    if value is None:
        return
    if not isinstance(value, dict):
        raise wrong_type(fact, name, value)
    columns[target] = True
    fields = {k: v for k, v in declared.items() if v.type != "record" or not v.like} if fact.like else fact.fields
    for inner, each in value.items():
        if inner == "query" and fact.like:
            continue
        if inner not in fields:
            raise CaseError(f"未知的事实 {name}.{inner!r}", f"unknown fact {name}.{inner!r}")
        nested: dict[str, Any] = {}
        _read_into(nested, inner, f"{name}.{inner}", fields, each)
        columns |= {f"{target}.{key}": each for key, each in nested.items()}


def wrong_type(fact: Fact, name: str, value: Any) -> CaseError:
    """The error for a value of another type."""
    zh, en = TYPE_WORDS[fact.type]
    return CaseError(f"事实 {name} 的值是 {value!r}，应为{zh}", f"fact {name} is {value!r}; expected {en}")


def read_value(fact: Fact, name: str, value: Any) -> Any:  # noqa: PLR0911
    """One value in the form of its column; ``None`` stays blank."""
    if value is None:
        return None
    match fact.type:
        case "bool" if isinstance(value, bool):
            return value
        case "integer" | "number":
            return _number(fact, name, value)
        case "date":
            return _date(fact, name, value)
        case "text" if isinstance(value, str):
            return _word(fact, name, value)
        case "amounts" if isinstance(value, dict):
            return [
                {
                    "kind": read_word(fact, kind),
                    "amount": _number(Fact(type="number", minimum=0), f"{name}.{kind}", each),
                }
                for kind, each in value.items()
            ]
        case "list" if isinstance(value, list):
            return _items(fact, name, value)
    raise wrong_type(fact, name, value)


def _number(fact: Fact, name: str, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise wrong_type(fact, name, value)
    if fact.type == "integer" and value != int(value):
        raise wrong_type(fact, name, value)
    if abs(value) > 1e12:
        raise CaseError(f"事实 {name} 的值 {value!r} 过大", f"fact {name} is {value!r}; that is too large")
    if fact.minimum is not None and value < fact.minimum:
        raise CaseError(
            f"事实 {name} 的值是 {value!r}，应不小于 {fact.minimum:g}",
            f"fact {name} is {value!r}; expected at least {fact.minimum:g}",
        )
    return int(value) if fact.type == "integer" else float(value)


def _date(fact: Fact, name: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong_type(fact, name, value) from None


def _word(fact: Fact, name: str, value: str) -> str | None:
    if not value.strip():
        return None
    word = read_word(fact, value)
    if word is None:
        words = "、".join(allowed_words(fact))
        raise CaseError(
            f"事实 {name} 的值是 {value!r}，应为其中之一：{words}",
            f"fact {name} is {value!r}; expected one of {words}",
        )
    return word


def _items(fact: Fact, name: str, value: list[Any]) -> list[Any]:
    if fact.items:
        item = Fact(type=fact.items, codes=fact.codes, open=fact.open, minimum=fact.minimum)
        return [read_value(item, f"{name}[{i}]", each) for i, each in enumerate(value)]
    items = []
    for i, each in enumerate(value):
        if not isinstance(each, dict):
            raise CaseError(f"事实 {name}[{i}] 应为对象 {{…}}", f"fact {name}[{i}]: expected an object {{…}}")
        unknown = sorted(set(each) - set(fact.fields))
        if unknown:
            raise CaseError(f"未知的事实 {name}[{i}].{unknown[0]!r}", f"unknown fact {name}[{i}].{unknown[0]!r}")
        items.append({k: read_value(f, f"{name}[{i}].{k}", each.get(k)) for k, f in fact.fields.items()})
    return items


def frame_of(pack: Pack, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A frame of cases with the columns that any of them states."""
    declared = facts_for(pack)
    names = sorted({name for row in rows for name in row})
    columns = {}
    for name in names:
        kind = column_type(_declared(declared, name))
        columns[name] = pl.Series(name, [row.get(name) for row in rows], dtype=kind)
    return pl.DataFrame(columns) if columns else pl.DataFrame({"_": [True] * len(rows)})


def _declared(declared: Mapping[str, Fact], name: str) -> Fact:
    record, _, inner = name.partition(".")
    if not inner:
        return declared[name]
    holder = declared[record]
    return _declared(declared if holder.like else holder.fields, inner)
