"""What a change of policy does: two outlooks of one county, figure by figure."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.planning.outlook.ahead import Outlook


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure under both policies: ``year`` where it belongs to one; ``None`` for a figure that is not there."""

    key: str
    year: int | None
    before: int | None
    after: int | None

    @property
    def change(self) -> int | None:
        """After less before, where both are there."""
        return None if self.before is None or self.after is None else self.after - self.before


BY_YEAR = ("due", "gone", "waiting", "volunteers", "eligible", "retiring")
OVERALL = ("peak_before", "peak", "unplaced", "first_within")


def side_by_side(first: Outlook, second: Outlook) -> tuple[Figure, ...]:
    """Every figure of the first outlook beside that of the second. ``ValueError`` when their years differ."""
    if first.calendar() != second.calendar():
        raise ValueError(f"outlooks of {first.calendar()} and of {second.calendar()} cannot be compared")
    figures = [
        Figure(key, year, before, after)
        for key in BY_YEAR
        for year, before, after in zip(first.calendar(), yearly(first, key), yearly(second, key), strict=True)
    ]
    return (*figures, *(Figure(key, None, overall(first, key), overall(second, key)) for key in OVERALL))


def yearly(outlook: Outlook, key: str) -> tuple[int, ...]:
    """A figure of every plan year, by its key in :data:`BY_YEAR`."""
    batches = outlook.batches
    return {
        "due": batches.due,
        "gone": batches.gone,
        "waiting": batches.waiting,
        "volunteers": batches.volunteers,
        "eligible": tuple(y.eligible() for y in outlook.years),
        "retiring": outlook.retiring(),
    }[key]


def overall(outlook: Outlook, key: str) -> int | None:
    """A figure of the whole outlook, by its key in :data:`OVERALL`."""
    batches = outlook.batches
    return {
        "peak_before": batches.peak_before,
        "peak": batches.peak,
        "unplaced": len(batches.unplaced),
        "first_within": outlook.first_within,
    }[key]
