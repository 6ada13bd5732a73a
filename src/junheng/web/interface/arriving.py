"""The moment at which a request arrived: deadlines count it, however long the request then waited."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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


class Reception:
    """Stands before the application: takes in whatever comes at once, notes when, and has a few threads answer in turn.

    The server gives each request a thread of its own, which reads it, stamps it and waits; that costs little. The
    threads that answer are few, because each holds a connection to the database. What waits in the queue has thus been
    received, and a deadline counts that moment.
    """

    def __init__(self, application: Callable[..., Any], threads: int) -> None:
        self.application = application
        self.answering = ThreadPoolExecutor(threads, thread_name_prefix="answering")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer, as WSGI has it."""
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal() and 0 < int(length) <= READ_AT_ONCE:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        environ[STAMP] = time.time()
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
