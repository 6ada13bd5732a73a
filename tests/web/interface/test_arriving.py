"""Everything is received at once and keeps its moment, though few answer: in one process and behind the real server."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread, current_thread
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import clear_url_caches, get_resolver

from junheng.web.interface.arriving import READ_AT_ONCE, STAMP, ArrivalMiddleware, Reception, Turns, arrived

REQUESTS, TAKES = 20, 0.25
SOURCE = Path(__file__).resolve().parents[3] / "src"
APPLICATIONS = f"""
import time
from junheng.web.interface.arriving import STAMP, Reception

def slow(environ, start_response):
    begun = time.time()
    environ["wsgi.input"].read()
    time.sleep({TAKES})
    start_response("200 OK", [])
    return [repr(environ.get(STAMP, begun)).encode()]

received = Reception(slow, threads=2)
"""


def asked(body: bytes = b"", **more: Any) -> dict[str, Any]:
    """What a server hands over."""
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))} | more


# --- whose turn it is -------------------------------------------------------------------------------------------------


def crowd(turns: Turns, takes: list[float]) -> tuple[list[int], int]:
    """Threads that come one after the other and each take so many seconds: in which order they began, how many at most
    were at work together."""
    began: list[int] = []
    together, most = 0, 0
    guard = Lock()

    def work(number: int) -> None:
        nonlocal together, most
        with turns.turn():
            with guard:
                began.append(number)
                together += 1
                most = max(most, together)
            time.sleep(takes[number])
            with guard:
                together -= 1

    threads = [Thread(target=work, args=(number,)) for number in range(len(takes))]
    for thread in threads:
        thread.start()
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    return began, most


def test_quick_requests_are_answered_one_after_the_other_in_the_order_in_which_they_came() -> None:
    assert crowd(Turns(patience=30), [0.02] * 12) == (list(range(12)), 1)
    assert crowd(Turns(patience=0), [0.1] * 4)[1] == 4, "without patience nobody waits for anybody"


def test_a_slow_request_holds_up_the_others_for_no_longer_than_the_patience() -> None:
    began, most = crowd(Turns(patience=0.1), [1.0, 0.01, 0.01, 0.01])
    assert began == [0, 1, 2, 3]
    assert most == 2, "the quick ones go beside the slow one, and one by one"


def test_a_turn_is_passed_on_by_whoever_fails() -> None:
    turns = Turns(patience=60)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn():
        pass


# --- in one process ---------------------------------------------------------------------------------------------------


def test_the_moment_of_reception_is_that_of_a_request_wherever_it_then_waits() -> None:
    request = HttpRequest()
    request.META[STAMP] = 1_000_000_000.5
    seen = []
    ArrivalMiddleware(lambda given: seen.append(arrived(given)) or HttpResponse())(request)
    assert seen[0].timestamp() == 1_000_000_000.5
    request.META[STAMP] = "1000000000.5"  # as from the environment of the process: nobody's word
    ArrivalMiddleware(lambda given: seen.append(arrived(given)) or HttpResponse())(request)
    assert time.time() - seen[1].timestamp() < 5


def test_a_form_is_read_before_it_counts_and_a_large_file_when_it_is_wanted() -> None:
    found: list[Any] = []

    def application(environ: dict[str, Any], _start: Any) -> HttpResponse:
        found.append(environ["wsgi.input"])
        return HttpResponse(environ["wsgi.input"].read())

    reception = Reception(application, threads=1)
    small, large = asked(b"a=1"), asked(b"x" * (READ_AT_ONCE + 1))
    kept = large["wsgi.input"]
    assert list(reception(small, None)) == [b"a=1"]
    assert found[0].getvalue() == b"a=1"
    reception(large, None)
    assert found[1] is kept
    for unread in ("", "-1", "x"):
        assert list(reception(asked(b"", CONTENT_LENGTH=unread), None)) == [b""]


def test_a_page_is_finished_and_closed_by_the_thread_that_answered_it_and_a_stream_is_handed_on() -> None:
    closed: list[str] = []

    def application(environ: dict[str, Any], _start: Any) -> Any:
        answer = StreamingHttpResponse(iter([b"a", b"b"])) if environ["stream"] else HttpResponse("ab")
        answer.close = lambda: closed.append(current_thread().name)  # type: ignore[method-assign]
        return answer

    reception = Reception(application, threads=1)
    assert reception(asked(stream=False), None) == [b"ab"]
    assert closed[0].startswith("answering")
    assert list(reception(asked(stream=True), None)) == [b"a", b"b"]
    assert len(closed) == 1


def test_what_the_application_raises_reaches_the_server() -> None:
    def application(_environ: dict[str, Any], _start: Any) -> Any:
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        Reception(application, threads=1)(asked(), None)


def test_the_door_receives_and_has_read_every_address_before_somebody_knocks() -> None:
    clear_url_caches()
    door = importlib.reload(importlib.import_module("junheng.web.wsgi"))
    assert isinstance(door.application, Reception)
    assert "url_patterns" in vars(get_resolver())


# --- behind the server ------------------------------------------------------------------------------------------------


@contextmanager
def server(folder: Path, application: str, threads: int) -> Iterator[int]:
    """Granian with one process; gives its port."""
    (folder / "applications.py").write_text(APPLICATIONS, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1",
        "--blocking-threads", str(threads), "--log-level", "critical", f"applications:{application}",
    ]  # fmt: skip
    told = os.environ | {"PYTHONPATH": f"{SOURCE}{os.pathsep}{folder}"}
    process = subprocess.Popen(command, env=told)
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None and time.monotonic() < until
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        assert process.wait(15) is not None


def waits(port: int) -> tuple[float, float]:
    """Many who send a form at one moment: the longest time until one counts as arrived, and until the last answer."""

    def send(_number: int) -> float:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        sent = time.time()
        connection.request("POST", "/", body="a=1")
        moment = float(connection.getresponse().read())
        connection.close()
        return moment - sent

    began = time.monotonic()
    with ThreadPoolExecutor(REQUESTS) as clients:
        longest = max(clients.map(send, range(REQUESTS)))
    return longest, time.monotonic() - began


def test_who_waits_in_the_queue_has_arrived(tmp_path: Path) -> None:
    with server(tmp_path, "received", threads=64) as port:
        longest, took = waits(port)
    assert took >= REQUESTS * TAKES / 2, "two answer, the others wait"
    assert longest < 1


def test_without_the_reception_the_queue_costs_the_deadline(tmp_path: Path) -> None:
    with server(tmp_path, "slow", threads=2) as port:
        longest, _took = waits(port)
    assert longest > REQUESTS * TAKES / 2 - 2 * TAKES - 0.1
