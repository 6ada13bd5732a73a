"""Every night: whoever has not reported for duty is told of, once for each tier of lateness that the pack knows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from junheng.web.records.jobs import Work, nightly
from junheng.web.records.models import Notification
from junheng.web.records.notifying import notify
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.addressees import both_sides, bureau
from junheng.web.rotation.lateness import Lateness, latenesses
from junheng.web.rotation.models import Placement, PlacementStatus, RotationYear

SAID = {
    None: gettext_noop("%(who)s应于 %(day)s 前到%(school)s报到，已逾期 %(days)s 天。"),
    "admonition": gettext_noop("%(who)s逾期 %(days)s 天未到%(school)s报到，按政策应予告诫。"),
    "termination": gettext_noop("%(who)s逾期 %(days)s 天未到%(school)s报到，按政策应解除聘用合同，须经法制审核。"),
}
"""What is told on the first day, and when a paper becomes due."""


@nightly("rotation.reporting.watch", title=gettext_lazy("查看交流教师是否逾期报到"), at=time(1, 40))
def watch_arrivals(work: Work) -> dict[str, Any]:
    """Tells both schools and the bureau of each teacher who is late, from the first day, and at each further tier."""
    with work.finishing() as kept:
        told = chase(timezone.localdate())
        kept["facts"] = [[_("逾期提醒"), str(told)]]
    return kept


def chase(today: date) -> int:
    """Tells of those who are late on a day what has not been told yet; gives of how many."""
    by_year: defaultdict[int, list[Placement]] = defaultdict(list)
    rows = Placement.objects.filter(
        status=PlacementStatus.ORDERED, reported_on__isnull=True, order_line__order__report_by__lt=today,
        year__archived_at__isnull=True,
    )  # fmt: skip
    related = ("teacher__user", "to_school", "order_line__order", "year__county")
    for each in rows.with_names().select_related(*related).order_by("pk"):
        by_year[each.year_id].append(each)
    return sum(_chase_of(late[0].year, late, today) for late in by_year.values())


def _chase_of(year: RotationYear, rows: list[Placement], today: date) -> int:
    found = latenesses(pack_of(year), year, [each.order_line.order.report_by for each in rows], today)
    return sum(_tell(each, late) for each, late in zip(rows, found, strict=True))


def _tell(placement: Placement, late: Lateness) -> bool:
    kind = f"rotation.late.{late.paper.value if late.paper else 'first'}"
    url = placement.get_absolute_url()
    if Notification.objects.filter(kind=kind, url=url).exists():
        return False
    values = {
        "who": placement.teacher_name, "school": placement.to_school.shown, "days": late.days,
        "day": placement.order_line.order.report_by.isoformat(),
    }  # fmt: skip
    message = SAID[late.paper.value if late.paper else None]
    notify([*both_sides(placement), *bureau(placement)], kind, message, values, url)
    return True
