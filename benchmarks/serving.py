"""What the benchmarks of the web share: databases, a child process with Django, the server."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "postgres:///postgres"
QUICK, QUICK_ANSWERS = 0.5, 64
"""Seconds within which a started process says that it is well, and how many times in a row it is asked."""


def databases(postgresql: str | None, name: str) -> list[tuple[str, str]]:
    """SQLite, and PostgreSQL with a database of that name where the server named, or that of this machine, answers."""
    found = [("SQLite", "")]
    if postgresql is None:
        postgresql = os.environ.get("JUNHENG_TEST_POSTGRESQL", "") or LOCAL
    if postgresql:
        import psycopg

        try:
            with psycopg.connect(_server(postgresql, "postgres"), autocommit=True) as connection:
                version = connection.info.server_version // 10000
        except psycopg.OperationalError as fault:
            print(f"PostgreSQL does not answer and is left out: {fault}", file=sys.stderr)
            return found
        found.append((f"PostgreSQL {version}", _server(postgresql, name)))
    return found


def _server(address: str, database: str) -> str:
    return f"{address.partition('?')[0].rpartition('/')[0]}/{database}"


def fresh(address: str) -> None:
    """An empty database; nothing for SQLite, whose file is new anyway."""
    if not address:
        return
    import psycopg

    name = address.rpartition("/")[2]
    with psycopg.connect(_server(address, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")


def told_of(address: str, folder: Path) -> dict[str, str]:
    """What the processes of the product are told by their environment."""
    return os.environ | {
        "DATABASE_URL": address,
        "JUNHENG_MODE": "demo",
        "JUNHENG_HTTPS": "false",
        "JUNHENG_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }


def child(script: str, what: str, words: list[str], told: dict[str, str]) -> dict[str, Any]:
    """What ``--child what`` of a script prints last, as JSON."""
    command = [sys.executable, script, "--child", what, *words]
    done = subprocess.run(command, env=told, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} failed")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def serving(told: dict[str, str], folder: Path) -> Iterator[int]:
    """The server on loopback as ``junheng web serve`` starts it; gives its port."""
    port = _free_port()
    command = [sys.executable, "-m", "junheng.cli", "web", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=told, stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until every web process answers: each new connection comes to any of them, and those that still load are slow."""
    until = time.monotonic() + 180
    quick = 0
    while time.monotonic() < until and server.poll() is None:
        quick = quick + 1 if _answers_quickly(port) else 0
        if quick == QUICK_ANSWERS:
            return
    raise SystemExit("the server did not start")


def _answers_quickly(port: int) -> bool:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
        answered = connection.getresponse().status == 200
    except OSError:
        time.sleep(0.2)
        return False
    finally:
        connection.close()
    return answered and time.monotonic() - began < QUICK
