"""What-if on one roster: the same county planned under several values of one parameter, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from junheng.facts import County
from junheng.planning.result import Status
from junheng.planning.year import Request, YearPlan, plan_year
from junheng.policy import Pack


@dataclass(frozen=True, slots=True)
class Scenario:
    """One value of the parameter and what the plan under it looks like.

    ``imbalance_ratio`` is the weighted sum of squared coefficients after ÷ before (smaller is better); ``coefficients``
    holds the coefficient after, by (stage, indicator); ``mean_extra_km`` is the mean longer one-way commute of movers.
    """

    values: Mapping[str, Any]
    must: int
    may: int
    movers: int
    status: Status
    rules_broken: int
    imbalance_ratio: float
    coefficients: Mapping[tuple[str, str], float]
    schools_reaching: int
    wishes_first: int
    wishes_any: int
    movers_with_wishes: int
    mean_extra_km: float
    backbone_movers: int
    gap: float


def simulate(
    county: County,
    pack: Pack,
    variations: Sequence[Mapping[str, Any]],
    request: Request,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Scenario, ...]:
    """Plan the county once for every set of parameter values, in the order given.

    Raises ``ValueError`` as :func:`~junheng.planning.year.plan_year`.
    """
    scenarios = []
    for number, values in enumerate(variations):
        parameters = {**(request.parameters or {}), **values}
        made = plan_year(county, pack, replace(request, parameters=parameters))
        scenarios.append(scenario_of(values, made))
        if progress:
            progress(number + 1, len(variations))
    return tuple(scenarios)


def scenario_of(values: Mapping[str, Any], made: YearPlan) -> Scenario:
    """The figures of one plan as a line of the comparison."""
    figures = made.report.figures
    standings = [*made.findings.standings.values()]
    moving = [r for r in made.reasons if r.outcome == "moves"]
    return Scenario(
        values=dict(values),
        must=standings.count("must"),
        may=standings.count("may"),
        movers=figures.movers,
        status=made.result.status,
        rules_broken=len(made.report.violations),
        imbalance_ratio=figures.imbalance_after / figures.imbalance_before if figures.imbalance_before else 1.0,
        coefficients={(line.stage, line.indicator): line.cv_after for line in figures.stages},
        schools_reaching=sum(line.reaching_after or 0 for line in figures.stages),
        wishes_first=figures.wishes_met[0] if figures.wishes_met else 0,
        wishes_any=sum(figures.wishes_met),
        movers_with_wishes=figures.movers_with_wishes,
        mean_extra_km=sum(r.extra_km for r in moving) / len(moving) if moving else 0.0,
        backbone_movers=figures.backbone_movers,
        gap=made.result.gap,
    )
