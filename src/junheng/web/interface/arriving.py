"""The moment at which a request arrived: deadlines count it, however long the request then waited."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

LONGEST_WAIT = timedelta(minutes=5)
"""A proxy's word about an earlier moment than that is not believed."""


STAMP = "junheng.arrived"
"""Where a request carries the moment of its reception, in seconds since 1970. No client can send such a name."""
READ_AT_ONCE = 256 * 1024
"""Bytes of a body that is read before its request counts as arrived; a longer one counts when its head is there."""


PATIENCE = 0.2
"""Seconds after which the next request is begun though the one before is not answered yet."""


class Turns:
    """Lets requests be answered one after the other while they are quick, and side by side when one is not.

    Threads of one process that work at the same time share one processor, and pushing it to and fro costs them a third
    of it. A request that waits for the database, or reckons for long, must not hold up the others: whoever has had the
    turn for :data:`PATIENCE` seconds goes on, and the next begins beside it.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: threading.Event | None = None
        self._since = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the turn, in the order of arrival, and passes it on at the end."""
        me = threading.Event()
        with self._guard:
            self._waiting.append(me)
            self._pass_on()
        while not me.wait(self.patience):
            with self._guard:
                self._pass_on()
        try:
            yield
        finally:
            with self._guard:
                if self._holder is me:
                    self._holder = None
                self._pass_on()

    def _pass_on(self) -> None:
        """Gives the turn to whoever has waited longest, where nobody has it or somebody has had it for too long."""
        now = time.monotonic()
        if self._waiting and (self._holder is None or now - self._since >= self.patience):
            self._holder, self._since = self._waiting.popleft(), now
            self._holder.set()


class Reception:
    """Stands before the application: takes in whatever comes at once, notes when, and has a few threads answer in turn.

    The server gives each request a thread of its own, which reads it, stamps it and waits; that costs little. The
    threads that answer are few, because each holds a connection to the database. What waits in the queue has thus been
    received, and a deadline counts that moment.
    """

    def __init__(self, application: Callable[..., Any], threads: int) -> None:
        self.application = application
        self.answering = ThreadPoolExecutor(threads, thread_name_prefix="answering")
        self.turns = Turns()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer, as WSGI has it."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal() and 0 < int(length) <= READ_AT_ONCE:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        environ[STAMP] = time.time()
        with self.turns.turn():  # before it is given to a thread: so few are ever needed, and few connections
            return self.answering.submit(self._answer, environ, start_response).result()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A page is finished here, by the thread that holds the connection; a stream is read by the server."""
        answer = self.application(environ, start_response)
        if getattr(answer, "streaming", True):
            found: Iterable[bytes] = answer
            return found
        try:
            return [b"".join(answer)]
        finally:
            answer.close()


class ArrivalMiddleware:
    """Notes on each request, before anything else is done, when it arrived: as :class:`Reception` says, else now.

    Where ``JUNHENG_ARRIVAL_HEADER`` names a header, the reverse proxy in front says it, as seconds since 1970 with or
    without ``t=`` (nginx: ``proxy_set_header X-Request-Start "t=${msec}"``): it has seen the request before it stood
    in the queue of the server. The proxy has to set the header itself, so that nobody outside can.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer."""
        now = _received(request) or timezone.now()
        request.arrived_at = _said(request, now) or now  # type: ignore[attr-defined]
        return self.get_response(request)


def _received(request: HttpRequest) -> datetime | None:
    """When the reception took it in, where there is one."""
    stamp = request.META.get(STAMP)
    return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, float) else None


def _said(request: HttpRequest, now: datetime) -> datetime | None:
    """What the proxy says, where it is believable."""
    name = settings.ARRIVAL_HEADER
    text = request.headers.get(name, "").removeprefix("t=") if name else ""
    try:
        seconds = float(text)
        said = datetime.fromtimestamp(seconds, UTC) if math.isfinite(seconds) else None
    except (ValueError, OverflowError, OSError):
        return None
    return said if said is not None and now - LONGEST_WAIT <= said <= now else None


def arrived(request: HttpRequest) -> datetime:
    """When the request arrived."""
    found: datetime = getattr(request, "arrived_at", None) or timezone.now()
    return found
