"""Conflicts, least numbers and what-ifs of small problems, against every plan and every relaxation there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from benchmarks.instances import make_instance
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.conftest import _random_problem

from junheng.planning import Assignment, Diagnosis, Problem, diagnose
from junheng.planning.checking import check
from junheng.planning.problem import Departure, Pin, Quota
from junheng.planning.relaxing import ChangeError, apply_changes, read_changes, remedies_of, try_changes
from junheng.planning.relaxing.loosening import KINDS, Loose
from junheng.planning.relaxing.settings import settings_of
from junheng.planning.solving.market import market_of

Factory = Callable[..., Problem]
FAR = {"commute_km_max": 1e9, "no_return_years": 0, "within_cluster": False}


def every_plan(loose: Loose) -> Iterator[np.ndarray]:
    """Every choice of at most one opening for each teacher."""
    teacher = loose.openings.arcs.teacher
    options = [[-1, *np.flatnonzero(teacher == t)] for t in np.unique(teacher)]
    for taken in product(*options):
        yield np.array([i for i in taken if i >= 0], dtype=np.int64)


def amounts_of_every_plan(problem: Problem) -> tuple[Loose, np.ndarray]:
    """(plans, rules) by how much each plan breaks each rule, each different row once."""
    loose = Loose(market_of(problem))
    return loose, np.unique(np.array([loose.amounts(plan) for plan in every_plan(loose)]), axis=0)


def few_plans(problem: Problem, most: int = 600) -> bool:
    """Whether all plans can be listed."""
    teacher = Loose(market_of(problem)).openings.arcs.teacher
    number = 1.0
    for t in np.unique(teacher):
        number *= 1 + int((teacher == t).sum())
    return number <= most


Cases = list[tuple[Problem, Loose, np.ndarray, Diagnosis]]


def infeasible_cases(random_problem: Factory, seeds: Sequence[int], most: int = 600) -> Cases:
    """Problems without a plan, with every plan and with what is said of them."""
    cases = []
    for seed in seeds:
        problem = random_problem(seed, teachers=12, eligible=4, schools=5)
        if few_plans(problem, most):
            loose, amounts = amounts_of_every_plan(problem)
            if amounts.sum(axis=1).min() > 1e-6:
                cases.append((problem, loose, amounts, diagnose(problem)))
    return cases


@pytest.fixture(scope="module")
def cases() -> Cases:
    return infeasible_cases(_random_problem, range(24))


@pytest.fixture(scope="module")
def many_cases() -> Cases:
    return infeasible_cases(_random_problem, range(100, 220), most=4000)


def test_amounts_are_what_the_checker_objects_to(random_problem: Factory) -> None:
    """The programme's count of broken rules is nought exactly where the independent checker objects to nothing."""
    seen = {True: 0, False: 0}
    for seed in range(4):
        problem = random_problem(seed, teachers=10, eligible=3, schools=4)
        loose = Loose(market_of(problem))
        market, arcs = loose.market, loose.openings.arcs
        for plan in every_plan(loose):
            moves = [
                Assignment(market.teacher_ids[arcs.teacher[i]], market.school_ids[arcs.school[i]], market.subjects[s])
                for i, s in zip(plan, arcs.subject[plan], strict=True)
            ]
            kept = bool(loose.amounts(plan).sum() <= 1e-6)
            assert kept == check(problem, moves).feasible
            seen[kept] += 1
    assert min(seen.values()) > 0


def test_conflicts_are_irreducible_and_share_no_rule(cases: Cases) -> None:
    several = 0
    for _, loose, amounts, found in cases:
        named = [name for conflict in found.conflicts for name in conflict.rules]
        assert len(named) == len(set(named))
        for conflict in found.conflicts:
            rules = [loose.rule(name) for name in conflict.rules]
            assert amounts[:, rules].sum(axis=1).min() > 1e-6
            for left_out in rules:
                assert amounts[:, [r for r in rules if r != left_out]].sum(axis=1).min() <= 1e-6
            assert conflict.irreducible
            several += len(rules) > 1
        lifted = np.ones(loose.size, dtype=bool)
        lifted[[loose.rule(name) for name in named]] = False
        assert found.every_conflict == (amounts[:, lifted].sum(axis=1).min() <= 1e-6)
    assert several > 3


