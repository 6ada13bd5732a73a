"""How private a field is. Every model says it of each of its fields; a test finds one of which it is not said."""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """Four classes, from what anybody may read to what the law calls sensitive."""

    PUBLIC = "public"
    """May stand on a public notice: names and codes of schools, authorised posts."""
    INTERNAL = "internal"
    """For work within bureau and schools: who teaches what where, titles, decisions."""
    PERSONAL = "personal"
    """About a person beyond the work: birth date, address, e-mail. In a list's file only where the list says so."""
    SENSITIVE = "sensitive"
    """Sensitive personal information: ID number, health, family, sanctions, secrets. Never in a list's file."""


def privacy_of(model: type) -> dict[str, Privacy]:
    """The classes of a model's fields by name, with those of the models it extends."""
    found: dict[str, Privacy] = {}
    for each in reversed(model.__mro__):
        found |= each.__dict__.get("privacy", {})
    return found


def all_of(privacy: Privacy, *names: str) -> dict[str, Privacy]:
    """One class for several fields."""
    return dict.fromkeys(names, privacy)
