"""Choosing a scenario: proposed by one, made public, objections settled, confirmed by another; then placements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import listed, until
from junheng.web.records.audit import record
from junheng.web.records.races import pause
from junheng.web.rotation.actions.placing import make_placements
from junheng.web.rotation.calling import answering
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    NoticeKind,
    NoticeStatus,
    Objection,
    PhaseKind,
    PublicNotice,
    RotationYear,
    Scenario,
    ScenarioStatus,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.overtaken import overtaken
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@dataclass(frozen=True, slots=True)
class Placing:
    """A move as a placement is made from it; ``start`` and ``end`` are the first and last day of service."""

    teacher: Teacher
    from_school: Organisation
    to_school: Organisation
    stage: str
    subject: str
    form: str
    wish_rank: int | None
    start: date
    end: date
    relation_moved: bool
    role: str = ""


def _held(scenario: Scenario) -> Scenario:
    """The scenario under the lock of its year, which decides between scenarios."""
    RotationYear.objects.select_for_update(no_key=True, of=("self",)).get(pk=scenario.year_id)
    found: Scenario = (
        Scenario.objects.select_for_update(no_key=True, of=("self",)).select_related("year__county").get(pk=scenario.pk)
    )
    return found


@transaction.atomic
def propose(scenario: Scenario, *, by: User, version: int, at: datetime | None = None) -> Scenario:
    """Choose a scenario for the public notice. Raises :class:`RefusedError` for one that breaks a rule, or a second."""
    held = _held(scenario)
    require_open(held.year, PhaseKind.PLANNING, PhaseKind.NOTICE, at=at)
    if held.status == ScenarioStatus.PROPOSED:
        raise RefusedError(_("“%(scenario)s”已经提请采用。") % {"scenario": held})
    if held.status != ScenarioStatus.READY or not held.root:
        raise RefusedError(_("“%(scenario)s”%(status)s，不能采用。") % {
            "scenario": held, "status": held.get_status_display(),
        })  # fmt: skip
    if held.snapshot_id != held.year.snapshot_id:
        raise RefusedError(_("“%(scenario)s”依据快照 %(old)s，此后事实有更正，现为 %(new)s；请重新测算。") % {
            "scenario": held, "old": held.snapshot_id, "new": held.year.snapshot_id,
        })  # fmt: skip
    if held.version != version:
        raise RefusedError(_("方案在此期间已被改动，请重新查看后再提请。"))
    if overtaking := overtaken(held):
        raise RefusedError("\n".join(overtaking))
    pause()
    held.status, held.proposed_by, held.proposed_at = ScenarioStatus.PROPOSED, by, at or timezone.now()
    try:
        with transaction.atomic():
            held.save(update_fields=["status", "proposed_by", "proposed_at"])
    except IntegrityError:
        raise RefusedError(_("本年度已经选定另一个方案，须先撤回。")) from None
    record(
        by, "rotation.plan.proposed", held, organisation=held.year.county,
        after={"plan": held.plan_digest, "root": held.root, "moves": held.moves_count, "manual": held.manual},
    )  # fmt: skip
    return held


@transaction.atomic
def take_back(scenario: Scenario, *, reason: str, by: User, at: datetime | None = None) -> Scenario:
    """Withdraw a proposal; a notice of it that is running is withdrawn with it, for the same reason."""
    held = _held(scenario)
    require_open(held.year, PhaseKind.PLANNING, PhaseKind.NOTICE, PhaseKind.OBJECTIONS, at=at)
    if held.status != ScenarioStatus.PROPOSED:
        raise RefusedError(_("“%(scenario)s”没有提请采用。") % {"scenario": held})
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    now = at or timezone.now()
    for notice in held.notices.select_for_update(no_key=True).filter(status=NoticeStatus.PUBLISHED):
        notice.status, notice.withdrawn_by, notice.withdrawn_at = NoticeStatus.WITHDRAWN, by, now
        notice.withdrawn_because = reason
        notice.save(update_fields=["status", "withdrawn_by", "withdrawn_at", "withdrawn_because"])
        record(by, "rotation.notice.withdrawn", notice, organisation=held.year.county, reason=reason)
    held.status, held.proposed_by, held.proposed_at = ScenarioStatus.READY, None, None
    held.save(update_fields=["status", "proposed_by", "proposed_at"])
    record(by, "rotation.plan.taken_back", held, organisation=held.year.county, reason=reason)
    return held


def what_hinders(scenario: Scenario, at: datetime) -> list[str]:
    """What still has to happen before a proposed scenario can be adopted, in words."""
    published = PublicNotice.objects.filter(
        scenario=scenario, kind=NoticeKind.RESULTS, status=NoticeStatus.PUBLISHED
    ).first()
    if published is None or published.closes is None:
        return [_("名单还没有公示。")]
    said = []
    if published.root != scenario.root:
        said.append(_("公示之后方案又有改动，须重新公示。"))
    if at < published.closes:
        said.append(_("公示期到 %(time)s 才结束。") % {"time": until(published.closes)})
    freed = Verdict.objects.filter(
        year=scenario.year_id, current=True, standing=VerdictStanding.NO, teacher__in=scenario.moves.values("teacher")
    ).select_related("teacher")  # fmt: skip
    if freed:
        said.append(_("按更正后的事实，名单中的%(who)s不交流，须调整方案并重新公示。") % {
            "who": listed(each.teacher for each in freed),
        })  # fmt: skip
    said += overtaken(scenario)
    left = Objection.objects.filter(notice=published).unsettled().count()
    if left:
        said.append(_("还有 %(count)s 件异议没有答复。") % {"count": left})
    return said


@transaction.atomic
def adopt(scenario: Scenario, *, by: User, at: datetime | None = None) -> Scenario:
    """Confirm a proposed scenario, by another person than proposed it, and make its placements. Once a year.

    Raises :class:`RefusedError` before its notice is over and its objections are answered.
    """
    held = _held(scenario)
    now = at or timezone.now()
    require_open(held.year, PhaseKind.OBJECTIONS, PhaseKind.ORDERS, at=now)
    if held.status == ScenarioStatus.ADOPTED:
        raise RefusedError(_("“%(scenario)s”已经采用。") % {"scenario": held})
    if held.status != ScenarioStatus.PROPOSED:
        raise RefusedError(_("“%(scenario)s”没有提请采用。") % {"scenario": held})
    if held.proposed_by_id == by.pk:
        raise RefusedError(_("提请人不能确认，须由另一人确认。"))
    if hindering := what_hinders(held, now):
        raise RefusedError("".join(hindering))
    pause()
    held.status, held.adopted_by, held.adopted_at = ScenarioStatus.ADOPTED, by, now
    held.save(update_fields=["status", "adopted_by", "adopted_at"])
    make_placements(held.year, placings_of(held), by=by)
    record(
        by, "rotation.plan.adopted", held, organisation=held.year.county,
        after={"plan": held.plan_digest, "root": held.root, "moves": held.moves_count, "manual": held.manual,
               "proposed_by": str(held.proposed_by)},
    )  # fmt: skip
    return held


def placings_of(scenario: Scenario) -> list[Placing]:
    """The moves of a scenario as placements are made from them; who answers the year's call keeps his relation."""
    year = scenario.year
    rows = list(scenario.moves.select_related("teacher", "from_school", "to_school"))
    kept = answering(year, [(row.teacher_id, row.from_school_id, row.to_school_id) for row in rows])
    return [
        Placing(
            teacher=row.teacher, from_school=row.from_school, to_school=row.to_school, stage=row.stage,
            subject=row.subject, form=row.form, wish_rank=row.wish_rank, start=year.starts, end=year.ends,
            relation_moved=scenario.relation_moved and row.teacher_id not in kept,
        )
        for row in rows
    ]  # fmt: skip
