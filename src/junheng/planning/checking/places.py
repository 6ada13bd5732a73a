"""Rules about schools and their subjects: refill, staff total, outflow."""

from __future__ import annotations

import math
from collections.abc import Iterator

from junheng.planning.checking.register import Moves, Register, slots_touched
from junheng.planning.checking.report import Violation
from junheng.planning.checking.rounding import share
from junheng.planning.checking.wording import broken


def refill(register: Register, moves: Moves) -> Iterator[Violation]:
    """A school-subject's head-count stays between today's and the required number, or stays as it is."""
    for slot in slots_touched(register, moves):
        least, most = refill_range(register, slot)
        change = moves.arriving[slot] - moves.leaving[slot]
        if not least <= change <= most:
            yield broken("refill", f"refill:{slot[0]}:{slot[1]}", f"{change:+d}", f"{least:+d} … {most:+d}")


def refill_range(register: Register, slot: tuple[str, str]) -> tuple[int, int]:
    """Smallest and largest allowed change of the head-count of a school-subject."""
    if register.policy.refill == "preserve":
        return 0, 0
    today, needed = register.heads[slot], register.required(slot)
    return min(today, needed) - today, max(today, needed) - today


def totals(register: Register, moves: Moves) -> Iterator[Violation]:
    """A school's staff does not grow above its posts, or above today's staff where that is more."""
    for school in register.problem.schools:
        change = moves.arriving_school[school.id] - moves.leaving_school[school.id]
        room = max(school.posts, register.present[school.id]) - register.present[school.id]
        if change > room:
            yield broken("total", f"total:{school.id}", f"{change:+d}", room)


def outflow(register: Register, moves: Moves) -> Iterator[Violation]:
    """Leavers of one school-subject are at most a share of its head-count, at least the stated minimum."""
    for slot in sorted(moves.leaving):
        most = outflow_limit(register, slot)
        if moves.leaving[slot] > most:
            yield broken("outflow", f"outflow:{slot[0]}:{slot[1]}", moves.leaving[slot], most)


def outflow_limit(register: Register, slot: tuple[str, str]) -> int:
    """How many may leave a school-subject."""
    policy = register.policy
    return max(policy.subject_outflow_min, math.floor(share(policy.subject_outflow_share) * register.heads[slot]))
