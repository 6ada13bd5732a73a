"""A mixed-integer search over the arcs that could still improve a plan, with the plan as its start.

An arc whose surcharge over its teacher's best choice exceeds the distance between plan and bound is in no better plan,
so leaving it out loses nothing: the search is exact over the rest. Where a stage's PE and arts total can change, each
total that the bound leaves open is searched by itself, because at a given total the balance cost is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import highspy
import numpy as np

from junheng.planning.solving.balance import Balance
from junheng.planning.solving.columns import Master, quiet_highs
from junheng.planning.solving.generation import Proof
from junheng.planning.solving.jumps import Choices, choose_counts
from junheng.planning.solving.market import PE_ARTS, Ints
from junheng.planning.solving.score import counts_after

NOTHING: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Found:
    """Arcs taken by the best plan of a search (``None`` when it found none) and whether the search was finished."""

    arcs: Ints | None
    finished: bool


@dataclass(frozen=True, slots=True)
class Effort:
    """``close``: distance in J at which a search may stop; ``nodes``: its limit; ``seconds``: the guard, if any.

    ``enough``: a value of the programme at which any plan will do.
    """

    close: float
    nodes: int = 300
    enough: float = -math.inf
    seconds: float | None = None


def hopeful(master: Master, proof: Proof, distance: float) -> Ints:
    """Arcs that a plan within ``distance`` J of the bound may take."""
    reduced = master.prover.reduced(proof.y)
    surcharge = reduced - master.prover.best(reduced)[master.arcs.teacher]
    return np.flatnonzero(surcharge <= distance + 1e-9)


def open_totals(master: Master, proof: Proof) -> list[Balance]:
    """The balance costs, one for each total that a stage's PE and arts can have, most hopeful first.

    Empty where no total can change, and where two stages' totals can (then the reference form has to do).
    """
    prover = master.prover
    spans = [s for s in prover.spans if prover.balance.scale[s.stage, PE_ARTS] > 0]
    if len(spans) != 1:
        return []
    reduced = prover.reduced(proof.y)
    totals, values = prover.by_total(spans[0], proof.y, reduced, prover.best(reduced))
    order = np.argsort(values, kind="stable")
    found = []
    for i in order:
        total = master.balance.total.copy()
        total[spans[0].stage, PE_ARTS] = max(1, totals[i])
        level = master.balance.level.copy()
        level[spans[0].stage, PE_ARTS] = 0.0
        found.append(replace(master.balance, total=total, level=level))
    return found


def search(
    master: Master,
    allowed: Ints,
    start: Ints | None,
    effort: Effort,
    *,
    total_of: int | None = None,
    settled: Ints = NOTHING,
) -> Found:
    """The best plan that HiGHS finds among ``allowed`` arcs and those of ``start``.

    ``total_of`` is a stage whose PE and arts total must equal the reference total of the master's balance cost.
    ``settled`` arcs must be taken.
    """
    master.add_arcs(allowed)
    master.single_moves()
    highs = quiet_highs()
    lp = master.highs.getLp()
    columns = master.column[master.pool]
    open_ = np.zeros(len(master.arcs))
    open_[allowed] = 1.0
    if start is not None:
        open_[start] = 1.0
    upper = np.array(lp.col_upper_)
    upper[columns] = open_[master.pool]
    integrality = np.full(lp.num_col_, highspy.HighsVarType.kContinuous, dtype=object)
    integrality[columns] = highspy.HighsVarType.kInteger
    lower = np.array(lp.col_lower_)
    lower[master.column[settled]] = 1.0
    lp.col_lower_, lp.col_upper_, lp.integrality_ = lower, upper, list(integrality)
    _limit(highs, effort, started=start is not None)
    highs.passModel(lp)
    choices = choose_counts(highs, master)
    if total_of is not None:
        _hold_total(highs, master, total_of, choices)
    if start is not None:
        chosen = np.zeros(len(master.arcs))
        chosen[start] = 1.0
        counts = counts_after(master.prover.market, master.arcs, start)
        picked = (counts[choices.school, choices.k] == choices.count).astype(float)
        index = np.concatenate([columns, choices.column])
        highs.setSolution(len(index), index.astype(np.int32), np.concatenate([chosen[master.pool], picked]))
    highs.run()
    return _found(highs, master)


def _limit(highs: highspy.Highs, effort: Effort, *, started: bool) -> None:
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", max(1e-9, effort.close))
    highs.setOptionValue("mip_max_nodes", effort.nodes)
    highs.setOptionValue("mip_allow_restart", False)  # restarts cost more than they bring here
    highs.setOptionValue("objective_target", effort.enough)
    if started:  # what these find near a plan that a dive gave is not worth their time
        highs.setOptionValue("mip_heuristic_effort", 0.0)
        for heuristic in ("feasibility_jump", "rens", "rins", "root_reduced_cost", "shifting", "zi_round"):
            highs.setOptionValue(f"mip_heuristic_run_{heuristic}", False)
    if effort.seconds is not None:
        highs.setOptionValue("time_limit", max(0.1, effort.seconds))


def _hold_total(highs: highspy.Highs, master: Master, stage: int, choices: Choices) -> None:
    mine = (master.step_k == PE_ARTS) & (master.balance.stage[master.step_school] == stage)
    index = np.concatenate([columns[mine] for _, _, columns in master.step_columns])
    value = np.concatenate([np.full(int(mine.sum()), float(sign)) for sign, _, _ in master.step_columns])
    picks = (choices.k == PE_ARTS) & (master.balance.stage[choices.school] == stage)
    index = np.concatenate([index, choices.column[picks]])
    more = choices.count[picks] - master.balance.today[choices.school[picks], PE_ARTS]
    value = np.concatenate([value, more.astype(float)])
    schools = master.balance.stage == stage
    change = float(master.balance.total[stage, PE_ARTS] - master.balance.today[schools, PE_ARTS].sum())
    highs.addRow(change, change, len(index), index.astype(np.int32), value)


def _found(highs: highspy.Highs, master: Master) -> Found:
    status = highs.getModelStatus()
    finished = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    usable = int(highs.getInfo().primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    if not usable:
        return Found(None, finished)
    values = np.array(highs.getSolution().col_value, dtype=float)
    return Found(np.sort(master.pool[values[master.column[master.pool]] > 0.5]), finished)
