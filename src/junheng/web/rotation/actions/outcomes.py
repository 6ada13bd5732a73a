"""The outcome of a placement: summary, the host's proposal, the cluster head's signature, the bureau's audit, archive.

Nobody signs twice; a veto leaves only the lowest grade; while the teacher's objection waits nothing is archived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from junheng.facts import Grade
from junheng.web.access import Role
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation import similarity
from junheng.web.rotation.actions.holding import SERVED, TO_THE_END, hold
from junheng.web.rotation.models import (
    Outcome,
    OutcomeObjection,
    OutcomeStage,
    OutcomeStep,
    PhaseKind,
    Placement,
    Summary,
)
from junheng.web.rotation.people import concerned, of_schools
from junheng.web.staffing.actions.teachers import Why, add_entry
from junheng.web.staffing.declared import TEACHER_PARTS
from junheng.web.staffing.models import AssessmentEntry
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

HEADINGS: Mapping[str, Any] = {
    "morals": gettext_lazy("德：师德和纪律"),
    "ability": gettext_lazy("能：教育教学能力"),
    "diligence": gettext_lazy("勤：出勤和工作量"),
    "results": gettext_lazy("绩：任务完成和成效"),
    "integrity": gettext_lazy("廉：廉洁从教"),
}
"""Headings of the form, each marked from 0 to 100."""
VETOES: Mapping[str, Any] = {
    "ethics": gettext_lazy("违反师德，受到处理"),
    "safety": gettext_lazy("发生安全责任事故"),
    "absence": gettext_lazy("无故旷工或者擅自离岗"),
    "falsehood": gettext_lazy("材料弄虚作假"),
}
"""What leaves only the lowest grade, if it is found true."""
CHAIN = (*TO_THE_END, PhaseKind.ARCHIVE)


def _placement(placement: Placement, at: datetime, phases: tuple[PhaseKind, ...]) -> Placement:
    held = hold(placement, at=at, phases=phases, serving=False)
    if held.status not in SERVED:
        raise RefusedError(_("这项交流任务还没有开始，或者已经撤销。"))
    return held


@transaction.atomic
def submit_summary(placement: Placement, *, text: str, by: User, at: datetime) -> Summary:
    """The teacher's summary; another one takes its place until the outcome is archived.

    It is compared with the other summaries of the county: the share and the source are shown to its readers.
    """
    held = _placement(placement, at, TO_THE_END)
    outcome = Outcome.objects.filter(placement=held, stage=OutcomeStage.ARCHIVED)
    if outcome.exists():
        raise RefusedError(_("期满考核已经归档，总结不能再改。"))
    found = Summary.objects.filter(placement=held).first()
    if found is not None and found.text == text:
        return found
    if found is None:
        found = Summary(placement=held)
    else:
        found.version += 1
    found.text, found.submitted_at = text, at
    _compare(found, held, at)
    found.save()
    record(
        by, "rotation.summary.submitted", held, organisation=held.to_school,
        after={"version": found.version, "characters": len(text), "share": found.share},
    )  # fmt: skip
    return found


def _compare(summary: Summary, placement: Placement, at: datetime) -> None:
    others = Summary.objects.filter(placement__year__county=placement.year.county_id).exclude(placement=placement)
    best = similarity.likest(summary.text, others.values_list("pk", "text").iterator())
    summary.share = round(best.share, 1) if best else 0.0
    summary.likest_id = best.key if best else None
    summary.checked_at = at


def first_stage(placement: Placement) -> OutcomeStage:
    """With whom an outcome is after the host: the cluster, or the bureau where the host belongs to none."""
    parent = placement.to_school.parent
    return OutcomeStage.CLUSTER if parent is not None and parent.kind == "cluster" else OutcomeStage.BUREAU


@transaction.atomic
def propose(
    placement: Placement, *, marks: Mapping[str, int], vetoes: Sequence[str], grade: Grade, opinion: str, by: User,
    at: datetime,
) -> Outcome:  # fmt: skip
    """The host's proposal, the first or after a return; the teacher is told. The same again changes nothing."""
    held = _placement(placement, at, TO_THE_END)
    _check_form(marks, vetoes, grade)
    if not Summary.objects.filter(placement=held).exists():
        raise RefusedError(_("教师还没有提交交流总结。"))
    found = Outcome.objects.select_for_update(no_key=True).filter(placement=held).first()
    if found is not None and found.stage != OutcomeStage.HOST:
        if (found.marks, found.vetoes, found.grade) == (dict(marks), list(vetoes), grade.value):
            return found
        raise RefusedError(_("考核现在在“%(stage)s”，要修改，请先由对方退回。") % {"stage": found.get_stage_display()})
    pause()
    found = found or Outcome(placement=held, opened_at=at)
    found.marks, found.vetoes, found.grade = dict(marks), list(vetoes), grade.value
    found.stage = first_stage(held)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise RefusedError(_("这项考核已经提出。")) from None
    _step(found, OutcomeStage.HOST, OutcomeStep.Deed.PROPOSED, grade.value, opinion, by=by, at=at)
    notify(
        [held.teacher.user, *_next(held, found.stage)], "rotation.outcome.proposed",
        gettext_noop("%(teacher)s的期满考核已由接收学校提出。"), {"teacher": str(held.teacher)},
    )  # fmt: skip
    return found


