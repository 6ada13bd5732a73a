from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from junheng.facts import (
    Cluster,
    County,
    FamilyLink,
    Locale,
    Pairing,
    School,
    SchoolKind,
    Sex,
    Stage,
    Subject,
    Teacher,
    Wish,
)

ON = date(2026, 8, 31)


def _school(code: str, cluster: str = "C1") -> School:
    return School(
        id=code,
        name=code,
        kind=SchoolKind.CENTER_PRIMARY,
        stages=frozenset({Stage.PRIMARY}),
        locale=Locale.TOWN,
        cluster_id=cluster,
    )


def _teacher(number: str, school: str = "S1") -> Teacher:
    return Teacher(
        id=number,
        name="某某",
        id_number="",
        sex=Sex.FEMALE,
        birth_date=date(1985, 1, 1),
        school_id=school,
        stage=Stage.PRIMARY,
        main_subject=Subject.MATHS,
    )


def _county(**parts: object) -> County:
    given: dict[str, object] = {
        "name": "甲县",
        "on": ON,
        "clusters": (Cluster(id="C1", name="学区"),),
        "schools": (_school("S2"), _school("S1")),
        "teachers": (_teacher("T2"), _teacher("T1")),
    }
    return County(**{**given, **parts})  # type: ignore[arg-type]


def test_every_broken_reference_is_named_at_once():
    teachers = (
        replace(_teacher("T1", "S9"), wishes=(Wish(rank=1, school_id="S8"),)),
        replace(_teacher("T2"), teaching_school_id="S7", family=FamilyLink(spouse_id="T9")),
    )
    with pytest.raises(ValueError, match="S9") as failure:
        _county(
            schools=(_school("S1", "C9"), _school("S2")),
            teachers=teachers,
            pairings=(Pairing(supporting_id="S1", supported_id="S6"),),
        )
    told = str(failure.value)
    for name in ("C9", "S9", "S8", "S7", "T9", "S6"):
        assert name in told


@pytest.mark.parametrize(
    "parts",
    [
        {"teachers": (_teacher("T1"), _teacher("T1"))},
        {"schools": (_school("S1"), _school("S1"))},
        {"clusters": (Cluster(id="C1", name="一"), Cluster(id="C1", name="二"))},
    ],
)
def test_a_repeated_id_is_refused(parts):
    with pytest.raises(ValueError, match="twice"):
        _county(**parts)


def test_the_order_of_rows_does_not_matter():
    turned = _county(schools=(_school("S1"), _school("S2")), teachers=(_teacher("T1"), _teacher("T2")))
    assert turned == _county()
    assert [s.id for s in turned.schools] == ["S1", "S2"]


def test_a_teacher_away_is_on_the_staff_of_one_school_and_works_at_another():
    county = _county(teachers=(replace(_teacher("T1"), teaching_school_id="S2"), _teacher("T2")))
    assert [t.id for t in county.staff_of["S1"]] == ["T1", "T2"]
    assert [t.id for t in county.working_at["S1"]] == ["T2"]
    assert [t.id for t in county.working_at["S2"]] == ["T1"]
    assert county.school_by_id["S2"].id == "S2"
    assert county.teacher_by_id["T1"].works_at == "S2"
