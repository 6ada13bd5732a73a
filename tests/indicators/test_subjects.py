from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.facts import Stage, Subject, SubjectRequirement
from junheng.indicators import CountAt, Move, measure_subjects


def _row(report, school_id, subject, stage=Stage.PRIMARY):
    return next(r for r in report.rows if (r.school_id, r.subject, r.stage) == (school_id, subject, stage))


@pytest.mark.covers("R-270")
def test_need_is_weekly_periods_over_the_load_of_one_teacher(hand_county):
    report = measure_subjects(hand_county, standard_periods={Stage.PRIMARY: 16})
    row = _row(report, "S1", Subject.CHINESE)
    assert row.need == Fraction(24, 16)
    assert (row.required, row.present, row.gap) == (2, 1, -1)


def test_without_a_standard_load_the_bureau_s_number_holds(hand_county):
    row = _row(measure_subjects(hand_county), "S1", Subject.CHINESE)
    assert (row.need, row.required) == (2, 2)


def test_a_standard_load_of_nothing_is_refused(hand_county):
    with pytest.raises(ValueError, match="above 0"):
        measure_subjects(hand_county, standard_periods={Stage.PRIMARY: 0})


def test_the_count_follows_the_switch_and_the_plan(hand_county):
    assert _row(measure_subjects(hand_county), "S2", Subject.CHINESE).present == 3
    at_home = measure_subjects(hand_county, count_at=CountAt.ESTABLISHMENT)
    assert _row(at_home, "S2", Subject.CHINESE).present == 2
    moved = measure_subjects(hand_county, moves={"T01": Move("S2", Stage.PRIMARY, Subject.PE)})
    assert _row(moved, "S2", Subject.PE).gap == 0


@pytest.mark.covers("R-271")
def test_a_course_that_nobody_can_give_is_named(hand_county):
    missing = {(r.school_id, r.stage, r.subject) for r in measure_subjects(hand_county).not_offered()}
    assert ("S2", Stage.PRIMARY, Subject.PE) in missing
    assert ("S1", Stage.PRIMARY, Subject.PE) not in missing


def test_a_second_subject_covers_a_course_but_fills_no_post(make_hand_county, teacher, schools):
    music = SubjectRequirement(stage=Stage.PRIMARY, subject=Subject.MUSIC, required=1)
    school = replace(schools[0], requirements=(music,))
    county = make_hand_county(teacher("T1", "S1", also_teaches=(Subject.MUSIC,)), with_schools=(school,))
    row = measure_subjects(county).rows[0]
    assert row.offered
    assert row.gap == -1


@pytest.mark.covers("R-286")
def test_exam_subjects_and_the_others_are_set_against_each_other(hand_county):
    against = measure_subjects(hand_county).exam_against_others()
    # S2 needs two Chinese and one PE teacher and has three and none.
    assert against["S2", Stage.PRIMARY] == (1, -1)
    assert measure_subjects(hand_county).exam_against_others(frozenset())["S2", Stage.PRIMARY] == (0, 0)


@pytest.mark.covers("R-280", "R-613")
def test_a_surplus_in_one_subject_never_fills_another(hand_county):
    rows = [r for r in measure_subjects(hand_county).rows if r.school_id == "S2"]
    assert sum(r.gap for r in rows) == 0
    filled = sum(min(r.present, r.required) for r in rows)
    assert (filled, sum(r.required for r in rows)) == (2, 3)
    assert measure_subjects(hand_county).staffing_rate() < 1


def test_the_county_s_subjects_add_up_from_its_schools(county):
    report = measure_subjects(county)
    for stage in Stage:
        for subject, (required, present, gap) in report.by_subject(stage).items():
            rows = [r for r in report.rows if r.stage is stage and r.subject is subject]
            assert required == sum(r.required for r in rows)
            assert present - required == gap == sum(r.gap for r in rows)
