"""One digest of all data, the same on every database, with one for each table so that a difference can be found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps as current_apps
from django.core.files.storage import default_storage
from django.db import models

from junheng.web.records.canonical import plain, written
from junheng.web.records.keeping import tables
from junheng.web.records.keeping.rows import fields_of, rows_of, still


@dataclass(slots=True)
class TableDigest:
    """One table: rows, their digest, and the digest without times of entry."""

    rows: int
    digest: str
    lasting: str


@dataclass(slots=True)
class Digest:
    """Everything kept: table by table, file by file."""

    tables: dict[str, TableDigest] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> str:
        """One digest over all tables and files."""
        return _over([[label, each.rows, each.digest] for label, each in sorted(self.tables.items())], self.files)

    @property
    def business(self) -> str:
        """One digest over the business tables and files, without times of entry: equal work, equal digest."""
        lasting = [[n, t.rows, t.lasting] for n, t in sorted(self.tables.items()) if n not in tables.TRAIL]
        return _over(lasting, sorted(self.files.values()))


def _over(listed: list[Any], files: Any) -> str:
    return hashlib.sha256(written({"tables": listed, "files": files}).encode()).hexdigest()


class Reckoner:
    """Takes the rows of one table one by one."""

    def __init__(self, model: Any) -> None:
        fields = fields_of(model)
        by_chance = tables.NAMED_BY_CHANCE.get(model._meta.label, frozenset())
        self._lasts = [
            not (isinstance(f, models.DateTimeField) or getattr(f, "kept_sealed", False) or f.name in by_chance)
            for f in fields
        ]
        """Moments are times of entry, and what is sealed is sealed anew each time; its blind index stands for it."""
        names = [f.attname for f in fields]
        self._sorted = model._meta.pk.get_internal_type() in {"CharField", "UUIDField", "TextField"}
        self._lines: list[tuple[bytes, bytes]] = []
        self._all = hashlib.sha256(written(names).encode())
        self._lasting = hashlib.sha256(written(names).encode())
        self.rows = 0

    def add(self, row: list[Any]) -> None:
        """One more row."""
        row = plain(row)
        line = written(row).encode()
        kept = written([v for v, lasts in zip(row, self._lasts, strict=True) if lasts]).encode()
        if self._sorted:  # databases order texts each in their own way
            self._lines.append((hashlib.sha256(line).digest(), hashlib.sha256(kept).digest()))
            line, kept = b"", b""
        self._all.update(line + b"\n")
        self._lasting.update(kept + b"\n")
        self.rows += 1

    def result(self) -> TableDigest:
        """What the table comes to."""
        for line in sorted(line for line, _kept in self._lines):
            self._all.update(line)
        for kept in sorted(kept for _line, kept in self._lines):
            self._lasting.update(kept)
        return TableDigest(self.rows, self._all.hexdigest(), self._lasting.hexdigest())


def digest(apps: Any = current_apps) -> Digest:
    """Reads everything that is kept at one moment."""
    with still():
        found = Digest()
        for model in tables.kept(apps):
            reckoner = Reckoner(model)
            for row in rows_of(model):
                reckoner.add(row)
            found.tables[model._meta.label] = reckoner.result()
        names = file_names(apps)
    found.files = {name: file_digest(name) for name in names}
    return found


def file_names(apps: Any = current_apps) -> list[str]:
    """Every stored file that a row names: attachments, and the file fields of all rooms."""
    names: set[str] = set()
    for model in tables.kept(apps):
        fields = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.FileField)]
        fields += ["stored_as"] if model._meta.label == "records.Attachment" else []
        for name in fields:
            names.update(each for each in model._base_manager.values_list(name, flat=True) if each)
    return sorted(names)


def file_digest(name: str) -> str:
    """SHA-256 of a stored file; ``missing`` for one that is not there."""
    try:
        with default_storage.open(name) as file:
            return hash_of(iter(lambda: file.read(1024**2), b""))
    except FileNotFoundError:
        return "missing"


def hash_of(parts: Iterable[bytes]) -> str:
    """SHA-256 of a content that comes in parts."""
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(part)
    return hasher.hexdigest()
