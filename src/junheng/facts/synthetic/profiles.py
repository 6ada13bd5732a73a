"""What makes the counties of a region differ from the mean county: factors on schools, staff and standing.

China's published figures are means; how far the east, the middle and the west lie apart is our assumption (confidence
low), stated here in one place so that a researcher can change it. The three, weighted by their numbers of county units
and sizes, give the national means again: ``calibration`` compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from junheng.facts.codes import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyProfile:
    """How a county differs from the mean county; the defaults are the mean county itself.

    Factors multiply what is usual: ``urban``, ``villages`` and ``points`` the numbers of urban schools, village schools
    and teaching points, ``spacing`` the distances, ``pupils`` the pupils per teacher, ``posts`` the authorised posts,
    ``backbone`` the chance of being a backbone teacher, ``country_arts`` the share of PE and arts teachers in the
    country, ``below_bachelor`` the chance of less than a bachelor's degree, ``turnover`` the chance of changing school
    in a year. ``full_senior`` is the chance of the highest title eight years after the senior one. ``older`` adds years
    to everybody's age, ``country_older`` to the age of rural staff; ``women`` adds to the share of women.
    """

    urban: float = 1.0
    villages: float = 1.0
    points: float = 1.0
    spacing: float = 1.0
    pupils: Mapping[Stage, float] = field(default_factory=dict)
    posts: Mapping[Stage, float] = field(default_factory=dict)
    backbone: float = 1.0
    country_arts: float = 1.0
    below_bachelor: float = 1.0
    turnover: float = 1.0
    full_senior: float = 0.008
    older: float = 0.0
    country_older: float = 0.0
    women: float = 0.0


MEAN_COUNTY = CountyProfile()
"""The county of the national means, as :func:`make_county` makes it without a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of the country: its share of the county units, the mean size of its counties against the national mean,
    how many provinces it has, and what its counties are like.
    """

    key: str
    zh: str
    en: str
    share: float
    size: float
    provinces: int
    profile: CountyProfile


REGIONS = (
    Region(
        key="east",
        zh="东部",
        en="East",
        share=0.30,
        size=1.25,
        provinces=11,
        profile=CountyProfile(
            urban=1.25,
            villages=1.0,
            points=0.6,
            spacing=0.85,
            pupils={Stage.PRIMARY: 1.03, Stage.JUNIOR: 0.99},
            posts={Stage.PRIMARY: 0.985, Stage.JUNIOR: 1.03},
            backbone=1.12,
            country_arts=1.15,
            below_bachelor=0.72,
            older=-0.6,
            women=0.02,
            full_senior=0.035,
        ),
    ),
    Region(
        key="middle",
        zh="中部",
        en="Middle",
        share=0.31,
        size=1.05,
        provinces=8,
        profile=CountyProfile(
            urban=0.95,
            villages=1.2,
            points=1.15,
            pupils={Stage.PRIMARY: 1.0, Stage.JUNIOR: 1.0},
            posts={Stage.PRIMARY: 0.97, Stage.JUNIOR: 1.04},
            backbone=0.97,
            country_arts=0.9,
            below_bachelor=1.1,
            older=0.6,
            country_older=1.0,
            full_senior=0.035,
        ),
    ),
    Region(
        key="west",
        zh="西部",
        en="West",
        share=0.39,
        size=0.77,
        provinces=12,
        profile=CountyProfile(
            urban=0.8,
            villages=1.3,
            points=1.5,
            spacing=1.45,
            pupils={Stage.PRIMARY: 0.96, Stage.JUNIOR: 1.01},
            posts={Stage.PRIMARY: 0.965, Stage.JUNIOR: 1.05},
            backbone=0.9,
            country_arts=0.85,
            below_bachelor=1.2,
            turnover=1.1,
            older=-0.2,
            women=-0.02,
            full_senior=0.035,
        ),
    ),
)
REGION_BY_KEY = {region.key: region for region in REGIONS}
