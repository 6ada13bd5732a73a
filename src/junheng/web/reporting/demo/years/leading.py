"""Those who lead schools: their terms, the reserve, posts openly selected, moves to other schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils import timezone

from junheng.facts import Role
from junheng.facts.calendar import add_months
from junheng.web.directory.models import Organisation
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.asking import AWAY
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation.actions import cadres, selecting
from junheng.web.rotation.models import (
    Application,
    CadreMove,
    Form,
    OpenPost,
    Placement,
    PostApplication,
    PostApplicationStatus,
    ReserveCategory,
    Selection,
)
from junheng.web.staffing.models import Teacher, TeacherState

MIDDLE = (Role.DEAN, Role.MID_LEVEL_CADRE)
MANAGERS = (*MIDDLE, Role.VICE_PRINCIPAL)
TERM_YEARS = 3
SERIAL_OF_APPROVAL = 40
_HEADS, _IN_RESERVE = 4, 3


def _people(programme: Programme, roles: Sequence[Role] = MANAGERS) -> list[TeacherState]:
    """Those in a role who are at their schools, will be, and have not asked for anything else, by number."""
    year = programme.year
    rows = TeacherState.objects.current().filter(
        teacher__county=programme.company.county, role__in=[each.value for each in roles]
    )
    for taken in (
        Placement.objects.filter(status__in=AWAY), Application.objects.filter(year=year),
        CadreMove.objects.filter(year=year), PostApplication.objects.filter(post__year=year),
    ):  # fmt: skip
        rows = rows.exclude(teacher__in=taken.values("teacher"))
    company = programme.company
    found = rows.select_related("teacher__user", "teacher__county", "school").order_by("teacher__number")
    return [each for each in found if company.school_now(each.teacher) == each.school_id]


def enter_terms(programme: Programme) -> None:
    """Terms of a few principals, each at another place in it; one has been reviewed."""
    today, by = timezone.localdate(), programme.company.head
    rows = TeacherState.objects.current().filter(
        teacher__county=programme.company.county, role=Role.PRINCIPAL.value
    )  # fmt: skip
    for place, state in enumerate(rows.select_related("teacher", "school").order_by("teacher__number")[:_HEADS]):
        start = add_months(today.replace(day=1), -12 * TERM_YEARS + 8 * (place + 1))
        made = cadres.enter_term(
            state.teacher, by=by, school=state.school, role=state.role, number=2 if place % 2 else 1, start=start,
            end=add_months(start, 12 * TERM_YEARS) - timedelta(days=1), selection=Selection.COMPETITION,
            goals=word("leading", "goals"), approval=programme.number(SERIAL_OF_APPROVAL - 1),
        )  # fmt: skip
        if place == 0:
            cadres.review_term(made, review=word("leading", "review"), by=by)


def fill_reserve(programme: Programme) -> None:
    """One in reserve for each kind of post."""
    kinds = list(ReserveCategory)
    for place, state in enumerate(_people(programme)[-_IN_RESERVE:]):
        cadres.put_in_reserve(
            state.teacher, category=kinds[place % len(kinds)], since=timezone.localdate(),
            appraisal=word("leading", "appraisal"), by=programme.company.head,
        )  # fmt: skip


def offer(programme: Programme, *, role: Role, school: Organisation, apply_by: date) -> None:
    """A post for everybody who fulfils what is asked."""
    cadres.offer_post(
        programme.year, school=school, role=role.value, places=1, requirements=word("leading", "requirements"),
        apply_by=apply_by, by=programme.company.head,
    )  # fmt: skip


def _posts(programme: Programme, role: Role) -> Iterator[OpenPost]:
    rows = OpenPost.objects.filter(year=programme.year, role=role.value)
    yield from rows.select_related("year__county", "school").order_by("pk")


def apply(programme: Programme, *, role: Role, people: int, withdrawn: bool = False) -> None:
    """People of other schools apply, teachers for a post of the middle; the last one may think better of it."""
    who = (Role.TEACHER,) if role in MIDDLE else MIDDLE
    for post in _posts(programme, role):
        elsewhere = [each for each in _people(programme, who) if each.school_id != post.school_id][:people]
        for state in elsewhere:
            by = programme.company.teacher(state.teacher)
            made = selecting.hand_in(
                post, state.teacher, reason=word("leading", "reason"), at=timezone.now(), by=by,
                key=programme.uuid("post", role.value, state.teacher.number),
            )  # fmt: skip
            if withdrawn and state is elsewhere[-1] and len(elsewhere) > 1:
                selecting.withdraw(made, by=by)


def review(programme: Programme) -> None:
    """The head shortlists whoever applied first and refuses another."""
    rows = PostApplication.objects.filter(post__year=programme.year, status=PostApplicationStatus.SUBMITTED)
    for place, made in enumerate(rows.order_by("submitted_at", "pk")):
        said = word("leading", "refused" if place == 1 else "shortlisted")
        selecting.review(made, shortlist=place != 1, opinion=said, by=programme.company.head)


def propose(programme: Programme) -> None:
    """The first of the list is proposed for the post, with the approval from outside; the leader confirms."""
    rows = PostApplication.objects.filter(post__year=programme.year, status=PostApplicationStatus.SHORTLISTED)
    for made in rows.order_by("submitted_at", "pk")[:1]:
        move = selecting.propose(
            made, start=programme.setting.starts, end=_end_of_term(programme), reason=word("leading", "chosen"),
            by=programme.company.head, approval=programme.number(SERIAL_OF_APPROVAL),
            approved_on=timezone.localdate(), relation_moved=True,
        )  # fmt: skip
        cadres.confirm_move(move, by=programme.company.leader)


def exchange(programme: Programme) -> None:
    """One manager is sent to a temporary post and confirmed; an exchange of another waits for the leader."""
    schools = programme.company.cast.schools
    for place, state in enumerate(_people(programme)[:2]):
        temporary = place == 0
        there = next(each for each in reversed(schools) if each.pk != state.school_id)
        move = cadres.propose_move(
            programme.year, _teacher(state), to_school=there, role=state.role, start=programme.setting.starts,
            form=(Form.TEMPORARY if temporary else Form.POST).value,
            end=programme.setting.ends if temporary else _end_of_term(programme),
            reason=word("leading", "temporary" if temporary else "exchange"), by=programme.company.head,
        )  # fmt: skip
        if temporary:
            cadres.confirm_move(move, by=programme.company.leader)


def _teacher(state: TeacherState) -> Teacher:
    teacher: Teacher = state.teacher
    return teacher


def _end_of_term(programme: Programme) -> date:
    return add_months(programme.setting.starts, 12 * TERM_YEARS) - timedelta(days=1)
