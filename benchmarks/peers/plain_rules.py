"""The largest eligibility rule (pack DXQ) as a programmer would write it by hand: one teacher after another.

It knows complete records only: no missing facts, no reasons. The answers are ``(verdict, clauses)``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks import teachers as made
from benchmarks.timing import measure, report

ON = date(made.PLAN_YEAR, *made.REFERENCE_DAY)

Answer = tuple[str, list[str]]

EXCUSED: Answer = ("excluded", ["R-064"])
SANCTIONED: Answer = ("excluded", ["R-065"])
ILL: Answer = ("excluded", ["R-066"])
SUPPORT: Answer = ("may_exchange", ["R-529"])
PRINCIPAL: Answer = ("not_in_scope", ["R-063"])
CADRE: Answer = ("in_scope", ["R-063", "R-528"])
POOL: Answer = ("mandatory", ["R-068"])
OTHERS: Answer = ("in_scope", ["R-063"])
ANSWERS = (EXCUSED, SANCTIONED, ILL, SUPPORT, PRINCIPAL, CADRE, POOL, OTHERS)
"""Every answer, in the order of the rule's branches."""

BOUNDARY, AMBIGUOUS = 1, 2


@dataclass(slots=True)
class Teacher:
    """What the rule asks about a teacher; ``None`` where nothing is stated."""

    sex: str
    birth: date
    joined: date
    role: str
    pregnant: bool | None
    lactating: bool | None
    under_sanction: bool | None
    health: str | None
    reason: str | None
    override_by: str | None
    override_ground: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the text, and how its open words are read."""

    men: int = 50
    women: int = 45
    limit_passes: bool = True
    years: int = 6
    counting: str = "inclusive"
    cadres_in_pool: bool = False


RULES = Rules()
READINGS = (
    (BOUNDARY, replace(RULES, counting="anniversary")),
    (BOUNDARY, replace(RULES, counting="school_year")),
    (BOUNDARY, replace(RULES, limit_passes=False)),
    (AMBIGUOUS, replace(RULES, cadres_in_pool=True)),
)
"""The other permitted readings, each with the flag that it raises where the verdict would change."""


def judge(teacher: Teacher, rules: Rules = RULES) -> Answer:  # noqa: PLR0911 - the first branch that holds answers
    """The verdict on a teacher, and the clauses that give it."""
    overruled = teacher.override_by is not None and teacher.override_ground is not None
    if (teacher.pregnant or teacher.lactating) and not overruled:
        return EXCUSED
    if teacher.under_sanction and not overruled:
        return SANCTIONED
    if (teacher.health is not None or teacher.reason is not None) and not overruled:
        return ILL
    if teacher.role == "support_staff":
        return SUPPORT
    if teacher.role == "principal":
        return PRINCIPAL
    if not rules.cadres_in_pool and teacher.role in ("vice_principal", "mid_level_cadre", "dean"):
        return CADRE
    limit = rules.men if teacher.sex == "M" else rules.women
    age = anniversaries(teacher.birth, ON)
    young = age <= limit if rules.limit_passes else age < limit
    if young and years_at_school(teacher.joined, ON, rules.counting) >= rules.years:
        return POOL
    return OTHERS


def anniversaries(since: date, on: date) -> int:
    """Completed years; who was born on 29 February completes them on 1 March in common years."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def years_at_school(joined: date, on: date, counting: str) -> int:
    """Years at the school: both days counted, by the anniversary, or school years served."""
    if counting == "anniversary":
        return anniversaries(joined, on)
    if counting == "school_year":
        first = joined.year + ((joined.month, joined.day) > (9, 15))
        last = on.year - ((on.month, on.day) < (6, 30))
        return max(0, last - first)
    after = on + timedelta(days=1)
    months = (after.year - joined.year) * 12 + after.month - joined.month - (after.day < joined.day)
    return months // 12


def flags(teacher: Teacher, verdict: str) -> int:
    """Which flags a verdict carries: :data:`BOUNDARY`, :data:`AMBIGUOUS`, both or none."""
    raised = 0
    for flag, rules in READINGS:
        if judge(teacher, rules)[0] != verdict:
            raised |= flag
    return raised


def records(columns: made.Columns) -> list[Teacher]:
    """The teachers as objects."""

    def words(name: str, among: Sequence[object]) -> Iterable[object]:
        return (among[place] if place >= 0 else None for place in columns[name].tolist())

    yes_no = (False, True)
    return [
        Teacher(*row)  # type: ignore[arg-type]
        for row in zip(
            words("sex", made.SEXES),
            columns["birth"].tolist(),
            columns["joined"].tolist(),
            words("role", made.ROLES),
            words("pregnant", yes_no),
            words("lactating", yes_no),
            words("under_sanction", yes_no),
            words("health", made.HEALTH),
            words("reason", made.REASONS),
            words("override_by", made.AUTHORITIES),
            words("override_ground", made.GROUNDS),
            strict=True,
        )
    ]


def main() -> None:
    """Judge the teachers of a file, write the answers, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--flags", action="store_true", help="under every permitted reading")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    def work(people: list[Teacher]) -> tuple[list[Answer], list[int]]:
        verdicts = [judge(each) for each in people]
        if not options.flags:
            return verdicts, []
        return verdicts, [flags(each, verdict) for each, (verdict, _) in zip(people, verdicts, strict=True)]

    (verdicts, raised), figures = measure(lambda: records(made.load(options.facts)), work, options.repeats)
    place = {id(answer): i for i, answer in enumerate(ANSWERS)}
    np.savez(
        options.answers,
        answer=np.array([place[id(each)] for each in verdicts], np.int8),
        flags=np.array(raised, np.int8),
    )
    report(figures, "numpy")


if __name__ == "__main__":
    main()
