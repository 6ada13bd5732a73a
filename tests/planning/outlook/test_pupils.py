"""Pupils of the coming years: cohorts by hand, rates by hand, and needs that follow."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.facts import Cluster, County, GradeEnrolment, School, Stage, Subject, SubjectRequirement
from junheng.facts.synthetic import make_small_county
from junheng.planning.outlook import NATIONAL_RATES, PupilTrend, with_pupils


@pytest.fixture
def county() -> County:
    """Two primary schools with grades 5 and 6 (30, 10 and 20, 41 pupils), a junior school with grades 7 and 8."""
    sound = make_small_county()
    primary, other = [s for s in sound.schools if s.stages == frozenset({Stage.PRIMARY})][:2]
    junior = next(s for s in sound.schools if s.stages == frozenset({Stage.JUNIOR}))
    return County(
        name="试县",
        on=sound.on,
        clusters=tuple(Cluster(id=c, name=c) for c in sorted({s.cluster_id for s in (primary, other, junior)})),
        schools=(
            _grades(primary, Stage.PRIMARY, {5: 30, 6: 10}, 4),
            _grades(other, Stage.PRIMARY, {5: 20, 6: 41}, 1),
            _grades(junior, Stage.JUNIOR, {7: 60, 8: 70}, 5),
        ),
        teachers=(),
    )


def _grades(school: School, stage: Stage, pupils: dict[int, int], required: int) -> School:
    rows = tuple(GradeEnrolment(stage=stage, grade=g, pupils=n, classes=1) for g, n in pupils.items())
    need = SubjectRequirement(stage=stage, subject=Subject.CHINESE, required=required, weekly_periods=20.0)
    return replace(school, enrolment=rows, requirements=(need,), history=(), posts={})


def test_constant_is_the_county_itself(county: County) -> None:
    assert with_pupils(county, PupilTrend(), 3) is county
    assert with_pupils(county, PupilTrend("cohort"), 0) is county


def test_cohorts_move_up_and_junior_takes_the_primary_graduates(county: County) -> None:
    later = with_pupils(county, PupilTrend("cohort"), 1)
    of = {s.id: [g.pupils for g in s.enrolment] for s in later.schools}
    first, second = (s for s in county.schools if Stage.PRIMARY in s.stages)
    (junior,) = (s for s in county.schools if Stage.JUNIOR in s.stages)
    small, large = sorted((first, second), key=lambda s: s.enrolment[1].pupils)
    # grade 5: intake as today, 30 and 20; grade 6: the 50 of grade 5, shared as 10 : 41 (9.8, 40.2)
    assert of[small.id] == [30, 10]
    assert of[large.id] == [20, 40]
    # grade 7: the 51 of grade 6; grade 8: the 60 of grade 7
    assert of[junior.id] == [51, 60]


def test_cohorts_settle_when_every_grade_is_an_intake(county: County) -> None:
    settled = with_pupils(county, PupilTrend("cohort"), 4)
    assert sum(s.pupils(Stage.PRIMARY) for s in settled.schools) == 2 * 50
    assert sum(s.pupils(Stage.JUNIOR) for s in settled.schools) == 2 * 50
    assert with_pupils(county, PupilTrend("cohort"), 5) == settled


def test_rates_compound_and_round_half_up(county: County) -> None:
    trend = PupilTrend("rates", {Stage.JUNIOR: Fraction(-1, 2)})
    later = with_pupils(county, trend, 2)
    (junior,) = (s for s in later.schools if Stage.JUNIOR in s.stages)
    assert [g.pupils for g in junior.enrolment] == [15, 18]  # 60 ÷ 4, and 70 ÷ 4 = 17.5
    assert [s for s in later.schools if Stage.PRIMARY in s.stages] == [
        s for s in county.schools if Stage.PRIMARY in s.stages
    ]


def test_needs_follow_the_pupils_but_no_subject_vanishes(county: County) -> None:
    later = with_pupils(county, PupilTrend("rates", {s: Fraction(-1, 2) for s in Stage}), 1)
    needs = sorted(r.required for s in later.schools for r in s.requirements)
    assert needs == [1, 2, 3]  # of 1, 4 and 5: at least one, 2, and 2.5 half up
    before = {s.id: s.pupils() for s in county.schools}
    for school in later.schools:
        periods = school.requirements[0].weekly_periods
        assert periods == pytest.approx(20.0 * school.pupils() / before[school.id])


def test_the_national_trend_empties_primaries_and_fills_junior_schools() -> None:
    assert float(NATIONAL_RATES[Stage.PRIMARY]) == pytest.approx(-240.64 / 10584.37)
    assert float(NATIONAL_RATES[Stage.JUNIOR]) == pytest.approx(150.51 / 5386.16)
    assert PupilTrend("rates", NATIONAL_RATES).words("zh") == "学生数每年变化：初中 +2.79%、小学 -2.27%"
