"""The monthly picture: what a report is filled with from log and attendance, when it is due, who is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.facts.calendar import add_months
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import listed
from junheng.web.rotation import counting
from junheng.web.rotation.actions.holding import SERVED
from junheng.web.rotation.actions.serving import settings_of
from junheng.web.rotation.models import (
    Attendance,
    LogEntry,
    MonthlyReport,
    Placement,
    PlacementStatus,
    Problem,
    ReportStatus,
    RotationYear,
    TaskKind,
)
from junheng.web.rotation.people import with_names
from junheng.web.rotation.workdays import end_of

FIGURES: dict[str, Any] = {
    "lessons": _("承担课时"),
    "activities": _("活动次数"),
    "confirmed": _("已确认的课时和活动"),
    "due_days": _("应出勤天数"),
    "present_days": _("实出勤天数"),
    "absent_days": _("旷工天数"),
    "leave_days": _("请假天数"),
    "placements": _("交流教师人数"),
    "reports": _("教师月报份数"),
    "problems": _("未解决的困难"),
}
"""What the figures of a report are called, in the order in which they are shown."""


def named(figures: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Figures with their names."""
    return [(label, figures[name]) for name, label in FIGURES.items() if name in figures]


def in_words(figures: dict[str, Any]) -> str:
    """Figures with their names in a line, those that are known."""
    return listed(f"{label} {floatformat(value)}" for label, value in named(figures) if value is not None)


def to_report(placement: Placement, now: datetime) -> list[date]:
    """Months of a placement, the first one first, for which no report has been handed in."""
    reports = placement.monthly_reports.exclude(status=ReportStatus.RETURNED)
    handed_in = set(reports.values_list("month", flat=True))
    return [each for each in counting.months_of(placement, timezone.localdate(now)) if each not in handed_in]


def due_at(year: RotationYear, month: date) -> datetime:
    """The moment until which a month's reports are in time: the end of the due day of the next month."""
    day = settings_of(year).report_due_day
    following = add_months(counting.first_of_month(month), 1)
    return end_of(min(following + timedelta(days=day - 1), counting.last_of_month(following)))


def due_on(year: RotationYear, month: date) -> date:
    """The last day on which a month's reports are in time."""
    return timezone.localdate(due_at(year, month) - timedelta(seconds=1))


def months_of_year(year: RotationYear, until: date) -> list[date]:
    """First days of the months of service that have begun, in order."""
    month, found = counting.first_of_month(year.starts), []
    last = max([year.ends, *Placement.objects.filter(year=year).values_list("end", flat=True)])
    while month <= min(until, last):
        found.append(month)
        month = add_months(month, 1)
    return found


def serving_in(year: RotationYear, month: date) -> Any:
    """Placements that served on a day of the month."""
    first, last = counting.first_of_month(month), counting.last_of_month(month)
    found = Placement.objects.filter(year=year, status__in=SERVED, start__lte=last)
    there = Q(ended_on__isnull=True, end__gte=first) | Q(ended_on__gte=first) | Q(status=PlacementStatus.SERVING)
    return found.filter(there).exclude(reported_on__gt=last)


def figures_of_teacher(placement: Placement, month: date) -> dict[str, Any]:
    """A month of a placement from its log and attendance."""
    first, last = counting.first_of_month(month), counting.last_of_month(month)
    log = LogEntry.objects.filter(placement=placement, day__gte=first, day__lte=last)
    by_kind = dict(log.order_by().values_list("kind").annotate(n=Sum("count")))
    lessons = by_kind.pop(TaskKind.TEACHING.value, 0)
    kept = Attendance.objects.filter(placement=placement, month=first).first()
    leave = sum(
        (min(each.end, last) - max(each.start, first)).days + 1
        for each in counting.absences(placement, last)
        if each.end >= first
    )
    return {
        "lessons": lessons, "activities": sum(by_kind.values()), "kinds": by_kind,
        "confirmed": log.filter(confirmed_at__isnull=False).aggregate(n=Sum("count"))["n"] or 0,
        "due_days": kept.due_days if kept else None, "present_days": float(kept.present_days) if kept else None,
        "absent_days": float(kept.absent_days) if kept else None, "leave_days": leave,
    }  # fmt: skip


