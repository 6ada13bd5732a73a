"""Goals in an order: each is made as good as it can be, and the later ones may give up no more than its tolerance.

The order becomes weights of the one number J. The first goal weighs 100; every later one gets the greatest weight under
which the goals before it keep their tolerances, found by halving on warm solves. So an order ends as one weighted
objective like any other: it goes into ``policy.json`` and the bundle, and its certificate proves its bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from junheng.planning.goals.frontier import NoFrontierError
from junheng.planning.goals.measures import Measures, measured
from junheng.planning.problem import Assignment, Objective, Problem
from junheng.planning.result import Result
from junheng.planning.solving.series import Series

GOALS = ("balance", "standard", "wishes", "commute", "extra")
"""Evenness; schools at the standard; wishes and pairing; commute; moves beyond the quotas."""
TOLERANCE = 0.01
"""What later goals may give up where the order says nothing."""
LEAST_TOLERANCE = 1e-3
"""A tolerance of nought is read as this: the solver's own gap is not far below it."""
FIRST, SLIGHT, GREATEST = 100.0, 0.01, 1000.0
"""Weight of the first goal, of goals whose turn has not come, and the greatest that a later goal may get."""
HALVINGS = 5
CLOSE = 1e-3


class OrderError(ValueError):
    """An order that cannot be read; ``zh`` and ``en`` say what was found and what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Level:
    """A goal in its place, and the share of what it attains that later goals may give up."""

    goal: str
    tolerance: float = TOLERANCE


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """What became of a goal: the ``best`` when its turn came, what the plan ``reached``, and what it gave up of that.

    ``best`` and ``reached`` are costs, smaller is better, as :func:`cost` gives them. ``proven`` is by how much at most
    another plan could be better by this goal in its turn without being worse by the others.
    """

    level: Level
    weight: float
    best: float
    reached: float
    given_up: float
    proven: float


@dataclass(frozen=True, slots=True)
class Ordered:
    """The weights that an order comes to, their plan, and each goal's outcome."""

    objective: Objective
    result: Result
    measures: Measures
    outcomes: tuple[LevelOutcome, ...]
    solves: int

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The plan's moves."""
        return self.result.assignments


def read_order(text: str) -> tuple[Level, ...]:
    """An order such as ``standard,balance:2%,wishes``. Raises :class:`OrderError`."""
    levels: list[Level] = []
    for word in text.replace("，", ",").split(","):
        goal, colon, share = word.strip().replace("：", ":").partition(":")
        if goal not in GOALS or goal in {level.goal for level in levels}:
            raise OrderError(
                f"“{goal}”不能用或重复，目标只有 {'、'.join(GOALS)}",
                f"'{goal}' is unknown or repeated; goals are {', '.join(GOALS)}",
            )
        levels.append(Level(goal, _share(share) if colon else TOLERANCE))
    return tuple(levels)


def _share(text: str) -> float:
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = math.nan
    if not text.strip().endswith("%") or not 0 <= share <= 1:
        raise OrderError(f"容许让出“{text}”应写成 0% 到 100%", f"the tolerance '{text}' should be 0% to 100%")
    return share


def cost(goal: str, measures: Measures) -> float:
    """A plan by one goal, smaller is better: I, S after ÷ before; points ÷ (100 M); moves beyond M ÷ M."""
    per = max(1, measures.asked)
    return {
        "balance": measures.balance,
        "standard": measures.short,
        "wishes": -measures.wishes / (100 * per),
        "commute": measures.commute / (100 * per),
        "extra": max(0, measures.moves - measures.asked) / per,
    }[goal]


def attainable(goal: str, best: float) -> float:
    """What a tolerance is a share of: the improvement on today; the points won or lost; for extra moves, M."""
    improved = max(0.01, 1.0 - best)  # a later goal may leave an indicator worse than it is today
    return {"balance": improved, "standard": improved, "extra": 1.0}.get(goal, abs(best))


