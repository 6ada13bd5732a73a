"""The rows of the problem as the certificate names them: their bounds, and what one move adds to each.

``refill:{school}:{subject}`` · ``total:{school}`` · ``outflow:{school}:{subject}`` · ``quota:{id}:{member}`` ·
``direction`` · ``backbone`` · ``couple:{a}:{b}`` · ``count:{school}:{indicator}`` · ``extra``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from junheng.planning.checking.places import outflow_limit, refill_range
from junheng.planning.checking.quotas import member, quota_lines, required_moves
from junheng.planning.checking.register import Moves, Register, flags
from junheng.planning.checking.rounding import share
from junheng.planning.problem import INDICATORS, Candidate, SchoolUnit

UNBOUNDED = math.inf
Range = tuple[float, float]


class CertificateError(ValueError):
    """A multiplier that names no row of the problem, or that is no finite number."""


class Multipliers:
    """The certificate's multipliers, each checked against its row, with those on an unbounded side read as 0."""

    def __init__(self, register: Register, given: Mapping[str, float]) -> None:
        self.register = register
        self.lines = quota_lines(register, Moves())
        self.moves_due = max(1, required_moves(self.lines))
        self.required = required_moves(self.lines)
        self.couples = self._couples()
        self.fixed: dict[str, Range] = {f"quota:{q.quota}:{q.member}": _sides(q.sense, q.bound) for q in self.lines}
        self.fixed |= dict.fromkeys(self.couples, (-UNBOUNDED, 1)) | dict.fromkeys(
            ("direction", "backbone"), (0, UNBOUNDED)
        )
        self.fixed["extra"] = (-self.required, UNBOUNDED)
        self.counts = register.counts_before()
        self.sides: dict[str, Range] = {}
        self.value: dict[str, float] = {}
        for name, multiplier in sorted(given.items()):
            self._take(name, multiplier)
        self._prepare()

    def _take(self, name: str, multiplier: float) -> None:
        if isinstance(multiplier, bool) or not isinstance(multiplier, int | float) or not math.isfinite(multiplier):
            raise CertificateError(f"{name}: the multiplier {multiplier!r} is not a finite number")
        sides = self.range_of(name)
        side = sides[0] if multiplier > 0 else sides[1]
        if multiplier and math.isfinite(side) and not self._weightless(name):
            self.sides[name], self.value[name] = sides, float(multiplier)

    def _weightless(self, name: str) -> bool:
        """A count whose indicator has no weight and no standard that weighs: its multiplier says nothing about J."""
        if not name.startswith("count:"):
            return False
        _, school, indicator = name.split(":")
        stage, policy = self.register.schools[school].stage, self.register.policy
        rewarded = policy.objective.w_standard and indicator in policy.per100.get(stage, {})
        return not (rewarded or self.weight(stage, indicator))

    def weight(self, stage: str, indicator: str) -> float:
        """Weight of an indicator in the objective."""
        return self.register.policy.objective.indicator_weight.get(stage, {}).get(indicator, 0.0)

    def range_of(self, name: str) -> Range:
        """lo and hi of a row. A name that is no row is a :class:`CertificateError`."""
        found = self.fixed.get(name) or self._place(*name.partition(":")[::2])
        if found is None:
            raise CertificateError(f"{name}: the problem has no such row")
        return found

    def _place(self, family: str, rest: str) -> Range | None:
        """The row of a school, or of a school and a subject or indicator."""
        school, _, detail = rest.partition(":")
        unit, present = self.register.schools.get(school), self.register.present[school]
        if unit is None:
            return None
        if family == "total" and not detail:
            return -UNBOUNDED, max(unit.posts, present) - present
        if family == "refill" and detail:
            return refill_range(self.register, (school, detail))
        if family == "outflow" and detail:
            return -UNBOUNDED, outflow_limit(self.register, (school, detail))
        if family == "count" and detail in INDICATORS:
            return self.counts[school, detail], self.counts[school, detail]
        return None

    def _couples(self) -> dict[str, tuple[str, str]]:
        if not self.register.policy.spouse_both_forbidden:
            return {}
        teachers = self.register.teachers
        pairs = {
            (min(person.id, person.spouse_id), max(person.id, person.spouse_id))
            for person in teachers.values()
            if person.spouse_id in teachers and person.spouse_id != person.id
        }
        return {f"couple:{first}:{second}": (first, second) for first, second in pairs}

    def _prepare(self) -> None:
        """Multipliers by teacher and by school, so that the price of a move is a few sums."""
        policy = self.register.policy
        self.couple_price: dict[str, float] = {}
        for name, pair in self.couples.items():
            for spouse in pair:
                self.couple_price[spouse] = self.couple_price.get(spouse, 0.0) + self.value.get(name, 0.0)
        self.quota_price = {
            school.id: math.fsum(
                self.value.get(f"quota:{quota.id}:{member(quota.scope, school)}", 0.0) for quota in policy.quotas
            )
            for school in self.register.problem.schools
        }
        self.direction_share = float(share(policy.direction.share_min)) if policy.direction else 0.0
        self.backbone_share = float(share(policy.backbone_share_min))

    def of(self, name: str) -> float:
        """The multiplier of a row; 0 where none is given."""
        return self.value.get(name, 0.0)

    def row_terms(self) -> float:
        """Σ over the rows of y·lo where y > 0 and y·hi where y < 0."""
        return math.fsum(y * self.sides[name][0 if y > 0 else 1] for name, y in self.value.items())

    def leaving(self, teacher: Candidate, own: SchoolUnit) -> float:
        """What a teacher's leaving adds: Σ y × coefficient over the rows of the own school and of the person."""
        price = -self.of(f"refill:{own.id}:{teacher.subject}") - self.of(f"total:{own.id}")
        price += self.of(f"outflow:{own.id}:{teacher.subject}") + self.quota_price[own.id]
        price += self.couple_price.get(teacher.id, 0.0) - self.of("extra")
        price += self.of("backbone") * (teacher.backbone - self.backbone_share)
        return price + math.fsum(self.of(f"count:{own.id}:{name}") for name in flags(teacher, teacher.subject))

    def arriving(self, teacher: Candidate, own: SchoolUnit, host: SchoolUnit, subject: str) -> float:
        """What the arrival at another school as teacher of a subject adds."""
        price = self.of(f"refill:{host.id}:{subject}") + self.of(f"total:{host.id}")
        rule = self.register.policy.direction
        if rule is not None and own.zone in rule.from_zones:
            price += self.of("direction") * ((host.zone in rule.to_zones) - self.direction_share)
        return price - math.fsum(self.of(f"count:{host.id}:{name}") for name in flags(teacher, subject))


def _sides(sense: str, bound: int) -> Range:
    return (-UNBOUNDED if sense == "le" else bound, UNBOUNDED if sense == "ge" else bound)
