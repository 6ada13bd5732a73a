"""Figures, lists of words and days are written in one way on every page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import localize

from junheng.web.interface.numbers import FigureColumn, listed, number, signed, until


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1,000"),
        (-1234567, None, "−1,234,567"),
        (1665951.02, None, "1,665,951.02"),
        (176.0, None, "176"),
        (0.1234567, None, "0.123"),
        (-0.0001, None, "0"),
        (42.0, 1, "42.0"),
        (-0.04, 1, "0.0"),
        (7, 2, "7.00"),
        (Decimal("13.50"), None, "13.5"),
        (Fraction(27, 2), None, "13.5"),
        (Fraction(1, 3), 2, "0.33"),
        (None, None, "—"),
        ("", 1, "—"),
        ("5 / 8", None, "5 / 8"),
        (True, None, "True"),
    ],
)
def test_a_figure_has_commas_a_true_minus_and_no_idle_zeros(value: Any, digits: int | None, written: str) -> None:
    assert number(value, digits) == written


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(3, None, "+3"), (-3, None, "−3"), (0, None, "0"), (-0.04, 1, "0.0"), (1234.56, 1, "+1,234.6"), (None, 1, "—")],
)
def test_a_difference_has_its_sign_unless_it_is_none(value: Any, digits: int | None, written: str) -> None:
    assert signed(value, digits) == written


def test_templates_write_figures_in_the_same_way() -> None:
    page = Template("{% load interface %}{{ many|number }} {{ gap|signed }} {{ share|number:1 }} {{ none|number }}")
    assert page.render(Context({"many": 2238, "gap": -3, "share": 0.25, "none": None})) == "2,238 −3 0.2 —"


def test_words_of_a_list_are_apart_as_the_language_has_it() -> None:
    page = Template("{% load interface %}{{ words|listed }}{% comma %}")
    context = Context({"words": ["a", "b"]})
    with translation.override("zh-hans"):
        assert (listed(["音乐", "美术"]), page.render(context)) == ("音乐、美术", "a、b、")
    with translation.override("en"):
        assert (listed(["music", "art"]), page.render(context)) == ("music, art", "a, b, ")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_days_and_times_are_written_alike_in_every_language(language: str) -> None:
    with translation.override(language):
        shown = localize(date(2026, 8, 31)), localize(datetime(2026, 8, 31, 16, 2, tzinfo=UTC))
    assert shown == ("2026-08-31", "2026-08-31 16:02")


def test_a_column_of_figures_gives_files_the_bare_number() -> None:
    column = FigureColumn(digits=1)
    assert (column.render(1234.0), column.value(1234.0)) == ("1,234.0", 1234.0)
    assert column.attrs["td"]["class"] == column.attrs["th"]["class"] == "number"


@pytest.mark.parametrize(
    ("moment", "written", "to_the_second"),
    [
        (datetime(2026, 11, 26, 16, tzinfo=UTC), "2026-11-26 24:00", "2026-11-26 24:00:00"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "2026-12-31 24:00", "2026-12-31 24:00:00"),
        (datetime(2026, 11, 26, 16, 0, 1, tzinfo=UTC), "2026-11-27 00:00", "2026-11-27 00:00:01"),
        (datetime(2026, 11, 26, 10, tzinfo=UTC), "2026-11-26 18:00", "2026-11-26 18:00:00"),
    ],
)
def test_what_ends_with_a_day_ends_on_that_day(moment: datetime, written: str, to_the_second: str) -> None:
    assert until(moment) == written
    assert until(moment, seconds=True) == to_the_second
    assert Template("{% load interface %}{{ at|until }}").render(Context({"at": moment})) == written
