"""The yearly need for new teachers: ages and subjects say how many, posts and increase plan how many of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts import Stage, Subject, SubjectRequirement
from junheng.indicators import measure_establishment, measure_recruitment, measure_subjects

UNTIL = date(2026, 12, 31)
OLD = date(1971, 5, 1)
"""Whoever was born then, a woman on a professional post, retires before the end of 2026."""


def _need(county, *, increase, until=UNTIL):
    return measure_recruitment(
        county, measure_establishment(county), measure_subjects(county).rows, until=until, increase=increase
    )


def _row(report, school_id, subject, stage=Stage.PRIMARY):
    return next(r for r in report.rows if (r.school_id, r.subject, r.stage) == (school_id, subject, stage))


def _school(school, posts, **required):
    needs = tuple(
        SubjectRequirement(stage=Stage.PRIMARY, subject=Subject.read(name), required=count)
        for name, count in required.items()
    )
    return replace(school, posts={Stage.PRIMARY: posts}, requirements=needs)


@pytest.mark.covers("R-173")
def test_who_retires_within_the_year_is_lacking_and_leaves_a_free_post(make_hand_county, teacher, schools):
    county = make_hand_county(
        teacher("T1", "S1"), teacher("T2", "S1", birth_date=OLD), teacher("T3", "S1", main_subject=Subject.PE),
        with_schools=(_school(schools[0], 3, chinese=2, pe=1),),
    )  # fmt: skip
    report = _need(county, increase=5)
    chinese, pe = _row(report, "S1", Subject.CHINESE), _row(report, "S1", Subject.PE)
    assert (chinese.held, chinese.retiring, chinese.short, chinese.proposed) == (2, 1, 1, 1)
    assert (pe.short, pe.proposed) == (0, 0)
    assert (report.free["S1", Stage.PRIMARY], report.county_free, report.room) == (1, 1, 1)
    before = _need(county, increase=5, until=date(2026, 8, 31))
    assert (before.short, before.proposed, before.county_free) == (0, 0, 0), "nobody has retired by then"


@pytest.mark.covers("R-173")
def test_what_is_lacking_beyond_posts_or_plan_is_shown_and_not_proposed(make_hand_county, teacher, schools):
    county = make_hand_county(
        teacher("T1", "S1"), with_schools=(_school(schools[0], 3, chinese=2, pe=2), _school(schools[1], 4, pe=2)),
    )  # fmt: skip
    roomy = _need(county, increase=9)
    assert roomy.short == 5
    assert (roomy.room, roomy.proposed) == (6, 4), "the three that S1 lacks fit two posts, S2 has room for both"
    tight = _need(county, increase=2)
    assert (tight.short, tight.room, tight.proposed) == (5, 2, 2)
    assert (_need(county, increase=None).short, _need(county, increase=None).proposed) == (5, 0)


@pytest.mark.covers("R-173")
def test_posts_go_one_by_one_to_whoever_lacks_the_greatest_share(make_hand_county, teacher, schools):
    county = make_hand_county(
        teacher("T1", "S1"), teacher("T2", "S1"),
        with_schools=(_school(schools[0], 9, chinese=4, pe=2), _school(schools[1], 9, music=1)),
    )  # fmt: skip
    report = _need(county, increase=5)
    assert _row(report, "S1", Subject.PE).turns == (1, 4), "of equal shares whoever lacks more comes first"
    assert _row(report, "S2", Subject.MUSIC).turns == (2,)
    assert _row(report, "S1", Subject.CHINESE).turns == (3, 5)


def test_a_school_without_authorised_posts_is_given_none(make_hand_county, teacher, schools):
    bare = replace(_school(schools[0], 1, chinese=2), posts={})
    county = make_hand_county(teacher("T1", "S2"), with_schools=(bare, _school(schools[1], 9, pe=1)))
    report = _need(county, increase=9)
    assert report.free["S1", Stage.PRIMARY] is None
    assert (_row(report, "S1", Subject.CHINESE).short, _row(report, "S1", Subject.CHINESE).proposed) == (2, 0)
    assert _row(report, "S2", Subject.PE).proposed == 1


def test_who_holds_a_post_without_being_there_or_is_hired_does_not_fill_a_subject(make_hand_county, teacher, schools):
    county = make_hand_county(
        teacher("T1", "S1", in_post=False), teacher("T2", "S1", on_establishment=False), teacher("T3", "S1"),
        with_schools=(_school(schools[0], 4, chinese=3),),
    )  # fmt: skip
    row = _row(_need(county, increase=9), "S1", Subject.CHINESE)
    assert (row.held, row.short, row.proposed) == (1, 2, 2), "two posts are held, by T1 and T3"


def test_a_day_before_the_county_s_own_is_refused(hand_county):
    with pytest.raises(ValueError, match="until must not lie before"):
        _need(hand_county, increase=1, until=date(2026, 8, 30))


@pytest.mark.covers("R-173")
@given(increase=st.integers(0, 200), year=st.integers(2026, 2031))
def test_in_any_year_no_limit_is_exceeded_and_nothing_that_fits_is_left_out(county, increase, year):
    report = _need(county, increase=increase, until=date(year, 12, 31))
    given_to = Counter()
    for row in report.rows:
        assert 0 <= row.proposed <= row.short
        given_to[row.school_id, row.stage] += row.proposed
    for post, count in given_to.items():
        assert count <= max(0, report.free[post] or 0)
    assert report.proposed <= report.room <= increase
    assert sorted(turn for row in report.rows for turn in row.turns) == list(range(1, report.proposed + 1))
    if report.proposed < report.room:
        for row in report.rows:
            post = row.school_id, row.stage
            assert row.proposed == row.short or given_to[post] == max(0, report.free[post] or 0)
