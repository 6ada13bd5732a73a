"""Years ahead: who must move when, who retires, what schools will lack, and batches that level the wave.

Works on counties that :mod:`junheng.facts.ageing` has rolled forward and that the policy engine judges year by year.
What is assumed is listed by :meth:`Outlook.assumptions` and printed with every result. No clock, no files, no screens.
"""

from junheng.planning.outlook.ahead import Outlook, look_ahead
from junheng.planning.outlook.batches import Batches, Placing, make_batches
from junheng.planning.outlook.forecast import PlannedYear, forecast
from junheng.planning.outlook.levelling import Levelled, Mover, Spread, level
from junheng.planning.outlook.pupils import NATIONAL_RATES, PupilTrend, with_pupils
from junheng.planning.outlook.request import LONGEST, Request
from junheng.planning.outlook.side_by_side import Figure, side_by_side

__all__ = [
    "LONGEST",
    "NATIONAL_RATES",
    "Batches",
    "Figure",
    "Levelled",
    "Mover",
    "Outlook",
    "Placing",
    "PlannedYear",
    "PupilTrend",
    "Request",
    "Spread",
    "forecast",
    "level",
    "look_ahead",
    "make_batches",
    "side_by_side",
    "with_pupils",
]
