"""Service: how far the months are, what waits for whom, who may have the evidence of tasks, the watch at night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.functions import Cast, ExtractMonth, ExtractYear
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts.calendar import add_months
from junheng.web.access import Permission, standing_of
from junheng.web.records import attachments
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, Waiting, provide
from junheng.web.rotation import expiring, monthly  # noqa: F401 - expiring registers the watch at night
from junheng.web.rotation.actions.holding import (
    SERVED,
    TO_THE_END,
    is_time_for,
    last_day_of_service,
    runs_until,
)
from junheng.web.rotation.counting import first_of_month, months_of
from junheng.web.rotation.cycle import Done, Part, Progress, ToCount, progress, running_years
from junheng.web.rotation.models import (
    Attendance,
    ChangeStatus,
    Deduction,
    MonthlyReport,
    PhaseKind,
    Placement,
    PlacementChange,
    Problem,
    ReportStatus,
    RotationYear,
    Task,
)

register(
    {
        "rotation.service.set": gettext_lazy("修改在岗管理设置"),
        "rotation.targets.set": gettext_lazy("设定骨干培养目标"),
        "rotation.targets.laid": gettext_lazy("按培养目标布置任务"),
        "rotation.charge.decided": gettext_lazy("调整双重管理分工"),
        "rotation.task.given": gettext_lazy("布置任务"),
        "rotation.task.reported": gettext_lazy("填写任务完成情况"),
        "rotation.task.judged": gettext_lazy("认定任务完成情况"),
        "rotation.log.written": gettext_lazy("记工作日志"),
        "rotation.log.confirmed": gettext_lazy("确认工作日志"),
        "rotation.attendance.entered": gettext_lazy("登记月考勤"),
        "rotation.leave.entered": gettext_lazy("登记请假"),
        "rotation.journal.posted": gettext_lazy("发表交流日志"),
        "rotation.journal.recommended": gettext_lazy("推荐日志"),
        "rotation.journal.withdrawn": gettext_lazy("撤下日志"),
        "rotation.month.submitted": gettext_lazy("提交月报"),
        "rotation.month.accepted": gettext_lazy("接收月报"),
        "rotation.month.returned": gettext_lazy("退回月报"),
        "rotation.meeting.planned": gettext_lazy("安排经验交流会"),
        "rotation.meeting.recorded": gettext_lazy("记录会议情况"),
        "rotation.leader.put_in_charge": gettext_lazy("确定包校领导"),
        "rotation.visit.recorded": gettext_lazy("登记走访"),
        "rotation.safeguards.laid_out": gettext_lazy("列出常规保障事项"),
        "rotation.safeguard.added": gettext_lazy("增加保障事项"),
        "rotation.safeguard.checked": gettext_lazy("检查保障事项"),
        "rotation.goal.agreed": gettext_lazy("增加提高目标"),
        "rotation.goal.judged": gettext_lazy("检验提高目标"),
        "rotation.allowance.rate_set": gettext_lazy("设定补助标准"),
        "rotation.allowances.laid_out": gettext_lazy("列出各月补助"),
        "rotation.allowance.paid": gettext_lazy("登记发放"),
        "rotation.deduction.proposed": gettext_lazy("提出绩效扣减建议"),
        "rotation.deduction.decided": gettext_lazy("决定绩效扣减建议"),
        "rotation.problem.raised": gettext_lazy("反映困难"),
        "rotation.problem.answered": gettext_lazy("答复困难"),
        "rotation.problem.checked": gettext_lazy("核查风险"),
        "rotation.problem.settled": gettext_lazy("困难已解决"),
        "rotation.change.requested": gettext_lazy("申请变更"),
        "rotation.change.withdrawn": gettext_lazy("撤回变更"),
        "rotation.change.decided": gettext_lazy("决定变更"),
        "rotation.placement.ended": gettext_lazy("结束交流任务"),
        "rotation.placement.end_moved": gettext_lazy("改变交流结束日期"),
        "rotation.placement.kept_on": gettext_lazy("到期后继续交流"),
        "rotation.placement.expiry_told": gettext_lazy("提醒交流到期"),
        "rotation.secondment.flagged": gettext_lazy("提示借调到期未还"),
        "rotation.secondment.recalled": gettext_lazy("发出借调返回通知"),
        "rotation.secondment.returned": gettext_lazy("登记借调返回"),
        "rotation.secondment.vacant": gettext_lazy("登记借调不能返回"),
    },
    kinds={
        "rotation.placement": gettext_lazy("交流任务"),
        "rotation.monthlyreport": gettext_lazy("月报"),
        "rotation.sharingmeeting": gettext_lazy("经验交流会"),
        "rotation.leaderduty": gettext_lazy("领导包校"),
        "rotation.visit": gettext_lazy("走访"),
        "rotation.allowancerate": gettext_lazy("补助标准"),
    },
)


@attachments.access("rotation.task")
def may_see_evidence(standing: Any, key: str) -> bool:
    """Evidence of a task is for whoever sees the placement."""
    return key.isdecimal() and Task.objects.visible_to(standing).filter(pk=int(key)).exists()


@progress(PhaseKind.SERVICE)
def months_handed_in(year: RotationYear, schools: Sequence[int]) -> ToCount | None:
    """Reports of the last month that is over."""
    today = timezone.localdate()
    last = add_months(first_of_month(today), -1)
    if last not in monthly.months_of_year(year, today):
        return None
    serving, reports = monthly.to_hand_in(year, schools, last)
    what, url = _("%(month)s 月报") % {"month": f"{last:%Y-%m}"}, reverse("rotation:months", args=(year.pk,))

    def made(owing: Done, done: Done) -> Progress:
        """Of each host its teachers' reports and one of its own."""
        by_school = {key: (done.get(key, (0, 0))[1], of + 1) for key, (_done, of) in owing.items()}
        return Progress.of(what, by_school, _("教师和接收学校"), url)

    return ToCount((Part(serving, "to_school"), Part(reports, "school")), made)


