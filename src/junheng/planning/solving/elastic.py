"""What breaking a rule costs, person by person, when a problem cannot be met as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

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
        if family == "count":
            return float("inf")
        return float(getattr(self, "posts" if family == "total" else family))

    def alone(self, family: str) -> Prices:
        """The same list with only one family allowed to give."""
        return replace(self, only=frozenset({family}))

    def times(self, factor: float) -> Prices:
        """The list times a factor."""
        values = {f.name: getattr(self, f.name) * factor for f in fields(self) if f.name != "only"}
        return replace(self, **values)

    def of_rows(self, rows: Rows) -> Floats:
        """(rows,) price of each row."""
        table = np.array([self.of(name) for name in FAMILIES])
        return np.asarray(table[rows.family], dtype=float)
