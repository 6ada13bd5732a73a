"""A scenario computed: the library's plan of the year, written once with its moves, its figures and its proof."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng import facts
from junheng.documents import county_digest
from junheng.planning.assembling import PlanningError
from junheng.planning.checking import Report
from junheng.planning.checking.persons import kilometres
from junheng.planning.checking.service import wish_rank
from junheng.planning.explaining import Speaker, needs_of, prices_of
from junheng.planning.goals.frontier import NoFrontierError
from junheng.planning.goals.levels import OrderError, ordered, read_order
from junheng.planning.mechanisms import Voluntary
from junheng.planning.problem import Assignment
from junheng.planning.year import (
    Request,
    YearPlan,
    clauses_of,
    names_in_the_bureau,
    names_of_year,
    plan_year,
    prepare_year,
)
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.jobs import Work, job_kind
from junheng.web.rotation import proofs
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.assembling import county_for_plan, excused_by, pins_of
from junheng.web.rotation.conflicts import citations, conflict_of, dearest, givings_of, said_of
from junheng.web.rotation.models import Application, ApplicationStatus, Form, Move, Pin, Scenario, ScenarioStatus
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

KIND = "rotation.plan.compute"
DEAREST = 12
"""How many rules are told as the ones that cost most."""


def request_of(scenario: Scenario, county: facts.County) -> Request:
    """How the library is asked: the year's day and parameters, the scenario's own over them, the decisions in force."""
    year = scenario.year
    part = Voluntary(scenario.mechanism, hold=scenario.hold) if scenario.mechanism else None  # type: ignore[arg-type]
    return Request(
        on=year.on, plan_year=year.year, parameters=year.parameters | scenario.parameters,
        pins=pins_of(year, county), seed=scenario.seed, gap=scenario.gap, time_limit=scenario.time_limit,
        voluntary=part, diagnose=True,
    )  # fmt: skip


@job_kind(KIND, attempts=10)
def compute_scenario(work: Work) -> dict[str, Any]:
    """Plan, check and prove; then write moves, figures and proof in one transaction."""
    scenario = Scenario.objects.select_related("year__county", "year__snapshot").get(pk=work.arguments["scenario"])
    result = {"url": scenario.get_absolute_url()}
    if scenario.status != ScenarioStatus.QUEUED:
        return result
    work.progress(0, 100, _("读取快照和申请"))
    try:
        county = county_for_plan(scenario.year)
        request = request_of(scenario, county)
        made = _planned(work, scenario, county, request)
    except RefusedError as fault:
        return _failed(work, scenario, str(fault), str(fault))
    except PlanningError as fault:
        return _failed(work, scenario, fault.zh, fault.en)
    except (ValueError, KeyError) as fault:
        return _failed(work, scenario, str(fault), str(fault))
    work.progress(92, 100, _("写证明并逐步核验"))
    done = Scenario.objects.filter(year=scenario.year, computed_at__isnull=False).count()
    kept = proofs.workings_of(made, runs=done + 1)
    written = proofs.write(kept, made.result.assignments)
    rows = moves_of(scenario, kept, made.result.assignments, {r.teacher_id: (r.zh, r.en) for r in made.reasons})
    work.progress(98, 100, _("保存方案"))
    with work.finishing() as told:
        told.update(result)
        held = Scenario.objects.select_for_update(no_key=True).select_related("year__county").get(pk=scenario.pk)
        if held.status == ScenarioStatus.QUEUED:
            held.snapshot = scenario.year.snapshot or held.snapshot
            pins = Pin.objects.filter(year=held.year, withdrawn_at__isnull=True).count()  # scoped: by the job
            _settle(held, made, written, excused_by(scenario.year), facts_digest=county_digest(county), pins=pins)
            Move.objects.bulk_create(rows, batch_size=500)
            proofs.keep(held, written.content)
            _record(held)
    return result


def _planned(work: Work, scenario: Scenario, county: facts.County, request: Request) -> YearPlan:
    pack = pack_of(scenario.year)
    words = {"planning": _("求解方案"), "relaxing": _("查找冲突和怎样才行"), "done": _("独立检查")}
    if scenario.order:
        request = _by_order(work, scenario, county, request)
    return plan_year(
        county, pack, request,
        progress=lambda phase, share: work.progress(20 + round(70 * share), 100, words.get(phase, words["planning"])),
    )  # fmt: skip


def _by_order(work: Work, scenario: Scenario, county: facts.County, request: Request) -> Request:
    """The request with the weights that an order of goals comes to."""
    _findings, _settings, assembly = prepare_year(county, pack_of(scenario.year), request)
    try:
        found = ordered(
            assembly.problem, read_order(scenario.order),
            progress=lambda at, of: work.progress(5 + 15 * at // max(1, of), 100, _("按次序求解各个目标")),
        )  # fmt: skip
    except OrderError as fault:
        raise PlanningError(fault.zh, fault.en) from fault
    except NoFrontierError:
        return request  # no plan keeps every rule: what conflicts is told instead, and there an order means nothing
    keep = () if request.voluntary else found.assignments
    return replace(request, objective=found.objective, keep=keep)


def _failed(work: Work, scenario: Scenario, zh: str, en: str) -> dict[str, Any]:
    """There is no plan to speak of: the scenario says why."""
    with work.finishing() as told:
        told["url"] = scenario.get_absolute_url()
        held = Scenario.objects.select_for_update(no_key=True).select_related("year__county").get(pk=scenario.pk)
        if held.status == ScenarioStatus.QUEUED:
            held.status = ScenarioStatus.FAILED
            held.told_text = json.dumps({"refusal": {"zh": zh, "en": en}}, ensure_ascii=False)
            held.save(update_fields=["status", "told_text"])
            record(None, "rotation.plan.failed", held, organisation=held.year.county, after={"status": held.status})
    return {"url": scenario.get_absolute_url()}


def _settle(
    scenario: Scenario, made: YearPlan, written: proofs.Written, excused: Mapping[str, str], *, facts_digest: str,
    pins: int,
) -> None:  # fmt: skip
    """Everything that a scenario says of its plan, but for the moves."""
    scenario.status = ScenarioStatus.READY if made.adoptable else ScenarioStatus.INFEASIBLE
    scenario.figures = figures_of(written.report) | {
        "status": made.result.status, "bound": _finite(made.result.bound), "gap": _finite(max(made.result.gap, 0.0)),
        "notes": [{"zh": note.zh, "en": note.en, "count": note.count} for note in made.assembly.notes],
    }  # fmt: skip
    scenario.told_text = json.dumps(_told(made, excused), ensure_ascii=False)
    scenario.facts_digest, scenario.pins = facts_digest, pins
    scenario.plan_digest, scenario.root = written.plan_digest, written.root
    scenario.moves_count, scenario.manual = len(made.result.assignments), 0
    scenario.computed_at = timezone.now()
    scenario.save()


def _record(scenario: Scenario) -> None:
    record(
        scenario.created_by, "rotation.plan.computed", scenario, organisation=scenario.year.county,
        after={"status": scenario.status, "moves": scenario.moves_count, "plan": scenario.plan_digest,
               "root": scenario.root, "facts": scenario.facts_digest, "snapshot": scenario.snapshot_id,
               "seed": scenario.seed, "pins": scenario.pins},
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def figures_of(report: Report) -> dict[str, Any]:
    """The checker's figures of a plan, for comparison; smaller ``objective`` is better."""
    found = report.figures
    return {
        "objective": found.objective, "moves": found.movers, "required": found.required_moves,
        "imbalance_before": found.imbalance_before, "imbalance_after": found.imbalance_after,
        "wishes_met": list(found.wishes_met), "wishes_missed": found.wishes_missed,
        "with_wishes": found.movers_with_wishes, "paired": found.paired_moves, "extra_km": found.extra_km,
        "backbone": found.backbone_movers, "quotas": len(found.quotas),
        "quotas_met": sum(line.met for line in found.quotas), "broken": len(report.violations),
        "stages": [
            {
                "stage": line.stage, "indicator": line.indicator, "before": line.cv_before, "after": line.cv_after,
                "limit": line.cv_limit, "schools": line.schools, "reaching_before": line.reaching_before,
                "reaching_after": line.reaching_after,
            }
            for line in found.stages
        ],
    }  # fmt: skip


