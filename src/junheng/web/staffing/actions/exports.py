"""Verbs of files of the county: ask for one, fetch it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.jobs import enqueue
from junheng.web.staffing.models import CountyExport


def ask(county: Organisation, kind: str, on: date, *, reason: str, key: str, by: Any) -> CountyExport:
    """Ask for a file of the county; the same form sent twice asks once."""
    try:
        with transaction.atomic():
            made = CountyExport.objects.create(county=county, kind=kind, on=on, reason=reason, key=key, asked_by=by)
            made.job = enqueue(
                "staffing.export.make", {"export": made.pk}, title=str(made), by=by, organisation=county, subject=made,
                once=f"staffing.export.make:{made.pk}",
            )  # fmt: skip
            made.save()
            record(by, "staffing.county.export_asked", county, organisation=county, reason=reason, kind=kind, on=on)
    except IntegrityError:
        return CountyExport.objects.get(asked_by=by, key=key)
    return made


@transaction.atomic
def fetch(export: CountyExport, *, by: Any) -> CountyExport:
    """Write down that a file is fetched, before it leaves."""
    CountyExport.objects.filter(pk=export.pk).update(fetched=F("fetched") + 1)
    record(
        by, "staffing.county.export_fetched", export.county, organisation=export.county, reason=export.reason,
        kind=export.kind, on=export.on, teachers=export.rows,
    )  # fmt: skip
    return export
