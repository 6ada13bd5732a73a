"""The pictures of the guides, taken anew from the fictional demo county.

    .venv/bin/python docs/guides/pictures.py               all of them, into docs/images
    .venv/bin/python docs/guides/pictures.py rotation-     those whose name begins so

Makes a small demo county in a folder that is thrown away, serves it, signs in as each role and writes the pages named
in ``pictures.toml`` beside this file. With ``JUNHENG_DATA_DIR`` a demo that was made there before is served instead.
Needs Debian's ``chromium`` and ``fonts-noto-cjk``.
"""

from __future__ import annotations

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
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTHS = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 760}}
COLOURS = 200
PASSWORD = "junheng-demo-2026"  # noqa: S105 - of every demo, known to all by intention
COMMAND = [sys.executable, "-m", "junheng.cli", "web"]


def main(begins: str = "") -> None:
    """Takes every picture whose name begins so, each as the account that the list names."""
    listed = tomllib.loads((HERE / "pictures.toml").read_text("utf-8"))["picture"]
    wanted = [each for each in listed if each["name"].startswith(begins)]
    with demo() as told, serving(told) as site, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )  # fmt: skip
        for each in wanted:
            take(browser, site, each)
            print(f"{each['name']}.png")


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """The environment of a demo: of one that is there, or of a new one, gone when the block ends."""
    told = os.environ | {"JUNHENG_MODE": "demo", "JUNHENG_HTTPS": "false", "PYTHONPATH": str(ROOT / "src")}
    if "JUNHENG_DATA_DIR" in os.environ:
        yield told
        return
    with tempfile.TemporaryDirectory() as folder:
        told["JUNHENG_DATA_DIR"] = folder
        subprocess.run([*COMMAND, "demo", "--size", "small", "--seed", "1"], env=told, check=True, capture_output=True)
        yield told


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


def wait_for(site: str, seconds: float = 300) -> None:
    """Until the site answers; after so long something is wrong."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not answer")


def take(browser: Browser, site: str, picture: dict[str, Any]) -> None:
    """One picture: sign in, follow the steps, wait until nothing moves, write the file."""
    width = WIDTHS[picture.get("width", "desktop")]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=width, reduced_motion="reduce")
    page = context.new_page()
    if account := picture.get("account"):
        page.goto(f"{site}/account/login/")
        page.locator("#id_login").fill(account)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("^登录$")).click()
        page.wait_for_load_state("networkidle")
    page.goto(f"{site}{picture['path'].format(last_month=last_month())}")
    for step in picture.get("steps", []):
        follow(page, site, step)
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    shot = page.screenshot(full_page=picture.get("whole", False))
    context.close()
    colours = Image.open(BytesIO(shot)).convert("RGB")
    if picture.get("all_colours"):
        colours.save(IMAGES / f"{picture['name']}.png", optimize=True)
        return
    few = colours.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{picture['name']}.png", optimize=True)


def last_month() -> str:
    """The month that is over, as a page of months names it."""
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def follow(page: Page, site: str, step: str) -> None:
    """A step of the list.

    ``link:words``, ``button:words``, ``fill:label=text``, ``scroll:words`` into view, ``top:words`` to the upper edge,
    ``go:path``.
    """
    kind, _, words = step.partition(":")
    if kind == "fill":
        label, _, text = words.partition("=")
        page.get_by_label(label).first.fill(text)
    elif kind == "scroll":
        page.get_by_text(words).first.scroll_into_view_if_needed()
    elif kind == "top":
        page.get_by_text(words).first.evaluate("found => scrollTo(0, found.getBoundingClientRect().top + scrollY - 90)")
    elif kind == "go":
        page.goto(f"{site}{words}")
    else:
        page.get_by_role(kind, name=words).first.click()
        page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main(*sys.argv[1:2])
