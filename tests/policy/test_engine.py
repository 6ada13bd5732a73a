"""The engine's promises, on random facts: one evaluator for one and many, three-valued, never a silent no."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.facts.calendar import anniversary, completed_months, completed_years
from junheng.policy import ask, decide_frame, durations, explain, load_pack
from junheng.policy.cases import frame_of, read_facts

DAYS = st.dates(date(1955, 1, 1), date(2030, 12, 31))
ELIGIBLE = ("HK", "NZ", "XX", "DXQ", "SX", "CN")
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "sex": st.sampled_from(["M", "F"]),
    "birth_date": st.dates(date(1960, 1, 1), date(2000, 12, 31)).map(str),
    "joined_current_school": st.dates(date(2005, 1, 1), date(2024, 8, 31)).map(str),
    "reference_date": st.sampled_from(["2024-08-31", "2024-02-29"]),
    "in_establishment": st.booleans(),
    "in_post": st.booleans(),
    "in_service": st.booleans(),
    "seconded_from_outside": st.booleans(),
    "full_time_teacher": st.booleans(),
    "role": st.sampled_from(["teacher", "dean", "principal", "support_staff", "village_school_head"]),
    "school_kind": st.sampled_from(["center_primary", "village_primary", "junior_high"]),
    "main_subject": st.sampled_from(["语文", "英语", "体育", "信息技术"]),
    "specialist": st.booleans(),
    "pregnant": st.booleans(),
    "under_sanction": st.booleans(),
    "family_event": st.sampled_from(["major_misfortune"]),
    "youngest_child_birth": st.dates(date(2018, 1, 1), date(2024, 8, 1)).map(str),
    "health": st.sampled_from(
        [{"kind": "disability"}, {"kind": "disability", "certificate_level": "county", "bureau_leave_approved": True}]
    ),
}
SPECIAL = ("specialist", "pregnant", "under_sanction", "family_event", "youngest_child_birth", "health")
PEOPLE = st.fixed_dictionaries({}, optional=FACTS)


def asked(pack: str, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return ask([{"id": i, "pack": pack, "facts": {"query": "eligibility", **each}} for i, each in enumerate(people)])


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ELIGIBLE), st.lists(PEOPLE, min_size=2, max_size=8))
def test_a_person_is_judged_alone_as_among_others(pack: str, people: list[dict[str, Any]]) -> None:
    together = [{**answer, "id": 0} for answer in asked(pack, people)]
    assert together == [asked(pack, [each])[0] for each in people]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ELIGIBLE), PEOPLE, PEOPLE)
def test_learning_a_missing_fact_never_changes_an_answer_that_was_known(
    pack: str, known: dict[str, Any], more: dict[str, Any]
) -> None:
    learnt = {name: value for name, value in more.items() if name not in SPECIAL} | known
    before, after = asked(pack, [known, learnt])
    if before["verdict"] != "unknown":
        assert after["verdict"] == before["verdict"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ELIGIBLE), PEOPLE)
def test_an_unknown_answer_names_facts_and_stating_them_in_turn_settles_it(pack: str, facts: dict[str, Any]) -> None:
    full = {
        "sex": "F",
        "birth_date": "1990-01-01",
        "joined_current_school": "2010-09-01",
        "reference_date": "2024-08-31",
        "in_establishment": True,
        "in_post": True,
        "in_service": True,
        "seconded_from_outside": False,
        "full_time_teacher": True,
        "role": "teacher",
        "school_kind": "center_primary",
        "main_subject": "语文",
    }
    for _ in range(len(full) + 3):
        answer = asked(pack, [facts])[0]
        if answer["verdict"] != "unknown":
            return
        assert answer["missing"]
        for name in answer["missing"]:
            assert name not in facts
            record, _, inner = name.partition(".")
            if inner:
                certificate = {"certificate_level": "county", "bureau_leave_approved": True}
                facts = {**facts, record: {**facts[record], inner: certificate[inner]}}
            else:
                facts = {**facts, name: full[name]}
    raise AssertionError("still unknown although every fact it asked for was given")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ELIGIBLE), PEOPLE)
def test_the_explanation_is_the_answer_and_its_tree_agrees(pack: str, facts: dict[str, Any]) -> None:
    answer = asked(pack, [facts])[0]
    told = explain(load_pack(pack), facts)
    assert (told.verdict, told.clause, told.because) == (answer["verdict"], answer["clause"], answer["because"])
    decided = [i for i, branch in enumerate(told.branches) if branch.decides]
    assert len(decided) == 1
    branch = told.branches[decided[0]]
    if answer["verdict"] != "unknown":
        assert branch.verdict == answer["verdict"]
        assert branch.truth in (True, None)
    else:
        assert branch.truth is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=20))
def test_years_and_months_on_columns_are_those_of_the_calendar(pairs: list[tuple[date, date]]) -> None:
    pairs = [(min(pair), max(pair)) for pair in pairs] + [(date(1980, 2, 29), date(2025, 2, 28))]
    frame = pl.DataFrame(pairs, schema={"a": pl.Date, "b": pl.Date}, orient="row")
    a, b = pl.col("a"), pl.col("b")
    result = frame.select(
        years=durations.completed_years(a, b),
        months=durations.completed_months(a, b),
        later=durations.add_years(a, 3),
    )
    for (since, on), row in zip(pairs, result.iter_rows(named=True), strict=True):
        assert row["years"] == completed_years(since, on)
        assert row["months"] == completed_months(since, on)
        assert row["later"] == anniversary(since, since.year + 3)


def months_of_days(spells: list[tuple[date, date]], away: list[tuple[date, date]]) -> int:
    """The same sum by marking days on a calendar."""
    served = {a + timedelta(n) for a, b in spells for n in range((b - a).days + 1)}
    served -= {a + timedelta(n) for a, b in away for n in range((b - a).days + 1)}
    months, spare, broken = 0, 0, 0
    days = sorted(served)
    while days:
        run = 1
        while run < len(days) and days[run] - days[run - 1] == timedelta(1):
            run += 1
        start, end = days[0], days[run - 1]
        whole = completed_months(start, end)
        left = (end + timedelta(1) - add_months_forward(start, whole)).days
        months, spare, broken = months + whole, spare + left, broken + (left > 0)
        days = days[run:]
    return months + (spare // 30 if broken > 1 else 0)


def add_months_forward(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError


SPELLS = st.lists(
    st.tuples(st.dates(date(2018, 1, 1), date(2022, 1, 1)), st.integers(0, 700)).map(
        lambda pair: (pair[0], pair[0] + timedelta(pair[1]))
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(SPELLS)
def test_spells_are_summed_as_by_marking_days_overlaps_counted_once(spells: list[tuple[date, date]]) -> None:
    stints = [{"school_kind": "村小", "start": str(a), "end": str(b)} for a, b in spells]
    facts = {"current_post_since": "2000-01-01", "reference_date": "2026-08-31", "village_stints": stints}
    found = ask([{"id": 1, "pack": "NZ", "facts": {"query": "village_service_in_post", **facts}}])[0]["value"]
    assert found == months_of_days(spells, [])


@settings(max_examples=60, deadline=None)
@given(SPELLS, st.dates(date(2018, 1, 1), date(2021, 1, 1)))
def test_absences_that_do_not_count_are_cut_out_of_the_service(away: list[tuple[date, date]], start: date) -> None:
    end = start + timedelta(1000)
    leave = [{"kind": "sick", "start": str(a), "end": str(b)} for a, b in away]
    facts = {"start": str(start), "end": str(end), "leave": leave}
    found = ask([{"id": 1, "pack": "NZ", "facts": {"query": "served", **facts}}])[0]["value"]
    assert found == months_of_days([(start, end)], away)


@pytest.mark.covers("R-006", "R-041")
@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5000), st.fractions(0, 100, max_denominator=1000), st.sampled_from(["half_up", "ceil", "floor"]))
def test_quotas_are_rounded_exactly(total: int, percent: Fraction, rounding: str) -> None:
    percent = Fraction(str(round(float(percent), 3)))
    raw = percent * total / 100
    rounded = {
        "half_up": (raw + Fraction(1, 2)).__floor__(),
        "ceil": raw.__ceil__(),
        "floor": raw.__floor__(),
    }[rounding]
    answer = ask(
        [{"id": 1, "pack": "XX", "facts": {"query": "annual_quota", "school_total": total}}],
        parameters={"quota_rate": float(percent), "quota_rounding": rounding},
    )[0]
    assert answer["value"] == min(total, max(1, rounded))


@pytest.mark.parametrize(("n", "taken"), [(5, 1), (10, 1), (30, 2), (50, 3), (70, 4)])
@pytest.mark.covers("R-051", "R-006")
def test_halves_go_up_and_never_to_the_even_number(n: int, taken: int) -> None:
    ranking = [{"id": str(i), "score": i} for i in range(n)]
    assert (
        len(ask([{"id": 1, "pack": "XX", "facts": {"query": "bottom_list", "ranking": ranking}}])[0]["value"]) == taken
    )


@pytest.mark.slow
def test_a_million_teachers_are_judged_in_seconds() -> None:
    import time

    pack = load_pack("NZ")
    people = [
        {
            "sex": "MF"[i % 2],
            "birth_date": f"{1966 + i % 35}-0{1 + i % 9}-15",
            "in_establishment": True,
            "in_post": True,
        }
        | {"role": "teacher", "school_kind": "village_primary", "main_subject": "语文", "plan_year": 2024}
        for i in range(1000)
    ]
    small = frame_of(pack, [read_facts(pack, "eligibility", each) for each in people])
    large = pl.concat([small] * 1000)
    begun = time.perf_counter()
    judged = decide_frame(large, pack, langs=())
    assert judged.height == 1_000_000
    assert time.perf_counter() - begun < 15
