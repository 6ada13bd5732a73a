"""Help during service: leaders in charge of schools, visits, safeguards, goals of the improvement agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.rotation.actions.holding import TO_THE_END, hold
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    Goal,
    LeaderDuty,
    Placement,
    RotationYear,
    Safeguard,
    SafeguardGroup,
    Visit,
    VisitKind,
)
from junheng.web.rotation.people import concerned
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

USUAL_SAFEGUARDS: Mapping[SafeguardGroup, tuple[str, ...]] = {
    SafeguardGroup.ECONOMIC: (
        gettext_noop("工资、福利按原标准按月发放"), gettext_noop("交通、食宿补助按月落实"),
        gettext_noop("住宿条件已安排"),
    ),
    SafeguardGroup.POLICY: (
        gettext_noop("交流经历计入职称评聘所需年限"), gettext_noop("评优名额单列或不低于同类人员"),
        gettext_noop("期满后的去向已书面明确"),
    ),
    SafeguardGroup.PROFESSIONAL: (
        gettext_noop("安排与专业相符的课程"), gettext_noop("参加接收学校和学区的教研、培训"),
        gettext_noop("派出学校教研资源继续开放"),
    ),
}  # fmt: skip
"""What every placement is checked for, by head; the county adds its own."""


@transaction.atomic
def put_in_charge(year: RotationYear, *, school: Organisation, leader: User, by: User, at: datetime) -> LeaderDuty:
    """Let a leader of the bureau answer for a school; another one takes the place of the first."""
    RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(year, *TO_THE_END, at=at)
    before = LeaderDuty.objects.filter(year=year, school=school).select_related("leader").first()
    made, _new = LeaderDuty.objects.update_or_create(
        year=year, school=school, defaults={"leader": leader, "by": by, "at": at}
    )
    record(
        by, "rotation.leader.put_in_charge", made, organisation=school, after={"leader": str(leader)},
        before={"leader": str(before.leader)} if before else None,
    )  # fmt: skip
    notify(
        [leader], "rotation.leader.put_in_charge", gettext_noop("您是%(school)s的包校领导。"), {"school": school.name}
    )
    return made


@transaction.atomic
def visit_teacher(placement: Placement, *, by: User, at: datetime, **given: Any) -> Visit:
    """Record a visit or talk of the home school with its teacher; ``given`` are the fields of :class:`Visit`."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    _not_ahead(given["on"], at)
    made = Visit.objects.create(
        year=held.year, school=held.to_school, placement=held, kind=VisitKind.HOME, by=by, at=at, **given
    )
    record(by, "rotation.visit.recorded", held, organisation=held.from_school, after={"on": made.on}, visit=made.pk)
    return made


@transaction.atomic
def visit_school(
    year: RotationYear, school: Organisation, *, kind: VisitKind, by: User, at: datetime, **given: Any
) -> Visit:
    """Record a visit of the bureau to a school; one by a leader is by the leader who answers for the school."""
    require_open(year, *TO_THE_END, at=at)
    _not_ahead(given["on"], at)
    if kind == VisitKind.LEADER and not LeaderDuty.objects.filter(year=year, school=school).exists():
        raise RefusedError(_("%(school)s还没有包校领导。") % {"school": school.shown})
    made = Visit.objects.create(year=year, school=school, kind=kind, by=by, at=at, **given)
    record(by, "rotation.visit.recorded", made, organisation=school, after={"on": made.on, "kind": kind})
    return made


def _not_ahead(day: date, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise RefusedError(_("%(field)s %(day)s 还没有到，不能提前登记。") % {"field": _("日期"), "day": day})


@transaction.atomic
def lay_safeguards(placement: Placement, *, by: User, at: datetime) -> int:
    """Lay out the usual safeguards of a placement that has none; how many were laid out."""
    held = hold(placement, at=at, phases=TO_THE_END)
    if held.safeguards.exists():
        return 0
    today = timezone.localdate(at)
    made = Safeguard.objects.bulk_create(
        Safeguard(placement=held, group=group, words=words, checked_on=today, by=by)
        for group, several in USUAL_SAFEGUARDS.items() for words in several
    )  # fmt: skip
    record(by, "rotation.safeguards.laid_out", held, organisation=held.to_school, after={"count": len(made)})
    return len(made)


@transaction.atomic
def add_safeguard(placement: Placement, *, group: SafeguardGroup, words: str, by: User, at: datetime) -> Safeguard:
    """Add a safeguard that this placement is to have."""
    held = hold(placement, at=at, phases=TO_THE_END)
    made = Safeguard.objects.create(placement=held, group=group, words=words, checked_on=timezone.localdate(at), by=by)
    record(by, "rotation.safeguard.added", held, organisation=held.to_school, after={"words": words}, row=made.pk)
    return made


@transaction.atomic
def check_safeguard(found: Safeguard, *, met: bool, note: str, by: User, at: datetime) -> Safeguard:
    """Record whether a safeguard is in place."""
    placement = hold(found.placement, at=at, phases=TO_THE_END, ended=True)
    held = Safeguard.objects.select_for_update(no_key=True).get(pk=found.pk)
    before = {"met": held.met}
    held.met, held.note, held.checked_on, held.by = met, note, timezone.localdate(at), by
    held.save()
    record(
        by, "rotation.safeguard.checked", placement, before=before, after={"met": met}, reason=note,
        organisation=placement.to_school, row=held.pk,
    )  # fmt: skip
    return held


@transaction.atomic
def agree_goal(placement: Placement, *, words: str, measure: str, due: date, by: User, at: datetime) -> Goal:
    """Put a goal of the improvement agreement down, with how it will be judged and until when."""
    held = hold(placement, at=at)
    if not held.start <= due <= held.end:
        raise RefusedError(_("期限应在交流期间（%(start)s 至 %(end)s）。") % {"start": held.start, "end": held.end})
    made = Goal.objects.create(placement=held, words=words, measure=measure, due=due, by=by)
    record(by, "rotation.goal.agreed", held, organisation=held.to_school, after={"due": due}, goal=made.pk)
    notify(
        concerned(held, bureau=False), "rotation.goal.agreed", gettext_noop("%(teacher)s的提高协议增加了一项目标。"),
        {"teacher": str(held.teacher)},
    )  # fmt: skip
    return made


@transaction.atomic
def judge_goal(found: Goal, *, outcome: Goal.Outcome, note: str, by: User, at: datetime) -> Goal:
    """Record what became of a goal."""
    placement = hold(found.placement, at=at, phases=TO_THE_END, ended=True)
    held = Goal.objects.select_for_update(no_key=True).get(pk=found.pk)
    before, held.outcome, held.note = {"outcome": held.outcome}, outcome, note
    held.judged_on = timezone.localdate(at) if outcome != Goal.Outcome.OPEN else None
    held.save(update_fields=["outcome", "note", "judged_on"])
    record(
        by, "rotation.goal.judged", placement, before=before, after={"outcome": outcome},
        organisation=placement.to_school, goal=held.pk,
    )  # fmt: skip
    return held
