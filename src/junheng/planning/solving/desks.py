"""Where a part is solved: at this desk, or at another one in a process of its own. The plan is the same."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import cast

import numpy as np

from junheng.planning.solving.market import Ints, Market
from junheng.planning.solving.part import Part, PartPlan, Request

NOBODY: Ints = np.zeros(0, dtype=np.int64)


class Desk:
    """Solves one part here, and again on the warm programme when teachers may no longer move."""

    def __init__(self, market: Market, stages: Ints, request: Request) -> None:
        self.market = market
        self.stages = stages
        self.request = request
        self.part: Part | None = None
        self.asked: Ints = NOBODY

    def ask(self, closed: Ints = NOBODY) -> None:
        """Asks for a plan in which the given teachers do not move."""
        self.asked = closed

    def answer(self) -> PartPlan:
        """The plan asked for."""
        if self.part is None:
            self.part = Part(self.market, self.stages, self.request, coupling=False)
            first = self.part.run()
            return self.part.run_without(self.asked) if len(self.asked) else first
        return self.part.run_without(self.asked)

    def close(self) -> None:
        """Ends the work."""


class FarDesk(Desk):
    """A desk in another process; when that process cannot start or dies, the work is done here after all."""

    def __init__(self, market: Market, stages: Ints, request: Request) -> None:
        super().__init__(market, stages, request)
        self.line: Connection | None = None
        self.process: BaseProcess | None = None
        context = _context()
        near, far = context.Pipe()
        try:
            self.process = context.Process(target=_work, args=(far, market, stages, request), daemon=True)
            self.process.start()
            self.line = near
        except (AssertionError, OSError, RuntimeError):  # a daemon may have no children; a system may allow none
            near.close()
        finally:
            far.close()

    def ask(self, closed: Ints = NOBODY) -> None:
        super().ask(closed)
        if self.line is not None:
            try:
                self.line.send(closed)
            except OSError:
                self.close()

    def answer(self) -> PartPlan:
        if self.line is not None:
            try:
                plan: PartPlan = self.line.recv()
            except (EOFError, OSError):
                self.close()
            else:
                return plan
        return super().answer()

    def close(self) -> None:
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


def _work(line: Connection, market: Market, stages: Ints, request: Request) -> None:
    """The other process: answers until the line is closed."""
    desk = Desk(market, stages, request)
    while True:
        try:
            desk.ask(line.recv())
        except EOFError:
            return
        line.send(desk.answer())
