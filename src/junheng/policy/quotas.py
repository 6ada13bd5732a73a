"""The numbers that a pack gives the planner, every parameter looked up, and what its quotas come to in a county."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from junheng.facts import County
from junheng.facts.rounding import rounded
from junheng.policy.conditions import Parameter
from junheng.policy.schema import Goals, Pack

HUNDRED = 100


@dataclass(frozen=True)
class QuotaNumbers:
    """A quota in the planner's words; ``pct`` is a fraction (1/20 for five percent)."""

    id: str
    clause: str
    scope: Literal["school", "cluster", "cluster_stage", "stage", "county"]
    base: Literal["staff", "eligible"]
    sense: Literal["eq", "ge", "le"]
    pct: Fraction
    rounding: Literal["half_up", "ceil", "floor"]
    min: int


@dataclass(frozen=True)
class DirectionNumbers:
    """Of the movers from ``zones[0]`` at least ``share_min`` go to ``zones[1]``; zones are words of ``Locale``."""

    clause: str
    zones: tuple[tuple[str, ...], tuple[str, ...]]
    share_min: Fraction


@dataclass(frozen=True)
class GoalNumbers:
    """What a pack says of the goals of a plan, by their names in the pack; what it does not say is not there.

    ``indicators`` by stage and indicator; ``wish_points`` are empty where nothing is said.
    """

    weights: dict[str, float]
    indicators: dict[str, dict[str, float]]
    wish_points: tuple[float, ...]


@dataclass(frozen=True)
class PlanningNumbers:
    """A pack's planning part as numbers. Shares are fractions; ``commute_km_max`` is ``None`` where nothing is said."""

    quotas: tuple[QuotaNumbers, ...]
    no_return_years: int
    commute_km_max: float | None
    backbone_share_min: Fraction
    direction: DirectionNumbers | None
    spouse_both_forbidden: bool
    within_cluster: bool
    within_partners: bool
    partners: frozenset[Literal["pairing", "group"]]
    refill: Literal["toward", "preserve"]
    subject_outflow_share: Fraction
    subject_outflow_min: int
    goals: GoalNumbers | None = None


@dataclass(frozen=True)
class QuotaAmount:
    """How many of a group move under a quota: base × pct = raw → rounded → after the minimum (``amount``)."""

    quota: str
    clause: str
    scope: str
    group: str
    base: int
    raw: Fraction
    rounded: int
    amount: int

    def steps(self) -> str:
        """The arithmetic in one line."""
        shown = f"{float(self.raw):.6g}"
        share = self.raw / self.base if self.base else Fraction(0)
        return f"{self.base} × {float(share * HUNDRED):g}% = {shown} → {self.rounded} → {self.amount}"


def planning_numbers(pack: Pack, values: Mapping[str, Any]) -> PlanningNumbers | None:
    """The planning part with parameters looked up; ``None`` when the pack has none."""
    plan = pack.planning
    if plan is None:
        return None
    commute = set_value(plan.commute_km_max, values) if plan.commute_km_max is not None else None
    direction = plan.direction
    return PlanningNumbers(
        quotas=tuple(
            QuotaNumbers(
                quota.id,
                pack.label(quota.clause),
                quota.scope,
                quota.base,
                quota.sense,
                share(quota.pct, values),
                set_value(quota.rounding, values),
                int(set_value(quota.min, values)),
            )
            for quota in plan.quotas
        ),
        no_return_years=int(set_value(plan.no_return_years, values)),
        commute_km_max=float(commute) if commute is not None else None,
        backbone_share_min=share(plan.backbone_share_min, values),
        direction=DirectionNumbers(
            pack.label(direction.clause),
            (tuple(direction.from_zones), tuple(direction.to_zones)),
            share(direction.share_min, values),
        )
        if direction
        else None,
        spouse_both_forbidden=plan.spouse_both_forbidden,
        within_cluster=plan.within_cluster,
        within_partners=plan.within_partners,
        partners=frozenset(plan.partners),
        refill=plan.refill,
        subject_outflow_share=share(plan.subject_outflow_share, values),
        subject_outflow_min=plan.subject_outflow_min,
        goals=_goals(plan.goals, values) if plan.goals is not None else None,
    )


GOALS = ("balance", "standard", "service", "extra", "missed_wish", "pairing", "per_km")


def _goals(goals: Goals, values: Mapping[str, Any]) -> GoalNumbers:
    said = {name: getattr(goals, name) for name in GOALS if getattr(goals, name) is not None}
    return GoalNumbers(
        weights={name: _number(name, operand, values) for name, operand in said.items()},
        indicators={
            stage: {name: _number(f"{stage}.{name}", operand, values) for name, operand in row.items()}
            for stage, row in goals.indicators.items()
        },
        wish_points=tuple(_number("wish_points", operand, values) for operand in goals.wish_points),
    )


def _number(name: str, operand: Any, values: Mapping[str, Any]) -> float:
    value = set_value(operand, values)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        # a pack's number is data: bad data is a bad value
        raise ValueError(f"planning.goals.{name} is {value!r}, expected a number")  # noqa: TRY004 - as above
    return float(value)


def quota_amounts(
    county: County, standings: Mapping[str, str], numbers: PlanningNumbers | None
) -> tuple[QuotaAmount, ...]:
    """What every quota comes to in every group of its scope."""
    found = []
    for quota in numbers.quotas if numbers else ():
        for group, base in sorted(_bases(county, standings, quota).items()):
            raw = quota.pct * base
            whole = rounded(raw, quota.rounding)
            amount = max(quota.min, whole)
            found.append(QuotaAmount(quota.id, quota.clause, quota.scope, group, base, raw, whole, amount))
    return tuple(found)


def _bases(county: County, standings: Mapping[str, str], quota: QuotaNumbers) -> dict[str, int]:
    bases: dict[str, int] = {}
    for teacher in county.teachers:
        school = county.school_by_id[teacher.school_id]
        group = {
            "school": school.id,
            "cluster": school.cluster_id,
            "cluster_stage": f"{school.cluster_id}/{teacher.stage.value}",
            "stage": teacher.stage.value,
            "county": county.name,
        }[quota.scope]
        counted = quota.base == "staff" or standings[teacher.id] != "no"
        bases[group] = bases.get(group, 0) + int(counted)
    return bases


def share(operand: Any, values: Mapping[str, Any]) -> Fraction:
    """A percentage as an exact fraction."""
    return Fraction(str(set_value(operand, values))) / HUNDRED


def set_value(operand: Any, values: Mapping[str, Any]) -> Any:
    """A number, or the value of the parameter that stands for it. ``ValueError`` when nobody has set it."""
    value = values.get(operand.name) if isinstance(operand, Parameter) else operand
    if value is None:
        name = operand.name if isinstance(operand, Parameter) else "a value"
        raise ValueError(f"{name} is not set; the authority must set it before a plan is made")
    return value
