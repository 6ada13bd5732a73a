"""Teachers and the dated facts about them.

A spell has an inclusive first and last day; an open end means that it lasts. Nothing here is overwritten: what changed
is another spell. A blank that matters is ``None`` and stays unknown, it never becomes a "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.facts.codes import (
    BACKBONE_HONORS,
    Education,
    ExamScope,
    Grade,
    Health,
    HonorKind,
    LeaveKind,
    Level,
    Role,
    SanctionKind,
    Sex,
    SpellKind,
    Stage,
    Subject,
    Title,
    TrainingKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A dated spell at a school. Outside the county ``school_id`` is empty and ``school_name`` says which."""

    school_id: str
    start: date
    end: date | None = None
    kind: SpellKind = SpellKind.POST
    school_name: str = ""
    personnel_moved: bool = False

    def covers(self, on: date) -> bool:
        """Whether the spell is running on the date."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A dated absence."""

    kind: LeaveKind
    start: date
    end: date | None = None
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A disciplinary sanction or inquiry in force from ``start`` until ``end``."""

    kind: SanctionKind
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Honor:
    """An honour with level and validity. ``counts_as_backbone`` overrides what the kind says."""

    kind: HonorKind
    level: Level
    start: date
    end: date | None = None
    title: str = ""
    counts_as_backbone: bool | None = None

    def is_backbone(self, on: date) -> bool:
        """Whether it makes the holder a county-level-or-above backbone teacher on the date."""
        counts = self.kind in BACKBONE_HONORS if self.counts_as_backbone is None else self.counts_as_backbone
        in_force = self.start <= on and (self.end is None or on <= self.end)
        return counts and in_force and self.level.rank >= Level.COUNTY.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleSpell:
    """A professional title or a post grade (岗位等级, 1 highest … 13) held from a date."""

    title: Title
    start: date
    post_grade: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLink:
    """A tie that a policy may consider: a spouse in the county's service, or a circumstance of the family."""

    spouse_id: str = ""
    spouse_condition: str = ""
    youngest_child_birth: date | None = None
    family_event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualAssessment:
    """A year's assessment: grade, score, and rank within the school (1 = best)."""

    year: int
    grade: Grade | None = None
    score: float | None = None
    rank: int | None = None
    of: int | None = None
    ethics_passed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamResult:
    """Mean of a teacher's classes in a term-end exam and its rank from the bottom in the given scope."""

    year: int
    term: int
    subject: Subject
    grade: int
    mean: float | None = None
    scope_mean: float | None = None
    rank_from_bottom: int | None = None
    scope: ExamScope = ExamScope.TOWNSHIP


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingHours:
    """Hours of training credited in a school year (2025 = 2025-09 to 2026-08)."""

    school_year: int
    kind: TrainingKind
    hours: float
    ethics: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A ranked wish (志愿): rank 1 is the first choice."""

    rank: int
    school_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A teacher as of the county's date.

    ``id`` is the county's own teacher number (工号) and is unique; ``id_number`` is the resident ID number and is
    sensitive. ``school_id`` holds the establishment (人事关系校); ``teaching_school_id`` is where the teacher works,
    the same unless on exchange, support or secondment. Distances are in kilometres on the county's plane.
    """

    id: str
    name: str
    id_number: str
    sex: Sex
    birth_date: date
    school_id: str
    stage: Stage
    main_subject: Subject
    teaching_school_id: str = ""
    also_teaches: tuple[Subject, ...] = ()
    specialist: bool | None = None
    on_establishment: bool | None = None
    in_post: bool | None = None
    seconded_in: bool | None = None
    full_time: bool | None = None
    role: Role = Role.TEACHER
    work_start: date | None = None
    joined_current_school: date | None = None
    education: Education | None = None
    certificate_stage: str = ""
    titles: tuple[TitleSpell, ...] = ()
    honors: tuple[Honor, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    leaves: tuple[Leave, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    family: FamilyLink = FamilyLink()
    health: Health | None = None
    health_certificate_level: str = ""
    health_leave_approved: bool | None = None
    pregnant: bool | None = None
    lactating: bool | None = None
    unfit_to_teach: bool | None = None
    assessments: tuple[AnnualAssessment, ...] = ()
    exams: tuple[ExamResult, ...] = ()
    training: tuple[TrainingHours, ...] = ()
    wishes: tuple[Wish, ...] = ()
    commute_limit_km: float | None = None
    home_x_km: float | None = None
    home_y_km: float | None = None
    applied: bool | None = None
    terms_completed: int | None = None
    deferral_reason: str = ""
    deferral_approved_by: str = ""
    retirement_override: date | None = None
    note: str = ""

    @property
    def works_at(self) -> str:
        """The school where the teacher actually works."""
        return self.teaching_school_id or self.school_id

    def title_on(self, on: date) -> TitleSpell | None:
        """The title held on the date, the latest begun."""
        held = [t for t in self.titles if t.start <= on]
        return max(held, key=lambda t: t.start) if held else None

    def is_backbone(self, on: date) -> bool:
        """Whether the teacher is a county-level-or-above backbone teacher on the date."""
        return any(h.is_backbone(on) for h in self.honors)

    def under_sanction(self, on: date) -> bool:
        """Whether a sanction or inquiry is in force on the date."""
        return any(s.start <= on and (s.end is None or on <= s.end) for s in self.sanctions)
