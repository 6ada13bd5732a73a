"""The rotation year of the neighbour county, in the days of applications: by the same verbs as in the product.

Its phases count from the day on which the demo is made, so that what can be done in it can be done on that day.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from junheng.facts.synthetic.chance import generator
from junheng.web.directory.models import Organisation, User
from junheng.web.reporting.demo.accounts import Cast
from junheng.web.reporting.demo.counties import ON
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.beginning import call_to_the_countryside, make_ready
from junheng.web.rotation import judging
from junheng.web.rotation.actions import asking, freezing
from junheng.web.rotation.actions.years import Setting, set_up, shipped
from junheng.web.rotation.models import PhaseKind, RotationYear, Verdict
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

PACK = "YUNLING"
_EACH = 6
"""Days of a phase."""
_APPLY = 12
"""Teachers who have applied, at most."""
_WISHES = 2


def make_rotation(cast: Cast) -> RotationYear:
    """A year whose verdicts are frozen and to which some teachers have applied."""
    clerk = User.objects.get(username=f"{cast.prefix}bureau-clerk")
    head = User.objects.get(username=f"{cast.prefix}section-head")
    today = timezone.localdate()
    setting = Setting(
        year=ON.year, pack=shipped(PACK), on=ON, starts=ON + timedelta(days=1), ends=date(ON.year + 1, 8, 31)
    )
    year = set_up(cast.county, setting, _dates(today), by=clerk)
    make_ready(year, cast, clerk, head, number=word("rotation", "number"))
    call_to_the_countryside(year, head)
    freezing.keep(year, judging.judged(year, judging.county_now(year, today)), by=clerk)
    year.refresh_from_db()
    _confirm(year, cast)
    _apply(year, cast)
    return year


def _dates(today: date) -> dict[PhaseKind, tuple[date, date]]:
    """Six days each, one after another; today is the third day of applications. Service takes a year."""
    order = list(PhaseKind)
    first = today - timedelta(days=2) - order.index(PhaseKind.APPLICATIONS) * timedelta(days=_EACH)
    dates = {}
    for kind in order:
        days = 365 if kind is PhaseKind.SERVICE else _EACH
        dates[kind] = (first, first + timedelta(days=days - 1))
        first += timedelta(days=days)
    return dates


def _confirm(year: RotationYear, cast: Cast) -> None:
    """Those with an account at every other school have confirmed their data."""
    phase = year.phases.get(kind=PhaseKind.CONFIRMATION)
    for school in cast.schools[::2]:
        for state in cast.staff.get(school.pk, []):
            if state.teacher.user_id:
                by = User.objects.get(pk=state.teacher.user_id)
                freezing.confirm(year, state.teacher, by=by, at=phase.opens + timedelta(hours=9))


def _apply(year: RotationYear, cast: Cast) -> None:
    """Some of those who may move, each with two wishes among the schools that teach the same stage."""
    may = Verdict.objects.filter(year=year, current=True, teacher__user__isnull=False).exclude(standing="no")
    dice = generator(year.year)
    opens = year.phases.get(kind=PhaseKind.APPLICATIONS).opens
    for at, held in enumerate(islice(may.select_related("teacher__user").order_by("teacher__number"), _APPLY)):
        schools = _wishable(year, held.teacher)
        if len(schools) < _WISHES:
            continue
        wishes = dice.sample(schools, _WISHES)
        asked = asking.Asked(wishes, reason=word("rotation", "reason"))
        user = held.teacher.user
        key = uuid5(NAMESPACE_URL, f"demo:{cast.county.code}:{held.teacher.number}")
        if user is not None:
            try:
                asking.hand_in(year, held.teacher, asked, key=key, at=opens + timedelta(hours=9, minutes=at), by=user)
            except RefusedError:
                continue


def _wishable(year: RotationYear, teacher: Teacher) -> list[Organisation]:
    """Schools of the county that teach the teacher's stage, but for his own."""
    state = TeacherState.objects.current().filter(teacher=teacher).first()
    if state is None:
        return []
    there = TeacherState.objects.current().filter(teacher__county=year.county, stage=state.stage)
    keys = there.exclude(school=state.school_id).values("school")
    return list(Organisation.objects.filter(pk__in=keys).order_by("position", "code"))
