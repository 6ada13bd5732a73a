"""The archive of a year: what is complete, what is missing; from then on the year is only read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.facts.calendar import anniversary, school_year
from junheng.web.access import Role
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.rotation import monthly
from junheng.web.rotation.actions.taking_over import take_over
from junheng.web.rotation.actions.years import Setting, proposed_dates, set_up
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    Certificate,
    ChangeStatus,
    Deduction,
    MonthlyReport,
    Outcome,
    OutcomeStage,
    PhaseKind,
    Placement,
    PlacementChange,
    PlacementStatus,
    Problem,
    ReportStatus,
    RotationYear,
    Summary,
)
from junheng.web.rotation.people import of_schools
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the archive's list: how many there are of how many, and whether the archive waits for them."""

    label: str
    done: int
    total: int
    url: str
    required: bool = True

    @property
    def missing(self) -> int:
        """How many are not there."""
        return max(0, self.total - self.done)


def pieces(year: RotationYear, now: datetime) -> list[Piece]:
    """Everything that belongs to the archive of the year, with what is there and what is missing.

    A cadre's term that goes on after the year is not waited for: it is kept among the terms.
    """
    placements = Placement.objects.filter(year=year).exclude(status=PlacementStatus.CANCELLED)
    placements = placements.exclude(~Q(role=""), end__gt=year.ends)
    every = placements.count()
    over = placements.filter(status__in=(PlacementStatus.ENDED, PlacementStatus.EARLY)).count()
    placed = {"placement__in": placements}
    problems = Problem.objects.filter(**placed)
    changes = PlacementChange.objects.filter(**placed)
    deductions = Deduction.objects.filter(**placed)
    outcomes = Outcome.objects.filter(**placed, stage=OutcomeStage.ARCHIVED).count()
    owed, handed_in = _reports(year, now)

    def at(name: str) -> str:
        return reverse(f"rotation:{name}", args=(year.pk,))

    return [
        Piece(_("交流任务已结束"), over, every, at("services")),
        Piece(_("交流总结"), Summary.objects.filter(**placed).count(), every, at("outcomes")),
        Piece(_("期满考核已归档"), outcomes, every, at("outcomes")),
        Piece(_("变更已决定"), changes.exclude(status=ChangeStatus.REQUESTED).count(), changes.count(), at("changes")),
        Piece(
            _("绩效扣减建议已决定"), deductions.exclude(status=Deduction.Status.PROPOSED).count(), deductions.count(),
            at("deductions"),
        ),
        Piece(_("月报"), handed_in, owed, at("months"), required=False),
        Piece(
            _("困难与问题已解决"), problems.filter(status=Problem.Status.CLOSED).count(), problems.count(),
            at("problems"), required=False,
        ),
        Piece(
            _("交流服务证明"), Certificate.objects.filter(**placed, revoked_at__isnull=True).count(), every,
            at("outcomes"), required=False,
        ),
    ]  # fmt: skip


def _reports(year: RotationYear, now: datetime) -> tuple[int, int]:
    months = monthly.months_of_year(year, timezone.localdate(now))
    serving = [monthly.serving_in(year, month) for month in months]
    owed = sum(rows.count() + rows.values("to_school").distinct().count() for rows in serving)
    reports = MonthlyReport.objects.filter(year=year, month__in=months).exclude(status=ReportStatus.RETURNED)
    return owed, reports.count()


def digest_of_year(year: RotationYear) -> dict[str, Any]:
    """The year in figures, as its archive keeps them in the trail."""
    placements = Placement.objects.filter(year=year)
    outcomes = Outcome.objects.filter(placement__year=year)
    return {
        "placements": {status: placements.filter(status=status).count() for status in PlacementStatus.values},
        "grades": {grade: outcomes.filter(grade=grade).count()
                   for grade in sorted(set(outcomes.values_list("grade", flat=True)))},
        "certificates": Certificate.objects.filter(placement__year=year, revoked_at__isnull=True).count(),
    }  # fmt: skip


@transaction.atomic
def archive(year: RotationYear, *, by: User, at: datetime) -> RotationYear:
    """Close the year for good. Raises :class:`RefusedError` naming what is missing; again changes nothing."""
    held = RotationYear.objects.select_for_update(no_key=True, of=("self",)).select_related("county").get(pk=year.pk)
    if held.is_archived:
        return held
    require_open(held, PhaseKind.ARCHIVE, at=at)
    missing = [each for each in pieces(held, at) if each.required and each.missing]
    if missing:
        said = "；".join(_("%(what)s还差 %(count)s") % {"what": m.label, "count": m.missing} for m in missing)
        raise RefusedError(_("还不能归档：%(missing)s。") % {"missing": said})
    held.archived_at = at
    held.save(update_fields=["archived_at"])
    record(by, "rotation.year.archived", held, organisation=held.county, after=digest_of_year(held))
    offices = of_schools((Role.BUREAU_CLERK, Role.SECTION_HEAD, Role.BUREAU_LEADER), held.county_id)
    notify(
        offices, "rotation.year.archived", gettext_noop("%(year)s已归档，今后只能查看。"), {"year": str(held)},
        held.get_absolute_url(),
    )  # fmt: skip
    return held


def next_setting(year: RotationYear, today: date) -> Setting:
    """What the next year would be set up with: the same pack, parameters and limits, its service still ahead of today.

    A year is archived when its service is over and often after the next has begun, so that the one which can still be
    prepared begins a year or two after this one did.
    """
    ahead = 1
    while anniversary(year.starts, year.starts.year + ahead) <= today:
        ahead += 1

    def later(day: date) -> date:
        return anniversary(day, day.year + ahead)

    return Setting(
        year=year.year + ahead, pack=year.pack_source, on=later(year.on), starts=later(year.starts),
        ends=later(year.ends), audience=year.audience, parameters=dict(year.parameters),  # type: ignore[arg-type]
        wishes_allowed=year.wishes_allowed, previous=year,
    )  # fmt: skip


@transaction.atomic
def start_next(
    year: RotationYear, *, first: date, on: date, starts: date, ends: date, bodies: bool = True, pins: bool = True,
    by: User, at: datetime,
) -> RotationYear:  # fmt: skip
    """Set the next year up from an archived one, which it names as its previous, for the school year of ``starts``.

    Settings go on, on request bodies and decisions still in force too. Raises :class:`RefusedError`.
    """
    held = RotationYear.objects.select_for_update(no_key=True, of=("self",)).select_related("county").get(pk=year.pk)
    if not held.is_archived:
        raise RefusedError(_("%(year)s还没有归档；归档后再从它建立下一年度。") % {"year": held})
    belongs = school_year(starts + timedelta(days=31))  # service often begins in the last days of August
    setting = replace(next_setting(held, timezone.localdate(at)), year=belongs, on=on, starts=starts, ends=ends)
    made = set_up(held.county, setting, proposed_dates(held.county, first, starts, ends), by=by)
    take_over(made, bodies=bodies, pins=pins, by=by, at=at)
    return made
