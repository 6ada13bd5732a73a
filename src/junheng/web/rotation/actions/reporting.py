"""Reporting for duty: the host confirms it; who does not come is admonished, and in the end dismissed, by the pack."""

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
from junheng.web.rotation.actions.headcounts import locked, settle
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.addressees import both_sides, bureau
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.lateness import lateness
from junheng.web.rotation.models import Caution, CautionKind, OrderLine, PhaseKind, Placement, PlacementStatus
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

REPORTING = (PhaseKind.REPORTING, PhaseKind.SERVICE)


@transaction.atomic
def confirm_arrival(placement: Placement, *, on: date, by: User, at: datetime | None = None) -> Placement:
    """Set down the day on which the teacher reported at the host; confirming the same again changes nothing."""
    now = at or timezone.now()
    held = locked(placement)
    if held.reported_on == on:
        return held
    require_open(held.year, *REPORTING, at=now)
    if held.status != PlacementStatus.ORDERED:
        raise RefusedError(_("这项交流任务现在是“%(status)s”，不能确认报到。") % {"status": held.get_status_display()})
    if on > timezone.localdate(now):
        raise RefusedError(_("报到日期不能晚于今天。"))
    order = OrderLine.objects.select_related("order").get(placement=held).order
    if on < order.issued_on:
        raise RefusedError(_("报到日期不能早于调配文件的成文日期 %(day)s。") % {"day": order.issued_on})
    if Caution.objects.filter(placement=held, kind=CautionKind.TERMINATION, issued_at__isnull=False).exists():
        raise RefusedError(_("已发出解除聘用合同通知书，不能再确认报到；如需撤回，请撤销这项交流任务。"))
    pause()
    before, held.reported_on = held.reported_on, on
    held.save(update_fields=["reported_on"])
    settle(held)
    record(
        by, "rotation.arrival.confirmed", held, before={"reported_on": before}, after={"reported_on": on},
        organisation=held.to_school, days_late=max(0, (on - order.report_by).days),
    )  # fmt: skip
    return held


@transaction.atomic
def draft_caution(placement: Placement, kind: CautionKind, *, by: User, at: datetime | None = None) -> Caution:
    """Draft the paper that the pack asks for now; drafting it again gives what there is.

    Raises :class:`RefusedError` where the teacher has reported, or the pack asks for no such paper.
    """
    now = at or timezone.now()
    held = locked(placement)
    there = Caution.objects.filter(placement=held, kind=kind).first()
    if there is not None:
        return there
    require_open(held.year, *REPORTING, at=now)
    if held.status != PlacementStatus.ORDERED or held.reported_on is not None:
        raise RefusedError(_("教师已经报到，或者交流任务已不在执行，不能出具%(paper)s。") % {"paper": kind.label})
    order = OrderLine.objects.select_related("order").get(placement=held).order
    late = lateness(pack_of(held.year), held.year, order.report_by, timezone.localdate(now))
    due = [CautionKind.ADMONITION, CautionKind.TERMINATION]
    if late.paper is None or due.index(late.paper) < due.index(kind):
        raise RefusedError(_("逾期 %(days)s 天，按现行政策还不到出具%(paper)s的程度。") % {
            "days": late.days, "paper": kind.label,
        })  # fmt: skip
    pause()
    try:
        with transaction.atomic():
            made = Caution.objects.create(
                placement=held, kind=kind, days=late.days, clause=late.clause, because=late.because, drafted_by=by,
                drafted_at=now,
            )  # fmt: skip
    except IntegrityError:
        return Caution.objects.get(placement=held, kind=kind)
    record(
        by, "rotation.caution.drafted", held, after={"kind": kind, "days": late.days, "clause": late.clause},
        organisation=held.from_school,
    )  # fmt: skip
    return made


@transaction.atomic
def review_caution(caution: Caution, *, lawful: bool, opinion: str, by: User, at: datetime | None = None) -> Caution:
    """Set down the legal review of a termination, by somebody other than who drafted it."""
    held = _caution(caution, at)
    if held.kind != CautionKind.TERMINATION:
        raise RefusedError(_("告诫书不需要法制审核。"))
    if held.drafted_by_id == by.pk:
        raise RefusedError(_("拟稿人不能审核自己拟的文书，请由另一人审核。"))
    if not opinion.strip():
        raise RefusedError(_("请写明审核意见。"))
    held.reviewed_by, held.reviewed_at, held.lawful, held.opinion = by, at or timezone.now(), lawful, opinion.strip()
    held.save(update_fields=["reviewed_by", "reviewed_at", "lawful", "opinion"])
    record(
        by, "rotation.caution.reviewed", held.placement, after={"kind": held.kind, "lawful": lawful}, reason=opinion,
        organisation=held.placement.from_school,
    )  # fmt: skip
    return held


@transaction.atomic
def issue_caution(caution: Caution, *, number: str, by: User, at: datetime | None = None) -> Caution:
    """Issue an admonition, or a termination that has passed its review; issuing it again changes nothing.

    Raises :class:`RefusedError` for a number that another such paper of the county has.
    """
    now = at or timezone.now()
    in_line(caution.placement.year)
    placement = locked(caution.placement)
    there = Caution.objects.select_for_update(no_key=True, of=("self",)).get(pk=caution.pk)
    if there.issued_at is not None:
        return there
    require_open(placement.year, *REPORTING, at=now)
    if placement.status != PlacementStatus.ORDERED or placement.reported_on is not None:
        raise RefusedError(_("教师已经报到，或者交流任务已不在执行，文书不再发出。"))
    if not number.strip():
        raise RefusedError(_("请填写发文字号。"))
    taken = Caution.objects.filter(number=number.strip(), placement__year__county=placement.year.county_id)
    if taken.exists():
        raise RefusedError(_("文号 %(number)s 已经用过。") % {"number": number.strip()})
    if there.kind == CautionKind.TERMINATION and not there.lawful:
        raise RefusedError(_("解除聘用合同通知书要先通过法制审核。"))
    pause()
    there.number, there.issued_by, there.issued_at = number.strip(), by, now
    there.save(update_fields=["number", "issued_by", "issued_at"])
    record(
        by, "rotation.caution.issued", placement, after={"kind": there.kind, "number": there.number},
        organisation=placement.from_school,
    )  # fmt: skip
    notify(
        [*both_sides(placement), *bureau(placement)], "rotation.caution.issued",
        gettext_noop("%(number)s：因逾期 %(days)s 天未报到，已发出文书。"),
        {"number": there.number, "days": there.days}, placement.get_absolute_url(),
    )  # fmt: skip
    return there


def _caution(caution: Caution, at: datetime | None) -> Caution:
    """The caution, locked after its placement. Raises :class:`RefusedError` once it has been issued."""
    placement = locked(caution.placement)
    require_open(placement.year, *REPORTING, at=at or timezone.now())
    held: Caution = Caution.objects.select_for_update(no_key=True, of=("self",)).get(pk=caution.pk)
    held.placement = placement
    if held.issued_at is not None:
        raise RefusedError(_("文书已经发出，不能再改。"))
    return held
