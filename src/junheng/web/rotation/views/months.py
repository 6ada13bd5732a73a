"""Monthly reports: the month's picture, who is late, a school's report, and the meetings planned from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires
from junheng.web.rotation import counting, monthly
from junheng.web.rotation.actions import months as actions
from junheng.web.rotation.forms.service_lists import MeetingForm, MeetingOutcomeForm
from junheng.web.rotation.forms.serving import OpinionForm, ReportForm
from junheng.web.rotation.models import MonthlyReport, ReportStatus, SharingMeeting, TaskKind
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author

May = Permission


def _month(page: YearPage, text: str) -> date:
    """A month written as 2026-09; 404 for anything else, and for a month outside the year."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if month not in monthly.months_of_year(page.year, timezone.localdate(page.now)):
        raise Http404
    return month


def _collected(page: YearPage, known: list[date]) -> date | None:
    """The month whose reports are being collected: the last that is over, else the first."""
    over = [each for each in known if each < counting.first_of_month(timezone.localdate(page.now))]
    return over[-1] if over else known[0] if known else None


@never_cache
@requires(May.ROTATION_VIEW)
def months(request: HttpRequest, pk: int) -> HttpResponse:
    """A month of the schools within reach: what is handed in, who is late, and the sum of it."""
    page = YearPage(request, pk)
    known = monthly.months_of_year(page.year, timezone.localdate(page.now))
    asked = request.GET.get("month", "")
    chosen = next((each for each in known if f"{each:%Y-%m}" == asked), _collected(page, known))
    found = monthly.picture(page.year, chosen, page.school_keys, page.now) if chosen else None
    rows = [_school_row(page, row, chosen) for row in found.schools] if found and chosen else []
    kinds = [{"label": TaskKind(kind).label, "count": count} for kind, count in found.kinds.items()] if found else []
    buttons = []
    if chosen and page.may(May.ROTATION_REVIEW):
        label = _("安排经验交流会")
        buttons.append({"label": label, "url": f"{page.url('sharing_new')}?month={chosen:%Y-%m}", "icon": "messages"})
    return page.show(
        "months", "months", heading=_("月报"), known=[f"{each:%Y-%m}" for each in reversed(known)], chosen=chosen,
        month=f"{chosen:%Y-%m}" if chosen else "", picture=found, rows=rows, kinds=kinds, buttons=buttons,
        totals=monthly.named(found.totals) if found else [],
        meetings=SharingMeeting.objects.visible_to(page.standing).filter(year=page.year),
        may_record=page.may(May.ROTATION_REVIEW) and not page.year.is_archived,
    )  # fmt: skip


def _school_row(page: YearPage, row: dict[str, Any], month: date) -> dict[str, Any]:
    school, own = row["school"], row["own"]
    text = f"{month:%Y-%m}"
    open_now = not page.year.is_archived
    signs = open_now and school.pk in page.within(May.ROTATION_SIGN) and not own.handed_in
    above = school.pk in page.within(May.ROTATION_CLUSTER) or page.may(May.ROTATION_REVIEW)
    decides = open_now and above and own.report is not None and own.report.status == ReportStatus.SUBMITTED
    return row | {
        "state": own.report.get_status_display() if own.report is not None else _("未提交"),
        "url": page.url("month_school", school.pk, text) if own.report is not None else "",
        "write": page.url("month_write", school.pk, text) if signs else "",
        "decide": page.url("month_decide", own.report.pk) if decides else "", "late": own.days_late,
    }  # fmt: skip


def _of_school(page: YearPage, school: int, *permissions: Permission) -> Any:
    """A school of the county over which the person holds one of the permissions; 404 for any other."""
    found = page.schools(permissions[0])
    for permission in permissions[1:]:
        found = found | page.schools(permission)
    return get_object_or_404(found, pk=school)


