"""Two packs that may bind the same teacher: forbidden grounds, other age limits, other treatment of a circumstance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.policy import conditions as c
from junheng.policy.checking import conditions_in, operands_in
from junheng.policy.linting.points import Points
from junheng.policy.linting.relations import forbidden_by
from junheng.policy.linting.remarks import Remark, fact_words, remark, shown_world
from junheng.policy.linting.worlds import ABSENT, Reader, Says, World
from junheng.policy.schema import Accumulate, Branch, Decide, Pack, Rank, Rule
from junheng.policy.verdicts import verdict_words
from junheng.policy.vocabulary import facts_for

WORKING_AGES = range(22, 61)
LEFT_OUT = frozenset({"excluded", "not_in_scope", "separate_plan"})
"""Verdicts that leave a person out where a pack has no planning part that says so."""


def cross_remarks(pack: Pack, other: Pack) -> Iterator[Remark]:
    """Remarks on a pack beside another one."""
    yield from _forbidden(pack, other)
    if other.code != pack.code:
        yield from _forbidden(other, pack)
        yield from _ages(pack, other)
        yield from _circumstances(pack, other)


def facts_read(rule: Rule) -> set[str]:
    """The facts that a rule reads, the lists it runs over included."""
    read = {name.partition(".")[0] for _, when in conditions_in(rule) for name in c.facts_of(when)}
    read |= {operand.name for _, operand in operands_in(rule) if isinstance(operand, c.FactValue)}
    if isinstance(rule, Accumulate):
        read |= set(rule.over)
    return read | ({rule.over} if isinstance(rule, Rank) else set())


def _forbidden(strict: Pack, other: Pack) -> Iterator[Remark]:
    """A fact that one pack forbids as a ground and the other decides by."""
    for name, clause in strict.clauses.items():
        for fact in forbidden_by(name, clause):
            users = [rule for rule in other.rules.values() if fact in facts_read(rule)]
            if not users:
                continue
            cited = [each for rule in users for each in rule.clause]
            zh, en = (fact_words(other, fact, lang) for lang in ("zh", "en"))
            strictly, freely = f"{strict.code} ({clause.label})", f"{other.code} ({other.label(cited)})"
            yield remark(
                "forbidden_ground",
                "warning",
                [name, *cited],
                f"{strictly} 禁止以“{zh}”为依据评价教师,而 {freely} 正以此决定;两包不得同时适用于同一学校。",
                f"{strictly} forbids judging teachers by {en}, and {freely} decides by it; the two must not bind one "
                "school together.",
                evidence={"fact": fact, "forbidden_by": strict.code, "used_by": other.code},
            )


def _judging(pack: Pack) -> Decide | None:
    """The rule that says who takes part."""
    rule = pack.rules.get(pack.planning.rule if pack.planning else "eligibility")
    return rule if isinstance(rule, Decide) else None


def _leaves_out(pack: Pack, verdict: str) -> bool:
    return pack.planning.verdicts.get(verdict) == "no" if pack.planning else verdict in LEFT_OUT


def _out_by_age(pack: Pack) -> tuple[set[tuple[str, int]], list[str]]:
    """Sex and age of those whom the pack leaves out by age, by a branch or because none takes them; the clauses."""
    rule = _judging(pack)
    if rule is None:
        return set(), []
    points = Points(pack)
    by_age = [branch for branch in rule.branches if "age" in c.facts_of(branch.when)]
    excluding = [branch for branch in by_age if _leaves_out(pack, branch.verdict)]
    people = [(sex, age) for sex in ("M", "F") for age in WORKING_AGES]
    out = {(sex, age) for sex, age in people if any(_holds(b, points, sex, age) for b in excluding)}
    taking = [branch for branch in by_age if branch not in excluding]
    if taking and _leaves_out(pack, rule.otherwise.verdict):
        out |= {(sex, age) for sex, age in people if not any(_may_hold(b, points, sex, age) for b in taking)}
    return out, [clause for branch in by_age for clause in branch.clause]


def _truth(branch: Branch, points: Points, sex: str, age: int) -> bool | None:
    person: World = {**points.current, "sex": sex, "age": age}
    return Reader(person, points.order).truth(Says(branch.when))


def _holds(branch: Branch, points: Points, sex: str, age: int) -> bool:
    return _truth(branch, points, sex, age) is True


def _may_hold(branch: Branch, points: Points, sex: str, age: int) -> bool:
    return _truth(branch, points, sex, age) is not False


def _ages(pack: Pack, other: Pack) -> Iterator[Remark]:
    """Ages at which one pack leaves out whom the other takes."""
    (ours, our_clauses), (theirs, their_clauses) = _out_by_age(pack), _out_by_age(other)
    differing = sorted(ours ^ theirs)
    if not ours or not theirs or not differing:
        return
    limits = {code: _limits(out) for code, out in ((pack.code, ours), (other.code, theirs))}
    yield remark(
        "different_limits",
        "note",
        [*our_clauses, *their_clauses],
        f"{pack.code} 与 {other.code} 按年龄排除的人不同({_words(limits, 'zh')});一名教师须指定按哪一个包判定。",
        f"{pack.code} and {other.code} leave out different ages ({_words(limits, 'en')}); say under which pack a "
        "teacher is judged.",
        evidence={"from_age": limits, "differing": len(differing)},
    )


def _limits(out: set[tuple[str, int]]) -> dict[str, int]:
    return {sex: min(age for each, age in out if each == sex) for sex in ("M", "F") if any(s == sex for s, _ in out)}


def _words(limits: dict[str, dict[str, int]], lang: str) -> str:
    sexes = {"M": ("男", "men"), "F": ("女", "women")}
    one = 0 if lang == "zh" else 1
    return "; ".join(
        f"{code}: " + ", ".join(f"{sexes[sex][one]} {age}+" for sex, age in sorted(each.items(), reverse=True))
        for code, each in limits.items()
    )


def special_circumstances(pack: Pack) -> dict[str, list[Branch]]:
    """The circumstances that are absent unless stated, with the branches of the judging rule that consider each."""
    rule = _judging(pack)
    facts = facts_for(pack)
    found: dict[str, list[Branch]] = {}
    for branch in rule.branches if rule else []:
        for name in {each.partition(".")[0] for each in c.facts_of(branch.when) if "@" not in each}:
            if name in facts and facts[name].blank == "absent":
                found.setdefault(name, []).append(branch)
    return found


def _circumstances(pack: Pack, other: Pack) -> Iterator[Remark]:
    if _judging(pack) is None or _judging(other) is None:
        return
    ours, theirs = special_circumstances(pack), special_circumstances(other)
    for fact in sorted(ours):
        if fact in theirs:
            yield from _differently(fact, (pack, ours[fact]), (other, theirs[fact]))
    for here, there, mine, yours in ((pack, other, ours, theirs), (other, pack, theirs, ours)):
        lone = sorted(set(mine) - set(yours))
        if lone:
            yield remark(
                "only_here",
                "note",
                [clause for fact in lone for branch in mine[fact] for clause in branch.clause],
                f"{here.code} 考虑“{_names(here, lone, 'zh')}”,{there.code} 未作规定;按各自文本判定,请斟酌。",
                f"{here.code} considers {_names(here, lone, 'en')}; {there.code} says nothing of it. Each by its text; "
                "consider it.",
                evidence={"facts": lone, "considered_by": here.code, "not_by": there.code},
            )


def _names(pack: Pack, facts: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(fact_words(pack, fact, lang) for fact in facts)


def _differently(fact: str, ours: tuple[Pack, list[Branch]], theirs: tuple[Pack, list[Branch]]) -> Iterator[Remark]:
    """One stated circumstance that two packs answer with different verdicts."""
    for value in _shared_values(fact, ours, theirs):
        found = [_answer(pack, branches, value) for pack, branches in (ours, theirs)]
        if None in found or len({branch.verdict for branch in found if branch}) < 2:
            continue
        one, two = (branch for branch in found if branch)
        zh, en = (shown_world(ours[0], value, lang) for lang in ("zh", "en"))
        yield remark(
            "different_treatment",
            "note",
            [*one.clause, *two.clause],
            f"同一情况({zh}):{ours[0].code} 为“{verdict_words(one.verdict)}”,"
            f"{theirs[0].code} 为“{verdict_words(two.verdict)}”。",
            f"One circumstance ({en}): {ours[0].code} says {verdict_words(one.verdict, 'en')}, "
            f"{theirs[0].code} says {verdict_words(two.verdict, 'en')}.",
            evidence={"facts": value, ours[0].code: one.verdict, theirs[0].code: two.verdict},
        )
        return


def _shared_values(fact: str, ours: tuple[Pack, list[Branch]], theirs: tuple[Pack, list[Branch]]) -> list[World]:
    """Values of the circumstance that either pack names, each as a world."""
    points = Points(ours[0], theirs[0])
    names = sorted(
        {
            name
            for _, branches in (ours, theirs)
            for branch in branches
            for name in c.facts_of(branch.when)
            if name.partition(".")[0] == fact
        }
    )
    leading = next((name for name in names if name.endswith(".kind")), names[0])
    return [{leading: value} for value in points.domain(leading) if value not in (ABSENT, False) and value is not None]


def _answer(pack: Pack, branches: list[Branch], value: dict[str, Any]) -> Branch | None:
    """The first branch that may hold for somebody of whom only the circumstance is known, and not without it."""
    points = Points(pack)
    blank = dict.fromkeys(value, ABSENT)
    for branch in branches:
        with_it = Reader({**points.current, **value}, points.order).truth(Says(branch.when))
        without = Reader({**points.current, **blank}, points.order).truth(Says(branch.when))
        if with_it is not False and without is False:
            return branch
    return None
