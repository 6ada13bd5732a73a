"""Yearly records and circumstances of a fictional county: assessments, exams, training, leaves, family, health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from junheng.facts.calendar import school_year
from junheng.facts.codes import ExamScope, Grade, Health, LeaveKind, SanctionKind, Sex, Stage, Subject, TrainingKind
from junheng.facts.people import AnnualAssessment, ExamResult, FamilyLink, Leave, Sanction, TrainingHours
from junheng.facts.synthetic.chance import happens
from junheng.facts.synthetic.people import Person

_EXAM_SUBJECTS = (Subject.CHINESE, Subject.MATHS, Subject.ENGLISH)


def give_assessments(rng: Random, staff: Sequence[Person], on: date) -> None:
    """Three calendar years, ranked within the school among those who were there by September of the year.

    Who came later was assessed elsewhere and has a grade without a rank; nobody is ranked in the year of entry.
    """
    last = on.year - 1
    rows: dict[int, list[AnnualAssessment]] = {id(p): [] for p in staff}
    for year in range(last - 2, last + 1):
        present = [p for p in staff if p.joined < date(year, 9, 1) and p.work_start.year < year]
        scores = {id(p): round(min(99.5, max(52.0, rng.gauss(86, 5))), 1) for p in staff}
        ranked = sorted(present, key=lambda p: (-scores[id(p)], p.facts["id_number"]))
        places = {id(p): i for i, p in enumerate(ranked, 1)}
        for person in staff:
            if person.work_start.year < year:
                row = _assessment(year, scores[id(person)], places.get(id(person)), len(ranked))
                rows[id(person)].append(row)
            elif person.work_start.year == year:
                rows[id(person)].append(AnnualAssessment(year=year, grade=Grade.UNDETERMINED, ethics_passed=True))
    for person in staff:
        person.facts["assessments"] = tuple(rows[id(person)])


def _assessment(year: int, score: float, rank: int | None, of: int) -> AnnualAssessment:
    grade = Grade.QUALIFIED if score >= 70 else Grade.BASIC if score >= 60 else Grade.UNQUALIFIED
    if rank is not None and rank <= of // 5:
        grade = Grade.EXCELLENT
    return AnnualAssessment(
        year=year,
        grade=grade,
        score=score,
        rank=rank,
        of=of if rank is not None else None,
        ethics_passed=grade is not Grade.UNQUALIFIED,
    )


def give_exams(rng: Random, person: Person, on: date) -> None:
    """Term-end exams of some teachers of the three examined subjects, ranked in the township."""
    if person.subject not in _EXAM_SUBJECTS or not happens(rng, 0.3):
        return
    grade = rng.randint(7, 9) if person.stage is Stage.JUNIOR else rng.randint(3, 6)
    ability = rng.gauss(0, 5)
    last = school_year(on)
    person.facts["exams"] = tuple(
        _exam(rng, person.subject, term, grade, ability) for term in ((last - 1, 2), (last, 1), (last, 2))
    )


def _exam(rng: Random, subject: Subject, term: tuple[int, int], grade: int, ability: float) -> ExamResult:
    scope_mean = round(rng.gauss(76, 3), 1)
    difference = ability + rng.gauss(0, 3)
    return ExamResult(
        year=term[0],
        term=term[1],
        subject=subject,
        grade=grade,
        mean=round(min(99.0, scope_mean + difference), 1),
        scope_mean=scope_mean,
        rank_from_bottom=max(1, min(16, round(8 + difference))),
        scope=ExamScope.TOWNSHIP,
    )


@lru_cache(maxsize=256)
def _hours(year: int, kind: TrainingKind, hours: float, *, ethics: bool) -> TrainingHours:
    return TrainingHours(school_year=year, kind=kind, hours=hours, ethics=ethics)


def give_training(rng: Random, person: Person, on: date) -> None:
    """Five school years of usually 72 hours of which 12 on professional ethics; one in ten misses part of a year."""
    rows = []
    last = school_year(on)
    for year in range(max(last - 4, school_year(person.work_start)), last + 1):
        kind = TrainingKind.INDUCTION if year == school_year(person.work_start) else TrainingKind.CENTRALISED
        central = 120.0 if kind is TrainingKind.INDUCTION else 36.0
        rows.append(_hours(year, TrainingKind.SCHOOL_BASED, 24.0, ethics=False))
        if not happens(rng, 0.025):
            rows.append(_hours(year, kind, central, ethics=False))
        if not happens(rng, 0.015):
            rows.append(_hours(year, TrainingKind.DISTANCE, 12.0, ethics=True))
    person.facts["training"] = tuple(rows)


def give_family(rng: Random, person: Person, on: date) -> None:
    """The youngest child's birth date where it is on file, and the maternity leave that followed; few misfortunes."""
    child = _youngest_child(rng, person, on)
    on_file = None if child is None or happens(rng, 0.08) else child
    event = "major_misfortune" if happens(rng, 0.002) else ""
    condition = rng.choice(("disabled_needs_care", "seriously_ill")) if happens(rng, 0.004) else ""
    if on_file is not None or event or condition:
        person.facts["family"] = FamilyLink(
            youngest_child_birth=on_file, family_event=event, spouse_condition=condition
        )
    if person.sex is Sex.FEMALE and person.age(on) <= 45:
        _give_motherhood(rng, person, child, on)


