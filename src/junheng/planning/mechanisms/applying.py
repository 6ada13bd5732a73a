"""From a rotation problem to a market of seats: own posts and free posts, and the wishes that the rules leave open.

Everybody who may leave holds the seat of his school and subject; a post that the school-subject lacks is a seat held by
a *stand-in*, who would take the post of a teacher in a school-subject that has one too many. So every chain closes to a
cycle, and head-counts keep the refill rule of the year whatever the mechanism does. A teacher may take a seat in his
second subject; the seat that he leaves is still filled by a teacher of its own.

Which seats there are, in which order they stand and who may take whose never depends on what anybody wishes: wishes
choose among seats and do nothing else. That is what keeps a truthful mechanism truthful here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.mechanisms.market import SeatMarket
from junheng.planning.mechanisms.ordering import Order, SchoolBalance
from junheng.planning.problem import Problem
from junheng.planning.solving.admissible import admissible_arcs
from junheng.planning.solving.market import Ints, Market

STAND_IN = "post"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat: its slot (school and subject), who sits there (-1: a stand-in), and whether it need not be refilled."""

    id: str
    slot: int
    teacher: int
    spare: bool = False


class Applications:
    """The wishes of a problem's teachers as seats that the rules leave open to them."""

    def __init__(self, problem: Problem, market: Market) -> None:
        self.problem, self.market = problem, market
        self.open = _open_wishes(market)
        self.applicants = sorted(self.open)

    def slots(self, teacher: int) -> list[int]:
        """The slots that the teacher wishes for, best school first, at a school his main subject first."""
        return self.open[teacher]


def _open_wishes(market: Market) -> dict[int, list[int]]:
    """Teacher → slots of his wishes that are admissible, in the order of the wishes; only who has such a wish."""
    arcs, width = admissible_arcs(market), len(market.subjects)
    open_at: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    wished = (market.wishes[arcs.teacher] == arcs.school[:, None]).any(axis=1) if market.wishes.shape[1] else ()
    for at in np.flatnonzero(wished):
        teacher, school, subject = int(arcs.teacher[at]), int(arcs.school[at]), int(arcs.subject[at])
        open_at[teacher][school].append(subject)
    found = {}
    for teacher, schools in open_at.items():
        main = int(market.subject[teacher])
        ordered = dict.fromkeys(int(j) for j in market.wishes[teacher] if int(j) in schools)
        found[teacher] = [j * width + s for j in ordered for s in sorted(schools[j], key=lambda s: (s != main, s))]
    return found


@dataclass(slots=True)
class Staffing:
    """Head-counts while rounds follow one another: free posts, posts too many, and counts by indicator."""

    short: Ints
    surplus: Ints
    room: Ints
    counts: Ints


def staffing_of(market: Market) -> Staffing:
    """Free posts and posts too many as the year's refill rule lets them change, before any move."""
    least, most = market.inflow_bounds()
    room = np.maximum(market.posts, market.staff) - market.staff
    return Staffing(most, -least, room, market.counts_today())


