"""The way of data in: a county's facts become dated rows, closed and added, never overwritten, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction

from junheng import facts
from junheng.documents import Phrase
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import Trace, record, record_many
from junheng.web.staffing import snapshot
from junheng.web.staffing.intake.plans import IntakeRefusedError, Plan, fingerprint_of, plan_for
from junheng.web.staffing.intake.writing import lock_county, write
from junheng.web.staffing.models import Snapshot
from junheng.web.staffing.resting import trail_length


class CountyChangedError(IntakeRefusedError):
    """Somebody else has written since the county was compared with the file."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a county in: rows closed and added, and the snapshot of what now holds."""

    closed: int
    added: int
    snapshot: Snapshot


def take_in(county: Organisation, target: facts.County, *, by: Any, source: str) -> Taken:
    """Make the tables say, from ``target.on``, what ``target`` says of the whole county; one transaction.

    What is the same stays; taking in the same county again writes nothing. ``source`` is kept on every row added.
    Raises :class:`IntakeRefusedError` for another county's data, a day before the county's latest, and when somebody
    else wrote meanwhile.
    """
    seen = fingerprint_of(county)
    plan = plan_for(county, target)
    with transaction.atomic():
        return carry_out(plan, seen, by=by, source=source)


def carry_out(plan: Plan, seen: str, *, by: Any, source: str) -> Taken:
    """Write a plan made when the county looked like ``seen``, with its traces and snapshot; inside a transaction."""
    county = lock_county(plan.county)
    if fingerprint_of(county) != seen:
        raise CountyChangedError(
            Phrase(
                "预演之后本县数据又有变动，未写入；请重新预演后再确认",
                "the county's data have changed since they were compared, nothing was written; rehearse again",
            )
        )
    closed, added = plan.rows()
    since = None
    if not plan.is_empty:
        moved = write(plan, source=source)
        for new, places in groupby(moved, key=lambda each: not each[1]):
            record_many(
                by, "staffing.organisation.taken_in" if new else "staffing.organisation.changed_by_intake",
                (
                    Trace(place, before or None, after, organisation=county, details={"source": source})
                    for place, before, after in places
                ),
            )  # fmt: skip
        record(
            by, "staffing.county.taken_in", county, organisation=county, on=plan.on, source=source,
            closed=closed, added=added,
        )  # fmt: skip
        since = trail_length()
    return Taken(closed, added, snapshot.keep(county, plan.target, plan.digest, by, source=source, since=since))


__all__ = [
    "CountyChangedError",
    "IntakeRefusedError",
    "Plan",
    "Taken",
    "carry_out",
    "fingerprint_of",
    "plan_for",
    "take_in",
]
