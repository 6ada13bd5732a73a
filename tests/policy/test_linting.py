"""Lint finds what is wrong, open or contested in a pack, and nothing in a clean one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.policy import ask, load_pack, shipped_packs
from junheng.policy.linting import KINDS, Remark, lint
from junheng.policy.linting.branches import decides
from junheng.policy.linting.points import Points
from junheng.policy.linting.remarks import register
from junheng.policy.linting.worlds import ABSENT, Reader, World
from junheng.policy.loading import PACKS
from junheng.policy.schema import Decide, Pack
from junheng.policy.yamlfile import read_yaml

ROOT = Path(__file__).resolve().parents[2]
YUNLING = PACKS / "YUNLING.yaml"
BLANK = ROOT / "examples" / "measures" / "blank.yaml"
Content = dict[str, Any]
WORDS = {"zh": "说明", "en": "words"}


@pytest.fixture
def content() -> Content:
    return copy.deepcopy(read_yaml(YUNLING).content)


def found(content: Content, **options: Any) -> list[Remark]:
    return list(lint(Pack.model_validate(content), **options))


def branch(content: Content, verdict: str) -> Content:
    return next(each for each in content["rules"]["eligibility"]["branches"] if each["verdict"] == verdict)


# --- a clean pack, and what breaks it --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [YUNLING, BLANK], ids=["yunling", "blank"])
def test_a_clean_pack_has_no_remarks(path: Path) -> None:
    assert lint(load_pack(path)) == ()


def swap_the_bounds(content: Content) -> None:
    branch(content, "excluded")["when"] = {"years_to_retirement": {"at_least": 5, "less_than": 3}}


def repeat_a_branch_with_another_verdict(content: Content) -> None:
    branches = content["rules"]["eligibility"]["branches"]
    branches.append({**copy.deepcopy(branch(content, "mandatory")), "verdict": "may_exchange"})


def put_the_wider_branch_first(content: Content) -> None:
    content["rules"]["eligibility"]["branches"].sort(key=lambda each: each["verdict"] != "in_scope")


def take_out_a_branch(content: Content) -> None:
    content["rules"]["eligibility"]["branches"].remove(branch(content, "mandatory"))


def leave_out_exactly_nine_years(content: Content) -> None:
    branch(content, "mandatory")["when"] = {"years_at_school": {"more_than": "$pool_years"}}
    branch(content, "in_scope")["when"] = {"years_at_school": {"less_than": "$pool_years"}}


def leave_out_exactly_thirty_months(content: Content) -> None:
    branch(content, "mandatory")["when"] = {"terms_completed": {"at_least": 4}}
    branch(content, "in_scope")["when"] = {"terms_completed": {"at_most": 2}}


def claim_the_age_of_thirty_twice(content: Content) -> None:
    branch(content, "mandatory")["when"] = {"age": {"at_least": 30}}
    branch(content, "in_scope")["when"] = {"age": {"at_most": 30}}


def forget_the_minimum_of_a_cap(content: Content) -> None:
    del content["planning"]["quotas"][1]["min"]


def ask_five_percent_without_a_minimum(content: Content) -> None:
    content["planning"]["quotas"][1] |= {"pct": 5, "sense": "ge", "rounding": "half_up", "min": 0}


def forget_the_minimum_of_an_amount(content: Content) -> None:
    del content["rules"]["annual_quota"]["minimum"]


def ask_more_than_may_go(content: Content) -> None:
    content["planning"]["quotas"].append({**content["planning"]["quotas"][1], "id": "more", "sense": "ge", "pct": 30})


def ask_a_person_where_nobody_may_go(content: Content) -> None:
    content["planning"]["quotas"][1]["min"] = 0
    content["planning"]["quotas"].append(
        {**content["planning"]["quotas"][1], "id": "one", "sense": "ge", "pct": 1, "min": 1}
    )


def ask_more_than_everybody(content: Content) -> None:
    content["planning"]["quotas"][0]["pct"] = 150


def leave_a_number_open(content: Content) -> None:
    content["parameters"]["pool_years"] |= {"value": None, "set_by": WORDS}


def assume_a_number(content: Content) -> None:
    content["parameters"]["pool_years"]["inferred"] = True


def say_no_reference_date(content: Content) -> None:
    del content["parameters"]["reference_day"]


def assume_the_reference_date(content: Content) -> None:
    content["parameters"]["reference_day"]["inferred"] = True


def print_a_number_with_a_blank(content: Content) -> None:
    content["identity"]["document_number"] = "云教〔20xx〕8号"


def end_before_the_beginning(content: Content) -> None:
    content["identity"]["in_force_to"] = "2025-01-01"


def begin_counting_before_the_beginning(content: Content) -> None:
    content["parameters"]["counted_from"] = {"value": date(2020, 9, 1), "clause": "Y-13", **WORDS}


def break_off(content: Content) -> None:
    content["identity"]["status"] = "truncated"


def permit_another_reading(content: Content) -> None:
    reading = {"value": 8, "id": "B-99", "flag": "boundary", "note": WORDS}
    content["parameters"]["pool_years"]["readings"] = [reading]


def print_the_opposite(content: Content) -> None:
    literal = {"age": {"at_most": {"M": 50, "F": 45}}}
    content["clauses"]["Y-06"]["corrected"] = {
        "literal": WORDS, "reading": WORDS, "ambiguity": "B-01", "literal_when": literal
    }  # fmt: skip


BREAKS: list[tuple[Callable[[Content], None], str, str, str]] = [
    (swap_the_bounds, "contradiction", "error", "Y-06"),
    (repeat_a_branch_with_another_verdict, "unreachable", "error", "Y-04"),
    (put_the_wider_branch_first, "unreachable", "error", "Y-04"),
    (take_out_a_branch, "unreachable", "warning", "Y-03"),
    (leave_out_exactly_nine_years, "gap", "warning", "Y-04"),
    (leave_out_exactly_thirty_months, "gap", "warning", "Y-04"),
    (claim_the_age_of_thirty_twice, "overlap", "warning", "Y-04"),
    (forget_the_minimum_of_a_cap, "small_school", "warning", "Y-11"),
    (ask_five_percent_without_a_minimum, "small_school", "warning", "Y-11"),
    (forget_the_minimum_of_an_amount, "small_school", "warning", "Y-11"),
    (ask_more_than_may_go, "contradiction", "error", "Y-11"),
    (ask_a_person_where_nobody_may_go, "small_school", "warning", "Y-11"),
    (ask_more_than_everybody, "contradiction", "error", "Y-10"),
    (leave_a_number_open, "not_set", "warning", "Y-04"),
    (assume_a_number, "undefined_term", "note", "Y-04"),
    (say_no_reference_date, "reference_date", "note", "Y-03"),
    (assume_the_reference_date, "reference_date", "note", "Y-02"),
    (print_a_number_with_a_blank, "placeholder", "note", ""),
    (end_before_the_beginning, "contradiction", "error", ""),
    (begin_counting_before_the_beginning, "date_past", "note", "Y-13"),
    (break_off, "truncated", "note", ""),
    (permit_another_reading, "contested", "note", "Y-04"),
    (print_the_opposite, "literal_reading", "warning", "Y-06"),
]


@pytest.mark.parametrize(
    ("breaks", "kind", "severity", "clause"), BREAKS, ids=lambda each: getattr(each, "__name__", "")
)
def test_each_way_of_breaking_a_clean_pack_is_found(
    content: Content, breaks: Callable[[Content], None], kind: str, severity: str, clause: str
) -> None:
    breaks(content)
    remarks = [each for each in found(content) if each.kind == kind]
    assert remarks
    assert {each.severity for each in remarks} == {severity}
    assert not clause or any(clause in each.clauses for each in remarks)
    assert all(each.zh and each.en and each.zh != each.en for each in remarks)


def test_a_document_that_has_ended_is_a_warning_on_the_day_of_reading_only(content: Content) -> None:
    assert found(content) == []
    assert found(content, on=date(2031, 8, 31)) == []
    assert [each.kind for each in found(content, on=date(2031, 9, 1))] == ["date_past"]


def test_the_value_left_out_is_named_exactly(content: Content) -> None:
    leave_out_exactly_thirty_months(content)
    gaps = [each for each in found(content) if each.kind == "gap"]
    assert [(each.evidence["fact"], each.evidence["value"]) for each in gaps] == [("terms_completed", 3)]


def test_a_branch_that_another_permitted_reading_reaches_is_not_called_unreachable(content: Content) -> None:
    content["parameters"]["batch_years"] |= {"value": 5, "minimum": 1}
    shadowed = [each for each in found(content) if each.kind == "unreachable"]
    assert [each.evidence["branch"] for each in shadowed] == [8, 9]
    reading = {"value": 24, "id": "B-99", "flag": "ambiguous", "note": WORDS}
    content["parameters"]["batch_years"]["readings"] = [reading]
    assert [each.kind for each in found(content)] == ["contested"]


def test_remarks_come_gravest_first_and_always_in_the_same_order(content: Content) -> None:
    for breaks in (break_off, leave_a_number_open, ask_more_than_everybody, claim_the_age_of_thirty_twice):
        breaks(content)
    remarks = found(content)
    severities = [each.severity for each in remarks]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert remarks == found(content)


# --- the reasoning itself --------------------------------------------------------------------------------------------

TEST = st.tuples(st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is"]), st.integers(0, 6))
ROWS = st.lists(st.tuples(TEST, st.none() | TEST, st.none() | st.sampled_from(["M", "F"])), min_size=1, max_size=5)
CHECK: dict[str, Callable[[int, int], bool]] = {
    "at_least": int.__ge__, "at_most": int.__le__, "more_than": int.__gt__, "less_than": int.__lt__, "is": int.__eq__
}  # fmt: skip


def small_pack(rows: list[Any]) -> Pack:
    """A pack whose only rule has a branch for each row."""
    branches = []
    for number, (first, second, sex) in enumerate(rows):
        tests = [{"terms_completed": {operator: value}} for operator, value in (first, second or first)]
        when = {"all": [*tests, *([{"sex": sex}] if sex else [])]}
        branches.append({"clause": "A", "verdict": f"v{number}", "when": when})
    return Pack.model_validate({
        "identity": {"code": "SMALL", "title": WORDS, "issuer": WORDS, "level": "school", "authority": WORDS},
        "clauses": {"A": {"label": "A", "says": WORDS}},
        "rules": {"small": {"shape": "decide", "clause": "A", "branches": branches,
                            "otherwise": {"clause": "A", "verdict": "none"}}},
    })  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_branches_called_dead_are_those_that_decide_nobody(rows: list[Any]) -> None:
    people = [(terms, sex) for terms in range(8) for sex in "MF"]

    def holds(row: Any, person: tuple[int, str]) -> bool:
        first, second, sex = row
        return all(CHECK[o](person[0], v) for o, v in (first, second or first)) and sex in (None, person[1])

    impossible = {i + 1 for i, row in enumerate(rows) if not any(holds(row, each) for each in people)}
    deciding = {next((i + 1 for i, row in enumerate(rows) if holds(row, each)), 0) for each in people}
    remarks = lint(small_pack(rows))
    assert {each.evidence["branch"] for each in remarks if each.kind == "contradiction"} == impossible
    dead = {each.evidence["branch"] for each in remarks if each.kind == "unreachable"}
    assert dead == set(range(1, len(rows) + 1)) - deciding - impossible


PERSON = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["M", "F"]),
        "role": st.sampled_from(["teacher", "principal", "support_staff", "dean"]),
        "in_establishment": st.booleans(),
        "in_post": st.booleans(),
        "full_time_teacher": st.booleans(),
        "seconded_from_outside": st.booleans(),
        "years_to_retirement": st.integers(-1, 40),
        "years_at_school": st.integers(0, 30),
        "personal_application": st.booleans(),
        "pregnant": st.booleans(),
        "under_sanction": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=8))
def test_lint_reads_conditions_as_the_engine_does(people: list[World]) -> None:
    pack = load_pack(YUNLING)
    rule = pack.rules["eligibility"]
    assert isinstance(rule, Decide)
    points = Points(pack)
    cases = [{"id": str(i), "pack": "YUNLING", "facts": {"query": "eligibility", **p}} for i, p in enumerate(people)]
    absent = {"health.kind": ABSENT, "health.certificate_level": ABSENT, "child_age": ABSENT, "lactating": False}
    for person, answer in zip(people, ask(cases, {"YUNLING": pack}), strict=True):
        reader = Reader({**points.current, **absent, **person}, points.order)
        deciding = [i for i in range(len(rule.branches)) if reader.truth(decides(rule.branches, i))]
        verdict = rule.branches[deciding[0]].verdict if deciding else rule.otherwise.verdict
        assert (verdict, len(deciding) <= 1) == (answer["verdict"], True)


# --- the shipped packs -----------------------------------------------------------------------------------------------

SEEN = [
    ("NZ", "B-01", "literal_reading"),
    ("HK", "B-03", "reference_date"), ("XX", "B-03", "reference_date"), ("DXQ", "B-03", "reference_date"),
    ("ST", "B-03", "reference_date"),
    ("XX", "B-02", "contested"), ("XX", "B-12", "contested"), ("XX", "B-15", "contested"),
    ("NZ", "B-26", "contested"),
    ("DXQ", "B-27", "placeholder"), ("DXQ", "B-35", "contested"), ("DXQ", "B-36", "not_set"),
    ("ST", "B-43", "undefined_term"), ("QJT", "B-43", "contested"),
    ("CE", "B-54", "contested"), ("CE", "B-55", "contested"),
    ("KG", "B-76", "overlap"), ("JL", "B-81", "not_set"), ("QJ", "B-83", "contested"), ("KY", "B-78", "contested"),
    ("X2020", "B-62", "sum_mismatch"), ("XX", "B-10", "total_below_parts"), ("XX", "B-17", "bottleneck"),
    ("XX", "B-19", "barred"), ("NZ", "B-24", "barred"), ("DXQ", "B-33", "scope_mismatch"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "ambiguity", "kind"), SEEN)
def test_what_the_texts_leave_contested_is_shown(code: str, ambiguity: str, kind: str) -> None:
    assert (ambiguity, kind) in {(each.ambiguity, each.kind) for each in lint(load_pack(code))}


@pytest.mark.covers("R-005")
def test_a_text_without_a_reference_date_says_which_default_is_used() -> None:
    remarks = [each for each in lint(load_pack("HK")) if each.kind == "reference_date"]
    assert [each.evidence["default"] for each in remarks] == ["08-31"]


@pytest.mark.covers("R-032")
def test_the_misprinted_age_read_literally_leaves_out_most_teachers() -> None:
    (remark,) = [each for each in lint(load_pack("NZ")) if each.kind == "literal_reading"]
    assert "R-032" in remark.clauses
    assert 0.6 < remark.evidence["literal_share"] < 0.8


@pytest.mark.parametrize("code", shipped_packs())
def test_no_shipped_pack_contradicts_itself(code: str) -> None:
    pack = load_pack(code)
    remarks = lint(pack)
    assert [each.en for each in remarks if each.severity == "error"] == []
    assert {clause for each in remarks for clause in each.clauses} <= set(pack.clauses)
    assert {each.kind for each in remarks} <= set(KINDS)


def test_the_register_of_contested_readings_is_sound() -> None:
    clauses = {clause for code in shipped_packs() for clause in load_pack(code).clauses}
    for known in register().values():
        assert known.zh
        assert known.en
        assert set(known.kinds) <= set(KINDS)
        assert set(known.clauses) <= clauses, known.id


# --- what the rules of a pack are to each other ----------------------------------------------------------------------


def with_rule(pack: Pack, name: str, **stated: Any) -> Pack:
    """The pack with something stated about one rule."""
    return pack.model_copy(update={"rules": {**pack.rules, name: pack.rules[name].model_copy(update=stated)}})


def of_kind(pack: Pack, kind: str) -> list[Remark]:
    return [each for each in lint(pack) if each.kind == kind]


def needs(rule: str, *verdicts: str, places: str = "") -> SimpleNamespace:
    return SimpleNamespace(rule=rule, verdicts=[*verdicts], places=places, failing=["not_met"])


def test_five_percent_in_all_cannot_hold_one_place_and_five_percent_more() -> None:
    (remark,) = of_kind(load_pack("XX"), "total_below_parts")
    assert remark.ambiguity == "B-10"
    assert [7, 1, 2] in remark.evidence["examples"]
    assert [30, 2, 3] in remark.evidence["examples"]


def test_parts_that_fit_into_their_total_are_no_remark() -> None:
    pack = with_rule(load_pack("XX"), "annual_quota", parts=["reward_quota"])
    assert of_kind(pack, "total_below_parts") == []


def test_a_promotion_that_one_place_a_year_must_serve_is_a_bottleneck() -> None:
    (remark,) = of_kind(load_pack("XX"), "bottleneck")
    assert (remark.ambiguity, remark.evidence["a_year"]) == ("B-17", 1)
    wide = with_rule(load_pack("XX"), "title_prereq", needs=needs("eligibility", "in_scope", places="annual_quota"))
    assert of_kind(wide, "bottleneck") == []


def test_those_over_age_are_barred_from_what_their_promotion_needs() -> None:
    (remark,) = of_kind(load_pack("XX"), "barred")
    assert remark.ambiguity == "B-19"
    assert any(example.get("age", 0) > 45 for example in remark.evidence["examples"])


def test_those_whom_age_exempts_are_not_called_barred_and_specialists_are() -> None:
    remarks = of_kind(load_pack("NZ"), "barred")
    assert [each.ambiguity for each in remarks] == ["B-24", "B-24"]
    for remark in remarks:
        assert {"R-031", "R-033"} <= set(remark.clauses)
        assert "R-032" not in remark.clauses


def test_a_share_of_the_zone_that_each_school_should_reach_is_named() -> None:
    (remark,) = of_kind(load_pack("DXQ"), "scope_mismatch")
    assert remark.ambiguity == "B-33"
    zone = with_rule(load_pack("DXQ"), "participants_min", base_of="cluster", asked_of="cluster")
    assert of_kind(zone, "scope_mismatch") == []


@pytest.mark.covers("R-550", "R-603", "R-623")
def test_totals_of_a_work_plan_are_compared_with_their_parts() -> None:
    found = {each.evidence["rule"]: each.evidence for each in of_kind(load_pack("X2020"), "sum_mismatch")}
    assert set(found) == {"poverty_fund_persons", "investment_plan"}
    assert (found["poverty_fund_persons"]["total"], found["poverty_fund_persons"]["sum"]) == (224, 222)
    assert (found["investment_plan"]["total"], found["investment_plan"]["sum"]) == (2400, 2934)


def test_a_stated_total_that_is_not_the_sum_of_its_parts_is_named(content: Content) -> None:
    for name, amount in (("total", 224), ("first", 36), ("second", 186)):
        content["rules"][name] = {"shape": "amount", "clause": "Y-10", "base": amount}
    pack = with_rule(Pack.model_validate(content), "total", parts=["first", "second"])
    (remark,) = of_kind(pack, "sum_mismatch")
    assert (remark.evidence["total"], remark.evidence["sum"]) == (224, 222)
    content["rules"]["second"]["base"] = 188
    assert of_kind(with_rule(Pack.model_validate(content), "total", parts=["first", "second"]), "sum_mismatch") == []


def test_a_ground_that_one_pack_forbids_and_another_uses_is_named() -> None:
    found = [each for each in lint(load_pack("ST"), others=[load_pack("XX")]) if each.kind == "forbidden_ground"]
    assert [each.ambiguity for each in found] == ["B-46"]
    assert {"R-094", "R-052", "R-053"} <= set(found[0].clauses)
    assert of_kind(load_pack("ST"), "forbidden_ground") == of_kind(load_pack("XX"), "forbidden_ground") == []


@pytest.mark.covers("R-604")
def test_a_rate_above_a_hundred_is_kept_and_noted() -> None:
    (remark,) = of_kind(load_pack("X2020"), "implausible")
    assert (remark.ambiguity, remark.severity, remark.evidence["value"]) == ("B-63", "note", 112.02)
    assert load_pack("X2020").parameters["retention_three_years"].value == 112.02


# --- two packs together ----------------------------------------------------------------------------------------------


def between(one: str, other: str) -> dict[str, list[Remark]]:
    remarks: dict[str, list[Remark]] = {}
    for each in lint(load_pack(one), others=[load_pack(other)]):
        remarks.setdefault(each.kind, []).append(each)
    return remarks


def test_packs_that_leave_out_other_ages_are_named_with_their_limits() -> None:
    (remark,) = between("HK", "XX")["different_limits"]
    assert remark.ambiguity == "B-84"
    assert remark.evidence["from_age"] == {"HK": {"M": 55, "F": 50}, "XX": {"M": 51, "F": 46}}
    assert "different_limits" not in between("HK", "HK")


def test_serious_illness_excludes_in_one_pack_and_defers_in_another() -> None:
    treated = between("HK", "NZ")["different_treatment"]
    assert [(each.ambiguity, each.evidence["HK"], each.evidence["NZ"]) for each in treated] == [
        ("B-32", "excluded", "deferrable")
    ]


def test_pregnancy_is_considered_by_one_pack_only() -> None:
    lone = between("DXQ", "XX")["only_here"]
    assert any({"pregnant", "lactating"} <= set(each.evidence["facts"]) for each in lone)
    assert "B-31" in {each.ambiguity for each in lone}


def test_a_pack_beside_itself_says_no_more_than_alone(content: Content) -> None:
    pack = Pack.model_validate(content)
    assert lint(pack, others=[pack]) == ()
