"""The register of principals' study: what is entered, and what is struck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import comma
from junheng.web.records.audit import record
from junheng.web.rotation.models import CADRE_ROLES, Study, StudyKind, StudyPart
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

_UNSAID = {"mode": "", "host": None, "place": "", "batch": None}
SAME = ("kind", "theme", "start", "end", *_UNSAID)
"""What agrees when the same thing is entered twice."""


@transaction.atomic
def enter_study(county: Organisation, people: Sequence[Teacher], *, by: User, **given: Any) -> Study:
    """Record what cadres of a county took part in; everybody with the school and post of now.

    Raises :class:`RefusedError` where something is missing or contradictory, where somebody is no cadre, and for the
    same thing twice.
    """
    _check(given)
    states = _cadres(people)
    Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)  # one entry of a county after the other
    same = {name: value for name, value in (_UNSAID | given).items() if name in SAME}
    if Study.objects.standing().filter(county=county, **same).exists():  # scoped: the county handed in
        raise RefusedError(_("这项研修已经登记；要改，请先注销原来的一条。"))
    made = Study.objects.create(county=county, entered_by=by, entered_at=timezone.now(), **given)
    StudyPart.objects.bulk_create(
        StudyPart(study=made, teacher=each.teacher, school=each.school, role=each.role) for each in states
    )
    record(
        by, "rotation.study.entered", made, organisation=county,
        after={"kind": made.kind, "theme": made.theme, "start": made.start, "end": made.end, "people": len(states)},
    )  # fmt: skip
    return made


def _check(given: dict[str, Any]) -> None:
    kind = given["kind"]
    if given["end"] < given["start"]:
        raise RefusedError(_("研修的结束日期不应早于开始日期。"))
    if (kind == StudyKind.THEMED) != bool(given.get("mode")):
        raise RefusedError(_("“主题研修”请选研修方式；其他类别不选。"))
    if kind == StudyKind.TRAINING and not given.get("batch"):
        raise RefusedError(_("“分批轮训”请填第几批。"))
    if kind == StudyKind.SHADOWING and given.get("host") is None:
        raise RefusedError(_("“跟班学习”请选所到学校。"))
    if given.get("host") is None and not given.get("place"):
        raise RefusedError(_("请选所到学校，或写明地点。"))


def _cadres(people: Sequence[Teacher]) -> list[TeacherState]:
    """Their present states. Raises :class:`RefusedError` for nobody, or naming whoever is no cadre."""
    states = TeacherState.objects.current().filter(teacher__in=people)  # scoped: handed in
    found = {each.teacher_id: each for each in states.select_related("teacher", "school")}
    others = [each.number for each in people if each.pk not in found or found[each.pk].role not in CADRE_ROLES]
    if others:
        raise RefusedError(_("%(numbers)s 现在不是校级或中层干部，请核对工号。") % {"numbers": comma().join(others)})
    if not found:
        raise RefusedError(_("请写明参加人员。"))
    return list(found.values())


@transaction.atomic
def strike_study(study: Study, *, reason: str, by: User) -> None:
    """Strike what was entered by mistake, with a reason; it counts no more. Twice is once."""
    held = Study.objects.select_for_update(no_key=True).select_related("county").get(pk=study.pk)
    if held.struck_at is not None:
        return
    if not reason.strip():
        raise RefusedError(_("请写明注销的理由。"))
    held.struck_at = timezone.now()
    held.save(update_fields=["struck_at"])
    record(by, "rotation.study.struck", held, reason=reason, organisation=held.county)
