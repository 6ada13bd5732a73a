"""What the search of the whole site finds in this room."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.facts import Subject
from junheng.web.access import Permission, standing_of
from junheng.web.directory.search import MOST, Hit, provide
from junheng.web.interface.listing import matching
from junheng.web.staffing.declared import code_label
from junheng.web.staffing.rosters import roster


@provide
def teachers(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Teachers of today's roster within reach, by name, pinyin, initials or number."""
    standing = standing_of(request)
    if not standing.allows(Permission.TEACHERS_VIEW):
        return
    found = roster(standing, timezone.localdate())
    for each in matching(found, words, ("name", "pinyin", "initials", "teacher__number"))[:MOST]:
        text = " · ".join((each.teacher.number, each.school.shown, code_label(Subject, each.main_subject)))
        yield Hit(_("教师"), each.name, reverse("staffing:teacher", args=(each.teacher_id,)), text, "user")
