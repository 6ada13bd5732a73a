"""The bound of docs/proof-bundle.md, step 8, for the second verifier of bundles."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from itertools import pairwise

from tests.planning.second_arithmetic import INDICATORS, INF, NEARLY, PE_ART, Case, Plan, Row, counts_for, share


class Bound:
    """What multipliers prove about every plan of a case."""

    def __init__(self, case: Case, given: dict[str, float]) -> None:
        self.case, self.before = case, Plan(case, [])
        self.y: defaultdict[str, float] = defaultdict(float)
        self.constant = 0.0
        self.goal = case.policy["objective"]
        self.i_before = self.before.imbalance(self.before.before) or 1
        self.missing = self.goal.get("W_standard", 0) / max(1, self.before.below(self.before.before))
        rows = self.rows()
        if not 0 <= given.get("extra", 0) <= self.goal["W_extra"] / case.m + 1e-12:
            raise ValueError("the multiplier of extra is out of its range")
        for name, y in given.items():
            low, high = rows[name]
            side = low if y > 0 else high
            if math.isfinite(side):
                self.y[name] = y
                self.constant += y * side

    def rows(self) -> dict[str, tuple[float, float]]:
        """The two sides of every row."""
        case = self.case
        rows: dict[str, tuple[float, float]] = {}
        for slot in case.r:
            rows[f"refill:{slot[0]}:{slot[1]}"] = case.refill(slot)
            rows[f"outflow:{slot[0]}:{slot[1]}"] = (-INF, case.outflow(slot))
        rows |= {f"total:{school}": (-INF, case.room(school)) for school in case.schools}
        for line in case.lines:
            low = line["bound"] if line["sense"] in ("eq", "ge") else -INF
            high = line["bound"] if line["sense"] in ("eq", "le") else INF
            rows[f"quota:{line['quota']}:{line['member']}"] = (low, high)
        rows |= {"backbone": (0, INF)} | ({"direction": (0, INF)} if case.policy["direction"] else {})
        rows |= {f"couple:{a}:{b}": (-INF, 1) for a, b in case.couples}
        for school in case.schools.values():
            for i in INDICATORS:
                today: float = self.before.before[school["school_id"], i]
                side = (today, today) if any(self.worth(school["stage"], i)) else (-INF, INF)
                rows[f"count:{school['school_id']}:{i}"] = side
        return rows | {"extra": (-case.required, INF)}

    def worth(self, stage: str, indicator: str) -> tuple[float, float]:
        """What CV² of an indicator costs, and what it costs a unit to miss the standard or nearly."""
        weight = self.goal["indicator_weight"].get(stage, {}).get(indicator, 0)
        stated = indicator in self.case.policy["targets"]["per100"].get(stage, {})
        return self.goal["W_imbalance"] * weight / self.i_before, self.missing * stated

    def value(self) -> float:
        """The bound."""
        total = self.constant
        surcharges: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
        for teacher in self.case.teachers.values():
            options = self.options(teacher)
            least = min((term for term, _ in options), default=INF)
            total += least
            for side, change in enumerate((-1, 1)):
                least_so = min((term for term, moved in options if moved == change), default=INF)
                if least_so < INF:
                    surcharges[teacher["stage"]][side].append(least_so - least)
        for stage in self.case.stages:
            total += sum(self.stage_term(stage, i, surcharges[stage]) for i in INDICATORS)
        return total

    def options(self, teacher: Row) -> list[tuple[float, int]]:
        """The term of each admissible move, with what it does to the number of PE and arts teachers."""
        case, y, own = self.case, self.y, teacher["school_id"]
        name, subject = teacher["teacher_id"], teacher["subject"]
        pinned = any(p["kind"] == "pin" and p["teacher_id"] == name for p in case.pins)
        found = [] if pinned or teacher["verdict"] == "must" else [(0.0, 0)]
        if teacher["verdict"] == "no":
            return found
        leaves = y["extra"] + y[f"refill:{own}:{subject}"] + y[f"total:{own}"] - y[f"outflow:{own}:{subject}"]
        leaves -= sum(y[f"quota:{q['id']}:{case.member(q['scope'], teacher)}"] for q in case.policy["quotas"])
        leaves -= sum(y[f"couple:{a}:{b}"] for a, b in case.couples_of[name])
        leaves -= sum(y[f"count:{own}:{i}"] for i in INDICATORS if counts_for(i, teacher, subject))
        for school in case.schools:
            for other in {subject, teacher["subject2"]} - {""}:
                slot = (school, other)
                if case.refill(slot)[1] + case.ready[slot] <= 0 or case.person_faults(teacher, school, other):
                    continue
                term = leaves - self.goal["W_service"] / (100 * case.m) * case.points(teacher, school)
                term -= y[f"refill:{school}:{other}"] + y[f"total:{school}"]
                term -= y["direction"] * float(case.direction(teacher, school)) if case.policy["direction"] else 0
                term -= y["backbone"] * float(case.backbone(teacher, school))
                term += sum(y[f"count:{school}:{i}"] for i in INDICATORS if counts_for(i, teacher, other))
                found.append((term, (other in PE_ART) - (subject in PE_ART)))
        return found

    def stage_term(self, stage: str, indicator: str, surcharges: tuple[list[float], list[float]]) -> float:
        """The least cost of the counts of one indicator over all totals that it can have."""
        if not any(self.worth(stage, indicator)):
            return 0
        case, units = self.case, self.case.units(stage)
        today = sum(self.before.before[u["school_id"], indicator] for u in units)
        down, up = (sorted(side) for side in surcharges)
        low = high = 0
        if indicator == "pe_art":
            slots = [s for s in case.r if s[1] in PE_ART and case.schools[s[0]]["stage"] == stage]
            low = min(len(down), -sum(case.refill(s)[0] for s in slots))
            high = min(len(up), sum(case.refill(s)[1] for s in slots))
        term = self.priced if self.missing else self.spread
        costs = [term(stage, indicator, today - d) + sum(down[:d]) for d in range(low, 0, -1) if d <= today]
        return min(costs + [term(stage, indicator, today + d) + sum(up[:d]) for d in range(high + 1)])

    def spread(self, stage: str, indicator: str, total: int) -> float:
        """Least over whole z ≥ 0 with sum T of s · CV²(z) − Σ y z: the next teacher goes where she costs least."""
        if not total:
            return 0
        scale = self.worth(stage, indicator)[0]
        units = self.case.units(stage)
        pupils = sum(u["pupils"] for u in units)
        rate = [scale * pupils / (total * total * u["pupils"]) for u in units]
        price = [self.y[f"count:{u['school_id']}:{indicator}"] for u in units]
        steps = [(rate[j] - price[j], j, 0) for j in range(len(units))]
        heapq.heapify(steps)
        cost = -scale
        for _ in range(total):
            step, j, z = steps[0]
            cost += step
            heapq.heapreplace(steps, (rate[j] * (2 * z + 3) - price[j], j, z + 1))
        return cost

    def priced(self, stage: str, indicator: str, total: int) -> float:
        """The same where units below a standard cost, by the best price θ of a teacher."""
        scale, missed = self.worth(stage, indicator)
        pupils = sum(u["pupils"] for u in self.case.units(stage))
        curves = []
        for unit in self.case.units(stage):
            rate = scale * pupils / (total * total * unit["pupils"]) if total else 0
            limit = share(self.case.policy["targets"]["per100"].get(stage, {}).get(indicator, 0)) * unit["pupils"]
            y = self.y[f"count:{unit['school_id']}:{indicator}"]
            reach = self.reach(unit["school_id"], indicator)
            below = {z: (100 * z < limit) + (100 * z < limit * NEARLY) for z in reach}
            curves.append([(rate * z * z - y * z + missed * below[z], z) for z in reach])
        widest = 1 + max((abs(b[0] - a[0]) for curve in curves for a, b in pairwise(curve)), default=0)
        low, high, best = -widest, widest, -INF
        for _ in range(80):
            theta = (low + high) / 2
            chosen = [min((cost - theta * z, z) for cost, z in curve) for curve in curves]
            best = max(best, theta * total + sum(cost for cost, _ in chosen))
            low, high = (theta, high) if sum(z for _, z in chosen) < total else (low, theta)
        return best - (scale if total else 0)

    def reach(self, school: str, indicator: str) -> range:
        """The counts that a unit can have after any plan."""
        case = self.case
        slots = [slot for slot in case.r if slot[0] == school]
        leaving = {slot: min(case.outflow(slot), case.ready[slot]) for slot in slots}
        coming = {slot: max(0, case.refill(slot)[1] + leaving[slot]) for slot in slots}
        caps = [
            line["bound"]
            for line in case.lines
            if line["scope"] == "school" and line["member"] == school and line["sense"] != "ge"
        ]
        out = min([sum(leaving.values()), *caps])
        into = min(sum(coming.values()), case.room(school) + out)
        people = [t for t in case.teachers.values() if t["school_id"] == school and t["verdict"] != "no"]
        able = Counter((school, t["subject"]) for t in people if counts_for(indicator, t, t["subject"]))
        down = min(out, sum(min(case.outflow(slot), able[slot]) for slot in slots))
        up = into
        if indicator == "pe_art":
            up = min(into, sum(coming[slot] for slot in slots if slot[1] in PE_ART))
        today = self.before.before[school, indicator]
        return range(max(0, today - down), today + up + 1)
