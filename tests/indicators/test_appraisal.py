"""Yearly scores since an appointment: which count, which way they go, what is missing, when the term ends."""

from __future__ import annotations

from datetime import date

import pytest

from junheng.facts import AnnualAssessment, Title, TitleSpell
from junheng.indicators import track

ON = date(2026, 8, 31)
FIRST = TitleSpell(title=Title.FIRST, start=date(2021, 9, 1))


def _scores(**years):
    return [AnnualAssessment(year=int(key[1:]), score=score) for key, score in years.items()]


@pytest.mark.covers("R-201")
def test_scores_since_the_appointment_are_tracked_with_mean_and_change():
    found = track([FIRST], _scores(y2019=99.0, y2022=90.0, y2023=88.0, y2024=86.0, y2025=84.0), ON)
    assert found.scores == (90.0, 88.0, 86.0, 84.0), "what was scored before the appointment is not its appraisal"
    assert (found.mean, found.change, found.missing) == (87.0, -6.0, ())


@pytest.mark.covers("R-201")
def test_a_finished_year_without_a_score_is_named():
    found = track([FIRST], [*_scores(y2022=90.0, y2024=86.0), AnnualAssessment(year=2025)], ON)
    assert found.missing == (2023, 2025)
    assert track([FIRST], _scores(y2022=90.0), ON).change is None


@pytest.mark.covers("R-201")
def test_a_term_runs_three_years_from_the_last_renewal_and_on():
    found = track([FIRST], (), ON)
    assert (found.since, found.until, found.mean) == (date(2024, 9, 1), date(2027, 8, 31), None)
    renewed = track([FIRST, TitleSpell(title=Title.FIRST, start=date(2025, 1, 1))], (), ON)
    assert (renewed.appointed, renewed.since, renewed.until) == (FIRST.start, date(2025, 1, 1), date(2027, 12, 31))
    assert track([FIRST], (), ON, term_years=5).until == date(2026, 8, 31)


def test_whoever_holds_no_title_yet_is_not_tracked():
    assert track([], _scores(y2025=90.0), ON) is None
    assert track([TitleSpell(title=Title.FIRST, start=date(2026, 9, 1))], (), ON) is None
    with pytest.raises(ValueError, match="at least one year"):
        track([FIRST], (), ON, term_years=0)
