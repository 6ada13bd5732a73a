"""The pages of planning, notices and orders ask as often in a county of 4,000 teachers as in a small one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import (
    Move,
    NoticeRow,
    NoticeStatus,
    Order,
    OrderLine,
    Placement,
    PublicNotice,
    Scenario,
    ScenarioStatus,
)
from junheng.web.staffing.models import SchoolState, Teacher, TeacherState

SCHOOLS, TEACHERS, MOVES = 80, 4000, 600
MOST = 12
"""Queries of one page of planning, notices and orders."""
FIGURES = {
    "objective": 1.25, "moves": MOVES, "required": 500, "imbalance_before": 0.9, "imbalance_after": 0.4, "gap": 0.0004,
    "wishes_met": [200, 90, 30], "wishes_missed": 80, "with_wishes": 400, "paired": 12, "extra_km": 812.5,
    "backbone": 60, "quotas": 80, "quotas_met": 80, "broken": 0, "status": "optimal", "bound": 1.2, "notes": [],
    "stages": [
        {
            "stage": stage, "indicator": "qualified", "before": 0.31, "after": 0.18, "limit": None, "schools": 40,
            "reaching_before": 20, "reaching_after": 33,
        }
        for stage in ("primary", "junior")
    ],
}  # fmt: skip


def grow(cast: Any, scenario: Scenario) -> None:
    """Eighty more schools, four thousand more teachers, and hundreds of moves in the plan and in two others."""
    county, day, now = cast.county, date(2026, 8, 31), timezone.now()
    schools = Organisation.objects.bulk_create(
        Organisation(kind="school", code=f"99010190{n:02}", name=f"第{n}初级中学", parent=cast.cluster, county=county,
                     position=n)
        for n in range(SCHOOLS)
    )  # fmt: skip
    schools = list(Organisation.objects.filter(pk__in=[each.pk for each in schools]).order_by("code"))
    SchoolState.objects.bulk_create(
        SchoolState(school=each, name=each.name, kind=SchoolState.objects.first().kind, stages=["junior"],
                    locale="town", cluster=cast.cluster, x_km=n % 9, y_km=n // 9, valid_from=day, source="test")
        for n, each in enumerate(schools)
    )  # fmt: skip
    people = Teacher.objects.bulk_create(
        (Teacher(county=county, number=f"G{n:05}") for n in range(TEACHERS)), batch_size=500
    )
    TeacherState.objects.bulk_create(
        (
            TeacherState(
                teacher=each, name=f"教师{n}", school=schools[n % SCHOOLS], sex="F", birth_date=date(1985, 5, 12),
                stage="junior", main_subject="maths", education="bachelor", valid_from=day, source="test",
            )
            for n, each in enumerate(people)
        ),
        batch_size=500,
    )  # fmt: skip
    others = [
        Scenario.objects.create(
            year=scenario.year, number=number, name=f"方案{number}", snapshot=scenario.snapshot, created_at=now,
            created_by=scenario.created_by, status=ScenarioStatus.READY, root="cd" * 32, computed_at=now,
            moves_count=MOVES, figures=FIGURES,
        )
        for number in (2, 3)
    ]  # fmt: skip
    moving = [(each, schools[n % SCHOOLS], schools[(n + 1) % SCHOOLS]) for n, each in enumerate(people[:MOVES])]
    Move.objects.bulk_create(
        (
            Move(scenario=plan, teacher=who, from_school=home, to_school=host, stage="junior", subject="maths",
                 unit="X", taught="maths", because_zh="本校超编", because_en="above its posts")
            for plan in (scenario, *others)
            for who, home, host in moving
        ),
        batch_size=500,
    )  # fmt: skip
    notice = PublicNotice.objects.get()
    NoticeRow.objects.bulk_create(
        NoticeRow(notice=notice, position=10 + n, teacher=who, name=f"教师{n}", home=str(home), host=str(host),
                  stage="初中", subject="数学", form="轮岗", term="2026-09-01 — 2027-08-31")
        for n, (who, home, host) in enumerate(moving)
    )  # fmt: skip
    order = Order.objects.get()
    placements = Placement.objects.bulk_create(
        Placement(year=scenario.year, teacher=who, from_school=home, to_school=host, stage="junior", subject="maths",
                  start=date(2026, 9, 1), end=date(2027, 8, 31), status="ordered")
        for who, home, host in moving
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(order=order, placement=each, letter=100 + n) for n, each in enumerate(placements)
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_a_large_county_asks_the_database_as_often_as_a_small_one(cast: Any, make_year: Any, light: Any) -> None:
    scenario, now = light.scenario(cast, make_year), timezone.now()
    year = scenario.year
    Scenario.objects.filter(pk=scenario.pk).update(figures=FIGURES | {"moves": 2})
    second = Scenario.objects.get(pk=scenario.pk)
    second.pk, second.number, second.status = None, 9, ScenarioStatus.READY
    second.proposed_by = second.proposed_at = None
    second.save()
    head = cast.users["section_head"]
    notice = light.draft(cast, scenario)
    PublicNotice.objects.update(
        status=NoticeStatus.PUBLISHED, opens=now - timedelta(days=1), closes=now + timedelta(days=5),
        published_by=head, published_at=now, root=scenario.root,
    )  # fmt: skip
    for position, who in enumerate(("alice", "bob"), 1):
        NoticeRow.objects.create(notice=notice, position=position, teacher=cast.teachers[who], name=who)
    order = Order.objects.create(
        year=year, batch=1, number="云教〔2026〕5号", signer="局长", issued_on=date(2026, 8, 31),
        report_by=date(2026, 9, 1), issued_by=head, issued_at=now, key=uuid4(),
    )  # fmt: skip
    for letter, each in enumerate(light.placements(cast, year), 1):
        OrderLine.objects.create(order=order, placement=each, letter=letter)
    base, public = f"/rotation/{year.pk}", f"/rotation/public/{notice.pk}/"
    plan = f"{base}/scenarios/{scenario.pk}/"
    inside = [f"{base}/", f"{base}/scenarios/", plan, f"{plan}moves/", f"{plan}flow/", f"{base}/scenarios/compare/",
              f"{base}/notices/", f"{base}/notices/{notice.pk}/", f"{base}/orders/", f"{base}/placements/"]  # fmt: skip
    outside = [public, f"{public}?print", f"{public}objections/new/"]
    browser, stranger = cast.client("section_head"), Client()

    def asked() -> dict[str, int]:
        found = {}
        for client, pages in ((browser, inside), (stranger, outside)):
            for page in pages:
                assert client.get(page).status_code == 200, page
                with CaptureQueriesContext(connection) as queries:
                    client.get(page)
                found[page] = len(queries)
        return found

    small = asked()
    grow(cast, scenario)
    large = asked()
    assert large == small
    more = {f"{base}/": 24, plan: 16}  # every phase is counted on the year's page; a plan's looks at what was decided
    assert {page: count for page, count in large.items() if count > more.get(page, MOST)} == {}
