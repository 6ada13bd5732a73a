"""The end: how far outcomes are, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, Waiting, provide
from junheng.web.rotation.actions.archiving import pieces
from junheng.web.rotation.actions.holding import SERVED, TO_THE_END, is_time_for, runs_until
from junheng.web.rotation.cycle import Part, PhaseState, ToCount, progress, running_years, state_of
from junheng.web.rotation.models import (
    Certificate,
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


@progress(PhaseKind.ASSESSMENT)
def outcomes_archived(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Outcomes archived of those whom the schools host."""
    rows = Placement.objects.filter(year=year, status__in=SERVED, to_school__in=schools)
    part = Part(rows, "to_school", Q(outcome__stage=OutcomeStage.ARCHIVED))
    url = reverse("rotation:outcomes", args=(year.pk,))
    return ToCount.of(_("期满考核已归档"), part, _("接收学校、学区和县局"), url, also_empty=False)


@provide
def outcomes_waiting(request: HttpRequest) -> Iterable[Waiting | Counted]:
    """Outcomes to sign, to audit, to propose again; objections to answer; the summary to write."""
    standing = standing_of(request)
    if not any(standing.allows(each) for each in (Permission.ROTATION_OWN, Permission.ROTATION_VIEW)):
        return
    for year in running_years(request):
        yield from _of_year(standing, year)


def _of_year(standing: Any, year: RotationYear) -> Iterable[Waiting | Counted]:
    url = reverse("rotation:outcomes", args=(year.pk,))
    within = standing.organisations
    yield from _own_summary(standing, year)
    ended = Placement.objects.filter(year=year, status__in=(PlacementStatus.ENDED, PlacementStatus.EARLY))
    to_assess = ended.filter(
        to_school__in=within(Permission.ROTATION_SIGN), summary__isnull=False, outcome__isnull=True
    )
    yield Counted(
        _("待提出的期满考核"), lambda first, _last: reverse("rotation:service", args=(year.pk, first)) + "#ending",
        to_assess, kind="rotation.outcome.propose",
    )  # fmt: skip
    found = Outcome.objects.filter(placement__year=year)
    sign = found.filter(stage=OutcomeStage.CLUSTER, placement__to_school__in=within(Permission.ROTATION_CLUSTER))
    yield Counted(_("待签署的期满考核"), url, sign, kind="rotation.outcome.sign")
    again = found.filter(stage=OutcomeStage.HOST, placement__to_school__in=within(Permission.ROTATION_SIGN))
    yield Counted(_("退回的期满考核"), url, again, kind="rotation.outcome.host")
    if year.county_id in within(Permission.ROTATION_REVIEW):
        audit = found.filter(stage=OutcomeStage.BUREAU)
        yield Counted(_("待审定的期满考核"), url, audit, kind="rotation.outcome.audit")
        objections = OutcomeObjection.objects.filter(outcome__placement__year=year, answered_at__isnull=True)
        certified = Certificate.objects.filter(placement=OuterRef("pk"), revoked_at__isnull=True)
        to_certify = ended.filter(outcome__stage=OutcomeStage.ARCHIVED).exclude(Exists(certified))
        yield Counted(_("待出具的交流服务证明"), url, to_certify, kind="rotation.certificate")
        yield Counted(_("待复核的考核异议"), url, objections, kind="rotation.outcome.objection")
    if year.county_id in within(Permission.ROTATION_ADOPT):
        yield from _to_archive(year)


def _own_summary(standing: Any, year: RotationYear) -> Iterable[Waiting]:
    """The summary of one's own placement that has ended."""
    user, now = getattr(standing, "user", None), timezone.now()
    if user is None or not standing.allows(Permission.ROTATION_OWN):
        return
    over = (PlacementStatus.ENDED, PlacementStatus.EARLY)
    for own in Placement.objects.filter(year=year, teacher__user=user, status__in=over, summary__isnull=True):
        if is_time_for(year, runs_until(own, now), *TO_THE_END, at=now):
            url = reverse("rotation:service_add", args=(year.pk, own.pk, "summary"))
            yield Waiting(_("待提交的交流总结"), url, 1, kind="rotation.summary")


def _to_archive(year: RotationYear) -> Iterable[Waiting]:
    """A year that lacks nothing more, in its phase of the archive."""
    now = timezone.now()
    phase = next((each for each in year.phases.all() if each.kind == PhaseKind.ARCHIVE), None)
    if phase is None or state_of(phase, now) is not PhaseState.OPEN:
        return
    if not any(each.required and each.missing for each in pieces(year, now)):
        url, last = (
            reverse("rotation:archive", args=(year.pk,)),
            timezone.localdate(phase.closes - timedelta(seconds=1)),
        )
        yield Waiting(_("待归档的年度"), url, 1, last, kind="rotation.year.archive")
