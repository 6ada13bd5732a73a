"""Top trading cycles: agents point to the place that they want, places to whom they serve, and cycles trade.

One function for three published mechanisms. Where every place is held by one agent it is Gale's rule for the housing
market (Shapley and Scarf 1974); with free places and agents without one, house allocation with existing tenants
(Abdulkadiroğlu and Sönmez 1999); where nobody holds anything, school choice (Abdulkadiroğlu and Sönmez 2003).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from junheng.planning.mechanisms.market import Outcome, SeatMarket


def top_trading_cycles(market: SeatMarket) -> Outcome:
    """Trades every cycle, round by round, until nobody is left.

    A place points to its incumbents first, in its priority, and then to the others in its priority: nobody loses his
    post. The outcome leaves no agents who could all gain by another one, and telling the truth is a best reply.
    """
    return _Trade(market).run()


class _Trade:
    def __init__(self, market: SeatMarket) -> None:
        self.market = market
        self.left = set(market.agents)
        self.seats = dict(market.capacity)
        self.wishes = {agent: list(reversed(market.better(agent))) for agent in market.agents}
        self.queues = {
            place: list(reversed((*market.holders[place], *market.priority.get(place, ())))) for place in self.seats
        }
        self.outcome: Outcome = {}

    def run(self) -> Outcome:
        """The outcome."""
        while self.left:
            points = {agent: self._owner_of_wish(agent) for agent in sorted(self.left)}
            for agent in [agent for agent, owner in points.items() if owner is None]:
                self.left.discard(agent)
                del points[agent]
            pointing = {agent: owner for agent, owner in points.items() if owner is not None}
            for cycle in cycles({a: o for a, o in pointing.items() if o in pointing}):
                for agent in cycle:
                    self._assign(agent)
        return self.outcome

    def _owner_of_wish(self, agent: str) -> str | None:
        """Whom the place that the agent wants points to; himself where he keeps his own; ``None`` where nothing is."""
        wishes = self.wishes[agent]
        while wishes and self.seats[wishes[-1]] == 0:
            wishes.pop()
        if not wishes:
            return agent if agent in self.market.holds else None
        queue = self.queues[wishes[-1]]
        while queue[-1] not in self.left:
            queue.pop()
        return queue[-1]

    def _assign(self, agent: str) -> None:
        place = self.wishes[agent][-1] if self.wishes[agent] else self.market.holds[agent]
        self.outcome[agent] = place
        self.seats[place] -= 1
        self.left.discard(agent)


def cycles(pointing: Mapping[str, str]) -> Iterator[list[str]]:
    """Every cycle of a graph in which each node points to one node that points on as well."""
    walked: dict[str, int] = {}
    for walk, start in enumerate(sorted(pointing)):
        node, path = start, []
        while node in pointing and node not in walked:
            walked[node] = walk
            path.append(node)
            node = pointing[node]
        if walked.get(node) == walk:
            yield path[path.index(node) :]
