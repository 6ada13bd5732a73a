"""The independent checker: judges any plan, made by a solver or edited by hand, and recomputes its figures.

It shares data types with :mod:`junheng.planning.problem` and no code with the solver: distances, admissibility,
rounding and coefficients are worked out here again, with the standard library only, so that a mistake in the solver
cannot hide in the check.
"""

from junheng.planning.checking.judge import check
from junheng.planning.checking.report import Figures, QuotaLine, Report, SchoolLine, StageLine, Violation

__all__ = ["Figures", "QuotaLine", "Report", "SchoolLine", "StageLine", "Violation", "check"]
