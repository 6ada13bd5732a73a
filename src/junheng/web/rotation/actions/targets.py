"""What backbone teachers of each level are to do in a year, and how that becomes tasks of whoever is on exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.facts import Honor, HonorKind, Level
from junheng.web.records.audit import record
from junheng.web.rotation.actions.holding import hold
from junheng.web.rotation.actions.serving import LEADING, give_task, kinds_for, settings_of
from junheng.web.rotation.models import Placement, RotationYear, ServiceSettings, TaskKind
from junheng.web.staffing.models import HonorEntry, Teacher
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

LEVELS = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.NATION)
"""The levels of backbone teachers, the lowest first."""
KINDS = LEADING
"""What they may be set as a target."""

Targets = Mapping[Level, Mapping[TaskKind, int]]


@transaction.atomic
def set_targets(year: RotationYear, targets: Targets, *, by: User) -> ServiceSettings:
    """Set the development targets of every level; a number of 0 is none."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    if held.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held})
    before = settings_of(held)
    given = {
        level.value: {kind.value: count for kind, count in targets[level].items() if count}
        for level in LEVELS
        if any(targets.get(level, {}).values())
    }
    usual = {"report_due_day": before.report_due_day, "warning_days": before.warning_days,
             "similar_percent": before.similar_percent}  # fmt: skip
    made, _new = ServiceSettings.objects.update_or_create(
        year=held, defaults={"development": given}, create_defaults=usual | {"development": given}
    )
    record(by, "rotation.targets.set", held, organisation=held.county, before=before.development, after=given)
    return made


def targets_of(year: RotationYear) -> dict[Level, dict[TaskKind, int]]:
    """The targets of a year by level; levels without any are not there."""
    held = settings_of(year).development
    return {
        level: {TaskKind(kind): count for kind, count in held[level.value].items()}
        for level in LEVELS
        if level.value in held
    }


def level_of(teacher: Teacher, on: date) -> Level | None:
    """The highest level at which somebody is a backbone teacher on a day; nothing for whoever is none."""
    held = HonorEntry.objects.current().filter(teacher=teacher)  # scoped: the teacher handed in
    honors = [
        Honor(
            kind=HonorKind.read(each.kind), level=Level.read(each.level), start=each.start, end=each.end,
            counts_as_backbone=each.counts_as_backbone,
        )
        for each in held
    ]  # fmt: skip
    found = [each.level for each in honors if each.is_backbone(on)]
    return max(found, key=lambda level: level.rank) if found else None


def open_targets(placement: Placement) -> tuple[Level | None, dict[TaskKind, int], dict[TaskKind, int]]:
    """The teacher's level, the targets of it that suit the placement, and how much of each no task asks for yet."""
    level = level_of(placement.teacher, placement.start)
    wanted = targets_of(placement.year).get(level, {}) if level else {}
    fitting = {kind: count for kind, count in wanted.items() if kind in kinds_for(placement)}
    given: Counter[str] = Counter()
    for task in placement.tasks.all():
        given[task.kind] += task.target
    return level, fitting, {kind: count - given[kind] for kind, count in fitting.items() if count > given[kind]}


@transaction.atomic
def lay_targets(placement: Placement, *, due: date | None, by: User, at: datetime) -> int:
    """Give the teacher as tasks what the targets of his level ask for beyond the tasks there are; how many were given.

    Doing it again gives nothing more. Raises :class:`RefusedError` for whoever is no backbone teacher, and where the
    year has no target that suits.
    """
    held = hold(placement, at=at)
    level, fitting, missing = open_targets(held)
    if level is None:
        raise RefusedError(_("%(teacher)s在交流开始时没有有效的县级以上骨干称号。") % {"teacher": held.teacher})
    if not fitting:
        raise RefusedError(_("本年度没有为%(level)s骨干设定适合这种方向的培养目标。") % {"level": label_of(level)})
    words = _("%(level)s骨干培养目标") % {"level": label_of(level)}
    for kind, count in missing.items():
        give_task(held, kind=kind, words=words, target=count, due=due, by=by, at=at)
    if missing:
        after = {"level": level.value} | {kind.value: count for kind, count in missing.items()}
        record(by, "rotation.targets.laid", held, organisation=held.to_school, after=after)
    return len(missing)
