"""Slows down whoever guesses passwords, without shutting anybody out for long.

Five tries under one name are free. Each further failure shuts the name for one minute, then two, four, eight and at
most fifteen, and the right password is refused too while it is shut. Whether there is such an account makes no
difference. A try is counted before the password is looked at, so that many at once get no more tries than one by one;
success wipes the count. Tries from one address are counted when they have failed: a school's people share one.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from junheng.web.directory.models import SignInBrake

LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free, and how long the first shutting lasts."""

    free: int
    first: timedelta

    def shut_for(self, failures: int) -> timedelta:
        """How long after so many failures."""
        if failures < self.free:
            return timedelta(0)
        return min(self.first * 2 ** min(failures - self.free, 10), LONGEST)


BY_NAME = Limit(5, timedelta(minutes=1))
BY_ADDRESS = Limit(60, timedelta(minutes=1))


def name_key(name: str) -> str:
    """The key of a name, however it is typed."""
    return _digest("name:" + unicodedata.normalize("NFKC", name).strip().casefold())


def address_key(address: str) -> str:
    """The key of a network address."""
    return _digest("address:" + address)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def shut_until(key: str) -> datetime | None:
    """Until when nothing is let in under the key; ``None`` when it is open."""
    row = SignInBrake.objects.filter(key=key).first()
    return row.until if row and row.until and row.until > timezone.now() else None


def count(key: str, limit: Limit) -> datetime | None:
    """Count one try. Gives until when the key was shut already, or ``None`` where the try may go on."""
    now = timezone.now()
    with transaction.atomic():
        row, _new = SignInBrake.objects.select_for_update(no_key=True).get_or_create(key=key, defaults={"at": now})
        if row.until and row.until > now:
            return row.until
        if now - row.at > FORGOTTEN:
            row.failures = 0
        row.failures += 1
        row.at = now
        shut = limit.shut_for(row.failures)
        row.until = now + shut if shut else None
        row.save(update_fields=["failures", "at", "until"])
        if row.failures == limit.free:
            SignInBrake.objects.filter(at__lt=now - KEPT).delete()
    return None


def release(key: str) -> None:
    """Forget the failures under the key."""
    SignInBrake.objects.filter(key=key).delete()
