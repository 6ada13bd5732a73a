"""A year from policy to plan: verdicts, numbers, problem, plan, check, kept moves."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.facts import County, Pairing, Stage, Strength
from junheng.facts.synthetic import make_county, make_small_county
from junheng.planning.assembling import PlanningError
from junheng.planning.checking import check
from junheng.planning.keeping import against, changed
from junheng.planning.problem import TO_IMPROVE, Assignment, Pin
from junheng.planning.year import NATIONAL_SHARE, Request, YearPlan, clauses_of, plan_year, prepare_year, settings_of
from junheng.policy import Pack, PackError, decide, load_pack, pack_source, parse_pack

CN = load_pack("CN")


@pytest.fixture(scope="module")
def county() -> County:
    return make_small_county()


@pytest.fixture(scope="module")
def made(county: County) -> YearPlan:
    return plan_year(county, CN, Request())


def test_a_plan_carries_the_checkers_word_and_is_adoptable_only_with_it(made: YearPlan) -> None:
    assert made.adoptable
    assert made.report.feasible
    assert made.giving == ()
    broken = replace(made, report=replace(made.report, violations=(object(),)))  # type: ignore[arg-type]
    assert not broken.adoptable


def test_the_balance_after_is_the_checkers(made: YearPlan) -> None:
    checker = {(line.stage, line.indicator): line for line in made.report.figures.stages}
    compared = 0
    for line in made.change.indicators:
        if (line.stage.value, line.indicator.value) in checker:
            said = checker[line.stage.value, line.indicator.value]
            assert line.cv_before == pytest.approx(said.cv_before, abs=1e-12)
            assert line.cv_after == pytest.approx(said.cv_after, abs=1e-12)
            compared += 1
    assert compared == 6


def test_the_packs_numbers_reach_the_problem(county: County) -> None:
    _, settings, assembly = prepare_year(county, CN, Request(parameters={"teacher_share": 12, "commute_km_max": 18}))
    assert settings.quotas[0].pct == Fraction(12, 100)
    assert assembly.problem.policy.commute_km_max == 18
    assert assembly.problem.policy.quotas == settings.quotas


def test_a_pack_without_quotas_is_planned_for_the_national_minimum(county: County) -> None:
    quotas = settings_of(decide(county, load_pack("NZ"))).quotas
    assert [q.pct for q in quotas] == [NATIONAL_SHARE]


def test_the_reference_date_is_the_one_asked_for(county: County) -> None:
    findings = prepare_year(county, CN, Request(on=date(2030, 8, 31)))[0]
    assert findings.reference_date == date(2030, 8, 31)
    assert findings.standings == decide(county, CN, on=date(2030, 8, 31)).standings


def test_a_share_above_one_hundred_percent_is_no_share(county: County) -> None:
    pack = parse_pack(pack_source(CN).replace("subject_outflow_share: $outflow_share", "subject_outflow_share: 150"))
    with pytest.raises(PlanningError, match="150") as fault:
        plan_year(county, pack, Request())
    assert "150" in fault.value.zh


def test_a_county_of_one_school_is_refused_in_both_languages(county: County) -> None:
    school = county.schools[0]
    people = tuple(
        replace(t, wishes=(), appointments=(), family=replace(t.family, spouse_id=""))
        for t in county.teachers
        if t.school_id == t.works_at == school.id
    )
    with pytest.raises(PlanningError, match="two schools") as fault:
        plan_year(replace(county, schools=(school,), teachers=people, pairings=()), CN, Request())
    assert "两所学校" in fault.value.zh


def test_what_must_give_is_said_and_each_kind_of_rule_is_tried_alone(county: County) -> None:
    made = plan_year(county, CN, Request(parameters={"teacher_share": 100}, diagnose=True))
    assert made.result.status == "infeasible"
    assert not made.adoptable
    assert len(made.giving) == len(made.result.relaxations) > 0
    assert {each.family for each in made.alone} >= {"quota", "outflow", "refill"}
    assert made.diagnosis is not None
    assert made.diagnosis.conflicts
    assert all(remedy.works for remedy in made.remedies)
    assert plan_year(county, CN, Request(parameters={"teacher_share": 100})).alone == ()


def test_moves_that_are_kept_stay_and_the_others_are_listed(county: County, made: YearPlan) -> None:
    leaving = made.result.assignments[0].teacher_id
    again = plan_year(
        county, CN, Request(pins=[Pin(leaving, "stay", reason="withdrawn")], keep=made.result.assignments)
    )
    fate = {move.teacher_id: move.fate for move in again.kept}
    assert fate[leaving] == "dropped"
    before, after = set(made.result.assignments), set(again.result.assignments)
    assert {move.teacher_id for move in changed(again.kept)} == {a.teacher_id for a in before ^ after}
    afresh = plan_year(county, CN, Request(pins=[Pin(leaving, "stay", reason="withdrawn")]))
    assert len(changed(again.kept)) <= len(changed(against(made.result.assignments, afresh.result.assignments)))


def test_the_fate_of_a_move_says_what_changed() -> None:
    a, b, c, d = (Assignment(t, "S1", "maths") for t in "abcd")
    now = [a, replace(b, to_school="S2"), replace(c, as_subject="pe"), Assignment("e", "S1", "art")]
    fates = {move.teacher_id: move.fate for move in against([a, b, c, d], now)}
    assert fates == {"a": "same", "b": "redirected", "c": "retaught", "d": "dropped", "e": "added"}


def test_a_spouse_who_is_not_in_the_plan_does_not_spoil_the_exported_problem(county: County) -> None:
    one, other = county.teachers[5], county.teachers[25]
    wed = {
        one.id: replace(one, family=replace(one.family, spouse_id=other.id)),
        other.id: replace(other, in_post=False, family=replace(other.family, spouse_id=one.id)),
    }
    away = replace(county, teachers=tuple(wed.get(t.id, t) for t in county.teachers))
    problem = prepare_year(away, CN, Request())[2].problem
    ids = {t.id for t in problem.teachers}
    assert one.id in ids
    assert other.id not in ids
    assert all(t.spouse_id in ids or not t.spouse_id for t in problem.teachers)


def bound_to_partners(*bonds: str) -> Pack:
    """The national pack with its movers kept among partner schools."""
    text = pack_source(CN).replace(
        "planning:\n", f"planning:\n  within_partners: true\n  partners: [{', '.join(bonds)}]\n"
    )
    return parse_pack(text, "partners.yaml")


@pytest.mark.covers("R-186", "R-187")
def test_a_pack_keeps_the_staff_of_a_school_group_within_it(county: County) -> None:
    """Two schools of a group exchange among themselves only; other schools and pairs are not bound."""
    first, second = (s for s in county.schools_of(Stage.PRIMARY)[:2])
    schools = tuple(replace(s, group="城关教育集团" if s in (first, second) else "") for s in county.schools)
    made = plan_year(
        replace(county, schools=schools), bound_to_partners("group"), Request(parameters={"teacher_share": 20})
    )
    assert made.adoptable
    sent = {a.teacher_id: made.assembly.unit_school[a.to_school] for a in made.result.assignments}
    home = {t: made.county.teacher_by_id[t].works_at for t in sent}
    group = {first.id, second.id}
    stages = {t: made.county.teacher_by_id[t].stage for t in sent}
    bound = [t for t in sent if home[t] in group and stages[t] is Stage.PRIMARY]
    assert all(sent[t] in group for t in bound)
    assert any(sent[t] not in group for t in sent)


@pytest.mark.covers("R-183")
def test_pairs_bind_where_the_pack_says_so_and_are_preferred_otherwise(county: County) -> None:
    first, second, third = county.schools_of(Stage.PRIMARY)[:3]
    paired = replace(county, pairings=(Pairing(supporting_id=first.id, supported_id=second.id),))
    over = replace(county, pairings=(Pairing(supporting_id=first.id, supported_id=third.id, end=date(2001, 8, 31)),))
    _, settings, assembly = prepare_year(paired, bound_to_partners("pairing"), Request())
    assert settings.within_partners
    units = {assembly.unit_school[s.id]: s.paired_with for s in assembly.problem.schools if s.stage == "primary"}
    assert [assembly.unit_school[each] for each in units[first.id]] == [second.id]
    assert [assembly.unit_school[each] for each in units[second.id]] == [first.id]
    assert not any(s.paired_with for s in prepare_year(over, CN, Request())[2].problem.schools)
    plain = prepare_year(paired, CN, Request())[2].problem
    assert not plain.policy.within_partners
    assert plain.policy.objective.paired_bonus > 0
    assert any(s.paired_with for s in plain.schools)


@pytest.mark.covers("R-189")
def test_a_pack_of_a_cluster_keeps_everybody_within_it_and_cites_its_clause(county: County) -> None:
    text = pack_source(CN).replace(
        "planning:\n", "planning:\n  within_cluster: true\n  clauses: {within_cluster: CN-05, couple: CN-03}\n"
    )
    bounded = plan_year(county, parse_pack(text, "cluster.yaml"), Request(parameters={"direction_share": 0}))
    cluster = {s.id: s.cluster for s in bounded.assembly.problem.schools}
    home = {t.id: t.school_id for t in bounded.assembly.problem.teachers}
    assert bounded.result.assignments
    assert all(cluster[a.to_school] == cluster[home[a.teacher_id]] for a in bounded.result.assignments)
    clauses = clauses_of(bounded.findings)
    assert clauses["within_cluster"] == bounded.findings.pack.label(["CN-05"])
    assert clauses["couple"] == bounded.findings.pack.label(["CN-03"])
    with pytest.raises(PackError, match="CN-99"):
        parse_pack(text.replace("within_cluster: CN-05", "within_cluster: CN-99"), "cluster.yaml")


@pytest.mark.covers("R-193", "R-194", "R-200")
def test_a_plan_keeps_to_the_packs_direction_and_to_the_way_from_home(county: County) -> None:
    made = plan_year(county, CN, Request(parameters={"direction_share": 60, "commute_km_max": 25}))
    assert made.adoptable
    problem = made.assembly.problem
    units, people = {s.id: s for s in problem.schools}, {t.id: t for t in problem.teachers}
    moves = [(people[a.teacher_id], units[a.to_school]) for a in made.result.assignments]
    hosts = [host for who, host in moves if units[who.school_id].zone == "urban"]
    assert 10 * sum(host.zone in {"town", "village"} for host in hosts) >= 6 * len(hosts) > 0
    for who, host in moves:
        own = units[who.school_id]
        today = math.dist((who.home_x, who.home_y), (own.x_km, own.y_km))
        assert math.dist((who.home_x, who.home_y), (host.x_km, host.y_km)) <= max(25, today) + 1e-9


# --- supervisory exchange -------------------------------------------------------------------------------------------

ROOMY = parse_pack(pack_source(load_pack("XX")).replace("planning:\n", "planning:\n  subject_outflow_min: 9\n"))
"""The township's pack, in which who must go can go."""
FEW = {"supervisory_rate": 2, "supervisory_min": 0, "quota_min": 0}


