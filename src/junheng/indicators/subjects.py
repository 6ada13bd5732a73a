"""Which subjects a school has too many or too few teachers of (学科余缺), and which it cannot offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from junheng.facts import County, School, Stage, Subject, SubjectRequirement
from junheng.facts.rounding import Rounding, rounded
from junheng.indicators.counting import CountAt, Move, Place, places

EXAM_SUBJECTS = frozenset(
    {
        Subject.CHINESE,
        Subject.MATHS,
        Subject.ENGLISH,
        Subject.PHYSICS,
        Subject.CHEMISTRY,
        Subject.ETHICS,
        Subject.HISTORY,
    }
)
"""Subjects usually examined for entry to senior secondary schools, PE apart. This differs by place: pass your own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectGap:
    """A subject in one stage of a school.

    ``need`` is weekly periods ÷ periods per teacher, exactly, and ``required`` the same in whole teachers; where no
    periods are known or no standard is given, both are the number set by the bureau. ``present`` teach it as main
    subject, ``also_able`` beside another. ``gap`` is signed: above 0 surplus, below 0 shortage.
    """

    school_id: str
    school_name: str
    stage: Stage
    subject: Subject
    weekly_periods: float | None
    need: Fraction
    required: int
    present: int
    also_able: int

    @property
    def gap(self) -> int:
        """Teachers present less teachers required."""
        return self.present - self.required

    @property
    def offered(self) -> bool:
        """Whether anybody at the school can give it, as main or second subject, or nobody needs to."""
        return self.need == 0 or self.present + self.also_able > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectReport:
    """Subject gaps of a county and how they were counted."""

    county_name: str
    on: date
    count_at: CountAt
    rows: tuple[SubjectGap, ...]

    def by_subject(self, stage: Stage) -> dict[Subject, tuple[int, int, int]]:
        """Required, present and gap of each subject in the whole county."""
        sums: defaultdict[Subject, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self.rows:
            if row.stage is stage:
                for i, figure in enumerate((row.required, row.present, row.gap)):
                    sums[row.subject][i] += figure
        return {subject: (s[0], s[1], s[2]) for subject, s in sorted(sums.items())}

    def not_offered(self) -> tuple[SubjectGap, ...]:
        """Courses that a school should give and nobody there can (开齐开足 not met)."""
        return tuple(row for row in self.rows if not row.offered)

    def exam_against_others(
        self, exam_subjects: frozenset[Subject] = EXAM_SUBJECTS
    ) -> dict[tuple[str, Stage], tuple[int, int]]:
        """For each school and stage the gap in exam subjects and the gap in the others."""
        sums: defaultdict[tuple[str, Stage], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.rows:
            sums[row.school_id, row.stage][row.subject not in exam_subjects] += row.gap
        return {key: (exam, others) for key, (exam, others) in sums.items()}

    def staffing_rate(self) -> Fraction | None:
        """Share of required subject posts that are filled (学科教师配齐率); a surplus never makes up for a shortage."""
        return staffing_rate(self.rows)


def staffing_rate(rows: Iterable[SubjectGap]) -> Fraction | None:
    """Filled ÷ required over the rows, ``None`` where nothing is required; see :meth:`SubjectReport.staffing_rate`."""
    required = filled = 0
    for row in rows:
        required += row.required
        filled += min(row.present, row.required)
    return Fraction(filled, required) if required else None


def measure_subjects(
    county: County,
    *,
    standard_periods: Mapping[Stage, float] | None = None,
    rounding: Rounding = "half_up",
    count_at: CountAt = CountAt.TEACHING,
    moves: Mapping[str, Move] | None = None,
) -> SubjectReport:
    """Subject gaps of every stage of every school that states what it needs.

    ``standard_periods`` is how many periods a week one teacher gives; no text fixes it, so without it the numbers set
    by the bureau hold. Raises ``ValueError`` for a standard that is not positive, and as
    :func:`~junheng.indicators.counting.places`.
    """
    standards = {stage: Fraction(str(value)) for stage, value in (standard_periods or {}).items()}
    if any(value <= 0 for value in standards.values()):
        raise ValueError("standard weekly periods must be above 0")
    staff: defaultdict[tuple[str, Stage], list[Place]] = defaultdict(list)
    for place in places(county, count_at, moves):
        staff[place.school_id, place.stage].append(place)
    return SubjectReport(
        county_name=county.name,
        on=county.on,
        count_at=count_at,
        rows=tuple(
            _gap(school, need, staff[school.id, need.stage], standards.get(need.stage), rounding)
            for school in county.schools
            for need in school.requirements
        ),
    )


def _gap(
    school: School, requirement: SubjectRequirement, staff: list[Place], standard: Fraction | None, rounding: Rounding
) -> SubjectGap:
    need = Fraction(requirement.required)
    if standard is not None and requirement.weekly_periods is not None:
        need = Fraction(str(requirement.weekly_periods)) / standard
    subject = requirement.subject
    return SubjectGap(
        school_id=school.id,
        school_name=school.name,
        stage=requirement.stage,
        subject=subject,
        weekly_periods=requirement.weekly_periods,
        need=need,
        required=rounded(need, rounding),
        present=sum(p.subject is subject for p in staff),
        also_able=sum(p.subject is not subject and subject in p.teacher.also_teaches for p in staff),
    )
