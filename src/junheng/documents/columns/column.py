"""What a column and a sheet of the county workbook are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from junheng.facts.codes import Code


class Kind(Enum):
    """How the cells of a column are read."""

    TEXT = auto()
    """Free text, kept as it stands apart from spaces around it."""
    NAME = auto()
    """A person's name; the several interpuncts in use become U+00B7."""
    KEY = auto()
    """An identifier kept as text; a whole number loses its ``.0``."""
    CLUSTER = auto()
    """A reference to a cluster by code or by name."""
    SCHOOL = auto()
    """A reference to a school of the county by code, by name or by short name."""
    PAST_SCHOOL = auto()
    """As SCHOOL, or the code of a school that was merged or closed."""
    TEACHER = auto()
    """A reference to a teacher by the county's own number."""
    CHECK = auto()
    """The name of what the row refers to. Nothing is stored; another name than the referred one is a fault."""
    CODE = auto()
    """One value of a code list."""
    CODES = auto()
    """Several values of a code list in one cell, separated by 、 or a comma."""
    INTEGER = auto()
    NUMBER = auto()
    YES_NO = auto()
    DATE = auto()
    """A date; a month alone means its first day."""
    END_DATE = auto()
    """The last day of a spell; a month alone means its last day, 至今 means that the spell is running."""
    BIRTH = auto()
    """A date of birth; a month alone is completed from the ID number."""
    ID_NUMBER = auto()
    """A number of an identity document, see :mod:`junheng.facts.identity`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, declared once: the template, the parser, the writer and the messages all come from it.

    ``field`` is the attribute of the fact that it fills, ``blank`` the value of an empty cell, and ``also`` holds other
    headers under which the column is met. ``example`` is text as a clerk would type it.
    """

    field: str
    zh: str
    en: str
    kind: Kind
    help_zh: str
    help_en: str
    example: str = ""
    codes: type[Code] | None = None
    required: bool = False
    blank: object = None
    minimum: float | None = None
    maximum: float | None = None
    also: tuple[str, ...] = ()

    def header(self, lang: str = "zh") -> str:
        """The header in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def help(self, lang: str = "zh") -> str:
        """What to fill in, in ``zh`` or ``en``."""
        return self.help_zh if lang == "zh" else self.help_en


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook. ``key`` is its name in programs, ``zh`` and ``en`` its names in files."""

    key: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    columns: tuple[Column, ...]
    required: bool = False
    also: tuple[str, ...] = ()

    def title(self, lang: str = "zh") -> str:
        """The sheet's name in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def help(self, lang: str = "zh") -> str:
        """What the sheet holds, in ``zh`` or ``en``."""
        return self.help_zh if lang == "zh" else self.help_en

    def column(self, field: str) -> Column:
        """The column that fills ``field``; ``KeyError`` when none does."""
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)
