"""Every address of the web as a page, on objects of its own: accessible, no wider than a telephone, its links alive.

The objects are those of the table of doors (``tests/web/access/doors.py``), so that a new address is looked at without
a word here. In every run every other page is looked at once, in a language and at a width that change from page to
page; on request all pages of several people are looked at in both languages and at both widths.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from junheng.web.directory.models import User


def _beside(name: str) -> Any:
    """A module beside this file."""
    known = f"web_browser_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


looking, addresses = _beside("looking"), _beside("addresses")
TURNS = (("zh-hans", "desktop"), ("en", "phone"), ("zh-hans", "phone"), ("en", "desktop"))
ON_REQUEST = pytest.mark.skipif("JUNHENG_TEST_EVERY_PAGE" not in os.environ, reason="minutes; see CONTRIBUTING.md")


def fetched(client: Any, path: str) -> Any:
    """The answer, read to its end: a file that is not stays open."""
    answer = client.get(path)
    answer.getvalue()
    return answer


class Everybody:
    """The cast in their browsers, what they have been shown so far, and what was wrong with it."""

    def __init__(self, cast: Any, *only: str) -> None:
        self.cast, self.clients = cast, addresses.clients(cast)
        self.clients = {name: client for name, client in self.clients.items() if not only or name in only}
        self.opened: set[tuple[str, str]] = set()
        self.linked: set[str] = set()
        self.faults: list[str] = []
        self.shown: set[str] = set()

    def pages(self, paths: list[str]) -> Iterator[Any]:
        """The pages of an address, as everybody who gets one."""
        for path in paths:
            for name, client in self.clients.items():
                answer = fetched(client, path)
                if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                    return  # whoever comes: there is a form for it elsewhere
                page = looking.seen(name, self.cast.users.get(name), path, answer)
                if page is not None:
                    self.shown.add(page.kind[0])
                    yield page

    def follow(self, page: Any) -> None:
        """Opens every link of a page that leads somewhere else than those opened before."""
        for target in page.links:
            kind = looking.kind_of(target)
            if kind is None:
                continue
            self.linked.add(kind[0])
            if (page.role, kind[0]) not in self.opened:
                self.opened.add((page.role, kind[0]))
                status = fetched(self.clients[page.role], target).status_code
                if status not in {200, 301, 302}:
                    self.faults.append(f"{page.path} leads {page.role or 'nobody'} to {target}, which answers {status}")

    def look(self, browser: Any, page: Any, language: str, widths: tuple[str, ...], *, colours: bool) -> None:
        """Looks at the page in a language."""
        User.objects.filter(pk=getattr(page.user, "pk", None)).update(language=language)
        self.clients[""].cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        browser.client = self.clients[page.role]
        answer = browser.page.goto(browser.site + page.path)
        said = f"{language} {page.role} {page.path}"
        if answer.status != 200:
            self.faults.append(f"{said}: {answer.status}")
            return
        found = looking.faults_on(browser.page, colours=colours, widths=widths)
        self.faults += [f"{said} {fault}" for fault in found]
        browser.page.goto("about:blank")  # or it would ask on for what is gone by then


@pytest.fixture
def browser(page: Any) -> Any:
    """A page that is answered out of this process."""
    return looking.Within(page)


@pytest.mark.slow
def test_every_address_is_accessible_and_fits_and_its_links_lead_somewhere(cast: Any, browser: Any) -> None:
    everybody, news = Everybody(cast), looking.News()
    found = looked = 0
    for at, (_name, paths) in enumerate(addresses.every_address(cast)):
        first = next(everybody.pages(paths), None) if at % 2 else None  # the others are looked at on request
        if first is None:
            continue
        found += 1
        everybody.follow(first)
        if first.elements <= news.elements:
            continue  # nothing in it that was not looked at on another page
        news.has(first)
        language, width = TURNS[looked % len(TURNS)]
        everybody.look(browser, first, language, (width,), colours=looked % 3 == 0)
        looked += 1
    assert found > 80
    assert looked > 30
    assert not everybody.faults, "\n".join(everybody.faults)


@pytest.mark.slow
@ON_REQUEST
def test_every_address_as_several_people_in_both_languages_and_at_both_widths(cast: Any, browser: Any) -> None:
    everybody, news = Everybody(cast, "principal_of_hedong", "cluster_head", *addresses.FIRST, ""), looking.News()
    for _name, paths in addresses.every_address(cast):
        for page in everybody.pages(paths[:2]):
            everybody.follow(page)
            if news.has(page):
                for language in ("zh-hans", "en"):
                    everybody.look(browser, page, language, ("phone", "desktop"), colours=language == "zh-hans")
    hidden = {name for name in everybody.shown if name.startswith("rotation:")} - everybody.linked
    everybody.faults += [f"no link leads to {name}" for name in sorted(hidden)]
    assert not everybody.faults, "\n".join(everybody.faults)
