"""The ends of placements, every night: announced beforehand, put into effect once past, secondments past theirs told.

Everything is done once: a warning is a row, a placement ends only from service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from junheng.web.access import Role
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.jobs import Work, nightly
from junheng.web.records.models import AuditEvent
from junheng.web.records.notifying import notify
from junheng.web.rotation import releasing
from junheng.web.rotation.actions.changes import apply_due
from junheng.web.rotation.actions.placing_ends import end_placement, keep_going
from junheng.web.rotation.actions.serving import settings_of
from junheng.web.rotation.models import (
    ChangeStatus,
    ExpiryWarning,
    Placement,
    PlacementChange,
    PlacementStatus,
    RecallOutcome,
    RotationYear,
    SecondmentRecall,
)
from junheng.web.rotation.people import concerned, of_schools
from junheng.web.staffing.models import AppointmentEntry, SecondmentEntry, Teacher
from junheng.web.staffing.refusal import RefusedError


@nightly("rotation.placements.watch", title=_("查看交流任务是否到期"), at=time(1, 20))
def watch_nightly(work: Work) -> dict[str, Any]:
    """Announces, ends and flags, for every county."""
    found = watch(timezone.localdate())
    with work.finishing() as kept:
        kept.update(found)
    return found


def watch(today: date) -> dict[str, int]:
    """What is due on a day: warnings, ends, secondments past their end; how many of each."""
    serving = Placement.objects.filter(status=PlacementStatus.SERVING, year__archived_at__isnull=True).select_related(
        "year__county", "from_school", "to_school", "teacher__user", "teacher__county"
    )
    warned = ended = kept = 0
    for change in PlacementChange.objects.filter(
        status=ChangeStatus.APPROVED, applied_at__isnull=True, on__lt=today
    ).select_related("placement"):
        ended += apply_due(change, today, timezone.now())
    for placement in serving:
        if placement.end >= today:
            warned += warn(placement, today)
        elif _end(placement, today):
            ended += 1
        else:
            kept += 1
    return {"warned": warned, "ended": ended, "kept": kept, "secondments": flag_secondments(today)}


def warn(placement: Placement, today: date) -> bool:
    """Tells everybody concerned that the end comes; the nearest warning that is due, once for each end."""
    left = (placement.end - today).days
    due = [int(days) for days in settings_of(placement.year).warning_days if left <= int(days)]
    return bool(due) and _tell_once(
        placement, min(due), left,
        gettext_noop("%(teacher)s的交流任务将于 %(end)s 到期，还有 %(left)s 天；需要延长的，请在到期前申请。"),
    )  # fmt: skip


def _tell_once(placement: Placement, days: int, left: int, message: str) -> bool:
    with transaction.atomic():
        try:
            with transaction.atomic():
                ExpiryWarning.objects.create(placement=placement, days=days, end=placement.end, told_at=timezone.now())
        except IntegrityError:
            return False
        record(
            None, "rotation.placement.expiry_told", placement, organisation=placement.to_school,
            after={"days": days, "end": placement.end},
        )  # fmt: skip
        notify(
            concerned(placement), "rotation.placement.expiry_told", message,
            {"teacher": str(placement.teacher), "end": placement.end, "left": left},
        )  # fmt: skip
    return True


def _end(placement: Placement, today: date) -> bool:
    """Ends a placement whose last day is over, unless the pack keeps it or a change waits; then tells, once.

    One that was kept on and is released later has served until yesterday.
    """
    yesterday = today - timedelta(days=1)
    waiting = PlacementChange.objects.filter(placement=placement, status=ChangeStatus.REQUESTED).exists()
    kept_by = releasing.may_end(placement, yesterday)
    if waiting or kept_by is not None:
        message = gettext_noop(
            "%(teacher)s的交流任务 %(end)s 到期，但未达到结束条件或有变更待决定，继续在岗；请县局决定。"
        )
        if _tell_once(placement, 0, (placement.end - today).days, message):
            keep_going(placement, kept_by.because if kept_by is not None else gettext_noop("有变更待决定"))
        return False
    kept_on = ExpiryWarning.objects.filter(placement=placement, days=0, end=placement.end).exists()
    try:
        with transaction.atomic():
            ended = end_placement(placement, yesterday if kept_on else placement.end, None, gettext_noop("期满"))
            notify(
                concerned(ended, bureau=False), "rotation.placement.ended",
                gettext_noop(
                    "%(teacher)s的交流任务已于 %(end)s 期满。请教师提交交流总结；"
                    "请接收学校补齐考勤、认定任务，再提出期满考核。"
                ),
                {"teacher": str(ended.teacher), "end": ended.ended_on},
            )  # fmt: skip
    except RefusedError:
        return False
    return True


def overdue_secondments(county: Organisation, today: date) -> list[SecondmentEntry]:
    """Secondments of the county's register whose end has passed and whose spell still runs: to be ordered back."""
    rows = SecondmentEntry.objects.current().filter(teacher__county=county, direction="out", end__lt=today)
    return list(rows.select_related("teacher").order_by("end", "pk"))


