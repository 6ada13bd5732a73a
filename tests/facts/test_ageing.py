"""A county rolled forward: the calendar is followed, nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.facts import (
    Appointment,
    Cluster,
    County,
    FamilyLink,
    Honor,
    HonorKind,
    Level,
    Locale,
    School,
    SchoolKind,
    Sex,
    SpellKind,
    Stage,
    Subject,
    Teacher,
)
from junheng.facts.ageing import away_until, retires_on, roll_forward
from junheng.facts.synthetic import make_small_county

ON = date(2026, 8, 31)


def school(name: str) -> School:
    return School(
        id=name,
        name=name,
        kind=SchoolKind.CENTER_PRIMARY,
        stages=frozenset({Stage.PRIMARY}),
        locale=Locale.TOWN,
        cluster_id="C1",
    )


def teacher(name: str = "T1", **facts: Any) -> Teacher:
    known: dict[str, Any] = {
        "name": "某",
        "id_number": "",
        "sex": Sex.FEMALE,
        "birth_date": date(1990, 5, 1),
        "school_id": "A",
        "stage": Stage.PRIMARY,
        "main_subject": Subject.CHINESE,
    }
    return Teacher(id=name, **{**known, **facts})


def county(*teachers: Teacher, on: date = ON) -> County:
    schools = tuple(school(name) for name in "AB")
    return County(name="试县", on=on, clusters=(Cluster(id="C1", name="片"),), schools=schools, teachers=teachers)


def after(years: int, **facts: Any) -> Teacher:
    return roll_forward(county(teacher(**facts)), years).teacher_by_id["T1"]


YES_NO = st.sampled_from([None, True, False])
DAYS = st.dates(date(2024, 1, 1), date(2034, 1, 1))


@st.composite
def people(draw: st.DrawFn) -> tuple[Teacher, ...]:
    """A few people of whom much ends in the coming years; they may be each other's spouses."""
    found = []
    for name in ("T1", "T2", "T3"):
        until = draw(st.none() | DAYS)
        spell = Appointment(
            school_id=draw(st.sampled_from(["A", "B", ""])),
            start=date(2023, 9, 1),
            end=until,
            kind=draw(st.sampled_from([SpellKind.EXCHANGE, SpellKind.SECONDMENT, SpellKind.POST])),
        )
        honor = Honor(kind=HonorKind.BACKBONE, level=Level.COUNTY, start=date(2022, 9, 10), end=draw(st.none() | DAYS))
        found.append(
            teacher(
                name,
                sex=draw(st.sampled_from(Sex)),
                birth_date=draw(st.dates(date(1962, 1, 1), date(2000, 1, 1))),
                teaching_school_id=draw(st.sampled_from(["", "A", "B"])),
                in_post=draw(YES_NO),
                pregnant=draw(YES_NO),
                lactating=draw(YES_NO),
                deferral_reason=draw(st.sampled_from(["", "work_need"])),
                appointments=(spell,),
                honors=(honor,),
                family=FamilyLink(spouse_id=draw(st.sampled_from(["", "T1", "T2", "T3"]))),
                retirement_override=draw(st.none() | DAYS),
            )
        )
    return tuple(found)


@settings(max_examples=50)
@given(people(), st.sampled_from([ON, date(2024, 2, 29), date(2027, 3, 1)]), st.integers(0, 4), st.integers(0, 4))
def test_year_by_year_is_the_same_as_all_at_once(found, on: date, first: int, then: int) -> None:
    start = county(*found, on=on)
    assert roll_forward(roll_forward(start, first), then) == roll_forward(start, first + then)


def test_a_synthetic_county_year_by_year_is_the_same_as_all_at_once() -> None:
    start = make_small_county()
    step = start
    for years in range(1, 7):
        step = roll_forward(step, 1)
        assert step == roll_forward(start, years)
    assert len(step.teachers) < len(start.teachers)


def test_no_year_changes_nothing_and_a_negative_one_is_refused() -> None:
    start = make_small_county()
    assert roll_forward(start, 0) is start
    with pytest.raises(ValueError, match="-1"):
        roll_forward(start, -1)


def test_who_reaches_the_retirement_date_is_gone_and_named_by_nobody() -> None:
    old = teacher("OLD", sex=Sex.MALE, birth_date=date(1965, 5, 20))  # 60 years and 2 months: 20 July 2025
    young = teacher("YOUNG", family=FamilyLink(spouse_id="OLD", family_event="major_misfortune"))
    assert retires_on(old) == date(2025, 7, 20)
    start = county(old, young, on=date(2024, 7, 20))
    later = roll_forward(start, 1)
    assert [t.id for t in later.teachers] == ["YOUNG"]
    assert later.teachers[0].family == FamilyLink(family_event="major_misfortune")
    assert len(roll_forward(replace(start, on=date(2024, 7, 19)), 1).teachers) == 2


def test_a_granted_date_goes_before_the_rule() -> None:
    granted = teacher(retirement_override=date(2027, 1, 1))
    assert roll_forward(county(granted), 1).teachers == ()


def test_a_pregnancy_becomes_a_nursing_year_and_ends() -> None:
    found = [after(years, pregnant=True, lactating=False) for years in (0, 1, 2)]
    assert [(t.pregnant, t.lactating) for t in found] == [(True, False), (False, True), (False, False)]
    assert found[1].family.youngest_child_birth == date(2027, 5, 31)
    assert found[2].family == found[1].family


def test_what_is_not_known_stays_unknown() -> None:
    later = after(3, pregnant=None, lactating=None)
    assert (later.pregnant, later.lactating) == (None, None)


def test_an_approved_deferral_lasts_one_year() -> None:
    later = after(1, deferral_reason="work_need", deferral_approved_by="教育办")
    assert (later.deferral_reason, later.deferral_approved_by) == ("", "")


@pytest.mark.parametrize(("end", "years", "where"), [
    (date(2027, 8, 30), 1, "A"),
    (date(2027, 8, 31), 1, "B"),
    (date(2027, 8, 31), 2, "A"),
    (None, 5, "B"),
])  # fmt: skip
def test_who_is_away_returns_when_the_spell_is_over(end: date | None, years: int, where: str) -> None:
    away = Appointment(school_id="B", start=date(2026, 2, 1), end=end, kind=SpellKind.EXCHANGE)
    facts = {"teaching_school_id": "B", "appointments": (away,), "joined_current_school": date(2015, 9, 1)}
    assert away_until(teacher(**facts)) == end
    later = after(years, **facts)
    assert later.works_at == where
    assert later.joined_current_school == date(2015, 9, 1)


def test_who_is_lent_out_is_in_post_again_when_the_secondment_is_over() -> None:
    lent = Appointment(school_id="", start=date(2026, 2, 1), end=date(2027, 1, 31), kind=SpellKind.SECONDMENT)
    assert after(1, in_post=False, appointments=(lent,)).in_post is True
    assert after(1, in_post=False, appointments=(replace(lent, end=None),)).in_post is False


def test_an_honour_in_force_is_taken_as_renewed_and_a_lapsed_one_is_not() -> None:
    honor = Honor(kind=HonorKind.BACKBONE, level=Level.COUNTY, start=date(2022, 9, 10), end=date(2027, 9, 9))
    later = roll_forward(county(teacher(honors=(honor,))), 4)
    assert later.teachers[0].is_backbone(later.on)
    lapsed = replace(honor, end=date(2026, 8, 30))
    assert not roll_forward(county(teacher(honors=(lapsed,))), 4).teachers[0].is_backbone(ON)