def _check_form(marks: Mapping[str, int], vetoes: Sequence[str], grade: Grade) -> None:
    if set(marks) != set(HEADINGS) or any(not 0 <= value <= 100 for value in marks.values()):
        raise RefusedError(_("各项都要打分，0 到 100 分。"))
    if not set(vetoes) <= set(VETOES):
        raise RefusedError(_("没有这样的一票否决事项。"))
    if vetoes and grade is not Grade.UNQUALIFIED:
        raise RefusedError(_("有一票否决事项的，等次只能是“%(grade)s”。") % {"grade": Grade.UNQUALIFIED.zh})


@transaction.atomic
def sign(outcome: Outcome, *, opinion: str, by: User, at: datetime) -> Outcome:
    """The cluster head's signature with opinion; the outcome goes on to the bureau."""
    placement, held = _held(outcome, at, OutcomeStage.CLUSTER)
    _not_twice(held, by)
    if not opinion.strip():
        raise RefusedError(_("请写明签署意见。"))
    held.stage = OutcomeStage.BUREAU
    held.save(update_fields=["stage"])
    _step(held, OutcomeStage.CLUSTER, OutcomeStep.Deed.SIGNED, held.grade, opinion, by=by, at=at)
    notify(
        _next(placement, OutcomeStage.BUREAU), "rotation.outcome.signed",
        gettext_noop("%(teacher)s的期满考核学区已签署，待县局审核。"), {"teacher": str(placement.teacher)},
    )  # fmt: skip
    return held


@transaction.atomic
def send_back(outcome: Outcome, *, opinion: str, by: User, at: datetime) -> Outcome:
    """Return an outcome to the host school with what is wrong; by the cluster or the bureau, whoever it is with."""
    placement, held = _held(outcome, at, OutcomeStage.CLUSTER, OutcomeStage.BUREAU)
    if not opinion.strip():
        raise RefusedError(_("请写明退回的理由。"))
    _return(placement, held, opinion, by, at)
    return held


def _return(placement: Placement, held: Outcome, opinion: str, by: User, at: datetime) -> None:
    stage = OutcomeStage(held.stage)
    held.stage = OutcomeStage.HOST
    held.save(update_fields=["stage"])
    _step(held, stage, OutcomeStep.Deed.RETURNED, held.grade, opinion, by=by, at=at)
    notify(
        of_schools((Role.PRINCIPAL, Role.SCHOOL_CLERK), placement.to_school_id), "rotation.outcome.returned",
        gettext_noop("%(teacher)s的期满考核被退回：%(opinion)s"),
        {"teacher": str(placement.teacher), "opinion": opinion},
    )  # fmt: skip


@transaction.atomic
def archive(outcome: Outcome, *, opinion: str, as_annual: bool, by: User, at: datetime) -> Outcome:
    """The bureau's audit: the grade stands, and goes into the personnel file as the year's assessment where asked.

    Refused while an objection waits, and for the file where the year has an assessment already.
    """
    placement, held = _held(outcome, at, OutcomeStage.BUREAU)
    _not_twice(held, by)
    if held.objections.filter(answered_at__isnull=True).exists():
        raise RefusedError(_("教师的异议还没有复核，不能归档。"))
    if as_annual:
        _into_the_file(placement, held, by)
    pause()
    held.stage, held.archived_at = OutcomeStage.ARCHIVED, at
    held.save(update_fields=["stage", "archived_at"])
    _step(held, OutcomeStage.BUREAU, OutcomeStep.Deed.ARCHIVED, held.grade, opinion, by=by, at=at)
    notify(
        concerned(placement, bureau=False), "rotation.outcome.archived",
        gettext_noop("%(teacher)s的期满考核已审定归档。"), {"teacher": str(placement.teacher)},
    )  # fmt: skip
    return held


def average(marks: Mapping[str, int]) -> float:
    """The mean of the marks, to one place."""
    return round(sum(marks.values()) / len(marks), 1) if marks else 0.0