def objective_of(own: Objective, weights: Mapping[str, float]) -> Objective:
    """The policy's objective with these weights of the goals; wishes and commute in the policy's own points."""
    commute = weights["commute"]
    scale = weights["wishes"] / commute
    return replace(
        own,
        pref_points=tuple(scale * each for each in own.pref_points),
        pref_missed=scale * own.pref_missed,
        paired_bonus=scale * own.paired_bonus,
        w_imbalance=weights["balance"],
        w_service=commute,
        w_extra=weights["extra"],
        w_standard=weights["standard"],
    )


def ordered(problem: Problem, levels: tuple[Level, ...], progress: Callable[[int, int], None] | None = None) -> Ordered:
    """The plan that an order of goals asks for. Raises :class:`NoFrontierError` where no plan keeps every rule."""
    return _Search(problem, levels, progress or (lambda done, all_: None)).run()


class _Search:
    def __init__(self, problem: Problem, levels: tuple[Level, ...], progress: Callable[[int, int], None]) -> None:
        self.problem = problem
        self.levels = levels
        self.progress = progress
        self.series = Series(problem)
        self.weights = dict.fromkeys(GOALS, SLIGHT)
        if "extra" not in {level.goal for level in levels}:
            self.weights["extra"] = problem.policy.objective.w_extra
        self.allowed: dict[str, float] = {}
        self.best: dict[str, float] = {}
        self.proven: dict[str, float] = {}
        self.solves = 0
        self.last: Measures | None = None

    def run(self) -> Ordered:
        """Each goal in its turn."""
        self.weights[self.levels[0].goal] = FIRST
        plan = self._solve(self.weights)
        self._settle(self.levels[0], plan)
        for level in self.levels[1:]:
            plan = self._turn(level, plan)
            self._settle(level, plan)
        return self._answer(plan)

    def _solve(self, weights: Mapping[str, float]) -> tuple[Objective, Result, Measures]:
        objective = objective_of(self.problem.policy.objective, weights)
        result = self.series.solve(objective, self._gap(weights))
        if not result.feasible:
            raise NoFrontierError(result)
        self.solves += 1
        self.last = measured(self.problem, result.assignments)[0]
        self.progress(self.solves, 1 + HALVINGS * (len(self.levels) - 1))
        return objective, result, self.last

    def _gap(self, weights: Mapping[str, float]) -> float:
        """A share of what the weights gain, relative to J as it may come out: J itself may be near nought."""
        if self.last is None:
            return CLOSE
        costs = {goal: cost(goal, self.last) for goal in GOALS}
        value = sum(weights[goal] * costs[goal] for goal in GOALS)
        gain = sum(weights[goal] * attainable(goal, costs[goal]) for goal in GOALS if goal != "extra")
        return CLOSE * max(gain, 0.1 * max(weights.values())) / max(1.0, abs(value))

    def _turn(self, level: Level, plan: tuple[Objective, Result, Measures]) -> tuple[Objective, Result, Measures]:
        """The greatest weight of a goal with which those before it keep their tolerances, and its plan."""
        low, high = self.weights[level.goal], GREATEST
        for _ in range(HALVINGS):
            middle = math.sqrt(low * high)
            tried = self._solve(self.weights | {level.goal: middle})
            if all(cost(goal, tried[2]) <= most + 1e-12 for goal, most in self.allowed.items()):
                low = middle
                if cost(level.goal, tried[2]) <= cost(level.goal, plan[2]):
                    plan = tried
                    self.weights[level.goal] = middle
            else:
                high = middle
        return plan

    def _settle(self, level: Level, plan: tuple[Objective, Result, Measures]) -> None:
        best = cost(level.goal, plan[2])
        self.best[level.goal] = best
        self.allowed[level.goal] = best + max(level.tolerance, LEAST_TOLERANCE) * attainable(level.goal, best)
        self.proven[level.goal] = max(0.0, plan[1].objective - plan[1].bound) / self.weights[level.goal]

    def _answer(self, plan: tuple[Objective, Result, Measures]) -> Ordered:
        objective, result, measures = plan
        outcomes = []
        for level in self.levels:
            best, reached = self.best[level.goal], cost(level.goal, measures)
            part = (reached - best) / max(1e-12, attainable(level.goal, best))
            outcomes.append(
                LevelOutcome(level, self.weights[level.goal], best, reached, max(0.0, part), self.proven[level.goal])
            )
        return Ordered(objective, result, measures, tuple(outcomes), self.solves)
