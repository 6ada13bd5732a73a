"""Accumulations: months of spells, hours, counts, the longest run, over the items of lists.

An item whose test is unknown makes the sum unknown unless it changes nothing that it counts.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from junheng.policy import durations
from junheng.policy.checking import item_fields
from junheng.policy.expressions import TRUE
from junheng.policy.schema import Accumulate, Fact
from junheng.policy.vocabulary import column_type

if TYPE_CHECKING:
    from junheng.policy.evaluation import Run

STILL_AWAY = date(2999, 12, 31)
"""The end of an absence that has none yet."""
ROW, OK, GROUP = "_row", "_ok", "_group"


def accumulate(run: Run, rule: Accumulate) -> pl.Series:
    """The sum of a rule for each row; null where a missing fact could change it."""
    fields = fields_of(run, rule)
    run.need_for(rule, fields)
    run.need(rule.over)
    items = _items(run, rule, fields)
    surely = _measured(run, rule, items.filter(pl.col(OK)))
    unknown = _unknown_lists(run, rule)
    if not items[OK].is_null().any() and not unknown.any():
        return surely
    perhaps = _measured(run, rule, items.filter(pl.col(OK).fill_null(value=True)))
    same = (surely == perhaps) | (surely.is_null() & perhaps.is_null())
    return pl.select(pl.when(same & ~unknown).then(surely)).to_series()


def fields_of(run: Run, rule: Accumulate) -> dict[str, Fact]:
    """The fields of the items that a rule sums, by name."""
    fields: dict[str, Fact] = {}
    for name in rule.over:
        fields |= item_fields(run.facts[name])
    return fields


def _unknown_lists(run: Run, rule: Accumulate) -> pl.Series:
    """Rows in which a list that matters was not given."""
    needed = [name for name in rule.over if run.facts[name].blank != "absent" and name not in rule.absent]
    blank = [run.frame[name].is_null() for name in needed]
    return reduce(or_, blank, pl.repeat(value=False, n=run.frame.height, dtype=pl.Boolean, eager=True))


def _items(run: Run, rule: Accumulate, fields: dict[str, Fact]) -> pl.DataFrame:
    """All items of all lists, one row each, with the outer facts beside them and ``_ok`` for whether they count."""
    compiler = run.compiler(rule, fields)
    outer = [name for name in run.frame.columns if name not in fields and name not in rule.over]
    parts = []
    for name in rule.over:
        long = run.frame.select(*outer, name).explode(name).filter(pl.col(name).is_not_null())
        if run.facts[name].items:
            parts.append(long.rename({name: "value"}))
        else:
            parts.append(long.unnest(name))
    items = pl.concat(parts, how="diagonal")
    missing = [pl.lit(None, dtype=column_type(fields[n])).alias(n) for n in fields if n not in items.columns]
    items = items.with_columns(*missing)
    where = compiler.condition(rule.where) if rule.where is not None else TRUE
    items = items.with_columns(where.alias(OK))
    return _windowed(run, rule, items) if rule.measure == "months" else items


def _windowed(run: Run, rule: Accumulate, items: pl.DataFrame) -> pl.DataFrame:
    """Spells cut to the window. A spell that needs a bound or an end that is missing becomes unknown."""
    compiler = run.compiler(rule)
    direct = pl.col("months").is_not_null() if "months" in items.columns else pl.lit(value=False)
    window = rule.window
    since = compiler.value(window.since) if window and window.since is not None else None
    until = compiler.value(window.until) if window and window.until is not None else None
    end = pl.coalesce(pl.col("end"), until) if until is not None else pl.col("end")
    items = items.with_columns(end.alias("end"))
    if until is not None:
        items = items.with_columns(pl.min_horizontal(pl.col("end"), until).alias("end"))
    unknown = ~direct & (pl.col("start").is_null() | pl.col("end").is_null())
    if since is not None:
        unknown = unknown | (~direct & since.is_null())
        items = items.with_columns(pl.max_horizontal(pl.col("start"), since).alias("start"))
    items = items.with_columns(pl.when(unknown & pl.col(OK)).then(None).otherwise(pl.col(OK)).alias(OK))
    return items.filter(direct | (pl.col("start") <= pl.col("end")) | pl.col(OK).is_null())


def _measured(run: Run, rule: Accumulate, items: pl.DataFrame) -> pl.Series:
    """The measure of the items that count, for every row of the run."""
    match rule.measure:
        case "months":
            result = _months(run, rule, items)
        case "longest_run":
            result = _longest_run(items, rule.of)
        case "count":
            result = items.group_by(ROW).agg(pl.len().cast(pl.Int64).alias("v"))
        case "sum":
            result = items.group_by(ROW).agg(pl.col(rule.of).sum().cast(pl.Float64).alias("v"))
        case _:
            result = items.group_by(ROW).agg(pl.col(rule.of).min().cast(pl.Float64).alias("v"))
    column = run.frame.select(ROW).join(result, on=ROW, how="left", maintain_order="left")["v"]
    return column if rule.measure == "minimum" else column.fill_null(0)


def _longest_run(items: pl.DataFrame, of: str) -> pl.DataFrame:
    ordered = items.select(ROW, of).unique().sort(ROW, of)
    runs = ordered.with_columns((pl.col(of) - pl.int_range(pl.len()).over(ROW)).alias("_run"))
    lengths = runs.group_by(ROW, "_run").agg(pl.len().cast(pl.Int64).alias("v"))
    return lengths.group_by(ROW).agg(pl.col("v").max())


def _months(run: Run, rule: Accumulate, items: pl.DataFrame) -> pl.DataFrame:
    compiler = run.compiler(rule)
    group = compiler.resolve(rule.best_of)
    items = items.with_columns((pl.col(str(group)) if group else pl.lit("")).cast(pl.String).alias(GROUP))
    direct = items.filter(pl.col("months").is_not_null()) if "months" in items.columns else items.clear()
    spells = items.filter(pl.col("months").is_null()) if "months" in items.columns else items
    blocks = _merged(spells.filter(pl.col("start").is_not_null() & pl.col("end").is_not_null()))
    if rule.less is not None:
        blocks = _shortened(run, rule, blocks)
    counted = _counted(blocks, str(compiler.resolve(rule.year_counting)))
    if "months" in items.columns:
        given = direct.select(
            ROW, GROUP, pl.col("months").cast(pl.Int64).alias("m"), pl.lit(0, dtype=pl.Int64).alias("d")
        )
        counted = pl.concat([counted, given], how="vertical_relaxed")
    grouped = counted.group_by(ROW, GROUP).agg(pl.col("m").sum(), pl.col("d").sum(), (pl.col("d") > 0).sum().alias("n"))
    pooled = pl.when(pl.col("n") > 1).then(pl.col("d") // durations.DAYS_A_MONTH).otherwise(0)
    total = (pl.col("m") + pooled).alias("v")
    return grouped.with_columns(total).group_by(ROW).agg(pl.col("v").max())


def _merged(spells: pl.DataFrame) -> pl.DataFrame:
    """Spells that overlap or touch become one."""
    keys = [ROW, GROUP]
    ordered = spells.select(*keys, "start", "end").sort(*keys, "start", "end")
    before = pl.col("end").cum_max().shift(1).over(keys)
    fresh = (before.is_null() | (pl.col("start") > before.dt.offset_by("1d"))).cast(pl.Int64)
    blocks = ordered.with_columns(fresh.alias("_fresh")).with_columns(pl.col("_fresh").cum_sum().over(keys).alias("_b"))
    return blocks.group_by(*keys, "_b").agg(pl.col("start").min(), pl.col("end").max()).sort(*keys, "start")


def _shortened(run: Run, rule: Accumulate, blocks: pl.DataFrame) -> pl.DataFrame:
    """What remains of every block without the absences that do not count."""
    less = rule.less
    if less is None:
        return blocks
    fields = item_fields(run.facts[less.over])
    run.need([less.over])
    long = run.frame.select(ROW, less.over).explode(less.over).filter(pl.col(less.over).is_not_null()).unnest(less.over)
    if less.where is not None:
        long = long.filter(run.compiler(rule, fields).condition(less.where))
    lasting = pl.col("end").fill_null(STILL_AWAY)
    long = long.with_columns(lasting.alias("end")).filter(pl.col("start").is_not_null())
    leaves = _merged(long.with_columns(pl.lit("").alias(GROUP))).select(ROW, ls="start", le="end")
    keys = [ROW, GROUP, "_b"]
    overlapping = (pl.col("ls") <= pl.col("end")) & (pl.col("le") >= pl.col("start"))
    both = blocks.join(leaves, on=ROW, how="inner").filter(overlapping)
    first = [blocks.select(*keys, s="start"), both.select(*keys, s=pl.col("le").dt.offset_by("1d"))]
    last = [blocks.select(*keys, e="end"), both.select(*keys, e=pl.col("ls").dt.offset_by("-1d"))]
    starts, ends = pl.concat(first).sort(*keys, "s"), pl.concat(last).sort(*keys, "e")
    pieces = starts.with_columns(ends["e"]).rename({"s": "start", "e": "end"})
    return pieces.filter(pl.col("start") <= pl.col("end"))


def _counted(blocks: pl.DataFrame, counting: str) -> pl.DataFrame:
    if counting == "school_year":
        months = durations.school_years(pl.col("start"), pl.col("end")) * 12
        return blocks.select(ROW, GROUP, months.alias("m"), pl.lit(0, dtype=pl.Int64).alias("d"))
    months = durations.completed_months(pl.col("start"), pl.col("end"))
    days = durations.left_over_days(pl.col("start"), pl.col("end"), months)
    return blocks.select(ROW, GROUP, months.alias("m"), days.cast(pl.Int64).alias("d"))
