from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.facts import Appointment, GradeEnrolment, Resources, SpellKind, Stage, Subject
from junheng.facts.synthetic import make_county
from junheng.indicators import (
    CountAt,
    Counting,
    Indicator,
    coefficient_of_variation,
    measure_balance,
    national_standards,
)
from junheng.indicators.amounts import split_shared

AT_HOME = Counting(at=CountAt.ESTABLISHMENT)


def _amounts(report, indicator, stage):
    return {s.school_id: s.amount for s in report.result(indicator, stage).schools}


def test_a_teacher_away_counts_where_he_teaches_or_where_the_post_is(hand_county):
    teaching = measure_balance(hand_county)
    home = measure_balance(hand_county, counting=AT_HOME)
    assert _amounts(teaching, Indicator.BACKBONE, Stage.PRIMARY) == {"S1": 1, "S2": 1, "S3": 0}
    assert _amounts(home, Indicator.BACKBONE, Stage.PRIMARY) == {"S1": 2, "S2": 0, "S3": 0}
    assert (teaching.counting.at, home.counting.at) == (CountAt.TEACHING, CountAt.ESTABLISHMENT)


def test_who_is_lent_out_or_hired_counts_under_one_choice_only(hand_county):
    # T09 (lent out) has a bachelor's degree at S4, T10 (hired) teaches PE there.
    assert _amounts(measure_balance(hand_county), Indicator.DEGREE, Stage.JUNIOR)["S4"] == 2
    assert _amounts(measure_balance(hand_county, counting=AT_HOME), Indicator.DEGREE, Stage.JUNIOR)["S4"] == 2
    assert _amounts(measure_balance(hand_county), Indicator.PE_ART, Stage.JUNIOR)["S4"] == 1
    assert _amounts(measure_balance(hand_county, counting=AT_HOME), Indicator.PE_ART, Stage.JUNIOR)["S4"] == 0


def test_above_the_required_education_is_judged_by_stage_and_a_blank_is_told_not_counted(hand_county):
    report = measure_balance(hand_county, counting=AT_HOME)
    assert _amounts(report, Indicator.DEGREE, Stage.PRIMARY) == {"S1": 3, "S2": 0, "S3": 1}
    assert _amounts(report, Indicator.DEGREE, Stage.JUNIOR) == {"S3": 0, "S4": 2}
    assert report.result(Indicator.DEGREE, Stage.PRIMARY).unknown == 1


def test_values_are_per_hundred_pupils_of_the_stage(hand_county):
    result = measure_balance(hand_county, counting=AT_HOME).result(Indicator.DEGREE, Stage.PRIMARY)
    assert [(s.pupils, s.value) for s in result.schools] == [(100, 3.0), (60, 0.0), (40, 2.5)]
    assert result.mean == pytest.approx(2.0)
    assert result.cv == pytest.approx(coefficient_of_variation([3, 0, 1], [100, 60, 40]))
    assert result.within_limit is False
    assert sum(s.share for s in result.schools) == pytest.approx(1)


def test_a_threshold_is_compared_exactly_and_not_as_rounded(make_hand_county, teacher, schools):
    pupils = (GradeEnrolment(stage=Stage.PRIMARY, grade=1, pupils=1000, classes=20),)
    big = replace(schools[0], enrolment=pupils)
    staff = [teacher(f"T{i:02d}", "S1") for i in range(42)]
    county = make_hand_county(*staff, with_schools=(big,))
    value = measure_balance(county).result(Indicator.DEGREE, Stage.PRIMARY).schools[0]
    assert (value.value, value.least, value.reached) == (4.2, Fraction("4.2"), True)
    fewer = make_hand_county(*staff[:41], with_schools=(big,))
    value = measure_balance(fewer).result(Indicator.DEGREE, Stage.PRIMARY).schools[0]
    assert (value.reached, value.nearly_reached) == (False, True)


def test_a_coefficient_just_above_the_limit_fails_though_it_prints_as_the_limit(make_hand_county, schools):
    # Amounts 1 ± d at two schools of equal size have a coefficient of exactly d.
    two = tuple(
        replace(
            school,
            id=f"S{i}",
            stages=frozenset({Stage.PRIMARY}),
            enrolment=(GradeEnrolment(stage=Stage.PRIMARY, grade=1, pupils=100, classes=2),),
            resources=(Resources(stage=Stage.PRIMARY, equipment_yuan=amount),),
            requirements=(),
        )
        for i, (school, amount) in enumerate([(schools[0], 150040.0), (schools[0], 49960.0)], 1)
    )
    result = measure_balance(make_hand_county(with_schools=two)).result(Indicator.EQUIPMENT, Stage.PRIMARY)
    assert f"{result.cv:.3f}" == "0.500"
    assert result.cv > 0.5
    assert result.within_limit is False


