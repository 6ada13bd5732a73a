"""Clients of a server that is being measured: one alone, several without a pause, many who think between pages."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Sequence
from typing import Any

CLIENTS = 16
USERS = 50
THINK = 2.0
"""Seconds between an answer and the next page of the same user."""
PAGES = (
    ("home", "/"),
    ("teachers, first page", "/staffing/teachers/"),
    ("teachers, searched", "/staffing/teachers/?q=wang"),
    ("teachers, page 40", "/staffing/teachers/?page=40"),
    ("a teacher", "{teacher}"),
    ("schools", "/staffing/schools/"),
    ("a school", "{school}"),
    ("establishment", "/staffing/establishment/"),
    ("overview", "/overview/"),
    ("balance", "/overview/balance/"),
    ("map", "/overview/map/"),
)
LISTS = ("teachers, first page", "teachers, searched", "teachers, page 40", "schools", "establishment")
"""Pages whose list has fifty rows."""


def pages(
    port: int, found: dict[str, Any], requests: int, listed: Sequence[tuple[str, str]] = PAGES
) -> dict[str, dict[str, float]]:
    """Every page alone and with all clients at once."""
    pages = {}
    for name, pattern in listed:
        path = pattern.format(teacher=found.get("teacher_url"), school=found.get("school_url"))
        _together(port, path, found["cookie"], 2)  # both processes have reckoned what they keep
        alone, size = _ask(port, path, found["cookie"], requests)
        together = _together(port, path, found["cookie"], max(2, requests * 4 // CLIENTS))
        pages[name] = {
            "bytes": size, "alone_p50": at(alone, 0.5), "alone_p95": at(alone, 0.95),
            "together_p95": at(together["seconds"], 0.95), "per_second": together["per_second"],
            "queries": found["queries"].get(name),
        }  # fmt: skip
    return pages


def _ask(port: int, path: str, cookie: str, times: int) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    seconds, size = [], 0
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Host": "127.0.0.1"})
        answer = connection.getresponse()
        size = len(answer.read())
        seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    connection.close()
    return seconds, size


def _together(port: int, path: str, cookie: str, each: int) -> dict[str, Any]:
    seconds: list[float] = []
    faults: list[BaseException] = []

    def client() -> None:
        try:
            seconds.extend(_ask(port, path, cookie, each)[0])
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"{path}: {faults[0]}")
    return {"seconds": seconds, "per_second": len(seconds) / (time.perf_counter() - began)}


def users(port: int, found: dict[str, Any], seconds: float, seed: int) -> dict[str, float]:
    """Fifty users for so many seconds, each on a connection of his own, any page after any other."""
    paths = [pattern.format(teacher=found["teacher_url"], school=found["school_url"]) for _name, pattern in PAGES]
    took: list[float] = []
    failed: list[int] = []
    until = time.monotonic() + seconds

    def user(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 - which page is next
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        time.sleep(chance.uniform(0, THINK))
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", chance.choice(paths), headers={"Cookie": found["cookie"], "Host": "127.0.0.1"})
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            if answer.status != 200:
                failed.append(answer.status)
            time.sleep(THINK)
        connection.close()

    threads = [threading.Thread(target=user, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "p50": at(took, 0.5), "p95": at(took, 0.95), "p99": at(took, 0.99), "answers": len(took),
        "failed": len(failed),
    }  # fmt: skip


def at(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
