"""Each stage's linear programme apart, here or in other processes, as a running start for the county's.

Little binds the stages, so the joined optimal bases of the stages are nearly the optimal basis of the county. What
comes out does not depend on where a stage was solved.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import cast

from junheng.planning.solving.basis import Snapshot
from junheng.planning.solving.market import Ints, Market
from junheng.planning.solving.request import Request

Work = Callable[[Market, Ints, Request], Snapshot]


class Errand:
    """One stage's work in a process of its own; when that cannot start or dies, it is done here when asked for."""

    def __init__(self, work: Work, market: Market, stages: Ints, request: Request) -> None:
        self.task = (work, market, stages, request)
        self.line: Connection | None = None
        self.process: BaseProcess | None = None
        near, far = _context().Pipe()
        try:
            self.process = _context().Process(target=_answer, args=(far, *self.task), daemon=True)
            self.process.start()
            self.line = near
        except (AssertionError, OSError, RuntimeError):  # a daemon may have no children; a system may allow none
            near.close()
        finally:
            far.close()

    def result(self) -> Snapshot:
        """The programme's state, once it is there."""
        if self.line is None:
            return self._here()
        try:
            snapshot: Snapshot = self.line.recv()
        except (EOFError, OSError):
            return self._here()
        finally:
            self.close()
        return snapshot

    def _here(self) -> Snapshot:
        work, market, stages, request = self.task
        return work(market, stages, request)

    def close(self) -> None:
        """Ends the process."""
        if self.line is not None:
            self.line.close()
            self.line = None
        if self.process is not None:
            self.process.join(timeout=5)
            self.process = None


def _context() -> SpawnContext:
    """New processes that do not inherit this one's threads."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return cast(SpawnContext, multiprocessing.get_context(method))


def _answer(line: Connection, work: Work, market: Market, stages: Ints, request: Request) -> None:
    """What the other process does."""
    line.send(work(market, stages, request))
    line.close()


def scout(work: Work, market: Market, stages: list[Ints], request: Request, processes: int) -> list[Snapshot]:
    """The states of all stages' programmes; the last of ``stages`` is done here, the others elsewhere if allowed."""
    if processes < 2:
        return [work(market, stage, request) for stage in stages]
    errands = [Errand(work, market, stage, request) for stage in stages[:-1][: processes - 1]]
    here = [work(market, stage, request) for stage in stages[len(errands) :]]
    return [*(errand.result() for errand in errands), *here]
