"""When not all rules can be kept: the plan that breaks least by the price list, and what it breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.planning.result import Relaxation
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.certificate import Ledger
from junheng.planning.solving.columns import EPS, Master
from junheng.planning.solving.dive import Dive
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.generation import converge, settle_reference
from junheng.planning.solving.improving import SMALL
from junheng.planning.solving.market import Ints
from junheng.planning.solving.model import Model
from junheng.planning.solving.polish import Effort, search
from junheng.planning.solving.request import Request
from junheng.planning.solving.rows import FAMILIES, Incidence

EXACT = SMALL // 10
"""Arcs up to which a search over all of them finds the plan that breaks least."""


def breaking_plan(model: Model, blind: Master, columns: Ints, request: Request) -> Ints:
    """Ids of the arcs of the plan that breaks least, and among such plans is good by J.

    ``blind`` is the solved programme that only counts broken rules; ``columns`` are arcs worth looking at. First the
    rules give by as little as the prices say, then J is minimised with just so much given.
    """
    found = least_breaking(model, blind, request)
    if found is None:
        return np.zeros(0, dtype=np.int64)
    given = _giving(model, found)
    master = given.master(request.prices, elastic=False)
    master.add_arcs(np.union1d(columns, found))
    converge(master, given.prover, late=request.late)
    settle_reference(master, given.prover)
    better = Dive(master, 0.3, np.inf).run()
    master.solve()
    if len(model.arcs) <= EXACT:
        effort = Effort(close=EPS, nodes=2000, seconds=request.seconds_left())
        better = search(master, np.arange(len(model.arcs)), found, effort).arcs
    if better is None or given.breaks(better) or given.value(better) >= given.value(found):
        return found
    return better


def least_breaking(model: Model, blind: Master, request: Request) -> Ints | None:
    """A plan that breaks least by the prices in ``blind``: exact in a small county, by descent in a large one."""
    found = Dive(blind, 0.3, np.inf, slack=np.inf).run()
    blind.solve()
    if len(model.arcs) <= EXACT or found is None:
        everything = np.arange(len(model.arcs)) if len(model.arcs) <= SMALL else blind.pool
        best = search(blind, everything, found, Effort(close=EPS, nodes=2000, seconds=request.seconds_left()))
        found = found if best.arcs is None else best.arcs
    return found


def count_broken(model: Model, prices: Prices, columns: Ints, request: Request) -> Master:
    """The solved programme that only counts broken rules at their prices."""
    blind = model.blind_master(prices, elastic=True)
    blind.add_arcs(np.union1d(columns, blind.starting_arcs(3, 3)))
    converge(blind, blind.prover, late=request.late)
    return blind


def _giving(model: Model, plan: Ints) -> Model:
    """The model with every rule giving by what the plan breaks it."""
    broken = model.violations(plan)
    activity = model.activity(plan)
    few = activity < model.rows.lo
    rows = replace(
        model.rows,
        lo=model.rows.lo - np.where(few, broken, 0.0),
        hi=model.rows.hi + np.where(few, 0.0, broken),
    )
    given = Model(model.market, model.stages, coupling=True, arcs=model.arcs)
    given.rows = rows
    given.incidence = Incidence(model.market, model.arcs, rows)
    given.prover = Prover(model.market, given.incidence, model.cost, model.balance, model.stages)
    given.prover.forced = model.prover.forced.copy()
    given.prover.forced[model.unplaced(plan)] = False
    return given


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
