"""``junheng web serve`` and ``worker``: what they need, what they say, and how they stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest

from junheng.cli.web import serving

SOURCE = Path(__file__).resolve().parents[3] / "src"


def told(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a server of one's own."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {
        "JUNHENG_DATA_DIR": str(folder), "JUNHENG_HTTPS": "false", "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1",
    } | more  # fmt: skip


def junheng(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "junheng.cli", "web", *words],
        env=told(folder, **more), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use_is_refused_and_what_to_do_is_said(tmp_path: Path, taken: int) -> None:
    refused = junheng(tmp_path, "serve", "--port", str(taken), "--lang", "en")
    assert refused.returncode == 2
    assert f"port {taken} is in use" in refused.stderr and "--port" in refused.stderr
    assert not list(tmp_path.iterdir()), "nothing was made"


def test_an_address_of_no_machine_here_is_refused(tmp_path: Path) -> None:
    refused = junheng(tmp_path, "serve", "--host", "192.0.2.1", "--port", "8999")
    assert refused.returncode == 2
    assert "--host" in refused.stderr and "Traceback" not in refused.stderr


def test_a_worker_does_not_touch_a_database_that_is_not_up_to_date(tmp_path: Path) -> None:
    refused = junheng(tmp_path, "worker", "--once")
    assert refused.returncode == 2
    assert "junheng web migrate" in refused.stderr


def test_a_database_that_does_not_answer_is_said_to_be_so(tmp_path: Path) -> None:
    refused = junheng(tmp_path, "worker", "--once", "--lang", "en", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert refused.returncode == 2
    assert "the database does not answer" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.slow
def test_the_site_starts_on_an_empty_folder_answers_and_stops_within_ten_seconds(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as written:
        site = subprocess.Popen(
            [sys.executable, "-m", "junheng.cli", "web", "serve", "--port", str(port), "--workers", "1"],
            env=told(tmp_path / "data"), stdout=written, stderr=written, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while f":{port}/" not in log.read_text():
            assert site.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.read() == b"ok\n"
        began = time.monotonic()
        site.terminate()
        assert site.wait(15) == 0
        assert time.monotonic() - began < 11
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)
        assert junheng(tmp_path / "data", "worker", "--once").returncode == 0
    finally:
        if site.poll() is None:
            os.killpg(site.pid, signal.SIGKILL)
            site.wait()


class Ending(serving.Child):
    """A child that ends at once, and counts how often it was started."""

    starts = 0

    def start(self) -> None:
        """Starts and ends."""
        type(self).starts += 1
        super().start()


def test_a_worker_that_ends_is_started_again_and_the_end_of_the_server_is_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Ending.starts = 0
    worker = Ending("worker", (sys.executable, "-c", "raise SystemExit(3)"), restarts=True, pause=0.05)
    web = serving.Child("web", (sys.executable, "-c", "import time; time.sleep(4)"))
    for each in (worker, web):
        each.start()
    assert serving.watch((web, worker), Event(), every=0.05) is web
    serving.stop_all((web, worker))
    assert Ending.starts >= 3
    assert "worker ended with 3" in capfd.readouterr().err


def test_threads_are_bounded_because_each_holds_a_connection() -> None:
    for workers in (1, 2, 8, 64):
        threads = serving.answering_threads(workers)
        assert 4 <= threads <= 16
        assert workers > 16 or workers * threads <= 64
    assert 1 <= serving.default_workers() <= 8


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::", "http://[::1]:80/")],  # noqa: S104
)
def test_the_address_shown_can_be_typed_into_a_browser(host: str, shown: str) -> None:
    assert serving.address(host, 80) == shown
