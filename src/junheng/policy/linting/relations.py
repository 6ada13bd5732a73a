"""What rules and clauses are to each other: parts of a total, what fulfils a prerequisite, forbidden grounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from junheng.policy.schema import Clause, Rule
from junheng.policy.yamlfile import read_yaml


@dataclass(frozen=True)
class Needs:
    """A prerequisite that only those can fulfil for whom ``rule`` gives one of ``verdicts``.

    ``places`` is the amount that says how many can a year; ``failing`` the verdicts of the prerequisite that hold
    somebody back.
    """

    rule: str = ""
    verdicts: list[str] = field(default_factory=list)
    places: str = ""
    failing: list[str] = field(default_factory=lambda: ["not_met"])


def parts_of(name: str, rule: Rule) -> list[str]:
    """Names of the amounts that add up to an amount."""
    return list(getattr(rule, "parts", []) or _row(name, rule.clause).get("parts", []))


def scopes_of(name: str, rule: Rule) -> tuple[str, str]:
    """Over whom an amount's base is counted, and of whom the words demand it; empty where nothing is said."""
    row = _row(name, rule.clause)
    base_of, asked_of = (getattr(rule, key, "") or row.get(key, "") for key in ("base_of", "asked_of"))
    return str(base_of), str(asked_of)


def needs_of(name: str, rule: Rule) -> Needs | None:
    """By what a prerequisite can be fulfilled; ``None`` where nothing is said."""
    stated = getattr(rule, "needs", None)
    if stated is not None:
        return Needs(stated.rule, list(stated.verdicts), stated.places, list(stated.failing))
    row = _row(name, rule.clause).get("needs")
    return Needs(**row) if row else None


def forbidden_by(clause_id: str, clause: Clause) -> list[str]:
    """Facts by which a clause forbids to judge anybody."""
    return list(getattr(clause, "forbids", []) or _row("", [clause_id]).get("forbids", []))


def _row(name: str, clauses: Iterable[str]) -> dict[str, Any]:
    cited = set(clauses)
    return next((row for row in _rows() if row["clause"] in cited and row.get("rule", "") == name), {})


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(read_yaml(Path(__file__).parent / "relations.yaml").content)
