"""The multipliers of a result by row name, and the bound that they give over the whole county."""

from __future__ import annotations

import numpy as np

from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.balance import balance_of
from junheng.planning.solving.bound import Prover, signed
from junheng.planning.solving.market import Floats, Market
from junheng.planning.solving.rows import Incidence, Rows, rows_of
from junheng.planning.solving.score import rates_of


class Ledger:
    """The whole county's rows, and the bound of named multipliers over all admissible arcs."""

    def __init__(self, market: Market, arcs: Arcs) -> None:
        self.market = market
        self.arcs = arcs
        self.rows: Rows = rows_of(market, arcs)
        self.rates = rates_of(market)
        stages = np.arange(len(market.stages))
        self.prover = Prover(
            market, Incidence(market, arcs, self.rows), self.rates.of(arcs), balance_of(market), stages
        )

    def certificate(self, multipliers: dict[str, float]) -> dict[str, float]:
        """The multipliers as they are published: on finite sides only, arcs that rules exclude priced out, ``extra``
        added.
        """
        y = signed(self.rows, self._vector(multipliers))
        y = self._price_couples(y)
        named = {name: float(value) for name, value in zip(self.rows.names, y, strict=True) if value != 0.0}
        if self.rates.move:
            named["extra"] = self.rates.move
        return dict(sorted(named.items()))

    def bound(self, certificate: dict[str, float]) -> float:
        """The bound on J that the certificate gives."""
        constant = certificate.get("extra", 0.0) * self.rates.asked
        return self.prover.bound(self._vector(certificate)) - constant

    def _vector(self, multipliers: dict[str, float]) -> Floats:
        return np.array([multipliers.get(name, 0.0) for name in self.rows.names])

    def _least(self, y: Floats) -> Floats:
        best = np.full(len(self.market.teacher_ids), np.inf)
        np.minimum.at(best, self.arcs.teacher, self.prover.reduced(y))
        return best

    def _price_couples(self, y: Floats) -> Floats:
        """The best multiplier of each couple's row, the others given.

        Where one must move, lowering the row's multiplier shuts the other's arcs at no loss: the must-mover's arcs rise
        by as much as the row's side falls. So the bound is the same whether or not a reader takes them for admissible.
        Where both may move, the lesser of their two gains is what the rule is worth.
        """
        forced, table = self.market.forced, self.rows.couple
        if table.shape[1] != 1:
            return y  # somebody is named as the spouse of several: leave the multipliers as they are
        y = y.copy()
        best = self._least(y)
        for a, b in self.market.choices.couples:
            row = int(table[a, 0])
            if row < 0 or row != table[b, 0] or (forced[a] and forced[b]):
                continue
            gains = [min(0.0, float(best[t])) for t in (a, b) if not forced[t]]
            y[row] += max(gains)
        return y
