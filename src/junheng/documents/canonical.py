"""A county as canonical text: the same facts give the same text, whatever the order of rows, and so the same digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import Any

from junheng.facts import County


def county_digest(county: County) -> str:
    """SHA-256 over :func:`canonical_lines`, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for line in canonical_lines(county):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def canonical_lines(county: County) -> Iterator[str]:
    """A line of JSON for the county, each cluster, school, teacher and pairing, in the order of their ids.

    Keys are sorted, blanks are left out, whole numbers have no decimal point, and lists whose order is no fact, such as
    the spells of a teacher, are sorted.
    """
    yield _line("county", {"name": county.name, "on": county.on.isoformat()})
    for kind, held in (("cluster", county.clusters), ("school", county.schools), ("teacher", county.teachers)):
        for fact in held:
            yield _line(kind, plain_facts(fact))
    yield from sorted(_line("pairing", plain_facts(pairing)) for pairing in county.pairings)


def plain_facts(fact: Any) -> Any:
    """A fact as JSON carries it: codes by their value, days as text, sets and lists sorted, blanks left out."""
    kind: Any = type(fact)
    return _way(kind)(fact)


@cache
def _way(kind: type) -> Callable[[Any], Any]:
    """How values of a type become plain."""
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        return lambda fact: _attributes(fact, names)
    for known, way in _WAYS:
        if issubclass(kind, known):
            return way
    raise TypeError(f"{kind.__name__} is no part of a county")


def _attributes(fact: Any, names: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for name in names:
        value = getattr(fact, name)
        if value is None:
            continue
        kind: Any = type(value)
        if kind is str:
            if value:
                found[name] = value
        elif kind in _COUNTED:
            found[name] = int(value) if kind is float and value.is_integer() else value
        elif value and (plain := _way(kind)(value)):
            found[name] = plain
    return found


def _sorted(facts: Iterable[Any]) -> list[Any]:
    return sorted(map(plain_facts, facts), key=_written)


def _same(value: Any) -> Any:
    return value


_COUNTED = frozenset({bool, int, float})
"""Of which nought is something to say."""
_WAYS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((bool, int, NoneType), _same),
    (str, str),
    (float, lambda value: int(value) if value.is_integer() else value),
    (date, date.isoformat),
    (dict, lambda value: {str(key): plain_facts(each) for key, each in value.items()}),
    ((tuple, frozenset, list), _sorted),
)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(value: Any) -> str:
    return _ENCODER.encode(value)


def _line(kind: str, value: Any) -> str:
    return _written([kind, value])
