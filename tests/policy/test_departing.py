"""A clause whose figures the county has changed says the county's beside its own."""

from __future__ import annotations

from typing import Any

import pytest

from junheng.documents.tables.decided import clause_table
from junheng.facts import County
from junheng.policy import as_applied, ask, decide, load_pack
from junheng.policy.loading import shipped_packs

YUNLING = load_pack("YUNLING")
TEACHER: dict[str, Any] = {
    "query": "eligibility", "sex": "M", "birth_date": "1980-05-01", "plan_year": 2026, "in_establishment": True,
    "in_post": True, "full_time_teacher": True, "role": "teacher", "years_at_school": 22, "years_to_retirement": 17,
    "under_sanction": False, "seconded_from_outside": False,
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(shipped_packs()))
def test_under_the_values_of_the_pack_every_clause_says_its_own_words_and_no_more(code: str) -> None:
    pack = load_pack(code)
    values = {name: each.value for name, each in pack.parameters.items()}
    for clause, held in pack.clauses.items():
        for lang in ("zh", "en"):
            assert as_applied(pack, clause, lang, values) == held.says.text(lang) == as_applied(pack, clause, lang, {})


def test_a_changed_figure_stands_beside_that_of_the_text_in_both_languages() -> None:
    values = {"batch_years": 20}
    assert as_applied(YUNLING, "Y-04", "zh", values).endswith("2026年为满26年者（现按本年度批次的年限20年执行）")
    assert as_applied(YUNLING, "Y-04", "en", values).endswith(
        "(applied here: years that make up this year's batch 20 years)"
    )
    assert as_applied(YUNLING, "Y-03", "zh", values) == YUNLING.clauses["Y-03"].says.zh


def test_a_clause_that_goes_by_another_clauses_figure_says_it_too() -> None:
    assert "不足5年的免除（现按距法定退休不足的年数3年执行）" in as_applied(
        YUNLING, "Y-13", "zh", {"retirement_years": 3}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "clause", "values", "said"),
    [
        ("YUNLING", "Y-02", {"reference_day": "09-01"}, "（现按基准日(月-日)09-01执行）"),
        ("YUNLING", "Y-02", {"service_year": "school_year"}, "（现按现校任教年限的计法按学年计执行）"),
        ("YUNLING", "Y-11", {"school_share": 12.5}, "（现按一校派出的上限12.5%执行）"),
        ("DXQ", "R-068", {"age_limit": {"M": 52, "F": 47}}, "（现按分批交流年龄上限男52/女47执行）"),
    ],
)
def test_days_ways_of_counting_shares_and_limits_by_sex_are_said_as_people_say_them(
    code: str, clause: str, values: dict[str, Any], said: str
) -> None:
    assert as_applied(load_pack(code), clause, "zh", values).endswith(said)


def test_what_the_text_leaves_open_or_does_not_state_is_no_departure() -> None:
    pack = load_pack("DXQ")
    for values in ({"duty_deduction": 20}, {"inclusive_upper": False}, {"post_levels": [5, 6]}, {"other": 3}):
        for clause, held in pack.clauses.items():
            assert as_applied(pack, clause, "zh", values) == held.says.zh
    assert as_applied(YUNLING, "Y-04", "zh", {"batch_years": 26.0}) == YUNLING.clauses["Y-04"].says.zh


def test_a_verdict_says_the_figure_by_which_it_was_made() -> None:
    case = {"id": "t", "pack": "YUNLING", "facts": TEACHER}
    (as_printed,), (as_set,) = ask([case]), ask([case], parameters={"batch_years": 20})
    assert (as_printed["verdict"], as_set["verdict"]) == ("in_scope", "mandatory")
    assert "执行）" not in as_printed["because"]
    assert "为满26年者（现按本年度批次的年限20年执行）：" in as_set["because"]


def test_a_county_judged_by_its_own_figures_is_told_them_in_reasons_and_by_clause(county: County) -> None:
    findings = decide(county, YUNLING, parameters={"retirement_years": 8})
    told = [each for each in findings.rows() if each.clause == "第六条"]
    assert told
    assert all("（现按距法定退休不足的年数8年执行）" in each.because("zh") for each in told)
    by_clause = {row[2]: row[3] for row in clause_table(findings).rows}
    assert by_clause["第六条"].zh.endswith("（现按距法定退休不足的年数8年执行）")
    assert by_clause["第六条"].en.endswith("8 years)")


def test_a_clause_that_obliges_beside_the_verdict_says_its_figure_too(county: County) -> None:
    pack = load_pack("XX")
    shares = [name for name, each in pack.parameters.items() if "R-051" in each.clause and each.unit == "percent"]
    findings = decide(county, pack, parameters={shares[0]: 10})
    told = [each.because("zh") for each in findings.rows() if "后5%的" in each.because("zh")]
    assert told
    assert all("10%执行）" in each for each in told)
