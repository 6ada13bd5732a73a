"""What is done to corrections: asked for, withdrawn, and decided once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.documents.columns import Kind
from junheng.facts.identity import mask_identity_number
from junheng.web.access import Permission
from junheng.web.directory.models import Dated, Organisation, User
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.staffing.actions import teachers
from junheng.web.staffing.actions.rows import RefusedError
from junheng.web.staffing.actions.teachers import Why
from junheng.web.staffing.declared import HIDDEN, STATE, TEACHER_PARTS, Part
from junheng.web.staffing.models import Correction, CorrectionStatus, Teacher


class AlreadyDecidedError(Exception):
    """Somebody else has decided, or the teacher has withdrawn; ``correction`` says what became of it."""

    def __init__(self, correction: Correction) -> None:
        super().__init__(correction.status)
        self.correction = correction


class NotDecidableError(Exception):
    """The decider's own request: another has to decide."""


@transaction.atomic
def request_correction(
    teacher: Teacher, part: Part, row: Dated | None, proposed: Mapping[str, Any], *, reason: str, by: User,
    evidence: Sequence[UploadedFile] = (),
) -> Correction:  # fmt: skip
    """Ask that a row of the file be put right or, without a row, that one be added. Asking the same again is the same.

    ``proposed`` is what was typed, by column. Raises :class:`RefusedError` while another request about the same waits,
    and :class:`~junheng.web.records.attachments.UnwelcomeFileError` for evidence that may not come in.
    """
    teacher = Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
    state = teacher.state
    if state is None:
        raise RefusedError(_("档案没有现状，不能提出更正；请与经办人联系。"))
    text = json.dumps(dict(proposed), ensure_ascii=False, sort_keys=True)
    key = _key(part, row, proposed, text)
    waiting = Correction.objects.open().filter(teacher=teacher, subject_key=key).first()
    if waiting is not None:
        if waiting.proposed_text == text and waiting.reason == reason:
            return waiting
        raise RefusedError(_("这一项已有待决定的更正；要改，请先撤回它。"))
    held = part.plain(row, names=proposed) if row is not None else {}
    made = Correction.objects.create(
        teacher=teacher, school=state.school, sheet=part.key, row=row.pk if row is not None else None,
        subject_key=key, proposed_text=text, held_text=json.dumps(held, ensure_ascii=False, default=str),
        needs=_needs(part, proposed), reason=reason, requested_by=by,
    )  # fmt: skip
    for upload in evidence:
        attachments.store(upload, made, by=by, organisation=state.school)
    record(
        by, "staffing.correction.requested", teacher, before=held, after=_masked(part, proposed), reason=reason,
        organisation=state.school, part=part.key, correction=made.pk,
    )  # fmt: skip
    return made


def _key(part: Part, row: Dated | None, proposed: Mapping[str, Any], text: str) -> str:
    if row is None:
        return f"{part.key}:new:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    which = "" if part is STATE else row.pk
    return f"{part.key}:{which}:{','.join(sorted(proposed))}"[:200]


def _needs(part: Part, proposed: Mapping[str, Any]) -> str:
    if part.needs is not None:
        return part.needs.value
    return Permission.ID_REVEAL.value if "id_number" in proposed else ""


def _masked(part: Part, proposed: Mapping[str, Any]) -> dict[str, Any]:
    if part.needs is not None:
        return dict.fromkeys(proposed, HIDDEN)
    kinds = {column.field: column.kind for column in part.columns}
    return {
        name: mask_identity_number(str(value)) if kinds[name] is Kind.ID_NUMBER else value
        for name, value in proposed.items()
    }


@transaction.atomic
def withdraw(correction: Correction, *, by: User) -> Correction:
    """Take a request back, while nobody has decided."""
    found = _settle(correction, CorrectionStatus.WITHDRAWN, by)
    record(by, "staffing.correction.withdrawn", found.teacher, organisation=found.school, correction=found.pk)
    return found


@transaction.atomic
def reject(correction: Correction, *, opinion: str, by: User) -> Correction:
    """Decide that the file stays as it is, with a reason that the teacher reads."""
    found = _settle(correction, CorrectionStatus.REJECTED, by, opinion=opinion)
    _tell(found, "staffing.correction.rejected", by, opinion)
    return found


@transaction.atomic
def accept(
    correction: Correction, values: Mapping[str, Any], *, version: int | None, effective: date | None, opinion: str,
    by: User,
) -> Correction:  # fmt: skip
    """Decide that the teacher is right, and write it into the file as a dated row that names this correction.

    ``values`` is what was proposed, read. ``version`` is the row that the decider saw. Without ``effective`` the row
    was wrong from its start. Raises :class:`AlreadyDecidedError`, and what the verbs of the file raise; then nothing
    has happened.
    """
    found = _settle(correction, CorrectionStatus.ACCEPTED, by, opinion=opinion, effective=effective)
    part = TEACHER_PARTS[found.sheet]
    why = Why(by, opinion or found.reason, f"correction:{found.pk}")
    made: Any
    if part is STATE:
        made = teachers.change_state(found.teacher, values, version=version or 0, on=effective, why=why)
    elif found.row is None:
        made = teachers.add_entry(found.teacher, part, values, why=why)
    else:
        row = part.model.objects.get(pk=found.row, teacher=found.teacher)
        made = teachers.change_entry(row, part, values, on=effective, why=why)
    found.applied_to = made.pk
    found.save(update_fields=["applied_to"])
    _tell(found, "staffing.correction.accepted", by, opinion)
    return found


def open_now(correction: Correction) -> Correction:
    """The request, held by this transaction. Raises :class:`AlreadyDecidedError` for one that is no longer open."""
    found = Correction.objects.select_for_update(no_key=True).get(pk=correction.pk)
    if not found.is_open:
        raise AlreadyDecidedError(found)
    return found


def open_check(correction: Correction) -> None:
    """Raises :class:`AlreadyDecidedError` for a request that is no longer open, before anything is read for it."""
    found = Correction.objects.get(pk=correction.pk)
    if not found.is_open:
        raise AlreadyDecidedError(found)


def _settle(correction: Correction, status: CorrectionStatus, by: User, **given: Any) -> Correction:
    found = open_now(correction)
    if status is not CorrectionStatus.WITHDRAWN and found.requested_by_id == by.pk:
        raise NotDecidableError
    found.status, found.decided_by, found.decided_at = status, by, timezone.now()
    for name, value in given.items():
        setattr(found, name, value)
    found.save()
    return found


_NEWS: dict[str, str] = {
    "staffing.correction.accepted": gettext_noop("您提出的第 %(number)s 号更正已采纳，档案已更新。"),
    "staffing.correction.rejected": gettext_noop("您提出的第 %(number)s 号更正未采纳，请看决定意见。"),
}


def _tell(found: Correction, action: str, by: User, opinion: str) -> None:
    school: Organisation = found.school
    record(by, action, found.teacher, reason=opinion, organisation=school, correction=found.pk, part=found.sheet)
    notify([found.requested_by], action, _NEWS[action], {"number": found.pk}, found.get_absolute_url())
