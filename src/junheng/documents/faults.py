"""What is wrong with a workbook, said so that the person holding it can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from junheng.facts.county import County


class Phrase(NamedTuple):
    """A phrase in both languages, without final punctuation."""

    zh: str
    en: str

    def said(self, lang: str = "zh") -> str:
        """The phrase in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, or one warning: where it is, what was found, what is expected.

    ``row`` is the row as the spreadsheet shows it (1-based; ``None`` when the whole sheet is meant), ``column`` the
    header as it stands in the file. ``value`` is shown as found, an ID number masked. ``code`` is stable, for programs.
    """

    code: str
    sheet: str
    row: int | None
    column: str
    value: str
    problem: Phrase
    expected: Phrase
    file: str = ""

    def place(self, lang: str = "zh") -> str:
        """Sheet, row and column, e.g. ``教师名册 第14行「参加工作时间」``."""
        if lang == "zh":
            row = f" 第{self.row}行" if self.row else ""
            column = f"「{self.column}」" if self.column else ""
        else:
            row = f" row {self.row}" if self.row else ""
            column = f" “{self.column}”" if self.column else ""
        file = f"{self.file} " if self.file else ""
        return f"{file}{self.sheet}{row}{column}"

    def says(self, lang: str = "zh") -> str:
        """What was found and what is expected, without the place."""
        comma, stop = ("，", "。") if lang == "zh" else ("; ", ".")
        return f"{self.problem.said(lang)}{comma}{self.expected.said(lang)}{stop}"

    def message(self, lang: str = "zh") -> str:
        """The whole sentence in ``zh`` or ``en``."""
        return f"{self.place(lang)}{'：' if lang == 'zh' else ': '}{self.says(lang)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a county workbook.

    ``county`` is ``None`` exactly when there are ``faults``. ``warnings`` do not stop anything. ``counts`` gives the
    rows read of each sheet by its key; rows, columns and sheets that were left out on purpose are among the warnings.
    """

    county: County | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
