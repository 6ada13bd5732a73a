"""Shadow prices as sentences: by how much the plan could be better if one rule gave by one person or post.

The multipliers of the certificate are these prices. They hold for a small step; what a larger one brings is found by
planning again. Rows that would tell who is married to whom are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.planning.explaining.words import Names
from junheng.planning.problem import Problem

LEAST = 5e-4
"""Prices below this many points of J are not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one row costs.

    ``worth`` is by how many points J would fall if the rule gave by one person or post; ``step`` says in which
    direction, ``fewer`` or ``more``; ``if_zh`` and ``if_en`` say the step alone, ``zh`` and ``en`` what it brings.
    """

    row: str
    family: str
    step: str
    worth: float
    if_zh: str
    if_en: str

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return f"{self.if_zh}，目标值约降 {self.worth:.3f}"

    @property
    def en(self) -> str:
        """The sentence in English."""
        return f"{self.if_en}: J falls by about {self.worth:.3f}"


@dataclass(frozen=True, slots=True)
class Need:
    """Where one more teacher of an indicator would do most for the balance, and where least, within a stage."""

    stage: str
    indicator: str
    best: str
    worst: str
    worth: float
    zh: str
    en: str


def prices_of(multipliers: Mapping[str, float], names: Names) -> tuple[Price, ...]:
    """The prices of the rules, highest first; rows by name in a tie."""
    teller = _Teller(names)
    found = (teller.price(row, value) for row, value in multipliers.items() if abs(value) >= LEAST)
    return tuple(sorted((p for p in found if p is not None), key=lambda p: (-p.worth, p.row)))


def needs_of(problem: Problem, multipliers: Mapping[str, float], names: Names) -> tuple[Need, ...]:
    """For every stage and indicator with a weight, between which two schools one teacher more makes most difference."""
    needs = []
    for stage, weights in sorted(problem.policy.objective.indicator_weight.items()):
        units = [unit.id for unit in problem.schools if unit.stage == stage and unit.pupils > 0]
        for indicator in (name for name, weight in sorted(weights.items()) if weight):
            values = {unit: multipliers.get(f"count:{unit}:{indicator}", 0.0) for unit in units}
            if not values:
                continue
            best = min(units, key=lambda unit: (values[unit], unit))
            worst = max(units, key=lambda unit: (values[unit], unit))
            worth = values[worst] - values[best]
            if worth >= LEAST:
                zh, en = _need_words(names, indicator, best, worst, worth)
                needs.append(Need(stage, indicator, best, worst, worth, zh, en))
    return tuple(sorted(needs, key=lambda n: (-n.worth, n.stage, n.indicator)))


_KINDS = {
    "degree": ("高于规定学历教师", "teacher above the required degree"),
    "backbone": ("骨干教师", "backbone teacher"),
    "pe_art": ("体育、艺术教师", "PE or arts teacher"),
}


def _need_words(names: Names, indicator: str, best: str, worst: str, worth: float) -> tuple[str, str]:
    zh, en = _KINDS[indicator]
    there, elsewhere = names.school(best), names.school(worst)
    said = f"one more {en} does most at {there}; the same person there and not at {elsewhere} lowers J by about "
    return (
        f"多一名{zh}，放在{there}最有用；同一人由{elsewhere}换到那里，目标值约降 {worth:.3f}",
        f"{said}{worth:.3f}",
    )


class _Teller:
    def __init__(self, names: Names) -> None:
        self.names = names

    def price(self, row: str, value: float) -> Price | None:
        """The price of one row, ``None`` for rows that are no rule of the county's or tell who is married."""
        family, _, member = row.partition(":")
        step = "fewer" if value > 0 else "more"
        said = self._said(family, member, step)
        if said is None:
            return None
        return Price(row, family, step, abs(value), *said)

    def _said(self, family: str, member: str, step: str) -> tuple[str, str] | None:
        fewer = step == "fewer"
        if family == "quota":
            _, _, who = member.partition(":")
            zh, en = self.names.member(who)
            return (
                f"{zh}（名额）{'少派' if fewer else '多派'} 1 人",
                f"{'one fewer' if fewer else 'one more'} from {en} (quota)",
            )
        if family in ("outflow", "refill"):
            return self._slot(family, member, fewer=fewer)
        school = self.names.school(member)
        return {
            "total": (f"{school}增加 1 个编制", f"one more post at {school}"),
            "direction": (
                "流向比例少要求 1 人",
                "the share in the required direction asks for one person fewer",
            ),
            "backbone": ("骨干教师比例少要求 1 人", "the share of backbone teachers asks for one person fewer"),
        }.get(family)

    def _slot(self, family: str, member: str, *, fewer: bool) -> tuple[str, str]:
        zh, en = self.names.slot(member)
        if family == "outflow":
            return f"{zh}每年多允许调出 1 人", f"one more may leave {en} in a year"
        if fewer:
            return f"{zh}允许再少 1 人", f"{en} may have one teacher fewer"
        return f"{zh}允许再多 1 人", f"{en} may have one teacher more"
