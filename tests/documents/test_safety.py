"""Nothing that leaves the product runs as a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.documents.intake.tables import unguarded
from junheng.documents.safety import cell_text, csv_text, is_formula_like, sheet_title

LEADS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("lead", LEADS)
def test_every_dangerous_lead_is_escaped_also_after_spaces(lead: str) -> None:
    for before in ("", " ", "\u3000", "\ufeff", "\u200b"):
        text = f"{before}{lead}cmd|' /C calc'!A0"
        assert is_formula_like(text)
        assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "张三", "a=b", "12-3", "'=1", "·"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert csv_text(text) == text


@given(st.text(max_size=12))
def test_escaped_text_is_never_formula_like_and_can_be_restored(text: str) -> None:
    escaped = csv_text(text)
    assert not is_formula_like(escaped)
    assert is_formula_like(text) == (unguarded(escaped) == text != escaped)


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert len(cell_text("长" * 40_000)) == 32_767
    assert "过长" in cell_text("长" * 40_000)
    assert cell_text("长" * 32_767) == "长" * 32_767


def test_sheet_titles_are_what_excel_accepts_and_differ() -> None:
    taken: set[str] = set()
    titles = [sheet_title(text, taken) for text in ("a/b:c", "A/B:C", "名" * 40, "名" * 40, "", "'x'")]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
