"""How principals and managers are developed: who was trained, who visited, where they studied, what each has served."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from junheng.facts import Role
from junheng.facts.calendar import add_months, school_year
from junheng.web.access import Permission
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.rotation.models import Study, StudyKind, StudyMode, StudyPart
from junheng.web.staffing import appraisals
from junheng.web.staffing.models import AppointmentEntry, Teacher, TeacherState, TrainingEntry
from junheng.web.staffing.models.teachers import AWAY

if TYPE_CHECKING:
    from junheng.web.access import Standing

TRAINED_WITHIN_MONTHS = 36
HEADS = (Role.PRINCIPAL.value, Role.VICE_PRINCIPAL.value)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the principals in office were trained within three years; by batch, where each batch counts whoever
    was in it."""

    trained: int
    principals: int
    batches: tuple[tuple[int, int], ...]

    @property
    def percent(self) -> float | None:
        """The share in per cent; none without principals."""
        return 100 * self.trained / self.principals if self.principals else None


def parts_of(standing: Standing, county: Organisation) -> Any:
    """Who took part in what stands in the register of the county, of schools within reach."""
    return StudyPart.objects.visible_to(standing).filter(study__county=county, study__struck_at__isnull=True)


def coverage(standing: Standing, county: Organisation, today: date) -> Coverage:
    """Of the principals in office within reach, those trained in the three years up to a day."""
    heads = TeacherState.objects.visible_to(standing, Permission.ROTATION_VIEW).current()
    heads = heads.filter(teacher__county=county, role=Role.PRINCIPAL.value)
    trained = parts_of(standing, county).filter(
        study__kind=StudyKind.TRAINING, study__end__gt=add_months(today, -TRAINED_WITHIN_MONTHS),
        study__end__lte=today, teacher__in=heads.values("teacher"),
    )  # fmt: skip
    batches = trained.order_by().values_list("study__batch").annotate(Count("teacher", distinct=True))
    return Coverage(
        trained=trained.order_by().values("teacher").distinct().count(), principals=heads.count(),
        batches=tuple(sorted(batches)),
    )  # fmt: skip


def visits_in(standing: Standing, county: Organisation, year: int) -> int:
    """Person-times of study visits that began in a calendar year, of vice-principals and principals."""
    visits = Q(study__kind=StudyKind.VISIT) | Q(study__mode=StudyMode.OUTWARD)
    found: int = parts_of(standing, county).filter(visits, study__start__year=year, role__in=HEADS).count()
    return found


def hours_in(standing: Standing, county: Organisation, year: int) -> Decimal:
    """Hours of everybody together in what began in a calendar year."""
    found = parts_of(standing, county).filter(study__start__year=year).aggregate(hours=Sum("study__hours"))["hours"]
    return found or Decimal(0)


def in_cultivation(standing: Standing, county: Organisation, today: date) -> int:
    """How many are being cultivated as outstanding principals on a day."""
    running = {"study__kind": StudyKind.CULTIVATION, "study__start__lte": today, "study__end__gte": today}
    found: int = parts_of(standing, county).filter(**running).order_by().values("teacher").distinct().count()
    return found


def by_kind(standing: Standing, county: Organisation) -> list[dict[str, Any]]:
    """Every kind of study and every mode of themed study, also those not used yet: how often, and person-times."""
    studies = Study.objects.visible_to(standing).standing().filter(county=county)
    times = Counter(studies.values_list("kind", "mode"))
    people = Counter(parts_of(standing, county).values_list("study__kind", "study__mode"))
    rows = [(kind, mode) for kind in StudyKind for mode in (StudyMode if kind == StudyKind.THEMED else ("",))]
    return [
        {
            "kind": kind.label,
            "mode": StudyMode(mode).label if mode else "",
            "times": times[kind, mode],
            "people": people[kind, mode],
        }
        for kind, mode in rows
    ]


def with_help(parts: Any) -> Any:
    """Those who took part with ``helped``: whether the school where they were helped theirs when it began."""
    began = OuterRef("study__start")
    ties = SchoolTie.objects.filter(  # scoped: of rows within reach
        Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")) & Q(valid_until__gt=began),
        Q(start__isnull=True) | Q(start__lte=began), Q(end__isnull=True) | Q(end__gte=began),
        supporting=OuterRef("study__host"), supported=OuterRef("school"),
    )  # fmt: skip
    return parts.annotate(helped=Exists(ties))


@dataclass(slots=True)
class Served:
    """What somebody has behind him: spells elsewhere, study, hours by school year, scores since the appointment."""

    spells: list[dict[str, Any]] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    appraised: str = ""
    in_ledger: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    in_register: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def hours(self) -> list[tuple[int, float, float]]:
        """School year, hours in the hours ledger, hours in the register of study; the latest first."""
        years = sorted(self.in_ledger.keys() | self.in_register.keys(), reverse=True)
        return [(year, self.in_ledger[year], self.in_register[year]) for year in years]


def served_by(teachers: Collection[int], county: Organisation) -> dict[int, Served]:
    """What each of some teachers has behind him; the caller has seen that they are within reach."""
    found = {key: Served() for key in teachers}
    for teacher in appraisals.with_history(Teacher.objects.filter(pk__in=teachers)):  # scoped: the teachers handed in
        found[teacher.pk].appraised = appraisals.words_of(appraisals.tracked(teacher, timezone.localdate()))
    for spell, name in _spells(teachers, county):
        found[spell.teacher_id].spells.append(
            {"start": spell.start, "end": spell.end, "school": name, "kind": spell.get_kind_display()}
        )
    parts = StudyPart.objects.filter(  # scoped: the teachers handed in
        teacher__in=teachers, study__struck_at__isnull=True
    )
    for part in parts.select_related("study").order_by("-study__start"):
        held = found[part.teacher_id]
        held.studies.append(part.study)
        if part.study.hours:
            held.in_register[school_year(part.study.start)] += float(part.study.hours)
    ledger = TrainingEntry.objects.current().filter(teacher__in=teachers)  # scoped: the teachers handed in
    for teacher, year, hours in ledger.order_by().values_list("teacher", "school_year").annotate(Sum("hours")):
        found[teacher].in_ledger[year] += hours
    return found


def _spells(teachers: Collection[int], county: Organisation) -> Iterable[tuple[AppointmentEntry, str]]:
    """Spells at other schools (exchange, support, temporary posts), the latest first, with the name of the school."""
    rows = AppointmentEntry.objects.current().filter(  # scoped: the teachers handed in
        teacher__in=teachers, kind__in=AWAY
    )
    spells = list(rows.order_by("-start"))
    codes = {each.school_id for each in spells}
    schools = Organisation.objects.filter(county=county, code__in=codes)  # scoped: names alone
    names = {each.code: each.shown for each in schools}
    for each in spells:
        yield each, names.get(each.school_id) or each.school_name or each.school_id
