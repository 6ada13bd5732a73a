"""Column generation: from a few arcs to the optimum of the linear programme over all of them, and its proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from junheng.planning.problem import INDICATORS
from junheng.planning.solving.basis import put_back
from junheng.planning.solving.bound import Prover
from junheng.planning.solving.columns import EPS, Master
from junheng.planning.solving.envelope import Envelope
from junheng.planning.solving.market import PE_ARTS, Bools, Floats

PER_TEACHER, PER_SLOT = 2, 3
ROUNDS = 200
CLOSE = 2e-5
"""Relative distance between programme and bound at which the proof is good enough."""

NEAR = 1.5e-4
"""The same for multipliers that are there already."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Multipliers and the bound that they give on the part's J (without the constant −W_extra)."""

    y: Floats
    bound: float


def varying(prover: Prover) -> Bools:
    """(stages, K) whether the total of an indicator can change."""
    mask = np.zeros((len(prover.market.stages), len(INDICATORS)), dtype=bool)
    for span in prover.spans:
        mask[span.stage, PE_ARTS] = prover.balance.scale[span.stage, PE_ARTS] > 0
    return mask


def converge(master: Master, prover: Prover, rounds: int = ROUNDS, late: Callable[[], bool] = lambda: False) -> int:
    """Adds arcs of negative price until there are none, or until it is ``late``; gives the number of rounds."""
    for count in range(1, rounds + 1):
        master.solve()
        missing = master.missing_arcs(master.cost - prover.incidence.priced(master.y), PER_TEACHER, PER_SLOT, EPS)
        if len(missing) == 0 or late():
            return count
        master.add_arcs(missing)
    return rounds


def settle_reference(master: Master, prover: Prover) -> int:
    """Moves the reference of the balance cost to the totals of the solution until it stays; gives the rounds used."""
    moving = varying(prover)
    rounds = 0
    for _ in range(4 if moving.any() else 0):
        moved = master.balance.at(master.counts(), moving)
        if np.abs(moved.level - master.balance.level).max() < 1e-6:
            break
        master.rebalance(moved)
        rounds += converge(master, prover)
    return rounds


def prove(master: Master, prover: Prover, known: Floats | None = None) -> Proof:
    """The best multipliers found at the optimum of the programme; the master is left as it was.

    ``known`` are those of a problem much like this one: where they prove nearly as much, no better ones are looked for.
    """
    proof = _proof_at(prover, master.y)
    moving = varying(prover)
    if known is not None:
        proof = max(_proof_at(prover, known), proof, key=lambda p: p.bound)
        if master.value + master.left_out() - proof.bound <= NEAR * max(1.0, abs(proof.bound)):
            return proof
    before = master.highs.getBasis()
    envelopes = [Envelope(master, prover, span) for span in prover.spans if moving[span.stage, PE_ARTS]]
    if not envelopes:
        return proof
    for _ in range(20):
        for envelope in envelopes:
            envelope.hold()
        master.solve()
        reduced = prover.reduced(master.y)
        found = _proof_at(prover, master.y, reduced)
        proof = max(proof, found, key=lambda p: p.bound)
        missing = master.missing_arcs(reduced, PER_TEACHER, PER_SLOT, EPS)
        master.add_arcs(missing)
        best = prover.best(reduced)
        wanted = [(e, e.worst_total(master.y, reduced, best)) for e in envelopes]
        if master.value + master.left_out(moving) - proof.bound <= CLOSE * max(1.0, abs(proof.bound)):
            break
        if len(missing) == 0 and all(total in envelope.held for envelope, total in wanted):
            break
        for envelope, total in wanted:
            if total not in envelope.held:
                envelope.add_copy(total)
    for envelope in envelopes:
        envelope.remove()
    put_back(master, before)
    master.solve()
    return proof


def _proof_at(prover: Prover, y: Floats, reduced: Floats | None = None) -> Proof:
    return Proof(y.copy(), prover.bound(y, reduced))
