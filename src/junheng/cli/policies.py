"""junheng policy list · show · lint · ask: the packs and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.measuring import yes_no
from junheng.cli.packs import PackArgument, pack_or_refuse
from junheng.cli.speaking import BAD_INPUT, NO, JsonOption, Lang, LangOption, Voice, both
from junheng.policy import ask, lint, shipped_packs

PACK_HEADERS = (
    ("代码", "Code"),
    ("名称", "Title"),
    ("发文机关", "Issuer"),
    ("状态", "Text"),
    ("用于轮岗", "Rotation"),
    ("条款", "Clauses"),
    ("规则", "Rules"),
)
PARAMETER_HEADERS = (
    ("参数", "Parameter"),
    ("含义", "Meaning"),
    ("值", "Value"),
    ("条款", "Clause"),
    ("其他读法", "Other readings"),
)
ANSWER_HEADERS = (
    ("案例", "Case"),
    ("判定", "Verdict"),
    ("条款", "Clause"),
    ("理由", "Because"),
    ("标记", "Flags"),
    ("值", "Value"),
)
STATUS = {"complete": ("全文", "complete"), "truncated": ("原文不全", "truncated in source")}


def list_packs(lang: LangOption = Lang.ZH, as_json: JsonOption = False) -> None:
    """Lists every pack that comes with Junheng."""
    voice = Voice(lang, as_json)
    packs = [pack_or_refuse(voice, code) for code in shipped_packs()]
    voice.table(
        PACK_HEADERS,
        [
            (
                p.code, p.identity.title.text(voice.lang), p.identity.issuer.text(voice.lang),
                voice.text(*STATUS[p.identity.status]), yes_no(voice, p.planning is not None), len(p.clauses),
                len(p.rules),
            )
            for p in packs
        ],
        right=5,
    )  # fmt: skip
    voice.answer(
        [
            {
                "code": p.code,
                "title": p.identity.title.text(voice.lang),
                "issuer": p.identity.issuer.text(voice.lang),
                "level": p.identity.level,
                "status": p.identity.status,
                "rotation": p.planning is not None,
                "clauses": len(p.clauses),
                "rules": sorted(p.rules),
            }
            for p in packs
        ]
    )


def show(pack: PackArgument, lang: LangOption = Lang.ZH, as_json: JsonOption = False) -> None:
    """Shows what a pack says."""
    voice = Voice(lang, as_json)
    held = pack_or_refuse(voice, pack)
    identity = held.identity
    voice.title(f"{held.code} {identity.title.zh}", f"{held.code} {identity.title.en}")
    authority = identity.authority
    voice.say(
        f"发文机关：{identity.issuer.zh}；文号：{identity.document_number or '无'}；{STATUS[identity.status][0]}；"
        f"未尽事宜由{authority.zh}决定",
        f"Issuer: {identity.issuer.en}; number: {identity.document_number or 'none'}; {STATUS[identity.status][1]}; "
        f"open matters: {authority.en}",
    )
    voice.title("参数", "Parameters")
    voice.table(
        PARAMETER_HEADERS,
        [
            (
                name, p.zh if voice.lang == "zh" else p.en, _value(voice, p.value, p.unit), held.label(p.clause),
                ", ".join(f"{_value(voice, r.value, '')} ({r.id})" for r in p.readings),
            )
            for name, p in held.parameters.items()
        ],
        right=9,
    )  # fmt: skip
    voice.title("条款", "Clauses")
    voice.table(
        [("编号", "Id"), ("出处", "Cited as"), ("内容", "Says")],
        [(cid, clause.label, clause.says.text(voice.lang)) for cid, clause in held.clauses.items()],
        right=9,
    )
    voice.answer(json.loads(held.model_dump_json(include={"identity", "parameters", "clauses"})))


def _value(voice: Voice, value: Any, unit: str) -> str:
    if value is None:
        return voice.text("未定", "not set")
    shown = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return f"{shown} {unit}".strip()


def _shown(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def lint_pack(
    packs: Annotated[list[str], typer.Argument(help=both("政策包的代码或文件，可多个", "packs: their codes or files"))],
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Lints packs, also against each other."""
    voice = Voice(lang, as_json)
    held = [pack_or_refuse(voice, name) for name in packs]
    found = [(p, r) for p in held for r in lint(p, others=[o for o in held if o is not p])]
    marks = {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}
    for pack, remark in found:
        where = ", ".join(dict.fromkeys(pack.clauses[c].label for c in remark.clauses if c in pack.clauses))
        mark = " ".join(
            each for each in (voice.text(*marks[remark.severity]), pack.code, remark.ambiguity, where) if each
        )
        voice.say(f"[{mark}] {remark.zh}", f"[{mark}] {remark.en}")
    serious = sum(r.severity != "note" for _, r in found)
    voice.say(f"共 {len(found)} 条，其中需处理 {serious} 条", f"{len(found)} remarks, {serious} to be dealt with")
    voice.answer(
        [
            {
                "pack": p.code,
                "kind": r.kind,
                "severity": r.severity,
                "clauses": list(r.clauses),
                "ambiguity": r.ambiguity,
                "message": voice.text(r.zh, r.en),
                "evidence": r.evidence,
            }
            for p, r in found
        ]
    )
    if serious:
        raise typer.Exit(NO)


def ask_cases(
    cases: Annotated[Path, typer.Argument(help=both("案例文件（JSON）", "a case file (JSON)"))],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help=both("另加的政策包文件", "further packs, by file"))
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Answers the cases of a file."""
    voice = Voice(lang, as_json)
    try:
        asked = json.loads(cases.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        voice.refuse(f"{cases} 不是 JSON 文件：{problem}", f"{cases} is not a JSON file: {problem}")
    if not isinstance(asked, list):
        voice.refuse(f"{cases}：应为案例的列表 [...]", f"{cases}: expected a list of cases [...]")
    more = {p.code: p for p in (pack_or_refuse(voice, name) for name in pack or [])}
    answers = ask(asked, more, lang=voice.lang)
    voice.table(
        ANSWER_HEADERS,
        [
            (
                a.get("id"), a.get("verdict", "✗"), a.get("clause", ""), a.get("because", a.get("error", "")),
                " ".join(a.get("flags", [])), _shown(a.get("value")),
            )
            for a in answers
        ],
        right=9,
    )  # fmt: skip
    voice.answer(answers)
    if any("error" in a for a in answers):
        raise typer.Exit(BAD_INPUT)
