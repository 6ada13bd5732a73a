"""Changes of placements: asked for with a reason, decided by whoever signs orders, put into effect and told to all."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.records.saying import word
from junheng.web.rotation import releasing
from junheng.web.rotation.actions.holding import TO_THE_END, hold
from junheng.web.rotation.actions.placing_ends import end_placement, extend_placement
from junheng.web.rotation.models import LONGER, ChangeKind, ChangeStatus, Form, Placement, PlacementChange
from junheng.web.rotation.people import concerned
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def request(
    placement: Placement, *, kind: ChangeKind, on: date, reason: str, by: User | None, at: datetime,
    successor: Teacher | None = None, rank: int | None = None, of: int | None = None,
) -> PlacementChange:  # fmt: skip
    """Ask for a change with ``on`` as the last day of service. One change waits at a time.

    For a continuation the pack is asked, with the rank in the appraisal where one is given; it must not say release.
    """
    held = hold(placement, at=at, phases=TO_THE_END)
    if not reason.strip():
        raise RefusedError(_("请写明变更的理由。"))
    _check(held, kind, on, successor, timezone.localdate(at))
    clause = finding = ""
    if kind == ChangeKind.CONTINUATION:
        clause, finding = _continuation(held, on, rank, of, at)
    pause()
    try:
        with transaction.atomic():
            made = PlacementChange.objects.create(
                placement=held, kind=kind, on=on, reason=reason, successor=successor, clause=clause, finding=finding,
                requested_by=by, requested_at=at,
            )  # fmt: skip
    except IntegrityError:
        return _same(held, kind, on, reason)
    record(
        by, "rotation.change.requested", held, after={"kind": kind, "on": on}, reason=reason,
        organisation=held.to_school, change=made.pk,
    )  # fmt: skip
    told = gettext_noop("%(teacher)s的交流申请变更：%(kind)s，至 %(on)s，待县局决定。")
    _tell(made, "rotation.change.requested", told)
    return made


def _check(held: Placement, kind: ChangeKind, on: date, successor: Teacher | None, today: date) -> None:
    if kind in LONGER and on <= held.end:
        raise RefusedError(_("延长后的结束日期应晚于现在的 %(day)s。") % {"day": held.end})
    if kind not in LONGER and not max(held.start, today) <= on <= held.end:
        raise RefusedError(_("返回前的最后一天应在 %(first)s 至 %(last)s 之间。") % {
            "first": max(held.start, today), "last": held.end,
        })  # fmt: skip
    if (kind == ChangeKind.REPLACEMENT) != (successor is not None):
        raise RefusedError(_("替换人员要写明接替的教师，其他变更不用写。"))
    if successor is not None and (successor.pk == held.teacher_id or successor.county_id != held.year.county_id):
        raise RefusedError(_("接替的应是本县的另一位教师。"))
    if kind == ChangeKind.CONTINUATION and held.form != Form.SUPERVISED:
        raise RefusedError(_("只有督导性交流在未达到结束条件时继续交流；其他交流请申请延长。"))


def _continuation(held: Placement, on: date, rank: int | None, of: int | None, at: datetime) -> tuple[str, str]:
    released = releasing.release(held, timezone.localdate(at), rank=rank, of=of)
    if released is None:
        raise RefusedError(_("本年度的政策没有规定结束督导性交流的条件；请申请延长。"))
    if released.verdict == releasing.RELEASE:
        raise RefusedError(_("按 %(clause)s 已达到结束条件，不应继续交流：%(because)s") % {
            "clause": released.clause, "because": released.because,
        })  # fmt: skip
    return released.clause, released.because[:500]


def _same(held: Placement, kind: ChangeKind, on: date, reason: str) -> PlacementChange:
    waiting = PlacementChange.objects.filter(placement=held, status=ChangeStatus.REQUESTED).first()
    if waiting is not None and (waiting.kind, waiting.on, waiting.reason) == (kind, on, reason):
        return waiting
    raise RefusedError(_("这项交流任务已有一项变更待决定；要改，请先撤回它。"))


@transaction.atomic
def withdraw(change: PlacementChange, *, by: User, at: datetime) -> PlacementChange:
    """Take a request back while nobody has decided; by whoever made it."""
    placement, held = _held(change, at)
    if held.requested_by_id != by.pk:
        raise RefusedError(_("只有提出的人可以撤回。"))
    held.status, held.decided_by, held.decided_at = ChangeStatus.WITHDRAWN, by, at
    held.save(update_fields=["status", "decided_by", "decided_at"])
    record(by, "rotation.change.withdrawn", placement, organisation=placement.to_school, change=held.pk)
    return held


@transaction.atomic
def decide(change: PlacementChange, *, approve: bool, opinion: str, by: User, at: datetime) -> PlacementChange:
    """Decide on a change; an approved one takes effect now, or by itself on its day. Nobody decides on his own."""
    placement, held = _held(change, at)
    if held.requested_by_id == by.pk:
        raise RefusedError(_("变更由本人提出，应由他人决定。"))
    if not opinion.strip():
        raise RefusedError(_("请写明决定的意见。"))
    pause()
    held.status = ChangeStatus.APPROVED if approve else ChangeStatus.REFUSED
    held.opinion, held.decided_by, held.decided_at, held.previous_end = opinion, by, at, placement.end
    if approve:
        _take_effect(placement, held, by, at)
    held.save()
    record(
        by, "rotation.change.decided", placement, after={"kind": held.kind, "on": held.on, "status": held.status},
        reason=opinion, organisation=placement.to_school, change=held.pk,
    )  # fmt: skip
    told = gettext_noop("%(teacher)s的交流变更（%(kind)s，至 %(on)s）已决定：%(status)s。")
    _tell(held, "rotation.change.decided", told)
    return held


def _take_effect(placement: Placement, change: PlacementChange, by: User, at: datetime) -> None:
    """A new end holds at once; an end that is still to come takes effect at night, once its day is over."""
    reason = f"{change.get_kind_display()}：{change.reason}"
    today = timezone.localdate(at)
    if change.kind in LONGER:
        extend_placement(placement, change.on, by, reason)
        change.applied_at = at
    elif change.on <= today:
        end_placement(placement, change.on, by, reason)
        change.applied_at = at


def _held(change: PlacementChange, at: datetime) -> tuple[Placement, PlacementChange]:
    placement = hold(change.placement, at=at, phases=TO_THE_END)
    held = PlacementChange.objects.select_for_update(no_key=True, of=("self",)).get(pk=change.pk)
    if held.status != ChangeStatus.REQUESTED:
        raise RefusedError(_("这项变更现在的状态是“%(status)s”，不能再办理。") % {
            "status": held.get_status_display(),
        })  # fmt: skip
    held.placement = placement
    return placement, held


def _tell(change: PlacementChange, kind: str, message: str) -> None:
    people = concerned(change.placement)
    if change.successor is not None and change.successor.user is not None:
        people.append(change.successor.user)
    notify(
        people, kind, message,
        {
            "teacher": str(change.placement.teacher), "kind": word(ChangeKind(change.kind).label), "on": change.on,
            "status": word(ChangeStatus(change.status).label),
        },
    )  # fmt: skip


@transaction.atomic
def apply_due(change: PlacementChange, today: date, at: datetime) -> bool:
    """End a placement whose approved earlier end has passed; at night. Whether anything was done."""
    held = (
        PlacementChange.objects.select_for_update(no_key=True, of=("self",))
        .select_related("placement")
        .get(pk=change.pk)
    )
    if held.status != ChangeStatus.APPROVED or held.applied_at is not None or held.on >= today:
        return False
    placement = held.placement
    if placement.ended_on is None:
        end_placement(placement, held.on, None, f"{held.get_kind_display()}：{held.reason}")
    held.applied_at = at
    held.save(update_fields=["applied_at"])
    return True
