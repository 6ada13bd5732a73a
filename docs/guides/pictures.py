"""The pictures of the guides, taken anew from the fictional demo county.

    .venv/bin/python docs/guides/pictures.py               all of them, into docs/images
    .venv/bin/python docs/guides/pictures.py rotation-     those whose name begins so

Makes a small demo county in a folder that is thrown away, serves it, signs in as each role and writes the pages named
in ``pictures.toml`` beside this file. Needs Debian's ``chromium`` and ``fonts-noto-cjk``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTHS = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 760}}
COMMAND = [sys.executable, "-m", "junheng.cli", "web"]


def main(begins: str = "") -> None:
    """Takes every picture whose name begins so, each as the account that the list names."""
    listed = tomllib.loads((HERE / "pictures.toml").read_text("utf-8"))["picture"]
    wanted = [each for each in listed if each["name"].startswith(begins)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        told = os.environ | {"JUNHENG_MODE": "demo", "JUNHENG_HTTPS": "false", "JUNHENG_DATA_DIR": folder}
        told["PYTHONPATH"] = str(ROOT / "src")
        made = subprocess.run(
            [*COMMAND, "demo", "--size", "small", "--seed", "1", "--json"],
            env=told, check=True, capture_output=True, text=True,
        )  # fmt: skip
        password = json.loads(made.stdout)["password"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serving(told) as site:
            for each in wanted:
                take(browser, site, password, each)
                print(f"{each['name']}.png")


@contextmanager
def serving(told: dict[str, str]) -> Iterator[str]:
    """The server on a free port of this machine, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=told, stdout=subprocess.DEVNULL)
    try:
        wait_for(site)
        yield site
    finally:
        server.terminate()
        server.wait(30)


def wait_for(site: str, seconds: float = 90) -> None:
    """Until the site answers; after so long something is wrong."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not answer")


def take(browser: Browser, site: str, password: str, picture: dict[str, Any]) -> None:
    """One picture: sign in, follow the steps, wait until nothing moves, write the file."""
    width = WIDTHS[picture.get("width", "desktop")]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=width, reduced_motion="reduce")
    page = context.new_page()
    if account := picture.get("account"):
        page.goto(f"{site}/account/login/")
        page.locator("#id_login").fill(account)
        page.locator("#id_password").fill(password)
        page.get_by_role("button", name=re.compile("^登录$")).click()
        page.wait_for_load_state("networkidle")
    page.goto(f"{site}{picture['path']}")
    for step in picture.get("steps", []):
        follow(page, step)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{picture['name']}.png", full_page=picture.get("whole", False))
    context.close()


def follow(page: Page, step: str) -> None:
    """A step of the list: ``link:words``, ``button:words``, ``fill:label=text``, ``scroll:words``."""
    kind, _, words = step.partition(":")
    if kind == "fill":
        label, _, text = words.partition("=")
        page.get_by_label(label).first.fill(text)
    elif kind == "scroll":
        page.get_by_text(words).first.scroll_into_view_if_needed()
    else:
        page.get_by_role(kind, name=words).first.click()
        page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main(*sys.argv[1:2])
