"""Head-counts on the first day of a placement: rows in the personnel file of the teacher, and taking them back.

Without a move of the personnel relation the establishment stays at home and the teacher works at the host: a spell of
the kind of the exchange, and the host as the place of work. With it the host becomes the school of the establishment:
the regular post at home ends the day before and one at the host begins, beside the spell of exchange, which is what
rules about exchange count. A cadre then holds the new post as well.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from junheng.facts import SpellKind
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.races import pause
from junheng.web.rotation.models import Form, HeadCount, Placement, PlacementStatus
from junheng.web.staffing.actions.teachers import Why, add_entry, change_entry, change_state, strike_entry
from junheng.web.staffing.declared import TEACHER_PARTS
from junheng.web.staffing.models import AppointmentEntry, TeacherState

if TYPE_CHECKING:
    from junheng.web.directory.models import User

APPOINTMENTS = TEACHER_PARTS["appointments"]
SPELLS: dict[str, SpellKind] = {
    Form.ROTATION: SpellKind.EXCHANGE, Form.SUPPORT: SpellKind.SUPPORT, Form.REWARD: SpellKind.REWARD_EXCHANGE,
    Form.SUPERVISED: SpellKind.SUPERVISORY_EXCHANGE, Form.UPWARD: SpellKind.SHADOWING,
    Form.TEMPORARY: SpellKind.EXCHANGE, Form.POST: SpellKind.EXCHANGE,
}  # fmt: skip
"""The kind of spell in the file for each form of exchange."""


def locked(placement: Placement) -> Placement:
    """The placement, locked, with its year, schools and teacher."""
    found: Placement = (
        Placement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county", "from_school", "to_school", "teacher__county", "teacher__user")
        .get(pk=placement.pk)
    )
    return found


@transaction.atomic
def begin(placement: Placement, *, by: User, today: date) -> HeadCount | None:
    """Write the first day of an ordered placement into the file; done once, whoever asks how often.

    Nothing before that day, for a placement that is not ordered, or for somebody who has left the county's service.
    """
    held = locked(placement)
    done = HeadCount.objects.filter(placement=held, undone_at__isnull=True).first()
    if done is not None or held.status != PlacementStatus.ORDERED or today < held.start:
        return done
    state = TeacherState.objects.current().filter(teacher=held.teacher).first()
    if state is None:
        record(by, "rotation.placement.without_teacher", held, organisation=held.to_school)
        return None
    pause()
    why = Why(by, "", source_of(held))
    ended = _end_regular_post(held, why) if held.relation_moved else None
    if held.relation_moved:
        add_entry(held.teacher, APPOINTMENTS, _spell(held) | {"kind": SpellKind.POST.value, "end": None}, why=why)
    entry = add_entry(held.teacher, APPOINTMENTS, _spell(held), why=why)
    before = {
        "school": state.school_id, "teaching_school": state.teaching_school_id,
        "joined_current_school": state.joined_current_school.isoformat() if state.joined_current_school else None,
        "role": state.role, "terms_completed": state.terms_completed,
    }  # fmt: skip
    since = max(held.start, state.valid_from)
    change_state(held.teacher, _works(held), version=state.pk, on=since, why=why)
    made = HeadCount.objects.create(
        placement=held, since=since, before=before, entry=entry, ended=ended, at=timezone.now()
    )
    settle(held)
    record(
        by, "rotation.headcount.changed", held, organisation=held.to_school,
        before={"school": held.from_school.code},
        after={"school": held.to_school.code, "since": since, "relation_moved": held.relation_moved},
    )  # fmt: skip
    return made


def settle(placement: Placement) -> None:
    """Lets a placement serve once it has begun and the teacher has reported."""
    begun = HeadCount.objects.filter(placement=placement, undone_at__isnull=True).exists()
    if placement.status == PlacementStatus.ORDERED and placement.reported_on is not None and begun:
        placement.status = PlacementStatus.SERVING
        placement.save(update_fields=["status"])


@transaction.atomic
def take_back(placement: Placement, *, by: User, reason: str) -> bool:
    """Undo what :func:`begin` wrote, as never having held; False where it wrote nothing."""
    held = locked(placement)
    done = HeadCount.objects.filter(placement=held, undone_at__isnull=True).select_related("entry", "ended").first()
    if done is None:
        return False
    why = Why(by, reason, source_of(held))
    for each in (_present(done.entry), *_posts_at_host(held)):
        strike_entry(each, APPOINTMENTS, why=why)
    if done.ended is not None:
        change_entry(_present(done.ended), APPOINTMENTS, {"end": None}, on=None, why=why)
    state = TeacherState.objects.current().filter(teacher=held.teacher).first()
    if state is not None:
        change_state(held.teacher, _as_before(done, state, held), version=state.pk, on=None, why=why)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    record(
        by, "rotation.headcount.taken_back", held, organisation=held.to_school, reason=reason,
        before={"school": held.to_school.code}, after={"school": held.from_school.code},
    )  # fmt: skip
    return True


def source_of(placement: Placement) -> str:
    """What stands as the source of rows in the file."""
    return f"rotation:{placement.pk}"


def _spell(placement: Placement) -> dict[str, Any]:
    return {
        "school_id": placement.to_school.code, "school_name": placement.to_school.name,
        "kind": SPELLS[placement.form].value, "start": placement.start, "end": placement.end,
        "personnel_moved": placement.relation_moved,
    }  # fmt: skip


def _posts_at_host(placement: Placement) -> list[AppointmentEntry]:
    """The regular post that began at the host where the personnel relation moved along."""
    rows = AppointmentEntry.objects.current().filter(
        teacher=placement.teacher, kind=SpellKind.POST.value, school_id=placement.to_school.code,
        start=placement.start, personnel_moved=True,
    )  # fmt: skip
    return list(rows)


def _works(placement: Placement) -> dict[str, Any]:
    if not placement.relation_moved:
        return {"teaching_school": placement.to_school}
    there = {"school": placement.to_school, "teaching_school": None, "joined_current_school": placement.start}
    return there | ({"role": placement.role, "terms_completed": 0} if placement.role else {})


def _as_before(done: HeadCount, state: TeacherState, placement: Placement) -> dict[str, Any]:
    """What held before, of what still is as :func:`begin` left it."""
    found: dict[str, Any] = {}
    for name, value in _works(placement).items():
        if getattr(state, name) != value:
            continue
        kept = done.before[name]
        if name in {"role", "terms_completed"}:
            found[name] = kept
        elif name == "joined_current_school":
            found[name] = date.fromisoformat(kept) if kept else None
        else:
            found[name] = Organisation.objects.get(pk=kept) if kept else None
    return found


def _end_regular_post(placement: Placement, why: Why) -> AppointmentEntry | None:
    rows = AppointmentEntry.objects.current().filter(
        teacher=placement.teacher, kind=SpellKind.POST.value, school_id=placement.from_school.code, end__isnull=True,
        start__lt=placement.start,
    )  # fmt: skip
    row = rows.order_by("-start", "-pk").first()
    if row is None:
        return None
    last = placement.start - timedelta(days=1)
    made: AppointmentEntry = change_entry(row, APPOINTMENTS, {"end": last}, on=None, why=why)
    return made


def _present(entry: AppointmentEntry) -> AppointmentEntry:
    """What stands now in the place of an entry that may have been put right since."""
    if entry.valid_until is None:
        return entry
    rows = AppointmentEntry.objects.current().filter(
        teacher=entry.teacher_id, school_id=entry.school_id, kind=entry.kind, start=entry.start
    )
    found: AppointmentEntry = rows.order_by("-pk").first() or entry
    return found
