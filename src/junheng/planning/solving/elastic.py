"""What breaking a rule costs, person by person, when a problem cannot be met as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from junheng.planning.solving.market import Floats
from junheng.planning.solving.rows import FAMILIES, Rows


@dataclass(frozen=True, slots=True)
class Prices:
    """J for each person (or post) by which a rule gives; a rule that is dearer gives later."""

    posts: float = 80.0
    refill: float = 60.0
    must: float = 40.0
    couple: float = 40.0
    quota: float = 20.0
    outflow: float = 10.0
    direction: float = 10.0
    backbone: float = 10.0
    only: frozenset[str] = field(default_factory=frozenset)
    """When not empty, only these families may give."""

    def of(self, family: str) -> float:
        """Price of a family; infinite where it may not give."""
        if self.only and family not in self.only:
            return float("inf")
        by_family = {"total": self.posts, "count": float("inf")}
        return by_family[family] if family in by_family else float(getattr(self, family))

    def of_rows(self, rows: Rows) -> Floats:
        """(rows,) price of each row."""
        table = np.array([self.of(name) for name in FAMILIES])
        return np.asarray(table[rows.family], dtype=float)
