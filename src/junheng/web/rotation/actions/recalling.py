"""Calling back whoever is on secondment past its end: the notice, and the return or the vacancy that comes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.access import Role
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.actions.placing_ends import APPOINTMENTS
from junheng.web.rotation.expiring import Overdue, overdue_spells, to_return
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import RecallOutcome, RotationYear, SecondmentRecall
from junheng.web.rotation.people import of_schools
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.actions import registers
from junheng.web.staffing.actions.teachers import Why, change_state, end_entry
from junheng.web.staffing.models import NotInPostEntry, SecondmentEntry, Teacher, TeacherState
from junheng.web.staffing.models.registers import AbsenceReason
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import Organisation, User


@transaction.atomic
def recall(
    year: RotationYear, overdue: Overdue, *, number: str, issued_on: date, days: int, by: User
) -> SecondmentRecall:  # fmt: skip
    """Issue the notice of recall; the same number again is the same. Raises :class:`RefusedError`.

    Nobody is called back who has returned since ``overdue`` was read.
    """
    year = in_line(year)
    teacher = Teacher.objects.select_for_update(no_key=True).get(pk=overdue.teacher.pk)
    there = SecondmentRecall.objects.filter(teacher=teacher, start=overdue.start).first()
    if there is not None and there.number == number.strip():
        return there
    if there is not None:
        raise RefusedError(_("已发出返回通知 %(number)s，不再重复发出。") % {"number": there.number})
    if year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": year})
    if not _is_still_away(year, overdue):
        raise RefusedError(_("借调登记已经结束或有变动，没有发出返回通知；请刷新后再看。"))
    if issued_on > timezone.localdate():
        raise RefusedError(_("发出日期不能晚于今天。"))
    if issued_on <= overdue.end:
        raise RefusedError(_("借调到 %(day)s 为止，到期以后才能发出返回通知。") % {"day": overdue.end})
    if SecondmentRecall.objects.filter(year=year, number=number.strip()).exists():
        raise RefusedError(_("发文字号 %(number)s 已用于另一份返回通知。") % {"number": number.strip()})
    pause()
    made = SecondmentRecall.objects.create(
        year=year, teacher=teacher, unit=overdue.unit, start=overdue.start, end=overdue.end, number=number.strip(),
        issued_on=issued_on, days=days, return_by=Workdays.of(year.county).after(issued_on, days), issued_by=by,
        issued_at=timezone.now(),
    )  # fmt: skip
    record(
        by, "rotation.secondment.recalled", teacher, organisation=_school(made),
        after={"number": made.number, "issued_on": issued_on, "return_by": made.return_by},
    )  # fmt: skip
    schools = of_schools((Role.SCHOOL_CLERK, Role.PRINCIPAL), _school(made).pk)
    notify(
        [teacher.user, *schools], "rotation.secondment.recalled",
        gettext_noop("%(teacher)s的借调已到期，返回通知 %(number)s 要求在 %(day)s 前返回。"),
        {"teacher": str(teacher), "number": made.number, "day": made.return_by},
    )  # fmt: skip
    return made


def _is_still_away(year: RotationYear, overdue: Overdue) -> bool:
    now = to_return(year.county, timezone.localdate())
    return any((each.teacher, each.start, each.end) == (overdue.teacher, overdue.start, overdue.end) for each in now)


@transaction.atomic
def settle(found: SecondmentRecall, *, outcome: str, on: date, reason: str, by: User) -> SecondmentRecall:
    """Record what came of a notice; the same again is the same.

    A return ends the secondment in the register and in the file. Who cannot return is entered among those on the
    establishment but not in post (占编不在岗), so that needs and head-counts show the vacancy; a return may follow.

    Raises :class:`RefusedError`.
    """
    Teacher.objects.select_for_update(no_key=True).get(pk=found.teacher_id)
    rows = SecondmentRecall.objects.select_for_update(no_key=True, of=("self",)).select_related("teacher__county")
    held: SecondmentRecall = rows.get(pk=found.pk)
    if held.outcome == outcome and held.outcome_on == on:
        return held
    if (held.outcome and outcome != RecallOutcome.RETURNED) or held.outcome == RecallOutcome.RETURNED:
        raise RefusedError(_("%(number)s 已登记“%(outcome)s”。") % {
            "number": held.number, "outcome": held.get_outcome_display(),
        })  # fmt: skip
    if not held.end < on <= timezone.localdate():
        raise RefusedError(_("日期应在借调到期（%(end)s）以后，不晚于今天。") % {"end": held.end})
    if outcome == RecallOutcome.VACANT and not reason.strip():
        raise RefusedError(_("不能返回的，请写明原因。"))
    pause()
    before = {"outcome": held.outcome, "outcome_on": held.outcome_on}
    held.outcome, held.outcome_on, held.reason = outcome, on, reason.strip()
    held.settled_by, held.settled_at = by, timezone.now()
    held.save()
    if outcome == RecallOutcome.RETURNED:
        _bring_back(held, by)
    else:
        _count_vacant(held, by)
    record(
        by, f"rotation.secondment.{outcome}", held.teacher, organisation=_school(held), before=before,
        after={"number": held.number, "outcome": outcome, "outcome_on": on}, reason=held.reason,
    )  # fmt: skip
    return held


def _bring_back(held: SecondmentRecall, by: User) -> None:
    """End what says that the teacher is away: the register's entry, the spell in the file, his not being in post."""
    on, teacher = held.outcome_on, held.teacher
    if on is None:
        return
    reason = _("按返回通知 %(number)s 返回") % {"number": held.number}
    lent = SecondmentEntry.objects.current().filter(teacher=teacher, direction="out")
    absent = NotInPostEntry.objects.current().filter(teacher=teacher, reason=AbsenceReason.LENT)
    for entry in (*lent, *absent):
        registers.end(entry, on=on, by=by, reason=reason)
    _set_in_post(held, here=True, on=on, why=Why(by, reason, f"recall:{held.pk}"))
    last_away = on - timedelta(days=1)
    for spell in overdue_spells(teacher.county, on).filter(teacher=teacher, start=held.start, end__lt=last_away):
        end_entry(spell, APPOINTMENTS, end=last_away, why=Why(by, reason, f"recall:{held.pk}"))


def _count_vacant(held: SecondmentRecall, by: User) -> None:
    values = {
        "reason": AbsenceReason.LENT.value, "since": held.end + timedelta(days=1), "due": None,
        "action_taken": _("返回通知 %(number)s；不能返回") % {"number": held.number},
    }  # fmt: skip
    on = held.outcome_on or timezone.localdate()
    registers.enter(NotInPostEntry, held.teacher, values, on=on, by=by, reason=held.reason)
    _set_in_post(held, here=False, on=on, why=Why(by, held.reason, f"recall:{held.pk}"))


def _set_in_post(held: SecondmentRecall, *, here: bool, on: date, why: Why) -> None:
    """Let the teacher's state say whether he is in post: needs and head-counts go by it."""
    state = TeacherState.objects.current().filter(teacher=held.teacher).first()
    if state is None or (state.in_post is not False) == here:
        return
    day = max(state.valid_from, on)
    change_state(held.teacher, {"in_post": here}, version=state.pk, on=day, why=why)


def _school(held: SecondmentRecall) -> Organisation:
    state = held.teacher.state
    return state.school if state is not None else held.teacher.county
