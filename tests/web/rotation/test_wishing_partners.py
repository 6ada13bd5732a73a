"""Whoever works at a school with partners may wish for these only, where the year's pack says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from junheng.policy import Pack, load_pack, pack_source, parse_pack
from junheng.web.directory.models import SchoolTie
from junheng.web.rotation.models import PhaseKind
from junheng.web.rotation.wishing import wishable
from junheng.web.staffing.models import SchoolState, Teacher

pytestmark = pytest.mark.django_db


def pack_with(*bonds: str) -> Pack:
    """The measures of the invented county, with partner schools bound to each other."""
    bound = f"planning:\n  within_partners: true\n  partners: [{', '.join(bonds)}]\n"
    return parse_pack(pack_source(load_pack("YUNLING")).replace("planning:\n", bound, 1), "partners.yaml")


def closed(year: Any, teacher: Teacher, pack: Pack) -> set[int]:
    """Keys of the schools that the teacher cannot wish for."""
    return {each.school.pk for each in wishable(year, teacher, pack) if each.why_not}


@pytest.mark.covers("R-183", "R-186")
def test_pairs_and_groups_bind_as_the_pack_counts_them(cast: Any, make_year: Any) -> None:
    year, alice = make_year(PhaseKind.APPLICATIONS), cast.teachers["alice"]
    SchoolState.objects.update(stages=["primary", "junior"])
    every = {each.school.pk for each in wishable(year, alice)}
    assert cast.hedong.pk in every
    assert closed(year, alice, pack_with("pairing", "group")) == set()
    tie = SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.hedong, kind="assistance", valid_from=date(2020, 9, 1), source="test"
    )
    assert closed(year, alice, pack_with("pairing")) == every - {cast.hedong.pk}
    assert closed(year, alice, pack_with("group")) == set()
    assert closed(year, alice, load_pack("YUNLING")) == set()
    SchoolState.objects.filter(school__in=(cast.yucai, cast.xishan)).update(group="城关教育集团")
    assert closed(year, alice, pack_with("group")) == every - {cast.xishan.pk}
    assert closed(year, alice, pack_with("group", "pairing")) == every - {cast.xishan.pk, cast.hedong.pk}
    SchoolTie.objects.filter(pk=tie.pk).update(end=date(2021, 8, 31))
    assert closed(year, alice, pack_with("pairing")) == set()
    why = next(each.why_not for each in wishable(year, alice, pack_with("group")) if each.why_not)
    assert "结对（集团）" in why


@pytest.mark.covers("R-188")
def test_in_a_zone_one_wishes_for_its_main_school_and_branches_alone(cast: Any, make_year: Any) -> None:
    year, alice, clerk = make_year(PhaseKind.APPLICATIONS), cast.teachers["alice"], cast.client("bureau_clerk")
    SchoolState.objects.update(stages=["primary", "junior"])
    every = {each.school.pk for each in wishable(year, alice)}
    SchoolState.objects.filter(school__in=(cast.yucai, cast.xishan)).update(group="第一片区")
    zone = {"kind": "zone", "main": cast.yucai.pk, "shares": ["staff"], "entered_from": "2026-09-01"}
    assert clerk.post(reverse("staffing:group_set", args=(cast.yucai.pk,)), zone).status_code == 302
    assert closed(year, alice, pack_with("group")) == every - {cast.xishan.pk}
    assert closed(year, alice, load_pack("YUNLING")) == set(), "where the pack does not say so nobody is bound"
