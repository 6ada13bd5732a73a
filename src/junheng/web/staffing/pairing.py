"""Which schools of the towns stand by a weak school of the countryside (结对帮扶), and which do not yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from junheng.facts.codes import Locale, Strength
from junheng.web.directory.models import SchoolTie
from junheng.web.staffing.models import SchoolState


def lasting_ties(day: date) -> Any:
    """Ties that hold on the day by their rows and by their own dates; the caller narrows them to what is in reach."""
    lasting = Q(start__isnull=True) | Q(start__lte=day), Q(end__isnull=True) | Q(end__gte=day)
    return SchoolTie.objects.as_of(day).filter(*lasting)  # scoped: by the caller


def stands_by_weak_rural(day: date) -> Exists:
    """Whether the school of a state supports, on the day, a rural school that the county classes as weak."""
    weak = SchoolState.objects.as_of(day).filter(  # scoped: only whether there is one
        locale=Locale.RURAL.value, strength=Strength.UNDER_RESOURCED.value
    )
    return Exists(lasting_ties(day).filter(supporting=OuterRef("school"), supported__in=weak.values("school")))


def urban_without(states: Any, day: date) -> Any:
    """Of states of schools those of urban schools that stand by none."""
    return states.filter(~stands_by_weak_rural(day), locale=Locale.URBAN.value)
