"""What is done to a teacher's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Dated, User
from junheng.web.records.audit import record
from junheng.web.records.models import AuditEvent
from junheng.web.staffing.actions import rows
from junheng.web.staffing.actions.rows import RefusedError, StaleError
from junheng.web.staffing.declared import STATE, Part
from junheng.web.staffing.intake.writing import lock_county
from junheng.web.staffing.models import Teacher, TeacherState

REVEALS_PER_HOUR = 20
REVEALED = "staffing.id_number.revealed"


class TooManyError(Exception):
    """More ID numbers were asked for in an hour than anybody needs."""


@dataclass(frozen=True, slots=True)
class Why:
    """Who changes something, on what ground, and whence it comes (``edit``, ``correction:5``)."""

    by: User
    reason: str = ""
    source: str = "edit"


@transaction.atomic
def change_state(
    teacher: Teacher, values: Mapping[str, Any], *, version: int, on: date | None, why: Why
) -> TeacherState:
    """Register that something changed from a day on, or, without a day, that it was wrong from the start.

    ``version`` is the key of the state that the author saw. Sending the same again changes nothing. Raises
    :class:`StaleError` when another state stands now, and :class:`RefusedError` for a day that makes no sense.
    """
    _hold(teacher)
    current = TeacherState.objects.current().filter(teacher=teacher).select_related("school", "teaching_school").first()
    if current is None:
        raise RefusedError(_("这位教师已离开，没有可以变动的现状。"))
    changed = rows.changes(current, values)
    if current.pk != version and changed:
        raise StaleError(current)
    if not changed:
        return current
    wrong = {name: getattr(current, name) for name in changed}
    names = [c.field for c in STATE.columns if STATE.attribute(c) in changed]
    before = STATE.plain(current, names=names)
    made = rows.replace(current, changed, on=on, source=why.source)
    earlier = rows.mend_before(current, wrong, changed, owner="teacher", source=why.source) if on is None else 0
    after = STATE.plain(made, names=names)
    action = "staffing.teacher.changed" if on is not None else "staffing.teacher.corrected"
    record(
        why.by, action, teacher, before=before, after=after, reason=why.reason, organisation=current.school,
        part=STATE.key, row=made.pk, valid_from=made.valid_from, source=why.source, earlier_rows=earlier,
    )  # fmt: skip
    return made


@transaction.atomic
def add_entry(teacher: Teacher, part: Part, values: Mapping[str, Any], *, why: Why) -> Any:
    """Add an entry to a part of the file; one that says the same already is given back instead."""
    _hold(teacher)
    present = part.model.objects.current().filter(teacher=teacher)
    same = next((row for row in present if not rows.changes(row, values)), None)
    if same is not None:
        return same
    if part.stands_alone and present.exists():
        raise StaleError(present.first())
    today = timezone.localdate()
    start = values.get("start")
    since = min(start, today) if isinstance(start, date) else today
    made = rows.add(part.model, {"teacher": teacher, **values}, since=since, source=why.source)
    _trace(why, "staffing.entry.added", teacher, part, after=made)
    return made


@transaction.atomic
def change_entry(
    entry: Dated, part: Part, values: Mapping[str, Any], *, on: date | None, why: Why,
    deed: str = "staffing.entry.corrected",
) -> Any:  # fmt: skip
    """Put an entry right, from its start or, for what holds once at a time, from a day on; see :func:`change_state`."""
    teacher = _hold(entry.teacher)  # type: ignore[attr-defined]
    current, made = rows.revise(entry, values, owner="teacher", on=on, source=why.source)
    if made != current:
        _trace(why, deed, teacher, part, before=current, after=made)
    return made


@transaction.atomic
def end_entry(entry: Dated, part: Part, *, end: date, why: Why) -> Any:
    """Register the last day of a spell."""
    start = getattr(entry, "start", None)
    if start is not None and end < start:
        raise RefusedError(_("不能早于开始日期 %(day)s。") % {"day": start}, "end")
    day = max(entry.valid_from, min(end + timedelta(days=1), timezone.localdate()))
    return change_entry(entry, part, {"end": end}, on=day, why=why, deed="staffing.entry.ended")


@transaction.atomic
def strike_entry(entry: Dated, part: Part, *, why: Why) -> None:
    """Register that an entry should never have been there: it holds on no day, and stays for whoever asks.

    Striking it again changes nothing.
    """
    teacher = _hold(entry.teacher)  # type: ignore[attr-defined]
    current = part.model.objects.get(pk=entry.pk)
    if current.valid_until is not None:
        if current.valid_until == current.valid_from and rows.successor(current, "teacher") is None:
            return
        raise StaleError(rows.successor(current, "teacher"))
    rows.close(current, current.valid_from)
    _trace(why, "staffing.entry.struck", teacher, part, before=current)


def _hold(teacher: Teacher) -> Teacher:
    """The teacher, with everything of the county in line behind, as an intake needs it too."""
    lock_county(teacher.county)
    return Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)


def _trace(why: Why, action: str, teacher: Teacher, part: Part, *, before: Any = None, after: Any = None) -> None:
    state = teacher.state
    record(
        why.by, action, teacher,
        before=part.plain(before) if before is not None else None,
        after=part.plain(after) if after is not None else None,
        reason=why.reason, organisation=state.school if state else teacher.county,
        part=part.key, row=(after or before).pk, source=why.source,
    )  # fmt: skip


@transaction.atomic
def reveal_id(teacher: Teacher, *, reason: str, by: User) -> str:
    """The teacher's ID number, once, for a reason that stays on record.

    Raises :class:`TooManyError` after :data:`REVEALS_PER_HOUR` in an hour.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    since = timezone.now() - timedelta(hours=1)
    if AuditEvent.objects.filter(author=by.username, action=REVEALED, at__gte=since).count() >= REVEALS_PER_HOUR:
        raise TooManyError
    state = teacher.state
    if state is None or not state.id_number:
        raise RefusedError(_("没有登记证件号码。"))
    record(by, REVEALED, teacher, reason=reason, organisation=state.school)
    return state.id_number


@transaction.atomic
def note_sensitive_view(teacher: Teacher, part: str, *, by: User) -> None:
    """Keep on record that somebody looked at a sensitive part of the file."""
    state = teacher.state
    record(by, "staffing.sensitive.viewed", teacher, organisation=state.school if state else teacher.county, part=part)


@transaction.atomic
def note_id_search(found: Teacher | None, *, by: User) -> None:
    """Keep on record that somebody looked for a teacher by an exact ID number, and whether anybody was found."""
    record(by, "staffing.id_number.searched", found, found=found is not None)
