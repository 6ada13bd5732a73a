"""What waits for a person: numbers that rooms know, and rows that are counted together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from junheng.web.directory.models import Organisation
from junheng.web.records import waiting
from junheng.web.records.waiting import Counted, Waiting, provide, waiting_for


@pytest.fixture
def alone(monkeypatch: Any, db: Any) -> None:
    monkeypatch.setattr(waiting, "_providers", [])


@pytest.fixture
def schools(alone: None) -> list[Organisation]:
    county = Organisation.objects.create(kind="county", code="990101", name="云岭县")
    days = (date(2026, 9, 3), None, date(2026, 9, 1))
    return [
        Organisation.objects.create(
            kind="school", code=f"S{i}", name=f"第{i}小学", parent=county, county=county, opened=day
        )
        for i, day in enumerate(days)
    ]


def test_what_waits_is_put_together_the_first_due_first(alone: None, rf: Any) -> None:
    provide(lambda request: [Waiting("晚", "/a", 9), Waiting("无", "/b", 0)])
    first = provide(lambda request: [Waiting("早", "/c", 1, date(2026, 9, 1))])
    provide(first)
    assert [each.label for each in waiting_for(rf.get("/"))] == ["早", "晚"]


def test_rows_are_counted_in_one_query_with_their_first_day(
    schools: list[Organisation], rf: Any, django_assert_num_queries: Any
) -> None:
    every, none = Organisation.objects.filter(kind="school"), Organisation.objects.filter(pk__in=())
    doubled = Organisation.objects.filter(Q(children__kind="school") | Q(pk=schools[0].pk)).distinct()
    provide(lambda request: [Counted("学校", "/schools", every, "opened", "school"), Counted("空", "/none", none)])
    provide(lambda request: [Counted("不重复", "/once", doubled, date(2026, 10, 1)), Waiting("数", "/n", 4)])
    provide(lambda request: [Counted("无日期", "/when", every.filter(opened=None), "opened")])
    with django_assert_num_queries(1):
        found = waiting_for(rf.get("/"))
    assert [(each.label, each.url, each.count, each.due, each.kind) for each in found] == [
        ("学校", "/schools", 3, date(2026, 9, 1), "school"),
        ("不重复", "/once", 2, date(2026, 10, 1), ""),
        ("数", "/n", 4, None, ""),
        ("无日期", "/when", 1, None, ""),
    ]


def test_an_address_is_made_from_the_least_and_the_greatest_key(schools: list[Organisation], rf: Any) -> None:
    def at(least: int, greatest: int) -> str:
        return f"/{least}/" if least == greatest else "/all/"

    every, parent = Organisation.objects.filter(kind="school"), schools[0].parent_id
    provide(lambda request: [Counted("多", at, every), Counted("上级", at, every, key="parent")])
    provide(lambda request: [Counted("一", at, every.filter(pk=schools[1].pk)), Counted("零", at, every.none())])
    assert {each.label: each.url for each in waiting_for(rf.get("/"))} == {
        "多": "/all/", "上级": f"/{parent}/", "一": f"/{schools[1].pk}/",
    }  # fmt: skip


def test_nothing_to_count_asks_nothing(alone: None, rf: Any, django_assert_num_queries: Any) -> None:
    provide(lambda request: [])
    with django_assert_num_queries(0):
        assert waiting_for(rf.get("/")) == []
