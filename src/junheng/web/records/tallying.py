"""Counting many things at once: aggregates over different tables, asked in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, F, QuerySet, Value


@dataclass(frozen=True, slots=True)
class Tally:
    """What is to be counted of some rows: aggregates by name, together or ``by`` the values of a column.

    Tallies that are asked together have aggregates of the same names, and of the same types, in the same order.
    """

    rows: QuerySet[Any]
    measures: Mapping[str, Any]
    by: str = ""


def tallied(asked: Sequence[Tally]) -> list[dict[Any, tuple[Any, ...]]]:
    """For each tally its aggregates, in their order, by the value of the column; by 0 where there is none.

    Raises :class:`TypeError` for days among numbers: PostgreSQL would refuse what SQLite lets pass.
    """
    found: list[dict[Any, tuple[Any, ...]]] = [{} for _each in asked]
    queries = [_query(place, each) for place, each in enumerate(asked)]
    kinds = {tuple(_is_day(query, name) for name in each.measures) for query, each in zip(queries, asked, strict=True)}
    if len(kinds) > 1:
        raise TypeError(f"aggregates of {[str(each.rows.model._meta) for each in asked]} differ in their types")
    for place, key, *values in queries[0].union(*queries[1:], all=True) if queries else ():
        found[place][key] = tuple(values)
    return found


def numbers(*several: QuerySet[Any]) -> list[int]:
    """How many rows there are of each."""
    return [each[0][0] if each else 0 for each in tallied([Tally(rows, {"n": Count("pk")}) for rows in several])]


def _is_day(query: QuerySet[Any, Any], name: str) -> bool:
    return isinstance(query.query.annotations[name].output_field, DateField)


def _query(place: int, asked: Tally) -> QuerySet[Any, Any]:
    """The aggregates of the rows, behind the place in which they were asked for and the column's value."""
    rows = asked.rows.order_by()
    if rows.query.distinct:
        rows = rows.model._base_manager.filter(pk__in=rows.values("pk")).order_by()
    key = F(asked.by) if asked.by else Value(0)
    return (
        rows.values(tally_place=Value(place), tally_key=key)
        .annotate(**asked.measures)
        .values_list("tally_place", "tally_key", *asked.measures)
    )
