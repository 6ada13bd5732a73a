"""Supervisory exchange (督促性交流): which schools are closed to somebody who is to improve elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from junheng.facts import Strength
from junheng.planning.problem import TO_IMPROVE, Pin, SchoolUnit

WITHOUT = (
    "其中没有不比原校薄弱的学校可去的，安排到同学段现有最强的学校",
    "of them those with none but weaker schools to go to: to the strongest there is of the stage",
)


def closed_to(
    teacher: str, own: str, units: Iterable[SchoolUnit], clause: str = ""
) -> tuple[list[Pin], list[tuple[str, str]]]:
    """Under-resourced schools and those weaker than the own unit, and what to note of it in both languages.

    Where every other school of the stage is weaker, the strongest of them are open.
    """
    known = {unit.id: unit for unit in units}
    stage, wanted = known[own].stage, max(_rank(known[own]), Strength.ORDINARY.rank)
    others = {name: _rank(unit) for name, unit in known.items() if unit.stage == stage and name != own}
    least = min(wanted, max(others.values(), default=wanted))
    pins = [Pin(teacher, "forbid", name, reason=TO_IMPROVE) for name, rank in others.items() if rank < least]
    return pins, [_words(clause), *([WITHOUT] if least < wanted else [])]


def _rank(unit: SchoolUnit) -> int:
    return Strength.read(unit.strength).rank


def _words(clause: str) -> tuple[str, str]:
    zh = "督促性交流的教师只安排到不比原校薄弱、也不属薄弱学校的学校"
    en = "teachers on supervisory exchange: sent to no under-resourced school and to none weaker than their own"
    return (f"{zh}（{clause}）", f"{en} ({clause})") if clause else (zh, en)
