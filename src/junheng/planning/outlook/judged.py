"""Every year ahead judged by the pack, as if nobody had moved: who is due when, who may go, what quotas come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from junheng.facts import County, Role, Stage, Subject, Teacher
from junheng.facts.ageing import roll_forward
from junheng.facts.calendar import anniversary
from junheng.indicators.counting import is_full_time_teacher
from junheng.planning.outlook.pupils import with_pupils
from junheng.planning.outlook.request import Request
from junheng.policy import Findings, Pack, decide

OBLIGED_WORDS = frozenset({"mandatory", "must_first"})
"""Verdicts that make somebody move even where the pack lets a year's plan choose the batch (R-068)."""


@dataclass(frozen=True)
class JudgedYear:
    """One plan year: the county as it will be, its findings, and who is in the pool.

    ``due``: ids of those whom the pack makes move (of everybody who may, for the pool ``target``) and who can: at
    their own school, full-time, in post. ``able``: ids of everybody else who may move and can.
    """

    index: int
    year: int
    county: County
    findings: Findings
    due: frozenset[str]
    able: frozenset[str]

    def eligible(self) -> int:
        """Everybody who must or may move by the verdict."""
        return sum(standing != "no" for standing in self.findings.standings.values())


def counties_ahead(county: County, request: Request) -> tuple[County, ...]:
    """The county at the start of each plan year, and after the last one: one more than the years."""
    return tuple(with_pupils(roll_forward(county, k), request.pupils, k) for k in range(request.years + 1))


def judge_years(counties: tuple[County, ...], pack: Pack, request: Request) -> tuple[JudgedYear, ...]:
    """Each plan year judged by the real engine. Raises ``ValueError`` as :func:`junheng.policy.decide`."""
    return tuple(_judged(county, k, pack, request) for k, county in enumerate(counties[: request.years]))


def _judged(county: County, k: int, pack: Pack, request: Request) -> JudgedYear:
    on = None if request.on is None else anniversary(request.on, request.on.year + k)
    findings = decide(county, pack, on=on, parameters=request.parameters)
    verdicts = dict(zip(findings.frame["teacher_id"], findings.frame["verdict"], strict=True))
    due: set[str] = set()
    able: set[str] = set()
    for teacher in county.teachers:
        standing = findings.standings[teacher.id]
        if standing == "no" or not can_move(teacher):
            continue
        obliged = standing == "must" or verdicts[teacher.id] in OBLIGED_WORDS
        (due if obliged or request.pool == "target" else able).add(teacher.id)
    return JudgedYear(k, county.on.year, county, findings, frozenset(due), frozenset(able))


def can_move(teacher: Teacher) -> bool:
    """Whether a plan could move the teacher: a full-time teacher in post at the school of his establishment."""
    return is_full_time_teacher(teacher) and teacher.in_post is not False and teacher.works_at == teacher.school_id


def stands(county: County) -> Counter[tuple[str, Stage, Subject]]:
    """Teachers at work by school, stage and subject; support staff under ``other``."""
    return Counter((t.works_at, t.stage, subject_of(t)) for t in county.teachers if t.in_post is not False)


def subject_of(teacher: Teacher) -> Subject:
    """What a teacher teaches; support staff teach nothing and count as ``other``."""
    return Subject.OTHER if teacher.role is Role.SUPPORT_STAFF else teacher.main_subject
