from __future__ import annotations

from fractions import Fraction

import pytest

from junheng.facts import Education, Stage
from junheng.indicators.standards import Indicator, national_standards, read_standards, standards_text


def test_the_2017_rule_set_has_seven_indicators_with_the_published_thresholds():
    standards = national_standards()
    assert len(standards.indicators) == 7
    expected = {
        Indicator.DEGREE: ("4.2", "5.3"),
        Indicator.BACKBONE: ("1", "1"),
        Indicator.PE_ART: ("0.9", "0.9"),
        Indicator.TEACHING_AREA: ("4.5", "5.8"),
        Indicator.SPORTS_AREA: ("7.5", "10.2"),
        Indicator.EQUIPMENT: ("2000", "2500"),
        Indicator.MULTIMEDIA: ("2.3", "2.4"),
    }
    for indicator, (primary, junior) in expected.items():
        assert standards.least[indicator, Stage.PRIMARY] == Fraction(primary)
        assert standards.least[indicator, Stage.JUNIOR] == Fraction(junior)
    assert (float(standards.cv_limit[Stage.PRIMARY]), float(standards.cv_limit[Stage.JUNIOR])) == (0.5, 0.45)
    assert (standards.schools_reach, standards.remaining_share) == (6, Fraction("0.85"))


def test_above_the_required_education_means_college_in_primary_and_bachelor_in_junior_secondary():
    required = national_standards().high_degree_from
    assert required == {Stage.PRIMARY: Education.COLLEGE, Stage.JUNIOR: Education.BACHELOR}


def test_the_2012_rule_set_judges_the_mean_of_eight():
    standards = national_standards("basic_balance_2012")
    assert standards.judged == "composite"
    assert len(standards.indicators) == 8
    assert (float(standards.cv_limit[Stage.PRIMARY]), float(standards.cv_limit[Stage.JUNIOR])) == (0.65, 0.55)


@pytest.mark.parametrize("code", ["quality_balance_2017", "basic_balance_2012"])
def test_every_rule_set_is_dated_cited_and_says_how_sure_its_values_are(code):
    standards = national_standards(code)
    assert standards.document_number in standards.title()
    assert standards.in_force_from.year == int(code[-4:])
    assert set(standards.marks.values()) <= {"seen", "seen_second_hand", "recalled"}
    assert "cv_limit" in standards.marks


def test_a_county_may_bring_its_own_rule_set(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        standards_text("quality_balance_2017.toml").replace("primary = 4.2", "primary = 4.5"), encoding="utf-8"
    )
    assert read_standards(own).least[Indicator.DEGREE, Stage.PRIMARY] == Fraction("4.5")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('judged = "each"', 'judged = "some"', "judged is 'some'"),
        ("[least.degree]", "[least.degrees]", "degrees"),
        ("[cv_limit]", "[cv_limits]", "cv_limit is missing"),
        ("primary = 0.50", "primary = ", "Invalid value"),
    ],
)
def test_a_faulty_rule_set_is_refused_with_its_name_and_fault(tmp_path, old, new, told):
    own = tmp_path / "own.toml"
    own.write_text(standards_text("quality_balance_2017.toml").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=told) as failure:
        read_standards(own)
    assert "own.toml" in str(failure.value)


def test_an_unknown_rule_set_is_refused():
    with pytest.raises(ValueError, match="there are quality_balance_2017"):
        national_standards("quality_balance_2030")
