"""Tables for a county without a plan: which rules conflict, and what would make a plan possible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.documents.faults import Phrase
from junheng.documents.results import ResultColumn, Table
from junheng.planning.explaining import FAMILIES, Speaker
from junheng.planning.relaxing import Diagnosis, Remedy

Column = ResultColumn
NOTHING = Phrase("", "")


def conflict_table(diagnosis: Diagnosis, speaker: Speaker) -> Table:
    """Every rule of every conflict; the rules with one number cannot be kept together, and none of them is to spare."""
    rows = []
    for number, conflict in enumerate(diagnosis.conflicts, start=1):
        for said in speaker.conflict(conflict):
            people = "、".join(speaker.names.person(t) for t in said.people)
            rows.append(
                (number, Phrase(*FAMILIES[said.kind]), Phrase(said.zh, said.en), said.clause, people, len(said.rules))
            )
    notes = [
        (
            "同一序号的规则不能同时满足，去掉其中任何一条，其余各条就能同时满足。",
            "Rules with one number cannot be kept together; without any one of them the others can.",
        )
    ]
    if not diagnosis.every_conflict:
        notes.append(("冲突很多，这里只列出一部分。", "There are more conflicts than are listed here."))
    return Table(
        name_zh="冲突规则",
        name_en="Conflicting rules",
        columns=(
            Column(key="conflict", zh="冲突序号", en="Conflict", kind="integer"),
            Column(key="kind", zh="规则类别", en="Kind of rule", width=24),
            Column(key="rule", zh="规则", en="Rule", width=66),
            Column(key="clause", zh="条款", en="Clause", width=26),
            Column(key="people", zh="涉及人员", en="People", width=40),
            Column(key="rules", zh="规则条数", en="Rules", kind="integer"),
        ),
        rows=rows,
        notes=notes,
    )


def remedy_table(diagnosis: Diagnosis, remedies: Sequence[Remedy], speaker: Speaker) -> Table:
    """What would do: single changes that were tried, settings, kinds of rules alone, and the fewest exceptions."""
    return Table(
        name_zh="怎样才行",
        name_en="What would do",
        columns=(
            Column(key="group", zh="类别", en="Group", width=22),
            Column(key="what", zh="怎样改", en="Change", width=70),
            Column(key="try", zh="试算写法", en="For --try", width=36),
            Column(key="enough", zh="是否足够", en="Enough"),
            Column(key="by", zh="放宽人数（岗位数）", en="Gives by", kind="number", decimals=1),
            Column(key="least", zh="已证明不少于", en="Proven least", kind="number", decimals=1),
            Column(key="exceeds", zh="超出现行规则处数", en="Beyond today's rules", kind="integer"),
            Column(key="moves", zh="移动人数", en="Moves", kind="integer"),
            Column(key="objective", zh="目标值", en="Objective", kind="number", decimals=3),
        ),
        rows=[*_tried(remedies, speaker), *_settings(diagnosis, speaker), *_kinds(diagnosis), *_together(diagnosis)],
        notes=[
            (
                "“已试算”各行都实际求解并经独立检查；例外须由有权机关批准，写入当年的政策包或决定后再正式排定。",
                "Rows 'tried' were solved and checked independently; have the authority approve an exception first.",
            )
        ],
    )


def _tried(remedies: Sequence[Remedy], speaker: Speaker) -> list[tuple[Any, ...]]:
    return [
        (
            Phrase("已试算", "Tried"), Phrase(*speaker.changes(r.changes)), r.text, r.works, None, None, r.exceeds,
            r.moves, r.objective,
        )
        for r in remedies
    ]  # fmt: skip


def _settings(diagnosis: Diagnosis, speaker: Speaker) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for each in diagnosis.thresholds:
        zh, en = speaker.change(each.change) if each.change else speaker.setting(each.what)
        text = each.change.text if each.change else ""
        enough = each.change is not None
        said = Phrase(zh, en) if enough else Phrase(f"{zh}：怎样放宽都不够", f"{en}: no value is enough")
        rows.append((Phrase("改一项设置", "One setting"), said, text, enough, None, None, None, None, None))
    return rows


def _kinds(diagnosis: Diagnosis) -> list[tuple[Any, ...]]:
    return [
        (
            Phrase("只放宽一类规则", "One kind of rule"), Phrase(*FAMILIES[a.family]), "", a.enough, a.by, a.least,
            len(a.rows) if a.enough else None, None, None,
        )
        for a in sorted(diagnosis.alone, key=lambda a: not a.enough)
    ]  # fmt: skip


def _together(diagnosis: Diagnosis) -> list[tuple[Any, ...]]:
    by: dict[str, float] = {}
    for row in diagnosis.together:
        by[row.family] = by.get(row.family, 0.0) + row.by
    zh = "、".join(f"{FAMILIES[kind][0]} {n:g}" for kind, n in by.items())
    en = ", ".join(f"{FAMILIES[kind][1]} {n:g}" for kind, n in by.items())
    total, rows = sum(by.values()), len(diagnosis.together)
    return [
        (
            Phrase("各类合计最少", "All kinds, fewest"),
            Phrase(zh, en),
            "",
            True,
            total,
            diagnosis.fewest,
            rows,
            None,
            None,
        )
    ]