def test_kinds_in_conflict_are_irreducible(cases: Cases) -> None:
    seen = 0
    for _, loose, amounts, found in cases:
        kinds = [loose.of_kind(kind) for kind in found.kinds]
        assert amounts[:, np.any(kinds, axis=0)].sum(axis=1).min() > 1e-6
        for i in range(len(kinds)):
            rest = [mask for j, mask in enumerate(kinds) if j != i]
            assert not rest or amounts[:, np.any(rest, axis=0)].sum(axis=1).min() <= 1e-6
        seen += 1
    assert seen > 5


def test_least_numbers_alone_and_together_are_the_least_of_all_plans(cases: Cases) -> None:
    enough = {True: 0, False: 0}
    for _, loose, amounts, found in cases:
        for alone in found.alone:
            mine = loose.of_kind(alone.family)
            possible = amounts[amounts[:, ~mine].sum(axis=1) <= 1e-6]
            assert alone.enough == (len(possible) > 0)
            enough[alone.enough] += 1
            if alone.enough:
                least = possible[:, mine].sum(axis=1).min()
                assert alone.by == pytest.approx(least, abs=1e-6)
                assert alone.least is not None
                assert alone.least <= least + 1e-6
        fewest = amounts.sum(axis=1).min()
        assert sum(row.by for row in found.together) == pytest.approx(fewest, abs=1e-6)
        assert found.fewest <= fewest + 1e-6
        assert {a.family for a in found.alone} <= set(KINDS)
    assert min(enough.values()) > 3


def test_least_settings_are_the_least(cases: Cases) -> None:
    """A setting's value suffices, the one before it does not, by listing every plan under each."""
    found = 0
    for problem, loose, _, diagnosis in [c for c in cases if any(t.change for t in c[3].thresholds)][:3] + cases[:2]:
        told = {t.change.text for t in diagnosis.thresholds if t.change}
        for setting in settings_of(problem, loose):
            change = next((setting.change(v) for v in setting.values if setting.change(v).text in told), None)
            if change is None:
                assert not _feasible(problem, setting.change(setting.values[-1]).text)
                continue
            found += 1
            at = setting.values.index(change.value)
            assert _feasible(problem, change.text)
            assert at == 0 or not _feasible(problem, setting.change(setting.values[at - 1]).text)
    assert found > 3


def _feasible(problem: Problem, text: str) -> bool:
    changed = apply_changes(problem, read_changes(text, problem))
    return bool(amounts_of_every_plan(changed)[1].sum(axis=1).min() <= 1e-6)


def test_remedies_are_true_and_exceed_only_what_they_name(cases: Cases) -> None:
    tried = 0
    for problem, _, _, diagnosis in cases[:4]:
        for remedy in remedies_of(problem, diagnosis):
            changed = apply_changes(problem, remedy.changes)
            loose = Loose(market_of(changed))
            assert any(loose.amounts(plan).sum() <= 1e-6 for plan in every_plan(loose))
            assert not any(c.excepted for c in remedy.changes) or remedy.exceeds > 0 or remedy.moves == 0
            tried += 1
    assert tried > 2


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_a_change_that_is_no_remedy_is_said_to_be_none(seed: int) -> None:
    """What a trial answers agrees with a list of every plan under the change."""
    problem = _random_problem(seed, teachers=10, eligible=3, schools=4)
    texts = [
        "commute=60",
        "no-return=0",
        "outflow-min=3",
        f"stay:{problem.teachers[0].id}",
        "quota:least=0%;quota:least:min=0",
    ]
    text = texts[seed % len(texts)]
    assert try_changes(problem, read_changes(text, problem)).works == _feasible(problem, text)


def test_stranded_must_mover_is_a_conflict_with_the_commute(four_schools: Problem) -> None:
    far = _with(four_schools, "A1", verdict="must", home_x=-1.0, home_y=0.0)
    far = replace(far, policy=replace(far.policy, commute_km_max=3.0, quotas=()))
    found = diagnose(far)
    assert found.conflicts[0].rules == ("must:A1", "commute:A1")
    assert found.kinds == ("must", "commute")
    texts = [r.text for r in remedies_of(far, found)]
    assert set(texts) == {"stay:A1", "commute:A1=4", "commute=4"}


