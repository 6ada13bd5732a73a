"""What a plan does to those who applied and to the schools: justified envy, moves against wishes, schools worse off.

Any plan can be judged, whoever made it: a mechanism, the optimiser, or both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.mechanisms.applying import Applications
from junheng.planning.mechanisms.ordering import Order, SchoolBalance, points_ranks
from junheng.planning.mechanisms.properties import Envy
from junheng.planning.problem import Assignment, Problem
from junheng.planning.solving.market import market_of

_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a plan treats applicants and schools.

    ``envy``: cases in which an applicant wants a school more than where he ends, may teach there what somebody who came
    teaches, and goes before that person in the school's order. ``granted``: moved to a school wished for; ``against``:
    moved although he stated wishes, to none of them. ``worse``: school units whose indicators are farther from their
    fair share of the county's than before.
    """

    envy: tuple[Envy, ...]
    granted: tuple[str, ...]
    against: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def envious(self) -> frozenset[str]:
        """The teachers who have cause for complaint."""
        return frozenset(case.agent for case in self.envy)

    def among(self, teachers: Sequence[str]) -> tuple[Envy, ...]:
        """The cases of some teachers only."""
        chosen = frozenset(teachers)
        return tuple(case for case in self.envy if case.agent in chosen)


class Judge:
    """Judges plans of one problem by one order of priority."""

    def __init__(self, problem: Problem, order: Order) -> None:
        self.problem, self.order = problem, order
        self.market = market_of(problem)
        self.applications = Applications(problem, self.market)
        ranks = points_ranks(problem, order)
        self.ranks = [ranks[teacher] for teacher in self.market.teacher_ids]
        self.today = SchoolBalance(self.market, self.market.counts_today())
        self.teacher_at = {name: at for at, name in enumerate(self.market.teacher_ids)}
        self.school_at = {name: at for at, name in enumerate(self.market.school_ids)}
        self.subject_at = {name: at for at, name in enumerate(self.market.subjects)}

    def judge(self, assignments: Sequence[Assignment]) -> Judgement:
        """How the plan treats applicants and schools."""
        width = len(self.market.subjects)
        went = {
            self.teacher_at[a.teacher_id]: self.school_at[a.to_school] * width + self.subject_at[a.as_subject]
            for a in assignments
        }
        granted, against = [], []
        for teacher, slot in sorted(went.items()):
            wishes = self.market.wishes[teacher]
            if slot // width in wishes:
                granted.append(self.market.teacher_ids[teacher])
            elif (wishes >= 0).any():
                against.append(self.market.teacher_ids[teacher])
        return Judgement(self._envy(went), tuple(granted), tuple(against), self._worse(went))

    def _envy(self, went: dict[int, int]) -> tuple[Envy, ...]:
        arrivals: dict[int, list[int]] = defaultdict(list)
        for teacher, slot in sorted(went.items()):
            arrivals[slot].append(teacher)
        width = len(self.market.subjects)
        cases = set()
        for teacher in self.applications.applicants:
            for slot in self.applications.slots(teacher):
                if teacher in went and went[teacher] // width == slot // width:
                    break
                for other in arrivals[slot]:
                    if self._goes_before(teacher, other, slot):
                        ids = self.market.teacher_ids
                        cases.add(Envy(ids[teacher], self.market.school_ids[slot // width], ids[other]))
        return tuple(sorted(cases))

    def _goes_before(self, teacher: int, other: int, slot: int) -> bool:
        if self.order.kind == "balance":
            school, subject = divmod(slot, len(self.market.subjects))
            mine, theirs = (self.today.value(school, self.today.flags(each, subject)) for each in (teacher, other))
            if mine != theirs:
                return mine > theirs
        return self.ranks[teacher] < self.ranks[other]

    def _worse(self, went: dict[int, int]) -> tuple[str, ...]:
        """School units that the plan takes farther from their fair share, which is that of today's totals."""
        width = len(self.market.subjects)
        change = np.zeros_like(self.market.counts_today())
        for teacher, slot in went.items():
            change[self.market.school[teacher]] -= self.market.flags[teacher].astype(np.int64)
            change[slot // width] += self.today.flags(teacher, slot % width)
        after = self.today.cost * (self.today.above + change) ** 2
        return tuple(self.market.school_ids[j] for j in np.flatnonzero((after - self.today.part).sum(axis=1) > _TINY))
