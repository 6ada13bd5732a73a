"""Handing out the counties: largest first, to as many workers as there are, each finished one kept at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from junheng.fleet.counties import CountyFile
from junheng.fleet.store import Store
from junheng.fleet.tasks import Outcome, Settings, Task, key_of, task_of


class Workers(Protocol):
    """Who plans: this process, or Dask's workers."""

    @property
    def count(self) -> int:
        """How many counties are planned at a time."""

    @property
    def see_our_disk(self) -> bool:
        """Whether a path is enough to find a county."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """What came of each task, as they finish; takes the next one only when a worker is free."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``left`` is the remaining seconds by the teachers planned so far, ``None`` at the beginning."""

    done: int
    running: int
    failed: int
    kept: int
    of: int
    left: float | None


@dataclass(slots=True)
class Run:
    """What came of a run: every county's outcome in the order of ids, and how long this run took.

    ``busy`` is the sum of the seconds that counties took in this run, ``planned`` how many it planned anew.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    planned: int = 0
    kept: int = 0
    wall: float = 0.0
    busy: float = 0.0
    workers: int = 1

    @property
    def utilisation(self) -> float:
        """The part of the workers' time in which they planned; 1 is all of it."""
        return self.busy / (self.wall * self.workers) if self.wall else 0.0


class InOrder:
    """Plans one county after another in this process, without Dask."""

    count = 1
    see_our_disk = True

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """What came of each task."""
        return map(plan_task, tasks)


def plan_task(task: Task) -> Outcome:
    """Plans one county, on a worker or here; the solver is imported by the process that works with it."""
    from junheng.fleet.work import plan_county  # noqa: PLC0415 - see above

    return plan_county(task)


def run_fleet(
    counties: Sequence[CountyFile],
    settings: Settings,
    store: Store,
    workers: Workers,
    *,
    version: str,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Plans every county that is not finished in ``store`` and keeps each result as soon as it is there.

    An interruption leaves what was finished; the same call goes on from there.
    """
    began = time.perf_counter()
    keys = {each.id: key_of(each, settings, version) for each in counties}
    run = Run(workers=workers.count)
    waiting: list[CountyFile] = []
    for each in counties:
        kept = store.kept(each, keys[each.id])
        waiting.append(each) if kept is None else run.outcomes.append(kept)
    run.kept = len(run.outcomes)
    sizes = {each.id: each.teachers for each in waiting}
    given: list[str] = []

    def tasks() -> Iterator[Task]:
        for each in waiting:
            given.append(each.id)
            yield task_of(each, settings, by_path=workers.see_our_disk)

    def told() -> Progress:
        finished = run.outcomes[run.kept :]
        work, all_work = sum(sizes[o.id] for o in finished), sum(sizes.values())
        spent = time.perf_counter() - began
        return Progress(
            done=len(finished),
            running=len(given) - len(finished),
            failed=sum(o.status == "failed" for o in finished),
            kept=run.kept,
            of=len(counties),
            left=spent * (all_work - work) / work if work else None,
        )

    tell(told())
    for outcome in workers.run(tasks()):
        store.keep(outcome, keys[outcome.id])
        run.outcomes.append(outcome)
        run.busy += outcome.seconds.get("total", 0.0)
        tell(told())
    run.planned = len(run.outcomes) - run.kept
    run.wall = time.perf_counter() - began
    run.outcomes.sort(key=lambda outcome: outcome.id)
    return run
