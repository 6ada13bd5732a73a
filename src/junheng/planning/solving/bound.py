"""The proof: from multipliers of the rows to a number that no plan can fall below.

Any multipliers give a valid bound; good ones give a tight one. The bound is the sum of

* ``y > 0 ? y·lo : y·hi`` over the rows (a multiplier whose side is infinite is taken as 0),
* per stage and indicator, the least of Σ_j (cost(z_j) − y_j · z_j) over whole numbers z_j ≥ 0 that add up to the
  total T,
* per teacher, the least reduced cost of his admissible arcs, or 0 where he need not move,
* ``−y_extra · M``, with ``0 ≤ y_extra ≤ W_extra / M``.

T is constant for degree and backbone. Where a stage's PE and arts total can change (module ``balance``), the second
term is taken for all totals: the least over T = T_0 + d of that least with cost_T, + e(d), where e(d) is the sum of the
|d| smallest surcharges of teachers for an arc that changes the total in that direction over their best choice, and d
runs from −(fewer of: such teachers, Σ over PE and arts slots of n − min(n, r)) to the same upwards with max(n, r) − n.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.balance import Balance
from junheng.planning.solving.market import PE_ARTS, Floats, Ints, Market
from junheng.planning.solving.rows import Incidence, Rows
from junheng.planning.solving.standard import shared_out


@dataclass(frozen=True, slots=True)
class Span:
    """How far a stage's PE and arts total can fall and rise, and the arcs that change it."""

    stage: int
    down: int
    up: int
    falling: Ints
    rising: Ints


def spans_of(market: Market, incidence: Incidence) -> tuple[Span, ...]:
    """One span for each stage whose PE and arts total can change at all."""
    arcs = incidence.arcs
    counted = market.pe_art_subject
    before, after = market.flags[arcs.teacher, PE_ARTS], counted[arcs.subject]
    least, most = (side.reshape(-1, len(market.subjects))[:, counted] for side in market.inflow_bounds())
    stage_of = market.school_stage[arcs.school]
    spans = []
    for stage in range(len(market.stages)):
        mine = market.school_stage == stage
        falling = np.flatnonzero(before & ~after & (stage_of == stage))
        rising = np.flatnonzero(~before & after & (stage_of == stage))
        down = min(len(np.unique(arcs.teacher[falling])), int(-least[mine].sum()))
        up = min(len(np.unique(arcs.teacher[rising])), int(most[mine].sum()))
        if down or up:
            spans.append(Span(stage, down, up, falling, rising))
    return tuple(spans)


def signed(rows: Rows, y: Floats) -> Floats:
    """The multipliers with those on an infinite side set to 0."""
    y = np.where((y > 0) & np.isneginf(rows.lo), 0.0, y)
    return np.where((y < 0) & np.isposinf(rows.hi), 0.0, y)


