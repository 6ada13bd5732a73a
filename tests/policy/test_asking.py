"""What ``ask`` does with cases that are odd, in another language, or about another pack's parameters."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.policy import ask, load_pack

QUOTA: dict[str, Any] = {"id": "q", "pack": "XX", "facts": {"query": "annual_quota", "school_total": 47}}
LEADER: dict[str, Any] = {
    "id": "n",
    "pack": "NZ",
    "facts": {
        "query": "eligibility",
        "sex": "F",
        "birth_date": "1979-08-31",
        "plan_year": 2024,
        "in_establishment": True,
        "in_post": True,
        "role": "教师",
        "school_kind": "村小",
        "main_subject": "语文",
    },
}


def with_facts(case: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {**case, "facts": {**case["facts"], **facts}}


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ({"id": 1, "pack": "QQ", "facts": {"query": "eligibility"}}, "QQ"),
        ({"id": 2, "pack": "NZ", "facts": {"query": "horoscope"}}, "horoscope"),
        ({"id": 3, "pack": "NZ", "facts": {}}, "eligibility"),
        (with_facts(LEADER, birthday="1979-08-31"), "birthday"),
        (with_facts(LEADER, birth_date="31.8.1979"), "birth_date"),
        (with_facts(LEADER, birth_date=1979), "birth_date"),
        (with_facts(LEADER, in_post="yes"), "in_post"),
        (with_facts(LEADER, sex="X"), "sex"),
        (with_facts(LEADER, role="wizard"), "role"),
        (with_facts(LEADER, health="ill"), "health"),
        (with_facts(LEADER, health={"colour": "green"}), "colour"),
        (with_facts(QUOTA, school_total=-1), "school_total"),
        (with_facts(QUOTA, school_total=4.5), "school_total"),
        (with_facts(QUOTA, school_total=True), "school_total"),
        (with_facts(QUOTA, school_total=10**15), "school_total"),
        ({"id": 4, "pack": "XX"}, "facts"),
        ("nonsense", "facts"),
        (
            {"id": 5, "pack": "XX", "facts": {"query": "bottom_list", "ranking": [{"id": "a", "mark": 1}]}},
            "mark",
        ),
        ({"id": 6, "pack": "XX", "facts": {"query": "bottom_list", "ranking": ["a"]}}, "ranking[0]"),
        ({"id": 7, "pack": "XX", "facts": {"query": "bottom_list", "ranking": {"a": 1}}}, "ranking"),
    ],
)
def test_a_case_that_cannot_be_read_is_an_error_that_names_what_and_the_others_are_answered(
    case: Any, named: str
) -> None:
    for lang in ("zh", "en"):
        wrong, right = ask([case, QUOTA], lang=lang)
        assert named in wrong["error"]
        assert "verdict" not in wrong
        assert right["value"] == 2


def test_answers_keep_the_order_of_the_cases() -> None:
    cases = [{**QUOTA, "id": str(i)} if i % 2 else {**LEADER, "id": str(i)} for i in range(9)]
    assert [answer["id"] for answer in ask(cases)] == [str(i) for i in range(9)]


def test_words_of_the_field_are_read_in_chinese_and_as_code() -> None:
    assert ask([with_facts(LEADER, birth_date="1990-01-01")])[0]["verdict"] == "target"
    assert (
        ask([with_facts(LEADER, birth_date="1990-01-01", role="校长", school_kind="学区中心校")])[0]["verdict"]
        == "excluded"
    )


@pytest.mark.covers("R-006")
def test_the_reason_of_an_amount_shows_base_rate_raw_rounded_and_minimum() -> None:
    assert "47 × 5% = 2.35 → 四舍五入 2" in ask([QUOTA])[0]["because"]
    small = ask([with_facts(QUOTA, school_total=7)], lang="en")[0]
    assert "7 × 5% = 0.35 → rounded half up 0 → 1" in small["because"]


@pytest.mark.covers("R-032")
def test_the_reason_names_the_clause_what_it_says_and_the_facts() -> None:
    answer = ask([LEADER], lang="en")[0]
    assert answer["clause"] == "S0-4 三.5②"
    assert "women from 45" in answer["because"]
    assert "age=45" in answer["because"]
    assert "年龄=45" in ask([LEADER])[0]["because"]


def test_an_unknown_answer_says_which_fact_it_lacks_in_words_and_by_name() -> None:
    facts = {k: v for k, v in LEADER["facts"].items() if k != "birth_date"}
    answer = ask([{**LEADER, "facts": facts}])[0]
    assert answer["verdict"] == "unknown"
    assert answer["missing"] == ["birth_date"]
    assert "出生日期(birth_date)" in answer["because"]


@pytest.mark.covers("R-005")
def test_parameters_may_be_set_for_a_run_and_move_the_reference_day() -> None:
    case = with_facts(LEADER, birth_date="1979-09-15")
    assert ask([case])[0]["verdict"] == "target"
    assert ask([case], parameters={"reference_day": "12-31"})[0]["verdict"] == "excluded"
    assert ask([case], parameters={"age_exclusion": {"M": 40, "F": 40}})[0]["verdict"] == "excluded"


@pytest.mark.covers("R-005")
def test_a_reference_day_that_the_text_does_not_give_is_labelled_as_a_default() -> None:
    facts = {"query": "eligibility", "sex": "M", "birth_date": "1980-01-01", "in_service": True, "in_post": True}
    assumed = {"id": "a", "pack": "XX", "facts": {**facts, "plan_year": 2024}}
    stated = {"id": "s", "pack": "XX", "facts": {**facts, "reference_date": "2024-08-31"}}
    for cases in ([assumed], [assumed, stated]):
        assert "基准日按默认08-31" in ask(cases)[0]["because"]
    assert "by default" in ask([assumed], lang="en")[0]["because"]
    assert "默认" not in ask([stated])[0]["because"]
    assert "默认" not in ask([with_facts(LEADER, birth_date="1990-01-01")])[0]["because"]


@pytest.mark.covers("R-072")
def test_once_the_authority_sets_the_number_the_answer_follows() -> None:
    case = {
        "id": "p",
        "pack": "DXQ",
        "facts": {
            "query": "post_prereq",
            "target_level": 8,
            "exchange_in_previous_term": True,
            "exchange_semesters": 1,
        },
    }
    assert ask([case])[0]["flags"] == ["needs_authority"]
    assert ask([case], parameters={"post_exchange_semesters": 1})[0]["verdict"] == "met"
    assert ask([case], parameters={"post_exchange_semesters": 2})[0]["verdict"] == "not_met"


def test_a_pack_of_ones_own_is_asked_by_its_code() -> None:
    own = load_pack("XX").model_copy(update={"identity": load_pack("XX").identity.model_copy(update={"code": "OWN"})})
    assert ask([{**QUOTA, "pack": "OWN"}], packs={"OWN": own})[0]["value"] == 2


def test_no_cases_give_no_answers() -> None:
    assert ask([]) == []
