"""A number that no plan can fall below, worked out from the multipliers alone, over every admissible move.

Whatever the multipliers are, the result is a valid lower bound of J (Lagrangian duality); good ones make it tight:

* Σ over rows of y·lo (y > 0) or y·hi (y < 0),
* per stage and indicator, the least of Σ_j (cost(z_j) − y_j z_j) over whole numbers z_j with the total that stage has,
* per teacher, the least of (points − prices) over the admissible moves, or 0 where the teacher need not move.

Where the objective rewards schools that reach the standard, that cost jumps: see module ``standard``.

Where teachers of a second subject can change a stage's total of PE and arts teachers, every reachable total T_0 + d is
tried with the exact coefficient for that total, plus the |d| smallest surcharges of teachers whose best choice would
not change it in that direction. d is limited by the refill rule: head-counts of the PE and arts subjects stay in range.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from junheng.planning.checking.balance import imbalance, units_of
from junheng.planning.checking.persons import KM_TOLERANCE, kilometres, reach
from junheng.planning.checking.places import refill_range
from junheng.planning.checking.register import Register
from junheng.planning.checking.service import points
from junheng.planning.problem import INDICATORS, PE_ART, Candidate, Problem, SchoolUnit
from junheng.planning.proof.certificate import CertificateError, Multipliers
from junheng.planning.proof.standard import Jumps, Standards


def bound_of(problem: Problem, multipliers: Mapping[str, float]) -> float:
    """The lower bound of J that the multipliers prove. Multipliers of unknown rows are a :class:`CertificateError`.

    A must-mover without any admissible move makes the problem infeasible: the bound is then infinite.
    """
    register = Register(problem)
    prices = Multipliers(register, multipliers)
    goals = problem.policy.objective
    if not 0 <= prices.of("extra") <= goals.w_extra / prices.moves_due + 1e-12:
        raise CertificateError(f"extra: {prices.of('extra')} is not between 0 and W_extra / M")
    teachers = TeacherTerms(prices)
    terms = [prices.row_terms(), math.fsum(teachers.best.values())]
    scale = goals.w_imbalance / (imbalance(register, register.counts_before()) or 1.0)
    standards = Standards(register)
    for stage in sorted({school.stage for school in problem.schools}):
        for name in INDICATORS:
            cost = Spread(prices, stage, name, scale, standards)
            if cost.scale or cost.jumps:
                terms.append(_least(cost, teachers, register))
    return math.fsum(terms)


class TeacherTerms:
    """Per teacher the least reduced cost, and the surcharges of changing a stage's PE and arts total."""

    def __init__(self, prices: Multipliers) -> None:
        self.prices = prices
        self.best: dict[str, float] = {}
        self.rising: dict[str, list[float]] = defaultdict(list)
        self.falling: dict[str, list[float]] = defaultdict(list)
        self.arrivals: dict[tuple[str, str, str, bool, bool], float] = {}
        register = prices.register
        moves = AdmissibleMoves(register)
        per_point = register.policy.objective.w_service / (100 * prices.moves_due)
        for teacher in register.problem.teachers:
            self._weigh(teacher, register.schools[teacher.school_id], moves, per_point)

    def _weigh(self, teacher: Candidate, own: SchoolUnit, moves: AdmissibleMoves, per_point: float) -> None:
        objective, prices = self.prices.register.policy.objective, self.prices
        best = math.inf
        least = dict.fromkeys((-1, 0, 1), math.inf)
        if moves.may_move(teacher):
            leaving = prices.leaving(teacher, own)
            for host, subjects in moves.of(teacher, own):
                cost = -per_point * points(objective, teacher, own, host) - leaving
                for subject in subjects:
                    change = (subject in PE_ART) - (teacher.subject in PE_ART)
                    reduced = cost - self._arriving(teacher, own, host, subject)
                    least[change] = min(least[change], reduced)
            best = min(least.values())
        if not moves.has_to_move(teacher):
            best = min(best, 0.0)
        self.best[teacher.id] = best
        if math.isfinite(least[1]):
            self.rising[teacher.stage].append(least[1] - best)
        if math.isfinite(least[-1]):
            self.falling[teacher.stage].append(least[-1] - best)

    def _arriving(self, teacher: Candidate, own: SchoolUnit, host: SchoolUnit, subject: str) -> float:
        """The price of an arrival; it is the same for teachers of the same kind."""
        kind = (host.id, subject, own.zone, teacher.high_degree, teacher.backbone)
        price = self.arrivals.get(kind)
        if price is None:
            price = self.arrivals[kind] = self.prices.arriving(teacher, own, host, subject)
        return price


