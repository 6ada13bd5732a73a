"""Issuing orders, and changing or revoking what one says."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.facts import Role
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import listed
from junheng.web.records.audit import record
from junheng.web.records.jobs import enqueue
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.records.saying import word
from junheng.web.rotation.actions.cadres import end_term_of
from junheng.web.rotation.actions.headcounts import locked, settle, take_back
from junheng.web.rotation.addressees import both_sides
from junheng.web.rotation.calling import answering
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.holds import held_back, in_line
from junheng.web.rotation.models import (
    ChangeOfOrder,
    Order,
    OrderAmendment,
    OrderLine,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
)
from junheng.web.rotation.ordered import Issued
from junheng.web.rotation.workdays import start_of
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

BEGINS = "rotation.placement.begin"
AFTER_ISSUE = (PhaseKind.ORDERS, PhaseKind.REPORTING, PhaseKind.SERVICE)
CHANGEABLE = ("to_school", "subject", "start", "end", "relation_moved")


@dataclass(frozen=True, slots=True)
class OrderHead:
    """What stands at the head of an order; ``key`` makes a repeated issue the same."""

    number: str
    signer: str
    issued_on: date
    report_by: date
    key: uuid.UUID
    batch: int | None = None


@transaction.atomic
def issue(
    year: RotationYear, head: OrderHead, placements: Collection[int], *, by: User, at: datetime | None = None
) -> Order:
    """Issue an order for planned placements of a year; issuing it again gives the same.

    Raises :class:`RefusedError` where one of them is ordered already, is not the year's, or concerns somebody about
    whom something is still being looked into (see :mod:`junheng.web.rotation.holds`).
    """
    now = at or timezone.now()
    held = in_line(year)
    again = Order.objects.filter(key=head.key).first()
    if again is not None:
        return again
    require_open(held, PhaseKind.ORDERS, at=now)
    chosen = _chosen(held, placements)
    waiting = held_back(held)
    stopped = [each for each in chosen if each.teacher_id in waiting]
    if stopped:
        raise RefusedError(_("异议尚未办结，暂缓发文：%(who)s。请去掉后再发文。") % {
            "who": listed(each.teacher_name or each.teacher_number for each in stopped),
        })  # fmt: skip
    pause()
    order = _kept(held, head, by, now)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, placement=each, letter=number, issued=Issued.of(each).kept())
        for number, each in enumerate(chosen, 1)
    )
    Placement.objects.filter(pk__in=[each.pk for each in chosen]).update(status=PlacementStatus.ORDERED)
    record(
        by, "rotation.order.issued", order, organisation=held.county,
        after={"number": order.number, "batch": order.batch, "signer": order.signer, "placements": len(chosen),
               "teachers": [each.teacher_number for each in chosen]},
    )  # fmt: skip
    _ask_for_beginnings(order, {each.start for each in chosen}, by)
    for each in chosen:
        _tell(each, order)
    return order


def _chosen(year: RotationYear, placements: Collection[int]) -> list[Placement]:
    rows = Placement.objects.select_for_update(no_key=True, of=("self",)).filter(year=year, pk__in=placements)
    found = list(
        rows.with_names()
        .select_related("teacher__user", "from_school", "to_school")
        .order_by("from_school", "to_school", "pk")
    )
    if not found or len(found) != len(set(placements)):
        raise RefusedError(_("请至少选择一项本年度的交流任务。"))
    for each in found:
        if each.status != PlacementStatus.PLANNED:
            raise RefusedError(_("%(who)s的交流任务现在是“%(status)s”，不能再发文。") % {
                "who": each.teacher_name, "status": each.get_status_display(),
            })  # fmt: skip
    return found


def _kept(year: RotationYear, head: OrderHead, by: User, now: datetime) -> Order:
    if not head.number.strip() or not head.signer.strip():
        raise RefusedError(_("请填写发文字号和签发人。"))
    last = Order.objects.filter(year=year).aggregate(last=Max("batch"))["last"] or 0
    try:
        with transaction.atomic():
            return Order.objects.create(
                year=year, batch=head.batch or last + 1, number=head.number.strip(), signer=head.signer.strip(),
                issued_on=head.issued_on, report_by=head.report_by, issued_by=by, issued_at=now, key=head.key,
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("本年度已有字号 %(number)s 或同一批次的调配文件。") % {"number": head.number}) from None


def _ask_for_beginnings(order: Order, starts: Collection[date], by: User) -> None:
    for start in sorted(starts):
        enqueue(
            BEGINS,
            {"order": order.pk, "start": start.isoformat()},
            title=_("%(order)s：%(day)s起到岗") % {"order": order, "day": start},
            by=by,
            organisation=order.year.county,
            subject=order,
            due_at=start_of(start),
            once=f"{BEGINS}:{order.pk}:{start.isoformat()}",
        )


def _tell(placement: Placement, order: Order) -> None:
    message = gettext_noop("%(number)s 已发文：%(who)s到%(school)s交流任教，请于 %(day)s 前报到。")
    if placement.role:
        message = gettext_noop("%(number)s 已发文：%(who)s到%(school)s任%(role)s，请于 %(day)s 前报到。")
    values: dict[str, Any] = {
        "number": order.number, "who": placement.teacher_name, "school": placement.to_school.shown,
        "day": order.report_by.isoformat(),
    }  # fmt: skip
    if placement.role:
        values["role"] = word(label_of(Role.read(placement.role)))
    notify(both_sides(placement), "rotation.order.issued", message, values, placement.get_absolute_url())


@transaction.atomic
def revoke(placement: Placement, *, reason: str, number: str = "", by: User, at: datetime | None = None) -> Placement:
    """Revoke a placement that is planned, ordered or served, as if it had never been: what it wrote is taken back.

    Revoking it again changes nothing. Raises :class:`RefusedError` without a reason and for one that has ended.
    """
    now = at or timezone.now()
    year = in_line(placement.year)
    held = locked(placement)
    if held.status == PlacementStatus.CANCELLED:
        return held
    require_open(year, *AFTER_ISSUE, at=now)
    _needs_reason(reason)
    if held.status in {PlacementStatus.ENDED, PlacementStatus.EARLY}:
        raise RefusedError(_("交流任务已经结束，不能撤销。"))
    pause()
    before = held.status
    take_back(held, by=by, reason=reason)
    held.status = PlacementStatus.CANCELLED
    held.save(update_fields=["status"])
    end_term_of(held, on=timezone.localdate(now), reason=reason, by=by)
    _amend(
        held, ChangeOfOrder.REVOKED, number=number, reason=reason, before={"status": before},
        after={"status": held.status}, by=by, at=now,
    )  # fmt: skip
    message = gettext_noop("%(who)s到%(school)s的交流任务已撤销：%(reason)s")
    _tell_of(held, "rotation.order.revoked", message, reason)
    return held


@transaction.atomic
def change(
    placement: Placement, values: Mapping[str, Any], *, reason: str, number: str = "", by: User,
    at: datetime | None = None,
) -> Placement:  # fmt: skip
    """Change what an order says of a placement: ``to_school``, ``subject``, ``start``, ``end`` or ``relation_moved``.

    What the old terms had written into the file is taken back, the new ones are written on their day; whoever had
    reported at another host must report anew. Raises :class:`RefusedError`.
    """
    now = at or timezone.now()
    year = in_line(placement.year)
    held = locked(placement)
    changed = {name: values[name] for name in CHANGEABLE if name in values and getattr(held, name) != values[name]}
    if not changed:
        return held
    require_open(year, *AFTER_ISSUE, at=now)
    _needs_reason(reason)
    if held.status not in {PlacementStatus.ORDERED, PlacementStatus.SERVING}:
        raise RefusedError(_("只能更改已发文、尚未结束的交流任务。"))
    host: Organisation = changed.get("to_school", held.to_school)
    if host.pk == held.from_school_id or host.county_id != year.county_id:
        raise RefusedError(_("接收学校应是本县另一所学校。"))
    if changed.get("end", held.end) < changed.get("start", held.start):
        raise RefusedError(_("结束日期不能早于开始日期。"))
    _keep_to_the_call(held, host, moved=changed.get("relation_moved", held.relation_moved))
    take_back(held, by=by, reason=reason)
    before = {name: _said(getattr(held, name)) for name in changed}
    for name, value in changed.items():
        setattr(held, name, value)
    held.status = PlacementStatus.ORDERED
    if "to_school" in changed:
        held.reported_on = None
    held.save(update_fields=[*changed, "status", "reported_on"])
    after = {name: _said(value) for name, value in changed.items()}
    amendment = _amend(
        held, ChangeOfOrder.CHANGED, number=number, reason=reason, before=before, after=after, by=by, at=now
    )
    line = OrderLine.objects.select_related("order__year__county").get(placement=held)
    enqueue(
        BEGINS, {"order": line.order_id, "start": held.start.isoformat()},
        title=_("%(order)s：%(day)s起到岗") % {"order": line.order, "day": held.start}, by=by,
        organisation=year.county, subject=line.order, due_at=start_of(held.start),
        once=f"{BEGINS}:{line.order_id}:amendment:{amendment.pk}",
    )  # fmt: skip
    settle(held)
    _tell_of(held, "rotation.order.changed", gettext_noop("%(who)s到%(school)s的交流任务有更改：%(reason)s"), reason)
    return held


def _keep_to_the_call(held: Placement, host: Organisation, *, moved: bool) -> None:
    """Who goes to the countryside on the year's call was promised that relation and pay stay as they are."""
    if not moved or held.role:
        return
    if answering(held.year, [(held.teacher_id, held.from_school_id, host.pk)]):
        raise RefusedError(_("按本年倡导，城镇青年教师到乡村学校任教，人事关系不转、待遇不变；不能改为调动人事关系。"))


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))


def _said(value: Any) -> Any:
    if isinstance(value, Organisation):
        return value.code
    return value.isoformat() if isinstance(value, date) else value


def _amend(
    placement: Placement, kind: ChangeOfOrder, *, number: str, reason: str, before: dict[str, Any],
    after: dict[str, Any], by: User, at: datetime,
) -> OrderAmendment:  # fmt: skip
    made = OrderAmendment.objects.create(
        placement=placement, kind=kind, number=number.strip(), reason=reason, before=before, after=after, by=by, at=at
    )
    record(
        by, f"rotation.order.{kind.value}", placement, before=before, after=after, reason=reason,
        organisation=placement.to_school, number=number,
    )  # fmt: skip
    return made


def _tell_of(placement: Placement, kind: str, message: str, reason: str) -> None:
    state = placement.teacher.states.order_by("-valid_from", "-pk").first()
    notify(
        both_sides(placement), kind, message,
        {"who": state.name if state else placement.teacher.number, "school": placement.to_school.shown,
         "reason": reason},
        placement.get_absolute_url(),
    )  # fmt: skip
