"""How a problem is to be solved."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from junheng.planning.problem import Assignment
from junheng.planning.solving.elastic import Prices


@dataclass(frozen=True, slots=True)
class Request:
    """How to solve: ``gap`` relative; ``keep`` moves with ``keep_bonus`` J each; ``warm`` multipliers by row name.

    ``deadline`` is a reading of ``time.monotonic`` after which no further step is begun.
    """

    gap: float = 5e-4
    prices: Prices = field(default_factory=Prices)
    keep: tuple[Assignment, ...] = ()
    keep_bonus: float = 0.01
    warm: dict[str, float] = field(default_factory=dict)
    deadline: float | None = None
    processes: int = 1

    def late(self) -> bool:
        """Whether the guard has fired."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def seconds_left(self) -> float | None:
        """Seconds until the guard fires."""
        return None if self.deadline is None else self.deadline - time.monotonic()
