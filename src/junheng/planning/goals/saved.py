"""A frontier as data, and one of its plans read back: only for the very problem that it was computed for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from junheng.planning.goals.frontier import Frontier, FrontierPoint
from junheng.planning.goals.measures import Measures
from junheng.planning.problem import Assignment, Objective, Problem
from junheng.planning.proof import digest_of

FORM = 1
"""Version of the form of the data."""


class ChoiceError(ValueError):
    """A saved frontier from which the plan asked for cannot be taken; ``zh`` and ``en`` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan that a clerk chose: the weights under which it is best, its moves, and by number what each of the plans
    that it was chosen among comes to.
    """

    number: int
    objective: Objective
    assignments: tuple[Assignment, ...]
    among: dict[int, Measures]


def document(frontier: Frontier, problem: Problem) -> dict[str, Any]:
    """The frontier as data. It names teachers by their numbers: it is for the bureau, not for publication."""
    return {
        "form": FORM,
        "problem": digest_of(problem),
        "toward": frontier.toward,
        "allowance": frontier.allowance,
        "dropped": frontier.dropped,
        "points": [_point(point) for point in frontier.points],
    }


def _point(point: FrontierPoint) -> dict[str, Any]:
    plain = {f.name: getattr(point, f.name) for f in fields(point)}
    return plain | {
        "objective": asdict(point.objective),
        "measures": asdict(point.measures),
        "assignments": [[a.teacher_id, a.to_school, a.as_subject] for a in point.assignments],
    }


def choice(data: Any, number: int, problem: Problem) -> Choice:
    """One plan of a saved frontier. Raises :class:`ChoiceError` where it is not of this problem or not there."""
    if not isinstance(data, Mapping) or data.get("form") != FORM or not isinstance(data.get("points"), list):
        raise ChoiceError(
            "这不是 junheng frontier 写出的 frontier.json", "this is no frontier.json of junheng frontier"
        )
    if data.get("problem") != digest_of(problem):
        raise ChoiceError(
            "它是用别的数据、政策包或参数算出的，请用同样的工作簿和选项，或重新运行 junheng frontier",
            "it was computed from other data, another pack or other parameters; use the same workbook and options, "
            "or run junheng frontier again",
        )
    try:
        points = {int(point["number"]): point for point in data["points"]}
        if number not in points:
            listed = "、".join(str(each) for each in sorted(points))
            raise ChoiceError(
                f"没有第 {number} 号方案；可选 {listed}",
                f"there is no plan {number}; choose among {listed.replace('、', ', ')}",
            )
        return _read(points[number], number, {each: _measures(points[each]) for each in sorted(points)})
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, ChoiceError):
            raise
        raise ChoiceError(f"内容不完整：{fault}", f"its contents are incomplete: {fault}") from fault


def _measures(point: Mapping[str, Any]) -> Measures:
    stored = dict(point["measures"])
    return Measures(**(stored | {"wishes_met": tuple(int(each) for each in stored["wishes_met"])}))


def _read(point: Mapping[str, Any], number: int, among: dict[int, Measures]) -> Choice:
    stored = dict(point["objective"])
    stored["pref_points"] = tuple(float(each) for each in stored["pref_points"])
    moves = tuple(Assignment(*(str(part) for part in row)) for row in point["assignments"])
    return Choice(number, Objective(**stored), moves, among)
