"""Whom a person may see and for whom he may act, and what a form may refer to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F
from django.http import Http404, HttpRequest

from junheng.web.access import Permission
from junheng.web.directory.models import Organisation, User
from junheng.web.staffing.declared import places_of
from junheng.web.staffing.forms.declared import Places
from junheng.web.staffing.models import Correction, Teacher, TeacherState
from junheng.web.staffing.rosters import with_standing

if TYPE_CHECKING:
    from junheng.web.access import Standing


def author(request: HttpRequest) -> User:
    """The account of a request that has passed its gate."""
    return cast("User", request.user)


def teacher_in_reach(standing: Standing, pk: int) -> Teacher:
    """A teacher whom the person may see: in his schools, or with a correction in his hand. 404 for anybody else."""
    found = Teacher.objects.select_related("county")
    seen = found.visible_to(standing).filter(pk=pk).first()
    if seen is None:
        in_hand = Correction.objects.open().within_reach_of(standing).filter(teacher=pk)
        seen = found.filter(pk__in=in_hand.values("teacher")).first()
    if seen is None:
        raise Http404
    return seen


def present_state(teacher: Teacher) -> TeacherState | None:
    """What holds of the teacher now, with the schools."""
    states = TeacherState.objects.current().filter(teacher=teacher).select_related("school", "teaching_school")
    found: TeacherState | None = states.first()
    return found


def state_on(teacher: Teacher, day: date) -> Any:
    """What held of a teacher on a day, with the title held and what is out of the ordinary; ``None`` for nothing."""
    return with_standing(TeacherState.objects.as_of(day).filter(teacher=teacher), day).defer(None).first()


def last_spell(teacher: Teacher) -> TeacherState | None:
    """The last state of somebody who has left."""
    ended = TeacherState.objects.filter(teacher=teacher, valid_until__gt=F("valid_from"))
    found: TeacherState | None = ended.order_by("-valid_until").first()
    return found


def holds(standing: Standing, permission: Permission, teacher: Teacher, state: TeacherState | None) -> bool:
    """Whether the person holds a permission over a teacher: at the school of the establishment, or in the county."""
    within = standing.organisations(permission)
    return teacher.county_id in within or (state is not None and state.school_id in within)


def places_to_choose(county: Organisation, within: frozenset[int] | None = None, *also: Organisation | None) -> Places:
    """What references may name: schools of the county, or those within reach and whatever is named already."""
    every = list(
        Organisation.objects.filter(county=county, kind__in=("school", "cluster")).order_by("position", "code")
    )
    kept = {each.pk for each in also if each is not None}
    schools: dict[str, Any] = {
        each.code: each
        for each in every
        if each.kind == "school"
        and (each.pk in kept or (each.closed is None and (within is None or each.pk in within)))
    }
    return Places(
        schools=schools,
        clusters={each.code: each for each in every if each.kind == "cluster"},
        past=places_of(county),
        numbers=frozenset(Teacher.objects.filter(county=county).values_list("number", flat=True)),
    )
