"""Reports over one county on one day, each computed when first asked for and kept until the data change.

Pages, overview and home all ask :func:`figures_of`: a county of 4,000 teachers is read and counted once, not per page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from threading import Lock
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce

from junheng import facts
from junheng.indicators import (
    BalanceReport,
    BaseStatistics,
    CountAt,
    Counting,
    EstablishmentNorm,
    EstablishmentReport,
    StructureReport,
    SubjectReport,
    base_statistics,
    measure_balance,
    measure_establishment,
    measure_structure,
    measure_subjects,
)
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import models, snapshot
from junheng.web.staffing.models.parameters import EstablishmentSettings, settings_of

KEPT = 6
"""So many counties and days are kept at once."""
NOT_COUNTED = frozenset({"training", "assessments", "exams"})
"""Two thirds of a county's rows, by which no figure of these counts: who needs them reads a snapshot."""
SUMS_KEPT = 200
"""So many people's sums."""
Sums = TypeVar("Sums")

_SOURCES = (
    models.TeacherState, models.AppointmentEntry, models.TitleEntry, models.HonorEntry, models.LeaveEntry,
    models.SanctionEntry, models.CircumstancesEntry, models.AssessmentEntry, models.SchoolState,
    models.EnrolmentEntry, models.PostsEntry, models.RequirementEntry, models.ResourcesEntry, models.SchoolEventEntry,
    EstablishmentSettings, SchoolTie, models.ClusterState,
)  # fmt: skip
_READS = ("export", "reveal", "download")


@dataclass(frozen=True, slots=True)
class Person:
    """The key of a teacher, and the name's reading and initials for search."""

    key: int
    pinyin: str
    initials: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a school stands in the bureau's own order, and what its name is found and ordered by."""

    number: int
    pinyin: str
    initials: str
    strokes: str


