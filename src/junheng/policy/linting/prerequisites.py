"""Prerequisites that a scheme has to fulfil: with too few places, or closed to those whom they bind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng.policy.linting.branches import decides
from junheng.policy.linting.numbers import amount_at
from junheng.policy.linting.points import Points
from junheng.policy.linting.remarks import Remark, remark, shown_world
from junheng.policy.linting.worlds import Both, Formula, Never, Says
from junheng.policy.schema import Amount, Decide, Pack

TYPICAL_SCHOOL = 40
"""Staff of the school for which places a year are shown."""


def prerequisite_remarks(pack: Pack) -> Iterator[Remark]:
    """Remarks on every rule that says by what it can be fulfilled (``needs``)."""
    for name, rule in pack.rules.items():
        needs = getattr(rule, "needs", None)
        if not isinstance(rule, Decide) or needs is None:
            continue
        yield from _places(pack, name, rule, needs)
        yield from _barred(pack, name, rule, needs)


def _places(pack: Pack, name: str, rule: Decide, needs: Any) -> Iterator[Remark]:
    """Places that do not grow with the number who need them."""
    places = pack.rules.get(needs.places) if needs.places else None
    if not isinstance(places, Amount):
        return
    small, large = amount_at(pack, places, TYPICAL_SCHOOL), amount_at(pack, places, 4 * TYPICAL_SCHOOL)
    if small is None or large is None or large > small:
        return
    yield remark(
        "bottleneck",
        "warning",
        [*rule.clause, *places.clause],
        f"{name} 只能通过每年每校 {int(small)} 个名额满足,不随人数增加:{TYPICAL_SCHOOL} 人的学校若有一半人申报,"
        f"轮完一遍需 {TYPICAL_SCHOOL // 2 // max(1, int(small))} 年。",
        f"{name} can only be fulfilled through {int(small)} place(s) a school and year, whatever its size: in a "
        f"school of {TYPICAL_SCHOOL} of whom half apply, one round takes "
        f"{TYPICAL_SCHOOL // 2 // max(1, int(small))} years.",
        evidence={"rule": name, "places": needs.places, "a_year": int(small), "school": TYPICAL_SCHOOL},
    )


def _barred(pack: Pack, name: str, rule: Decide, needs: Any) -> Iterator[Remark]:
    """Somebody whom the scheme leaves out but whom the prerequisite does not exempt."""
    scheme = pack.rules.get(needs.rule) if needs.rule else None
    if not isinstance(scheme, Decide):
        return
    points = Points(pack)
    failing = [_gives(rule, verdict) for verdict in needs.failing]
    for at, branch in enumerate(scheme.branches):
        if branch.verdict in needs.verdicts:
            continue
        for fails in failing:
            world = points.search().example(Both((decides(scheme.branches, at), fails)), points.current)
            if world is not None:
                yield remark(
                    "barred",
                    "warning",
                    [*rule.clause, *branch.clause],
                    f"{pack.label(branch.clause)} 排除的人({shown_world(world)})仍受 {pack.label(rule.clause)} 约束,"
                    "却无法通过交流满足它;请明确能否自愿参加或予以豁免。",
                    f"Those whom {pack.label(branch.clause)} leaves out ({shown_world(world)}) are still bound by "
                    f"{pack.label(rule.clause)}, which only exchange can fulfil; say whether they may "
                    "volunteer or are exempt.",
                    evidence={"rule": name, "scheme": needs.rule, "branch": at + 1, "verdict": branch.verdict},
                )
                break


def _gives(rule: Decide, verdict: str) -> Formula:
    """That a decision gives the verdict, by any branch or by otherwise."""
    ways: list[Formula] = [decides(rule.branches, at) for at, b in enumerate(rule.branches) if b.verdict == verdict]
    if rule.otherwise.verdict == verdict:
        ways.append(Both(tuple(Never(Says(b.when)) for b in rule.branches)))
    return _either(ways)


def _either(ways: list[Formula]) -> Formula:
    return Never(Both(tuple(Never(way) for way in ways)))
