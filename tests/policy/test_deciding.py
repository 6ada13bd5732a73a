"""A whole county judged: one row per teacher, standings, triggers, excuses, quotas, couples."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from junheng.facts import AnnualAssessment, County, ExamResult, FamilyLink, Health, Sex, Subject, Teacher
from junheng.policy import ask, decide, explain, load_pack
from junheng.policy.frame import teacher_frame

ROTATION = ("CN", "DXQ", "HK", "NZ", "SX", "XX")


def with_teachers(county: County, changed: dict[str, Teacher]) -> County:
    return replace(county, teachers=tuple(changed.get(t.id, t) for t in county.teachers))


def young(county: County, sex: Sex = Sex.MALE) -> list[Teacher]:
    found = [
        t for t in county.teachers if t.sex is sex and t.birth_date.year > 1985 and t.in_post and t.on_establishment
    ]
    return [replace(t, health=None, unfit_to_teach=None, deferral_reason="") for t in found]


@pytest.mark.parametrize("code", ROTATION)
def test_every_teacher_has_a_verdict_a_clause_and_a_reason_in_both_languages(county: County, code: str) -> None:
    pack = load_pack(code)
    findings = decide(county, pack)
    labels = {clause.label for clause in pack.clauses.values()}
    assert [f.teacher_id for f in findings.rows()] == [t.id for t in county.teachers]
    for finding in findings.rows():
        assert finding.clause in labels
        assert set(finding.clause_ids) <= set(pack.clauses)
        assert finding.because("zh")
        assert finding.because("en")
        assert finding.standing in ("must", "may", "no")
        assert (finding.verdict == "unknown") == bool(finding.missing)
    assert sum(findings.counts().values()) == len(findings)


@pytest.mark.covers("R-005")
def test_the_reference_day_is_the_packs_unless_a_date_is_given(county: County) -> None:
    pack = load_pack("CN")
    assert decide(county, pack, plan_year=2027).reference_date == date(2027, 8, 31)
    assert decide(county, pack, on=date(2026, 3, 1)).reference_date == date(2026, 3, 1)
    assert decide(county, pack, parameters={"reference_day": "09-01"}).reference_date.isoformat()[5:] == "09-01"


def test_the_order_of_the_roster_does_not_matter(county: County) -> None:
    shuffled = replace(county, teachers=tuple(reversed(county.teachers)))
    assert decide(county, load_pack("NZ")).frame.equals(decide(shuffled, load_pack("NZ")).frame)


def test_a_person_of_the_county_is_explained_as_judged(county: County) -> None:
    pack = load_pack("NZ")
    findings = decide(county, pack)
    facts = teacher_frame(county, pack)
    for row in range(0, facts.height, 17):
        finding = findings.of(facts["id"][row])
        told = explain(pack, facts.slice(row, 1))
        assert (told.verdict, told.clause, told.because) == (finding.verdict, finding.clause, finding.because_zh)


@pytest.mark.covers("R-041", "R-006")
def test_quotas_show_base_raw_rounded_and_minimum_for_every_school(county: County) -> None:
    findings = decide(county, load_pack("XX"))
    by_school = {q.group: q for q in findings.quotas}
    assert set(by_school) == {s.id for s in county.schools if county.staff_of[s.id]}
    for school, quota in by_school.items():
        staff = len(county.staff_of[school])
        assert quota.base == staff
        assert quota.raw == Fraction(staff, 20)
        assert quota.rounded == (Fraction(staff, 20) + Fraction(1, 2)).__floor__()
        assert quota.amount == max(1, quota.rounded)
        assert str(staff) in quota.steps()
        asked = ask([{"id": 1, "pack": "XX", "facts": {"query": "annual_quota", "school_total": staff}}])[0]
        assert asked["value"] == quota.amount


@pytest.mark.covers("R-078")
def test_a_share_of_the_zone_is_taken_of_each_cluster(county: County) -> None:
    findings = decide(county, load_pack("DXQ"))
    assert {q.group for q in findings.quotas} == {s.cluster_id for s in county.schools}
    assert findings.planning is not None
    assert findings.planning.within_cluster
    assert findings.planning.quotas[0].pct == Fraction(6, 100)


@pytest.mark.covers("R-051", "R-052")
def test_the_bottom_of_the_ranking_and_triggers_must_go(county: County) -> None:
    plain = [replace(t, assessments=(), exams=()) for t in county.teachers]
    eager = young(replace(county, teachers=tuple(plain)))
    largest = Counter(t.school_id for t in eager).most_common(1)[0][0]
    people = [t for t in eager if t.school_id == largest]
    others = {t.id: t for t in plain}
    scored = {
        t.id: replace(t, assessments=(AnnualAssessment(year=2025, score=60.0 + i),)) for i, t in enumerate(people)
    }
    exams = [ExamResult(year=2025, term=term, subject=Subject.MATHS, grade=3, rank_from_bottom=2) for term in (1, 2)]
    last = replace(scored[people[-1].id], exams=tuple(exams))
    findings = decide(with_teachers(county, others | scored | {last.id: last}), load_pack("XX"))
    must = findings.with_standing("must")
    assert last.id in must
    assert people[0].id in must
    assert findings.of(last.id).clause == "S0-9 五.2(1)①"
    assert len(must) == 1 + max(1, (Fraction(len(people), 20) + Fraction(1, 2)).__floor__())


@pytest.mark.covers("R-008", "R-059")
def test_the_sick_are_not_nominated_and_an_approved_deferral_keeps_at_home(county: County) -> None:
    sick, deferred, hopeful = young(county)[:3]
    changed = {
        sick.id: replace(sick, health=Health.AFFECTS_WORK),
        deferred.id: replace(deferred, deferral_reason="work_need", deferral_approved_by="乡教育办公室"),
        hopeful.id: replace(hopeful, deferral_reason="work_need", deferral_approved_by=""),
    }
    findings = decide(with_teachers(county, changed), load_pack("XX"))
    assert findings.of(sick.id).standing == "no"
    assert findings.of(sick.id).clause == "S0-9 六.6"
    assert findings.of(deferred.id).standing == "no"
    assert findings.of(deferred.id).clause == "S0-9 六.7"
    assert findings.of(hopeful.id).standing != "no"


@pytest.mark.covers("R-030")
def test_couples_of_two_targets_are_listed_once(county: County) -> None:
    plain = {t.id: replace(t, family=FamilyLink(), specialist=False) for t in county.teachers}
    husband = replace(young(county)[0], specialist=False)
    wife = replace(young(county, Sex.FEMALE)[0], specialist=False)
    pair = {
        husband.id: replace(husband, family=FamilyLink(spouse_id=wife.id)),
        wife.id: replace(wife, family=FamilyLink(spouse_id=husband.id)),
    }
    assert decide(with_teachers(county, plain | pair), load_pack("NZ")).couples == ((husband.id, wife.id),)
    old = {**pair, wife.id: replace(pair[wife.id], birth_date=date(1970, 1, 1))}
    assert decide(with_teachers(county, plain | old), load_pack("NZ")).couples == ()


def test_a_blank_that_the_pack_needs_is_unknown_and_stays(county: County) -> None:
    someone = replace(young(county)[0], in_post=None)
    finding = decide(with_teachers(county, {someone.id: someone}), load_pack("HK")).of(someone.id)
    assert (finding.verdict, finding.standing, finding.missing) == ("unknown", "no", ("in_post",))


def test_a_blank_about_a_loan_means_none_in_county_data(county: County) -> None:
    someone = replace(young(county)[0], seconded_in=None)
    finding = decide(with_teachers(county, {someone.id: someone}), load_pack("HK")).of(someone.id)
    assert "seconded_from_outside" not in finding.missing


def test_overrides_are_checked_and_change_who_is_a_target(county: County) -> None:
    pack = load_pack("CN")
    few = decide(county, pack, parameters={"tenure_years": 12}).counts().get("target", 0)
    many = decide(county, pack, parameters={"tenure_years": 2}).counts().get("target", 0)
    assert few < many
    with pytest.raises(ValueError, match="no parameter 'tenure'"):
        decide(county, pack, parameters={"tenure": 3})
    with pytest.raises(ValueError, match="at most 20"):
        decide(county, pack, parameters={"tenure_years": 50})


def test_a_pack_without_planning_judges_nobody(county: County) -> None:
    with pytest.raises(ValueError, match="no planning part"):
        decide(county, load_pack("CE"))


def test_the_national_pack_gives_the_planner_its_ratios(county: County) -> None:
    numbers = decide(county, load_pack("CN")).planning
    assert numbers is not None
    assert (numbers.quotas[0].pct, numbers.quotas[0].base) == (Fraction(1, 10), "eligible")
    assert numbers.backbone_share_min == Fraction(1, 5)
    assert numbers.direction is not None
    assert numbers.direction.zones == (("urban",), ("town", "rural"))


def test_five_years_to_retirement_follow_the_rule_of_2025() -> None:
    base = {
        "query": "eligibility",
        "sex": "M",
        "reference_date": "2026-08-31",
        "in_establishment": True,
        "in_post": True,
        "full_time_teacher": True,
        "role": "teacher",
        "joined_current_school": "2010-09-01",
    }
    # Born in September 1969: 60 in September 2029, 15 months later by the rule, so December 2030: less than five years.
    near, far = ask(
        [
            {"id": 1, "pack": "CN", "facts": {**base, "birth_date": "1969-09-10"}},
            {"id": 2, "pack": "CN", "facts": {**base, "birth_date": "1970-09-10"}},
        ]
    )
    assert near["verdict"] == "excluded"
    assert far["verdict"] == "target"


def test_an_explanation_says_codes_in_words_on_both_sides() -> None:
    facts = {
        "role": "support_staff", "in_establishment": True, "in_post": True, "full_time_teacher": True, "sex": "F",
        "health": {"kind": "disability", "certificate_level": "county"},
    }  # fmt: skip
    for lang, words in (("zh", ("教辅人员", "身体残疾")), ("en", ("support staff", "physical disability"))):
        told = explain(load_pack("YUNLING"), facts, query="eligibility", lang=lang)
        said = " ".join(_texts(branch.condition) for branch in told.branches if branch.condition)
        assert all(word in said for word in words), said
        assert "support_staff" not in said
        assert "major_illness" not in said


def _texts(node: Any) -> str:
    return " ".join([node.text, *(_texts(part) for part in node.parts)])
