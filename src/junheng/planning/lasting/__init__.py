"""Rotation that lasts: who comes back when a term ends, who fills the place that is left, who serves small schools.

Here lives what follows from moves over time and between schools: returns, replacement chains, weekly time split between
schools. Who moves at all is decided in ``solving``; what happens in later years is in ``outlook``.
"""

from junheng.planning.lasting.chains import Chain, Link, chains_of
from junheng.planning.lasting.itinerant import ItinerantPlan, ItinerantRules, Visit, plan_itinerant
from junheng.planning.lasting.returns import Return, after_returns

__all__ = [
    "Chain",
    "ItinerantPlan",
    "ItinerantRules",
    "Link",
    "Return",
    "Visit",
    "after_returns",
    "chains_of",
    "plan_itinerant",
]
