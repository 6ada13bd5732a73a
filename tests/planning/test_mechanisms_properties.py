"""Properties of the mechanisms, by brute force on small random markets: every outcome and every misreport is tried."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations, product

import pytest

from junheng.planning.mechanisms.accepting import Region, deferred_acceptance, flexible_deferred_acceptance
from junheng.planning.mechanisms.exchanging import block_exchange, teacher_optimal_block_exchange
from junheng.planning.mechanisms.market import Outcome, SeatMarket
from junheng.planning.mechanisms.properties import (
    balanced,
    individually_rational,
    justified_envy,
    places_not_worse,
)
from junheng.planning.mechanisms.trading import top_trading_cycles

Mechanism = Callable[[SeatMarket], Outcome]
MECHANISMS: dict[str, Mechanism] = {
    "da": deferred_acceptance,
    "ttc": top_trading_cycles,
    "tobe": teacher_optimal_block_exchange,
    "be": block_exchange,
}
TRUTHFUL = ("da", "ttc", "tobe")
BLOCKS = [0, *(pytest.param(block, marks=pytest.mark.slow) for block in range(1, 25))]
SIZE = 20


def random_market(seed: int, *, agents: int = 4, places: int = 4, seats: int = 1, common: bool = False) -> SeatMarket:
    """Everybody holds a post; short or long wishes; priorities by place, or one for all; now and then a veto."""
    rng = random.Random(f"{seed} {agents} {places} {seats} {common}")  # noqa: S311 - a repeatable market
    people, posts = [f"t{i}" for i in range(agents)], [f"s{i}" for i in range(places)]
    free = [post for post in posts for _ in range(seats)]
    rng.shuffle(free)
    holds = dict(zip(people, free, strict=False))
    wishes = {}
    for person in people:
        others = [post for post in posts if post != holds[person]]
        wishes[person] = tuple(rng.sample(others, rng.randint(0 if rng.random() < 0.2 else 1, len(others))))
    everybody = rng.sample(people, agents)
    priority = {post: tuple(everybody if common else rng.sample(people, agents)) for post in posts}
    pairs = [(a, b) for a in people for b in people if a != b]
    vetoes = frozenset(rng.sample(pairs, rng.choice((0, 0, 2))))
    return SeatMarket(wishes, dict.fromkeys(posts, seats), priority, holds, vetoes)


def markets(block: int, **shape: int) -> Iterator[SeatMarket]:
    return (random_market(seed, **shape) for seed in range(block * SIZE, (block + 1) * SIZE))  # type: ignore[arg-type]


def gains(market: SeatMarket, agent: str, new: Outcome, old: Outcome) -> bool:
    return market.prefers(agent, new.get(agent, ""), old.get(agent))


def outcomes(market: SeatMarket) -> Iterator[Outcome]:
    """Every outcome that gives nobody less than his post and no place more people than seats."""
    people = market.agents
    for places in product(*([market.holds[a], *market.better(a)] for a in people)):
        if all(places.count(place) <= seats for place, seats in market.capacity.items()):
            yield dict(zip(people, places, strict=True))


def lies(market: SeatMarket, agent: str) -> Iterator[SeatMarket]:
    """The market after every list of wishes that the agent could state."""
    others = [place for place in market.capacity if place != market.holds.get(agent)]
    for length in range(len(others) + 1):
        for said in permutations(others, length):
            yield replace(market, wishes={**market.wishes, agent: said})


def may_gain_by_a_lie(market: SeatMarket, mechanism: Mechanism) -> bool:
    truth = mechanism(market)
    return any(gains(market, agent, mechanism(told), truth) for agent in market.agents for told in lies(market, agent))


def has_blocking_cycle(market: SeatMarket, at: Outcome) -> bool:
    """Whether some seats could still change hands so that each person and each place gains."""
    wants = {
        a: [b for b in at if market.prefers(a, at[b], at[a]) and market.accepts(at[b], a, b)] for a in market.agents
    }
    reach = {a: set(wants[a]) for a in wants}
    for _ in wants:
        reach = {a: near.union(*(reach[b] for b in near)) for a, near in reach.items()}
    return any(a in reach[a] for a in reach)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("seats", [1, 2])
def test_nobody_loses_and_every_post_is_refilled(name: str, seats: int, block: int) -> None:
    for market in markets(block, agents=4 if seats == 1 else 6, places=4 if seats == 1 else 3, seats=seats):
        outcome = MECHANISMS[name](market)
        assert individually_rational(market, outcome)
        assert balanced(market, outcome)
        assert outcome.keys() == market.holds.keys()


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("name", TRUTHFUL)
@pytest.mark.parametrize("seats", [1, 2])
def test_nobody_gains_by_stating_other_wishes_than_his_own(name: str, seats: int, block: int) -> None:
    for market in markets(block, agents=4 if seats == 1 else 6, places=4 if seats == 1 else 3, seats=seats):
        assert not may_gain_by_a_lie(market, MECHANISMS[name])


def test_any_cycle_exchange_can_be_manipulated() -> None:
    assert any(may_gain_by_a_lie(market, block_exchange) for block in range(6) for market in markets(block))


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("seats", [1, 2])
def test_block_exchange_serves_schools_too_and_leaves_no_exchange_that_all_in_it_want(seats: int, block: int) -> None:
    for market in markets(block, agents=4 if seats == 1 else 6, places=4 if seats == 1 else 3, seats=seats):
        for mechanism in (teacher_optimal_block_exchange, block_exchange):
            outcome = mechanism(market)
            assert places_not_worse(market, outcome)
            free = replace(market, vetoes=frozenset())
            assert not has_blocking_cycle(free, mechanism(free))


@pytest.mark.parametrize("block", BLOCKS)
def test_deferred_acceptance_leaves_no_justified_envy_and_is_best_for_teachers_among_those(block: int) -> None:
    for market in markets(block):
        outcome = deferred_acceptance(market)
        assert justified_envy(market, outcome) == ()
        for other in outcomes(market):
            if balanced(market, other) and not justified_envy(market, other):
                assert not any(gains(market, agent, other, outcome) for agent in market.agents)


@pytest.mark.parametrize("block", BLOCKS)
def test_top_trading_cycles_leave_nothing_that_would_please_some_and_hurt_nobody(block: int) -> None:
    for market in markets(block):
        outcome = top_trading_cycles(market)
        for other in outcomes(market):
            better = [gains(market, agent, other, outcome) for agent in market.agents]
            worse = [gains(market, agent, outcome, other) for agent in market.agents]
            assert any(worse) or not any(better)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("seats", [1, 2])
def test_under_one_order_common_to_all_schools_block_exchange_moves_nobody(seats: int, block: int) -> None:
    for seed in range(block * SIZE, (block + 1) * SIZE):
        market = random_market(seed, agents=6, places=6 // seats, seats=seats, common=True)
        assert teacher_optimal_block_exchange(market) == market.holds
        assert block_exchange(market) == market.holds


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("posts", [0, 3])
def test_flexible_acceptance_keeps_caps_and_own_posts_and_rewards_the_truth(posts: int, block: int) -> None:
    """Six seats in two places of one region, of which four may be filled, and two elsewhere; some hold posts."""
    for whole in markets(block, agents=5, places=3, seats=3):
        holds = dict(sorted(whole.holds.items())[:posts])
        market = replace(whole, holds=holds)
        regions = [Region(("s0", "s1"), 4, {"s0": 1, "s1": 1})]
        if sum(place in ("s0", "s1") for place in holds.values()) > 2:
            continue
        outcome = flexible_deferred_acceptance(market, regions)
        assert sum(place in ("s0", "s1") for place in outcome.values()) <= 4
        assert individually_rational(market, outcome)
        assert not may_gain_by_a_lie(market, lambda told, rules=regions: flexible_deferred_acceptance(told, rules))
        assert flexible_deferred_acceptance(market, [Region(("s0", "s1"), 99)]) == deferred_acceptance(market)
