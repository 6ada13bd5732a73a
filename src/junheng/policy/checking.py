"""What a pack must satisfy beyond its form: every name it uses is known, every number is in its range."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from junheng.policy import conditions as c
from junheng.policy.schema import Accumulate, Amount, Decide, Fact, Pack, Rank
from junheng.policy.schema import Parameter as ParameterModel
from junheng.policy.vocabulary import allowed_words, facts_for, find_fact, vocabulary
from junheng.policy.yamlfile import Place

Fault = tuple[Place, str]
MOST_WEIGHT = 10_000
"""The greatest weight of a goal of planning."""


def faults_of(pack: Pack) -> list[Fault]:
    """Every fault of a well-formed pack, with the place of each."""
    checker = _Checker(pack)
    return [
        *checker.parameters(),
        *checker.clauses(("rules",), pack.rules),
        *checker.clauses(("parameters",), pack.parameters),
        *checker.clauses(("planning",), pack.planning),
        *checker.rules(),
        *checker.planning(),
        *checker.cycles(),
    ]


def conditions_in(value: Any, place: Place = ()) -> Iterator[tuple[Place, c.Condition]]:
    """Every condition inside a part of a pack, with its place."""
    for where, each in _walk(value, place):
        if isinstance(each, (c.AllOf, c.AnyOf, c.Not, c.FactTests, c.RuleTest)):
            yield where, each


def operands_in(value: Any, place: Place = ()) -> Iterator[tuple[Place, c.Operand]]:
    """Every operand inside a part of a pack that refers to a parameter or a fact, conditions included."""
    for where, each in _walk(value, place):
        if isinstance(each, (c.AllOf, c.AnyOf, c.Not, c.FactTests, c.RuleTest)):
            for leaf in c.leaves(each):
                yield from ((where, operand) for operand in c.operands(leaf))
        elif isinstance(each, (c.Parameter, c.FactValue, c.BySex)):
            yield from ((where, operand) for operand in c.parts_of(each))


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """All parts of a model; conditions and operands are yielded whole. Raw ``{fact: …}`` in values is parsed."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name), (*place, name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _walk(each, (*place, key))
    elif isinstance(value, (list, tuple)):
        for i, each in enumerate(value):
            yield from _walk(each, (*place, i))
    else:
        yield place, value