def overdue_spells(county: Organisation, today: date) -> QuerySet[AppointmentEntry]:
    """Spells of secondment in the personnel file that are past their end."""
    rows = AppointmentEntry.objects.current().filter(teacher__county=county, kind="secondment", end__lt=today)
    return rows.select_related("teacher").order_by("end", "pk")


@dataclass(frozen=True, slots=True)
class Overdue:
    """Somebody on secondment past its ``end``, with the notice by which he is called back, where there is one."""

    teacher: Teacher
    unit: str
    start: date
    end: date
    document_number: str = ""
    recall: SecondmentRecall | None = None


def to_return(county: Organisation, today: date) -> list[Overdue]:
    """Whom to call back, by the end: of the register, and of the file those who are not in it; once each.

    Who has returned by a notice since the end of a spell is not in it again.
    """
    recalls = {
        (each.teacher_id, each.start): each for each in SecondmentRecall.objects.filter(teacher__county=county)
    }  # fmt: skip
    found = {
        each.teacher_id: Overdue(
            each.teacher, each.unit, each.start, each.end, each.document_number,
            recalls.get((each.teacher_id, each.start)),
        )
        for each in overdue_secondments(county, today) if each.end is not None
    }  # fmt: skip
    back = SecondmentRecall.objects.filter(teacher=OuterRef("teacher"), outcome=RecallOutcome.RETURNED)
    spells = overdue_spells(county, today).exclude(teacher__in=list(found))
    for each in spells.exclude(Exists(back.filter(outcome_on__gt=OuterRef("end")))):
        if each.end is not None:
            unit = each.school_name or each.school_id
            known = recalls.get((each.teacher_id, each.start))
            found[each.teacher_id] = Overdue(each.teacher, unit, each.start, each.end, "", known)
    return sorted(found.values(), key=lambda each: (each.end, each.teacher.pk))


def flag_secondments(today: date) -> int:
    """Tells the bureau, once for each, of secondments past their end: order the return, count the vacancy."""
    told = 0
    for county in Organisation.objects.filter(pk__in=RotationYear.objects.values("county")):
        office = of_schools((Role.BUREAU_CLERK, Role.SECTION_HEAD), county.pk)
        for entry in overdue_secondments(county, today):
            done = AuditEvent.objects.filter(action="rotation.secondment.flagged", details__entry=entry.pk)
            if done.exists():
                continue
            with transaction.atomic():
                record(
                    None, "rotation.secondment.flagged", entry.teacher, organisation=county, entry=entry.pk,
                    after={"end": entry.end, "days": (today - (entry.end or today)) // timedelta(days=1)},
                )  # fmt: skip
                notify(
                    office, "rotation.secondment.flagged",
                    gettext_noop("%(teacher)s的借调已于 %(end)s 到期，请通知返回，并核定其岗位空缺。"),
                    {"teacher": str(entry.teacher), "end": entry.end},
                )  # fmt: skip
            told += 1
    return told
