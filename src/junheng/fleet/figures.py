"""The figures of one county's plan, as a row: the independent checker's, with the solver's bound."""

from __future__ import annotations

from collections import Counter
from math import isfinite
from typing import Any

from junheng.planning.checking import Report
from junheng.planning.problem import INDICATORS, Problem
from junheng.planning.result import Result

STAGES = ("primary", "junior")


def figures_of(problem: Problem, result: Result, report: Report) -> dict[str, Any]:
    """Teachers, verdicts, moves, J, bound, gap, coefficients and compliance before and after, wishes, status.

    Where no plan keeps every rule, or the checker refuses it, the figures *after* are left out: there is no plan.
    """
    told = report.figures
    standing = Counter(t.verdict for t in problem.teachers)
    adoptable = result.feasible and report.feasible
    status = "solved" if adoptable else "infeasible" if result.status == "infeasible" else "refused"
    figures: dict[str, Any] = {
        "status": status,
        "teachers": len(problem.teachers),
        "schools": len(problem.schools),
        "units": len(problem.schools),
        "must": standing["must"],
        "may": standing["may"],
        "moves_asked": told.required_moves,
        "imbalance_before": told.imbalance_before,
        "rules_broken": ", ".join(report.rules_broken),
        "reaching_of": sum(line.schools for line in told.stages if line.reaching_before is not None),
        "within_of": sum(line.cv_limit is not None for line in told.stages),
        **_balance(report, "before"),
    }
    if not adoptable:
        return _finite(figures)
    return _finite(
        figures
        | {
            "moves": told.movers,
            "objective": told.objective,
            "bound": result.bound,
            "gap": max(0.0, result.gap),
            "imbalance_after": told.imbalance_after,
            **_balance(report, "after"),
            "wishers": told.movers_with_wishes,
            "wish_first": told.wishes_met[0] if told.wishes_met else 0,
            "wish_any": sum(told.wishes_met),
            "backbone_movers": told.backbone_movers,
            "extra_km": told.extra_km,
        }
    )


def _finite(figures: dict[str, Any]) -> dict[str, Any]:
    """A coefficient over a mean of nothing is no number."""
    return {key: None if isinstance(each, float) and not isfinite(each) else each for key, each in figures.items()}


def _balance(report: Report, when: str) -> dict[str, Any]:
    """Coefficients by stage and indicator, their mean, how many are within the limit, how many schools reach."""
    cvs = {(line.stage, line.indicator): getattr(line, f"cv_{when}") for line in report.figures.stages}
    limits = {(line.stage, line.indicator): line.cv_limit for line in report.figures.stages}
    found = {f"cv_{stage}_{each}_{when}": cvs.get((stage, each)) for stage in STAGES for each in INDICATORS}
    return {
        f"cv_{when}": sum(cvs.values()) / len(cvs) if cvs else None,
        f"within_{when}": sum(limit is not None and cvs[place] <= limit for place, limit in limits.items()),
        f"reaching_{when}": sum(getattr(line, f"reaching_{when}") or 0 for line in report.figures.stages),
        **found,
    }
