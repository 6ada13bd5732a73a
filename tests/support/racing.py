"""Doing several things at the same moment, each on a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections


def at_once(*deeds: Callable[[], Any], within: float = 120) -> list[Any]:
    """Begins all deeds together, in threads; gives what each gave or raised, ``None`` for one not done in the time."""
    barrier, found = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            found[place] = deed()
        except Exception as fault:
            found[place] = fault
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(within)
    return found
