"""What travels between the process that hands out counties and the workers: small, frozen, and without a library."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from junheng.documents.faults import Phrase
from junheng.fleet.counties import CountyFile, Form

STATUSES: dict[str, tuple[str, str]] = {
    "solved": ("已排定", "planned"),
    "infeasible": ("规则冲突", "rules conflict"),
    "refused": ("检查不通过", "refused by the checker"),
    "failed": ("失败", "failed"),
}
NO_ERROR = Phrase("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How every county of the fleet is planned: the pack's text, its parameters set anew, and the solver's limits."""

    pack_name: str
    pack: str
    parameters: tuple[tuple[str, Any], ...] = ()
    on: date | None = None
    plan_year: int | None = None
    seed: int = 0
    gap: float = 5e-4

    def as_data(self) -> dict[str, Any]:
        """The settings as they are written down, the pack by its hash."""
        return {
            "pack": self.pack_name,
            "pack_sha256": hashlib.sha256(self.pack.encode()).hexdigest(),
            "parameters": {name: str(value) for name, value in sorted(self.parameters)},
            "on": self.on.isoformat() if self.on else None,
            "plan_year": self.plan_year,
            "seed": self.seed,
            "gap": self.gap,
        }


@dataclass(frozen=True, slots=True)
class Task:
    """One county for a worker, by ``path`` where the worker sees our disk, else by ``content``."""

    id: str
    form: Form
    settings: Settings
    path: str | None
    content: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a county. ``moves`` are teacher, from, to (school units) and subject; none unless adoptable.

    ``status`` is one of :data:`STATUSES`. ``figures`` repeat exactly; ``seconds`` by phase, ``total`` and ``cpu`` do
    not.
    """

    id: str
    status: str
    figures: dict[str, Any] = field(default_factory=dict)
    moves: tuple[tuple[str, str, str, str], ...] = ()
    error: Phrase = NO_ERROR
    trace: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def task_of(county: CountyFile, settings: Settings, *, by_path: bool) -> Task:
    """The task of a county."""
    if by_path:
        return Task(county.id, county.form, settings, str(county.path.resolve()))
    return Task(county.id, county.form, settings, None, county.content())


def key_of(county: CountyFile, settings: Settings, version: str) -> str:
    """What a result depends on: the county's files, the pack, the settings and the version of Junheng, hashed."""
    parts = {"version": version, "form": county.form, "input": county.digest(), "settings": settings.as_data()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
