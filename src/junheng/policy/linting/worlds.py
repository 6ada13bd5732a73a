"""Whether conditions can hold together: a search over the finitely many values at which a rule can change its mind.

A *world* gives values to variables: facts, parameters (written ``$name``) and comparisons of two facts (written
``a ? b``, with the values -1, 0 and 1). Truth is three-valued; what a world does not say is unknown. The search sets
one undecided variable after another, so it never needs all combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from junheng.policy import conditions as c

MOST_STEPS = 60_000
"""Steps after which a search gives up; what is not decided by then counts as possible, so nothing false is reported."""


class Absent:
    """The value of a fact that is known not to be there."""

    def __repr__(self) -> str:
        return "absent"


class Missing(Absent):
    """The value of a fact that nobody stated: every test on it but ``given`` stays unknown."""

    def __repr__(self) -> str:
        return "missing"


class Anything:
    """The value of a parameter that is set, but to nothing that the pack names: comparisons with it stay unknown."""

    def __repr__(self) -> str:
        return "anything"


ABSENT = Absent()
MISSING = Missing()
ANYTHING = Anything()
World = dict[str, Any]


@dataclass(frozen=True)
class Says:
    """A condition, read with some facts pinned to values whatever the world says."""

    condition: c.Condition
    pinned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Both:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Never:
    """The part does not hold."""

    part: Formula


Formula = Says | Both | Either | Never


class Reader:
    """Truth of a formula in a world. After an unknown answer ``pending`` names a variable that would help."""

    def __init__(self, world: World, order: Callable[[str], Mapping[str, int]]) -> None:
        self.world = world
        self.order = order
        self.pending = ""
        self.pinned: Mapping[str, Any] = {}

    def truth(self, formula: Formula) -> bool | None:
        """True, false, or ``None`` for not decided."""
        match formula:
            case Both(parts):
                return self._all(self.truth(part) for part in parts)
            case Either(parts):
                return _not(self._all(_not(self.truth(part)) for part in parts))
            case Never(part):
                return _not(self.truth(part))
            case Says(condition, pinned):
                outer, self.pinned = self.pinned, {**self.pinned, **pinned}
                answer = self._condition(condition)
                self.pinned = outer
                return answer

    def _condition(self, condition: c.Condition) -> bool | None:
        match condition:
            case c.AllOf(parts):
                return self._all(self._condition(part) for part in parts)
            case c.AnyOf(parts):
                return _not(self._all(_not(self._condition(part)) for part in parts))
            case c.Not(part):
                return _not(self._condition(part))
            case c.RuleTest():
                verdict = self._value(condition.column)
                return None if verdict is None else verdict in condition.verdicts
            case c.FactTests():
                return self._all(self._test(condition.fact, test) for test in condition.tests)

    @staticmethod
    def _all(answers: Any) -> bool | None:
        unknown = False
        for answer in answers:
            if answer is False:
                return False
            unknown = unknown or answer is None
        return None if unknown else True

    def _value(self, variable: str) -> Any:
        """The value of a variable; ``None`` and a note of it when the world does not say."""
        if variable in self.pinned:
            return self.pinned[variable]
        if variable not in self.world:
            self.pending = self.pending or variable
            return None
        return self.world[variable]

    def _test(self, fact: str, test: c.Test) -> bool | None:
        operand, known = self._operand(test.operand)
        if not known:
            return None
        if isinstance(operand, c.BySex):
            return self._by_sex(fact, test, operand)
        if isinstance(operand, c.FactValue):
            return self._compared(fact, operand, test)
        return self._alone(fact, self._value(fact), test, operand)

    def _alone(self, fact: str, value: Any, test: c.Test, operand: Any) -> bool | None:
        if value is not None and test.operator == "given":
            return (not isinstance(value, Absent)) == bool(operand)
        if value is None or isinstance(value, (Missing, Anything)):
            return None
        if isinstance(value, Absent):
            return test.operator == "not_in" or (test.operator == "is" and operand is False)
        return self._judged(fact, value, test, operand)

    def _by_sex(self, fact: str, test: c.Test, operand: c.BySex) -> bool | None:
        men, women = (
            self._test(fact, c.Test(test.operator, o, test.inclusive)) for o in (operand.male, operand.female)
        )
        if men == women:
            return men
        sex = self._value("sex")
        return None if sex is None else men if sex == "M" else women

    def _operand(self, operand: Any) -> tuple[Any, bool]:
        """An operand with its parameter looked up, and whether it is known; a parameter not set is unknown."""
        if isinstance(operand, c.Parameter):
            value = self._value(f"${operand.name}")
            if value is None or isinstance(value, (Absent, Anything)):
                return None, False
            return c.parse_operand(value), True
        return operand, operand is not None

    def _compared(self, fact: str, operand: c.FactValue, test: c.Test) -> bool | None:
        sign = self._value(relation(fact, operand))
        if sign is None:
            return None
        if test.operator in ("is", "in", "includes"):
            return bool(sign == 0)
        if test.operator == "not_in":
            return bool(sign != 0)
        return self._ordered(sign, 0, test)

    def _judged(self, fact: str, value: Any, test: c.Test, operand: Any) -> bool | None:
        words = operand if isinstance(operand, list) else [operand]
        match test.operator:
            case "is" | "in":
                return value in words
            case "not_in":
                return value not in words
            case "includes":
                return bool(set(words) & set(value))
        order = self.order(fact)
        if not order:
            return self._ordered(value, operand, test)
        return self._ordered(order[value], order[operand], test) if {value, operand} <= set(order) else None

    def _ordered(self, value: Any, bound: Any, test: c.Test) -> bool | None:
        if test.operator in ("more_than", "after"):
            return bool(value > bound)
        if test.operator in ("less_than", "before"):
            return bool(value < bound)
        inclusive, known = self._operand(test.inclusive)
        if value == bound:
            return bool(inclusive) if known else None
        return bool((value > bound) == (test.operator in ("at_least", "from")))


def relation(fact: str, operand: c.FactValue) -> str:
    """The variable that says how a fact compares with another, moved one: below, equal, above."""
    shift = "".join(
        f"{sign}{value.name if isinstance(value, c.Parameter) else value}{unit}"
        for sign, moved in (("+", operand.plus), ("-", operand.minus))
        for unit, value in moved.items()
    )
    return f"{fact} ? {operand.name}{shift}"


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


@dataclass
class Search:
    """Looks for a world in which a formula holds. ``domain`` gives the values worth trying of a variable."""

    domain: Callable[[str], list[Any]]
    order: Callable[[str], Mapping[str, int]]
    steps: int = 0

    def possible(self, formula: Formula) -> bool:
        """Whether the formula may hold somewhere; true also when that was not decided in time."""
        self.steps = 0
        return self._extend(formula, {}, certain=False) is not None or self.steps >= MOST_STEPS

    def example(self, formula: Formula, given: World | None = None) -> World | None:
        """A world, extending the given one, in which the formula holds for certain; ``None`` when none was found."""
        self.steps = 0
        return self._extend(formula, dict(given or {}), certain=True)

    def _extend(self, formula: Formula, world: World, *, certain: bool) -> World | None:
        self.steps += 1
        if self.steps >= MOST_STEPS:
            return None
        reader = Reader(world, self.order)
        answer = reader.truth(formula)
        if answer is False:
            return None
        if answer or not reader.pending:
            return world if answer or not certain else None
        for value in self.domain(reader.pending):
            found = self._extend(formula, {**world, reader.pending: value}, certain=certain)
            if found is not None:
                return found
        return None