def test_pin_against_a_decision_to_stay_is_a_conflict_of_decisions(four_schools: Problem) -> None:
    torn = replace(four_schools, pins=(Pin("A1", "pin", "D"), Pin("A1", "forbid", "D")))
    found = diagnose(torn)
    assert {"pin", "forbid"} <= {kind for conflict in found.conflicts for kind in conflict.kinds}
    assert "decision:A1" in {r.text for r in remedies_of(torn, found)}


def test_quota_of_one_school_is_named_with_the_limit_on_leavers(four_schools: Problem) -> None:
    double = Quota("two", "school", "staff", "ge", Fraction(1, 2), "half_up", 1)
    pinned = replace(four_schools, policy=replace(four_schools.policy, quotas=(double,)))
    found = diagnose(pinned)
    assert len(found.conflicts) == 4
    assert ("outflow:B:chinese", "quota:two:B") in {tuple(c.rules) for c in found.conflicts}
    assert {t.change.text for t in found.thresholds if t.change} == {"quota:two=37%"}


def _with(problem: Problem, teacher_id: str, **changes: object) -> Problem:
    teachers = tuple(replace(t, **changes) if t.id == teacher_id else t for t in problem.teachers)  # type: ignore[arg-type]
    return replace(problem, teachers=teachers)


def test_changes_are_read_with_names_and_full_width_signs(four_schools: Problem) -> None:
    named = replace(four_schools, schools=tuple(replace(s, name=f"第{s.id}小学") for s in four_schools.schools))
    assert read_changes("quota：one：第A小学＝－1；commute=12", named) == read_changes(
        "quota:one:A=-1; commute=12", named
    )
    changed = apply_changes(named, read_changes("quota:one:第A小学=-1; commute=12", named))
    assert changed.exceptions == (("quota:one:A", -1.0),)
    assert changed.policy.commute_km_max == 12


@pytest.mark.parametrize(
    "text",
    ["", "commute", "commute=x", "commute=-3=", "quota:none=5%", "quota:one:nowhere=-1", "stay:nobody", "backbone=120%",
     "outflow:A:chinese", "direction=10%", "refill=maybe", "posts:A=two", "no-return=-1=1"],
)  # fmt: skip
def test_changes_that_do_not_fit_are_refused_in_both_languages(four_schools: Problem, text: str) -> None:
    with pytest.raises(ChangeError) as fault:
        read_changes(text, four_schools)
    assert fault.value.zh
    assert fault.value.en


def test_no_return_of_one_person_can_be_lifted(four_schools: Problem) -> None:
    back = replace(_with(four_schools, "A1", verdict="must"), history=tuple(Departure("A1", s, 2024) for s in "BCD"))
    found = diagnose(replace(back, policy=replace(back.policy, quotas=())))
    assert found.conflicts[0].kinds == ("must", "no_return")
    assert ("no-return",) in {t.what for t in found.thresholds if t.change}


@pytest.mark.slow
def test_many_small_problems_have_true_conflicts_numbers_and_settings(many_cases: Cases) -> None:
    assert len(many_cases) > 20
    test_conflicts_are_irreducible_and_share_no_rule(many_cases)
    test_kinds_in_conflict_are_irreducible(many_cases)
    test_least_numbers_alone_and_together_are_the_least_of_all_plans(many_cases)


@pytest.mark.slow
def test_conflict_of_a_whole_county_is_found_and_settled() -> None:
    """A county of 1,000 teachers whose first school is asked for more than its subjects may send."""
    made = make_instance(1000, 1, "A")
    first = made.schools[0].id
    asked = Quota("half", "school", "staff", "ge", Fraction(12, 100), "half_up", 1)
    found = diagnose(replace(made, policy=replace(made.policy, quotas=(asked,))))
    assert found.kinds == ("outflow", "quota")
    assert found.every_conflict
    assert all(conflict.irreducible for conflict in found.conflicts)
    alone = {a.family: a for a in found.alone if a.enough}
    assert set(alone) == {"outflow", "quota"}
    assert all(a.by == a.least for a in alone.values())
    assert any(f"quota:half:{first}" in conflict.rules for conflict in found.conflicts)
    problem = replace(made, policy=replace(made.policy, quotas=(asked,)))
    settled = [t.change for t in found.thresholds if t.change]
    assert settled
    assert try_changes(problem, settled[:1]).works
