"""Writing the audit chain. :func:`record` is called inside the transaction of the change it describes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from junheng.web.records.canonical import plain, text, written
from junheng.web.records.models import AuditEvent, AuditHead
from junheng.web.records.races import pause

CHAINED = (
    "number", "author", "author_name", "deputising_for", "action", "object_kind", "object_id", "object_label",
    "organisation", "organisation_key", "before", "after", "reason", "details", "previous",
)  # fmt: skip
"""Fields under the digest, with the time."""
_BATCH = 500


class NotInTransactionError(RuntimeError):
    """An audit row was to be written outside the transaction of its change."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened to one object, for :func:`record_many`; the fields are the parameters of :func:`record`."""

    subject: models.Model | None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""
    organisation: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)


_deputising: list[Callable[[Any], str]] = []


def name_deputies(function: Callable[[Any], str]) -> None:
    """Registers what says, of an account, for whom it stands in today; ``directory`` knows."""
    _deputising[:] = [function]


def record(
    by: Any,
    action: str,
    subject: models.Model | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    organisation: Any = None,
    **details: Any,
) -> AuditEvent:
    """Write that ``by`` did ``action`` (``room.noun.verb``) to ``subject``; in the change's own transaction.

    ``by`` is the account, or ``None`` for the system itself. ``before`` and ``after`` hold the fields that changed,
    sensitive ones masked by the caller. ``organisation`` says whose trail it belongs to; the author's where it is not
    given. If the row cannot be written the change does not happen.
    Raises :class:`NotInTransactionError` outside a transaction.
    """
    return record_many(by, action, [Trace(subject, before, after, reason, organisation, details)])[0]


def record_many(by: Any, action: str, traces: Iterable[Trace]) -> list[AuditEvent]:
    """Write a row for each of the traces, in their order, under one lock of the head; else like :func:`record`."""
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(f"{action} must be recorded inside the transaction of the change")
    author = _author(by)
    head = AuditHead.objects.select_for_update(no_key=True).get(pk=1)
    pause()
    number, digest, at = head.number, head.digest, timezone.now()
    events: list[AuditEvent] = []
    for trace in traces:
        number += 1
        event = AuditEvent(number=number, at=at, action=action, previous=digest, **author, **_described(by, trace))
        event.digest = digest = digest_of(event)
        events.append(event)
    waiting = iter(events)
    while batch := list(islice(waiting, _BATCH)):
        AuditEvent.objects.bulk_create(batch)
    if events:
        AuditHead.objects.filter(pk=1).update(number=number, digest=digest)
    return events


def digest_of(event: AuditEvent) -> str:
    """SHA-256 of a row's content in canonical JSON."""
    content = {name: getattr(event, name) for name in CHAINED} | {"at": _moment(event.at)}
    return hashlib.sha256(written(content).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _author(by: Any) -> dict[str, str]:
    stands_in = _deputising[0](by) if by is not None and _deputising else ""
    return {
        "author": text(by.username)[:150] if by is not None else "system",
        "author_name": text(str(by))[:150] if by is not None else "system",
        "deputising_for": text(stands_in)[:150],
    }


def _described(by: Any, trace: Trace) -> dict[str, Any]:
    subject, organisation = trace.subject, trace.organisation
    if organisation is None and by is not None:
        organisation = getattr(by, "organisation", None)
    key = organisation if isinstance(organisation, int) else getattr(organisation, "pk", None)
    named = organisation is not None and not isinstance(organisation, int)
    return {
        "object_kind": subject._meta.label_lower if subject is not None else "",
        "object_id": str(subject.pk) if subject is not None else "",
        "object_label": text(str(subject))[:300] if subject is not None else "",
        "organisation": text(str(organisation))[:80] if named else "",
        "organisation_key": key,
        "before": _fields(trace.before),
        "after": _fields(trace.after),
        "reason": text(trace.reason),
        "details": _fields(trace.details) or {},
    }


def _fields(values: Mapping[str, Any] | None) -> Any:
    return None if values is None else plain(dict(values))
