"""Which snapshot the figures of a county rest on: the last one fixed for their day, if nothing was recorded since."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from junheng.web.directory.models import Organisation
from junheng.web.records.models import AuditEvent, AuditHead

FIXED = ("staffing.snapshot.taken", "staffing.snapshot.confirmed")
_OF_FACTS = ("staffing.", "directory.organisation.", "directory.tie.")
_OF_PAPER = (
    "staffing.snapshot.", "staffing.intake.", "staffing.mapping.", "staffing.county.export", "staffing.id_number.",
    "staffing.sensitive.", "staffing.correction.requested", "staffing.correction.withdrawn", "staffing.document.",
    "staffing.verification.",
)  # fmt: skip
"""What is recorded without a fact being touched; of all else it is assumed that one may have been."""


def trail_length() -> int:
    """The number of the last row of the trail: whatever is read from now on holds everything up to it."""
    return AuditHead.objects.values_list("number", flat=True).get(pk=1)


def snapshot_behind(county: Organisation, on: date) -> str:
    """The id of the snapshot that the county's figures of the day rest on; blank where none is known to."""
    fixed = AuditEvent.objects.filter(
        action__in=FIXED, organisation_key=county.pk, details__on=on.isoformat(), details__last_row__gte=0
    )
    last = fixed.order_by("-number").values_list("object_id", "details").first()
    if last is None:
        return ""
    within = Organisation.objects.filter(Q(pk=county.pk) | Q(county=county))
    later = AuditEvent.objects.filter(_begins(_OF_FACTS), number__gt=last[1]["last_row"]).exclude(_begins(_OF_PAPER))
    touched = later.filter(Q(organisation_key__isnull=True) | Q(organisation_key__in=within.values("pk")))
    return "" if touched.exists() else str(last[0])


def _begins(words: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(action__startswith=word) for word in words))
