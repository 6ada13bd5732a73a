"""The values worth trying of each fact and parameter: just below, at and above every bound, and every word named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from junheng.policy import conditions as c
from junheng.policy.checking import conditions_in
from junheng.policy.linting.worlds import ABSENT, ANYTHING, MISSING, Search, World
from junheng.policy.schema import Decide, Fact, Pack, Parameter
from junheng.policy.vocabulary import allowed_words, facts_for, find_fact, ranks

ANOTHER = "(another)"
"""A word that no rule names."""


class Points:
    """Critical values of every variable of one pack, or of several packs that judge the same person.

    Parameters take every value that the pack permits (its value, readings and options), so that a branch is called
    unreachable only when no permitted reading reaches it.
    """

    def __init__(self, *packs: Pack) -> None:
        self.packs = packs
        self.facts: dict[str, Fact] = {}
        for pack in reversed(packs):
            self.facts |= facts_for(pack)

    def search(self) -> Search:
        """A search over these values."""
        return Search(self.domain, self.order)

    @cached_property
    def current(self) -> World:
        """The parameters at the values that the packs give them."""
        values: World = {}
        for pack in reversed(self.packs):
            for name, parameter in pack.parameters.items():
                values[f"${name}"] = MISSING if parameter.value is None else parameter.value
        return values

    def order(self, name: str) -> Mapping[str, int]:
        """The order of a fact's words, low to high; empty when they have none."""
        fact = find_fact(self.facts, name)
        return ranks(fact) if fact else {}

    def domain(self, variable: str) -> list[Any]:
        """The values worth trying."""
        if variable.startswith("$"):
            return self._permitted(variable[1:])
        if " ? " in variable:
            return [-1, 0, 1]
        rule = self._rule(variable.partition("@")[0])
        if isinstance(rule, Decide):
            return sorted({b.verdict for b in (*rule.branches, rule.otherwise)})
        return self._of_fact(variable)

    def bounds(self, name: str) -> list[Any]:
        """The numbers and dates with which rules compare a fact by order, low to high."""
        return sorted(value for value in self._mentioned[name, "bound"] if not isinstance(value, str))

    def step(self, name: str) -> Any:
        """The smallest difference that a rule can notice in a fact: a day, one, or half the gap between two limits."""
        values = sorted(self._mentioned[name, "bound"] | self._mentioned[name, "value"])
        if values and isinstance(values[0], date):
            return timedelta(days=1)
        fact = find_fact(self.facts, name)
        if fact and fact.type == "integer":
            return 1
        gaps = [b - a for a, b in pairwise(values) if b > a]
        return min([0.5, *(gap / 2 for gap in gaps)])

    def _rule(self, name: str) -> Any:
        return next((pack.rules[name] for pack in self.packs if name in pack.rules), None)

    def _permitted(self, name: str) -> list[Any]:
        asked = bool(self._mentioned[f"${name}", "given"])
        return self._values(name, may_be_open=asked)

    def _values(self, name: str, *, may_be_open: bool = False) -> list[Any]:
        for pack in self.packs:
            if name in pack.parameters:
                return permitted(pack.parameters[name], may_be_open=may_be_open)
        return [MISSING]

    def _of_fact(self, name: str) -> list[Any]:
        fact = find_fact(self.facts, name)
        kind = fact.type if fact else self._guessed(name)
        asked = bool(self._mentioned[name, "given"])
        absent = self._absent(name, fact)
        blank = [ABSENT] if absent and kind not in ("bool", "list") else [MISSING] if asked else []
        if kind == "bool":
            return [False, True, *blank]
        if kind in ("record", "list", "amounts"):
            return self._lists(name, blank)
        if kind in ("integer", "number", "date"):
            return [*self._numbers(name, fact), *blank]
        return [*self._words(name, fact), *blank]

    def _guessed(self, name: str) -> str:
        values = self._mentioned[name, "bound"] | self._mentioned[name, "value"]
        return "number" if any(isinstance(v, (int, float)) for v in values) or self._rule(name) else "text"

    def _absent(self, name: str, fact: Fact | None) -> bool:
        record = name.partition(".")[0]
        named = {each for pack in self.packs for rule in pack.rules.values() for each in rule.absent}
        holder = self.facts.get(record)
        return name in named or record in named or any(f is not None and f.blank == "absent" for f in (fact, holder))

    def _lists(self, name: str, blank: list[Any]) -> list[Any]:
        words = sorted(self._mentioned[name, "value"], key=str)
        return [frozenset(), *(frozenset([word]) for word in words), frozenset(words), *blank]

    def _numbers(self, name: str, fact: Fact | None) -> list[Any]:
        step, lowest = self.step(name), fact.minimum if fact else None
        found = set()
        for value in self._mentioned[name, "bound"] | self._mentioned[name, "value"]:
            found |= {value - step, value, value + step}
        kept = [v for v in sorted(found) if lowest is None or isinstance(v, date) or v >= lowest]
        return kept or [lowest if lowest is not None else 0]

    def _words(self, name: str, fact: Fact | None) -> list[Any]:
        named = sorted(str(v) for v in self._mentioned[name, "value"] | self._mentioned[name, "bound"])
        closed = allowed_words(fact) if fact else []
        if self.order(name):
            return closed
        others = [word for word in closed if word not in named]
        return [*(others[:1] if closed else [ANOTHER]), *named]

    @cached_property
    def _mentioned(self) -> defaultdict[tuple[str, str], set[Any]]:
        found: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)
        for pack in self.packs:
            for _, condition in [*conditions_in(dict(pack.rules)), *conditions_in(dict(pack.clauses))]:
                for leaf in c.leaves(condition):
                    if isinstance(leaf, c.FactTests):
                        self._note(leaf, found)
        return found

    def _note(self, leaf: c.FactTests, found: defaultdict[tuple[str, str], set[Any]]) -> None:
        for test in leaf.tests:
            if test.operator == "given":
                found[leaf.fact, "given"].add(True)
                continue
            sort = "bound" if test.operator in c.ORDERING else "value"
            found[leaf.fact, sort] |= set(self._plain(test.operand))

    def _plain(self, operand: Any) -> Iterable[Any]:
        """Every plain value that an operand may take."""
        if isinstance(operand, c.Parameter):
            for value in self._values(operand.name):
                if value is not MISSING and value is not ANYTHING:
                    yield from self._plain(c.parse_operand(value))
        elif isinstance(operand, c.BySex):
            yield from (*self._plain(operand.male), *self._plain(operand.female))
        elif isinstance(operand, list):
            yield from operand
        elif operand is not None and not isinstance(operand, c.FactValue):
            yield operand


def permitted(parameter: Parameter, *, may_be_open: bool = False) -> list[Any]:
    """The values a parameter may take: its value, its readings, its options, both answers of a yes/no one.

    ``may_be_open`` adds "not set" where a rule asks whether it is; one that is not set may become anything.
    """
    if parameter.value is None:
        return [ANYTHING, MISSING]
    values = [parameter.value, *(reading.value for reading in parameter.readings), *parameter.options]
    if isinstance(parameter.value, bool):
        values += [True, False]
    kept: list[Any] = [MISSING] if may_be_open else []
    for value in values:
        each = MISSING if value is None else value
        if not any(each is other or (type(each) is type(other) and each == other) for other in kept):
            kept.append(each)
    return kept
