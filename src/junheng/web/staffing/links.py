"""Links of schools and teachers as pages read them: terms beside ties, who works at whose school, who stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from junheng.facts.codes import Locale, Strength
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.staffing.models import GroupTerms, PairTerms, SchoolState, Teacher, TeacherState, TeacherTie
from junheng.web.staffing.pairing import lasting_ties


@dataclass(frozen=True, slots=True)
class Link:
    """A tie between two schools with what they share, and how many of each one's teachers work at the other."""

    tie: SchoolTie
    terms: PairTerms | None
    went: int
    came: int

    @property
    def is_bundle(self) -> bool:
        """Whether everything is shared that makes a bundle."""
        return self.terms is not None and self.terms.is_bundle


def with_terms(ties: Iterable[SchoolTie], day: date) -> list[Link]:
    """Each tie with its terms on the day, in three questions to the database for all of them."""
    found = list(ties)
    ends = {key for tie in found for key in (tie.supporting_id, tie.supported_id)}
    rows = PairTerms.objects.as_of(day).filter(supporting__in=ends, supported__in=ends)  # scoped: of ties handed in
    terms = {(each.supporting_id, each.supported_id): each for each in rows}
    moved = at_work_elsewhere(ends, day)
    return [
        Link(
            tie, terms.get((tie.supporting_id, tie.supported_id)), moved[tie.supporting_id, tie.supported_id],
            moved[tie.supported_id, tie.supporting_id],
        )
        for tie in found
    ]  # fmt: skip


def at_work_elsewhere(schools: Iterable[int], day: date) -> Counter[tuple[int, int]]:
    """How many people work at another of these schools than that of their establishment, by home and host."""
    keys = list(schools)
    away = TeacherState.objects.as_of(day).filter(  # scoped: numbers alone
        school__in=keys, teaching_school__in=keys
    )
    return Counter(away.order_by().values_list("school", "teaching_school"))


def stands_by_rural(day: date) -> Exists:
    """Whether the school of a state supports, on the day, any school of the countryside."""
    rural = SchoolState.objects.as_of(day).filter(locale=Locale.RURAL.value)  # scoped: only whether there is one
    return Exists(lasting_ties(day).filter(supporting=OuterRef("school"), supported__in=rural.values("school")))


def advanced_alone(states: Any, day: date) -> Any:
    """Of states of schools those of strong urban schools that support no rural school."""
    return states.filter(~stands_by_rural(day), locale=Locale.URBAN.value, strength=Strength.STRONG.value)


def advanced_without_activities(county: Organisation, day: date) -> int:
    """How many ties of strong urban schools to rural ones name no activities that go on all the year."""
    strong = SchoolState.objects.as_of(day).filter(  # scoped: a number alone
        school__county=county, locale=Locale.URBAN.value, strength=Strength.STRONG.value
    )
    rural = SchoolState.objects.as_of(day).filter(locale=Locale.RURAL.value)  # scoped: a number alone
    named = PairTerms.objects.as_of(day).filter(  # scoped: a number alone
        ~Q(activities=""), supporting=OuterRef("supporting"), supported=OuterRef("supported")
    )
    ties = lasting_ties(day).filter(supporting__in=strong.values("school"), supported__in=rural.values("school"))
    return int(ties.filter(~Exists(named)).count())


def terms_of_group(county: Organisation | None, name: str, day: date) -> GroupTerms | None:
    """What is said of a school group on a day."""
    if county is None or not name:
        return None
    rows = GroupTerms.objects.as_of(day).filter(county=county, name=name)  # scoped: of a school within reach
    found: GroupTerms | None = rows.select_related("main").first()
    return found


def ties_between(one: Organisation, other: Organisation, day: date) -> list[Link]:
    """Ties of two schools on a day, in either direction, with what they share."""
    either = Q(supporting=one, supported=other) | Q(supporting=other, supported=one)
    return with_terms(lasting_ties(day).filter(either).select_related("supporting", "supported"), day)


@dataclass(frozen=True, slots=True)
class Companion:
    """A pair of teachers as one of the two sees it: the other by name and school."""

    tie: TeacherTie
    supports: bool
    name: str
    school: str
    subject: str


def companions_of(teacher: Teacher, day: date) -> list[Companion]:
    """With whom a teacher is paired on a day; the caller has seen that the teacher is within reach."""
    rows = TeacherTie.objects.lasting_on(day).filter(Q(supporting=teacher) | Q(supported=teacher))
    ties = list(rows)
    others = {tie.supported_id if tie.supporting_id == teacher.pk else tie.supporting_id for tie in ties}
    states = TeacherState.objects.as_of(day).filter(teacher__in=others).select_related("school")  # scoped: names alone
    known = {each.teacher_id: each for each in states}
    found = []
    for tie in ties:
        supports = tie.supporting_id == teacher.pk
        state = known.get(tie.supported_id if supports else tie.supporting_id)
        if state is not None:
            found.append(
                Companion(tie, supports, state.name, state.school.shown, str(state.get_main_subject_display()))
            )
    return found
