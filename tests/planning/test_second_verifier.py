"""Two verifiers, of which one knows nothing but docs/proof-bundle.md, accept and refuse the same bundles."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.planning import test_proof as cast
from tests.planning.second_arithmetic import Case, Plan
from tests.planning.second_bound import Bound
from tests.planning.second_verifier import read_bundle, verify

from junheng.planning.checking import check
from junheng.planning.problem import Assignment, Objective, Problem
from junheng.planning.proof import Bundle, bound_of, verify_bundle
from junheng.planning.proof.interchange import canonical_json
from junheng.planning.solving import solve

LENIENT = {"direction", "reference_date", "deadline", "pack"}
"""Where the product is known to read what it should refuse; see the last tests."""
NONE: dict[int, list[str]] = {step: [] for step in range(1, 10)}
CELLS = (
    "",
    "0",
    "1",
    "2",
    "-1",
    "1.5",
    "2.0",
    "x",
    "S1",
    "S2",
    "S9",
    "pe",
    "music",
    "must",
    "may",
    "no",
    "stay",
    "pin",
)


def recomputed(bundle: Bundle) -> tuple[Plan, float]:
    """The plan of a bundle and the bound that its multipliers prove, by the second verifier."""
    _, read = read_bundle(bundle.directory, [])
    case = Case(read)
    return Plan(case, read["plan.csv"]), Bound(case, read["certificate.json"]["multipliers"]).value()


def written(folder: Path, problem: Problem, plan: tuple[Assignment, ...], **changes: Any) -> Bundle:
    """A bundle of any problem."""
    return cast.write(
        folder, plan, problem=problem, verdicts={t.id: (t.verdict, "R-001") for t in problem.teachers}, **changes
    )


def assert_the_same_numbers(problem: Problem, bundle: Bundle, plan: tuple[Assignment, ...]) -> None:
    """J and the bound of both verifiers; the multipliers are those of the bundle under the names of the problem."""
    second, bound = recomputed(bundle)
    assert second.other_figures()["objective"] == pytest.approx(check(problem, plan).figures.objective, abs=1e-6)
    assert verify_bundle(bundle.directory).bound == pytest.approx(bound, abs=1e-6)


def test_honest_bundles_pass_every_step(tmp_path: Path) -> None:
    plain = cast.write(tmp_path / "plain")
    assert verify(plain.directory, root=plain.root) == NONE
    assert_the_same_numbers(cast.TINY, plain, cast.BEST)
    assert recomputed(plain)[1] == pytest.approx(bound_of(cast.TINY, cast.CERTIFICATE), abs=1e-6)
    kept = cast.promised(tmp_path / "kept")
    assert verify(kept.directory, root=kept.root, commitment=cast.PROMISE.digest) == NONE
    assert verify(kept.directory, root=plain.root)[2]
    assert verify(kept.directory, commitment="00" * 32)[3]
    assert verify(plain.directory, commitment=cast.PROMISE.digest)[3]


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["A", "B", "C"])
def test_what_the_planner_publishes_passes_every_step(policy: str, tmp_path: Path) -> None:
    problem = cast.make_instance(240, 3, policy)
    result = solve(problem)
    facts = {"certificate": result.certificate, "objective": result.objective, "bound": result.bound}
    bundle = written(tmp_path / "bundle", problem, result.assignments, **facts)
    assert verify(bundle.directory, root=bundle.root) == NONE
    assert recomputed(bundle)[1] == pytest.approx(bound_of(problem, result.certificate), abs=1e-6)
    assert_the_same_numbers(problem, bundle, result.assignments)


def some_plan(problem: Problem, chance: random.Random) -> tuple[Assignment, ...]:
    """Any moves, which may break any rule."""
    movers = chance.sample(problem.teachers, 4)
    schools = {t.id: [s.id for s in problem.schools if s.id != t.school_id] for t in movers}
    return tuple(Assignment(t.id, chance.choice(schools[t.id]), chance.choice(t.subjects)) for t in movers)


def drawn(random_problem: Any, seed: int, standard: float) -> Problem:
    """A random county, with a price on missed standards where one is given."""
    problem: Problem = random_problem(seed, teachers=24, eligible=14, schools=6)
    goal: Objective = replace(problem.policy.objective, w_standard=standard)
    per100 = {"primary": {"degree": 4.2, "pe_art": 3.1}, "junior": {"backbone": 2.0, "pe_art": 2.5}}
    return replace(problem, policy=replace(problem.policy, objective=goal, per100=per100))


def row_names(problem: Problem) -> list[str]:
    """Names of rows of the dual."""
    schools = [s.id for s in problem.schools]
    needs = [(r.school_id, r.subject) for r in problem.requirements]
    names = [f"{kind}:{s}:{subject}" for kind in ("refill", "outflow") for s, subject in needs]
    names += [f"count:{s}:{i}" for s in schools for i in ("degree", "backbone", "pe_art")]
    staffed = {t.school_id for t in problem.teachers}
    names += [f"total:{s}" for s in schools] + [f"quota:most:{s}" for s in schools if s in staffed] + ["backbone"]
    return names + (["direction"] if problem.policy.direction else [])


@pytest.mark.parametrize("standard", [0.0, 20.0])
@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 60))])
def test_both_find_the_same_numbers_and_faults_whatever_the_plan(
    seed: int, standard: float, random_problem: Any, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable plan, not a secret
    problem = drawn(random_problem, seed, standard)
    plan = some_plan(problem, chance)
    names = row_names(problem)
    multipliers = {name: chance.uniform(-9, 9) for name in chance.sample(names, chance.randrange(len(names)))}
    most = problem.policy.objective.w_extra / max(1, check(problem, ()).figures.required_moves)
    multipliers |= {"extra": chance.uniform(0, most)} if chance.random() < 0.5 else {}
    proven = bound_of(problem, multipliers)
    facts = {"certificate": multipliers, "objective": check(problem, plan).figures.objective, "bound": proven}
    bundle = written(tmp_path / "bundle", problem, plan, **facts)
    assert recomputed(bundle)[1] == pytest.approx(proven, abs=1e-6)
    assert_the_same_numbers(problem, bundle, plan)
    assert steps_refused(bundle.directory) == cast.failed(verify_bundle(bundle.directory))


def steps_refused(folder: Path) -> list[int]:
    """The steps at which the second verifier finds faults."""
    return [step for step, found in verify(folder).items() if found]


@pytest.mark.parametrize("number", cast.LIES)
def test_a_consistent_forger_is_caught_by_the_same_step(number: int, tmp_path: Path) -> None:
    bundle = cast.write(tmp_path / "bundle")
    cast.LIES[number](bundle.directory)
    cast.reseal(bundle.directory)
    assert steps_refused(bundle.directory) == [number]


@pytest.mark.parametrize(("seed", "times"), [(2026, 100), pytest.param(1, 1000, marks=pytest.mark.slow)])
def test_every_changed_byte_is_found(seed: int, times: int, tmp_path: Path) -> None:
    bundle = cast.promised(tmp_path / "bundle")
    chance = random.Random(seed)  # noqa: S311 - repeatable damage, not a secret
    honest = cast.files(bundle.directory)
    for attempt in range(times):
        name = sorted(honest)[attempt % len(honest)]
        (bundle.directory / name).write_bytes(cast.mutate(honest[name], chance))
        assert steps_refused(bundle.directory), (name, attempt)
        (bundle.directory / name).write_bytes(honest[name])
    assert steps_refused(bundle.directory) == []


def other_cell(content: bytes, chance: random.Random) -> bytes:
    """A table in which one cell says something else, in order."""
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    if not rows:
        rows = [[chance.choice(CELLS) for _ in header]]
    row, column = chance.choice(rows), chance.randrange(len(header))
    row[column] = chance.choice((*CELLS, *(other[column] for other in rows)))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *sorted(rows)])
    return text.getvalue().encode()


def other_value(content: bytes, chance: random.Random) -> bytes:
    """A document in which one value is another, has gone or has come."""
    data = json.loads(content)
    node: Any = data
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = chance.choice(keys)
        if not isinstance(node[key], dict | list) or chance.random() < 0.1:
            break
        node = node[key]
    if not keys or key in LENIENT or chance.random() < 0.1:
        if isinstance(node, dict):
            node["other"] = chance.choice((1, "x", None))
        else:
            node.append(chance.choice((1, "x", None)))
        return canonical_json(data)
    if chance.random() < 0.1:
        del node[key]
        return canonical_json(data)
    old = node[key]
    near = (old + 1, old - 1, old * 1.001, -old) if isinstance(old, int | float) else (f"{old}x",)
    node[key] = chance.choice((*near, *near, *near, None, "", "S1", 0, 1, True, "1/3", 1e-12, [], {}))
    return canonical_json(data)


@pytest.mark.parametrize(("seed", "times"), [(4, 60), pytest.param(5, 1500, marks=pytest.mark.slow)])
def test_both_agree_on_every_forgery_that_is_sealed_again(seed: int, times: int, tmp_path: Path) -> None:
    bundle = cast.promised(tmp_path / "bundle")
    chance = random.Random(seed)  # noqa: S311 - repeatable forgeries, not secrets
    honest = cast.files(bundle.directory)
    names = sorted(honest.keys() - {"manifest.json", "policy/demo.yaml", "salts.csv"})
    apart, refused = [], 0
    for attempt in range(times):
        name = names[attempt % len(names)]
        forge = other_cell if name.endswith(".csv") else other_value
        (bundle.directory / name).write_bytes(forge(honest[name], chance))
        cast.reseal(bundle.directory)
        mine, theirs = verify(bundle.directory), verify_bundle(bundle.directory)
        refused += not theirs.accepted
        if any(mine.values()) == theirs.accepted:
            apart.append((name, (bundle.directory / name).read_text(), mine, theirs.lines("en")))
        (bundle.directory / name).write_bytes(honest[name])
    assert apart == []
    assert times / 2 < refused < times


def test_shares_are_exact_fractions(tmp_path: Path) -> None:
    """0.3 of ten teachers is three of them, though the nearest double is less."""
    policy = replace(cast.POLICY, backbone_share_min=Fraction(3, 10), subject_outflow_share=Fraction(3, 10))
    problem = replace(cast.TINY, policy=policy)
    bundle = written(tmp_path / "bundle", problem, cast.BEST, certificate={}, bound=-math.inf)
    assert steps_refused(bundle.directory) == cast.failed(verify_bundle(bundle.directory))


def test_a_direction_that_is_empty_text_is_refused_by_both(tmp_path: Path) -> None:
    bundle = cast.write(tmp_path / "bundle")
    cast.edit_json(bundle.directory / "problem" / "policy.json", lambda data: data.update(direction=""))
    cast.reseal(bundle.directory)
    assert steps_refused(bundle.directory)
    assert not verify_bundle(bundle.directory).accepted


@pytest.mark.parametrize("name", ["deadline", "pack", "reference_date"])
def test_a_word_of_the_commitment_that_is_no_text_is_refused_by_both(name: str, tmp_path: Path) -> None:
    bundle = cast.promised(tmp_path / "bundle")
    cast.edit_json(bundle.directory / "commitment.json", lambda data: data.update({name: 0}))
    cast.reseal(bundle.directory)
    assert steps_refused(bundle.directory)
    assert not verify_bundle(bundle.directory).accepted
