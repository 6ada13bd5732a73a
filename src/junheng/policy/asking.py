"""``ask``: case files answered with a verdict, the clause that gives it, the reason, flags and values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from junheng.policy.cases import frame_of, read_facts
from junheng.policy.errors import CaseError, PackError
from junheng.policy.evaluation import parameter_values
from junheng.policy.judging import judge
from junheng.policy.loading import load_pack, shipped_packs
from junheng.policy.results import COMPUTED, UNKNOWN
from junheng.policy.schema import Pack


def ask(
    cases: Sequence[Any],
    packs: Mapping[str, Pack] | None = None,
    *,
    lang: str = "zh",
    parameters: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Answer every case, in order.

    A case is ``{"id", "pack", "facts": {"query", …}}``. An answer has ``id verdict clause because flags``, ``value``
    when something is computed and ``missing`` when the verdict is ``unknown``; a case that cannot be read is answered
    ``{"id", "error"}``. ``packs`` adds packs by code to the shipped ones; ``parameters`` overrides parameters of every
    pack asked that has them.
    """
    known = dict(packs or {})
    answers: list[dict[str, Any]] = [{} for _ in cases]
    groups: defaultdict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for i, case in enumerate(cases):
        try:
            code, query, columns = _read(case, known)
        except CaseError as fault:
            answers[i] = {"id": case.get("id") if isinstance(case, dict) else None, "error": fault.text(lang)}
            continue
        groups[code, query].append((i, columns))
    for (code, query), members in groups.items():
        found = _answer(known[code], query, [columns for _, columns in members], lang, parameters or {})
        for (i, _), answer in zip(members, found, strict=True):
            answers[i] = {"id": cases[i].get("id")} | answer
    return answers


def _read(case: Any, known: dict[str, Pack]) -> tuple[str, str, dict[str, Any]]:
    if not isinstance(case, dict) or not isinstance(case.get("facts"), dict):
        raise CaseError("案例应为含 id、pack、facts 的对象", "a case is an object with id, pack and facts")
    code = case.get("pack")
    if not isinstance(code, str) or (code not in known and code not in shipped_packs()):
        codes = ", ".join(sorted({*known, *shipped_packs()}))
        raise CaseError(f"未知的政策包 {code!r}，应为 {codes} 之一", f"unknown pack {code!r}; expected one of {codes}")
    if code not in known:
        try:
            known[code] = load_pack(code)
        except PackError as fault:
            raise CaseError(f"政策包 {code} 无法使用：{fault}", f"pack {code} cannot be used: {fault}") from fault
    query = case["facts"].get("query")
    rules = known[code].rules
    if not isinstance(query, str) or query not in rules:
        raise CaseError(
            f"政策包 {code} 没有问题 {query!r}，可问：{'、'.join(sorted(rules))}",
            f"pack {code} has no question {query!r}; it has {', '.join(sorted(rules))}",
        )
    return code, query, read_facts(known[code], query, case["facts"])


def _answer(
    pack: Pack, query: str, rows: list[dict[str, Any]], lang: str, overrides: Mapping[str, Any]
) -> list[dict[str, Any]]:
    values = parameter_values(pack, {k: v for k, v in overrides.items() if k in pack.parameters})
    table = judge(pack, query, frame_of(pack, rows), values, langs=(lang,), with_values=True)
    answers = []
    for row in table.iter_rows(named=True):
        answer = {
            "verdict": row["verdict"],
            "clause": row["clause"],
            "because": row[f"because_{lang}"],
            "flags": row["flags"],
        }
        if row["verdict"] == UNKNOWN:
            answer["missing"] = row["missing"]
        elif row["value"] is not None or row["verdict"] == COMPUTED:
            answer["value"] = row["value"]
        answers.append(answer)
    return answers
