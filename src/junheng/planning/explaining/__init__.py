"""Why each teacher goes where he goes, or stays, and which rules must give: in the clerk's words, with the figures."""

from junheng.planning.explaining.conflicting import Said, Speaker, setting_words
from junheng.planning.explaining.giving import FAMILIES, Giving, giving, totals
from junheng.planning.explaining.reasons import Reason, WishAnswer, reasons_of
from junheng.planning.explaining.words import Names, names_of

__all__ = [
    "FAMILIES",
    "Giving",
    "Names",
    "Reason",
    "Said",
    "Speaker",
    "WishAnswer",
    "giving",
    "names_of",
    "reasons_of",
    "setting_words",
    "totals",
]
