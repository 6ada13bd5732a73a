"""Being told to stop: SIGTERM and Ctrl-C, heard also while the main thread is deep in a computation."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import FrameType

ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def listening(stop: Callable[[], None]) -> Iterator[None]:
    """Calls ``stop`` in a thread when the process is asked to stop.

    Python runs its handlers in the main thread only, between two steps of it; a solver's call may take minutes. So the
    signal writes into a socket at once, and a thread waits at the other end.
    """
    near, far = socket.socketpair()
    far.setblocking(False)
    before = {each: signal.signal(each, _note) for each in ASKED_TO_STOP}
    wakeup = signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)

    def wait() -> None:
        while number := near.recv(1):
            if number[0] in ASKED_TO_STOP:
                stop()

    thread = Thread(target=wait, name="listening for signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for each, handler in before.items():
            signal.signal(each, handler)
        far.close()
        thread.join(timeout=5)
        near.close()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Nothing: the thread that listens has been told already."""
