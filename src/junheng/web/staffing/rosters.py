"""Teachers on a day as lists read them: state, title held, backbone or not, away or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from junheng.facts import BACKBONE_HONORS, Level
from junheng.web.staffing.models import AppointmentEntry, HonorEntry, TeacherState, TitleEntry
from junheng.web.staffing.models.teachers import AWAY

if TYPE_CHECKING:
    from junheng.web.access import Standing
    from junheng.web.staffing.models.teachers import TeacherStateQuerySet

HIGH_LEVELS = tuple(level.value for level in Level if level.rank >= Level.COUNTY.rank)
BUREAU_ORDER = ("school__position", "school__code", "teacher__number")
ORDERS: dict[str, tuple[Any, ...]] = {
    "bureau": BUREAU_ORDER,
    "pinyin": ("pinyin", "teacher__number"),
    "strokes": ("strokes", "teacher__number"),
    "oldest": ("birth_date", "teacher__number"),
    "youngest": ("-birth_date", "teacher__number"),
    "longest": (F("joined_current_school").asc(nulls_last=True), "teacher__number"),
    "newest": (F("joined_current_school").desc(nulls_last=True), "teacher__number"),
}
SCHOOL_ORDERS: dict[str, tuple[str, ...]] = {
    "bureau": ("school__position", "school__code"),
    "pinyin": ("school__pinyin", "school__code"),
    "strokes": ("school__strokes", "school__code"),
}
_LATER = (
    "also_teaches", "note", "deferral_reason", "deferral_approved_by", "certificate_stage", "commute_limit_km",
    "home_x_km", "home_y_km", "id_index",
)  # fmt: skip


def titles_held(day: date, teacher: str = "teacher") -> Subquery:
    """The title that a teacher holds on the day."""
    held = TitleEntry.objects.as_of(day).filter(teacher=OuterRef(teacher), start__lte=day)
    return Subquery(held.order_by("-start", "-pk").values("title")[:1])


def backbone_on(day: date, teacher: str = "teacher") -> Exists:
    """Whether a teacher is a backbone teacher of the county or above on the day."""
    honors = HonorEntry.objects.as_of(day).filter(_counts(), teacher=OuterRef(teacher), level__in=HIGH_LEVELS)
    return Exists(honors.filter(start__lte=day).filter(_lasting(day)))


def _counts() -> Q:
    unsaid = Q(counts_as_backbone__isnull=True, kind__in=[kind.value for kind in BACKBONE_HONORS])
    return Q(counts_as_backbone=True) | unsaid


def placed_on(day: date, teacher: str = "teacher") -> Exists:
    """Whether a spell of exchange, support or secondment is running on the day."""
    spells = AppointmentEntry.objects.as_of(day).filter(teacher=OuterRef(teacher), kind__in=AWAY, start__lte=day)
    return Exists(spells.filter(_lasting(day)))


def _lasting(day: date) -> Q:
    return Q(end__isnull=True) | Q(end__gte=day)


def away() -> Q:
    """States of those who work elsewhere than at the establishment school."""
    return Q(teaching_school__isnull=False) & ~Q(teaching_school=F("school"))


def roster(standing: Standing, day: date) -> TeacherStateQuerySet:
    """States that hold on the day, of teachers whom the person may see, in the bureau's order."""
    return listed(TeacherState.objects.as_of(day).visible_to(standing)).order_by(*BUREAU_ORDER)


def listed(states: TeacherStateQuerySet) -> TeacherStateQuerySet:
    """The states with what a list shows of them, and without what only a file shows."""
    found: TeacherStateQuerySet = states.select_related("teacher", "school", "teaching_school").defer(*_LATER)
    return found


def with_standing(states: TeacherStateQuerySet, day: date) -> TeacherStateQuerySet:
    """A few states with ``title_held``, ``backbone`` and ``placed``.

    For a long list :func:`beside` is the way: a database works such columns out for every row before it sorts them.
    """
    found: TeacherStateQuerySet = states.annotate(
        title_held=titles_held(day), backbone=backbone_on(day), placed=placed_on(day)
    ).select_related("teacher", "school", "teaching_school")
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """What a list shows of teachers besides their state, by the teacher's key."""

    titles: Mapping[int, str]
    backbone: frozenset[int]
    placed: frozenset[int]


def beside(teachers: Collection[int], day: date) -> Beside:
    """Titles held, who is backbone and who is away on the day, in three queries."""
    titles = TitleEntry.objects.as_of(day).filter(teacher__in=teachers, start__lte=day)
    honors = HonorEntry.objects.as_of(day).filter(_counts(), _lasting(day), teacher__in=teachers)
    spells = AppointmentEntry.objects.as_of(day).filter(_lasting(day), teacher__in=teachers, kind__in=AWAY)
    return Beside(
        titles=dict(titles.order_by("start", "pk").values_list("teacher", "title")),
        backbone=frozenset(honors.filter(level__in=HIGH_LEVELS, start__lte=day).values_list("teacher", flat=True)),
        placed=frozenset(spells.filter(start__lte=day).values_list("teacher", flat=True)),
    )
