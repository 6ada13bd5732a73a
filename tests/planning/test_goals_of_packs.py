"""A county's own goals are data: weights in the pack, and parameters of them on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.facts.synthetic import make_small_county
from junheng.planning.assembling import PlanningError
from junheng.planning.year import Request, prepare_year
from junheng.policy import Pack, load_pack, pack_source
from junheng.policy.errors import PackError

GOALS = """  goals:
    balance: 80
    standard: $pool_weight
    per_km: 3.5
    wish_points: [90, 30]
    missed_wish: -40
    indicators: {junior: {backbone: 2}}
"""
PARAMETER = """parameters:
  pool_weight: {value: 25, unit: points, clause: Y-10, zh: 达标权重, en: weight of the standard}
"""


def pack_with(folder: Path, goals: str) -> Pack:
    text = pack_source(load_pack("YUNLING"))
    text = text.replace("  commute_km_max: $commute_km\n", f"  commute_km_max: $commute_km\n{goals}")
    path = folder / "OWN.yaml"
    path.write_text(text.replace("parameters:\n", PARAMETER, 1), encoding="utf-8")
    return load_pack(path)


def test_the_packs_goals_reach_the_objective_and_the_rest_stays(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, GOALS)
    goals = prepare_year(make_small_county(), pack, Request())[2].problem.policy.objective
    assert (goals.w_imbalance, goals.w_standard, goals.km_penalty) == (80.0, 25.0, 3.5)
    assert (goals.pref_points, goals.pref_missed) == ((90.0, 30.0), -40.0)
    assert goals.indicator_weight["junior"] == {"degree": 1.0, "backbone": 2.0, "pe_art": 1.0}
    assert (goals.w_service, goals.w_extra) == (10.0, 40.0)


def test_a_weight_that_is_a_parameter_can_be_tried(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, GOALS)
    tried = prepare_year(make_small_county(), pack, Request(parameters={"pool_weight": 60}))[1]
    assert tried.objective.w_standard == 60.0
    with pytest.raises(PlanningError, match="expected 0 to"):
        prepare_year(make_small_county(), pack, Request(parameters={"pool_weight": -1}))


@pytest.mark.parametrize(
    "wrong", ["balance: -1", "per_km: many", "standard: $nobody", "indicators: {senior: {degree: 1}}"]
)
def test_a_goal_that_is_none_is_refused_when_the_pack_is_read(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="goals"):
        pack_with(tmp_path, f"  goals: {{{wrong}}}\n")
