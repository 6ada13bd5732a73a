"""One evaluator on columns: rules of the four shapes over a frame of facts, under given values of the parameters.

A county, a province and one person are frames of different height. Facts are added to the frame as rules ask for them:
given, derived, or the result of another rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy import durations
from junheng.policy.accumulating import accumulate
from junheng.policy.amounts import amount_columns
from junheng.policy.checking import conditions_in, operands_in
from junheng.policy.expressions import Compiler
from junheng.policy.ranking import rank
from junheng.policy.schema import Accumulate, Amount, Decide, Derivation, Fact, Pack, Rank
from junheng.policy.vocabulary import column_type, facts_for, find_fact

ROW = "_row"
DEFAULTS = {"reference_day": "08-31", "service_year": "inclusive"}
"""Values used by derived facts where a pack does not state them."""


def parameter_values(pack: Pack, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The pack's parameter values with overrides, which must name parameters of the pack (``KeyError`` otherwise)."""
    values = DEFAULTS | {name: parameter.value for name, parameter in pack.parameters.items()}
    for name, value in (overrides or {}).items():
        if name not in values:
            raise KeyError(f"{pack.code} has no parameter {name!r}; it has {', '.join(sorted(values))}")
        values[name] = value
    return values


class Run:
    """The rules of a pack over one frame. ``frame`` grows by a column for every fact that a rule needs."""

    def __init__(self, pack: Pack, frame: pl.DataFrame, values: Mapping[str, Any]) -> None:
        self.pack = pack
        self.values = values
        self.facts = facts_for(pack)
        self.given = frame.drop(ROW, strict=False).with_row_index(ROW)
        self.frame = self.given
        self.ready: set[str] = set()

    def revalued(self, values: Mapping[str, Any], stale: Collection[str]) -> Run:
        """The same rows under other values; what was worked out is kept but for ``stale``, which depends on them."""
        run = Run(self.pack, self.given, values)
        again = [pl.col(name) for name in self.given.columns if name in stale]
        run.frame = self.frame.drop(stale, strict=False).hstack(self.given.select(again).get_columns())
        run.ready = self.ready.difference(stale)
        return run

    def compiler(self, rule: Any, items: Mapping[str, Fact] | None = None) -> Compiler:
        """The compiler of a rule's conditions."""
        return Compiler(self.facts, self.values, absent=frozenset(rule.absent), items=items)

    # --- facts ---------------------------------------------------------------------------------------------------

    def need(self, names: Iterable[str]) -> None:
        """Make sure that the frame has these facts, rules' results or verdicts of sub-records."""
        for name in names:
            if name not in self.ready:
                self.ready.add(name)
                self._add(name)

    def _add(self, name: str) -> None:
        rule_name, _, record = name.partition("@")
        if rule_name in self.pack.rules:
            self._add_rule(rule_name, record)
            return
        fact = find_fact(self.facts, name)
        if fact is None:
            raise KeyError(f"{name} is not a fact of {self.pack.code}")
        if "." in name:
            self.need([name.partition(".")[0]])
        given = name in self.frame.columns
        if not given:
            self.frame = self.frame.with_columns(pl.lit(None, dtype=column_type(fact)).alias(name))
        if fact.derive is not None:
            derived = self._derived(fact.derive)
            self.frame = self.frame.with_columns(pl.coalesce(pl.col(name), derived.cast(column_type(fact))).alias(name))

    def _add_rule(self, name: str, record: str) -> None:
        run = self.about(record) if record else self
        rule = self.pack.rules[name]
        result = verdicts(rule, run.decide(name)) if isinstance(rule, Decide) else run.number(name)
        column = f"{name}@{record}" if record else name
        self.frame = self.frame.with_columns(result.alias(column))

    def about(self, record: str) -> Run:
        """A run over the sub-records of that name, with the outer facts where the sub-record says nothing."""
        prefix = f"{record}."
        inner = {each: each.removeprefix(prefix) for each in self.frame.columns if each.startswith(prefix)}
        outer = [name for name in self.frame.columns if "." not in name and name not in (ROW, record, "requested")]
        frame = self.frame.select(
            *(pl.col(each).alias(name) for each, name in inner.items()),
            *(pl.col(name) for name in outer if name not in inner.values() and name in ("plan_year", "reference_date")),
            pl.lit(value=True).alias("_"),
        )
        return Run(self.pack, frame, self.values)

    def _derived(self, how: Derivation) -> pl.Expr:  # noqa: PLR0911
        self.need(operand.name for _, operand in operands_in(how.of) if isinstance(operand, c.FactValue))
        compiler = Compiler(self.facts, self.values)
        resolved = [compiler.resolve(each) for each in how.of]
        inputs = [compiler.value(each) for each in resolved]
        match how.kind:
            case "completed_years":
                return durations.completed_years(*inputs)
            case "service_years":
                return durations.service_years(inputs[0], inputs[1], str(compiler.resolve(how.reading) or "inclusive"))
            case "date_in_year":
                return durations.date_in_year(inputs[0], str(resolved[1]))
            case "years_to_retirement":
                return durations.completed_years(inputs[2], durations.retirement_date(inputs[0], inputs[1]))
            case "default":
                return inputs[0] if not isinstance(resolved[0], list) else pl.lit(pl.Series([resolved[0]])).first()
            case "difference":
                return inputs[0] - inputs[1]
            case "larger_of":
                return pl.max_horizontal(*inputs)
            case "spell":
                spell = pl.struct(inputs[0].alias("start"), inputs[1].alias("end"))
                given = inputs[0].is_not_null() & inputs[1].is_not_null()
                return pl.when(given).then(pl.concat_list(spell))

    # --- rules ---------------------------------------------------------------------------------------------------

    def need_for(self, rule: Any, items: Mapping[str, Fact] | None = None) -> None:
        """Make sure that the frame has every fact that a rule reads outside its list items."""
        names: list[str] = ["sex"]
        for _, condition in conditions_in(rule):
            names += c.facts_of(condition)
        for _, operand in operands_in(rule):
            found = self.values.get(operand.name) if isinstance(operand, c.Parameter) else operand
            if isinstance(found, c.FactValue):
                names.append(found.name)
        self.need(name for name in names if name not in (items or {}))

    def decide(self, name: str) -> pl.DataFrame:
        """For each row the branch that decides (``at``; for otherwise the count of branches), and if that is ``known``.

        When a fact is missing the answer is still known if every branch it could take says the same.
        """
        rule = self.pack.rules[name]
        if not isinstance(rule, Decide):
            raise TypeError(f"{name} is a rule of shape {rule.shape}")
        self.need_for(rule)
        compiler = self.compiler(rule)
        hits = self.frame.select(
            pl.col(ROW), *(compiler.condition(b.when).alias(str(i)) for i, b in enumerate(rule.branches))
        )
        return _first_that_holds(rule, hits)

    def number(self, name: str) -> pl.Series:
        """The result of a rule of shape amount, accumulate or rank (a list of ids), as a column."""
        rule = self.pack.rules[name]
        if isinstance(rule, Amount):
            return self.amount(name)["final"]
        if isinstance(rule, Accumulate):
            return accumulate(self, rule)
        if isinstance(rule, Rank):
            return rank(self, rule)["ids"]
        raise TypeError(f"{name} is a rule of shape {rule.shape}")

    def amount(self, name: str) -> pl.DataFrame:
        """The steps of an amount: ``base``, ``raw``, ``rounded``, ``final``."""
        rule = self.pack.rules[name]
        if not isinstance(rule, Amount):
            raise TypeError(f"{name} is a rule of shape {rule.shape}")
        self.need_for(rule)
        return self.frame.select(**amount_columns(rule, self.compiler(rule)))


