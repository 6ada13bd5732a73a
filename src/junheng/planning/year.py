"""A county's year from policy to plan: verdicts, settings, problem, plan, check, reasons, balance before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.facts import County, Locale, Stage, Subject
from junheng.indicators import BalanceChange, CountAt, Counting, Move, balance_after
from junheng.planning.assembling import ZONES, Assembly, PlanningError, PlanSettings, assemble
from junheng.planning.checking import Report, check
from junheng.planning.explaining import Giving, Names, Reason, giving, reasons_of
from junheng.planning.keeping import LEAST_CHANGE, KeptMove, against
from junheng.planning.problem import Assignment, Direction, Objective, Pin, Quota
from junheng.planning.result import Result
from junheng.planning.solving import Alone, diagnose, solve
from junheng.policy import Findings, GoalNumbers, Pack, PlanningNumbers, decide

NATIONAL_SHARE = Fraction(1, 10)
"""Share of the eligible who move when a pack states no quota: the national minimum (教师〔2014〕4号)."""


@dataclass(frozen=True, slots=True)
class Request:
    """How to plan: the reference date (the pack's own day without one), overrides of the pack's parameters, a clerk's
    pins, the solver's limits, and the moves of a published plan that are to be kept where possible.
    """

    on: date | None = None
    plan_year: int | None = None
    parameters: Mapping[str, Any] | None = None
    pins: Sequence[Pin] = ()
    seed: int = 0
    gap: float = 5e-4
    time_limit: float | None = None
    processes: int = 2
    keep: Sequence[Assignment] = ()
    objective: Objective | None = None
    """Weights of the goals in place of those that the pack gives."""
    diagnose: bool = False
    """Whether to say of each kind of rule what it could do by itself, when no plan keeps every rule: takes as long."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Everything that a plan rests on and says. ``report`` is the independent checker's word on it; ``giving`` says
    which rules must give where no plan keeps them all, ``alone`` what each kind of rule could do by itself; ``kept``
    what became of the moves that were to be kept.
    """

    county: County
    findings: Findings
    settings: PlanSettings
    assembly: Assembly
    result: Result
    report: Report
    reasons: tuple[Reason, ...]
    change: BalanceChange
    giving: tuple[Giving, ...] = ()
    kept: tuple[KeptMove, ...] = ()
    alone: tuple[Alone, ...] = ()

    @property
    def adoptable(self) -> bool:
        """Whether solver and checker agree that the plan keeps every rule."""
        return self.result.feasible and self.report.feasible


def plan_year(
    county: County, pack: Pack, request: Request, progress: Callable[[str, float], None] | None = None
) -> YearPlan:
    """Decide, plan and check a year.

    Raises ``ValueError`` for a county or pack with which no year can be planned, :class:`PlanningError` where it is the
    county or the request.
    """
    findings, settings, assembly = prepare_year(county, pack, request)
    result = solve(
        assembly.problem,
        seed=request.seed,
        gap=request.gap,
        time_limit=request.time_limit,
        processes=request.processes,
        keep=request.keep,
        keep_bonus=LEAST_CHANGE,
        progress=progress,
    )
    moves = county_moves(assembly, result.assignments)
    problem, names = assembly.problem, _names(county, assembly)
    report = check(problem, result.assignments)
    return YearPlan(
        county=county,
        findings=findings,
        settings=settings,
        assembly=assembly,
        result=result,
        report=report,
        reasons=reasons_of(problem, result.assignments, names),
        change=balance_after(county, moves, standards=settings.standards, counting=Counting(at=CountAt.TEACHING)),
        giving=giving(problem, result, report, names),
        kept=against(request.keep, result.assignments) if request.keep else (),
        alone=diagnose(problem).alone if request.diagnose and result.status == "infeasible" else (),
    )


def _names(county: County, assembly: Assembly) -> Names:
    return Names({s.id: s.name for s in assembly.problem.schools}, {c.id: c.name for c in county.clusters})


def prepare_year(county: County, pack: Pack, request: Request) -> tuple[Findings, PlanSettings, Assembly]:
    """Verdicts, settings and problem of a year, not yet solved."""
    findings = decide(county, pack, on=request.on, plan_year=request.plan_year, parameters=request.parameters)
    settings = settings_of(findings)
    if request.objective is not None:
        settings = replace(settings, objective=request.objective)
    return findings, settings, assemble(county, findings.standings, settings, request.pins)


def settings_of(findings: Findings) -> PlanSettings:
    """The year's settings as the pack gives them; the careful defaults of :class:`PlanSettings` where it is silent.

    A pack without quotas is planned for the national minimum, 10 % of the eligible of each stage. Raises ``ValueError``
    for a pack that says nothing about planning.
    """
    numbers = findings.planning
    if numbers is None:
        raise ValueError(f"pack {findings.pack.code} says nothing about planning; add a `planning` block to it")
    _refuse_odd_shares(findings.pack.code, numbers)
    quotas = tuple(Quota(q.id, q.scope, q.base, q.sense, q.pct, q.rounding, q.min) for q in numbers.quotas)
    settings = PlanSettings(
        year=findings.reference_date.year,
        quotas=quotas or (Quota("national10", "stage", "eligible", "ge", NATIONAL_SHARE, "ceil", 0),),
        refill=numbers.refill,
        subject_outflow_share=numbers.subject_outflow_share,
        subject_outflow_min=numbers.subject_outflow_min,
        no_return_years=numbers.no_return_years,
        spouse_both_forbidden=numbers.spouse_both_forbidden,
        backbone_share_min=numbers.backbone_share_min,
        within_cluster=numbers.within_cluster,
    )
    if numbers.direction is not None:
        from_zones, to_zones = (tuple(ZONES[Locale.read(zone)] for zone in side) for side in numbers.direction.zones)
        settings = replace(settings, direction=Direction(from_zones, to_zones, numbers.direction.share_min))
    if numbers.goals is not None:
        settings = replace(settings, objective=_goals(findings.pack.code, numbers.goals, settings.objective))
    if numbers.commute_km_max is not None:
        settings = replace(settings, commute_km_max=numbers.commute_km_max)
    return settings


_WEIGHTS = {
    "balance": "w_imbalance", "standard": "w_standard", "service": "w_service", "extra": "w_extra",
    "missed_wish": "pref_missed", "pairing": "paired_bonus", "per_km": "km_penalty",
}  # fmt: skip
_MOST_WEIGHT = 10_000.0


def _goals(code: str, goals: GoalNumbers, usual: Objective) -> Objective:
    """The objective with what the pack says of it; refuses a weight that is none."""
    table = {stage: row | goals.indicators.get(stage, {}) for stage, row in sorted(usual.indicator_weight.items())}
    places = {name: value for name, value in goals.weights.items() if name != "missed_wish"}
    places |= {f"indicators.{stage}.{name}": w for stage, row in goals.indicators.items() for name, w in row.items()}
    for place, value in places.items():
        if not 0 <= value <= _MOST_WEIGHT:
            raise PlanningError(
                f"政策包 {code} 的 planning.goals.{place} 为 {value:g}，应在 0 到 {_MOST_WEIGHT:g} 之间",
                f"planning.goals.{place} of pack {code} is {value:g}, expected 0 to {_MOST_WEIGHT:g}",
            )
    changed = {_WEIGHTS[name]: value for name, value in goals.weights.items()}
    points = goals.wish_points or usual.pref_points
    return replace(usual, indicator_weight=table, pref_points=points, **changed)


def _refuse_odd_shares(code: str, numbers: PlanningNumbers) -> None:
    """Refuses a share that is no share, wherever the pack took it from."""
    shares = {f"quotas.{q.id}.pct": q.pct for q in numbers.quotas}
    shares |= {
        "subject_outflow_share": numbers.subject_outflow_share,
        "backbone_share_min": numbers.backbone_share_min,
    }
    if numbers.direction is not None:
        shares["direction.share_min"] = numbers.direction.share_min
    for place, share in shares.items():
        if not 0 <= share <= 1:
            raise PlanningError(
                f"政策包 {code} 的 planning.{place} 为 {float(share * 100):g}%，应在 0 到 100% 之间",
                f"planning.{place} of pack {code} is {float(share * 100):g} %, expected 0 to 100 %",
            )


def county_moves(assembly: Assembly, assignments: Sequence[Assignment]) -> dict[str, Move]:
    """The plan in the county's own ids: teacher → school, stage and subject."""
    stage: dict[str, Stage] = assembly.unit_stage
    return {
        a.teacher_id: Move(assembly.unit_school[a.to_school], stage[a.to_school], Subject.read(a.as_subject))
        for a in assignments
    }
