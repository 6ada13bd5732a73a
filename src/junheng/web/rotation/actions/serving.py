"""What is done with a placement in service: its tasks, log, attendance and leave, and who keeps what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.facts import LeaveKind
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.records.saying import word
from junheng.web.rotation import charges, counting
from junheng.web.rotation.actions.holding import TO_THE_END, hold, within
from junheng.web.rotation.models import (
    Attendance,
    Charge,
    Form,
    LogEntry,
    Matter,
    Placement,
    RotationYear,
    ServiceSettings,
    Side,
    Task,
    TaskKind,
)
from junheng.web.rotation.people import concerned
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.actions.teachers import Why, add_entry
from junheng.web.staffing.declared import TEACHER_PARTS
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

DOWNWARD = (
    TaskKind.TEACHING, TaskKind.PAIRING, TaskKind.MENTORING, TaskKind.LECTURE, TaskKind.DEMONSTRATION,
    TaskKind.OPEN_LESSON, TaskKind.OBSERVING, TaskKind.RESEARCH, TaskKind.EXAMINATIONS, TaskKind.PREPARING,
    TaskKind.PROJECT,
)  # fmt: skip
UPWARD = (TaskKind.LEARNING, TaskKind.SHARING, TaskKind.TEACHING, TaskKind.OBSERVING, TaskKind.OPEN_LESSON,
          TaskKind.RESEARCH, TaskKind.PREPARING)  # fmt: skip
LEADING = (TaskKind.MENTORING, TaskKind.LECTURE, TaskKind.DEMONSTRATION, TaskKind.RESEARCH, TaskKind.PROJECT)
"""Tasks by which a teacher leads others; a reward exchange has at least one."""
WARNING_DAYS = [60, 30, 7]


def settings_of(year: RotationYear) -> ServiceSettings:
    """The year's settings for service; the usual ones, not stored, where nobody has set any."""
    found = ServiceSettings.objects.filter(year=year).first()
    return found or ServiceSettings(year=year, warning_days=list(WARNING_DAYS))


