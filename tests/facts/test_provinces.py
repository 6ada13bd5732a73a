"""Provinces and samples of the country are what the published figures say."""

from __future__ import annotations

import math
from datetime import date
from functools import reduce
from operator import add
from statistics import pstdev

import pytest

from junheng.facts.synthetic import make_county
from junheng.facts.synthetic.calibration import TARGETS, Tally, compare, tally
from junheng.facts.synthetic.profiles import MEAN_COUNTY, REGIONS
from junheng.facts.synthetic.provinces import (
    LARGEST,
    MEAN_TEACHERS,
    SIGMA,
    SMALLEST,
    draft_country,
    draft_province,
    sizes_by_decile,
)

ON = date(2026, 8, 31)


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_sample_of_the_country_has_its_spread_of_sizes(seed: int) -> None:
    sizes = [draft.teachers for draft in draft_country(sample=150, seed=seed)]
    assert len(sizes) == 150
    assert min(sizes) >= SMALLEST
    assert max(sizes) <= LARGEST
    assert sum(sizes) / 150 == pytest.approx(MEAN_TEACHERS, rel=0.01)
    assert pstdev(math.log(size) for size in sizes) == pytest.approx(SIGMA, abs=0.06)


def test_regions_have_their_shares_and_together_the_mean_size() -> None:
    drafts = draft_country(sample=2850, seed=3)
    for region in REGIONS:
        those = [draft for draft in drafts if draft.region is region]
        assert len(those) / len(drafts) == pytest.approx(region.share, abs=0.01)
        assert len({draft.province for draft in those}) == region.provinces
    assert sum(region.share for region in REGIONS) == pytest.approx(1)
    assert sum(region.share * region.size for region in REGIONS) == pytest.approx(1, abs=0.01)
    assert len({draft.id for draft in drafts}) == 2850
    assert len({draft.seed for draft in drafts}) == 2850


def test_a_province_adds_up_exactly_and_repeats() -> None:
    drafts = draft_province(counties=120, teachers=4000, seed=1)
    assert sum(draft.teachers for draft in drafts) == 480_000
    assert drafts == draft_province(counties=120, teachers=4000, seed=1)
    assert drafts != draft_province(counties=120, teachers=4000, seed=2)
    assert len({draft.name for draft in drafts}) == 120
    assert all(draft.name.endswith("县(虚构)") for draft in drafts)
    deciles = sizes_by_decile([draft.teachers for draft in drafts])
    assert deciles == sorted(deciles)
    assert deciles[-1] > 4 * deciles[5] > 8 * deciles[0] > 0


@pytest.mark.parametrize(
    "wrong", [{"counties": 0}, {"teachers": 150}, {"teachers": 40_000}, {"region": "north"}], ids=str
)
def test_a_province_that_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"province|region|north"):
        draft_province(**wrong)


def test_a_draft_makes_the_county_that_it_describes() -> None:
    draft = draft_province(counties=2, teachers=250, seed=5, region="west")[0]
    county = draft.make(ON)
    assert (county.name, len(county.teachers)) == (draft.name, draft.teachers)
    assert county == draft.make(ON)


def test_a_county_without_a_profile_is_the_mean_county() -> None:
    assert make_county(teachers=200, seed=7) == make_county(teachers=200, seed=7, profile=MEAN_COUNTY)


def test_tallies_add_up() -> None:
    drafts = draft_province(counties=2, teachers=250, seed=5)
    parts = [tally(draft.make(ON)) for draft in drafts]
    both = parts[0] + parts[1]
    assert both.sizes == tuple(draft.teachers for draft in drafts)
    assert both.counts["staff:primary"] + both.counts["staff:junior"] == 500
    assert len(compare(both)) == len(TARGETS) - 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sample_of_the_country_meets_every_published_figure(seed: int) -> None:
    drafts = draft_country(sample=24, seed=seed)
    made = reduce(add, (tally(draft.make(ON)) for draft in drafts), Tally())
    missed = {c.target.key: round(c.made, 4) for c in compare(made, country=True) if not c.met}
    assert missed == {}


@pytest.mark.slow
def test_regions_differ_as_they_are_described() -> None:
    made = {
        region.key: {
            c.target.key: c.made for c in compare(tally(make_county(teachers=4000, seed=1, profile=region.profile)))
        }
        for region in REGIONS
    }
    east, west = made["east"], made["west"]
    assert east["bachelor_primary"] > west["bachelor_primary"] + 0.05
    assert east["backbone"] > west["backbone"]
    assert east["points"] < west["points"] / 1.5
    assert made["middle"]["primary_posts"] > 1 > made["middle"]["junior_posts"]
