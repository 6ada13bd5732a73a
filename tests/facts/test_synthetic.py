from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from junheng.facts import County, Grade, Locale, SchoolKind, Sex, SpellKind, Stage
from junheng.facts.calendar import completed_years
from junheng.facts.identity import read_identity_number
from junheng.facts.retirement import retirement_date
from junheng.facts.synthetic import make_county, make_small_county

PUPILS_PER_TEACHER = {Stage.PRIMARY: 16.3, Stage.JUNIOR: 12.8}


def _share(county: County, fact) -> float:
    return sum(map(fact, county.teachers)) / len(county.teachers)


def test_the_same_seed_gives_the_same_county_and_another_seed_another():
    assert make_county(teachers=200, seed=7) == make_county(teachers=200, seed=7)
    assert make_county(teachers=200, seed=7) != make_county(teachers=200, seed=8)


def test_a_county_has_as_many_teachers_as_asked(county):
    assert len(county.teachers) == 4000
    assert len(make_county(teachers=333).teachers) == 333


def test_a_county_too_small_for_every_kind_of_school_is_refused():
    with pytest.raises(ValueError, match="at least 150"):
        make_county(teachers=149)


def test_schools_are_mixed_as_in_the_mean_county(county):
    kinds = Counter(s.kind for s in county.schools)
    primary = kinds[SchoolKind.URBAN_PRIMARY] + kinds[SchoolKind.CENTER_PRIMARY] + kinds[SchoolKind.VILLAGE_PRIMARY]
    assert 43 <= primary <= 54
    assert 15 <= kinds[SchoolKind.TEACHING_POINT] <= 22
    assert 15 <= kinds[SchoolKind.JUNIOR_HIGH] <= 22
    assert kinds[SchoolKind.NINE_YEAR] >= 2


@pytest.mark.parametrize("stage", Stage)
def test_pupils_per_teacher_are_the_national_mean(county, stage):
    pupils = sum(s.pupils(stage) for s in county.schools)
    teachers = sum(t.stage is stage for t in county.teachers)
    assert pupils / teachers == pytest.approx(PUPILS_PER_TEACHER[stage], abs=0.01)


def test_identity_numbers_are_fictional_unique_and_agree_with_sex_and_birth(county):
    assert len({t.id_number for t in county.teachers}) == len(county.teachers)
    for teacher in county.teachers:
        assert teacher.id_number.startswith("9901")
        read = read_identity_number(teacher.id_number)
        assert (read.birth_date, read.sex) == (teacher.birth_date, teacher.sex)


def test_school_codes_are_ten_digits(county):
    assert all(len(s.id) == 10 and s.id.isdigit() for s in county.schools)
    assert len({s.name for s in county.schools}) == len({s.short_name for s in county.schools}) == len(county.schools)


def test_nobody_is_past_retirement_and_nobody_began_as_a_child(county):
    for teacher in county.teachers:
        assert retirement_date(teacher.birth_date, teacher.sex) > county.on
        if teacher.work_start is not None:
            assert 18 <= completed_years(teacher.birth_date, teacher.work_start) <= 26


def test_posts_follow_one_another_and_the_last_began_when_the_teacher_joined(county):
    for teacher in county.teachers:
        posts = [a for a in teacher.appointments if a.kind is SpellKind.POST]
        for earlier, later in pairwise(posts):
            assert earlier.end is not None
            assert earlier.start <= earlier.end < later.start
        if posts:
            assert posts[-1].school_id == teacher.school_id
            assert posts[-1].end is None
            assert posts[-1].start == teacher.joined_current_school


def test_exchanges_lie_within_a_post_elsewhere_and_never_overlap(county):
    for teacher in county.teachers:
        away = [a for a in teacher.appointments if a.kind not in (SpellKind.POST, SpellKind.SECONDMENT)]
        for earlier, later in pairwise(away):
            assert earlier.end is not None
            assert earlier.end < later.start
        for spell in away:
            post = next(p for p in teacher.appointments if p.kind is SpellKind.POST and p.covers(spell.start))
            assert post.school_id != spell.school_id


def test_who_works_elsewhere_has_a_running_spell_there(county):
    away = [t for t in county.teachers if t.works_at != t.school_id]
    assert 40 <= len(away) <= 200
    for teacher in away:
        assert any(a.covers(county.on) and a.school_id == teacher.works_at for a in teacher.appointments)


def test_no_dated_fact_lies_in_the_future(county):
    for teacher in county.teachers:
        begun = [
            teacher.birth_date,
            *(a.start for a in teacher.appointments),
            *(t.start for t in teacher.titles),
            *(h.start for h in teacher.honors),
            *(s.start for s in teacher.sanctions),
        ]
        assert max(begun) <= county.on
        child = teacher.family.youngest_child_birth
        assert child is None or child <= county.on


def test_annual_ranks_of_a_school_run_from_one_without_gap(county):
    for staff in county.staff_of.values():
        for year in (2023, 2024, 2025):
            rows = [a for t in staff for a in t.assessments if a.year == year and a.rank is not None]
            assert sorted(a.rank for a in rows if a.rank) == list(range(1, len(rows) + 1))
            assert {a.of for a in rows} <= {len(rows)}
            assert sum(a.grade is Grade.EXCELLENT for a in rows) <= len(rows) // 5


