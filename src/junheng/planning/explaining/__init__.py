"""Why each teacher goes where he goes, or stays, and which rules must give: in the clerk's words, with the figures."""

from junheng.planning.explaining.conflicting import Said, Speaker
from junheng.planning.explaining.counterfactual import Counterfactual, Question, ask
from junheng.planning.explaining.giving import FAMILIES, Giving, giving, totals
from junheng.planning.explaining.prices import Need, Price, needs_of, prices_of
from junheng.planning.explaining.reasons import Reason, WishAnswer, reasons_of
from junheng.planning.explaining.schools import SchoolAccount, Side, school_accounts
from junheng.planning.explaining.words import CODES, Names, names_of, quota_words

__all__ = [
    "CODES",
    "FAMILIES",
    "Counterfactual",
    "Giving",
    "Names",
    "Need",
    "Price",
    "Question",
    "Reason",
    "Said",
    "SchoolAccount",
    "Side",
    "Speaker",
    "WishAnswer",
    "ask",
    "giving",
    "names_of",
    "needs_of",
    "prices_of",
    "quota_words",
    "reasons_of",
    "school_accounts",
    "totals",
]
