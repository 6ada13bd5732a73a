"""Schools that reach the per-100 standard: a reward that jumps at a whole number of teachers.

A unit counts once for the standard and once for 85 % of it (README.md, "The standard"). Both are *needs*: whole numbers
of teachers. Before the need is reached J carries ``reward``, from there on it does not. With the balance cost, which is
convex, this is a cost of whole numbers that is not; the linear programme and the bound use its convex *hull* over the
numbers that a school can reach at all, which rules about leaving and arriving keep few.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.market import NO, PE_ARTS, Floats, Ints, Market
from junheng.planning.solving.quotas import members, quota_bounds

PARTS = (Fraction(1), Fraction(85, 100))
"""What a school may be measured against: the standard, and 85 % of it."""


def needs(market: Market) -> Ints:
    """(J, K, 2) the least whole count with 100 × count ≥ part × standard × pupils; 0 where there is no standard."""
    table = np.zeros((len(market.school_ids), len(INDICATORS), len(PARTS)), dtype=np.int64)
    for j, stage in enumerate(market.school_stage):
        stated = market.policy.per100.get(market.stages[stage], {})
        for k, name in enumerate(INDICATORS):
            if name in stated:
                whole = Fraction(str(stated[name])) * int(market.pupils[j]) / 100
                table[j, k] = [max(0, -(-(part * whole).numerator // (part * whole).denominator)) for part in PARTS]
    return table


def shortfall(market: Market, counts: Ints) -> Ints:
    """(J, K) how many of the two each school misses with these counts."""
    return np.asarray((counts[:, :, None] < needs(market)).sum(axis=2), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Standard:
    """What is missed costs ``reward`` each; ``needed`` (…, 2), and the counts ``lo`` to ``hi`` that can be reached."""

    needed: Ints
    reward: float
    lo: Ints
    hi: Ints

    def cost(self, counts: Ints) -> Floats:
        """What is missed at these counts, in J."""
        return np.asarray(self.reward * (counts[..., None] < self.needed).sum(axis=-1), dtype=float)

    def of(self, schools: Ints, k: int) -> Standard:
        """One indicator of some schools."""
        return Standard(self.needed[schools, k], self.reward, self.lo[schools, k], self.hi[schools, k])

    def pieces(self) -> tuple[Ints, Ints]:
        """(…, 3) first and last count of the stretches between needs; empty ones have first > last."""
        cut = np.sort(self.needed, axis=-1)
        first = np.stack([self.lo, np.maximum(self.lo, cut[..., 0]), np.maximum(self.lo, cut[..., 1])], axis=-1)
        last = np.stack([np.minimum(self.hi, cut[..., 0] - 1), np.minimum(self.hi, cut[..., 1] - 1), self.hi], axis=-1)
        return first, last


def standard_of(market: Market) -> Standard | None:
    """The standard as the objective weighs it; nothing where it has no weight or no unit misses anything today."""
    weight = market.policy.objective.w_standard
    if weight == 0.0 or not any(market.policy.per100.values()):
        return None
    today = market.counts_today()
    down, up = reach(market)
    short = int(shortfall(market, today).sum())
    return Standard(needs(market), weight / max(1, short), today - down, today + up)


def reach(market: Market) -> tuple[Ints, Ints]:
    """(J, K) by how many a school's count can fall and rise in any plan that keeps the rules (README.md)."""
    shape = market.required.shape
    able = market.verdict != NO
    movable = np.bincount(market.from_slot[able], minlength=market.slots)
    caps = market.outflow_caps()
    leave = np.minimum(caps, movable)
    enter = np.maximum(0, market.inflow_bounds()[1] + leave).reshape(shape)
    out = leave.reshape(shape).sum(axis=1)
    for quota in market.policy.quotas:
        if quota.scope == "school" and quota.sense in ("eq", "le"):
            bound = quota_bounds(market, quota)[members(market, quota)[1]]
            out = np.where(bound >= 0, np.minimum(out, bound), out)
    spare = np.maximum(market.posts, market.staff) - market.staff
    into = np.minimum(enter.sum(axis=1), spare + out)
    arts = np.minimum(into, enter[:, market.pe_art_subject].sum(axis=1))
    down = np.zeros((shape[0], len(INDICATORS)), dtype=np.int64)
    for k in range(len(INDICATORS)):
        held = np.bincount(market.from_slot[able & market.flags[:, k]], minlength=market.slots)
        down[:, k] = np.minimum(out, np.minimum(caps, held).reshape(shape).sum(axis=1))
    up = np.repeat(into[:, None], len(INDICATORS), axis=1)
    up[:, PE_ARTS] = arts
    return down, up


