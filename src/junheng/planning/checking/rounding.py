"""Shares of head-counts in exact fractions: 5 % of 30 is 1.5 and rounds half up to 2, whatever a float would say."""

from __future__ import annotations

import math
from fractions import Fraction

HALF = Fraction(1, 2)


def whole(exact: Fraction, rounding: str) -> int:
    """``exact`` rounded ``half_up``, ``ceil`` or ``floor``. Any other word is a ``ValueError``."""
    if rounding == "half_up":
        return math.floor(exact + HALF)
    if rounding == "ceil":
        return math.ceil(exact)
    if rounding == "floor":
        return math.floor(exact)
    raise ValueError(f"rounding {rounding!r} is none of half_up, ceil, floor")


def share(value: Fraction | float | int) -> Fraction:
    """A share as the exact fraction that was written: 0.1 means one tenth, not the nearest binary number."""
    return value if isinstance(value, Fraction) else Fraction(str(value))
