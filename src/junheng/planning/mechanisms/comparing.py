"""The same data under the optimiser alone, each mechanism alone, and each mechanism with the optimiser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from junheng.planning.checking import Report, check
from junheng.planning.checking.persons import kilometres
from junheng.planning.mechanisms.catalogue import MECHANISMS, OFFERED, Mechanism
from junheng.planning.mechanisms.joining import Joined, Solve, join_round
from junheng.planning.mechanisms.judging import Judge, Judgement
from junheng.planning.mechanisms.ordering import Order
from junheng.planning.mechanisms.voluntary import VoluntaryRound, voluntary_round
from junheng.planning.problem import Assignment, Problem
from junheng.planning.result import Result
from junheng.planning.solving import solve

Part = Literal["today", "optimiser", "mechanism", "both", "rewarded"]


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One way of making the year's moves, and what it comes to.

    ``part``: ``both`` fixes the exchanges and lets the optimiser fill the rest, ``rewarded`` only favours them.

    ``exchanged``: moves made by the mechanism. ``first`` and ``any``: movers who got their first or some wish;
    ``against``: movers who stated wishes and got none. ``envious`` and ``cases``: applicants with justified envy and
    their cases; ``cases_admitted`` counts those of applicants to whom leave was granted (``None`` without mechanism).
    ``worse``: school units farther from their fair share than before. ``imbalance``: after ÷ before; ``coefficients``
    after, by (stage, indicator); ``objective``: J; ``extra_km``: mean change of the one-way commute of movers.
    ``released``: exchanges that gave way to the rules. ``rules_broken``: rules that the moves alone do not keep.
    """

    part: Part
    mechanism: Mechanism | None
    moves: int
    exchanged: int
    first: int
    any: int
    against: int
    envious: int
    cases: int
    cases_admitted: int | None
    worse: int
    imbalance: float
    coefficients: Mapping[tuple[str, str], float]
    objective: float
    extra_km: float
    released: int
    rules_broken: Mapping[str, int]
    judgement: Judgement

    @property
    def voluntary_share(self) -> float:
        """Movers who go to a school that they wished for, as a share of all movers."""
        return self.any / self.moves if self.moves else 0.0


@dataclass(frozen=True, slots=True)
class TradeOffs:
    """All ways on one problem; ``applicants`` stated a wish that the rules leave open."""

    problem: Problem
    order: Order
    applicants: int
    rows: tuple[TradeOff, ...]


def trade_offs(
    problem: Problem,
    order: Order | None = None,
    solve_with: Solve | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TradeOffs:
    """Compare all ways of making the year's moves.

    Raises as :func:`~junheng.planning.mechanisms.joining.join`.
    """
    comparison = _Comparison(problem, order or Order())
    solved = solve_with or (lambda given, keep, worth: solve(given, keep=keep, keep_bonus=worth))
    steps = len(OFFERED) + 2
    rows = [comparison.row("today", ()), comparison.optimised(solved(problem, (), 0.0))]
    rounds = [voluntary_round(problem, code, comparison.order) for code in MECHANISMS]
    rows += [comparison.row("mechanism", made.moves, made) for made in rounds]
    for number, made in enumerate((each for each in rounds if each.mechanism.code in OFFERED), start=1):
        if progress:
            progress(number, steps)
        rows.append(comparison.joined("both", join_round(problem, made, "fix", solved)))
    rows.append(comparison.joined("rewarded", join_round(problem, rounds[0], "reward", solved)))
    if progress:
        progress(steps, steps)
    return TradeOffs(problem, comparison.order, len(comparison.judge.applications.applicants), tuple(rows))


class _Comparison:
    def __init__(self, problem: Problem, order: Order) -> None:
        self.problem, self.order = problem, order
        self.judge = Judge(problem, order)
        self.schools = {school.id: school for school in problem.schools}
        self.teachers = {teacher.id: teacher for teacher in problem.teachers}

    def optimised(self, result: Result) -> TradeOff:
        """The optimiser alone."""
        return self.row("optimiser", result.assignments)

    def joined(self, part: Part, made: Joined) -> TradeOff:
        """A mechanism and the optimiser."""
        return self.row(part, made.result.assignments, made.round, len(made.kept), len(made.released))

    def row(
        self,
        part: Part,
        moves: Sequence[Assignment],
        made: VoluntaryRound | None = None,
        exchanged: int | None = None,
        released: int = 0,
    ) -> TradeOff:
        """One way, judged by the independent checker and by the order of priority."""
        report, judged = check(self.problem, moves), self.judge.judge(moves)
        figures = report.figures
        km = [self._extra_km(move) for move in moves]
        return TradeOff(
            part=part,
            mechanism=made.mechanism if made else None,
            moves=figures.movers,
            exchanged=(len(moves) if exchanged is None else exchanged) if made else 0,
            first=figures.wishes_met[0] if figures.wishes_met else 0,
            any=sum(figures.wishes_met),
            against=len(judged.against),
            envious=len(judged.envious),
            cases=len(judged.envy),
            cases_admitted=len(judged.among(made.admitted)) if made else None,
            worse=len(judged.worse),
            imbalance=figures.imbalance_after / figures.imbalance_before if figures.imbalance_before else 1.0,
            coefficients={(line.stage, line.indicator): line.cv_after for line in figures.stages},
            objective=figures.objective,
            extra_km=sum(km) / len(km) if km else 0.0,
            released=released,
            rules_broken=_broken(report),
            judgement=judged,
        )

    def _extra_km(self, move: Assignment) -> float:
        teacher = self.teachers[move.teacher_id]
        there, here = self.schools[move.to_school], self.schools[teacher.school_id]
        return kilometres(teacher, there) - kilometres(teacher, here)


def _broken(report: Report) -> dict[str, int]:
    counts: dict[str, int] = {}
    for violation in report.violations:
        counts[violation.rule] = counts.get(violation.rule, 0) + 1
    return dict(sorted(counts.items()))
