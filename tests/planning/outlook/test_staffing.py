"""Retirements and gaps of a county that a person can reckon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from junheng.facts import Appointment, Sex, SpellKind, Stage, Subject
from junheng.planning.outlook import PupilTrend, Request
from junheng.planning.outlook.judged import counties_ahead
from junheng.planning.outlook.staffing import by_subject, retirements, stages_ahead, subjects_ahead

OLD = {"birth_date": date(1965, 5, 20)}  # a man of May 1965 retires at 60 years and 2 months, on 20 July 2025
WOMAN = {"birth_date": date(1970, 1, 9), "sex": Sex.FEMALE}  # of January 1970: at 55 and 1 month, on 9 February 2025


def test_retirements_fall_in_the_year_in_which_the_date_lies(make_county) -> None:
    county = replace(make_county({"OLD": OLD, "WOMAN": WOMAN}), on=date(2024, 8, 31))
    found = retirements(counties_ahead(county, Request(years=3)))
    assert [(r.teacher_id, r.index, r.overdue) for r in found] == [("OLD", 0, False), ("WOMAN", 0, False)]
    assert {(r.school_id, r.stage, r.subject) for r in found} == {("A", Stage.PRIMARY, Subject.CHINESE)}
    earlier = replace(county, on=date(2024, 2, 9))
    assert [(r.teacher_id, r.index) for r in retirements(counties_ahead(earlier, Request(years=3)))] == [
        ("WOMAN", 0),
        ("OLD", 1),
    ]


def test_who_is_past_the_date_already_is_told_apart(make_county) -> None:
    found = retirements(counties_ahead(make_county({"OLD": OLD}), Request(years=1)))
    assert [(r.teacher_id, r.overdue) for r in found] == [("OLD", True)]


def test_gaps_are_told_at_the_start_of_each_year_after_retirements(make_county) -> None:
    leaves = {"birth_date": date(1965, 12, 1), "retirement_override": date(2027, 12, 1)}
    counties = counties_ahead(make_county({"OLD": OLD, "NEXT": leaves}), Request(years=3))
    first, second = subjects_ahead(counties)
    assert (first.school_id, first.present, first.required) == ("A", (10, 9, 8, 8), (10, 10, 10, 10))
    assert first.gaps == (0, -1, -2, -2)
    assert second.gaps == (0, 0, 0, 0)
    assert by_subject((first, second)) == {(Stage.PRIMARY, Subject.CHINESE): ((20,) * 4, (20, 19, 18, 18))}


def test_who_is_back_from_a_spell_counts_again(make_county) -> None:

    spell = Appointment(school_id="B", start=date(2026, 2, 1), end=date(2027, 1, 31), kind=SpellKind.EXCHANGE)
    county = make_county({"AWAY": {"teaching_school_id": "B", "appointments": (spell,)}})
    first, second = subjects_ahead(counties_ahead(county, Request(years=1)))
    assert (first.present, second.present) == ((9, 10), (11, 10))


def test_fewer_pupils_need_fewer_teachers_and_leave_a_surplus(make_county) -> None:

    trend = PupilTrend("rates", {Stage.PRIMARY: Fraction(-1, 2)})
    counties = counties_ahead(make_county(), Request(years=2, pupils=trend))
    (primary,) = stages_ahead(counties)
    assert primary.pupils == (400, 200, 100)
    assert primary.at_work == (20, 20, 20)
    # at 19 pupils a teacher: 200 ÷ 19 = 10.5 → 11 a school, then 5, then 3
    assert primary.required == (22, 10, 6)
    assert primary.gaps == (-2, 10, 14)
    assert [row.required for row in subjects_ahead(counties)] == [(10, 5, 3), (10, 5, 3)]
