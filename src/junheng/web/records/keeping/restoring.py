"""Restoring a backup: everything is examined before anything is touched, and the result must have the same digest."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps as current_apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from junheng.documents.faults import Phrase
from junheng.web.records import guarding
from junheng.web.records.keeping import envelope, tables
from junheng.web.records.keeping import manifest as page
from junheng.web.records.keeping.digesting import digest, hash_of
from junheng.web.records.keeping.manifest import BadArchiveError, Manifest
from junheng.web.records.keeping.rows import insert

_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


class NotEmptyError(RuntimeError):
    """The database holds data already; the first argument names tables."""


def restore(path: Path, *, passphrase: str = "", force: bool = False, without_keys: bool = False) -> Manifest:
    """Make the database what it was when the backup was made.

    Raises :class:`BadArchiveError` for a file that is foreign, damaged, cut off or newer, or whose encrypted fields the
    configured keys do not open, and :class:`NotEmptyError` for a database with data unless ``force``; then nothing has
    changed. A backup of an older version is loaded as it was and then upgraded.
    """
    with _opened(path, passphrase) as archive:
        manifest = _examined(archive)
        if not without_keys:
            _check_keys(manifest)
        older = _check_migrations(manifest)
        full = _full_tables()
        if full and (older or not force):
            raise NotEmptyError(", ".join(full))
        apps = _step_back(manifest) if older else current_apps
        _restore_files(archive, manifest)
        try:
            with transaction.atomic():
                _load(archive, manifest, apps)
        except (DatabaseError, ValidationError, KeyError, ValueError) as fault:
            if isinstance(fault, BadArchiveError):
                raise
            raise BadArchiveError(Phrase(f"内容与数据库不符：{fault}", f"the content does not fit: {fault}")) from None
    if older:
        call_command("migrate", interactive=False, verbosity=0)
    return manifest


@contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[zipfile.ZipFile]:
    with tempfile.TemporaryFile() as plain:
        try:
            if envelope.is_sealed(path):
                if not passphrase:
                    raise BadArchiveError(
                        Phrase("备份有口令保护，请给出口令", "the backup is sealed; give its passphrase")
                    )
                envelope.unseal(path, plain, passphrase)
            else:
                with path.open("rb") as file:
                    shutil.copyfileobj(file, plain)
            archive = zipfile.ZipFile(plain)
            if not envelope.has_sum(plain):
                raise _damaged("SHA-256")
        except _UNREADABLE as fault:
            raise _damaged(str(fault)) from None
        with archive:
            yield archive


def _damaged(what: str) -> BadArchiveError:
    return BadArchiveError(
        Phrase(f"不是备份文件，或已损坏、不完整（{what}）", f"no backup, or damaged or cut off ({what})")
    )


def _examined(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, when everything it names is there and unchanged, and nothing else is."""
    try:
        manifest = page.read(archive.read(page.MEMBER))
    except KeyError:
        raise BadArchiveError(Phrase("不是本平台的备份文件", "this is no backup of this platform")) from None
    except _UNREADABLE as fault:
        raise _damaged(str(fault)) from None
    expected = {f"tables/{label}.jsonl": member.sha256 for label, member in manifest.tables.items()}
    expected |= {f"files/{name}": sum_ for name, sum_ in manifest.files.items() if sum_ != "missing"}
    names = sorted(archive.namelist())
    if names != sorted([*expected, page.MEMBER]):
        raise _damaged("contents")
    for name, sum_ in expected.items():
        try:
            with archive.open(name) as member:
                found = hash_of(iter(lambda member=member: member.read(1024**2), b""))
        except _UNREADABLE as fault:
            raise _damaged(str(fault)) from None
        if found != sum_:
            raise _damaged(name)
    for name in manifest.files:
        try:
            default_storage.path(name)
        except SuspiciousFileOperation:
            raise _damaged(name) from None
    return manifest


def _check_keys(manifest: Manifest) -> None:
    have = page.fingerprints()
    lacking = [name for name, sum_ in manifest.field_keys.items() if have.get(name) != sum_]
    if lacking:
        named = ", ".join(lacking)
        raise BadArchiveError(
            Phrase(
                f"缺少加密字段的密钥：{named}（JUNHENG_FIELD_KEYS）", f"keys of encrypted fields are missing: {named}"
            )
        )


def _check_migrations(manifest: Manifest) -> bool:
    """Whether the backup is of an older state of the database. Raises for a newer one."""
    on_disk = set(MigrationExecutor(connection).loader.disk_migrations)
    theirs = {(app, name) for app, names in manifest.migrations.items() for name in names}
    if theirs - on_disk:
        raise BadArchiveError(Phrase("备份来自更新的版本，请先升级", "the backup is of a newer version; upgrade first"))
    if on_disk - theirs:
        return True
    ours = {(app, name) for app, names in page.applied_migrations().items() for name in names}
    if on_disk - ours:
        raise BadArchiveError(
            Phrase("数据库尚未就绪，请先运行 migrate", "the database is not ready; run migrate first")
        )
    return False


def _full_tables() -> list[str]:
    present = set(connection.introspection.table_names())
    return [
        model._meta.label
        for model in tables.kept(current_apps)
        if model._meta.label != "records.AuditHead" and model._meta.db_table in present and model._base_manager.exists()
    ]


def _step_back(manifest: Manifest) -> Any:
    """Brings an empty database to the state of an older backup; gives the models as they were then."""
    executor = MigrationExecutor(connection)
    theirs = {(app, name) for app, names in manifest.migrations.items() for name in names}
    graph = executor.loader.graph
    tips = [node for node in theirs if not any(child.key in theirs for child in graph.node_map[node].children)]
    if "records_auditevent" in connection.introspection.table_names():
        guarding.take_down(connection)
    unwanted: list[Any] = [(app, None) for app in executor.loader.migrated_apps if app not in manifest.migrations]
    executor.migrate([*sorted(tips), *unwanted])
    return MigrationExecutor(connection).loader.project_state(sorted(tips)).apps


def _load(archive: zipfile.ZipFile, manifest: Manifest, apps: Any) -> None:
    guarding.take_down(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
        for model in tables.cleared(apps):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
    models = {model._meta.label: model for model in tables.kept(apps)}
    if set(models) != set(manifest.tables):
        raise _damaged("tables")
    for label, model in models.items():
        with archive.open(f"tables/{label}.jsonl") as member:
            names = json.loads(member.readline())
            insert(model, names, (json.loads(line) for line in member))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(sql)
    guarding.put_up(connection)
    found = digest(apps)
    wrong = [label for label, each in found.tables.items() if each.digest != manifest.tables[label].digest]
    if wrong or found.total != manifest.digest:
        raise BadArchiveError(
            Phrase(
                f"恢复后的摘要与备份不符：{', '.join(wrong)}",
                f"the digest differs after the restore: {', '.join(wrong)}",
            )
        )


def _restore_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Puts files where they were; their names are random, so nothing of anybody else lies there."""
    for name, sum_ in manifest.files.items():
        if sum_ == "missing":
            continue
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        with archive.open(f"files/{name}") as member, unfinished.open("wb") as file:
            while part := member.read(1024**2):
                file.write(part)
        unfinished.replace(path)