@transaction.atomic
def set_settings(
    year: RotationYear, *, report_due_day: int, warning_days: Sequence[int], similar_percent: int, by: User
) -> ServiceSettings:
    """Set the year's settings for service."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    if held.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held})
    before = settings_of(held)
    values: dict[str, Any] = {
        "report_due_day": report_due_day, "warning_days": sorted(set(warning_days), reverse=True),
        "similar_percent": similar_percent,
    }  # fmt: skip
    made, _new = ServiceSettings.objects.update_or_create(year=held, defaults=values)
    record(
        by, "rotation.service.set", held, organisation=held.county, after=values,
        before={name: getattr(before, name) for name in values},
    )  # fmt: skip
    return made


def kinds_for(placement: Placement) -> tuple[TaskKind, ...]:
    """The kinds of tasks that suit the direction: leading others on the way down, learning on the way up."""
    return UPWARD if counting.is_upward(placement) else DOWNWARD


def kinds_missing(placement: Placement) -> list[str]:
    """What the form of the placement asks for among its tasks and is not there yet, in words."""
    given = {task.kind for task in placement.tasks.all()}
    missing = []
    if placement.form == Form.REWARD and not given & set(LEADING):
        missing.append(_("奖励性交流至少要有一项引领教学教研的任务"))
    if counting.is_upward(placement) and TaskKind.LEARNING not in given:
        missing.append(_("上挂学习要有学习任务"))
    return missing


@transaction.atomic
def decide_charge(placement: Placement, *, matter: Matter, side: Side, reason: str, by: User, at: datetime) -> Charge:
    """Let another side keep a matter of one placement, with a reason; both schools and the teacher are told."""
    held = hold(placement, at=at)
    if not reason.strip():
        raise RefusedError(_("请写明改由谁管理的理由。"))
    matter, side = Matter(matter), Side(side)
    before = charges.side_of(held, matter)
    made, _new = Charge.objects.update_or_create(
        placement=held, matter=matter, defaults={"side": side, "reason": reason, "by": by, "at": at}
    )
    record(
        by, "rotation.charge.decided", held, before={"side": before}, after={"matter": matter, "side": side},
        reason=reason, organisation=held.to_school,
    )  # fmt: skip
    notify(
        concerned(held, bureau=False), "rotation.charge.decided",
        gettext_noop("%(teacher)s的“%(matter)s”改由%(school)s管理。"),
        {"teacher": str(held.teacher), "matter": word(matter.label), "school": charges.school_of(held, side).name},
    )  # fmt: skip
    return made


@transaction.atomic
def give_task(
    placement: Placement, *, kind: TaskKind, words: str, target: int, due: date | None, by: User, at: datetime
) -> Task:
    """Give the teacher a task of a kind that suits the placement."""
    held = hold(placement, at=at)
    if kind not in kinds_for(held):
        raise RefusedError(_("“%(kind)s”不适用于这种方向的交流。") % {"kind": TaskKind(kind).label})
    if due is not None and not held.start <= due <= held.end:
        raise RefusedError(_("完成期限应在交流期间（%(start)s 至 %(end)s）。") % {"start": held.start, "end": held.end})
    made = Task.objects.create(placement=held, kind=kind, words=words, target=target, due=due, set_by=by, set_at=at)
    record(
        by, "rotation.task.given", held, after={"kind": kind, "target": target, "due": due},
        organisation=held.to_school, task=made.pk,
    )  # fmt: skip
    notify(
        [held.teacher.user], "rotation.task.given", gettext_noop("接收学校布置了任务：%(task)s（%(target)s 次）。"),
        {"task": word(TaskKind(kind).label), "target": target},
    )  # fmt: skip
    return made


@transaction.atomic
def report_task(
    task: Task, *, done: int, result: str, files: Sequence[UploadedFile] = (), by: User, at: datetime
) -> Task:
    """Say how far a task is, with evidence; by the teacher."""
    held = hold(task.placement, at=at, phases=TO_THE_END, ended=True)
    task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if task.met is not None:
        raise RefusedError(_("接收学校已经认定这项任务，不能再改。"))
    before = {"done": task.done}
    task.done, task.result = done, result
    task.finished_on = timezone.localdate(at) if done >= task.target else None
    task.save(update_fields=["done", "result", "finished_on"])
    for upload in files:
        attachments.store(upload, task, by=by, organisation=held.to_school)
    record(
        by, "rotation.task.reported", held, before=before, after={"done": done}, organisation=held.to_school,
        task=task.pk, files=len(files),
    )  # fmt: skip
    return task


@transaction.atomic
def judge_task(task: Task, *, met: bool, by: User, at: datetime) -> Task:
    """Record whether a task was accomplished; evidence is needed where a reward exchange is to have led others."""
    held = hold(task.placement, at=at, phases=TO_THE_END, ended=True)
    task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if met and held.form == Form.REWARD and not attachments.of(task).exists():
        raise RefusedError(_("奖励性交流的任务要有佐证材料，才能认定完成。"))
    before, task.met = {"met": task.met}, met
    task.finished_on = task.finished_on or (timezone.localdate(at) if met else None)
    task.save(update_fields=["met", "finished_on"])
    record(
        by, "rotation.task.judged", held, before=before, after={"met": met}, organisation=held.to_school, task=task.pk
    )
    return task


@transaction.atomic
def write_log(
    placement: Placement, *, day: date, kind: TaskKind, count: int, words: str, task: Task | None, key: UUID,
    by: User, at: datetime,
) -> LogEntry:  # fmt: skip
    """Add a line to the log; sending the same key again gives the line that is there."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    within(held, day, timezone.localdate(at), _("日期"))
    if task is not None and task.placement_id != held.pk:
        raise RefusedError(_("所选任务不属于这项交流。"))
    known = LogEntry.objects.filter(key=key).first()
    if known is not None:
        return _same_log(known, held)
    pause()
    try:
        with transaction.atomic():
            made = LogEntry.objects.create(
                placement=held, day=day, kind=kind, count=count, words=words, task=task, key=key, entered_at=at
            )
    except IntegrityError:
        return _same_log(LogEntry.objects.get(key=key), held)
    record(
        by, "rotation.log.written", held, after={"day": day, "kind": kind, "count": count},
        organisation=held.to_school, entry=made.pk,
    )  # fmt: skip
    return made


