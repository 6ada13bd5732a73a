"""What is done on the first day of an order's placements."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.records.jobs import Work, job_kind
from junheng.web.rotation.actions.headcounts import begin
from junheng.web.rotation.actions.ordering import BEGINS
from junheng.web.rotation.models import Order, Placement, PlacementStatus


@job_kind(BEGINS)
def begin_placements(work: Work) -> dict[str, Any]:
    """Changes the head-counts of both schools for every placement of an order that begins on the day, once.

    Each placement is a short transaction of its own: an order of hundreds must not keep others from writing. Whoever
    takes the work over goes on with those that have not begun.
    """
    order = Order.objects.select_related("year__county", "issued_by").get(pk=work.arguments["order"])
    start = date.fromisoformat(work.arguments["start"])
    today = timezone.localdate()
    rows = Placement.objects.filter(order_line__order=order, start=start, status=PlacementStatus.ORDERED)
    waiting, done = list(rows.order_by("pk")), []
    for number, each in enumerate(waiting, 1):
        done.append(begin(each, by=order.issued_by, today=today))
        work.progress(number, len(waiting))
    with work.finishing() as kept:
        kept["url"] = order.get_absolute_url()
        kept["facts"] = [
            [_("已变更人数"), str(sum(each is not None for each in done))],
            [_("未变更人数"), str(sum(each is None for each in done))],
        ]  # fmt: skip
    return kept
