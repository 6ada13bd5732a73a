"""The standard in the bound: a reward that jumps where a school reaches it, over the counts that it can reach at all.

Which counts can be reached follows from the rules alone (planning/README.md, "The standard"). The least over whole
counts with a given total is bounded from below by pricing the total: any price gives a valid number, the best is kept.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise

from junheng.planning.checking.balance import NEARLY, shortfall
from junheng.planning.checking.places import outflow_limit, refill_range
from junheng.planning.checking.quotas import quota_lines
from junheng.planning.checking.register import Moves, Register, Slot, flags
from junheng.planning.problem import INDICATORS, PE_ART, SchoolUnit

HALVINGS = 60


class Standards:
    """What missing the standard costs in J, the counts at which it is reached, and the counts within reach."""

    def __init__(self, register: Register) -> None:
        self.register = register
        weight = register.policy.objective.w_standard
        counts = register.counts_before()
        self.reward = weight / max(1, shortfall(register, counts)) if weight else 0.0
        self.range: dict[Slot, tuple[int, int]] = {}
        if self.reward:
            self._reach(counts)

    def of(self, unit: SchoolUnit, indicator: str) -> list[int]:
        """The least counts that reach the standard and 85 % of it; none where nothing is stated or rewarded."""
        standard = self.register.policy.per100.get(unit.stage, {}).get(indicator)
        if not self.reward or standard is None:
            return []
        least = Fraction(str(standard)) * unit.pupils / 100
        return sorted(math.ceil(part * least) for part in (Fraction(1), NEARLY))

    def _reach(self, counts: dict[Slot, int]) -> None:
        register = self.register
        movable: Counter[Slot] = Counter()
        held: Counter[tuple[str, str, str]] = Counter()
        for teacher in register.problem.teachers:
            if teacher.verdict != "no":
                movable[teacher.school_id, teacher.subject] += 1
                held.update((teacher.school_id, teacher.subject, name) for name in flags(teacher, teacher.subject))
        limit = {
            (line.quota, line.member): line.bound
            for line in quota_lines(register, Moves())
            if line.sense in ("eq", "le")
        }
        quotas = [quota.id for quota in register.policy.quotas if quota.scope == "school"]
        subjects: dict[str, set[str]] = {school: set() for school in register.schools}
        for school, subject in [*register.heads, *register.stated]:
            if school in subjects:
                subjects[school].add(subject)
        for unit in register.problem.schools:
            slots = [(unit.id, subject) for subject in sorted(subjects[unit.id])]
            leave = {slot: min(outflow_limit(register, slot), movable[slot]) for slot in slots}
            enter = {slot: max(0, refill_range(register, slot)[1] + leave[slot]) for slot in slots}
            bounds = [limit[quota, unit.id] for quota in quotas if (quota, unit.id) in limit]
            out = min([sum(leave.values()), *bounds])
            room = max(unit.posts, register.present[unit.id]) - register.present[unit.id]
            into = min(sum(enter.values()), room + out)
            arts = min(into, sum(number for slot, number in enter.items() if slot[1] in PE_ART))
            for name in INDICATORS:
                going = sum(min(outflow_limit(register, slot), held[*slot, name]) for slot in slots)
                today = counts[unit.id, name]
                up = arts if name == "pe_art" else into
                self.range[unit.id, name] = (today - min(out, going), today + up)


class Jumps:
    """One stage's indicator with its rewards: the least of Σ a_j z_j² − y_j z_j + missed_j(z_j) for given totals."""

    def __init__(self, standards: Standards, units: list[SchoolUnit], indicator: str) -> None:
        self.reward = standards.reward
        self.pieces = [_pieces(standards.of(unit, indicator), *standards.range[unit.id, indicator]) for unit in units]

    def least(self, square: list[float], price: list[float], total: int) -> float:
        """The best that a price of the total proves."""
        high = 1.0 + 2 * self.reward + max(map(abs, price), default=0.0)
        high += 2 * max((a * pieces[-1][1] for a, pieces in zip(square, self.pieces, strict=True)), default=0.0)
        low, best = -high, -math.inf
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            value, held = self._priced(square, price, middle)
            best = max(best, value + middle * total)
            if held < total:
                low = middle
            else:
                high = middle
        return best

    def _priced(self, square: list[float], price: list[float], theta: float) -> tuple[float, int]:
        values, held = [], 0
        for a, y, pieces in zip(square, price, self.pieces, strict=True):
            gain = y + theta
            least, at = math.inf, 0
            for first, last, missed in pieces:
                z = first
                if a > 0:
                    z = min(max(round(min(max(gain / (2 * a), first), last)), first), last)
                elif gain > 0:
                    z = last
                value = (a * z - gain) * z + missed * self.reward
                if value < least:
                    least, at = value, z
            values.append(least)
            held += at
        return math.fsum(values), held


def _pieces(needs: list[int], low: int, high: int) -> list[tuple[int, int, int]]:
    """Stretches of counts from ``low`` to ``high`` between needs, with how many needs are missed there."""
    cuts = [low, *(need for need in needs if low < need <= high), high + 1]
    return [(first, after - 1, sum(need > first for need in needs)) for first, after in pairwise(cuts) if first < after]