@provide
def service_waiting(request: HttpRequest) -> Iterable[Waiting | Counted]:
    """Reports to write or to receive, difficulties to answer, changes and deductions to decide, ends that come."""
    standing = standing_of(request)
    if not any(standing.allows(each) for each in (Permission.ROTATION_OWN, Permission.ROTATION_VIEW)):
        return
    for year in running_years(request):
        yield from _of_year(standing, year)


def _of_year(standing: Any, year: RotationYear) -> Iterable[Waiting | Counted]:
    def at(name: str, *more: Any) -> str:
        return reverse(f"rotation:{name}", args=(year.pk, *more))

    within = standing.organisations
    yield from _own_reports(standing, year)
    yield from _of_hosts(standing, year)
    to_receive = MonthlyReport.objects.visible_to(standing, Permission.ROTATION_SCHOOL).filter(
        year=year, status=ReportStatus.SUBMITTED, placement__isnull=False,
        school__in=within(Permission.ROTATION_SCHOOL),
    )  # fmt: skip
    yield Counted(
        _("待接收的教师月报"), lambda placement, _last: at("service", placement), to_receive, kind="rotation.month",
        key="placement",
    )  # fmt: skip
    above = within(Permission.ROTATION_CLUSTER) | within(Permission.ROTATION_REVIEW)
    schools = MonthlyReport.objects.filter(
        year=year, status=ReportStatus.SUBMITTED, placement__isnull=True, school__in=above
    ).annotate(number=Cast(ExtractYear("month") * 100 + ExtractMonth("month"), BigIntegerField()))  # 202610
    yield Counted(
        _("待接收的学校月报"), lambda first, _last: f"{at('months')}?month={first // 100}-{first % 100:02}", schools,
        kind="rotation.month", key="number",
    )  # fmt: skip
    problems = Problem.objects.filter(placement__year=year, status=Problem.Status.OPEN).answerable_by(standing)
    yield Counted(_("待答复的困难"), at("problems"), problems, kind="rotation.problem")
    if year.county_id in within(Permission.ROTATION_ORDER):
        changes = PlacementChange.objects.filter(placement__year=year, status=ChangeStatus.REQUESTED)
        yield Counted(_("待决定的变更"), at("changes"), changes, kind="rotation.change")
        cuts = Deduction.objects.filter(placement__year=year, status=Deduction.Status.PROPOSED)
        yield Counted(_("待决定的绩效扣减"), at("deductions"), cuts, kind="rotation.deduction")


