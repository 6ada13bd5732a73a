"""What changes between two packs, or between two values of a parameter: in the text, and for whom on a roster."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel

from junheng.facts import County
from junheng.policy import conditions as c
from junheng.policy.findings import Findings, decide
from junheng.policy.quotas import QuotaAmount
from junheng.policy.schema import Pack
from junheng.policy.verdicts import verdict_words

How = Literal["added", "removed", "changed"]
Part = Literal["identity", "facts", "parameters", "clauses", "rules", "planning"]
PARTS: tuple[Part, ...] = ("identity", "facts", "parameters", "clauses", "rules", "planning")


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two packs: where, how, and the plain data on both sides (``None``: not there).

    ``name`` is the parameter, clause or rule; ``place`` the path inside it, such as ``branches.2.when``.
    """

    part: Part
    name: str
    how: How
    place: str
    before: Any
    after: Any


HOW_WORDS: dict[How, tuple[str, str]] = {
    "added": ("新增", "added"),
    "removed": ("删去", "removed"),
    "changed": ("改为", "changed"),
}
PART_WORDS: dict[Part, tuple[str, str]] = {
    "identity": ("文件", "identity"),
    "facts": ("事实", "fact"),
    "parameters": ("参数", "parameter"),
    "clauses": ("条款", "clause"),
    "rules": ("规则", "rule"),
    "planning": ("排岗", "planning"),
}


@dataclass(frozen=True)
class PackDifference:
    """Everything that differs between two packs, in the order of the file; iterates over :class:`Difference`."""

    before: Pack
    after: Pack
    items: tuple[Difference, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.items)

    def lines(self, lang: str = "zh") -> list[str]:
        """One line for each difference."""
        return [_line(each, lang) for each in self.items]

    def as_data(self, lang: str = "zh") -> list[dict[str, Any]]:
        """Plain data for a machine, with the line in words."""
        return [
            {
                "part": each.part, "name": each.name, "how": each.how, "place": each.place,
                "before": json_ready(each.before), "after": json_ready(each.after), "line": _line(each, lang),
            }
            for each in self.items
        ]  # fmt: skip


def _line(each: Difference, lang: str) -> str:
    one = 0 if lang == "zh" else 1
    inside = f" {each.place}" if each.place else ""
    where = f"{PART_WORDS[each.part][one]} {each.name}{inside}"
    if each.how == "changed":
        arrow = f"{_words(each.before)} → {_words(each.after)}"
        return f"{where}:{arrow}" if lang == "zh" else f"{where}: {arrow}"
    held = _words(each.after if each.how == "added" else each.before)
    return (
        f"{where} {HOW_WORDS[each.how][one]}:{held}" if lang == "zh" else f"{where} {HOW_WORDS[each.how][one]}: {held}"
    )


