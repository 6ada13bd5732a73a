"""The problem written out for a general solver: every admissible move and every rule as a row.

This is the model a capable engineer writes from the rules in an afternoon: one yes-or-no variable per teacher × school
× subject. It is used by the CP-SAT and the HiGHS peer and shares no code with our planner or with the checker.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

PE_ART = {"pe", "music", "art"}
INDICATORS = ("degree", "backbone", "pe_art")
Move = tuple[str, str, str]


@dataclass
class Row:
    """lo ≤ Σ coefficient × variable ≤ hi; coefficients are whole numbers (shares are multiplied out)."""

    name: str
    lo: int | None
    hi: int | None
    terms: dict[int, int] = field(default_factory=dict)

    def add(self, variable: int, coefficient: int) -> None:
        self.terms[variable] = self.terms.get(variable, 0) + coefficient


@dataclass
class PlainModel:
    """Moves, their service points, the rows, and per (school, indicator) today's count and its convex cost."""

    moves: list[Move]
    points: list[int]
    rows: list[Row]
    counts: dict[tuple[str, str], int]
    count_terms: dict[tuple[str, str], dict[int, int]]
    pupils: dict[str, int]
    stage: dict[str, str]
    moves_due: int
    objective: dict
    imbalance_before: float


def read(folder: Path) -> dict:
    """The interchange files of a folder as plain dictionaries."""

    def table(name: str) -> list[dict[str, str]]:
        path = folder / name
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return {
        "schools": table("schools.csv"),
        "requirements": table("requirements.csv"),
        "teachers": table("teachers.csv"),
        "history": table("history.csv"),
        "policy": json.loads((folder / "policy.json").read_text(encoding="utf-8")),
    }


