"""What is done to a school's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Dated, Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.actions import rows
from junheng.web.staffing.actions.rows import RefusedError, StaleError
from junheng.web.staffing.actions.teachers import Why
from junheng.web.staffing.declared import SCHOOL_STATE, Part
from junheng.web.staffing.intake.writing import lock_county
from junheng.web.staffing.models import SchoolState

ONCE: dict[str, tuple[str, ...]] = {
    "enrolment": ("stage", "grade"), "requirements": ("stage", "subject"), "resources": ("stage",),
}  # fmt: skip
"""Columns that tell the rows of a part apart: a school has one row of each."""


@transaction.atomic
def change_school(
    school: Organisation, values: Mapping[str, Any], *, version: int, on: date | None, why: Why
) -> SchoolState:
    """Register that something about a school changed from a day on, or was wrong; as for a teacher's state."""
    _hold(school)
    current = SchoolState.objects.current().filter(school=school).select_related("cluster").first()
    if current is None:
        raise RefusedError(_("这所学校已撤销，没有可以变动的现状。"))
    changed = rows.changes(current, values)
    if current.pk != version and changed:
        raise StaleError(current)
    if not changed:
        return current
    wrong = {name: getattr(current, name) for name in changed}
    names = [c.field for c in SCHOOL_STATE.columns if SCHOOL_STATE.attribute(c) in changed]
    before = SCHOOL_STATE.plain(current, names=names)
    made: SchoolState = rows.replace(current, changed, on=on, source=why.source)
    earlier = rows.mend_before(current, wrong, changed, owner="school", source=why.source) if on is None else 0
    record(
        why.by, "staffing.school.changed" if on is not None else "staffing.school.corrected", school,
        before=before, after=SCHOOL_STATE.plain(made, names=names), reason=why.reason, organisation=school,
        part=SCHOOL_STATE.key, row=made.pk, valid_from=made.valid_from, source=why.source, earlier_rows=earlier,
    )  # fmt: skip
    return made


@transaction.atomic
def add_school_entry(school: Organisation, part: Part, values: Mapping[str, Any], *, since: date, why: Why) -> Any:
    """Add a row to a part of a school's file; one that says the same already is given back instead.

    Raises :class:`StaleError` with the row that stands already for the same grade, subject or stage.
    """
    _hold(school)
    present = list(part.model.objects.current().filter(school=school))
    same = next((row for row in present if not rows.changes(row, values)), None)
    if same is not None:
        return same
    once = ONCE.get(part.key, ())
    twin = next((row for row in present if once and all(getattr(row, n) == values[n] for n in once)), None)
    if twin is not None:
        raise StaleError(twin)
    made = rows.add(part.model, {"school": school, **values}, since=min(since, timezone.localdate()), source=why.source)
    _trace(why, "staffing.school_entry.added", school, part, after=made)
    return made


@transaction.atomic
def change_school_entry(entry: Dated, part: Part, values: Mapping[str, Any], *, on: date | None, why: Why) -> Any:
    """Change a row of a school's file from a day on, or put it right from its start."""
    school = _hold(entry.school)  # type: ignore[attr-defined]
    current, made = rows.revise(entry, values, owner="school", on=on, source=why.source)
    if made != current:
        _trace(why, "staffing.school_entry.corrected", school, part, before=current, after=made)
    return made


@transaction.atomic
def strike_school_entry(entry: Dated, part: Part, *, on: date | None, why: Why) -> None:
    """Let a row end from a day on or, without a day, register that it should never have been there."""
    school = _hold(entry.school)  # type: ignore[attr-defined]
    current = part.model.objects.get(pk=entry.pk)
    if current.valid_until is not None:
        if rows.successor(current, "school") is None:
            return
        raise StaleError(rows.successor(current, "school"))
    rows.close(current, rows.check_day(current, on))
    _trace(why, "staffing.school_entry.struck", school, part, before=current)


def _hold(school: Organisation) -> Organisation:
    """The school, with everything of the county in line behind, as an intake needs it too."""
    if school.county is not None:
        lock_county(school.county)
    return Organisation.objects.select_for_update(no_key=True, of=("self",)).get(pk=school.pk)


def _trace(why: Why, action: str, school: Organisation, part: Part, *, before: Any = None, after: Any = None) -> None:
    record(
        why.by, action, school,
        before=part.plain(before) if before is not None else None,
        after=part.plain(after) if after is not None else None,
        reason=why.reason, organisation=school, part=part.key, row=(after or before).pk, source=why.source,
    )  # fmt: skip
