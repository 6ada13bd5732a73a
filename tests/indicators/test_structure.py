from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from junheng.facts import Education, Locale, Role, Sex, Stage, Subject, Title, TitleSpell
from junheng.indicators import CountAt, measure_structure, middle_managers
from junheng.indicators.structure import AgeBand, age_band


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (18, AgeBand.UNDER_25),
        (24, AgeBand.UNDER_25),
        (25, AgeBand.FROM_25),
        (29, AgeBand.FROM_25),
        (30, AgeBand.FROM_30),
        (59, AgeBand.FROM_55),
        (60, AgeBand.FROM_60),
        (71, AgeBand.FROM_60),
    ],
)
def test_age_bands_hold_five_years(age, band):
    assert age_band(age) is band


def test_every_table_adds_up_to_the_teachers(county):
    report = measure_structure(county)
    for each in (report.county, *report.locales, *report.schools):
        for table in (each.ages, each.titles, each.educations, each.subjects, each.sexes):
            assert sum(table.values()) == each.teachers
    assert sum(s.teachers for s in report.schools) == report.county.teachers
    assert sum(s.teachers for s in report.locales) == report.county.teachers


@pytest.mark.covers("R-280", "R-613")
def test_the_four_structure_rates_of_a_school(make_hand_county, teacher):
    senior = (TitleSpell(title=Title.SENIOR, start=date(2020, 1, 1), post_grade=7),)
    county = make_hand_county(
        teacher("T1", "S1", titles=senior, birth_date=date(1976, 8, 31)),
        teacher("T2", "S1", education=Education.SECONDARY, birth_date=date(1996, 9, 1)),
        teacher("T3", "S1", education=None, sex=Sex.MALE, main_subject=Subject.PE, birth_date=date(1986, 1, 1)),
        teacher("T4", "S1", education=Education.COLLEGE, birth_date=date(1986, 1, 1)),
    )
    school = next(s for s in measure_structure(county).schools if s.key == "S1")
    assert school.staffing_rate == 1
    assert school.qualification_rate == Fraction(2, 3)
    assert school.title_rate(Title.SENIOR, Title.FULL_SENIOR) == Fraction(1, 4)
    assert dict(school.ages) == {AgeBand.FROM_25: 1, AgeBand.FROM_40: 2, AgeBand.FROM_50: 1}
    assert school.mean_age == pytest.approx((50 + 29 + 40 + 40) / 4)
    assert school.sexes == {Sex.MALE: 1, Sex.FEMALE: 3}


def test_the_education_asked_for_differs_by_stage_and_may_be_set(hand_county):
    junior = measure_structure(hand_county, stage=Stage.JUNIOR)
    assert junior.county.qualification_rate == Fraction(2, 3)
    lower = dict.fromkeys(Stage, Education.COLLEGE)
    assert measure_structure(hand_county, stage=Stage.JUNIOR, qualified_from=lower).county.qualification_rate == 1


@pytest.mark.covers("R-612")
def test_backbone_shares_compare_town_and_country(hand_county):
    by_locale = {s.key: s for s in measure_structure(hand_county, count_at=CountAt.ESTABLISHMENT).locales}
    assert by_locale[Locale.URBAN.value].backbone_rate == Fraction(3, 5)
    assert by_locale[Locale.RURAL.value].backbone_rate == 0
    assert by_locale[Locale.TOWN.value].backbone_rate is None


def test_a_school_without_teachers_has_no_rates(make_hand_county):
    empty = measure_structure(make_hand_county()).county
    assert empty.mean_age is empty.backbone_rate is empty.qualification_rate is None
    assert empty.title_rate(Title.SENIOR) is None
    assert empty.staffing_rate == 0


@pytest.mark.covers("R-290")
def test_middle_managers_above_the_cap_are_told(make_hand_county, teacher):
    county = make_hand_county(
        teacher("T1", "S1", role=Role.MID_LEVEL_CADRE),
        teacher("T2", "S1", role=Role.DEAN),
        teacher("T3", "S1", role=Role.PRINCIPAL),
        teacher("T4", "S2", role=Role.DEAN),
    )
    assert {m.school_id: (m.count, m.over) for m in middle_managers(county, 1)} == {
        "S1": (2, 1),
        "S2": (1, 0),
        "S3": (0, 0),
        "S4": (0, 0),
    }
    caps = {"S1": 2, "S2": 0, "S3": 0, "S4": 0}
    assert [m.over for m in middle_managers(county, caps)] == [0, 1, 0, 0]
