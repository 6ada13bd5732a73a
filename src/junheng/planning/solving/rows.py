"""The rules as labelled rows ``lo ≤ a·x ≤ hi`` over arcs, and what each arc adds to them.

Names (the certificate and the infeasibility report use them; see README.md beside this package):
``refill:{school}:{subject}`` · ``total:{school}`` · ``outflow:{school}:{subject}`` · ``quota:{id}:{member}`` ·
``direction`` · ``backbone`` · ``couple:{a}:{b}`` · ``count:{school}:{indicator}``. A must-mover is no row: he takes
exactly one arc.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.balance import balance_of
from junheng.planning.solving.market import BACKBONE, DEGREE, PE_ARTS, Bools, Floats, Ints, Market
from junheng.planning.solving.quotas import members, quota_bounds

FAMILIES = ("refill", "total", "outflow", "quota", "direction", "backbone", "couple", "count", "must")
"""Rule families; ``must`` is the obligation of single teachers and has no row of its own in the certificate."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a part of the county, and where each slot, school and teacher finds its rows (-1: none)."""

    names: tuple[str, ...]
    family: Ints
    lo: Floats
    hi: Floats
    refill: Ints
    """(slots,)"""
    total: Ints
    """(J,)"""
    outflow: Ints
    """(slots,)"""
    quota: Ints
    """(Q, J)"""
    direction: int
    backbone: int
    couple: Ints
    """(N, C)"""
    count: Ints
    """(J, K)"""
    coupling: bool
    """Whether the rows across stages are among them."""

    @property
    def is_count(self) -> Bools:
        """(rows,) whether a row only counts an indicator."""
        return np.asarray(self.family == FAMILIES.index("count"), dtype=bool)

    def __len__(self) -> int:
        return len(self.names)

    def of_family(self, name: str) -> Ints:
        """Indices of the rows of a family."""
        return np.flatnonzero(self.family == FAMILIES.index(name))


class _Book:
    """Collects rows in a fixed order."""

    def __init__(self, exceptions: Mapping[str, float]) -> None:
        self.names: list[str] = []
        self.family: list[int] = []
        self.lo: list[float] = []
        self.hi: list[float] = []
        self.exceptions = exceptions

    def add(self, family: str, name: str, lo: float, hi: float) -> int:
        excepted = self.exceptions.get(name, 0.0)
        self.names.append(name)
        self.family.append(FAMILIES.index(family))
        self.lo.append(lo + min(0.0, excepted))
        self.hi.append(hi + max(0.0, excepted))
        return len(self.names) - 1


def rows_of(
    market: Market, arcs: Arcs, stages: Ints | None = None, *, coupling: bool = True, counting: bool = True
) -> Rows:
    """The rows that the arcs can touch or that ask for something; rows across stages only with ``coupling``.

    ``stages`` are the stages of the part (all when ``None``). Quotas of a scope that crosses stages, the direction and
    backbone shares, and couples in two stages are the rows across stages. Without ``counting`` no row counts an
    indicator.
    """
    inside = np.ones(len(market.school_ids), dtype=bool) if stages is None else np.isin(market.school_stage, stages)
    book = _Book(market.exceptions)
    here = _Here(market, arcs, inside)
    refill = _refill_rows(book, here)
    total = _total_rows(book, here)
    outflow = _outflow_rows(book, here)
    quota = _quota_rows(book, here, coupling)
    couple = _couple_rows(book, here, coupling)
    direction = backbone = -1
    if coupling and market.policy.direction is not None:
        direction = book.add("direction", "direction", 0.0, np.inf)
    if coupling and market.policy.backbone_share_min > 0:
        backbone = book.add("backbone", "backbone", 0.0, np.inf)
    count = _count_rows(book, here, counting)
    return Rows(
        names=tuple(book.names),
        family=np.array(book.family, dtype=np.int64),
        lo=np.array(book.lo, dtype=float),
        hi=np.array(book.hi, dtype=float),
        refill=refill,
        total=total,
        outflow=outflow,
        quota=quota,
        direction=direction,
        backbone=backbone,
        couple=couple,
        count=count,
        coupling=coupling,
    )


