"""The page of contents of an archive, and what may be wrong with one."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pydantic import BaseModel, ConfigDict, Field

from junheng.documents.faults import Phrase

FORMAT = "junheng-backup"
FORMAT_VERSION = 1
MEMBER = "manifest.json"


class BadArchiveError(ValueError):
    """A file that is no backup, is damaged or cut off, or comes from another version."""

    def __init__(self, said: Phrase) -> None:
        super().__init__(said.en)
        self.said = said


class Member(BaseModel):
    """A table of the archive."""

    model_config = ConfigDict(extra="forbid")
    rows: int = Field(ge=0)
    digest: str
    sha256: str


class Manifest(BaseModel):
    """What an archive holds. ``migrations`` says for which state of the database."""

    model_config = ConfigDict(extra="forbid")
    format: str
    format_version: int
    version: str
    made_at: str
    database: str
    migrations: dict[str, list[str]]
    field_keys: dict[str, str]
    digest: str
    business: str
    tables: dict[str, Member]
    files: dict[str, str]


def applied_migrations() -> dict[str, list[str]]:
    """The steps that the database has taken, by room."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def fingerprints() -> dict[str, str]:
    """The configured keys of encrypted fields by id, each as a short hash that does not give it away."""
    keys: dict[str, bytes] = settings.FIELD_KEYS
    return {name: hashlib.sha256(b"junheng field key " + key).hexdigest()[:16] for name, key in keys.items()}


def product_version() -> str:
    """The version of the product."""
    try:
        return version("junheng")
    except PackageNotFoundError:
        return "0"


def as_json(manifest: Manifest) -> bytes:
    """The page as it is written."""
    return manifest.model_dump_json(indent=1).encode()


def read(content: bytes) -> Manifest:
    """The page again. Raises :class:`BadArchiveError` for anything that is none, or a newer one."""
    foreign = BadArchiveError(Phrase("不是本平台的备份文件", "this is no backup of this platform"))
    try:
        given: Any = Manifest.model_validate_json(content)
    except ValueError:
        raise foreign from None
    if given.format != FORMAT:
        raise foreign
    if given.format_version > FORMAT_VERSION:
        raise BadArchiveError(Phrase("备份来自更新的版本，请先升级", "the backup is of a newer version; upgrade first"))
    return given