class Prover:
    """Evaluates the bound of one part for given multipliers, over all its admissible arcs."""

    def __init__(
        self, market: Market, incidence: Incidence, cost: Floats, balance: Balance, stages: Ints, *, whole: bool = True
    ) -> None:
        """``cost`` is the J of each arc with the move's own price; ``balance`` refers to today's totals.

        ``whole`` is false for a block of a part, which prices but proves nothing.
        """
        self.market = market
        self.incidence = incidence
        self.cost = cost
        self.balance = balance
        self.stages = stages
        self.spans = spans_of(market, incidence) if whole else ()
        self.forced = market.forced & np.isin(market.school_stage[market.school], stages)

    def reduced(self, y: Floats) -> Floats:
        """(arcs,) reduced costs."""
        return np.asarray(self.cost - self.incidence.priced(y), dtype=float)

    def best(self, reduced: Floats) -> Floats:
        """(N,) the least that each teacher can add: his best arc, or 0 where he need not move and gains nothing."""
        best = np.full(len(self.market.teacher_ids), np.inf)
        np.minimum.at(best, self.incidence.arcs.teacher, reduced)
        return np.where(self.forced & np.isfinite(best), best, np.minimum(best, 0.0))

    def bound(self, y: Floats, reduced: Floats | None = None) -> float:
        """The bound on the part's J, without the constant −W_extra."""
        rows = self.incidence.rows
        y = signed(rows, y)
        reduced = self.reduced(y) if reduced is None else reduced
        best = self.best(reduced)
        active = y != 0.0
        sides = np.where(y > 0, rows.lo, rows.hi)
        total = float((y[active] * sides[active]).sum()) + float(best.sum())
        return total + self._balance(y, reduced, best)

    def _balance(self, y: Floats, reduced: Floats, best: Floats) -> float:
        prices = np.append(y, 0.0)[self.incidence.rows.count]
        varying = {span.stage: span for span in self.spans}
        total = 0.0
        for stage in self.stages:
            schools = np.flatnonzero(self.market.school_stage == stage)
            for k in range(len(INDICATORS)):
                if k == PE_ARTS and stage in varying:
                    total += float(self.by_total(varying[stage], y, reduced, best)[1].min())
                    continue
                today = self.balance.today[schools, k].sum(keepdims=True)
                total += float(self._shared_out(today, int(stage), k, prices[schools, k])[0])
        return total

    def by_total(self, span: Span, y: Floats, reduced: Floats, best: Floats) -> tuple[Ints, Floats]:
        """The totals that a stage's PE and arts can have, and the least balance cost and surcharge at each."""
        d = np.arange(-span.down, span.up + 1)
        surcharge = np.zeros(len(d))
        surcharge[: span.down] = self._surcharges(span.falling, reduced, best, span.down)[::-1]
        surcharge[span.down + 1 :] = self._surcharges(span.rising, reduced, best, span.up)
        schools = np.flatnonzero(self.market.school_stage == span.stage)
        price = np.append(y, 0.0)[self.incidence.rows.count[schools, PE_ARTS]]
        totals = self.balance.today[schools, PE_ARTS].sum() + d
        return totals, self._shared_out(totals, span.stage, PE_ARTS, price) + surcharge

    def _shared_out(self, totals: Ints, stage: int, k: int, price: Floats) -> Floats:
        schools = np.flatnonzero(self.market.school_stage == stage)
        share, scale, standard = self.balance.share[schools], float(self.balance.scale[stage, k]), self.balance.standard
        if standard is None:
            return _shared_out(totals, scale, share, price)
        return shared_out(totals, scale, share, price, standard.of(schools, k))

    def _surcharges(self, arcs: Ints, reduced: Floats, best: Floats, most: int) -> Floats:
        """(most,) running sums of the smallest surcharges of teachers who change the total."""
        extra = np.full(len(best), np.inf)
        teacher = self.incidence.arcs.teacher[arcs]
        np.minimum.at(extra, teacher, reduced[arcs])
        chosen = np.unique(teacher)
        return np.asarray(np.cumsum(np.sort(extra[chosen] - best[chosen])[:most]), dtype=float)


def _shared_out(totals: Ints, scale: float, share: Floats, price: Floats) -> Floats:
    """(D,) least Σ_j scale · z_j² / (share_j T²) − price_j z_j − scale over whole z_j ≥ 0 with Σ z_j = T, for each T.

    The cost is convex, so the least is the greatest, over a price θ of the total, of the least without the total.
    """
    values = np.zeros(len(totals))
    some = totals > 0
    if scale == 0.0 or not some.any():
        return values
    total = totals[some, None].astype(float)
    square = scale / (share[None, :] * total**2)
    low = (-price - square).min(axis=1, keepdims=True)
    high = (2 * square * total - price).max(axis=1, keepdims=True)
    for _ in range(80):
        middle = 0.5 * (low + high)
        short = _whole(square, price + middle).sum(axis=1, keepdims=True) < total
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    values[some] = np.maximum(_dual(square, price, low, total), _dual(square, price, high, total)) - scale
    return values


def _whole(square: Floats, price: Floats) -> Floats:
    return np.asarray(np.maximum(0.0, np.rint(price / (2 * square))), dtype=float)


def _dual(square: Floats, price: Floats, theta: Floats, total: Floats) -> Floats:
    z = _whole(square, price + theta)
    return np.asarray((square * z**2 - (price + theta) * z).sum(axis=1) + (theta * total)[:, 0], dtype=float)
