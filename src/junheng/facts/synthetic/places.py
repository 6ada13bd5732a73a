"""Where things are: a county town, townships around it, and villages around each township; kilometres on a plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from junheng.facts.synthetic.words import township_names, village_names

URBAN_NAME = "城关"


@dataclass(frozen=True, slots=True)
class Township:
    """A township with its seat and the villages that a school there may be named after."""

    id: str
    name: str
    x_km: float
    y_km: float
    villages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """The county's plane: the county town in the middle and its townships."""

    town_x_km: float
    town_y_km: float
    townships: tuple[Township, ...]

    def near_town(self, rng: Random, radius_km: float) -> tuple[float, float]:
        """A point in the county town."""
        return near(rng, self.town_x_km, self.town_y_km, radius_km)


def near(rng: Random, x_km: float, y_km: float, radius_km: float, least_km: float = 0.0) -> tuple[float, float]:
    """A point at a distance between ``least_km`` and ``radius_km``, rounded to ten metres."""
    angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(least_km, radius_km)
    return round(x_km + reach * math.cos(angle), 2), round(y_km + reach * math.sin(angle), 2)


def make_land(rng: Random, townships: int, spacing: float = 1.0) -> Land:
    """A county whose area grows with the number of townships, about 100 km² each where ``spacing`` is 1."""
    side = 10.0 * spacing * math.sqrt(townships + 1)
    middle = round(side / 2, 2)
    seats = [(middle, middle)]
    for _ in range(townships):
        seats.append(_apart_from(rng, seats, side))
    return Land(
        town_x_km=middle,
        town_y_km=middle,
        townships=tuple(
            Township(f"X{i:03d}", name, x, y, tuple(village_names(rng)))
            for i, (name, (x, y)) in enumerate(zip(township_names(rng, townships), seats[1:], strict=True), 1)
        ),
    )


def _apart_from(rng: Random, taken: list[tuple[float, float]], side: float) -> tuple[float, float]:
    """Of eight random points, the one farthest from every seat so far."""
    points = [(round(rng.uniform(0, side), 2), round(rng.uniform(0, side), 2)) for _ in range(8)]
    return max(points, key=lambda p: min(math.dist(p, seat) for seat in taken))
