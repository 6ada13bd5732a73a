"""Telling people: in the application, by e-mail, and to web hooks.

A message is a sentence marked for translation with its values, so that each reader has it in his own language::

    notify([user], "staffing.correction.decided", gettext_noop("更正 %(number)s 已有结果。"), {"number": 5}, url)

The rows are written in the transaction of the change; what goes outside is sent by the worker after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.records.canonical import plain
from junheng.web.records.models import Delivery, Notification, NotificationChoice, WebHook
from junheng.web.records.outbox import ask_to_send


@transaction.atomic
def notify(
    recipients: Iterable[Any], kind: str, message: str, values: Mapping[str, Any] | None = None, url: str = ""
) -> list[Notification]:
    """Tell each of the accounts once; ``kind`` is a name like an action's, ``url`` an address of this site."""
    if url and not (url.startswith("/") and not url.startswith("//")):
        raise ValueError("a notification leads to a page of this site")
    people = {each.pk: each for each in recipients if each is not None and each.is_active}
    said = plain(dict(values or {}))
    told = Notification.objects.bulk_create(
        Notification(recipient=each, kind=kind, message=message, values=said, url=url[:300]) for each in people.values()
    )
    outside = [
        Delivery(recipient=each, kind=kind, message=message, values=said, url=url, due_at=timezone.now())
        for each in _by_email(people)
    ]
    hooks = [
        hook for hook in WebHook.objects.filter(active=True) if not hook.kinds_of_news or kind in hook.kinds_of_news
    ]
    outside += [
        Delivery(hook=hook, kind=kind, message=message, values=said, url=url, due_at=timezone.now())
        for hook in hooks
        if people
    ]
    for delivery in outside:
        delivery.save()
        ask_to_send(delivery)
    return told


def unread_count(user: Any) -> int:
    """How many messages a person has not read; what the bell shows."""
    return Notification.objects.of(user).unread().count()


def wants_email(user: Any) -> bool:
    """Whether the person gets e-mail: an address is known and nobody said no."""
    return bool(user.email) and not NotificationChoice.objects.filter(user=user, by_email=False).exists()


def holders(role: Role, near: Any) -> list[Any]:
    """Active accounts that hold a role today over the organisation of the account ``near``; everywhere without one."""
    accounts = get_user_model()
    granted: Any = accounts._meta.get_field("grants").related_model
    grants = granted.objects.in_force(timezone.localdate()).filter(role=role)
    organisation = getattr(near, "organisation", None)
    if organisation is not None:
        above = type(organisation).objects.ancestors(organisation, include_self=True)
        grants = grants.filter(organisation__in=list(above.values_list("pk", flat=True)))
    return list(accounts._default_manager.filter(is_active=True, pk__in=grants.values("user")))


def _by_email(people: dict[int, Any]) -> list[Any]:
    silent = set(NotificationChoice.objects.filter(user__in=people, by_email=False).values_list("user", flat=True))
    return [each for each in people.values() if each.email and each.pk not in silent]
