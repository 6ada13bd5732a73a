"""Processes killed while they save a plan, issue an order and write its first days: taken up again, written once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.slow
DRIVER = Path(__file__).with_name("kill_driver.py")
SOURCE = Path(__file__).resolve().parents[3] / "src"
SERVER = os.environ.get("JUNHENG_TEST_POSTGRESQL", "postgres:///postgres").replace("postgres://", "postgresql://", 1)
NAME = f"junheng_killed_{os.getpid()}"
PLACED = 4


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """What the driver found after each kill, and when everything was over."""
    folder = tmp_path_factory.mktemp("killed")
    if request.param == "sqlite":
        yield told(f"sqlite:///{folder / 'own.sqlite3'}", folder)
        return
    try:
        server = psycopg.connect(SERVER, dbname="postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as fault:
        pytest.skip(f"no PostgreSQL answers at {SERVER} (JUNHENG_TEST_POSTGRESQL names one): {fault}")
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        try:
            yield told(SERVER.replace("postgresql://", "postgres://", 1).rpartition("/")[0] + f"/{NAME}", folder)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


def told(address: str, folder: Path) -> list[dict[str, Any]]:
    """The driver's story on a database."""
    environment = os.environ | {
        "DATABASE_URL": address, "JUNHENG_DATA_DIR": str(folder), "JUNHENG_LEASE_SECONDS": "1",
        "JUNHENG_HTTPS": "false", "DJANGO_SETTINGS_MODULE": "junheng.web.settings", "PYTHONPATH": str(SOURCE),
        "PYTHONUTF8": "1",
    }  # fmt: skip
    done = subprocess.run([sys.executable, str(DRIVER)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_plan_whose_workers_are_killed_is_taken_up_again_and_written_once(story: list[dict[str, Any]]) -> None:
    for number, each in enumerate(story[:3], 1):
        assert each["jobs"]["rotation.plan.compute"] == ["running", number], each["killed"]
        assert each["plans"] == [["queued", 0, "", 0, 0]], each["killed"]
        assert (each["moves"], each["files"], each["traced"].get("rotation.plan.computed", 0)) == (0, 0, 0)
    over, again = story[3], story[4]
    assert over["jobs"]["rotation.plan.compute"] == ["done", 4]
    [[status, counted, digest, rows, files]] = over["plans"]
    assert (status, files, over["files"], over["traced"]["rotation.plan.computed"]) == ("ready", 1, 1, 1)
    assert counted == rows == over["moves"] > 0
    assert again["plans"][1] == ["ready", counted, digest, rows, 1], "undisturbed it is the same plan"


def test_an_order_whose_process_is_killed_is_not_there_and_is_issued_once(story: list[dict[str, Any]]) -> None:
    killed, issued = story[5], story[6]
    assert (killed["killed"], killed["orders"], killed["lines"], killed["ordered"]) == ("issuing", 0, 0, 0)
    assert "rotation.order.issued" not in killed["traced"]
    assert "rotation.placement.begin" not in killed["jobs"]
    assert (issued["orders"], issued["lines"], issued["ordered"]) == (1, PLACED, PLACED)
    assert issued["traced"]["rotation.order.issued"] == 1
    assert issued["same"], "sent again, it is the same order"


def test_first_days_whose_workers_are_killed_are_written_person_by_person_and_once(
    story: list[dict[str, Any]],
) -> None:
    for number, each in enumerate(story[7:9], 1):
        assert each["jobs"]["rotation.placement.begin"] == ["running", number]
        assert (
            each["head_counts"] == each["spells"] == each["traced"].get("rotation.headcount.changed", 0) == number - 1
        )
    over = story[9]
    assert over["jobs"]["rotation.placement.begin"] == ["done", 3]
    assert over["head_counts"] == over["spells"] == over["traced"]["rotation.headcount.changed"] == PLACED
