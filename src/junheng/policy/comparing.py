"""What changes between two packs, or between two values of a parameter: in the text, and for whom on a roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel

from junheng.facts import County
from junheng.policy import conditions as c
from junheng.policy.findings import Findings, decide
from junheng.policy.quotas import QuotaAmount
from junheng.policy.schema import Pack

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


def diff(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """Everything that differs between two packs, in the order of the file, each at the smallest part that differs."""
    found: list[Difference] = []
    for part in PARTS:
        one, two = plain_data(getattr(before, part)), plain_data(getattr(after, part))
        if part in ("identity", "planning"):
            found += _different(part, part, "", one, two)
            continue
        for name in [*one, *(name for name in two if name not in one)]:
            found += _different(part, name, "", one.get(name), two.get(name))
    return tuple(found)


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
