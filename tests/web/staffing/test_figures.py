"""Reports over one county are computed once and again when the data change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng.facts import Locale, Stage
from junheng.web.records.audit import record
from junheng.web.staffing import figures
from junheng.web.staffing.models import EnrolmentEntry, EstablishmentSettings, TeacherState

ON = date(2026, 11, 1)
SINCE = date(2026, 8, 31)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


def pupils(school, stage: str, pupils: int, classes: int) -> None:
    EnrolmentEntry.objects.create(
        school=school, stage=stage, grade=1, pupils=pupils, classes=classes, valid_from=SINCE, source="test"
    )


def test_the_second_reading_costs_one_query(cast) -> None:
    from django.db import connection

    first = figures.figures_of(cast.county, ON)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert figures.figures_of(cast.county, ON) is first
    assert len(asked) == 1


def test_a_recorded_change_makes_the_figures_anew(cast) -> None:
    first = figures.figures_of(cast.county, ON)
    assert first.establishment.total("not_in_post") == 0
    with transaction.atomic():
        TeacherState.objects.filter(teacher=cast.teachers["alice"]).update(in_post=False)
        record(cast.users["bureau_clerk"], "staffing.teacher.changed", cast.teachers["alice"])
    assert figures.figures_of(cast.county, ON).establishment.total("not_in_post") == 1


def test_what_only_reads_leaves_the_figures_alone(cast) -> None:
    first = figures.figures_of(cast.county, ON)
    with transaction.atomic():
        record(cast.users["bureau_clerk"], "staffing.list.exported", None)
        record(cast.users["bureau_clerk"], "staffing.id_number.revealed", cast.teachers["alice"])
    assert figures.figures_of(cast.county, ON) is first


def test_a_row_put_in_without_a_trace_is_seen_too(cast) -> None:
    assert figures.figures_of(cast.county, ON).establishment.total("pupils") == 0
    pupils(cast.hedong, "primary", 200, 6)
    assert figures.figures_of(cast.county, ON).establishment.total("pupils") == 200


def test_two_days_are_kept_apart(cast) -> None:
    pupils(cast.hedong, "primary", 200, 6)
    EnrolmentEntry.objects.update(valid_from=date(2026, 10, 15))
    assert figures.figures_of(cast.county, date(2026, 10, 1)).establishment.total("pupils") == 0
    assert figures.figures_of(cast.county, ON).establishment.total("pupils") == 200


@pytest.mark.covers("R-266", "R-269")
def test_the_countys_own_parameters_decide_from_their_day_on(cast) -> None:
    pupils(cast.hedong, "primary", 200, 6)
    before = figures.figures_of(cast.county, ON)
    assert before.establishment.required(Stage.PRIMARY) == 11, "200 ÷ 19 by the unified norm"
    EstablishmentSettings.objects.create(
        county=cast.county, norm="own", primary_town="22.5", primary_per_class="1.7",
        valid_from=date(2026, 10, 1), source="test",
    )  # fmt: skip
    after = figures.figures_of(cast.county, ON)
    posts = next(r.posts for r in after.establishment.rows if r.school_id == cast.hedong.code)
    assert posts is not None
    assert (posts.posts_by_pupils, posts.posts_by_classes, posts.required) == (9, 10, 10)
    assert after.norm.pupils_per_teacher == {(Stage.PRIMARY, Locale.TOWN): Fraction("22.5")}
    earlier = figures.figures_of(cast.county, date(2026, 9, 15))
    assert earlier.establishment.required(Stage.PRIMARY) == 11


def test_no_more_than_a_few_counties_are_kept(cast) -> None:
    today = timezone.localdate()
    for day in range(figures.KEPT + 3):
        figures.figures_of(cast.county, today.replace(day=day + 1))
    assert len(figures._kept) == figures.KEPT
