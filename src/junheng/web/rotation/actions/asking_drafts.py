"""What a teacher has begun to fill in and not handed in yet: a private note, of which the trail keeps nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.cycle import PhaseState, require_open, state_of
from junheng.web.rotation.models import ApplicationDraft, PhaseKind, RotationYear
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError


@transaction.atomic
def keep_draft(year: RotationYear, teacher: Teacher, values: dict[str, Any], *, at: datetime) -> ApplicationDraft:
    """Keep what has been filled in so far."""
    require_open(year, PhaseKind.APPLICATIONS, at=at)
    return _note(year, teacher, values, at)


def _note(year: RotationYear, teacher: Teacher, values: dict[str, Any], at: datetime) -> ApplicationDraft:
    """The same without a look at the time."""
    made, _new = ApplicationDraft.objects.update_or_create(
        year=year, teacher=teacher,
        defaults={"values_text": json.dumps(values, ensure_ascii=False, sort_keys=True), "saved_at": at},
    )  # fmt: skip
    return made


def draft_of(year: RotationYear, teacher: Teacher) -> tuple[dict[str, Any], datetime] | None:
    """What was kept, and when."""
    found = ApplicationDraft.objects.filter(year=year, teacher=teacher).first()
    return (json.loads(found.values_text), found.saved_at) if found is not None else None


@transaction.atomic
def keep_late(year: RotationYear, teacher: Teacher, values: dict[str, Any], *, at: datetime) -> bool:
    """Keep as a draft what came after the deadline, for the case that more time is given; whether it did so.

    It is not handed in, and nothing of it is kept for whoever could not have applied.
    """
    phase = year.phases.filter(kind=PhaseKind.APPLICATIONS).first()
    if phase is None or year.is_archived or state_of(phase, at) is not PhaseState.OVER:
        return False
    try:
        may_apply(year, teacher)
    except RefusedError:
        return False
    _note(year, teacher, values, at)
    return True


def drop_draft(year: RotationYear, teacher: Teacher) -> None:
    """Nothing is left of it once the application is handed in."""
    ApplicationDraft.objects.filter(year=year, teacher=teacher).delete()
