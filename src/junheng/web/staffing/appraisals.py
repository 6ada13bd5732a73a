"""Yearly scores of the appointed, from the rows of their files: for the register, and wherever a place is decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from junheng.facts import AnnualAssessment, Grade, Title, TitleSpell
from junheng.indicators import Tracked, track
from junheng.web.interface.numbers import number, semicolon, signed
from junheng.web.staffing.models import AssessmentEntry, Teacher, TitleEntry

MOST = 6
"""So many scores are shown, the latest."""


def behind(before: str = "") -> tuple[Prefetch[Any], ...]:
    """What to fetch with teachers (``before``: the way to them) so that :func:`tracked` asks nothing more."""
    titles = TitleEntry.objects.current().order_by("start", "pk")  # scoped: of the teachers they are fetched with
    scores = AssessmentEntry.objects.current().order_by("year", "pk")  # scoped: of the teachers they are fetched with
    return (
        Prefetch(f"{before}titleentry_set", titles, to_attr="titles_held"),
        Prefetch(f"{before}assessmententry_set", scores, to_attr="scores_held"),
    )


def with_history(teachers: Any) -> Iterable[Teacher]:
    """Teachers with what :func:`tracked` reads."""
    found: Iterable[Teacher] = teachers.prefetch_related(*behind())
    return found


def tracked(teacher: Any, on: date) -> Tracked | None:
    """The appraisal of a teacher fetched with :func:`behind`, as of a day."""
    titles = [TitleSpell(title=Title.read(each.title), start=each.start) for each in teacher.titles_held]
    scores = [
        AnnualAssessment(
            year=each.year, score=each.score, rank=each.rank, of=each.of,
            grade=Grade.read(each.grade) if each.grade else None,
        )
        for each in teacher.scores_held
    ]  # fmt: skip
    return track(titles, scores, on)


def words_of(found: Tracked | None) -> str:
    """The scores one after the other and which way they go; a dash where there are none."""
    if found is None or not found.scores:
        return "—"
    shown = " → ".join(
        f"{each.year}: {number(each.score, 1)}" for each in found.years[-MOST:] if each.score is not None
    )
    parts = [shown]
    if found.change is not None:
        parts.append(_("变化 %(points)s 分") % {"points": signed(found.change, 1)})
    last = found.years[-1]
    if last.rank is not None and last.of is not None:
        parts.append(_("最近名次 %(rank)s/%(of)s") % {"rank": last.rank, "of": last.of})
    return semicolon().join(parts)
