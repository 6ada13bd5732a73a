"""Retirements and gaps ahead: who leaves when, and what schools, subjects and stages then lack or have too much of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from junheng.facts import County, Stage, Subject
from junheng.facts.ageing import retires_on
from junheng.indicators import measure_establishment, measure_subjects
from junheng.planning.outlook.judged import subject_of


@dataclass(frozen=True, slots=True)
class Retirement:
    """One who reaches the retirement date within plan year ``index``: after its day, up to the next year's day.

    ``overdue``: the date had passed before the county's own date and he was still on the roster.
    """

    teacher_id: str
    index: int
    school_id: str
    stage: Stage
    subject: Subject
    overdue: bool


def retirements(counties: Sequence[County]) -> tuple[Retirement, ...]:
    """Everybody who leaves between one year's county and the next, in the order of years and ids."""
    return tuple(
        Retirement(t.id, k, t.school_id, t.stage, subject_of(t), retires_on(t) <= before.on)
        for k, (before, after) in enumerate(pairwise(counties))
        for t in before.teachers
        if retires_on(t) <= after.on
    )


@dataclass(frozen=True, slots=True)
class SubjectAhead:
    """One subject of one stage of one school: required and present at the start of each year, and after the last."""

    school_id: str
    school_name: str
    stage: Stage
    subject: Subject
    required: tuple[int, ...]
    present: tuple[int, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """Present less required, below 0 a shortage."""
        return tuple(p - r for p, r in zip(self.present, self.required, strict=True))


def subjects_ahead(counties: Sequence[County]) -> tuple[SubjectAhead, ...]:
    """Subject gaps of every school that states its needs, nobody moved or hired; who is back from a spell counts."""
    reports = [measure_subjects(c).rows for c in counties]
    return tuple(
        SubjectAhead(
            school_id=rows[0].school_id,
            school_name=rows[0].school_name,
            stage=rows[0].stage,
            subject=rows[0].subject,
            required=tuple(r.required for r in rows),
            present=tuple(r.present for r in rows),
        )
        for rows in zip(*reports, strict=True)
    )


@dataclass(frozen=True, slots=True)
class StageAhead:
    """A stage of the county at the start of each year and after the last: pupils, posts by norm, people at work."""

    stage: Stage
    pupils: tuple[int, ...]
    required: tuple[int, ...]
    at_work: tuple[int, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """People at work less posts by the national norm."""
        return tuple(w - r for w, r in zip(self.at_work, self.required, strict=True))


def stages_ahead(counties: Sequence[County]) -> tuple[StageAhead, ...]:
    """Surplus and shortage of each stage by the national norm of posts."""
    reports = [measure_establishment(c) for c in counties]
    return tuple(
        StageAhead(
            stage=stage,
            pupils=tuple(r.total("pupils", stage) for r in reports),
            required=tuple(r.required(stage) for r in reports),
            at_work=tuple(r.total("at_work", stage) for r in reports),
        )
        for stage in Stage
        if any(stage in s.stages for s in counties[0].schools)
    )


def by_subject(rows: Sequence[SubjectAhead]) -> dict[tuple[Stage, Subject], tuple[tuple[int, ...], tuple[int, ...]]]:
    """Required and present of each subject in the whole county, by year."""
    required: dict[tuple[Stage, Subject], Counter[int]] = {}
    present: dict[tuple[Stage, Subject], Counter[int]] = {}
    for row in rows:
        for sums, figures in ((required, row.required), (present, row.present)):
            sums.setdefault((row.stage, row.subject), Counter()).update(dict(enumerate(figures)))
    return {
        key: (tuple(v for _, v in sorted(required[key].items())), tuple(v for _, v in sorted(present[key].items())))
        for key in sorted(required, key=in_order)
    }


def in_order(key: tuple[Stage, Subject]) -> tuple[int, int]:
    """Where a stage and subject stand in the order in which the field lists them: primary first, Chinese first."""
    return [*Stage].index(key[0]), [*Subject].index(key[1])
