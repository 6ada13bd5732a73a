"""Workers and web servers that are killed, stopped, and outlive their lease, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg import sql

DRIVER = Path(__file__).with_name("job_driver.py")
SOURCE = Path(__file__).resolve().parents[3] / "src"
SERVER = os.environ.get("JUNHENG_TEST_POSTGRESQL", "postgres:///postgres").replace("postgres://", "postgresql://", 1)
NAME = f"junheng_jobs_{os.getpid()}"
KILLS = int(os.environ.get("JUNHENG_TEST_KILLS", "5"))
"""How many workers are killed over one job; an independent run asks for more."""
ROUNDS = int(os.environ.get("JUNHENG_TEST_ROUNDS", "8"))
"""How often the web server is killed."""

pytestmark = pytest.mark.slow


@dataclass
class Bureau:
    """A database of its own, and the processes that work on it."""

    url: str
    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told: a lease of one second."""
        return os.environ | {
            "DATABASE_URL": self.url, "JUNHENG_DATA_DIR": str(self.folder), "JUNHENG_LEASE_SECONDS": "1",
            "JUNHENG_HTTPS": "false", "DJANGO_SETTINGS_MODULE": "junheng.web.settings", "PYTHONPATH": str(SOURCE),
            "PYTHONUTF8": "1",
        }  # fmt: skip

    @property
    def logs(self) -> list[Path]:
        """What each worker said."""
        return sorted(self.folder.glob("worker-*.log"))

    def drive(self, *words: str) -> Any:
        """The driver's answer."""
        done = subprocess.run(
            [sys.executable, str(DRIVER), *words], env=self.environment, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout.splitlines()[-1])

    def worker(self, *words: str) -> subprocess.Popen[str]:
        """A worker's process."""
        with (self.folder / f"worker-{len(self.started)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, str(DRIVER), "worker", *words], env=self.environment, stdout=log, stderr=log, text=True
            )
        self.started.append(process)
        return process

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Straight from the database."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as base:
                return base.execute(query).fetchall()
        with psycopg.connect(self.url.replace("postgres://", "postgresql://", 1)) as base:
            return base.execute(query).fetchall()

    def job(self, key: int) -> dict[str, Any]:
        """A job as it stands."""
        names = ("status", "attempt", "attempts_allowed", "result", "fault_kind")
        values = self.rows(f"SELECT {', '.join(names)} FROM records_job WHERE id = {key}")[0]  # noqa: S608
        return dict(zip(names, values, strict=True))

    def written(self) -> int:
        """How many rows the tests' jobs have written."""
        return self.rows("SELECT count(*) FROM records_auditevent WHERE action = 'tests.row.written'")[0][0]

    def until(self, holds: Callable[[], bool], within: float = 60) -> float:
        """Waits until it holds; gives the seconds it took."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > within:
                logs = "\n".join(log.read_text() for log in self.logs)
                pytest.fail(f"not within {within} s:\n{logs[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def until_over(self, key: int, within: float = 60) -> dict[str, Any]:
        """Waits for the end of a job."""
        self.until(lambda: self.job(key)["status"] in {"done", "failed", "cancelled"}, within)
        return self.job(key)

    def mark(self, text: str = "") -> Path:
        """The file in which a job says what it is at."""
        path = self.folder / "mark"
        path.write_text(text)
        return path

    def end(self) -> None:
        """Ends every process that is left."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()