@never_cache
@requires(May.ROTATION_VIEW)
def month_school(request: HttpRequest, pk: int, school: int, month: str) -> HttpResponse:
    """A school's report of a month, with those of its teachers."""
    page = YearPage(request, pk)
    found, chosen = _of_school(page, school, May.ROTATION_VIEW), _month(page, month)
    reports = MonthlyReport.objects.visible_to(page.standing).filter(year=page.year, school=found, month=chosen)
    own = get_object_or_404(reports.select_related("submitted_by", "decided_by"), placement__isnull=True)
    teachers = reports.filter(placement__isnull=False).select_related("placement__teacher")
    return page.show(
        "months", "month_school", heading=_("%(school)s %(month)s 月报") % {"school": found.shown, "month": month},
        report=own, figures=monthly.named(own.figures),
        buttons=[{"label": _("月报表"), "url": address(page.year, "month", own.pk), "icon": "printer"}],
        teachers=[{"report": each, "figures": monthly.named(each.figures)} for each in teachers],
        back=f"{page.url('months')}?month={month}",
    )  # fmt: skip


@never_cache
@requires(May.ROTATION_SIGN)
def month_write(request: HttpRequest, pk: int, school: int, month: str) -> HttpResponse:
    """Write a school's report of a month; the figures are those of log and attendance."""
    page = YearPage(request, pk)
    found, chosen = _of_school(page, school, May.ROTATION_SIGN), _month(page, month)
    earlier = (
        MonthlyReport.objects.visible_to(page.standing)
        .filter(year=page.year, school=found, month=chosen, placement__isnull=True)
        .first()
    )
    initial = {"words": earlier.words, "difficulties": earlier.difficulties} if earlier is not None else {}
    figures = monthly.figures_of_school(page.year, found, counting.first_of_month(chosen))
    facts = [{"label": label, "value": value} for label, value in monthly.named(figures)]
    back = f"{page.url('months')}?month={month}"
    return page.form(
        "months", ReportForm(request.POST or None, initial=initial),
        lambda given: actions.submit_schools(
            page.year, found, month=chosen, by=author(request), at=page.now, **given
        ) and back,
        done=_("月报已提交。"), back=back, facts=facts, submit=_("提交"),
        heading=_("%(school)s %(month)s 月报") % {"school": found.shown, "month": month},
        lead=_("数据由系统从教师的工作日志和考勤汇总，不用再填。"),
        notices=[{"tone": "warning", "text": earlier.opinion}] if earlier and earlier.opinion else [],
    )  # fmt: skip


@never_cache
@requires(May.ROTATION_CLUSTER, May.ROTATION_REVIEW)
def month_decide(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Receive a school's report, or return it."""
    page = YearPage(request, pk)
    seen = MonthlyReport.objects.visible_to(page.standing, May.ROTATION_CLUSTER) | MonthlyReport.objects.visible_to(
        page.standing, May.ROTATION_REVIEW
    )
    found = get_object_or_404(seen.filter(year=page.year, placement__isnull=True), pk=report)
    back = f"{page.url('months')}?month={found.month:%Y-%m}"
    form = OpinionForm(request.POST or None)
    form.fields["opinion"].required = "return" in request.POST
    return page.form(
        "months", form,
        lambda given: actions.decide(
            found, accept="accept" in request.POST, opinion=given["opinion"], by=author(request), at=page.now
        ) and back,
        done=_("已处理。"), back=back, template="month_decide", heading=_("处理月报"), report=found,
        figures=monthly.named(found.figures),
    )  # fmt: skip


@requires(May.ROTATION_REVIEW)
def meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a meeting to share experience."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_REVIEW)
    known = monthly.months_of_year(page.year, timezone.localdate(page.now))
    initial = {"month": f"{request.GET.get('month', '')}-01"}
    return page.form(
        "months", MeetingForm(request.POST or None, months=known, initial=initial),
        lambda given: actions.plan_meeting(page.year, by=author(request), at=page.now, **given) and page.url("months"),
        done=_("已安排，各接收学校会收到通知。"), back=page.url("months"), heading=_("安排经验交流会"),
    )  # fmt: skip


@requires(May.ROTATION_REVIEW)
def meeting_record(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """Record what came of a meeting."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_REVIEW)
    found = get_object_or_404(SharingMeeting.objects.visible_to(page.standing).filter(year=page.year), pk=meeting)
    return page.form(
        "months", MeetingOutcomeForm(request.POST or None, initial={"outcome": found.outcome}),
        lambda given: actions.record_meeting(found, by=author(request), at=page.now, **given) and page.url("months"),
        done=_("已保存。"), back=page.url("months"), heading=str(found),
    )  # fmt: skip
