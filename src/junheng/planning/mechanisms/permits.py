"""Who may leave: the rules of the year admit so many leavers, and leave is granted in a published order before a round.

Granting leave beforehand keeps the upper limits by construction (leavers of a school-subject, quotas that say "exactly"
or "at most", one of a couple) whatever the mechanism then does, and nobody's wishes have a part in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from junheng.planning.checking.quotas import member, quota_lines
from junheng.planning.checking.register import Moves, Register
from junheng.planning.problem import Problem
from junheng.planning.solving.market import Market

Limit = tuple[str, str]
"""A rule and the school, cluster, stage or school-subject to which it applies."""


class Permits:
    """How many more may leave under every upper limit. Teachers who must move have their place reserved."""

    def __init__(self, problem: Problem, market: Market) -> None:
        self.market = market
        self.rooms: Counter[Limit] = Counter(
            {("outflow", str(slot)): int(cap) for slot, cap in enumerate(market.outflow_caps())}
        )
        upper = {quota.id: quota for quota in problem.policy.quotas if quota.sense in ("eq", "le")}
        for line in quota_lines(Register(problem), Moves()):
            if line.quota in upper:
                self.rooms[line.quota, line.member] = line.bound
        of_school = {
            school.id: [(quota.id, member(quota.scope, school)) for quota in upper.values()]
            for school in problem.schools
        }
        self.limits: list[list[Limit]] = [
            [("outflow", str(slot)), *of_school[teacher.school_id]]
            for teacher, slot in zip(problem.teachers, market.from_slot, strict=True)
        ]
        self.spouses: dict[int, set[int]] = {}
        for a, b in market.choices.couples.tolist():
            self.spouses.setdefault(a, set()).add(b)
            self.spouses.setdefault(b, set()).add(a)
        self.leaving = {int(t) for t in np.flatnonzero(market.forced)}
        self._count(self.leaving, -1)

    def grant(self, candidates: Iterable[int]) -> list[int]:
        """Those of the candidates, taken in their order, whom the limits let go."""
        granted = []
        for teacher in candidates:
            if self._may_leave(teacher):
                granted.append(teacher)
                self.leaving.add(teacher)
                if not self.market.forced[teacher]:
                    self._count((teacher,), -1)
        return granted

    def give_back(self, teachers: Iterable[int]) -> None:
        """Leave that was granted and not used is free again; a reserved place stays reserved."""
        unused = [teacher for teacher in teachers if not self.market.forced[teacher]]
        self.leaving.difference_update(unused)
        self._count(unused, 1)

    def _may_leave(self, teacher: int) -> bool:
        if self.spouses.get(teacher, set()) & self.leaving:
            return False
        return bool(self.market.forced[teacher]) or all(self.rooms[limit] > 0 for limit in self.limits[teacher])

    def _count(self, teachers: Iterable[int], step: int) -> None:
        for teacher in teachers:
            for limit in self.limits[teacher]:
                self.rooms[limit] += step
