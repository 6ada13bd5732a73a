"""A reason for every teacher whom the policy lets move: where he goes and not to each wish, or why he stays.

Every sentence rests on a figure that the checker also computes: a rule that would break, or by how much the single
number J would change were this one move made otherwise and the rest left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from junheng.planning.explaining.standing import Obstacle, Standing
from junheng.planning.explaining.words import Names, names_of, obstacle_words, refusal_words
from junheng.planning.problem import Assignment, Problem
from junheng.planning.solving.admissible import Refusals, open_slots, taught_slots

Outcome = Literal["moves", "stays", "unplaced"]


@dataclass(frozen=True, slots=True)
class WishAnswer:
    """What became of one wish. ``codes`` are reason codes of admissibility or names of rules; empty when it was met."""

    rank: int
    school_id: str
    met: bool
    codes: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a teacher moves (``moves``), may but stays (``stays``), or must and could not be placed (``unplaced``).

    ``balance_gain`` is how much J falls through balance because of this one move, 0 for those who stay.
    """

    teacher_id: str
    outcome: Outcome
    to_school: str
    as_subject: str
    wish_met: int
    extra_km: float
    balance_gain: float
    zh: str
    en: str
    wishes: tuple[WishAnswer, ...]


def reasons_of(problem: Problem, assignments: Sequence[Assignment], names: Names | None = None) -> tuple[Reason, ...]:
    """Reasons for every teacher whose verdict is must or may, in the order of their ids."""
    told = _Teller(problem, assignments, names or names_of(problem))
    return tuple(told.reason(index) for index, t in enumerate(problem.teachers) if t.verdict != "no")


class _Teller:
    def __init__(self, problem: Problem, assignments: Sequence[Assignment], names: Names) -> None:
        self.problem = problem
        self.standing = Standing(problem, assignments)
        self.names = names
        self.pinned = {pin.teacher_id for pin in problem.pins if pin.kind == "pin"}
        market = self.standing.market
        self.open, self.taught = open_slots(market), taught_slots(market)
        self.asking = [i for i, t in enumerate(problem.teachers) if t.preferences and t.verdict != "no"]
        refusals = Refusals(market, np.array(self.asking, dtype=np.int64))
        self.masks = [*refusals.school_masks(), ("spouse_must_move", refusals.spouse_mask())]
        self.row = {teacher: row for row, teacher in enumerate(self.asking)}

    def reason(self, index: int) -> Reason:
        """The reason of one teacher."""
        teacher = self.problem.teachers[index]
        wishes = tuple(self._wish(index, rank, school) for rank, school in enumerate(teacher.preferences, start=1))
        if index in self.standing.moves:
            return self._moving(index, wishes)
        unplaced = teacher.verdict == "must"
        zh, en = self._staying(index, unplaced)
        return Reason(teacher.id, "unplaced" if unplaced else "stays", "", "", 0, 0.0, 0.0, zh, en, wishes)

    def _moving(self, index: int, wishes: tuple[WishAnswer, ...]) -> Reason:
        teacher = self.problem.teachers[index]
        school, subject = self.standing.moves[index]
        to_school, as_subject = self.standing.market.school_ids[school], self.standing.market.subjects[subject]
        met = next((w.rank for w in wishes if w.met), 0)
        gain, km = self.standing.worth(index), self.standing.extra_km(index, school)
        zh, en = self.names.move(to_school, as_subject, km, gain, must=teacher.verdict == "must")
        if met:
            zh, en = f"{zh}第 {met} 志愿得到满足。", f"{en} Wish {met} is met."
        if teacher.id in self.pinned:
            zh, en = f"{zh}去向由经办人指定。", f"{en} The clerk named the school."
        for wish in wishes:
            if not wish.met and (not met or wish.rank < met):
                zh, en = zh + wish.zh, f"{en} {wish.en}"
        return Reason(teacher.id, "moves", to_school, as_subject, met, km, gain, zh, en, wishes)

    def _staying(self, index: int, unplaced: bool) -> tuple[str, str]:
        against = list(self.standing.leaving_obstacles(index))
        if against:
            words = [obstacle_words(each, self.names) for each in against]
            zh, en = ";".join(w[0] for w in words), "; ".join(w[1] for w in words)
        elif filled := self.standing.met_quotas(index):
            zh, en = self.names.filled(filled[0])
        else:
            zh = "在其余安排不变的情况下，再调动一人不能使全县更均衡"
            en = "with the rest unchanged, one more move would not make the county more even"
        if unplaced:
            return f"应当交流而未能安排：{zh}。", f"Must move but could not be placed: {en}."
        return f"可以交流，本次未安排：{zh}。", f"May move, not placed this time: {en}."

    def _wish(self, index: int, rank: int, school_id: str) -> WishAnswer:
        school = self.standing.school_at[school_id]
        if index in self.standing.moves and self.standing.moves[index][0] == school:
            return WishAnswer(rank, school_id, True, (), f"第 {rank} 志愿得到满足。", f"Wish {rank} is met.")
        codes = self._refused(index, school)
        if codes:
            because_zh, because_en = refusal_words(codes, self.problem)
        else:
            codes, because_zh, because_en = self._not_chosen(index, school)
        name = self.names.school(school_id)
        zh = f"第 {rank} 志愿{name}未满足：{because_zh}。"
        return WishAnswer(rank, school_id, False, codes, zh, f"Wish {rank}, {name}, was not met: {because_en}.")

    def _refused(self, index: int, school: int) -> tuple[str, ...]:
        row = self.row[index]
        codes = [name for name, mask in self.masks if mask[row, school]]
        subjects = self._subjects(index)
        if not codes and not self.taught[school, subjects].any():
            codes.append("subject")
        elif not codes and not self.open[school, subjects].any():
            codes.append("slot_closed")
        return tuple(codes)

    def _not_chosen(self, index: int, school: int) -> tuple[tuple[str, ...], str, str]:
        """Why an admissible wish was not given: the rule it would break, or what it would cost."""
        ways: list[tuple[int, list[Obstacle]]] = [
            (subject, list(self.standing.obstacles(index, school, subject)))
            for subject in self._subjects(index)
            if self.open[school, subject]
        ]
        free = [subject for subject, against in ways if not against]
        if not free:
            against = min((obstacles for _, obstacles in ways), key=len)
            words = [obstacle_words(each, self.names) for each in against]
            return tuple(o.rule for o in against), ";".join(w[0] for w in words), "; ".join(w[1] for w in words)
        balance, service = min((self.standing.price(index, school, subject) for subject in free), key=sum)
        total = f"{balance + service:+.3f}"
        zh = f"改派将使目标值变化 {total}（均衡 {balance:+.3f}，志愿与通勤 {service:+.3f}）"
        en = f"the objective would change by {total} (balance {balance:+.3f}, wishes and commute {service:+.3f})"
        return ("price",), zh, en

    def _subjects(self, index: int) -> list[int]:
        market = self.standing.market
        return [int(s) for s in (market.subject[index], market.second[index]) if s >= 0]
