"""The end: how far outcomes are, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, provide
from junheng.web.rotation.cycle import Part, ToCount, progress, running_years
from junheng.web.rotation.models import (
    Outcome,
    OutcomeObjection,
    OutcomeStage,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
)

register(
    {
        "rotation.summary.submitted": gettext_lazy("提交交流总结"),
        "rotation.outcome.proposed": gettext_lazy("提出期满考核"),
        "rotation.outcome.signed": gettext_lazy("学区签署"),
        "rotation.outcome.returned": gettext_lazy("退回期满考核"),
        "rotation.outcome.archived": gettext_lazy("审定归档"),
        "rotation.outcome.objected": gettext_lazy("对等次提出异议"),
        "rotation.outcome.objection_answered": gettext_lazy("复核异议"),
        "rotation.certificate.issued": gettext_lazy("出具交流服务证明"),
        "rotation.certificate.revoked": gettext_lazy("作废交流服务证明"),
        "rotation.year.archived": gettext_lazy("归档本年度"),
    },
    kinds={"rotation.certificate": gettext_lazy("交流服务证明")},
)
_SERVED = (PlacementStatus.SERVING, PlacementStatus.ENDED, PlacementStatus.EARLY)


@progress(PhaseKind.ASSESSMENT)
def outcomes_archived(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Outcomes archived of those whom the schools host."""
    rows = Placement.objects.filter(year=year, status__in=_SERVED, to_school__in=schools)
    part = Part(rows, "to_school", Q(outcome__stage=OutcomeStage.ARCHIVED))
    url = reverse("rotation:outcomes", args=(year.pk,))
    return ToCount.of(_("期满考核已归档"), part, _("接收学校、学区和县局"), url, also_empty=False)


@provide
def outcomes_waiting(request: HttpRequest) -> Iterable[Counted]:
    """Outcomes to sign, to audit, to propose again; objections to answer; the summary to write."""
    standing = standing_of(request)
    if not any(standing.allows(each) for each in (Permission.ROTATION_OWN, Permission.ROTATION_VIEW)):
        return
    for year in running_years(request):
        yield from _of_year(standing, year)


def _of_year(standing: Any, year: RotationYear) -> Iterable[Counted]:
    url = reverse("rotation:outcomes", args=(year.pk,))
    within = standing.organisations
    found = Outcome.objects.filter(placement__year=year)
    sign = found.filter(stage=OutcomeStage.CLUSTER, placement__to_school__in=within(Permission.ROTATION_CLUSTER))
    yield Counted(_("待签署的期满考核"), url, sign, kind="rotation.outcome.sign")
    again = found.filter(stage=OutcomeStage.HOST, placement__to_school__in=within(Permission.ROTATION_SIGN))
    yield Counted(_("退回的期满考核"), url, again, kind="rotation.outcome.host")
    if year.county_id in within(Permission.ROTATION_REVIEW):
        audit = found.filter(stage=OutcomeStage.BUREAU)
        yield Counted(_("待审定的期满考核"), url, audit, kind="rotation.outcome.audit")
        objections = OutcomeObjection.objects.filter(outcome__placement__year=year, answered_at__isnull=True)
        yield Counted(_("待复核的考核异议"), url, objections, kind="rotation.outcome.objection")
