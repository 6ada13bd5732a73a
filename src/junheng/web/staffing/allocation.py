"""Posts divided among schools within a total: by need, by largest remainder, the same every time, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """What one school's stage is proposed: ``whole`` part of its exact share, and one more where ``added``.

    ``rank`` is the place of its remainder among all, 1 the largest; ``None`` where everybody gets what is needed.
    """

    need: int
    exact: Fraction
    whole: int
    added: bool
    rank: int | None

    @property
    def posts(self) -> int:
        """The posts proposed."""
        return self.whole + self.added

    def as_json(self) -> dict[str, Any]:
        """What a plan line keeps of it."""
        return {"exact": f"{float(self.exact):.2f}", "whole": self.whole, "added": self.added, "rank": self.rank}


def divide(needs: Sequence[int], total: int) -> tuple[Share, ...]:
    """A share for each need, in order. Nobody gets more than is needed; the sum is never above the total.

    Where the total covers every need, each gets its need and the rest stays with the county. Otherwise each need is
    cut in proportion, and what the whole parts leave goes by largest remainder; of equal remainders the larger need
    comes first, then the earlier. Raises ``ValueError`` for a need or total below 0.
    """
    if total < 0 or any(need < 0 for need in needs):
        raise ValueError(f"needs and total must not be below 0; found {total} and {min(needs, default=0)}")
    wanted = sum(needs)
    if wanted <= total:
        return tuple(Share(need, Fraction(need), need, False, None) for need in needs)
    exact = [Fraction(need * total, wanted) for need in needs]
    whole = [int(share) for share in exact]
    order = sorted(range(len(needs)), key=lambda i: (whole[i] - exact[i], -needs[i], i))
    rank = {i: place for place, i in enumerate(order, 1)}
    left = total - sum(whole)
    return tuple(Share(needs[i], exact[i], whole[i], rank[i] <= left, rank[i]) for i in range(len(needs)))