def figures_of_school(year: RotationYear, school: Organisation, month: date) -> dict[str, Any]:
    """A month of a host school: its teachers' figures added up, and what is still open."""
    found: dict[str, Any] = {"lessons": 0, "activities": 0, "confirmed": 0, "leave_days": 0, "absent_days": 0.0}
    kinds: defaultdict[str, int] = defaultdict(int)
    placements = list(serving_in(year, month).filter(to_school=school))
    for placement in placements:
        figures = figures_of_teacher(placement, month)
        for name in found:
            found[name] += figures[name] or 0
        for kind, count in figures["kinds"].items():
            kinds[kind] += count
    reports = MonthlyReport.objects.filter(placement__in=placements, month=counting.first_of_month(month))
    handed_in = reports.exclude(status=ReportStatus.RETURNED).count()
    open_problems = Problem.objects.filter(placement__in=placements).exclude(status=Problem.Status.CLOSED).count()
    return found | {
        "kinds": dict(kinds), "placements": len(placements), "reports": handed_in, "problems": open_problems
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that is owed for a month: by whom, to which school it belongs, what there is, and how late."""

    school: Organisation
    placement: Placement | None
    report: MonthlyReport | None
    due: datetime
    now: datetime

    @property
    def handed_in(self) -> bool:
        """Whether it has been submitted and not returned."""
        return self.report is not None and self.report.status != ReportStatus.RETURNED

    @property
    def days_late(self) -> int:
        """Days after the due moment: of the submission, or until now where there is none; 0 for one in time."""
        until = self.report.submitted_at if self.report is not None and self.handed_in else self.now
        return max(0, -((self.due - until) // _DAY)) if until > self.due else 0


_DAY = timedelta(days=1)


@dataclass(slots=True)
class Picture:
    """A month seen by schools: what each owes and has handed in, and the sum of what was reported."""

    month: date
    due: datetime
    schools: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    late: list[Owed] = field(default_factory=list)


def owed(year: RotationYear, month: date, schools: Sequence[int], now: datetime) -> list[Owed]:
    """Every report that teachers at the schools, and the schools themselves, owe for the month."""
    month, due = counting.first_of_month(month), due_at(year, month)
    placements = with_names(serving_in(year, month).filter(to_school__in=schools)).select_related(
        "to_school__parent", "from_school", "teacher"
    )
    reports = list(MonthlyReport.objects.filter(year=year, month=month, school__in=schools))
    of_teachers = {each.placement_id: each for each in reports if each.placement_id}
    of_schools = {each.school_id: each for each in reports if not each.placement_id}
    found, hosts = [], {}
    for placement in placements.order_by("to_school__position", "to_school__code", "teacher__number"):
        hosts[placement.to_school_id] = placement.to_school
        found.append(Owed(placement.to_school, placement, of_teachers.get(placement.pk), due, now))
    return found + [Owed(school, None, of_schools.get(key), due, now) for key, school in hosts.items()]


def picture(year: RotationYear, month: date, schools: Sequence[int], now: datetime) -> Picture:
    """The month's picture of the schools, with who is late."""
    every = owed(year, month, schools, now)
    found = Picture(counting.first_of_month(month), due_at(year, month))
    by_school: dict[int, dict[str, Any]] = {}
    for each in every:
        row = by_school.setdefault(
            each.school.pk, {"school": each.school, "cluster": each.school.parent, "owed": 0, "done": 0, "own": None}
        )
        if each.placement is None:
            row["own"] = each
        else:
            row["owed"] += 1
            row["done"] += each.handed_in
    found.schools = list(by_school.values())
    found.late = [each for each in every if each.days_late]
    _add_up(found, (each.report for each in every if each.placement is None and each.handed_in and each.report))
    return found


def _add_up(found: Picture, reports: Iterable[MonthlyReport]) -> None:
    totals: defaultdict[str, float] = defaultdict(float)
    kinds: defaultdict[str, int] = defaultdict(int)
    for report in reports:
        for name in ("lessons", "activities", "confirmed", "leave_days", "absent_days", "placements", "problems"):
            totals[name] += report.figures.get(name) or 0
        for kind, count in report.figures.get("kinds", {}).items():
            kinds[kind] += count
    found.totals, found.kinds = dict(totals), dict(sorted(kinds.items(), key=lambda each: -each[1]))


def to_hand_in(year: RotationYear, schools: Sequence[int], month: date) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Placements at the schools that owe a report for a month, and the reports handed in, those of schools included."""
    reports = MonthlyReport.objects.filter(year=year, month=counting.first_of_month(month), school__in=schools)
    return serving_in(year, month).filter(to_school__in=schools), reports.exclude(status=ReportStatus.RETURNED)
