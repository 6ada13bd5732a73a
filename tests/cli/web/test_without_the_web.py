"""The library and its command line work where the web is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REFUSING = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "allauth", "psycopg", "cryptography"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "django" else found(name, *rest)
from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
sys.exit(run(COMMANDS, sys.argv[1:]))
"""


def junheng_without_django(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", REFUSING, *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_a_county_is_written_and_measured_without_django(tmp_path: Path) -> None:
    book = tmp_path / "county.xlsx"
    assert junheng_without_django("synth", "--teachers", "200", "-o", book).returncode == 0
    measured = junheng_without_django("measure", book)
    assert measured.returncode in {0, 1}, measured.stderr
    assert "差异系数" in measured.stdout


def test_a_command_of_the_web_says_what_to_install() -> None:
    refused = junheng_without_django("web", "migrate")
    assert refused.returncode == 2
    assert "junheng[web]" in refused.stderr


def test_the_environment_is_refused_with_every_malformed_variable_named(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "junheng.cli", "web", "migrate", "--lang", "en"]
    told = {"PATH": "", "JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_LEASE_SECONDS": "soon", "JUNHENG_MODE": "fast"}
    refused = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=told)
    assert refused.returncode == 2
    assert "JUNHENG_LEASE_SECONDS" in refused.stderr
    assert "JUNHENG_MODE" in refused.stderr
    assert "Traceback" not in refused.stderr
