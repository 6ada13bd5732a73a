"""Mechanisms for the voluntary part: teachers who wish to move exchange posts by a published rule.

Here live the mechanisms on an abstract market (``market``, ``accepting``, ``trading``, ``exchanging``, ``properties``),
the way from a rotation problem to such markets and back (``catalogue``, ``ordering``, ``permits``, ``applying``,
``voluntary``), one plan of both parts (``joining``, ``explaining``) and the comparison with the optimiser
(``judging``, ``comparing``). The optimiser lives in ``solving``, the rules of a plan in ``checking``. No mechanism
decides who may move: verdicts and rules are those of the problem.
"""

from junheng.planning.mechanisms.catalogue import MECHANISMS, OFFERED, Mechanism
from junheng.planning.mechanisms.comparing import TradeOff, TradeOffs, trade_offs
from junheng.planning.mechanisms.explaining import part_of, voluntary_reasons
from junheng.planning.mechanisms.joining import Hold, Joined, Voluntary, join
from junheng.planning.mechanisms.ordering import KEYS, POINTS_KEYS, Order
from junheng.planning.mechanisms.voluntary import VoluntaryRound, voluntary_round

__all__ = [
    "KEYS",
    "MECHANISMS",
    "OFFERED",
    "POINTS_KEYS",
    "Hold",
    "Joined",
    "Mechanism",
    "Order",
    "TradeOff",
    "TradeOffs",
    "Voluntary",
    "VoluntaryRound",
    "join",
    "part_of",
    "trade_offs",
    "voluntary_reasons",
    "voluntary_round",
]
