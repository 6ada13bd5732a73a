"""Certificates of service: issued once a placement is over and its outcome archived, checked by anybody, revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from junheng.facts import Grade, Stage, Subject
from junheng.web.records.audit import digest_of, record
from junheng.web.records.canonical import written
from junheng.web.records.models import AuditEvent
from junheng.web.records.notifying import notify
from junheng.web.rotation import counting
from junheng.web.rotation.actions.holding import hold
from junheng.web.rotation.actions.outcomes import CHAIN
from junheng.web.rotation.models import (
    Certificate,
    Outcome,
    OutcomeStage,
    Placement,
    PlacementStatus,
    RotationYear,
)
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

ISSUED = "rotation.certificate.issued"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 20


class Check(StrEnum):
    """What is found of a code."""

    VALID = "valid"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    ALTERED = "altered"


def new_code() -> str:
    """A code that nobody guesses: 20 characters of 32, in groups of five."""
    code = "".join(secrets.choice(_ALPHABET) for _each in range(_LENGTH))
    return "-".join(code[at : at + 5] for at in range(0, _LENGTH, 5))


def read_code(typed: str) -> str:
    """A code as it is kept, whatever blanks, dashes and case it was typed with."""
    plain = "".join(each for each in typed.upper() if each.isalnum())[:_LENGTH]
    return "-".join(plain[at : at + 5] for at in range(0, len(plain), 5))


def digest(number: str, code: str, content: dict[str, Any]) -> str:
    """SHA-256 of number, code and content in canonical JSON."""
    return hashlib.sha256(written({"number": number, "code": code, "content": content}).encode()).hexdigest()


@transaction.atomic
def issue(placement: Placement, *, by: User, at: datetime) -> Certificate:
    """Issue the certificate of a placement; the one that stands is given again."""
    held = hold(placement, at=at, phases=CHAIN, serving=False)
    standing = Certificate.objects.filter(placement=held, revoked_at__isnull=True).first()
    if standing is not None:
        return standing
    if held.status not in {PlacementStatus.ENDED, PlacementStatus.EARLY}:
        raise RefusedError(_("交流任务还没有结束，不能出具证明。"))
    outcome = Outcome.objects.filter(placement=held, stage=OutcomeStage.ARCHIVED).first()
    if outcome is None:
        raise RefusedError(_("期满考核还没有归档，不能出具证明。"))
    RotationYear.objects.select_for_update(no_key=True).get(pk=held.year_id)
    issued = Certificate.objects.filter(placement__year=held.year_id).count()
    number = f"{held.year.county.code}-{held.year.year}-{held.year.audience[:1].upper()}{issued + 1:04}"
    content, code = content_of(held, outcome, timezone.localdate(at).isoformat()), new_code()
    made = Certificate.objects.create(
        placement=held, number=number, content=content, code=code, digest=digest(number, code, content),
        issued_on=timezone.localdate(at), issued_by=by,
    )  # fmt: skip
    record(by, ISSUED, made, organisation=held.year.county, after={"number": number}, digest=made.digest)
    notify([held.teacher.user], ISSUED, gettext_noop("您的交流服务证明已出具，编号 %(number)s。"), {"number": number})
    return made


def content_of(placement: Placement, outcome: Outcome, issued_on: str) -> dict[str, Any]:
    """What stands on the certificate, by name; codes by their Chinese words, for the paper is Chinese."""
    state = placement.teacher.state
    last = placement.ended_on or placement.end
    with override("zh-hans"):
        form = str(placement.get_form_display())
    service = counting.service_of(placement, last)
    return {
        "name": state.name if state else placement.teacher.number,
        "county": placement.year.county.name, "home": placement.from_school.name, "host": placement.to_school.name,
        "stage": Stage.read(placement.stage).zh, "subject": Subject.read(placement.subject).zh,
        "form": form, "start": placement.start.isoformat(), "end": last.isoformat(),
        "months": service.counted, "grade": Grade.read(outcome.grade).zh, "issued_on": issued_on,
    }  # fmt: skip


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, by: User, at: datetime) -> Certificate:
    """Take a certificate back, with a reason; its code then says so."""
    rows = Certificate.objects.select_for_update(no_key=True, of=("self",))
    held = rows.select_related("placement__year__county").get(pk=certificate.pk)
    if not reason.strip():
        raise RefusedError(_("请写明作废的理由。"))
    if held.placement.year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held.placement.year})
    if held.revoked_at is None:
        held.revoked_at, held.revoked_reason = at, reason
        held.save(update_fields=["revoked_at", "revoked_reason"])
        record(
            by, "rotation.certificate.revoked", held, reason=reason, organisation=held.placement.year.county,
            after={"number": held.number},
        )  # fmt: skip
    return held


def check(typed: str) -> tuple[Check, Certificate | None]:
    """What a code is worth: compared with the row, and the row with the audit chain's record of its issue."""
    found = Certificate.objects.filter(code=read_code(typed)).first()
    if found is None:
        return Check.UNKNOWN, None
    if not _agrees(found):
        return Check.ALTERED, None
    return (Check.REVOKED if found.revoked_at is not None else Check.VALID), found


def _agrees(found: Certificate) -> bool:
    if found.digest != digest(found.number, found.code, found.content):
        return False
    event = AuditEvent.objects.filter(
        action=ISSUED, object_kind=found._meta.label_lower, object_id=str(found.pk)
    ).first()
    return event is not None and event.details.get("digest") == found.digest and digest_of(event) == event.digest
