"""Teachers who have not reported for duty: since when, and what the year's pack says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from junheng.policy import Pack, ask
from junheng.web.rotation.models import CautionKind, RotationYear

QUESTION, FACT = "refusal", "days_absent"
PAPERS: dict[str, CautionKind] = {"tier1": CautionKind.ADMONITION, "tier2": CautionKind.TERMINATION}
"""The paper that follows from each answer of the question."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """Whole days since the day by which the teacher had to report, and the pack's answer to them."""

    days: int
    verdict: str = ""
    clause: str = ""
    because: str = ""

    @property
    def paper(self) -> CautionKind | None:
        """The paper that the pack asks for."""
        return PAPERS.get(self.verdict)

    @property
    def tone(self) -> str:
        """How urgent it is: a day late, or as late as a paper asks for."""
        if self.paper is not None:
            return "red"
        return "orange" if self.days >= 1 else "secondary"


def asks_for_days(pack: Pack) -> bool:
    """Whether the pack says what follows from days of absence."""
    rule = pack.rules.get(QUESTION)
    return rule is not None and FACT in rule.model_dump_json()


def lateness(pack: Pack, year: RotationYear, report_by: date, on: date) -> Lateness:
    """How late somebody is on a day who had to report by another; the pack is asked with the year's parameters."""
    return latenesses(pack, year, [report_by], on)[0]


def latenesses(pack: Pack, year: RotationYear, due: list[date], on: date) -> list[Lateness]:
    """The same for many, asked at once."""
    days = [max(0, (on - each).days) for each in due]
    if not asks_for_days(pack) or not days:
        return [Lateness(each) for each in days]
    lang = "en" if get_language() == "en" else "zh"
    cases: list[Any] = [
        {"id": str(place), "pack": pack.code, "facts": {"query": QUESTION, FACT: each}}
        for place, each in enumerate(days)
    ]  # fmt: skip
    answers = ask(cases, {pack.code: pack}, lang=lang, parameters=year.parameters)
    return [
        Lateness(each, answer.get("verdict", ""), answer.get("clause", ""), answer.get("because", ""))
        for each, answer in zip(days, answers, strict=True)
    ]
