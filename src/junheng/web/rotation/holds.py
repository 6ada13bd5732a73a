"""Teachers for whom nothing is issued for the time being, because something about them is still being looked into.

A part says whom it holds back::

    @holds
    def under_objection(year: RotationYear) -> set[int]: ...

Whoever adds such a reason takes the row of the year first (:func:`in_line`), as the issue of an order does: so each of
the two sees what the other has done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from junheng.web.rotation.models import RotationYear

HeldBack = Callable[[RotationYear], Collection[int]]
_holds: list[HeldBack] = []


def holds(function: HeldBack) -> HeldBack:
    """Registers what gives the keys of the teachers that are held back in a year."""
    if function not in _holds:
        _holds.append(function)
    return function


def held_back(year: RotationYear) -> set[int]:
    """Keys of the teachers for whom nothing is issued now."""
    return {key for each in _holds for key in each(year)}


def in_line(year: RotationYear) -> RotationYear:
    """The year, locked until the end of the transaction.

    As everywhere in this room, no key is locked: rows that refer to it may still be inserted. Their transaction holds
    the head of the trail by then, for which the holder of this lock is going to wait: with the key locked, PostgreSQL
    would break one of the two off.
    """
    return RotationYear.objects.select_for_update(no_key=True, of=("self",)).select_related("county").get(pk=year.pk)
