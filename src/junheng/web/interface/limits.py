"""What is too much to be read at all."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase

BESIDE_THE_FILE = 1024**2
"""Bytes of a form around its file."""


class BodyLimitMiddleware:
    """Refuses a request by its declared length, before anything of it is read or kept.

    Forms refuse a file that is too large for them; without this a file of any size would first be stored to be
    measured. A body without a declared length is empty to Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or 413."""
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        most = max(settings.UPLOAD_LIMITS.values()) + BESIDE_THE_FILE
        if length.isdecimal() and int(length) > most:
            raise RequestDataTooBig(f"{length} bytes, at most {most}")
        return self.get_response(request)
