"""Making a backup while the platform runs: one moment of the database, and the files that its rows name."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from django.apps import apps as current_apps
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from junheng.web.records.keeping import envelope, tables
from junheng.web.records.keeping import manifest as page
from junheng.web.records.keeping.digesting import Digest, Reckoner, TableDigest, file_names
from junheng.web.records.keeping.rows import fields_of, rows_of, still


def backup(path: Path, passphrase: str = "") -> page.Manifest:
    """Write everything that is kept to ``path``, which appears when it is complete and not before.

    A file that a row names and that is not there is marked ``missing`` in the manifest.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".junheng-backup-") as folder:
        bare = Path(folder) / "bare"
        with zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            made = _filled(archive)
            archive.writestr(page.MEMBER, page.as_json(made))
            archive.comment = envelope.NO_SUM
        envelope.put_sum(bare)
        finished = bare
        if passphrase:
            finished = Path(folder) / "sealed"
            envelope.seal(bare, finished, passphrase)
        finished.chmod(0o600)
        with finished.open("rb+") as file:
            os.fsync(file.fileno())
        finished.replace(path)
    return made


def _filled(archive: zipfile.ZipFile) -> page.Manifest:
    found, sums = Digest(), {}
    with still():
        made_at = timezone.now()
        migrations = page.applied_migrations()
        for model in tables.kept(current_apps):
            label = model._meta.label
            found.tables[label], sums[label] = _table(archive, model)
        names = file_names()
    found.files = {name: _file(archive, name) for name in names}
    members = {
        label: page.Member(rows=each.rows, digest=each.digest, sha256=sums[label])
        for label, each in found.tables.items()
    }
    return page.Manifest(
        format=page.FORMAT, format_version=page.FORMAT_VERSION, version=page.product_version(),
        made_at=made_at.isoformat(), database=connection.vendor, migrations=migrations,
        field_keys=page.fingerprints(), digest=found.total, business=found.business, tables=members, files=found.files,
    )  # fmt: skip


def _table(archive: zipfile.ZipFile, model: Any) -> tuple[TableDigest, str]:
    """Writes a table: first the names of its columns, then a row a line."""
    reckoner, hasher = Reckoner(model), hashlib.sha256()
    with archive.open(f"tables/{model._meta.label}.jsonl", "w", force_zip64=True) as member:
        _line(member, hasher, [field.attname for field in fields_of(model)])
        for row in rows_of(model):
            reckoner.add(row)
            _line(member, hasher, row)
    return reckoner.result(), hasher.hexdigest()


def _line(member: IO[bytes], hasher: Any, values: list[Any]) -> None:
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
    hasher.update(line)
    member.write(line)


def _file(archive: zipfile.ZipFile, name: str) -> str:
    hasher = hashlib.sha256()
    try:
        with default_storage.open(name) as source, archive.open(f"files/{name}", "w", force_zip64=True) as member:
            while part := source.read(1024**2):
                hasher.update(part)
                member.write(part)
    except FileNotFoundError:
        return "missing"
    return hasher.hexdigest()