class _Checker:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.facts = facts_for(pack)

    def parameters(self) -> Iterator[Fault]:
        for name, parameter in self.pack.parameters.items():
            place: Place = ("parameters", name)
            if parameter.value is None and parameter.set_by is None:
                yield place, "the value is not set; expected set_by, the authority that sets it"
            yield from ((place, message) for message in parameter_faults(parameter, parameter.value))
            for i, reading in enumerate(parameter.readings):
                yield from (
                    ((*place, "readings", i), message) for message in parameter_faults(parameter, reading.value)
                )

    def clauses(self, place: Place, value: Any) -> Iterator[Fault]:
        for where, found in _walk(value, place):
            if {"clause", "clauses"} & set(where) and isinstance(found, str) and found not in self.pack.clauses:
                yield where, f"found the clause {found!r}; expected an id declared under clauses"

    def rules(self) -> Iterator[Fault]:
        for name, rule in self.pack.rules.items():
            place: Place = ("rules", name)
            items = self._items(rule)
            for where, operand in operands_in(rule, place):
                yield from self._operand(where, operand, items)
            for where, condition in conditions_in(rule, place):
                yield from self._condition(where, condition, items)
            for absent in rule.absent:
                if not self._known(absent, {}):
                    yield (*place, "absent"), f"found the fact {absent!r}; expected a declared fact"
            yield from self._lists(rule, place, items)
            if isinstance(rule, Decide):
                yield from self._verdicts(name, rule)

    def planning(self) -> Iterator[Fault]:
        plan = self.pack.planning
        if plan is None:
            return
        for where, operand in operands_in(plan, ("planning",)):
            yield from self._operand(where, operand, {})
        for where, weight in _walk(plan.goals, ("planning", "goals")):
            if weight is None or isinstance(weight, c.Parameter):
                continue
            number = isinstance(weight, int | float | Decimal | Fraction) and not isinstance(weight, bool)
            if not number or not (0 <= weight <= MOST_WEIGHT or "missed_wish" in where):
                yield where, f"found {weight!r}; expected a number from 0 to {MOST_WEIGHT} or a $parameter"
        rule = self.pack.rules.get(plan.rule)
        if not isinstance(rule, Decide):
            yield ("planning", "rule"), f"found {plan.rule!r}; expected a rule of shape decide"
            return
        missing = {b.verdict for b in (*rule.branches, rule.otherwise)} - set(plan.verdicts)
        if missing:
            yield ("planning", "verdicts"), f"expected must, may or no also for {', '.join(sorted(missing))}"
        for i, source in enumerate([*plan.musts, *plan.excuses]):
            if source.rule not in self.pack.rules:
                yield ("planning", "musts", i), f"found {source.rule!r}; expected a rule of the pack"

    def cycles(self) -> Iterator[Fault]:
        uses = {name: self._uses(rule) for name, rule in self.pack.rules.items()}
        for name, used in uses.items():
            seen, todo = set(), list(used)
            while todo:
                each = todo.pop()
                if each == name:
                    yield ("rules", name), "the rule refers to itself, directly or through others; expected no circle"
                    break
                if each not in seen:
                    seen.add(each)
                    todo += uses.get(each, [])

    def _uses(self, rule: Any) -> list[str]:
        names = [operand.name for _, operand in operands_in(rule) if isinstance(operand, c.FactValue)]
        for _, condition in conditions_in(rule):
            for leaf in c.leaves(condition):
                names.append(leaf.rule if isinstance(leaf, c.RuleTest) else leaf.fact)
        return [each for each in names if each in self.pack.rules]

    def _items(self, rule: Any) -> dict[str, Fact]:
        """Fields of the list items that a rule looks at, by name."""
        over = rule.over if isinstance(rule, (Accumulate, Rank)) else []
        lists = [*([over] if isinstance(over, str) else over)]
        if isinstance(rule, Accumulate) and rule.less:
            lists.append(rule.less.over)
        found: dict[str, Fact] = {}
        for name in lists:
            found |= item_fields(self.facts.get(name))
        return found

    def _lists(self, rule: Any, place: Place, items: dict[str, Fact]) -> Iterator[Fault]:
        if isinstance(rule, Accumulate):
            for name in rule.over:
                if name not in self.facts or self.facts[name].type not in ("list", "amounts"):
                    yield (*place, "over"), f"found {name!r}; expected a fact that is a list"
            if rule.of and rule.of not in items:
                yield (*place, "of"), f"found {rule.of!r}; expected a field of the list"
        if isinstance(rule, Rank):
            for i, key in enumerate(rule.keys):
                if key.field not in items and not self._known(key.field, {}):
                    yield (*place, "keys", i), f"found {key.field!r}; expected a field of the list"
        if isinstance(rule, Amount) and (rule.rate is not None) and (rule.per is not None):
            yield place, "found both rate and per; expected one of them"

    def _operand(self, place: Place, operand: c.Operand, items: dict[str, Fact]) -> Iterator[Fault]:
        if isinstance(operand, c.Parameter) and operand.name not in self.pack.parameters:
            yield place, f"found the parameter ${operand.name}; expected one declared under parameters"
        if isinstance(operand, c.FactValue) and not self._known(operand.name, items):
            yield place, f"found the fact {operand.name!r}; expected a declared fact or rule"

    def _condition(self, place: Place, condition: c.Condition, items: dict[str, Fact]) -> Iterator[Fault]:
        for leaf in c.leaves(condition):
            if isinstance(leaf, c.RuleTest):
                yield from self._rule_test(place, leaf)
            elif not leaf.fact.startswith("$"):
                if not self._known(leaf.fact, items):
                    yield place, f"found the fact {leaf.fact!r}; expected a declared fact or rule"
                yield from self._words(place, leaf, items)

    def _rule_test(self, place: Place, leaf: c.RuleTest) -> Iterator[Fault]:
        rule = self.pack.rules.get(leaf.rule)
        if not isinstance(rule, Decide):
            yield place, f"found the rule {leaf.rule!r}; expected a rule of the pack of shape decide"
            return
        unknown = set(leaf.verdicts) - {b.verdict for b in (*rule.branches, rule.otherwise)}
        if unknown:
            yield place, f"found {', '.join(sorted(unknown))}; expected verdicts of {leaf.rule}"

    def _words(self, place: Place, leaf: c.FactTests, items: dict[str, Fact]) -> Iterator[Fault]:
        fact = items.get(leaf.fact) or find_fact(self.facts, leaf.fact)
        allowed = allowed_words(fact) if fact else []
        if not allowed:
            return
        for test in leaf.tests:
            operand = test.operand
            if isinstance(operand, c.Parameter) and operand.name in self.pack.parameters:
                operand = self.pack.parameters[operand.name].value
            words = operand if isinstance(operand, list) else [operand]
            for word in words:
                if isinstance(word, str) and word not in allowed:
                    yield place, f"found {word!r} for {leaf.fact}; expected one of {', '.join(allowed)}"

    def _known(self, name: str, items: dict[str, Fact]) -> bool:
        return name in items or name in self.pack.rules or find_fact(self.facts, name) is not None

    def _verdicts(self, name: str, rule: Decide) -> Iterator[Fault]:
        question = vocabulary().questions.get(name)
        if question is None:
            return
        for i, branch in enumerate(rule.branches):
            if branch.verdict not in question.verdicts:
                expected = ", ".join(question.verdicts)
                yield (
                    ("rules", name, "branches", i),
                    f"found the verdict {branch.verdict!r}; expected one of {expected}",
                )
        if rule.otherwise.verdict not in question.verdicts:
            expected = ", ".join(question.verdicts)
            yield ("rules", name, "otherwise"), f"found {rule.otherwise.verdict!r}; expected one of {expected}"


def item_fields(fact: Fact | None) -> dict[str, Fact]:
    """The fields of a list's items by name: ``value`` for a plain list, ``kind`` and ``amount`` for amounts."""
    if fact is None:
        return {}
    if fact.type == "amounts":
        return {
            "kind": Fact(codes=fact.codes, open=True, zh="类别", en="kind"),
            "amount": Fact(type="number", zh="数量"),
        }
    if fact.items:
        return {"value": Fact(type=fact.items, codes=fact.codes, open=fact.open, zh=fact.zh, en=fact.en)}
    return fact.fields


def parameter_faults(parameter: ParameterModel, value: Any) -> list[str]:
    """What is wrong with a value of a parameter: out of its range or not among its options."""
    faults = []
    for each in value.values() if isinstance(value, dict) else [value]:
        if parameter.options and each is not None and each not in parameter.options:
            faults.append(f"found {each!r}; expected one of {', '.join(map(str, parameter.options))}")
        if not isinstance(each, (int, float)) or isinstance(each, bool):
            if (parameter.minimum is not None or parameter.maximum is not None) and each is not None:
                faults.append(f"found {each!r}; expected a number")
            continue
        if parameter.minimum is not None and each < parameter.minimum:
            faults.append(f"found {each}; expected at least {parameter.minimum:g}")
        if parameter.maximum is not None and each > parameter.maximum:
            faults.append(f"found {each}; expected at most {parameter.maximum:g}")
    return faults
