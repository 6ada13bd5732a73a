"""The published quotas of a year, each quota by itself: a least number of people is not added to a most."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy

from junheng.policy import Pack
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.models import PublishedQuota, RotationYear

SENSES = {
    "ge": gettext_lazy("至少交流"), "eq": gettext_lazy("应交流人数"), "le": gettext_lazy("派出上限"),
}  # fmt: skip
"""What an amount of a quota means, by its sense in the pack."""


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """The amounts of one quota. ``sense`` is ``ge``, ``eq`` or ``le``; ``total`` is ``None`` for most numbers of all.

    The sum of what each school may send at most is nobody's number.
    """

    sense: str
    clause: str
    rows: tuple[PublishedQuota, ...]

    @property
    def title(self) -> Any:
        """What its amounts mean."""
        return SENSES[self.sense]

    @property
    def total(self) -> int | None:
        """How many people it asks for."""
        return None if self.sense == "le" else sum(each.amount for each in self.rows)


def senses_of(pack: Pack) -> dict[str, str]:
    """The sense of each quota of a pack, by its name; a quota that the pack does not plan with is a plain number."""
    return {each.id: each.sense for each in pack.planning.quotas} if pack.planning is not None else {}


def quotas_of(year: RotationYear) -> list[QuotaShown]:
    """What was published, those that ask for people first."""
    senses = senses_of(pack_of(year))
    rows = PublishedQuota.objects.filter(year=year).select_related("organisation", "year__county")
    found = [
        QuotaShown(senses.get(name, "eq"), held[0].clause, tuple(held))
        for name, group in groupby(rows, key=lambda each: each.quota)
        if (held := list(group))
    ]
    return sorted(found, key=lambda each: list(SENSES).index(each.sense))
