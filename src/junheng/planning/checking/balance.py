"""The official coefficient of variation (差异系数), weighted by pupils, and the per-100 standard.

With x_i teachers and P_i pupils of school i: X = Σx_i / ΣP_i, S² = Σ (P_i / ΣP_i) (x_i / P_i − X)², CV = S / X.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from junheng.planning.checking.register import Register, Slot
from junheng.planning.checking.report import SchoolLine, StageLine
from junheng.planning.problem import INDICATORS, SchoolUnit

NEARLY = Fraction(85, 100)
"""A school that misses one indicator must still reach 85 % of it."""


def squared_coefficient(counts: Sequence[int], pupils: Sequence[int]) -> Fraction:
    """CV² exactly. Schools without pupils are left out; nothing to distribute gives 0.

    Summed over a common denominator by hand, since adding fractions of unlike denominators one by one is slow.
    """
    pairs = [(x, p) for x, p in zip(counts, pupils, strict=True) if p > 0]
    total, everybody = sum(x for x, _ in pairs), sum(p for _, p in pairs)
    if total <= 0:
        return Fraction(0)
    # Σ (P_i/P)(x_i/P_i − X)² / X²  =  P · Σ x_i²/P_i / (Σ x_i)² − 1
    by_pupils: dict[int, int] = {}
    for x, p in pairs:
        by_pupils[p] = by_pupils.get(p, 0) + x * x
    return everybody * _sum_of_ratios(sorted(by_pupils.items())) / (total * total) - 1


def _sum_of_ratios(items: Sequence[tuple[int, int]]) -> Fraction:
    """Σ numerator / denominator, halving the list so that the large numbers meet only at the end."""
    if len(items) <= 2:
        return sum((Fraction(numerator, denominator) for denominator, numerator in items), Fraction(0))
    middle = len(items) // 2
    return _sum_of_ratios(items[:middle]) + _sum_of_ratios(items[middle:])


def coefficient(counts: Sequence[int], pupils: Sequence[int]) -> float:
    """CV, unrounded."""
    return math.sqrt(squared_coefficient(counts, pupils))


def units_of(register: Register, stage: str) -> list[SchoolUnit]:
    """School units of a stage."""
    return [school for school in register.problem.schools if school.stage == stage]


def imbalance(register: Register, counts: dict[Slot, int]) -> float:
    """I: the weighted sum of CV² over stages and indicators."""
    total = 0.0
    for stage, weights in sorted(register.policy.objective.indicator_weight.items()):
        units = units_of(register, stage)
        pupils = [unit.pupils for unit in units]
        for name, weight in sorted(weights.items()):
            if weight:
                total += weight * float(squared_coefficient([counts[unit.id, name] for unit in units], pupils))
    return total


def stage_lines(register: Register, before: dict[Slot, int], after: dict[Slot, int]) -> tuple[StageLine, ...]:
    """Coefficient and schools at the standard, for every stage and indicator."""
    lines = []
    for stage in sorted({school.stage for school in register.problem.schools}):
        units = units_of(register, stage)
        pupils = [unit.pupils for unit in units]
        for name in INDICATORS:
            standard = register.policy.per100.get(stage, {}).get(name)
            old, new = ([counts[unit.id, name] for unit in units] for counts in (before, after))
            lines.append(
                StageLine(
                    stage=stage,
                    indicator=name,
                    cv_before=coefficient(old, pupils),
                    cv_after=coefficient(new, pupils),
                    cv_limit=register.policy.cv_limit.get(stage),
                    standard=standard,
                    schools=len(units),
                    reaching_before=_reaching(old, pupils, standard, Fraction(1)),
                    reaching_after=_reaching(new, pupils, standard, Fraction(1)),
                    nearly_before=_reaching(old, pupils, standard, NEARLY),
                    nearly_after=_reaching(new, pupils, standard, NEARLY),
                )
            )
    return tuple(lines)


def _reaching(counts: Sequence[int], pupils: Sequence[int], standard: float | None, part: Fraction) -> int | None:
    if standard is None:
        return None
    least = Fraction(str(standard)) * part
    return sum(100 * x >= least * p for x, p in zip(counts, pupils, strict=True) if p > 0)


def shortfall(register: Register, counts: dict[Slot, int]) -> int:
    """S: (school unit, indicator) below the standard of its stage, plus those below 85 % of it; exact fractions."""
    short = 0
    for school in register.problem.schools:
        for name, standard in register.policy.per100.get(school.stage, {}).items():
            if name in INDICATORS and school.pupils > 0:
                least = Fraction(str(standard)) * school.pupils
                held = 100 * counts[school.id, name]
                short += (held < least) + (held < NEARLY * least)
    return short


def school_lines(register: Register, before: dict[Slot, int], after: dict[Slot, int]) -> tuple[SchoolLine, ...]:
    """Teachers per hundred pupils at every school unit."""
    return tuple(
        SchoolLine(
            school_id=school.id,
            indicator=name,
            count_before=before[school.id, name],
            count_after=after[school.id, name],
            per100_before=100 * before[school.id, name] / school.pupils if school.pupils > 0 else None,
            per100_after=100 * after[school.id, name] / school.pupils if school.pupils > 0 else None,
        )
        for school in register.problem.schools
        for name in INDICATORS
    )
