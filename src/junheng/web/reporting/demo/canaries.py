"""Texts that must never reach the wrong eyes, put into the demo's facts so that anybody can look for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from junheng.facts import County, Health, Leave, LeaveKind, Teacher
from junheng.web.reporting.demo.words import word

_SCHOOLS = 6
"""Schools of a county that get a set of canaries."""


@dataclass(frozen=True, slots=True)
class Canary:
    """A text, where it stands, and what it is: nobody but those in charge of the school may read it."""

    text: str
    kind: str
    field: str
    county: str
    school: str
    teacher: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


def plant(county: County, seed: int) -> tuple[County, tuple[Canary, ...]]:
    """The county with its canaries, and the list of them; the same for the same seed."""
    changed: dict[str, Teacher] = {}
    found: list[Canary] = []
    for place, school in enumerate(county.schools[:_SCHOOLS]):
        staff = county.staff_of[school.id]
        for turn, (kind, field, sow) in enumerate(_KINDS):
            if turn >= len(staff):
                break
            teacher = staff[-1 - turn]
            token = hashlib.sha256(f"{seed}:{county.name}:{place}:{kind}".encode()).hexdigest()[:10]
            sown, text = sow(teacher, token)
            changed[teacher.id] = sown
            found.append(Canary(text, kind, field, county.name, school.id, teacher.id))
    return replace(county, teachers=tuple(changed.get(t.id, t) for t in county.teachers)), tuple(found)


def _id_number(teacher: Teacher, _token: str) -> tuple[Teacher, str]:
    return teacher, teacher.id_number


def _phone(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    phone = f"120{int(token, 16) % 10**8:08d}"
    return replace(teacher, note=word("canaries", "phone", phone)), phone


def _markup(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    text = f"<script>alert('{token}')</script>"
    return replace(teacher, note=text), text


def _formula(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    text = f'=HYPERLINK("http://canary.invalid/{token}")'
    return replace(teacher, note=text), text


def _health(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    text = word("canaries", "health", token)
    return replace(teacher, health=Health.MAJOR_ILLNESS, health_certificate_level=text), text


def _family(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    text = word("canaries", "family", token)
    return replace(teacher, family=replace(teacher.family, family_event=text)), text


def _absence(teacher: Teacher, token: str) -> tuple[Teacher, str]:
    text = word("canaries", "absence", token)
    start = teacher.work_start or teacher.birth_date.replace(year=teacher.birth_date.year + 25, day=1)
    given = Leave(kind=LeaveKind.SICK, start=start, end=start.replace(day=20), approved_by=text)
    return replace(teacher, leaves=(*teacher.leaves, given)), text


_KINDS: tuple[tuple[str, str, Callable[[Teacher, str], tuple[Teacher, str]]], ...] = (
    ("id_number", "id_number", _id_number),
    ("phone", "note", _phone),
    ("health", "health_certificate_level", _health),
    ("family", "family_event", _family),
    ("markup", "note", _markup),
    ("formula", "note", _formula),
    ("leave", "approved_by", _absence),
)


def as_dicts(canaries: tuple[Canary, ...]) -> list[dict[str, Any]]:
    """For JSON."""
    return [canary.as_dict() for canary in canaries]
