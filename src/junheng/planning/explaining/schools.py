"""What each school gives and gains by a plan: people, subjects, backbone teachers, and its part of the imbalance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.planning.checking.register import Moves, Register, counts_after, flags
from junheng.planning.explaining.words import Names
from junheng.planning.problem import INDICATORS, Assignment, Candidate, Problem

HELD = {"degree": ("高学历", "degree"), "backbone": ("骨干", "backbone"), "pe_art": ("体艺", "PE or arts")}


@dataclass(frozen=True, slots=True)
class Side:
    """People on one side of a school's account: how many, of which subjects, and how many count for each indicator."""

    people: int
    subjects: Mapping[str, int]
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SchoolAccount:
    """One school unit under a plan.

    ``gives`` and ``gains`` are leavers and arrivals; ``part_before`` and ``part_after`` what the school's distance from
    the county's mean adds to J, in points (the county's imbalance before counts ``w_imbalance``, usually 100).
    """

    school_id: str
    gives: Side
    gains: Side
    part_before: float
    part_after: float
    zh: str
    en: str

    @property
    def net(self) -> int:
        """Arrivals less leavers."""
        return self.gains.people - self.gives.people

    @property
    def evened(self) -> float:
        """By how many points of J the school comes nearer to the mean; negative when it goes further away."""
        return self.part_before - self.part_after


def school_accounts(problem: Problem, assignments: Sequence[Assignment], names: Names) -> tuple[SchoolAccount, ...]:
    """An account for every school unit, in the order of ids. ``assignments`` must name known teachers and schools."""
    register, moves = Register(problem), Moves()
    for row in sorted(assignments):
        teacher = register.teachers[row.teacher_id]
        moves.add(teacher, register.schools[teacher.school_id], register.schools[row.to_school], row)
    before = register.counts_before()
    after = counts_after(before, moves)
    parts = _parts(register, before, before), _parts(register, before, after)
    leaving: dict[str, list[tuple[Candidate, str]]] = {school: [] for school in register.schools}
    arriving: dict[str, list[tuple[Candidate, str]]] = {school: [] for school in register.schools}
    for teacher, own, host, subject in moves.rows:
        leaving[own.id].append((teacher, teacher.subject))
        arriving[host.id].append((teacher, subject))
    return tuple(
        _account(school, _side(leaving[school]), _side(arriving[school]), (parts[0][school], parts[1][school]), names)
        for school in sorted(register.schools)
    )


def _parts(
    register: Register, before: Mapping[tuple[str, str], int], counts: Mapping[tuple[str, str], int]
) -> dict[str, float]:
    """Points of J by school: Σ over indicators of weight · (x − m)² / (m · T), m the school's share by pupils."""
    objective, units = register.policy.objective, register.problem.schools
    terms, reference = dict.fromkeys(register.schools, 0.0), 0.0
    for stage, weights in objective.indicator_weight.items():
        members = [unit for unit in units if unit.stage == stage and unit.pupils > 0]
        everybody = sum(unit.pupils for unit in members)
        for name in INDICATORS:
            for held, target in ((before, False), (counts, True)):
                total = sum(held[unit.id, name] for unit in members)
                if not total:
                    continue
                for unit in members:
                    mean = total * unit.pupils / everybody
                    value = weights.get(name, 0.0) * (held[unit.id, name] - mean) ** 2 / (mean * total)
                    if target:
                        terms[unit.id] += value
                    else:
                        reference += value
    scale = objective.w_imbalance / (reference or 1.0)
    return {school: scale * value for school, value in terms.items()}


def _side(people: Sequence[tuple[Candidate, str]]) -> Side:
    subjects = Counter(subject for _, subject in people)
    held = Counter(name for teacher, subject in people for name in flags(teacher, subject))
    return Side(len(people), dict(sorted(subjects.items())), {name: held[name] for name in INDICATORS})


def _account(school: str, gives: Side, gains: Side, parts: tuple[float, float], names: Names) -> SchoolAccount:
    if not gives.people and not gains.people:
        zh, en = "没有人员变动。", "Nobody leaves or arrives."
    else:
        fall = parts[0] - parts[1]
        zh = f"送出 {_people(gives, names, 0)}，调入 {_people(gains, names, 0)}；"
        zh += f"本校{'更接近' if fall >= 0 else '偏离'}全县均值，目标值{'降' if fall >= 0 else '升'} {abs(fall):.3f}。"
        en = f"Gives {_people(gives, names, 1)}, gains {_people(gains, names, 1)}; "
        en += f"it comes {'nearer to' if fall >= 0 else 'further from'} the county's mean, J {-fall:+.3f}."
    return SchoolAccount(school, gives, gains, *parts, zh, en)


def _people(side: Side, names: Names, lang: int) -> str:
    if not side.people:
        return ("0 人", "nobody")[lang]
    code = ("zh", "en")[lang]
    subjects = [f"{names.subject(subject, code)} {number}" for subject, number in side.subjects.items()]
    held = [f"{HELD[name][lang]} {number}" for name, number in side.held.items() if number]
    details = ("、" if lang == 0 else ", ").join(subjects)
    if held:
        details += ("；其中" if lang == 0 else "; of them ") + ("、" if lang == 0 else ", ").join(held)
    return (f"{side.people} 人（{details}）", f"{side.people} ({details})")[lang]
