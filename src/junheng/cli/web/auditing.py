"""The audit chain on the command line: verify it, print its head for others to keep."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import DatabaseError

from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.cli.web.refusing import not_ready
from junheng.web.records.models import AuditEvent, AuditHead
from junheng.web.records.verifying import ANCHOR_FORMAT, MalformedAnchorError, read_anchors
from junheng.web.records.verifying import verify as walk

AnchorOption = Annotated[
    Path | None,
    typer.Option("--anchor", help=both("另行保存的锚点文件（JSON）", "a file of anchors kept elsewhere (JSON)")),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help=both("另存为文件（JSON）", "also write it to a file (JSON)"))
]


def verify(anchor: AnchorOption = None, as_json: JsonOption = False, lang: LangOption = Lang.ZH) -> None:
    """Walks the whole chain; ends with 1 where it is broken or unguarded."""
    voice = Voice(lang, as_json)
    try:
        anchors = read_anchors(anchor) if anchor else []
    except MalformedAnchorError as fault:
        voice.refuse("锚点文件无法使用", "the anchor file cannot be used", details=[str(fault)])
    try:
        found = walk(anchors)
    except DatabaseError as fault:
        not_ready(voice, fault)
    broken = found.broken
    voice.answer(
        {
            "holds": broken is None,
            "rows": found.rows,
            "number": found.number,
            "digest": found.digest,
            "anchors": found.anchors,
            "guarded": not found.unguarded,
            "triggers_missing": list(found.unguarded),
            "broken": broken and {"kind": broken.kind, "number": broken.number, "text": broken.said.said(voice.lang)},
        }
    )
    if broken is None:
        voice.say(f"留痕链完整：{found.rows} 行", f"the chain holds: {found.rows} rows")
        voice.say(f"链首 {found.number} {found.digest}", f"head {found.number} {found.digest}")
        if found.anchors:
            voice.say(f"与 {found.anchors} 个锚点相符", f"it agrees with {found.anchors} anchors")
    else:
        voice.warn(
            f"留痕链断裂，前 {found.rows} 行完整。{broken.said.zh}",
            f"the chain is broken; the first {found.rows} rows hold. {broken.said.en}",
        )
    if found.unguarded:
        names = ", ".join(found.unguarded)
        voice.warn(f"数据库中缺少保护留痕的触发器：{names}", f"triggers that guard the chain are missing: {names}")
    if broken or found.unguarded:
        raise typer.Exit(NO)


def anchor(out: OutOption = None, as_json: JsonOption = False, lang: LangOption = Lang.ZH) -> None:
    """Prints number and digest of the last row; whoever keeps it can later prove that nothing before it was changed."""
    voice = Voice(lang, as_json)
    try:
        kept = head_now()
    except DatabaseError as fault:
        not_ready(voice, fault)
    if out is not None:
        try:
            out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
        except OSError as fault:
            voice.refuse("无法写入文件", "the file cannot be written", details=[str(fault)])
    voice.answer(kept)
    voice.say(
        f"留痕链第 {kept['number']} 行  {kept['at'] or ''}", f"audit chain, row {kept['number']}  {kept['at'] or ''}"
    )
    digest = kept["digest"]
    voice.say(
        "  " + " ".join(digest[at : at + 16] for at in range(0, 64, 16)),
        "  " + " ".join(digest[at : at + 16] for at in range(0, 64, 16)),
    )
    voice.say(
        "请打印或发送给学校和上级留存；日后以 audit verify --anchor 核对。",
        "Print it or send it to schools and to the authority above; check it later with audit verify --anchor.",
    )


def head_now() -> dict[str, Any]:
    """The head as an anchor."""
    head = AuditHead.objects.get(pk=1)
    last = AuditEvent.objects.filter(number=head.number).first()
    return {
        "format": ANCHOR_FORMAT,
        "number": head.number,
        "digest": head.digest,
        "at": last.at.astimezone(UTC).isoformat(timespec="seconds") if last else None,
    }
