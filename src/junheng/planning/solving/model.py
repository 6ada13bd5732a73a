"""One part of a county (a stage, or all stages together) with its rows, and what a plan of it is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.planning.solving.admissible import Arcs, admissible_arcs
from junheng.planning.solving.balance import Balance, balance_of, squared_cv
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.columns import Master, ids_of
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.market import Floats, Ints, Market
from junheng.planning.solving.rows import Incidence, rows_of
from junheng.planning.solving.score import counts_after, rates_of


class Model:
    """The part's arcs, rows, costs and prover. Plans are arrays of arc ids."""

    def __init__(self, market: Market, stages: Ints, *, coupling: bool, arcs: Arcs | None = None) -> None:
        self.market = market
        self.stages = stages
        self.arcs = admissible_arcs(market, stages) if arcs is None else arcs
        self.rows = rows_of(market, self.arcs, stages, coupling=coupling)
        self.incidence = Incidence(market, self.arcs, self.rows)
        rates = rates_of(market)
        self.asked = rates.asked
        self.cost = rates.of(self.arcs)
        self.balance: Balance = balance_of(market)
        self.prover = Prover(market, self.incidence, self.cost, self.balance, stages)

    @property
    def constant(self) -> float:
        """What the part's J carries above its share of the county's J: the moves that the quotas ask for are free."""
        return self.market.policy.objective.w_extra * len(self.stages) / len(self.market.stages)

    def master(self, prices: Prices, *, elastic: bool) -> Master:
        """The part's linear programme, still without arcs."""
        return Master(self.prover, self.cost, self.balance, prices, elastic=elastic)

    def blind_master(self, prices: Prices, *, elastic: bool) -> Master:
        """The programme that only counts broken rules at their prices: no cost of arcs, no balance."""
        rows = rows_of(self.market, self.arcs, self.stages, coupling=self.rows.coupling, counting=False)
        incidence = Incidence(self.market, self.arcs, rows)
        nothing = np.zeros(len(self.arcs))
        flat = replace(self.balance, scale=np.zeros_like(self.balance.scale), standard=None)
        prover = Prover(self.market, incidence, nothing, flat, self.stages)
        return Master(prover, nothing, flat, prices, elastic=elastic)

    def value(self, chosen: Ints) -> float:
        """The part's J with the true totals, without the constant −W_extra."""
        counts = counts_after(self.market, self.arcs, chosen)
        balance = (self.balance.scale * squared_cv(self.market, counts))[self.stages].sum()
        if self.balance.standard is not None:
            here = np.isin(self.market.school_stage, self.stages)
            balance += self.balance.standard.cost(counts)[here].sum()
        return float(balance + self.cost[chosen].sum())

    def breaks(self, chosen: Ints) -> bool:
        """Whether the plan breaks any rule of the part or moves somebody twice."""
        twice = len(np.unique(self.arcs.teacher[chosen])) < len(chosen)
        return bool(twice or self.violations(chosen).any() or len(self.unplaced(chosen)))

    def activity(self, chosen: Ints) -> Floats:
        """(rows,) what the plan adds up to."""
        _, row, value = self.incidence.entries(chosen)
        activity = np.zeros(len(self.rows))
        np.add.at(activity, row, value)
        return activity

    def violations(self, chosen: Ints) -> Floats:
        """(rows,) by how much the plan leaves each row's limits."""
        activity = self.activity(chosen)
        below = np.maximum(0.0, self.rows.lo - activity - 1e-9)
        above = np.maximum(0.0, activity - self.rows.hi - 1e-9)
        return np.where(self.rows.is_count, 0.0, below + above)

    def unplaced(self, chosen: Ints) -> Ints:
        """Teachers who must take exactly one arc and take none."""
        placed = np.zeros(len(self.market.teacher_ids), dtype=bool)
        placed[self.arcs.teacher[chosen]] = True
        return np.flatnonzero(self.prover.forced & ~placed)

    def ids_of(self, moves: Ints) -> Ints:
        """Ids of the arcs that (teacher, school, subject) rows name, in their order."""
        return ids_of(self.market, self.arcs, moves)

    def stage_of(self, arcs: Ints) -> Ints:
        """The stage of each arc."""
        return self.market.school_stage[self.arcs.school[arcs]]
