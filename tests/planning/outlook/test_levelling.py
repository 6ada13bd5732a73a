"""Levelling: never worse than the best of all schedules of a small task, and what it says of those it leaves is so."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.planning.outlook import levelling
from junheng.planning.outlook.levelling import BACKBONE, COUPLE, Levelled, Mover, Spread, least_peak, level

ALL = ("quota", "county")


@st.composite
def spreads(draw: st.DrawFn) -> Spread:
    horizon = draw(st.integers(1, 3))
    names = [f"m{i}" for i in range(draw(st.integers(0, 5)))]
    movers = tuple(
        Mover(
            id=name,
            years=tuple(sorted(draw(st.sets(st.integers(0, horizon - 1))))),
            weight=draw(st.integers(0, 9)),
            backbone=draw(st.booleans()),
            groups=frozenset({("school", draw(st.sampled_from("xy"))), ALL}),
            spouse=draw(st.sampled_from(["", "", *names])),
        )
        for name in names
    )
    numbers = st.lists(st.integers(0, 3), min_size=horizon, max_size=horizon)
    return Spread(
        horizon=horizon,
        movers=movers,
        most={("school", each): draw(numbers) for each in draw(st.sets(st.sampled_from("xy")))},
        least={ALL: draw(numbers)} if draw(st.booleans()) else {},
        backbone_share=draw(st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 2), Fraction(1)])),
        backbone_room=draw(numbers),
    )


def worth(spread: Spread, year_of: dict[str, int]) -> tuple[int, ...] | None:
    """What a schedule is worth, smallest best, computed from the words of the task; ``None`` when it breaks a rule."""
    gone = [[m for m in spread.movers if year_of.get(m.id) == k] for k in range(spread.horizon)]
    lacking = 0
    for k, batch in enumerate(gone):
        ids = {m.id for m in batch}
        if any(sum(g in m.groups for m in batch) > most[k] for g, most in spread.most.items()):
            return None
        if any(m.spouse in ids - {m.id} for m in batch):
            return None
        # the best that volunteers can do for the share: all of them backbone teachers
        room, share = spread.backbone_room[k], spread.backbone_share
        if all(sum(m.backbone for m in batch) + more < share * (len(batch) + more) for more in range(room + 1)):
            return None
        lacking += sum(max(0, least[k] - sum(g in m.groups for m in batch)) for g, least in spread.least.items())
    totals = [len(batch) for batch in gone]
    order = sum(m.weight * (year_of.get(m.id, spread.horizon)) for m in spread.movers if m.years)
    return lacking, -sum(totals), max(totals), sum(t * t for t in totals), order


def totals_of(spread: Spread, year_of: dict[str, int]) -> tuple[int, ...]:
    return tuple(sum(k == year for year in year_of.values()) for k in range(spread.horizon))


def every_schedule(spread: Spread):
    for years in product(*((None, *m.years) for m in spread.movers)):
        yield {m.id: k for m, k in zip(spread.movers, years, strict=True) if k is not None}


@settings(max_examples=50)
@given(spreads())
def test_no_schedule_is_better(spread: Spread) -> None:
    found = level(spread)
    reached = worth(spread, found.year_of)
    assert reached is not None
    values = [(value, s) for s in every_schedule(spread) if (value := worth(spread, s)) is not None]
    assert reached[:4] == min(value[:4] for value, _ in values)
    same_totals = [v for v, s in values if v[:4] == reached[:4] and totals_of(spread, s) == found.totals]
    assert reached == min(same_totals)
    assert found.proven
    assert found.shortage == reached[0]
    assert found.totals == totals_of(spread, found.year_of)
    assert found.least_peak <= found.peak


@settings(max_examples=30)
@given(spreads())
def test_who_is_left_is_stopped_by_a_rule_in_each_of_his_years(spread: Spread) -> None:
    found = level(spread)
    assert found.stopped.keys() == {m.id for m in spread.movers} - found.year_of.keys()
    for mover in spread.movers:
        if mover.id in found.stopped:
            assert {k for k, _ in found.stopped[mover.id]} == set(mover.years)


def three(years: tuple[int, ...], number: int, **facts: object) -> tuple[Mover, ...]:
    return tuple(Mover(id=f"{number}{i}", years=years, **facts) for i in range(number))  # type: ignore[arg-type]


def test_a_backlog_is_spread_evenly_and_counting_proves_it() -> None:
    # seven are due at once, one more in the last year: 3, 3, 2 in some order, and eight persons need a year of three
    found = level(Spread(horizon=3, movers=(*three((0, 1, 2), 7), Mover(id="late", years=(2,)))))
    assert sorted(found.totals) == [2, 3, 3]
    assert (found.peak, found.least_peak) == (3, 3)


def test_the_longest_at_the_school_go_first_and_the_shortest_are_left() -> None:
    movers = tuple(Mover(id=f"y{w}", years=(0, 1), weight=w, groups=frozenset({ALL})) for w in (6, 12, 9))
    found = level(Spread(horizon=2, movers=movers, most={ALL: [1, 1]}))
    assert found.year_of == {"y12": 0, "y9": 1}
    assert found.stopped == {"y6": ((0, "quota"), (1, "quota"))}


def test_a_couple_goes_in_different_years() -> None:
    pair = (Mover(id="a", years=(0,), spouse="b"), Mover(id="b", years=(0,)))
    found = level(Spread(horizon=1, movers=pair))
    assert len(found.year_of) == 1
    assert [*found.stopped.values()] == [((0, COUPLE),)]
    assert level(Spread(horizon=2, movers=(pair[0], replace(pair[1], years=(0, 1))))).year_of == {"a": 0, "b": 1}


def test_too_few_backbone_teachers_hold_the_others_back() -> None:
    # half must be backbone: one backbone teacher takes one other along, a volunteer another one
    movers = (Mover(id="star", years=(0,), backbone=True), *three((0,), 3))
    alone = Spread(horizon=1, movers=movers, backbone_share=Fraction(1, 2), backbone_room=(0,))
    assert level(alone).totals == (2,)
    assert {rule for stops in level(alone).stopped.values() for _, rule in stops} == {BACKBONE}
    assert level(replace(alone, backbone_room=(1,))).totals == (3,)


def test_a_quota_that_cannot_be_met_is_counted_and_the_schedule_still_made() -> None:
    found = level(Spread(horizon=2, movers=(Mover(id="a", years=(0,), groups=frozenset({ALL})),), least={ALL: [3, 1]}))
    assert found.shortage == 3
    assert found.year_of == {"a": 0}


def test_nobody_to_place_is_an_empty_schedule() -> None:
    assert level(Spread(horizon=2, movers=())) == Levelled({}, {}, (0, 0), 0, 0, proven=True)


def test_the_counted_bound_looks_at_every_span_of_years() -> None:
    spread = Spread(horizon=3, movers=(*three((1,), 4), *three((0, 1, 2), 2)))
    assert least_peak(spread, 0) == 4
    assert least_peak(spread, 1) == 3


def test_a_year_outside_the_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon"):
        level(Spread(horizon=2, movers=(Mover(id="a", years=(2,)),)))


@settings(max_examples=20)
@given(spreads())
def test_a_large_task_keeps_every_rule_and_does_not_claim_a_proof(spread: Spread) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levelling, "LARGE", -1)
        patch.setattr(levelling._Task, "_by_bounds", lambda *_: False)
        found = level(spread)
    reached = worth(spread, found.year_of)
    assert reached is not None
    assert reached[:2] == (worth(spread, level(spread).year_of) or ())[:2]
    assert found.proven is not any(m.years for m in spread.movers)
