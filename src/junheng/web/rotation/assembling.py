"""The county that a year is planned for: its snapshot, with this year's applications and accepted reliefs put in, and
with those who still serve where they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from junheng import facts
from junheng.documents import county_digest
from junheng.planning.problem import Pin as PlannerPin
from junheng.planning.units import plan_subject
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Choice,
    PhaseKind,
    Pin,
    PinKind,
    Relief,
    ReliefStatus,
    RotationYear,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.still_serving import as_they_stand
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.snapshot import UnsoundCountyError, county_of


class StaleSnapshotError(RefusedError):
    """The facts of the year's snapshot are no longer those that were fixed."""


def frozen_county(year: RotationYear) -> facts.County:
    """The county as of the year's snapshot. Raises :class:`RefusedError` without one, or where it has changed."""
    if year.snapshot is None:
        raise RefusedError(_("%(year)s还没有固定数据快照，资格认定之后才能编制方案。") % {"year": year})
    try:
        known = county_of(year.county, year.snapshot.on)
    except UnsoundCountyError as fault:
        raise StaleSnapshotError(_("现有数据互相矛盾，须先更正：%s") % fault) from fault
    found = county_digest(known)
    if found != year.snapshot.digest:
        raise StaleSnapshotError(
            _("%(on)s的数据与快照 %(id)s 不一致：固定时 %(fixed)s，现在 %(found)s。请查明改动，或重新固定资格认定。")
            % {
                "on": year.snapshot.on, "id": year.snapshot.pk, "fixed": year.snapshot.digest[:12],
                "found": found[:12],
            }
        )  # fmt: skip
    return known


def county_for_plan(year: RotationYear) -> facts.County:
    """The county for which the year is planned; the same for the same rows. Raises :class:`RefusedError`.

    A year that takes applications knows wishes from accepted applications only: who has none has not applied, and his
    wishes of earlier years count for nothing. A year without a phase of applications keeps what the snapshot says.
    """
    county = frozen_county(year)
    changes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    if year.phases.filter(kind=PhaseKind.APPLICATIONS).exists():
        asked = _applications(year)
        for teacher in county.teachers:
            changes[teacher.id] |= {"applied": False, "wishes": (), "commute_limit_km": None}
            changes[teacher.id] |= asked.get(teacher.id, {})
        _marry(county, year, changes)
    for number, relief in reliefs_of(year).items():
        changes[number] |= {"deferral_reason": relief.ground, "deferral_approved_by": relief.office}
    for number, given in as_they_stand(year, county).items():
        changes[number] |= given
    unknown = sorted(changes.keys() - county.teacher_by_id.keys())
    if unknown:
        raise StaleSnapshotError(_("教师 %(number)s 不在快照 %(id)s 中。") % {
            "number": unknown[0], "id": year.snapshot_id,
        })  # fmt: skip
    teachers = tuple(
        replace(teacher, **changes[teacher.id]) if changes.get(teacher.id) else teacher for teacher in county.teachers
    )
    return replace(county, teachers=teachers)


def _accepted(year: RotationYear) -> Any:
    return Application.objects.filter(year=year, status=ApplicationStatus.ACCEPTED)


def _applications(year: RotationYear) -> dict[str, dict[str, Any]]:
    """What accepted applications say, by teacher number."""
    wishes: defaultdict[int, list[facts.Wish]] = defaultdict(list)
    choices = Choice.objects.filter(application__in=_accepted(year)).order_by("application", "rank")
    for key, rank, code in choices.values_list("application_id", "rank", "school__code"):
        wishes[key].append(facts.Wish(rank=rank, school_id=code))
    rows = _accepted(year).values_list("pk", "teacher__number", "commute_limit_km")
    return {
        number: {"applied": True, "wishes": tuple(wishes[key]), "commute_limit_km": limit}
        for key, number, limit in rows
    }


def _marry(county: facts.County, year: RotationYear, changes: Mapping[str, dict[str, Any]]) -> None:
    """Spouses who apply together and name each other are spouses, also where the roster does not say so."""
    named = set(_accepted(year).filter(partner__isnull=False).values_list("teacher__number", "partner__number"))
    for one, other in named:
        teacher = county.teacher_by_id.get(one)
        if (other, one) in named and teacher is not None and not teacher.family.spouse_id:
            changes[one]["family"] = replace(teacher.family, spouse_id=other)


