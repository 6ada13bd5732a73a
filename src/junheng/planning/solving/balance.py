"""How even the schools are, as a cost of whole numbers: exact, separable and convex.

The official coefficient weights schools by pupils: CV = S / X with S² = Σ (P_j / P) (z_j / P_j − X)², X = Σ z_j / P,
where z_j is the count of an indicator at school j. With T = Σ z_j this is

    CV² = P · Σ z_j² / (P_j T²) − 1 = Σ (z_j − m_j)² / (m_j T),  m_j = T · P_j / P.

Teachers stay in their stage, so T is constant for degree and backbone, and for PE and arts unless somebody moves as
teacher of a second subject. Where T can change, the solver works with the first-order form at a reference T_r with
coefficient c_r,  P Σ z_j² / (P_j T_r²) − 2 (1 + c_r) T / T_r + 1 + 2 c_r,  which is the same when T = T_r and c_r = 0
or T is constant. What is reported is always the true CV with the true totals, and the bound (module ``bound``) holds
for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.market import Bools, Floats, Ints, Market
from junheng.planning.solving.standard import Hull, Standard, hull_of, standard_of


def squared_cv(market: Market, counts: Ints | Floats) -> Floats:
    """(stages, K) CV² of each indicator by the official, pupil-weighted definition; 0 where nobody counts."""
    cv2 = np.zeros((len(market.stages), len(INDICATORS)))
    for stage in range(len(market.stages)):
        at = market.school_stage == stage
        pupils, held = market.pupils[at].astype(float), counts[at].astype(float)
        mean = held.sum(axis=0) / pupils.sum()
        spread = (pupils[:, None] / pupils.sum() * (held / pupils[:, None] - mean) ** 2).sum(axis=0)
        cv2[stage] = np.divide(spread, mean**2, out=np.zeros_like(spread), where=mean > 0)
    return cv2


def weights(market: Market) -> Floats:
    """(stages, K) weight of each CV² in I."""
    table = market.policy.objective.indicator_weight
    return np.array([[table.get(s, {}).get(k, 0.0) for k in INDICATORS] for s in market.stages]).reshape(
        -1, len(INDICATORS)
    )


def imbalance(market: Market, counts: Ints | Floats) -> float:
    """I = Σ weight · CV²."""
    return float((weights(market) * squared_cv(market, counts)).sum())


@dataclass(frozen=True, slots=True)
class Balance:
    """W_imbalance · I / I_before as a cost of the counts: a z² − b z + constant per school and indicator."""

    today: Ints
    """(J, K)"""
    scale: Floats
    """(stages, K) J per unit of CV²."""
    total: Floats
    """(stages, K) reference total T_r; at least 1."""
    level: Floats
    """(stages, K) reference coefficient c_r; 0 where the total is constant."""
    share: Floats
    """(J,) P_j / P of the school's stage."""
    stage: Ints
    """(J,)"""
    standard: Standard | None = None
    """What schools below the per-100 standard cost, over (J, K); nothing where the objective does not weigh it."""
    hull: Hull | None = field(init=False, default=None)
    """The convex hull of the cost with the standard, which the linear programme uses."""

    def __post_init__(self) -> None:
        if self.standard is not None:
            object.__setattr__(self, "hull", hull_of(self.standard, self.square, self.slope))

    @property
    def counted(self) -> Bools:
        """(stages, K) whether the counts of an indicator cost anything."""
        counted = self.scale > 0
        if self.standard is not None:
            np.logical_or.at(counted, self.stage, (self.standard.needed > 0).any(axis=-1))
        return counted

    @property
    def square(self) -> Floats:
        """(J, K) the a of a z² − b z."""
        return (self.scale / self.total**2)[self.stage] / self.share[:, None]

    @property
    def slope(self) -> Floats:
        """(J, K) the b of a z² − b z."""
        return np.broadcast_to((2.0 * self.scale * (1.0 + self.level) / self.total)[self.stage], self.today.shape)

    def step(self, counts: Ints) -> Floats:
        """(J, K) cost of counting one more than ``counts``."""
        if self.hull is not None:
            return self.hull.step(counts)
        return np.asarray(self.square * (2 * counts + 1) - self.slope, dtype=float)

    def gradient(self) -> Floats:
        """(J, K) slope of the cost at today's counts, midway between one more and one less."""
        if self.hull is not None:
            return np.asarray(0.5 * (self.step(self.today) + self.step(self.today - 1)), dtype=float)
        return np.asarray(2 * self.square * self.today - self.slope, dtype=float)

    def at_today(self) -> Floats:
        """(J, K) the cost of today's counts, without the constant."""
        if self.hull is not None:
            return self.hull.value(self.today)
        return np.asarray(self.square * self.today**2 - self.slope * self.today, dtype=float)

    def constant(self) -> Floats:
        """(stages, K) what is added to the sums of a z² − b z over a stage's schools."""
        return self.scale * (1.0 + 2.0 * self.level)

    def value(self, counts: Floats | Ints) -> float:
        """The cost in the reference form, for whole numbers or not."""
        return float((self.square * counts**2 - self.slope * counts).sum() + self.constant().sum())

    def at(self, counts: Floats, varying: Bools) -> Balance:
        """The same cost with its reference moved to ``counts`` for the (stage, indicator) pairs whose total varies."""
        total, level = self.total.copy(), self.level.copy()
        for stage, k in zip(*np.nonzero(varying), strict=True):
            mine = self.stage == stage
            held = counts[mine, k]
            total[stage, k] = max(1.0, held.sum())
            level[stage, k] = (held**2 / self.share[mine]).sum() / total[stage, k] ** 2 - 1.0
        return replace(self, total=total, level=level)


def balance_of(market: Market) -> Balance:
    """The balance cost of a market, referring to today's totals.

    ``I_before`` of 0 (an even county) is read as 1, so that J is defined.
    """
    today = market.counts_today()
    before = imbalance(market, today) or 1.0
    stages = len(market.stages)
    total = np.zeros((stages, len(INDICATORS)))
    np.add.at(total, market.school_stage, today)
    pupils = np.bincount(market.school_stage, weights=market.pupils, minlength=stages)
    scale = market.policy.objective.w_imbalance * weights(market) / before
    scale[total == 0] = 0.0
    return Balance(
        today=today,
        scale=scale,
        total=np.maximum(total, 1.0),
        level=np.zeros_like(total),
        share=market.pupils / pupils[market.school_stage],
        stage=market.school_stage,
        standard=standard_of(market),
    )
