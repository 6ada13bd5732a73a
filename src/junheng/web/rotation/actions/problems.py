"""Difficulties: raised, answered, looked at every month, settled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.access import Role
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.saying import word
from junheng.web.rotation.actions.holding import TO_THE_END, hold
from junheng.web.rotation.models import Addressee, Placement, Problem, ProblemKind, RiskCheck, RiskLevel
from junheng.web.rotation.people import of_schools
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def raise_problem(
    placement: Placement, *, kind: ProblemKind, level: RiskLevel, to: Addressee, words: str, by: User, at: datetime
) -> Problem:
    """Put a difficulty to a school, to both, or to the bureau. What it says stays out of the trail and the message."""
    held = hold(placement, at=at, phases=TO_THE_END)
    known = held.problems.filter(kind=kind, to=to, raised_by=by).exclude(status=Problem.Status.CLOSED)
    same = next((each for each in known if each.words == words), None)
    if same is not None:
        return same
    made = Problem.objects.create(
        placement=held, kind=kind, level=level, to=to, words=words, raised_by=by, raised_at=at
    )
    record(
        by, "rotation.problem.raised", held, after={"kind": kind, "level": level, "to": to},
        organisation=held.to_school, problem=made.pk,
    )  # fmt: skip
    notify(
        _asked(held, to), "rotation.problem.raised", gettext_noop("%(teacher)s反映了困难：%(kind)s，请答复。"),
        {"teacher": str(held.teacher), "kind": word(ProblemKind(kind).label)},
    )  # fmt: skip
    return made


def _asked(placement: Placement, to: str) -> list[User]:
    if to == Addressee.BUREAU:
        return of_schools((Role.BUREAU_CLERK, Role.SECTION_HEAD), placement.year.county_id)
    schools = {
        Addressee.HOME: (placement.from_school_id,), Addressee.HOST: (placement.to_school_id,),
        Addressee.BOTH: (placement.from_school_id, placement.to_school_id),
    }[Addressee(to)]  # fmt: skip
    return of_schools((Role.PRINCIPAL, Role.SCHOOL_CLERK), *schools)


@transaction.atomic
def answer(found: Problem, *, words: str, by: User, at: datetime) -> Problem:
    """Answer a difficulty; the teacher is told."""
    held, placement = _held(found, at)
    if not words.strip():
        raise RefusedError(_("请写明答复。"))
    held.answer, held.answered_by, held.answered_at = words, by, at
    held.status = Problem.Status.ANSWERED
    held.save(update_fields=["answer", "answered_by", "answered_at", "status"])
    record(by, "rotation.problem.answered", placement, organisation=placement.to_school, problem=held.pk)
    notify(
        [placement.teacher.user, held.raised_by], "rotation.problem.answered",
        gettext_noop("您反映的困难已有答复：%(kind)s。"), {"kind": word(ProblemKind(held.kind).label)},
    )  # fmt: skip
    return held


@transaction.atomic
def check(found: Problem, *, level: RiskLevel, note: str, by: User, at: datetime) -> RiskCheck:
    """The monthly look at a difficulty that is not settled: how grave it is now, and what is done."""
    held, placement = _held(found, at)
    made = RiskCheck.objects.create(problem=held, on=timezone.localdate(at), level=level, note=note, by=by)
    before, held.level, held.checked_at = held.level, level, made.on
    held.save(update_fields=["level", "checked_at"])
    record(
        by, "rotation.problem.checked", placement, before={"level": before}, after={"level": level},
        organisation=placement.to_school, problem=held.pk,
    )  # fmt: skip
    return made


@transaction.atomic
def settle(found: Problem, *, by: User, at: datetime) -> Problem:
    """Say that a difficulty is settled; one that was never answered cannot be."""
    held, placement = _held(found, at)
    if held.status != Problem.Status.ANSWERED:
        raise RefusedError(_("还没有答复，不能作为已解决。"))
    held.status, held.closed_at = Problem.Status.CLOSED, at
    held.save(update_fields=["status", "closed_at"])
    record(by, "rotation.problem.settled", placement, organisation=placement.to_school, problem=held.pk)
    return held


def _held(found: Problem, at: datetime) -> tuple[Problem, Placement]:
    placement = hold(found.placement, at=at, phases=TO_THE_END, serving=False)
    held = Problem.objects.select_for_update(no_key=True, of=("self",)).select_related("raised_by").get(pk=found.pk)
    if held.status == Problem.Status.CLOSED:
        raise RefusedError(_("这个问题已经解决。"))
    return held, placement
