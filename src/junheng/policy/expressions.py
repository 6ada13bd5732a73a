"""Conditions and values as column expressions, in three-valued logic: true, false, and null for unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy import durations
from junheng.policy.schema import Fact
from junheng.policy.vocabulary import find_fact, ranks

UNKNOWN = pl.lit(None, dtype=pl.Boolean)
TRUE = pl.lit(value=True)
FALSE = pl.lit(value=False)


class Compiler:
    """Turns the conditions of one rule into expressions, under given values of the parameters.

    ``items`` are the fields of list items where a condition is about items; ``absent`` names facts whose blank means
    absent within the rule.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        values: Mapping[str, Any],
        *,
        absent: frozenset[str] = frozenset(),
        items: Mapping[str, Fact] | None = None,
    ) -> None:
        self.facts = dict(facts)
        self.values = values
        self.absent = absent
        self.items = dict(items or {})

    def fact(self, name: str) -> Fact | None:
        """The declaration behind a name: an item's field first."""
        return self.items.get(name) or find_fact(self.facts, name)

    def condition(self, condition: c.Condition) -> pl.Expr:
        """The truth of a condition."""
        match condition:
            case c.AllOf(parts):
                return reduce(and_, (self.condition(part) for part in parts))
            case c.AnyOf(parts):
                return reduce(or_, (self.condition(part) for part in parts))
            case c.Not(part):
                return ~self.condition(part)
            case c.RuleTest():
                return pl.col(condition.column).is_in(list(condition.verdicts))
            case c.FactTests():
                return self.leaf(condition)

    def leaf(self, leaf: c.FactTests) -> pl.Expr:
        """The truth of the tests on one fact."""
        if leaf.fact.startswith("$"):
            is_set = self.values.get(leaf.fact[1:]) is not None
            value = pl.lit(self.values.get(leaf.fact[1:]))
            return reduce(and_, (self._test(value, test, None, set_=is_set) for test in leaf.tests))
        fact = self.fact(leaf.fact)
        column = pl.col(leaf.fact)
        truth = reduce(and_, (self._test(column, test, fact) for test in leaf.tests))
        absent = self._absent_when(leaf.fact)
        if absent is None:
            return truth
        silent = leaf.fact in self.absent
        without = reduce(and_, (TRUE if _holds_without(test, silent=silent) else FALSE for test in leaf.tests))
        return pl.when(absent).then(without).otherwise(truth)

    def _absent_when(self, name: str) -> pl.Expr | None:
        """When a blank means absent; ``None`` when it never does."""
        if name in self.items:
            return pl.col(name).is_null() if self.items[name].blank == "absent" else None
        record, _, inner = name.partition(".")
        if inner:
            return self._absent_field(record, name)
        fact = self.facts.get(name)
        if name in self.absent:
            return pl.col(name).is_null()
        if fact is None or fact.blank != "absent":
            return None
        if fact.derive is None:
            return pl.col(name).is_null()
        sources = [o.name for o in fact.derive.of if isinstance(o, c.FactValue)]
        blanks = [self._absent_when(source) for source in sources]
        return pl.col(name).is_null() & reduce(or_, [b for b in blanks if b is not None], FALSE)

    def _absent_field(self, record: str, name: str) -> pl.Expr | None:
        holder = self.facts.get(record)
        field = find_fact(self.facts, name)
        blanks = []
        if record in self.absent or (holder and holder.blank == "absent"):
            blanks.append(~pl.col(record).fill_null(value=False))
        if field and field.blank == "absent":
            blanks.append(pl.col(name).is_null() & pl.col(record).fill_null(value=False))
        return reduce(or_, blanks) if blanks else None

    def _test(self, column: pl.Expr, test: c.Test, fact: Fact | None, *, set_: bool | None = None) -> pl.Expr:
        operand = self.resolve(test.operand)
        if test.operator == "given":
            known = column.is_not_null() if set_ is None else pl.lit(set_)
            return known if operand else ~known
        if isinstance(operand, c.BySex):
            men, women = (
                self._test(column, c.Test(test.operator, side, test.inclusive), fact)
                for side in (operand.male, operand.female)
            )
            either = pl.when(men == women).then(men)
            return pl.when(pl.col("sex") == "M").then(men).when(pl.col("sex") == "F").then(women).otherwise(either)
        if operand is None:
            return UNKNOWN
        return self._compare(column, test, operand, fact)

    def _compare(  # noqa: PLR0911
        self, column: pl.Expr, test: c.Test, operand: Any, fact: Fact | None
    ) -> pl.Expr:
        if test.operator in ("in", "not_in") or (test.operator == "is" and isinstance(operand, list)):
            member = self._member(column, operand)
            return ~member if test.operator == "not_in" else member
        if test.operator == "includes":
            return column.list.set_intersection(operand).list.len() > 0
        if test.operator == "is":
            return column == self.value(operand)
        left, right = self._ordered(column, operand, fact)
        inclusive = bool(self.resolve(test.inclusive))
        match test.operator:
            case "at_least" | "from":
                return left >= right if inclusive else left > right
            case "at_most" | "until":
                return left <= right if inclusive else left < right
            case "more_than" | "after":
                return left > right
            case _:
                return left < right

    def _member(self, column: pl.Expr, operand: Any) -> pl.Expr:
        if isinstance(operand, c.FactValue):
            return column.is_in(pl.col(operand.name))
        return column.is_in(operand) if operand else pl.when(column.is_not_null()).then(FALSE)

    def _ordered(self, column: pl.Expr, operand: Any, fact: Fact | None) -> tuple[pl.Expr, pl.Expr]:
        order = ranks(fact) if fact else {}
        if not order:
            return column, self.value(operand)
        left = column.replace_strict(order, default=None, return_dtype=pl.Int64)
        if isinstance(operand, str):
            return left, pl.lit(order[operand])
        return left, self.value(operand).replace_strict(order, default=None, return_dtype=pl.Int64)

    def resolve(self, operand: Any) -> Any:
        """An operand with its parameter looked up; a mapping by sex becomes a :class:`BySex`."""
        if isinstance(operand, c.Parameter):
            return c.parse_operand(self.values.get(operand.name))
        return operand

    def value(self, operand: Any) -> pl.Expr:
        """An operand as a column expression."""
        operand = self.resolve(operand)
        if isinstance(operand, c.BySex):
            men, women = self.value(operand.male), self.value(operand.female)
            return pl.when(pl.col("sex") == "M").then(men).when(pl.col("sex") == "F").then(women)
        if isinstance(operand, c.FactValue):
            moved = pl.col(operand.name)
            for unit, shift in operand.plus.items():
                moved = self._moved(moved, unit, self.resolve(shift), 1)
            for unit, shift in operand.minus.items():
                moved = self._moved(moved, unit, self.resolve(shift), -1)
            return moved
        return pl.lit(operand)

    def _moved(self, column: pl.Expr, unit: str, shift: Any, sign: int) -> pl.Expr:
        if unit == "amount":
            return column + sign * self.value(shift)
        if shift is None:
            return pl.lit(None, dtype=pl.Date)
        if unit == "years":
            return durations.add_years(column, sign * int(shift))
        return column.dt.offset_by(f"{sign * int(shift)}{'mo' if unit == 'months' else 'd'}")


def _holds_without(test: c.Test, *, silent: bool) -> bool:
    """What a test says of an absent fact. A ``silent`` one (a rule's ``absent``) is not taken for a "no" either."""
    if test.operator == "given":
        return not test.operand
    return test.operator == "not_in" or (test.operator == "is" and test.operand is False and not silent)