@dataclass
class AdmissibleMoves:
    """Every move that the rules about one person allow, less those into a school-subject where no place can be free."""

    register: Register
    by_stage: dict[str, list[SchoolUnit]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        problem = self.register.problem
        for school in problem.schools:
            self.by_stage[school.stage].append(school)
        self.leavers = Counter((t.school_id, t.subject) for t in problem.teachers if t.verdict != "no")
        subjects = {subject for teacher in problem.teachers for subject in teacher.subjects}
        self.open = {(school.id, s) for school in problem.schools for s in subjects if self._has_room(school.id, s)}
        self.pins = defaultdict(list)
        self.forbidden = defaultdict(list)
        self.stays = {pin.teacher_id for pin in problem.pins if pin.kind == "stay"}
        for pin in problem.pins:
            if pin.kind == "pin":
                self.pins[pin.teacher_id].append(pin)
            elif pin.kind == "forbid":
                self.forbidden[pin.teacher_id].append(pin)

    def may_move(self, teacher: Candidate) -> bool:
        """Whether any move is open."""
        return teacher.verdict != "no" and teacher.id not in self.stays

    def has_to_move(self, teacher: Candidate) -> bool:
        """Whether staying is no choice."""
        return teacher.verdict == "must" or teacher.id in self.pins

    def of(self, teacher: Candidate, own: SchoolUnit) -> Iterator[tuple[SchoolUnit, list[str]]]:
        """Host schools and the subjects that the teacher could teach there."""
        allowed = reach(self.register, teacher)
        for host in self.by_stage[teacher.stage]:
            if host.id == own.id or host.id in allowed.left_recently:
                continue
            if self.register.policy.within_cluster and host.cluster != own.cluster:
                continue
            if self.register.barred_by_partners(own, host):
                continue
            if kilometres(teacher, host) > allowed.limit_km + KM_TOLERANCE:
                continue
            subjects = [s for s in teacher.subjects if (host.id, s) in self.open and self._decided(teacher, host.id, s)]
            if subjects:
                yield host, subjects

    def _has_room(self, school: str, subject: str) -> bool:
        return refill_range(self.register, (school, subject))[1] + self.leavers[school, subject] > 0

    def _decided(self, teacher: Candidate, school: str, subject: str) -> bool:
        if teacher.id not in self.pins and teacher.id not in self.forbidden:
            return True
        pinned = all(p.school_id == school and p.subject in ("", subject) for p in self.pins.get(teacher.id, ()))
        return pinned and not any(
            p.school_id == school and p.subject in ("", subject) for p in self.forbidden.get(teacher.id, ())
        )


class Spread:
    """One stage's indicator: scale · CV² − Σ y_j z_j as a function of whole counts z_j."""

    def __init__(
        self, prices: Multipliers, stage: str, indicator: str, per_imbalance: float, standards: Standards
    ) -> None:
        register = prices.register
        units = [unit for unit in units_of(register, stage) if unit.pupils > 0]
        self.stage = stage
        self.indicator = indicator
        self.today = [prices.counts[unit.id, indicator] for unit in units]
        self.price = [prices.of(f"count:{unit.id}:{indicator}") for unit in units]
        everybody = sum(unit.pupils for unit in units)
        self.share = [unit.pupils / everybody for unit in units]
        self.total = sum(self.today)
        self.scale = per_imbalance * prices.weight(stage, indicator) if self.total else 0.0
        self.jumps = Jumps(standards, units, indicator) if standards.reward else None

    def least(self, totals: list[int]) -> list[float]:
        """For each total T, in steps of one, the least of scale·CV²(z) − Σ y z over whole z ≥ 0 with Σ z = T."""
        if self.jumps is not None:
            return [self._with_jumps(self.jumps, total) for total in totals]
        counts = list(self.today)
        values = []
        for total in totals:
            if total <= 0:
                values.append(0.0)
                counts = [0] * len(counts)
                continue
            factor = self.scale / total**2
            square = [factor / part for part in self.share]
            self._settle(counts, square, total)
            values.append(
                math.fsum(a * z * z - y * z for a, y, z in zip(square, self.price, counts, strict=True)) - self.scale
            )
        return values

    def _with_jumps(self, jumps: Jumps, total: int) -> float:
        factor = self.scale / total**2 if total > 0 else 0.0
        square = [factor / part for part in self.share]
        return jumps.least(square, self.price, total) - (self.scale if total > 0 else 0.0)

    def _settle(self, counts: list[int], square: list[float], total: int) -> None:
        """Bring ``counts`` to the least for the total: the cost is convex, so moving one at a time ends at it."""
        more = [a * (2 * z + 1) - y for a, y, z in zip(square, self.price, counts, strict=True)]
        less = [_removal(a, y, z) for a, y, z in zip(square, self.price, counts, strict=True)]

        def change(index: int, by: int) -> None:
            counts[index] += by
            more[index] = square[index] * (2 * counts[index] + 1) - self.price[index]
            less[index] = _removal(square[index], self.price[index], counts[index])

        excess = sum(counts) - total
        for _ in range(max(0, excess)):
            change(less.index(min(less)), -1)
        for _ in range(max(0, -excess)):
            change(more.index(min(more)), 1)
        while (gain := min(more)) + (saving := min(less)) < -1e-13:
            change(more.index(gain), 1)
            change(less.index(saving), -1)


def _removal(square: float, price: float, count: int) -> float:
    """What taking one away costs; impossible from nothing."""
    return price - square * (2 * count - 1) if count > 0 else math.inf


def _least(cost: Spread, teachers: TeacherTerms, register: Register) -> float:
    """The least over every total that the stage can reach."""
    if cost.indicator != "pe_art":
        return cost.least([cost.total])[0]
    rising, falling = (sorted(side.get(cost.stage, ())) for side in (teachers.rising, teachers.falling))
    down, up = _room(register, cost.stage)
    up, down = min(up, len(rising)), min(down, len(falling))
    upward = cost.least(list(range(cost.total, cost.total + up + 1)))
    downward = cost.least(list(range(cost.total, cost.total - down - 1, -1)))
    charges = [0.0, *accumulate(rising[:up])], [0.0, *accumulate(falling[:down])]
    ways = ((upward, charges[0]), (downward, charges[1]))
    return min(value + extra for values, extras in ways for value, extra in zip(values, extras, strict=True))


def _room(register: Register, stage: str) -> tuple[int, int]:
    """How far the refill rule lets the stage's PE and arts head-count fall and rise."""
    down = up = 0
    for school in units_of(register, stage):
        for subject in PE_ART:
            low, high = refill_range(register, (school.id, subject))
            down, up = down - low, up + high
    return down, up
