"""Counties that the tests of facts share; frozen, so one of each is enough."""

from __future__ import annotations

import pytest

from junheng.facts import County
from junheng.facts.synthetic import make_county, make_small_county


@pytest.fixture(scope="session")
def county() -> County:
    return make_county(teachers=4000, seed=1)


@pytest.fixture(scope="session")
def small_county() -> County:
    return make_small_county()
