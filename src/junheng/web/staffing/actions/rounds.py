"""Rounds in which schools verify their staff, and documents that pass between departments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.models import (
    EstablishmentPlan,
    RoutedDocument,
    RoutingStep,
    VerificationReturn,
    VerificationRound,
)
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


def open_round(county: Organisation, *, title: str, reckoned_on: date, due: date, by: User) -> VerificationRound:
    """Ask every school to check its staff as of a day. Raises :class:`RefusedError` while another round is open."""
    try:
        with transaction.atomic():
            made = VerificationRound.objects.create(
                county=county, title=title, reckoned_on=reckoned_on, due=due, opened_by=by, opened_at=timezone.now()
            )
            record(
                by, "staffing.verification.opened", made, after={"reckoned_on": reckoned_on, "due": due},
                organisation=county,
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("已有一轮人员核对正在进行，请先结束。")) from None
    return made


@transaction.atomic
def answer_round(
    round_: VerificationRound, school: Organisation, *, outcome: str, note: str, shown: dict[str, Any], by: User
) -> VerificationReturn:
    """Record what a school found; it may answer anew until the round is closed."""
    held = VerificationRound.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if held.closed_at is not None:
        raise RefusedError(_("本轮核对已经结束。"))
    before = VerificationReturn.objects.filter(round=held, school=school).first()
    answer, _made = VerificationReturn.objects.update_or_create(
        round=held,
        school=school,
        defaults={"outcome": outcome, "note": note, "shown": shown, "by": by, "at": timezone.now()},
    )
    record(
        by, "staffing.verification.answered", held,
        before={"outcome": before.outcome, "note": before.note} if before else None,
        after={"outcome": outcome, "note": note, "shown": shown}, organisation=school, school=str(school),
    )  # fmt: skip
    return answer


@transaction.atomic
def close_round(round_: VerificationRound, *, by: User, reason: str = "") -> None:
    """End a round. A school that has not answered needs a reason."""
    held = VerificationRound.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if held.closed_at is not None:
        raise RefusedError(_("本轮核对已经结束。"))
    schools = Organisation.objects.filter(county=held.county).schools().open_on(held.reckoned_on).count()
    silent = schools - held.returns.count()
    if silent > 0 and not reason.strip():
        raise RefusedError(_("还有 %(count)s 所学校未核对。仍要结束，请写明理由。") % {"count": silent})
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    record(
        by, "staffing.verification.closed", held, before={"closed_at": None}, after={"closed_at": held.closed_at},
        reason=reason, organisation=held.county, silent=silent,
    )  # fmt: skip


@transaction.atomic
def register_document(
    county: Organisation, *, title: str, document_number: str, plan: EstablishmentPlan | None, by: User
) -> RoutedDocument:
    """Begin a document's way through the departments."""
    made = RoutedDocument.objects.create(
        county=county, title=title, document_number=document_number, plan=plan, created_by=by, created_at=timezone.now()
    )
    record(
        by, "staffing.document.registered", made, after={"title": title, "document_number": document_number},
        organisation=county,
    )  # fmt: skip
    return made


def send_document(document: RoutedDocument, *, department: str, sent_on: date, by: User) -> RoutingStep:
    """Send a document to a department. Raises :class:`RefusedError` when it has been there."""
    try:
        with transaction.atomic():
            step = RoutingStep.objects.create(document=document, department=department, sent_on=sent_on)
            after = {"department": department, "sent_on": sent_on}
            record(by, "staffing.document.sent", document, after=after, organisation=document.county)
    except IntegrityError:
        raise RefusedError(_("这份文件已经送过该部门。")) from None
    return step


@transaction.atomic
def answer_document(
    step: RoutingStep, *, answered_on: date, agreed: bool, answer_number: str, opinion: str, by: User
) -> None:
    """Record a department's answer. Raises :class:`RefusedError` for a second answer or one before the sending."""
    held = RoutingStep.objects.select_for_update(no_key=True).get(pk=step.pk)
    if held.answered_on is not None:
        raise RefusedError(_("该部门的回复已经登记。"))
    if answered_on < held.sent_on:
        raise RefusedError(_("回复日期不能早于送出日期。"))
    held.answered_on, held.agreed, held.answer_number, held.opinion = answered_on, agreed, answer_number, opinion
    held.save(update_fields=["answered_on", "agreed", "answer_number", "opinion"])
    record(
        by, "staffing.document.answered", held.document, before={"answered_on": None},
        after={"department": held.department, "answered_on": answered_on, "agreed": agreed, "number": answer_number},
        reason=opinion, organisation=held.document.county,
    )  # fmt: skip
