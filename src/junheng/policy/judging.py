"""A rule's answers as columns: verdict, clause, flags, what is missing, the reason; for ``ask`` and ``decide``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, or_
from typing import Any

import polars as pl

from junheng.policy.conditions import Parameter
from junheng.policy.missing import missing_facts
from junheng.policy.results import UNKNOWN, Result, evaluate, reading_flags
from junheng.policy.schema import Amount, Decide, Outcome, Pack, Rank
from junheng.policy.wording import amount_because, because, needs, says

FLAG_ORDER = ("boundary", "ambiguous", "needs_authority")


def outcomes_of(result: Result) -> list[Outcome]:
    """The outcomes that a result's ``at`` counts: branches and otherwise; a single one for the other shapes."""
    rule = result.run.pack.rules[result.rule]
    if isinstance(rule, Decide):
        return [*rule.branches, rule.otherwise]
    return [Outcome(clause=rule.clause, verdict="computed")]


def judge(
    pack: Pack,
    rule: str,
    frame: pl.DataFrame,
    values: Mapping[str, Any],
    *,
    langs: Sequence[str] = ("zh", "en"),
    with_values: bool = False,
) -> pl.DataFrame:
    """Columns ``verdict clause clause_ids flags missing because_zh because_en``; ``clause`` is as people cite it.

    The reasons are written in ``langs`` only; ``value`` is there with ``with_values``, as Python objects.
    """
    result = evaluate(pack, rule, frame, values, with_values=with_values)
    outcomes = outcomes_of(result)
    clauses = [each.clause for each in outcomes]
    labels = dict(enumerate(pack.label(each) for each in clauses))
    missing = missing_facts(result)
    table = pl.DataFrame(
        {
            "verdict": result.verdict.fill_null(UNKNOWN),
            "clause": result.at.replace_strict(labels, return_dtype=pl.String),
            "clause_ids": _each(result.at, clauses),
            "flags": flags_of(result, values),
            "missing": missing,
        }
    )
    table = table.with_columns(_reasons(result, table, lang).alias(f"because_{lang}") for lang in langs)
    if with_values:
        table = table.with_columns(pl.Series("value", result.values or [None] * frame.height, dtype=pl.Object))
    return table


def _each(at: pl.Series, clauses: list[list[str]]) -> pl.Series:
    """The clause ids of every row's outcome."""
    table = pl.DataFrame(
        {"at": range(len(clauses)), "ids": clauses}, schema={"at": pl.Int16, "ids": pl.List(pl.String)}
    )
    return at.to_frame("at").join(table, on="at", how="left", maintain_order="left")["ids"]


def flags_of(result: Result, values: Mapping[str, Any]) -> pl.Series:
    """The flags of every answer, in a fixed order; none where the answer is unknown."""
    raised: dict[str, list[pl.Series]] = {flag: [] for flag in FLAG_ORDER}
    for reading, differs in reading_flags(result, values):
        raised[reading.flag].append(differs)
    for i, outcome in enumerate(outcomes_of(result)):
        for flag in {*outcome.flags, *_unset(outcome.value, values)}:
            raised[flag].append(result.at == i)
    rule = result.run.pack.rules[result.rule]
    if result.tied is not None and isinstance(rule, Rank):
        raised[rule.tie_flag].append(result.tied)
    known = result.verdict.is_not_null()
    bits = [pl.lit(reduce(or_, hits) & known).cast(pl.UInt32) * 2**i for i, hits in enumerate(raised.values()) if hits]
    if not bits:
        return pl.Series("flags", [[]], dtype=pl.List(pl.String)).new_from_index(0, known.len())
    place = pl.select(reduce(add, bits)).to_series()
    sets = [[flag for i, flag in enumerate(raised) if place >> i & 1] for place in range(2 ** len(raised))]
    return pl.Series("flags", sets, dtype=pl.List(pl.String)).gather(place)


def _unset(tree: Any, values: Mapping[str, Any]) -> set[str]:
    """``needs_authority`` when a value rests on a parameter that nobody has set."""
    if isinstance(tree, dict):
        return {flag for each in tree.values() for flag in _unset(each, values)}
    if isinstance(tree, list):
        return {flag for each in tree for flag in _unset(each, values)}
    return {"needs_authority"} if isinstance(tree, Parameter) and values.get(tree.name) is None else set()


def _reasons(result: Result, table: pl.DataFrame, lang: str) -> pl.Series:
    run, rule = result.run, result.run.pack.rules[result.rule]
    if isinstance(rule, Decide):
        text = because(run, rule, result.at, lang)
    elif isinstance(rule, Amount):
        text = pl.Series(amount_because(run, result.rule, lang), dtype=pl.String)
    else:
        text = pl.Series([says(run, outcomes_of(result)[0].clause, lang)]).new_from_index(0, table.height)
    unknown = (table["verdict"] == UNKNOWN).arg_true()
    if unknown.len() == 0:
        return text
    rows = table.select("clause", "missing")[unknown].iter_rows()
    said: dict[tuple[str, ...], str] = {}
    lacking = []
    for clause, missing in rows:
        key = (clause, *missing)
        if key not in said:
            said[key] = needs(run, missing, clause, lang)
        lacking.append(said[key])
    return text.scatter(unknown, lacking)
