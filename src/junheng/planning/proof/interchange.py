"""The interchange files of a problem in one canonical form: the same problem always gives the same bytes.

Tables are UTF-8 without a byte-order mark, ``\\n`` line ends, minimal quoting, rows in the order of their ids; numbers
as short as they can be written exactly. JSON has sorted keys and no spaces, and one line end at its end.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from junheng.planning.problem import (
    Assignment,
    Candidate,
    PlanningPolicy,
    Problem,
    SchoolUnit,
)

WISHES = 5
HEADERS: dict[str, tuple[str, ...]] = {
    "schools.csv": (
        "school_id", "name", "stage", "cluster", "x_km", "y_km", "zone", "strength", "pupils", "posts", "paired_with",
    ),
    "requirements.csv": ("school_id", "subject", "required"),
    "teachers.csv": (
        "teacher_id", "school_id", "stage", "subject", "subject2", "sex", "age", "years_at_school", "title", "backbone",
        "high_degree", "home_x", "home_y", "spouse_id", "verdict", "pref1", "pref2", "pref3", "pref4", "pref5",
        "commute_limit_km",
    ),
    "history.csv": ("teacher_id", "school_id", "year_left"),
    "pins.csv": ("teacher_id", "kind", "school_id", "subject", "reason"),
    "plan.csv": ("teacher_id", "to_school", "as_subject"),
    "verdicts.csv": ("teacher_id", "verdict", "clauses"),
    "salts.csv": ("entry", "salt"),
    "runs.csv": ("number", "at", "seed", "gap", "problem", "plan", "objective", "previous", "digest"),
}  # fmt: skip
PROBLEM_FILES = ("schools.csv", "requirements.csv", "teachers.csv", "history.csv", "pins.csv", "policy.json")
Row = dict[str, str]


class MalformedFileError(ValueError):
    """A file that is not in the interchange form; the message says which, where, and what was expected."""


def canonical_json(value: Any) -> bytes:
    """JSON bytes that depend on the value only. Infinite and undefined numbers are refused."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def canonical_table(name: str, rows: Iterable[Sequence[object]]) -> bytes:
    """A table as bytes: header, then the rows as given."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS[name])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """A number as short as it reads back exactly; whole numbers without a point, zero without a sign."""
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number that a file can hold")
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))


def problem_files(problem: Problem) -> dict[str, bytes]:
    """The files of a problem by name. A teacher with more than five wishes is a ``ValueError``."""
    crowded = [teacher.id for teacher in problem.teachers if len(teacher.preferences) > WISHES]
    if crowded:
        raise ValueError(f"teacher {crowded[0]} states more than {WISHES} wishes; teachers.csv has room for {WISHES}")
    return {
        "schools.csv": canonical_table("schools.csv", map(_school_row, problem.schools)),
        "requirements.csv": canonical_table(
            "requirements.csv", ((row.school_id, row.subject, row.required) for row in problem.requirements)
        ),
        "teachers.csv": canonical_table("teachers.csv", map(_teacher_row, problem.teachers)),
        "history.csv": canonical_table(
            "history.csv", ((row.teacher_id, row.school_id, row.year_left) for row in problem.history)
        ),
        "pins.csv": canonical_table(
            "pins.csv", ((p.teacher_id, p.kind, p.school_id, p.subject, p.reason) for p in problem.pins)
        ),
        "policy.json": canonical_json(policy_document(problem.policy)),
    }


def plan_file(assignments: Iterable[Assignment]) -> bytes:
    """``plan.csv``: one row a mover, in the order of teacher ids."""
    rows = sorted(assignments)
    return canonical_table("plan.csv", ((row.teacher_id, row.to_school, row.as_subject) for row in rows))


def _school_row(school: SchoolUnit) -> tuple[object, ...]:
    return (
        school.id, school.name, school.stage, school.cluster, float(school.x_km), float(school.y_km), school.zone,
        school.strength, school.pupils, school.posts, "|".join(sorted(school.paired_with)),
    )  # fmt: skip


def _teacher_row(person: Candidate) -> tuple[object, ...]:
    wishes = (*person.preferences, *[""] * (WISHES - len(person.preferences)))
    limit = None if person.commute_limit_km is None else float(person.commute_limit_km)
    return (
        person.id, person.school_id, person.stage, person.subject, person.subject2, person.sex, person.age,
        person.years_at_school, person.title, person.backbone, person.high_degree, float(person.home_x),
        float(person.home_y), person.spouse_id, person.verdict, *wishes, limit,
    )  # fmt: skip


def policy_document(policy: PlanningPolicy) -> dict[str, Any]:
    """``policy.json`` as data. Shares are written as decimals where they are exact, else as "1/3"."""
    objective = policy.objective
    direction = policy.direction
    bounds = {"within_cluster": policy.within_cluster, "within_partners": policy.within_partners}
    return {name: True for name, holds in bounds.items() if holds} | {
        "year": policy.year,
        "refill": policy.refill,
        "subject_outflow_max": {"share": _share(policy.subject_outflow_share), "min": policy.subject_outflow_min},
        "commute_km_max": _plain(policy.commute_km_max),
        "no_return_years": policy.no_return_years,
        "spouse_both_forbidden": policy.spouse_both_forbidden,
        "direction": direction
        and {
            "from_zones": list(direction.from_zones),
            "to_zones": list(direction.to_zones),
            "share_min": _share(direction.share_min),
        },
        "backbone_share_min": _share(policy.backbone_share_min),
        "targets": {"cv": _plain(policy.cv_limit), "per100": _plain(policy.per100)},
        "objective": {
            "indicator_weight": _plain(objective.indicator_weight),
            "pref_points": _plain(list(objective.pref_points)),
            "pref_missed": _plain(objective.pref_missed),
            "paired_bonus": _plain(objective.paired_bonus),
            "km_penalty": _plain(objective.km_penalty),
            "W_imbalance": _plain(objective.w_imbalance),
            "W_service": _plain(objective.w_service),
            "W_extra": _plain(objective.w_extra),
        }
        | ({"W_standard": _plain(objective.w_standard)} if objective.w_standard else {}),
        "quotas": [
            {
                "id": quota.id, "scope": quota.scope, "base": quota.base, "sense": quota.sense,
                "pct": _share(quota.pct), "rounding": quota.rounding, "min": quota.min,
            }
            for quota in policy.quotas
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Numbers written one way only: a float that is whole becomes an integer."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _share(value: Fraction) -> int | float | str:
    exact = Fraction(value)
    decimal = float(exact)
    return _plain(decimal) if Fraction(str(decimal)) == exact else f"{exact.numerator}/{exact.denominator}"
