"""Deferral and exclusion: asked for with evidence, decided once by the office that the pack names, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.facts.calendar import add_months
from junheng.policy import ask
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import PhaseKind, Relief, ReliefKind, ReliefStatus, RotationYear
from junheng.web.rotation.wishing import office_of, settings_of, spoken
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

ASKED_IN = (PhaseKind.ELIGIBILITY, PhaseKind.APPLICATIONS)
DECIDED_IN = (*ASKED_IN, PhaseKind.NOMINATIONS, PhaseKind.REVIEW)
_RULE = "deferral"


class ReliefDecidedError(RefusedError):
    """Somebody has decided, or the teacher has withdrawn."""


@dataclass(frozen=True, slots=True)
class PackWord:
    """What the pack says of a ground: whether it counts, by which clause, why."""

    counts: bool | None
    clause: str = ""
    because: str = ""


def pack_word(year: RotationYear, ground: str) -> PackWord:
    """What the pack says of a ground once its office agrees; it says nothing where it has no such rule."""
    pack = pack_of(year)
    if _RULE not in pack.rules:
        return PackWord(None)
    facts = {"query": _RULE, "ground": ground, "approved_by_township_office": True}
    answer = ask([{"id": "r", "pack": pack.code, "facts": facts}], {pack.code: pack}, lang=spoken(),
                 parameters=year.parameters)[0]  # fmt: skip
    return PackWord(answer["verdict"] == "deferred", str(answer["clause"]), str(answer["because"]))


def request_relief(
    year: RotationYear, teacher: Teacher, *, kind: str, ground: str, ground_text: str, key: UUID, at: datetime,
    by: User, evidence: Sequence[UploadedFile] = (),
) -> Relief:  # fmt: skip
    """Ask to be left out; asking the same again gives what was asked. Raises :class:`RefusedError`."""
    try:
        with transaction.atomic():
            teacher = Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
            there = Relief.objects.filter(year=year, teacher=teacher, status=ReliefStatus.OPEN).first()
            there = there or Relief.objects.filter(key=key, teacher=teacher).first()
            if there is not None:
                return there
            require_open(year, *ASKED_IN, at=at)
            state = teacher.state
            if state is None or teacher.county_id != year.county_id:
                raise RefusedError(_("档案没有现状，不能申请；请与学校经办人联系。"))
            if not ground_text.strip():
                raise RefusedError(_("请写明情况。"))
            pause()
            made = Relief.objects.create(
                year=year, teacher=teacher, school=state.school, kind=kind, ground=ground, ground_text=ground_text,
                office=office_of(year)[:100], requested_by=by, requested_at=at, received_at=timezone.now(), key=key,
            )  # fmt: skip
            for upload in evidence:
                attachments.store(upload, made, by=by, organisation=state.school)
            record(
                by, "rotation.relief.requested", made, after={"kind": kind}, organisation=state.school,
                files=len(evidence),
            )  # fmt: skip
            return made
    except IntegrityError:
        there = Relief.objects.filter(year=year, teacher=teacher, status=ReliefStatus.OPEN).first()
        if there is None:
            raise
        return there


def proposed_span(year: RotationYear) -> tuple[date, date]:
    """From when until when a deferral lasts unless the office says otherwise: one plan year by the year's setting."""
    months = settings_of(year).relief_months
    return year.starts, add_months(year.starts, months) - timedelta(days=1)


@transaction.atomic
def grant(
    relief: Relief, *, clause: str, opinion: str, since: date, until: date | None, by: User, at: datetime
) -> Relief:  # fmt: skip
    """Agree, from a day until a day; only an exclusion may be without an end."""
    if relief.kind == ReliefKind.DEFERRAL and until is None:
        raise RefusedError(_("暂缓应有截止日期。"))
    if until is not None and until < since:
        raise RefusedError(_("截止日期早于开始日期。"))
    word = pack_word(relief.year, relief.ground)
    if word.counts is False:
        raise RefusedError(_("按%(clause)s，这一情形不能暂缓：%(because)s") % {
            "clause": word.clause, "because": word.because,
        })  # fmt: skip
    found = _settle(relief, ReliefStatus.GRANTED, by, at, clause=clause, opinion=opinion, since=since, until=until)
    _tell(found, "rotation.relief.granted", by, {"since": since, "until": until, "clause": clause})
    return found


@transaction.atomic
def refuse(relief: Relief, *, clause: str, opinion: str, by: User, at: datetime) -> Relief:
    """Do not agree, with a reason that the teacher reads."""
    found = _settle(relief, ReliefStatus.REFUSED, by, at, clause=clause, opinion=opinion)
    _tell(found, "rotation.relief.refused", by, {"clause": clause})
    return found


@transaction.atomic
def withdraw_relief(relief: Relief, *, by: User, at: datetime) -> Relief:
    """Take a request back while nobody has decided."""
    found = _settle(relief, ReliefStatus.WITHDRAWN, by, at)
    record(by, "rotation.relief.withdrawn", found, organisation=found.school)
    return found


def _settle(relief: Relief, status: ReliefStatus, by: User, at: datetime, **given: Any) -> Relief:
    rows = Relief.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "year__county", "teacher", "school"
    )
    found: Relief = rows.get(pk=relief.pk)
    if not found.is_open:
        raise ReliefDecidedError(_("这一申请%(status)s，没有再写入。") % {"status": found.get_status_display()})
    require_open(found.year, *DECIDED_IN, at=at)
    if status is not ReliefStatus.WITHDRAWN and by.pk in (found.requested_by_id, found.teacher.user_id):
        raise RefusedError(_("不能决定本人的申请，请由其他人办理。"))
    pause()
    found.status, found.decided_by, found.decided_at = status, by, timezone.now()
    for name, value in given.items():
        setattr(found, name, value)
    found.save()
    return found


_NEWS = {
    "rotation.relief.granted": gettext_noop("您的第 %(number)s 号暂缓或免除申请已批准，请看决定。"),
    "rotation.relief.refused": gettext_noop("您的第 %(number)s 号暂缓或免除申请未批准，请看决定。"),
}


def _tell(found: Relief, action: str, by: User, after: dict[str, Any]) -> None:
    record(by, action, found, after=after, organisation=found.school)
    notify([found.teacher.user], action, _NEWS[action], found.said, found.get_absolute_url())


def reentering(year: RotationYear) -> Any:
    """Deferrals of earlier years of the county that ran out before this one: whoever had one is in the pool again."""
    earlier = Relief.objects.filter(year__county=year.county_id, year__audience=year.audience)
    earlier = earlier.exclude(year=year).expired(year.starts)
    still = Relief.objects.filter(year__county=year.county_id).in_force(year.starts)
    return earlier.exclude(teacher__in=still.values("teacher"))
