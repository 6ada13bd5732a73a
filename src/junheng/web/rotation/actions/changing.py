"""A move of a scenario changed by hand: checked before anybody decides, reasoned, counted, proved anew."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.planning.checking import Report, check
from junheng.planning.checking.report import Violation
from junheng.planning.explaining import Names, quota_words
from junheng.planning.problem import Assignment
from junheng.planning.year import clauses_of_pack
from junheng.policy import Pack
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.races import pause
from junheng.web.rotation import proofs
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.computing import figures_of, moves_of
from junheng.web.rotation.conflicts import Said, citations, said_of
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import FileKind, ManualChange, Move, PhaseKind, Scenario, ScenarioStatus
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


_MANUAL_ZH = gettext_noop("人工调整：")
_MANUAL_EN = "Changed by hand: "


@dataclass(frozen=True, slots=True)
class Tried:
    """What a change would do: the checker's word on the plan with it, what breaks that held, what is mended.

    ``before`` and ``after`` are the figures of :func:`figures_of`; ``version`` is that of the plan it was tried on.
    """

    assignments: tuple[Assignment, ...]
    report: Report
    new: tuple[Said, ...]
    mended: tuple[Said, ...]
    standing: tuple[Said, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    version: int
    kept: proofs.Workings

    @property
    def broken(self) -> int:
        """How many rules the plan breaks with the change."""
        return len(self.report.violations)


def try_change(scenario: Scenario, *, teacher: Teacher, school: Organisation | None, subject: str = "") -> Tried:
    """What sending ``teacher`` to ``school`` (or keeping him, without one) would do; nothing is written.

    ``subject`` is what he is to teach there, his main subject where it is blank. Raises :class:`RefusedError` for
    somebody or somewhere outside the plan, and for a change that changes nothing.
    """
    if not scenario.may_change:
        raise RefusedError(_("“%(scenario)s”%(status)s，不能再改动。") % {
            "scenario": scenario, "status": scenario.get_status_display(),
        })  # fmt: skip
    kept, assignments = proofs.workings(scenario)
    candidate = next((each for each in kept.problem.teachers if each.id == teacher.number), None)
    if candidate is None:
        raise RefusedError(_("教师 %(number)s 不在这个方案的人员之中。") % {"number": teacher.number})
    rest = [each for each in assignments if each.teacher_id != candidate.id]
    own = {code: unit for unit, (code, stage) in kept.units.items() if stage.value == candidate.stage}
    if school is not None:
        unit = own.get(school.code)
        if unit is None:
            raise RefusedError(_("%(school)s没有该教师所任教的学段。") % {"school": school})
        rest.append(Assignment(candidate.id, unit, subject or candidate.subject))
    changed = tuple(sorted(rest))
    if changed == tuple(sorted(assignments)):
        raise RefusedError(_("与现在的安排相同，没有改动。"))
    before, after = check(kept.problem, assignments), check(kept.problem, changed)
    return _tried(scenario, kept, changed, before, after)


def _tried(
    scenario: Scenario, kept: proofs.Workings, changed: tuple[Assignment, ...], before: Report, after: Report
) -> Tried:
    held, now = ({(v.rule, v.where, v.found): v for v in report.violations} for report in (before, after))
    places = {(v.rule, v.where) for v in before.violations}
    new = [v for v in after.violations if (v.rule, v.where) not in places]
    standing = [v for v in after.violations if (v.rule, v.where) in places]
    pack = pack_of(scenario.year)
    after_places = {(v.rule, v.where) for v in now.values()}
    mended = [v for v in held.values() if (v.rule, v.where) not in after_places]
    return Tried(
        assignments=changed, report=after, new=_said(new, kept, pack), mended=_said(mended, kept, pack),
        standing=_said(standing, kept, pack), before=figures_of(before), after=figures_of(after),
        version=scenario.version, kept=kept,
    )  # fmt: skip


def _said(found: Iterable[Violation], kept: proofs.Workings, pack: Pack) -> tuple[Said, ...]:
    names = Names(kept.names, kept.names, kept.names, quota_words(kept.problem.policy.quotas))
    musts = {f"must:{who}": cited for who, (verdict, cited) in kept.verdicts.items() if verdict == "must"}
    clauses = citations(pack, clauses_of_pack(pack) | musts)
    return tuple(said_of(each, names, clauses) for each in found)


def change(
    scenario: Scenario, *, teacher: Teacher, school: Organisation | None, subject: str = "", reason: str, version: int,
    by: User, at: datetime | None = None,
) -> ManualChange:  # fmt: skip
    """Make the change: moves, figures, proof and trail in one transaction. ``version`` is that of the plan looked at.

    Raises :class:`RefusedError`, also where the plan has changed meanwhile. A plan that then breaks a rule cannot be
    adopted until it is mended.
    """
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    require_open(scenario.year, PhaseKind.PLANNING, at=at)
    tried = try_change(scenario, teacher=teacher, school=school, subject=subject)
    changed = {*scenario.changes.values_list("teacher", flat=True), teacher.pk}
    written = proofs.write(tried.kept, tried.assignments, manual=len(changed))
    said = {teacher.number: (f"{_MANUAL_ZH}{reason}", f"{_MANUAL_EN}{reason}")}
    own = [each for each in tried.assignments if each.teacher_id == teacher.number]
    rows = moves_of(scenario, tried.kept, own, said)
    with transaction.atomic():
        held = Scenario.objects.select_for_update(no_key=True).select_related("year__county").get(pk=scenario.pk)
        require_open(held.year, PhaseKind.PLANNING, at=at)
        pause()
        if held.version != version or held.version != tried.version or not held.may_change:
            raise RefusedError(_("方案在此期间已被改动，请重新查看后再改。"))
        before = held.moves.filter(teacher=teacher).select_related("to_school").first()
        held.moves.filter(teacher=teacher).delete()
        for row in rows:
            row.scenario, row.manual = held, True
            row.save()
        return _settle(
            held, tried, written, manual=len(changed), reason=reason, by=by,
            change=ManualChange(
                scenario=held, teacher=teacher, before=_place(before), after=_place(rows[0] if rows else None),
                reason=reason, broken=tried.broken, by=by, at=at or timezone.now(), version=held.version + 1,
                breaks_text=json.dumps([*tried.new, *tried.standing], ensure_ascii=False),
            ),
        )  # fmt: skip


def _place(move: Move | None) -> str:
    return f"{move.to_school.code} {move.to_school} {move.get_subject_display()}" if move is not None else ""


def _settle(
    scenario: Scenario, tried: Tried, written: proofs.Written, *, manual: int, reason: str, by: User,
    change: ManualChange,
) -> ManualChange:  # fmt: skip
    before = {"plan": scenario.plan_digest, "root": scenario.root, "version": scenario.version}
    told = json.loads(scenario.told_text or "{}")
    told["broken"] = [*tried.new, *tried.standing]
    kept = {name: scenario.figures.get(name) for name in ("status", "bound", "notes")}
    scenario.figures = dict(tried.after) | kept | {"gap": _gap(tried, kept["bound"])}
    scenario.told_text = json.dumps(told, ensure_ascii=False)
    scenario.status = ScenarioStatus.READY if tried.report.feasible else ScenarioStatus.INFEASIBLE
    scenario.plan_digest, scenario.root = written.plan_digest, written.root
    scenario.moves_count, scenario.manual = len(tried.assignments), manual
    scenario.version += 1
    scenario.files.filter(kind=FileKind.WORKINGS).delete()
    scenario.save()
    proofs.keep(scenario, written.content)
    change.save()
    record(
        by, "rotation.plan.changed", scenario, organisation=scenario.year.county, reason=reason, before=before,
        after={"plan": scenario.plan_digest, "root": scenario.root, "version": scenario.version,
               "broken": change.broken},
        teacher=change.teacher.number, was=change.before, now=change.after,
    )  # fmt: skip
    return change


def _gap(tried: Tried, bound: float | None) -> float | None:
    """How far the changed plan is from the bound, as the planner reckons it."""
    reached = tried.report.figures.objective
    return None if bound is None else max(0.0, reached - bound) / max(1.0, abs(reached))
