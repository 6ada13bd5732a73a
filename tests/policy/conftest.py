"""A county that the tests of deciding share; frozen, so one is enough."""

from __future__ import annotations

import pytest

from junheng.facts import County
from junheng.facts.synthetic import make_small_county


@pytest.fixture(scope="session")
def county() -> County:
    return make_small_county()
