"""Conflicts, remedies and trials on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.cli.speaking import Voice
from junheng.planning.explaining import FAMILIES, Speaker
from junheng.planning.relaxing import Diagnosis, Remedy

SHOWN = 5


def say_conflicts(voice: Voice, speaker: Speaker, found: Diagnosis) -> None:
    """Which kinds of rules and which single rules cannot be kept together."""
    voice.title("哪些规则冲突", "Which rules conflict")
    voice.say(
        f"不能同时满足的规则类别：{' × '.join(FAMILIES[k][0] for k in found.kinds)}",
        f"Kinds of rules that cannot be kept together: {' × '.join(FAMILIES[k][1] for k in found.kinds)}",
    )
    for number, conflict in enumerate(found.conflicts[:SHOWN], start=1):
        voice.say(
            f"冲突 {number}（其中任何一条让步，其余各条就能同时满足）：",
            f"Conflict {number}; without any one of these the others hold:",
        )
        for said in speaker.conflict(conflict):
            clause = f" [{said.clause}]" if said.clause else ""
            voice.say(f"  · {said.zh}{clause}", f"  · {said.en}{clause}")
    if more := max(0, len(found.conflicts) - SHOWN):
        voice.say(f"  ……另有 {more} 处冲突", f"  … and {more} more conflicts")


def say_remedies(voice: Voice, speaker: Speaker, found: Diagnosis, remedies: Sequence[Remedy]) -> None:
    """What would make a plan possible: one kind of rule, one setting, single changes that were tried."""
    voice.title("怎样才行", "What would do")
    for alone in (a for a in found.alone if a.enough):
        zh, en = FAMILIES[alone.family]
        voice.say(
            f"只放宽这一类就够：{zh}，{_number(alone.by, alone.least, 'zh')}",
            f"Enough by itself: {en}, {_number(alone.by, alone.least, 'en')}",
        )
    never = [a.family for a in found.alone if not a.enough]
    if never:
        voice.say(
            f"只放宽一类怎样都不够：{'、'.join(FAMILIES[k][0] for k in never)}",
            f"Never enough by itself: {', '.join(FAMILIES[k][1] for k in never)}",
        )
    together = sum(row.by for row in found.together)
    voice.say(
        f"各类规则一起放宽，合计 {_number(together, found.fewest, 'zh')}",
        f"All kinds together: {_number(together, found.fewest, 'en')}",
    )
    for each in found.thresholds:
        zh, en = speaker.change(each.change) if each.change else speaker.setting(each.what)
        if each.change:
            voice.say(
                f"只改这一项就够：{zh}（{each.change.text}）", f"One setting is enough: {en} ({each.change.text})"
            )
        else:
            voice.say(f"只改这一项不够：{zh}", f"Not enough at any value: {en}")
    if remedies:
        voice.title("已试算的改动，动得少的在前", "Changes that were tried, the smallest first")
    for remedy in remedies:
        say_remedy(voice, speaker, remedy)


def _number(by: float | None, least: float | None, lang: str) -> str:
    by, least = by or 0.0, least or 0.0
    proved = by <= least + 1e-6
    if lang == "zh":
        return f"最少 {by:g} 人（岗位）" if proved else f"{by:g} 人（岗位），已证明不少于 {least:.4g}"
    return (
        f"{by:g} persons or posts at least" if proved else f"{by:g} persons or posts, proven: no fewer than {least:.4g}"
    )


def say_remedy(voice: Voice, speaker: Speaker, remedy: Remedy) -> None:
    """One trial."""
    zh, en = speaker.changes(remedy.changes)
    if not remedy.works:
        voice.warn(f"不行：{zh}（{remedy.text}）", f"Does not do: {en} ({remedy.text})")
        return
    voice.say(
        f"可行：{zh}。移动 {remedy.moves} 人，目标值 {remedy.objective:.3f}，"
        f"超出现行规则 {remedy.exceeds} 处（{remedy.text}）",
        f"Does: {en}. {remedy.moves} moves, objective {remedy.objective:.3f}, beyond today's rules in "
        f"{remedy.exceeds} places ({remedy.text})",
    )


def remedy_answer(voice: Voice, speaker: Speaker, remedy: Remedy) -> dict[str, Any]:
    """A trial, for machines."""
    return {
        "try": remedy.text,
        "change": voice.text(*speaker.changes(remedy.changes)),
        "works": remedy.works,
        "moves": remedy.moves,
        "objective": remedy.objective,
        "beyond_rules": remedy.exceeds,
    }


def diagnosis_answer(voice: Voice, speaker: Speaker, found: Diagnosis, remedies: Sequence[Remedy]) -> dict[str, Any]:
    """Conflicts and remedies, for machines."""
    return {
        "feasible": found.feasible,
        "kinds_in_conflict": list(found.kinds),
        "every_conflict": found.every_conflict,
        "conflicts": [
            {
                "rules": list(conflict.rules),
                "irreducible": conflict.irreducible,
                "said": [
                    {"rule": voice.text(s.zh, s.en), "clause": s.clause, "people": list(s.people)}
                    for s in speaker.conflict(conflict)
                ],
            }
            for conflict in found.conflicts
        ],
        "alone": [{"kind": a.family, "enough": a.enough, "by": a.by, "proven_least": a.least} for a in found.alone],
        "together": {"by": sum(r.by for r in found.together), "proven_least": found.fewest},
        "settings": [
            {"setting": ":".join(t.what), "today": t.today, "least_change": t.change.text if t.change else None}
            for t in found.thresholds
        ],
        "remedies": [remedy_answer(voice, speaker, each) for each in remedies],
    }
