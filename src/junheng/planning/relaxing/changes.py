"""Single changes of a problem in the words of the command line: ``commute=32``, ``quota:annual:S003=-1``, ``stay:T12``.

A change of a setting holds for the whole county; one with a school, a subject or a teacher is an exception for that
place or person only. Several that belong together are joined by ``;``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from junheng.planning.problem import Pin, PlanningPolicy, Problem, Quota

WHOLE_NUMBERS = {"no-return": "no_return_years", "outflow-min": "subject_outflow_min"}
SHARES = {"outflow-share": "subject_outflow_share", "backbone": "backbone_share_min"}
SWITCHES = {"spouses": "spouse_both_forbidden", "within-cluster": "within_cluster",
            "within-partners": "within_partners"}  # fmt: skip
PLACES = {"outflow": "outflow", "refill": "refill", "posts": "total"}
PEOPLE = ("stay", "commute", "no-return", "limit", "decision", "couple")


class ChangeError(ValueError):
    """A change that cannot be read or does not fit the problem; ``zh`` and ``en`` say what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What is changed, word by word with ids, and the new value or the number of persons more or fewer."""

    what: tuple[str, ...]
    value: str = ""

    @property
    def text(self) -> str:
        """As it is written on the command line."""
        return ":".join(self.what) + (f"={self.value}" if self.value else "")

    @property
    def excepted(self) -> bool:
        """Whether it holds for one place or person only."""
        return self.value[:1] in ("+", "-") or (len(self.what) > 1 and self.what[0] in PEOPLE)


def read_changes(text: str, problem: Problem) -> tuple[Change, ...]:
    """The changes of one trial; schools by id or name. Raises :class:`ChangeError`."""
    plain = text.translate(str.maketrans("；：＝％－＋", ";:=%-+"))
    found = tuple(_read(word.strip(), problem) for word in plain.split(";") if word.strip())
    if not found:
        raise ChangeError("没有写要改什么", "it names no change")
    apply_changes(problem, found)
    return found


def _read(word: str, problem: Problem) -> Change:
    left, _, value = word.partition("=")
    ids = {s.name: s.id for s in problem.schools}
    return Change(tuple(ids.get(part.strip(), part.strip()) for part in left.split(":")), value.strip())


def apply_changes(problem: Problem, changes: Sequence[Change]) -> Problem:
    """The problem with every change made. Raises :class:`ChangeError` for one that does not fit."""
    for change in changes:
        problem = _applied(problem, change)
    return problem


def _applied(problem: Problem, change: Change) -> Problem:
    head, rest = change.what[0], change.what[1:]
    try:
        if head in PEOPLE and rest:
            return _person(problem, head, rest, change.value)
        if change.value[:1] in ("+", "-"):
            return _exception(problem, change)
        if head == "quota":
            return _quota(problem, rest, change.value)
        if not rest:
            return replace(problem, policy=_setting(problem.policy, head, change.value))
    except (ValueError, ZeroDivisionError, OverflowError) as fault:
        if isinstance(fault, ChangeError):
            raise
    raise ChangeError(
        f"“{change.text}”不能识别；例：commute=32、no-return=3、outflow-min=2、backbone=15%、spouses=off、"
        "quota:编号=8%、quota:编号:min=0、quota:编号:学校=-1、outflow:学校:学科=+1、posts:学校=+1、stay:工号、commute:工号=40",
        f"'{change.text}' is not understood; e.g. commute=32, no-return=3, outflow-min=2, backbone=15%, spouses=off, "
        "quota:ID=8%, quota:ID:min=0, quota:ID:SCHOOL=-1, outflow:SCHOOL:SUBJECT=+1, posts:SCHOOL=+1, stay:TEACHER, "
        "commute:TEACHER=40",
    )


def share_of(text: str) -> Fraction:
    """A share from ``8%`` or ``8``; ``ValueError`` where it is none."""
    share = Fraction(text.rstrip("% ")) / 100
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _number(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _setting(policy: PlanningPolicy, head: str, value: str) -> PlanningPolicy:
    new: Mapping[str, object]
    if head == "commute":
        new = {"commute_km_max": float(_positive(value))}
    elif head in WHOLE_NUMBERS:
        new = {WHOLE_NUMBERS[head]: _number(value)}
    elif head in SHARES:
        new = {SHARES[head]: share_of(value)}
    elif head in SWITCHES and value in ("on", "off"):
        new = {SWITCHES[head]: value == "on"}
    elif head == "refill" and value in ("toward", "preserve"):
        new = {"refill": value}
    elif head == "direction" and policy.direction is not None:
        new = {"direction": replace(policy.direction, share_min=share_of(value))}
    else:
        raise ValueError(head)
    return replace(policy, **new)  # type: ignore[arg-type]


def _positive(text: str) -> Fraction:
    number = Fraction(text)
    if number < 0:
        raise ValueError(text)
    return number


def _quota(problem: Problem, rest: Sequence[str], value: str) -> Problem:
    known = {q.id: q for q in problem.policy.quotas}
    if not rest or rest[0] not in known:
        listed = "、".join(known) or "（无）"
        raise ChangeError(f"没有名额“{''.join(rest[:1])}”；有 {listed}", f"there is no such quota; there is {listed}")
    old = known[rest[0]]
    new: Quota
    if len(rest) == 1:
        new = replace(old, pct=share_of(value))
    elif rest[1:] == ("min",):
        new = replace(old, min=_number(value))
    elif rest[1:] == ("sense",) and value in ("ge", "le", "eq"):
        new = replace(old, sense=value)
    else:
        raise ValueError(value)
    quotas = tuple(new if q.id == old.id else q for q in problem.policy.quotas)
    return replace(problem, policy=replace(problem.policy, quotas=quotas))


def _exception(problem: Problem, change: Change) -> Problem:
    """One place that may be left by so many persons or posts."""
    head, rest = change.what[0], change.what[1:]
    amount = float(change.value)
    schools = {s.id for s in problem.schools}
    if head == "quota" and len(rest) == 2:
        members = schools | {s.cluster for s in problem.schools} | {s.stage for s in problem.schools} | {"county"}
        members |= {f"{s.cluster}/{s.stage}" for s in problem.schools}
        if rest[0] not in {q.id for q in problem.policy.quotas}:
            return _quota(problem, rest, "")
        _expect(rest[1] in members, rest[1])
        row = f"quota:{rest[0]}:{rest[1]}"
    elif head in PLACES and len(rest) == (1 if head == "posts" else 2):
        _expect(rest[0] in schools, rest[0])
        row = ":".join((PLACES[head], *rest))
    elif head in ("direction", "backbone") and not rest:
        row = head
    else:
        raise ValueError(change.text)
    return replace(problem, exceptions=(*problem.exceptions, (row, amount)))


def _person(problem: Problem, head: str, rest: Sequence[str], value: str) -> Problem:
    people = {t.id: t for t in problem.teachers}
    for each in rest:
        _expect(each in people, each)
    who = rest[0]
    if head == "commute":
        return replace(problem, exceptions=(*problem.exceptions, (f"commute:{who}", float(_positive(value)))))
    if head == "stay":
        teachers = tuple(
            replace(t, verdict="may") if t.id == who and t.verdict == "must" else t for t in people.values()
        )
        pins = tuple(p for p in problem.pins if p.teacher_id != who)
        return replace(problem, teachers=teachers, pins=(*pins, Pin(who, "stay", reason="what-if")))
    if head == "no-return":
        return replace(problem, history=tuple(h for h in problem.history if h.teacher_id != who))
    if head == "decision":
        return replace(problem, pins=tuple(p for p in problem.pins if p.teacher_id != who))
    if head == "limit":
        teachers = tuple(replace(t, commute_limit_km=None) if t.id == who else t for t in people.values())
        return replace(problem, teachers=teachers)
    teachers = tuple(replace(t, spouse_id="") if t.id in rest and t.spouse_id in rest else t for t in people.values())
    return replace(problem, teachers=teachers)


def _expect(known: bool, name: str) -> None:
    if not known:
        raise ChangeError(
            f"没有“{name}”，请照名册填写学校代码、名称或工号",
            f"there is no '{name}': give a school code or teacher no.",
        )
