"""One elastic programme in which any rule can give, each at a price that is switched while the programme stays warm.

A *rule* is an index: first the rows, then the obligation of each teacher (``must``), then each rule about single
persons for each teacher. A price of 0 lifts a rule, a price above 0 keeps it: the least total is 0 exactly when all
kept rules can be kept together. Every arc carries a nudge, small enough that all of them together weigh less than
half a person: without it thousands of equal solutions make the programme ten times as slow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.planning.relaxing.openings import PERSONAL, PIN, Openings, openings_of
from junheng.planning.solving.bound import signed
from junheng.planning.solving.breaking import EXACT
from junheng.planning.solving.dive import Dive, whole
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.generation import converge
from junheng.planning.solving.market import MUST, Bools, Floats, Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.polish import Effort, search
from junheng.planning.solving.quotas import movers_asked
from junheng.planning.solving.rows import FAMILIES as ROW_KINDS
from junheng.planning.solving.rows import rows_of

KINDS = (*ROW_KINDS, *PERSONAL)
"""Kinds of rules; ``must`` is among those of the rows."""
NONE = 1e-6
"""Persons below which nothing is broken."""
DEAR = 1e4
"""Price of a rule that may not give, where another costs 1 a person."""
BLUR = 0.02
"""Multipliers below this come of the nudges alone."""
_NUDGED = 0.2


class Loose:
    """The programme of one problem. Plans are arrays of ids of ``openings.arcs``."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.openings: Openings = openings_of(market)
        self.model = Model(market, np.arange(len(market.stages)), coupling=True, arcs=self.openings.arcs)
        self.master = self.model.blind_master(Prices(), elastic=True)
        self.prover = self.master.prover
        self.barred = self.openings.barred
        self.rows = self.master.rows
        self.small = len(self.openings.arcs) <= EXACT
        self._people = len(market.teacher_ids)
        self._forced = np.flatnonzero(self.prover.forced)
        self.pinned = np.isin(np.arange(self._people), market.choices.pinned[:, 0])
        self._is_must = market.verdict == MUST
        weights = np.random.default_rng(0).random(len(self.openings.arcs))
        movers = max(200, 2 * movers_asked(market) + len(self._forced))
        self._nudge: Floats = (0.1 + weights) * _NUDGED / (1.1 * movers)
        self.price = np.zeros(self.size)
        self._bent = market
        self._entries: tuple[Ints, Ints, Floats] | None = None
        self.charge(np.ones(self.size))
        self.known: list[Floats] = [self.amounts(np.zeros(0, dtype=np.int64))]
        self.master.add_arcs(self.master.starting_arcs(2, 3))

    # rules --------------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Number of rules."""
        return len(self.rows) + (1 + len(PERSONAL)) * self._people

    @property
    def kind(self) -> Ints:
        """(rules,) index into :data:`KINDS`."""
        personal = np.repeat(np.arange(len(ROW_KINDS), len(KINDS)), self._people)
        must = np.full(self._people, ROW_KINDS.index("must"))
        return np.concatenate([self.rows.family, must, personal])

    def of_kind(self, name: str) -> Bools:
        """(rules,) mask of a kind."""
        return np.asarray(self.kind == KINDS.index(name), dtype=bool)

    def name(self, rule: int) -> str:
        """Name of a rule: that of its row, or ``{kind}:{teacher}``."""
        if rule < len(self.rows):
            return self.rows.names[rule]
        kind, teacher = divmod(rule - len(self.rows), self._people)
        return f"{('must', *PERSONAL)[kind]}:{self.market.teacher_ids[teacher]}"

    def rule(self, name: str) -> int:
        """The index of a named rule; ``KeyError`` where there is none."""
        if name in self.rows.names:
            return self.rows.names.index(name)
        kind, _, teacher = name.partition(":")
        if kind not in ("must", *PERSONAL) or teacher not in self.market.teacher_ids:
            raise KeyError(name)
        at = ("must", *PERSONAL).index(kind) * self._people + self.market.teacher_ids.index(teacher)
        return len(self.rows) + at

    def in_force(self) -> Bools:
        """(rules,) whether a rule can stand against anything at all."""
        active = np.zeros(self.size, dtype=bool)
        active[: len(self.rows)] = ~self.rows.is_count
        active[len(self.rows) :][: self._people] = self._is_must
        for k in range(len(PERSONAL)):
            hit = (self.barred >> k) & 1 == 1
            active[self.personal(k)[self.openings.arcs.teacher[hit]]] = True
        active[self.personal(PIN)[np.flatnonzero(self.pinned)]] = True
        return active

    def personal(self, k: int) -> Ints:
        """(N,) the rule about single persons of every teacher."""
        return len(self.rows) + (1 + k) * self._people + np.arange(self._people)

    def must_price(self, price: Floats) -> Floats:
        """(N,) price of leaving a teacher where he is."""
        must = price[len(self.rows) :][: self._people] * self._is_must
        return np.asarray(must + price[self.personal(PIN)] * self.pinned, dtype=float)

    # pricing ------------------------------------------------------------------------------------------------------

    def charge(self, price: Floats, *, nudged: bool = True) -> None:
        """Sets the price of every rule."""
        self.price = price
        cost = np.zeros(len(self.barred))
        for k in range(len(PERSONAL)):
            cost += ((self.barred >> k) & 1) * price[self.personal(k)][self.openings.arcs.teacher]
        self.prover.cost = cost
        self.master.recost(cost + self._nudge if nudged else cost)
        own = self.must_price(self.price)
        on_rows = self.master.slack_row < len(self.rows)
        listed = np.zeros(len(on_rows))
        listed[on_rows] = price[self.master.slack_row[on_rows]]
        listed[~on_rows] = own[self._forced]
        self.master.slack_price = listed
        self.master.highs.changeColsCost(len(listed), self.master.slack_column.astype(np.int32), listed)

    def bend(self, other: Market) -> None:
        """Gives the rows the limits, and the arcs the bars, that they have in a market with other settings."""
        rows = rows_of(other, self.openings.arcs, counting=False)
        limits = {name: (lo, hi) for name, lo, hi in zip(rows.names, rows.lo, rows.hi, strict=True)}
        pairs = [limits.get(name, (-np.inf, np.inf)) for name in self.rows.names]
        self.set_limits(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]))
        if _personal_rules(other) != _personal_rules(self._bent):
            self.barred = openings_of(other).barred
        self._bent = other
        self._set_shares(other)

    def set_limits(self, lo: Floats, hi: Floats) -> None:
        """Changes the limits of every row."""
        self.rows.lo[:], self.rows.hi[:] = lo, hi
        full = self.model.rows
        at = {name: i for i, name in enumerate(full.names)}
        index = np.array([at[name] for name in self.rows.names], dtype=np.int64)
        full.lo[index], full.hi[index] = lo, hi
        every = np.arange(len(lo), dtype=np.int32)
        self.master.highs.changeRowsBounds(len(lo), every, lo, hi)  # type: ignore[attr-defined]

    def _set_shares(self, other: Market) -> None:
        """Puts the shares of direction and backbone into the coefficients of the columns."""
        direction = other.policy.direction
        share = float(direction.share_min) if direction else 0.0
        backbone = float(other.policy.backbone_share_min)
        mine = self.prover.incidence
        if (share, backbone) == (mine.share, mine.backbone_share):
            return
        self._entries = None
        for incidence in (mine, self.model.incidence):
            incidence.share, incidence.backbone_share = share, backbone
        master = self.master
        starts, row, value = mine.entries(master.pool)
        which = np.searchsorted(starts, np.arange(len(row)), side="right") - 1
        shared = np.isin(row, [r for r in (self.rows.direction, self.rows.backbone) if r >= 0])
        for i in np.flatnonzero(shared):
            column = int(master.column[master.pool[which[i]]])
            master.highs.changeCoeff(int(row[i]), column, float(value[i]))

    # answers ------------------------------------------------------------------------------------------------------

    def settle(self) -> float:
        """Solves the programme; gives the total price of what is broken, without the nudges."""
        converge(self.master, self.prover)
        master = self.master
        arcs = float(self.prover.cost[master.pool] @ master.x)
        return arcs + float(master.slack_price @ master.values[master.slack_column])

    def bound(self) -> float:
        """What no plan falls below at the present prices, by the multipliers: a proof that needs no trust in the
        programme.
        """
        own = self.price[: len(self.rows)]
        y = np.clip(signed(self.rows, self.master.y), -own, own)
        sides = np.where(y > 0, self.rows.lo, self.rows.hi)
        least = np.full(self._people, np.inf)
        np.minimum.at(least, self.openings.arcs.teacher, self.prover.reduced(y))
        least = np.where(self.prover.forced, np.minimum(least, self.must_price(self.price)), np.minimum(least, 0.0))
        used = y != 0.0
        return float((y[used] * sides[used]).sum() + least.sum())

    def possible(self, kept: Bools, *, surely: bool = False) -> bool:
        """Whether the kept rules can be kept together, all others being lifted.

        Exact for a small problem. For a large one a no is proved; a yes is one of the programme, and with ``surely``
        one of a plan that was found.
        """
        self.charge(kept.astype(float))
        if self.settle() > NONE and (self.bound() > NONE or self._unnudged() > NONE):
            return False
        if not (self.small or surely):
            return True
        plan = self.plan()
        return plan is not None and float(self.amounts(plan)[kept].sum()) <= NONE

    def _unnudged(self) -> float:
        self.charge(self.price, nudged=False)
        return self.settle()

    def least(self, price: Floats) -> tuple[float, Ints]:
        """A number that no plan's total price falls below, and the plan found that costs least."""
        self.charge(price)
        value = self.settle()
        lower = max(0.0, self.bound(), value - _NUDGED)
        plan = self.plan()
        self.known.append(self.amounts(plan))
        return lower, plan

    def shown_possible(self, kept: Bools) -> bool:
        """Whether a plan that was found, or moving nobody, keeps the kept rules."""
        return any(float(amounts[kept].sum()) <= NONE for amounts in self.known)

    def plan(self) -> Ints:
        """A plan near the programme's solution; for a small problem the one of least price."""
        master = self.master
        if whole(master.x) and not self.small:
            return np.sort(master.pool[master.x > 0.5])
        found = np.sort(master.pool[master.x > 0.5]) if whole(master.x) else Dive(master, 0.3, np.inf, np.inf).run()
        master.solve()
        if self.small:
            everything = np.arange(len(master.arcs))
            best = search(master, everything, found, Effort(close=NONE, nodes=20_000)).arcs
            found = found if best is None else best
            master.solve()  # the search gave teachers rows of their own
        return np.zeros(0, dtype=np.int64) if found is None else found

    def amounts(self, plan: Ints) -> Floats:
        """(rules,) by how many persons or posts a plan breaks each rule."""
        found = np.zeros(self.size)
        activity = self._activity(plan)
        over = np.maximum(0.0, self.rows.lo - activity) + np.maximum(0.0, activity - self.rows.hi)
        found[: len(self.rows)] = np.where(self.rows.is_count | (over < NONE), 0.0, over)
        teacher = self.openings.arcs.teacher[plan]
        placed = np.zeros(self._people, dtype=bool)
        placed[teacher] = True
        found[len(self.rows) :][: self._people] = self._is_must & ~placed
        for k in range(len(PERSONAL)):
            hit = (self.barred[plan] >> k) & 1 == 1
            found[self.personal(k)[teacher[hit]]] = 1.0
        found[self.personal(PIN)[np.flatnonzero(self.pinned & ~placed)]] = 1.0
        return found

    def falls_short(self, plan: Ints) -> Bools:
        """(rules,) whether a plan breaks the rule by too few, not by too many."""
        few = self.kind == KINDS.index("must")
        few[: len(self.rows)] = self._activity(plan) < self.rows.lo - NONE
        return np.asarray(few, dtype=bool)

    def _activity(self, plan: Ints) -> Floats:
        _, row, value = self.prover.incidence.entries(plan)
        activity = np.zeros(len(self.rows))
        np.add.at(activity, row, value)
        return activity

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Arc, row and coefficient of every entry of every arc."""
        if self._entries is None:
            starts, row, value = self.prover.incidence.entries(np.arange(len(self.openings.arcs)))
            self._entries = (np.searchsorted(starts, np.arange(len(row)), side="right") - 1, row, value)
        return self._entries

    def broken(self) -> Floats:
        """(rules,) by how much the programme's solution breaks each rule, fractions included."""
        found, master = np.zeros(self.size), self.master
        amount = master.values[master.slack_column]
        on_rows = master.slack_row < len(self.rows)
        np.add.at(found, master.slack_row[on_rows], amount[on_rows])
        found[len(self.rows) + self._forced] += amount[~on_rows] * self._is_must[self._forced]
        found[self.personal(PIN)[self._forced]] += amount[~on_rows] * self.pinned[self._forced]
        used = np.flatnonzero(master.x > NONE)
        ids = master.pool[used]
        for k in range(len(PERSONAL)):
            hit = (self.barred[ids] >> k) & 1 == 1
            np.add.at(found, self.personal(k)[self.openings.arcs.teacher[ids[hit]]], master.x[used[hit]])
        return found

    def needed(self, kept: Bools, tolerance: float = BLUR) -> Bools:
        """(rules,) the kept rules that the multipliers of the present programme rest on, those of nudges left out."""
        touched = np.zeros(self.size, dtype=bool)
        touched[: len(self.rows)] = np.abs(self.master.y) > tolerance
        reduced = -self.prover.incidence.priced(self.master.y)
        own = np.zeros(self._people)
        own[self._forced] = self.master.duals[self.master.teacher_row[self._forced]]
        several = self.master.teacher_row >= 0
        others = several & ~self.prover.forced
        own[others] = self.master.duals[self.master.teacher_row[others]]
        reduced = reduced - own[self.openings.arcs.teacher]
        charged = np.unique(self._forced[np.abs(own[self._forced]) > tolerance])
        touched[len(self.rows) + charged] = True
        touched[self.personal(PIN)[charged]] = True
        cheap = np.flatnonzero((reduced < -tolerance) & (self.barred != 0))
        for k in range(len(PERSONAL)):
            hit = cheap[(self.barred[cheap] >> k) & 1 == 1]
            touched[self.personal(k)[self.openings.arcs.teacher[hit]]] = True
        return touched & kept

    def teachers_of(self, rules: Sequence[int]) -> list[str]:
        """The teachers whom rules about single persons name, each once."""
        people = {(r - len(self.rows)) % self._people for r in rules if r >= len(self.rows)}
        return [self.market.teacher_ids[t] for t in sorted(people)]


def _personal_rules(market: Market) -> tuple[float, bool, bool, bytes]:
    """The settings on which the bars of arcs depend."""
    policy = market.policy
    return policy.commute_km_max, policy.within_cluster, policy.within_partners, market.choices.left.tobytes()