class Round:
    """One market: the seats of the teachers who may leave, free posts, and each side's order."""

    def __init__(
        self,
        applications: Applications,
        admitted: Sequence[int],
        staffing: Staffing,
        order: Order,
        ranks: Sequence[int],
    ) -> None:
        self.applications, self.market = applications, applications.market
        self.order, self.ranks, self.staffing = order, ranks, staffing
        self.balance = SchoolBalance(self.market, staffing.counts)
        self.width = len(self.market.subjects)
        self.seats = self._seats(admitted)
        self.by_slot: dict[int, list[Seat]] = defaultdict(list)
        for seat in self.seats.values():
            self.by_slot[seat.slot].append(seat)
        for seats in self.by_slot.values():
            seats.sort(key=lambda seat: (seat.teacher >= 0, *self._worst_first(seat)))
        self.exchanges = np.bincount(
            [seat.slot // self.width for seat in self.seats.values()], minlength=len(self.market.school_ids)
        )
        """(J,) how many seats of each school can change hands in this round."""

    def seat_market(self) -> SeatMarket:
        """The market, each agent under the id of the seat that he holds."""
        wishes = {seat.id: self._wishes(seat) for seat in self.seats.values()}
        wishers: dict[str, list[str]] = defaultdict(list)
        for agent, places in wishes.items():
            for place in places:
                wishers[place].append(agent)
        priority = {
            seat.id: tuple(sorted((*wishers[seat.id], seat.id), key=lambda agent, at=seat: self._order(agent, at)))  # type: ignore[misc]
            for seat in self.seats.values()
        }
        vetoes = frozenset(
            (agent, place)
            for agent, places in wishes.items()
            for place in places
            if self.order.kind == "balance" and self._worsens(agent, self.seats[place])
        )
        return SeatMarket(
            wishes=wishes,
            capacity=dict.fromkeys(self.seats, 1),
            priority=priority,
            holds={seat: seat for seat in self.seats},
            vetoes=vetoes,
        )

    # seats ----------------------------------------------------------------------------------------------------------

    def _seats(self, admitted: Sequence[int]) -> dict[str, Seat]:
        market = self.market
        seats = [Seat(market.teacher_ids[t], int(market.from_slot[t]), t) for t in admitted]
        spare = self.staffing.surplus.copy()
        for at in sorted(range(len(seats)), key=lambda at: self._worst_first(seats[at])):
            if spare[seats[at].slot] > 0:
                spare[seats[at].slot] -= 1
                seats[at] = Seat(seats[at].id, seats[at].slot, seats[at].teacher, spare=True)
        room = self.staffing.room.copy()
        lacking = np.flatnonzero(self.staffing.short > 0)
        for slot in sorted(map(int, lacking), key=lambda slot: (-int(self.staffing.short[slot]), slot)):
            school, subject = divmod(slot, self.width)
            for number in range(min(int(self.staffing.short[slot]), int(room[school]))):
                room[school] -= 1
                name = f"{STAND_IN}:{market.school_ids[school]}:{market.subjects[subject]}:{number:03d}"
                seats.append(Seat(name, slot, -1))
        return {seat.id: seat for seat in sorted(seats, key=lambda seat: seat.id)}

    def _worst_first(self, seat: Seat) -> tuple[float, int, str]:
        """Order of a slot's seats: whom his school can best spare comes first."""
        if seat.teacher < 0:
            return 0.0, 0, seat.id
        return self._value(seat.teacher, seat.slot), -self.ranks[seat.teacher], seat.id

    def _value(self, teacher: int, slot: int) -> float:
        if self.order.kind == "points":
            return 0.0
        school, subject = divmod(slot, self.width)
        return self.balance.value(school, self.balance.flags(teacher, subject))

    # wishes and orders ----------------------------------------------------------------------------------------------

    def _wishes(self, seat: Seat) -> tuple[str, ...]:
        """Seats that the holder of a seat wants, best first; a stand-in takes any post that need not be refilled."""
        if seat.teacher >= 0:
            slots = self.applications.slots(seat.teacher)
            return tuple(other.id for slot in slots for other in self.by_slot[slot])
        stage = self.market.school_stage[seat.slot // self.width]
        return tuple(
            other.id
            for other in self.seats.values()
            if other.spare and self.market.school_stage[other.slot // self.width] == stage
        )

    def _order(self, agent: str, place: Seat) -> tuple[float, int, int, str]:
        """Where a seat ranks an agent; a stand-in stands just before the one incumbent whom he may replace."""
        seat = self.seats[agent]
        if seat.teacher < 0:
            if place.teacher < 0:
                return np.inf, 2, 0, agent
            value, held, rank, _ = self._order(place.id, place)
            return value, held, rank, ""
        held = int(seat.slot == place.slot)
        if self.order.kind == "points":
            return 0.0, 0, self.ranks[seat.teacher], agent
        return -self._value(seat.teacher, place.slot), held, self.ranks[seat.teacher], agent

    def _worsens(self, agent: str, place: Seat) -> bool:
        """Whether the exchange of the seat could make its school less balanced."""
        school, subject = divmod(place.slot, self.width)
        change = np.zeros_like(self.staffing.counts[0])
        if self.seats[agent].teacher >= 0:
            change += self.balance.flags(self.seats[agent].teacher, subject)
        if place.teacher >= 0:
            change -= self.balance.flags(place.teacher, subject)
        return self.balance.worsens(school, change, int(self.exchanges[school]))
