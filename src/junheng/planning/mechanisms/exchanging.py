"""Block exchange: seats change hands in cycles that please every teacher in them and every school on the way.

After Combe, Tercieux and Terrier, "The Design of Teacher Assignment: Theory and Evidence" (Review of Economic Studies
2022). A seat may pass from its incumbent to somebody whom the school ranks above him. Deferred acceptance with own
posts first misses such exchanges: a third person with a better claim stops them, and does not get the post either.

A school with several seats is read seat by seat: each seat passes from one person to another, and a teacher who wants
the school tries its seats from the incumbent whom it ranks lowest upwards.
"""

from __future__ import annotations

from collections import deque

from junheng.planning.mechanisms.market import Outcome, SeatMarket
from junheng.planning.mechanisms.trading import cycles


def teacher_optimal_block_exchange(market: SeatMarket) -> Outcome:
    """TO-BE: each agent points to the best seat whose place ranks him above its incumbent; cycles trade and leave.

    Everybody gains or keeps his post, every seat that is left is filled, and each seat passes to somebody whom its
    place ranks higher. Telling the truth is a best reply: it is top trading cycles on lists that only the priorities
    shorten, and the order of a place's seats does not depend on what anybody says.

    Raises ``ValueError`` for an agent who holds no place.
    """
    options = {agent: list(reversed(_seats(market, agent))) for agent in _everybody_holds(market)}
    left, outcome = set(options), dict(market.holds)
    while left:
        pointing = {}
        for agent in sorted(left):
            while options[agent] and options[agent][-1] not in left:
                options[agent].pop()
            pointing[agent] = options[agent][-1] if options[agent] else agent
        for cycle in cycles(pointing):
            for agent in cycle:
                outcome[agent] = market.holds[pointing[agent]]
                left.discard(agent)
    return outcome


def _seats(market: SeatMarket, agent: str) -> list[str]:
    """The incumbents whose seats the agent may take, best place first, within a place the lowest-ranked first."""
    return [
        incumbent
        for place in market.better(agent)
        for incumbent in reversed(market.holders[place])
        if market.accepts(place, agent, incumbent)
    ]


def _everybody_holds(market: SeatMarket) -> tuple[str, ...]:
    missing = [agent for agent in market.agents if agent not in market.holds]
    if missing:
        raise ValueError(f"block exchange is among holders of posts; {missing[0]} holds none")
    return market.agents


def block_exchange(market: SeatMarket) -> Outcome:
    """BE: any cycle of seats that change hands to everybody's gain is carried out, until there is none.

    Which cycle comes first is fixed (the shortest through the first agent, in the order of ids, that is on one), but a
    teacher can gain by naming other wishes than his own. For comparison only.
    """
    agents, at = _everybody_holds(market), dict(market.holds)
    tried, number = 0, 0
    while tried < len(agents):
        cycle = _shortest_cycle(market, at, agents[number % len(agents)])
        if cycle:
            at |= {agent: at[following] for agent, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True)}
            tried = 0
        else:
            tried, number = tried + 1, number + 1
    return at


def _shortest_cycle(market: SeatMarket, at: Outcome, start: str) -> list[str]:
    """The first shortest cycle through ``start`` of agents who each want, and are wanted for, the seat of the next."""
    seated: dict[str, list[str]] = {}
    for agent in sorted(at):
        seated.setdefault(at[agent], []).append(agent)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        agent = queue.popleft()
        for place in market.better(agent):
            if place == at[agent]:
                break
            for incumbent in seated.get(place, ()):
                if incumbent not in came_from and market.accepts(place, agent, incumbent):
                    came_from[incumbent] = agent
                    if incumbent == start:
                        return _path(came_from, start)
                    queue.append(incumbent)
    return []


def _path(came_from: dict[str, str], start: str) -> list[str]:
    path, node = [start], came_from[start]
    while node != start:
        path.append(node)
        node = came_from[node]
    return [start, *reversed(path[1:])]
