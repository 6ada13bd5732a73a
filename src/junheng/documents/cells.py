"""From a cell to a value: one reader for each kind of column, and what to say when a cell cannot be read.

A reader gets a cell that is not blank and gives a value, or a :class:`Bad` that says what is wrong. References to
schools, clusters and teachers stay text here; they are resolved when all sheets are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import NamedTuple

from junheng.documents.columns import Column, Kind
from junheng.documents.dates import AmbiguousMonthError, Month, read_date
from junheng.documents.faults import Phrase
from junheng.facts.codes import Code
from junheng.facts.identity import IdentityNumberError, mask_identity_number, read_identity_number

Cell = str | float | int | bool | date | datetime | time | timedelta | None


class Bad(NamedTuple):
    """Why a cell cannot be read."""

    code: str
    problem: Phrase
    expected: Phrase


_EXACT_LIMIT = 1e15
_LISTED = 10
_INTERPUNCTS = str.maketrans(dict.fromkeys("•・．‧∙⋅･", "·"))
_BLANKS = " \t\r\n\u3000\xa0\u200b\ufeff"
_SCIENTIFIC = re.compile(r"\d(\.\d*)?[Ee]\+\d+")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_YES = {"是", "yes", "y", "true", "1", "√", "✓", "有"}
_NO = {"否", "no", "n", "false", "0", "×", "✗", "无", "不是"}
_STILL = {"至今", "今", "现在", "present", "now"}
_FORMULA_ERROR = re.compile(r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|未计算)")


def shown(cell: object) -> str:
    """A cell as a message shows it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < _EXACT_LIMIT else f"{cell:.15G}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def is_blank(cell: object) -> bool:
    """Whether a cell is empty or holds only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS))


def read_cell(column: Column, cell: Cell) -> object:
    """The value of a cell that is not blank, or a :class:`Bad`."""
    if isinstance(cell, str) and _FORMULA_ERROR.fullmatch(cell):
        problem = Phrase(f"公式结果是 {cell}", f"the formula gives {cell}")
        return Bad("formula_error", problem, Phrase("请改为填写数值或文字", "write the value itself"))
    return _READERS[column.kind](column, cell)


def shown_in(column: Column, cell: object) -> str:
    """A cell as a message about this column shows it; ID numbers masked unless the spreadsheet spoiled them."""
    text = shown(cell)
    if column.kind is Kind.ID_NUMBER and not isinstance(cell, float):
        return mask_identity_number(text)
    return text if len(text) <= 60 else text[:57] + "…"


def cannot_read(column: Column, cell: object, expected: Phrase, code: str) -> Bad:
    """The usual complaint."""
    value = shown_in(column, cell)
    return Bad(code, Phrase(f'无法识别 "{value}"', f'cannot read "{value}"'), expected)


def _text(_column: Column, cell: Cell) -> object:
    return shown(cell).strip(_BLANKS)


def _name(column: Column, cell: Cell) -> object:
    return str(_text(column, cell)).translate(_INTERPUNCTS)


def _key(column: Column, cell: Cell) -> object:
    number = isinstance(cell, float | int) and not isinstance(cell, bool)
    text = str(_text(column, cell))
    if (number and abs(float(str(cell))) >= _EXACT_LIMIT) or _SCIENTIFIC.fullmatch(text):
        expected = Phrase("请将该列设为文本格式后重新填写", "format the column as text and enter it again")
        problem = Phrase(
            f'"{text}" 已被表格软件变成数值，末位数字丢失', f'"{text}" was turned into a number and has lost digits'
        )
        return Bad("spoiled_number", problem, expected)
    return text


def _code(column: Column, cell: Cell) -> object:
    codes = _codes_of(column)
    text = unicodedata.normalize("NFKC", str(_text(column, cell)))
    try:
        return codes.read(text)
    except ValueError:
        pass
    try:
        # A list column is often padded by hand: “男 ”, “校 长”.
        return codes.read("".join(text.split()))
    except ValueError:
        return cannot_read(column, cell, one_of(codes), "code")


def _codes(column: Column, cell: Cell) -> object:
    codes = _codes_of(column)
    text = unicodedata.normalize("NFKC", str(_text(column, cell)))
    try:
        return tuple(dict.fromkeys(code for part in re.split(r"[、,;/]", text) for code in _several(codes, part)))
    except ValueError:
        return cannot_read(column, cell, one_of(codes), "code")


def _several(codes: type[Code], part: str) -> list[Code]:
    """The one value that a part names, or the several that it names with spaces between; English labels have spaces."""
    try:
        return [codes.read(part)] if part.strip() else []
    except ValueError:
        return [codes.read(word) for word in part.split()] if " " in part.strip() else [codes.read(part)]


def _codes_of(column: Column) -> type[Code]:
    if column.codes is None:
        raise TypeError(f"column {column.field} has no code list")
    return column.codes


def one_of(codes: type[Code]) -> Phrase:
    """What to write in a column with a code list; of a long list the beginning."""
    members = list(codes)
    more = len(members) > _LISTED
    return Phrase(
        "请填写以下之一：" + "、".join(code.zh for code in members[:_LISTED]) + ("等，见模板下拉列表" if more else ""),
        "write one of: " + ", ".join(code.en for code in members[:_LISTED]) + (" … (see the dropdown)" if more else ""),
    )


def _number(column: Column, cell: Cell) -> object:
    value = _as_number(cell)
    if value is None or not isfinite(value):
        return cannot_read(column, cell, _range(column), "number")
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        found = shown_in(column, cell)
        problem = Phrase(f'"{found}" 超出范围', f'"{found}" is out of range')
        return Bad("range", problem, _range(column))
    return value


def _as_number(cell: Cell) -> float | None:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).strip(_BLANKS)
    text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    return float(text) if re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([Ee][-+]?\d{1,2})?", text) else None


def _integer(column: Column, cell: Cell) -> object:
    value = _number(column, cell)
    if isinstance(value, float):
        if value == int(value):
            return int(value)
        return cannot_read(column, cell, _range(column), "integer")
    return value


def _range(column: Column) -> Phrase:
    what = Phrase("整数", "a whole number") if column.kind is Kind.INTEGER else Phrase("数字", "a number")
    low = "" if column.minimum is None else f"{column.minimum:g}"
    high = "" if column.maximum is None else f"{column.maximum:g}"
    if low and high:
        return Phrase(f"请填写{low}至{high}的{what.zh}", f"write {what.en} from {low} to {high}")
    if low:
        return Phrase(f"请填写不小于{low}的{what.zh}", f"write {what.en} not below {low}")
    return Phrase(f"请填写{what.zh}", f"write {what.en}")


def _yes_no(column: Column, cell: Cell) -> object:
    if isinstance(cell, bool):
        return cell
    text = unicodedata.normalize("NFKC", shown(cell)).strip(_BLANKS)
    if text.casefold() in _YES or text == column.zh:
        return True
    if text.casefold() in _NO or text in {f"不{column.zh}", f"非{column.zh}"}:
        return False
    return cannot_read(column, cell, Phrase("请填写“是”或“否”", "write yes or no"), "yes_no")


def _date(column: Column, cell: Cell) -> object:
    found = _date_or_month(column, cell)
    return found.first_day if isinstance(found, Month) else found


def _end_date(column: Column, cell: Cell) -> object:
    if isinstance(cell, str) and cell.strip(_BLANKS).casefold() in _STILL:
        return None
    found = _date_or_month(column, cell)
    return found.last_day if isinstance(found, Month) else found


def _date_or_month(column: Column, cell: Cell) -> date | Month | Bad:
    if isinstance(cell, time | timedelta):
        return cannot_read(column, cell, _DATE_EXPECTED, "date")
    try:
        return read_date(cell)
    except AmbiguousMonthError:
        value = shown(cell)
        year = value.partition(".")[0]
        problem = Phrase(
            f'"{value}" 可能是{year}年1月，也可能是被表格软件去掉0的{year}年10月',
            f'"{value}" may be January, or October whose zero the spreadsheet dropped',
        )
        return Bad(
            "ambiguous_month", problem, Phrase(f"请填写 {year}-01 或 {year}-10", f"write {year}-01 or {year}-10")
        )
    except ValueError:
        return cannot_read(column, cell, _DATE_EXPECTED, "date")


_DATE_EXPECTED = Phrase("请填写如 2009-09", "write for example 2009-09")


def _id_number(column: Column, cell: Cell) -> object:
    text = str(_text(column, cell))
    if isinstance(cell, float):
        text = f"{cell:.5E}"
    try:
        identity = read_identity_number(text)
    except IdentityNumberError as error:
        value = shown_in(column, cell)
        zh, en = error.problem
        return Bad("id_number", Phrase(f'"{value}" {zh}', f'"{value}" {en}'), Phrase(*error.advice))
    return identity


_READERS: dict[Kind, Callable[[Column, Cell], object]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.CHECK: _name,
    Kind.KEY: _key,
    Kind.CLUSTER: _key,
    Kind.SCHOOL: _key,
    Kind.PAST_SCHOOL: _key,
    Kind.TEACHER: _key,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.END_DATE: _end_date,
    Kind.BIRTH: _date_or_month,
    Kind.ID_NUMBER: _id_number,
}
