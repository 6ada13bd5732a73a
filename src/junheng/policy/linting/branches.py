"""Decisions: conditions that cannot hold, branches never reached, values claimed by two branches or by none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.policy import conditions as c
from junheng.policy.linting.points import Points
from junheng.policy.linting.remarks import Remark, fact_words, remark, shown_world
from junheng.policy.linting.worlds import Both, Either, Formula, Never, Says, World
from junheng.policy.schema import Branch, Decide, Pack
from junheng.policy.verdicts import verdict_words


def branch_remarks(pack: Pack) -> Iterator[Remark]:
    """Remarks on every decision of a pack."""
    points = Points(pack)
    for name, rule in pack.rules.items():
        if isinstance(rule, Decide):
            dead = dict(_dead_branches(name, rule, points))
            yield from dead.values()
            reached = [branch for at, branch in enumerate(rule.branches) if at not in dead]
            yield from _shared_values(pack, name, reached, points)
            yield from _left_out_values(pack, name, rule, reached, points)
    yield from _verdicts_never_given(pack)


def decides(branches: list[Branch], at: int) -> Formula:
    """That the branch with this index decides: its condition holds and none before it does."""
    return Both((Says(branches[at].when), *(Never(Says(earlier.when)) for earlier in branches[:at])))


def _dead_branches(name: str, rule: Decide, points: Points) -> Iterator[tuple[int, Remark]]:
    """Branches that can never decide, by index."""
    for at, branch in enumerate(rule.branches):
        if not points.search().possible(Says(branch.when)):
            yield at, _contradiction(name, at, branch)
        elif not points.search().possible(decides(rule.branches, at)):
            yield at, _unreachable(name, at, rule, _shadowing(rule.branches, at, points))


def _contradiction(name: str, at: int, branch: Branch) -> Remark:
    return remark(
        "contradiction",
        "error",
        branch.clause,
        f"规则 {name} 第 {at + 1} 条的条件自相矛盾,任何人都不会符合。",
        f"The condition of branch {at + 1} of {name} contradicts itself; nobody can ever meet it.",
        evidence={"rule": name, "branch": at + 1},
    )


def _unreachable(name: str, at: int, rule: Decide, shadows: list[int]) -> Remark:
    return remark(
        "unreachable",
        "error",
        [*rule.branches[at].clause, *(each for i in shadows for each in rule.branches[i].clause)],
        f"规则 {name} 第 {at + 1} 条永远轮不到:凡符合者都已由前面第 {_listed(shadows, '、')} 条决定。",
        f"Branch {at + 1} of {name} is never reached: all whom it means are decided by branch "
        f"{_listed(shadows, ', ')} before it.",
        evidence={"rule": name, "branch": at + 1, "shadowed_by": [i + 1 for i in shadows]},
    )


def _listed(indices: list[int], separator: str) -> str:
    return separator.join(str(i + 1) for i in indices)


def _shadowing(branches: list[Branch], at: int, points: Points) -> list[int]:
    """The earlier branches that together take everything from a branch: those that can hold where it does."""
    wanted = Says(branches[at].when)
    search = points.search()
    alone = [i for i in range(at) if not search.possible(Both((wanted, Never(Says(branches[i].when)))))]
    return alone[:1] or [i for i in range(at) if search.possible(Both((wanted, Says(branches[i].when))))]


def _measured(branches: list[Branch], points: Points) -> list[tuple[str, Any]]:
    """Every fact with every limit by which these branches compare it."""
    names = {name: None for branch in branches for name in c.facts_of(branch.when) if "@" not in name}
    return [(name, bound) for name in names for bound in points.bounds(name)]


def _mentions(branch: Branch, fact: str) -> bool:
    return fact in c.facts_of(branch.when)


def _orders(branch: Branch, fact: str) -> bool:
    """Whether a branch has a limit on the fact, not just single values of it."""
    tests = [leaf.tests for leaf in c.leaves(branch.when) if isinstance(leaf, c.FactTests) and leaf.fact == fact]
    return any(test.operator in c.ORDERING for each in tests for test in each)


def _shared_values(pack: Pack, name: str, branches: list[Branch], points: Points) -> Iterator[Remark]:
    """A single value that two branches with different verdicts both claim, each from its own side."""
    for fact, bound in _measured(branches, points):
        step = points.step(fact)
        concerned = [each for each in branches if _mentions(each, fact)]
        for i, first in enumerate(concerned):
            for second in concerned[i + 1 :]:
                if first.verdict == second.verdict and first.value == second.value:
                    continue
                world = _touching(first, second, fact, (bound - step, bound, bound + step), points)
                if world is not None:
                    yield remark(
                        "overlap",
                        "warning",
                        [*first.clause, *second.clause],
                        f"规则 {name}:{fact_words(pack, fact, 'zh')}恰为 {bound} 时既属“{verdict_words(first.verdict)}”"
                        f"又属“{verdict_words(second.verdict)}”,"
                        "现按先后取前者;请明确是否含本数。",
                        f"{name}: {fact_words(pack, fact, 'en')} of exactly {bound} is both "
                        f"{verdict_words(first.verdict, 'en')} and {verdict_words(second.verdict, 'en')}; the order "
                        "decides for the former. Say whether the limit itself is included.",
                        evidence={"rule": name, "fact": fact, "value": bound, "world": shown_world(pack, world, "en")},
                    )


def _touching(first: Branch, second: Branch, fact: str, around: tuple[Any, Any, Any], points: Points) -> World | None:
    """A world where the two meet in the middle value only."""

    def only(here: Branch, there: Branch, value: Any) -> Formula:
        return Both((Says(here.when, {fact: value}), Never(Says(there.when, {fact: value}))))

    below, at, above = around
    sides = Either(
        (
            Both((only(first, second, below), only(second, first, above))),
            Both((only(second, first, below), only(first, second, above))),
        )
    )
    return points.search().example(
        Both((Says(first.when, {fact: at}), Says(second.when, {fact: at}), sides)), points.current
    )


def _left_out_values(pack: Pack, name: str, rule: Decide, branches: list[Branch], points: Points) -> Iterator[Remark]:
    """A single value that no branch decides although the values on both its sides are decided."""
    for fact, value in _candidates(branches, points):
        step = points.step(fact)
        concerned = [each for each in branches if _orders(each, fact)]
        world = points.search().example(
            Both(
                (
                    Either(tuple(Says(each.when, {fact: value - step}) for each in concerned)),
                    Either(tuple(Says(each.when, {fact: value + step}) for each in concerned)),
                    *(Never(Says(each.when, {fact: value})) for each in branches),
                )
            ),
            points.current,
        )
        if world is not None:
            yield remark(
                "gap",
                "warning",
                [*(each for branch in concerned for each in branch.clause), *rule.otherwise.clause],
                f"规则 {name}:{fact_words(pack, fact, 'zh')}低于和高于 {value} 都有规定,恰为 {value} 时没有,"
                f"按“{verdict_words(rule.otherwise.verdict)}”处理。",
                f"{name} decides {fact_words(pack, fact, 'en')} below and above {value}, but not {value} itself, which "
                f"falls to: {verdict_words(rule.otherwise.verdict, 'en')}.",
                evidence={"rule": name, "fact": fact, "value": value, "world": shown_world(pack, world, "en")},
            )


def _candidates(branches: list[Branch], points: Points) -> list[tuple[str, Any]]:
    """Values that may be left out: limits, and for whole numbers and days the neighbours of limits."""
    found: dict[tuple[str, Any], None] = {}
    for fact, bound in _measured(branches, points):
        step = points.step(fact)
        near = [bound] if isinstance(step, float) else [bound - step, bound, bound + step]
        found |= {(fact, value): None for value in near}
    return list(found)


def _verdicts_never_given(pack: Pack) -> Iterator[Remark]:
    """Verdicts that the plan knows but no branch gives, as when a branch was taken out."""
    rule = pack.rules.get(pack.planning.rule) if pack.planning else None
    if pack.planning is None or not isinstance(rule, Decide):
        return
    given = {outcome.verdict for outcome in (*rule.branches, rule.otherwise)}
    for verdict, standing in pack.planning.verdicts.items():
        if verdict not in given:
            yield remark(
                "unreachable",
                "warning",
                rule.clause,
                f"排岗部分把“{verdict}”作为 {standing},但规则 {pack.planning.rule} 没有一条会得出这一结论。",
                f"The plan treats {verdict} as {standing}, but no branch of {pack.planning.rule} gives it.",
                evidence={"rule": pack.planning.rule, "verdict": verdict},
            )
