"""Pages for a request that cannot be read, and for a failure; the other error pages are Django's own views."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string

from junheng.web.access import public

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

TRY_AGAIN_SECONDS = 15


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """503 and when to come back where the database does not answer or stays locked, 500 for anything else."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    answer = HttpResponse(render_to_string("503.html" if away else "500.html"), status=503 if away else 500)
    if away:
        answer["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return answer


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than is accepted, 400 for anything else that cannot be read."""
    status = 413 if isinstance(exception, TOO_BIG) else 400
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


class NotAllowedMiddleware:
    """A page where somebody opens the address of a button: by reloading, from the history, or led there by mistake."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; to somebody who only looks, a refusal without words gets some."""
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET" and not answer.content:
            answer.content = render_to_string("405.html").encode()
        return answer
