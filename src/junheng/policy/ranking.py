"""Rankings: order by keys, ties, take so many; for each row a list of ids, and whether a tie decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from junheng.policy.checking import item_fields
from junheng.policy.expressions import TRUE, Compiler
from junheng.policy.schema import Key, Rank

if TYPE_CHECKING:
    from junheng.policy.evaluation import Run

ROW, ORDER, PLACE, TAKE = "_row", "_order", "_place", "_take"
CHOSEN, TIED, BLANK = "_chosen", "_tied", "_blank"


def rank(run: Run, rule: Rank) -> pl.DataFrame:
    """``ids`` (null where a needed fact is missing) and ``tied`` for each row of the run."""
    items, keys = _items(run, rule)
    ranked = _ranked(items, keys, rule)
    chosen = ranked.filter(CHOSEN).sort(ROW, ORDER if rule.listed == "given" else PLACE)
    lists = chosen.group_by(ROW, maintain_order=True).agg(pl.col("id").alias("ids"))
    marks = ranked.group_by(ROW).agg(
        pl.col(TIED).any(), pl.any_horizontal(pl.col(key).is_null().any() for key in keys).alias(BLANK)
    )
    result = run.frame.select(pl.col(ROW), pl.col(rule.over).is_null().alias("none"), _take(run, rule).alias(TAKE))
    for part in (lists, marks):
        result = result.join(part, on=ROW, how="left", maintain_order="left")
    unknown = pl.col("none") | pl.col(TAKE).is_null() | pl.col(BLANK).fill_null(value=False)
    ids = pl.when(~unknown).then(pl.coalesce("ids", pl.lit([], dtype=pl.List(pl.String))))
    return result.select(ids.alias("ids"), pl.col(TIED).fill_null(value=False).alias("tied"))


def _take(run: Run, rule: Rank) -> pl.Expr:
    """How many are taken: everybody where the rule does not say."""
    if rule.take is None:
        return pl.col(rule.over).list.len().fill_null(0).cast(pl.Int64)
    return run.compiler(rule).value(rule.take).cast(pl.Int64)


def _items(run: Run, rule: Rank) -> tuple[pl.DataFrame, list[str]]:
    """All items, one row each, with their place in the order given and a column for every key (small is first)."""
    fields = item_fields(run.facts[rule.over])
    run.need_for(rule, fields)
    run.need([rule.over])
    compiler = run.compiler(rule, fields)
    outer = [name for name in run.frame.columns if name not in fields and name != rule.over]
    frame = run.frame.with_columns(_take(run, rule).alias(TAKE))
    items = frame.select(*outer, TAKE, rule.over).explode(rule.over)
    items = items.filter(pl.col(rule.over).is_not_null()).unnest(rule.over)
    items = items.with_columns(pl.int_range(pl.len()).over(ROW).alias(ORDER))
    keys = {f"_k{i}": _key(key, compiler) for i, key in enumerate(rule.keys)}
    where = compiler.condition(rule.where) if rule.where is not None else TRUE
    return items.with_columns(**keys).filter(where), list(keys)


def _key(key: Key, compiler: Compiler) -> pl.Expr:
    value = pl.col(key.field).cast(pl.Float64)
    fact = compiler.fact(key.field)
    if fact is not None and fact.blank == "absent":
        value = value.fill_null(0.0)
    if key.only_when is not None:
        applies = compiler.condition(key.only_when)
        value = pl.when(applies).then(value).when(~applies).then(0.0)
    return -value if key.order == "high_first" else value


def _ranked(items: pl.DataFrame, keys: list[str], rule: Rank) -> pl.DataFrame:
    """Items with their place (1 first), whether they are taken, and whether a tie at the cut concerns them.

    Without a cut every tie counts, for then the whole order is the answer.
    """
    ordered = items.sort(ROW, *keys, ORDER, nulls_last=True)
    ordered = ordered.with_columns((pl.int_range(pl.len()).over(ROW) + 1).alias(PLACE))
    equals = [ROW, *keys]
    lowest, highest = pl.col(PLACE).min().over(equals), pl.col(PLACE).max().over(equals)
    crosses = (lowest <= pl.col(TAKE)) & (highest > pl.col(TAKE)) if rule.take is not None else TRUE
    limit = lowest if rule.ties == "include" else pl.col(PLACE)
    return ordered.with_columns((limit <= pl.col(TAKE)).alias(CHOSEN), ((highest > lowest) & crosses).alias(TIED))
