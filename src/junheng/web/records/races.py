"""Widening races, for tests: a pause between a check and its write, where two requests would meet."""

from __future__ import annotations

import time

from django.conf import settings


def pause() -> None:
    """Sleeps ``JUNHENG_WIDEN_RACES`` seconds; nothing where it is not set. Production refuses to start with it."""
    if settings.WIDEN_RACES > 0:
        time.sleep(settings.WIDEN_RACES)
