"""Which version of a pack binds on a date, and what a pack leaves to its authority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from junheng.policy.findings import Findings
from junheng.policy.schema import Pack


def in_force(pack: Pack, on: date) -> bool:
    """Whether a pack is in force on a date; both ends count, an open end lasts (R-004)."""
    start, end = pack.identity.in_force_from, pack.identity.in_force_to
    return (start is None or start <= on) and (end is None or on <= end)


def version_on(versions: Iterable[Pack], on: date) -> Pack:
    """Of several versions of one pack the one in force on the date, the latest begun. ``LookupError`` when none is."""
    held = [each for each in versions if in_force(each, on)]
    if not held:
        raise LookupError(f"no version of the pack is in force on {on.isoformat()}")
    return max(held, key=lambda each: each.identity.in_force_from or date.min)


@dataclass(frozen=True)
class OpenMatter:
    """A verdict that the pack does not settle: it goes to ``authority`` for a recorded decision (R-003)."""

    teacher_id: str
    clause: str
    authority_zh: str
    authority_en: str
    reason: str
    missing: tuple[str, ...]


def open_matters(findings: Findings, lang: str = "zh") -> tuple[OpenMatter, ...]:
    """Every verdict of a county that is unknown, contested or left to somebody, in the order of teachers."""
    authority = findings.pack.identity.authority
    return tuple(
        OpenMatter(each.teacher_id, each.clause, authority.zh, authority.en, each.because(lang), each.missing)
        for each in findings.rows()
        if each.missing or {"ambiguous", "needs_authority"} & set(each.flags)
    )
