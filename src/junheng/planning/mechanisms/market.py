"""A market of agents and places: who wishes for which place, who holds one now, and whom each place serves first.

It is the form in which every mechanism of this folder reads its case, be it a county's teachers and posts or an example
of the literature. Agents and places are ids; orders are strict, so nothing is left to chance: where a case has ties,
whoever makes the market breaks them, and publishes how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Outcome = dict[str, str]
"""Agent → place after the mechanism; an agent who ends without a place is not in it."""


@dataclass(frozen=True, slots=True)
class SeatMarket:
    """Agents, places with ``capacity`` seats, and both sides' orders.

    ``wishes``: agent → places, best first; a place that is not named, or comes after the one that the agent holds, is
    no improvement. ``priority``: place → agents, first served first; somebody who is not named cannot come there.
    ``holds``: agent → place held today, which he keeps unless he gains. ``vetoes``: pairs (agent, incumbent) of whom
    a place does not take the one for the other, whatever its priority; block exchange heeds them.

    Raises ``ValueError`` naming a place or agent that is unknown, repeated, or one too many.
    """

    wishes: Mapping[str, tuple[str, ...]]
    capacity: Mapping[str, int]
    priority: Mapping[str, tuple[str, ...]]
    holds: Mapping[str, str] = field(default_factory=dict)
    vetoes: frozenset[tuple[str, str]] = frozenset()
    ranks: Mapping[str, Mapping[str, int]] = field(init=False, repr=False)
    holders: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    """Place → its incumbents, first by priority; one whom the priority does not name comes last."""

    def __post_init__(self) -> None:
        ranks = {place: {agent: at for at, agent in enumerate(order)} for place, order in self.priority.items()}
        holders: dict[str, list[str]] = {place: [] for place in self.capacity}
        for agent, place in sorted(self.holds.items()):
            _known(place in self.capacity and agent in self.wishes, f"post of {agent}: {place}")
            holders[place].append(agent)
        for place, agents in holders.items():
            _known(len(agents) <= self.capacity[place], f"{place} has more incumbents than seats: {agents}")
            order = ranks.setdefault(place, {})
            agents.sort(key=lambda agent, order=order: (order.get(agent, len(order)), agent))  # type: ignore[misc]
        for place, order in ranks.items():
            _known(len(order) == len(self.priority.get(place, ())), f"{place} names an agent twice")
        for agent, wishes in self.wishes.items():
            _known(len(set(wishes)) == len(wishes) and self.capacity.keys() >= set(wishes), f"wishes of {agent}")
        object.__setattr__(self, "ranks", ranks)
        object.__setattr__(self, "holders", {place: tuple(agents) for place, agents in holders.items()})

    @property
    def agents(self) -> tuple[str, ...]:
        """Everybody, in the order of ids."""
        return tuple(sorted(self.wishes))

    def better(self, agent: str) -> tuple[str, ...]:
        """The places that the agent wishes for more than his own and may come to, best first."""
        wishes, own = self.wishes[agent], self.holds.get(agent)
        gains = wishes[: wishes.index(own)] if own in wishes else wishes
        return tuple(place for place in gains if agent in self.ranks[place])

    def prefers(self, agent: str, place: str, to: str | None) -> bool:
        """Whether the agent wants ``place`` more than ``to`` (``None``: no place at all)."""
        gains = self.better(agent)
        return place in gains and (to not in gains or gains.index(place) < gains.index(to))

    def rank(self, place: str, agent: str) -> int:
        """Position of the agent at the place, 0 first; behind everybody where he is not named."""
        order = self.ranks[place]
        return order.get(agent, len(order))

    def accepts(self, place: str, agent: str, incumbent: str) -> bool:
        """Whether the place gains, or at least agrees, when ``agent`` takes the seat of ``incumbent``."""
        return self.rank(place, agent) < self.rank(place, incumbent) and (agent, incumbent) not in self.vetoes


def _known(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"market: {what}")
