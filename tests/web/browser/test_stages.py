"""The stages of a year with a real browser: all in one row on a desktop, the one that runs in sight on a telephone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from junheng.web.rotation.actions.years import Setting, set_up, shipped
from junheng.web.rotation.models import PhaseKind, RotationYear

FITS = "stages => stages.scrollWidth <= stages.clientWidth"
IN_SIGHT = """stage => {
  const [own, row] = [stage, stage.parentElement].map((each) => each.getBoundingClientRect());
  return own.left >= row.left - 1 && own.right <= row.right + 1;
}"""


@pytest.fixture
def year(live_server: Any, cast: Any) -> RotationYear:
    """A year of which the last phase but one runs."""
    today = timezone.localdate()
    days = dict.fromkeys(PhaseKind, (today - timedelta(9), today - timedelta(5)))
    days |= {
        PhaseKind.ASSESSMENT: (today - timedelta(1), today + timedelta(5)),
        PhaseKind.ARCHIVE: (today + timedelta(6), today + timedelta(9)),
    }
    setting = Setting(2026, shipped("YUNLING"), date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31))
    return set_up(cast.county, setting, days, by=cast.users["bureau_clerk"])


def test_a_telephone_shows_the_stage_that_runs(phone: Any, live_server: Any, sign_in: Any, year: RotationYear) -> None:
    sign_in("bureau_clerk")
    phone.goto(live_server.url + year.get_absolute_url())
    assert not phone.locator(".stages").evaluate(FITS)
    running = phone.locator(".stage[aria-current=step]")
    expect(running).to_have_count(1)
    expect(running).to_contain_text("期满考核")
    assert running.evaluate(IN_SIGHT)


def test_a_desktop_shows_every_stage_of_a_year(page: Any, live_server: Any, sign_in: Any, year: RotationYear) -> None:
    sign_in("bureau_clerk")
    page.goto(live_server.url + year.get_absolute_url())
    expect(page.locator(".stage")).to_have_count(len(PhaseKind))
    assert page.locator(".stages").evaluate(FITS)
