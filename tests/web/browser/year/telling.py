"""How the story is told: who sits at the browser, what he clicks, types and reads, and what day it is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import expect

from junheng.web.records.jobs import run_due
from junheng.web.records.jobs.periodic import plan_nights
from junheng.web.records.models import JobStatus
from junheng.web.rotation.models import Phase

WIDTHS = ({"width": 390, "height": 844}, {"width": 1280, "height": 900})
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"], "preload": False,
}  # fmt: skip


class Clock:
    """The server's clock: put to a moment of the story, it goes on from there."""

    def __init__(self, patch: Any) -> None:
        self.base, self.since = timezone.now(), time.monotonic()
        patch.setattr(timezone, "now", self)

    def __call__(self) -> datetime:
        return self.base + timedelta(seconds=time.monotonic() - self.since)

    def put(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """To an hour of a day, in China; never back."""
        to = timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - made aware
        assert to >= self(), f"the clock does not go back to {to}"
        self.base, self.since = to, time.monotonic()


@dataclass
class Story:
    """A browser at which the people of the cast sit down one after another."""

    page: Any
    site: str
    people: Any
    clock: Clock
    enter: Callable[..., None]
    year: int = 0
    seen: set[str] = field(default_factory=set)

    def sit_down(self, name: str) -> None:
        """The named person is at the browser from now on."""
        self.enter(self.page.context, self.site, self.people.users[name])

    @contextmanager
    def nobody(self) -> Iterator[None]:
        """Somebody who has not signed in is at the browser."""
        kept = self.page.context.cookies()
        self.page.context.clear_cookies()
        yield
        self.page.context.clear_cookies()
        self.page.context.add_cookies(kept)

    def go(self, path: str) -> None:
        """To an address of the year, or of the site where it begins with a slash."""
        at = path if path.startswith("/") else f"/rotation/{self.year}/{path}"
        answer = self.page.goto(self.site + at)
        assert answer is None or answer.status < 400, f"{at} answers {answer.status}"

    def click(self, name: str, *, within: Any = None, nth: int = 0) -> None:
        """A button or link by its words."""
        at = within or self.page.get_by_role("main")
        found = at.get_by_role("button", name=name, exact=True).or_(at.get_by_role("link", name=name, exact=True))
        found.nth(nth).click()

    def fill(self, within: Any = None, /, **given: Any) -> None:
        """What is typed, chosen or ticked, by the label of each field."""
        at = within or self.page.get_by_role("main")
        for label, value in given.items():
            box = at.get_by_label(re.compile(rf"^{re.escape(label)}")).first
            kind = box.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind in {"checkbox", "radio"}:
                box.set_checked(value)
            elif kind == "select":
                box.select_option(**(value if isinstance(value, dict) else {"label": value}))
            else:
                box.fill(f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value))

    def see(self, *words: str) -> None:
        """What stands on the page."""
        for each in words:
            expect(self.page.get_by_role("main")).to_contain_text(each)

    def told(self, words: str) -> None:
        """What the page answers after a button, above its content."""
        expect(self.page.locator(".alert").filter(has_text=words).first).to_be_visible()

    def row(self, words: str) -> Any:
        """A line of a table or list."""
        return self.page.locator("main tbody tr, main li.list-group-item").filter(has_text=words).first

    def work(self) -> None:
        """What waits for the worker at this hour is done."""
        failed = [job for job in run_due() if job.status != JobStatus.DONE]
        assert not failed, [(job.title, job.status, job.message, job.fault) for job in failed]

    def night(self) -> None:
        """What the worker does every night, and whatever else is due."""
        plan_nights()
        self.work()

    def phase(self, kind: str, *, days: int = 0, hour: int = 9) -> None:
        """So many days into a phase of the year; what was due till then has been done."""
        opens = timezone.localtime(Phase.objects.get(year=self.year, kind=kind).opens)
        self.clock.put(opens.date() + timedelta(days=days), hour)
        self.work()

    def look(self) -> None:
        """A page that everybody can read: by axe, on a telephone and on a desk; once for each kind of page."""
        kind = re.sub(r"\d+", "0", self.page.url)
        if kind in self.seen:
            return
        self.seen.add(kind)
        self.page.evaluate(AXE_SCRIPT)
        for size in WIDTHS:
            self.page.set_viewport_size(size)
            assert self.page.evaluate(WIDER) <= 0, f"{self.page.url} scrolls sideways at {size['width']}"
            faults = self.page.evaluate("options => axe.run(document, options)", WCAG)["violations"]
            said = [(each["id"], [node["html"][:160] for node in each["nodes"][:2]]) for each in faults]
            assert not said, f"{self.page.url} at {size['width']}: {said}"
