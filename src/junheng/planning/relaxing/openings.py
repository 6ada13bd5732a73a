"""Every move that would be open if rules about single persons gave, and which of these rules stand against each.

A fact is not a rule: the verdict, the own school, another stage and a subject that the school neither has nor needs
stay in force. A place that other rules keep closed is listed: the rules that close it are rows of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.solving.admissible import Arcs, Refusals, taught_slots
from junheng.planning.solving.market import NO, Bools, Floats, Ints, Market

PERSONAL = ("commute", "personal_limit", "no_return", "within_cluster", "within_partners", "forbid", "pin", "stay")
"""Rules about single persons, in the order of the bits of :attr:`Openings.barred`."""
COMMUTE, LIMIT, RETURN, CLUSTER, PARTNERS, FORBID, PIN, STAY = range(len(PERSONAL))
_REASONS = {"commute": COMMUTE, "personal_limit": LIMIT, "returned_too_soon": RETURN, "within_cluster": CLUSTER,
            "within_partners": PARTNERS, "forbidden": FORBID, "pinned": PIN, "stays": STAY}  # fmt: skip
_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Openings:
    """Arcs, sorted as :class:`~junheng.planning.solving.admissible.Arcs` are, with what bars each."""

    arcs: Arcs
    barred: Ints
    """(arcs,) a bit for each of :data:`PERSONAL` that stands against the arc; 0 where it is admissible today."""
    km: Floats
    """(arcs,) distance from home to the school."""

    def against(self, rule: int) -> Bools:
        """(arcs,) whether a rule stands against the arc."""
        return np.asarray((self.barred >> rule) & 1, dtype=bool)

    def in_force(self) -> tuple[int, ...]:
        """The rules that stand against any arc."""
        return tuple(rule for rule in range(len(PERSONAL)) if self.against(rule).any())


def openings_of(market: Market) -> Openings:
    """The openings of every teacher whom the verdict lets move."""
    eligible = np.flatnonzero(market.verdict != NO)
    blocks = [_block(market, eligible[i : i + _BLOCK]) for i in range(0, len(eligible), _BLOCK)]
    columns = [np.concatenate([b[k] for b in blocks] or [np.zeros(0)]) for k in range(5)]
    teacher, school, subject, barred = (c.astype(np.int64) for c in columns[:4])
    return Openings(Arcs(teacher, school, subject, np.zeros(len(teacher))), barred, columns[4].astype(float))


def _block(market: Market, teachers: Ints) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    refusals = Refusals(market, teachers)
    closed = np.zeros(refusals.shape, dtype=bool)
    barred = np.zeros(refusals.shape, dtype=np.int64)
    for reason, mask in refusals.school_masks():
        if reason in _REASONS:
            barred |= mask.astype(np.int64) << _REASONS[reason]
        else:
            closed |= mask
    taught, found = taught_slots(market), []
    pinned = np.isin(teachers, market.choices.pinned[:, 0])[:, None]
    for subject in (market.subject[teachers], market.second[teachers]):
        t, j = np.nonzero(~closed & (subject >= 0)[:, None] & taught[:, subject].T)
        decided = refusals.subject_mask(subject)
        bits = barred | np.where(decided & pinned, 1 << PIN, 0) | np.where(decided & ~pinned, 1 << FORBID, 0)
        found.append((t, j, subject[t], bits[t, j]))
    t, j, s, bits = (np.concatenate([f[k] for f in found]) for k in range(4))
    order = np.lexsort((s, j, t))
    t, j, s, bits = t[order], j[order], s[order], bits[order]
    return teachers[t], j, s, bits, refusals.km[t, j]
