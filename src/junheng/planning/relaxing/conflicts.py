"""Small sets of rules that cannot be kept together, each without a rule to spare.

The multipliers of the elastic programme name the rules that a contradiction rests on; a deletion filter then lifts
them, many at a time where that leaves the contradiction, and keeps those that it needs. What is left is irreducible:
lifting any one of its rules makes the others compatible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.relaxing.local import Local
from junheng.planning.relaxing.loosening import KINDS, NONE, Loose
from junheng.planning.solving.market import Bools, Ints

ORDER = (
    "backbone", "direction", "couple", "refill", "total", "personal_limit", "within_cluster", "within_partners",
    "no_return", "outflow", "commute", "forbid", "quota", "pin", "stay", "must",
)  # fmt: skip
"""The kinds in which a contradiction is looked for last come first: they are lifted first."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules by name that no plan keeps together. ``irreducible``: whole plans exist without each of them in turn."""

    rules: tuple[str, ...]
    kinds: tuple[str, ...]
    irreducible: bool


def kinds_in_conflict(loose: Loose, first: Conflict) -> tuple[str, ...]:
    """An irreducible set of kinds of rules that no plan keeps together, among the kinds of a conflict."""
    everything = loose.in_force()
    of = {kind: everything & loose.of_kind(kind) for kind in first.kinds}
    kept = np.any([*of.values()], axis=0)
    needed = []
    for kind in sorted(of, key=ORDER.index):
        rest = kept & ~of[kind]
        if len(of) > 1 and (loose.shown_possible(rest) or loose.possible(rest)):
            needed.append(kind)
        else:
            kept &= ~of[kind]
    return tuple(sorted(needed or of, key=KINDS.index))


def conflicts_of(loose: Loose, most: int) -> tuple[tuple[Conflict, ...], bool]:
    """Conflicts that share no rule, up to ``most``, and whether they are all that can be found so."""
    kept = loose.in_force()
    found: list[Conflict] = []
    while len(found) < most:
        if loose.possible(kept):
            return tuple(found), True
        for rules in conflicts_in_one_place(loose, kept, most - len(found)):
            kept[rules] = False
            found.append(_described(loose, rules))
    return tuple(found), False


def conflicts_in_one_place(loose: Loose, kept: Bools, most: int) -> list[Ints]:
    """Conflicts among the rules that the multipliers of the county's programme rest on."""
    for mine in (loose.needed(kept), loose.needed(kept, 1e-7), kept.copy()):
        local = Local(loose, mine)
        if not local.possible(mine):
            break
    found: list[Ints] = []
    while len(found) < most and not local.possible(mine):
        rules = _one(local, mine)
        mine[rules] = False
        found.append(rules)
    return found


def _one(local: Local, kept: Bools) -> Ints:
    """The rules of one conflict among the kept ones, which are known to have one."""
    kept = _shrunk(local, _around_one(local, kept))
    if kept.sum() < 0.5 * local.kept.sum():
        local = Local(local.loose, kept)
    for kind in ORDER:
        mine = np.flatnonzero(kept & local.loose.of_kind(kind))
        if len(mine):
            kept = _without_the_needless(local, kept, mine)
    return np.flatnonzero(kept)


def _around_one(local: Local, kept: Bools) -> Bools:
    """Fewer rules: of those that the programme breaks only as many as still contradict the rest."""
    broken = local.broken() * kept
    order = np.flatnonzero(broken > NONE)
    order = order[np.argsort(-broken[order], kind="stable")]
    number = 1
    while number < len(order):
        fewer = kept.copy()
        fewer[order[number:]] = False
        if not local.possible(fewer):
            return fewer
        number *= 2
    local.possible(kept)
    return kept


def _shrunk(local: Local, kept: Bools) -> Bools:
    """Only the rules on which the multipliers of the last programme rest, if that leaves the contradiction."""
    for _ in range(4):
        fewer = local.needed(kept)
        if fewer.sum() >= kept.sum() or local.possible(fewer):
            break
        kept = fewer
    return kept


def _without_the_needless(local: Local, kept: Bools, chunk: Ints) -> Bools:
    """The kept rules without those of the chunk that the contradiction does not need."""
    chunk = chunk[kept[chunk]]
    if len(chunk) == 0:
        return kept
    fewer = kept.copy()
    fewer[chunk] = False
    if not local.possible(fewer):
        return _shrunk(local, fewer)
    if len(chunk) == 1:
        return kept
    half = len(chunk) // 2
    kept = _without_the_needless(local, kept, chunk[:half])
    return _without_the_needless(local, kept, chunk[half:])


def _described(loose: Loose, rules: Ints) -> Conflict:
    """The conflict in names; whole plans are sought without each rule in turn."""
    kept = np.zeros(loose.size, dtype=bool)
    kept[rules] = True
    local = Local(loose, kept)
    sure = all(local.possible(_without(kept, int(rule)), surely=True) for rule in rules)
    kinds = {KINDS[k] for k in loose.kind[rules]}
    return Conflict(tuple(loose.name(int(r)) for r in rules), tuple(sorted(kinds, key=KINDS.index)), sure)


def _without(kept: Bools, rule: int) -> Bools:
    fewer = kept.copy()
    fewer[rule] = False
    return fewer
