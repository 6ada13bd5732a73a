"""Rules of the packs beyond the questions of case files: duties, safeguards, incentives, guards."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.policy import ask

# pack, rule, clauses proven, facts, verdict, value (or ... when there is none), flags
RULES: list[tuple[str, str, tuple[str, ...], dict[str, Any], str, Any, list[str]]] = [
    ("NZ", "initiation", ("R-023", "R-021"), {"by_need": True, "central_school_consent": True}, "allowed", ..., []),
    ("NZ", "initiation", ("R-023", "R-007"), {"by_wish": True, "central_school_consent": True}, "allowed", ..., []),
    ("NZ", "initiation", ("R-021",), {"by_wish": True, "central_school_consent": False}, "not_allowed", ..., []),
    (
        "NZ",
        "initiation",
        ("R-023",),
        {"by_wish": False, "by_need": False, "central_school_consent": True},
        "not_allowed",
        ...,
        [],
    ),
    ("NZ", "encouraged_direction", ("R-034",), {"direction": "junior_to_primary"}, "encouraged", ..., []),
    ("NZ", "encouraged_direction", ("R-035",), {"direction": "center_to_village"}, "encouraged", ..., []),
    ("NZ", "encouraged_direction", ("R-034",), {"direction": "rural_to_urban"}, "not_named", ..., []),
    (
        "XX",
        "reward_condition",
        ("R-043",),
        {"excellent": True, "teaches_classes": True, "in_post": True},
        "eligible",
        ...,
        [],
    ),
    (
        "XX",
        "reward_condition",
        ("R-043",),
        {"excellent": True, "teaches_classes": False, "in_post": True},
        "not_eligible",
        ...,
        [],
    ),
    ("XX", "reward_condition", ("R-043",), {"excellent": True, "in_post": True}, "unknown", ..., []),
    (
        "XX",
        "reward_priority",
        ("R-044", "R-045"),
        {"reward_candidates": [{"id": "a", "leader_or_backbone": True}, {"id": "b", "able_and_young": True}]},
        "computed",
        ["b"],
        [],
    ),
    (
        "XX",
        "reward_priority",
        ("R-044",),
        {"reward_candidates": [{"id": "a"}, {"id": "b", "reserve_cadre": True}, {"id": "c", "seeks_title": True}]},
        "computed",
        ["c"],
        [],
    ),
    (
        "XX",
        "reward_priority",
        ("R-044", "R-534"),
        {"reward_candidates": [{"id": "a", "leader_or_backbone": True}, {"id": "b", "reserve_cadre": True}]},
        "computed",
        ["b"],
        [],
    ),
    (
        "XX",
        "reward_benefits",
        ("R-048", "R-047"),
        {"duties_met": True},
        "computed",
        ["title_quota_first", "township_model_teacher"],
        [],
    ),
    ("XX", "reward_benefits", ("R-050", "R-049"), {"duties_met": False}, "cancelled", [], []),
    ("XX", "reward_benefits", ("R-050",), {}, "unknown", ..., []),
    ("DXQ", "duty_deduction", ("R-073",), {"duties_met": False}, "computed", {"percent": None}, ["needs_authority"]),
    ("DXQ", "duty_deduction", ("R-073",), {"duties_met": True}, "computed", {"percent": 0}, []),
    ("DXQ", "personnel_relation", ("R-069", "R-082"), {}, "stays_at_home_school", ..., []),
    (
        "DXQ",
        "batch_order",
        ("R-068",),
        {"batch": 2, "pool": [{"id": i, "years_at_school": n} for i, n in (("a", 7), ("b", 12), ("c", 9))]},
        "computed",
        ["b", "c"],
        [],
    ),
    ("DXQ", "appraisal_use", ("R-238",), {"appraisal": "优秀"}, "priority", ..., []),
    ("DXQ", "appraisal_use", ("R-239",), {"appraisal": "不合格"}, "pay_limited", ..., []),
    ("ST", "support_duty", ("R-083",), {"school_kind": "urban", "age": 45}, "owes_support", ..., []),
    ("ST", "support_duty", ("R-083",), {"school_kind": "urban", "age": 46}, "no_duty", ..., []),
    ("ST", "support_duty", ("R-083",), {"school_kind": "rural", "age": 30}, "no_duty", ..., []),
    (
        "ST",
        "rural_safeguards",
        ("R-085", "R-130"),
        {"rural_service_good": True},
        "computed",
        ["relation_unchanged", "pay_unchanged", "priority"],
        [],
    ),
    (
        "ST",
        "rural_safeguards",
        ("R-085",),
        {"rural_service_good": False},
        "computed",
        ["relation_unchanged", "pay_unchanged"],
        [],
    ),
    ("ST", "appraisal_basis", ("R-093",), {"judged_by_scores_only": True}, "not_allowed", ..., []),
    (
        "ST",
        "appraisal_basis",
        ("R-094",),
        {"judged_by_scores_only": False, "ranked_by_scores": True},
        "not_allowed",
        ...,
        [],
    ),
    (
        "ST",
        "appraisal_basis",
        ("R-093", "R-094"),
        {"judged_by_scores_only": False, "ranked_by_scores": False},
        "allowed",
        ...,
        [],
    ),
    ("ST", "title_appointment", ("R-091",), {"fit_for_title": False}, "may_be_graded_down", ..., []),
    ("ST", "title_appointment", ("R-091",), {"fit_for_title": True}, "keeps_until_term_ends", {"term_years": 3}, []),
    ("ST", "staffing_guard", ("R-089",), {"placed_unqualified": True}, "breach", ..., []),
    (
        "ST",
        "staffing_guard",
        ("R-089",),
        {"placed_unqualified": False, "seconded_without_authority": False},
        "in_order",
        ...,
        [],
    ),
    ("ST", "pay_equity", ("R-134",), {"average_pay": 6000, "civil_servant_pay": 6000}, "met", ..., []),
    ("ST", "pay_equity", ("R-134",), {"average_pay": 5999, "civil_servant_pay": 6000}, "not_met", ..., []),
    ("ST", "graduate_programme", ("R-092",), {"rural_school": True, "graduates_received": 1}, "met", ..., []),
    ("ST", "graduate_programme", ("R-092",), {"rural_school": True, "graduates_received": 0}, "not_met", ..., []),
    (
        "REG",
        "rural_allowance",
        ("R-096",),
        {"rural_school": True},
        "computed",
        {"yuan": None, "in_total_wages": False},
        ["needs_authority"],
    ),
    ("REG", "rural_allowance", ("R-096",), {"rural_school": True, "left_rural_on": "2024-01-01"}, "ended", ..., []),
    ("REG", "rural_experience_prereq", ("R-097",), {"rural_years": 0}, "not_met", ..., []),
    ("REG", "rural_experience_prereq", ("R-097",), {"rural_years": 3}, "needs_authority", ..., ["needs_authority"]),
    ("REG", "automatic_promotion", ("R-099",), {"rural_years": 20}, "needs_authority", ..., ["needs_authority"]),
    (
        "REG",
        "flow_direction",
        ("R-100",),
        {"headcount_gap_from": 2, "headcount_gap_to": -1},
        "encouraged",
        ...,
        [],
    ),
    ("REG", "flow_direction", ("R-100",), {"headcount_gap_from": 2, "headcount_gap_to": 0}, "not_named", ..., []),
]


@pytest.mark.parametrize(
    ("pack", "rule", "facts", "verdict", "value", "flags"),
    [
        pytest.param(p, r, f, v, x, g, marks=pytest.mark.covers(*c), id=f"{p}-{r}-{i}")
        for i, (p, r, c, f, v, x, g) in enumerate(RULES)
    ],
)
def test_the_rule_says(  # noqa: PLR0917
    pack: str, rule: str, facts: dict[str, Any], verdict: str, value: Any, flags: list[str]
) -> None:
    answer = ask([{"id": 1, "pack": pack, "facts": {"query": rule, **facts}}])[0]
    assert answer["verdict"] == verdict
    assert answer["flags"] == flags
    if value is not ...:
        assert answer["value"] == value


@pytest.mark.covers("R-099", "R-101", "R-102")
def test_what_the_text_leaves_open_follows_once_it_is_set() -> None:
    def answer(rule: str, facts: dict[str, Any], **parameters: Any) -> dict[str, Any]:
        return ask([{"id": 1, "pack": "REG", "facts": {"query": rule, **facts}}], parameters=parameters)[0]

    assert answer("automatic_promotion", {"rural_years": 10}, rural_title_years=10)["verdict"] == "promoted"
    assert answer("automatic_promotion", {"rural_years": 9}, rural_title_years=10)["verdict"] == "not_yet"
    assert answer("support_persons", {"county_town_teachers": 90}, support_share=5)["value"] == 5
    assert answer("support_persons", {"county_town_teachers": 90})["verdict"] == "unknown"
