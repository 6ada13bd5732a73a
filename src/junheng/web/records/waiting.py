"""What waits for a person (待办): each room says what it has, the home page puts it together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from junheng.web.records.tallying import Tally, tallied


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some pieces of work of one kind: what they are, where they are done, how many, and by when the first is due."""

    label: Any
    url: str
    count: int
    due: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The same as rows, which are counted in one query with those of everybody else.

    ``due`` is a day, or names a field whose first day it is. ``url`` is an address, or makes one from the least and the
    greatest value of ``key``, a field or an annotation of whole numbers.
    """

    label: Any
    url: str | Callable[[Any, Any], str]
    rows: QuerySet[Any]
    due: date | str | None = None
    kind: str = ""
    key: str = "pk"


Provider = Callable[[HttpRequest], Iterable[Waiting | Counted]]
_providers: list[Provider] = []


def provide(function: Provider) -> Provider:
    """Registers what says, for the person of a request, what waits in a room; called when the room is readied."""
    if function not in _providers:
        _providers.append(function)
    return function


def waiting_for(request: HttpRequest) -> list[Waiting]:
    """Everything that waits for the person of the request: what is due first stands first, then what is most."""
    said = [each for provider in _providers for each in provider(request)]
    found = [each for each in said if isinstance(each, Waiting)]
    found += _counted([each for each in said if isinstance(each, Counted)])
    there = (each for each in found if each.count > 0)
    return sorted(there, key=lambda each: (each.due or date.max, -each.count, str(each.label)))


def _counted(asked: list[Counted]) -> Iterable[Waiting]:
    for each, found in zip(asked, tallied([_tally(each) for each in asked]), strict=True):
        for count, first, *ends in found.values():
            if count:
                url = each.url if isinstance(each.url, str) else each.url(*ends)
                yield Waiting(each.label, url, count, first if isinstance(each.due, str) else each.due, each.kind)


def _tally(asked: Counted) -> Tally:
    """Number, first day, least and greatest key of the rows."""
    first = Min(asked.due) if isinstance(asked.due, str) else Cast(Value(None), DateField())
    return Tally(
        asked.rows, {"count": Count("pk"), "first": first, "least": Min(asked.key), "greatest": Max(asked.key)}
    )
