"""The end of a placement in the tables: status and dates here, the spell and the place of work in the personnel file.

Both head-counts follow from the file: the spell at the host ends, and the teacher works at home again. A personnel
relation that was moved along stays where it is; to move it back takes an order of its own.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.records.audit import record
from junheng.web.rotation.actions.cadres import end_term_of
from junheng.web.rotation.models import Placement, PlacementStatus
from junheng.web.staffing.actions.teachers import Why, change_entry, change_state, end_entry
from junheng.web.staffing.declared import TEACHER_PARTS
from junheng.web.staffing.models import AppointmentEntry, TeacherState
from junheng.web.staffing.models.teachers import AWAY
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

APPOINTMENTS = TEACHER_PARTS["appointments"]


def spell_of(placement: Placement) -> AppointmentEntry | None:
    """The spell in the personnel file that the placement is: at the host, of a kind away, begun on its first day."""
    rows = AppointmentEntry.objects.current().filter(
        kind__in=AWAY, teacher=placement.teacher_id, school_id=placement.to_school.code, start=placement.start
    )
    found: AppointmentEntry | None = rows.order_by("-pk").first()
    return found


@transaction.atomic
def end_placement(placement: Placement, on: date, by: User | None, reason: str) -> Placement:
    """End a placement with ``on`` as its last day of service, not later than today; one kept on ends past its end.

    Ending it again with the same day changes nothing. Raises :class:`RefusedError` for a day that makes no sense.
    """
    held = _held(placement)
    if held.status in {PlacementStatus.ENDED, PlacementStatus.EARLY} and held.ended_on == on:
        return held
    if held.status != PlacementStatus.SERVING:
        raise RefusedError(_("这项交流任务现在的状态是“%(status)s”，不在岗，不能办理。") % {
            "status": held.get_status_display(),
        })  # fmt: skip
    if not held.start <= on <= max(held.end, timezone.localdate()):
        raise RefusedError(_("结束日期应在交流期间（%(start)s 至 %(end)s）。") % {"start": held.start, "end": held.end})
    if on > timezone.localdate():
        raise RefusedError(_("结束日期 %(day)s 还没有到；到了那天再办理。") % {"day": on})
    before = {"status": held.status, "end": held.end}
    held.status = PlacementStatus.EARLY if on < held.end else PlacementStatus.ENDED
    held.ended_on = on
    held.save(update_fields=["status", "ended_on"])
    _close_spell(held, on, by, reason)
    if on < held.end:
        end_term_of(held, on=on, reason=reason, by=by)
    record(
        by, "rotation.placement.ended", held, before=before, after={"status": held.status, "ended_on": on},
        reason=reason, organisation=held.to_school,
    )  # fmt: skip
    return held


@transaction.atomic
def extend_placement(placement: Placement, until: date, by: User | None, reason: str) -> Placement:
    """Give a placement that serves another last day: later, or earlier but not yet past.

    The spell in the personnel file, where it names its end, follows. Raises :class:`RefusedError`.
    """
    held = _held(placement)
    if held.status != PlacementStatus.SERVING:
        raise RefusedError(_("这项交流任务现在的状态是“%(status)s”，不在岗，不能办理。") % {
            "status": held.get_status_display(),
        })  # fmt: skip
    if until < max(held.start, timezone.localdate()):
        raise RefusedError(_("新的结束日期 %(day)s 已经过去。") % {"day": until})
    before, held.end = {"end": held.end}, until
    held.save(update_fields=["end"])
    spell = spell_of(held)
    if spell is not None and spell.end is not None and spell.end != until:
        _from_today(spell, until, _why(by, reason, held))
    record(
        by, "rotation.placement.end_moved", held, before=before, after={"end": until}, reason=reason,
        organisation=held.to_school,
    )  # fmt: skip
    return held


@transaction.atomic
def keep_going(placement: Placement, reason: str) -> Placement:
    """Let a placement go on past its end until it is released or decided on: its spell in the file stays open."""
    held = _held(placement)
    spell = spell_of(held)
    if spell is not None and spell.end is not None:
        _from_today(spell, None, _why(None, reason, held))
    record(
        None, "rotation.placement.kept_on", held, organisation=held.to_school, reason=reason,
        after={"past": held.end},
    )  # fmt: skip
    return held


def _held(placement: Placement) -> Placement:
    return (
        Placement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county", "from_school", "to_school", "teacher__county", "teacher__user")
        .get(pk=placement.pk)
    )


def _why(by: Any, reason: str, placement: Placement) -> Why:
    return Why(by, reason, f"rotation:{placement.pk}")


def _from_today(spell: AppointmentEntry, end: date | None, why: Why) -> None:
    """Give a spell another end from today on: what was known on earlier days, and rests in snapshots, stays."""
    day = max(spell.valid_from, timezone.localdate())
    change_entry(spell, APPOINTMENTS, {"end": end}, on=day, why=why)


def _close_spell(placement: Placement, on: date, by: User | None, reason: str) -> None:
    why = _why(by, reason, placement)
    spell = spell_of(placement)
    if spell is not None and spell.end != on:
        end_entry(spell, APPOINTMENTS, end=on, why=why)
    state = TeacherState.objects.current().filter(teacher=placement.teacher_id).first()
    if state is None or state.teaching_school_id != placement.to_school_id or state.school_id == placement.to_school_id:
        return
    day = max(state.valid_from, min(on + timedelta(days=1), timezone.localdate()))
    change_state(placement.teacher, {"teaching_school": None}, version=state.pk, on=day, why=why)
