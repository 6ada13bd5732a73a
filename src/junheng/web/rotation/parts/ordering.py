"""Orders, hand-over and reporting for duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from junheng.web.access import Permission, standing_of
from junheng.web.records.labels import register
from junheng.web.records.notifying import notify
from junheng.web.records.waiting import Counted, Waiting, provide
from junheng.web.rotation import beginning, chasing  # noqa: F401 - register the work of a first day and of nights
from junheng.web.rotation.addressees import BUREAU, SCHOOL, offices
from junheng.web.rotation.cycle import Part, ToCount, progress, running_years, when
from junheng.web.rotation.models import (
    Caution,
    CautionKind,
    Phase,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
    StepKind,
    Turn,
)

register(
    {
        "rotation.placement.planned": gettext_lazy("形成交流任务"),
        "rotation.placement.replaced": gettext_lazy("按新方案取消交流任务"),
        "rotation.placement.without_teacher": gettext_lazy("教师已离开，未变更人数"),
        "rotation.order.issued": gettext_lazy("签发调配文件"),
        "rotation.order.changed": gettext_lazy("更改调配"),
        "rotation.order.revoked": gettext_lazy("撤销调配"),
        "rotation.headcount.changed": gettext_lazy("变更两校人数"),
        "rotation.headcount.taken_back": gettext_lazy("撤回两校人数变更"),
        "rotation.formality.done": gettext_lazy("办理交接手续"),
        "rotation.formality.struck": gettext_lazy("撤回交接手续"),
        "rotation.work.arranged": gettext_lazy("安排交流教师工作"),
        "rotation.arrival.confirmed": gettext_lazy("确认报到"),
        "rotation.caution.drafted": gettext_lazy("拟写逾期报到文书"),
        "rotation.caution.reviewed": gettext_lazy("法制审核"),
        "rotation.caution.issued": gettext_lazy("发出逾期报到文书"),
    },
    kinds={"rotation.order": gettext_lazy("调配文件"), "rotation.placement": gettext_lazy("交流任务")},
)


@progress(PhaseKind.ORDERS)
def ordered(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """How many placements of the schools have been ordered."""
    rows = Placement.objects.filter(year=year, from_school__in=schools).exclude(status=PlacementStatus.CANCELLED)
    part = Part(rows, "from_school", ~Q(status=PlacementStatus.PLANNED))
    url = reverse("rotation:orders", args=(year.pk,))
    return ToCount.of(_("已发文的交流任务"), part, _("人事科"), url, also_empty=False)


@progress(PhaseKind.REPORTING)
def reported(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """How many teachers whom the schools receive have reported."""
    rows = Placement.objects.filter(year=year, to_school__in=schools).exclude(
        status__in=(PlacementStatus.CANCELLED, PlacementStatus.PLANNED)
    )
    return _at_hosts(_("已报到的交流教师"), rows, Q(reported_on__isnull=False), year)


@progress(PhaseKind.REPORTING)
def arranged(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """For how many of them the host has arranged the work."""
    rows = Placement.objects.filter(year=year, to_school__in=schools).running()
    return _at_hosts(_("已安排工作的交流教师"), rows, Q(arrangement__isnull=False), year)


def _at_hosts(what: str, rows: QuerySet[Placement], done: Q, year: RotationYear) -> ToCount:
    part, url = Part(rows, "to_school", done), reverse("rotation:reporting", args=(year.pk,))
    return ToCount.of(what, part, _("接收学校"), url, also_empty=False)


@when(PhaseKind.REPORTING, Turn.OPENED)
def ask_hosts(phase: Phase) -> None:
    """Tells the hosts that teachers are about to come, and home schools to see them off."""
    rows = Placement.objects.filter(year=phase.year).running()
    hosts = set(rows.values_list("to_school", flat=True))
    homes = set(rows.values_list("from_school", flat=True))
    url = reverse("rotation:reporting", args=(phase.year_id,))
    to_hosts = gettext_noop("报到开始：请安排好交流教师的班级、学科和课时，并在到校当天确认报到。")
    to_homes = gettext_noop("报到开始：请做好行前谈话，办妥调转手续，送交流教师到校。")
    if hosts:
        notify(offices(SCHOOL, *hosts), "rotation.reporting.opened", to_hosts, {}, url)
    if homes:
        notify(offices(SCHOOL, *homes), "rotation.reporting.sending", to_homes, {}, url)


@when(PhaseKind.REPORTING, Turn.CLOSED)
def remind_of_late(phase: Phase) -> None:
    """Tells hosts and the bureau who has not reported when the phase ends."""
    rows = Placement.objects.filter(year=phase.year, status=PlacementStatus.ORDERED, reported_on__isnull=True)
    hosts = Counter(rows.values_list("to_school", flat=True))
    url = reverse("rotation:reporting", args=(phase.year_id,))
    message = gettext_noop("报到阶段结束，还有 %(count)s 名交流教师没有报到。")
    for school, count in hosts.items():
        notify(offices(SCHOOL, school), "rotation.reporting.late", message, {"count": count}, url)
    if hosts:
        from_bureau = offices(BUREAU, phase.year.county_id)
        notify(from_bureau, "rotation.reporting.late", message, {"count": hosts.total()}, url)


_DISMISSED = Q(cautions__kind=CautionKind.TERMINATION, cautions__issued_at__isnull=False)


@provide
def to_report(request: HttpRequest) -> Iterable[Waiting]:
    """For a teacher: the school at which he is to report."""
    standing = standing_of(request)
    user = getattr(standing, "user", None)
    if user is None or not standing.allows(Permission.ROTATION_OWN):
        return
    rows = Placement.objects.filter(
        teacher__user=user, status=PlacementStatus.ORDERED, reported_on__isnull=True, year__archived_at__isnull=True
    )
    for found in rows.exclude(_DISMISSED).select_related("to_school", "order_line__order"):
        label = _("到%(school)s报到") % {"school": found.to_school.shown}
        yield Waiting(label, found.get_absolute_url(), 1, found.order_line.order.report_by, kind="rotation.reporting")


@provide
def of_the_late(request: HttpRequest) -> Iterable[Counted]:
    """For the bureau: teachers past their day of reporting, and papers to them that are not issued yet."""
    standing = standing_of(request)
    prepares, orders = (
        standing.organisations(each) for each in (Permission.ROTATION_PREPARE, Permission.ROTATION_ORDER)
    )  # fmt: skip
    for year in running_years(request):
        if year.county_id not in {*prepares, *orders}:
            continue
        url = reverse("rotation:reporting", args=(year.pk,))
        absent = Placement.objects.filter(year=year, status=PlacementStatus.ORDERED, reported_on__isnull=True)
        late = absent.filter(order_line__order__report_by__lt=timezone.localdate()).exclude(_DISMISSED)
        yield Counted(_("逾期没有报到的教师"), url, late, kind="rotation.reporting.late")
        if year.county_id in orders:
            drafts = Caution.objects.filter(placement__in=absent, issued_at__isnull=True)
            yield Counted(_("待审核、待发出的逾期报到文书"), url, drafts, kind="rotation.caution")


@provide
def to_receive(request: HttpRequest) -> Iterable[Counted]:
    """For a host: teachers whose work is to be arranged, and who have not reported; for a home: talks to be held."""
    standing = standing_of(request)
    within = standing.organisations(Permission.ROTATION_SCHOOL)
    if not within:
        return
    rows = Placement.objects.running().filter(year__archived_at__isnull=True).select_related("year")
    years = set(rows.filter(Q(to_school__in=within) | Q(from_school__in=within)).values_list("year", flat=True))
    today = timezone.localdate()
    for year in sorted(years):
        url = reverse("rotation:reporting", args=(year,))
        here = rows.filter(year=year, to_school__in=within)
        yield Counted(_("安排交流教师的工作"), url, here.filter(arrangement__isnull=True, ended_on__isnull=True))
        late = here.filter(reported_on__isnull=True, order_line__order__report_by__lte=today).exclude(_DISMISSED)
        yield Counted(_("确认交流教师报到"), url, late, "order_line__order__report_by")
        talked = Q(steps__kind=StepKind.TALK)
        away = rows.filter(year=year, from_school__in=within, status=PlacementStatus.ORDERED).exclude(talked)
        yield Counted(_("行前谈话"), url, away)
