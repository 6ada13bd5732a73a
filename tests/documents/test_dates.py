"""Every style of date met in rosters."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.documents.dates import AmbiguousMonthError, Month, read_date

DAYS = st.dates(date(1930, 1, 1), date(2099, 12, 31))
STYLES = ["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 00:00:00"]
MONTHS = ["%Y-%m", "%Y.%m", "%Y/%m", "%Y年%m月", "%Y%m"]


@given(DAYS, st.sampled_from(STYLES))
def test_a_full_date_is_read_in_every_style(day: date, style: str) -> None:
    assert read_date(day.strftime(style)) == day


@given(DAYS, st.sampled_from(MONTHS))
def test_a_month_is_read_in_every_style_and_stays_a_month(day: date, style: str) -> None:
    assert read_date(day.strftime(style)) == Month(day.year, day.month)


@given(DAYS)
def test_excel_serials_are_read_as_numbers_and_as_text(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read_date(float(serial)) == day
    assert read_date(str(serial)) == day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019-9", Month(2019, 9)),
        ("2019年9月", Month(2019, 9)),
        ("２０１９．０９", Month(2019, 9)),
        (" 2019 年 9 月 ", Month(2019, 9)),
        ("2019/9/1", date(2019, 9, 1)),
        (201909.0, Month(2019, 9)),
        (20190901.0, date(2019, 9, 1)),
        (2019.09, Month(2019, 9)),
        (2019.9, Month(2019, 9)),
        (2019.12, Month(2019, 12)),
        (43709.75, date(2019, 9, 1)),
        (datetime.fromisoformat("2019-09-01T08:30"), date(2019, 9, 1)),
        (date(2019, 9, 1), date(2019, 9, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_other_spellings_are_understood(cell: object, expected: object) -> None:
    assert read_date(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "2009.13",
        "2009-00",
        "2009",
        2009.0,
        "2023-02-29",
        "九月",
        "09-2019",
        "1899-01",
        "2101-01",
        99999.0,
        True,
        "2009.13.01",
        2009.13,
        -5.0,
        "19.9",
    ],
)
def test_what_is_no_date_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(cell)


def test_a_month_whose_zero_a_spreadsheet_may_have_dropped_is_not_guessed() -> None:
    with pytest.raises(AmbiguousMonthError):
        read_date(2019.1)
    assert read_date("2019.1") == Month(2019, 1)


def test_a_month_knows_its_first_and_last_day() -> None:
    assert (Month(2024, 2).first_day, Month(2024, 2).last_day) == (date(2024, 2, 1), date(2024, 2, 29))
