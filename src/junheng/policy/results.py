"""Results of a rule over a frame: verdicts, values, flags where another reading differs, and facts that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy.checking import conditions_in, operands_in
from junheng.policy.evaluation import Run, verdicts
from junheng.policy.ranking import rank
from junheng.policy.schema import Decide, Pack, Rank, Reading
from junheng.policy.vocabulary import facts_for, find_fact

COMPUTED = "computed"
UNKNOWN = "unknown"


@dataclass
class Result:
    """A rule's answers, one per row. ``verdict`` is null where unknown; ``at`` is the deciding branch of a decision."""

    run: Run
    rule: str
    verdict: pl.Series
    at: pl.Series
    values: list[Any]
    tied: pl.Series | None = None


def evaluate(
    pack: Pack, rule: str, frame: pl.DataFrame, values: Mapping[str, Any], *, with_values: bool = True
) -> Result:
    """Apply a rule to every row of a frame."""
    return _evaluate(Run(pack, frame, values), rule, with_values=with_values)


def _evaluate(run: Run, rule: str, *, with_values: bool) -> Result:
    declared = run.pack.rules[rule]
    if isinstance(declared, Decide):
        decided = run.decide(rule)
        verdict = verdicts(declared, decided)
        found = _values(run, declared, decided) if with_values else []
        lacking = [v is MISSING for v in found]
        if any(lacking):
            verdict = pl.select(pl.when(~pl.Series(lacking)).then(verdict)).to_series()
        return Result(run, rule, verdict, decided["at"], [None if v is MISSING else v for v in found])
    tied = None
    if isinstance(declared, Rank):
        ranked = rank(run, declared)
        number, tied = ranked["ids"], ranked["tied"]
    else:
        number = run.number(rule)
    verdict = pl.select(pl.when(number.is_not_null()).then(pl.lit(COMPUTED))).to_series()
    at = pl.zeros(number.len(), dtype=pl.Int16, eager=True)
    return Result(run, rule, verdict, at, [whole(each) for each in number.to_list()], tied)


def whole(value: Any) -> Any:
    """A number without a needless fraction; lists as they are."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Missing:
    """Marks a value that needs a missing fact."""


MISSING = _Missing()


def _values(run: Run, rule: Decide, decided: pl.DataFrame) -> list[Any]:
    outcomes = [*rule.branches, rule.otherwise]
    found: list[Any] = [None] * decided.height
    at = decided["at"].to_list()
    for i, outcome in enumerate(outcomes):
        rows = [row for row, branch in enumerate(at) if branch == i]
        if outcome.value is None or not rows:
            continue
        for row, value in zip(rows, _tree(run, rule, outcome.value, rows), strict=True):
            found[row] = value
    return found


def _tree(run: Run, rule: Decide, tree: Any, rows: list[int]) -> list[Any]:
    """The value of a tree for the given rows; MISSING where a fact in it is missing."""
    if isinstance(tree, dict):
        parts = {key: _tree(run, rule, each, rows) for key, each in tree.items()}
        return [
            MISSING if any(parts[key][i] is MISSING for key in parts) else {key: parts[key][i] for key in parts}
            for i in range(len(rows))
        ]
    if isinstance(tree, list):
        columns = [_tree(run, rule, each, rows) for each in tree]
        return [[column[i] for column in columns] for i in range(len(rows))]
    compiler = run.compiler(rule)
    if isinstance(tree, c.FactValue):
        column = run.frame.select(compiler.value(tree).alias("v"))["v"].gather(rows).to_list()
        return [MISSING if each is None else whole(each) for each in column]
    return [compiler.resolve(tree)] * len(rows)


# --- readings ----------------------------------------------------------------------------------------------------


def parameters_of(pack: Pack, rule: str) -> list[str]:
    """Parameters that a rule depends on, through other rules and derived facts too, in reading order."""
    found: dict[str, None] = {}
    facts = facts_for(pack)
    todo, seen = [rule], set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        fact = find_fact(facts, name)
        part: Any = pack.rules.get(name) or (fact.derive if fact else None)
        for _, operand in operands_in(part):
            if isinstance(operand, c.Parameter):
                found[operand.name] = None
            elif isinstance(operand, c.FactValue):
                todo.append(operand.name)
        for _, condition in conditions_in(part):
            todo += [each.partition("@")[0] for each in c.facts_of(condition)]
    return [name for name in found if name in pack.parameters]


def readings_of(pack: Pack, rule: str) -> Iterator[tuple[str, Reading]]:
    """Every other permitted value of the parameters that a rule depends on."""
    for name in parameters_of(pack, rule):
        for reading in pack.parameters[name].readings:
            yield name, reading


def reading_flags(result: Result, values: Mapping[str, Any]) -> list[tuple[Reading, pl.Series]]:
    """For each other reading the rows whose answer it would change, where it changes any."""
    pack, found = result.run.pack, []
    resting_on = {name: parameters_of(pack, name.partition("@")[0]) for name in result.run.ready}
    for name, reading in readings_of(pack, result.rule):
        if values.get(name) == reading.value:
            continue
        stale = [fact for fact, parameters in resting_on.items() if name in parameters]
        run = result.run.revalued({**values, name: reading.value}, stale)
        other = _evaluate(run, result.rule, with_values=bool(result.values))
        differs = (result.verdict != other.verdict).fill_null(value=False)
        if result.values:
            pairs = zip(result.values, other.values, result.verdict, other.verdict, strict=True)
            differs = pl.Series([a != b and v is not None and w is not None for a, b, v, w in pairs]) | differs
        if differs.any():
            found.append((reading, differs))
    return found
