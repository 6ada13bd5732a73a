"""Spreading people over years so that no year is heavier than it must be (分批).

A :class:`Spread` says who may go in which years, how many of each group may go in a year, and what a year must reach.
:func:`level` finds, in this order and each without giving up the one before: least persons missing from yearly quotas,
most persons placed, the lowest peak, the smallest sum of squares of the yearly totals, the longest at school first.
Each step is a mixed-integer programme solved to its optimum by HiGHS, single-threaded and without a clock. Teachers ×
years are almost a flow network, so the relaxed programmes mostly give whole totals, and then they are the proof. The
peak is also bounded by counting, which anybody can redo.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from junheng.planning.outlook.programme import Programme


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody to be placed: in one of ``years`` (indices), or in none. ``weight``: years at school, for the order.

    ``groups`` are keys of the caps and floors that count him; ``spouse`` may not go in the same year.
    """

    id: str
    years: tuple[int, ...]
    weight: int = 0
    backbone: bool = False
    groups: frozenset[tuple[str, str]] = frozenset()
    spouse: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """The whole task over ``horizon`` years.

    ``most`` and ``least`` give for a group, (rule, member), a number for each year. ``backbone_share`` of the movers of
    a year are backbone teachers, counting at most ``backbone_room`` volunteers of that year who would join them.
    """

    horizon: int
    movers: tuple[Mover, ...]
    most: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)
    least: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)
    backbone_share: Fraction = Fraction(0)
    backbone_room: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Levelled:
    """The answer: the year of each mover, and of who is left the rules that stop him, year by year.

    ``least_peak`` is a peak that no schedule placing as many can fall below, by counting those who must go within some
    span of years; ``shortage`` how many persons the yearly quotas lack; ``proven`` whether every step was finished.
    """

    year_of: dict[str, int]
    stopped: dict[str, tuple[tuple[int, str], ...]]
    totals: tuple[int, ...]
    least_peak: int
    shortage: int
    proven: bool

    @property
    def peak(self) -> int:
        """The heaviest year."""
        return max(self.totals, default=0)


LARGE = 5_000
"""Above so many persons × years an exact search for the totals takes too long where bounds do not give them."""
TRIES = 4
SLIGHT = 1e-6
ORDERLY = 1e-3
"""The order within equal totals is sought to a thousandth: it is a courtesy, the totals are the promise."""
COUPLE, BACKBONE = "couple", "backbone"


def level(spread: Spread) -> Levelled:
    """The levelled schedule; see the module. Raises ``ValueError`` for a year outside the horizon."""
    if any(not 0 <= k < spread.horizon for m in spread.movers for k in m.years):
        raise ValueError(f"a mover's year is outside the horizon, 0 … {spread.horizon - 1}")
    task = _Task(spread)
    year_of, shortage, proven = task.solve()
    totals = [0] * spread.horizon
    for k in year_of.values():
        totals[k] += 1
    left = [m for m in spread.movers if m.id not in year_of]
    return Levelled(
        year_of=year_of,
        stopped={m.id: _stops(spread, m, year_of) for m in left},
        totals=tuple(totals),
        least_peak=least_peak(spread, sum(bool(m.years) for m in left)),
        shortage=shortage,
        proven=proven,
    )


def least_peak(spread: Spread, unplaced: int) -> int:
    """A bound on the peak by counting: those whose years all lie within a span, less the unplaced, ÷ its length."""
    best = 0
    for first in range(spread.horizon):
        for last in range(first, spread.horizon):
            inside = sum(1 for m in spread.movers if m.years and first <= min(m.years) and max(m.years) <= last)
            best = max(best, math.ceil((inside - unplaced) / (last - first + 1)))
    return best


def _stops(spread: Spread, mover: Mover, year_of: Mapping[str, int]) -> tuple[tuple[int, str], ...]:
    """For each of the mover's years the rules that are full; empty where he has no year at all."""
    gone: defaultdict[int, list[Mover]] = defaultdict(list)
    for each in spread.movers:
        if each.id in year_of:
            gone[year_of[each.id]].append(each)
    stops = []
    for k in mover.years:
        for group in sorted(mover.groups & spread.most.keys()):
            if sum(group in m.groups for m in gone[k]) >= spread.most[group][k]:
                stops.append((k, group[0]))
        if any(mover.spouse == m.id or m.spouse == mover.id for m in gone[k]):
            stops.append((k, COUPLE))
        share, batch = spread.backbone_share, [*gone[k], mover]
        if share and sum(m.backbone for m in batch) - share * len(batch) < -(1 - share) * spread.backbone_room[k]:
            stops.append((k, BACKBONE))
    return tuple(stops)


