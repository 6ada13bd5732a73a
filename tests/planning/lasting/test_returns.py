"""Those whose term ends are home before the year's plan begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from junheng.facts import Appointment, County, SpellKind
from junheng.facts.synthetic import make_county, make_small_county
from junheng.planning.lasting import after_returns
from junheng.planning.lasting.returns import year_end
from junheng.planning.year import Request, plan_year, prepare_year
from junheng.policy import load_pack

ON = date(2026, 5, 1)


def away(kind: SpellKind, end: date | None, on: date = ON) -> tuple[County, str, str]:
    """A small county in which the first teacher works at another school, with that school and the teacher."""
    county = make_small_county()
    first = county.teachers[0]
    host = next(s for s in county.schools_of(first.stage) if s.id != first.school_id)
    spell = Appointment(school_id=host.id, start=date(2024, 9, 1), end=end, kind=kind)
    there = replace(first, teaching_school_id=host.id, appointments=(*first.appointments, spell))
    return replace(county, on=on, teachers=(there, *county.teachers[1:])), first.id, host.id


@pytest.mark.parametrize(
    ("kind", "end", "comes"),
    [
        (SpellKind.EXCHANGE, date(2026, 8, 31), True),
        (SpellKind.SUPPORT, date(2026, 7, 10), True),
        (SpellKind.REWARD_EXCHANGE, date(2025, 8, 31), True),
        (SpellKind.EXCHANGE, date(2026, 9, 1), False),
        (SpellKind.EXCHANGE, date(2027, 8, 31), False),
        (SpellKind.EXCHANGE, None, False),
        (SpellKind.SECONDMENT, date(2026, 8, 31), False),
        (SpellKind.ITINERANT, date(2026, 8, 31), False),
    ],
)
def test_only_a_term_that_ends_with_the_school_year_brings_somebody_home(
    kind: SpellKind, end: date | None, comes: bool
) -> None:
    county, who, host = away(kind, end)
    after, returns = after_returns(county)
    found = [(r.teacher_id, r.from_school, r.ended) for r in returns if r.teacher_id == who]
    assert found == ([(who, host, end)] if comes else [])
    teacher = after.teacher_by_id[who]
    assert teacher.works_at == (teacher.school_id if comes else host)


def test_the_school_year_ends_on_31_august() -> None:
    assert year_end(date(2026, 8, 31)) == date(2026, 8, 31)
    assert year_end(date(2026, 9, 1)) == date(2027, 8, 31)
    assert year_end(date(2026, 1, 15)) == date(2026, 8, 31)


def test_a_later_spell_at_the_same_school_keeps_a_teacher_there() -> None:
    county, who, host = away(SpellKind.EXCHANGE, date(2025, 8, 31))
    teacher = county.teacher_by_id[who]
    again = Appointment(school_id=host, start=date(2025, 9, 1), end=date(2027, 8, 31), kind=SpellKind.EXCHANGE)
    longer = replace(teacher, appointments=(*teacher.appointments, again))
    others = tuple(t for t in county.teachers if t.id != who)
    assert who not in {r.teacher_id for r in after_returns(replace(county, teachers=(longer, *others)))[1]}


def test_a_county_to_which_nobody_comes_back_is_left_as_it_is() -> None:
    county = replace(make_small_county(), on=date(2024, 1, 1))
    assert after_returns(county) == (county, ())


def test_returns_open_places_at_the_host_school_that_the_plan_can_fill() -> None:
    county = make_county(teachers=500, seed=2, on=date(2026, 8, 31))
    _, returns = after_returns(county)
    assert returns
    pack = load_pack("CN")
    without = prepare_year(county, pack, Request(returns=False))[2]
    with_them = prepare_year(county, pack, Request())[2]
    assert with_them.returns == returns
    school = {t.id: t.school_id for t in with_them.problem.teachers}
    before = {t.id: t.school_id for t in without.problem.teachers}
    moved = {t for t in school if school[t] != before[t]}
    assert moved == {r.teacher_id for r in returns}
    for each in returns:
        assert with_them.unit_school[school[each.teacher_id]] == each.to_school
    stays = {p.teacher_id for p in with_them.problem.pins if p.kind == "stay" and p.reason == "comes_back"}
    may = {t.id for t in with_them.problem.teachers if t.verdict == "may"}
    assert stays == moved & may
    assert not {t.id for t in with_them.problem.teachers if t.verdict == "must"} & moved


def test_a_year_is_planned_from_the_county_after_returns_and_says_what_they_change() -> None:
    county = make_county(teachers=500, seed=2, on=date(2026, 8, 31))
    made = plan_year(county, load_pack("CN"), Request(processes=1))
    home = {r.teacher_id for r in made.returns}
    assert made.adoptable
    assert not home & {a.teacher_id for a in made.result.assignments}
    assert made.return_change is not None
    for back, plan in zip(made.return_change.indicators, made.change.indicators, strict=True):
        assert back.cv_after == pytest.approx(plan.cv_before, abs=1e-12)
    links = [link for chain in made.chains for link in chain.links]
    assert {link.teacher_id for link in links if link.returning} == home
    assert len(links) == len(home) + len(made.result.assignments)
