"""A county whose outlook a person can reckon: two primary schools of ten Chinese teachers each, in one cluster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from junheng.facts import (
    Cluster,
    County,
    GradeEnrolment,
    Locale,
    School,
    SchoolKind,
    Sex,
    Stage,
    Subject,
    SubjectRequirement,
    Teacher,
)

ON = date(2026, 8, 31)
NEWCOMER = date(2026, 3, 1)
MakeCounty = Callable[..., County]


def make_school(name: str) -> School:
    return School(
        id=name,
        name=name,
        kind=SchoolKind.CENTER_PRIMARY,
        stages=frozenset({Stage.PRIMARY}),
        locale=Locale.TOWN,
        cluster_id="C1",
        enrolment=tuple(GradeEnrolment(stage=Stage.PRIMARY, grade=g, pupils=100, classes=1) for g in (1, 2)),
        requirements=(SubjectRequirement(stage=Stage.PRIMARY, subject=Subject.CHINESE, required=10),),
        posts={Stage.PRIMARY: 10},
    )


def make_teacher(name: str, school: str, joined: date = NEWCOMER, **facts: Any) -> Teacher:
    """A man born in June 1990: never too old, unless the facts say otherwise."""
    known: dict[str, Any] = {
        "name": name,
        "id_number": "",
        "sex": Sex.MALE,
        "birth_date": date(1990, 6, 1),
        "stage": Stage.PRIMARY,
        "main_subject": Subject.CHINESE,
        "joined_current_school": joined,
        "on_establishment": True,
        "in_post": True,
        "full_time": True,
        "pregnant": False,
        "lactating": False,
    }
    return Teacher(id=name, school_id=school, **{**known, **facts})


@pytest.fixture
def make_county() -> MakeCounty:
    """Makes the county: ``who`` gives facts of named teachers of A, the others came half a year ago."""

    def make(who: dict[str, dict[str, Any]] | None = None) -> County:
        named = [make_teacher(name, **{"school": "A", **facts}) for name, facts in (who or {}).items()]
        others = [make_teacher(f"{s}{i:02}", s) for s in "AB" for i in range(10 - sum(t.school_id == s for t in named))]
        clusters = tuple(Cluster(id=c, name=c) for c in ("C1", "C2"))
        schools = tuple(make_school(name) for name in "AB")
        return County(name="试县", on=ON, clusters=clusters, schools=schools, teachers=(*named, *others))

    return make
