"""What a printer gets of a page: matter with its margins, nothing cut at the edge, no buttons and no menus."""

from __future__ import annotations

from typing import Any

import pytest

PAPER = {"width": 680, "height": 960}
"""An A4 page between its margins, in pixels of the style sheet."""
CUT = """() => [...document.querySelectorAll('.card, .table, .kpi, .facts, .plain-card')]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.className)"""
LEFT = """() => [...document.querySelectorAll('.card-body dl.facts')].filter((each) => each.checkVisibility())
  .map((each) => each.getBoundingClientRect().left - each.closest('.card').getBoundingClientRect().left)"""
SHOWN = """() => [...document.querySelectorAll('.btn, .top-bar, .side, .tabs, .plain-foot')]
  .filter((each) => each.checkVisibility()).map((each) => each.className)"""


@pytest.fixture
def printed(page: Any, live_server: Any, sign_in: Any) -> Any:
    """A page as it is printed for somebody."""

    def opened(who: str, address: str) -> Any:
        sign_in(who)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        page.goto(f"{live_server.url}{address}")
        page.wait_for_load_state("networkidle")
        return page

    return opened


@pytest.mark.parametrize("who", ["teacher", "bureau_clerk"])
def test_facts_stand_off_the_edge_of_their_card_and_nothing_is_cut(printed: Any, cast: Any, who: str) -> None:
    file = f"/staffing/teachers/{cast.teachers['alice'].pk}/"
    shown = printed(who, "/staffing/own/" if who == "teacher" else file)
    left = shown.evaluate(LEFT)
    assert left
    assert min(left) >= 12
    assert shown.evaluate(CUT) == []
    assert shown.evaluate(SHOWN) == []


def test_a_school_is_printed_whole_in_the_width_of_the_paper(printed: Any, cast: Any) -> None:
    shown = printed("bureau_clerk", f"/staffing/schools/{cast.yucai.pk}/?tab=print")
    assert shown.evaluate(CUT) == []
    assert shown.evaluate(SHOWN) == []


def test_a_column_of_cards_may_begin_on_the_page_that_has_room(printed: Any) -> None:
    shown = printed("bureau_clerk", "/")
    kept = "() => [...document.querySelectorAll('.row > *')].map((each) => getComputedStyle(each).breakInside)"
    assert set(shown.evaluate(kept)) == {"auto"}
    assert shown.evaluate(SHOWN) == []
