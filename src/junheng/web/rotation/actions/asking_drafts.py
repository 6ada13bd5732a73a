"""What a teacher has begun to fill in and not handed in yet: a private note, of which the trail keeps nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import ApplicationDraft, PhaseKind, RotationYear
from junheng.web.staffing.models import Teacher


@transaction.atomic
def keep_draft(year: RotationYear, teacher: Teacher, values: dict[str, Any], *, at: datetime) -> ApplicationDraft:
    """Keep what has been filled in so far."""
    require_open(year, PhaseKind.APPLICATIONS, at=at)
    made, _new = ApplicationDraft.objects.update_or_create(
        year=year, teacher=teacher,
        defaults={"values_text": json.dumps(values, ensure_ascii=False, sort_keys=True), "saved_at": at},
    )  # fmt: skip
    return made


def draft_of(year: RotationYear, teacher: Teacher) -> tuple[dict[str, Any], datetime] | None:
    """What was kept, and when."""
    found = ApplicationDraft.objects.filter(year=year, teacher=teacher).first()
    return (json.loads(found.values_text), found.saved_at) if found is not None else None


def drop_draft(year: RotationYear, teacher: Teacher) -> None:
    """Nothing is left of it once the application is handed in."""
    ApplicationDraft.objects.filter(year=year, teacher=teacher).delete()
