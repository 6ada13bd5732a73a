"""Dated rows are never overwritten: a change closes a row and adds another.

Nothing here leaves a trail; the verbs of the nouns do, in the transaction in which they call this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Dated

OWN = frozenset({"id", "valid_from", "valid_until", "entered_at", "source"})


class StaleError(Exception):
    """The row that the form was made from has been replaced meanwhile; ``current`` is what stands now, if anything."""

    def __init__(self, current: Dated | None) -> None:
        super().__init__("replaced meanwhile")
        self.current = current


class RefusedError(ValueError):
    """The change makes no sense; the message says so to whoever typed it. ``field`` is where, if anywhere."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def held(row: Dated) -> dict[str, Any]:
    """Everything a row says, without its dates and its source; foreign keys by their key."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in OWN}


def changes(row: Dated, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that the row does not hold already."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def add(model: type[Dated], values: Mapping[str, Any], *, since: date, source: str) -> Any:
    """A new row that holds from a day on."""
    return model.objects.create(**values, valid_from=since, source=source)


def replace(row: Dated, values: Mapping[str, Any], *, on: date | None, source: str) -> Any:
    """Close a row and put one with the values in its place, from a day on.

    Without a day the row was wrong from its start: it is closed on its own first day, and the new one holds from then.
    Raises :class:`RefusedError` for a day before the row's first or after today.
    """
    since = check_day(row, on)
    kept = held(row)
    close(row, since)
    made = type(row)(**kept, valid_from=since, source=source)
    for name, value in values.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made


def revise(entry: Dated, values: Mapping[str, Any], *, owner: str, on: date | None, source: str) -> tuple[Any, Any]:
    """Put an entry right: what stood, and what stands now; twice the same row where nothing is left to change.

    Raises :class:`StaleError` where the entry was replaced meanwhile by one that says something else.
    """
    current = type(entry)._default_manager.get(pk=entry.pk)
    if current.valid_until is not None:
        standing = successor(current, owner)
        if standing is None or changes(standing, values):
            raise StaleError(standing)
        return standing, standing
    changed = changes(current, values)
    return current, replace(current, changed, on=on, source=source) if changed else current


def mend_before(row: Dated, wrong: Mapping[str, Any], right: Mapping[str, Any], *, owner: str, source: str) -> int:
    """Put right what was wrong already in the rows that led up to this one; gives how many rows that was.

    Goes back from row to row as long as one ends where the next begins and still holds some of the wrong values.
    """
    key, mended, since = f"{owner}_id", 0, row.valid_from
    spells = type(row).objects.filter(**{key: getattr(row, key)})
    while True:
        before = spells.filter(valid_until=since, valid_from__lt=since).order_by("-pk").first()
        if before is None:
            break
        same = {n: right[n] for n, value in wrong.items() if getattr(before, n) == value}
        if not same:
            break
        kept, until, since = held(before), before.valid_until, before.valid_from
        close(before, since)
        made = type(row)(**kept, valid_from=since, valid_until=until, source=source)
        for name, value in same.items():
            setattr(made, name, value)
        made.save(force_insert=True)
        mended += 1
    return mended


def check_day(row: Dated, on: date | None) -> date:
    """The day from which a change of the row holds."""
    if on is None:
        return row.valid_from
    if on < row.valid_from:
        raise RefusedError(
            _("不能早于 %(day)s：现有记录从那天起。原来就录错了的，请留空。") % {"day": row.valid_from}, "effective"
        )
    if on > timezone.localdate():
        raise RefusedError(_("不能晚于今天。到了那天再登记。"), "effective")
    return on


def close(row: Dated, day: date) -> None:
    """Let a row hold until the day before; on its own first day, let it hold on no day."""
    row.valid_until = day
    row.save(update_fields=["valid_until"])


def successor(row: Dated, owner: str) -> Any:
    """What stands now in the place of a closed row: the later row of the same owner that is most like it."""
    owner_key = f"{owner}_id"
    later = type(row).objects.current().filter(**{owner_key: getattr(row, owner_key)}, pk__gt=row.pk)
    before = held(row)
    alike = [(sum(before[name] == value for name, value in held(each).items()), -each.pk, each) for each in later]
    return max(alike, key=lambda found: found[:2])[2] if alike else None
