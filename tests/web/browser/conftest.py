"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
REFUSED = re.compile(r"status of 4\d\d")
"""What the browser notes when a page answers that something was refused, which tests ask for."""
expect.set_options(timeout=15_000)  # a busy machine is no fault of a page
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, and say what to install."""
    if CHROMIUM is None:
        absent = pytest.mark.skip(reason="no Chromium; on Debian: apt-get install chromium fonts-noto-cjk")
        for item in items:
            if "web/browser" in item.path.as_posix():
                item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's browser, as root too."""
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each test has a server of its own. The plugin's own fixture is of a kind that pytest gives up."""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desktop in China."""
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESKTOP}


@pytest.fixture(autouse=True)
def _plain_http(settings: Any) -> None:
    """The server of the tests speaks HTTP."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def enter(context: Any, site: str, user: Any) -> None:
    """Signs somebody in, in every page of a context, without the login page."""
    if any(grant.rule.second_factor for grant in user.grants.all()):
        exists = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        if not exists:
            totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


@pytest.fixture
def sign_in(live_server: Any, context: Any, cast: Any) -> Callable[[str], None]:
    """Signs the named person of the cast in, without the login page."""
    return lambda name: enter(context, live_server.url, cast.users[name])


def watched(page: Any) -> Any:
    """A page that notes errors of scripts and refusals of the content security policy in ``page.troubles``."""
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: page.troubles.append(line.text) if line.type == "error" else None)
    return page


def troubles_of(page: Any) -> list[str]:
    """What a watched page noted, without the answers that refuse."""
    return [each for each in page.troubles if not REFUSED.search(each)]


@pytest.fixture
def page(page: Any, live_server: Any) -> Iterator[Any]:
    """A page on which an error of a script, or a refusal of the content security policy, fails the test."""
    watched(page)
    page.set_default_timeout(30_000)
    yield page
    assert not troubles_of(page)


@pytest.fixture
def phone(page: Any) -> Any:
    """The page on a telephone."""
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def without_scripts(live_server: Any, new_context: Callable[..., Any], cast: Any) -> Callable[[str], Any]:
    """Opens a page, for the named person, in a browser that runs no script."""

    def opened(name: str) -> Any:
        context = new_context(java_script_enabled=False)
        enter(context, live_server.url, cast.users[name])
        return context.new_page()

    return opened


def wide(page: Any) -> int:
    """By how many pixels the page is wider than the window; 0 where nothing scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
