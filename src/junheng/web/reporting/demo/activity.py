"""What people have done and have still to do in the demo, by the same verbs as in the product.

Nothing here changes a dated row: what is decided today holds from today. The years of rotation are played before, in
:mod:`junheng.web.reporting.demo.years`; a county that has none gets a year in the days of applications.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop

from junheng.facts import Education
from junheng.web.directory.models import Organisation, User
from junheng.web.records.notifying import notify
from junheng.web.reporting.demo.accounts import Cast
from junheng.web.reporting.demo.counties import ON
from junheng.web.reporting.demo.files import offer_files
from junheng.web.reporting.demo.links import make_links
from junheng.web.reporting.demo.rotation import make_rotation
from junheng.web.reporting.demo.words import word
from junheng.web.rotation.models import RotationYear
from junheng.web.staffing.actions.corrections import reject, request_correction
from junheng.web.staffing.actions.establishment import draft_plan
from junheng.web.staffing.actions.recruitment import set_increase_plan
from junheng.web.staffing.declared import STATE
from junheng.web.staffing.models import Correction, TeacherState

_INCREASE = 12
"""New staff that a county may take on in the year."""
_SCHOOLS = 3
"""Schools at which somebody asks for a correction."""


def make_activity(casts: list[Cast]) -> None:
    """Corrections, plans of posts and increase, files to confirm, links, a rotation year, messages."""
    for cast in casts:
        clerk = User.objects.get(username=f"{cast.prefix}bureau-clerk")
        for number, school in enumerate(cast.schools[:_SCHOOLS], 1):
            _ask(cast, school, turned_down=number == 1)
        draft_plan(cast.county, title=word("activity", "plan"), on=ON, effective_from=ON + timedelta(days=1), by=clerk)
        set_increase_plan(
            cast.county, year=ON.year, number=_INCREASE, document_number=word("activity", "increase"), on=ON, by=clerk
        )
        offer_files(cast, clerk)
        make_links(cast, clerk)
        if not RotationYear.objects.filter(county=cast.county).exists():
            make_rotation(cast)
        told = User.objects.filter(grants__organisation=cast.county, grants__role__in=("bureau_clerk", "section_head"))
        values = {"county": cast.county.name, "day": ON.isoformat()}
        message = gettext_noop("%(county)s的数据已更新到 %(day)s。")
        notify(told.distinct(), "reporting.demo.prepared", message, values, "/overview/")


def _ask(cast: Cast, school: Organisation, *, turned_down: bool) -> None:
    asking = [s for s in cast.staff.get(school.pk, []) if s.teacher.user_id and s.role == "teacher"][:2]
    for turn, state in enumerate(asking):
        found = _request(state)
        if turned_down and turn == 0:
            decider = User.objects.get(username=f"{cast.prefix}principal-01")
            reject(found, opinion=word("activity", "rejected"), by=decider)


def _request(state: TeacherState) -> Correction:
    account = User.objects.get(pk=state.teacher.user_id)
    proposed = {"education": Education.MASTER.zh if state.education != "master" else Education.BACHELOR.zh}
    return request_correction(state.teacher, STATE, state, proposed, reason=word("activity", "reason"), by=account)
