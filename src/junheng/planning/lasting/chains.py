"""Replacement chains: who fills the place that a mover leaves, and who fills his, to the end.

A move leaves a place (school unit and subject) and fills another. Followed from the place that is filled, moves form
chains, which begin where a school gains a teacher and end where one is left with fewer, and closed exchanges, in which
everybody takes the next one's place.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from junheng.planning.problem import Assignment, Problem

Slot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """One move in a chain; ``returning`` when it is a return home and not a move of the plan."""

    teacher_id: str
    from_school: str
    from_subject: str
    to_school: str
    as_subject: str
    returning: bool = False

    @property
    def left(self) -> Slot:
        """The place that the move opens."""
        return self.from_school, self.from_subject

    @property
    def filled(self) -> Slot:
        """The place that the move fills."""
        return self.to_school, self.as_subject


@dataclass(frozen=True, slots=True)
class Chain:
    """Links in order: each fills the place that the one before left. In an ``exchange`` the first fills the last's."""

    kind: Literal["chain", "exchange"]
    links: tuple[Link, ...]

    @property
    def gains(self) -> Slot | None:
        """The place that ends with one teacher more; ``None`` in an exchange."""
        return self.links[0].filled if self.kind == "chain" else None

    @property
    def gives(self) -> Slot | None:
        """The place that ends with one teacher fewer; ``None`` in an exchange."""
        return self.links[-1].left if self.kind == "chain" else None


def chains_of(problem: Problem, assignments: Iterable[Assignment], returning: Sequence[Link] = ()) -> tuple[Chain, ...]:
    """Every move in exactly one chain or exchange; the same plan gives the same chains.

    ``returning`` are returns in the units of the problem, which open places at their host schools. Where several fill
    the same place, the first by teacher id fills the first that was left.
    """
    teachers = {t.id: t for t in problem.teachers}
    links = [
        Link(a.teacher_id, teachers[a.teacher_id].school_id, teachers[a.teacher_id].subject, a.to_school, a.as_subject)
        for a in sorted(assignments)
    ]
    return _linked(sorted((*links, *returning), key=lambda link: link.teacher_id))


def _linked(links: list[Link]) -> tuple[Chain, ...]:
    fills: defaultdict[Slot, deque[int]] = defaultdict(deque)
    for i, link in enumerate(links):
        fills[link.filled].append(i)
    following: dict[int, int] = {}
    for i, link in enumerate(links):
        if fills[link.left]:
            following[i] = fills[link.left].popleft()
    replaced = {*following.values()}
    chains, seen = [], set[int]()
    for start in (*(i for i in range(len(links)) if i not in replaced), *range(len(links))):
        if start in seen:
            continue
        path, at = [], start
        while at not in seen:
            seen.add(at)
            path.append(links[at])
            if at not in following:
                break
            at = following[at]
        chains.append(Chain("chain" if start not in replaced else "exchange", tuple(path)))
    return tuple(chains)