class _Here:
    """What of the market a part touches."""

    def __init__(self, market: Market, arcs: Arcs, inside: Bools) -> None:
        self.market = market
        self.inside = inside
        self.mobile = np.zeros(len(market.teacher_ids), dtype=bool)
        self.mobile[arcs.teacher] = True
        self.left = np.unique(market.from_slot[self.mobile])
        self.entered = np.unique(arcs.slot(market))
        self.touched = np.union1d(self.left, self.entered)
        self.schools = np.unique(self.touched // max(1, len(market.subjects)))

    def slot_name(self, slot: int) -> str:
        school, subject = divmod(slot, len(self.market.subjects))
        return f"{self.market.school_ids[school]}:{self.market.subjects[subject]}"


def _refill_rows(book: _Book, here: _Here) -> Ints:
    least, most = here.market.inflow_bounds()
    row = np.full(here.market.slots, -1, dtype=np.int64)
    for slot in here.touched:
        row[slot] = book.add("refill", f"refill:{here.slot_name(int(slot))}", float(least[slot]), float(most[slot]))
    return row


def _total_rows(book: _Book, here: _Here) -> Ints:
    market = here.market
    spare = np.maximum(market.posts, market.staff) - market.staff
    row = np.full(len(market.school_ids), -1, dtype=np.int64)
    for j in here.schools:
        row[j] = book.add("total", f"total:{market.school_ids[j]}", -np.inf, float(spare[j]))
    return row


def _outflow_rows(book: _Book, here: _Here) -> Ints:
    caps = here.market.outflow_caps()
    row = np.full(here.market.slots, -1, dtype=np.int64)
    for slot in here.left:
        row[slot] = book.add("outflow", f"outflow:{here.slot_name(int(slot))}", -np.inf, float(caps[slot]))
    return row


def _quota_rows(book: _Book, here: _Here, coupling: bool) -> Ints:
    market = here.market
    row = np.full((len(market.policy.quotas), len(market.school_ids)), -1, dtype=np.int64)
    mobile = np.bincount(market.school[here.mobile], minlength=len(market.school_ids)) > 0
    for q, quota in enumerate(market.policy.quotas):
        names, member = members(market, quota)
        for m, bound in enumerate(quota_bounds(market, quota)):
            schools = member == m
            stages = np.unique(market.school_stage[schools])
            lo = float(bound) if quota.sense in ("ge", "eq") else -np.inf
            hi = float(bound) if quota.sense in ("le", "eq") else np.inf
            idle = not mobile[schools].any() and lo <= 0
            if bound < 0 or idle or not here.inside[schools].any() or (len(stages) > 1 and not coupling):
                continue
            row[q, schools] = book.add("quota", f"quota:{quota.id}:{names[m]}", lo, hi)
    return row


def _couple_rows(book: _Book, here: _Here, coupling: bool) -> Ints:
    market = here.market
    found: dict[int, list[int]] = {}
    for a, b in market.choices.couples:
        stages = market.school_stage[market.school[[a, b]]]
        if not (here.mobile[a] and here.mobile[b]) or (stages[0] != stages[1] and not coupling):
            continue
        row = book.add("couple", f"couple:{market.teacher_ids[a]}:{market.teacher_ids[b]}", -np.inf, 1.0)
        found.setdefault(int(a), []).append(row)
        found.setdefault(int(b), []).append(row)
    width = max((len(r) for r in found.values()), default=0)
    table = np.full((len(market.teacher_ids), width), -1, dtype=np.int64)
    for teacher, rows in found.items():
        table[teacher, : len(rows)] = rows
    return table


def _count_rows(book: _Book, here: _Here, counting: bool) -> Ints:
    """A row for every school whose indicator has a weight and is not nought in the whole stage, or has a standard."""
    market = here.market
    today = market.counts_today()
    counted = balance_of(market).counted
    row = np.full(today.shape, -1, dtype=np.int64)
    for j in np.flatnonzero(here.inside & counting):
        for k in np.flatnonzero(counted[market.school_stage[j]]):
            n = float(today[j, k])
            row[j, k] = book.add("count", f"count:{market.school_ids[j]}:{INDICATORS[k]}", n, n)
    return row


class Incidence:
    """The coefficients of arcs in rows, without ever holding them all: entries of some arcs, prices of all."""

    def __init__(self, market: Market, arcs: Arcs, rows: Rows) -> None:
        self.market = market
        self.arcs = arcs
        self.rows = rows
        self.from_slot = market.from_slot
        self.to_slot = arcs.slot(market)
        self.arrives_pe_art = market.pe_art_subject
        direction = market.policy.direction
        named = np.array([z in direction.from_zones for z in market.zones] if direction else [], dtype=bool)
        goal = np.array([z in direction.to_zones for z in market.zones] if direction else [], dtype=bool)
        blank = np.zeros(len(market.school_ids), dtype=bool)
        self.from_zone = named[market.school_zone] if direction else blank
        self.to_zone = goal[market.school_zone] if direction else blank
        self.share = float(direction.share_min) if direction else 0.0
        self.backbone_share = float(market.policy.backbone_share_min)
        mine = market.flags
        kind = 4 * self.from_zone[market.school] + 2 * mine[:, DEGREE] + mine[:, BACKBONE]
        self.arrival_key = self.to_slot * 8 + kind[arcs.teacher]

    def arrival_flags(self, ids: Ints) -> Bools:
        """(n, K) what each arc's teacher counts for at the new school."""
        teacher = self.arcs.teacher[ids]
        flags = self.market.flags[teacher].copy()
        flags[:, PE_ARTS] = self.arrives_pe_art[self.arcs.subject[ids]]
        return flags

    def layers(self, ids: Ints) -> Iterator[tuple[Ints, Floats]]:
        """Row (-1: none) and coefficient of each arc in ``ids``, rule by rule."""
        market, rows = self.market, self.rows
        teacher, school = self.arcs.teacher[ids], self.arcs.school[ids]
        origin, slot = market.school[teacher], self.from_slot[teacher]
        one = np.ones(len(ids))
        yield rows.refill[self.to_slot[ids]], one
        yield rows.refill[slot], -one
        yield rows.total[school], one
        yield rows.total[origin], -one
        yield rows.outflow[slot], one
        for q in range(len(rows.quota)):
            yield rows.quota[q, origin], one
        for c in range(rows.couple.shape[1]):
            yield rows.couple[teacher, c], one
        if rows.direction >= 0:
            yield np.where(self.from_zone[origin], rows.direction, -1), self.to_zone[school] - self.share
        if rows.backbone >= 0:
            yield np.full(len(ids), rows.backbone), market.flags[teacher, BACKBONE] - self.backbone_share
        arriving = self.arrival_flags(ids)
        for k in range(len(INDICATORS)):
            yield np.where(arriving[:, k], rows.count[school, k], -1), -one
            yield np.where(market.flags[teacher, k], rows.count[origin, k], -1), one

    def entries(self, ids: Ints) -> tuple[Ints, Ints, Floats]:
        """Starts, rows and coefficients of the arcs' columns, in the order of ``ids``."""
        pairs = list(self.layers(ids))
        row = np.stack([p[0] for p in pairs], axis=1)
        value = np.stack([p[1] for p in pairs], axis=1)
        kept = (row >= 0) & (value != 0.0)
        starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))[:-1]])
        return starts.astype(np.int64), row[kept], value[kept]

    def priced(self, y: Floats) -> Floats:
        """(arcs,) Σ y_row · coefficient for every arc."""
        leaving, arriving = self.departure_prices(y), self.arrival_prices(y)
        return np.asarray(leaving[self.arcs.teacher] + arriving[self.arrival_key], dtype=float)

    def priced_some(self, y: Floats, ids: Ints) -> Floats:
        """As :meth:`priced`, for some arcs."""
        leaving, arriving = self.departure_prices(y), self.arrival_prices(y)
        return np.asarray(leaving[self.arcs.teacher[ids]] + arriving[self.arrival_key[ids]], dtype=float)

    def departure_prices(self, y: Floats, teachers: Ints | None = None) -> Floats:
        """(N,) or (teachers given,) the part of an arc's price that its teacher alone decides."""
        market, rows = self.market, self.rows
        who = np.arange(len(market.school)) if teachers is None else teachers
        school, slot, flags = market.school[who], self.from_slot[who], market.flags[who]
        padded = np.append(y, 0.0)  # index -1 finds 0
        price: Floats = -padded[rows.refill[slot]] - padded[rows.total[school]]
        price += padded[rows.outflow[slot]] + padded[rows.quota[:, school]].sum(axis=0)
        price += padded[rows.couple[who]].sum(axis=1)
        price -= padded[rows.direction] * self.share * self.from_zone[school]
        price += padded[rows.backbone] * (flags[:, BACKBONE] - self.backbone_share)
        price += (padded[rows.count[school]] * flags).sum(axis=1)
        return price

    def arrival_prices(self, y: Floats) -> Floats:
        """(slots × 8,) the rest, by slot, origin in the direction's zones, degree and backbone (``arrival_key``)."""
        market, rows = self.market, self.rows
        padded = np.append(y, 0.0)
        school = np.arange(market.slots) // len(market.subjects)
        subject = np.arange(market.slots) % len(market.subjects)
        base = padded[rows.refill] + padded[rows.total[school]]
        base -= self.arrives_pe_art[subject] * padded[rows.count[school, PE_ARTS]]
        table = np.repeat(base[:, None], 8, axis=1)
        kind = np.arange(8)
        table += padded[rows.direction] * np.outer(self.to_zone[school], kind >= 4)
        table -= np.outer(padded[rows.count[school, DEGREE]], (kind >> 1) & 1)
        table -= np.outer(padded[rows.count[school, BACKBONE]], kind & 1)
        return np.asarray(table.ravel(), dtype=float)
