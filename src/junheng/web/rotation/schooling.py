"""What the stored facts say of those whom a school puts forward: who may not be, who is last, how strong, until when.

Scores are those of the annual assessment as it is on record; nobody types a list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from junheng.policy import Pack, as_applied, ask
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.cycle import open_phases
from junheng.web.rotation.models import Application, ApplicationStatus, PhaseKind, RotationYear
from junheng.web.rotation.wishing import settings_of, spoken
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.models import AssessmentEntry, CircumstancesEntry, Teacher, TeacherState

PUT_FORWARD = (ApplicationStatus.AT_SCHOOL, ApplicationStatus.AT_CLUSTER, ApplicationStatus.ACCEPTED)
GUARD, BOTTOM = "nomination_check", "bottom_list"


@dataclass(frozen=True, slots=True)
class Guard:
    """Whether a pack forbids to put a teacher forward, and by which clause; never the facts themselves.

    ``caution`` tells the office that may see such facts to look at them, where the pack itself forbids nothing.
    """

    forbidden: bool = False
    clause: str = ""
    says: str = ""
    caution: bool = False


def guards_of(year: RotationYear, teachers: Iterable[int], pack: Pack | None = None) -> dict[int, Guard]:
    """The guard of each teacher by key, from what is on record on the day that counts."""
    pack = pack or pack_of(year)
    keys = list(teachers)
    rows = CircumstancesEntry.objects.as_of(year.on).filter(teacher__in=keys)
    known = {each.teacher_id: each for each in rows}
    if GUARD not in pack.rules:
        return {key: Guard(caution=_is_to_be_looked_at(known.get(key))) for key in keys}
    cases = [{"id": str(key), "pack": pack.code, "facts": _nominee(known.get(key))} for key in keys]
    answers = ask(cases, {pack.code: pack}, lang=spoken(), parameters=year.parameters)
    clause = pack.rules[GUARD].clause
    says = as_applied(pack, clause[0], spoken(), year.parameters)
    return {
        int(each["id"]): Guard(each.get("verdict") == "rejected", str(each.get("clause", "")), says) for each in answers
    }


def _nominee(known: CircumstancesEntry | None) -> dict[str, Any]:
    nominee: dict[str, Any] = {}
    if known is not None and known.health:
        nominee["health"] = known.health
    if known is not None and known.unfit_to_teach is not None:
        nominee["unfit_to_teach"] = known.unfit_to_teach
    return {"query": GUARD, "nominee": nominee}


def _is_to_be_looked_at(known: CircumstancesEntry | None) -> bool:
    return known is not None and bool(known.health or known.unfit_to_teach)


@dataclass(frozen=True, slots=True)
class Scores:
    """The latest annual scores of a school's staff, by the key of the teacher."""

    year: int | None
    by_teacher: Mapping[int, float]

    def standing(self, teacher: int) -> float | None:
        """Where a teacher stands: 0 the last, 1 the first, halves for equals; ``None`` without a score or a second."""
        own = self.by_teacher.get(teacher)
        if own is None or len(self.by_teacher) < 2:
            return None
        below = sum(score < own for score in self.by_teacher.values())
        equal = sum(score == own for score in self.by_teacher.values()) - 1
        return (below + equal / 2) / (len(self.by_teacher) - 1)

    def strength(self, teachers: Iterable[int]) -> float | None:
        """The mean standing of several; ``None`` when none of them has one."""
        standings = [self.standing(each) for each in teachers]
        found = [each for each in standings if each is not None]
        return sum(found) / len(found) if found else None


def scores_of(year: RotationYear, schools: Sequence[int]) -> dict[int, Scores]:
    """The scores of each school's staff as on record on the day that counts."""
    staff: dict[int, int] = dict(
        TeacherState.objects.as_of(year.on).filter(school__in=schools).values_list("teacher", "school")
    )
    rows = AssessmentEntry.objects.as_of(year.on).filter(teacher__in=staff, score__isnull=False, year__lte=year.on.year)
    by_school: defaultdict[int, defaultdict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for teacher, of, score in rows.values_list("teacher", "year", "score"):
        by_school[staff[teacher]][of][teacher] = score or 0.0
    return {school: _latest(by_school[school]) for school in schools}


def _latest(by_year: Mapping[int, Mapping[int, float]]) -> Scores:
    latest = max(by_year, default=None)
    return Scores(latest, by_year[latest] if latest is not None else {})


@dataclass(frozen=True, slots=True)
class Bottom:
    """The last of a school by the pack: its clause, the assessment's year, whom, whether equals made it longer."""

    clause: str
    says: str
    year: int
    teachers: tuple[Teacher, ...]
    flags: tuple[str, ...]


def bottom_of(year: RotationYear, scores: Scores, pack: Pack | None = None) -> Bottom | None:
    """Who stands last by the pack's own rule; ``None`` where the pack has none or nobody has a score."""
    pack = pack or pack_of(year)
    if BOTTOM not in pack.rules or scores.year is None:
        return None
    people = Teacher.objects.in_bulk(list(scores.by_teacher))
    ranking = [
        {"id": str(key), "score": scores.by_teacher[key]} for key in sorted(people, key=lambda key: people[key].number)
    ]
    case = {"id": "bottom", "pack": pack.code, "facts": {"query": BOTTOM, "ranking": ranking}}
    answer = ask([case], {pack.code: pack}, lang=spoken(), parameters=year.parameters)[0]
    return Bottom(
        str(answer["clause"]), str(answer["because"]), scores.year,
        tuple(people[int(key)] for key in answer.get("value") or ()), tuple(answer["flags"]),
    )  # fmt: skip


def strengths(year: RotationYear, schools: Sequence[int]) -> dict[int, tuple[float | None, int]]:
    """By school, the mean standing of those it has put forward, and how many they are."""
    sent: defaultdict[int, list[int]] = defaultdict(list)
    rows = Application.objects.filter(year=year, school__in=schools, status__in=PUT_FORWARD)
    for school, teacher in rows.values_list("school", "teacher"):
        sent[school].append(teacher)
    scores = scores_of(year, [each for each in schools if sent[each]])
    return {each: (scores[each].strength(sent[each]) if sent[each] else None, len(sent[each])) for each in schools}


@dataclass(frozen=True, slots=True)
class Posting:
    """Working days of a school's notice, the last day on which its principal can sign, the last to post it before."""

    days: int
    sign_by: date
    post_by: date


def posting_of(year: RotationYear, now: datetime) -> Posting | None:
    """Until when a school has to post its notice, while nominations are open: it ends before the principal signs."""
    phase = next((each for each in open_phases(year, now) if each.kind == PhaseKind.NOMINATIONS), None)
    if phase is None:
        return None
    days, last = settings_of(year).notice_days, timezone.localdate(phase.closes - timedelta(seconds=1))
    return Posting(days, last, Workdays.of(year.county).latest_start(last, days))
