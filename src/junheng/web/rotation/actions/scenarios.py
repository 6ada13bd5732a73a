"""Decisions before planning, and scenarios: asked for, changed by hand, set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.planning.goals.levels import OrderError, read_order
from junheng.policy import parse_override
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.jobs import enqueue
from junheng.web.records.races import pause
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.assembling import reliefs_of
from junheng.web.rotation.computing import KIND
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    HoldKind,
    PhaseKind,
    Pin,
    PinKind,
    RotationYear,
    Scenario,
    ScenarioStatus,
    Verdict,
    VerdictStanding,
)
from junheng.web.staffing.models import SchoolState, Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scenario is asked with, as in :class:`Scenario`; ``parameters`` are texts: ``{"tenure_years": "6"}``."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    mechanism: str = ""
    hold: str = HoldKind.FIX
    seed: int = 0
    gap: float = 5e-4
    time_limit: int | None = None
    relation_moved: bool = False


def in_words(refused: OrderError) -> str:
    """What is wrong with an order, in the reader's language."""
    return refused.en if get_language() == "en" else refused.zh


def _locked(year: RotationYear) -> RotationYear:
    return (
        RotationYear.objects.select_for_update(no_key=True, of=("self",))
        .select_related("county", "snapshot")
        .get(pk=year.pk)
    )


