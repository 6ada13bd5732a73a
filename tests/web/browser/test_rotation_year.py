"""A county's whole year by clicking and typing, from setting it up to its archive, and the year that starts from it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from junheng.web.rotation.models import RotationYear

pytestmark = [pytest.mark.slow, pytest.mark.both]


def _chapter(name: str) -> Any:
    """A chapter of the story, beside this file."""
    at = Path(__file__).parent / "year" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"web_browser_year_{name}", at)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NAMES = ("county", "telling", "preparing", "asking", "planning", "serving", "ending", "following")
county, telling, preparing, asking, planning, serving, ending, following = (_chapter(name) for name in NAMES)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server's clock, which the story puts forward."""
    return telling.Clock(monkeypatch)


@pytest.fixture
def story(clock: Any, live_server: Any, page: Any, request: pytest.FixtureRequest) -> Any:
    """The county on the first day of March, with a browser."""
    clock.base = clock.base.replace(year=2027, month=2, day=26)
    cast = request.getfixturevalue("cast")
    enter: Callable[..., None] = sys.modules[request.getfixturevalue("sign_in").__module__].enter
    return telling.Story(page, live_server.url, county.settle(cast), clock, enter)


STEPS: tuple[Callable[[Any], None], ...] = (
    preparing.set_up, preparing.prepare, preparing.confirm, preparing.judge, preparing.put_right,
    asking.apply, asking.recommend, asking.review,
    planning.decide, planning.compute, planning.change, planning.publish, planning.object_to_it, planning.adopt,
    serving.order, serving.report, serving.serve,
    ending.finish, ending.judge, ending.check, ending.archive,
    following.begin, following.judge,
)  # fmt: skip


def test_a_county_goes_through_its_year_and_begins_the_next_from_its_archive(story: Any) -> None:
    for step in STEPS:
        step(story)
    years = RotationYear.objects.order_by("year")
    assert [(each.year, each.is_archived) for each in years] == [(2027, True), (2029, False)]
