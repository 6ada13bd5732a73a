"""``explain``: one person's answer as a tree of the same conditions, with the truth of each and the facts it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy.cases import frame_of, read_facts
from junheng.policy.evaluation import Run, parameter_values
from junheng.policy.expressions import Compiler
from junheng.policy.judging import judge
from junheng.policy.schema import Decide, Outcome, Pack
from junheng.policy.vocabulary import find_fact, word_labels
from junheng.policy.wording import fact_label, shown


@dataclass(frozen=True)
class Node:
    """A condition: ``kind`` all, any, not or test; its truth (``None`` unknown); what it read; its parts."""

    kind: str
    text: str
    truth: bool | None
    facts: dict[str, Any] = field(default_factory=dict)
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class BranchTree:
    """One line of a decision with its clause and the tree of its condition. ``decides`` marks the one that decided."""

    clause: str
    verdict: str
    truth: bool | None
    decides: bool
    condition: Node | None


@dataclass(frozen=True)
class Explanation:
    """The answer and every line of the decision, in order."""

    verdict: str
    clause: str
    because: str
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    branches: tuple[BranchTree, ...]


def explain(
    pack: Pack,
    facts: Mapping[str, Any] | pl.DataFrame,
    *,
    query: str = "eligibility",
    lang: str = "zh",
    parameters: Mapping[str, Any] | None = None,
) -> Explanation:
    """Explain a pack's decision for one person: facts as in a case file, or a frame of one row."""
    rule = pack.rules[query]
    if not isinstance(rule, Decide):
        raise TypeError(f"{query} is a rule of shape {rule.shape}; only decisions have a tree")
    values = parameter_values(pack, parameters)
    frame = facts if isinstance(facts, pl.DataFrame) else frame_of(pack, [read_facts(pack, query, facts)])
    answer = judge(pack, query, frame, values, langs=(lang,)).row(0, named=True)
    run = Run(pack, frame, values)
    decided = run.decide(query)
    compiler = run.compiler(rule)
    branches = [
        _branch(pack, each, i == decided["at"][0], _node(run, compiler, each.when, lang))
        for i, each in enumerate(rule.branches)
    ]
    last = _branch(pack, rule.otherwise, decided["at"][0] == len(rule.branches), None)
    return Explanation(
        answer["verdict"],
        answer["clause"],
        answer[f"because_{lang}"],
        tuple(answer["flags"]),
        tuple(answer["missing"]),
        (*branches, last),
    )


def _branch(pack: Pack, outcome: Outcome, decides: bool, node: Node | None) -> BranchTree:
    truth = node.truth if node else None
    return BranchTree(pack.label(outcome.clause), outcome.verdict, truth, decides, node)


def _node(run: Run, compiler: Compiler, condition: c.Condition, lang: str) -> Node:
    truth = run.frame.select(compiler.condition(condition).alias("t"))["t"][0]
    match condition:
        case c.AllOf(parts):
            return Node("all", _word("all", lang), truth, {}, tuple(_node(run, compiler, p, lang) for p in parts))
        case c.AnyOf(parts):
            return Node("any", _word("any", lang), truth, {}, tuple(_node(run, compiler, p, lang) for p in parts))
        case c.Not(part):
            return Node("not", _word("not", lang), truth, {}, (_node(run, compiler, part, lang),))
    names = [name for name in c.facts_of(condition) if name in run.frame.columns]
    facts = {name: run.frame[name][0] for name in names}
    return Node("test", sentence(run, condition, lang), truth, facts)


WORDS = {
    "all": ("全部满足", "all of"),
    "any": ("满足其一", "any of"),
    "not": ("并非", "not"),
    "is": ("是", "is"),
    "in": ("属于", "is one of"),
    "not_in": ("不属于", "is none of"),
    "at_least": ("不小于", "is at least"),
    "at_most": ("不大于", "is at most"),
    "more_than": ("大于", "is more than"),
    "less_than": ("小于", "is less than"),
    "before": ("早于", "is before"),
    "after": ("晚于", "is after"),
    "from": ("不早于", "is not before"),
    "until": ("不晚于", "is not after"),
    "includes": ("包含", "includes"),
    "given": ("已填写", "is stated"),
}


def _word(key: str, lang: str) -> str:
    return WORDS[key][0 if lang == "zh" else 1]


def sentence(run: Run, leaf: c.FactTests | c.RuleTest, lang: str) -> str:
    """A test in words, with the value that was found."""
    if isinstance(leaf, c.RuleTest):
        return f"{leaf.column} {_word('in', lang)} {', '.join(leaf.verdicts)}"
    if leaf.fact.startswith("$"):
        parameter = run.pack.parameters[leaf.fact[1:]]
        subject = parameter.zh if lang == "zh" else parameter.en
        return f"{subject} = {run.values.get(leaf.fact[1:])}"
    compiler = Compiler(run.facts, run.values)
    fact = find_fact(run.facts, leaf.fact)
    labels = word_labels(fact, lang) if fact else {}
    tests = [_test(compiler, run, test, lang, labels) for test in leaf.tests]
    joined = ("且" if lang == "zh" else " and ").join(tests)
    found = run.frame.select(shown(run, leaf.fact, lang).alias("s"))["s"][0]
    if lang == "zh":
        return f"{fact_label(run, leaf.fact, lang)}{joined}（{found or '未填写'}）"
    return f"{fact_label(run, leaf.fact, lang)} {joined} ({found or 'not stated'})"


def _test(compiler: Compiler, run: Run, test: c.Test, lang: str, labels: Mapping[str, str]) -> str:
    operand = _operand(compiler, run, test.operand, lang, labels)
    if lang != "zh":
        return f"{_word(test.operator, lang)} {operand}"
    return f"{'为' if test.operator == 'is' else _word(test.operator, lang)}{operand}"


def _operand(compiler: Compiler, run: Run, operand: c.Operand, lang: str, labels: Mapping[str, str]) -> str:
    value = compiler.resolve(operand)
    if isinstance(value, c.BySex):
        men, women = ("男", "女") if lang == "zh" else ("men", "women")
        of_men, of_women = (_operand(compiler, run, each, lang, labels) for each in (value.male, value.female))
        return f"{men} {of_men} / {women} {of_women}"
    if isinstance(value, c.FactValue):
        return fact_label(run, value.name, lang)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(labels.get(str(each), str(each)) for each in value)
    return labels.get(str(value), str(value))
