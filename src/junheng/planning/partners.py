"""Schools that are bound to each other: paired for assistance, or of one school group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Literal

from junheng.facts import County

Bond = Literal["pairing", "group"]


def partners_of(county: County, bonds: Collection[Bond]) -> dict[str, set[str]]:
    """By school, those bound to it in the given ways; a pairing that has ended binds nobody."""
    bound: dict[str, set[str]] = {s.id: set() for s in county.schools}
    if "pairing" in bonds:
        for pairing in county.pairings:
            if pairing.end is None or pairing.end >= county.on:
                bound[pairing.supporting_id].add(pairing.supported_id)
                bound[pairing.supported_id].add(pairing.supporting_id)
    if "group" in bonds:
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for school in county.schools:
            groups[school.group].add(school.id)
        for school in county.schools:
            bound[school.id] |= groups[school.group] - {school.id} if school.group else set()
    return bound
