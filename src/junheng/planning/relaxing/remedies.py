"""What would make a year possible: single changes, each tried by solving the problem with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.checking import check
from junheng.planning.problem import Problem
from junheng.planning.relaxing.changes import Change, apply_changes
from junheng.planning.relaxing.diagnose import Diagnosis
from junheng.planning.relaxing.loosening import DEAR, NONE, Loose
from junheng.planning.relaxing.openings import COMMUTE
from junheng.planning.relaxing.settings import first_true
from junheng.planning.result import Relaxation, Result
from junheng.planning.solving.market import market_of
from junheng.planning.solving.solve import solve

TRIED = 8
"""Changes that are tried."""
GAP = 1e-3
_SIGNED = {"few": "-", "many": "+"}
_HEADS = {"quota": "quota", "outflow": "outflow", "refill": "refill", "total": "posts"}
_PERSONS = {
    "must": "stay", "no_return": "no-return", "personal_limit": "limit", "forbid": "decision", "pin": "decision",
    "stay": "decision",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that was tried: whether a plan then keeps every other rule, its J and moves.

    ``exceeds``: how many times the plan goes beyond today's rules by the independent checker; ``others`` are rules
    beyond the change that it breaks all the same (none when the remedy works).
    """

    changes: tuple[Change, ...]
    works: bool
    objective: float
    moves: int
    exceeds: int
    result: Result

    @property
    def text(self) -> str:
        """As it is written on the command line."""
        return "; ".join(change.text for change in self.changes)


def try_changes(problem: Problem, changes: Sequence[Change], *, gap: float = GAP, processes: int = 1) -> Remedy:
    """Solves the problem with the changes made and has the plan checked against today's rules.

    Raises ``ChangeError`` for a change that does not fit.
    """
    changed = apply_changes(problem, changes)
    result = solve(changed, gap=gap, processes=processes)
    allowed = {name for name, _ in changed.exceptions}
    faults = [v for v in check(changed, result.assignments).violations if not _excepted(v.rule, v.where, allowed)]
    works = result.status == "solved" and not faults
    exceeds = len(check(problem, result.assignments).violations)
    return Remedy(tuple(changes), works, result.objective, len(result.assignments), exceeds, result)


def _excepted(rule: str, where: str, allowed: set[str]) -> bool:
    """Whether a violation is one of the exceptions; the checker names rows as the solver does, persons by their id."""
    return where in allowed or f"{rule}:{where}" in allowed or rule in allowed


def remedies_of(
    problem: Problem,
    diagnosis: Diagnosis,
    *,
    most: int = TRIED,
    processes: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Remedy, ...]:
    """The single changes that make a plan possible, those that go least beyond today's rules first, then by J; where
    there is none, the fewest exceptions that do so together.

    Each was solved. Single exceptions are tried before settings, ``most`` in all.
    """
    singles = list(_singles(problem, diagnosis))[:most]
    if not singles and diagnosis.together:
        singles = [as_changes(problem, diagnosis.together)]
    found = []
    for number, changes in enumerate(singles):
        found.append(try_changes(problem, changes, processes=processes))
        progress(number + 1, len(singles))
    working = [remedy for remedy in found if remedy.works]
    return tuple(sorted(working, key=lambda r: (r.exceeds, r.objective, r.text)))


def _singles(problem: Problem, diagnosis: Diagnosis) -> Iterator[tuple[Change, ...]]:
    if len(diagnosis.conflicts) == 1 and diagnosis.every_conflict:
        loose = Loose(market_of(problem))
        for name in diagnosis.conflicts[0].rules:
            change = _exception(problem, loose, loose.rule(name))
            if change is not None:
                yield (change,)
    for threshold in diagnosis.thresholds:
        if threshold.change is not None:
            yield (threshold.change,)


def _exception(problem: Problem, loose: Loose, rule: int) -> Change | None:
    """The least exception from one rule with which all others can be kept, if there is one that can be made."""
    everything = np.ones(loose.size, dtype=bool)
    everything[rule] = False
    if not loose.possible(everything, surely=True):
        return None
    _, plan = loose.least(np.where(everything, DEAR, 1.0))
    amounts = loose.amounts(plan)
    if amounts[everything].sum() > NONE:
        return None
    few = loose.falls_short(plan)
    name = loose.name(rule)
    kind, _, member = name.partition(":")
    if kind == "commute":
        return _longer_way(loose, member, rule)
    row = Relaxation(name, kind, member, float(amounts[rule]), "few" if few[rule] else "many")
    return _as_change(row)


def _longer_way(loose: Loose, teacher: str, rule: int) -> Change | None:
    """The least whole number of km that one person may be sent."""
    today = loose.barred
    mine = loose.openings.arcs.teacher == loose.market.teacher_ids.index(teacher)
    barred = np.flatnonzero(mine & loose.openings.against(COMMUTE))
    lengths = sorted({int(np.ceil(km)) for km in loose.openings.km[barred]})

    def enough(i: int) -> bool:
        near = barred[loose.openings.km[barred] <= lengths[i]]
        loose.barred = today.copy()
        loose.barred[near] &= ~(1 << COMMUTE)
        return loose.possible(np.ones(loose.size, dtype=bool), surely=True)

    found = lengths[first_true(len(lengths), enough)] if lengths else None
    loose.barred = today
    return None if found is None else Change(("commute", teacher), str(found))


def as_changes(problem: Problem, rows: Sequence[Relaxation]) -> tuple[Change, ...]:
    """The exceptions that let the rules give by so much; those that no exception expresses are left out."""
    made = []
    for row in rows:
        if row.family == "commute":
            made.append(Change(("commute", row.member), _farthest(problem, row.member)))
            continue
        change = _as_change(row)
        if change is not None:
            made.append(change)
    return tuple(dict.fromkeys(made))


def _farthest(problem: Problem, teacher: str) -> str:
    """A limit for one person within which every school of the stage lies."""
    person = next(t for t in problem.teachers if t.id == teacher)
    away = [
        np.hypot(s.x_km - person.home_x, s.y_km - person.home_y) for s in problem.schools if s.stage == person.stage
    ]
    return str(int(np.ceil(max(away))))


def _as_change(row: Relaxation) -> Change | None:
    if row.family in _PERSONS:
        return Change((_PERSONS[row.family], row.member))
    if row.family == "couple":
        return Change(("couple", *row.member.split(":")))
    by = f"{_SIGNED[row.sense]}{row.by:.6g}"
    if row.family in ("direction", "backbone"):
        return Change((row.family,), f"-{row.by + 1e-6:.6f}")
    if row.family not in _HEADS:
        return None
    return Change((_HEADS[row.family], *row.member.split(":")), by)
