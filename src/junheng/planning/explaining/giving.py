"""Which rules must give when no plan keeps them all: each in the clerk's words, with the figures that collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.planning.checking.report import Report, Violation
from junheng.planning.explaining.words import Names, refusal_words
from junheng.planning.problem import Problem
from junheng.planning.result import Relaxation, Result

FAMILIES = {
    "must": ("应当交流的人员", "people who must move"),
    "quota": ("名额", "quotas"),
    "refill": ("学科补位", "replacement by subject"),
    "total": ("学校编制", "posts of a school"),
    "outflow": ("一校一科一年调出上限", "most who leave a subject of a school in a year"),
    "direction": ("流向比例", "share that goes in the required direction"),
    "backbone": ("骨干教师比例", "share of backbone teachers"),
    "couple": ("夫妻不同时交流", "not both spouses"),
    "commute": ("通勤上限", "limit of commuting"),
    "no_return": ("几年内不回原校", "no return for some years"),
    "within_cluster": ("只在本学区内交流", "moves inside the cluster only"),
    "within_partners": ("只在结对（集团）学校之间交流", "moves among partner schools only"),
    "personal_limit": ("本人申报的通勤上限", "commute limits stated in applications"),
    "forbid": ("已排除的去向", "schools that were ruled out"),
    "pin": ("经办人指定的去向", "schools that a clerk named"),
    "stay": ("本次不调整的人员", "people who are not moved this time"),
}
"""Kinds of rules in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Giving:
    """One rule that must give: its kind, where it binds, by how much, and the sentence."""

    family: str
    where_zh: str
    where_en: str
    by: float
    sense: str
    zh: str
    en: str


def giving(problem: Problem, result: Result, report: Report, names: Names) -> tuple[Giving, ...]:
    """Every rule that the least-breaking plan breaks, in the order of the result.

    ``report`` is the checker's word on that plan; it holds the figures of the sentences.
    """
    found = {violation.where: violation for violation in report.violations}
    teller = _Teller(problem, result, names)
    return tuple(teller.giving(each, found.get(each.row)) for each in result.relaxations)


def totals(givings: Sequence[Giving]) -> dict[str, tuple[int, float]]:
    """How many rules of each kind give, and by how many persons or posts in all; in the order of the givings."""
    counted: dict[str, tuple[int, float]] = {}
    for each in givings:
        rules, by = counted.get(each.family, (0, 0.0))
        counted[each.family] = (rules + 1, by + each.by)
    return counted


class _Teller:
    def __init__(self, problem: Problem, result: Result, names: Names) -> None:
        self.problem = problem
        self.names = names
        self.school_of = {t.id: t.school_id for t in problem.teachers}
        self.stranded = result.stranded
        self.obliged = {t.id for t in problem.teachers if t.verdict == "must"}

    def giving(self, row: Relaxation, broken: Violation | None) -> Giving:
        """The giving of one broken row."""
        where_zh, where_en = self._where(row)
        zh, en = self._figures(row, broken)
        return Giving(row.family, where_zh, where_en, row.by, row.sense, f"{where_zh}：{zh}", f"{where_en}: {en}")

    def _where(self, row: Relaxation) -> tuple[str, str]:
        if row.family in ("refill", "outflow"):
            return self.names.slot(row.member)
        if row.family == "quota":
            return self.names.member(row.member.partition(":")[2])
        if row.family == "must":
            return self._person(row.member)
        if row.family == "couple":
            one, other = (self._person(each) for each in row.member.split(":"))
            return f"{one[0]}与{other[0]}", f"{one[1]} and {other[1]}"
        if row.family == "total":
            name = self.names.school(row.member)
            return name, name
        return "全县", "the county"

    def _person(self, teacher: str) -> tuple[str, str]:
        school = self.names.school(self.school_of[teacher])
        return f"{teacher}（{school}）", f"{teacher} ({school})"

    def _figures(self, row: Relaxation, broken: Violation | None) -> tuple[str, str]:
        found, expected = (broken.found, broken.expected) if broken else ("", "")
        by = f"{row.by:g}"
        if row.family == "must":
            return self._nowhere(row.member)
        if row.family == "quota":
            rule = self.names.quota(row.member.partition(":")[0])
            if row.sense == "few":
                return (
                    f"{rule[0]}，要求 {expected} 人，至多能派 {found} 人，差 {by} 人",
                    f"{rule[1]}: {expected} asked for, at most {found} can go, {by} too few",
                )
            return (
                f"{rule[0]}，要求 {expected} 人，却须派 {found} 人，超 {by} 人",
                f"{rule[1]}: {expected} asked for, {found} have to go, {by} too many",
            )
        return {
            "outflow": (
                f"每年最多调出 {expected} 人，须调出 {found} 人，超 {by} 人",
                f"at most {expected} may leave a year, {found} have to: {by} too many",
            ),
            "refill": (
                f"人数增减应在 {expected}，须为 {found}，{'差' if row.sense == 'few' else '超'} {by} 人",
                f"the head-count may change by {expected}, it has to by {found}: {by} too {row.sense}",
            ),
            "total": (
                f"编制只余 {expected} 人，须净增 {found} 人，超 {by} 人",
                f"{expected} posts are free, the staff has to change by {found}: {by} too many",
            ),
            "couple": ("两人都须交流，而夫妻不得同时交流", "both have to move and spouses may not"),
            "direction": (
                f"派往规定方向的应不低于 {expected}，只有 {found}，差 {by} 人",
                f"at least {expected} have to go in the required direction, only {found} do: {by} too few",
            ),
            "backbone": (
                f"骨干教师应不低于 {expected}，只有 {found}，差 {by} 人",
                f"at least {expected} of the movers are backbone teachers, only {found}: {by} too few",
            ),
        }[row.family]

    def _nowhere(self, teacher: str) -> tuple[str, str]:
        due = ("应当交流", "must move") if teacher in self.obliged else ("经办人已指定去向", "was sent by the clerk")
        schools = self.stranded.get(teacher)
        if not schools:
            return f"{due[0]}，在其他规则之下安排不下", f"{due[1]} and cannot be placed under the other rules"
        codes = sorted({code for reasons in schools.values() for code in reasons})
        zh, en = refusal_words(codes, self.problem)
        return f"{due[0]}，但没有一所学校可去（{zh}）", f"{due[1]}, but no school is open ({en})"
