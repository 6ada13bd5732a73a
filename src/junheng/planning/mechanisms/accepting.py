"""Deferred acceptance: places hold the best applicants so far and let go of one only for a better one.

Every agent who holds a post is first on it, so he keeps it unless he gains: the modified mechanism by which France
assigns its teachers. With caps on regions it is the flexible mechanism of Kamada and Kojima (American Economic Review
2015): places fill their targets first, and what their region has left goes round in a published order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junheng.planning.mechanisms.market import Outcome, SeatMarket


@dataclass(frozen=True, slots=True)
class Region:
    """Places that share a cap on the people who end there, incumbents who stay among them.

    ``places`` are in the order in which they choose in turn; ``targets`` says how many each may take before the turns
    begin (0 where nothing is said, and never fewer than its incumbents who stay).

    A cap on newcomers alone would be another rule: an incumbent who returns would then make room in another place of
    the region, a place would take back whom it had refused, and teachers could gain by untrue wishes. Small markets
    show it by brute force, which is why limits on leavers are kept otherwise (``permits``).
    """

    places: tuple[str, ...]
    cap: int
    targets: Mapping[str, int] = field(default_factory=dict)


def deferred_acceptance(market: SeatMarket) -> Outcome:
    """Agents propose in the order of their wishes and at last to their own place; each place keeps the best.

    The outcome is the best for agents among those without justified envy of movers, and telling the truth is a best
    reply for every agent (Dubins and Freedman 1981, Roth 1982, with own posts first).
    """
    return flexible_deferred_acceptance(market, ())


def flexible_deferred_acceptance(market: SeatMarket, regions: Sequence[Region]) -> Outcome:
    """Deferred acceptance in which no region takes more people than its cap; places in no region have no cap.

    Raises ``ValueError`` when a place is in two regions, or a cap or target asks for more than can be had.
    """
    region_of = {place: number for number, region in enumerate(regions) for place in region.places}
    if len(region_of) < sum(len(region.places) for region in regions):
        raise ValueError("regions overlap: a place may be in one of them only")
    for region in regions:
        _refuse_narrow(market, region)
    proposals = {agent: iter((*market.better(agent), *_own(market, agent))) for agent in market.agents}
    pools: dict[str, list[str]] = {place: [] for place in market.capacity}
    free = list(market.agents)
    while free:
        touched = set()
        for agent in free:
            place = next(proposals[agent], None)
            if place is not None:
                pools[place].append(agent)
                touched.add(place)
        free = []
        for number in sorted({region_of[place] for place in touched if place in region_of}):
            free += _settle_region(market, regions[number], pools)
        for place in sorted(touched - region_of.keys()):
            free += _settle(market, place, pools)
    return {agent: place for place, agents in pools.items() for agent in agents}


def _own(market: SeatMarket, agent: str) -> tuple[str, ...]:
    return (market.holds[agent],) if agent in market.holds else ()


def _order(market: SeatMarket, place: str, agents: Sequence[str]) -> list[str]:
    """Applicants of a place: its incumbents, then the others by its priority."""
    return sorted(agents, key=lambda agent: (market.holds.get(agent) != place, market.rank(place, agent), agent))


def _settle(market: SeatMarket, place: str, pools: dict[str, list[str]]) -> list[str]:
    """Keeps the best of a place's pool and gives back the others."""
    ordered = _order(market, place, pools[place])
    pools[place] = ordered[: market.capacity[place]]
    return ordered[market.capacity[place] :]


def _refuse_narrow(market: SeatMarket, region: Region) -> None:
    """Refuses a cap below the incumbents, whose posts are theirs, or below the targets."""
    least = sum(max(len(market.holders[p]), region.targets.get(p, 0)) for p in region.places)
    if region.cap < least:
        raise ValueError(
            f"region of {region.places[0]}: a cap of {region.cap} is below incumbents and targets, {least}"
        )


def _settle_region(market: SeatMarket, region: Region, pools: dict[str, list[str]]) -> list[str]:
    """Keeps the incumbents, then up to each place's target, then one a place in turn until the cap is reached."""
    waiting: dict[str, list[str]] = {}
    for place in region.places:
        ordered = _order(market, place, pools[place])
        staying = sum(market.holds.get(agent) == place for agent in ordered)
        kept = max(staying, min(region.targets.get(place, 0), market.capacity[place]))
        pools[place], waiting[place] = ordered[:kept], ordered[kept:]
    taken = sum(len(pools[place]) for place in region.places)
    while taken < region.cap:
        turn = [p for p in region.places if waiting[p] and len(pools[p]) < market.capacity[p]][: region.cap - taken]
        if not turn:
            break
        for place in turn:
            pools[place].append(waiting[place].pop(0))
        taken += len(turn)
    return [agent for place in region.places for agent in waiting[place]]
