"""What a plan would cost in allowances, to compare plans by: moves × months × what is paid each month.

What is paid is what the year has set; before that what its pack states, else what the year before paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from junheng.web.rotation import allowing
from junheng.web.rotation.models import AllowanceRate, Move, RotationYear, Scenario
from junheng.web.staffing.models import SchoolState


@dataclass(frozen=True, slots=True)
class Rate:
    """Yuan a month for every mover, or for those who go to rural schools only."""

    amount: Decimal
    rural_only: bool


def rates_of(year: RotationYear) -> list[Rate]:
    """What is paid each month as far as it is known today; nothing where nobody has said."""
    for each in (year, year.previous):
        if each is None:
            continue
        rows = AllowanceRate.objects.filter(year=each).values_list("amount", "rural_only")
        set_down = [Rate(Decimal(str(amount)), rural_only) for amount, rural_only in rows]
        said = set_down or [Rate(s.amount, s.rural_only) for s in allowing.stated(each) if s.amount is not None]
        if said:
            return said
    return []


def costs_of(scenarios: Sequence[Scenario]) -> dict[int, Decimal | None]:
    """Yuan for the whole term, by scenario of one year; ``None`` where no allowance is known."""
    if not scenarios:
        return {}
    year = scenarios[0].year
    rates = rates_of(year)
    if not rates:
        return dict.fromkeys((each.pk for each in scenarios), None)
    states = SchoolState.objects.as_of(scenarios[0].snapshot.on).filter(
        school__county=year.county
    )  # scoped: the year's
    rural = set(states.filter(locale="rural").values_list("school", flat=True))
    months = 12 * (year.ends.year - year.starts.year) + year.ends.month - year.starts.month + 1
    found = dict.fromkeys((each.pk for each in scenarios), Decimal(0))
    moves = Move.objects.filter(scenario__in=scenarios).order_by().values_list("scenario", "to_school")
    for scenario, host, count in moves.annotate(n=Count("pk")):
        paid = sum((r.amount for r in rates if not r.rural_only or host in rural), Decimal(0))
        found[scenario] += paid * months * count
    return dict(found)
