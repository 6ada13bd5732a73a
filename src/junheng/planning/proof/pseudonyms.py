"""Names in a bundle: commitments that a teacher can open with her own receipt and nobody can guess.

From the bundle's secret salt each teacher has a key of her own; her pseudonym commits to her id under that key. The
salt and the keys stay out of the bundle. A teacher who is given her key finds herself in it, and learns nobody else.
The order of pseudonyms, in which all rows of a bundle stand, says nothing about the order of ids.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from junheng.planning.problem import Assignment, Candidate, Pin, Problem

SALT_BYTES = 16
DIGITS = 40
"""Hexadecimal digits of a pseudonym: 160 bits, more than anyone can make two ids meet in."""


@dataclass(frozen=True, slots=True, order=True)
class KeyRow:
    """A row of the private key table: who a pseudonym is, and the key (receipt) that proves it."""

    teacher_id: str
    pseudonym: str
    key: str


def teacher_key(teacher_id: str, salt: bytes) -> str:
    """The receipt of one teacher, in hexadecimal. A salt of less than 16 bytes is a ``ValueError``."""
    if len(salt) < SALT_BYTES:
        raise ValueError(f"the salt has {len(salt)} bytes; at least {SALT_BYTES} unguessable bytes are needed")
    return hmac.digest(salt, b"junheng key\x00" + teacher_id.encode(), "sha256").hex()


def pseudonym(teacher_id: str, key: str) -> str:
    """The pseudonym that a teacher's id and receipt give."""
    return hmac.digest(bytes.fromhex(key), b"junheng pseudonym\x00" + teacher_id.encode(), "sha256").hex()[:DIGITS]


def row_salt(key: str, name: str) -> bytes:
    """What stands before the row of the teacher with this pseudonym when it is hashed: known by her key alone."""
    return hmac.digest(bytes.fromhex(key), b"junheng row\x00" + name.encode(), "sha256")


def file_salt(salt: bytes, name: str) -> bytes:
    """What stands before a withheld file when it is hashed."""
    return hmac.digest(salt, b"junheng file\x00" + name.encode(), "sha256")


def key_table(problem: Problem, salt: bytes) -> tuple[KeyRow, ...]:
    """The private key table of a problem's teachers. It belongs beside the bundle, under lock, never in it."""
    rows = []
    for teacher in problem.teachers:
        key = teacher_key(teacher.id, salt)
        rows.append(KeyRow(teacher.id, pseudonym(teacher.id, key), key))
    return tuple(rows)


def hide(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The problem under pseudonyms, without what no rule reads: sex, age, title, years at school, reasons of pins."""
    return replace(
        problem,
        teachers=tuple(_hidden(teacher, names) for teacher in problem.teachers),
        history=tuple(
            replace(row, teacher_id=names[row.teacher_id]) for row in problem.history if row.teacher_id in names
        ),
        pins=tuple(_without_reason(pin, names) for pin in problem.pins if pin.teacher_id in names),
    )


def _hidden(teacher: Candidate, names: Mapping[str, str]) -> Candidate:
    return replace(
        teacher,
        id=names[teacher.id],
        spouse_id=names.get(teacher.spouse_id, ""),
        sex="",
        age=0,
        title=0,
        years_at_school=0,
    )


def _without_reason(pin: Pin, names: Mapping[str, str]) -> Pin:
    return replace(pin, teacher_id=names[pin.teacher_id], reason="")


def hide_moves(assignments: tuple[Assignment, ...], names: Mapping[str, str]) -> tuple[Assignment, ...]:
    """The plan under pseudonyms. A teacher who is not in the problem is a ``KeyError``."""
    return tuple(sorted(replace(row, teacher_id=names[row.teacher_id]) for row in assignments))


def hide_rows(certificate: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """The certificate with the spouses in ``couple:{a}:{b}`` under pseudonyms, in their new order."""
    hidden = {}
    for row, multiplier in certificate.items():
        family, _, pair = row.partition(":")
        name = f"couple:{':'.join(sorted(_both(pair, names)))}" if family == "couple" else row
        hidden[name] = float(multiplier)
    return hidden


def _both(pair: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The pseudonyms of "a:b", where the ids themselves may hold colons."""
    parts = pair.split(":")
    for cut in range(1, len(parts)):
        first, second = ":".join(parts[:cut]), ":".join(parts[cut:])
        if first in names and second in names:
            return names[first], names[second]
    raise ValueError(f"the certificate names the couple {pair!r}, who are not two teachers of the problem")
