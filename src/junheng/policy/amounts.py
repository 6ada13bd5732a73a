"""Amounts: base × rate → rounded → at least → at most, in whole-number arithmetic so that 2.5 is 2.5."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from junheng.policy.conditions import FactValue, Parameter
from junheng.policy.expressions import Compiler
from junheng.policy.schema import Amount

SCALE = 10_000
"""Bases and divisors are exact to four decimals."""


def rate_of(rule: Amount, compiler: Compiler, values_unit: str) -> Fraction | None:
    """The rate as an exact fraction; a parameter in percent is divided by a hundred."""
    rate = compiler.resolve(rule.rate)
    if rate is None:
        return None
    exact = Fraction(str(rate))
    return exact / 100 if values_unit == "percent" else exact


def amount_columns(rule: Amount, compiler: Compiler) -> dict[str, pl.Expr]:
    """Expressions of the steps: ``base``, ``raw`` (a decimal for display), ``rounded`` and ``final``."""
    base = compiler.value(rule.base)
    above, below = _ratio(rule, compiler, (base * SCALE).round(0).cast(pl.Int64))
    rounding = str(compiler.resolve(rule.rounding))
    rounded = _rounded(above, below, rounding)
    final = rounded
    for plus in rule.plus:
        final = final + compiler.value(plus)
    for minimum in rule.minimum:
        final = _bounded(pl.max_horizontal, final, compiler.value(minimum))
    for maximum in rule.maximum:
        final = _bounded(pl.min_horizontal, final, compiler.value(maximum))
    return {"base": base, "raw": above / below, "rounded": rounded, "final": final}


def _bounded(pick: Any, value: pl.Expr, bound: pl.Expr) -> pl.Expr:
    """The larger or smaller of two, unknown when either is."""
    return pl.when(value.is_not_null() & bound.is_not_null()).then(pick(value, bound))


def _ratio(rule: Amount, compiler: Compiler, base: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    if rule.per is not None:
        return base, (compiler.value(rule.per) * SCALE).round(0).cast(pl.Int64)
    if isinstance(rule.rate, FactValue):
        raise TypeError("a rate is a number or a parameter")
    rate = rate_of(rule, compiler, rule.unit if isinstance(rule.rate, Parameter) else "")
    if rate is None and rule.rate is not None:
        return pl.lit(None, dtype=pl.Int64), pl.lit(SCALE, dtype=pl.Int64)
    exact = rate if rate is not None else Fraction(1)
    return base * exact.numerator, pl.lit(SCALE * exact.denominator, dtype=pl.Int64)


def _rounded(above: pl.Expr, below: pl.Expr, rounding: str) -> pl.Expr:
    match rounding:
        case "half_up":
            return (2 * above + below) // (2 * below)
        case "ceil":
            return -((-above) // below)
        case "floor":
            return above // below
    return above / below
