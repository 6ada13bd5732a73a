"""Lint: what is wrong, open or contested in a policy pack, found in its data before anybody is judged by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from junheng.policy.linting.across import cross_remarks
from junheng.policy.linting.branches import branch_remarks
from junheng.policy.linting.numbers import number_remarks
from junheng.policy.linting.prerequisites import prerequisite_remarks
from junheng.policy.linting.remarks import KINDS, Remark, Severity
from junheng.policy.linting.terms import contested_remarks, term_remarks
from junheng.policy.schema import Pack

__all__ = ["KINDS", "Remark", "Severity", "lint"]

GRAVITY = {"error": 0, "warning": 1, "note": 2}


def lint(pack: Pack, *, others: Sequence[Pack] = (), on: date | None = None) -> tuple[Remark, ...]:
    """Every remark on a pack, gravest first; alone, and beside ``others`` that may bind the same teachers.

    An *error* is a pack that contradicts itself; a *warning* is a rule that cannot be carried out as written, or that
    rests on something nobody has set; a *note* is an assumption or a contested reading to confirm. ``on`` is the day of
    reading, for documents that have ended. The same pack always gives the same remarks in the same order.
    """
    found = [
        *branch_remarks(pack),
        *number_remarks(pack),
        *prerequisite_remarks(pack),
        *term_remarks(pack, on),
        *(each for other in (pack, *others) for each in cross_remarks(pack, other)),
    ]
    found += contested_remarks(pack, {each.ambiguity for each in found if each.ambiguity})
    return tuple(sorted(found, key=lambda each: GRAVITY[each.severity]))
