"""Many fictional counties: a province, or a sample of the country with the sizes that real counties have.

County sizes are log-normal with ``SIGMA`` in all of China; the part of it that lies between the regions is taken out of
the spread within a region. Sizes are drawn from equal slices of the distribution, so that a small sample too has small,
mean and very large counties, and are scaled to add up exactly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random
from statistics import NormalDist

from junheng.facts.county import County
from junheng.facts.synthetic.chance import apportion, generator
from junheng.facts.synthetic.counties import make_county
from junheng.facts.synthetic.profiles import REGION_BY_KEY, REGIONS, Region

COUNTRY_COUNTIES, COUNTRY_TEACHERS = 2850, 10_700_000
"""County units and full-time teachers of compulsory education in China that a sample of the country stands for."""
MEAN_TEACHERS = COUNTRY_TEACHERS / COUNTRY_COUNTIES
SIGMA = 0.75
SMALLEST, LARGEST = 200, 30_000
LARGEST_SEED = 10**9

_NAME_FIRST = "岚霁澜沁昀翊郁砚岫蘅汀漪皓珩屹翎砺霖淇涵"
_NAME_SECOND = "汀屿垣渚岑浔泠埠畈墩堰塬坞隩瀚浥埇峤沄圳"
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class CountyDraft:
    """A county that can be made: its place in the fleet, its size and its seed. Equal drafts make equal counties."""

    id: str
    name: str
    province: str
    region: Region
    teachers: int
    seed: int

    def make(self, on: date) -> County:
        """The county on a date."""
        return make_county(teachers=self.teachers, seed=self.seed, on=on, name=self.name, profile=self.region.profile)


def draft_province(
    *, counties: int = 120, teachers: int = 4000, seed: int = 1, region: str = "middle"
) -> tuple[CountyDraft, ...]:
    """The counties of a province with ``teachers`` a county in the mean, all of one region (east, middle, west).

    Raises ``ValueError`` for fewer than one county, a mean outside 200 to 30,000 or a region that there is not.
    """
    if counties < 1 or not SMALLEST <= teachers <= LARGEST:
        raise ValueError(f"a province has counties of {SMALLEST} to {LARGEST} teachers in the mean, at least one")
    if region not in REGION_BY_KEY:
        raise ValueError(f"{region!r} is not one of {', '.join(REGION_BY_KEY)}")
    rng, where = generator(seed), REGION_BY_KEY[region]
    sizes = _sizes(rng, counties, _within(), counties * teachers)
    return tuple(_drafts(rng, "P01", f"{where.zh}某省(虚构)", where, sizes=sizes, seed=seed))


def draft_country(*, sample: int = 150, seed: int = 1) -> tuple[CountyDraft, ...]:
    """A sample of the country's counties: regions by their shares, provinces in turn, sizes over the whole spread.

    Raises ``ValueError`` for a sample smaller than the number of regions.
    """
    if sample < len(REGIONS):
        raise ValueError(f"a sample of the country has at least {len(REGIONS)} counties, one a region")
    rng = generator(seed)
    found: list[CountyDraft] = []
    number = 0
    for region, count in zip(REGIONS, apportion(sample, [r.share for r in REGIONS], [1] * len(REGIONS)), strict=True):
        sizes = _sizes(rng, count, _within(), round(count * MEAN_TEACHERS * region.size))
        provinces = min(region.provinces, count)
        for i in range(provinces):
            name = f"{region.zh}{_numeral(i + 1)}省(虚构)"
            found += _drafts(rng, f"P{number + i + 1:02d}", name, region, sizes=sizes[i::provinces], seed=seed)
        number += region.provinces
    return tuple(found)


def _drafts(
    rng: Random, province: str, name: str, region: Region, *, sizes: Sequence[int], seed: int
) -> list[CountyDraft]:
    names = [a + b for a, b in product(_NAME_FIRST, _NAME_SECOND)]
    rng.shuffle(names)
    return [
        CountyDraft(
            id=f"{province}C{i:03d}",
            name=f"{names[(i - 1) % len(names)]}{'' if i <= len(names) else i}县(虚构)",
            province=name,
            region=region,
            teachers=size,
            seed=(seed * 1_000_003 + rng.randrange(LARGEST_SEED)) % (2 * LARGEST_SEED),
        )
        for i, size in enumerate(sizes, 1)
    ]


def _within() -> float:
    """The spread of log sizes within a region, so that regions and spread together give ``SIGMA``."""
    logs = [math.log(r.size) for r in REGIONS]
    mean = sum(r.share * log for r, log in zip(REGIONS, logs, strict=True))
    between = sum(r.share * (log - mean) ** 2 for r, log in zip(REGIONS, logs, strict=True))
    return math.sqrt(SIGMA**2 - between)


def _sizes(rng: Random, count: int, sigma: float, total: int) -> list[int]:
    """Sizes that add up to the total, none under the least and, unless the mean is near it, none over the largest."""
    drawn = [math.exp(sigma * NormalDist().inv_cdf((i + rng.uniform(0.05, 0.95)) / count)) for i in range(count)]
    rng.shuffle(drawn)
    for _ in range(50):
        scale = total / sum(drawn)
        drawn = [min(LARGEST / scale, max(SMALLEST / scale, each)) for each in drawn]
    return apportion(total, drawn, [min(SMALLEST, total // count)] * count)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def sizes_by_decile(teachers: Sequence[int]) -> list[int]:
    """The smallest size of each tenth of the counties, and the largest of all: eleven numbers."""
    ordered = sorted(teachers)
    return [ordered[min(len(ordered) - 1, i * len(ordered) // 10)] for i in range(10)] + [ordered[-1]]


def provinces_of(drafts: Sequence[CountyDraft]) -> Counter[str]:
    """How many counties each province has."""
    return Counter(draft.province for draft in drafts)
