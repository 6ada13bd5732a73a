"""The moment at which a request arrived: deadlines count it, however long the request then waited."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

LONGEST_WAIT = timedelta(minutes=5)
"""A proxy's word about an earlier moment than that is not believed."""


class ArrivalMiddleware:
    """Notes on each request, before anything else is done, when it arrived.

    Where ``JUNHENG_ARRIVAL_HEADER`` names a header, the reverse proxy in front says it, as seconds since 1970 with or
    without ``t=`` (nginx: ``proxy_set_header X-Request-Start "t=${msec}"``): it has seen the request before it stood
    in the queue of the server. The proxy has to set the header itself, so that nobody outside can.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer."""
        now = timezone.now()
        request.arrived_at = _said(request, now) or now  # type: ignore[attr-defined]
        return self.get_response(request)


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
