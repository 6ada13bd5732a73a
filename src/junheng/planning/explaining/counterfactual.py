"""What would have happened: one fact of one teacher changed, everything else as it is, planned again by the same rules.

The answer is a whole plan, checked like any other, and not an estimate: the same problem and the same settings give the
same plan, so the two runs differ by the changed fact alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from junheng.planning.checking import check
from junheng.planning.explaining.giving import giving
from junheng.planning.explaining.words import Names
from junheng.planning.keeping import KeptMove, against, changed
from junheng.planning.problem import Assignment, Candidate, Pin, Problem
from junheng.planning.result import Result
from junheng.planning.solving import solve

Kind = Literal["first", "to", "stay", "commute"]


@dataclass(frozen=True, slots=True)
class Question:
    """One changed fact: ``first`` puts ``school_id`` first among the wishes, ``to`` sends the teacher there, ``stay``
    keeps him in place, ``commute`` sets the limit that he states to ``km``.
    """

    teacher_id: str
    kind: Kind
    school_id: str = ""
    km: float = 0.0


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The answer: the plan under the changed fact (``None`` where none keeps every rule), the teacher's move in both
    plans, by how much J changes (computed with the facts as they are, so that the two compare), and whose move changes.
    """

    question: Question
    result: Result | None
    before: Assignment | None
    after: Assignment | None
    change: float
    others: tuple[KeptMove, ...]
    zh: str
    en: str


def ask(
    problem: Problem, result: Result, question: Question, names: Names, *, gap: float = 5e-4, processes: int = 1
) -> Counterfactual:
    """Plans again with one fact changed and compares with ``result``, the plan of ``problem``.

    Raises ``ValueError`` for a teacher or school that the problem does not have, a wish for a school of another stage,
    or a limit below 0.
    """
    other = changed_problem(problem, question)
    found = solve(other, gap=gap, processes=processes)
    before = _move_of(result, question.teacher_id)
    if not found.feasible:
        why = giving(other, found, check(other, found.assignments), names)
        zh, en = ("；".join(w.zh for w in why[:3]), "; ".join(w.en for w in why[:3]))
        return Counterfactual(
            question, None, before, None, 0.0, (), f"这样就没有可行的方案：{zh}。", f"There is then no plan: {en}."
        )
    after = _move_of(found, question.teacher_id)
    change = check(problem, found.assignments).figures.objective - result.objective
    moved = tuple(
        move
        for move in changed(against(result.assignments, found.assignments))
        if move.teacher_id != question.teacher_id
    )
    zh, en = _words(question, before, after, names)
    zh += f"；按现有事实计目标值变化 {change:+.3f}，另有 {len(moved)} 人的安排随之变动。"
    en += f"; J by the facts as they are changes by {change:+.3f}, {len(moved)} others are placed otherwise."
    return Counterfactual(question, found, before, after, change, moved, zh, en)


def changed_problem(problem: Problem, question: Question) -> Problem:
    """The problem with the one fact changed."""
    teacher = next((t for t in problem.teachers if t.id == question.teacher_id), None)
    if teacher is None:
        raise ValueError(f"teacher {question.teacher_id} is not in the problem")
    if question.kind in ("first", "to"):
        unit = next((s for s in problem.schools if s.id == question.school_id), None)
        if unit is None or unit.stage != teacher.stage:
            raise ValueError(f"{question.school_id} is no {teacher.stage} school of the problem")
    if question.kind == "first":
        rest = tuple(wish for wish in teacher.preferences if wish != question.school_id)
        return _with(problem, replace(teacher, preferences=(question.school_id, *rest)))
    if question.kind == "commute":
        if question.km < 0:
            raise ValueError("a commute limit must not be negative")
        return _with(problem, replace(teacher, commute_limit_km=question.km))
    pins = tuple(pin for pin in problem.pins if pin.teacher_id != teacher.id or pin.kind == "forbid")
    pin = Pin(teacher.id, "pin", question.school_id) if question.kind == "to" else Pin(teacher.id, "stay")
    changed_teacher = replace(teacher, verdict="may" if question.kind == "stay" and teacher.verdict == "must" else
                              teacher.verdict)  # fmt: skip
    return replace(_with(problem, changed_teacher), pins=(*pins, pin))


def _with(problem: Problem, teacher: Candidate) -> Problem:
    return replace(problem, teachers=tuple(teacher if t.id == teacher.id else t for t in problem.teachers))


def _move_of(result: Result, teacher_id: str) -> Assignment | None:
    return next((a for a in result.assignments if a.teacher_id == teacher_id), None)


def _words(
    question: Question,
    before: Assignment | None,
    after: Assignment | None,
    names: Names,
) -> tuple[str, str]:
    school = names.school(question.school_id)
    if_zh, if_en = {
        "first": (f"如果第一志愿填{school}", f"Had {school} been the first wish"),
        "to": (f"如果指定去{school}", f"Were {school} decided on"),
        "stay": ("如果留任", "Were the teacher kept in place"),
        "commute": (f"如果通勤上限为 {question.km:g} 公里", f"Were the commute limit {question.km:g} km"),
    }[question.kind]
    if _place(before) == _place(after):
        then_zh, then_en = "结果不变", "the outcome would be the same"
        if after is not None:
            then_zh += f"，仍去{names.school(after.to_school)}"
            then_en += f", {names.school(after.to_school)}"
    elif after is None:
        then_zh, then_en = "将留任，不安排交流", "the teacher would stay"
    else:
        subject = names.subject(after.as_subject), names.subject(after.as_subject, "en")
        then_zh = f"将去{names.school(after.to_school)}任教{subject[0]}"
        then_en = f"the teacher would go to {names.school(after.to_school)} to teach {subject[1]}"
    return f"{if_zh}，{then_zh}", f"{if_en}, {then_en}"


def _place(move: Assignment | None) -> tuple[str, str] | None:
    return (move.to_school, move.as_subject) if move else None
