from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts import GradeEnrolment, Locale, Stage
from junheng.indicators import measure_establishment, national_norm, recruitment_room, required_posts
from junheng.indicators.establishment import read_norm

NORM_OF_CLASSES = {"zh": "", "en": "", "pupils_per_teacher": {"primary": 19}, "staff_per_class": {"primary": "1.7"}}


@pytest.mark.covers("R-266")
def test_200_pupils_at_22_5_give_nine_posts_half_up_and_by_ceiling():
    for rounding in ("half_up", "ceil"):
        posts = required_posts(200, 22.5, rounding=rounding)
        assert posts.by_pupils == Fraction(80, 9)
        assert posts.required == 9
    assert required_posts(200, 22.5, rounding="floor").required == 8


@pytest.mark.covers("R-267")
def test_a_school_of_200_taught_by_classes_needs_ten_and_the_norm_is_one_short():
    posts = required_posts(200, 22.5, classes=6, staff_per_class="1.67")
    assert (posts.posts_by_pupils, posts.posts_by_classes, posts.required) == (9, 10, 10)
    assert posts.posts_by_pupils - posts.required == -1
    assert "9" in posts.sentence()
    assert "required 10" in posts.sentence("en")


@pytest.mark.covers("R-268")
def test_a_small_school_has_at_most_200_pupils():
    assert required_posts(200, 19, classes=6, staff_per_class=2).small
    larger = required_posts(201, 19, classes=60, staff_per_class=2)
    assert not larger.small
    assert larger.by_classes is None
    assert larger.required == 11


def test_half_is_rounded_up_and_never_to_even():
    assert required_posts(25, 10).required == 3
    assert required_posts(45, 10).required == 5


@pytest.mark.covers("R-269")
@given(
    st.integers(0, 3000),
    st.sampled_from(["19", "13.5", "22.5"]),
    st.integers(0, 60),
    st.sampled_from(["1.7", "2.4", "3.7"]),
)
def test_the_class_rule_only_ever_adds_posts(pupils, ratio, classes, per_class):
    alone = required_posts(pupils, ratio)
    both = required_posts(pupils, ratio, classes=classes, staff_per_class=per_class)
    assert both.required >= alone.required
    assert abs(alone.required - alone.by_pupils) <= Fraction(1, 2)


@pytest.mark.parametrize(("pupils", "ratio", "classes"), [(100, 0, 1), (-1, 19, 1), (100, 19, -1)])
def test_nonsense_is_refused(pupils, ratio, classes):
    with pytest.raises(ValueError, match="positive ratio"):
        required_posts(pupils, ratio, classes=classes)


def test_the_norms_that_come_along_are_cited():
    unified = national_norm()
    assert unified.document_number == "中央编办发〔2014〕72号"
    assert unified.pupils_per_teacher[Stage.PRIMARY, Locale.RURAL] == 19
    assert unified.pupils_per_teacher[Stage.JUNIOR, Locale.URBAN] == Fraction("13.5")
    older = national_norm("by_locale_2001")
    assert [older.pupils_per_teacher[Stage.PRIMARY, x] for x in Locale] == [19, 21, 23]
    assert older.in_force_to is not None
    with pytest.raises(ValueError, match="rural_primary_22_5"):
        national_norm("none")


def test_a_norm_with_an_unknown_rounding_is_refused():
    with pytest.raises(ValueError, match="half_up, ceil, floor"):
        read_norm("own", {**NORM_OF_CLASSES, "rounding": "up"})


@pytest.mark.covers("R-284", "R-279", "R-288")
def test_both_head_counts_stand_side_by_side_with_what_lies_between(hand_county):
    rows = {(r.school_id, r.stage): r for r in measure_establishment(hand_county).rows}
    s1, s2, s4 = rows["S1", Stage.PRIMARY], rows["S2", Stage.PRIMARY], rows["S4", Stage.JUNIOR]
    assert (s1.on_establishment, s1.at_work, s1.exchanged_out) == (3, 2, 1)
    assert (s2.on_establishment, s2.at_work, s2.exchanged_in) == (2, 3, 1)
    assert (s4.on_establishment, s4.at_work, s4.not_in_post, s4.hired) == (2, 2, 1, 1)


def test_gaps_are_signed_surplus_above_zero(hand_county):
    rows = {(r.school_id, r.stage): r for r in measure_establishment(hand_county).rows}
    s1, s2 = rows["S1", Stage.PRIMARY], rows["S2", Stage.PRIMARY]
    # 100 ÷ 19 = 5.26 → 5; 60 ÷ 19 = 3.16 → 3; authorised are 6 and 4.
    assert (s1.headcount_gap, s1.gap_at_work, s1.gap_to_authorised) == (-2, -3, -3)
    assert (s2.headcount_gap, s2.gap_at_work, s2.gap_to_authorised) == (-1, 0, -2)


def test_people_at_work_follow_from_the_establishment_in_every_school(county):
    report = measure_establishment(county)
    for r in report.rows:
        between = -r.exchanged_out - r.not_in_post + r.exchanged_in + r.lent_in + r.hired
        assert r.at_work == r.on_establishment + between
    assert report.total("exchanged_in") == report.total("exchanged_out") > 0


def test_a_norm_for_primary_only_leaves_junior_open(hand_county):
    rows = measure_establishment(hand_county, national_norm("rural_primary_22_5")).rows
    assert all((r.headcount_gap is None) == (r.stage is Stage.JUNIOR) for r in rows)


def test_small_schools_get_the_greater_of_both_rules(hand_county):
    report = measure_establishment(hand_county, read_norm("own", NORM_OF_CLASSES))
    village = next(r for r in report.rows if r.school_id == "S2")
    assert village.small_school
    assert village.posts is not None
    assert (village.posts.posts_by_pupils, village.posts.posts_by_classes, village.posts.required) == (3, 10, 10)


@pytest.mark.covers("R-272")
def test_a_school_with_no_more_teachers_than_classes_is_flagged(hand_county):
    flags = {(r.school_id, r.stage): r.one_teacher_classes for r in measure_establishment(hand_county).rows}
    assert flags["S2", Stage.PRIMARY]
    assert flags["S1", Stage.PRIMARY]
    assert not measure_establishment(replace(hand_county, teachers=())).rows[0].one_teacher_classes


@pytest.mark.covers("R-276")
def test_allotted_posts_beyond_the_approved_total_are_told(hand_county):
    report = measure_establishment(hand_county)
    assert report.total("authorised") == 6 + 4 + 2 + 2 + 6
    assert report.over_approved(20) == 0
    assert report.over_approved(17) == 3


@pytest.mark.covers("R-278")
def test_posts_follow_enrolment(hand_county, schools):
    grown = (GradeEnrolment(stage=Stage.PRIMARY, grade=1, pupils=190, classes=4),)
    later = replace(hand_county, schools=(replace(schools[0], enrolment=grown), *schools[1:]))
    assert measure_establishment(hand_county).rows[0].posts.required == 5
    assert measure_establishment(later).rows[0].posts.required == 10


@pytest.mark.covers("R-287")
@pytest.mark.parametrize(
    ("authorised", "present", "plan", "room"), [(100, 95, 10, 5), (100, 80, 10, 10), (100, 104, 10, 0), (100, 90, 0, 0)]
)
def test_recruitment_stays_within_free_posts_and_the_yearly_plan(authorised, present, plan, room):
    assert recruitment_room(authorised, present, plan) == room