def _own_reports(standing: Any, year: RotationYear) -> Iterable[Waiting]:
    """Months that are over and have no report yet, of one's own placement, also once it has ended."""
    user, now = getattr(standing, "user", None), timezone.now()
    if user is None or not standing.allows(Permission.ROTATION_OWN):
        return
    for own in Placement.objects.filter(year=year, teacher__user=user, status__in=SERVED):
        own.year = year
        owed = [each for each in monthly.to_report(own, now) if _is_over(each)]
        if owed and is_time_for(year, runs_until(own, now), *TO_THE_END, at=now):
            url = reverse("rotation:service_add", args=(year.pk, own.pk, "report"))
            yield Waiting(_("待提交的月报"), url, len(owed), monthly.due_on(year, owed[0]), kind="rotation.month.own")


def _is_over(month: date) -> bool:
    return month < first_of_month(timezone.localdate())


def _of_hosts(standing: Any, year: RotationYear) -> Iterable[Waiting]:
    """What host schools owe for the months that are over: attendance of their teachers, and their own reports."""
    kept, signed = (standing.organisations(each) for each in (Permission.ROTATION_SCHOOL, Permission.ROTATION_SIGN))
    now = timezone.now()
    hosted = Placement.objects.filter(year=year, status__in=SERVED, to_school__in=[*kept, *signed])
    served = {placement: _months_over(placement, now) for placement in hosted}
    if not any(served.values()):
        return
    at_any_time, closing = is_time_for(year, year.starts, *TO_THE_END, at=now), last_day_of_service(year)

    def in_time(day: date) -> bool:
        return at_any_time or (closing is not None and day > closing)

    entered = set(Attendance.objects.filter(placement__in=served).values_list("placement", "month"))
    absent = {
        placement.pk: sum((placement.pk, month) not in entered for month in months)
        for placement, months in served.items()
        if placement.to_school_id in kept and in_time(runs_until(placement, now))
    }  # fmt: skip
    first = next((pk for pk, missing in absent.items() if missing), 0)
    alone = sum(missing > 0 for missing in absent.values()) == 1
    url = reverse("rotation:service", args=(year.pk, first)) + "#attendance" if alone else _at(year, "services")
    yield Waiting(_("待登记的月考勤"), url, sum(absent.values()), kind="rotation.attendance")
    own = MonthlyReport.objects.filter(year=year, placement__isnull=True, school__in=signed)
    handed_in = set(own.exclude(status=ReportStatus.RETURNED).values_list("school", "month"))
    owed = {
        (placement.to_school_id, month) for placement, months in served.items() for month in months
        if placement.to_school_id in signed and in_time(month)
    }  # fmt: skip
    months = sorted(month for _school, month in owed - handed_in)
    if months:
        url = f"{_at(year, 'months')}?month={months[0]:%Y-%m}"
        due = monthly.due_on(year, months[0])
        yield Waiting(_("待提交的学校月报"), url, len(months), due, kind="rotation.month.school")


def _months_over(placement: Placement, now: datetime) -> list[date]:
    """Months of a placement that are over and in which the teacher had come."""
    come = first_of_month(placement.reported_on or placement.start)
    return [each for each in months_of(placement, timezone.localdate(now)) if _is_over(each) and each >= come]


def _at(year: RotationYear, name: str) -> str:
    return reverse(f"rotation:{name}", args=(year.pk,))
