"""The clock of the demo: while its past is played, the product's verbs are told the day on which each thing happened.

A verb asks Django for the time. In the process that makes the demo, and only while it makes it, Django gives the moment
of the scene instead. So years that are over are made by the same verbs as years to come, in the order in which things
happened, with their phases, deadlines, dated rows and a trail in order; no row is written by hand and none is turned
back. Time never runs backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from junheng.web.records.jobs import run_due

_TICK = timedelta(milliseconds=1)


class Clock:
    """Gives the moment of the scene, a little later each time it is asked."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """What stands in for Django's own."""
        self._moment += _TICK
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Go on to a moment; not back."""
        self._moment = max(self._moment, moment)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Django asks this clock as long as the block lasts."""
        real = timezone.now
        timezone.now = self.now  # type: ignore[assignment]
        try:
            yield
        finally:
            timezone.now = real  # type: ignore[assignment]


def moment(day: date, hour: float = 9) -> datetime:
    """A moment of a day, in the time of the place."""
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(hours=hour)


@dataclass(slots=True)
class Play:
    """What happens, and when; :meth:`run` lets it happen in the order of time, with the jobs that fall due between."""

    clock: Clock
    until: datetime
    _scenes: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        """Something happens at a moment; what lies after the day of the demo has not happened yet."""
        if when <= self.until:
            self._scenes.append((when, act))

    def run(self) -> None:
        """Everything in order; what is asked for at one moment happens in the order in which it was named."""
        for when, act in sorted(self._scenes, key=lambda scene: scene[0]):
            self.clock.move_to(when)
            run_due()
            act()
            run_due()