def _one_school(make_hand_county, teacher, schools, *, backbone, arts, area=600.0, equipment=250_000.0):
    subjects = [Subject.PE] * arts + [Subject.CHINESE] * (6 - arts)
    staff = [teacher(f"T{i}", "S1", main_subject=s, backbone=i < backbone) for i, s in enumerate(subjects)]
    resources = (replace(schools[0].resources[0], teaching_area_m2=area, equipment_yuan=equipment),)
    return make_hand_county(*staff, with_schools=(replace(schools[0], resources=resources),))


@pytest.mark.parametrize(
    ("has", "passes"),
    [
        ({"backbone": 1, "arts": 1, "area": 600.0}, True),  # all seven
        ({"backbone": 1, "arts": 1, "area": 400.0}, True),  # one short, but at 400 of 450 above 85 %
        ({"backbone": 1, "arts": 1, "area": 382.5}, True),  # one short, exactly at 85 %
        ({"backbone": 1, "arts": 1, "area": 382.0}, False),  # one short and under 85 %
        ({"backbone": 0, "arts": 1, "area": 600.0}, False),  # backbone 0 of 1 per hundred is under 85 %
        ({"backbone": 1, "arts": 1, "area": 400.0, "equipment": 190_000.0}, False),  # two short, both above 85 %
    ],
)
def test_a_school_reaches_six_of_seven_and_85_percent_of_the_other(make_hand_county, teacher, schools, has, passes):
    (standing,) = measure_balance(_one_school(make_hand_county, teacher, schools, **has)).schools
    assert standing.passes is passes


def test_what_is_not_reported_leaves_the_verdict_open(make_hand_county, teacher, schools):
    county = _one_school(make_hand_county, teacher, schools, backbone=1, arts=1)
    bare = replace(county, schools=tuple(replace(s, resources=()) for s in county.schools))
    report = measure_balance(bare)
    assert report.passed is None
    assert report.schools[0].passes is None
    assert (report.schools[0].reached, report.schools[0].judged, report.schools[0].of) == (3, 3, 7)
    assert (Stage.PRIMARY, Indicator.EQUIPMENT) in report.not_reported


def test_shared_space_of_a_nine_year_school_is_split_by_pupils_weighing_1_to_1_1(hand_county, schools):
    shares = split_shared(730.0, {Stage.PRIMARY: 40, Stage.JUNIOR: 30}, national_standards())
    assert shares[Stage.PRIMARY] == pytest.approx(400.0)
    assert shares[Stage.JUNIOR] == pytest.approx(330.0)
    whole = (Resources(stage=Stage.PRIMARY, teaching_area_m2=730.0),)
    county = replace(hand_county, schools=tuple(replace(s, resources=whole) if s.id == "S3" else s for s in schools))
    report = measure_balance(county)
    assert _amounts(report, Indicator.TEACHING_AREA, Stage.PRIMARY)["S3"] == pytest.approx(400.0)
    assert _amounts(report, Indicator.TEACHING_AREA, Stage.JUNIOR)["S3"] == pytest.approx(330.0)


def test_pooling_adds_up_what_the_stages_report_before_splitting(hand_county):
    apart = measure_balance(hand_county)
    pooled = measure_balance(hand_county, counting=Counting(pool_shared=True))
    stages = (Stage.PRIMARY, Stage.JUNIOR)
    whole = [sum(_amounts(r, Indicator.SPORTS_AREA, s)["S3"] for s in stages) for r in (apart, pooled)]
    assert whole[0] == pytest.approx(whole[1])
    assert (
        _amounts(pooled, Indicator.SPORTS_AREA, Stage.JUNIOR)["S3"]
        > _amounts(apart, Indicator.SPORTS_AREA, Stage.JUNIOR)["S3"]
    )


def test_stages_without_pupils_cannot_share():
    with pytest.raises(ValueError, match="without pupils"):
        split_shared(1.0, {Stage.PRIMARY: 0, Stage.JUNIOR: 0}, national_standards())