@dataclass(frozen=True, slots=True)
class Hull:
    """The greatest convex function below a cost of whole numbers from ``lo`` to ``hi``, as a table from ``lo`` on."""

    standard: Standard
    square: Floats
    slope: Floats
    table: Floats

    def value(self, counts: Ints) -> Floats:
        """The hull at counts within reach."""
        return self._pick(counts - self.standard.lo)

    def step(self, counts: Ints) -> Floats:
        """What one more than ``counts`` costs; outside the reach the balance cost goes on, and a need may be lost."""
        at, width = counts - self.standard.lo, self.standard.hi - self.standard.lo
        plain = self.square * (2 * counts + 1) - self.slope
        within = self._pick(np.clip(at + 1, 0, width)) - self._pick(np.clip(at, 0, width))
        first = np.where(width > 0, self._pick(np.minimum(1, width)) - self._pick(np.zeros_like(at)), np.inf)
        last = np.where(width > 0, self._pick(width) - self._pick(np.maximum(width - 1, 0)), -np.inf)
        below = np.minimum(plain - 2 * self.standard.reward, first)
        above = np.maximum(plain, last)
        return np.asarray(np.where(at < 0, below, np.where(at >= width, above, within)), dtype=float)

    def _pick(self, at: Ints) -> Floats:
        return np.asarray(np.take_along_axis(self.table, at[..., None], axis=-1)[..., 0], dtype=float)


def hull_of(standard: Standard, square: Floats, slope: Floats) -> Hull:
    """The hull of ``square`` z² − ``slope`` z plus what is missed at z."""
    square, slope = (np.broadcast_to(each, standard.lo.shape) for each in (square, slope))
    width = int((standard.hi - standard.lo).max(initial=0)) + 1
    z = standard.lo[..., None] + np.arange(width)
    missed = standard.reward * (z[..., None] < standard.needed[..., None, :]).sum(axis=-1)
    cost = square[..., None] * z**2 - slope[..., None] * z + missed
    table = cost.copy()
    jumps = (standard.needed > standard.lo[..., None]) & (standard.needed <= standard.hi[..., None])
    for index in zip(*np.nonzero(jumps.any(axis=-1)), strict=True):
        size = int(standard.hi[index] - standard.lo[index]) + 1
        table[index][:size] = _convex(cost[index][:size])
    return Hull(standard, square, slope, table)


def _convex(cost: Floats) -> Floats:
    """The lower convex hull of values at 0, 1, 2 …"""
    corner: list[int] = []
    for i in range(len(cost)):
        while len(corner) > 1 and _above(cost, corner[-2], corner[-1], i):
            corner.pop()
        corner.append(i)
    return np.interp(np.arange(len(cost)), corner, cost[corner])


def _above(cost: Floats, a: int, b: int, c: int) -> bool:
    return bool((cost[b] - cost[a]) * (c - a) >= (cost[c] - cost[a]) * (b - a))


def shared_out(totals: Ints, scale: float, share: Floats, price: Floats, standard: Standard) -> Floats:
    """(D,) a number that Σ_j scale · z_j² / (share_j T²) − price_j z_j + missed_j(z_j) − scale never falls below over
    whole z_j within reach with Σ z_j = T, for each T: the greatest, over a price θ of the total, of the least without
    the total. It is exact where the costs are convex.
    """
    total = totals[:, None].astype(float)
    square = np.where(total > 0, scale / (share[None, :] * np.maximum(total, 1.0) ** 2), 0.0)
    most = float(np.abs(price).max(initial=0.0) + 2 * (square * standard.hi).max(initial=0.0) + 2 * standard.reward + 1)
    low, high = np.full_like(total, -most), np.full_like(total, most)
    best = np.full(len(totals), -np.inf)
    for _ in range(60):
        middle = 0.5 * (low + high)
        value, count = _least(square, price + middle, standard)
        best = np.maximum(best, value + (middle * total)[:, 0])
        short = count[:, None] < total
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return best - np.where(totals > 0, scale, 0.0)


def _least(square: Floats, price: Floats, standard: Standard) -> tuple[Floats, Ints]:
    """(D,) the sums over schools of the least of square · z² − price · z + missed(z), and of the z where it is."""
    first, last = standard.pieces()
    found = np.full(square.shape, np.inf)
    where = np.zeros(square.shape, dtype=np.int64)
    free = np.where(square > 0, price / (2 * np.where(square > 0, square, 1.0)), np.where(price > 0, 1e9, -1e9))
    for piece in range(first.shape[-1]):
        z = np.rint(np.clip(free, first[:, piece], last[:, piece])).astype(np.int64)
        z = np.broadcast_to(z, square.shape)
        value = square * z**2 - price * z + standard.cost(z)
        value = np.where(first[:, piece] <= last[:, piece], value, np.inf)
        better = value < found
        found, where = np.where(better, value, found), np.where(better, z, where)
    return found.sum(axis=1), where.sum(axis=1)
