"""Times a piece of work inside the process that does it, with the standard library only, so that any peer can."""

from __future__ import annotations

import gc
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

Facts = TypeVar("Facts")
Answers = TypeVar("Answers")


def peak_megabytes() -> float:
    """The most memory that this process has held.

    Linux hands a child the peak of its parent in ``ru_maxrss``; ``VmHWM`` starts anew with the program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(
    load: Callable[[], Facts], work: Callable[[Facts], Answers], repeats: int
) -> tuple[Answers, dict[str, Any]]:
    """Do the work so many times on facts loaded once: the last answers, and the figures.

    ``seconds`` and ``cpu`` are medians; ``megabytes_of_facts`` is the peak once the facts were loaded, ``megabytes`` at
    the end.
    """
    started = time.perf_counter()
    facts = load()
    loaded = time.perf_counter() - started
    before = peak_megabytes()
    walls, processors = [], []
    answers: Answers | None = None
    for _ in range(repeats):
        answers = None
        gc.collect()
        wall, processor = time.perf_counter(), time.process_time()
        answers = work(facts)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    figures = {
        "load": loaded,
        "seconds": statistics.median(walls),
        "cpu": statistics.median(processors),
        "megabytes_of_facts": before,
        "megabytes": peak_megabytes(),
    }
    assert answers is not None, "repeats is at least 1"
    return answers, figures


def report(figures: dict[str, Any], *packages: str) -> None:
    """Hand the figures, and the versions of these packages, to the process that started this one."""
    print(json.dumps({**figures, "versions": {name: metadata.version(name) for name in packages}}))
