"""What schools and teachers of the demo have agreed on: pairs, a zone, a district elsewhere, pairs of teachers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from junheng.web.directory.models import SchoolTie, User
from junheng.web.reporting.demo.accounts import Cast
from junheng.web.reporting.demo.counties import ON
from junheng.web.reporting.demo.words import word
from junheng.web.rotation.models import Placement, PlacementStatus
from junheng.web.staffing.actions import links
from junheng.web.staffing.models import BUNDLE, ZONE, SchoolState, Sharing, TeacherState
from junheng.web.staffing.pairing import lasting_ties

_BEGAN = date(ON.year - 1, 9, 1)
_PLACED, _BESIDE = 2, 2
"""Pairs of teachers: of those who serve elsewhere, and between paired schools."""


def make_links(cast: Cast, clerk: User) -> None:
    """The first pair is a bundle, the second shares its resources, of the others nothing is said yet."""
    ties = list(
        lasting_ties(timezone.localdate())
        .filter(supporting__county=cast.county)
        .select_related("supporting", "supported")
    )
    terms = (([each.value for each in BUNDLE], "activities"), ([Sharing.RESOURCES.value], "some_activities"))
    for number, (tie, (shares, activities)) in enumerate(zip(ties, terms, strict=False), 1):
        values = {
            "shares": shares, "activities": word("links", activities),
            "document_number": word("links", "pair_paper", str(number)),
        }  # fmt: skip
        links.set_pair_terms(tie, values, on=_BEGAN, by=clerk, reason=word("links", "reason"))
    _make_zone(cast, clerk)
    _find_partner(cast, clerk)
    _pair_teachers(cast, clerk, ties)


def _make_zone(cast: Cast, clerk: User) -> None:
    name = word("links", "zone")
    first = SchoolState.objects.current().filter(school__county=cast.county, group=name).select_related("school")
    main = first.order_by("school__position", "school__code").first()
    if main is not None:
        values = {
            "kind": "zone", "main": main.school, "shares": [each.value for each in Sharing if each in ZONE],
            "document_number": word("links", "zone_paper"),
        }  # fmt: skip
        links.set_group_terms(cast.county, name, values, on=_BEGAN, by=clerk, reason=word("links", "reason"))


def _find_partner(cast: Cast, clerk: User) -> None:
    values = {
        "partner": word("links", "partner"), "programme": word("links", "programme"), "whole_county": True,
        "contact_unit": word("links", "partner_unit"), "contents": word("links", "contents"), "start": _BEGAN,
        "end": date(ON.year + 2, 8, 31), "document_number": word("links", "partner_paper"),
    }  # fmt: skip
    links.set_outside_partner(cast.county, values, on=_BEGAN, by=clerk, reason=word("links", "reason"))


def _pair_teachers(cast: Cast, clerk: User, ties: list[SchoolTie]) -> None:
    """Whoever serves elsewhere with somebody there; and backbone teachers with somebody at the school they support."""
    placed = Placement.objects.filter(year__county=cast.county, status=PlacementStatus.SERVING).order_by("pk")
    for each in placed.select_related("teacher")[:_PLACED]:
        _pair(_states(each.from_school_id).filter(teacher=each.teacher), each.to_school_id, clerk, each.start)
    for tie in ties[:_BESIDE]:
        free = _states(tie.supporting_id).filter(teaching_school__isnull=True, teacher__supports__isnull=True)
        _pair(free, tie.supported_id, clerk, _BEGAN)


def _states(school: int) -> Any:
    return TeacherState.objects.current().filter(school=school).select_related("teacher").order_by("teacher__number")


def _pair(givers: Any, school: int, clerk: User, start: date) -> None:
    """The first of the givers for whom there is somebody of the stage at the school, not paired yet."""
    for giver in givers:
        free = _states(school).filter(stage=giver.stage, teaching_school__isnull=True)
        taker = free.filter(teacher__supported_by__isnull=True).first()
        if taker is not None:
            links.tie_teachers(giver.teacher, taker.teacher, aim=word("links", "aim"), start=start, by=clerk)
            return
