"""What an outcome of a market keeps: nobody worse off, no justified envy, every seat refilled, no place worse off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from junheng.planning.mechanisms.market import Outcome, SeatMarket


@dataclass(frozen=True, slots=True, order=True)
class Envy:
    """``agent`` wants ``place`` more than what he got, and it took ``other``, whom it ranks behind him."""

    agent: str
    place: str
    other: str


def individually_rational(market: SeatMarket, outcome: Outcome) -> bool:
    """Whether everybody keeps his place or gets one that he wants more."""
    return all(
        outcome.get(agent) == market.holds.get(agent) or outcome.get(agent) in market.better(agent)
        for agent in market.agents
    )


def justified_envy(market: SeatMarket, outcome: Outcome) -> tuple[Envy, ...]:
    """Every case of justified envy of somebody who moved; an incumbent who stays on his post gives no cause for it."""
    arrivals: dict[str, list[str]] = {}
    for agent, place in outcome.items():
        if market.holds.get(agent) != place:
            arrivals.setdefault(place, []).append(agent)
    return tuple(
        Envy(agent, place, other)
        for agent in market.agents
        for place in market.better(agent)
        for other in sorted(arrivals.get(place, ()))
        if market.prefers(agent, place, outcome.get(agent)) and market.rank(place, agent) < market.rank(place, other)
    )


def balanced(market: SeatMarket, outcome: Outcome) -> bool:
    """Whether every place has at least as many people as before: each post that was left is filled again."""
    before, after = Counter(market.holds.values()), Counter(outcome.values())
    return all(after[place] >= number for place, number in before.items())


def places_not_worse(market: SeatMarket, outcome: Outcome) -> bool:
    """Whether each place can match its people of before one by one with people whom it ranks as high or higher."""
    after: dict[str, list[int]] = {place: [] for place in market.capacity}
    for agent, place in outcome.items():
        after[place].append(market.rank(place, agent))
    for place, holders in market.holders.items():
        now = sorted(after[place])
        before = sorted(market.rank(place, agent) for agent in holders)
        if len(now) < len(before) or any(new > old for new, old in zip(now, before, strict=False)):
            return False
    return True
