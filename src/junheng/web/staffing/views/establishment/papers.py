"""The papers of a plan: what the bodies issued, attached to the steps that record their decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from junheng.web.records.models import Attachment
from junheng.web.staffing.models import PlanStep


def papers_of(steps: Iterable[PlanStep]) -> list[dict[str, Any]]:
    """Files with the step each belongs to, in the order of the steps; in one query however many steps there are."""
    by_key = {str(step.pk): step for step in steps}
    held = Attachment.objects.filter(
        owner_kind=PlanStep._meta.label_lower, owner_id__in=by_key, withdrawn_at__isnull=True
    ).order_by("pk")
    found = [{"file": each, "step": by_key[each.owner_id]} for each in held]
    return sorted(found, key=lambda paper: list(by_key).index(str(paper["step"].pk)))
