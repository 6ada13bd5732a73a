"""How many must or may move: the bounds of quotas, in exact fractions."""

from __future__ import annotations

import numpy as np

from junheng.facts.rounding import read_rounding, rounded
from junheng.planning.problem import Quota
from junheng.planning.solving.market import NO, Ints, Market


def members(market: Market, quota: Quota) -> tuple[list[str], Ints]:
    """Names of the members of a quota's scope and (J,) the member that each school belongs to."""
    cluster = [market.clusters[c] for c in market.school_cluster]
    stage = [market.stages[s] for s in market.school_stage]
    label = {
        "school": list(market.school_ids),
        "cluster": cluster,
        "stage": stage,
        "cluster_stage": [f"{c}/{s}" for c, s in zip(cluster, stage, strict=True)],
        "county": ["county"] * len(stage),
    }[quota.scope]
    names = sorted(set(label))
    at = {name: i for i, name in enumerate(names)}
    return names, np.array([at[name] for name in label], dtype=np.int64)


def quota_bounds(market: Market, quota: Quota) -> Ints:
    """(members,) max(minimum, round(pct × base)), in exact fractions; -1 for a member without any teacher."""
    names, member = members(market, quota)
    staff = np.bincount(member[market.school], minlength=len(names))
    eligible = np.bincount(member[market.school[market.verdict != NO]], minlength=len(names))
    base = staff if quota.base == "staff" else eligible
    rounding = read_rounding(quota.rounding)
    bounds = [max(quota.min, rounded(quota.pct * int(n), rounding)) for n in base]
    return np.where(staff > 0, bounds, -1).astype(np.int64)


def movers_asked(market: Market) -> int:
    """M: the largest, over the quotas, of the sum of lower bounds; 0 when no quota asks for anybody."""
    sums = [int(quota_bounds(market, q).clip(min=0).sum()) for q in market.policy.quotas if q.sense in ("ge", "eq")]
    return max(sums, default=0)