def _told(made: YearPlan, excused: Mapping[str, str]) -> dict[str, Any]:
    """What is said of a plan in sentences: what it breaks, what conflicts and would do, what hurts most.

    ``excused``: the clause by which somebody does not take part, by ``stay:{teacher}``.
    """
    problem = made.assembly.problem
    names = names_in_the_bureau(made.county, problem)
    clauses = citations(made.findings.pack, clauses_of(made.findings))
    speaker = Speaker(problem, names, {**clauses, **excused})
    told: dict[str, Any] = {
        "broken": [said_of(each, names, clauses) for each in made.report.violations],
        "giving": givings_of(made.giving, made.result.relaxations, speaker),
    }
    if made.diagnosis is not None:
        told["conflict"] = conflict_of(made.diagnosis, made.remedies, speaker)
    if made.adoptable:
        called = names_of_year(made.county, made.assembly)
        told["prices"] = dearest(prices_of(made.result.certificate, called)[:DEAREST], speaker)
        needs = needs_of(problem, made.result.certificate, called)[:DEAREST]
        told["needs"] = [{"zh": n.zh, "en": n.en, "worth": n.worth} for n in needs]
    return told


def moves_of(
    scenario: Scenario,
    kept: proofs.Workings,
    assignments: Sequence[Assignment],
    reasons: Mapping[str, tuple[str, str]],
) -> list[Move]:
    """The moves of a plan as rows, with people and schools of the county."""
    county = scenario.year.county
    people = dict(Teacher.objects.filter(county=county).values_list("number", "pk"))
    schools = dict(Organisation.objects.filter(county=county, kind="school").values_list("code", "pk"))
    candidates = {each.id: each for each in kept.problem.teachers}
    units = {each.id: each for each in kept.problem.schools}
    asked = Application.objects.filter(year=scenario.year, status=ApplicationStatus.ACCEPTED)
    forms = dict(asked.values_list("teacher__number", "form"))
    rows = []
    for move in sorted(assignments):
        who, host = candidates[move.teacher_id], units[move.to_school]
        own = units[who.school_id]
        rank = wish_rank(who, host)
        zh, en = reasons.get(who.id, ("", ""))
        rows.append(
            Move(
                scenario=scenario, teacher_id=people[who.id], from_school_id=schools[kept.units[own.id][0]],
                to_school_id=schools[kept.units[host.id][0]], stage=kept.units[host.id][1].value,
                subject=move.as_subject, form=forms.get(who.id, Form.ROTATION), unit=host.id, taught=move.as_subject,
                wish_rank=None if rank is None else rank + 1,
                extra_km=round(max(0.0, kilometres(who, host) - kilometres(who, own)), 3),
                because_zh=zh, because_en=en,
            )
        )  # fmt: skip
    return rows
