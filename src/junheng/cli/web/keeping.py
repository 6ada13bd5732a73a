"""Keeping the platform's data: digest, backup, restore."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from django.db import DatabaseError

from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.cli.web.refusing import not_ready
from junheng.web.records import keeping

PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help=both(
            "口令所在的文件；也可用环境变量 JUNHENG_BACKUP_PASSPHRASE",
            "a file with the passphrase; or set JUNHENG_BACKUP_PASSPHRASE",
        ),
    ),
]
BackupArgument = Annotated[Path, typer.Argument(metavar="PATH", help=both("备份文件", "the backup file"))]


def digest(as_json: JsonOption = False, lang: LangOption = Lang.ZH) -> None:
    """One digest over everything that is kept, the same on SQLite and PostgreSQL."""
    voice = Voice(lang, as_json)
    found = _or_not_ready(voice)
    voice.answer(
        {
            "digest": found.total,
            "business": found.business,
            "tables": {name: {"rows": each.rows, "digest": each.digest} for name, each in found.tables.items()},
            "files": found.files,
        }
    )
    rows = sum(each.rows for each in found.tables.values())
    voice.say(
        f"{found.total}  {len(found.tables)} 张表，{rows} 行，{len(found.files)} 个附件",
        f"{found.total}  {len(found.tables)} tables, {rows} rows, {len(found.files)} files",
    )
    voice.say(
        f"其中业务数据（不含登记时间）：{found.business}", f"business data without times of entry: {found.business}"
    )


def backup(
    path: BackupArgument,
    passphrase_file: PassphraseOption = None,
    force: Annotated[bool, typer.Option("--force", help=both("覆盖已有文件", "overwrite a file"))] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """Backs up database and files to one file, while the platform runs."""
    voice = Voice(lang, as_json)
    passphrase = _passphrase(voice, passphrase_file)
    if path.exists() and not force:
        voice.refuse("文件已存在；加 --force 覆盖", "the file is there; overwrite it with --force", details=[str(path)])
    if not path.parent.is_dir():
        voice.refuse("没有这个文件夹", "there is no such folder", details=[str(path.parent)])
    try:
        with voice.progress("正在备份", "backing up"):
            made = keeping.backup(path, passphrase)
    except OSError as fault:
        voice.refuse("无法写入备份", "the backup cannot be written", details=[str(fault)])
    except DatabaseError as fault:
        not_ready(voice, fault)
    missing = [name for name, found in made.files.items() if found == "missing"]
    rows = sum(member.rows for member in made.tables.values())
    voice.answer(
        {
            "path": str(path), "digest": made.digest, "business": made.business, "rows": rows,
            "files": len(made.files), "missing": missing, "sealed": bool(passphrase), "bytes": path.stat().st_size,
        }
    )  # fmt: skip
    voice.say(
        f"已备份到 {path}：{rows} 行，{len(made.files)} 个附件，摘要 {made.digest}",
        f"backed up to {path}: {rows} rows, {len(made.files)} files, digest {made.digest}",
    )
    if not passphrase:
        voice.say(
            "备份没有口令保护：证件号码仍是密文，其余是明文。请妥善保管，并把 JUNHENG_FIELD_KEYS 另行保存。",
            "The backup is not sealed: ID numbers stay encrypted, all else is plain. Keep it safe, and keep "
            "JUNHENG_FIELD_KEYS elsewhere.",
        )
    if missing:
        voice.warn(f"有 {len(missing)} 个附件的文件不在了", f"{len(missing)} files are missing")
        raise typer.Exit(NO)


def restore(
    path: BackupArgument,
    passphrase_file: PassphraseOption = None,
    force: Annotated[bool, typer.Option("--force", help=both("覆盖已有数据", "overwrite the data there is"))] = False,
    without_keys: Annotated[
        bool,
        typer.Option("--without-keys", help=both("没有密钥也恢复（证件号码打不开）", "even if ID numbers stay sealed")),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """Makes the database what it was; refuses a file that is foreign, damaged or newer, and a database with data."""
    voice = Voice(lang, as_json)
    passphrase = _passphrase(voice, passphrase_file)
    if not path.is_file():
        voice.refuse("没有这个文件", "there is no such file", details=[str(path)])
    try:
        with voice.progress("正在恢复", "restoring"):
            made = keeping.restore(path, passphrase=passphrase, force=force, without_keys=without_keys)
    except keeping.BadArchiveError as fault:
        voice.refuse(fault.said.zh, fault.said.en, details=[str(path)])
    except keeping.NotEmptyError as fault:
        voice.refuse(
            "数据库里已有数据；确要覆盖请加 --force", "the database has data; overwrite it with --force",
            details=[str(fault)],
        )  # fmt: skip
    except DatabaseError as fault:
        not_ready(voice, fault)
    except OSError as fault:
        voice.refuse("无法写入附件", "files cannot be written", details=[str(fault)])
    rows = sum(member.rows for member in made.tables.values())
    voice.answer({"digest": made.digest, "rows": rows, "files": len(made.files), "made_at": made.made_at})
    voice.say(
        f"已恢复 {made.made_at} 的备份：{rows} 行，{len(made.files)} 个附件，摘要相符 {made.digest}",
        f"restored the backup of {made.made_at}: {rows} rows, {len(made.files)} files, digest as before {made.digest}",
    )


def _or_not_ready(voice: Voice) -> keeping.Digest:
    try:
        return keeping.digest()
    except DatabaseError as fault:
        not_ready(voice, fault)


def _passphrase(voice: Voice, file: Path | None) -> str:
    if file is None:
        return os.environ.get("JUNHENG_BACKUP_PASSPHRASE", "")
    try:
        given = file.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        voice.refuse("无法读取口令文件", "the passphrase file cannot be read", details=[str(fault)])
    if not given:
        voice.refuse("口令文件是空的", "the passphrase file is empty", details=[str(file)])
    return given
