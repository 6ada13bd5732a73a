"""Why a problem has no plan: which rules conflict, and the least by which each kind of rule must give, alone or with
others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.problem import Problem
from junheng.planning.relaxing.conflicts import Conflict, conflicts_of, kinds_in_conflict
from junheng.planning.relaxing.loosening import DEAR, KINDS, NONE, Loose
from junheng.planning.relaxing.settings import Threshold, thresholds_of
from junheng.planning.result import Relaxation
from junheng.planning.solving.admissible import admissible_arcs, stranded
from junheng.planning.solving.market import Bools, Floats, Ints, market_of

CONFLICTS = 40
"""Conflicts that are looked for."""
SHARED = ("direction", "backbone")
"""Kinds whose persons are counted with fractions."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What one kind of rule can do by itself, all others being kept.

    ``enough``: whether a plan exists once only this kind gives; a no is proved. ``by``: the persons or posts by which
    it gives in the plan found; ``least``: the number that no plan falls below; ``rows`` says where it gives.
    """

    family: str
    enough: bool
    by: float | None = None
    least: float | None = None
    rows: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``feasible``: there is nothing to explain. ``alone``: each kind of rule by itself. ``stranded``: must-movers
    without any admissible move → school → reasons.

    ``kinds``: an irreducible set of kinds of rules that conflict. ``conflicts``: irreducible sets of single rules that
    share none; ``every_conflict``: whether lifting their rules leaves no contradiction. ``together``: where the rules
    give when any may and as few persons or posts as possible are concerned, ``fewest`` the number that no plan falls
    below. ``thresholds``: the least change of each setting that could suffice by itself.
    """

    feasible: bool
    alone: tuple[Alone, ...]
    stranded: dict[str, dict[str, tuple[str, ...]]]
    kinds: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    every_conflict: bool = True
    together: tuple[Relaxation, ...] = ()
    fewest: float = 0.0
    thresholds: tuple[Threshold, ...] = ()


def diagnose(problem: Problem, *, most: int = CONFLICTS) -> Diagnosis:
    """Which rules conflict, and the least by which they must give, kind by kind and together.

    Everything is exact for a small problem. In a large county a number of persons is that of a plan, with a proven
    number below it, which can be less by a few. ``most`` conflicts are told. Raises ``ValueError`` as
    :func:`~junheng.planning.solve` does.
    """
    market = market_of(problem)
    loose = Loose(market)
    conflicts, every = conflicts_of(loose, most)
    if not conflicts:
        return Diagnosis(True, (), {})
    together, fewest = _least(loose, loose.in_force().astype(float), whole=True)
    alone = tuple(_alone(loose, kind, conflicts) for kind in KINDS if (loose.in_force() & loose.of_kind(kind)).any())
    kinds = kinds_in_conflict(loose, conflicts[0])
    together = min((together, *(a.rows for a in alone if a.enough)), key=lambda rows: sum(r.by for r in rows))
    rules = [loose.rule(name) for conflict in conflicts for name in conflict.rules]
    hopeful = [a.family for a in alone if a.enough]
    return Diagnosis(
        feasible=False,
        alone=alone,
        stranded=stranded(market, admissible_arcs(market)),
        kinds=kinds,
        conflicts=conflicts,
        every_conflict=every,
        together=together,
        fewest=fewest,
        thresholds=thresholds_of(loose, problem, hopeful, rules),
    )


def _alone(loose: Loose, kind: str, conflicts: Sequence[Conflict]) -> Alone:
    """What a kind can do by itself: nothing where some conflict has no rule of it."""
    if not all(kind in conflict.kinds for conflict in conflicts):
        return Alone(kind, False)
    mine = loose.of_kind(kind)
    rows, least = _least(loose, np.where(mine, 1.0, DEAR), whole=kind not in SHARED)
    if any(row.family != kind for row in rows):
        return Alone(kind, False)
    return Alone(kind, True, sum(row.by for row in rows), least, rows)


def _least(loose: Loose, price: Floats, *, whole: bool) -> tuple[tuple[Relaxation, ...], float]:
    """The rules that give in the plan that costs least, and the number that no plan falls below."""
    lower, plan = loose.least(price)
    shared = loose.of_kind("direction") | loose.of_kind("backbone")
    if whole and not (price[shared] < DEAR).any():
        lower = float(np.ceil(lower - NONE))
    if loose.small:
        lower = float(loose.amounts(plan) @ price)
    return relaxations(loose, plan), lower


def relaxations(loose: Loose, plan: Ints) -> tuple[Relaxation, ...]:
    """The rules that a plan breaks, by how much, sorted by kind and name."""
    amounts = loose.amounts(plan)
    few: Bools = loose.falls_short(plan)
    found = []
    for rule in np.flatnonzero(amounts > NONE):
        name, kind = loose.name(int(rule)), KINDS[loose.kind[rule]]
        member = name.partition(":")[2]
        sense = "few" if few[rule] else "many"
        found.append(Relaxation(name, kind, member, float(amounts[rule]), sense))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda r: (r.family, r.row)))
