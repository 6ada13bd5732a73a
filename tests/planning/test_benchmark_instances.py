"""The synthetic counties on which we measure look like the counties they stand for."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from junheng.planning.checking import check
from junheng.planning.problem import Problem

INSTANCES = Path(__file__).resolve().parents[2] / "benchmarks" / "instances.py"


@pytest.fixture(scope="module")
def instances() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_instances", INSTANCES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def county(instances: ModuleType) -> Problem:
    made: Problem = instances.make_instance(4000, 1, "A")
    return made


def test_a_county_has_the_schools_and_people_of_one(county: Problem) -> None:
    assert len(county.teachers) == 4000
    assert len(county.schools) == 86
    verdicts = Counter(teacher.verdict for teacher in county.teachers)
    assert 1500 <= verdicts["must"] + verdicts["may"] <= 1750
    assert verdicts["must"] == 60
    assert sum(1 for teacher in county.teachers if teacher.spouse_id) == 200
    staff = Counter(teacher.school_id for teacher in county.teachers)
    assert 9 <= min(staff.values()) <= 12
    villages = [staff[s.id] for s in county.schools if s.zone == "village" and s.stage == "primary"]
    assert 16 <= sum(villages) / len(villages) <= 20


def test_pupils_per_teacher_are_the_national_ones(county: Problem) -> None:
    for stage, ratio in (("primary", 16.3), ("junior", 12.8)):
        pupils = sum(school.pupils for school in county.schools if school.stage == stage)
        assert pupils / sum(teacher.stage == stage for teacher in county.teachers) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_indicators_are_as_uneven_as_published(instances: ModuleType, seed: int) -> None:
    found = {
        (line.stage, line.indicator): line.cv_before
        for line in check(instances.make_instance(4000, seed, "A"), ()).figures.stages
    }
    published = {
        ("primary", "degree"): 0.31,
        ("junior", "degree"): 0.20,
        ("primary", "backbone"): 0.87,
        ("junior", "backbone"): 0.69,
        ("primary", "pe_art"): 0.41,
        ("junior", "pe_art"): 0.30,
    }
    for key, value in published.items():
        assert found[key] == pytest.approx(value, rel=0.45), key


def test_couples_are_mutual_and_of_one_address(county: Problem) -> None:
    by_id = {teacher.id: teacher for teacher in county.teachers}
    for teacher in county.teachers:
        if teacher.spouse_id:
            spouse = by_id[teacher.spouse_id]
            assert spouse.spouse_id == teacher.id
            assert (spouse.home_x, spouse.home_y) == (teacher.home_x, teacher.home_y)
            assert {teacher.verdict, spouse.verdict} != {"must"}


def test_who_must_move_has_somewhere_to_go(county: Problem) -> None:
    for teacher in county.teachers:
        if teacher.verdict == "must":
            near = [
                school
                for school in county.schools
                if school.stage == teacher.stage
                and school.id != teacher.school_id
                and math.dist((teacher.home_x, teacher.home_y), (school.x_km, school.y_km)) <= 30
            ]
            assert len(near) >= 4


def test_required_numbers_differ_both_ways_and_add_up_to_those_present(county: Problem) -> None:
    heads = Counter((teacher.school_id, teacher.subject) for teacher in county.teachers)
    stage = {school.id: school.stage for school in county.schools}
    present: Counter[tuple[str, str]] = Counter()
    needed: Counter[tuple[str, str]] = Counter()
    gaps = []
    for row in county.requirements:
        present[stage[row.school_id], row.subject] += heads[row.school_id, row.subject]
        needed[stage[row.school_id], row.subject] += row.required
        gaps.append(row.required - heads[row.school_id, row.subject])
    assert present == needed
    assert min(gaps) < 0 < max(gaps)


@pytest.mark.parametrize("teachers", [240, 1000])
def test_every_size_and_policy_is_made_and_the_policy_changes_only_the_rules(
    instances: ModuleType, teachers: int
) -> None:
    made = [instances.make_instance(teachers, 5, policy) for policy in ("A", "B", "C")]
    assert made[0].teachers == made[1].teachers == made[2].teachers
    assert made[0].policy.quotas != made[1].policy.quotas != made[2].policy.quotas
    assert len(made[0].teachers) == teachers


def test_a_district_is_denser_than_a_county(instances: ModuleType) -> None:
    district = instances.make_instance(3000, 1, "A", shape="district")
    spread = max(abs(school.x_km) for school in district.schools)
    assert len(district.teachers) == 3000
    assert spread < 15