def server_or_skip() -> psycopg.Connection[Any]:
    """A connection to the server on which databases are made, or a skipped test that says why."""
    try:
        return psycopg.connect(SERVER, dbname="postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as fault:
        pytest.skip(f"no PostgreSQL answers at {SERVER} (JUNHENG_TEST_POSTGRESQL names one): {fault}")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """An empty database, made once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    if request.param == "sqlite":
        bureau = Bureau(f"sqlite:///{folder / 'made.sqlite3'}", folder)
        bureau.drive("migrate")
        yield bureau
        return
    with server_or_skip() as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        try:
            bureau = Bureau(_named(NAME), folder)
            bureau.drive("migrate")
            yield bureau
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


@pytest.fixture
def bureau(migrated: Bureau, tmp_path: Path) -> Iterator[Bureau]:
    """A database with nothing in it."""
    if migrated.url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(migrated.url.removeprefix("sqlite:///"))) as made,
            closing(sqlite3.connect(tmp_path / "own.sqlite3")) as own,
        ):
            made.backup(own)
        opened = Bureau(f"sqlite:///{tmp_path / 'own.sqlite3'}", tmp_path)
        yield opened
        opened.end()
        return
    name = f"{NAME}_own"
    with server_or_skip() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(NAME)))
        opened = Bureau(_named(name), tmp_path)
        try:
            yield opened
        finally:
            opened.end()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(name: str) -> str:
    """The server's address with another database."""
    return SERVER.replace("postgresql://", "postgres://", 1).rpartition("/")[0] + f"/{name}"


def ask(bureau: Bureau, kind: str, **arguments: Any) -> int:
    """A job of the driver's."""
    return bureau.drive("enqueue", kind, json.dumps({"mark": str(bureau.mark())} | arguments))


# --- killed --------------------------------------------------------------------------------------------------------


def test_a_job_whose_workers_are_killed_again_and_again_ends_and_writes_once(bureau: Bureau) -> None:
    chance, mark, rows = random.Random(KILLS), bureau.folder / "mark", 12  # noqa: S311 - a test's own dice
    key = ask(bureau, "tests.tally", rows=rows, seed=7)
    for number in range(KILLS):
        mark.write_text("")
        worker = bureau.worker()
        phase = ("reading", "writing")[number % 2]
        bureau.until(lambda phase=phase: mark.read_text() == phase)
        time.sleep(chance.uniform(0, 0.5))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert bureau.job(key)["status"] == "running", "killed before its end"
        assert bureau.written() == 0, "nothing half-written"
    last = bureau.worker()
    assert bureau.until_over(key)["status"] == "done"
    last.terminate()
    assert last.wait(10) == 0
    job = bureau.job(key)
    assert job["attempt"] == KILLS + 1
    assert bureau.written() == rows

    undisturbed = ask(bureau, "tests.tally", rows=rows, seed=7, pause=0)
    assert bureau.worker("--once").wait(60) == 0
    assert json_of(bureau.job(undisturbed)["result"]) == json_of(job["result"])


def json_of(stored: Any) -> Any:
    """A JSON column: text on SQLite."""
    return json.loads(stored) if isinstance(stored, str) else stored


# --- a step longer than the lease ----------------------------------------------------------------------------------


def longer_than_the_lease(bureau: Bureau, *words: str) -> dict[str, Any]:
    """A job of one step of four seconds, with a lease of one, and two workers that wait for their chance."""
    for _ in range(2):
        bureau.worker(*words)
    bureau.until(lambda: all("begins" in log.read_text() for log in bureau.logs) and len(bureau.logs) == 2)
    return bureau.until_over(ask(bureau, "tests.busy", seconds=4))


def test_a_step_longer_than_the_lease_keeps_its_job(bureau: Bureau) -> None:
    job = longer_than_the_lease(bureau)
    assert (job["status"], job["attempt"], bureau.written()) == ("done", 1, 1)


def test_without_a_heart_the_job_goes_from_hand_to_hand_but_is_never_written_twice(bureau: Bureau) -> None:
    job = longer_than_the_lease(bureau, "--no-heart")
    assert job["attempt"] > 1
    for process in bureau.started:
        stopped(bureau, process)
    assert bureau.written() <= 1


# --- told to stop --------------------------------------------------------------------------------------------------


def stopped(bureau: Bureau, process: subprocess.Popen[str]) -> float:
    """Asks a worker to stop; gives the seconds it took."""
    began = time.monotonic()
    process.terminate()
    assert process.wait(15) == 0
    return time.monotonic() - began


def test_an_idle_worker_stops_at_once(bureau: Bureau) -> None:
    worker = bureau.worker()
    bureau.until(lambda: bureau.rows("SELECT count(*) FROM records_job WHERE once <> ''")[0][0] >= 2)
    assert stopped(bureau, worker) < 4


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("tests.endless", {}), ("tests.busy", {"seconds": 60})],
    ids=["that listens", "that does not listen"],
)
def test_a_worker_told_to_stop_hands_its_job_back_within_ten_seconds(
    bureau: Bureau, kind: str, arguments: dict[str, Any]
) -> None:
    key = ask(bureau, kind, **arguments)
    worker = bureau.worker()
    bureau.until(lambda: (bureau.folder / "mark").read_text() == "reading")
    assert stopped(bureau, worker) < 10
    job = bureau.job(key)
    assert (job["status"], job["attempt"], job["attempts_allowed"]) == ("queued", 1, 6)
    assert bureau.written() == 0


