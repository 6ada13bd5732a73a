"""From the set-up of a year to its verdicts: preparation, data confirmed, verdicts frozen, an appeal."""

from __future__ import annotations

from django.utils import timezone

from junheng.web.directory.models import Organisation, User
from junheng.web.reporting.demo.accounts import Cast
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation import judging
from junheng.web.rotation.actions import asking, freezing, preparing
from junheng.web.rotation.actions.years import pack_of, set_up
from junheng.web.rotation.documents import drafting
from junheng.web.rotation.models import Audience, BodyKind, MeetingKind, OfficialDocument, RotationYear, Verdict
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.models import TeacherState

SERIAL_OF_PLAN = 5
YOUNG = 35
"""Up to which age the demo calls teachers young."""


def start(programme: Programme) -> None:
    """Set the year up, with the county's own values of parameters."""
    company, setting = programme.company, programme.setting
    year = set_up(company.county, setting, programme.dates, by=company.clerk)
    if programme.previous is not None:
        RotationYear.objects.filter(pk=year.pk).update(previous=programme.previous.year)
    programme.begin(year)
    if programme.setting.audience == Audience.TEACHERS:
        call_to_the_countryside(year, company.head)
    if programme.values:
        preparing.set_parameters(year, programme.values, reason=word("rotation", "values"), by=company.head)


def call_to_the_countryside(year: RotationYear, by: User) -> None:
    """Let the year call the young teachers of the towns to the countryside."""
    values = {"call_age": YOUNG, "call_years": None, "call_clause": word("links", "call_clause")}
    asking.arrange(year, values, reason=word("links", "call"), by=by)


def prepare(programme: Programme) -> None:
    """Bodies, meetings, quotas, needs, the plan as a document."""
    company = programme.company
    make_ready(programme.year, company.cast, company.clerk, company.head, number=programme.number(SERIAL_OF_PLAN))
    document = OfficialDocument.objects.filter(year=programme.year).first()
    for school in company.cast.schools[:-2]:
        if document is not None:
            preparing.acknowledge(document, by=company.principal(school), sign=True, school=school)


def make_ready(year: RotationYear, cast: Cast, clerk: User, head: User, *, number: str) -> None:
    """Bodies and meetings of the county and of every other school, quotas, needs, and the plan as a document."""
    today = timezone.localdate()
    members = [
        {
            "name": word("rotation", f"member_{n}"),
            "post": word("rotation", f"post_{n}"),
            "duty": word("rotation", "duty"),
        }
        for n in (1, 2)
    ]
    places: list[Organisation] = [cast.county, *cast.schools[::2]]
    for place in places:
        kind = BodyKind.LEADING if place == cast.county else BodyKind.SCHOOL
        preparing.set_up_body(year, place, kind=kind, name=str(kind.label), set_up_on=today, members=members, by=clerk)
        preparing.record_meeting(
            year, place, kind=MeetingKind.MOBILISATION, title=word("rotation", "meeting"), held_on=today,
            place=word("rotation", "room"), expected=60, attended=58, minutes=word("rotation", "minutes"), by=clerk,
        )  # fmt: skip
    figures = figures_of(cast.county, today)
    preparing.publish_quotas(year, judging.findings_of(year, figures.county), by=clerk)
    preparing.publish_needs(year, figures.subjects, by=clerk)
    draft = preparing.draft_document(
        year, by=clerk, kind="plan", title=drafting.title_of(year), addressed_to=word("rotation", "addressed"),
        text=drafting.plan_text(year, pack_of(year)), everybody=True,
    )  # fmt: skip
    preparing.issue_document(draft, number=number, issued_on=today, by=head)


def confirm(programme: Programme) -> None:
    """Teachers with an account confirm their data; one in six has not."""
    with_account = TeacherState.objects.current().filter(
        teacher__county=programme.company.county, teacher__user__isnull=False
    )
    for state in with_account.select_related("teacher__user").order_by("teacher__number"):
        if state.teacher.user is not None and programme.dice.randrange(6):
            freezing.confirm(programme.year, state.teacher, by=state.teacher.user)


def freeze(programme: Programme) -> None:
    """Everybody's verdict by the facts of the day, read by most of those who have an account."""
    year = programme.year
    freezing.keep(year, freezing.reckon(year, lambda *_progress: None), by=programme.company.clerk)
    own = Verdict.objects.filter(year=year, teacher__user__isnull=False).select_related("teacher__user", "school")
    for verdict in own.order_by("pk"):
        if verdict.teacher.user is not None and programme.dice.randrange(4):
            freezing.read_verdict(verdict, by=verdict.teacher.user)


def appeal(programme: Programme) -> None:
    """Somebody finds his years wrong; the file was right."""
    own = Verdict.objects.filter(year=programme.year, teacher__user__isnull=False, standing="no", current=True)
    verdict = own.exclude(word="separate_plan").select_related("teacher__user").order_by("teacher__number").first()
    if verdict is not None and verdict.teacher.user is not None:
        made = freezing.appeal(verdict, text=word("rotation", "appeal"), by=verdict.teacher.user)
        freezing.decide_appeal(made, upheld=False, opinion=word("rotation", "appeal_answer"), by=programme.company.head)
