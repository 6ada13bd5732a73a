"""Setting up a year, and the dates of its phases."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from junheng.policy import Pack, PackError, load_pack, pack_source, parse_pack
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.rotation.asked import cited_alone
from junheng.web.rotation.cycle import steps_of_move
from junheng.web.rotation.models import PHASE_ORDER, Audience, CalendarDay, Phase, PhaseChange, PhaseKind, RotationYear
from junheng.web.rotation.models.years import title_of
from junheng.web.rotation.turning import ask_for_turns
from junheng.web.rotation.workdays import Workdays, end_of, start_of
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

DAYS: dict[PhaseKind, int] = {
    PhaseKind.PREPARATION: 10,
    PhaseKind.CONFIRMATION: 5,
    PhaseKind.ELIGIBILITY: 5,
    PhaseKind.APPLICATIONS: 5,
    PhaseKind.NOMINATIONS: 10,
    PhaseKind.REVIEW: 5,
    PhaseKind.PLANNING: 5,
    PhaseKind.NOTICE: 5,
    PhaseKind.OBJECTIONS: 10,
    PhaseKind.ORDERS: 5,
    PhaseKind.REPORTING: 5,
}
"""Working days that a new year's proposal gives each phase before service; the bureau sets its own.

Schools nominate for longer than the others take, because the notice in the school runs within it.
"""

TERMS = "term_limit"
"""The question of a pack about terms of cadres."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a year is set up with; see :class:`RotationYear` for the meaning of each."""

    year: int
    pack: str
    """The pack's YAML text; see :func:`shipped` for one that comes with the product."""
    on: date
    starts: date
    ends: date
    audience: Audience = Audience.TEACHERS
    title: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    wishes_allowed: int = 3
    previous: RotationYear | None = None


def shipped(code: str) -> str:
    """The text of a pack that comes with the product."""
    return pack_source(load_pack(code))


def proposed_dates(county: Organisation, first: date, starts: date, ends: date) -> dict[PhaseKind, tuple[date, date]]:
    """First and last day of each phase, one after another from ``first`` by :data:`DAYS`.

    Objections begin with the notice. Reporting for duty ends on the first working day of service or later.
    """
    workdays = Workdays.of(county)
    found: dict[PhaseKind, tuple[date, date]] = {}
    day = workdays.first_from(first)
    for kind, days in DAYS.items():
        begins = found[PhaseKind.NOTICE][0] if kind is PhaseKind.OBJECTIONS else day
        last = workdays.after(begins, days - 1) if days > 1 else begins
        found[kind] = (begins, last)
        day = workdays.after(last, 1)
    reporting = max(found[PhaseKind.REPORTING][0], workdays.first_from(starts))
    found[PhaseKind.REPORTING] = (reporting, workdays.after(reporting, DAYS[PhaseKind.REPORTING]))
    found[PhaseKind.SERVICE] = (starts, ends)
    assessed = workdays.after(ends, 1)
    found[PhaseKind.ASSESSMENT] = (assessed, workdays.after(assessed, 10))
    archived = workdays.after(found[PhaseKind.ASSESSMENT][1], 1)
    found[PhaseKind.ARCHIVE] = (archived, workdays.after(archived, 10))
    return found


@transaction.atomic
def set_up(
    county: Organisation, setting: Setting, dates: Mapping[PhaseKind, tuple[date, date]], *, by: User | None
) -> RotationYear:
    """Make a year with its phases; days are whole days. Raises :class:`RefusedError` for a second one or odd dates."""
    pack = _read(setting.pack)
    year = RotationYear(
        county=county, year=setting.year, audience=setting.audience, on=setting.on, starts=setting.starts,
        ends=setting.ends, parameters=dict(setting.parameters), wishes_allowed=setting.wishes_allowed,
        previous=setting.previous, pack_code=pack.code, pack_title=pack.identity.title.zh, pack_source=setting.pack,
        pack_digest=hashlib.sha256(setting.pack.encode()).hexdigest(), created_by=by, created_at=timezone.now(),
        title=setting.title or _title(setting),
    )  # fmt: skip
    try:
        with transaction.atomic():
            year.save()
    except IntegrityError:
        raise RefusedError(_("%(year)s学年的%(audience)s轮岗已经建立。") % {
            "year": setting.year, "audience": year.get_audience_display(),
        }) from None  # fmt: skip
    for kind, (first, last) in sorted(dates.items(), key=lambda each: PHASE_ORDER[each[0].value]):
        if last < first:
            raise RefusedError(_("“%(phase)s”的截止日期早于开始日期。") % {"phase": kind.label})
        ask_for_turns(Phase.objects.create(year=year, kind=kind, opens=start_of(first), closes=end_of(last)))
    record(
        by, "rotation.year.set_up", year, organisation=county,
        after={"pack": year.pack_code, "digest": year.pack_digest, "on": year.on, "starts": year.starts,
               "ends": year.ends, "parameters": year.parameters},
    )  # fmt: skip
    return year


def _title(setting: Setting) -> str:
    """Composed in Chinese, whoever sets the year up: each reader is shown it in his language."""
    with override("zh-hans"):
        return title_of(setting.year, setting.audience)


@lru_cache(maxsize=32)
def _parsed(text: str) -> Pack:
    """A pack never changes once parsed, and parsing takes as long as the rest of a page."""
    return cited_alone(parse_pack(text, "pack"))


def _read(text: str) -> Pack:
    try:
        return _parsed(text)
    except PackError as fault:
        raise RefusedError(_("政策包有误：%(fault)s") % {"fault": fault}) from fault


def pack_of(year: RotationYear) -> Pack:
    """The pack as it stood when the year was set up."""
    return _read(year.pack_source)


@transaction.atomic
def move_phase(phase: Phase, *, opens: datetime, closes: datetime, reason: str, by: User) -> Phase:
    """Give a phase other dates, with a reason that everybody can read. Raises :class:`RefusedError`."""
    held = Phase.objects.select_for_update(no_key=True).select_related("year__county").get(pk=phase.pk)
    if held.year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held.year})
    if not reason.strip():
        raise RefusedError(_("请写明调整的理由。"))
    if closes <= opens:
        raise RefusedError(_("“%(phase)s”的截止日期早于开始日期。") % {"phase": held.get_kind_display()})
    if (held.opens, held.closes) == (opens, closes):
        return held
    before = {"opens": held.opens, "closes": held.closes}
    PhaseChange.objects.create(
        phase=held, opened=held.opens, closed=held.closes, opens=opens, closes=closes, reason=reason, by=by,
        at=timezone.now(),
    )  # fmt: skip
    held.opens, held.closes = opens, closes
    held.save(update_fields=["opens", "closes"])
    ask_for_turns(held)
    record(
        by, "rotation.phase.moved", held.year, before=before, after={"opens": opens, "closes": closes}, reason=reason,
        organisation=held.year.county, phase=held.kind,
    )  # fmt: skip
    if closes != before["closes"] and opens <= timezone.now() < closes:
        for step in steps_of_move(held):
            step(held)
    return held


@transaction.atomic
def declare_day(county: Organisation, *, day: date, working: bool, note: str, by: User) -> CalendarDay:
    """Declare a day working or free in the county, over the national calendar."""
    before = CalendarDay.objects.filter(county=county, day=day).first()
    made, _new = CalendarDay.objects.update_or_create(
        county=county, day=day, defaults={"working": working, "note": note}
    )
    record(
        by, "rotation.calendar.declared", made, before={"working": before.working} if before else None,
        after={"day": day, "working": working, "note": note}, organisation=county,
    )  # fmt: skip
    return made
