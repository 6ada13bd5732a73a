"""Where a plan stands against its rules: what one more or one other move would break, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.checking import check
from junheng.planning.checking.report import QuotaLine
from junheng.planning.problem import Assignment, Problem
from junheng.planning.solving.admissible import distances, service_points
from junheng.planning.solving.balance import imbalance
from junheng.planning.solving.market import PE_ARTS, Ints, Market, market_of


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that stands against a move: its name, where it binds, and the two figures that collide."""

    rule: str
    where: str
    found: int = 0
    limit: int = 0


class Standing:
    """A problem with a plan taken: counts, free places and quotas, for questions about single moves."""

    def __init__(self, problem: Problem, assignments: Sequence[Assignment]) -> None:
        self.market: Market = market_of(problem)
        market = self.market
        self.teacher_at = {name: i for i, name in enumerate(market.teacher_ids)}
        self.school_at = {name: i for i, name in enumerate(market.school_ids)}
        self.subject_at = {name: i for i, name in enumerate(market.subjects)}
        self.moves = {
            self.teacher_at[a.teacher_id]: (self.school_at[a.to_school], self.subject_at[a.as_subject])
            for a in assignments
        }
        self.inflow = np.zeros(market.slots, dtype=np.int64)
        self.outflow = np.zeros(market.slots, dtype=np.int64)
        self.counts = market.counts_today()
        for teacher, (school, subject) in self.moves.items():
            self.outflow[market.from_slot[teacher]] += 1
            self.inflow[self.slot(school, subject)] += 1
            self.counts += self._shift(teacher, None, (school, subject))
        self.least, self.most = market.inflow_bounds()
        self.caps = market.outflow_caps()
        self.room = np.maximum(market.posts, market.staff) - market.staff
        self.report = check(problem, assignments)
        self.asked = max(1, self.report.figures.required_moves)
        self.scale = market.policy.objective.w_imbalance / (self.report.figures.imbalance_before or 1.0)
        self.imbalance = imbalance(market, self.counts)
        self.stays = {pin.teacher_id: pin.reason for pin in problem.pins if pin.kind == "stay"}
        self._quotas = self._by_school(problem, self.report.figures.quotas)

    def slot(self, school: int, subject: int) -> int:
        """The index of a school's subject."""
        return school * len(self.market.subjects) + subject

    def net_of_school(self, school: int) -> int:
        """Arrivals less departures of a school unit."""
        width = len(self.market.subjects)
        span = slice(school * width, (school + 1) * width)
        return int((self.inflow[span] - self.outflow[span]).sum())

    def obstacles(self, teacher: int, school: int, subject: int) -> Iterator[Obstacle]:
        """What sending the teacher there would break, the rest of the plan unchanged."""
        market, slot = self.market, self.slot(school, subject)
        old = self.moves.get(teacher)
        freed = 1 if old and self.slot(*old) == slot else 0
        if self.inflow[slot] - self.outflow[slot] - freed + 1 > self.most[slot]:
            yield Obstacle(
                "refill", self._slot_name(slot), int(self._headcount(slot)), int(market.required.ravel()[slot])
            )
        if self.net_of_school(school) - (1 if old and old[0] == school else 0) + 1 > self.room[school]:
            yield Obstacle("total", market.school_ids[school], int(market.posts[school]), int(market.posts[school]))
        if old is None:
            yield from self.leaving_obstacles(teacher)
        elif not freed:
            left = self.slot(*old)
            if self.inflow[left] - self.outflow[left] - 1 < self.least[left]:
                yield Obstacle("abandons", self._slot_name(left), int(self._headcount(left)))

    def leaving_obstacles(self, teacher: int) -> Iterator[Obstacle]:
        """What stands against the teacher's leaving at all, the rest of the plan unchanged."""
        slot = int(self.market.from_slot[teacher])
        if self.market.teacher_ids[teacher] in self.stays:
            yield Obstacle("stays", self.stays[self.market.teacher_ids[teacher]])
        for line in self._quotas[int(self.market.school[teacher])]:
            if line.sense in ("eq", "le") and line.actual >= line.bound:
                yield Obstacle("quota", f"{line.quota}:{line.member}", line.actual, line.bound)
        if self.outflow[slot] + 1 > self.caps[slot]:
            yield Obstacle("outflow", self._slot_name(slot), int(self.outflow[slot]), int(self.caps[slot]))
        if self.inflow[slot] - self.outflow[slot] - 1 < self.least[slot]:
            yield Obstacle("vacancy", self._slot_name(slot), int(self._headcount(slot)))
        spouse = self._spouse_moving(teacher)
        if spouse is not None:
            yield Obstacle("couple", self.market.teacher_ids[spouse])

    def met_quotas(self, teacher: int) -> list[QuotaLine]:
        """Lower quotas over the teacher's school that the plan meets exactly: others filled them."""
        lines = self._quotas[int(self.market.school[teacher])]
        return [line for line in lines if line.sense == "ge" and line.actual == line.bound]

    def price(self, teacher: int, school: int, subject: int) -> tuple[float, float]:
        """By how much J would change through balance and through wishes and commute, were the teacher sent there."""
        market = self.market
        old = self.moves.get(teacher)
        balance = imbalance(market, self.counts + self._shift(teacher, old, (school, subject))) - self.imbalance
        service = self._points(teacher, school) - (self._points(teacher, old[0]) if old else 0.0)
        weight = market.policy.objective.w_service / (100.0 * self.asked)
        extra = 0.0 if old else market.policy.objective.w_extra / self.asked
        return self.scale * balance, extra - weight * service

    def worth(self, teacher: int) -> float:
        """How much less J is because this one mover moves (balance only); negative when the move serves other rules."""
        school, subject = self.moves[teacher]
        back = self.counts - self._shift(teacher, None, (school, subject))
        return self.scale * (imbalance(self.market, back) - self.imbalance)

    def extra_km(self, teacher: int, school: int) -> float:
        """Longer one-way commute in km, negative when shorter."""
        to_school, today = distances(self.market, np.array([teacher], dtype=np.int64))
        return float(to_school[0, school] - today[0])

    def _points(self, teacher: int, school: int) -> float:
        extra = np.array([max(0.0, self.extra_km(teacher, school))])
        at = (np.array([teacher], dtype=np.int64), np.array([school], dtype=np.int64))
        return float(service_points(self.market, *at, extra)[0])

    def _shift(self, teacher: int, old: tuple[int, int] | None, new: tuple[int, int]) -> Ints:
        """(J, K) change of the counts when the teacher goes to ``new``, not ``old`` (None: instead of staying)."""
        change = np.zeros_like(self.counts)
        flags = self.market.flags[teacher].astype(np.int64)
        if old is None:
            change[self.market.school[teacher]] -= flags
        for sign, arc in ((-1, old), (1, new)):
            if arc is not None:
                arriving = flags.copy()
                arriving[PE_ARTS] = int(self.market.pe_art_subject[arc[1]])
                change[arc[0]] += sign * arriving
        return change

    def _headcount(self, slot: int) -> int:
        return int(self.market.headcount[slot] + self.inflow[slot] - self.outflow[slot])

    def _slot_name(self, slot: int) -> str:
        school, subject = divmod(slot, len(self.market.subjects))
        return f"{self.market.school_ids[school]}:{self.market.subjects[subject]}"

    def _spouse_moving(self, teacher: int) -> int | None:
        for a, b in self.market.choices.couples:
            if teacher in (a, b):
                other = int(b if teacher == a else a)
                if other in self.moves:
                    return other
        return None

    def _by_school(self, problem: Problem, lines: Sequence[QuotaLine]) -> list[list[QuotaLine]]:
        scope = {quota.id: quota.scope for quota in problem.policy.quotas}
        found: list[list[QuotaLine]] = []
        for school in problem.schools:
            members = {
                "school": school.id,
                "cluster": school.cluster,
                "cluster_stage": f"{school.cluster}/{school.stage}",
                "stage": school.stage,
                "county": "county",
            }
            found.append([line for line in lines if members[scope[line.quota]] == line.member])
        return found
