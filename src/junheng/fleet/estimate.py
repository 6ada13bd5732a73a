"""How long all of China's counties would take, from the seconds of those that were planned.

Method: CPU seconds by size of county, interpolated on logarithmic scales between the geometric means of size classes;
beyond the smallest and largest class with the growth fitted to all counties. Summed over 2,850 counties at equal
quantiles of the log-normal sizes of :mod:`junheng.facts.synthetic.provinces`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from junheng.facts.synthetic.provinces import COUNTRY_COUNTIES, LARGEST, MEAN_TEACHERS, SIGMA, SMALLEST

LEAST_COUNTIES = 5
"""From fewer counties nothing is estimated."""
_CLASSES = 12


@dataclass(frozen=True, slots=True)
class Estimate:
    """CPU seconds of the whole country, and of its largest county; ``growth`` is the exponent of CPU in teachers."""

    cpu_seconds: float
    largest_seconds: float
    growth: float
    counties: int
    teachers: int

    def wall_seconds(self, workers: int, utilisation: float) -> float:
        """Seconds on so many workers: their share of the work, but never less than the largest county."""
        return max(self.largest_seconds, self.cpu_seconds / (workers * max(utilisation, 1e-9)))


def country_sizes(counties: int = COUNTRY_COUNTIES) -> list[int]:
    """Sizes at equal quantiles of the country's distribution, with its mean."""
    normal = NormalDist()
    raw = [math.exp(SIGMA * normal.inv_cdf((i + 0.5) / counties)) for i in range(counties)]
    scale = MEAN_TEACHERS * counties / sum(raw)
    return [round(min(LARGEST, max(SMALLEST, each * scale))) for each in raw]


def estimate(measured: Sequence[tuple[int, float]]) -> Estimate | None:
    """The country from (teachers, CPU seconds) of counties; ``None`` from fewer than five or all of one size."""
    points = [(math.log(teachers), math.log(seconds)) for teachers, seconds in measured if teachers > 0 < seconds]
    if len(points) < LEAST_COUNTIES or len({x for x, _ in points}) < 2:
        return None
    growth = _slope(points)
    curve = _classes(points)
    sizes = country_sizes()
    costs = [math.exp(_at(curve, growth, math.log(size))) for size in sizes]
    return Estimate(sum(costs), max(costs), growth, len(sizes), sum(sizes))


def _slope(points: Sequence[tuple[float, float]]) -> float:
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def _classes(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Classes of equally many counties by size, at their mean logarithms."""
    ordered = sorted(points)
    count = min(_CLASSES, max(1, len(ordered) // 3))
    cuts = [round(i * len(ordered) / count) for i in range(count + 1)]
    parts = [ordered[a:b] for a, b in pairwise(cuts) if b > a]
    return [(sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part)) for part in parts]


def _at(curve: Sequence[tuple[float, float]], growth: float, x: float) -> float:
    first, last = curve[0], curve[-1]
    if x <= first[0]:
        return first[1] + growth * (x - first[0])
    if x >= last[0]:
        return last[1] + growth * (x - last[0])
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return last[1]
