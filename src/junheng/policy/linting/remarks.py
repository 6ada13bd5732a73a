"""What lint says: one remark for one matter, with the clauses concerned and the figures behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from junheng.policy.conditions import BySex
from junheng.policy.linting.worlds import Absent, Anything, Missing, World
from junheng.policy.schema import Pack
from junheng.policy.vocabulary import facts_for, find_fact, word_labels
from junheng.policy.yamlfile import read_yaml

Severity = Literal["error", "warning", "note"]
KINDS: dict[str, tuple[str, str]] = {
    "contradiction": ("自相矛盾", "contradiction"),
    "overlap": ("同一情形两种结论", "two verdicts for one circumstance"),
    "unreachable": ("永远轮不到的条款", "a clause that is never reached"),
    "gap": ("边界处无人规定", "a gap at a boundary"),
    "small_school": ("小规模学校无法执行", "cannot be met in small schools"),
    "total_below_parts": ("总数小于分项之和", "a total less than its parts"),
    "sum_mismatch": ("分项与合计不符", "parts that do not add up"),
    "implausible": ("数值可疑", "an implausible figure"),
    "scope_mismatch": ("向一方要求、按另一方计算", "demanded of one, counted over another"),
    "bottleneck": ("名额不足以满足前置条件", "a prerequisite with too few places"),
    "barred": ("被排除者仍受前置条件约束", "barred from a scheme yet bound by it"),
    "forbidden_ground": ("使用了被禁止的依据", "a forbidden ground is used"),
    "literal_reading": ("字面含义与更正", "a corrected misprint, read literally"),
    "not_set": ("参数未确定", "a parameter that is not set"),
    "undefined_term": ("文件未定义的用语", "a term that the text does not define"),
    "reference_date": ("未规定基准日", "no reference date"),
    "date_past": ("日期已过或先后不合", "a date that has passed or comes too early"),
    "placeholder": ("文本中的空缺", "a blank in the text"),
    "truncated": ("原文不完整", "the text breaks off"),
    "contested": ("存在另一种读法", "another reading is permitted"),
    "different_limits": ("年龄界限不同", "packs differ on who is left out by age"),
    "different_treatment": ("同一情况处理不同", "packs treat one circumstance differently"),
    "only_here": ("仅一方考虑的情况", "a circumstance that only one pack considers"),
}
"""Every kind of remark in Chinese and English."""


@dataclass(frozen=True)
class Remark:
    """One finding of lint.

    ``clauses`` are ids of the pack's clauses (of both packs where two are compared); ``ambiguity`` the id of a known
    contested reading, or empty; ``evidence`` holds the facts or figures at which the matter shows.
    """

    kind: str
    severity: Severity
    clauses: tuple[str, ...]
    zh: str
    en: str
    ambiguity: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The remark in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def to_json(self) -> dict[str, Any]:
        """Plain data for a machine."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "clauses": list(self.clauses),
            "ambiguity": self.ambiguity,
            "zh": self.zh,
            "en": self.en,
            "evidence": dict(self.evidence),
        }


@dataclass(frozen=True)
class Ambiguity:
    """A known contested reading: the clauses that it concerns, the kinds of remark that show it, and its words."""

    id: str
    kinds: tuple[str, ...]
    clauses: tuple[str, ...]
    zh: str
    en: str


@lru_cache(maxsize=1)
def register() -> dict[str, Ambiguity]:
    """The shipped register of contested readings, by id."""
    rows = read_yaml(Path(__file__).parent / "ambiguities.yaml").content
    return {
        key: Ambiguity(key, tuple(row.get("kinds", ())), tuple(row.get("clauses", ())), row["zh"], row["en"])
        for key, row in rows.items()
    }


def known_as(kind: str, clauses: Iterable[str]) -> str:
    """The id under which a matter is known: same kind, and the most clauses in common; empty when it is new."""
    cited = set(clauses)
    best, most = "", 0
    for each in register().values():
        common = len(cited & set(each.clauses))
        if kind in each.kinds and common > most:
            best, most = each.id, common
    return best


def remark(
    kind: str,
    severity: Severity,
    clauses: Iterable[str],
    zh: str,
    en: str,
    *,
    ambiguity: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> Remark:
    """A remark; clauses each once in order, evidence as plain data, the ambiguity looked up when not given."""
    if kind not in KINDS:
        raise KeyError(kind)
    cited = tuple(dict.fromkeys(clauses))
    shown = {key: plain(value) for key, value in (evidence or {}).items()}
    return Remark(kind, severity, cited, zh, en, ambiguity or known_as(kind, cited), shown)


def plain(value: Any) -> Any:
    """Evidence as plain data: what is not stated as text, everything else that JSON has as it is."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, BySex):
        return {"M": plain(value.male), "F": plain(value.female)}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(plain(each) for each in value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return "not stated" if isinstance(value, (Missing, Anything)) else str(value)


def fact_words(pack: Pack, name: str, lang: str) -> str:
    """A fact, or a rule used like one, in words; the name where it has none."""
    fact = find_fact(facts_for(pack), name)
    if fact is not None:
        return getattr(fact, lang) or name
    rule = pack.rules.get(name.partition("@")[0])
    return rule.title.text(lang) if rule is not None and rule.title is not None else name


def shown_world(pack: Pack, world: World, lang: str) -> str:
    """A world as words: what is stated, without what is absent or taken as given."""
    parts = [
        f"{fact_words(pack, name, lang)}={_value_words(pack, name, value, lang)}"
        for name, value in sorted(world.items())
        if not isinstance(value, (Absent, Anything)) and " ? " not in name and not name.startswith("$")
    ]
    return ("、" if lang == "zh" else ", ").join(parts) or "—"


def _value_words(pack: Pack, name: str, value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return ("否", "是")[value] if lang == "zh" else ("no", "yes")[value]
    fact = find_fact(facts_for(pack), name)
    labels = word_labels(fact, lang) if fact is not None else {}
    return labels.get(value, str(plain(value))) if isinstance(value, str) else str(plain(value))
