"""What waits for people in this room, and who may have the files that belong to it; read when the house is readied."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, standing_of
from junheng.web.records import attachments
from junheng.web.records.waiting import Counted
from junheng.web.staffing.models import Correction, EstablishmentPlan, PlanStep


def corrections_waiting(request: HttpRequest) -> list[Counted]:
    """Corrections that wait for the person's decision."""
    if not standing_of(request).allows(Permission.CORRECTIONS_DECIDE):
        return []
    rows = Correction.objects.open().within_reach_of(standing_of(request))
    return [Counted(_("待决定的更正"), reverse("staffing:corrections") + "?status=open", rows, kind="correction")]


@attachments.access("staffing.correction")
def may_see_evidence(standing: Any, key: str) -> bool:
    """Evidence is for whoever may see the correction."""
    return key.isdecimal() and Correction.objects.visible_to(standing).filter(pk=int(key)).exists()


@attachments.access("staffing.planstep")
def may_see_papers(standing: Any, key: str) -> bool:
    """What a body issued is for whoever may see the plan it decided on."""
    plans = EstablishmentPlan.objects.visible_to(standing)
    return key.isdecimal() and PlanStep.objects.filter(pk=int(key), plan__in=plans).exists()
