"""Exact rounding of shares and ratios, as policies word it. The checker keeps a rounding of its own, on purpose."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "ceil", "floor"]
ROUNDINGS: tuple[Rounding, ...] = ("half_up", "ceil", "floor")


def rounded(value: Fraction, rounding: Rounding) -> int:
    """A whole number: ``half_up`` is 四舍五入 (never to even), ``ceil`` up, ``floor`` down."""
    if rounding == "half_up":
        return math.floor(value + Fraction(1, 2))
    return math.ceil(value) if rounding == "ceil" else math.floor(value)


def read_rounding(text: str) -> Rounding:
    """The rounding that a data file names; ``ValueError`` for anything else."""
    for each in ROUNDINGS:
        if text == each:
            return each
    raise ValueError(f"rounding is {text!r}; expected one of {', '.join(ROUNDINGS)}")
