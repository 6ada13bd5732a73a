"""How many must or may move: quotas by school, cluster, stage or county, and the two shares of movers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from junheng.planning.checking.register import Moves, Register
from junheng.planning.checking.report import QuotaLine, Violation
from junheng.planning.checking.rounding import share, whole
from junheng.planning.checking.wording import broken
from junheng.planning.problem import Quota, SchoolUnit

SIGNS = {"eq": "=", "ge": "≥", "le": "≤"}


def member(scope: str, school: SchoolUnit) -> str:
    """The member of a scope that a school unit belongs to: its id, cluster, "cluster/stage", stage or "county"."""
    if scope == "school":
        return school.id
    if scope == "cluster":
        return school.cluster
    if scope == "cluster_stage":
        return f"{school.cluster}/{school.stage}"
    if scope == "stage":
        return school.stage
    if scope == "county":
        return "county"
    raise ValueError(f"scope {scope!r} is none of school, cluster, cluster_stage, stage, county")


def bases(register: Register, quota: Quota) -> dict[str, int]:
    """The base of each member that has any teacher: all staff, or those who may or must move."""
    count: Counter[str] = Counter()
    for teacher in register.problem.teachers:
        counts = quota.base == "staff" or teacher.verdict != "no"
        count[member(quota.scope, register.schools[teacher.school_id])] += counts
    return dict(sorted(count.items()))


def quota_lines(register: Register, moves: Moves) -> tuple[QuotaLine, ...]:
    """Every quota worked out for every member, with the number of movers counted at the school they leave."""
    lines = []
    for quota in register.policy.quotas:
        movers = Counter(member(quota.scope, own) for _, own, _, _ in moves.rows)
        rate = share(quota.pct)
        for name, base in bases(register, quota).items():
            rounded = whole(rate * base, quota.rounding)
            lines.append(
                QuotaLine(
                    quota=quota.id,
                    member=name,
                    sense=quota.sense,
                    base=base,
                    rate=rate,
                    exact=rate * base,
                    rounded=rounded,
                    bound=max(quota.min, rounded),
                    actual=movers[name],
                )
            )
    return tuple(lines)


def required_moves(lines: tuple[QuotaLine, ...]) -> int:
    """M: the largest, over quotas, of the sum of their lower bounds."""
    sums: Counter[str] = Counter()
    for line in lines:
        if line.sense in ("eq", "ge"):
            sums[line.quota] += line.bound
    return max(sums.values(), default=0)


def quota_faults(lines: tuple[QuotaLine, ...]) -> Iterator[Violation]:
    """Quotas that are not met."""
    for line in lines:
        if not line.met:
            yield broken("quota", f"quota:{line.quota}:{line.member}", line.actual, f"{SIGNS[line.sense]} {line.bound}")


def direction(register: Register, moves: Moves) -> Iterator[Violation]:
    """Of the movers from some zones, enough go to some other zones."""
    rule = register.policy.direction
    if rule is None:
        return
    from_there = [host for _, own, host, _ in moves.rows if own.zone in rule.from_zones]
    well_sent = sum(host.zone in rule.to_zones for host in from_there)
    if well_sent < share(rule.share_min) * len(from_there):
        yield broken("direction", "direction", f"{well_sent}/{len(from_there)}", _percent(rule.share_min))


def backbone(register: Register, moves: Moves) -> Iterator[Violation]:
    """Enough of the movers are backbone teachers."""
    least = share(register.policy.backbone_share_min)
    movers = sum(teacher.backbone for teacher, *_ in moves.rows)
    if movers < least * len(moves.rows):
        yield broken("backbone", "backbone", f"{movers}/{len(moves.rows)}", _percent(least))


def _percent(value: Fraction) -> str:
    return f"{float(share(value) * 100):g} %"
