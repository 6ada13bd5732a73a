"""When not all rules can be kept: the plan that breaks least by the price list, and what it breaks."""

from __future__ import annotations

import numpy as np

from junheng.planning.result import Relaxation
from junheng.planning.solving.admissible import Arcs
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.generation import converge
from junheng.planning.solving.improving import SMALL
from junheng.planning.solving.market import Ints, Market
from junheng.planning.solving.model import Model
from junheng.planning.solving.polish import Effort, search
from junheng.planning.solving.request import Request
from junheng.planning.solving.rows import FAMILIES

FIRST = 1e3
"""Obligations come first: a broken rule costs this many times its price, so that no gain in balance outweighs it."""


def breaking_plan(market: Market, arcs: Arcs, request: Request) -> tuple[Ints, int]:
    """Ids of the arcs of the plan that breaks least, and the number of columns that it took."""
    model = Model(market, np.arange(len(market.stages)), coupling=True, arcs=arcs)
    master = model.master(request.prices.times(FIRST), elastic=True)
    master.add_arcs(master.starting_arcs(2, 3))
    converge(master, model.prover, late=request.late)
    found = Dive(master, 0.3, FIRST * 5.0, slack=np.inf).run()
    master.solve()
    if len(arcs) <= SMALL // 10:
        allowed = np.arange(len(arcs))
        best = search(master, allowed, found, Effort(close=1e-6, nodes=2000, seconds=request.seconds_left()))
        found = found if best.arcs is None else best.arcs
    return (np.zeros(0, dtype=np.int64) if found is None else found), len(master.pool)


def relaxations_of(ledger: Ledger, chosen: Ints) -> tuple[Relaxation, ...]:
    """The rules that the chosen arcs break, by how much, sorted by family and row."""
    rows, market = ledger.rows, ledger.market
    _, row, value = ledger.prover.incidence.entries(chosen)
    activity = np.zeros(len(rows))
    np.add.at(activity, row, value)
    found = []
    for i in np.flatnonzero(~rows.is_count & ((activity < rows.lo - 1e-9) | (activity > rows.hi + 1e-9))):
        few = bool(activity[i] < rows.lo[i])
        by = rows.lo[i] - activity[i] if few else activity[i] - rows.hi[i]
        member = rows.names[i].partition(":")[2]
        found.append(Relaxation(rows.names[i], FAMILIES[rows.family[i]], member, float(by), "few" if few else "many"))
    placed = np.zeros(len(market.teacher_ids), dtype=bool)
    placed[ledger.arcs.teacher[chosen]] = True
    for t in np.flatnonzero(market.forced & ~placed):
        name = market.teacher_ids[t]
        found.append(Relaxation(f"must:{name}", "must", name, 1.0, "few"))
    return tuple(sorted(found, key=lambda r: (r.family, r.row)))
