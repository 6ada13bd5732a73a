"""The exact solver of a year's rotation problem."""

from junheng.planning.solving.admissible import REASONS, why_not
from junheng.planning.solving.elastic import Prices
from junheng.planning.solving.solve import solve

__all__ = ["REASONS", "Prices", "solve", "why_not"]
