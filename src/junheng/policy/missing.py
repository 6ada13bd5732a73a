"""Which facts are missing where a verdict is unknown: those that an undecided condition asked for and did not find."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy.accumulating import fields_of
from junheng.policy.checking import conditions_in, item_fields, operands_in
from junheng.policy.evaluation import ROW, Run
from junheng.policy.expressions import TRUE, Compiler
from junheng.policy.results import Result, evaluate
from junheng.policy.schema import Accumulate, Decide, Rank
from junheng.policy.vocabulary import find_fact

NAMES = pl.List(pl.String)
GIVEN_INSTEAD = ("date_in_year", "default", "larger_of", "difference")
"""Derivations that only stand in for a fact: when nothing follows, the fact itself is named."""


def missing_facts(result: Result) -> pl.Series:
    """For each row the names of the facts that would be needed; empty where the answer is known."""
    run, rule = result.run, result.run.pack.rules[result.rule]
    empty = pl.Series([[]], dtype=NAMES).new_from_index(0, result.verdict.len())
    unknown = result.verdict.is_null()
    if not unknown.any():
        return empty
    asked = _asked(run, rule) if isinstance(rule, Decide) else [(result.rule, TRUE)]
    found = _named(run, run.frame.filter(unknown), asked)
    bare = found.list.len() == 0
    if bare.any():
        everything = [(name, TRUE) for name in dict.fromkeys(name for name, _ in asked)]
        found = pl.select(
            pl.when(bare).then(_named(run, run.frame.filter(unknown), everything, even_if_given=True)).otherwise(found)
        ).to_series()
    rows = run.frame.filter(unknown)[ROW].cast(pl.Int64)
    return (
        empty.to_frame("m")
        .with_row_index(ROW)
        .join(pl.DataFrame({ROW: rows.cast(pl.UInt32), "found": found}), on=ROW, how="left", maintain_order="left")
        .select(pl.coalesce("found", "m"))["found"]
    )


def _asked(run: Run, rule: Decide) -> list[tuple[str, pl.Expr]]:
    """What each undecided test of each branch that is reached reads."""
    compiler = run.compiler(rule)
    asked: list[tuple[str, pl.Expr]] = []
    reached = TRUE
    for branch in rule.branches:
        asked += [(name, reached & open_) for name, open_ in _open_leaves(branch.when, compiler)]
        reached = reached & ~compiler.condition(branch.when).fill_null(value=False)
    for outcome in (*rule.branches, rule.otherwise):
        for _, operand in operands_in(outcome.value):
            if isinstance(operand, c.FactValue):
                asked.append((operand.name, pl.col(operand.name).is_null()))
    return asked


def _open_leaves(condition: c.Condition, compiler: Compiler) -> Iterator[tuple[str, pl.Expr]]:
    """Leaves that are unknown under parts that are unknown, with the name of what each reads."""
    here = compiler.condition(condition).is_null()
    match condition:
        case c.AllOf(parts) | c.AnyOf(parts):
            for part in parts:
                yield from ((name, here & open_) for name, open_ in _open_leaves(part, compiler))
        case c.Not(part):
            yield from _open_leaves(part, compiler)
        case c.RuleTest() | c.FactTests():
            yield from ((name, here) for name in c.facts_of(condition))
            if any(isinstance(compiler.resolve(operand), c.BySex) for operand in c.operands(condition)):
                yield "sex", here


def _named(
    run: Run, frame: pl.DataFrame, asked: list[tuple[str, pl.Expr]], *, even_if_given: bool = False
) -> pl.Series:
    """Names of blank facts behind what was asked, for the rows of ``frame``."""
    hits: dict[str, list[pl.Expr]] = {}
    records: dict[str, list[pl.Expr]] = {}
    for name, open_ in asked:
        if "@" in name:
            records.setdefault(name, []).append(open_)
            continue
        for fact, blank in _behind(run, name):
            hits.setdefault(fact, []).append(open_ & (TRUE if even_if_given else blank))
    columns = [pl.when(reduce(or_, exprs)).then(pl.lit(fact)).alias(fact) for fact, exprs in hits.items()]
    if columns:
        found = frame.select(pl.concat_list(columns).list.drop_nulls().alias("n"))["n"]
    else:
        found = pl.Series("n", [[]] * frame.height, dtype=NAMES)
    if not records:
        return found
    inner = _in_records(run, frame, {name: reduce(or_, exprs) for name, exprs in records.items()})
    return pl.Series("n", [[*a, *b] for a, b in zip(found.to_list(), inner, strict=True)], dtype=NAMES)


def _in_records(run: Run, frame: pl.DataFrame, records: dict[str, pl.Expr]) -> list[list[str]]:
    """What is missing in sub-records that another rule was asked about, written ``record.fact``."""
    names: list[list[str]] = [[] for _ in range(frame.height)]
    for name, open_ in records.items():
        rule, _, record = name.partition("@")
        inner = run.about(record)
        result = evaluate(run.pack, rule, inner.frame, run.values, with_values=False)
        lacking = missing_facts(result).gather(frame[ROW]).to_list()
        asked = frame.select(open_.alias("a"))["a"].to_list()
        for i, (needed, hit) in enumerate(zip(lacking, asked, strict=True)):
            if hit:
                names[i] += [f"{record}.{each}" for each in needed]
    return names


def _behind(run: Run, name: str) -> list[tuple[str, pl.Expr]]:
    """The given facts behind a name, each with when it is blank though it would be needed."""
    if name in run.pack.rules:
        return _behind_rule(run, name)
    fact = find_fact(run.facts, name)
    if fact is None or name not in run.frame.columns:
        return []
    blank = pl.col(name).is_null()
    if fact.derive is None or fact.derive.kind in GIVEN_INSTEAD:
        record, _, inner = name.partition(".")
        stated = pl.col(record).fill_null(value=False) if inner else TRUE
        whole = [(record, ~stated)] if inner and run.facts[record].blank != "absent" else []
        return whole if fact.blank == "absent" else [*whole, (name, blank & stated)]
    sources = [operand.name for _, operand in operands_in(fact.derive.of) if isinstance(operand, c.FactValue)]
    return [(each, blank & open_) for source in sources for each, open_ in _behind(run, source)]


def _behind_rule(run: Run, name: str) -> list[tuple[str, pl.Expr]]:
    rule = run.pack.rules[name]
    names = [operand.name for _, operand in operands_in(rule) if isinstance(operand, c.FactValue)]
    items: dict[str, Any] = {}
    if isinstance(rule, Accumulate):
        items, names = fields_of(run, rule), [*rule.over, *names]
    if isinstance(rule, Rank):
        items, names = item_fields(run.facts[rule.over]), [rule.over, *names]
    for _, condition in conditions_in(rule):
        names += c.facts_of(condition)
    found = [each for source in dict.fromkeys(names) if source not in items for each in _behind(run, source)]
    return found or [(each, TRUE) for each in names[:1]]
