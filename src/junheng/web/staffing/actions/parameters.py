"""The county's own establishment parameters, changed from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.models import EstablishmentSettings

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def set_parameters(
    county: Organisation, values: Mapping[str, Any], *, valid_from: date, by: User, reason: str
) -> EstablishmentSettings:
    """Close the parameters in force and set others from a day; the same again changes nothing."""
    Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)
    held = EstablishmentSettings.objects.current().filter(county=county).first()
    before = {name: getattr(held, name) for name in values} if held is not None else {}
    changed = [name for name, value in values.items() if held is None or before[name] != value]
    if held is not None and not changed and held.valid_from <= valid_from:
        return held
    if held is not None:
        EstablishmentSettings.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, valid_from))
    made = EstablishmentSettings.objects.create(county=county, valid_from=valid_from, source="edit", **values)
    record(
        by, "staffing.parameters.set", made, before={n: before[n] for n in changed if n in before},
        after={n: values[n] for n in changed} | {"valid_from": valid_from}, reason=reason, organisation=county,
    )  # fmt: skip
    return made