def _into_the_file(placement: Placement, held: Outcome, by: User) -> None:
    year = (placement.ended_on or placement.end).year
    if AssessmentEntry.objects.current().filter(teacher=placement.teacher_id, year=year).exists():
        raise RefusedError(_("档案里已有 %(year)s 年度的考核结果；请不勾选“记入年度考核”。") % {"year": year})
    values = {
        "year": year, "grade": held.grade, "score": average(held.marks), "rank": None, "of": None,
        "ethics_passed": "ethics" not in held.vetoes,
    }  # fmt: skip
    why = Why(by, _("交流期满考核"), f"rotation:{placement.pk}")
    add_entry(placement.teacher, TEACHER_PARTS["assessments"], values, why=why)


@transaction.atomic
def object_to(outcome: Outcome, *, words: str, by: User, at: datetime) -> OutcomeObjection:
    """The teacher's objection to the grade; one waits at a time."""
    placement, held = _held(outcome, at, OutcomeStage.CLUSTER, OutcomeStage.BUREAU)
    waiting = held.objections.filter(answered_at__isnull=True).first()
    if waiting is not None:
        if waiting.words == words:
            return waiting
        raise RefusedError(_("已有一项异议待复核。"))
    made = OutcomeObjection.objects.create(outcome=held, words=words, raised_at=at)
    record(by, "rotation.outcome.objected", placement, organisation=placement.to_school, outcome=held.pk)
    notify(
        _next(placement, OutcomeStage.BUREAU), "rotation.outcome.objected",
        gettext_noop("%(teacher)s对期满考核等次提出异议，请复核。"), {"teacher": str(placement.teacher)},
    )  # fmt: skip
    return made


@transaction.atomic
def answer_objection(
    objection: OutcomeObjection, *, upheld: bool, answer: str, by: User, at: datetime
) -> OutcomeObjection:
    """Answer an objection; one that is upheld sends the outcome back to the host school."""
    placement, held = _held(objection.outcome, at, OutcomeStage.HOST, OutcomeStage.CLUSTER, OutcomeStage.BUREAU)
    found = OutcomeObjection.objects.select_for_update(no_key=True).get(pk=objection.pk)
    if found.answered_at is not None:
        raise RefusedError(_("这项异议已经复核。"))
    if not answer.strip():
        raise RefusedError(_("请写明对考核异议的复核意见。"))
    found.upheld, found.answer, found.answered_by, found.answered_at = upheld, answer, by, at
    found.save(update_fields=["upheld", "answer", "answered_by", "answered_at"])
    if upheld and held.stage != OutcomeStage.HOST:
        _return(placement, held, answer, by, at)
    record(
        by, "rotation.outcome.objection_answered", placement, after={"upheld": upheld}, reason=answer,
        organisation=placement.to_school, outcome=held.pk,
    )  # fmt: skip
    notify(
        [placement.teacher.user], "rotation.outcome.objection_answered",
        gettext_noop("您对期满考核的异议已有复核意见。"),
    )  # fmt: skip
    return found


def _held(outcome: Outcome, at: datetime, *stages: OutcomeStage) -> tuple[Placement, Outcome]:
    placement = _placement(outcome.placement, at, CHAIN)
    held = Outcome.objects.select_for_update(no_key=True, of=("self",)).get(pk=outcome.pk)
    if held.stage not in stages:
        raise RefusedError(_("考核现在在“%(stage)s”，不能这样办理。") % {"stage": held.get_stage_display()})
    held.placement = placement
    return placement, held


def _not_twice(outcome: Outcome, by: User) -> None:
    last = outcome.steps.order_by("-pk").filter(deed=OutcomeStep.Deed.PROPOSED).first()
    signed = outcome.steps.filter(by=by, pk__gte=last.pk if last else 0).exclude(deed=OutcomeStep.Deed.RETURNED)
    if signed.exists():
        raise RefusedError(_("您已经在前一环节签署，应由他人办理。"))


def _next(placement: Placement, stage: str) -> list[User]:
    if stage == OutcomeStage.CLUSTER and placement.to_school.parent_id is not None:
        return of_schools((Role.CLUSTER_HEAD,), placement.to_school.parent_id)
    return of_schools((Role.BUREAU_CLERK, Role.SECTION_HEAD), placement.year.county_id)


def _step(
    outcome: Outcome,
    stage: OutcomeStage,
    deed: OutcomeStep.Deed,
    grade: str,
    opinion: str,
    *,
    by: User,
    at: datetime,
) -> OutcomeStep:
    made = OutcomeStep.objects.create(
        outcome=outcome, stage=stage, deed=deed, grade=grade, opinion=opinion, by=by, at=at
    )
    record(
        by, f"rotation.outcome.{deed.value}", outcome.placement, after={"stage": outcome.stage, "grade": grade},
        reason=opinion, organisation=outcome.placement.to_school, outcome=outcome.pk,
    )  # fmt: skip
    return made
