"""From a county's facts to a planning problem, with every careful reading named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.facts import Appointment, County, Role, School, SpellKind, Stage, Strength, Subject, Teacher, Wish
from junheng.facts.synthetic import make_county, make_small_county
from junheng.indicators.balance import measure_balance
from junheng.planning.assembling import PlanningError, PlanSettings, assemble
from junheng.planning.checking import check
from junheng.planning.problem import Pin, Quota, Verdict
from junheng.planning.units import unit_id

QUOTA = Quota("stage10", "stage", "eligible", "ge", Fraction(1, 10), "half_up", 0)


@pytest.fixture
def county() -> County:
    return make_small_county()


@pytest.fixture
def settings() -> PlanSettings:
    return PlanSettings(year=2026, quotas=(QUOTA,))


def everybody_may(county: County) -> dict[str, Verdict]:
    return {t.id: "may" for t in county.teachers}


def changed(county: County, teacher_id: str, **facts: object) -> County:
    teachers = tuple(replace(t, **facts) if t.id == teacher_id else t for t in county.teachers)  # type: ignore[arg-type]
    return replace(county, teachers=teachers)


def teacher_at_home(county: County) -> Teacher:
    return next(
        t for t in county.teachers if t.works_at == t.school_id and t.role is Role.TEACHER and t.in_post is not False
    )


@pytest.mark.covers("R-017")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_figures_of_a_plan_are_those_of_the_inspection(seed: int, settings: PlanSettings) -> None:
    county = make_county(teachers=800, seed=seed)
    figures = check(assemble(county, everybody_may(county), settings).problem, []).figures
    for line in figures.stages:
        official = next(
            r for r in measure_balance(county).indicators if r.stage == line.stage and r.indicator == line.indicator
        )
        assert line.cv_before == pytest.approx(official.cv, abs=1e-12)
        assert line.reaching_before == official.reaching
        assert line.cv_limit == official.limit


def test_a_nine_year_school_gives_two_units(settings: PlanSettings) -> None:
    county = make_county(teachers=2000, seed=1)
    nine_year = next(s for s in county.schools if len(s.stages) == 2)
    assembly = assemble(county, everybody_may(county), settings)
    units = {u.id: u for u in assembly.problem.schools}
    assert unit_id(nine_year, Stage.PRIMARY) != nine_year.id
    for stage in Stage:
        unit = units[unit_id(nine_year, stage)]
        assert (unit.stage, unit.pupils) == (stage.value, nine_year.pupils(stage))
        assert assembly.unit_school[unit.id] == nine_year.id


def test_the_order_of_rows_never_reaches_the_problem(county: County, settings: PlanSettings) -> None:
    turned = replace(county, teachers=county.teachers[::-1], schools=county.schools[::-1])
    verdicts = everybody_may(county)
    assert assemble(turned, verdicts, settings).problem == assemble(county, verdicts, settings).problem


def test_who_already_works_elsewhere_is_not_moved_again(county: County, settings: PlanSettings) -> None:
    teacher = teacher_at_home(county)
    other = next(s for s in county.schools if s.id != teacher.school_id and teacher.stage in s.stages)
    away = changed(county, teacher.id, teaching_school_id=other.id)
    assembly = assemble(away, everybody_may(county), settings)
    seen = next(t for t in assembly.problem.teachers if t.id == teacher.id)
    assert (seen.school_id, seen.verdict) == (unit_id(other, teacher.stage), "may")
    assert assembly.standing_still[teacher.id] == "already_away"
    assert [p.kind for p in assembly.problem.pins if p.teacher_id == teacher.id] == ["stay"]


def test_who_is_not_in_post_counts_nowhere_and_the_note_says_so(county: County, settings: PlanSettings) -> None:
    teacher = teacher_at_home(county)
    assembly = assemble(changed(county, teacher.id, in_post=False), everybody_may(county), settings)
    assert teacher.id not in {t.id for t in assembly.problem.teachers}
    assert any("不在岗" in note.zh and note.count >= 1 for note in assembly.notes)


def test_support_staff_count_as_staff_but_in_no_subject(county: County, settings: PlanSettings) -> None:
    teacher = teacher_at_home(county)
    assembly = assemble(
        changed(county, teacher.id, role=Role.SUPPORT_STAFF, main_subject=Subject.PE), everybody_may(county), settings
    )
    seen = next(t for t in assembly.problem.teachers if t.id == teacher.id)
    assert (seen.subject, seen.subject2, seen.backbone, seen.high_degree, seen.verdict) == (
        "other",
        "",
        False,
        False,
        "no",
    )


def test_a_subject_without_a_stated_need_keeps_its_teachers(county: County, settings: PlanSettings) -> None:
    silent = replace(county, schools=tuple(replace(s, requirements=()) for s in county.schools))
    problem = assemble(silent, everybody_may(county), settings).problem
    needed = {(r.school_id, r.subject): r.required for r in problem.requirements}
    for teacher in problem.teachers:
        assert needed[teacher.school_id, teacher.subject] >= 1
    assert sum(needed.values()) == len(problem.teachers)


def test_wishes_and_former_schools_become_units_of_the_teachers_stage(county: County, settings: PlanSettings) -> None:
    teacher = teacher_at_home(county)
    others: list[School] = [s for s in county.schools if s.id != teacher.school_id and teacher.stage in s.stages]
    left = Appointment(school_id=others[0].id, start=date(2010, 9, 1), end=date(2022, 8, 31), kind=SpellKind.POST)
    wishing = changed(
        county, teacher.id, wishes=(Wish(rank=2, school_id=others[0].id), Wish(rank=1, school_id=others[1].id)),
        appointments=(left,),
    )  # fmt: skip
    problem = assemble(wishing, everybody_may(county), settings).problem
    seen = next(t for t in problem.teachers if t.id == teacher.id)
    assert seen.preferences == (unit_id(others[1], teacher.stage), unit_id(others[0], teacher.stage))
    departures = [d for d in problem.history if d.teacher_id == teacher.id]
    assert [(d.school_id, d.year_left) for d in departures] == [(unit_id(others[0], teacher.stage), 2022)]


def test_a_pin_to_a_school_that_does_not_exist_is_refused_by_name(county: County, settings: PlanSettings) -> None:
    teacher = teacher_at_home(county)
    with pytest.raises(ValueError, match="9999999999"):
        assemble(county, everybody_may(county), settings, [Pin(teacher.id, "pin", "9999999999")])
    with pytest.raises(ValueError, match="NOBODY"):
        assemble(county, everybody_may(county), settings, [Pin("NOBODY", "stay")])


def test_a_county_of_one_school_has_nowhere_to_rotate(county: County, settings: PlanSettings) -> None:
    school = next(s for s in county.schools if len(s.stages) == 1)
    staff = tuple(replace(t, wishes=(), family=replace(t.family, spouse_id="")) for t in county.working_at[school.id])
    alone = County(
        name=county.name,
        on=county.on,
        clusters=county.clusters,
        schools=(replace(school, strength=Strength.ORDINARY),),
        teachers=tuple(replace(t, school_id=school.id, teaching_school_id="") for t in staff),
    )
    with pytest.raises(ValueError, match="two schools"):
        assemble(alone, everybody_may(alone), settings)


def test_a_school_without_pupils_takes_no_part_and_the_note_says_so(county: County, settings: PlanSettings) -> None:
    empty = county.schools[0]
    emptied = replace(county, schools=(replace(empty, enrolment=()), *county.schools[1:]))
    assembly = assemble(emptied, everybody_may(county), settings)
    assert empty.id not in assembly.unit_school.values()
    assert all(assembly.standing_still[t.id] == "no_pupils" for t in emptied.working_at[empty.id])
    assert any("没有学生" in note.zh for note in assembly.notes)


def test_nobody_is_pinned_to_a_school_without_his_stage(county: County, settings: PlanSettings) -> None:
    teacher = next(t for t in county.teachers if t.stage is Stage.PRIMARY)
    school = next(s for s in county.schools if set(s.stages) == {Stage.JUNIOR})
    with pytest.raises(PlanningError, match="no primary"):
        assemble(county, {teacher.id: "may"}, settings, [Pin(teacher.id, "pin", school.id)])
