"""Prerequisites that a scheme has to fulfil: with too few places, or closed to those whom they bind."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.policy import conditions as c
from junheng.policy.linting.branches import decides
from junheng.policy.linting.numbers import amount_at
from junheng.policy.linting.points import Points
from junheng.policy.linting.relations import Needs, needs_of
from junheng.policy.linting.remarks import Remark, remark, shown_world
from junheng.policy.linting.worlds import Both, Either, Formula, Never, Says, World
from junheng.policy.schema import Amount, Decide, Pack

TYPICAL_SCHOOL = 40
"""Staff of the school for which places a year are shown."""


def prerequisite_remarks(pack: Pack) -> Iterator[Remark]:
    """Remarks on every rule that says by what it can be fulfilled (``needs``)."""
    for name, rule in pack.rules.items():
        needs = needs_of(name, rule)
        if not isinstance(rule, Decide) or needs is None:
            continue
        yield from _places(pack, name, rule, needs)
        yield from _barred(pack, name, rule, needs)


def _places(pack: Pack, name: str, rule: Decide, needs: Needs) -> Iterator[Remark]:
    """Places that do not grow with the number who need them."""
    places = pack.rules.get(needs.places) if needs.places else None
    if not isinstance(places, Amount):
        return
    small, large = amount_at(pack, places, TYPICAL_SCHOOL), amount_at(pack, places, 4 * TYPICAL_SCHOOL)
    if small is None or large is None or large > small:
        return
    label, years = pack.label(rule.clause), TYPICAL_SCHOOL // 2 // max(1, int(small))
    yield remark(
        "bottleneck",
        "warning",
        [*rule.clause, *places.clause],
        f"{label} 只能通过每年每校 {int(small)} 个名额满足,不随人数增加:{TYPICAL_SCHOOL} 人的学校若有一半人申报,"
        f"轮完一遍需 {years} 年。",
        f"{label} can only be fulfilled through {int(small)} place(s) a school and year, whatever its size: in a "
        f"school of {TYPICAL_SCHOOL} of whom half apply, one round takes {years} years.",
        evidence={"rule": name, "places": needs.places, "a_year": int(small), "school": TYPICAL_SCHOOL},
    )


def _barred(pack: Pack, name: str, rule: Decide, needs: Needs) -> Iterator[Remark]:
    """Those whom the scheme leaves out but whom the prerequisite does not exempt, together in one remark."""
    scheme = pack.rules.get(needs.rule) if needs.rule else None
    if not isinstance(scheme, Decide):
        return
    points = Points(pack)
    fails = Never(Both(tuple(Never(_gives(rule, verdict)) for verdict in needs.failing)))
    found: dict[int, World] = {}
    for at, branch in enumerate(scheme.branches):
        if branch.verdict not in needs.verdicts:
            world = points.search().example(Both((decides(scheme.branches, at), fails)), points.current)
            if world is not None:
                found[at] = {fact: world[fact] for fact in c.facts_of(branch.when) if fact in world}
    if not found:
        return
    clauses = [clause for at in found for clause in scheme.branches[at].clause]
    labels = list(dict.fromkeys(pack.clauses[clause].label for clause in clauses))
    zh, en = ("; ".join(shown_world(pack, world, lang) for world in found.values()) for lang in ("zh", "en"))
    yield remark(
        "barred",
        "warning",
        [*rule.clause, *clauses],
        f"{'、'.join(labels)} 排除的人仍受 {pack.label(rule.clause)} 约束,却无法通过交流满足它(例:{zh});"
        "请明确能否自愿参加或予以豁免。",
        f"Those whom {', '.join(labels)} leaves out are still bound by {pack.label(rule.clause)}, which only exchange "
        f"can fulfil (for example {en}); say whether they may volunteer or are exempt.",
        evidence={
            "rule": name,
            "scheme": needs.rule,
            "branches": [at + 1 for at in found],
            "examples": list(found.values()),
        },
    )


def _gives(rule: Decide, verdict: str) -> Formula:
    """That a decision gives the verdict, by any branch or by otherwise."""
    ways: list[Formula] = [decides(rule.branches, at) for at, b in enumerate(rule.branches) if b.verdict == verdict]
    if rule.otherwise.verdict == verdict:
        ways.append(Both(tuple(Never(Says(b.when)) for b in rule.branches)))
    return Either(tuple(ways))