def pins_of(year: RotationYear, county: facts.County) -> list[PlannerPin]:
    """The decisions in force, as the planner takes them; that whoever has a relief stays, whatever his pack reads; and
    that whoever does not accept other schools than those he named goes nowhere else.

    A pack that makes somebody move who has been granted a relief contradicts it: the scenario then says so.
    """
    rows = Pin.objects.filter(year=year, withdrawn_at__isnull=True).select_related("teacher", "school", "year")
    pins = [_pin(each, county) for each in rows.order_by("pk")]
    staying = {each.teacher_id for each in pins if each.kind == "stay"}
    reliefs = reliefs_of(year)
    relieved = [
        PlannerPin(number, "stay", reason=reliefs[number].kind)
        for number in sorted(reliefs.keys() - staying)
        if number in county.teacher_by_id
    ]
    return pins + relieved + _nowhere_else(year, county, {(each.teacher_id, each.school_id) for each in pins})


def unyielding(year: RotationYear) -> dict[str, frozenset[str]]:
    """The wishes of those who apply of their own accord and accept nothing else (不服从调剂), by teacher number.

    Whoever must move does so whatever he ticked: his wishes are weighed, but they do not bind.
    """
    obliged = Verdict.objects.filter(year=year, current=True, standing=VerdictStanding.MUST).values("teacher")
    asked = _accepted(year).filter(obeys=False).exclude(teacher__in=obliged)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, code in asked.values_list("teacher__number", "choices__school__code"):
        found[number].add(code or "")
    return {number: frozenset(codes - {""}) for number, codes in sorted(found.items())}


def _nowhere_else(year: RotationYear, county: facts.County, there: Collection[tuple[str, str]]) -> list[PlannerPin]:
    """Every other school of the stage is closed to whoever accepts his wishes only, unless the clerk decided on it."""
    closed, reason = [], _("不服从调剂")
    for number, wished in unyielding(year).items():
        teacher = county.teacher_by_id.get(number)
        if teacher is None or not _may_be_sent(county, teacher):
            continue
        closed += [
            PlannerPin(number, "forbid", school.id, reason=reason)
            for school in county.schools
            if school.pupils(teacher.stage) > 0
            and school.id not in wished | {teacher.works_at}
            and (number, school.id) not in there
        ]
    return closed


def _may_be_sent(county: facts.County, teacher: facts.Teacher) -> bool:
    """Whether the planner knows the teacher at all: in post, at a school that has pupils of the stage."""
    here = county.school_by_id[teacher.works_at]
    return teacher.in_post is not False and teacher.stage in here.stages and here.pupils(teacher.stage) > 0


def excused_by(year: RotationYear) -> dict[str, str]:
    """The clause by which somebody is deferred or exempted this year, for the sentences of conflicts."""
    return {f"stay:{number}": relief.clause for number, relief in reliefs_of(year).items() if relief.clause}


def reliefs_in_force(year: RotationYear) -> QuerySet[Relief]:
    """Deferrals and exclusions that hold in the year's term of service, with their teachers; the last decided last."""
    granted = Relief.objects.filter(teacher__county=year.county, status=ReliefStatus.GRANTED, since__lte=year.ends)
    holding = granted.filter(Q(until__isnull=True) | Q(until__gte=year.starts)).select_related("teacher")
    return holding.order_by("decided_at")


def reliefs_of(year: RotationYear) -> dict[str, Relief]:
    """The same by teacher number."""
    return {each.teacher.number: each for each in reliefs_in_force(year)}


def _pin(pin: Pin, county: facts.County) -> PlannerPin:
    teacher = county.teacher_by_id.get(pin.teacher.number)
    if teacher is None:
        raise StaleSnapshotError(_("教师 %(number)s 不在快照 %(id)s 中。") % {
            "number": pin.teacher.number, "id": pin.year.snapshot_id,
        })  # fmt: skip
    if pin.kind == PinKind.STAY or pin.school is None:
        return PlannerPin(teacher.id, "stay", reason=pin.reason)
    subject = plan_subject(facts.Subject.read(pin.subject)) if pin.subject else ""
    kind = "pin" if pin.kind == PinKind.TO else "forbid"
    return PlannerPin(teacher.id, kind, pin.school.code, subject, pin.reason)  # type: ignore[arg-type]