def _youngest_child(rng: Random, person: Person, on: date) -> date | None:
    age = person.age(on)
    if age < 25 or age > 50 or happens(rng, 0.35 if age < 30 else 0.15):
        return None
    at_birth = max(23.0, rng.gauss(29.5, 3.2))
    born = person.birth + timedelta(days=int(at_birth * 365.25))
    return born if born <= on else None


def _give_motherhood(rng: Random, person: Person, child: date | None, on: date) -> None:
    person.facts["pregnant"] = None if happens(rng, 0.02) else False
    person.facts["lactating"] = False
    if child is not None and (on - child).days <= 365:
        person.facts["lactating"] = True
    elif 24 <= person.age(on) <= 38 and happens(rng, 0.045):
        person.facts["pregnant"] = True
    if child is not None and (on - child).days <= 3 * 366 and child > person.work_start:
        start = child - timedelta(days=15)
        leave = Leave(
            kind=LeaveKind.STATUTORY_MATERNITY, start=start, end=start + timedelta(days=157), approved_by="县教育局"
        )
        person.facts["leaves"] = (leave,)


def give_leaves(rng: Random, person: Person, on: date) -> None:
    """Sick, personal and study leaves of a few who have no other."""
    if "leaves" in person.facts or not happens(rng, 0.02):
        return
    start = on - timedelta(days=rng.randint(60, 700))
    if start <= person.work_start:
        return
    kind = rng.choice((LeaveKind.SICK, LeaveKind.SICK, LeaveKind.PERSONAL, LeaveKind.STUDY))
    days = {LeaveKind.SICK: 90, LeaveKind.PERSONAL: 20, LeaveKind.STUDY: 300}[kind]
    person.facts["leaves"] = (Leave(kind=kind, start=start, end=start + timedelta(days=days), approved_by="学校"),)


def give_circumstances(rng: Random, person: Person, on: date) -> None:
    """Sanctions, illness and other rare circumstances, with the blanks that real rosters have."""
    if happens(rng, 0.006):
        start = on - timedelta(days=rng.randint(30, 900))
        if start > person.work_start:
            kind = rng.choice((SanctionKind.WARNING, SanctionKind.DEMERIT, SanctionKind.INVESTIGATION))
            person.facts["sanctions"] = (Sanction(kind=kind, start=start, end=start + timedelta(days=365)),)
    if happens(rng, 0.004 + 0.0007 * max(0, person.age(on) - 40)):
        person.facts["health"] = rng.choice(tuple(Health))
        person.facts["health_certificate_level"] = rng.choice(("", "township", "county", "county", "city"))
        person.facts["health_leave_approved"] = rng.choice((None, True, True, False))
    if happens(rng, 0.001):
        person.facts["unfit_to_teach"] = True


def marry(rng: Random, staff: Iterable[Person], share: float = 0.05) -> None:
    """Couples of two teachers of the county of similar age; each names the other."""
    women: list[Person] = []
    men: list[Person] = []
    for person in sorted(staff, key=lambda p: (p.birth, p.facts["id"])):
        if happens(rng, share) and person.birth.year < 2000:
            (women if person.sex is Sex.FEMALE else men).append(person)
    pairs = min(len(women), len(men))
    for wife, husband in zip(sorted(rng.sample(women, pairs), key=_birth), men[:pairs], strict=True):
        _bind(wife, husband)


def _birth(person: Person) -> date:
    return person.birth


def _bind(wife: Person, husband: Person) -> None:
    """One family: the same home, and the child that either has on file."""
    hers: FamilyLink = wife.facts.get("family", FamilyLink())
    for person, other in ((wife, husband), (husband, wife)):
        person.facts["family"] = FamilyLink(
            spouse_id=other.facts["id"], youngest_child_birth=hers.youngest_child_birth, family_event=hers.family_event
        )
    husband.facts["home_x_km"], husband.facts["home_y_km"] = wife.facts["home_x_km"], wife.facts["home_y_km"]
