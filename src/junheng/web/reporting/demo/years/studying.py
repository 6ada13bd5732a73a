"""What those who lead schools studied: training by batches, a visit, the forum, open schools, shadowing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from junheng.facts import Role
from junheng.web.directory.models import SchoolTie
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.leading import MANAGERS
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation.actions import studies
from junheng.web.rotation.models import StudyKind, StudyMode
from junheng.web.staffing.models import Teacher, TeacherState

_BATCHES, _VISITORS, _CHOSEN, _SHADOWED = 2, 6, 2, 15
SERIAL_OF_TRAINING = 60


def fill_register(programme: Programme) -> None:
    """Two batches of training, a visit, the yearly forum, two kinds of themed study, shadowing, cultivation."""
    heads, managers = _cadres(programme, (Role.PRINCIPAL,)), _cadres(programme, MANAGERS)
    if not heads:
        return
    half = (len(heads) + 1) // _BATCHES
    for batch, people in enumerate((heads[:half], heads[half:-1]), start=1):
        _enter(programme, people, StudyKind.TRAINING, word("studying", "training", str(batch)), since=300 - 90 * batch,
               days=5, batch=batch, hours=40, place=word("studying", "forum_place"),
               document_number=programme.number(SERIAL_OF_TRAINING + batch))  # fmt: skip
    _enter(programme, (heads + managers)[:_VISITORS], StudyKind.VISIT, word("studying", "visit"), since=70, days=4,
           hours=16, place=word("studying", "visited"))  # fmt: skip
    _enter(programme, heads, StudyKind.FORUM, word("studying", "forum"), since=40, hours=4,
           place=word("studying", "forum_place"))  # fmt: skip
    schools = programme.company.cast.schools
    for mode, theme in ((StudyMode.OPEN_SCHOOL, "open_school"), (StudyMode.SWAP, "swap")):
        _enter(programme, heads[:_VISITORS], StudyKind.THEMED, word("studying", theme), since=25, hours=6,
               mode=mode.value, host=schools[0])  # fmt: skip
    _enter(programme, heads[:_CHOSEN], StudyKind.CULTIVATION, word("studying", "cultivation"), since=20, days=1000,
           place=word("studying", "forum_place"))  # fmt: skip
    _shadow(programme, {each.school_id: each for each in _states(programme, (*MANAGERS, Role.PRINCIPAL))})


def _shadow(programme: Programme, leaders: dict[int, TeacherState]) -> None:
    """A leader of a school that is helped goes to the school that helps it."""
    day = timezone.localdate() - timedelta(days=_SHADOWED)
    ties = SchoolTie.objects.current().filter(supported__in=leaders, start__lte=day, end__gte=day)
    for tie in ties.select_related("supporting").order_by("pk")[:1]:
        _enter(programme, [leaders[tie.supported_id].teacher], StudyKind.SHADOWING, word("studying", "shadowing"),
               since=_SHADOWED, days=10, hours=20, host=tie.supporting)  # fmt: skip


def _enter(
    programme: Programme, people: list[Teacher], kind: StudyKind, theme: str, *, since: int, days: int = 1,
    **given: Any,
) -> None:  # fmt: skip
    """One entry that began some days ago; nothing where nobody took part."""
    if not people:
        return
    start = timezone.localdate() - timedelta(days=since)
    studies.enter_study(
        programme.company.county, people, by=programme.company.head, kind=kind.value, theme=theme, start=start,
        end=start + timedelta(days=days - 1), **given,
    )  # fmt: skip


def _states(programme: Programme, roles: tuple[Role, ...]) -> list[TeacherState]:
    rows = TeacherState.objects.current().filter(
        teacher__county=programme.company.county, role__in=[each.value for each in roles]
    )
    return list(rows.select_related("teacher", "school").order_by("teacher__number"))


def _cadres(programme: Programme, roles: tuple[Role, ...]) -> list[Teacher]:
    return [each.teacher for each in _states(programme, roles)]