def _same_log(known: LogEntry, placement: Placement) -> LogEntry:
    if known.placement_id != placement.pk:
        raise RefusedError(_("这一条已经提交过。"))
    return known


@transaction.atomic
def confirm_log(placement: Placement, *, until: date, by: User, at: datetime) -> int:
    """Confirm every line up to a day that nobody has confirmed; how many that were."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    waiting = LogEntry.objects.filter(placement=held, day__lte=until, confirmed_at__isnull=True)
    count = waiting.update(confirmed_by=by, confirmed_at=at)
    if count:
        record(by, "rotation.log.confirmed", held, after={"until": until, "lines": count}, organisation=held.to_school)
    return count


def due_days(placement: Placement, month: date) -> int:
    """Working days of a month that fall into the placement, by the county's calendar."""
    first = max(counting.first_of_month(month), placement.start)
    whole = counting.last_of_month(month)
    today = min(whole, max(placement.end, timezone.localdate()))
    last = counting.last_day(placement, today)
    return Workdays.of(placement.year.county).between(first, last) if first <= last else 0


@transaction.atomic
def enter_attendance(
    placement: Placement, *, month: date, present_days: Decimal, late_times: int, absent_days: Decimal, note: str,
    by: User, at: datetime,
) -> Attendance:  # fmt: skip
    """Enter a month's attendance, or put it right; days due are the working days of the month."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    month = counting.first_of_month(month)
    today = timezone.localdate(at)
    if month not in counting.months_of(held, today):
        raise RefusedError(_("%(month)s 不在交流期间，或者还没有到。") % {"month": f"{month:%Y-%m}"})
    due = due_days(held, month)
    if present_days + absent_days > due:
        raise RefusedError(_("实出勤和旷工合计 %(days)s 天，多于应出勤的 %(due)s 天。") % {
            "days": present_days + absent_days, "due": due,
        })  # fmt: skip
    before = Attendance.objects.filter(placement=held, month=month).first()
    values: dict[str, Any] = {
        "due_days": due, "present_days": present_days, "late_times": late_times, "absent_days": absent_days,
        "note": note,
    }  # fmt: skip
    made, _new = Attendance.objects.update_or_create(
        placement=held, month=month, defaults=values | {"entered_by": by, "entered_at": at}
    )
    record(
        by, "rotation.attendance.entered", held, organisation=held.to_school, after={"month": month} | values,
        before={name: getattr(before, name) for name in values} if before else None,
    )  # fmt: skip
    return made


@transaction.atomic
def enter_leave(
    placement: Placement, *, kind: LeaveKind, start: date, end: date, approved_by: str, by: User, at: datetime
) -> Any:
    """Enter a leave into the teacher's personnel file, where every count of leave is taken from."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    if end < start:
        raise RefusedError(_("结束日期早于开始日期。"))
    if start > held.end or end < held.start:
        raise RefusedError(_("请假不在交流期间（%(start)s 至 %(end)s）。") % {"start": held.start, "end": held.end})
    overlap = [each for each in counting.absences(held, held.end) if each.start <= end and each.end >= start]
    if any((each.kind, each.start, each.end) != (kind, start, end) for each in overlap):
        raise RefusedError(_("与已登记的请假日期重叠：%(start)s 至 %(end)s。") % {
            "start": overlap[0].start, "end": overlap[0].end,
        })  # fmt: skip
    why = Why(by, _("交流期间请假"), f"rotation:{held.pk}")
    values = {"kind": kind.value, "start": start, "end": end, "approved_by": approved_by}
    made = add_entry(held.teacher, TEACHER_PARTS["leaves"], values, why=why)
    record(
        by, "rotation.leave.entered", held, after={"kind": kind, "start": start, "end": end},
        organisation=held.to_school, entry=made.pk,
    )  # fmt: skip
    return made
