"""The number J of a plan, by the official coefficient with the totals that the plan makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.balance import imbalance
from junheng.planning.solving.market import PE_ARTS, Floats, Ints, Market
from junheng.planning.solving.quotas import movers_asked
from junheng.planning.solving.standard import shortfall


@dataclass(frozen=True, slots=True)
class Score:
    """J and what it is made of. ``asked`` is M; where M is 0 the divisions by M use 1."""

    objective: float
    moves: int
    asked: int
    imbalance_before: float
    imbalance_after: float
    service: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What one point of service and one move cost in J; moves never fall below M, so each costs the same."""

    asked: int
    service: float
    move: float

    def of(self, arcs: Arcs) -> Floats:
        """(arcs,) cost of each arc, the move itself included."""
        return np.asarray(self.move - self.service * arcs.service, dtype=float)


def rates_of(market: Market) -> Rates:
    """Rates of the policy's objective."""
    asked = movers_asked(market)
    goals = market.policy.objective
    per = max(1, asked)
    return Rates(asked=asked, service=goals.w_service / (100.0 * per), move=goals.w_extra / per)


def counts_after(market: Market, arcs: Arcs, chosen: Ints) -> Ints:
    """(J, K) what each school counts for each indicator once the chosen arcs are taken."""
    counts = market.counts_today()
    teacher, school = arcs.teacher[chosen], arcs.school[chosen]
    leaving = market.flags[teacher]
    arriving = leaving.copy()
    arriving[:, PE_ARTS] = market.pe_art_subject[arcs.subject[chosen]]
    for k in range(len(INDICATORS)):
        np.subtract.at(counts[:, k], market.school[teacher[leaving[:, k]]], 1)
        np.add.at(counts[:, k], school[arriving[:, k]], 1)
    return counts


def score_of(market: Market, arcs: Arcs, chosen: Ints) -> Score:
    """J of the plan that takes the chosen arcs."""
    goals = market.policy.objective
    asked = movers_asked(market)
    per = max(1, asked)
    before = imbalance(market, market.counts_today())
    after_counts = counts_after(market, arcs, chosen)
    after = imbalance(market, after_counts)
    service = float(arcs.service[chosen].sum())
    value = goals.w_imbalance * after / (before or 1.0)
    value -= goals.w_service * service / (100.0 * per)
    value += goals.w_extra * max(0, len(chosen) - asked) / per
    if goals.w_standard:
        short = [int(shortfall(market, counts).sum()) for counts in (market.counts_today(), after_counts)]
        value += goals.w_standard * short[1] / max(1, short[0])
    return Score(value, len(chosen), asked, before, after, service)
