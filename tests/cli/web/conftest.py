"""The command in a process and a folder of its own: Django reads its settings once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Bureau = Callable[..., Any]


def calling(place: Path) -> Bureau:
    """Calls ``junheng web …`` on the named folder's own database, below ``place``; gives exit code and answer."""

    def call(folder: str, *words: str) -> tuple[int, Any]:
        told = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "JUNHENG_LANG"}}
        told |= {"JUNHENG_MODE": "demo", "JUNHENG_HTTPS": "false", "JUNHENG_DATA_DIR": str(place / folder)}
        command = [sys.executable, "-m", "junheng.cli", "web", *words]
        done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
        try:
            return done.returncode, json.loads(done.stdout)
        except json.JSONDecodeError:
            return done.returncode, done.stdout + done.stderr

    return call


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    """The command on databases of one test."""
    return calling(tmp_path)


@pytest.fixture(scope="module")
def bureau_of_module(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """The command on databases that the tests of a file share."""
    return calling(tmp_path_factory.mktemp("bureau"))
