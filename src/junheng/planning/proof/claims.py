"""``figures.json``: what the bundle says about its plan. Everything in it is recomputed by whoever verifies it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from junheng.planning.checking import Figures

SECTIONS = {"quotas": ("quotas",), "coefficients": ("stages", "schools", "imbalance_before", "imbalance_after")}
"""Which parts of the figures belong to the steps "quotas" and "coefficients"; the rest belongs to "objective"."""
RELATIVE, ABSOLUTE = 1e-9, 1e-9
"""Two machines may differ in the last digits of a root; figures that differ by more than this are different figures."""


def figures_document(figures: Figures, objective: float, bound: float) -> dict[str, Any]:
    """The figures as data; ``objective`` and ``bound`` as the planner claims them; an infinite bound claims nothing."""
    claimed = {"objective": float(objective), "bound": float(bound) if math.isfinite(bound) else None}
    return {"figures": _data(figures), "claimed": claimed}


def _data(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _data(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_data(inner) for inner in value]
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def differences(claimed: Any, found: Any, where: str = "figures") -> Iterator[tuple[str, str, str]]:
    """(where, claimed, recomputed) of everything that is not the same; a missing or extra part is a difference."""
    if isinstance(found, dict) and isinstance(claimed, dict):
        for key in sorted(found.keys() | claimed.keys()):
            if key in found and key in claimed:
                yield from differences(claimed[key], found[key], f"{where}.{key}")
            else:
                yield (
                    f"{where}.{key}",
                    "missing" if key not in claimed else "there",
                    "there" if key in found else "none",
                )
    elif isinstance(found, list) and isinstance(claimed, list) and len(found) == len(claimed):
        for index, (left, right) in enumerate(zip(claimed, found, strict=True)):
            yield from differences(left, right, f"{where}[{index}]")
    elif not _same(claimed, found):
        yield where, _short(claimed), _short(found)


def _presence(there: bool) -> str:
    return "there" if there else "missing"


def _same(claimed: Any, found: Any) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (claimed, found))
    if numbers and (isinstance(claimed, float) or isinstance(found, float)):
        return math.isclose(claimed, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(claimed) is type(found) and bool(claimed == found)


def _short(value: Any) -> str:
    text = f"{len(value)} entries" if isinstance(value, list | dict) else str(value)
    return text[:80]