def test_nobody_was_appointed_before_the_school_was_founded(county):
    founded = {s.id: min(e.on for e in s.history) for s in county.schools}
    for teacher in county.teachers:
        assert all(founded[a.school_id] <= a.start for a in teacher.appointments if a.school_id)


def test_titles_rise_with_time(county):
    for teacher in county.teachers:
        for earlier, later in pairwise(teacher.titles):
            assert earlier.start < later.start
            assert earlier.title.rank <= later.title.rank
            assert (earlier.post_grade or 0) > (later.post_grade or 0)


def test_spouses_name_each_other_and_are_a_man_and_a_woman(county):
    couples = [t for t in county.teachers if t.family.spouse_id]
    assert len(couples) >= 80
    for teacher in couples:
        spouse = county.teacher_by_id[teacher.family.spouse_id]
        assert spouse.family.spouse_id == teacher.id
        assert {spouse.sex, teacher.sex} == set(Sex)


def test_wishes_are_ranked_from_one_and_name_other_schools_of_the_stage(county):
    for teacher in county.teachers:
        assert [w.rank for w in teacher.wishes] == list(range(1, len(teacher.wishes) + 1))
        assert bool(teacher.wishes) == bool(teacher.applied)
        for wish in teacher.wishes:
            assert wish.school_id != teacher.school_id
            assert teacher.stage in county.school_by_id[wish.school_id].stages


def test_the_county_is_calibrated_to_published_shares(county):
    assert 0.45 <= _share(county, lambda t: _years_here(county, t) >= 6) <= 0.60
    assert 0.08 <= _share(county, lambda t: t.is_backbone(county.on)) <= 0.15
    assert 0.60 <= _share(county, lambda t: t.sex is Sex.FEMALE) <= 0.72
    assert 0.15 <= _share(county, lambda t: bool(t.applied)) <= 0.26
    titles = Counter(held.title.value if (held := t.title_on(county.on)) else "none" for t in county.teachers)
    shares = {title: count / len(county.teachers) for title, count in titles.items()}
    assert 0.14 <= shares["senior"] <= 0.26
    assert 0.38 <= shares["first"] <= 0.48
    assert 0.18 <= shares["second"] <= 0.30


def _years_here(county: County, teacher) -> int:
    joined = teacher.joined_current_school
    return 0 if joined is None else completed_years(joined, county.on)


def test_country_schools_are_older_and_have_fewer_backbone_teachers(county):
    def staff(locale: Locale):
        return [t for t in county.teachers if county.school_by_id[t.school_id].locale is locale]

    def age(people) -> float:
        return sum(completed_years(t.birth_date, county.on) for t in people) / len(people)

    def backbone(people) -> float:
        return sum(t.is_backbone(county.on) for t in people) / len(people)

    assert age(staff(Locale.RURAL)) > age(staff(Locale.URBAN)) + 2
    assert backbone(staff(Locale.RURAL)) < backbone(staff(Locale.URBAN)) / 2


def test_some_facts_are_blank_as_in_real_rosters(county):
    assert any(t.joined_current_school is None for t in county.teachers)
    assert any(t.work_start is None for t in county.teachers)
    assert any(t.education is None for t in county.teachers)
    assert any(t.health is not None and not t.health_certificate_level for t in county.teachers)
    assert any(t.specialist is None for t in county.teachers)


def test_the_circumstances_that_policies_ask_about_all_occur(county):
    for fact in (
        lambda t: t.pregnant,
        lambda t: t.lactating,
        lambda t: t.leaves,
        lambda t: t.sanctions,
        lambda t: t.exams,
        lambda t: t.in_post is False,
        lambda t: t.seconded_in,
        lambda t: t.on_establishment is False,
        lambda t: t.family.family_event,
        lambda t: t.family.spouse_condition,
        lambda t: t.commute_limit_km,
    ):
        assert any(fact(t) for t in county.teachers)
    kinds = {e.kind.value for s in county.schools for e in s.history}
    assert {"founded", "merged_from", "renamed"} <= kinds
    assert county.pairings


def test_the_small_county_has_six_schools_and_sixty_teachers(small_county):
    assert len(small_county.schools) == 6
    assert len(small_county.teachers) == 60
    assert {s.kind for s in small_county.schools} == {
        SchoolKind.URBAN_PRIMARY,
        SchoolKind.CENTER_PRIMARY,
        SchoolKind.VILLAGE_PRIMARY,
        SchoolKind.TEACHING_POINT,
        SchoolKind.JUNIOR_HIGH,
    }
    assert small_county == make_small_county()


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 3, 1), date(2028, 2, 29), date(2026, 9, 1)])
def test_a_county_can_be_made_for_any_day(on):
    county = make_county(teachers=160, seed=3, on=on)
    assert all(a.start <= on for t in county.teachers for a in t.appointments)


@pytest.mark.slow
def test_seeds_up_to_forty_give_sound_counties():
    for seed in range(1, 41):
        assert len(make_county(teachers=600, seed=seed).teachers) == 600
        assert len(make_small_county(seed=seed).teachers) == 60
