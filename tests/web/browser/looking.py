"""What is looked at in a page: links, what it is built of, accessibility by axe, width; see ``test_every_page.py``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,  # of style sheets: no rule of these looks into them
}
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
ONE_ROW_OF_EACH_BUILD = """() => document.querySelectorAll('tbody').forEach((body) => {
  const known = new Set();
  for (const row of [...body.rows]) {
    const build = row.outerHTML.replace(/>[^<]+</g, '><').replace(/ (?!class=|role=|type=)([\\w-]+)="[^"]*"/g, ' $1');
    if (known.has(build)) row.remove();
    known.add(build);
  }
})"""
"""Leaves of the rows of a table that differ in nothing but words the first one."""
NO_PAGES = {
    "health", "account_logout", "mfa_download_recovery_codes", "mfa_login_webauthn", "records:attachment",
    "staffing:intake_progress", "staffing:intake_faults", "staffing:export_file", "rotation:public_file",
    "rotation:public_bundle", "rotation:public_verify",
}  # fmt: skip
"""Addresses that answer something else than a page: a file, a part of a page, a redirection."""
BY_VALUE = {"tab", "view", "kind", "part", "step", "stage", "show", "group", "basis"}
"""Words of a query whose value makes another page; of others it is only told whether they are there."""
ASIDE = {"export", "sort", "page", "next", "on", "q", "docx"}
"""Words of a query whose links are not followed: files, and other orders of the same list."""

Kind = tuple[str, tuple[str, ...]]


class Links(HTMLParser):
    """Collects addresses of links, and what the page is built of, without its texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link is kept, and the tag with its classes and the names of its attributes."""
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.found.append(given["href"] or "")
        classes = " ".join(sorted((given.get("class") or "").split()))
        self.elements.add(f"{tag}.{classes}[{','.join(sorted(given))}]")


@dataclass
class Seen:
    """A page that somebody reached."""

    role: str
    user: Any
    path: str
    kind: Kind
    elements: frozenset[str]
    links: list[str] = field(default_factory=list)


def seen(role: str, user: Any, address: str, answer: Any) -> Seen | None:
    """A page that was answered; ``None`` for what is no page."""
    kind = kind_of(address)
    if kind is None or answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
        return None
    links = Links()
    links.feed(answer.content.decode())
    targets = [urljoin(address, link).split("#")[0] for link in links.found]
    return Seen(role, user, address, kind, frozenset(links.elements), targets)


def kind_of(address: str) -> Kind | None:
    """The name of the address with the words of its query; ``None`` for what is not ours or no page."""
    parts = urlsplit(address)
    if parts.netloc or parts.scheme not in {"", "http"} or not parts.path.startswith("/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None if parts.path.startswith("/static/") else ("404", (parts.path,))
    words = parse_qsl(parts.query)
    if match.view_name in NO_PAGES or {name for name, _value in words} & ASIDE:
        return None
    told = sorted(f"{name}={value}" if name in BY_VALUE else name for name, value in words)
    return match.view_name, tuple(told)


def faults_on(page: Any, *, colours: bool, widths: Iterable[str] = ("phone", "desktop")) -> Iterator[str]:
    """What is wrong with the page that stands open, at each of the widths."""
    widths = list(widths)
    for name in widths:
        page.set_viewport_size(WIDTHS[name])
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            yield f"{name}: {over} px wider than the window"
    page.evaluate(ONE_ROW_OF_EACH_BUILD)
    page.evaluate(AXE_SCRIPT)
    options = WCAG if colours else WCAG | {"rules": {"color-contrast": {"enabled": False}}}
    for name in reversed(widths):
        page.set_viewport_size(WIDTHS[name])
        for rule in page.evaluate("options => axe.run(document, options)", options)["violations"]:
            for node in rule["nodes"][:2]:
                where = " ".join(str(each) for each in node["target"])
                yield f"{name}: {rule['id']} ({len(rule['nodes'])}) {where} {node['html'][:120]}"


class News:
    """Of what was seen before: which page is the first of its kind or has an element that none had."""

    def __init__(self) -> None:
        self.kinds, self.elements = set[Kind](), set[str]()

    def has(self, page: Seen) -> bool:
        """Whether the page is worth a look, and notes that it was seen."""
        new = page.kind not in self.kinds or not page.elements <= self.elements
        if new:
            self.kinds.add(page.kind)
            self.elements |= page.elements
        return new


class Within:
    """Answers a browser out of this process, as ``client``: without a server, and within the test's transaction."""

    site = "http://localhost"

    def __init__(self, page: Any) -> None:
        self.page, self.client = page, Client()
        self._context = copy_context()  # the test's connection to the database is in it
        page.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        parts = urlsplit(route.request.url)
        if parts.path.startswith("/static/"):
            found = finders.find(parts.path.removeprefix("/static/"))
            route.fulfill(path=found) if found else route.fulfill(status=404)
            return
        told = {name: value for name, value in route.request.headers.items() if name.startswith("hx-")}
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = self._context.run(self.client.get, address, headers=told)
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.getvalue())
