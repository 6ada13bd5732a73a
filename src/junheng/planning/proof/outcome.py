"""How a verification went: steps, findings, and the sentences for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "failed", "partly", "withheld"]
NAMES = {
    1: ("格式", "form"),
    2: ("摘要与默克尔根", "hashes and Merkle root"),
    3: ("政策与事先承诺", "policy hash and commitment"),
    4: ("硬约束", "hard constraints"),
    5: ("名额", "quotas"),
    6: ("差异系数", "coefficients"),
    7: ("目标值", "objective"),
    8: ("下界证明", "proof of the bound"),
    9: ("认定与名单一致", "verdicts agree with the movers"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what was found, what was expected."""

    where: str
    found: str
    expected: str

    def message(self, lang: str = "zh") -> str:
        """The finding as a sentence."""
        if lang == "zh":
            return f"{self.where}：发现 {self.found}，应为 {self.expected}。"
        return f"{self.where}: found {self.found}, expected {self.expected}."


@dataclass(frozen=True, slots=True)
class Step:
    """One step and how it went; ``findings`` is empty unless it failed."""

    number: int
    outcome: Outcome
    findings: tuple[Finding, ...] = ()

    def name(self, lang: str = "zh") -> str:
        """Name of the step."""
        return NAMES[self.number][0 if lang == "zh" else 1]


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a verification.

    ``root`` is the Merkle root of what is in the folder: compare it with the published one, or pass that in. ``gap`` is
    J less the proven bound, as a share of J (of 1 where J is smaller): the plan is at most that far from the best.
    """

    steps: tuple[Step, ...]
    root: str
    objective: float | None = None
    bound: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether no step failed."""
        return all(step.outcome != "failed" for step in self.steps)

    @property
    def complete(self) -> bool:
        """Whether every step could be tried and none failed."""
        return all(step.outcome == "ok" for step in self.steps)

    @property
    def gap(self) -> float | None:
        """(J − bound) / max(1, |J|); ``None`` where either is not known."""
        if self.objective is None or self.bound is None:
            return None
        return (self.objective - self.bound) / max(1.0, abs(self.objective))

    def lines(self, lang: str = "zh") -> list[str]:
        """The steps and findings as text, one line each, and the root at the end."""
        words = {
            "ok": ("通过", "ok"),
            "failed": ("不通过", "FAILED"),
            "partly": ("公开部分通过", "ok as far as it is public"),
            "withheld": ("未公开，未核", "withheld, not tried"),
        }
        at = 0 if lang == "zh" else 1
        text = []
        for step in self.steps:
            text.append(f"{step.number} {step.name(lang)}: {words[step.outcome][at]}")
            text += [f"    {finding.message(lang)}" for finding in step.findings]
        return [*text, f"{('默克尔根', 'Merkle root')[at]}: {self.root}"]
