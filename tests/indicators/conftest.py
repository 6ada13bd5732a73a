"""A county of four schools that a person can count by hand, and the full synthetic one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from junheng.facts import (
    Appointment,
    Cluster,
    County,
    Education,
    GradeEnrolment,
    Honor,
    HonorKind,
    Level,
    Locale,
    Resources,
    School,
    SchoolKind,
    Sex,
    SpellKind,
    Stage,
    Subject,
    SubjectRequirement,
    Teacher,
)
from junheng.facts.synthetic import make_county

ON = date(2026, 8, 31)


def _school(code: str, locale: Locale, pupils: dict[Stage, tuple[int, int]], kind: SchoolKind) -> School:
    return School(
        id=code,
        name=f"{code}校",
        kind=kind,
        stages=frozenset(pupils),
        locale=locale,
        cluster_id="C1" if locale is Locale.URBAN else "C2",
        enrolment=tuple(
            GradeEnrolment(stage=stage, grade=1 if stage is Stage.PRIMARY else 7, pupils=count, classes=classes)
            for stage, (count, classes) in pupils.items()
        ),
        posts={stage: max(1, count // 15) for stage, (count, _) in pupils.items()},
        requirements=tuple(
            SubjectRequirement(stage=stage, subject=subject, required=required, weekly_periods=required * 12.0)
            for stage in pupils
            for subject, required in ((Subject.CHINESE, 2), (Subject.PE, 1))
        ),
        resources=tuple(
            Resources(
                stage=stage,
                teaching_area_m2=count * 6.0,
                sports_area_m2=count * 11.0,
                equipment_yuan=count * 2500.0,
                multimedia_rooms=-(-count * 24 // 1000),
            )
            for stage, (count, _) in pupils.items()
        ),
    )


@pytest.fixture(scope="session")
def teacher() -> Callable[..., Teacher]:
    """Makes a teacher: number and school, and any fact that the test is about."""

    def make(number: str, school_id: str, **facts: object) -> Teacher:
        backbone = facts.pop("backbone", False)
        usual: dict[str, object] = {
            "name": f"某{number}",
            "id_number": "",
            "sex": Sex.FEMALE,
            "birth_date": date(1986, 5, 1),
            "stage": Stage.PRIMARY,
            "main_subject": Subject.CHINESE,
            "education": Education.BACHELOR,
            "on_establishment": True,
            "in_post": True,
            "seconded_in": False,
            "full_time": True,
        }
        if backbone:
            usual["honors"] = (Honor(kind=HonorKind.BACKBONE, level=Level.COUNTY, start=date(2024, 9, 1)),)
        return Teacher(id=number, school_id=school_id, **{**usual, **facts})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def schools() -> tuple[School, ...]:
    """S1 urban primary (100 pupils), S2 rural primary (60), S3 rural nine-year (40 and 30), S4 urban junior (90)."""
    return (
        _school("S1", Locale.URBAN, {Stage.PRIMARY: (100, 2)}, SchoolKind.URBAN_PRIMARY),
        _school("S2", Locale.RURAL, {Stage.PRIMARY: (60, 6)}, SchoolKind.VILLAGE_PRIMARY),
        _school("S3", Locale.RURAL, {Stage.PRIMARY: (40, 3), Stage.JUNIOR: (30, 3)}, SchoolKind.NINE_YEAR),
        _school("S4", Locale.URBAN, {Stage.JUNIOR: (90, 2)}, SchoolKind.JUNIOR_HIGH),
    )


@pytest.fixture(scope="session")
def make_hand_county(schools) -> Callable[..., County]:
    def make(*teachers: Teacher, with_schools: tuple[School, ...] | None = None) -> County:
        return County(
            name="甲县",
            on=ON,
            clusters=(Cluster(id="C1", name="城关学区"), Cluster(id="C2", name="河湾学区")),
            schools=with_schools or schools,
            teachers=teachers,
        )

    return make


@pytest.fixture(scope="session")
def hand_county(make_hand_county, teacher) -> County:
    """Ten teachers; T03 of S1 is on exchange at S2, T09 is lent out, T10 is hired by S4."""
    return make_hand_county(
        teacher("T01", "S1", backbone=True),
        teacher("T02", "S1", main_subject=Subject.PE),
        teacher(
            "T03",
            "S1",
            teaching_school_id="S2",
            backbone=True,
            appointments=(
                Appointment(school_id="S2", start=date(2025, 9, 1), end=date(2026, 8, 31), kind=SpellKind.EXCHANGE),
            ),
        ),
        teacher("T04", "S2", education=Education.SECONDARY, also_teaches=(Subject.MUSIC,)),
        teacher("T05", "S2", education=None),
        teacher("T06", "S3", main_subject=Subject.ART),
        teacher("T07", "S3", stage=Stage.JUNIOR, education=Education.COLLEGE),
        teacher("T08", "S4", stage=Stage.JUNIOR, backbone=True),
        teacher("T09", "S4", stage=Stage.JUNIOR, in_post=False),
        teacher("T10", "S4", stage=Stage.JUNIOR, on_establishment=False, main_subject=Subject.PE),
    )


@pytest.fixture(scope="session")
def county() -> County:
    return make_county(teachers=1000, seed=1)
