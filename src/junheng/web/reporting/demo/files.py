"""Files on their way in, in the demo: one that only waits to be confirmed, one that comes back with faults.

They are offered by the verb of the product; the background worker rehearses them as it does any file.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from django.utils import timezone

from junheng.facts import Code, Sex, Stage, Subject
from junheng.web.directory.models import User
from junheng.web.reporting.demo.accounts import Cast
from junheng.web.reporting.demo.counties import ON
from junheng.web.reporting.demo.words import word
from junheng.web.staffing.actions.intakes import Offer, upload
from junheng.web.staffing.models import TeacherState

_BORN = "1999-06-15"


def offer_files(cast: Cast, clerk: User) -> None:
    """Offers both files for the county, as of the day after the data."""
    held = next((staff[0] for school in cast.schools if (staff := cast.staff.get(school.pk))), None)
    if held is None:
        return
    new = _row(held, number="N00001", name=word("activity", "new_teacher"), born=_BORN)
    lost = _row(held, number="N00002", name=word("activity", "new_teacher"), school=word("activity", "unknown_school"))
    misdated = _row(held, number="N00003", name=word("activity", "new_teacher"), born="2009.13")
    others = tuple(_other_subject(each) for each in cast.staff[held.school_id][1:4])
    for key, rows in (("intake", (new, *others)), ("faulty", (new, lost, misdated))):
        content = _csv(rows)
        offer = Offer(
            organisation=cast.county, file=io.BytesIO(content), file_name=word("activity", key),
            file_size=len(content), day=max(ON + timedelta(days=1), timezone.localdate()), key=f"demo-{key}",
        )  # fmt: skip
        upload(offer, by=clerk)


def _row(like: TeacherState, *, number: str, name: str, school: str = "", born: str = _BORN) -> tuple[str, ...]:
    """Somebody new who does what ``like`` does."""
    stage, subject = _said(Stage, like.stage), _said(Subject, like.main_subject)
    return number, name, Sex.FEMALE.zh, born, school or like.school.code, stage, subject


def _other_subject(state: TeacherState) -> tuple[str, ...]:
    """The teacher's own row, with music as main subject, or art for whoever teaches music."""
    subject = Subject.MUSIC if state.main_subject != Subject.MUSIC.value else Subject.ART
    return (
        state.teacher.number, state.name, _said(Sex, state.sex), state.birth_date.isoformat(), state.school.code,
        _said(Stage, state.stage), subject.zh,
    )  # fmt: skip


def _said(codes: type[Code], value: str) -> str:
    """The Chinese word of a code, whatever language the demo is made in: the file's headers are Chinese too."""
    return next(each.zh for each in codes if each.value == value)


def _csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows((word("activity", "headers").split(), *rows))
    return text.getvalue().encode("utf-8-sig")
