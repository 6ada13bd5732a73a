"""Identity numbers: what is accepted, what is refused and what the refusal says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.facts.codes import Sex
from junheng.facts.identity import (
    DocumentKind,
    IdentityNumberError,
    check_character,
    mask_identity_number,
    read_identity_number,
)

BIRTHS = st.dates(date(1930, 1, 1), date(2012, 12, 31))


def number(birth: date, serial: int, area: str = "990101") -> str:
    first = f"{area}{birth:%Y%m%d}{serial:03d}"
    return first + check_character(first)


def test_the_published_example_of_the_standard_is_valid() -> None:
    identity = read_identity_number("11010519491231002X")
    assert identity.birth_date == date(1949, 12, 31)
    assert identity.sex is Sex.FEMALE
    assert identity.kind is DocumentKind.RESIDENT


@given(BIRTHS, st.integers(0, 999))
def test_a_number_made_by_the_standard_is_read_back(birth: date, serial: int) -> None:
    identity = read_identity_number(number(birth, serial))
    assert identity.birth_date == birth
    assert identity.sex is (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(BIRTHS, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(birth: date, serial: int, at: int, by: int) -> None:
    good = number(birth, serial)
    other = str(by) if good[at] == "X" else str((int(good[at]) + by) % 10)
    wrong = good[:at] + other + good[at + 1 :]
    with pytest.raises(IdentityNumberError):
        read_identity_number(wrong)


@given(BIRTHS, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbouring_digits_exchanged_are_found(birth: date, serial: int, at: int) -> None:
    good = number(birth, serial)
    wrong = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
    if wrong == good:
        assert read_identity_number(wrong).number == good
    else:
        with pytest.raises(IdentityNumberError):
            read_identity_number(wrong)


def test_an_area_code_that_does_not_exist_is_no_error() -> None:
    identity = read_identity_number(number(date(1985, 5, 12), 1, area="000000"))
    assert identity.birth_date == date(1985, 5, 12)


def test_full_width_digits_spaces_and_a_small_x_are_accepted() -> None:
    assert read_identity_number(" １１０１０５ 19491231 002x ").number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (number(date(1980, 3, 4), 21, area="810000"), DocumentKind.HK_MO_TW_RESIDENT),
        (number(date(1980, 3, 4), 21, area="820000"), DocumentKind.HK_MO_TW_RESIDENT),
        (number(date(1980, 3, 4), 21, area="830000"), DocumentKind.HK_MO_TW_RESIDENT),
        (number(date(1980, 3, 4), 21, area="911124"), DocumentKind.FOREIGN_PERMANENT),
        ("H12345678", DocumentKind.HK_MO_TRAVEL),
        ("m1234567890", DocumentKind.HK_MO_TRAVEL),
        ("12345678", DocumentKind.TW_TRAVEL),
        ("ABC123456789012", DocumentKind.FOREIGN_PERMANENT),
    ],
)
def test_permits_and_foreigners_cards_are_accepted_by_their_form(text: str, kind: DocumentKind) -> None:
    identity = read_identity_number(text)
    assert identity.kind is kind
    assert (identity.birth_date is None) == (len(identity.number) != 18)


@pytest.mark.parametrize("text", ["1.10105E+17", "1.10105194912312E+17", "110105194912310000", "110105194912310000.0"])
def test_a_number_spoiled_by_a_spreadsheet_is_told_from_a_typing_slip(text: str) -> None:
    with pytest.raises(IdentityNumberError) as caught:
        read_identity_number(text)
    assert "数值" in caught.value.problem[0]
    assert "文本格式" in caught.value.advice[0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("110105194912310021", "校验码"),
        ("110105491231002", "15位"),
        ("1101051949123100", "16位"),
        ("不详", "2位"),
        (number(date(1949, 12, 31), 2).replace("19491231", "19491331")[:17] + "0", "校验码"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, word: str) -> None:
    with pytest.raises(IdentityNumberError) as caught:
        read_identity_number(text)
    assert word in caught.value.problem[0]
    assert caught.value.problem[1]


def test_digits_that_are_no_date_are_refused_although_the_check_fits() -> None:
    first = "99010119901301001"
    with pytest.raises(IdentityNumberError) as caught:
        read_identity_number(first + check_character(first))
    assert "不是日期" in caught.value.problem[0]


def test_a_masked_number_shows_neither_birth_nor_sex() -> None:
    assert mask_identity_number("11010519491231002X") == "110105********002X"
    assert mask_identity_number("H12345678") == "H*******8"
    assert mask_identity_number("") == ""
