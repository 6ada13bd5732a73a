"""Aggregates over different tables, in one query."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Count, Min, Q

from junheng.web.directory.models import Organisation, User
from junheng.web.records.tallying import Tally, numbers, tallied

pytestmark = pytest.mark.django_db


def test_rows_of_several_tables_are_counted_in_one_query(cast: Any, django_assert_num_queries: Any) -> None:
    schools = Organisation.objects.filter(kind="school")
    doubled = Organisation.objects.filter(Q(children__kind="school") | Q(kind="cluster")).distinct()
    expected = [schools.count(), 0, 0, doubled.count(), User.objects.count()]
    with django_assert_num_queries(1):
        found = numbers(schools, schools.filter(pk__in=()), schools.none(), doubled, User.objects.all())
    assert found == expected


def test_nothing_but_empty_rows_and_nothing_at_all_are_counted_too(db: None) -> None:
    assert numbers() == []
    assert numbers(Organisation.objects.none(), Organisation.objects.filter(pk__in=())) == [0, 0]


def test_aggregates_stand_by_the_value_of_a_column_or_together(cast: Any, django_assert_num_queries: Any) -> None:
    schools = Organisation.objects.filter(kind="school", county=cast.county)
    named = Count("pk", filter=Q(pk=cast.yucai.pk))
    measures = {"named": named, "of": Count("pk")}
    with django_assert_num_queries(1):
        by_parent, together = tallied([Tally(schools, measures, "parent"), Tally(schools, measures)])
    assert together == {0: (1, schools.count())}
    assert sum(of for _named, of in by_parent.values()) == schools.count()
    assert by_parent[cast.yucai.parent_id][0] == 1


def test_a_day_among_numbers_is_refused_on_every_database(cast: Any) -> None:
    numbers_, days = User.objects.all(), User.objects.exclude(pk=0)
    with pytest.raises(TypeError, match="differ in their types"):
        tallied([Tally(numbers_, {"least": Min("pk")}), Tally(days, {"least": Min("date_joined")})])
    assert tallied([Tally(days, {"least": Min("date_joined")})] * 2)[0]