@pytest.fixture(scope="module")
def township() -> County:
    return make_county(teachers=300, seed=1)


@pytest.fixture(scope="module")
def supervised(township: County) -> YearPlan:
    return plan_year(township, ROOMY, Request(parameters=FEW))


def _bound(made: YearPlan) -> set[str]:
    """Those to whom some school is closed because they are to improve."""
    return {pin.teacher_id for pin in made.assembly.problem.pins if pin.reason == TO_IMPROVE}


def _gone_weaker(county: County, made: YearPlan, people: set[str]) -> list[str]:
    """Who of them goes to an under-resourced school or to one weaker than his own, though a better one is there."""
    found = []
    for move in made.result.assignments:
        if move.teacher_id in people:
            teacher = county.teacher_by_id[move.teacher_id]
            ladder = [Strength.UNDER_RESOURCED, Strength.ORDINARY, Strength.STRONG]
            own, host = (
                ladder.index(county.school_by_id[each].strength)
                for each in (teacher.works_at, made.assembly.unit_school[move.to_school])
            )
            others = [s for s in county.schools if teacher.stage in s.stages and s.id != teacher.works_at]
            best = max(ladder.index(s.strength) for s in others if s.pupils(teacher.stage))
            if host < min(best, max(own, 1)):
                found.append(teacher.id)
    return found


