"""The packs without a test of persons: work plans, guides to activities, reports. Their numbers and their few rules."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from junheng.policy import Pack, ask, load_pack

ROOT = Path(__file__).resolve().parents[2]
LIGHT = ["C24", "CX", "G1", "G2", "IT", "JL", "KG", "KY", "QJ", "X2020", "XZ"]


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "docs" / "requirements" / name).open(encoding="utf-8", newline="") as table:
        return [*csv.DictReader(table)]


SOURCES = {row["pack"]: row for row in rows("sources.csv") if row["pack"]}
CLAUSES = {row["id"]: row for row in rows("clauses.csv")}


def answer(pack: str, query: str, **facts: Any) -> dict[str, Any]:
    (found,) = ask([{"id": "one", "pack": pack, "facts": {"query": query, **facts}}], lang="en")
    assert "error" not in found, found
    return found


def verdict(pack: str, query: str, **facts: Any) -> str:
    return str(answer(pack, query, **facts)["verdict"])


def value(pack: str, parameter: str) -> Any:
    return load_pack(pack).parameters[parameter].value


# --- what holds for all of them ---------------------------------------------------------------------------------------


@pytest.mark.covers("R-001")
@pytest.mark.parametrize("code", LIGHT)
def test_a_pack_names_its_source_and_whether_the_text_is_whole(code: str) -> None:
    identity = load_pack(code).identity
    assert identity.source == SOURCES[code]["code"]
    assert identity.status == SOURCES[code]["state"]
    assert identity.authority.zh
    assert identity.authority.en


@pytest.mark.parametrize("code", LIGHT)
def test_every_clause_of_a_pack_comes_from_its_own_source(code: str) -> None:
    pack = load_pack(code)
    for clause, said in pack.clauses.items():
        document, section = CLAUSES[clause]["source"].split()
        assert said.label.split()[0] == document == pack.identity.source
        assert section in said.label, (clause, said.label, section)


def cited(pack: Pack) -> Iterator[str]:
    for part in (*pack.parameters.values(), *pack.rules.values()):
        yield from part.clause
    for rule in pack.rules.values():
        for branch in getattr(rule, "branches", []):
            yield from branch.clause


@pytest.mark.parametrize("code", LIGHT)
def test_a_pack_has_rules_and_every_parameter_its_clause(code: str) -> None:
    pack = load_pack(code)
    assert pack.rules
    assert pack.parameters
    assert set(cited(pack)) <= set(pack.clauses)


@pytest.mark.parametrize("code", LIGHT)
def test_no_light_pack_pretends_to_judge_teachers_for_rotation(code: str) -> None:
    pack = load_pack(code)
    assert pack.planning is None
    assert "eligibility" not in pack.rules


# --- kindergarten -----------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-364")
@pytest.mark.parametrize(
    ("listener", "lessons", "expected"),
    [
        ("designated_leader", 30, "met"),
        ("designated_leader", 29, "not_met"),
        ("teacher", 15, "met"),
        ("teacher", 14, "not_met"),
    ],
)
def test_leaders_hear_thirty_lessons_and_teachers_fifteen(listener: str, lessons: int, expected: str) -> None:
    assert verdict("KG", "listening_check", listener=listener, lessons_heard=lessons) == expected


@pytest.mark.covers("R-318")
def test_a_mentor_guides_at_least_four_times() -> None:
    assert [verdict("KG", "mentor_check", guidance_sessions=n) for n in (3, 4)] == ["not_met", "met"]


@pytest.mark.covers("R-471", "R-489")
def test_the_young_have_nine_duties_and_thirty_is_flagged() -> None:
    young, thirty, older = (answer("KG", "personal_duties", age=age) for age in (29, 30, 31))
    assert (young["verdict"], len(young["value"]), young["flags"]) == ("nine_duties", 9, [])
    assert (thirty["verdict"], thirty["flags"]) == ("nine_duties", ["boundary"])
    assert (older["verdict"], len(older["value"])) == ("seven_duties", 7)
    assert set(older["value"]) < set(young["value"])


@pytest.mark.covers("R-468")
def test_a_diploma_earns_fifty_to_a_hundred_and_the_certificate_a_hundred() -> None:
    assert answer("KG", "study_reward", document_obtained="diploma")["value"] == {"from": 50, "to": 100}
    assert answer("KG", "study_reward", document_obtained="kindergarten_certificate")["value"] == {
        "from": 100,
        "to": 100,
    }
    assert verdict("KG", "study_reward", document_obtained="other") == "no_reward"


@pytest.mark.covers("R-382")
def test_research_is_on_tuesday_and_wednesday_of_even_weeks() -> None:
    mornings = {
        (parity, day)
        for parity in ("even", "odd")
        for day in range(1, 8)
        if verdict("KG", "research_morning", week_parity=parity, weekday=day) == "research_morning"
    }
    assert mornings == {("even", 2), ("even", 3)}


@pytest.mark.covers("R-384")
def test_a_grade_group_meets_once_every_two_themes() -> None:
    assert [answer("KG", "grade_group_meetings", themes_taught=n)["value"] for n in (0, 1, 2, 5)] == [0, 1, 1, 3]


# --- the district in the north ----------------------------------------------------------------------------------------


def test_the_batch_of_support_and_the_return_of_study_are_on_record() -> None:
    assert (value("JL", "support_batch"), value("JL", "support_persons"), value("JL", "support_month")) == (2, 26, 9)
    assert value("JL", "study_persons") == 5


@pytest.mark.covers("R-123")
def test_the_home_school_keeps_benefits_and_the_receiving_school_pays_travel() -> None:
    paid = {
        benefit: verdict("JL", "who_pays", on_support=True, benefit=benefit)
        for benefit in ("home_benefits", "travel", "allowance", "higher_appointment")
    }
    assert paid["home_benefits"] == "home_school"
    assert paid["travel"] == "receiving_school"
    assert paid["allowance"] == paid["higher_appointment"] == "needs_authority"


def test_an_allowance_that_has_been_set_is_paid_by_the_receiving_school() -> None:
    case = {"id": "one", "pack": "JL", "facts": {"query": "who_pays", "on_support": True, "benefit": "allowance"}}
    (found,) = ask([case], parameters={"allowance": 300})
    assert (found["verdict"], found["flags"]) == ("receiving_school", [])


@pytest.mark.covers("R-126")
def test_priority_needs_equal_conditions() -> None:
    assert verdict("JL", "priority", did_well=True, equal_conditions=True) == "priority"
    assert verdict("JL", "priority", did_well=True, equal_conditions=False) == "no_priority"
    assert verdict("JL", "priority", equal_conditions=True) == "no_priority"


def test_other_routes_of_staffing_have_their_own_numbers() -> None:
    recorded = [value("JL", name) for name in ("volunteers_recruited", "volunteers_total", "externals_transferred")]
    assert recorded == [41, 117, 7]
    assert (value("JL", "volunteer_stipend_before"), value("JL", "volunteer_stipend")) == (300, 500)


def test_a_rectification_is_closed_only_after_a_second_look() -> None:
    steps = [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    names = ("deadline_set", "rectified", "rechecked")
    found = [verdict("JL", "rectification", **dict(zip(names, step, strict=True))) for step in steps]
    assert found == ["deadline_missing", "open", "awaiting_recheck", "closed"]


# --- information technology, research ---------------------------------------------------------------------------------


@pytest.mark.covers("R-599")
def test_a_month_has_an_activity_with_record_and_summary() -> None:
    def month(times: int, record: bool, summary: bool) -> str:
        facts = {"activities_this_month": times, "written_record": record, "summary_written": summary}
        return verdict("IT", "monthly_activity", **facts)

    assert [month(0, True, True), month(1, False, True), month(1, True, True)] == ["not_met", "record_missing", "met"]


@pytest.mark.covers("R-473")
def test_three_to_four_articles_and_one_paper_a_term() -> None:
    shared = [verdict("IT", "reading_share", articles_recommended=n, reflections_attached=True) for n in (2, 3, 4, 5)]
    assert shared == ["not_met", "met", "met", "met_and_more"]
    assert [verdict("IT", "term_paper", papers_written=n) for n in (0, 1)] == ["not_met", "met"]


def test_a_research_project_passes_opening_midterm_and_closing() -> None:
    names = ("opening_held", "midterm_held", "closing_held")
    steps = [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    found = [verdict("KY", "project_stage", **dict(zip(names, step, strict=True))) for step in steps]
    assert found == ["not_opened", "in_research", "awaiting_closing", "closed"]


@pytest.mark.covers("R-498")
@pytest.mark.parametrize("lacking", ["idea_is_new", "practice_is_deep", "has_influence", "can_be_spread", None])
def test_an_achievement_needs_all_four_things(lacking: str | None) -> None:
    names = ("idea_is_new", "practice_is_deep", "has_influence", "can_be_spread")
    facts = {name: name != lacking for name in names}
    assert verdict("KY", "award_criteria", **facts) == ("not_eligible" if lacking else "eligible")


def test_a_key_project_needs_university_researchers_and_the_frontline() -> None:
    parties = ["university_expert", "research_staff", "frontline_backbone"]
    assert verdict("KY", "tender_team", key_project=True, team_members=parties) == "complete"
    assert verdict("KY", "tender_team", key_project=True, team_members=parties[:2]) == "incomplete"
    assert verdict("KY", "tender_team", key_project=False, team_members=[]) == "not_required"


@pytest.mark.covers("R-568")
def test_the_weekly_table_marks_holidays_exams_and_its_missing_row() -> None:
    weeks = {number: verdict("KY", "week_free", week_number=number) for number in range(1, 25)}
    assert {number: word for number, word in weeks.items() if word != "open"} == {
        5: "marked", 10: "marked", 22: "row_missing", 24: "outside_table"
    }  # fmt: skip


# --- a county's plan for 2020 -----------------------------------------------------------------------------------------


def test_the_basic_numbers_add_up() -> None:
    for total, parts in (
        ("schools", ("schools_primary", "schools_secondary", "schools_nine_year")),
        ("pupils", ("pupils_primary", "pupils_secondary")),
        ("teachers", ("teachers_primary", "teachers_secondary")),
    ):
        assert value("X2020", total) == sum(value("X2020", part) for part in parts)


@pytest.mark.covers("R-553", "R-466")
def test_progress_above_the_plan_is_shown_as_it_is() -> None:
    states = [verdict("X2020", "progress", planned=300, done=done) for done in (0, 200, 300, 400)]
    assert states == ["not_started", "in_progress", "reached", "exceeded"]
    share = answer(
        "X2020", "progress_share", planned=value("X2020", "training_plan"), done=value("X2020", "training_done")
    )
    assert round(share["value"] * 100, 1) == 133.3
    assert verdict("X2020", "progress", planned=10, done=0, postponed_reason="epidemic") == "postponed"


@pytest.mark.covers("R-548", "R-625", "R-626", "R-627", "R-628", "R-629")
@pytest.mark.parametrize(
    ("line", "percent"),
    [
        ("fund_preschool", 54.5),
        ("fund_heating", 46.3),
        ("fund_meals", 23.9),
        ("fund_boarding", 49.7),
        ("fund_lunch", 46.4),
        ("fund_public", 22.8),
    ],
)
def test_each_fund_line_gives_its_share_disbursed(line: str, percent: float) -> None:
    *_, planned, disbursed = value("X2020", line)
    share = answer("X2020", "disbursed_share", planned=planned, disbursed=disbursed)["value"]
    assert round(share * 100, 1) == percent


@pytest.mark.covers("R-626", "R-628", "R-629", "R-630")
def test_amounts_by_head_give_the_planned_sums() -> None:
    for line, each in (("fund_heating", 200), ("fund_boarding", 1700), ("fund_lunch", 800)):
        persons, planned, _ = value("X2020", line)
        assert round(persons * each / 10_000, 2) == planned
    assert round(value("X2020", "vocational_done") * value("X2020", "vocational_each"), 2) == 7.85


@pytest.mark.covers("R-545")
def test_a_continuous_task_is_never_overdue() -> None:
    day = {"today": date(2020, 10, 1).isoformat()}
    assert verdict("X2020", "overdue", continuous=True, **day) == "continuous"
    assert verdict("X2020", "overdue", deadline="2020-09-30", **day) == "overdue"
    assert verdict("X2020", "overdue", deadline="2020-10-01", **day) == "in_time"


@pytest.mark.covers("R-325")
def test_pledged_money_is_not_received_money() -> None:
    assert verdict("X2020", "received", pledged_only=True) == "pledged"
    assert verdict("X2020", "received") == "received"


@pytest.mark.covers("R-672")
def test_six_tiers_of_aid_follow_the_order_of_admission_and_are_flagged() -> None:
    order = [
        "vocational_college",
        "junior_college_preparatory",
        "junior_college",
        "bachelor_preparatory",
        "bachelor",
        "key_bachelor",
    ]
    found = [answer("X2020", "admission_aid", admission=each) for each in order]
    assert [each["value"] for each in found] == value("X2020", "aid_tiers") == [500, 1000, 2000, 3000, 4000, 5000]
    assert {tuple(each["flags"]) for each in found} == {("ambiguous",)}
    assert answer("X2020", "yearly_aid", registered_poor=True)["value"] == 4000


# --- bundled schools, activities --------------------------------------------------------------------------------------


@pytest.mark.covers("R-606")
def test_twenty_three_of_twenty_four_schools_are_95_8_percent() -> None:
    numbers = {name: value("QJ", name) for name in ("schools_meeting_standard", "schools_in_all")}
    assert round(answer("QJ", "coverage", **numbers)["value"] * 100, 1) == value("QJ", "coverage") == 95.8


def test_a_move_between_two_campuses_is_no_exchange_unless_they_count_as_two_schools() -> None:
    found = answer("QJ", "campus_move", same_bundle=True)
    assert (found["verdict"], found["flags"]) == ("not_exchange", ["ambiguous"])
    assert verdict("QJ", "campus_move", same_bundle=False) == "exchange"
    united = {"one_legal_person": True, "unified_management": True, "unified_staffing": True}
    assert verdict("QJ", "bundle_check", **united) == "bundle"
    assert verdict("QJ", "bundle_check", **{**united, "unified_staffing": False}) == "not_a_bundle"


@pytest.mark.covers("R-720")
def test_an_evaluation_has_three_indicators_and_a_decision() -> None:
    names = ("participation_measured", "satisfaction_measured", "improvement_measured", "adjustment_decided")
    whole = dict.fromkeys(names, True)
    assert verdict("G1", "evaluation_check", **whole) == "complete"
    for name in names[:3]:
        assert verdict("G1", "evaluation_check", **{**whole, name: False}) == "indicators_missing"
    assert verdict("G1", "evaluation_check", **{**whole, "adjustment_decided": False}) == "decision_missing"


def test_rewards_and_organisers_are_those_that_the_guide_names() -> None:
    recorded = {"ground_recorded": True, "approver_recorded": True}
    assert verdict("G1", "reward_check", reward_form="bonus", **recorded) == "foreseen"
    assert verdict("G1", "reward_check", reward_form="other", **recorded) == "not_foreseen"
    assert (
        verdict("G1", "reward_check", reward_form="bonus", ground_recorded=True, approver_recorded=False)
        == "record_missing"
    )
    assert verdict("G1", "organiser_check", organiser_kind="teachers") == "foreseen"


@pytest.mark.covers("R-340", "R-344", "R-346", "R-347")
def test_each_method_of_exchange_has_its_own_template() -> None:
    forum = {"method": "forum", "theme_stated": True, "key_points_listed": True, "direction_stated": True}
    seminar = {"method": "seminar", "theme_stated": True, "problem_stated": True, "roles_divided": True}
    lesson = {"method": "observation", "subject_matched": True, "observation_form_filled": True, "minutes": 40}
    assert {verdict("G2", "template_check", **each) for each in (forum, seminar, lesson)} == {"complete"}
    assert verdict("G2", "template_check", **{**forum, "theme_stated": False}) == "incomplete"
    assert verdict("G2", "template_check", **{**seminar, "problem_stated": False}) == "incomplete"
    assert verdict("G2", "template_check", **{**lesson, "subject_matched": False}) == "incomplete"
    assert verdict("G2", "template_check", **{**lesson, "minutes": 5}) == "unsuitable_length"


def test_a_record_has_time_place_content_and_participants() -> None:
    names = ("time_recorded", "place_recorded", "content_recorded", "participants_recorded", "responsible_named")
    whole = dict.fromkeys(names, True)
    assert verdict("C24", "record_check", **whole) == "complete"
    assert {verdict("C24", "record_check", **{**whole, name: False}) for name in names[:4]} == {"incomplete"}
    assert verdict("C24", "record_check", **{**whole, "responsible_named": False}) == "nobody_responsible"
    designs = [verdict("C24", "activity_check", activity="same_lesson_two_designs", designs=n) for n in (1, 2)]
    assert designs == ["too_few_designs", "foreseen"]


def test_mutual_visits_cross_between_town_and_village() -> None:
    visits = {
        (one, two): verdict("CX", "visit_check", visitor_school=one, visited_school=two)
        for one in ("urban", "rural")
        for two in ("urban", "rural")
    }
    assert visits["urban", "rural"] == "town_to_village"
    assert visits["rural", "urban"] == "village_to_town"
    assert visits["urban", "urban"] == visits["rural", "rural"] == "not_a_mutual_visit"
    assert verdict("CX", "topic_check", online_topic=True, offline_activity=False) == "not_tied"


def test_the_task_that_a_text_only_names_is_referred_to_the_authority() -> None:
    found = answer("XZ", "activity_check", activity="joint_research")
    assert (found["verdict"], found["flags"]) == ("named_only", ["needs_authority"])
    assert verdict("XZ", "activity_check", activity="forum") == "foreseen"
    assert verdict("XZ", "seminar_check", theme_stated=True, experts_invited=False) == "incomplete"
