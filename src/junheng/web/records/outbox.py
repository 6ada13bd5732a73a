"""What goes outside: each message is sent by the worker, and tried again, each time later, when it did not arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from junheng.web.records import saying
from junheng.web.records.hooks import HookRefusedError, post, request_for
from junheng.web.records.jobs import Work, enqueue, job_kind
from junheng.web.records.models import Delivery, DeliveryStatus

SEND = "records.delivery.send"
TRIES = 8
_FIRST_WAIT, _LONGEST_WAIT = 30, 6 * 3600


def ask_to_send(delivery: Delivery) -> None:
    """Puts the message in the worker's queue; once for each try."""
    enqueue(
        SEND, {"delivery": delivery.pk}, title=gettext_noop("外发消息"), by=None, due_at=delivery.due_at,
        once=f"{SEND}:{delivery.pk}:{delivery.attempts}",
    )  # fmt: skip


@job_kind(SEND)
def send(work: Work) -> dict[str, Any]:
    """Sends one message and notes what came of it."""
    delivery = Delivery.objects.select_related("hook", "recipient").get(pk=work.arguments["delivery"])
    if delivery.status != DeliveryStatus.WAITING:
        return {"status": delivery.status}
    fault, again = attempt(delivery)
    with work.finishing() as result:
        delivery.attempts += 1
        delivery.fault = fault[:300]
        if not fault:
            delivery.status, delivery.sent_at = DeliveryStatus.SENT, timezone.now()
        elif not again or delivery.attempts >= TRIES:
            delivery.status = DeliveryStatus.FAILED
        else:
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 4 ** (delivery.attempts - 1))
            delivery.due_at = timezone.now() + timedelta(seconds=wait)
        delivery.save()
        if delivery.status == DeliveryStatus.WAITING:
            ask_to_send(delivery)
        result["status"] = delivery.status
    return result


def attempt(delivery: Delivery) -> tuple[str, bool]:
    """Tries once; the fault, blank when it arrived, and whether it is worth another try."""
    try:
        if delivery.hook is not None:
            if not delivery.hook.active:
                return "the web hook is switched off", False
            post(request_for(delivery.hook, said(delivery, settings.LANGUAGE_CODE), delivery.kind, str(delivery.pk)))
        else:
            _mail(delivery)
    except HookRefusedError as fault:
        return str(fault), fault.again
    except OSError as fault:  # what SMTP and sockets raise
        return f"{type(fault).__name__}: {fault}", True
    return "", True


def said(delivery: Delivery, language: str) -> str:
    """The sentence in a language."""
    with translation.override(language):
        return saying.said(delivery.message, delivery.values)


def _mail(delivery: Delivery) -> None:
    person = delivery.recipient
    if person is None or not person.email:
        return
    language = person.language or settings.LANGUAGE_CODE
    text = said(delivery, language)
    with translation.override(language):
        subject = gettext("教师交流轮岗管理平台：您有一条消息")
        ending = gettext("请登录平台查看。此邮件由系统发出，请勿回复。")
    send_mail(subject, f"{text}\n\n{ending}\n", None, [person.email])
