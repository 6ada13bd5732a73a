"""New staff, never beyond the establishment nor the year's increase plan (R-287)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from junheng.indicators import recruitment_room
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.models import IncreasePlan, RecruitmentEntry
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@dataclass(frozen=True, slots=True)
class Room:
    """How many more may be taken on in a year, and the figures behind it."""

    year: int
    authorised: int
    on_establishment: int
    increase: int | None
    planned: int

    @property
    def left(self) -> int:
        """Free posts or the year's plan, whichever is less, less what is planned already."""
        return recruitment_room(self.authorised, self.on_establishment, self.increase or 0) - self.planned


def room_of(county: Organisation, year: int, on: date) -> Room:
    """The room that a county has in a year, as of a day."""
    report = figures_of(county, on).establishment
    increase = IncreasePlan.objects.current().filter(county=county, year=year).first()
    planned = RecruitmentEntry.objects.current().filter(school__county=county, year=year)
    return Room(
        year=year,
        authorised=report.total("authorised"),
        on_establishment=report.total("on_establishment"),
        increase=increase.number if increase else None,
        planned=planned.aggregate(sum=Sum("number"))["sum"] or 0,
    )


@transaction.atomic
def set_increase_plan(
    county: Organisation, *, year: int, number: int, document_number: str, on: date, by: User
) -> IncreasePlan:
    """Set how many a county may take on in a year. Raises :class:`RefusedError` below what is planned already."""
    Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)
    held = IncreasePlan.objects.current().filter(county=county, year=year).first()
    planned = room_of(county, year, on).planned
    if number < planned:
        raise RefusedError(_("该年度已安排招聘 %(planned)s 人，增人计划不能少于此数。") % {"planned": planned})
    if held is not None:
        IncreasePlan.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    made = IncreasePlan.objects.create(
        county=county, year=year, number=number, document_number=document_number, valid_from=on, source="edit"
    )
    record(
        by, "staffing.increase_plan.set", county, before={"number": held.number} if held else None,
        after={"year": year, "number": number, "document_number": document_number}, organisation=county,
    )  # fmt: skip
    return made


@transaction.atomic
def plan_recruitment(school: Organisation, values: Mapping[str, Any], *, on: date, by: User) -> RecruitmentEntry:
    """Plan new staff for a school's stage and subject in a year; another number replaces the one before.

    Raises :class:`RefusedError` beyond the county's establishment or its increase plan, and without such a plan.
    """
    county = Organisation.objects.select_for_update(no_key=True).get(pk=school.county_id)
    room = room_of(county, values["year"], on)
    if room.increase is None:
        raise RefusedError(_("%(year)s 年度还没有增人计划，不能安排招聘。") % {"year": values["year"]})
    key = {name: values[name] for name in ("year", "stage", "subject")}
    held = RecruitmentEntry.objects.current().filter(school=school, **key).first()
    left = room.left + (held.number if held else 0)
    if values["number"] > left:
        raise RefusedError(
            _(
                "超出可招聘人数：编制 %(authorised)s，在编 %(held)s，年度增人计划 %(increase)s，"
                "已安排 %(planned)s，还可安排 %(left)s。"
            )
            % {
                "authorised": room.authorised,
                "held": room.on_establishment,
                "increase": room.increase,
                "planned": room.planned,
                "left": max(0, left),
            }
        )
    if held is not None:
        RecruitmentEntry.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    made = RecruitmentEntry.objects.create(school=school, valid_from=on, source="edit", **values)
    record(
        by, "staffing.recruitment.planned", school, before={"number": held.number} if held else None,
        after=dict(values), organisation=school,
    )  # fmt: skip
    return made
