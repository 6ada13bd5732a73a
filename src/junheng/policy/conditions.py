"""Conditions as data: what a pack's ``when`` and ``where`` may say.

A mapping of facts to tests holds when every test holds. A test is a plain value (equal), a list (one of), or a mapping
of operators. ``all``, ``any`` and ``not`` combine; ``rule`` asks another rule of the pack, also about a sub-record. The
meaning on columns is in ``expressions``; a form edits this data, lint reasons on it, and a sentence explains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Scalar = bool | int | float | str | date
OPERATORS = (
    "is",
    "in",
    "not_in",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
    "from",
    "until",
    "includes",
    "given",
)
ORDERING = frozenset({"at_least", "at_most", "more_than", "less_than", "before", "after", "from", "until"})
SHIFTS = ("years", "months", "days", "amount")


@dataclass(frozen=True)
class Parameter:
    """A reference ``$name`` to a parameter of the pack."""

    name: str


@dataclass(frozen=True)
class FactValue:
    """The value of a fact or rule, moved by a number or by years, months, days."""

    name: str
    plus: dict[str, Operand] = field(default_factory=dict)
    minus: dict[str, Operand] = field(default_factory=dict)


@dataclass(frozen=True)
class BySex:
    """A limit that differs for men and women: ``{M: 55, F: 50}``."""

    male: Operand
    female: Operand


Operand = Scalar | None | list[Scalar] | Parameter | FactValue | BySex


@dataclass(frozen=True)
class Test:
    """One operator applied to a fact; ``inclusive`` decides whether a bound itself passes."""

    __test__ = False

    operator: str
    operand: Operand
    inclusive: Operand = True


@dataclass(frozen=True)
class FactTests:
    """Tests on one fact (or on a parameter, written ``$name``, for whether it is set)."""

    fact: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class RuleTest:
    """Whether another rule of the pack, asked about this record or the sub-record ``of``, gives one of ``verdicts``."""

    rule: str
    verdicts: tuple[str, ...]
    of: str = ""

    @property
    def column(self) -> str:
        """The name under which the verdict is kept."""
        return f"{self.rule}@{self.of}" if self.of else self.rule


@dataclass(frozen=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = FactTests | RuleTest | AllOf | AnyOf | Not


def parse_condition(raw: Any) -> Condition:
    """Read a condition from plain data. Raises ``ValueError`` that says what was found and what is expected."""
    if isinstance(raw, (FactTests, RuleTest, AllOf, AnyOf, Not)):
        return raw
    if not isinstance(raw, dict) or not raw:
        raise ValueError(f"found {raw!r}; expected a condition such as {{age: {{at_least: 55}}}}")
    if "rule" in raw:
        return _rule_test(raw)
    parts = tuple(_part(key, value) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _part(key: str, value: Any) -> Condition:
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise ValueError(f"found {value!r} under {key}; expected a list of conditions")
        parts = tuple(parse_condition(each) for each in value)
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value))
    return FactTests(key, parse_tests(value))


def _rule_test(raw: dict[str, Any]) -> RuleTest:
    unknown = set(raw) - {"rule", "of", "in"}
    if unknown or not isinstance(raw.get("in"), list):
        raise ValueError(f"found {raw!r}; expected {{rule: name, of: sub-record, in: [verdicts]}}")
    return RuleTest(raw["rule"], tuple(raw["in"]), raw.get("of", ""))


def parse_tests(raw: Any) -> tuple[Test, ...]:
    """Read the tests of one fact."""
    if isinstance(raw, list):
        return (Test("in", parse_operand(raw)),)
    if not isinstance(raw, dict):
        return (Test("is", parse_operand(raw)),)
    inclusive = parse_operand(raw.get("inclusive", True))
    tests = []
    for operator, operand in raw.items():
        if operator == "inclusive":
            continue
        if operator not in OPERATORS:
            raise ValueError(f"found the operator {operator!r}; expected one of {', '.join(OPERATORS)}")
        tests.append(Test(operator, parse_operand(operand), inclusive))
    if not tests:
        raise ValueError(f"found {raw!r}; expected an operator, one of {', '.join(OPERATORS)}")
    return tuple(tests)


def parse_operand(raw: Any) -> Operand:
    """Read a value: plain, ``$parameter``, ``{fact: name, plus: …}`` or ``{M: …, F: …}``."""
    if isinstance(raw, str) and raw.startswith("$"):
        return Parameter(raw[1:])
    if isinstance(raw, dict):
        if set(raw) == {"M", "F"}:
            return BySex(parse_operand(raw["M"]), parse_operand(raw["F"]))
        if "fact" in raw and not set(raw) - {"fact", "plus", "minus"}:
            return FactValue(raw["fact"], _shift(raw.get("plus")), _shift(raw.get("minus")))
        raise ValueError(f"found {raw!r}; expected a value, $parameter, {{fact: name}} or {{M: …, F: …}}")
    if raw is None or isinstance(raw, (bool, int, float, str, date, list, Parameter, FactValue, BySex)):
        return raw
    raise ValueError(f"found {raw!r}; expected a value")


def parse_tree(raw: Any) -> Any:
    """Read a value that may be a list or a mapping of values."""
    if isinstance(raw, list):
        return [parse_tree(each) for each in raw]
    if isinstance(raw, dict) and "fact" not in raw:
        return {key: parse_tree(each) for key, each in raw.items()}
    return parse_operand(raw)


def _shift(raw: Any) -> dict[str, Operand]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        return {"amount": parse_operand(raw)}
    unknown = set(raw) - set(SHIFTS)
    if unknown:
        raise ValueError(f"found {sorted(unknown)}; expected years, months or days")
    return {unit: parse_operand(value) for unit, value in raw.items()}


def leaves(condition: Condition) -> Iterator[FactTests | RuleTest]:
    """Every test in a condition, in reading order."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case FactTests() | RuleTest():
            yield condition


def operands(leaf: FactTests | RuleTest) -> Iterator[Operand]:
    """Every value that a test compares with, sub-values included."""
    if isinstance(leaf, FactTests):
        if leaf.fact.startswith("$"):
            yield Parameter(leaf.fact[1:])
        for test in leaf.tests:
            yield from parts_of(test.operand)
            yield from parts_of(test.inclusive)


def parts_of(operand: Operand) -> Iterator[Operand]:
    """An operand and the operands inside it."""
    yield operand
    if isinstance(operand, BySex):
        yield from parts_of(operand.male)
        yield from parts_of(operand.female)
    if isinstance(operand, FactValue):
        for shift in (*operand.plus.values(), *operand.minus.values()):
            yield from parts_of(shift)


def facts_of(condition: Condition) -> list[str]:
    """Names of the facts and rules that a condition reads, in reading order, each once."""
    names: dict[str, None] = {}
    for leaf in leaves(condition):
        if isinstance(leaf, RuleTest):
            names[leaf.column] = None
            continue
        if not leaf.fact.startswith("$"):
            names[leaf.fact] = None
        for operand in operands(leaf):
            if isinstance(operand, FactValue):
                names[operand.name] = None
    return list(names)
