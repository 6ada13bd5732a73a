"""What waits for a person (待办): each room says what it has, the home page puts it together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some pieces of work of one kind: what they are, where they are done, how many, and by when the first is due."""

    label: Any
    url: str
    count: int
    due: date | None = None
    kind: str = ""


Provider = Callable[[HttpRequest], Iterable[Waiting]]
_providers: list[Provider] = []


def provide(function: Provider) -> Provider:
    """Registers what says, for the person of a request, what waits in a room; called when the room is readied."""
    if function not in _providers:
        _providers.append(function)
    return function


def waiting_for(request: HttpRequest) -> list[Waiting]:
    """Everything that waits for the person of the request: what is due first stands first, then what is most."""
    found = [each for provider in _providers for each in provider(request) if each.count > 0]
    return sorted(found, key=lambda each: (each.due or date.max, -each.count, str(each.label)))