def _nearest(exact: Sequence[float], total: int) -> list[int]:
    """Whole numbers with the given sum nearest to exact ones, by largest remainder."""
    whole = [math.floor(e + SLIGHT) for e in exact]
    order = sorted(range(len(exact)), key=lambda k: (whole[k] - exact[k], k))
    for k in order[: total - sum(whole)]:
        whole[k] += 1
    return whole


class _Task:
    """The steps, one after another, on programmes with the same people and rules."""

    def __init__(self, spread: Spread) -> None:
        self.spread = spread
        self.pairs = [(i, k) for i, m in enumerate(spread.movers) for k in sorted(set(m.years))]
        self.column = {pair: at for at, pair in enumerate(self.pairs)}
        self.start: list[float] | None = None
        self.proven = True

    def solve(self) -> tuple[dict[str, int], int, bool]:
        """The chosen year by mover, the shortage, and whether each step was finished."""
        if not self.pairs:
            return {}, sum(sum(v) for v in self.spread.least.values()), True
        shortage, placed = self._placed()
        if self._by_bounds(shortage, placed):
            pass
        elif len(self.pairs) > LARGE:
            self._nearly(shortage, placed)
        else:
            peak = self._step(self._peaking(self._bare(shortage, placed)))
            self._step(self._squaring(self._bare(shortage, placed, peak)))
            found = [(t, t) for t in self._totals(self.start or [])]
            self._step(self._ordering(self._bare(shortage, placed, totals=found)))
        chosen = [pair for pair, value in zip(self.pairs, self.start or [], strict=True) if value > 0.5]
        return {self.spread.movers[i].id: k for i, k in chosen}, shortage, self.proven

    def _placed(self) -> tuple[int, int]:
        """The least shortage and the most persons placed with it; where nobody need be missing, in one step."""
        if any(map(any, self.spread.least.values())):
            solution = self._placing(self._bare(0)).solve()
            if solution is None:
                shortage = self._step(self._bare())
                return shortage, -self._step(self._placing(self._bare(shortage)))
            self.start = solution.values[: len(self.pairs)]
            self.proven = self.proven and solution.finished
            return 0, -round(solution.objective)
        return 0, -self._step(self._placing(self._bare(0)))

    def _by_bounds(self, shortage: int, placed: int) -> bool:
        """The last three steps at once, where the totals nearest to those of the relaxed programmes can be had.

        The relaxed values are bounds. Among equal sums of squares earlier years are preferred, by less than 1 in all;
        sums of squares of totals with one sum differ by even numbers, so one less than 1 above the bound is the least.
        That proves the totals as well as a search would.
        """
        relaxed = self._peaking(self._bare(shortage, placed)).solve(relaxed=True)
        if relaxed is None:
            return False
        peak = math.ceil(relaxed.objective - SLIGHT)
        squares = self._squaring(self._bare(shortage, placed, peak))
        for at, (_, k) in enumerate(self.pairs):
            squares.cost[at] = k / (1 + self.spread.horizon * placed)
        relaxed = squares.solve(relaxed=True)
        if relaxed is None:
            return False
        totals = _nearest(self._totals(relaxed.values), placed)
        if max(totals) > peak or sum(t * t for t in totals) - relaxed.objective > 1 - SLIGHT:
            return False
        # years at the peak and one below it may change places: their squares have the same sum
        loose = [(peak - 1, peak) if t >= peak - 1 else (t, t) for t in totals]
        for held in ([(t, t) for t in totals], loose):
            solution = self._ordering(self._bare(shortage, placed, totals=held)).solve(self.start, near=ORDERLY)
            if solution is not None:
                break
        else:
            return False
        self.start = solution.values[: len(self.pairs)]
        self.proven = self.proven and solution.finished
        return True

    def _nearly(self, shortage: int, placed: int) -> None:
        """For large tasks whose relaxed totals cannot be had: the lowest peak at which a schedule is found."""
        self.proven = False
        relaxed = self._peaking(self._bare(shortage, placed)).solve(relaxed=True)
        lowest = 0 if relaxed is None else math.ceil(relaxed.objective - SLIGHT)
        for peak in range(lowest, lowest + TRIES):
            solution = self._ordering(self._bare(shortage, placed, peak)).solve(near=ORDERLY)
            if solution is not None:
                self.start = solution.values[: len(self.pairs)]
                return

    def _totals(self, values: Sequence[float]) -> list[float]:
        totals = [0.0] * self.spread.horizon
        for (_, k), value in zip(self.pairs, values, strict=False):
            totals[k] += value
        return totals

    def _step(self, programme: Programme) -> int:
        """The best that a programme gives, which the next steps start from; nobody placed satisfies every one."""
        solution = programme.solve(self.start)
        if solution is None:
            raise ValueError("a step of the levelling has no solution")
        self.start = solution.values[: len(self.pairs)]
        self.proven = self.proven and solution.finished
        return round(solution.objective)

    # goals ----------------------------------------------------------------------------------------------------------

    def _placing(self, programme: Programme) -> Programme:
        for at in range(len(self.pairs)):
            programme.cost[at] = -1.0
        return programme

    def _peaking(self, programme: Programme) -> Programme:
        top = programme.add_column(0, len(self.spread.movers), 1.0, whole=True)
        for k in range(self.spread.horizon):
            programme.add_row(-math.inf, 0, {**self._of_year(k), top: -1.0})
        return programme

    def _squaring(self, programme: Programme) -> Programme:
        for k in range(self.spread.horizon):
            mine = self._of_year(k)
            steps = [programme.add_column(0, 1, 2.0 * v - 1) for v in range(1, len(mine) + 1)]
            programme.add_row(0, 0, {**mine, **dict.fromkeys(steps, -1.0)})
        return programme

    def _ordering(self, programme: Programme) -> Programme:
        """The longest at school first; to be left counts as going in the year after the last."""
        for at, (i, k) in enumerate(self.pairs):
            programme.cost[at] = float(self.spread.movers[i].weight * (k - self.spread.horizon))
        return programme

    # rules ----------------------------------------------------------------------------------------------------------

    def _of_year(self, k: int) -> dict[int, float]:
        return {at: 1.0 for at, (_, year) in enumerate(self.pairs) if year == k}

    def _bare(
        self,
        shortage: int | None = None,
        placed: int | None = None,
        peak: int | None = None,
        totals: Sequence[tuple[float, float]] | None = None,
    ) -> Programme:
        """People and rules, with what earlier steps have reached held fast."""
        spread, programme = self.spread, Programme()
        for _ in self.pairs:
            programme.add_column(0, 1, 0.0, whole=True)
        for i, mover in enumerate(spread.movers):
            own = {self.column[i, k]: 1.0 for k in set(mover.years)}
            if len(own) > 1:
                programme.add_row(-math.inf, 1, own)
        self._caps(programme)
        self._couples(programme)
        self._backbone(programme)
        lacking = self._floors(programme, 1.0 if shortage is None else 0.0)
        if shortage is not None and lacking:
            programme.add_row(-math.inf, shortage, dict.fromkeys(lacking, 1.0))
        if placed is not None:
            programme.add_row(placed, math.inf, dict.fromkeys(range(len(self.pairs)), 1.0))
        for k in range(spread.horizon):
            if totals is not None:
                programme.add_row(*totals[k], self._of_year(k))
            elif peak is not None:
                programme.add_row(-math.inf, peak, self._of_year(k))
        return programme

    def _counted(self) -> dict[tuple[tuple[str, str], int], dict[int, float]]:
        """Columns by group and year."""
        counted: defaultdict[tuple[tuple[str, str], int], dict[int, float]] = defaultdict(dict)
        for at, (i, k) in enumerate(self.pairs):
            for group in self.spread.movers[i].groups:
                counted[group, k][at] = 1.0
        return counted

    def _caps(self, programme: Programme) -> None:
        for (group, k), columns in sorted(self._counted().items()):
            if group in self.spread.most and len(columns) > self.spread.most[group][k]:
                programme.add_row(-math.inf, self.spread.most[group][k], columns)

    def _floors(self, programme: Programme, price: float) -> list[int]:
        counted, lacking = self._counted(), []
        for group, least in sorted(self.spread.least.items()):
            for k, number in enumerate(least):
                if number > 0:
                    lacking.append(programme.add_column(0, number, price))
                    programme.add_row(number, math.inf, {**counted.get((group, k), {}), lacking[-1]: 1.0})
        return lacking

    def _couples(self, programme: Programme) -> None:
        at = {m.id: i for i, m in enumerate(self.spread.movers)}
        couples = {
            frozenset((i, at[m.spouse]))
            for i, m in enumerate(self.spread.movers)
            if m.spouse in at and m.spouse != m.id
        }
        for one, other in sorted(sorted(c) for c in couples):
            for k in range(self.spread.horizon):
                both = [self.column[i, k] for i in (one, other) if (i, k) in self.column]
                if len(both) == 2:
                    programme.add_row(-math.inf, 1, dict.fromkeys(both, 1.0))

    def _backbone(self, programme: Programme) -> None:
        share = self.spread.backbone_share
        if not share:
            return
        top, bottom = share.numerator, share.denominator
        for k in range(self.spread.horizon):
            weights = {
                at: float(bottom * self.spread.movers[i].backbone - top)
                for at, (i, year) in enumerate(self.pairs)
                if year == k
            }
            programme.add_row(-(bottom - top) * self.spread.backbone_room[k], math.inf, weights)