def test_a_small_rural_school_may_count_visiting_and_part_time_arts_teachers(make_hand_county, hand_county, teacher):
    visit = Appointment(school_id="S2", start=hand_county.on, kind=SpellKind.ITINERANT)
    visitor = teacher("T11", "S1", main_subject=Subject.MUSIC, appointments=(visit,))
    county = make_hand_county(*hand_county.teachers, visitor)
    counting = Counting(itinerant_arts=True)
    assert _amounts(measure_balance(county), Indicator.PE_ART, Stage.PRIMARY)["S2"] == 0
    # T11 comes to teach music, T04 teaches it beside Chinese. S1 is urban and nobody visits S3.
    widened = _amounts(measure_balance(county, counting=counting), Indicator.PE_ART, Stage.PRIMARY)
    assert widened == {"S1": 2, "S2": 2, "S3": 1}
    assert measure_balance(county, counting=counting).counting.itinerant_arts


@pytest.mark.parametrize(("pupils", "counted"), [(49, 0), (50, 1), (99, 1), (100, 0)])
def test_small_means_50_to_99_pupils(make_hand_county, teacher, schools, pupils, counted):
    village = replace(schools[1], enrolment=(GradeEnrolment(stage=Stage.PRIMARY, grade=1, pupils=pupils, classes=6),))
    county = make_hand_county(teacher("T1", "S2", also_teaches=(Subject.ART,)), with_schools=(village,))
    report = measure_balance(county, counting=Counting(itinerant_arts=True))
    assert _amounts(report, Indicator.PE_ART, Stage.PRIMARY)["S2"] == counted


def test_the_choices_of_counting_are_told_in_words():
    assert Counting().sentence() == "在外交流教师计入实际任教校"
    told = Counting(at=CountAt.ESTABLISHMENT, itinerant_arts=True, pool_shared=True)
    assert told.sentence().count("；") == 2
    assert told.sentence("en").startswith("teachers away are counted at the establishment school; small rural")


def test_schools_without_pupils_are_left_out_and_named(hand_county, schools):
    empty = tuple(replace(s, enrolment=()) if s.id == "S2" else s for s in schools)
    result = measure_balance(replace(hand_county, schools=empty)).result(Indicator.DEGREE, Stage.PRIMARY)
    assert result.left_out == ("S2",)
    assert [s.school_id for s in result.schools] == ["S1", "S3"]


def test_the_2012_composite_is_the_mean_of_eight_and_open_while_one_is_missing(hand_county):
    standards = national_standards("basic_balance_2012")
    report = measure_balance(hand_county, standards=standards)
    primary = next(c for c in report.composites if c.stage is Stage.PRIMARY)
    assert primary.mean is None
    assert primary.missing == (Indicator.COMPUTERS, Indicator.BOOKS)
    assert report.passed is None
    reported = {
        Indicator.COMPUTERS: {"S1": 10, "S2": 6, "S3": 4, "S4": 9},
        Indicator.BOOKS: {"S1": 2000, "S2": 900, "S3": 1000, "S4": 1800},
    }
    full = measure_balance(hand_county, standards=standards, reported=reported)
    primary = next(c for c in full.composites if c.stage is Stage.PRIMARY)
    single = [r.cv for r in full.indicators if r.stage is Stage.PRIMARY]
    assert len(single) == 8
    assert primary.mean == pytest.approx(sum(single) / 8)
    assert primary.within_limit is (primary.mean <= 0.65)
    assert all(r.limit is None for r in full.indicators)
    assert full.schools == ()


@pytest.mark.covers("R-612")
def test_the_result_speaks_both_languages_with_three_decimals(hand_county):
    result = measure_balance(hand_county, counting=AT_HOME).result(Indicator.BACKBONE, Stage.PRIMARY)
    assert "差异系数1.000，超过0.50；3所学校中1所达到标准" in result.sentence()
    assert "coefficient of variation 1.000, above 0.50; 1 of 3 schools" in result.sentence("en")


def test_a_result_that_is_not_there_is_an_error(hand_county):
    with pytest.raises(KeyError):
        measure_balance(hand_county).result(Indicator.BOOKS, Stage.PRIMARY)


def test_the_synthetic_county_is_as_uneven_as_real_ones_and_fails_on_backbone_teachers():
    report = measure_balance(make_county(teachers=4000, seed=1))
    coefficients = {
        (Indicator.DEGREE, Stage.PRIMARY): (0.22, 0.38),
        (Indicator.DEGREE, Stage.JUNIOR): (0.12, 0.30),
        (Indicator.BACKBONE, Stage.PRIMARY): (0.68, 0.95),
        (Indicator.BACKBONE, Stage.JUNIOR): (0.55, 0.90),
        (Indicator.PE_ART, Stage.PRIMARY): (0.35, 0.48),
        (Indicator.PE_ART, Stage.JUNIOR): (0.25, 0.42),
    }
    for (indicator, stage), (low, high) in coefficients.items():
        assert low <= report.result(indicator, stage).cv <= high
    assert report.passed is False
