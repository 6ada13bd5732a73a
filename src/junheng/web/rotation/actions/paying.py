"""Allowances by month, and proposals to deduct from performance pay."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.saying import word
from junheng.web.rotation import allowing, counting, monthly
from junheng.web.rotation.actions.holding import TO_THE_END, hold
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import Allowance, AllowanceRate, Deduction, Payer, Placement, RotationYear, Task
from junheng.web.rotation.people import concerned
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def set_rate(
    year: RotationYear, *, name: str, amount: Decimal, payer: Payer, rural_only: bool, clause: str, by: User,
    at: datetime,
) -> AllowanceRate:  # fmt: skip
    """Set an allowance of the year. Raises :class:`RefusedError` for an amount other than the pack states."""
    RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(year, *TO_THE_END, at=at)
    said = next((each for each in allowing.stated(year) if each.name == name), None)
    if said is not None:
        clause = said.clause
        if said.amount is not None and said.amount != amount:
            raise RefusedError(_("政策 %(clause)s 规定“%(name)s”为每月 %(amount)s 元。") % {
                "clause": said.clause, "name": name, "amount": said.amount,
            })  # fmt: skip
    if not clause.strip():
        raise RefusedError(_("政策没有规定这项补助，请写明发放的依据。"))
    before = AllowanceRate.objects.filter(year=year, name=name).first()
    made, _new = AllowanceRate.objects.update_or_create(
        year=year, name=name,
        defaults={"amount": amount, "payer": payer, "rural_only": rural_only, "clause": clause, "by": by, "at": at},
    )  # fmt: skip
    record(
        by, "rotation.allowance.rate_set", made, organisation=year.county, after={"amount": amount, "payer": payer},
        before={"amount": before.amount, "payer": before.payer} if before else None,
    )  # fmt: skip
    return made


@transaction.atomic
def lay_out(year: RotationYear, month: date, *, by: User, at: datetime) -> int:
    """Put down what is due to everybody who served in the month; rows that are there stay. How many were added."""
    RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(year, *TO_THE_END, at=at)
    month = counting.first_of_month(month)
    if month not in monthly.months_of_year(year, timezone.localdate(at)):
        raise RefusedError(_("%(month)s 不是已经开始的交流月份。") % {"month": f"{month:%Y-%m}"})
    rates = list(AllowanceRate.objects.filter(year=year))
    there = set(Allowance.objects.filter(placement__year=year, month=month).values_list("placement", "rate"))
    rows = [
        Allowance(placement=placement, rate=rate, month=month, amount=rate.amount, by=by)
        for placement in monthly.serving_in(year, month)
        for rate in rates
        if (placement.pk, rate.pk) not in there and (not rate.rural_only or counting.goes_rural(placement))
    ]
    Allowance.objects.bulk_create(rows)
    if rows:
        record(
            by, "rotation.allowances.laid_out", year, organisation=year.county,
            after={"month": month, "rows": len(rows), "sum": sum(each.amount for each in rows)},
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def mark_paid(found: Allowance, *, on: date, by: User, at: datetime) -> Allowance:
    """Record the day on which an allowance was paid."""
    held = hold(found.placement, at=at, phases=TO_THE_END, serving=False)
    row = Allowance.objects.select_for_update(no_key=True).select_related("rate").get(pk=found.pk)
    if on > timezone.localdate(at) or on < row.month:
        raise RefusedError(_("发放日期应在 %(month)s 以后、今天以前。") % {"month": f"{row.month:%Y-%m}"})
    before, row.paid_on, row.by = {"paid_on": row.paid_on}, on, by
    row.save(update_fields=["paid_on", "by"])
    record(
        by, "rotation.allowance.paid", held, before=before, after={"paid_on": on, "month": row.month},
        organisation=held.to_school, allowance=row.pk,
    )  # fmt: skip
    return row


def unmet_tasks(placement: Placement, on: date) -> list[Task]:
    """Tasks that were found not met, or are past their day without being done."""

    def is_late(task: Task) -> bool:
        return task.met is None and task.due is not None and task.due < on and task.done < task.target

    return [task for task in placement.tasks.all() if task.met is False or is_late(task)]


@transaction.atomic
def propose_deduction(
    placement: Placement, *, month: date, reason: str, percent: Decimal | None, by: User, at: datetime
) -> Deduction:
    """Propose to deduct from basic performance pay, where the pack has a rule for it and a duty is unmet.

    The share is the pack's own; only where the pack leaves it to an authority may one be proposed.
    """
    held = hold(placement, at=at, phases=TO_THE_END)
    month = counting.first_of_month(month)
    rule = allowing.deduction_rule(held.year)
    if rule is None:
        raise RefusedError(_("本年度的政策没有扣减绩效工资的规定，不能提出。"))
    if rule.percent is not None and percent is not None and percent != rule.percent:
        raise RefusedError(_("政策 %(clause)s 规定扣减 %(percent)s%%，不能另定。") % {
            "clause": rule.clause, "percent": rule.percent,
        })  # fmt: skip
    unmet = unmet_tasks(held, timezone.localdate(at))
    if not unmet:
        raise RefusedError(_("没有未完成的任务，扣减没有依据。"))
    try:
        with transaction.atomic():
            made = Deduction.objects.create(
                placement=held, month=month, reason=reason, clause=rule.clause, unmet=[str(task) for task in unmet],
                percent=rule.percent if rule.percent is not None else percent, proposed_by=by, proposed_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("这个月已经提出过扣减建议。")) from None
    record(
        by, "rotation.deduction.proposed", held, after={"month": month, "unmet": made.unmet}, reason=reason,
        organisation=held.to_school, deduction=made.pk,
    )  # fmt: skip
    notify(
        concerned(held), "rotation.deduction.proposed",
        gettext_noop("接收学校就%(teacher)s未完成的任务提出绩效扣减建议，待县局决定。"), {"teacher": str(held.teacher)},
    )  # fmt: skip
    return made


@transaction.atomic
def decide_deduction(found: Deduction, *, approve: bool, opinion: str, by: User, at: datetime) -> Deduction:
    """Decide on a proposed deduction; nobody decides on his own proposal."""
    placement = hold(found.placement, at=at, phases=TO_THE_END, serving=False)
    held = Deduction.objects.select_for_update(no_key=True).get(pk=found.pk)
    if held.status != Deduction.Status.PROPOSED:
        raise RefusedError(_("这项建议已经决定：%(status)s。") % {"status": held.get_status_display()})
    if held.proposed_by_id == by.pk:
        raise RefusedError(_("建议由本人提出，应由他人决定。"))
    if approve and held.percent is None:
        raise RefusedError(_("建议没有写明扣减比例，政策也没有规定；请不同意，由学校写明比例后重新提出。"))
    if not opinion.strip():
        raise RefusedError(_("请写明决定的意见。"))
    held.status = Deduction.Status.APPROVED if approve else Deduction.Status.REFUSED
    held.opinion, held.decided_by, held.decided_at = opinion, by, at
    held.save(update_fields=["status", "opinion", "decided_by", "decided_at"])
    record(
        by, "rotation.deduction.decided", placement, after={"status": held.status, "percent": held.percent},
        reason=opinion, organisation=placement.to_school, deduction=held.pk,
    )  # fmt: skip
    notify(
        concerned(placement, bureau=False), "rotation.deduction.decided",
        gettext_noop("%(teacher)s的绩效扣减建议已决定：%(status)s。"),
        {"teacher": str(placement.teacher), "status": word(Deduction.Status(held.status).label)},
    )  # fmt: skip
    return held
