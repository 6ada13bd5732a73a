"""What an outlook is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from junheng.planning.outlook.pupils import PupilTrend

LONGEST = 6

Pool = Literal["obliged", "target"]


@dataclass(frozen=True, slots=True)
class Request:
    """How to look ahead.

    ``years``: how many plan years, the first being the county's own. ``on``: reference date of the first year (the
    pack's day of every year without one). ``parameters``: overrides of the pack. ``pool``: who is spread over the
    years: ``obliged`` (those whom the pack makes move) or ``target`` (everybody who may move as well).
    ``early``: years before the due one in which somebody who already may move can go; ``within``: years from the due
    one, that one counted, within which he must have gone (the end of the horizon without one).
    ``school_share``: most of a school's staff that one batch takes, at least one person.
    ``plan``: whether to plan every year in turn, which forecasts the balance and takes long; ``gap``, ``processes``
    and ``seed`` are then the solver's.
    """

    years: int = 3
    on: date | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pool: Pool = "obliged"
    early: int = 0
    within: int | None = None
    school_share: Fraction = Fraction(15, 100)
    pupils: PupilTrend = field(default_factory=PupilTrend)
    plan: bool = False
    gap: float = 1e-3
    processes: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        faults = [
            message
            for wrong, message in (
                (not 1 <= self.years <= LONGEST, f"years must be 1 to {LONGEST}, found {self.years}"),
                (self.early < 0, f"early must not be below 0, found {self.early}"),
                (self.within is not None and self.within < 1, f"within must be at least 1, found {self.within}"),
                (
                    not 0 < self.school_share <= 1,
                    f"school_share must be over 0 and at most 1, found {self.school_share}",
                ),
            )
            if wrong
        ]
        if faults:
            raise ValueError("; ".join(faults))
