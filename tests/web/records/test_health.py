"""What the site answers when something is wrong with it, or too much for it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.handlers import exception
from django.db import InterfaceError, OperationalError, connections
from django.test import Client, RequestFactory
from django.urls import reverse

from junheng.web.interface.limits import BESIDE_THE_FILE

pytestmark = pytest.mark.django_db


def test_the_site_says_that_it_answers_to_anybody() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert Client().post("/healthz").status_code in {403, 405}


def test_the_site_says_that_its_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: Any) -> None:
        raise OperationalError("server closed the connection: password=secret")

    monkeypatch.setattr(connections["default"], "cursor", gone)
    monkeypatch.setattr(connections["default"], "close", lambda: None)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    ("fault", "status"),
    [(OperationalError("database is locked"), 503), (InterfaceError("closed"), 503), (KeyError("secret"), 500)],
)
def test_a_page_whose_database_is_away_says_when_to_come_back(
    fault: Exception, status: int, cast: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_given: Any) -> None:
        raise fault

    client = cast.client("bureau_clerk")
    client.raise_request_exception = False
    monkeypatch.setattr("junheng.web.records.models.job.JobQuerySet.visible_to", broken)
    caplog.set_level(logging.CRITICAL)
    answer = client.get(reverse("records:jobs"))
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (status == 503)
    assert b"secret" not in answer.content
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_a_body_beyond_every_limit_is_refused_before_it_is_read(more: int, status: int, settings: Any) -> None:
    from django.http import HttpResponse

    from junheng.web.interface.limits import BodyLimitMiddleware

    class Unread:
        """A body that must not be touched."""

        def read(self, *_args: Any) -> bytes:
            pytest.fail("the body was read")

    request = RequestFactory().post("/", data=b"", content_type="application/octet-stream")
    request.META["CONTENT_LENGTH"] = str(settings.UPLOAD_LIMITS["workbook"] + BESIDE_THE_FILE + more)
    request.META["wsgi.input"] = request._stream = Unread()
    answer = exception.convert_exception_to_response(BodyLimitMiddleware(lambda _request: HttpResponse()))(request)
    assert answer.status_code == status
