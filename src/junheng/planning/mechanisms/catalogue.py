"""The mechanisms by code: their names, how they are run, and what is proved of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from junheng.planning.mechanisms.accepting import deferred_acceptance
from junheng.planning.mechanisms.exchanging import block_exchange, teacher_optimal_block_exchange
from junheng.planning.mechanisms.market import Outcome, SeatMarket
from junheng.planning.mechanisms.trading import top_trading_cycles


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One rule by which posts are exchanged.

    ``truthful``: telling the truth is a best reply for every teacher, by theorem (``source``). ``in_turns``: leave that
    was granted and not used passes on to colleagues, who exchange in a further turn; not where that would cause envy.
    """

    code: str
    zh: str
    en: str
    run: Callable[[SeatMarket], Outcome]
    truthful: bool
    source: str
    in_turns: bool = True


MECHANISMS = MappingProxyType(
    {
        each.code: each
        for each in (
            Mechanism(
                "tobe",
                "整组互换",
                "TO-BE block exchange",
                teacher_optimal_block_exchange,
                truthful=True,
                source="Combe, Tercieux, Terrier, Review of Economic Studies 2022",
            ),
            Mechanism(
                "ttc",
                "首选循环互换",
                "top trading cycles",
                top_trading_cycles,
                truthful=True,
                source="Roth 1982; Abdulkadiroğlu, Sönmez 2003",
            ),
            Mechanism(
                "da",
                "按序择优（原岗保底）",
                "deferred acceptance",
                deferred_acceptance,
                truthful=True,
                source="Dubins, Freedman 1981; Roth 1982",
                in_turns=False,
            ),
            Mechanism(
                "be",
                "任意成组互换（仅供比较）",
                "any-cycle block exchange",
                block_exchange,
                truthful=False,
                source="Combe, Tercieux, Terrier, Review of Economic Studies 2022",
            ),
        )
    }
)
"""By code, in the order in which they are shown; ``be`` is there for comparison and is not offered for a plan."""
OFFERED = ("tobe", "da", "ttc")
