"""The mechanisms give the answers that the literature prints for its own examples."""

from __future__ import annotations

import pytest

from junheng.planning.mechanisms.accepting import Region, deferred_acceptance, flexible_deferred_acceptance
from junheng.planning.mechanisms.exchanging import block_exchange, teacher_optimal_block_exchange
from junheng.planning.mechanisms.market import SeatMarket
from junheng.planning.mechanisms.properties import justified_envy, places_not_worse
from junheng.planning.mechanisms.trading import top_trading_cycles


def listed(prefix: str, lists: dict[int, list[int]], of: str) -> dict[str, tuple[str, ...]]:
    return {f"{prefix}{key}": tuple(f"{of}{number}" for number in order) for key, order in lists.items()}


def numbers(outcome: dict[str, str]) -> dict[int, int]:
    return {int(agent[1:]): int(place[1:]) for agent, place in sorted(outcome.items())}


def test_school_choice_of_abdulkadiroglu_and_sonmez_2003() -> None:
    """American Economic Review 93 (3), appendix pp. 742-744: eight students, four schools of 2, 2, 3 and 3 seats."""
    wishes = {
        1: [2, 1, 3, 4], 2: [1, 2, 3, 4], 3: [3, 2, 1, 4], 4: [3, 4, 1, 2],
        5: [1, 3, 4, 2], 6: [4, 1, 2, 3], 7: [1, 2, 3, 4], 8: [1, 2, 4, 3],
    }  # fmt: skip
    priority = {
        1: [1, 2, 3, 4, 5, 6, 7, 8], 2: [3, 5, 4, 8, 7, 2, 1, 6],
        3: [5, 3, 1, 7, 2, 8, 6, 4], 4: [6, 8, 7, 4, 2, 3, 5, 1],
    }  # fmt: skip
    market = SeatMarket(listed("i", wishes, "s"), {"s1": 2, "s2": 2, "s3": 3, "s4": 3}, listed("s", priority, "i"))
    assert numbers(top_trading_cycles(market)) == {1: 2, 2: 1, 3: 3, 4: 3, 5: 1, 6: 4, 7: 2, 8: 4}


def test_existing_tenants_of_abdulkadiroglu_and_sonmez_1999() -> None:
    """Journal of Economic Theory 88, section 5.1, pp. 246-248: tenants 1-4 of houses 1-4, a newcomer, 5-7 free."""
    wishes = {
        1: [2, 6, 5, 1, 4, 3, 7], 2: [7, 1, 6, 5, 4, 3, 2], 3: [2, 1, 4, 7, 3, 6, 5],
        4: [2, 4, 3, 6, 1, 7, 5], 5: [4, 3, 7, 1, 2, 5, 6],
    }  # fmt: skip
    market = SeatMarket(
        listed("i", wishes, "h"),
        {f"h{number}": 1 for number in range(1, 8)},
        listed("h", {number: [1, 2, 3, 4, 5] for number in range(1, 8)}, "i"),
        {f"i{number}": f"h{number}" for number in range(1, 5)},
    )
    assert numbers(top_trading_cycles(market)) == {1: 2, 2: 7, 3: 1, 4: 4, 5: 3}


def test_the_housing_market_of_six_agents() -> None:
    """The six agents of Shapley and Scarf's market as the R package matchingMarkets prints them; lists may be short."""
    wishes = {1: [3, 2, 4, 1], 2: [3, 5, 6], 3: [3, 1], 4: [2, 5, 6, 4], 5: [1, 3, 2], 6: [2, 4, 5, 6]}
    market = SeatMarket(
        listed("i", wishes, "h"),
        {f"h{number}": 1 for number in range(1, 7)},
        listed("h", {number: [1, 2, 3, 4, 5, 6] for number in range(1, 7)}, "i"),
        {f"i{number}": f"h{number}" for number in range(1, 7)},
    )
    assert numbers(top_trading_cycles(market)) == {1: 2, 2: 5, 3: 3, 4: 6, 5: 1, 6: 4}