@transaction.atomic
def ask_for(year: RotationYear, asked: Asked, *, by: User, at: datetime | None = None) -> Scenario:
    """Make a scenario and have it computed. Raises :class:`RefusedError` for parameters or goals that cannot be."""
    held = _locked(year)
    require_open(held, PhaseKind.PLANNING, at=at)
    if held.snapshot is None:
        raise RefusedError(_("%(year)s还没有固定数据快照，资格认定之后才能编制方案。") % {"year": held})
    parameters = _parameters(held, asked.parameters)
    if asked.order:
        try:
            read_order(asked.order)
        except OrderError as fault:
            raise RefusedError(_("目标次序有误：%s。") % in_words(fault)) from fault
    number = (Scenario.objects.filter(year=held).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Scenario.objects.create(
        year=held, number=number, name=asked.name or _("方案%s") % number, parameters=parameters, order=asked.order,
        mechanism=asked.mechanism, hold=asked.hold, seed=asked.seed, gap=asked.gap, time_limit=asked.time_limit,
        relation_moved=asked.relation_moved, snapshot=held.snapshot, created_by=by, created_at=at or timezone.now(),
    )  # fmt: skip
    enqueue(
        KIND, {"scenario": made.pk}, title=_("测算方案：%s") % made, by=by, organisation=held.county, subject=made,
        once=f"{KIND}:{made.pk}",
    )  # fmt: skip
    record(
        by, "rotation.plan.asked", made, organisation=held.county,
        after={"parameters": parameters, "order": asked.order, "mechanism": asked.mechanism, "seed": asked.seed,
               "gap": asked.gap, "time_limit": asked.time_limit, "snapshot": held.snapshot_id},
    )  # fmt: skip
    return made


def _parameters(year: RotationYear, given: Mapping[str, str]) -> dict[str, Any]:
    pack = pack_of(year)
    found: dict[str, Any] = {}
    for name, text in given.items():
        try:
            key, value = parse_override(pack, f"{name}={text}")
        except ValueError as fault:
            raise RefusedError(_("参数 %(name)s 填的是“%(text)s”，不能用：%(fault)s") % {
                "name": name, "text": text, "fault": fault,
            }) from fault  # fmt: skip
        found[key] = value
    return found


@transaction.atomic
def set_aside(scenario: Scenario, *, reason: str, by: User, at: datetime | None = None) -> Scenario:
    """Say that a scenario is not to be used. Raises :class:`RefusedError` for one that is proposed or adopted."""
    held = Scenario.objects.select_for_update(no_key=True).select_related("year__county").get(pk=scenario.pk)
    require_open(held.year, PhaseKind.PLANNING, PhaseKind.NOTICE, PhaseKind.OBJECTIONS, at=at)
    if held.status in {ScenarioStatus.PROPOSED, ScenarioStatus.ADOPTED}:
        raise RefusedError(_("“%(scenario)s”已提请采用，须先撤回提请。") % {"scenario": held})
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    before, held.status = held.status, ScenarioStatus.SET_ASIDE
    held.set_aside_because = reason
    held.save(update_fields=["status", "set_aside_because"])
    record(
        by, "rotation.plan.set_aside", held, organisation=held.year.county, before={"status": before},
        after={"status": held.status}, reason=reason,
    )  # fmt: skip
    return held


def told_of(scenario: Scenario) -> dict[str, Any]:
    """What is said of a scenario in sentences; see :mod:`junheng.web.rotation.computing`."""
    found: dict[str, Any] = json.loads(scenario.told_text) if scenario.told_text else {}
    return found


# --- decisions before planning ---------------------------------------------------------------------------------------


@transaction.atomic
def pin(
    year: RotationYear, *, teacher: Teacher, kind: str, school: Organisation | None = None, subject: str = "",
    reason: str, by: User, at: datetime | None = None,
) -> Pin:  # fmt: skip
    """Decide of a teacher before planning; scenarios computed from now on keep to it. Raises :class:`RefusedError`."""
    held = _locked(year)
    require_open(held, PhaseKind.REVIEW, PhaseKind.PLANNING, at=at)
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    if teacher.county_id != held.county_id or (school is not None and school.county_id != held.county_id):
        raise RefusedError(_("教师和学校都应在本县。"))
    if (kind == PinKind.STAY) != (school is None):
        raise RefusedError(_("指定去向和排除去向须选定学校，留任不选学校。"))
    state = teacher.state
    if kind == PinKind.TO and state is not None and school is not None and state.school_id == school.pk:
        raise RefusedError(_("%(school)s是该教师本校；要他留任，请选“留任”。") % {"school": school})
    there = SchoolState.objects.as_of(held.on).filter(school=school).first() if school is not None else None
    if state is not None and there is not None and state.stage not in there.stages:
        raise RefusedError(_("%(school)s没有该教师所任教的学段。") % {"school": school})
    if kind == PinKind.TO:
        _may_be_sent(held, teacher)
    pause()
    try:
        with transaction.atomic():
            made = Pin.objects.create(
                year=held, teacher=teacher, kind=kind, school=school, subject=subject, reason=reason, by=by,
                at=at or timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("该教师已有相同或互相矛盾的决定，请先撤销原来的。")) from None
    record(
        by, "rotation.pin.set", made, organisation=held.county, reason=reason,
        after={"teacher": teacher.number, "kind": kind, "school": school.code if school else "", "subject": subject},
    )  # fmt: skip
    return made


def _may_be_sent(year: RotationYear, teacher: Teacher) -> None:
    """Raises :class:`RefusedError` for somebody whom no plan of the year sends anywhere."""
    verdict = Verdict.objects.filter(year=year, teacher=teacher, current=True).first()
    if verdict is not None and verdict.standing == VerdictStanding.NO:
        raise RefusedError(
            _("该教师的资格认定结论为不交流（依据 %(clause)s），不能指定去向。") % {"clause": verdict.clause}
        )
    if teacher.number in reliefs_of(year):
        raise RefusedError(_("该教师已批准暂缓或免除，不能指定去向。"))


@transaction.atomic
def withdraw_pin(pin_: Pin, *, reason: str, by: User, at: datetime | None = None) -> Pin:
    """Take a decision back; the row stays, with the reason. Raises :class:`RefusedError`."""
    held = Pin.objects.select_for_update(no_key=True).select_related("year__county", "teacher").get(pk=pin_.pk)
    require_open(held.year, PhaseKind.REVIEW, PhaseKind.PLANNING, at=at)
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    if held.withdrawn_at is not None:
        return held
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_because = at or timezone.now(), by, reason
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    record(
        by, "rotation.pin.withdrawn", held, organisation=held.year.county, reason=reason,
        before={"teacher": held.teacher.number, "kind": held.kind},
    )  # fmt: skip
    return held
