"""Verifying the audit chain: row by row from the first, until something does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from junheng.documents.faults import Phrase
from junheng.web.records import guarding
from junheng.web.records.audit import digest_of
from junheng.web.records.models import AuditEvent, AuditHead

BEGINNING = "0" * 64
ANCHOR_FORMAT = "junheng-audit-anchor"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and what was done there as far as it can be told."""

    kind: str
    number: int
    said: Phrase


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many rows hold, the first break if any, and triggers that do not stand."""

    rows: int
    number: int
    digest: str
    broken: Break | None
    anchors: int
    unguarded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row's number and digest as printed earlier and kept elsewhere."""

    number: int
    digest: str


class MalformedAnchorError(ValueError):
    """A file that holds no anchors."""


def read_anchors(path: Path) -> list[Anchor]:
    """Anchors of a file: one as ``junheng web audit anchor --out`` wrote it, or a list of such.

    Raises :class:`MalformedAnchorError` for anything else.
    """
    try:
        given = json.loads(path.read_text("utf-8"))
        listed = given if isinstance(given, list) else [given]
        anchors = [_anchor(each) for each in listed]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise MalformedAnchorError(f"{path.name}: {fault}") from None
    if not anchors:
        raise MalformedAnchorError(f"{path.name}: no anchor")
    return sorted(anchors, key=lambda anchor: anchor.number)


def _anchor(given: Any) -> Anchor:
    if given["format"] != ANCHOR_FORMAT:
        raise ValueError(f"format is not {ANCHOR_FORMAT}")
    number, digest = given["number"], given["digest"]
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError("number must be a whole number")
    if not re.fullmatch(r"[0-9a-f]{64}", str(digest)):
        raise ValueError("digest must have 64 hexadecimal digits")
    return Anchor(number, digest)


def verify(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk the chain up to its head as it stands now; rows written meanwhile are left for the next walk."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(number=0, digest=BEGINNING)
    kept = {anchor.number: anchor for anchor in anchors}
    rows, number, digest, broken = 0, 0, BEGINNING, None
    for event in AuditEvent.objects.filter(number__lte=head.number).order_by("number").iterator(chunk_size=2000):
        broken = _against(event, number, digest) or _against_anchor(event, kept)
        if broken is not None:
            break
        rows, number, digest = rows + 1, event.number, event.digest
    broken = broken or _at_the_end(head, number, digest) or _beyond(kept, number)
    return Verdict(rows, number, digest, broken, len(kept), tuple(guarding.absent(connection)))


def _against(event: AuditEvent, number: int, digest: str) -> Break | None:
    due = number + 1
    if event.number != due:
        last = event.number - 1
        which = f"{due}" if last == due else f"{due}-{last}"
        return Break("removed", due, Phrase(f"第 {which} 行被删除", f"row {which} was removed"))
    if digest_of(event) != event.digest:
        return _moved(event) or Break(
            "changed", due, Phrase(f"第 {due} 行的内容被改动", f"the content of row {due} was changed")
        )
    if event.previous != digest:
        return Break(
            "inserted",
            due,
            Phrase(
                f"第 {due} 行不接在前一行之后：此处有行被插入、替换或改动",
                f"row {due} does not follow the row before: rows were inserted, replaced or changed here",
            ),
        )
    return None


def _moved(event: AuditEvent) -> Break | None:
    """Whether a row that does not hold under its number holds under the one after the row it names before it."""
    found = event.number
    if event.previous == BEGINNING:
        original = 1
    else:
        before = AuditEvent.objects.filter(digest=event.previous).values_list("number", flat=True).first()
        original = before + 1 if before is not None else 0
    shifts = [original] if original else []
    shifts += [found - 1, found + 1]
    for number in shifts:
        event.number = number
        holds = digest_of(event) == event.digest
        event.number = found
        if holds and number != found:
            return _displaced(event, number)
    return None


def _displaced(event: AuditEvent, original: int) -> Break:
    found = event.number
    if original < found:
        return Break(
            "inserted",
            found - 1,
            Phrase(
                f"第 {found} 行原是第 {original} 行：之前插入了行",
                f"row {found} was row {original}: a row was inserted before it",
            ),
        )
    if AuditEvent.objects.filter(digest=event.previous).exists():
        return Break(
            "reordered",
            found,
            Phrase(
                f"第 {found} 行原是第 {original} 行：次序被调换",
                f"row {found} was row {original}: the order was changed",
            ),
        )
    return Break(
        "removed",
        found,
        Phrase(
            f"第 {found} 行原是第 {original} 行：之前的行被删除并重新编号",
            f"row {found} was row {original}: a row before it was removed and the others numbered anew",
        ),
    )


def _against_anchor(event: AuditEvent, kept: dict[int, Anchor]) -> Break | None:
    anchor = kept.get(event.number)
    if anchor is None or anchor.digest == event.digest:
        return None
    return Break(
        "anchor",
        event.number,
        Phrase(
            f"第 {event.number} 行与留存的锚点不符：链在此之前被整体重写",
            f"row {event.number} differs from the anchor kept: the chain was made anew up to here",
        ),
    )


def _at_the_end(head: AuditHead, number: int, digest: str) -> Break | None:
    if number < head.number:
        return Break(
            "removed",
            number + 1,
            Phrase(
                f"链首记录的是第 {head.number} 行，但第 {number + 1} 行及以后被删除",
                f"the head names row {head.number}, but the rows from {number + 1} on were removed",
            ),
        )
    if digest != head.digest:
        return Break(
            "head",
            number,
            Phrase(
                f"链首的摘要与最后一行（第 {number} 行）不符",
                f"the head's digest is not that of the last row, {number}",
            ),
        )
    last = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    now = AuditHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    if last > now:
        return Break(
            "head",
            now + 1,
            Phrase(
                f"第 {now + 1} 行在链首之后：链首被改回，或有行被追加",
                f"row {now + 1} lies beyond the head: the head was wound back or a row was added",
            ),
        )
    return None


def _beyond(kept: dict[int, Anchor], number: int) -> Break | None:
    later = min((each for each in kept if each > number), default=None)
    wrong = kept.get(0)
    if wrong is not None and wrong.digest != BEGINNING:
        return Break("anchor", 0, Phrase("锚点不属于任何留痕链", "the anchor belongs to no chain"))
    if later is None:
        return None
    return Break(
        "anchor",
        number + 1,
        Phrase(
            f"锚点是第 {later} 行，但链到第 {number} 行为止：之后的行被删除",
            f"the anchor names row {later}, but the chain ends at row {number}: later rows were removed",
        ),
    )
