"""What the checker hands back: every broken rule by name, and the figures of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its name, the teacher, school or row where it is broken, what was found and what is expected."""

    rule: str
    where: str
    found: str
    expected: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One quota for one member of its scope: base × rate → rounded → after the minimum → actual."""

    quota: str
    member: str
    sense: str
    base: int
    rate: Fraction
    exact: Fraction
    rounded: int
    bound: int
    actual: int

    @property
    def met(self) -> bool:
        """Whether the actual number respects the bound."""
        if self.sense == "eq":
            return self.actual == self.bound
        return self.actual >= self.bound if self.sense == "ge" else self.actual <= self.bound


@dataclass(frozen=True, slots=True)
class StageLine:
    """One indicator of one stage: coefficient of variation (unrounded) and schools that reach the standard.

    ``reaching`` counts school units at or above the per-100 standard, ``nearly`` those at or above 85 % of it; both are
    ``None`` where the policy states no standard.
    """

    stage: str
    indicator: str
    cv_before: float
    cv_after: float
    cv_limit: float | None
    standard: float | None
    schools: int
    reaching_before: int | None
    reaching_after: int | None
    nearly_before: int | None
    nearly_after: int | None


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """Teachers of an indicator at one school unit, before and after; per hundred pupils ``None`` without pupils."""

    school_id: str
    indicator: str
    count_before: int
    count_after: int
    per100_before: float | None
    per100_after: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a plan.

    ``required_moves`` is M of the objective; ``imbalance_*`` is the weighted sum of squared coefficients;
    ``service`` is U; ``objective`` is J (smaller is better). ``wishes_met[k]`` counts movers who got wish k+1,
    ``wishes_missed`` movers who stated wishes and got none. ``extra_km`` is the longer one-way commute, summed.
    """

    movers: int
    required_moves: int
    objective: float
    imbalance_before: float
    imbalance_after: float
    service: int | float
    wishes_met: tuple[int, ...]
    wishes_missed: int
    movers_with_wishes: int
    paired_moves: int
    extra_km: float
    backbone_movers: int
    stages: tuple[StageLine, ...]
    schools: tuple[SchoolLine, ...]
    quotas: tuple[QuotaLine, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a plan. An empty ``violations`` means that every rule holds."""

    violations: tuple[Violation, ...]
    figures: Figures

    @property
    def feasible(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    @property
    def rules_broken(self) -> tuple[str, ...]:
        """Names of the broken rules, each once, in order."""
        return tuple(sorted({violation.rule for violation in self.violations}))
