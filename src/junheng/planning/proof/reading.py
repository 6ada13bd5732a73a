"""Reading the files of a bundle back, strictly: anything that is not exactly the canonical form is refused by name."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from junheng.planning.problem import (
    Assignment,
    Candidate,
    Departure,
    Direction,
    Objective,
    Pin,
    PlanningPolicy,
    Problem,
    Quota,
    Requirement,
    SchoolUnit,
)
from junheng.planning.proof.interchange import (
    HEADERS,
    PROBLEM_FILES,
    WISHES,
    MalformedFileError,
    Row,
    canonical_table,
)

WORDS: dict[str, frozenset[str]] = {
    "refill": frozenset({"toward", "preserve"}),
    "scope": frozenset({"school", "cluster", "cluster_stage", "stage", "county"}),
    "base": frozenset({"staff", "eligible"}),
    "sense": frozenset({"eq", "ge", "le"}),
    "rounding": frozenset({"half_up", "ceil", "floor"}),
    "verdict": frozenset({"must", "may", "no"}),
    "kind": frozenset({"pin", "stay", "forbid"}),
}


def read_json(name: str, content: bytes) -> Any:
    """A JSON file as data. Repeated keys, NaN and infinities are refused."""
    try:
        return json.loads(content.decode(), parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as fault:
        raise MalformedFileError(f"{name}: {fault}") from fault


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key appears twice in one object")
    return dict(pairs)


def read_table(name: str, content: bytes) -> list[Row]:
    """The rows of a table whose header is exactly the declared one."""
    kind = name.rpartition("/")[2]
    try:
        lines = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (ValueError, csv.Error) as fault:
        raise MalformedFileError(f"{name}: {fault}") from fault
    header = HEADERS[kind]
    if not lines or tuple(lines[0]) != header:
        raise MalformedFileError(f"{name} line 1: the header is {lines[:1]}, expected {','.join(header)}")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise MalformedFileError(f"{name} line {number}: {len(line)} cells, expected {len(header)}")
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def read_plan(name: str, content: bytes) -> tuple[Assignment, ...]:
    """The moves of ``plan.csv``."""
    return tuple(
        Assignment(row["teacher_id"], row["to_school"], row["as_subject"]) for row in read_table(name, content)
    )


def read_problem(files: Mapping[str, bytes]) -> Problem:
    """The problem of the interchange files, its ids unique and every reference known."""
    tables = {name: read_table(name, files[name]) for name in PROBLEM_FILES if name != "policy.json"}
    problem = Problem(
        schools=tuple(_each("schools.csv", tables, _school)),
        requirements=tuple(_each("requirements.csv", tables, _requirement)),
        teachers=tuple(_each("teachers.csv", tables, _teacher)),
        history=tuple(_each("history.csv", tables, _departure)),
        policy=read_policy("policy.json", files["policy.json"]),
        pins=tuple(_each("pins.csv", tables, _pin)),
    )
    _ids(problem)
    return problem


def _each(name: str, tables: Mapping[str, list[Row]], make: Any) -> list[Any]:
    made = []
    for number, row in enumerate(tables[name], start=2):
        try:
            made.append(make(row))
        except (ValueError, KeyError) as fault:
            raise MalformedFileError(f"{name} line {number}: {fault}") from fault
    return made


def _ids(problem: Problem) -> None:
    schools = _unique("schools.csv", [school.id for school in problem.schools])
    teachers = _unique("teachers.csv", [teacher.id for teacher in problem.teachers])
    _unique("requirements.csv", [f"{row.school_id}:{row.subject}" for row in problem.requirements])
    _unique("policy.json", [quota.id for quota in problem.policy.quotas])
    stage = {school.id: school.stage for school in problem.schools}
    for teacher in problem.teachers:
        _known("teachers.csv", teacher.school_id, schools)
        if teacher.stage != stage[teacher.school_id]:
            raise MalformedFileError(f"teachers.csv: {teacher.id} is of stage {teacher.stage}, the school is not")
    for row in problem.requirements:
        _known("requirements.csv", row.school_id, schools)
    for departure in problem.history:
        _known("history.csv", departure.school_id, schools)
        _known("history.csv", departure.teacher_id, teachers)
    for pin in problem.pins:
        _known("pins.csv", pin.teacher_id, teachers)
        if pin.kind != "stay":
            _known("pins.csv", pin.school_id, schools)


def _unique(name: str, ids: list[str]) -> set[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen or not one:
            raise MalformedFileError(f"{name}: id {one!r} is repeated or empty")
        seen.add(one)
    return seen


def _known(name: str, one: str, ids: set[str]) -> None:
    if one not in ids:
        raise MalformedFileError(f"{name}: {one!r} refers to nothing")


def _word(kind: str, value: str) -> Any:
    if value not in WORDS[kind]:
        raise ValueError(f"{kind} is {value!r}, expected one of {', '.join(sorted(WORDS[kind]))}")
    return value


def _decimal(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError(f"{text!r} is less than 0")
    return value


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is neither 0 nor 1")
    return text == "1"


def _school(row: Row) -> SchoolUnit:
    return SchoolUnit(
        id=row["school_id"],
        name=row["name"],
        stage=row["stage"],
        cluster=row["cluster"],
        x_km=_decimal(row["x_km"]),
        y_km=_decimal(row["y_km"]),
        zone=row["zone"],
        strength=row["strength"],
        pupils=_count(row["pupils"]),
        posts=_count(row["posts"]),
        paired_with=tuple(row["paired_with"].split("|")) if row["paired_with"] else (),
    )


def _requirement(row: Row) -> Requirement:
    return Requirement(row["school_id"], row["subject"], _count(row["required"]))


def _departure(row: Row) -> Departure:
    return Departure(row["teacher_id"], row["school_id"], int(row["year_left"]))


def _pin(row: Row) -> Pin:
    return Pin(row["teacher_id"], _word("kind", row["kind"]), row["school_id"], row["subject"], row["reason"])


def _teacher(row: Row) -> Candidate:
    wishes = [row[f"pref{rank}"] for rank in range(1, WISHES + 1)]
    return Candidate(
        id=row["teacher_id"],
        school_id=row["school_id"],
        stage=row["stage"],
        subject=row["subject"],
        subject2=row["subject2"],
        sex=row["sex"],
        age=_count(row["age"]),
        years_at_school=_count(row["years_at_school"]),
        title=_count(row["title"]),
        backbone=_yes(row["backbone"]),
        high_degree=_yes(row["high_degree"]),
        home_x=_decimal(row["home_x"]),
        home_y=_decimal(row["home_y"]),
        spouse_id=row["spouse_id"],
        verdict=_word("verdict", row["verdict"]),
        preferences=tuple(wish for wish in wishes if wish),
        commute_limit_km=_decimal(row["commute_limit_km"]) if row["commute_limit_km"] else None,
    )


def read_policy(name: str, content: bytes) -> PlanningPolicy:
    """The numbers of the rules from ``policy.json``."""
    data = read_json(name, content)
    try:
        return _policy(data)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as fault:
        raise MalformedFileError(f"{name}: {type(fault).__name__} {fault}") from fault


def _fraction(value: Any) -> Fraction:
    return Fraction(str(value))


def _policy(data: dict[str, Any]) -> PlanningPolicy:
    goal, direction, targets = data["objective"], data["direction"], data["targets"]
    return PlanningPolicy(
        year=int(data["year"]),
        refill=_word("refill", data["refill"]),
        subject_outflow_share=_fraction(data["subject_outflow_max"]["share"]),
        subject_outflow_min=int(data["subject_outflow_max"]["min"]),
        commute_km_max=float(data["commute_km_max"]),
        no_return_years=int(data["no_return_years"]),
        spouse_both_forbidden=bool(data["spouse_both_forbidden"]),
        within_cluster=bool(data.get("within_cluster", False)),
        within_partners=bool(data.get("within_partners", False)),
        direction=None if direction is None else _direction(direction),
        backbone_share_min=_fraction(data["backbone_share_min"]),
        objective=Objective(
            indicator_weight={
                stage: {name: float(weight) for name, weight in weights.items()}
                for stage, weights in goal["indicator_weight"].items()
            },
            pref_points=tuple(float(points) for points in goal["pref_points"]),
            pref_missed=float(goal["pref_missed"]),
            paired_bonus=float(goal["paired_bonus"]),
            km_penalty=float(goal["km_penalty"]),
            w_imbalance=float(goal["W_imbalance"]),
            w_service=float(goal["W_service"]),
            w_extra=float(goal["W_extra"]),
            w_standard=float(goal.get("W_standard", 0.0)),
        ),
        quotas=tuple(_quota(row) for row in data["quotas"]),
        cv_limit={stage: float(limit) for stage, limit in targets["cv"].items()},
        per100={
            stage: {name: float(standard) for name, standard in standards.items()}
            for stage, standards in targets["per100"].items()
        },
    )


def _direction(data: dict[str, Any]) -> Direction:
    return Direction(tuple(data["from_zones"]), tuple(data["to_zones"]), _fraction(data["share_min"]))


def _quota(row: dict[str, Any]) -> Quota:
    return Quota(
        id=str(row["id"]),
        scope=_word("scope", row["scope"]),
        base=_word("base", row["base"]),
        sense=_word("sense", row["sense"]),
        pct=_fraction(row["pct"]),
        rounding=_word("rounding", row["rounding"]),
        min=int(row["min"]),
    )


def read_folder(folder: Path) -> Problem:
    """The problem of a folder of interchange files; ``pins.csv`` may be missing."""
    contents = {name: (folder / name).read_bytes() for name in PROBLEM_FILES if (folder / name).exists()}
    contents.setdefault("pins.csv", canonical_table("pins.csv", ()))
    missing = sorted(set(PROBLEM_FILES) - contents.keys())
    if missing:
        raise MalformedFileError(f"{folder}: {', '.join(missing)} not found")
    return read_problem(contents)