def outcome_keys(rule: Decide) -> list[int]:
    """For each branch and otherwise a number; the same number for the same verdict and value."""
    seen: list[tuple[str, str]] = []
    keys = []
    for each in (*rule.branches, rule.otherwise):
        outcome = (each.verdict, repr(each.value))
        if outcome not in seen:
            seen.append(outcome)
        keys.append(seen.index(outcome))
    return keys


def _first_that_holds(rule: Decide, hits: pl.DataFrame) -> pl.DataFrame:
    """From the last branch to the first: one that holds decides; one that is unknown leaves the answer open.

    An open branch changes nothing if it would say what is said without it. Step by step, as one expression would double
    with every branch.
    """
    keys = outcome_keys(rule)
    last = len(rule.branches)

    def whole(number: int) -> pl.Expr:
        return pl.lit(number, dtype=pl.Int16)

    height = pl.len()
    state = hits.with_columns(
        at=pl.repeat(last, height, dtype=pl.Int16),
        known=pl.repeat(value=True, n=height, dtype=pl.Boolean),
        key=pl.repeat(keys[last], height, dtype=pl.Int16),
    )
    for i in reversed(range(last)):
        hit = pl.col(str(i))
        open_ = hit.is_null() & ~(pl.col("known") & (pl.col("key") == keys[i]))
        state = state.with_columns(
            at=pl.when(hit | open_).then(whole(i)).otherwise("at"),
            known=pl.when(hit).then(pl.lit(value=True)).when(open_).then(pl.lit(value=False)).otherwise("known"),
            key=pl.when(hit).then(whole(keys[i])).otherwise("key"),
        )
    return state.select("at", "known")


def verdicts(rule: Decide, decided: pl.DataFrame) -> pl.Series:
    """The verdict words of a decision; null where unknown."""
    words = pl.Series([each.verdict for each in (*rule.branches, rule.otherwise)], dtype=pl.String)
    return decided.select(
        pl.when("known").then(pl.col("at").replace_strict(dict(enumerate(words)), return_dtype=pl.String))
    ).to_series()
