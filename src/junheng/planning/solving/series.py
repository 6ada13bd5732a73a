"""One year's rules under several objectives, one after the other: each starts from where the last one ended.

Between two objectives only costs change, so the generated columns and the basis of the linear programme stay, and most
of the way is behind already. A series always gives the same answers when it is asked the same questions in the same
order.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from junheng.planning.problem import Objective, Problem
from junheng.planning.result import Result
from junheng.planning.solving.admissible import Arcs, admissible_arcs, revalued
from junheng.planning.solving.columns import Master
from junheng.planning.solving.county import CountySolver
from junheng.planning.solving.market import Market, market_of
from junheng.planning.solving.model import Model
from junheng.planning.solving.request import Request
from junheng.planning.solving.solve import Answering


class Series:
    """Solves a problem under one objective after another.

    Raises ``ValueError`` for a problem whose ids do not fit together or with a school unit without pupils.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.market = market_of(problem)
        self.arcs = admissible_arcs(self.market)
        self.masters: dict[tuple[str, ...], Master] = {}

    def solve(self, objective: Objective, gap: float) -> Result:
        """The best plan under an objective, as :func:`~junheng.planning.solving.solve.solve` gives it."""
        market = replace(self.market, policy=replace(self.market.policy, objective=objective))
        request = Request(gap=gap)
        answering = Answering(
            market, request, 0, lambda phase, share: None, arcs=revalued(market, self.arcs), solver=self._solver
        )
        return answering.answer()

    def _solver(self, market: Market, arcs: Arcs, request: Request) -> CountySolver:
        return _Continued(market, arcs, request, self)


class _Continued(CountySolver):
    """A county's solver that takes over the programmes of the series and leaves them there."""

    def __init__(self, market: Market, arcs: Arcs, request: Request, series: Series) -> None:
        self.series = series
        super().__init__(market, arcs, request)

    def programme_of(self, model: Model) -> Master:
        """The programme with the same rows under the objective before, if there was one."""
        masters = self.series.masters
        before = masters.get(model.rows.names)
        if before is None:
            before = masters[model.rows.names] = super().programme_of(model)
        else:
            before.fix(before.pool, 0.0, inf)
            before.pursue(model.prover, model.cost, model.balance)
        return before
