"""Verbs of saved mappings: save one for a roster, retire one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from junheng.web.records.audit import record
from junheng.web.staffing.intake.rehearsing import headers_fingerprint
from junheng.web.staffing.models import Intake, SavedMapping


class NameTakenError(ValueError):
    """A mapping of this name is in use in the county."""


def save(intake: Intake, name: str, text: str, *, by: Any) -> SavedMapping:
    """Keep a mapping for rosters with the headers of this intake, in place of one of that name.

    Raises :class:`NameTakenError` where another roster's mapping bears the name.
    """
    try:
        with transaction.atomic():
            same = SavedMapping.objects.filter(county=intake.county, name=name, retired_at__isnull=True)
            same.filter(fingerprint=headers_fingerprint(intake.headers)).update(retired_at=timezone.now())
            made = SavedMapping.objects.create(
                county=intake.county, name=name, text=text, headers=intake.headers,
                fingerprint=headers_fingerprint(intake.headers), created_by=by,
            )  # fmt: skip
            record(by, "staffing.mapping.saved", made, organisation=intake.organisation, text=text)
    except IntegrityError:
        raise NameTakenError(name) from None
    return made


@transaction.atomic
def retire(mapping: SavedMapping, *, by: Any) -> None:
    """Take a mapping out of use; intakes that used it keep it."""
    if not SavedMapping.objects.filter(pk=mapping.pk, retired_at__isnull=True).update(retired_at=timezone.now()):
        return
    record(by, "staffing.mapping.retired", mapping, organisation=mapping.county)
