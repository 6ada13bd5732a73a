"""junheng proof publish · receipts · check-receipt · verifier: what leaves the bureau, and how outsiders check it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.planning.proof import (
    KeyRow,
    MalformedFileError,
    publish_bundle,
    read_receipt,
    receipt_faults,
    receipts_of,
    write_verifier,
)

BundleArgument = Annotated[Path, typer.Argument(help=both("完整证明包的文件夹", "folder of the full bundle"))]
TABLES = {
    "plan.csv": ("方案：去向、任教学科", "plan: host school, subject"),
    "verdicts.csv": ("认定：结论、条款", "verdict and clauses"),
    "problem/teachers.csv": ("本人资料（完整包）", "own facts (full bundle)"),
}


def publish(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option("-o", "--out", "--output", help=both("新的文件夹", "a new folder"))],
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Writes the public bundle: the full one without homes, wishes and family ties, under the same root."""
    voice = Voice(lang, as_json)
    if not bundle.is_dir():
        voice.refuse(f"找不到证明包文件夹：{bundle}", f"No such folder: {bundle}")
    try:
        root = publish_bundle(bundle, out)
    except ValueError as fault:
        voice.refuse(f"不能公开：{fault}", f"Cannot publish: {fault}")
    voice.say(f"公开包：{out}", f"Public bundle: {out}")
    voice.say(f"默克尔根（与完整包相同，请公布）：{root}", f"Merkle root, the same as the full bundle's: {root}")
    voice.say(
        f"外人核验：junheng verify {out} --public --root {root}",
        f"To be verified with: junheng verify {out} --public --root {root}",
    )
    voice.answer({"public": str(out), "root": root})


def receipts(
    bundle: BundleArgument,
    keys: Annotated[
        Path, typer.Option("--keys", help=both("人员对照与密钥 keys.csv（保密）", "the secret key table, keys.csv"))
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", "--output", help=both("新的文件夹，每人一个文件", "a new folder, a file each")),
    ],
    teachers: Annotated[
        list[str] | None, typer.Option("--teacher", help=both("只做这些工号；可多次", "only these; may repeat"))
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Writes each teacher's receipt, with which she finds herself under the published root."""
    voice = Voice(lang, as_json)
    table = _keys_or_refuse(voice, keys)
    unknown = sorted({*(teachers or [])} - table.keys())
    if unknown:
        voice.refuse(f"--teacher：{keys.name} 中没有 {unknown[0]}。", f"--teacher: {unknown[0]} is not in {keys.name}.")
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        voice.refuse(
            f"-o {out}：已存在且不空，请换一个文件夹。", f"-o {out}: it exists and is not empty; give another folder."
        )
    chosen = [table[name] for name in sorted(teachers or table)]
    odd = [row.teacher_id for row in chosen if any(mark in row.teacher_id for mark in '/\\:*?"<>|')]
    if odd:
        voice.refuse(f"工号 {odd[0]} 不能作文件名。", f"The id {odd[0]} cannot be the name of a file.")
    try:
        made = list(receipts_of(bundle, chosen))
    except (ValueError, OSError) as fault:
        voice.refuse(f"{bundle} 不能使用：{fault}", f"{bundle} cannot be used: {fault}")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for receipt in made:
        path = out / f"{receipt.teacher_id}.json"
        path.write_bytes(receipt.content())
        path.chmod(0o600)
    voice.say(
        f"写出 {len(made)} 份回执：{out}。每份只交本人：凭它可在包中认出本人。",
        f"Wrote {len(made)} receipts: {out}. Hand each to its owner only: it tells who she is in the bundle.",
    )
    voice.answer({"receipts": len(made), "folder": str(out)})


def _keys_or_refuse(voice: Voice, path: Path) -> dict[str, KeyRow]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [KeyRow(row["teacher_id"], row["pseudonym"], row["receipt"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as fault:
        voice.refuse(
            f"--keys {path} 不能使用（应有 teacher_id, pseudonym, receipt 三列）：{fault}",
            f"--keys {path} cannot be used (expected columns teacher_id, pseudonym, receipt): {fault}",
        )
    return {row.teacher_id: row for row in rows}


def check_receipt(
    receipt: Annotated[Path, typer.Argument(help=both("本人的回执", "the receipt"))],
    root: Annotated[str, typer.Option("--root", help=both("公布的默克尔根", "the Merkle root as published"))],
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Says what stands under the published root about the holder of a receipt."""
    voice = Voice(lang, as_json)
    try:
        held = read_receipt(receipt.read_bytes(), receipt.name)
    except (OSError, MalformedFileError) as fault:
        voice.refuse(f"{receipt} 不是回执：{fault}", f"{receipt} is not a receipt: {fault}")
    faults = receipt_faults(held, root)
    rows = {} if faults else held.rows()
    for name, row in rows.items():
        zh, en = TABLES[name]
        found = row.split(",", 1)[1] if row is not None else voice.text("没有本人", "not in it")
        voice.say(f"{zh}：{found}", f"{en}: {found}")
    for wrong in faults:
        voice.warn(wrong, wrong)
    voice.say(*(("与公布的根不符", "REFUSED") if faults else ("在公布的根之下", "Under the published root")))
    voice.answer({"accepted": not faults, "faults": faults, "rows": rows})
    if faults:
        raise typer.Exit(NO)


def verifier(
    out: Annotated[Path, typer.Option("-o", "--out", "--output", help=both("写到", "where to"))] = Path("verify.py"),
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Writes the verifier as one text file that needs Python only."""
    voice = Voice(lang, as_json)
    write_verifier(out)
    voice.say(
        f"核验程序：{out}（只需 Python 3.11 以上；用法 python {out} 证明包 --root 默克尔根）",
        f"Verifier: {out} (needs Python 3.11 or later only; python {out} BUNDLE --root HEX)",
    )
    voice.answer({"verifier": str(out)})
