"""A county's year from policy to plan: verdicts, settings, problem, plan, check, reasons, balance before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.facts import County, Locale, Stage, Subject, Teacher
from junheng.indicators import BalanceChange, CountAt, Counting, Move, balance_after
from junheng.indicators.standards import Standards
from junheng.planning.assembling import Assembly, PlanningError, PlanSettings, assemble
from junheng.planning.checking import Report, check
from junheng.planning.explaining import Giving, Names, Reason, giving, names_of, reasons_of
from junheng.planning.keeping import LEAST_CHANGE, KeptMove, against
from junheng.planning.lasting import Chain, Link, Return, chains_of
from junheng.planning.mechanisms import Joined, Voluntary, join, voluntary_reasons
from junheng.planning.problem import Assignment, Direction, Objective, Pin, Problem, Quota
from junheng.planning.relaxing import Alone, Diagnosis, Remedy, diagnose, remedies_of
from junheng.planning.result import Result
from junheng.planning.solving import solve
from junheng.planning.units import ZONES
from junheng.policy import Findings, GoalNumbers, Pack, PlanningNumbers, decide
from junheng.policy.conditions import Parameter

TRIED = 4
"""Single changes that are tried where there is no plan."""
NATIONAL_SHARE = Fraction(1, 10)
"""Share of the eligible who move when a pack states no quota: the national minimum (教师〔2014〕4号)."""


Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Request:
    """How to plan: the reference date (the pack's own day without one), overrides of the pack's parameters, a clerk's
    pins, the solver's limits, the moves of a published plan that are to be kept where possible, and the mechanism by
    which those who wish to move exchange posts before the rest is planned (nobody does without one).
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
    returns: bool = True
    """Whether those whose exchange or support ends with the school year are home again before anybody moves."""
    voluntary: Voluntary | None = None
    objective: Objective | None = None
    """Weights of the goals in place of those that the pack gives."""
    diagnose: bool = False
    """Whether to find the conflicting rules and try what would do, when no plan keeps every rule: takes longer."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Everything that a plan rests on and says. ``report`` is the independent checker's word on it; ``giving`` says
    which rules must give where no plan keeps them all, ``diagnosis`` which conflict and how far each would have to
    give, ``remedies`` are single changes that were tried; ``kept`` what became of the moves that were to be kept;
    ``joined`` the voluntary round, where there was one. ``county`` is the one after returns (``returns``; what they
    do to the balance: ``return_change``), from which the plan starts.
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
    diagnosis: Diagnosis | None = None
    remedies: tuple[Remedy, ...] = ()
    chains: tuple[Chain, ...] = ()
    return_change: BalanceChange | None = None
    joined: Joined | None = None

    @property
    def alone(self) -> tuple[Alone, ...]:
        """What each kind of rule could do by itself, where that was asked for."""
        return self.diagnosis.alone if self.diagnosis else ()

    @property
    def returns(self) -> tuple[Return, ...]:
        """Who comes home before the plan."""
        return self.assembly.returns

    @property
    def adoptable(self) -> bool:
        """Whether solver and checker agree that the plan keeps every rule."""
        return self.result.feasible and self.report.feasible


def plan_year(county: County, pack: Pack, request: Request, progress: Progress | None = None) -> YearPlan:
    """Decide, plan and check a year.

    Raises ``ValueError`` for a county or pack with which no year can be planned, :class:`PlanningError` where it is the
    county or the request.
    """
    findings, settings, assembly = prepare_year(county, pack, request)
    open_problem, names = assembly.problem, names_of_year(county, assembly)
    joined = _join(open_problem, request, progress)
    if joined is not None:
        assembly = replace(assembly, problem=joined.problem)
    result = joined.result if joined is not None else _solve(open_problem, request, progress)
    problem = assembly.problem
    moves = county_moves(assembly, result.assignments)
    report = check(problem, result.assignments)
    reasons = reasons_of(open_problem, result.assignments, names)
    counting = Counting(at=CountAt.TEACHING)
    diagnosis = diagnose(problem) if request.diagnose and result.status == "infeasible" else None
    return YearPlan(
        county=assembly.county,
        findings=findings,
        settings=settings,
        assembly=assembly,
        result=result,
        report=report,
        reasons=voluntary_reasons(reasons, joined, names) if joined is not None else reasons,
        change=balance_after(assembly.county, moves, standards=settings.standards, counting=counting),
        giving=giving(problem, result, report, names),
        kept=against(request.keep, result.assignments) if request.keep else (),
        diagnosis=diagnosis,
        remedies=remedies_of(problem, diagnosis, most=TRIED, processes=request.processes) if diagnosis else (),
        joined=joined,
        chains=chains_of(problem, result.assignments, return_links(assembly)),
        return_change=_return_change(county, assembly, settings.standards, counting),
    )


def _return_change(
    county: County, assembly: Assembly, standards: Standards, counting: Counting
) -> BalanceChange | None:
    """What the returns alone do to the balance of ``county``; ``None`` without any."""
    if not assembly.returns:
        return None
    home = {r.teacher_id: _home(county.teacher_by_id[r.teacher_id]) for r in assembly.returns}
    return balance_after(county, home, standards=standards, counting=counting)


def _solve(
    problem: Problem,
    request: Request,
    progress: Progress | None,
    keep: Sequence[Assignment] = (),
    worth: float = LEAST_CHANGE,
) -> Result:
    return solve(
        problem,
        seed=request.seed,
        gap=request.gap,
        time_limit=request.time_limit,
        processes=request.processes,
        keep=(*request.keep, *keep),
        keep_bonus=worth,
        progress=progress,
    )


def _join(problem: Problem, request: Request, progress: Progress | None) -> Joined | None:
    """The voluntary round and the rest; the moves of a published plan are kept as in any other plan.

    Raises :class:`PlanningError` where exchanges are to be rewarded and a published plan is to be kept: the two are
    worth different amounts.
    """
    if request.voluntary is None:
        return None
    if request.keep and request.voluntary.hold == "reward":
        raise PlanningError(
            "自愿互换只作优先（reward）时，不能同时沿用已公布的方案；请改用固定（fix）",
            "exchanges that are only rewarded cannot be joined with a published plan to keep; fix them instead",
        )
    return join(
        problem,
        request.voluntary,
        lambda given, keep, worth: _solve(given, request, progress, keep, worth if keep else LEAST_CHANGE),
    )


def _home(teacher: Teacher) -> Move:
    return Move(teacher.school_id, teacher.stage, teacher.main_subject)


def return_links(assembly: Assembly) -> tuple[Link, ...]:
    """The returns as links of replacement chains; one whose host school is no unit of the problem is left out."""
    present = {t.id: t for t in assembly.problem.teachers}
    units = {(school, assembly.unit_stage[unit]): unit for unit, school in assembly.unit_school.items()}
    links = []
    for each in assembly.returns:
        teacher, person = assembly.county.teacher_by_id[each.teacher_id], present.get(each.teacher_id)
        host = units.get((each.from_school, teacher.stage))
        if host is not None and person is not None:
            links.append(Link(teacher.id, host, person.subject, person.school_id, person.subject, returning=True))
    return tuple(links)


def names_of_year(county: County, assembly: Assembly) -> Names:
    """What people call the schools and clusters of a year's problem."""
    known = names_of(assembly.problem)
    return replace(known, clusters={c.id: c.name for c in county.clusters})


def prepare_year(county: County, pack: Pack, request: Request) -> tuple[Findings, PlanSettings, Assembly]:
    """Verdicts, settings and problem of a year, not yet solved."""
    findings = decide(county, pack, on=request.on, plan_year=request.plan_year, parameters=request.parameters)
    settings = settings_of(findings)
    if request.objective is not None:
        settings = replace(settings, objective=request.objective)
    assembly = assemble(county, findings.standings, settings, request.pins, returns=request.returns)
    return findings, settings, assembly


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
        within_partners=numbers.within_partners,
        partners=numbers.partners,
        improving=findings.improving,
        improving_clause=clauses_of_pack(findings.pack).get("supervisory_host", ""),
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


def names_in_the_bureau(county: County, problem: Problem) -> Names:
    """Names of schools, clusters and teachers, for what stays in the bureau."""
    return replace(
        names_of(problem),
        clusters={c.id: c.name for c in county.clusters},
        people={t.id: t.name for t in county.teachers if t.name},
    )


def clauses_of(findings: Findings) -> dict[str, str]:
    """The clause that states each rule: by ``quota:{id}``, by ``must:{teacher}`` or by the kind of rule."""
    obliged = (t for t, standing in findings.standings.items() if standing == "must")
    return clauses_of_pack(findings.pack) | {f"must:{t}": findings.cited[t] for t in obliged}


def clauses_of_pack(pack: Pack) -> dict[str, str]:
    """The clause of the pack that states each rule of a plan: by ``quota:{id}`` or by the kind of rule."""
    planning = pack.planning
    if planning is None:
        return {}
    found = {f"quota:{quota.id}": pack.label(quota.clause) for quota in planning.quotas}
    found |= {kind: pack.label(clause) for kind, clause in planning.clauses.items()}
    if planning.direction is not None:
        found["direction"] = pack.label(planning.direction.clause)
    settings = {
        "no_return": planning.no_return_years,
        "commute": planning.commute_km_max,
        "backbone": planning.backbone_share_min,
        "outflow": planning.subject_outflow_share,
    }
    for kind, value in settings.items():
        if isinstance(value, Parameter) and (clause := pack.parameters[value.name].clause):
            found[kind] = pack.label(clause)
    return found
