"""For each setting of the policy the least change with which, all other rules being kept, a plan exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isfinite

import numpy as np

from junheng.planning.problem import Problem, Quota
from junheng.planning.relaxing.changes import Change, apply_changes
from junheng.planning.relaxing.conflicts import conflicts_in_one_place
from junheng.planning.relaxing.local import Local
from junheng.planning.relaxing.loosening import Loose
from junheng.planning.relaxing.openings import COMMUTE
from junheng.planning.solving.market import Bools, market_of

ADDED = 8
"""Conflicts that are added to those known when a value settles these but does not suffice."""
PATIENCE = 4
"""Values beyond the least of the programme that are tried where no plan of whole moves is found for it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A number or switch of the policy: ``values`` from the least change to the greatest, each looser than before."""

    kind: str
    what: tuple[str, ...]
    today: str
    values: tuple[str, ...]

    def change(self, value: str) -> Change:
        """The change to a value."""
        return Change(self.what, value)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A setting, its value today, and the least change that suffices; ``None`` where none does."""

    kind: str
    what: tuple[str, ...]
    today: str
    change: Change | None


def settings_of(problem: Problem, loose: Loose) -> tuple[Setting, ...]:
    """Every setting that can be loosened."""
    policy, most = problem.policy, int(loose.market.headcount.max(initial=0))
    found = [
        Setting("commute", ("commute",), f"{policy.commute_km_max:g}", tuple(_kilometres(loose))),
        Setting("no_return", ("no-return",), str(policy.no_return_years), _down(policy.no_return_years)),
        Setting(
            "outflow", ("outflow-min",), str(policy.subject_outflow_min),
            tuple(str(n) for n in range(policy.subject_outflow_min + 1, most + 1)),
        ),
        Setting(
            "outflow", ("outflow-share",), percent(policy.subject_outflow_share),
            _shares(policy.subject_outflow_share, Fraction(1, 100), up=True),
        ),
        Setting(
            "backbone", ("backbone",), percent(policy.backbone_share_min),
            _shares(policy.backbone_share_min, Fraction(1, 100), up=False),
        ),
        Setting("couple", ("spouses",), "on", ("off",) if policy.spouse_both_forbidden else ()),
        Setting("within_cluster", ("within-cluster",), "on", ("off",) if policy.within_cluster else ()),
        Setting("within_partners", ("within-partners",), "on", ("off",) if policy.within_partners else ()),
        Setting("refill", ("refill",), policy.refill, ("toward",) if policy.refill == "preserve" else ()),
    ]  # fmt: skip
    if policy.direction is not None:
        share = policy.direction.share_min
        found.append(Setting("direction", ("direction",), percent(share), _shares(share, Fraction(1, 100), up=False)))
    for quota in policy.quotas:
        found += _of_quota(quota)
    return tuple(setting for setting in found if setting.values)


def _of_quota(quota: Quota) -> Iterator[Setting]:
    name, step = ("quota", quota.id), Fraction(1, 200)
    if quota.sense == "eq":
        yield Setting("quota", (*name, "sense"), "eq", ("ge",))
        yield Setting("quota", (*name, "sense"), "eq", ("le",))
        return
    at_most = quota.sense == "le"
    yield Setting("quota", name, percent(quota.pct), _shares(quota.pct, step, up=at_most))
    if not at_most:
        yield Setting("quota", (*name, "min"), str(quota.min), _down(quota.min))
    else:
        yield Setting(
            "quota", (*name, "min"), str(quota.min), tuple(str(n) for n in range(quota.min + 1, quota.min + 31))
        )


def percent(share: Fraction) -> str:
    """A share as it is written, with as many decimals as it has (at most six)."""
    return f"{float(share * 100):.8g}%"


def _down(number: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(number - 1, -1, -1))


def _shares(share: Fraction, step: Fraction, *, up: bool) -> tuple[str, ...]:
    if up:
        return tuple(percent(step * n) for n in range(floor(share / step) + 1, floor(1 / step) + 1))
    return tuple(percent(step * n) for n in range(ceil(share / step) - 1, -1, -1))


def _kilometres(loose: Loose) -> list[str]:
    """Whole kilometres beyond today's limit, as far as somebody could go."""
    limit = loose.market.policy.commute_km_max
    beyond = loose.openings.km[loose.openings.against(COMMUTE)]
    if not isfinite(limit) or len(beyond) == 0:
        return []
    return [str(km) for km in range(floor(limit) + 1, ceil(float(beyond.max())) + 1)]


def thresholds_of(loose: Loose, problem: Problem, kinds: Sequence[str], rules: Sequence[int]) -> tuple[Threshold, ...]:
    """The least change of each setting of the given kinds; the programme is left as it was found.

    ``rules`` are those of the conflicts: a value that does not settle these is passed over without a look at the rest.
    """
    seeker = _Seeker(loose, problem, rules)
    found = tuple(
        Threshold(s.kind, s.what, s.today, seeker.least(s)) for s in settings_of(problem, loose) if s.kind in kinds
    )
    seeker.restore()
    return found


class _Seeker:
    def __init__(self, loose: Loose, problem: Problem, rules: Sequence[int]) -> None:
        self.loose = loose
        self.problem = problem
        self.everything = np.ones(loose.size, dtype=bool)
        self.conflicting = np.zeros(loose.size, dtype=bool)
        self.conflicting[list(rules)] = True

    def restore(self) -> None:
        """Puts today's settings back."""
        self.loose.bend(self.loose.market)

    def least(self, setting: Setting) -> Change | None:
        """The least change that suffices: where the conflicts are settled, but others turn up, these are added."""
        values, conflicting = setting.values, self.conflicting.copy()
        at = -1
        while True:
            if not self._settles(setting, values[-1], conflicting):
                return None
            at = self._next(setting, at + 1, conflicting)
            if self._works(setting, values[at]):
                break
            for rules in conflicts_in_one_place(self.loose, self.everything, ADDED):
                conflicting[rules] = True
            if at == len(values) - 1:
                return None
        for value in values[at:][: 1 if self.loose.small else PATIENCE]:
            if self._works(setting, value, surely=True):
                return setting.change(value)
        return None

    def _next(self, setting: Setting, start: int, conflicting: Bools) -> int:
        """The first value from ``start`` on that settles the conflicts; the last one does."""
        rest = setting.values[start:]
        return start + first_true(len(rest), lambda i: self._settles(setting, rest[i], conflicting))

    def _bend(self, setting: Setting, value: str) -> None:
        self.loose.bend(market_of(apply_changes(self.problem, (setting.change(value),))))

    def _settles(self, setting: Setting, value: str, conflicting: Bools) -> bool:
        """Whether the rules of the conflicts can be kept under the value."""
        self._bend(setting, value)
        return Local(self.loose, conflicting).possible(conflicting)

    def _works(self, setting: Setting, value: str, *, surely: bool = False) -> bool:
        self._bend(setting, value)
        return self.loose.possible(self.everything, surely=surely)


def first_true(number: int, test: Callable[[int], bool]) -> int:
    """The least index for which a test that stays true once it is true is true; the last is known to be."""
    low, high = 0, number - 1
    while low < high:
        middle = (low + high) // 2
        if test(middle):
            high = middle
        else:
            low = middle + 1
    return low
