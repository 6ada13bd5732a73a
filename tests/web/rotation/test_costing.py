"""What a plan costs in allowances is compared with what others cost, as far as it is known what is paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from junheng.web.rotation.comparing import side_by_side
from junheng.web.rotation.costing import costs_of
from junheng.web.rotation.models import AllowanceRate, Move, Scenario
from junheng.web.staffing.models import SchoolState

pytestmark = pytest.mark.django_db
ROW = "交流补助（元，整个交流期）"


@pytest.fixture
def plans(cast: Any, make_year: Any, light: Any) -> list[Scenario]:
    """A plan of two moves to a rural school, and one of a single move."""
    first = light.scenario(cast, make_year)
    second = Scenario.objects.get(pk=first.pk)
    second.pk, second.number, second.status = None, 2, "ready"
    second.proposed_by = second.proposed_at = None
    second.save()
    move = Move.objects.filter(scenario=first).first()
    move.pk, move.scenario = None, second
    move.save()
    SchoolState.objects.filter(school=cast.xishan).update(locale="rural")
    return [first, second]


def allow(cast: Any, year: Any, name: str, amount: str, *, rural_only: bool) -> None:
    """Sets an allowance of the year."""
    AllowanceRate.objects.create(
        year=year, name=name, amount=Decimal(amount), payer="bureau", rural_only=rural_only, clause="云教〔2026〕9号",
        by=cast.users["section_head"], at=timezone.now(),
    )  # fmt: skip


def shown(plans: list[Scenario]) -> list[dict[str, Any]]:
    """The cells of the comparison's row."""
    (row,) = [each for each in side_by_side(plans) if each["name"] == ROW]
    return list(row["cells"])


def test_plans_are_compared_by_what_they_cost_for_the_whole_term(cast: Any, plans: list[Scenario]) -> None:
    year = plans[0].year
    months = 12 * (year.ends.year - year.starts.year) + year.ends.month - year.starts.month + 1
    allow(cast, year, "交通补助", "200.00", rural_only=False)
    allow(cast, year, "农村特殊补贴", "300.50", rural_only=True)
    assert [costs_of(plans)[each.pk] for each in plans] == [Decimal("1001.00") * months, Decimal("500.50") * months]
    cells = shown(plans)
    assert [each["best"] for each in cells] == [False, True]
    assert cells[1]["text"] == f"{Decimal('500.50') * months:,.0f}"
    SchoolState.objects.filter(school=cast.xishan).update(locale="town")
    assert costs_of(plans[:1])[plans[0].pk] == Decimal("400.00") * months


def test_what_the_year_before_paid_holds_until_something_else_is_said(cast: Any, plans: list[Scenario]) -> None:
    assert [each["text"] for each in shown(plans)] == ["—", "—"]
    year = plans[0].year
    before = type(year).objects.get(pk=year.pk)
    before.pk, before.year = None, year.year - 1
    before.save()
    year.previous = before
    year.save()
    for each in plans:
        each.year = year
    allow(cast, before, "交通补助", "100.00", rural_only=False)
    assert costs_of(plans)[plans[0].pk] == costs_of(plans)[plans[1].pk] * 2 > 0
