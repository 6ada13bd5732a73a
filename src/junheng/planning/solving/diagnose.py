"""Why a problem has no plan: which kind of rule would have to give, alone or together, and by how much."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.problem import Problem
from junheng.planning.result import Relaxation
from junheng.planning.solving.admissible import Arcs, admissible_arcs, stranded
from junheng.planning.solving.breaking import count_broken, least_breaking, relaxations_of
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.market import Ints, Market, market_of
from junheng.planning.solving.model import Model
from junheng.planning.solving.part import BROKEN
from junheng.planning.solving.request import Request

ROW_FAMILIES = ("must", "quota", "outflow", "refill", "total", "couple", "direction", "backbone")
PERSON_RULES = ("commute", "no_return", "within_cluster")


@dataclass(frozen=True, slots=True)
class Alone:
    """What one kind of rule can do by itself, all others being kept.

    ``enough``: whether a plan exists once only this kind gives. ``by``: the persons or posts by which it then gives, in
    all; ``None`` for rules about single persons (commute, no_return, within_cluster), which are lifted altogether.
    ``rows`` says which of its rows.
    """

    family: str
    enough: bool
    by: float | None
    rows: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``feasible``: there is nothing to explain. ``alone``: each kind of rule by itself. ``cheapest``: the mix that
    costs least by the price list. ``stranded``: must-movers without any admissible move → school → reasons.
    """

    feasible: bool
    alone: tuple[Alone, ...]
    cheapest: tuple[Relaxation, ...]
    stranded: dict[str, dict[str, tuple[str, ...]]]


def diagnose(problem: Problem, *, prices: Prices | None = None) -> Diagnosis:
    """Which rules conflict, and the least by which they must give, kind by kind and together.

    Numbers of persons are those of a whole plan; in a large county, where such plans are found by descent, they can be
    above the least by a few. Raises ``ValueError`` as :func:`~junheng.planning.solve` does.
    """
    market = market_of(problem)
    doctor = _Doctor(market, prices or Prices())
    if doctor.has_plan():
        return Diagnosis(True, (), (), {})
    alone = [doctor.alone(family) for family in ROW_FAMILIES]
    alone += [Alone(rule, _lifted(market, rule), None) for rule in PERSON_RULES if _in_force(market, rule)]
    cheapest = doctor.cheapest(doctor.prices)
    return Diagnosis(False, tuple(alone), cheapest or (), stranded(market, doctor.arcs))


class _Doctor:
    """Solves one problem again and again, each time with other rules allowed to give."""

    def __init__(self, market: Market, prices: Prices) -> None:
        self.market = market
        self.prices = prices
        self.arcs: Arcs = admissible_arcs(market)
        self.model = Model(market, np.arange(len(market.stages)), coupling=True, arcs=self.arcs)
        self.ledger = Ledger(market, self.arcs)
        self.columns: Ints = np.zeros(0, dtype=np.int64)

    def has_plan(self) -> bool:
        """Whether all rules can be kept."""
        return self.cheapest(replace(self.prices, only=frozenset({"none"}))) == ()

    def alone(self, family: str) -> Alone:
        """What a kind of rule can do by itself."""
        rows = self.cheapest(self.prices.alone(family))
        if rows is None:
            return Alone(family, False, None)
        return Alone(family, True, sum(r.by for r in rows), rows)

    def cheapest(self, prices: Prices) -> tuple[Relaxation, ...] | None:
        """The rules that give in the plan that breaks least; ``None`` when rules would break that may not."""
        blind = count_broken(self.model, prices, self.columns, Request())
        self.columns = blind.pool
        if blind.forbidden_slack > BROKEN:
            return None
        found = least_breaking(self.model, blind, Request())
        if found is None:
            return None
        rows = relaxations_of(self.ledger, found)
        allowed = all(np.isfinite(prices.of(r.family)) for r in rows)
        return rows if allowed else None


def _in_force(market: Market, rule: str) -> bool:
    return rule != "within_cluster" or market.policy.within_cluster


def _lifted(market: Market, rule: str) -> bool:
    """Whether a plan exists once a rule about single persons is lifted."""
    policy = {
        "commute": replace(market.policy, commute_km_max=np.inf),
        "no_return": market.policy,
        "within_cluster": replace(market.policy, within_cluster=False),
    }[rule]
    choices = replace(market.choices, left=market.choices.left[:0]) if rule == "no_return" else market.choices
    limit = np.full_like(market.limit, np.inf) if rule == "commute" else market.limit
    return _Doctor(replace(market, policy=policy, choices=choices, limit=limit), Prices()).has_plan()
