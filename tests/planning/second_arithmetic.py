"""The rules, the figures and the bound of docs/proof-bundle.md, steps 4 to 7, for the second verifier of bundles."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
INF = math.inf
NEARLY = Fraction(85, 100)
INDICATORS = ("degree", "backbone", "pe_art")
PE_ART = {"pe", "music", "art"}


def share(value: Any) -> Fraction:
    """An exact number from a decimal or from text such as "1/3"."""
    return Fraction(str(value))


def ratio(value: Fraction) -> str:
    """A fraction as text."""
    return f"{value.numerator}/{value.denominator}"


def bound_of_quota(quota: Row, base: int) -> tuple[Fraction, int, int]:
    """Base × rate, rounded, and with the minimum."""
    exact = share(quota["pct"]) * base
    half = Fraction(1, 2)
    rounded = {"half_up": math.floor(exact + half), "ceil": math.ceil(exact), "floor": math.floor(exact)}
    return exact, rounded[quota["rounding"]], max(quota["min"], rounded[quota["rounding"]])


def counts_for(indicator: str, teacher: Row, subject: str) -> bool:
    """Whether a teacher of this subject counts for an indicator."""
    held = {"degree": teacher["high_degree"], "backbone": teacher["backbone"], "pe_art": subject in PE_ART}
    return bool(held[indicator])


class Case:
    """The problem of a bundle with today's numbers."""

    def __init__(self, read: dict[str, Any]) -> None:
        self.policy = read["problem/policy.json"]
        self.schools = {row["school_id"]: row for row in read["problem/schools.csv"]}
        self.teachers = {row["teacher_id"]: row for row in read["problem/teachers.csv"]}
        self.history, self.pins = read["problem/history.csv"], read["problem/pins.csv"]
        people = self.teachers.values()
        self.n = Counter((t["school_id"], t["subject"]) for t in people)
        self.ready = Counter((t["school_id"], t["subject"]) for t in people if t["verdict"] != "no")
        stated = {(r["school_id"], r["subject"]): r["required"] for r in read["problem/requirements.csv"]}
        self.r = {**self.n, **stated}
        self.staff = Counter(t["school_id"] for t in people)
        self.stages = sorted({s["stage"] for s in self.schools.values()})
        self.couples = {
            tuple(sorted((t["teacher_id"], t["spouse_id"])))
            for t in people
            if self.policy["spouse_both_forbidden"] and t["spouse_id"] in self.teachers
        }
        self.couples_of = {name: [pair for pair in self.couples if name in pair] for name in self.teachers}
        self.lines = [line for quota in self.policy["quotas"] for line in self.quota_lines(quota)]
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[line["quota"]] += line["bound"] * (line["sense"] != "le")
        self.required = max(sums.values(), default=0)
        self.m = self.required or 1

    def quota_lines(self, quota: Row) -> list[Row]:
        """The quota of each member with a teacher."""
        base: Counter[str] = Counter()
        for teacher in self.teachers.values():
            base[self.member(quota["scope"], teacher)] += quota["base"] == "staff" or teacher["verdict"] != "no"
        lines = []
        for member in sorted(base):
            exact, rounded, bound = bound_of_quota(quota, base[member])
            line = {"quota": quota["id"], "member": member, "sense": quota["sense"], "base": base[member]}
            line |= {"rate": ratio(share(quota["pct"])), "exact": ratio(exact), "rounded": rounded}
            lines.append(line | {"bound": bound, "scope": quota["scope"]})
        return lines

    def member(self, scope: str, teacher: Row) -> str:
        """The member of a quota's scope to which a teacher belongs."""
        at = self.schools[teacher["school_id"]]
        names = {"school": at["school_id"], "cluster": at["cluster"], "stage": at["stage"], "county": "county"}
        return str((names | {"cluster_stage": f"{at['cluster']}/{at['stage']}"})[scope])

    def distance(self, teacher: Row, school: str) -> float:
        """From home to a school, in km."""
        at = self.schools[school]
        return math.hypot(teacher["home_x"] - at["x_km"], teacher["home_y"] - at["y_km"])

    def refill(self, slot: tuple[str, str]) -> tuple[int, int]:
        """The least and the greatest change of a slot."""
        n, r = self.n[slot], self.r.get(slot, 0)
        return (0, 0) if self.policy["refill"] == "preserve" else (min(n, r) - n, max(n, r) - n)

    def outflow(self, slot: tuple[str, str]) -> int:
        """How many may leave a slot."""
        limit = self.policy["subject_outflow_max"]
        return max(limit["min"], math.floor(share(limit["share"]) * self.n[slot]))

    def room(self, school: str) -> int:
        """How much the staff of a school may grow."""
        return max(self.schools[school]["posts"], self.staff[school]) - self.staff[school]

    def paired(self, one: str, other: str) -> bool:
        """Whether either school names the other."""
        return any(b in self.schools[a]["paired_with"].split("|") for a, b in ((one, other), (other, one)))

    def points(self, teacher: Row, school: str) -> float:
        """The service points of a move."""
        goal = self.policy["objective"]
        wishes = wishes_of(teacher)
        points = goal["pref_missed"] if wishes else 0
        if school in wishes:
            rank = wishes.index(school)
            points = goal["pref_points"][rank] if rank < len(goal["pref_points"]) else 0
        points += goal["paired_bonus"] if self.paired(teacher["school_id"], school) else 0
        return points - math.floor(goal["km_penalty"] * self.detour(teacher, school) + 0.5)

    def detour(self, teacher: Row, school: str) -> float:
        """How much longer the way from home becomes, in km."""
        return max(0.0, self.distance(teacher, school) - self.distance(teacher, teacher["school_id"]))

    def person_faults(self, teacher: Row, school: str, subject: str) -> list[str]:
        """The rules on the person and the pins that one move breaks."""
        name, policy, old = teacher["teacher_id"], self.policy, self.schools[teacher["school_id"]]
        new, limit = self.schools[school], teacher["commute_limit_km"]
        most = min(policy["commute_km_max"], INF if limit is None else limit)
        left = [h["year_left"] for h in self.history if (h["teacher_id"], h["school_id"]) == (name, school)]
        broken = {
            "verdict": teacher["verdict"] == "no",
            "school": school == teacher["school_id"] or new["stage"] != old["stage"],
            "subject": not subject or subject not in (teacher["subject"], teacher["subject2"]),
            "cluster": policy.get("within_cluster", False) and new["cluster"] != old["cluster"],
            "partners": self.outside_partners(teacher["school_id"], school),
            "distance": self.distance(teacher, school) > max(most, self.distance(teacher, old["school_id"])) + 1e-9,
            "return": any(policy["year"] - year < policy["no_return_years"] for year in left),
        }
        for pin in (pin for pin in self.pins if pin["teacher_id"] == name):
            there = pin["school_id"] == school
            fits = there and pin["subject"] in ("", subject)
            broken[pin["kind"]] = {"pin": not fits, "stay": True, "forbid": there}[pin["kind"]]
        return [f"{name}: {rule}" for rule, is_broken in broken.items() if is_broken]

    def outside_partners(self, own: str, host: str) -> bool:
        """Whether the policy keeps a school's staff among its partners, it has some, and the host is none."""
        kept = self.policy.get("within_partners", False) and any(self.paired(own, other) for other in self.schools)
        return kept and not self.paired(own, host)

    def units(self, stage: str) -> list[Row]:
        """The schools of a stage that have pupils."""
        return [s for s in self.schools.values() if s["stage"] == stage and s["pupils"]]

    def direction(self, teacher: Row, school: str) -> Fraction:
        """What a move adds to the row of the direction."""
        rule = self.policy["direction"]
        if self.schools[teacher["school_id"]]["zone"] not in rule["from_zones"]:
            return Fraction(0)
        return (self.schools[school]["zone"] in rule["to_zones"]) - share(rule["share_min"])

    def backbone(self, teacher: Row, _school: str) -> Fraction:
        """What a move adds to the row of the backbone teachers."""
        return teacher["backbone"] - share(self.policy["backbone_share_min"])


