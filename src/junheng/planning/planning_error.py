"""What a county or a request is refused with."""

from __future__ import annotations

from collections import Counter

from junheng.facts import County
from junheng.planning.problem import SchoolUnit


class PlanningError(ValueError):
    """A county or a request with which no year can be planned; ``zh`` and ``en`` say what was found and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def refuse_unfit(county: County, units: list[SchoolUnit]) -> None:
    """Refuses a county in which nobody can move to another school."""
    if not any(count > 1 for count in Counter(u.stage for u in units).values()):
        raise PlanningError(
            f"{county.name}有 {len(county.schools)} 所学校，没有哪个学段有两所以上；轮岗至少要有同一学段的两所学校",
            f"{county.name} has {len(county.schools)} schools and no stage with two of them; "
            "a rotation needs at least two schools of the same stage",
        )
