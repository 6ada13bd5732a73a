"""What-if on one roster: each scenario is the plan that its values give, and nothing else changes."""

from __future__ import annotations

import pytest

from junheng.facts import County
from junheng.facts.synthetic import make_small_county
from junheng.planning.checking import check
from junheng.planning.simulating import Scenario, simulate
from junheng.planning.year import Request, plan_year
from junheng.policy import load_pack

CN = load_pack("CN")
YEARS = (5, 6, 12)


@pytest.fixture(scope="module")
def county() -> County:
    return make_small_county()


@pytest.fixture(scope="module")
def scenarios(county: County) -> tuple[Scenario, ...]:
    return simulate(county, CN, [{"tenure_years": years} for years in YEARS], Request())


def test_every_scenario_is_the_plan_of_its_value(county: County, scenarios: tuple[Scenario, ...]) -> None:
    for years, scenario in zip(YEARS, scenarios, strict=True):
        made = plan_year(county, CN, Request(parameters={"tenure_years": years}))
        figures = check(made.assembly.problem, made.result.assignments).figures
        assert scenario.values == {"tenure_years": years}
        assert (scenario.movers, scenario.backbone_movers) == (figures.movers, figures.backbone_movers)
        assert scenario.imbalance_ratio == pytest.approx(figures.imbalance_after / figures.imbalance_before)
        assert scenario.mean_extra_km * scenario.movers == pytest.approx(
            sum(r.extra_km for r in made.reasons if r.outcome == "moves")
        )
        assert scenario.coefficients == {(x.stage, x.indicator): x.cv_after for x in figures.stages}


def test_more_years_at_the_school_leave_fewer_who_may_move(scenarios: tuple[Scenario, ...]) -> None:
    may = [scenario.may + scenario.must for scenario in scenarios]
    assert may == sorted(may, reverse=True)
    assert may[0] > may[-1]


def test_a_value_that_allows_no_plan_is_a_scenario_too(county: County) -> None:
    possible, hopeless = simulate(county, CN, [{"teacher_share": 10}, {"teacher_share": 100}], Request())
    assert (possible.status, possible.rules_broken) == ("solved", 0)
    assert hopeless.status == "infeasible"
    assert hopeless.rules_broken > 0


def test_fixed_parameters_hold_in_every_scenario(county: County) -> None:
    request = Request(parameters={"teacher_share": 20})
    more = simulate(county, CN, [{"tenure_years": 6}], request)[0]
    fewer = simulate(county, CN, [{"tenure_years": 6}], Request())[0]
    assert more.movers > fewer.movers


def test_progress_counts_the_scenarios(county: County) -> None:
    told: list[tuple[int, int]] = []
    simulate(county, CN, [{"tenure_years": 5}, {"tenure_years": 6}], Request(), lambda *step: told.append(step))
    assert told == [(1, 2), (2, 2)]


def test_a_value_out_of_range_is_refused(county: County) -> None:
    with pytest.raises(ValueError, match="tenure_years"):
        simulate(county, CN, [{"tenure_years": 99}], Request())
