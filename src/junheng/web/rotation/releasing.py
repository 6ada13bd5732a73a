"""Whether a supervisory exchange (督导性交流) may end: the pack's condition, asked with what is on record."""

from __future__ import annotations

from datetime import date
from typing import Any

from junheng.web.rotation import asked, counting
from junheng.web.rotation.models import Form, Placement
from junheng.web.staffing.models import AssessmentEntry

RELEASE = "release"


def rank_on_record(placement: Placement) -> tuple[int | None, int | None]:
    """Rank and number of those ranked in the teacher's last assessment since the placement began."""
    rows = AssessmentEntry.objects.current().filter(teacher=placement.teacher_id, year__gte=placement.start.year)
    found = rows.exclude(rank__isnull=True).order_by("-year", "-pk").first()
    return (found.rank, found.of) if found is not None else (None, None)


def release(placement: Placement, on: date, *, rank: int | None = None, of: int | None = None) -> asked.Answer | None:
    """What the pack says of ending the placement on a day; ``None`` where it has no condition for its form.

    Without a rank the one on record is taken; where there is none either, the answer is unknown and names it.
    """
    if placement.form != Form.SUPERVISED:
        return None
    if rank is None or of is None:
        rank, of = rank_on_record(placement)
    facts: dict[str, Any] = {"months_served": counting.service_of(placement, on).counted}
    if rank is not None:
        facts |= {"rank": rank}
    if of is not None:
        facts |= {"of": of}
    return asked.put(placement.year, "supervisory_release", facts)


def may_end(placement: Placement, on: date) -> asked.Answer | None:
    """``None`` where the placement ends by its date; else the pack's answer that keeps it from ending."""
    answer = release(placement, on)
    return None if answer is None or answer.verdict == RELEASE else answer
