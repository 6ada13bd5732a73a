"""Who could go where: a problem in, a plan with a proven bound out.

:func:`solve` plans a year's :class:`Problem`; :func:`diagnose` says which rules conflict when it has no plan;
:func:`why_not` gives the reasons against a single move; :mod:`interchange <junheng.planning.interchange>` reads and
writes the files that any other solver or checker can use.
"""

from junheng.planning.problem import Assignment, Problem
from junheng.planning.relaxing import Alone, Diagnosis, diagnose
from junheng.planning.result import Relaxation, Result
from junheng.planning.solving import REASONS, Prices, solve, why_not

__all__ = [
    "REASONS",
    "Alone",
    "Assignment",
    "Diagnosis",
    "Prices",
    "Problem",
    "Relaxation",
    "Result",
    "diagnose",
    "solve",
    "why_not",
]
