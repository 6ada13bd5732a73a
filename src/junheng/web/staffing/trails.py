"""How a file came to be what it is: versions of rows with what changed in each, and who did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from junheng.web.directory.models import Dated
from junheng.web.interface.numbers import colon
from junheng.web.records.labels import action_label
from junheng.web.records.models import AuditEvent
from junheng.web.staffing.chapters import source_label
from junheng.web.staffing.declared import Part, language, moment, said

SHOWN = 200
_QUIET = ("staffing.sensitive.viewed", "staffing.id_number.revealed", "staffing.id_number.searched")


@dataclass(frozen=True, slots=True)
class Version:
    """A row as it stood from a day until another, and what was different from the one before."""

    since: date
    until: date | None
    title: str
    source: str
    entered: str
    author: str
    changes: tuple[dict[str, str], ...]
    struck: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the trail in words."""

    at: str
    author: str
    deed: str
    reason: str
    changes: tuple[dict[str, Any], ...]


def versions_of(
    part: Part, owner: Model, places: Mapping[str, str], authors: Mapping[tuple[str, int], str]
) -> list[Version]:
    """Versions of what holds of an owner once at a time, the latest first."""
    references = [part.attribute(c) for c in part.columns if part.attribute(c) != c.field]
    rows = part.model.objects.filter(**{part.owner: owner}).select_related(*references).order_by("valid_from", "pk")
    found: list[Version] = []
    before: Dated | None = None
    for row in rows[:SHOWN]:
        found.append(_version(part, row, before, places, authors))
        before = row
    return found[::-1]


def entries_in_time(
    part: Part, owner: Model, places: Mapping[str, str], authors: Mapping[tuple[str, int], str]
) -> list[Version]:
    """Every entry of a part that ever stood, also those struck out, the latest entered first."""
    rows = part.model.objects.filter(**{part.owner: owner}).order_by("-entered_at", "-pk")
    return [_version(part, row, None, places, authors) for row in rows[:SHOWN]]


def _version(
    part: Part, row: Any, before: Dated | None, places: Mapping[str, str], authors: Mapping[tuple[str, int], str]
) -> Version:
    changes = []
    for column in part.columns:
        new = said(column, part.value(row, column), places)
        old = said(column, part.value(before, column), places) if before is not None else ""
        if before is not None and part.value(row, column) != part.value(before, column):
            changes.append({"label": column.header(language()), "before": old, "after": new})
    words = [said(column, part.value(row, column), places) for column in part.columns]
    return Version(
        since=row.valid_from, until=row.valid_until, title=" · ".join(word for word in words if word),
        source=source_label(row.source), entered=moment(row.entered_at),
        author=authors.get((part.key, row.pk), ""), changes=tuple(changes), struck=row.valid_until == row.valid_from,
    )  # fmt: skip


def events_about(subject: Model) -> list[AuditEvent]:
    """The last lines of the trail about an object."""
    found = AuditEvent.objects.filter(object_kind=subject._meta.label_lower, object_id=str(subject.pk))
    return list(found[:SHOWN])


def authors_in(events: list[AuditEvent]) -> dict[tuple[str, int], str]:
    """Who made a row, by part and key, as far as the trail says."""
    return {
        (str(event.details.get("part")), event.details["row"]): event.author_name
        for event in events
        if event.details.get("row") is not None
    }


def steps_of(events: list[AuditEvent], parts: Mapping[str, Part], *, with_views: bool) -> list[Step]:
    """The trail in words; who looked at what only for whoever may see that."""
    return [_step(event, parts) for event in events if with_views or event.action not in _QUIET]


def _step(event: AuditEvent, parts: Mapping[str, Part]) -> Step:
    part = parts.get(str(event.details.get("part")))
    deed = action_label(event.action)
    author = event.author_name
    if event.deputising_for:
        author = _("%(author)s（代 %(principal)s）") % {"author": author, "principal": event.deputising_for}
    return Step(
        at=moment(event.at), author=author, deed=f"{deed}{colon()}{part.title}" if part is not None else deed,
        reason=event.reason, changes=tuple(_changes(event, part)),
    )  # fmt: skip


def _changes(event: AuditEvent, part: Part | None) -> list[dict[str, Any]]:
    before, after = event.before or {}, event.after or {}
    labels = {column.field: column for column in part.columns} if part is not None else {}
    found = []
    for name in [*dict.fromkeys([*before, *after])]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        column = labels.get(name)
        label = column.header(language()) if column is not None else name
        found.append({"label": label, "before": _word(column, old), "after": _word(column, new)})
    return found


def _word(column: Any, value: Any) -> str:
    if column is None or (isinstance(value, str) and "*" in value):
        return "" if value is None else str(value)
    return said(column, value)
