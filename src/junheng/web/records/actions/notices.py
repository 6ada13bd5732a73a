"""What a person does with messages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from junheng.web.records.audit import record
from junheng.web.records.models import Notification, NotificationChoice


@transaction.atomic
def mark_read(user: Any, keys: list[int] | None = None) -> int:
    """Mark a person's own messages as read, all where ``keys`` is ``None``; leaves no trace: nobody else's matter."""
    unread = Notification.objects.of(user).unread()
    return (unread if keys is None else unread.filter(pk__in=keys)).update(read_at=timezone.now())


@transaction.atomic
def choose(user: Any, *, by_email: bool) -> None:
    """Say whether messages also come by e-mail."""
    choice, _ = NotificationChoice.objects.select_for_update(no_key=True).get_or_create(user=user)
    if choice.by_email != by_email:
        before, choice.by_email = choice.by_email, by_email
        choice.save()
        record(
            user, "records.notifications.chosen", choice,
            before={"by_email": before}, after={"by_email": by_email},
        )  # fmt: skip
