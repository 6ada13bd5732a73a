"""What both schools settle before a placement begins: talk, arrangement, agreement, hand-over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.records.audit import record
from junheng.web.records.races import pause
from junheng.web.rotation.actions.headcounts import locked
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import Arrangement, FormalityStep, PhaseKind, Placement, PlacementStatus, StepKind
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

SETTLING = (PhaseKind.ORDERS, PhaseKind.REPORTING, PhaseKind.SERVICE)
OF_HOME = (StepKind.TALK, StepKind.REGISTERED, StepKind.TRANSFER, StepKind.SENT)
"""Formalities that the home school registers; the others are the host's."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the host arranges; ``other_jobs`` says what the teacher is to do besides teaching, empty for nothing."""

    classes: str
    subject: str
    weekly_periods: float
    other_jobs: str = ""


def hold(placement: Placement, at: datetime) -> Placement:
    """The placement, locked. Raises :class:`RefusedError` where it is not in force or no phase for it is open."""
    held = locked(placement)
    require_open(held.year, *SETTLING, at=at)
    if held.status not in {PlacementStatus.ORDERED, PlacementStatus.SERVING}:
        raise RefusedError(_("这项交流任务现在是“%(status)s”，没有交接手续可办。") % {
            "status": held.get_status_display(),
        })  # fmt: skip
    return held


@transaction.atomic
def register_step(
    placement: Placement, kind: StepKind, *, done_on: date, note: str = "", by: User, at: datetime | None = None
) -> FormalityStep:
    """Register that a formality has been done; registering it again gives what there is."""
    now = at or timezone.now()
    held = hold(placement, now)
    if done_on > timezone.localdate(now):
        raise RefusedError(_("办理日期不能晚于今天。"))
    if kind == StepKind.TALK and not note.strip():
        raise RefusedError(_("请记录谈话的主要内容和教师的意见。"))
    if kind == StepKind.WELCOMED and not Arrangement.objects.filter(placement=held).exists():
        raise RefusedError(_("请先安排好班级、学科和课时，再确认迎接。"))
    pause()
    try:
        with transaction.atomic():
            made = FormalityStep.objects.create(
                placement=held, kind=kind, done_on=done_on, note=note.strip(), by=by, at=now
            )
    except IntegrityError:
        return FormalityStep.objects.get(placement=held, kind=kind)
    record(
        by, "rotation.formality.done", held, after={"kind": kind, "done_on": done_on},
        organisation=held.from_school if kind in OF_HOME else held.to_school,
    )  # fmt: skip
    return made


@transaction.atomic
def strike_step(placement: Placement, kind: StepKind, *, reason: str, by: User, at: datetime | None = None) -> None:
    """Take back a formality that was registered by mistake, with the reason; nothing where there is none."""
    held = hold(placement, at or timezone.now())
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    step = FormalityStep.objects.filter(placement=held, kind=kind).first()
    if step is None:
        return
    record(
        by, "rotation.formality.struck", held, before={"kind": kind, "done_on": step.done_on}, reason=reason,
        organisation=held.from_school if kind in OF_HOME else held.to_school,
    )  # fmt: skip
    step.delete()


@transaction.atomic
def arrange(placement: Placement, arranged: Arranged, *, by: User, at: datetime | None = None) -> Arrangement:
    """Set down classes, subject and load at the host; later ones replace it and stay in the trail."""
    now = at or timezone.now()
    held = hold(placement, now)
    before = Arrangement.objects.filter(placement=held).first()
    values = {
        "classes": arranged.classes.strip(), "subject": arranged.subject.strip(),
        "weekly_periods": arranged.weekly_periods, "other_jobs": arranged.other_jobs.strip(),
    }  # fmt: skip
    if before is not None and all(getattr(before, name) == value for name, value in values.items()):
        return before
    was = {name: getattr(before, name) for name in values} if before is not None else None
    made, _new = Arrangement.objects.update_or_create(placement=held, defaults=values | {"by": by, "at": now})
    record(by, "rotation.work.arranged", held, before=was, after=values, organisation=held.to_school)
    return made


def is_late_transfer(step: FormalityStep) -> bool:
    """Whether the transfer formalities were completed only after the placement had begun."""
    return step.kind == StepKind.TRANSFER and step.done_on >= step.placement.start
