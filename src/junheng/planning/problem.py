"""The problem of one year: who may go where, what must hold, and what is wanted.

:class:`Problem` is the interchange form of a rotation problem: five small files that any solver or checker can read
(``schools.csv requirements.csv teachers.csv history.csv policy.json``, and ``pins.csv`` where a clerk pinned or forbade
moves). It holds data only; what the rules mean is in ``solving`` and, independently, in ``checking``.

Units: coordinates and distances in kilometres on one plane, straight lines; shares are exact fractions; ages and years
at school in completed years. Rows are kept in the order of their ids, so the order of a file never matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Verdict = Literal["must", "may", "no"]
INDICATORS = ("degree", "backbone", "pe_art")
TO_IMPROVE = "to_improve"
"""Reason of the pins that keep a teacher on supervisory exchange (督促性交流) from weaker schools."""
STRENGTHS = ("under_resourced", "ordinary", "strong")
"""How a county classes its schools, the weakest first."""
PE_ART = frozenset({"pe", "music", "art"})
"""Subjects that count for the PE and arts indicator in the interchange form."""


@dataclass(frozen=True, slots=True)
class SchoolUnit:
    """One stage of one school: the place that posts, pupils and indicators belong to."""

    id: str
    name: str
    stage: str
    cluster: str
    x_km: float
    y_km: float
    zone: str
    strength: str
    pupils: int
    posts: int
    paired_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many teachers of a subject a school unit needs."""

    school_id: str
    subject: str
    required: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A teacher as the planner sees one: no name, no ID number.

    ``subject2`` is empty when there is none; ``title`` is 0-4; ``preferences`` are school units, first choice first;
    ``commute_limit_km`` is the personal limit stated in the application, if the policy honours it.
    """

    id: str
    school_id: str
    stage: str
    subject: str
    subject2: str
    sex: str
    age: int
    years_at_school: int
    title: int
    backbone: bool
    high_degree: bool
    home_x: float
    home_y: float
    spouse_id: str
    verdict: Verdict
    preferences: tuple[str, ...] = ()
    commute_limit_km: float | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """Subjects that the teacher may teach at another school."""
        return (self.subject, self.subject2) if self.subject2 and self.subject2 != self.subject else (self.subject,)


@dataclass(frozen=True, slots=True)
class Departure:
    """A school unit that a teacher left in a year; no return for some years."""

    teacher_id: str
    school_id: str
    year_left: int


@dataclass(frozen=True, slots=True)
class Quota:
    """How many must move: bound = max(minimum, round(pct × base)) for each member of the scope, in exact fractions.

    ``scope``: school · cluster · cluster_stage · stage · county. ``base``: staff · eligible (verdict must or may).
    ``sense``: eq · ge · le. ``rounding``: half_up · ceil · floor.
    """

    id: str
    scope: str
    base: str
    sense: str
    pct: Fraction
    rounding: str
    min: int = 0


@dataclass(frozen=True, slots=True)
class Direction:
    """Of the movers from ``from_zones``, at least ``share_min`` go to ``to_zones``."""

    from_zones: tuple[str, ...]
    to_zones: tuple[str, ...]
    share_min: Fraction


@dataclass(frozen=True, slots=True)
class Objective:
    """Weights of the single number J by which solvers are compared (smaller is better).

    J = w_imbalance · I / I_before − w_service · U / (100 M) + w_extra · max(0, moves − M) / M
    + w_standard · S / S_before, with S the number of (school unit, indicator) below the per-100 standard plus the
    number below 85 % of it.
    """

    indicator_weight: dict[str, dict[str, float]]
    pref_points: tuple[float, ...] = (100.0, 80.0, 60.0, 40.0, 20.0)
    pref_missed: float = -20.0
    paired_bonus: float = 10.0
    km_penalty: float = 2.0
    w_imbalance: float = 100.0
    w_service: float = 10.0
    w_extra: float = 5.0
    w_standard: float = 0.0


@dataclass(frozen=True, slots=True)
class PlanningPolicy:
    """The numbers of the rules for one year.

    ``refill``: ``toward`` lets a school-subject's head-count move from today's toward the required number,
    ``preserve`` keeps it. ``targets``: ``cv`` limit per stage and ``per100`` standard per stage and indicator.
    ``within_cluster``: nobody leaves his cluster or township. ``within_partners``: who works at a school with partners
    (``paired_with``, whichever of the two says so) moves to one of these only; other schools are not bound by it.
    """

    year: int
    refill: Literal["toward", "preserve"]
    subject_outflow_share: Fraction
    subject_outflow_min: int
    commute_km_max: float
    no_return_years: int
    spouse_both_forbidden: bool
    direction: Direction | None
    backbone_share_min: Fraction
    objective: Objective
    quotas: tuple[Quota, ...]
    cv_limit: dict[str, float] = field(default_factory=dict)
    per100: dict[str, dict[str, float]] = field(default_factory=dict)
    within_cluster: bool = False
    within_partners: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A clerk's decision before planning, with its reason.

    ``kind``: ``pin`` (must go to ``school_id``), ``stay`` (must not move), ``forbid`` (must not go to ``school_id``).
    """

    teacher_id: str
    kind: Literal["pin", "stay", "forbid"]
    school_id: str = ""
    subject: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A year's rotation problem. Building one sorts its rows and refuses repeated or unknown ids (``ValueError``).

    ``exceptions`` belong to a what-if and are not part of the interchange form: the name of a row of the solver and by
    how many persons or posts it may be left, below with a minus, above without; ``commute:{teacher}`` and a limit in
    km for one person. The checker does not know them.
    """

    schools: tuple[SchoolUnit, ...]
    requirements: tuple[Requirement, ...]
    teachers: tuple[Candidate, ...]
    history: tuple[Departure, ...]
    policy: PlanningPolicy
    pins: tuple[Pin, ...] = ()
    exceptions: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "schools", tuple(sorted(self.schools, key=lambda s: s.id)))
        object.__setattr__(
            self, "requirements", tuple(sorted(self.requirements, key=lambda r: (r.school_id, r.subject)))
        )
        object.__setattr__(self, "teachers", tuple(sorted(self.teachers, key=lambda t: t.id)))
        object.__setattr__(
            self, "history", tuple(sorted(self.history, key=lambda h: (h.teacher_id, h.school_id, h.year_left)))
        )
        object.__setattr__(self, "pins", tuple(sorted(self.pins, key=lambda p: (p.teacher_id, p.kind, p.school_id))))


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """One move of a plan."""

    teacher_id: str
    to_school: str
    as_subject: str