@dataclass(eq=False)
class Figures:
    """A county on a day and what is counted from it. ``keys`` gives the organisation key of a school's code.

    The teachers of ``county`` come without the histories :data:`NOT_COUNTED`.
    """

    county: facts.County
    keys: Mapping[str, int]
    settings: EstablishmentSettings
    version: tuple[str, ...]
    further: dict[Any, Any] = field(default_factory=dict)

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What a page makes of the figures, made once for each key."""
        if key not in self.further:
            self.further[key] = make()
        return self.further[key]

    @property
    def on(self) -> date:
        """The day."""
        return self.county.on

    @cached_property
    def norm(self) -> EstablishmentNorm:
        """The establishment norm that the county reckons by."""
        return self.settings.as_norm()

    @cached_property
    def establishment(self) -> EstablishmentReport:
        """Posts by norm, authorised posts and both head-counts of every stage of every school."""
        return measure_establishment(self.county, self.norm)

    @cached_property
    def subjects(self) -> SubjectReport:
        """Subjects needed and had, everybody counted where he teaches."""
        return measure_subjects(self.county, standard_periods=self._periods())

    @cached_property
    def subjects_at_home(self) -> SubjectReport:
        """Subjects needed and had, everybody counted at the establishment school."""
        return measure_subjects(self.county, standard_periods=self._periods(), count_at=CountAt.ESTABLISHMENT)

    @cached_property
    def structure(self) -> StructureReport:
        """Ages, titles, education, subjects of county, urban–rural classes and schools, counted where they teach."""
        return measure_structure(self.county)

    @cached_property
    def structure_at_home(self) -> StructureReport:
        """The same, counted at the establishment school."""
        return measure_structure(self.county, count_at=CountAt.ESTABLISHMENT)

    @cached_property
    def balance(self) -> BalanceReport:
        """The official indicators of 2017, everybody counted at the establishment school."""
        return measure_balance(self.county)

    @cached_property
    def balance_at_work(self) -> BalanceReport:
        """The same, counted where people teach."""
        return measure_balance(self.county, counting=Counting(at=CountAt.TEACHING))

    @cached_property
    def base(self) -> BaseStatistics:
        """Schools, pupils, classes and teachers by stage."""
        return base_statistics(self.county)

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Keys and readings of the teachers, by the county's own number."""
        states = models.TeacherState.objects.filter(teacher__county=self.settings.county).as_of(self.on)
        rows = states.values_list("teacher__number", "teacher", "pinyin", "initials")
        return {number: Person(key, pinyin.replace(" ", ""), initials) for number, key, pinyin, initials in rows}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every school's place in the bureau's order and the readings of its name, by its code."""
        schools = Organisation.objects.filter(county=self.settings.county, kind="school").order_by("position", "code")
        rows = schools.values_list("code", "pinyin", "initials", "strokes")
        return {code: Place(at, *readings) for at, (code, *readings) in enumerate(rows)}

    def _periods(self) -> dict[facts.Stage, float]:
        return {stage: float(value) for stage, value in self.settings.periods().items()}


_kept: OrderedDict[tuple[int, date], Figures] = OrderedDict()
_sums: OrderedDict[Hashable, tuple[tuple[str, ...], Any]] = OrderedDict()
_keeping = Lock()
_reading = Lock()
"""One request reads a county; the others wait for what it read."""


def figures_of(county: Organisation, on: date) -> Figures:
    """The figures of a county on a day: one query when nothing has changed since they were last asked for.

    Raises ``ValueError`` where the rows of the county do not fit together.
    """
    key, version = (county.pk, on), data_version()
    held = _held(key, version)
    if held is not None:
        return held
    with _reading:
        return _held(key, version) or _read(county, key, version)


def _held(key: tuple[int, date], version: tuple[str, ...]) -> Figures | None:
    with _keeping:
        held = _kept.get(key)
        if held is None or held.version != version:
            return None
        _kept.move_to_end(key)
        return held


def whole_figures_of(county: Organisation, on: date) -> Figures:
    """Figures made anew of the county with all its histories, for whoever keeps the county they were reckoned from."""
    return _made(county, on, data_version(), without=frozenset())


def _made(county: Organisation, on: date, version: tuple[str, ...], *, without: frozenset[str]) -> Figures:
    schools = Organisation.objects.filter(county=county, kind="school").values_list("code", "pk")
    return Figures(
        county=snapshot.county_of(county, on, without=without),
        keys=dict(schools),
        settings=settings_of(county, on),
        version=version,
    )


def _read(county: Organisation, key: tuple[int, date], version: tuple[str, ...]) -> Figures:
    made = _made(county, key[1], version, without=NOT_COUNTED)
    with _keeping:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def kept_sums(key: Hashable, make: Callable[[], Sums]) -> Sums:
    """Sums over rows of the room, added up once for each key as long as nothing changes; one query otherwise.

    ``key`` says everything else that the sums depend on: what is seen of the rows, and the day.
    """
    version = data_version()
    with _keeping:
        held = _sums.get(key)
    if held is None or held[0] != version:
        held = version, make()
        with _keeping:
            _sums[key] = held
            _sums.move_to_end(key)
            while len(_sums) > SUMS_KEPT:
                _sums.popitem(last=False)
    found: Sums = held[1]
    return found


def forget() -> None:
    """Lets go of everything kept."""
    with _keeping:
        _kept.clear()
        _sums.clear()


def data_version() -> tuple[str, ...]:
    """What changes whenever staffing or the organisation tree does.

    The digest of the last audit row of a change is enough, because nothing is written without one and the chain is
    written in the order of commits. The time of each table's last row is for rows that the loading of a demonstration
    or a test puts in without.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_version_asked(connection.vendor))
        return tuple(str(value) for value in cursor.fetchone() or ())


@cache
def _version_asked(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query for it and its parameters, put together once: that took longer than the answer."""
    last = AuditEvent.objects.filter(Q(action__startswith="staffing.") | Q(action__startswith="directory."))
    for word in _READS:
        last = last.exclude(action__contains=word)
    numbers = {
        f"at_{i}": Subquery(source.objects.order_by("-pk").values("entered_at")[:1])
        for i, source in enumerate(_SOURCES)
    }
    audit = Coalesce(Subquery(last.order_by("-number").values("digest")[:1]), Value(""))
    asked = Organisation.objects.order_by("pk").annotate(audit=audit, **numbers).values_list("audit", *numbers)[:1]
    found: tuple[str, tuple[Any, ...]] = asked.query.sql_with_params()
    return found