@pytest.mark.covers("R-199")
def test_a_supervisory_exchange_goes_where_the_teacher_can_improve(township: County, supervised: YearPlan) -> None:
    assert supervised.adoptable
    assert len(_bound(supervised)) >= 10
    assert _bound(supervised) <= supervised.findings.improving
    assert _gone_weaker(township, supervised, set(supervised.findings.improving)) == []
    without = plan_year(township, ROOMY, Request(parameters=FEW | {"supervisory_hosts": "any"}))
    assert without.adoptable
    assert without.findings.improving == frozenset()
    assert _gone_weaker(township, without, _bound(supervised)), "what the rule prevents does happen without it"


@pytest.mark.covers("R-199")
def test_the_reading_is_cited_for_whoever_it_binds_and_for_nobody_else(supervised: YearPlan) -> None:
    says = ROOMY.clauses["R-199"].says
    for finding in supervised.findings.rows():
        bound = finding.teacher_id in supervised.findings.improving
        assert ("R-199" in finding.clause_ids) == (says.zh in finding.because_zh) == bound
        assert (says.en in finding.because_en) == bound
    assert any("不比原校薄弱" in note.zh and "S0-9 五.2(3)" in note.zh for note in supervised.assembly.notes)


@pytest.mark.covers("R-199")
def test_the_checker_finds_a_supervisory_exchange_to_a_weaker_school_by_itself(supervised: YearPlan) -> None:
    problem = supervised.assembly.problem
    stage = {t.id: t.stage for t in problem.teachers}
    moved = supervised.result.assignments
    who, weak = next(
        (pin.teacher_id, pin.school_id) for pin in problem.pins
        if pin.reason == TO_IMPROVE and pin.teacher_id in {a.teacher_id for a in moved}
        and sum(p.teacher_id == pin.teacher_id for p in problem.pins) > 1
    )  # fmt: skip
    assert next(s.stage for s in problem.schools if s.id == weak) == stage[who]
    bent = [replace(a, to_school=weak) if a.teacher_id == who else a for a in moved]
    fault = next(v for v in check(problem, bent).violations if v.rule == "supervisory_host")
    assert (fault.where, fault.found) == (who, weak)
    others = tuple(pin for pin in problem.pins if pin.school_id != weak)
    assert "supervisory_host" in check(replace(problem, pins=others), bent).rules_broken, "whatever the pins name"
    assert "supervisory_host" not in check(problem, moved).rules_broken


