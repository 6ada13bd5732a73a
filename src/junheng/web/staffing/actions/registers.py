"""Entries of the registers: entered, changed from a day on, and ended; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.access import Privacy, privacy_of
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.models import RetirementDecision, SupportPostEntry, Teacher, TeacherState
from junheng.web.staffing.models.careers import OfTeacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

NOUNS = {
    "NotInPostEntry": "not_in_post",
    "SecondmentEntry": "secondment",
    "ContractEntry": "contract",
    "WageEntry": "wage",
    "EarlyLeaveEntry": "early_leave",
    "RetirementDecision": "retirement",
    "ProgrammeEntry": "programme",
}
"""What each register is called in the audit."""


@transaction.atomic
def enter(
    kind: type[OfTeacher], teacher: Teacher, values: Mapping[str, Any], *, on: date, by: User, reason: str = ""
) -> OfTeacher:
    """Put a teacher into a register, or change what it says from a day on; the same again changes nothing.

    A retirement date granted is written to the teacher's state as well, so that every forecast follows it.
    """
    Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
    held = kind.objects.current().filter(teacher=teacher).first()
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return held
    if held is not None:
        kind.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    made = kind.objects.create(teacher=teacher, valid_from=on, source="edit", **values)
    if kind is RetirementDecision:
        _let_retire(teacher, values["retires_on"], on)
    before = {name: getattr(held, name) for name in values} if held is not None else None
    _record(by, "entered", made, before=before, after=dict(values), reason=reason)
    return made


@transaction.atomic
def end(entry: OfTeacher, *, on: date, by: User, reason: str) -> None:
    """Take a teacher out of a register from a day on. Raises :class:`RefusedError` for an entry that is over."""
    kind = type(entry)
    Teacher.objects.select_for_update(no_key=True).get(pk=entry.teacher_id)
    held = kind.objects.current().filter(pk=entry.pk).first()
    if held is None:
        raise RefusedError(_("这条登记已经结束或已被替换。"))
    kind.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    if kind is RetirementDecision:
        _let_retire(held.teacher, None, on)
    _record(by, "ended", held, before={"valid_until": None}, after={"valid_until": on}, reason=reason)


def _let_retire(teacher: Teacher, retires_on: date | None, on: date) -> None:
    state = TeacherState.objects.current().filter(teacher=teacher).first()
    if state is None or state.retirement_override == retires_on:
        return
    day = max(state.valid_from, on)
    TeacherState.objects.filter(pk=state.pk).update(valid_until=day)
    state.pk, state._state.adding = None, True
    state.valid_from, state.retirement_override, state.source = day, retires_on, "edit"
    state.save(force_insert=True)


def _school_of(teacher: Teacher) -> Organisation:
    state = teacher.state
    return state.school if state is not None else teacher.county


def _record(
    by: User, verb: str, entry: OfTeacher, *, before: dict[str, Any] | None, after: dict[str, Any], reason: str
) -> None:
    """Sensitive fields are recorded as changed, not with what they say."""
    hidden = {name for name, privacy in privacy_of(type(entry)).items() if privacy is Privacy.SENSITIVE}
    masked = [
        None if part is None else {name: "***" if name in hidden and value else value for name, value in part.items()}
        for part in (before, after)
    ]
    record(
        by, f"staffing.{NOUNS[type(entry).__name__]}.{verb}", entry.teacher, before=masked[0], after=masked[1],
        reason=reason, organisation=_school_of(entry.teacher), entry=entry.pk,
    )  # fmt: skip


@transaction.atomic
def enter_support_posts(
    school: Organisation, values: Mapping[str, Any], *, on: date, by: User, reason: str = ""
) -> SupportPostEntry:
    """Set a school's support posts of one kind from a day on."""
    Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)
    held = SupportPostEntry.objects.current().filter(school=school, kind=values["kind"]).first()
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return held
    if held is not None:
        SupportPostEntry.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    made = SupportPostEntry.objects.create(school=school, valid_from=on, source="edit", **values)
    before = {name: getattr(held, name) for name in values} if held is not None else None
    record(
        by, "staffing.support_posts.set", school, before=before, after=dict(values), reason=reason, organisation=school
    )
    return made