def rounded(base: int, pct: float | str, rounding: str) -> int:
    """pct × base as whole persons, worked out in integers of a millionth."""
    exact = base * round(float(pct) * 1_000_000)
    if rounding == "ceil":
        return -(-exact // 1_000_000)
    return (exact + (500_000 if rounding == "half_up" else 0)) // 1_000_000


def build(data: dict, nearest: int | None = None) -> PlainModel:
    """The model. With ``nearest`` only that many of the nearest and preferred schools are kept for each teacher."""
    policy, schools = data["policy"], {row["school_id"]: row for row in data["schools"]}
    teachers = {row["teacher_id"]: row for row in data["teachers"]}
    at = {name: (float(row["x_km"]), float(row["y_km"])) for name, row in schools.items()}
    left = defaultdict(set)
    for row in data["history"]:
        if policy["year"] - int(row["year_left"]) < policy["no_return_years"]:
            left[row["teacher_id"]].add(row["school_id"])
    moves, points = _moves(data, teachers, schools, at, left, nearest)
    model = PlainModel(
        moves=moves,
        points=points,
        rows=[],
        counts=Counter(),
        count_terms=defaultdict(dict),
        pupils={name: int(row["pupils"]) for name, row in schools.items()},
        stage={name: row["stage"] for name, row in schools.items()},
        moves_due=1,
        objective=policy["objective"],
        imbalance_before=0.0,
    )
    _person_rows(model, teachers, policy)
    _place_rows(model, data, teachers, schools, policy)
    _quota_rows(model, teachers, schools, policy)
    _share_rows(model, teachers, schools, policy)
    _count_terms(model, teachers, schools)
    return model


def _subjects(teacher: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(s for s in (teacher["subject"], teacher["subject2"]) if s))


def _flags(teacher: dict[str, str], subject: str) -> set[str]:
    held = {name for name, column in (("degree", "high_degree"), ("backbone", "backbone")) if teacher[column] == "1"}
    return held | ({"pe_art"} if subject in PE_ART else set())


def _moves(data, teachers, schools, at, left, nearest):  # noqa: PLR0917
    policy, moves, points = data["policy"], [], []
    by_stage = defaultdict(list)
    for name, row in schools.items():
        by_stage[row["stage"]].append(name)
    for teacher_id, teacher in teachers.items():
        if teacher["verdict"] == "no":
            continue
        home = float(teacher["home_x"]), float(teacher["home_y"])
        today = math.dist(home, at[teacher["school_id"]])
        limit = policy["commute_km_max"]
        if teacher.get("commute_limit_km"):
            limit = min(limit, float(teacher["commute_limit_km"]))
        wishes = [teacher[f"pref{k}"] for k in range(1, 6) if teacher[f"pref{k}"]]
        open_to = []
        for school in by_stage[teacher["stage"]]:
            distance = math.dist(home, at[school])
            if school == teacher["school_id"] or school in left[teacher_id] or distance > max(limit, today) + 1e-9:
                continue
            if policy.get("within_cluster") and schools[school]["cluster"] != schools[teacher["school_id"]]["cluster"]:
                continue
            open_to.append((school not in wishes, distance, school))
        for _, distance, school in sorted(open_to)[:nearest]:
            worth = _points(policy["objective"], wishes, school, max(0.0, distance - today))
            own = schools[teacher["school_id"]]
            if school in own["paired_with"].split("|") or own["school_id"] in schools[school]["paired_with"].split("|"):
                worth += round(policy["objective"]["paired_bonus"])
            for subject in _subjects(teacher):
                moves.append((teacher_id, school, subject))
                points.append(worth)
    return moves, points


def _points(objective: dict, wishes: list[str], school: str, extra_km: float) -> int:
    if school in wishes:
        worth = objective["pref_points"][wishes.index(school)]
    else:
        worth = objective["pref_missed"] if wishes else 0
    return round(worth) - math.floor(objective["km_penalty"] * extra_km + 0.5)


def _person_rows(model: PlainModel, teachers: dict, policy: dict) -> None:
    once = {name: Row(f"once:{name}", int(row["verdict"] == "must"), 1) for name, row in teachers.items()}
    for variable, (teacher, _, _) in enumerate(model.moves):
        once[teacher].add(variable, 1)
    model.rows += [row for row in once.values() if row.terms or row.lo]
    if not policy["spouse_both_forbidden"]:
        return
    for name, row in teachers.items():
        spouse = row["spouse_id"]
        if spouse in teachers and name < spouse and once[name].terms and once[spouse].terms:
            model.rows.append(Row(f"couple:{name}", None, 1, {**once[name].terms, **once[spouse].terms}))


def _place_rows(model: PlainModel, data: dict, teachers: dict, schools: dict, policy: dict) -> None:
    heads = Counter((row["school_id"], row["subject"]) for row in teachers.values())
    present = Counter(row["school_id"] for row in teachers.values())
    needed = {(row["school_id"], row["subject"]): int(row["required"]) for row in data["requirements"]}
    refill, outflow, total = {}, {}, {}
    for school, row in schools.items():
        total[school] = Row(f"total:{school}", None, max(int(row["posts"]), present[school]) - present[school])
    for slot in set(heads) | set(needed):
        today, wanted = heads[slot], needed.get(slot, heads[slot])
        if policy["refill"] == "preserve":
            wanted = today
        refill[slot] = Row(f"refill:{slot}", min(today, wanted) - today, max(today, wanted) - today)
        most = max(
            policy["subject_outflow_max"]["min"], rounded(today, policy["subject_outflow_max"]["share"], "floor")
        )
        outflow[slot] = Row(f"outflow:{slot}", None, most)
    for variable, (teacher, school, subject) in enumerate(model.moves):
        own = teachers[teacher]["school_id"], teachers[teacher]["subject"]
        refill[own].add(variable, -1)
        outflow[own].add(variable, 1)
        refill.setdefault((school, subject), Row(f"refill:{school}:{subject}", 0, 0)).add(variable, 1)
        total[school].add(variable, 1)
        total[own[0]].add(variable, -1)
    model.rows += [row for rows in (refill, outflow, total) for row in rows.values() if row.terms]


def _quota_rows(model: PlainModel, teachers: dict, schools: dict, policy: dict) -> None:
    due = 0
    for quota in policy["quotas"]:
        member = {
            "school": lambda s: s["school_id"],
            "cluster": lambda s: s["cluster"],
            "cluster_stage": lambda s: f"{s['cluster']}/{s['stage']}",
            "stage": lambda s: s["stage"],
            "county": lambda _: "county",
        }[quota["scope"]]
        base = Counter({member(row): 0 for row in schools.values()})
        for row in teachers.values():
            if quota["base"] == "staff" or row["verdict"] != "no":
                base[member(schools[row["school_id"]])] += 1
        rows, lower = {}, 0
        for name, number in base.items():
            bound = max(quota["min"], rounded(number, quota["pct"], quota["rounding"]))
            low, high = (None if quota["sense"] == "le" else bound), (None if quota["sense"] == "ge" else bound)
            rows[name] = Row(f"quota:{quota['id']}:{name}", low, high)
            lower += low or 0
        for variable, (teacher, _, _) in enumerate(model.moves):
            rows[member(schools[teachers[teacher]["school_id"]])].add(variable, 1)
        model.rows += list(rows.values())
        due = max(due, lower)
    model.moves_due = max(1, due)


def _share_rows(model: PlainModel, teachers: dict, schools: dict, policy: dict) -> None:
    million, rule = 1_000_000, policy.get("direction")
    backbone = round(float(policy["backbone_share_min"]) * million)
    shares = Row("backbone", 0, None)
    direction = Row("direction", 0, None)
    for variable, (teacher, school, _) in enumerate(model.moves):
        shares.add(variable, (million if teachers[teacher]["backbone"] == "1" else 0) - backbone)
        if rule and schools[teachers[teacher]["school_id"]]["zone"] in rule["from_zones"]:
            well_sent = schools[school]["zone"] in rule["to_zones"]
            direction.add(variable, (million if well_sent else 0) - round(float(rule["share_min"]) * million))
    model.rows += [shares] * bool(backbone) + [direction] * bool(rule)


def _count_terms(model: PlainModel, teachers: dict, schools: dict) -> None:
    for row in teachers.values():
        for name in _flags(row, row["subject"]):
            model.counts[row["school_id"], name] += 1
    for variable, (teacher, school, subject) in enumerate(model.moves):
        row = teachers[teacher]
        for name in _flags(row, row["subject"]):
            terms = model.count_terms[row["school_id"], name]
            terms[variable] = terms.get(variable, 0) - 1
        for name in _flags(row, subject):
            terms = model.count_terms[school, name]
            terms[variable] = terms.get(variable, 0) + 1
    model.imbalance_before = sum(weight * squared(model, stage, name) for stage, name, weight in weighted(model))


def weighted(model: PlainModel) -> list[tuple[str, str, float]]:
    """(stage, indicator, weight) of the objective."""
    weights = model.objective["indicator_weight"]
    return [(stage, name, weight) for stage, by_name in weights.items() for name, weight in by_name.items()]


def units(model: PlainModel, stage: str) -> list[str]:
    """School units of a stage that have pupils."""
    return [school for school, its in model.stage.items() if its == stage and model.pupils[school] > 0]


def squared(model: PlainModel, stage: str, name: str) -> float:
    """Today's CV² of an indicator."""
    members = units(model, stage)
    total, pupils = sum(model.counts[s, name] for s in members), sum(model.pupils[s] for s in members)
    return pupils * sum(model.counts[s, name] ** 2 / model.pupils[s] for s in members) / total**2 - 1 if total else 0.0


def write_plan(path: Path, moves: list[Move]) -> None:
    """A plan in the interchange form."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("teacher_id", "to_school", "as_subject"))
        writer.writerows(sorted(moves))