def json_ready(value: Any) -> Any:
    """Plain data with dates as text."""
    if isinstance(value, dict):
        return {key: json_ready(each) for key, each in value.items()}
    if isinstance(value, list):
        return [json_ready(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _words(value: Any, most: int = 120) -> str:
    text = value if isinstance(value, str) else json.dumps(json_ready(value), ensure_ascii=False)
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(frozen=True)
class Change:
    """A teacher whose verdict, standing or clause differs, with the reason on both sides in both languages."""

    teacher_id: str
    school_id: str
    before: str
    after: str
    standing_before: str
    standing_after: str
    clause_before: str
    clause_after: str
    because_before: Mapping[str, str]
    because_after: Mapping[str, str]


@dataclass(frozen=True)
class QuotaChange:
    """A quota whose number differs for a group; ``None`` where the quota or the group is on one side only."""

    quota: str
    scope: str
    group: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class RosterDifference:
    """Who changes on a roster. ``by_school`` counts pairs (verdict before, verdict after) of those who change."""

    before: Findings
    after: Findings
    changes: tuple[Change, ...]
    by_school: Mapping[str, Mapping[tuple[str, str], int]]
    quotas: tuple[QuotaChange, ...]

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How many have each verdict, before and after."""
        one, two = self.before.counts(), self.after.counts()
        return {verdict: (one.get(verdict, 0), two.get(verdict, 0)) for verdict in sorted({*one, *two})}

    @property
    def standings(self) -> dict[str, tuple[int, int]]:
        """How many must, may and do not move, before and after."""
        one, two = (Counter(findings.standings.values()) for findings in (self.before, self.after))
        return {standing: (one[standing], two[standing]) for standing in ("must", "may", "no")}

    def lines(self, lang: str = "zh") -> list[str]:
        """Numbers first, then every teacher who changes, with the clause on both sides."""
        chinese = lang == "zh"
        colon = ":" if chinese else ": "
        found = [f"{_standing(each, lang)}{colon}{one} → {two}" for each, (one, two) in self.standings.items()]
        found += [f"{_quota(each, lang)}{colon}{_count(each.before)} → {_count(each.after)}" for each in self.quotas]
        total = len(self.changes)
        found.append(f"判定或依据有变 {total} 人" if chinese else f"{total} teachers have another verdict or clause")
        found += [_changed_line(each, lang) for each in self.changes]
        return found

    def as_data(self, lang: str = "zh") -> dict[str, Any]:
        """Plain data for a machine."""
        return {
            "standings": {key: list(pair) for key, pair in self.standings.items()},
            "verdicts": {key: list(pair) for key, pair in self.counts.items()},
            "quotas": [asdict(each) for each in self.quotas],
            "by_school": {
                school: [{"before": one, "after": two, "count": n} for (one, two), n in sorted(pairs.items())]
                for school, pairs in self.by_school.items()
            },
            "changes": [
                {
                    **{key: value for key, value in asdict(each).items() if not key.startswith("because")},
                    "because_before": each.because_before[lang],
                    "because_after": each.because_after[lang],
                }
                for each in self.changes
            ],
        }


STANDING_WORDS = {"must": ("应当交流", "must move"), "may": ("可以交流", "may move"), "no": ("不交流", "do not move")}


def _standing(standing: str, lang: str) -> str:
    return STANDING_WORDS[standing][0 if lang == "zh" else 1]


def _quota(change: QuotaChange, lang: str) -> str:
    return f"{'名额' if lang == 'zh' else 'quota'} {change.quota} {change.group}"


def _count(amount: int | None) -> str:
    return "—" if amount is None else str(amount)


def _changed_line(change: Change, lang: str) -> str:
    before, after = (verdict_words(verdict, lang) for verdict in (change.before, change.after))
    return f"{change.teacher_id}: {before} ({change.clause_before}) → {after} ({change.clause_after})"


def diff(before: Pack, after: Pack) -> PackDifference:
    """Everything that differs between two packs, each at the smallest part that differs."""
    found: list[Difference] = []
    for part in PARTS:
        one, two = plain_data(getattr(before, part)), plain_data(getattr(after, part))
        if part in ("identity", "planning"):
            found += _different(part, part, "", one, two)
            continue
        for name in [*one, *(name for name in two if name not in one)]:
            found += _different(part, name, "", one.get(name), two.get(name))
    return PackDifference(before, after, tuple(found))


def _different(part: Part, name: str, place: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    inside = place.removesuffix(".")
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() & after.keys():
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _different(part, name, f"{place}{key}.", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and _of_models(before, after):
        for i in range(max(len(before), len(after))):
            sides = [each[i] if i < len(each) else None for each in (before, after)]
            yield from _different(part, name, f"{place}{i}.", *sides)
    else:
        how: How = "added" if before is None else "removed" if after is None else "changed"
        yield Difference(part, name, how, inside, before, after)


def _of_models(*lists: list[Any]) -> bool:
    return all(isinstance(item, dict) for each in lists for item in each)


def plain_data(value: Any) -> Any:
    """A part of a pack as the plain data that an author writes, conditions and values included."""
    match value:
        case BaseModel():
            stated = {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}
            return {name: plain_data(each) for name, each in stated.items()}
        case dict():
            return {key: plain_data(each) for key, each in value.items()}
        case list() | tuple():
            return [plain_data(each) for each in value]
        case c.AllOf() | c.AnyOf() | c.Not() | c.FactTests() | c.RuleTest():
            return _condition_data(value)
    return _value_data(value)


def _value_data(value: Any) -> Any:
    match value:
        case c.Parameter():
            return f"${value.name}"
        case c.BySex():
            return {"M": plain_data(value.male), "F": plain_data(value.female)}
        case c.FactValue():
            moved = {"plus": value.plus, "minus": value.minus}
            return {"fact": value.name, **{key: plain_data(shift) for key, shift in moved.items() if shift}}
    return value


def _condition_data(condition: c.Condition) -> Any:
    match condition:
        case c.AllOf(parts):
            return {"all": [_condition_data(part) for part in parts]}
        case c.AnyOf(parts):
            return {"any": [_condition_data(part) for part in parts]}
        case c.Not(part):
            return {"not": _condition_data(part)}
        case c.RuleTest(rule, verdicts, of):
            return {"rule": rule, **({"of": of} if of else {}), "in": list(verdicts)}
        case c.FactTests(fact, tests):
            operators = {test.operator: plain_data(test.operand) for test in tests}
            inclusive = plain_data(tests[0].inclusive)
            return {fact: operators if inclusive is True else {**operators, "inclusive": inclusive}}


def diff_on_roster(
    county: County,
    before: Pack,
    after: Pack | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    on: date | None = None,
    plan_year: int | None = None,
) -> RosterDifference:
    """Who changes between two packs, or, without ``after``, between a pack and itself with other ``parameters``.

    ``parameters`` are of the second side. Raises ``ValueError`` as :func:`junheng.policy.decide` does.
    """
    one = decide(county, before, on=on, plan_year=plan_year)
    two = decide(county, after or before, on=on, plan_year=plan_year, parameters=parameters)
    changes = tuple(_changes(one.frame, two.frame))
    by_school: dict[str, Counter[tuple[str, str]]] = {}
    for change in changes:
        by_school.setdefault(change.school_id, Counter())[change.before, change.after] += 1
    return RosterDifference(one, two, changes, dict(sorted(by_school.items())), tuple(_quotas(one.quotas, two.quotas)))


def _changes(one: pl.DataFrame, two: pl.DataFrame) -> Iterator[Change]:
    joined = one.join(two, on="teacher_id", suffix="_after", maintain_order="left")
    differs = [pl.col(name) != pl.col(f"{name}_after") for name in ("verdict", "standing", "clause")]
    for row in joined.filter(pl.any_horizontal(differs)).iter_rows(named=True):
        yield Change(
            row["teacher_id"],
            row["school_id"],
            row["verdict"],
            row["verdict_after"],
            row["standing"],
            row["standing_after"],
            row["clause"],
            row["clause_after"],
            {lang: row[f"because_{lang}"] for lang in ("zh", "en")},
            {lang: row[f"because_{lang}_after"] for lang in ("zh", "en")},
        )


def _quotas(one: tuple[QuotaAmount, ...], two: tuple[QuotaAmount, ...]) -> Iterator[QuotaChange]:
    first, second = ({(q.quota, q.scope, q.group): q.amount for q in each} for each in (one, two))
    for key in [*first, *(key for key in second if key not in first)]:
        if first.get(key) != second.get(key):
            yield QuotaChange(*key, first.get(key), second.get(key))
