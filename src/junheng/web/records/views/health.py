"""Whether the site answers, for whoever watches it: a load balancer, a monitor, a script."""

from __future__ import annotations

import logging

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from junheng.web.access import public

log = logging.getLogger("junheng.health")


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when the database answers, 503 when it does not. It says nothing else about the system."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error as fault:
        log.warning("the database does not answer: %s", fault)
        connection.close()
        return HttpResponse("database unavailable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
