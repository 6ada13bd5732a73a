"""Two series of one problem side by side: what is asked of a lane depends on its earlier questions only.

A lane's answers are the same whether it runs in a process of its own or in this one.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import cast

from junheng.planning.problem import Objective, Problem
from junheng.planning.result import Result
from junheng.planning.solving.series import Series

Question = tuple[Objective, float]
"""An objective and the relative gap at which its search may stop."""


class Lanes:
    """Two lanes; use it as a context, which ends the other process."""

    def __init__(self, problem: Problem, *, processes: int) -> None:
        self.problem = problem
        self.here = Series(problem)
        self.other: Series | None = None
        self.asked: list[Question] = []
        self.line: Connection | None = None
        self.process: BaseProcess | None = None
        if processes > 1:
            self._start()

    def _start(self) -> None:
        near, far = _context().Pipe()
        try:
            self.process = _context().Process(target=_serve, args=(far, self.problem), daemon=True)
            self.process.start()
            self.line = near
        except (AssertionError, OSError, RuntimeError):  # a daemon may have no children; a system may allow none
            near.close()
        finally:
            far.close()

    def ask(self, first: Question, second: Question | None = None) -> tuple[Result, ...]:
        """The answers of the first lane and, with a second question, of the second one."""
        if second is None:
            return (self.here.solve(*first),)
        if self.line is None:
            return self.here.solve(*first), self._second().solve(*second)
        self.asked.append(second)
        self.line.send(second)
        mine = self.here.solve(*first)
        try:
            theirs: Result = self.line.recv()
        except (EOFError, OSError):  # the process died: what it was asked is asked again here
            self._stop()
            theirs = [self._second().solve(*question) for question in self.asked][-1]
        return mine, theirs

    def _second(self) -> Series:
        if self.other is None:
            self.other = Series(self.problem)
        return self.other

    def _stop(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None
        if self.process is not None:
            self.process.join(timeout=5)
            if self.process.is_alive():
                self.process.terminate()
            self.process = None

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()


def _serve(line: Connection, problem: Problem) -> None:
    """What the other process does: it answers until nobody asks any more."""
    series = Series(problem)
    while True:
        try:
            objective, gap = line.recv()
        except EOFError:
            return
        line.send(series.solve(objective, gap))


def _context() -> SpawnContext:
    """New processes that do not inherit this one's threads."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return cast(SpawnContext, multiprocessing.get_context(method))
