"""Rankings: order by keys, ties, take so many; for each row a list of ids, and whether a tie decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from junheng.policy.checking import item_fields
from junheng.policy.expressions import TRUE
from junheng.policy.schema import Rank

if TYPE_CHECKING:
    from junheng.policy.evaluation import Run

ROW, ORDER, PLACE, TAKE = "_row", "_order", "_place", "_take"


def rank(run: Run, rule: Rank) -> pl.DataFrame:
    """``ids`` (null where a needed fact is missing) and ``tied`` for each row of the run."""
    fields = item_fields(run.facts[rule.over])
    run.need_for(rule, fields)
    run.need([rule.over])
    compiler = run.compiler(rule, fields)
    take = compiler.value(rule.take).cast(pl.Int64) if rule.take is not None else pl.lit(None, dtype=pl.Int64)
    outer = [name for name in run.frame.columns if name not in fields and name != rule.over]
    items = run.frame.with_columns(take.alias(TAKE)).select(*outer, TAKE, rule.over).explode(rule.over)
    items = items.filter(pl.col(rule.over).is_not_null()).unnest(rule.over)
    items = items.with_columns(pl.int_range(pl.len()).over(ROW).alias(ORDER))
    where = compiler.condition(rule.where) if rule.where is not None else TRUE
    keys = []
    for i, key in enumerate(rule.keys):
        value = pl.col(key.field).cast(pl.Float64)
        if run.facts[rule.over].fields and fields[key.field].blank == "absent":
            value = value.fill_null(0.0)
        if key.only_when is not None:
            applies = compiler.condition(key.only_when)
            value = pl.when(applies).then(value).when(~applies).then(0.0)
        keys.append((-value if key.order == "high_first" else value).alias(f"_k{i}"))
    items = items.with_columns(*keys).filter(where)
    ranked = ranked_rows(items, [f"_k{i}" for i in range(len(keys))], rule, has_take=rule.take is not None)
    chosen = ranked.filter("_chosen").sort(ROW, ORDER if rule.listed == "given" else PLACE)
    lists = chosen.group_by(ROW, maintain_order=True).agg(pl.col("id").alias("ids"))
    ties = ranked.group_by(ROW).agg(pl.col("_tie").any().alias("tied"))
    blanks = ranked.group_by(ROW).agg(
        pl.any_horizontal(pl.col(f"_k{i}").is_null().any() for i in range(len(keys))).alias("_blank")
    )
    result = run.frame.select(ROW, rule.over).with_columns(
        run.frame.select(take.alias(TAKE)).to_series() if rule.take is not None else pl.lit(0).alias(TAKE)
    )
    for part in (lists, ties, blanks):
        result = result.join(part, on=ROW, how="left", maintain_order="left")
    unknown = pl.col(rule.over).is_null() | pl.col(TAKE).is_null() | pl.col("_blank").fill_null(value=False)
    ids = pl.when(~unknown).then(pl.coalesce(pl.col("ids"), pl.lit([], dtype=pl.List(pl.String))))
    return result.select(ids.alias("ids"), pl.col("tied").fill_null(value=False))


def ranked_rows(items: pl.DataFrame, keys: list[str], rule: Rank, *, has_take: bool) -> pl.DataFrame:
    """Items with their place (1 first), whether they are chosen and whether a tie at the cut concerns them."""
    ordered = items.sort(ROW, *keys, ORDER, nulls_last=True)
    ordered = ordered.with_columns((pl.int_range(pl.len()).over(ROW) + 1).alias(PLACE))
    same = pl.struct(keys)
    lowest, highest = pl.col(PLACE).min().over(ROW, same), pl.col(PLACE).max().over(ROW, same)
    tied = highest > lowest
    if not has_take:
        return ordered.with_columns(pl.lit(value=True).alias("_chosen"), tied.alias("_tie"))
    cut = tied & (lowest <= pl.col(TAKE)) & (highest > pl.col(TAKE))
    limit = lowest if rule.ties == "include" else pl.col(PLACE)
    return ordered.with_columns((limit <= pl.col(TAKE)).alias("_chosen"), cut.alias("_tie"))