@pytest.mark.covers("R-199")
def test_where_all_others_are_weaker_the_strongest_of_them_are_open_and_it_is_noted(township: County) -> None:
    strong, *rest = township.schools
    classed = (
        replace(strong, strength=Strength.STRONG),
        *(replace(s, strength=Strength.UNDER_RESOURCED if at % 2 else Strength.ORDINARY) for at, s in enumerate(rest)),
    )
    findings, _, assembly = prepare_year(replace(township, schools=classed), ROOMY, Request(parameters=FEW))
    open_to = {pin.teacher_id for pin in assembly.problem.pins if pin.reason == TO_IMPROVE}
    assert any(township.teacher_by_id[t].works_at == strong.id for t in open_to & findings.improving)
    closed = {pin.school_id for pin in assembly.problem.pins if pin.reason == TO_IMPROVE}
    strength = {s.id: s.strength for s in assembly.problem.schools}
    assert {strength[each] for each in closed} == {"under_resourced"}
    assert any("现有最强" in note.zh for note in assembly.notes)


@pytest.mark.covers("R-199")
def test_what_the_office_decides_goes_before(township: County, supervised: YearPlan) -> None:
    who = min(_bound(supervised))
    closed = min(p.school_id for p in supervised.assembly.problem.pins if p.teacher_id == who and p.kind == "forbid")
    target = supervised.assembly.unit_school[closed]
    decided = Request(parameters=FEW, pins=[Pin(who, "pin", target, reason="the office decided")])
    pins = prepare_year(township, ROOMY, decided)[2].problem.pins
    assert [pin.kind for pin in pins if pin.teacher_id == who] == ["pin"]


def test_a_word_for_the_receiving_schools_that_is_none_is_refused() -> None:
    text = pack_source(load_pack("XX")).replace("hosts: $supervisory_hosts", "hosts: stronger")
    with pytest.raises(ValueError, match="expected one of any, not_weaker"):
        decide(make_small_county(), parse_pack(text))
