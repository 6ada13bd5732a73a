"""Numbers of identity documents: resident ID numbers of GB 11643 and the other documents a teacher may hold.

A resident number carries a birth date, a sex and a check character. The area code at its head is never judged:
districts are abolished and renumbered while people keep their numbers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from junheng.facts.codes import Code, Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_ADVICE = ("请核对后填写18位身份证号", "check it and give the 18-digit number")
_SPOILED = re.compile(r"[0-9](\.[0-9]*)?E\+?[0-9]+|[0-9]{15,18}\.0*")


class DocumentKind(Code):
    """Kind of identity document (身份证件类型)."""

    RESIDENT = ("resident", "居民身份证", "resident identity card")
    HK_MO_TW_RESIDENT = (
        "hk_mo_tw_resident",
        "港澳台居民居住证",
        "residence permit for Hong Kong, Macao and Taiwan residents",
    )
    FOREIGN_PERMANENT = ("foreign_permanent", "外国人永久居留身份证", "foreign permanent resident identity card")
    HK_MO_TRAVEL = (
        "hk_mo_travel",
        "港澳居民来往内地通行证",
        "mainland travel permit for Hong Kong and Macao residents",
    )
    TW_TRAVEL = ("tw_travel", "台湾居民来往大陆通行证", "mainland travel permit for Taiwan residents")


_OTHER_FORMS = (
    (re.compile(r"[HM]([0-9]{8}|[0-9]{10})"), DocumentKind.HK_MO_TRAVEL),
    (re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"), DocumentKind.TW_TRAVEL),
    (re.compile(r"[A-Z]{3}[0-9]{12}"), DocumentKind.FOREIGN_PERMANENT),
)


class IdentityNumberError(ValueError):
    """A number that cannot be any accepted document: ``problem`` and ``advice``, each as (Chinese, English)."""

    def __init__(self, problem: tuple[str, str], advice: tuple[str, str] = _ADVICE) -> None:
        super().__init__(f"{problem[1]}; {advice[1]}")
        self.problem = problem
        self.advice = advice


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that passed every check its form allows; birth date and sex are ``None`` where the form has none."""

    number: str
    kind: DocumentKind
    birth_date: date | None = None
    sex: Sex | None = None


def check_character(first_seventeen: str) -> str:
    """The 18th character of a resident number by ISO 7064 MOD 11-2, as GB 11643 prescribes: a digit or ``X``."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_seventeen, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def read_identity_number(text: str) -> IdentityNumber:
    """The document that ``text`` names, with the birth date and sex it carries.

    Full-width digits, spaces and a small ``x`` are accepted. The number is judged by form, birth date and check
    character. Residence permits (81, 82, 83 …) and the foreigners' card of 2023 (9 …) have the same form; travel
    permits and the older foreigners' card are judged by form only.

    Raises :class:`IdentityNumberError` for anything else, with a reason of its own for a number that a spreadsheet
    turned into a floating-point number (``1.10105E+17``, or the last three digits replaced by zeros).
    """
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if _SPOILED.fullmatch(number):
        raise _spoiled()
    if _EIGHTEEN.fullmatch(number):
        return _read_eighteen(number)
    for form, kind in _OTHER_FORMS:
        if form.fullmatch(number):
            return IdentityNumber(number, kind)
    if re.fullmatch(r"[0-9]{15}", number):
        raise IdentityNumberError(("是已停用的15位旧号", "is a 15-digit number, which is no longer valid"))
    raise IdentityNumberError(
        (
            f"共{len(number)}位，既不是18位身份证号，也不是可用的港澳台或外国人证件号",
            f"has {len(number)} characters and is neither a resident number nor an accepted permit or card number",
        )
    )


def _read_eighteen(number: str) -> IdentityNumber:
    expected = check_character(number[:17])
    if number[17] != expected:
        if number.endswith("000"):
            raise _spoiled()
        # The character that would fit is not told: it would turn a typing slip into a valid number of somebody else.
        raise IdentityNumberError(("校验码不符", "fails its check character"))
    born = _birth_date(number[6:14])
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdentityNumber(number, _kind_of(number), born, sex)


def _birth_date(digits: str) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born = date.min
    if not 1900 <= born.year <= 2100:
        raise IdentityNumberError(("第7至14位不是日期", "has no date in its digits 7 to 14"))
    return born


def _kind_of(number: str) -> DocumentKind:
    if number[:2] in {"81", "82", "83"}:
        return DocumentKind.HK_MO_TW_RESIDENT
    return DocumentKind.FOREIGN_PERMANENT if number[0] == "9" else DocumentKind.RESIDENT


def _spoiled() -> IdentityNumberError:
    return IdentityNumberError(
        ("已被表格软件变成数值，末位数字丢失", "was turned into a number by the spreadsheet and has lost digits"),
        ("请将该列设为文本格式后重新填写", "format the column as text and enter it again"),
    )


def mask_identity_number(number: str) -> str:
    """The number as lists show it: first six and last four characters, e.g. ``110105********002X``."""
    if len(number) <= 10:
        return number[:1] + "*" * max(len(number) - 2, 1) + number[-1:] if number else ""
    return number[:6] + "*" * (len(number) - 10) + number[-4:]