def test_regional_caps_of_kamada_and_kojima() -> None:
    """Kamada and Kojima 2010 (American Economic Review 2015), examples 1 and 6.

    One region with a cap of 10, two hospitals that could each take ten and have a target of five; both rank d1 … d10.
    Doctors 1-3 accept hospital 1 only, doctors 4-10 hospital 2 only. Cutting capacities down to the targets, as Japan
    did, matches eight; the flexible mechanism matches all ten.
    """
    doctors = [f"d{number}" for number in range(1, 11)]
    wishes = {doctor: ("h1",) if number < 3 else ("h2",) for number, doctor in enumerate(doctors)}
    priority = {"h1": tuple(doctors), "h2": tuple(doctors)}
    capped = SeatMarket(wishes, {"h1": 5, "h2": 5}, priority)
    assert sorted(deferred_acceptance(capped)) == sorted(doctors[:8])
    free = SeatMarket(wishes, {"h1": 10, "h2": 10}, priority)
    matched = flexible_deferred_acceptance(free, [Region(("h1", "h2"), 10, {"h1": 5, "h2": 5})])
    assert matched == {doctor: wishes[doctor][0] for doctor in doctors}


@pytest.fixture
def stuck() -> SeatMarket:
    """Three teachers; 1 and 2 want to swap, 3 has the best claim to school 1 and wants it (after Combe et al. 2022)."""
    wishes = {"t1": ("s2",), "t2": ("s1",), "t3": ("s1",)}
    priority = {"s1": ("t3", "t2", "t1"), "s2": ("t3", "t1", "t2"), "s3": ("t3", "t1", "t2")}
    return SeatMarket(wishes, dict.fromkeys(priority, 1), priority, {"t1": "s1", "t2": "s2", "t3": "s3"})


def test_deferred_acceptance_moves_nobody_where_two_teachers_and_two_schools_want_a_swap(stuck: SeatMarket) -> None:
    assert deferred_acceptance(stuck) == dict(stuck.holds)
    swapped = {"t1": "s2", "t2": "s1", "t3": "s3"}
    for mechanism in (top_trading_cycles, teacher_optimal_block_exchange, block_exchange):
        assert mechanism(stuck) == swapped
    assert places_not_worse(stuck, swapped)
    assert [(envy.agent, envy.place, envy.other) for envy in justified_envy(stuck, swapped)] == [("t3", "s1", "t2")]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"wishes": {"t1": ("s9",)}, "holds": {}}, "wishes of t1"),
        ({"wishes": {"t1": ("s1", "s1")}, "holds": {}}, "wishes of t1"),
        ({"priority": {"s1": ("t1", "t1")}}, "s1 names an agent twice"),
        ({"holds": {"t1": "s9"}}, "post of t1"),
        ({"holds": {"t1": "s1", "t2": "s1"}}, "more incumbents than seats"),
    ],
)
def test_a_market_that_does_not_fit_together_is_refused(change: dict[str, object], named: str) -> None:
    whole: dict[str, object] = {
        "wishes": {"t1": ("s1",), "t2": ("s1",)}, "capacity": {"s1": 1}, "priority": {"s1": ("t1", "t2")},
        "holds": {"t1": "s1"},
    }  # fmt: skip
    with pytest.raises(ValueError, match=named):
        SeatMarket(**(whole | change))  # type: ignore[arg-type]


def test_block_exchange_is_among_holders_of_posts_and_regions_do_not_overlap() -> None:
    market = SeatMarket({"t1": ("s1",)}, {"s1": 1}, {"s1": ("t1",)})
    with pytest.raises(ValueError, match="t1 holds none"):
        teacher_optimal_block_exchange(market)
    with pytest.raises(ValueError, match="regions overlap"):
        flexible_deferred_acceptance(market, [Region(("s1",), 1), Region(("s1",), 1)])
    with pytest.raises(ValueError, match="cap of 0 is below"):
        flexible_deferred_acceptance(market, [Region(("s1",), 0, {"s1": 1})])