def test_a_worker_told_to_stop_finishes_what_it_is_writing(bureau: Bureau) -> None:
    key = ask(bureau, "tests.tally", rows=20, seed=1, pause=0.1)
    worker = bureau.worker()
    bureau.until(lambda: (bureau.folder / "mark").read_text() == "writing")
    assert stopped(bureau, worker) < 10
    assert (bureau.job(key)["status"], bureau.written()) == ("done", 20)


def test_a_running_job_that_is_called_off_stops(bureau: Bureau) -> None:
    key = ask(bureau, "tests.endless")
    bureau.worker()
    bureau.until(lambda: (bureau.folder / "mark").read_text() == "reading")
    assert bureau.drive("cancel", str(key)) is True
    assert bureau.until_over(key, within=5)["status"] == "cancelled"


# --- the web server ------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """A web server on a free port, and people who call off waiting jobs through it."""

    bureau: Bureau
    session: str
    waiting: SimpleQueue[int]
    acknowledged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> subprocess.Popen[bytes]:
        """The server, once it answers."""
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--workers", "2",
            "--blocking-threads", "8", "--log-level", "critical", "junheng.web.wsgi:application",
        ]  # fmt: skip
        server = subprocess.Popen(command, env=self.bureau.environment, start_new_session=True)
        self.bureau.until(self._answers, within=120)
        return server

    def _answers(self) -> bool:
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def call_off_all(self) -> None:
        """One person, who goes on until the server is gone."""
        token = "a" * 32
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}", "X-CSRFToken": token}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            while True:
                key = self.waiting.get_nowait()
                connection.request("POST", f"/records/jobs/{key}/cancel/", headers=headers)
                answer = connection.getresponse()
                answer.read()
                (self.acknowledged if answer.status == 302 else self.refused).append(key)
        except (Empty, OSError, HTTPException):
            return
        finally:
            connection.close()


def test_a_server_killed_under_load_loses_nothing_that_it_acknowledged(bureau: Bureau) -> None:
    given, chance = bureau.drive("accounts", "1500"), random.Random(1)  # noqa: S311 - a test's own dice
    waiting: SimpleQueue[int] = SimpleQueue()
    for key in given["jobs"]:
        waiting.put(key)
    site = Site(bureau, given["session"], waiting)
    for _ in range(ROUNDS):
        before, server = len(site.acknowledged), site.start()
        try:
            people = [Thread(target=site.call_off_all) for _ in range(4)]
            for each in people:
                each.start()
            bureau.until(lambda before=before: len(site.acknowledged) > before)
            time.sleep(chance.uniform(0.1, 1))
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        for each in people:
            each.join(60)
    assert site.refused == []
    called_off = {key for (key,) in bureau.rows("SELECT id FROM records_job WHERE status = 'cancelled'")}
    traced = [
        int(key)
        for (key,) in bureau.rows("SELECT object_id FROM records_auditevent WHERE action = 'records.job.cancelled'")
    ]
    assert len(site.acknowledged) >= ROUNDS
    assert set(site.acknowledged) <= called_off, "what was acknowledged is there"
    assert sorted(traced) == sorted(called_off), "each with its one row of the trail, and none without"
