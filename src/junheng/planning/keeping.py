"""Planning again after a plan was published: which of its moves stand, and which changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from junheng.planning.problem import Assignment

LEAST_CHANGE = 10.0
"""Worth in J of each published move that stands: more than any move gains, so that the fewest change."""
Fate = Literal["same", "retaught", "redirected", "dropped", "added"]


@dataclass(frozen=True, slots=True)
class KeptMove:
    """What became of one teacher's move: ``before`` and ``after`` are school units, empty where there is no move."""

    teacher_id: str
    fate: Fate
    before: str
    after: str


def against(kept: Sequence[Assignment], now: Sequence[Assignment]) -> tuple[KeptMove, ...]:
    """Every teacher who moves in either plan, in the order of ids, with what changed between them."""
    before, after = ({a.teacher_id: a for a in plan} for plan in (kept, now))
    return tuple(_kept(teacher, before.get(teacher), after.get(teacher)) for teacher in sorted({*before, *after}))


def changed(moves: Sequence[KeptMove]) -> tuple[KeptMove, ...]:
    """Those that are not as they were."""
    return tuple(move for move in moves if move.fate != "same")


def _kept(teacher: str, before: Assignment | None, after: Assignment | None) -> KeptMove:
    fate: Fate = "same"
    if before is None or after is None:
        fate = "added" if before is None else "dropped"
    elif before.to_school != after.to_school:
        fate = "redirected"
    elif before.as_subject != after.as_subject:
        fate = "retaught"
    return KeptMove(teacher, fate, before.to_school if before else "", after.to_school if after else "")
