"""What the system administrator does with web hooks."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from junheng.web.records.audit import record
from junheng.web.records.models import Delivery, WebHook
from junheng.web.records.outbox import ask_to_send

TRIAL = "records.hook.tried"


@transaction.atomic
def save_hook(hook: WebHook, *, by: Any, url: str, secret: str) -> WebHook:
    """Add a web hook or change it; a blank address or secret keeps the one there is. The trail has the host only."""
    new = hook.pk is None
    before = None if new else _told(WebHook.objects.select_for_update(no_key=True).get(pk=hook.pk))
    if url:
        hook.url = url
    if secret:
        hook.secret = secret
    if new:
        hook.created_by = by
    hook.save()
    action = "records.hook.added" if new else "records.hook.edited"
    record(by, action, hook, before=before, after=_told(hook), new_address=bool(url), new_secret=bool(secret))
    return hook


@transaction.atomic
def switch(hook: WebHook, *, by: Any, on: bool) -> None:
    """Switch a web hook on or off."""
    locked = WebHook.objects.select_for_update(no_key=True).get(pk=hook.pk)
    if locked.active != on:
        locked.active = on
        locked.save(update_fields=["active"])
        record(by, "records.hook.switched", locked, before={"active": not on}, after={"active": on})


@transaction.atomic
def try_out(hook: WebHook, *, by: Any) -> Delivery:
    """Send a trial message."""
    delivery = Delivery.objects.create(
        hook=hook, kind=TRIAL, message=gettext_noop("这是一条试发消息。"), due_at=timezone.now()
    )
    ask_to_send(delivery)
    record(by, TRIAL, hook)
    return delivery


def _told(hook: WebHook) -> dict[str, Any]:
    return {"name": hook.name, "kind": hook.kind, "host": hook.host, "kinds_of_news": hook.kinds_of_news}
