"""Schools, clusters and what binds schools together, as facts of one date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from junheng.facts.codes import HistoryKind, Locale, PairingKind, SchoolKind, Stage, Strength, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A school cluster (学区、大学区、片区) or township; the county's own code as text."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeEnrolment:
    """Pupils and classes of one grade (1-9) in one stage."""

    stage: Stage
    grade: int
    pupils: int
    classes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequirement:
    """How many teachers of a subject a school needs in a stage (学科需求), from weekly periods or set by the bureau."""

    stage: Stage
    subject: Subject
    required: int
    weekly_periods: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Amounts behind the four resource indicators that do not move with teachers; ``None`` where not reported."""

    stage: Stage
    teaching_area_m2: float | None = None
    sports_area_m2: float | None = None
    equipment_yuan: float | None = None
    multimedia_rooms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolEvent:
    """A merger, change of name, foundation or closure; a merger names the school that was absorbed."""

    kind: HistoryKind
    on: date
    other_name: str = ""
    other_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school as of the county's date.

    ``id`` is the 10-digit school code as text. ``x_km`` / ``y_km`` are plane coordinates in kilometres on any origin
    common to the county; ``None`` when unknown. ``posts`` is the authorised establishment per stage (编制), all staff.
    """

    id: str
    name: str
    kind: SchoolKind
    stages: frozenset[Stage]
    locale: Locale
    cluster_id: str
    township: str = ""
    short_name: str = ""
    x_km: float | None = None
    y_km: float | None = None
    strength: Strength = Strength.ORDINARY
    enrolment: tuple[GradeEnrolment, ...] = ()
    posts: dict[Stage, int] = field(default_factory=dict)
    requirements: tuple[SubjectRequirement, ...] = ()
    resources: tuple[Resources, ...] = ()
    group: str = ""
    boarding: bool = False
    history: tuple[SchoolEvent, ...] = ()

    def pupils(self, stage: Stage | None = None) -> int:
        """Pupils of a stage, or of the whole school."""
        return sum(g.pupils for g in self.enrolment if stage is None or g.stage is stage)

    def classes(self, stage: Stage | None = None) -> int:
        """Classes of a stage, or of the whole school."""
        return sum(g.classes for g in self.enrolment if stage is None or g.stage is stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two schools bound for assistance (结对帮扶): the first supports the second."""

    supporting_id: str
    supported_id: str
    kind: PairingKind = PairingKind.ASSISTANCE
    start: date | None = None
    end: date | None = None
