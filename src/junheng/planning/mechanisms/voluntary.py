"""The voluntary round of a year: who applied, whom the rules let go, who exchanged posts with whom, and who did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from junheng.planning.mechanisms.applying import Applications, Round, Staffing, staffing_of
from junheng.planning.mechanisms.catalogue import MECHANISMS, Mechanism
from junheng.planning.mechanisms.ordering import Order, SchoolBalance, points_ranks
from junheng.planning.mechanisms.permits import Permits
from junheng.planning.problem import Assignment, Problem
from junheng.planning.solving.market import Market, market_of


@dataclass(frozen=True, slots=True)
class VoluntaryRound:
    """What a mechanism does with a problem.

    ``applicants`` stated at least one wish that the rules leave open; ``admitted`` of them were granted leave, which
    the limits on leavers ration; ``moves`` are those who exchanged. ``turns`` counts the markets that followed one
    another.
    """

    mechanism: Mechanism
    order: Order
    applicants: tuple[str, ...]
    admitted: tuple[str, ...]
    moves: tuple[Assignment, ...]
    turns: int

    @property
    def movers(self) -> frozenset[str]:
        """The teachers who exchanged."""
        return frozenset(move.teacher_id for move in self.moves)


def voluntary_round(problem: Problem, mechanism: str, order: Order | None = None) -> VoluntaryRound:
    """Run a mechanism on a problem.

    The moves keep every rule about persons, the refill rule, posts, the limits on leavers, "exactly" and "at most"
    quotas and couples; what must at least move is left to the optimiser. Whoever must move takes part with his wishes.

    Raises ``KeyError`` for an unknown mechanism and ``ValueError`` for a problem whose ids do not fit together.
    """
    return _Voluntary(problem, MECHANISMS[mechanism], order or Order()).run()


class _Voluntary:
    def __init__(self, problem: Problem, mechanism: Mechanism, order: Order) -> None:
        self.problem, self.mechanism, self.order = problem, mechanism, order
        self.market: Market = market_of(problem)
        ranks = points_ranks(problem, order)
        self.ranks = [ranks[teacher] for teacher in self.market.teacher_ids]
        self.applications = Applications(problem, self.market)
        self.permits = Permits(problem, self.market)
        self.staffing: Staffing = staffing_of(self.market)
        self.moves: dict[int, int] = {}

    def run(self) -> VoluntaryRound:
        """The round, in one or more turns."""
        pinned = {int(t) for t in self.market.choices.pinned[:, 0]}
        applicants = [t for t in self.applications.applicants if t not in pinned]
        waiting, admitted, turns = list(applicants), [], 0
        while waiting:
            granted = self.permits.grant(self._who_goes_first(waiting))
            if not granted:
                break
            turns += 1
            moved = self._turn(granted)
            self.permits.give_back(t for t in granted if t not in moved)
            admitted += granted
            waiting = [t for t in waiting if t not in set(granted)]
            if not self.mechanism.in_turns:
                break
        return VoluntaryRound(
            self.mechanism,
            self.order,
            self._ids(applicants),
            self._ids(admitted),
            tuple(sorted(self._assignment(t, slot) for t, slot in self.moves.items())),
            turns,
        )

    def _who_goes_first(self, teachers: Iterable[int]) -> list[int]:
        """The order in which leave is granted: who must move, then whom his school can best spare, then the points."""
        balance = SchoolBalance(self.market, self.staffing.counts)
        by_points = self.order.kind == "points"

        def place(teacher: int) -> tuple[bool, float, int]:
            school, subject = int(self.market.school[teacher]), int(self.market.subject[teacher])
            worth = 0.0 if by_points else balance.value(school, balance.flags(teacher, subject))
            return not self.market.forced[teacher], worth, self.ranks[teacher]

        return sorted(teachers, key=place)

    def _turn(self, granted: list[int]) -> set[int]:
        """One market: who of those granted leave moves; head-counts and indicators follow."""
        round_ = Round(self.applications, granted, self.staffing, self.order, self.ranks)
        outcome = self.mechanism.run(round_.seat_market())
        moved = {}
        for seat in round_.seats.values():
            taken = round_.seats[outcome[seat.id]]
            if taken is seat:
                continue
            if seat.teacher >= 0:
                moved[seat.teacher] = taken.slot
            else:
                self._fill(seat.slot, taken.slot)
        balance = SchoolBalance(self.market, self.staffing.counts)
        width = len(self.market.subjects)
        for teacher, slot in moved.items():
            school, subject = divmod(slot, width)
            self.staffing.counts[self.market.school[teacher]] -= self.market.flags[teacher].astype(np.int64)
            self.staffing.counts[school] += balance.flags(teacher, subject)
        self.moves |= moved
        return set(moved)

    def _fill(self, free: int, spare: int) -> None:
        """A free post is filled and a post that was one too many is not: head-counts come nearer to what is needed."""
        width = len(self.market.subjects)
        self.staffing.short[free] -= 1
        self.staffing.surplus[spare] -= 1
        self.staffing.room[free // width] -= 1
        self.staffing.room[spare // width] += 1

    def _assignment(self, teacher: int, slot: int) -> Assignment:
        school, subject = divmod(slot, len(self.market.subjects))
        return Assignment(
            self.market.teacher_ids[teacher], self.market.school_ids[school], self.market.subjects[subject]
        )

    def _ids(self, teachers: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.market.teacher_ids[teacher] for teacher in teachers))
