"""Monthly reports: submitted, returned, received; and the meetings planned from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.access import Role
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation import counting, monthly
from junheng.web.rotation.actions.holding import SERVED, TO_THE_END, hold, require_time_for, runs_until
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import MonthlyReport, Placement, ReportStatus, RotationYear, SharingMeeting
from junheng.web.rotation.people import of_schools
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def submit_teachers(
    placement: Placement, *, month: date, words: str, difficulties: str, by: User, at: datetime
) -> MonthlyReport:
    """The teacher's report of a month to the host school, with what log and attendance say now."""
    held = hold(placement, at=at, phases=TO_THE_END, serving=False)
    month = counting.first_of_month(month)
    if held.status not in SERVED or month not in counting.months_of(held, timezone.localdate(at)):
        raise RefusedError(_("%(month)s 不在交流期间，或者还没有到。") % {"month": f"{month:%Y-%m}"})
    found = MonthlyReport.objects.filter(placement=held, month=month).first()
    values = {"words": words, "difficulties": difficulties, "figures": monthly.figures_of_teacher(held, month)}
    made = _submit(found, {"placement": held, "school": held.to_school, "year": held.year, "month": month}, values,
                   by=by, at=at)  # fmt: skip
    notify(
        of_schools((Role.SCHOOL_CLERK,), held.to_school_id), "rotation.month.submitted",
        gettext_noop("%(teacher)s提交了%(month)s月报。"), {"teacher": str(held.teacher), "month": f"{month:%Y-%m}"},
    )  # fmt: skip
    return made


@transaction.atomic
def submit_schools(
    year: RotationYear, school: Organisation, *, month: date, words: str, difficulties: str, by: User, at: datetime
) -> MonthlyReport:
    """The host school's report of a month to cluster and county."""
    RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    month = counting.first_of_month(month)
    require_time_for(year, month, *TO_THE_END, at=at)
    if month > timezone.localdate(at) or not monthly.serving_in(year, month).filter(to_school=school).exists():
        raise RefusedError(_("%(school)s在 %(month)s 没有在岗的交流教师，不用提交月报。") % {
            "school": school.shown, "month": f"{month:%Y-%m}",
        })  # fmt: skip
    found = MonthlyReport.objects.filter(year=year, school=school, month=month, placement__isnull=True).first()
    figures = monthly.figures_of_school(year, school, month)
    values = {"words": words, "difficulties": difficulties, "figures": figures}
    return _submit(found, {"placement": None, "school": school, "year": year, "month": month}, values, by=by, at=at)


def _submit(
    found: MonthlyReport | None, key: dict[str, Any], values: dict[str, Any], *, by: User, at: datetime
) -> MonthlyReport:
    """Makes the report, or puts a returned one in again; the same text submitted again is the same report."""
    pause()
    if found is not None and found.status != ReportStatus.RETURNED:
        if found.words == values["words"] and found.difficulties == values["difficulties"]:
            return found
        raise RefusedError(_("这个月的月报已经提交；要修改，请接收单位先退回。"))
    try:
        with transaction.atomic():
            if found is None:
                found = MonthlyReport.objects.create(**key, **values, submitted_at=at, submitted_by=by)
            else:
                for name, value in values.items():
                    setattr(found, name, value)
                found.status, found.submitted_at, found.submitted_by = ReportStatus.SUBMITTED, at, by
                found.save()
    except IntegrityError:
        raise RefusedError(_("这个月的月报已经提交。")) from None
    record(
        by, "rotation.month.submitted", found, organisation=found.school, figures=found.figures,
        after={"month": found.month, "late": at > monthly.due_at(found.year, found.month)},
    )  # fmt: skip
    return found


@transaction.atomic
def decide(report: MonthlyReport, *, accept: bool, opinion: str, by: User, at: datetime) -> MonthlyReport:
    """Receive a report, or return it with what is to be changed; whoever submitted it is told."""
    held = (
        MonthlyReport.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county", "school", "submitted_by", "placement")
        .get(pk=report.pk)
    )
    last = held.month if held.placement is None else runs_until(held.placement, at)
    require_time_for(held.year, last, *TO_THE_END, at=at)
    if held.status != ReportStatus.SUBMITTED:
        raise RefusedError(_("这份月报现在是“%(status)s”，不能再处理。") % {"status": held.get_status_display()})
    if not accept and not opinion.strip():
        raise RefusedError(_("请写明退回的理由。"))
    held.status = ReportStatus.ACCEPTED if accept else ReportStatus.RETURNED
    held.opinion, held.decided_by, held.decided_at = opinion, by, at
    held.save(update_fields=["status", "opinion", "decided_by", "decided_at"])
    action = "rotation.month.accepted" if accept else "rotation.month.returned"
    record(by, action, held, after={"month": held.month}, reason=opinion, organisation=held.school)
    if not accept:
        notify(
            [held.submitted_by], action, gettext_noop("%(month)s月报被退回：%(opinion)s"),
            {"month": f"{held.month:%Y-%m}", "opinion": opinion},
        )  # fmt: skip
    return held


@transaction.atomic
def plan_meeting(year: RotationYear, *, by: User, at: datetime, **given: Any) -> SharingMeeting:
    """Plan a meeting to share experience from a month's picture; the schools are told."""
    RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(year, *TO_THE_END, at=at)
    month = counting.first_of_month(given["month"])
    if month not in monthly.months_of_year(year, timezone.localdate(at)):
        raise RefusedError(_("%(month)s 不是已经开始的交流月份。") % {"month": f"{month:%Y-%m}"})
    made = SharingMeeting.objects.create(year=year, by=by, **given | {"month": month})
    record(by, "rotation.meeting.planned", made, organisation=year.county, after={"on": made.on, "topic": made.topic})
    hosts = Placement.objects.filter(year=year, status__in=SERVED).values_list("to_school", flat=True)
    notify(
        of_schools((Role.PRINCIPAL,), *hosts), "rotation.meeting.planned",
        gettext_noop("%(on)s召开交流轮岗经验交流会：%(topic)s，地点：%(place)s。"),
        {"on": made.on, "topic": made.topic, "place": made.place},
    )  # fmt: skip
    return made


@transaction.atomic
def record_meeting(meeting: SharingMeeting, *, outcome: str, by: User, at: datetime) -> SharingMeeting:
    """Record what came of a meeting."""
    held = (
        SharingMeeting.objects.select_for_update(no_key=True, of=("self",))
        .select_related("year__county")
        .get(pk=meeting.pk)
    )
    require_open(held.year, *TO_THE_END, at=at)
    if held.on > timezone.localdate(at):
        raise RefusedError(_("会议还没有开。"))
    held.outcome = outcome
    held.save(update_fields=["outcome"])
    record(by, "rotation.meeting.recorded", held, organisation=held.year.county, after={"outcome": outcome})
    return held