def wishes_of(teacher: Row) -> list[str]:
    """The schools that a teacher wishes for, by rank."""
    return [teacher[f"pref{rank}"] for rank in range(1, 6) if teacher[f"pref{rank}"]]


def cv2(pupils: list[int], counts: list[int]) -> Fraction:
    """The square of the coefficient of variation over units with pupils; 0 where nobody counts."""
    pairs = [(p, x) for p, x in zip(pupils, counts, strict=True) if p]
    total = sum(x for _, x in pairs)
    if not total:
        return Fraction(0)
    return sum(p for p, _ in pairs) * sum((Fraction(x * x, p) for p, x in pairs), Fraction(0)) / total**2 - 1


class Plan:
    """A plan with what it does to every school."""

    def __init__(self, case: Case, rows: list[Row]) -> None:
        self.case, self.rows = case, [(case.teachers[r["teacher_id"]], r["to_school"], r["as_subject"]) for r in rows]
        self.change: Counter[tuple[str, str]] = Counter()
        self.left = Counter((t["school_id"], t["subject"]) for t, _, _ in self.rows)
        self.before = Counter(
            (t["school_id"], i) for t in case.teachers.values() for i in INDICATORS if counts_for(i, t, t["subject"])
        )
        self.after = Counter(self.before)
        for teacher, school, subject in self.rows:
            own = teacher["school_id"]
            self.change[school, subject] += 1
            self.change[own, teacher["subject"]] -= 1
            for i in INDICATORS:
                self.after[school, i] += counts_for(i, teacher, subject)
                self.after[own, i] -= counts_for(i, teacher, teacher["subject"])

    def rule_faults(self) -> list[str]:
        """Step 4: every rule that is broken, other than quotas."""
        case, policy, movers = self.case, self.case.policy, [t["teacher_id"] for t, _, _ in self.rows]
        found = [fault for row in self.rows for fault in case.person_faults(*row)]
        found += [f"{name}: twice" for name, times in Counter(movers).items() if times > 1]
        pinned = {pin["teacher_id"] for pin in case.pins if pin["kind"] == "pin"}
        must = {name for name, t in case.teachers.items() if t["verdict"] == "must"} | pinned
        found += [f"{name}: must move" for name in sorted(must - set(movers))]
        found += [f"{a}, {b}: a couple" for a, b in sorted(case.couples) if a in movers and b in movers]
        for slot in sorted(self.change):
            low, high = case.refill(slot)
            if not low <= self.change[slot] <= high or self.left[slot] > case.outflow(slot):
                found.append(f"{slot}: refill or outflow")
        grown: Counter[str] = Counter()
        for (school, _), change in self.change.items():
            grown[school] += change
        found += [f"{school}: total" for school in sorted(grown) if grown[school] > case.room(school)]
        for name, terms in (("direction", case.direction), ("backbone", case.backbone)):
            if policy[{"direction": "direction", "backbone": "backbone_share_min"}[name]] is not None:
                found += [name] if sum(terms(t, school) for t, school, _ in self.rows) < 0 else []
        return found

    def quotas(self) -> list[Row]:
        """The table of quotas with the movers of each member."""
        table = []
        for line in self.case.lines:
            movers = sum(self.case.member(line["scope"], t) == line["member"] for t, _, _ in self.rows)
            table.append({key: value for key, value in line.items() if key != "scope"} | {"actual": movers})
        return table

    def school_figures(self) -> list[Row]:
        """Counts and values per hundred pupils."""
        rows = []
        for name in sorted(self.case.schools):
            pupils = self.case.schools[name]["pupils"]
            for i in INDICATORS:
                row: Row = {"school_id": name, "indicator": i}
                for when, counts in (("before", self.before), ("after", self.after)):
                    row[f"count_{when}"] = counts[name, i]
                    row[f"per100_{when}"] = 100 * counts[name, i] / pupils if pupils else None
                rows.append(row)
        return rows

    def stage_figures(self) -> list[Row]:
        """Coefficients of variation, limits and how many units reach the standard."""
        rows, targets = [], self.case.policy["targets"]
        for stage in self.case.stages:
            units = self.case.units(stage)
            for i in INDICATORS:
                standard = targets["per100"].get(stage, {}).get(i)
                row: Row = {"stage": stage, "indicator": i, "cv_limit": targets["cv"].get(stage), "standard": standard}
                row["schools"] = len(units)
                for when, counts in (("before", self.before), ("after", self.after)):
                    pairs = [(u["pupils"], counts[u["school_id"], i]) for u in units]
                    row[f"cv_{when}"] = math.sqrt(cv2(*map(list, zip(*pairs, strict=True))) if pairs else 0)
                    for word, part in (("reaching", Fraction(1)), ("nearly", NEARLY)):
                        limit = None if standard is None else share(standard) * part
                        reached = [100 * x >= limit * p for p, x in pairs] if limit is not None else None
                        row[f"{word}_{when}"] = None if reached is None else sum(reached)
                rows.append(row)
        return rows

    def imbalance(self, counts: Counter[tuple[str, str]]) -> float:
        """I: weighted squares of the coefficients."""
        total = Fraction(0)
        for stage, weights in self.case.policy["objective"]["indicator_weight"].items():
            units = self.case.units(stage)
            for i, weight in weights.items():
                total += share(weight) * cv2([u["pupils"] for u in units], [counts[u["school_id"], i] for u in units])
        return float(total)

    def below(self, counts: Counter[tuple[str, str]]) -> int:
        """S: how often a unit is below a standard or below 85 % of it."""
        standards = self.case.policy["targets"]["per100"]
        return sum(
            100 * counts[u["school_id"], i] < share(standard) * part * u["pupils"]
            for stage, named in standards.items()
            for i, standard in named.items()
            for u in self.case.units(stage)
            for part in (1, NEARLY)
        )

    def other_figures(self) -> Row:
        """The figures of service and J."""
        case, goal = self.case, self.case.policy["objective"]
        longest = max((len(wishes_of(t)) for t in case.teachers.values()), default=0)
        wishing = [(wishes_of(t), school) for t, school, _ in self.rows if wishes_of(t)]
        met = Counter(wishes.index(school) for wishes, school in wishing if school in wishes)
        service = sum(case.points(t, school) for t, school, _ in self.rows)
        before, after, m = self.imbalance(self.before), self.imbalance(self.after), case.m
        objective = goal["W_imbalance"] * after / (before or 1) - goal["W_service"] * service / (100 * m)
        objective += goal["W_extra"] * max(0, len(self.rows) - case.required) / m
        objective += goal.get("W_standard", 0) * self.below(self.after) / max(1, self.below(self.before))
        return {
            "movers": len(self.rows),
            "required_moves": case.required,
            "backbone_movers": sum(t["backbone"] for t, _, _ in self.rows),
            "paired_moves": sum(case.paired(t["school_id"], school) for t, school, _ in self.rows),
            "imbalance_before": before,
            "imbalance_after": after,
            "service": service,
            "wishes_met": [met[rank] for rank in range(longest)],
            "wishes_missed": sum(school not in wishes for wishes, school in wishing),
            "movers_with_wishes": len(wishing),
            "extra_km": sum(case.detour(t, school) for t, school, _ in self.rows),
            "objective": objective,
        }
